"""An aeroplane that draws a line across the sky."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..paper import placed

WORDS = "plane, airplane, aeroplane, jet, aircraft, helicopter, contrail, flight"
OUTSIDE = True


def draw(film: FilmSet) -> None:
    if film.mood.get("indoor"):
        return
    colours, way = film.palette, -film.side
    x, y, size = film.w * 0.5, film.h * 0.17, film.short * 0.05
    paper = film.part("plane", 0.12, (x - film.w * 0.6, y - size * 2, film.w * 1.2, size * 4), travel=way * 34.0)
    tint = mix(colours.light, colours.haze, 0.2)
    trail = paper.linear(((0, tint, 0.0), (1, tint, 0.7)), (x - way * film.w * 0.5, 0), (x, 0))
    paper.rect(min(x, x - way * film.w * 0.5), y - size * 0.05, film.w * 0.5, size * 0.1, trail)
    dark = mix(colours.ink, colours.haze, 0.35)
    paper.path(placed("M-1 0Q0 -0.24 1 0Q0 0.2 -1 0Z", x, y, size, way), dark)
    paper.path(placed("M0.2 0L-0.5 0.7H-0.7L-0.2 0Z", x, y, size, way), dark)
    paper.path(placed("M-0.7 0L-1.1 -0.5H-1.25L-1 0Z", x, y, size, way), dark)
