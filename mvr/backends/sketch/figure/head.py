"""Head: face, hair and what is worn on it; from the front, from the side, from behind."""

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
        if isinstance(points, str):
            points = [(float(x), float(y)) for x, y in (pair.split() for pair in points.split(","))]
        return smooth([self.at(x, y) for x, y in points], closed=closed, tension=tension)


def behind(paper: Paper, skull: Skull, looks: Looks, tint: Tint, facing: str, sway: float) -> None:
    """Hair that lies behind the neck and the shoulders."""
    paint = tint.dim(looks.hair)
    s = sway * 0.12
    if facing == "side":
        if looks.style == "long":
            paper.path(
                skull.curve(
                    [
                        (-0.1, -0.9),
                        (-0.72, -0.5),
                        (-0.86, 0.3),
                        (-0.95 + s, 1.2),
                        (-0.8 + 2 * s, 2.1),
                        (-0.35 + s, 1.9),
                        (-0.2, 1.0),
                        (0.1, 0.1),
                    ]
                ),
                paint,
            )
        elif looks.style == "ponytail":
            paper.path(
                skull.curve(
                    [
                        (-0.6, -0.55),
                        (-1.0, -0.5),
                        (-1.25 + s, 0.2),
                        (-1.12 + 2 * s, 1.25),
                        (-0.95 + s, 0.6),
                        (-0.85, 0.0),
                    ]
                ),
                paint,
            )
        return
    if looks.style == "long":
        paper.path(
            skull.curve(
                [
                    (0, -1.05),
                    (0.72, -0.75),
                    (0.9, 0.1),
                    (0.98 + s, 1.1),
                    (0.86 + 2 * s, 1.9),
                    (0.4 + s, 1.75),
                    (0, 1.7),
                    (-0.4 + s, 1.75),
                    (-0.86 + 2 * s, 1.9),
                    (-0.98 + s, 1.1),
                    (-0.9, 0.1),
                    (-0.72, -0.75),
                ]
            ),
            paint,
        )
    elif looks.style == "bob":
        paper.path(
            skull.curve(
                [
                    (0, -1.05),
                    (0.74, -0.7),
                    (0.92, 0.1),
                    (0.9 + s, 0.78),
                    (0.6, 0.95),
                    (0, 0.8),
                    (-0.6, 0.95),
                    (-0.9 + s, 0.78),
                    (-0.92, 0.1),
                    (-0.74, -0.7),
                ]
            ),
            paint,
        )
    elif looks.style == "curly":
        _curls(paper, skull, paint, (0, -0.3), 1.24)
    elif looks.style == "bun":
        x, y = skull.at(0.05, -1.22)
        paper.ellipse(x, y, skull.size * 0.4, skull.size * 0.36, paint)


def _curls(paper: Paper, skull: Skull, paint: str, centre: Point, size: float) -> None:
    import math

    for step in range(12):
        angle = 2 * math.pi * step / 12 + 0.2
        x, y = skull.at(centre[0] + math.cos(angle) * 0.72 * size, centre[1] + math.sin(angle) * 0.72 * size)
        if math.sin(angle) < 0.75:
            paper.ellipse(x, y, skull.size * 0.36 * size, skull.size * 0.34 * size, paint)
    x, y = skull.at(*centre)
    paper.ellipse(x, y, skull.size * 0.85 * size, skull.size * 0.8 * size, paint)


def front(paper: Paper, skull: Skull, looks: Looks, tint: Tint, detail: bool, sing: bool, calm: bool) -> None:
    """The face, seen from the front."""
    skin = tint.fill(paper, looks.skin, skull.x, skull.size * 0.8)
    face = skull.curve(
        "-0.72 -0.3, -0.7 0.1, -0.6 0.5, -0.36 0.84, 0 1, 0.36 0.84, 0.6 0.5, 0.7 0.1, 0.72 -0.3, "
        "0.5 -0.86, 0 -1.02, -0.5 -0.86"
    )
    for sign in (-1, 1):
        x, y = skull.at(sign * 0.72, 0.06)
        paper.ellipse(x, y, skull.size * 0.12, skull.size * 0.2, tint.dim(looks.skin))
    paper.path(face, skin)
    shade = tint.dim(tone(looks.skin, -0.04))
    far = -tint.side
    plane = [
        (far * 0.74, -0.6),
        (far * 0.34, -0.5),
        (far * 0.3, -0.12),
        (far * 0.46, 0.12),
        (far * 0.3, 0.42),
        (far * 0.24, 0.72),
        (far * 0.1, 1.02),
        (far * 0.5, 0.9),
        (far * 0.78, 0.3),
    ]
    paper.begin(paper.clip(face).strip())
    paper.path(skull.curve(plane), shade, 0.55)
    paper.end()
    if detail:
        _features(paper, skull, looks, tint, sing, calm)
    if looks.beard:
        _beard(paper, skull, looks, tint)
    _cap_of_hair(paper, skull, looks, tint)


