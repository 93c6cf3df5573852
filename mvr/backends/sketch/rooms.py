"""Rooms: what indoor places share: a wall, a floor, light from lamps, and haze in the air."""

from __future__ import annotations

from .colour import mix
from .filmset import FilmSet
from .paper import Paper


def shell(film: FilmSet, wall: str, floor: str, edge: float) -> tuple[Paper, Paper]:
    """Back wall and floor, meeting at y = edge. Returns the papers of both."""
    film.mood["indoor"] = True
    colours = film.palette
    back = film.sheet("wall", 0.15, detail=0.25, opaque=True)
    dark = mix(wall, colours.ink, 0.55)
    back.rect(
        film.left,
        film.top,
        back.width,
        back.height,
        back.linear(((0, dark, 1), (0.6, wall, 1), (1, mix(wall, dark, 0.4), 1)), (0, 0), (0, edge)),
    )
    ground = film.sheet("floor", 0.85, edge, film.bottom)
    ground.rect(
        film.left,
        edge,
        ground.width,
        ground.height + 4,
        ground.linear(
            ((0, mix(floor, wall, 0.3), 1), (0.5, floor, 1), (1, mix(floor, colours.ink, 0.6), 1)),
            (0, edge),
            (0, film.h),
        ),
    )
    return back, ground


def edge_of(film: FilmSet) -> float:
    """Where the wall meets the floor: behind the feet."""
    if film.near:
        return film.h * 0.86
    return min(film.h * 0.86, max(film.horizon + film.h * 0.05, film.feet - film.tall * 0.2))
