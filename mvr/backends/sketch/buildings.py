"""Buildings: skylines and walls with windows, for the places of a city."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .colour import mix
from .paper import Paper
from .perspective import Lens


@dataclass(frozen=True)
class Bricks:
    """Colours of a row of buildings: top and foot of the walls, windows lit and dark, how many windows are lit."""

    top: str
    foot: str
    lit: str
    dim: str
    share: float


def skyline(
    paper: Paper,
    chance: random.Random,
    x0: float,
    x1: float,
    base: float,
    height: tuple[float, float],
    width: tuple[float, float],
    bricks: Bricks,
    *,
    grid: float = 0.0,
) -> None:
    """A row of towers from x0 to x1 standing on y = base. grid: units from window to window; 0: none."""
    x = x0 - chance.uniform(0, width[0])
    while x < x1:
        wide = chance.uniform(*width)
        tall = height[0] + (height[1] - height[0]) * chance.random() ** 1.7
        _tower(paper, chance, x, base, wide, tall, bricks)
        if grid:
            _windows(paper, chance, x, base, wide, tall, bricks, grid)
        x += wide * chance.uniform(0.82, 1.12)


def _tower(
    paper: Paper, chance: random.Random, x: float, base: float, wide: float, tall: float, bricks: Bricks
) -> None:
    top = base - tall
    fill = paper.linear(((0, bricks.top, 1.0), (0.75, mix(bricks.top, bricks.foot, 0.6), 1.0), (1, bricks.foot, 1.0)),
                        (0, base - max(tall, 300)), (0, base))  # fmt: skip
    kind = chance.random()
    if kind < 0.2 and tall > 160:
        step, up = wide * 0.17, tall * 0.1
        data = (
            f"M{x:.1f} {base:.1f}V{top + 2 * up:.1f}h{step:.1f}V{top + up:.1f}h{step:.1f}V{top:.1f}"
            f"h{wide - 4 * step:.1f}V{top + up:.1f}h{step:.1f}V{top + 2 * up:.1f}h{step:.1f}V{base:.1f}Z"
        )
    elif kind < 0.34:
        data = f"M{x:.1f} {base:.1f}V{top + wide * 0.3:.1f}L{x + wide:.1f} {top:.1f}V{base:.1f}Z"
    else:
        data = f"M{x:.1f} {base:.1f}V{top:.1f}h{wide:.1f}V{base:.1f}Z"
    paper.path(data, fill)
    middle = x + wide / 2
    if kind < 0.12 or kind > 0.9:
        mast = tall * chance.uniform(0.1, 0.22)
        paper.rect(middle - wide * 0.02 - 0.8, top - mast, wide * 0.04 + 1.6, mast + 2, bricks.top)
        paper.rect(middle - wide * 0.09, top - mast * 0.2, wide * 0.18, mast * 0.2 + 2, bricks.top)
    elif 0.5 < kind < 0.66:
        paper.rect(x + wide * 0.2, top - wide * 0.12, wide * 0.25, wide * 0.13, bricks.top)
        paper.rect(x + wide * 0.62, top - wide * 0.07, wide * 0.2, wide * 0.08, bricks.top)


def _windows(
    paper: Paper, chance: random.Random, x: float, base: float, wide: float, tall: float, bricks: Bricks, grid: float
) -> None:
    columns, rows = int((wide - grid * 0.6) / grid), int(tall * 0.93 / (grid * 1.25))
    if columns < 1:
        return
    side = (wide - columns * grid) / 2
    slab = chance.random() < 0.3
    lit: list[str] = []
    dim: list[str] = []
    for row in range(rows):
        y = base - tall + grid * (1.1 + row * 1.25)
        if y > base - grid:
            break
        floor_lit = chance.random() < bricks.share * 0.7
        for column in range(columns):
            left = x + side + column * grid + grid * 0.2
            box = (
                f"M{left:.1f} {y:.1f}h{grid * (0.86 if slab else 0.55):.1f}"
                f"v{grid * (0.5 if slab else 0.72):.1f}h-{grid * (0.86 if slab else 0.55):.1f}z"
            )
            shine = floor_lit and chance.random() < 0.8 if slab else chance.random() < bricks.share
            (lit if shine else dim).append(box)
    if dim:
        paper.path("".join(dim), bricks.dim, 0.35)
    if lit:
        half = len(lit) // 2
        paper.path("".join(lit[:half]), bricks.lit, 0.95)
        paper.path("".join(lit[half:]), bricks.lit, 0.6)


def wall(
    paper: Paper,
    lens: Lens,
    chance: random.Random,
    x: float,
    z0: float,
    z1: float,
    tall: float,
    bricks: Bricks,
    columns: int,
    rows: int,
) -> None:
    """One house front along a street at x metres, from z0 (near) to z1, with lit shop windows at its foot."""
    near_top, far_top = lens.at(x, tall, z0), lens.at(x, tall, z1)
    fill = paper.linear(((0, bricks.top, 1.0), (1, bricks.foot, 1.0)), (near_top[0], 0), (far_top[0], 0))
    paper.path(lens.quad((x, 0, z0), (x, tall, z0), (x, tall, z1), (x, 0, z1)), fill)
    cornice = lens.quad(
        (x, tall + 0.25, z0),
        (x * 0.985, tall + 0.25, z0),
        (x * 0.985, tall + 0.25, z1),
        (x, tall - 0.15, z1),
        (x, tall - 0.15, z0),
    )
    paper.path(cornice, mix(bricks.top, bricks.lit, 0.12))
    step, floor = (z1 - z0) / columns, (tall - 4.2) / rows
    lit: list[str] = []
    dim: list[str] = []
    for row in range(rows):
        low = 4.2 + row * floor + floor * 0.22
        for column in range(columns):
            a, b = z0 + (column + 0.24) * step, z0 + (column + 0.76) * step
            data = lens.quad((x, low, a), (x, low + floor * 0.58, a), (x, low + floor * 0.58, b), (x, low, b))
            (lit if chance.random() < bricks.share else dim).append(data)
    paper.path("".join(dim), bricks.dim, 0.5)
    for index, data in enumerate(lit):
        paper.path(data, bricks.lit, (0.9, 0.55, 0.75)[index % 3])
    for column in range(max(1, columns // 2)):
        width = (z1 - z0) / max(1, columns // 2)
        a, b = z0 + (column + 0.12) * width, z0 + (column + 0.88) * width
        shop = lens.quad((x, 0.35, a), (x, 2.9, a), (x, 2.9, b), (x, 0.35, b))
        open_ = chance.random() < 0.3 + bricks.share
        paper.path(shop, bricks.lit if open_ else bricks.dim, 0.85 if open_ else 0.6)
        awning = lens.quad((x, 3.2, a), (x * 0.9, 2.75, a), (x * 0.9, 2.75, b), (x, 3.2, b))
        paper.path(awning, mix(bricks.top, bricks.lit, 0.3 if open_ else 0.1))
