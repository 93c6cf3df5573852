"""An umbrella held over the figure, where rain falls on nobody else."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..paper import placed
from ..stand import lit

WORDS = "umbrella, parasol"


def draw(film: FilmSet) -> None:
    if film.reading.held == "umbrella":
        return  # the hand that holds it draws it
    x, y, size = film.w * 0.5, film.feet, film.h * 0.2
    paper = film.part("umbrella", 0.97, (x - size * 1.2, y - size * 1.3, size * 2.4, size * 1.4), sway=0.01)
    tint = lit(film, mix(film.palette.accent, "#d23b3b", 0.4))
    for index in range(5):
        left, right = -1 + index * 0.4, -0.6 + index * 0.4
        panel = f"M0 -0.95Q{left} -0.8 {left} -0.2Q{(left + right) / 2} -0.34 {right} -0.2Q{right} -0.8 0 -0.95Z"
        paper.path(placed(panel, x, y, size), mix(tint, film.palette.ink, 0.08 * index))
    paper.stroke(placed("M0 -1V-0.06q0 0.1 0.1 0.08", x, y, size), lit(film, "#3a2a24"), size * 0.03)
