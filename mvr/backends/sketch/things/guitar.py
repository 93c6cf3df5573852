"""A guitar that leans where nobody plays it."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..stand import aside, lit, shadow

WORDS = "guitar, acoustic guitar, electric guitar, bass guitar, ukulele, banjo, lute"


def draw(film: FilmSet) -> None:
    if film.reading.held == "guitar":
        return
    spot = aside(film, 0.26)
    x, y, tall, depth = spot
    size = tall * 0.55
    shadow(film, spot, size * 0.5)
    paper = film.part("guitar", depth, (x - size * 0.7, y - size * 1.25, size * 1.4, size * 1.3))
    wood, dark = lit(film, "#c06a30"), lit(film, "#2c1a14")
    paper.begin(f'transform="rotate({film.side * 13} {x:.1f} {y:.1f})"')
    paper.rect(x - size * 0.035, y - size * 1.08, size * 0.07, size * 0.7, dark)
    paper.rect(x - size * 0.06, y - size * 1.2, size * 0.12, size * 0.15, dark, 1.0, size * 0.02)
    fill = paper.linear(
        ((0, mix(wood, "#ffffff", 0.2), 1), (1, mix(wood, dark, 0.35), 1)), (x - size * 0.3, 0), (x + size * 0.3, 0)
    )
    paper.ellipse(x, y - size * 0.24, size * 0.27, size * 0.24, fill)
    paper.ellipse(x, y - size * 0.52, size * 0.2, size * 0.18, fill)
    paper.rect(x - size * 0.19, y - size * 0.47, size * 0.38, size * 0.14, fill)
    paper.ellipse(x, y - size * 0.44, size * 0.085, size * 0.085, dark)
    paper.rect(x - size * 0.1, y - size * 0.18, size * 0.2, size * 0.035, dark)
    for step in (-1, 0, 1):
        paper.stroke(
            f"M{x + step * size * 0.014:.1f} {y - size * 1.1:.1f}V{y - size * 0.16:.1f}",
            mix(wood, "#ffffff", 0.6),
            size * 0.005,
            0.8,
        )
    paper.end()
