"""Head: face, hair and what is worn on it, from the front. From elsewhere: turned.py."""

from __future__ import annotations

from ..colour import mix, tone
from ..paper import Paper, Point, smooth
from .body import Tint
from .looks import Looks
from .pose import HEAD

WIDTH = 0.98
"""Half the head's height is 1; x is a little narrower than y."""


class Skull:
    """Turns a head's own points (1 = half its height, x to the right, y down from its middle) into the body's."""

    def __init__(self, centre: Point, size: float = HEAD) -> None:
        self.x, self.y, self.size = centre[0], centre[1], size

    def at(self, x: float, y: float) -> Point:
        return self.x + x * self.size * WIDTH, self.y + y * self.size

    def curve(self, points: str | list[Point], *, closed: bool = True, tension: float = 1.0) -> str:
        """A smooth curve through points, written as pairs or as text: "x y, x y"."""
        pairs = points
        if isinstance(pairs, str):
            pairs = [(float(x), float(y)) for x, y in (pair.split() for pair in pairs.split(","))]
        return smooth([self.at(x, y) for x, y in pairs], closed=closed, tension=tension)


def behind(paper: Paper, skull: Skull, looks: Looks, tint: Tint, facing: str, sway: float) -> None:
    """Hair that lies behind the neck and the shoulders."""
    paint = tint.dim(looks.hair)
    s = sway * 0.12
    if facing == "side":
        if looks.style == "long":
            paper.path(
                skull.curve(
                    f"-0.1 -0.9, -0.72 -0.5, -0.86 0.3, {-0.95 + s} 1.2, {-0.8 + 2 * s} 2.1, {-0.35 + s} 1.9, "
                    "-0.2 1, 0.1 0.1"
                ),
                paint,
            )
        elif looks.style == "ponytail":
            paper.path(
                skull.curve(f"-0.6 -0.55, -1 -0.5, {-1.25 + s} 0.2, {-1.12 + 2 * s} 1.25, {-0.95 + s} 0.6, -0.85 0"),
                paint,
            )
        return
    if looks.style == "long":
        paper.path(
            skull.curve(
                f"0 -1.05, 0.72 -0.75, 0.9 0.1, {0.98 + s} 1.1, {0.86 + 2 * s} 1.9, {0.4 + s} 1.75, 0 1.7, "
                f"{-0.4 + s} 1.75, {-0.86 + 2 * s} 1.9, {-0.98 + s} 1.1, -0.9 0.1, -0.72 -0.75"
            ),
            paint,
        )
    elif looks.style == "bob":
        paper.path(
            skull.curve(
                f"0 -1.05, 0.74 -0.7, 0.92 0.1, {0.9 + s} 0.78, 0.6 0.95, 0 0.8, -0.6 0.95, {-0.9 + s} 0.78, "
                "-0.92 0.1, -0.74 -0.7"
            ),
            paint,
        )
    elif looks.style == "curly":
        curls(paper, skull, paint, (0, -0.3), 1.24)
    elif looks.style == "bun":
        x, y = skull.at(0.05, -1.22)
        paper.ellipse(x, y, skull.size * 0.4, skull.size * 0.36, paint)


def curls(paper: Paper, skull: Skull, paint: str, centre: Point, size: float) -> None:
    import math

    for step in range(12):
        angle = 2 * math.pi * step / 12 + 0.2
        x, y = skull.at(centre[0] + math.cos(angle) * 0.72 * size, centre[1] + math.sin(angle) * 0.72 * size)
        if math.sin(angle) < 0.75:
            paper.ellipse(x, y, skull.size * 0.36 * size, skull.size * 0.34 * size, paint)
    x, y = skull.at(*centre)
    paper.ellipse(x, y, skull.size * 0.85 * size, skull.size * 0.8 * size, paint)


