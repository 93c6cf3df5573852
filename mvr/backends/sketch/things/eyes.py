"""Pairs of eyes that look out of the dark."""

from __future__ import annotations

from ..filmset import FilmSet

WORDS = "pair of eyes, pairs of eyes, bright points look, glowing eyes, eyes in the dark, watching eyes"


def draw(film: FilmSet) -> None:
    chance = film.rng("eyes")
    paper = film.sheet("eyes", 0.7, breathe=0.4)
    for _ in range(5):
        x, y = film.w * chance.uniform(0.05, 0.95), film.horizon + film.h * chance.uniform(-0.14, 0.1)
        if abs(x - film.subject) < film.w * 0.15 and film.cast:
            continue
        size = film.short * chance.uniform(0.006, 0.011)
        for sign in (-1, 1):
            paper.glow(x + sign * size * 2.2, y, size * 3.4, "#ffd45a", 0.5)
            paper.ellipse(x + sign * size * 2.2, y, size, size * 0.72, "#ffe78a")
            paper.ellipse(x + sign * size * 2.2, y, size * 0.3, size * 0.62, "#1a1208")
