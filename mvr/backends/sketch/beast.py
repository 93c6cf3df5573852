"""Beast: four-legged animals seen from the side, by a few numbers each, in eight phases of a walk."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .colour import mix, tone
from .paper import Paper, smooth


@dataclass(frozen=True)
class Beast:
    """Shares of the height at the shoulder. tail: up (1) or down (-1). ears: pointed, floppy, round, horns."""

    long: float  # body
    deep: float  # chest
    neck: float  # length
    lift: float  # of the neck, degrees from level
    snout: float
    head: float
    tail: float
    bushy: float
    ears: str
    colour: str


KINDS = {
    "wolf": Beast(1.25, 0.42, 0.34, 28, 0.3, 0.25, -0.5, 0.17, "pointed", "#5d6470"),
    "dog": Beast(1.15, 0.4, 0.34, 42, 0.25, 0.25, 0.7, 0.08, "floppy", "#9a6b3e"),
    "fox": Beast(1.3, 0.36, 0.3, 30, 0.32, 0.26, -0.35, 0.2, "pointed", "#d2692e"),
    "cat": Beast(1.25, 0.36, 0.24, 40, 0.12, 0.28, 0.9, 0.07, "pointed", "#3b3a44"),
    "deer": Beast(1.05, 0.36, 0.58, 60, 0.26, 0.2, 0.2, 0.06, "horns", "#9b6a45"),
    "horse": Beast(1.2, 0.42, 0.6, 48, 0.36, 0.24, -0.92, 0.09, "pointed", "#6b4a35"),
    "bear": Beast(1.2, 0.62, 0.24, 12, 0.22, 0.34, 0.0, 0.05, "round", "#5a4435"),
}


def beast(
    paper: Paper, kind: str, x: float, feet: float, tall: float, way: float, phase: float, shade: str, share: float
) -> None:
    """Draws an animal with its feet at (x, feet), `tall` units high at the shoulder, going left (way -1) or right.

    phase: of its step, 0 to 1. shade: the light it stands in, which takes `share` of its colour.
    """
    what = KINDS[kind]
    body, far = mix(what.colour, shade, share), mix(tone(what.colour, -0.1), shade, min(1.0, share + 0.12))
    paper.begin(f'transform="translate({x:.2f} {feet:.2f}) scale({way * tall:.4f} {tall:.4f})"', tall)
    half = what.long / 2
    for index, (lx, turn) in enumerate(
        ((-half + 0.1, 0.5), (half - 0.12, 0.0), (-half + 0.16, 0.0), (half - 0.2, 0.5))
    ):
        swing = math.sin(2 * math.pi * (phase + turn)) * 0.16
        lift = max(0.0, math.cos(2 * math.pi * (phase + turn))) * 0.06
        hip, thick = -1 + what.deep * 0.8, 0.075 if what.deep < 0.6 else 0.13
        knee = (lx + swing * 0.5 + (0.05 if index % 2 == 0 else -0.02), hip * 0.5)
        foot = (lx + swing, -lift)
        points = [
            (lx - thick * 1.5, hip - 0.1), (lx + thick * 1.5, hip - 0.1), (knee[0] + thick * 0.8, knee[1]),
            (foot[0] + thick * 0.55, foot[1] - 0.04), (foot[0] + thick * 1.2, foot[1]),
            (foot[0] - thick * 0.6, foot[1]),
            (knee[0] - thick * 0.8, knee[1]),
        ]  # fmt: skip
        paper.path(_fine(points), far if index < 2 else body)
    rump = (-half, -0.96)
    rise = math.radians(75 * what.tail + 4 * math.sin(2 * math.pi * phase))
    reach = 0.68 if kind == "horse" else 0.52
    end = (rump[0] - math.cos(rise) * reach, rump[1] - math.sin(rise) * reach)
    side = what.bushy
    paper.path(
        _fine([rump, ((rump[0] + end[0]) / 2 - 0.06, (rump[1] + end[1]) / 2 - side), end,
               ((rump[0] + end[0]) / 2 + 0.04, (rump[1] + end[1]) / 2 + side), (rump[0] + 0.06, rump[1] + 0.16)]),
        body,
    )  # fmt: skip
    up = math.radians(what.lift + 3 * math.sin(4 * math.pi * phase))
    base = (half - 0.08, -0.9)
    skull = (base[0] + math.cos(up) * what.neck, base[1] - math.sin(up) * what.neck)
    big = what.head * 0.52
    trunk = [
        (-half - 0.02, -0.92), (-half * 0.3, -0.97), (half * 0.5, -1.0), (skull[0] - big * 0.7, skull[1] - big * 0.5),
        (skull[0] + big * 0.3, skull[1] + big * 0.8), (half + 0.08, -0.72), (half - 0.1, -1 + what.deep * 1.25),
        (0, -1 + what.deep), (-half + 0.12, -1 + what.deep * 0.85), (-half - 0.08, -0.7),
    ]  # fmt: skip
    paper.path(_fine(trunk), body)
    nose = (skull[0] + big * 0.6 + what.snout * 0.72, skull[1] + big * 0.35 + what.snout * 0.2)
    face = [
        (skull[0] - big * 0.9, skull[1]), (skull[0] - big * 0.3, skull[1] - big),
        (skull[0] + big * 0.6, skull[1] - big * 0.6),
        (nose[0], nose[1] - big * 0.42), (nose[0] + 0.02, nose[1] + big * 0.1), (nose[0] - 0.06, nose[1] + big * 0.4),
        (skull[0] + big * 0.1, skull[1] + big),
    ]  # fmt: skip
    paper.path(_fine(face), body)
    _ears(paper, what, skull, big, body, far)
    if kind == "horse":
        mane = [
            (skull[0] - big * 0.2, skull[1] - big * 1.3), (skull[0] - big * 0.9, skull[1] - big * 0.3),
            (base[0] - 0.16, base[1] - 0.1), (base[0] - 0.06, base[1] + 0.06),
            (skull[0] - big * 0.5, skull[1] + big * 0.6),
        ]  # fmt: skip
        paper.path(_fine(mane), mix(far, "#17131a", 0.5))
    eye = mix("#ffe08a", body, 0.15)
    paper.ellipse(skull[0] + big * 0.34, skull[1] - big * 0.2, 0.022, 0.022, eye)
    paper.ellipse(nose[0] - 0.005, nose[1] - big * 0.18, 0.026, 0.024, "#17131a")
    paper.end()


def _ears(paper: Paper, what: Beast, skull: tuple[float, float], big: float, body: str, far: str) -> None:
    x, y = skull
    if what.ears == "pointed":
        for shift, tint in ((0.3, far), (-0.1, body)):
            left = x - big * 0.6 + shift * big
            paper.path(
                f"M{left:.3f} {y - big * 0.6:.3f}l{big * 0.25:.3f} {-big * 1.05:.3f}l{big * 0.5:.3f} {big:.3f}Z", tint
            )
    elif what.ears == "floppy":
        paper.path(_fine([(x - big * 0.4, y - big * 0.9), (x - big, y - big * 0.2), (x - big * 0.8, y + big * 0.8),
                          (x - big * 0.2, y)]), far)  # fmt: skip
    elif what.ears == "round":
        for shift in (-0.5, 0.3):
            paper.ellipse(x + shift * big, y - big * 0.9, big * 0.38, big * 0.38, body)
    else:
        for shift in (-0.15, 0.12):
            at = x + shift * big
            paper.stroke(
                f"M{at:.3f} {y - big * 0.8:.3f}q-0.14 -0.16 -0.02 -0.42m-0.07 0.2q-0.1 -0.02 -0.14 -0.18m0.16 0.06"
                "q0.1 -0.02 0.12 -0.16", mix(far, "#efe0c8", 0.5), 0.03,
            )  # fmt: skip
        paper.ellipse(x - big, y - big * 0.4, big * 0.5, big * 0.2, body)


def _fine(points: list[tuple[float, float]]) -> str:
    """A smooth curve in thousandths of the animal's height."""
    return _shrunk(smooth([(x * 1000, y * 1000) for x, y in points], tension=0.9))


def _shrunk(data: str) -> str:
    import re

    return re.sub(r"-?[0-9.]+", lambda found: f"{float(found[0]) / 1000:.5f}".rstrip("0").rstrip("."), data)