def front(paper: Paper, skull: Skull, looks: Looks, tint: Tint, detail: bool, mouth: int, calm: bool) -> None:
    """The face, seen from the front. mouth: how far it is open, 1 to 2, or 0; calm: eyes shut."""
    skin = tint.fill(paper, looks.skin, skull.x, skull.size * 0.8)
    jaw, chin = (0.54, 0.28) if looks.woman or looks.age == "child" else (0.6, 0.36)
    face = skull.curve(
        f"-0.7 -0.3, -0.68 0.1, {-jaw} 0.5, {-chin} 0.85, 0 1, {chin} 0.85, {jaw} 0.5, 0.68 0.1, 0.7 -0.3, "
        "0.5 -0.86, 0 -1.02, -0.5 -0.86"
    )
    for sign in (-1, 1):
        x, y = skull.at(sign * 0.72, 0.06)
        paper.ellipse(x, y, skull.size * 0.12, skull.size * 0.2, tint.dim(looks.skin))
    paper.path(face, skin)
    shade = tint.dim(tone(looks.skin, -0.04))
    far = -tint.side
    plane = (
        f"{far * 0.74} -0.6, {far * 0.34} -0.5, {far * 0.3} -0.12, {far * 0.46} 0.12, {far * 0.3} 0.42, "
        f"{far * 0.24} 0.72, {far * 0.1} 1.02, {far * 0.5} 0.9, {far * 0.78} 0.3"
    )
    paper.begin(paper.clip(face).strip())
    paper.path(skull.curve(plane), shade, 0.55)
    paper.end()
    if detail:
        paper.begin('stroke="none"')
        _features(paper, skull, looks, tint, mouth, calm)
        paper.end()
    if looks.beard:
        _beard(paper, skull, looks, tint)
    _cap_of_hair(paper, skull, looks, tint)


def _features(paper: Paper, skull: Skull, looks: Looks, tint: Tint, mouth: int, calm: bool) -> None:
    dark = mix(tint.dim(looks.hair), "#120c10", 0.55)
    line = tint.dim(tone(looks.skin, -0.22))
    size = skull.size
    for sign in (-1, 1):
        x = sign * 0.31
        brow = skull.curve((f"{x - sign * 0.15} -0.17, {x + sign * 0.02} -0.235, {x + sign * 0.2} -0.17"), closed=False)
        paper.stroke(brow, dark, size * (0.055 if looks.woman else 0.075), 0.9)
        if calm:
            lid = skull.curve((f"{x - 0.16} 0.05, {x} 0.1, {x + 0.16} 0.05"), closed=False)
            paper.stroke(lid, dark, size * 0.05)
            continue
        eye = skull.curve(
            f"{x - 0.165} 0.04, {x - 0.06} -0.045, {x + 0.08} -0.045, {x + 0.165} 0.03, {x + 0.05} 0.09, "
            f"{x - 0.07} 0.09"
        )
        paper.path(eye, mix(tint.lit("#f4efe8"), tint.ambient, 0.16))
        paper.begin(paper.clip(eye).strip())
        ix, iy = skull.at(x, 0.015)
        paper.ellipse(ix, iy, size * 0.088, size * 0.095, dark)
        paper.end()
        gx, gy = skull.at(x + 0.03, -0.01)
        paper.ellipse(gx, gy, size * 0.02, size * 0.02, "#ffffff", 0.9)
        lash = skull.curve((f"{x - 0.175} 0.045, {x - 0.06} -0.055, {x + 0.08} -0.055, {x + 0.18} 0.025"), closed=False)
        paper.stroke(lash, dark, size * (0.05 if looks.woman else 0.036))
    nose = skull.curve(
        (f"{-tint.side * 0.03} 0.05, {-tint.side * 0.1} 0.3, {-tint.side * 0.12} 0.37, {tint.side * 0.03} 0.4"),
        closed=False,
    )
    paper.stroke(nose, line, size * 0.034, 0.75)
    lips = tint.lit(mix(looks.skin, "#a8323e", 0.62 if looks.woman else 0.35))
    if mouth:
        x, y = skull.at(0, 0.66)
        high = 0.17 if mouth > 1 else 0.09
        paper.ellipse(x, y, size * 0.16, size * high, lips)
        paper.ellipse(x, y + size * 0.01, size * 0.115, size * (high - 0.05), mix("#3a1018", tint.ambient, 0.3))
        if mouth > 1:
            paper.ellipse(x, y + size * 0.07, size * 0.07, size * 0.035, mix("#b8404c", tint.ambient, 0.3))
    else:
        paper.path(
            skull.curve("-0.2 0.635, -0.08 0.595, 0 0.612, 0.08 0.595, 0.2 0.635, 0.1 0.7, 0 0.715, -0.1 0.7"),
            lips,
        )
        paper.stroke(skull.curve("-0.19 0.637, 0 0.65, 0.19 0.637", closed=False), line, size * 0.022, 0.8)
    if looks.glasses:
        for sign in (-1, 1):
            x, y = skull.at(sign * 0.32, 0.03)
            paper.raw(
                f'<rect x="{x - size * 0.23:.1f}" y="{y - size * 0.15:.1f}" width="{size * 0.46:.1f}" '
                f'height="{size * 0.32:.1f}" rx="{size * 0.12:.1f}" fill="#dff1ff" fill-opacity="0.14" '
                f'stroke="{dark}" stroke-width="{size * 0.045:.1f}"/>'
            )
        paper.stroke(skull.curve("-0.09 0, 0 -0.03, 0.09 0", closed=False), dark, size * 0.045)


