"""The moon: the sky draws it; the word makes it large."""

from __future__ import annotations

from ..filmset import FilmSet

WORDS = "moon, full moon"


def draw(film: FilmSet) -> None:
    """Nothing more than the sky has drawn."""
    film.mood["moon"] = True
