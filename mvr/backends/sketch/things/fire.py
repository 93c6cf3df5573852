"""A fire on the ground, its light, and the sparks that rise from it."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..paper import smooth

WORDS = "fire, flame, campfire, bonfire, blaze"


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("fire")
    film.drops("embers", 1.1, 46, "#ffb04a", film.h * 0.1, film.h)
    if film.near:
        glow = film.sheet("fire-glow", 0.9, film.h * 0.4, film.bottom, detail=0.2, flicker=0.3, kick=0.2)
        glow.glow(film.w * (0.85 if film.side < 0 else 0.15), film.h, film.short * 0.9, "#ff8a3c", 0.6)
        return
    x = film.w * (0.7 if film.side < 0 else 0.3)
    y = film.feet - film.tall * 0.02
    tall = film.tall * 0.42
    glow = film.part("fire-glow", 0.98, (x - tall * 4, y - tall * 4, tall * 8, tall * 6), 0.2, flicker=0.25, kick=0.25)
    glow.glow(x, y - tall * 0.4, tall * 3.6, "#ff8a3c", 0.75)
    glow.glow(x, y, tall * 3.2, "#ffb060", 0.5, 0.22)
    papers = film.cycle("fire", 0.99, (x - tall, y - tall * 1.4, tall * 2, tall * 1.6), 6, rate=9.0)
    for paper in papers:
        paper.stroke(
            (
                f"M{x - tall * 0.42:.1f} {y:.1f}L{x + tall * 0.34:.1f} {y - tall * 0.14:.1f}"
                f"M{x + tall * 0.42:.1f} {y:.1f}L{x - tall * 0.34:.1f} {y - tall * 0.14:.1f}"
            ),
            mix("#3a221a", colours.ink, 0.3),
            tall * 0.11,
        )
        for size, tint in ((1.0, "#f2542d"), (0.72, "#ff9a3c"), (0.42, "#ffe08a")):
            wide = tall * 0.36 * size
            high = tall * size * chance.uniform(0.85, 1.15)
            tip = x + chance.uniform(-0.16, 0.16) * tall
            paper.path(
                smooth(
                    [
                        (x - wide, y - tall * 0.1),
                        (x - wide * 0.9, y - high * 0.42),
                        (x - wide * 0.3, y - high * chance.uniform(0.5, 0.65)),
                        (tip, y - high),
                        (x + wide * 0.4, y - high * chance.uniform(0.45, 0.65)),
                        (x + wide, y - high * 0.36),
                        (x + wide * 0.9, y - tall * 0.08),
                        (x, y),
                    ],
                    tension=0.9,
                ),
                tint,
                0.95,
            )