def _beard(paper: Paper, skull: Skull, looks: Looks, tint: Tint) -> None:
    paint = mix(tint.dim(looks.beard_colour), tint.lit(looks.beard_colour), 0.4)
    paper.path(
        skull.curve(
            "-0.7 0.05, -0.6 0.5, -0.36 0.9, 0 1.12, 0.36 0.9, 0.6 0.5, 0.7 0.05, 0.5 0.42, 0.24 0.52, "
            "0 0.5, -0.24 0.52, -0.5 0.42"
        ),
        paint,
    )


def _cap_of_hair(paper: Paper, skull: Skull, looks: Looks, tint: Tint) -> None:
    """Hair over the forehead, seen from the front; then a hat, if any."""
    paint = tint.fill(paper, looks.hair, skull.x, skull.size)
    shine = tint.lit(tone(looks.hair, 0.12))
    top: str | list[Point]
    if looks.style != "bald":
        if looks.style == "short":
            top = (
                "-0.76 -0.12, -0.82 -0.6, -0.5 -1.1, 0.05 -1.24, 0.58 -1.08, 0.83 -0.58, 0.76 -0.12, "
                "0.66 -0.42, 0.34 -0.62, -0.16 -0.52, -0.5 -0.62, -0.66 -0.4"
            )
        elif looks.style == "curly":
            top = (
                "-0.84 0, -0.98 -0.5, -0.62 -1.12, 0 -1.3, 0.62 -1.12, 0.98 -0.5, 0.84 0, 0.66 -0.4, 0.3 -0.6, "
                "0 -0.52, -0.3 -0.62, -0.66 -0.4"
            )
        else:
            low = 0.55 if looks.style in ("long", "bob") else -0.15
            top = (
                f"-0.8 {low}, -0.88 -0.45, -0.55 -1.06, 0.05 -1.18, 0.58 -1.04, 0.88 -0.45, 0.8 {low}, "
                "0.68 -0.12, 0.5 -0.52, 0.16 -0.8, -0.22 -0.6, -0.55 -0.34, -0.68 -0.05"
            )
        paper.path(skull.curve(top, tension=0.95), paint)
        for step in range(3):
            x = tint.side * (0.2 + 0.16 * step)
            strand = skull.curve(
                (
                    f"{x - tint.side * 0.1} {-1.02 + 0.08 * step}, {x + tint.side * 0.16} {-0.86 + 0.1 * step}, "
                    f"{x + tint.side * 0.26} {-0.58 + 0.12 * step}"
                ),
                closed=False,
            )
            paper.stroke(strand, shine, skull.size * 0.045, 0.55)
    hat(paper, skull, looks, tint, 0.0)


def hat(paper: Paper, skull: Skull, looks: Looks, tint: Tint, forward: float) -> None:
    if looks.hat:
        paint = tint.fill(paper, looks.hat, skull.x, skull.size * 1.2)
        x, y = skull.at(forward * 0.1, -0.56)
        paper.path(
            skull.curve(
                "-0.66 -0.55, -0.6 -1.2, -0.25 -1.42, 0 -1.32, 0.25 -1.42, 0.6 -1.2, 0.66 -0.55",
                tension=0.8,
            ),
            paint,
        )
        paper.ellipse(x, y, skull.size * 1.25, skull.size * 0.2, paint)
        paper.stroke(
            skull.curve("-0.62 -0.72, 0 -0.64, 0.62 -0.72", closed=False),
            tint.dim(tone(looks.hat, -0.15)),
            skull.size * 0.12,
        )
    elif looks.cap:
        paint = tint.fill(paper, looks.cap, skull.x, skull.size * 1.1)
        paper.path(
            skull.curve(
                "-0.86 -0.38, -0.82 -0.9, -0.4 -1.28, 0.1 -1.32, 0.6 -1.14, 0.86 -0.7, 0.86 -0.38, 0 -0.5",
                tension=0.9,
            ),
            paint,
        )
        paper.stroke(
            skull.curve("-0.84 -0.42, 0 -0.54, 0.84 -0.42", closed=False),
            tint.lit(tone(looks.cap, 0.07)),
            skull.size * 0.15,
        )
