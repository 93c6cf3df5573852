"""A tall mirror that shows the sky."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..paper import placed
from ..stand import aside, lit

WORDS = "mirror, mirrors, looking glass, broken mirror, reflection in the mirror"


def draw(film: FilmSet) -> None:
    x, y, tall, depth = aside(film, 0.32)
    high, wide = tall * 1.1, tall * 0.3
    colours = film.palette
    paper = film.part("mirror", depth - 0.06, (x - wide * 1.3, y - high * 1.05, wide * 2.6, high * 1.08))
    paper.ellipse(x, y - high * 0.5, wide, high * 0.5, lit(film, "#b48a48"))
    glass = paper.linear(
        ((0, mix(colours.sky[2], "#ffffff", 0.35), 1), (0.5, colours.sky[2], 1), (1, colours.sky[1], 1)),
        (x - wide, y - high),
        (x + wide, y),
    )
    paper.ellipse(x, y - high * 0.5, wide * 0.88, high * 0.46, glass)
    for shift in (-0.3, -0.1):
        paper.stroke(
            placed(f"M{shift - 0.25} 1.2L{shift + 0.3} -1.2", x, y - high * 0.5, wide),
            "#ffffff",
            wide * 0.06,
            0.4,
        )
    if {"broken", "cracked", "shattered"} & set(film.reading.words):
        cx, cy = x + wide * 0.1, y - high * 0.55
        for dx, dy in ((0.7, -0.2), (-0.6, 0.18), (0.2, 0.36), (-0.4, -0.3), (0.5, 0.22)):
            paper.stroke(
                placed(f"M0 0l{dx * 0.5} {dy * 2}l{dx * 0.3} {dy * 2.6}", cx, cy, wide),
                colours.ink,
                wide * 0.02,
                0.8,
            )
