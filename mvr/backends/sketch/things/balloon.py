"""Balloons that climb; one, or many."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..paper import placed
from ..stand import lit

WORDS = "balloon, balloons, red balloon, kite"


def draw(film: FilmSet) -> None:
    chance, colours = film.rng("balloons"), film.palette
    many = "balloons" in film.reading.words
    for index in range(7 if many else 1):
        size = film.short * (chance.uniform(0.035, 0.075) if many else 0.08)
        x = film.w * chance.uniform(0.1, 0.9) if many else film.w * (0.5 - film.side * 0.24)
        y = film.h * (chance.uniform(0.1, 0.5) if many else 0.28)
        tint = lit(film, chance.choice((colours.accent, colours.second, "#e0413a", "#f2b134")) if many else "#e0413a")
        depth = 0.5 + 0.4 * size / film.short / 0.08
        paper = film.part(
            f"balloon-{index}",
            depth,
            (x - size * 1.2, y - size * 1.3, size * 2.4, size * 4.4),
            rise=16.0 + 20 * depth,
            sway=0.02,
            bob=4.0,
        )
        fill = paper.radial(
            ((0, mix(tint, "#ffffff", 0.55), 1), (0.5, tint, 1), (1, mix(tint, colours.ink, 0.35), 1)),
            (x - size * 0.3, y - size * 0.35),
            size * 1.5,
        )
        paper.ellipse(x, y, size * 0.82, size, fill)
        paper.path(
            f"M{x:.1f} {y + size * 0.96:.1f}l{-size * 0.1:.1f} {size * 0.16:.1f}h{size * 0.2:.1f}Z",
            mix(tint, colours.ink, 0.3),
        )
        paper.stroke(
            placed("M0 1.1q0.3 0.9 -0.05 1.6q-0.3 0.6 -0.05 1", x, y, size),
            mix(colours.haze, colours.ink, 0.4),
            size * 0.03,
        )
