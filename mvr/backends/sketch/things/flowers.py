"""Flowers and petals that drift through the frame."""

from __future__ import annotations

from ..filmset import FilmSet

WORDS = "flower, petal, blossom, rose, cherry blossom, sakura, bloom, confetti"


def draw(film: FilmSet) -> None:
    film.drops("leaves", 0.8, 16, film.palette.accent, film.top, film.bottom, 0.8)
    film.drops("leaves", 1.2, 8, film.palette.second, film.top, film.bottom, 1.2)
