"""Ground: what figures stand on, for places that would leave them on water or in the air."""

from __future__ import annotations

from .colour import mix
from .filmset import FilmSet
from .paper import smooth
from .perspective import Lens
from .shapes import blades


def level(film: FilmSet, far: str, near: str, y: float, depth: float = 0.9, name: str = "ground") -> None:
    """A flat ground from y down to the frame's foot, far and near colours."""
    paper = film.sheet(name, depth, y - 2, film.bottom)
    fill = paper.linear(((0, far, 1), (0.35, mix(far, near, 0.6), 1), (1, near, 1)), (0, y), (0, film.h))
    paper.rect(film.left, y - 2, paper.width, paper.height + 4, fill)


def knoll(film: FilmSet, colour: str, crown: str, *, grass: bool = True) -> None:
    """A mound under the figures, with an edge of light and some grass."""
    if not film.cast or film.near:
        return
    chance = film.rng("knoll")
    y = film.feet
    x = film.subject
    paper = film.sheet("knoll", 0.98, y - film.tall * 0.2 - 40, film.bottom)
    slope = max(40.0, film.tall * 0.16)
    points = [
        (film.left - 60, y + slope * chance.uniform(1.4, 2.4)),
        (x - film.w * 0.34, y + slope * 0.7),
        (x - film.w * 0.1, y + 2),
        (x + film.w * 0.1, y + 4),
        (x + film.w * 0.36, y + slope * 0.75),
        (film.right + 60, y + slope * chance.uniform(1.5, 2.6)),
    ]
    bottom = f"L{film.right + 60:.0f} {film.bottom:.0f}L{film.left - 60:.0f} {film.bottom:.0f}Z"
    fill = paper.linear(((0, colour, 1), (1, film.palette.ink, 1)), (0, y), (0, min(film.h, y + film.h * 0.25)))
    paper.path(smooth(points, closed=False) + bottom, fill)
    paper.stroke(smooth(points, closed=False), crown, 2.2, 0.7)
    if grass:
        size = max(10.0, film.tall * 0.07)
        for left, right, drop in ((-0.3, -0.12, 0.4), (-0.1, 0.1, 0.05), (0.12, 0.32, 0.42)):
            data = blades(chance, x + left * film.w, x + right * film.w, y + slope * drop + 5, size, 34)
            paper.path(data, colour)


def paved(film: FilmSet, far: str, near: str, y: float, depth: float = 0.95, tiles: float = 1.6) -> None:
    """A paved ground from y down, its joints running to the vanishing point."""
    paper = film.sheet("paving", depth, y - 2, film.bottom)
    fill = paper.linear(((0, far, 1), (1, near, 1)), (0, y), (0, film.h))
    paper.rect(film.left, y - 2, paper.width, paper.height + 4, fill)
    lens = Lens(film.w / 2, film.horizon, max(1.0, (film.feet - film.horizon)) * 4 / 1.6)
    joint = mix(near, film.palette.haze, 0.22)
    lines = []
    low = max(2.0, film.bottom - film.horizon)
    nearest = 1.6 * lens.focal / low
    farthest = 1.6 * lens.focal / max(3.0, y - film.horizon)
    for index in range(-14, 15):
        a, b = lens.at(index * tiles, 0, nearest), lens.at(index * tiles, 0, farthest)
        lines.append(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}")
    z = nearest
    while z < farthest and len(lines) < 70:
        row = lens.at(0, 0, z)[1]
        lines.append(f"M{film.left:.1f} {row:.1f}H{film.right:.1f}")
        z += tiles
    paper.stroke("".join(lines), joint, 1.3, 0.4)


def promenade(film: FilmSet) -> None:
    """A paved bank under the figures, with a railing between them and the water."""
    if not film.cast or film.near:
        return
    colours = film.palette
    edge = film.feet - film.tall * 0.12
    paved(film, mix(colours.shade(0.7), colours.haze, 0.14), colours.ink, edge)
    tall = film.tall * 0.46
    top = edge - tall
    paper = film.sheet("railing", 0.94, top - 12, edge + 10)
    dark = mix(colours.ink, colours.sky[1], 0.14)
    lit = mix(dark, colours.light, 0.35)
    paper.rect(film.left, edge - tall * 0.07, paper.width, tall * 0.07 + 6, mix(dark, colours.haze, 0.16))
    for up, thick in ((0.0, 0.045), (0.3, 0.02), (0.58, 0.02)):
        paper.rect(film.left, top + tall * up, paper.width, max(1.4, tall * thick), dark)
    paper.rect(film.left, top, paper.width, max(1.0, tall * 0.012), lit, 0.8)
    gap = tall * 0.95
    x = film.left + gap * 0.3
    while x < film.right:
        wide = max(2.0, tall * 0.04)
        paper.rect(x - wide / 2, top - tall * 0.05, wide, tall * 1.05, dark)
        paper.ellipse(x, top - tall * 0.05, wide * 0.9, wide * 0.9, dark)
        x += gap
