"""A field: rolling hills, a lone tree, tall grass and flowers before the lens."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..paper import smooth
from ..shapes import below, blades, hills, tree

WORDS = (
    "field, meadow, prairie, hill, wheat, grass, farm, countryside, garden, park, orchard, pasture, lawn, "
    "vineyard, barn, savanna"
)
HINTS = "flower, horse, sheep, scarecrow"
RANK = 1
SKY = True


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("field")
    snow = film.reading.weather == "snow"
    local = "#e3e9f0" if snow else mix("#7fa83f", colours.accent, chance.uniform(0.02, 0.2))
    top, low = film.horizon, film.h
    for index in range(4):
        share = index / 3
        depth = 0.18 + 0.72 * share
        y = top + (low - top) * (-0.02 + 0.44 * share**1.2)
        height = film.h * (0.06 - 0.012 * index)
        paper = film.sheet(f"hill-{index}", depth, y - height * 2.4, film.bottom)
        points = hills(chance, film.left, film.right, y, height, 4)
        body = colours.far(mix(local, colours.ink, 0.1 * index), 0.25 + 0.7 * depth)
        lit = mix(body, colours.light, 0.26 if not colours.dark else 0.14)
        fill = paper.linear(
            ((0, lit, 1), (1, mix(body, colours.ink, 0.25 + 0.15 * share), 1)), (0, y - height), (0, y + film.h * 0.2)
        )
        paper.path(below(points, film.bottom, soft=True), fill)
        paper.stroke(smooth(points, closed=False), mix(lit, colours.light, 0.35), 1.4, 0.5)
        if index == 1:
            _tree(film, y - height * 0.2)
        if not snow and index > 1:
            tufts = film.sheet(f"grass-{index}", depth + 0.03, y - 20, film.bottom)
            for _ in range(70):
                away = chance.random() ** 1.4
                base = y + height * 0.7 + away * film.h * 0.3
                x, size = chance.uniform(film.left, film.right), 12 + 44 * away * share
                tint = mix(body, colours.light if chance.random() < 0.4 else colours.ink, 0.16)
                tufts.path(blades(chance, x - size * 0.6, x + size * 0.6, base, size, 5), tint, 0.7)


def _tree(film: FilmSet, base: float) -> None:
    colours, chance = film.palette, film.rng("lone-tree")
    x = film.w * (0.76 if film.side < 0 else 0.24) + chance.uniform(-30, 30)
    tall = film.h * chance.uniform(0.15, 0.22)
    paper = film.part("tree", 0.42, (x - tall * 0.7, base - tall * 1.25, tall * 1.4, tall * 1.4), sway=0.006)
    leaf = colours.far(mix("#4f7a35", colours.ink, 0.12), 0.78)
    tree(paper, chance, x, base + 8, tall, leaf, mix(leaf, colours.light, 0.3), colours.shade(0.6))


def front(film: FilmSet) -> None:
    """Tall grass and flowers close to the lens."""
    if film.near:
        return
    colours, chance = film.palette, film.rng("field-front")
    paper = film.sheet("tall-grass", 1.3, film.h * 0.8, film.bottom, sway=0.02)
    dark = colours.shade(0.97)
    paper.path(blades(chance, film.left, film.right, film.bottom, 250, 120), dark)
    paper.path(blades(chance, film.left, film.right, film.bottom, 200, 70), mix(dark, colours.accent, 0.16))
    for _ in range(15):
        x, y = chance.uniform(film.left, film.right), film.bottom - chance.uniform(150, 235)
        paper.stroke(f"M{x:.1f} {y:.1f}Q{x + 6:.1f} {y + 80:.1f} {x - 10:.1f} {film.bottom:.1f}", dark, 3)
        tint = chance.choice((colours.accent, colours.second, colours.lamp))
        size = chance.uniform(7, 12)
        for turn in range(5):
            paper.raw(
                f'<ellipse cx="{x:.1f}" cy="{y - size * 0.9:.1f}" rx="{size * 0.55:.1f}" ry="{size:.1f}" '
                f'fill="{mix(tint, colours.ink, 0.12)}" '
                f'transform="rotate({72 * turn} {x:.1f} {y:.1f})"/>'
            )
        paper.ellipse(x, y, size * 0.45, size * 0.45, mix(colours.lamp, colours.ink, 0.2))