def _features(paper: Paper, skull: Skull, looks: Looks, tint: Tint, sing: bool, calm: bool) -> None:
    dark = mix(tint.dim(looks.hair), "#120c10", 0.55)
    line = tint.dim(tone(looks.skin, -0.22))
    size = skull.size
    for sign in (-1, 1):
        x = sign * 0.31
        brow = skull.curve([(x - sign * 0.15, -0.17), (x + sign * 0.02, -0.235), (x + sign * 0.2, -0.17)], closed=False)
        paper.stroke(brow, dark, size * (0.055 if looks.woman else 0.075), 0.9)
        if calm:
            lid = skull.curve([(x - 0.16, 0.05), (x, 0.1), (x + 0.16, 0.05)], closed=False)
            paper.stroke(lid, dark, size * 0.05)
            continue
        eye = skull.curve(
            [
                (x - 0.165, 0.04),
                (x - 0.06, -0.045),
                (x + 0.08, -0.045),
                (x + 0.165, 0.03),
                (x + 0.05, 0.09),
                (x - 0.07, 0.09),
            ]
        )
        paper.path(eye, mix(tint.lit("#f4efe8"), tint.ambient, 0.16))
        paper.begin(paper.clip(eye).strip())
        ix, iy = skull.at(x, 0.015)
        paper.ellipse(ix, iy, size * 0.088, size * 0.095, dark)
        paper.end()
        gx, gy = skull.at(x + 0.03, -0.01)
        paper.ellipse(gx, gy, size * 0.02, size * 0.02, "#ffffff", 0.9)
        lash = skull.curve(
            [(x - 0.175, 0.045), (x - 0.06, -0.055), (x + 0.08, -0.055), (x + 0.18, 0.025)], closed=False
        )
        paper.stroke(lash, dark, size * (0.05 if looks.woman else 0.036))
    nose = skull.curve(
        [(-tint.side * 0.03, 0.05), (-tint.side * 0.1, 0.3), (-tint.side * 0.12, 0.37), (tint.side * 0.03, 0.4)],
        closed=False,
    )
    paper.stroke(nose, line, size * 0.034, 0.75)
    lips = tint.lit(mix(looks.skin, "#a8323e", 0.62 if looks.woman else 0.35))
    if sing:
        x, y = skull.at(0, 0.66)
        paper.ellipse(x, y, size * 0.15, size * 0.17, lips)
        paper.ellipse(x, y + size * 0.01, size * 0.105, size * 0.12, mix("#3a1018", tint.ambient, 0.3))
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
    paint = mix(tint.dim(looks.hair), tint.lit(looks.hair), 0.4)
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
            top = [
                (-0.8, low),
                (-0.88, -0.45),
                (-0.55, -1.06),
                (0.05, -1.18),
                (0.58, -1.04),
                (0.88, -0.45),
                (0.8, low),
                (0.68, -0.12),
                (0.5, -0.52),
                (0.16, -0.8),
                (-0.22, -0.6),
                (-0.55, -0.34),
                (-0.68, -0.05),
            ]
        paper.path(skull.curve(top, tension=0.95), paint)
        for step in range(3):
            x = tint.side * (0.2 + 0.16 * step)
            strand = skull.curve(
                [
                    (x - tint.side * 0.1, -1.02 + 0.08 * step),
                    (x + tint.side * 0.16, -0.86 + 0.1 * step),
                    (x + tint.side * 0.26, -0.58 + 0.12 * step),
                ],
                closed=False,
            )
            paper.stroke(strand, shine, skull.size * 0.045, 0.55)
    _hat(paper, skull, looks, tint, 0.0)


def _hat(paper: Paper, skull: Skull, looks: Looks, tint: Tint, forward: float) -> None:
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


def back(paper: Paper, skull: Skull, looks: Looks, tint: Tint, sway: float) -> None:
    """The head from behind: hair, or the nape where there is none."""
    paper.path(
        skull.curve("-0.7 -0.3, -0.66 0.3, -0.4 0.8, 0.4 0.8, 0.66 0.3, 0.7 -0.3, 0.5 -0.86, 0 -1.02, -0.5 -0.86"),
        tint.dim(looks.skin),
    )
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
            _curls(paper, skull, paint, (0, -0.25), 1.22)
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
    _hat(paper, skull, looks, tint, 0.0)


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
            tint.dim(looks.hair),
        )
    x, y = skull.at(-0.08, 0.12)
    paper.ellipse(x, y, skull.size * 0.11, skull.size * 0.17, tint.dim(tone(looks.skin, -0.05)))
    if looks.style != "bald":
        paint = tint.fill(paper, looks.hair, skull.x, skull.size)
        low = 0.66 if looks.style in ("long", "bob") else 0.42
        if looks.style == "curly":
            _curls(paper, skull, paint, (-0.26, -0.36), 1.1)
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
    _hat(paper, skull, looks, tint, 1.0)
