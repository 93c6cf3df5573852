"""A desert: dunes with lit and shaded flanks, mesas on the horizon, heat."""

from __future__ import annotations

import math

from ..colour import mix
from ..filmset import FilmSet
from ..paper import Paper, Point, smooth
from ..shapes import below, ridge

WORDS = "desert, dune, sahara, wasteland, mesa, arid, oasis, badlands, cactus, mars"
RANK = 1
SKY = True


def draw(film: FilmSet) -> None:
    colours = film.palette
    sand = mix("#e0a25c", colours.haze, 0.3)
    _mesas(film)
    top, low = film.horizon, film.h
    for index in range(5):
        share = index / 4
        depth = 0.25 + 0.75 * share
        y = top + (low - top) * (0.02 + 0.72 * share**1.25)
        _dune(film, index, y, (low - top) * (0.1 + 0.16 * share), depth, sand)


def _mesas(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("mesas")
    base = film.horizon + 14
    paper = film.sheet("mesas", 0.12, base - film.h * 0.16, base + 6, detail=0.5)
    body = colours.shade(0.3)
    points: list[Point] = [(film.left, base)]
    x = film.left
    while x < film.right:
        wide, tall = chance.uniform(50, 190), film.h * chance.uniform(0.02, 0.12)
        points += [
            (x, base),
            (x + wide * 0.12, base - tall * 0.5),
            (x + wide * 0.16, base - tall),
            (x + wide * 0.8, base - tall * chance.uniform(0.9, 1.05)),
            (x + wide * 0.88, base - tall * 0.45),
            (x + wide, base),
        ]
        x += wide + chance.uniform(20, 240)
    paper.path(
        below(points, base + 6),
        paper.linear(((0, body, 1), (1, mix(body, colours.haze, 0.7), 1)), (0, base - film.h * 0.12), (0, base)),
    )


def _dune(film: FilmSet, index: int, y: float, height: float, depth: float, sand: str) -> None:
    """One dune: a crest line, the flank in light, the flank in shade."""
    colours, chance = film.palette, film.rng(f"dune-{index}")
    paper = film.sheet(f"dune-{index}", depth, y - height * 1.1, film.bottom)
    lit = mix(
        mix(sand, colours.light, 0.3), colours.shade(depth), 0.18 + 0.42 * depth * (1.25 if colours.dark else 0.75)
    )
    dark = mix(colours.shade(min(1.0, depth + 0.12)), sand, 0.2)
    phase, length = chance.uniform(0, 6.28), max(film.w, 900) * chance.uniform(0.75, 1.25)
    crest = []
    x = film.left - 120
    while x < film.right + 140:
        crest.append(
            (
                x,
                y
                - height
                * (0.42 + 0.42 * math.sin(phase + x / length * 6.28) + 0.12 * math.sin(phase * 2 + x / length * 14)),
            )
        )
        x += 46
    foot = f"L{film.right + 140:.0f} {film.bottom:.0f}L{film.left - 120:.0f} {film.bottom:.0f}Z"
    fill = paper.linear(((0, lit, 1), (1, mix(lit, dark, 0.75), 1)), (0, y - height), (0, y + height * 1.7))
    paper.path(smooth(crest, closed=False) + foot, fill)
    side = 1 if film.light[0] > film.w / 2 else -1
    for at in range(2, len(crest) - 2):
        if crest[at][1] < crest[at - 1][1] and crest[at][1] <= crest[at + 1][1]:
            _lee(paper, crest, at, -side, height, dark)
    paper.stroke(smooth(crest, closed=False), mix(colours.light, lit, 0.35), 1.6 + depth, 0.6)
    if index == 4:
        ripples = ridge(chance, film.left, film.right, y + height * 1.3, 6, 5)
        for step in range(6):
            moved = [(px, py + step * 26 * (1 + step * 0.2)) for px, py in ripples[::2]]
            paper.stroke(smooth(moved, closed=False), dark, 2.0, 0.25)


def _lee(paper: Paper, crest: list[Point], at: int, way: int, height: float, dark: str) -> None:
    """The flank that falls away from the light: from the peak down the crest, closed by the dune's curved edge."""
    run = [crest[at]]
    step = at
    while 0 <= step + way < len(crest) and crest[step + way][1] >= crest[step][1] - 0.5:
        step += way
        run.append(crest[step])
    (px, py), (ex, ey) = run[0], run[-1]
    reach = abs(ex - px)
    if reach < 90:
        return
    edge = (
        f"C{ex - way * reach * 0.1:.1f} {ey + height * 0.9:.1f} {px + way * reach * 0.5:.1f} "
        f"{py + height * 1.6:.1f} {px + way * reach * 0.08:.1f} {py + height * 1.9:.1f}"
    )
    back = (
        f"C{px + way * reach * 0.3:.1f} {py + height * 1.1:.1f} {px - way * reach * 0.1:.1f} "
        f"{py + height * 0.55:.1f} {px:.1f} {py:.1f}Z"
    )
    fill = paper.linear(((0, dark, 0.95), (0.6, dark, 0.6), (1, dark, 0.0)), (px, py), (px, py + height * 1.9))
    paper.path(smooth(run, closed=False) + edge + back, fill)
