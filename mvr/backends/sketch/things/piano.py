"""A grand piano beside the figure, its lid open."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..paper import smooth
from ..stand import aside, lit, shadow

WORDS = "piano, grand piano, keyboard, pianist, organ, synthesizer, synth, keys of a piano"


def draw(film: FilmSet) -> None:
    if film.reading.held == "piano":
        return  # the one who plays it brings it
    spot = aside(film, 0.36)
    x, y, tall, depth = spot
    size = tall * 0.54
    way = film.side
    shadow(film, spot, size * 1.3)
    paper = film.part("piano", depth, (x - size * 1.5, y - size * 1.75, size * 3, size * 1.85))
    black = lit(film, "#1a1a22")
    shine = mix(black, film.palette.light, 0.32)

    def at(px: float, py: float) -> tuple[float, float]:
        return x + way * px * size, y - py * size

    for px in (-0.8, 0.78, 0.2):
        left = at(px, 0)[0]
        paper.rect(left - size * 0.04, y - size * 0.62, size * 0.08, size * 0.62, black)
    lid = [at(-0.72, 0.92), at(-0.5, 1.55), at(0.5, 1.66), at(1.0, 1.1), at(0.86, 0.94)]
    paper.path(smooth(lid, tension=0.5), paper.linear(((0, shine, 1), (1, black, 1)), at(0, 1.6), at(0, 0.9)))
    paper.stroke(
        f"M{at(0.5, 0.9)[0]:.1f} {at(0.5, 0.9)[1]:.1f}L{at(0.42, 1.5)[0]:.1f} {at(0.42, 1.5)[1]:.1f}",
        shine,
        size * 0.02,
    )
    case = [at(-0.95, 0.9), at(0.7, 0.94), at(1.02, 0.86), at(1.0, 0.62), at(-0.95, 0.6)]
    paper.path(
        smooth(case, tension=0.35),
        paper.linear(((0, mix(black, shine, 0.5), 1), (1, black, 1)), at(0, 0.94), at(0, 0.6)),
    )
    left, right = sorted((at(-1.08, 0)[0], at(-0.7, 0)[0]))
    paper.rect(left, y - size * 0.76, right - left, size * 0.05, lit(film, "#f4f1e8"))
    paper.rect(left, y - size * 0.71, right - left, size * 0.1, black)
    sheet = at(-0.72, 0.95)
    paper.rect(sheet[0] - size * 0.12, sheet[1] - size * 0.2, size * 0.24, size * 0.2, lit(film, "#f2ecdc"))


def played(film: FilmSet, x: float, feet: float, tall: float, way: float) -> None:
    """A grand piano seen from the side, its keys before one who sits at (x, feet); way -1: to the left of them."""
    paper = film.part("piano", 0.99, (x - tall * 1.3, feet - tall * 0.95, tall * 2.6, tall))
    black = lit(film, "#1a1a22")
    shine = mix(black, film.palette.light, 0.34)

    def at(px: float, py: float) -> tuple[float, float]:
        return x + way * px * tall, feet - py * tall

    for px, thick in ((0.4, 0.05), (0.98, 0.04)):
        left = min(at(px, 0)[0], at(px + thick, 0)[0])
        paper.rect(left, feet - tall * 0.36, tall * thick, tall * 0.36, black)
    lid = [at(0.46, 0.44), at(0.62, 0.8), at(1.16, 0.88), at(1.1, 0.44)]
    paper.path(smooth(lid, tension=0.2), paper.linear(((0, shine, 1), (1, black, 1)), at(0, 0.86), at(0, 0.44)))
    case = [at(0.31, 0.44), at(1.06, 0.45), at(1.12, 0.4), at(1.06, 0.31), at(0.4, 0.31), at(0.31, 0.36)]
    paper.path(
        smooth(case, tension=0.3),
        paper.linear(((0, mix(black, shine, 0.6), 1), (1, black, 1)), at(0, 0.45), at(0, 0.31)),
    )
    left = min(at(0.2, 0)[0], at(0.36, 0)[0])
    paper.rect(left, feet - tall * 0.37, tall * 0.16, tall * 0.035, black)
    paper.rect(left, feet - tall * 0.385, tall * 0.16, tall * 0.016, lit(film, "#f4f1e8"))
    desk = [at(0.4, 0.44), at(0.46, 0.57), at(0.475, 0.57), at(0.42, 0.44)]
    paper.path(smooth(desk, tension=0.0), lit(film, "#f2ecdc"))
