"""A crowd: heads before the lens, dark against what they look at."""

from __future__ import annotations

from ..filmset import FilmSet

WORDS = "crowd, audience, fans, stranger, mob, people, person"


def draw(film: FilmSet) -> None:
    if film.near or film.reading.place in ("stage", "club"):
        return
    from ..places.stage import crowd

    crowd(film, 0.94 if film.cast else 1.2)
