"""Head, turned away: from behind, and from the side."""

from __future__ import annotations

from ..colour import mix, tone
from ..paper import Paper, Point
from .body import Tint
from .head import Skull, curls, hat
from .looks import Looks


def back(paper: Paper, skull: Skull, looks: Looks, tint: Tint, sway: float) -> None:
    """The head from behind: hair, or the nape where there is none."""
    paper.path(
        skull.curve("-0.7 -0.3, -0.66 0.3, -0.4 0.8, 0.4 0.8, 0.66 0.3, 0.7 -0.3, 0.5 -0.86, 0 -1.02, -0.5 -0.86"),
        tint.dim(looks.skin),
    )
    outline: str | list[Point]
    if looks.style != "bald":
        paint = tint.fill(paper, looks.hair, skull.x, skull.size)
        s = sway * 0.12
        if looks.style == "long":
            outline = [
                (0, -1.18),
                (0.66, -0.95),
                (0.9, -0.2),
                (0.96 + s, 0.9),
                (0.8 + 2 * s, 2.0),
                (0.3 + 2 * s, 2.12),
                (-0.2 + 2 * s, 2.05),
                (-0.75 + 2 * s, 1.95),
                (-0.96 + s, 0.9),
                (-0.9, -0.2),
                (-0.66, -0.95),
            ]
        elif looks.style == "bob":
            outline = [
                (0, -1.16),
                (0.66, -0.95),
                (0.92, -0.2),
                (0.92 + s, 0.72),
                (0.5, 0.92),
                (-0.5, 0.92),
                (-0.92 + s, 0.72),
                (-0.92, -0.2),
                (-0.66, -0.95),
            ]
        else:
            outline = (
                "0 -1.2, 0.62 -1, 0.84 -0.35, 0.74 0.3, 0.4 0.62, 0 0.7, -0.4 0.62, -0.74 0.3, -0.84 -0.35, -0.62 -1"
            )
        if looks.style == "curly":
            curls(paper, skull, paint, (0, -0.25), 1.22)
        paper.path(skull.curve(outline), paint)
        shine = tint.lit(tone(looks.hair, 0.1))
        for step in range(3):
            x = tint.side * (0.24 + 0.17 * step)
            paper.stroke(
                skull.curve([(x * 0.7, -0.95), (x, -0.5), (x * 1.02, 0.2)], closed=False),
                shine,
                skull.size * 0.045,
                0.4,
            )
        if looks.style == "ponytail":
            paper.path(
                skull.curve(
                    [
                        (-0.12, -0.4),
                        (0.14, -0.4),
                        (0.24 + s, 0.6),
                        (0.12 + 2 * s, 1.6),
                        (-0.1 + 2 * s, 1.5),
                        (-0.2 + s, 0.5),
                    ]
                ),
                tint.dim(looks.hair),
            )
        if looks.style == "bun":
            x, y = skull.at(0, -0.95)
            paper.ellipse(x, y, skull.size * 0.42, skull.size * 0.38, paint)
    hat(paper, skull, looks, tint, 0.0)


def profile(paper: Paper, skull: Skull, looks: Looks, tint: Tint, detail: bool) -> None:
    """The head from the side, looking to the right."""
    face = (
        "0.08 -1, 0.46 -0.86, 0.66 -0.5, 0.67 -0.2, 0.64 -0.06, 0.74 0.12, 0.86 0.33, 0.72 0.42, "
        "0.76 0.54, 0.71 0.6, 0.75 0.69, 0.68 0.78, 0.66 0.92, 0.46 1, 0.12 0.78, -0.1 0.62, -0.3 0.7, "
        "-0.62 0.4, -0.74 -0.3, -0.4 -0.88"
    )
    paper.path(skull.curve(face, tension=0.8), tint.fill(paper, looks.skin, skull.x, skull.size))
    dark = mix(tint.dim(looks.hair), "#120c10", 0.55)
    if detail:
        paper.stroke(skull.curve("0.38 -0.2, 0.5 -0.25, 0.62 -0.19", closed=False), dark, skull.size * 0.06, 0.9)
        eye = skull.curve("0.42 0.03, 0.52 -0.05, 0.6 -0.02, 0.58 0.07, 0.5 0.09")
        paper.path(eye, tint.lit("#f1ece6"))
        x, y = skull.at(0.56, 0.02)
        paper.ellipse(x, y, skull.size * 0.04, skull.size * 0.07, dark)
        paper.stroke(skull.curve("0.4 0.03, 0.52 -0.06, 0.63 -0.03", closed=False), dark, skull.size * 0.045)
        paper.stroke(
            skull.curve("0.54 0.6, 0.64 0.605, 0.73 0.6", closed=False),
            tint.dim(tone(looks.skin, -0.2)),
            skull.size * 0.035,
            0.8,
        )
    if looks.beard:
        paper.path(
            skull.curve("0 0.1, 0.3 0.5, 0.6 0.5, 0.74 0.66, 0.68 1, 0.4 1.1, 0 0.75"),
            tint.dim(looks.beard_colour),
        )
    x, y = skull.at(-0.08, 0.12)
    paper.ellipse(x, y, skull.size * 0.11, skull.size * 0.17, tint.dim(tone(looks.skin, -0.05)))
    if looks.style != "bald":
        paint = tint.fill(paper, looks.hair, skull.x, skull.size)
        low = 0.66 if looks.style in ("long", "bob") else 0.42
        if looks.style == "curly":
            curls(paper, skull, paint, (-0.4, -0.5), 0.8)
        cap = [
            (0.62, -0.56),
            (0.5, -1.0),
            (0.0, -1.2),
            (-0.55, -1.02),
            (-0.86, -0.4),
            (-0.82, 0.2),
            (-0.58, low),
            (-0.3, low - 0.06),
            (-0.24, 0.1),
            (-0.06, -0.12),
            (0.14, -0.2),
            (0.26, -0.5),
        ]
        paper.path(skull.curve(cap, tension=0.95), paint)
        if looks.style == "bun":
            x, y = skull.at(-0.72, -0.85)
            paper.ellipse(x, y, skull.size * 0.38, skull.size * 0.36, paint)
    hat(paper, skull, looks, tint, 1.0)
