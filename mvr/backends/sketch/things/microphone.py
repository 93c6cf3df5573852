"""A microphone on its stand, waiting."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..stand import aside, lit

WORDS = "microphone, mic, microphone stand, mike"


def draw(film: FilmSet) -> None:
    if film.cast and film.reading.pose == "sing":
        return
    x, y, tall, depth = aside(film, 0.16)
    high = tall * 0.86
    paper = film.part("microphone", depth, (x - tall * 0.2, y - high * 1.12, tall * 0.4, high * 1.16))
    steel = lit(film, "#aeb4bf")
    for px in (-0.13, 0.0, 0.13):
        paper.stroke(f"M{x:.1f} {y - tall * 0.1:.1f}L{x + px * tall:.1f} {y:.1f}", steel, tall * 0.014)
    paper.stroke(f"M{x:.1f} {y - tall * 0.06:.1f}V{y - high:.1f}", steel, tall * 0.014)
    paper.begin(f'transform="rotate({film.side * -24} {x:.1f} {y - high:.1f})"')
    paper.rect(
        x - tall * 0.017, y - high - tall * 0.02, tall * 0.034, tall * 0.11, lit(film, "#24262e"), 1.0, tall * 0.01
    )
    fill = paper.radial(
        ((0, mix(steel, "#ffffff", 0.6), 1), (1, mix(steel, "#20242c", 0.4), 1)),
        (x - tall * 0.01, y - high - tall * 0.05),
        tall * 0.05,
    )
    paper.ellipse(x, y - high - tall * 0.04, tall * 0.036, tall * 0.042, fill)
    paper.end()
