"""A telephone whose screen is the brightest thing."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..stand import symbol

WORDS = "phone, telephone, smartphone, text message, phone screen, small screen, screen glows"


def draw(film: FilmSet) -> None:
    x, y, size, depth = symbol(film)
    glow = film.part(
        "phone-glow", depth, (x - size * 2.6, y - size * 2.6, size * 5.2, size * 5.2), 0.2, breathe=0.2, kick=0.2
    )
    glow.glow(x, y, size * 2.3, mix("#9fd8ff", film.palette.light, 0.3), 0.55)
    paper = film.part("phone", depth, (x - size * 0.8, y - size * 1.2, size * 1.6, size * 2.4), bob=4.0)
    paper.begin(f'transform="rotate({film.side * 8} {x:.1f} {y:.1f})"')
    paper.rect(x - size * 0.55, y - size * 1.05, size * 1.1, size * 2.1, "#15171e", 1.0, size * 0.14)
    screen = paper.linear(
        ((0, "#f2fbff", 1), (1, mix("#9fd8ff", film.palette.accent, 0.25), 1)), (0, y - size), (0, y + size)
    )
    paper.rect(x - size * 0.49, y - size * 0.97, size * 0.98, size * 1.94, screen, 1.0, size * 0.09)
    for row, (left, wide) in enumerate(((-0.38, 0.52), (-0.1, 0.46), (-0.38, 0.6))):
        tint = film.palette.accent if left > -0.2 else "#c6d6e2"
        paper.rect(x + left * size, y - size * (0.6 - row * 0.4), wide * size, size * 0.26, tint, 0.9, size * 0.1)
    paper.end()
