"""An empty chair."""

from __future__ import annotations

from ..filmset import FilmSet
from ..stand import aside, lit, shadow

WORDS = "chair, empty chair, stool, armchair, rocking chair"


def draw(film: FilmSet) -> None:
    spot = aside(film, 0.26)
    x, y, tall, depth = spot
    size = tall * 0.5
    shadow(film, spot, size * 0.7)
    paper = film.part("chair", depth, (x - size * 0.55, y - size * 1.1, size * 1.1, size * 1.14))
    wood, dark = lit(film, "#8a5a38"), lit(film, "#5c3a24")
    way = film.side
    for px, tint in ((-0.3, dark), (0.34, dark), (-0.38, wood), (0.26, wood)):
        paper.rect(x + way * px * size - size * 0.03, y - size * 0.46, size * 0.06, size * 0.46, tint)
    paper.rect(x - size * 0.42, y - size * 0.5, size * 0.84, size * 0.08, wood, 1.0, size * 0.02)
    left = x + way * 0.36 * size
    paper.rect(left - size * 0.035, y - size * 1.05, size * 0.07, size * 0.6, wood, 1.0, size * 0.02)
    for up in (0.98, 0.8, 0.62):
        end = left - way * size * 0.12
        paper.rect(min(left, end), y - size * up, abs(end - left), size * 0.07, dark)
