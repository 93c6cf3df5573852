"""Stand: where things go: on the ground in the free part of the frame, on the wall behind, or large before the lens."""

from __future__ import annotations

from typing import NamedTuple

from .colour import mix
from .filmset import FilmSet


class Spot(NamedTuple):
    """The foot of a thing: x, y, the height of a standing figure there, and its depth."""

    x: float
    y: float
    tall: float
    depth: float


def aside(film: FilmSet, away: float = 0.3) -> Spot:
    """On the ground beside the figures, on their free side; behind them in close shots, in the middle without any."""
    if film.near:
        tall = film.h * 0.62
        return Spot(film.w * (0.5 - 0.32 * film.side * -1), film.h * 0.94, tall, 0.72)
    if not film.cast:
        return Spot(film.w * (0.5 - film.side * 0.08), film.feet, max(film.tall, film.h * 0.42), 0.97)
    x = film.subject - film.side * max(film.w * away, film.tall * 0.34)
    return Spot(min(film.w * 0.86, max(film.w * 0.14, x)), film.feet - film.tall * 0.03, film.tall, 0.97)


def symbol(film: FilmSet) -> Spot:
    """The middle and half the height of a small thing that is shown large: in the free part of the frame."""
    size = film.short * (0.15 if film.cast else 0.27)
    if film.cast:
        x = film.w - film.subject if abs(film.subject / film.w - 0.5) > 0.1 else film.w * (0.5 - film.side * 0.3)
        x = film.w * (0.5 - film.side * 0.34) if film.near else x
        return Spot(x, film.h * (0.24 if film.near else 0.3), size, 0.8)
    return Spot(film.w * 0.5, film.h * 0.44, size, 0.95)


def lit(film: FilmSet, colour: str, share: float = 0.0) -> str:
    """A thing's own colour in the light of the shot."""
    colours = film.palette
    dull = {"night": 0.38, "dusk": 0.24, "dawn": 0.18, "day": 0.06}[film.reading.time]
    return mix(colour, mix(colours.ink, colours.sky[1], 0.4), min(0.9, dull + share))


def shadow(film: FilmSet, spot: Spot, wide: float) -> None:
    """The dark under a thing that stands, as wide as told."""
    paper = film.part("thing-shadow", spot.depth, (spot.x - wide, spot.y - wide * 0.2, wide * 2, wide * 0.4), 0.5)
    paper.glow(spot.x, spot.y, wide * 0.9, film.palette.ink, 0.6, 0.17)
