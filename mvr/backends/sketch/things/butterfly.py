"""Butterflies, their wings going."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..stand import lit

WORDS = "butterfly, butterflies, moth, dragonfly"


def draw(film: FilmSet) -> None:
    chance, colours = film.rng("butterfly"), film.palette
    many = "butterflies" in film.reading.words
    for index in range(6 if many else 2):
        size = film.short * chance.uniform(0.028, 0.05)
        x, y = film.w * chance.uniform(0.12, 0.88), film.h * chance.uniform(0.22, 0.66)
        tint = lit(film, chance.choice((colours.accent, colours.second, colours.light)))
        papers = film.cycle(
            f"butterfly-{index}",
            1.05,
            (x - size * 1.6, y - size * 1.6, size * 3.2, size * 3.2),
            4,
            rate=9.0 + index,
            bob=16.0,
            bob_rate=0.3 + 0.05 * index,
            travel=chance.uniform(-22, 22),
        )
        for cel, paper in enumerate(papers):
            wide = (1.0, 0.6, 0.2, 0.6)[cel]
            for sign in (-1, 1):
                for up, big in ((-0.35, 1.0), (0.45, 0.7)):
                    paper.ellipse(
                        x + sign * size * 0.62 * wide * big,
                        y + up * size,
                        size * 0.66 * wide * big + 1,
                        size * 0.6 * big,
                        tint,
                    )
                    paper.ellipse(
                        x + sign * size * 0.72 * wide * big,
                        y + up * size,
                        size * 0.3 * wide * big + 0.5,
                        size * 0.28 * big,
                        mix(tint, "#ffffff", 0.5),
                    )
            paper.ellipse(x, y, size * 0.09, size * 0.62, colours.ink)
