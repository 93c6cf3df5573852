"""No place at all: discs, arcs and ribbons in the palette, for what the words leave open."""

from __future__ import annotations

import math

from ..colour import mix
from ..filmset import FilmSet
from ..paper import smooth

WORDS = "abstract, geometric, geometry, shapes, pattern, void, nothing, kaleidoscope"
RANK = 0
SKY = False


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("abstract")
    film.mood["indoor"] = True
    paper = film.sheet("sky", 0.0, detail=0.25, opaque=True)
    top, upper, lower, horizon = colours.sky
    paper.rect(
        film.left,
        film.top,
        paper.width,
        paper.height,
        paper.linear(
            ((0, top, 1), (0.45, upper, 1), (0.8, lower, 1), (1, horizon, 1)),
            (0, 0),
            (film.w * chance.uniform(-0.3, 0.3), film.h),
        ),
    )
    x, y = film.w * (0.5 + film.side * -0.12), film.h * chance.uniform(0.3, 0.42)
    radius = film.short * chance.uniform(0.26, 0.36)
    glow = film.sheet("glow", 0.15, detail=0.2, breathe=0.2, kick=0.35)
    glow.glow(x, y, radius * 2.6, mix(colours.light, colours.accent, 0.3), 0.75)
    disc = film.part("disc", 0.2, (x - radius - 4, y - radius - 4, 2 * radius + 8, 2 * radius + 8))
    disc.ellipse(
        x,
        y,
        radius,
        radius,
        disc.linear(
            ((0, mix(colours.light, colours.accent, 0.12), 1), (1, colours.accent, 1)), (x, y - radius), (x, y + radius)
        ),
    )
    _rings(film, x, y, radius)
    _ribbons(film)
    film.drops("dust", 0.8, 70, colours.light, film.top, film.bottom, 1.1)


def _rings(film: FilmSet, x: float, y: float, radius: float) -> None:
    colours, chance = film.palette, film.rng("rings")
    reach = radius * 2.9
    for turn, depth in ((0, 0.3), (1, 0.42)):
        rings = film.part(f"rings-{turn}", depth, (x - reach, y - reach, 2 * reach, 2 * reach), bob=5.0, bob_rate=0.11)
        for step in range(3):
            size = radius * (1.25 + 0.28 * step + 0.14 * turn)
            start = chance.uniform(0, 2 * math.pi)
            sweep = chance.uniform(0.9, 3.6)
            sx, sy = x + math.cos(start) * size, y + math.sin(start) * size
            ex, ey = x + math.cos(start + sweep) * size, y + math.sin(start + sweep) * size
            data = f"M{sx:.1f} {sy:.1f}A{size:.1f} {size:.1f} 0 {int(sweep > math.pi)} 1 {ex:.1f} {ey:.1f}"
            tint = chance.choice((colours.light, colours.second, colours.accent))
            rings.stroke(data, tint, chance.choice((1.5, 2.5, 6.0)), 0.75)
            rings.ellipse(ex, ey, 7, 7, tint)


def _ribbons(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("ribbons")
    tints = (
        colours.second,
        mix(colours.accent, colours.ink, 0.35),
        mix(colours.sky[1], colours.ink, 0.35),
        colours.ink,
    )
    for index, tint in enumerate(tints):
        depth = 0.4 + 0.24 * index
        y = film.h * (0.6 + 0.11 * index)
        paper = film.sheet(f"ribbon-{index}", depth, y - film.h * 0.12, film.bottom, groove=4.0 + 3 * index)
        height = film.h * 0.06
        points = [
            (
                film.left + (paper.width + 200) * step / 5 - 100,
                y + math.sin(step * chance.uniform(1.1, 1.9) + index * 2) * height,
            )
            for step in range(6)
        ]
        bottom = f"L{film.right + 120:.0f} {film.bottom:.0f}L{film.left - 120:.0f} {film.bottom:.0f}Z"
        lit = mix(tint, colours.light, 0.22 * (1 - index / 4))
        fill = paper.linear(((0, lit, 1), (1, mix(tint, colours.ink, 0.5), 1)), (0, y - height), (0, y + film.h * 0.24))
        paper.path(smooth(points, closed=False) + bottom, fill)
        paper.stroke(smooth(points, closed=False), mix(lit, colours.light, 0.5), 2.2, 0.7)
