"""A rocket on its way up."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..paper import placed
from ..stand import lit, symbol

WORDS = "rocket, spaceship, spacecraft, space shuttle, ufo, capsule"


def draw(film: FilmSet) -> None:
    x, y, size, depth = symbol(film)
    hull, red = lit(film, "#e6e8ee"), lit(film, "#d9483b")
    glow = film.part(
        "rocket-fire",
        depth,
        (x - size * 1.4, y + size * 0.4, size * 2.8, size * 3.4),
        0.2,
        flicker=0.3,
        kick=0.3,
        rise=30.0,
    )
    glow.glow(x, y + size * 1.6, size * 1.3, "#ff9a3c", 0.9, 1.6)
    paper = film.part("rocket", depth, (x - size * 0.7, y - size * 1.4, size * 1.4, size * 3.6), rise=30.0)
    paper.path(
        f"M{x - size * 0.2:.1f} {y + size:.1f}Q{x:.1f} {y + size * 2.4:.1f} {x + size * 0.2:.1f} {y + size:.1f}Z",
        "#ffd27a",
    )
    for sign in (-1, 1):
        fin = "M0.28 0.3Q0.66 0.6 0.56 1.1L0.2 0.86Z"
        paper.path(placed(fin, x, y, size, sign), red)
    fill = paper.linear(
        ((0, hull, 1), (0.55, mix(hull, "#ffffff", 0.4), 1), (1, mix(hull, film.palette.ink, 0.4), 1)),
        (x - size * 0.36, 0),
        (x + size * 0.36, 0),
    )
    body = "M0 -1.3C0.5 -0.6 0.4 0.5 0.24 1H-0.24C-0.4 0.5 -0.5 -0.6 0 -1.3Z"
    paper.path(placed(body, x, y, size), fill)
    nose = "M0 -1.3Q0.26 -0.98 0.3 -0.72H-0.3Q-0.26 -0.98 0 -1.3Z"
    paper.path(placed(nose, x, y, size), red)
    paper.ellipse(x, y - size * 0.24, size * 0.18, size * 0.18, lit(film, "#44506a"))
    paper.ellipse(x, y - size * 0.24, size * 0.13, size * 0.13, mix("#8ad7ff", film.palette.light, 0.3))
