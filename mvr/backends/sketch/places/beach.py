"""A beach: the sea, lines of foam, wet and dry sand, and palms that lean into the frame."""

from __future__ import annotations

import math

from ..colour import mix
from ..filmset import FilmSet
from ..paper import Paper, smooth
from .sea import water

WORDS = "beach, shore, sand, coast, palm, tropical, seaside, bay, dune beach, lagoon"
RANK = 2
SKY = True


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("beach")
    edge = max(film.horizon + film.h * 0.12, min(film.h * 0.8, film.feet - film.tall * 0.16))
    water(film, film.horizon, edge + 60)
    sand = mix("#e6c79a", colours.haze, 0.35)
    near = mix(mix("#c49a68", colours.ink, 0.35 if not colours.dark else 0.6), colours.sky[1], 0.18)
    paper = film.sheet("sand", 0.95, edge - 40, film.bottom)
    line = [
        (film.left - 40 + step * (paper.width + 80) / 7, edge + 14 * math.sin(step * 1.7 + chance.uniform(0, 1)))
        for step in range(8)
    ]
    bottom = f"L{film.right + 60:.0f} {film.bottom:.0f}L{film.left - 60:.0f} {film.bottom:.0f}Z"
    lit = mix(sand, near, 0.35)
    for drop, tint, alpha in (
        (-16, mix(colours.light, sand, 0.3), 0.5),
        (0, mix(lit, colours.sky[1], 0.4), 1.0),
        (46, lit, 1.0),
    ):
        moved = [(x, y + drop) for x, y in line]
        fill = paper.linear(((0, tint, alpha), (1, near, 1)), (0, edge), (0, film.h)) if drop >= 0 else tint
        paper.path(smooth(moved, closed=False) + bottom, fill, alpha)
    foam = film.sheet("foam", 0.93, edge - 50, edge + 40, bob=7.0, bob_rate=0.13)
    foam.stroke(smooth([(x, y - 2) for x, y in line], closed=False), mix(colours.light, "#ffffff", 0.5), 5, 0.8)
    foam.stroke(smooth([(x + 30, y - 24) for x, y in line], closed=False), mix(colours.light, "#ffffff", 0.4), 2.4, 0.5)


def front(film: FilmSet) -> None:
    """Palms before the lens, on the free side."""
    if film.near:
        return
    colours, chance = film.palette, film.rng("palms")
    x0 = film.w * (1.04 if film.side < 0 else -0.04)
    paper = film.sheet("palms", 1.25, sway=0.008)
    for index in range(2):
        tall = film.h * (chance.uniform(0.5, 0.72) + (0.24 if film.cast > 1 else 0.0))  # no leaf before a face
        x = x0 - film.side * index * film.w * 0.07
        lean = film.side * film.w * chance.uniform(0.1, 0.24)
        top = (x + lean, film.h - tall)
        wide = film.short * 0.022
        paper.path(
            (
                f"M{x - wide:.1f} {film.bottom:.1f}Q{x + lean * 0.3 - wide * 0.6:.1f} "
                f"{film.h - tall * 0.55:.1f} {top[0] - wide * 0.4:.1f} {top[1]:.1f}"
                f"L{top[0] + wide * 0.4:.1f} {top[1]:.1f}Q{x + lean * 0.3 + wide:.1f} "
                f"{film.h - tall * 0.5:.1f} {x + wide:.1f} {film.bottom:.1f}Z"
            ),
            colours.shade(1.0),
        )
        _crown(paper, top, film.short * chance.uniform(0.26, 0.34), colours.shade(0.97), chance.uniform(0, 0.6))


def _crown(paper: Paper, top: tuple[float, float], size: float, colour: str, turn: float) -> None:
    for leaf in range(9):
        angle = math.pi * (1.02 + 0.96 * leaf / 8) + turn * 0.2
        reach = size * (0.8 + 0.25 * math.sin(leaf * 2.1))
        dx, dy = math.cos(angle) * reach, math.sin(angle) * reach * 0.5
        droop = size * 0.42 * abs(math.cos(angle)) + size * 0.1
        tip = (top[0] + dx, top[1] + dy + droop)
        middle = (top[0] + dx * 0.55, top[1] + dy - size * 0.12)
        wide = size * 0.1
        paper.path(
            f"M{top[0]:.1f} {top[1]:.1f}Q{middle[0]:.1f} {middle[1] - wide:.1f} {tip[0]:.1f} {tip[1]:.1f}"
            f"Q{middle[0] - dx * 0.06:.1f} {middle[1] + wide * 1.3:.1f} {top[0]:.1f} {top[1]:.1f}Z",
            colour,
        )
        for step in range(2, 8):
            share = step / 8
            bx = (1 - share) ** 2 * top[0] + 2 * share * (1 - share) * middle[0] + share * share * tip[0]
            by = (1 - share) ** 2 * top[1] + 2 * share * (1 - share) * middle[1] + share * share * tip[1]
            paper.stroke(f"M{bx:.1f} {by:.1f}l{dx * 0.1:.1f} {size * 0.13 * (1.1 - share):.1f}", colour, size * 0.018)
