"""A forest: trunks behind trunks in mist, shafts of light between them, ferns before the lens."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..ground import level
from ..paper import Paper
from ..shapes import blades, crown, pine, shaft

WORDS = "forest, wood, woods, woodland, jungle, grove, pine, birch, foliage"
HINTS = "tree, leaf, wolf, deer"
RANK = 1
SKY = True


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("forest")
    snow = film.reading.weather == "snow"
    veil = film.sheet("veil", 0.1, detail=0.2)
    pale = mix(colours.haze, colours.light, 0.3)
    veil.rect(
        film.left,
        film.top,
        veil.width,
        veil.height,
        veil.linear(((0, pale, 0.15), (0.7, pale, 0.75), (1, pale, 0.9)), (0, 0), (0, film.horizon)),
    )
    back = film.sheet("pines-far", 0.2, film.horizon - film.h * 0.5, film.horizon + 40, detail=0.5)
    trees = [
        pine(chance, chance.uniform(film.left, film.right), film.horizon + 20, film.h * chance.uniform(0.2, 0.46))
        for _ in range(34)
    ]
    back.path(
        "".join(trees),
        back.linear(
            ((0, colours.shade(0.32), 1), (1, colours.shade(0.12), 1)),
            (0, film.horizon - film.h * 0.4),
            (0, film.horizon),
        ),
    )
    moss = mix("#4c6b43", colours.ink, 0.3)
    ground = mix("#dfe6ee", colours.sky[1], 0.25) if snow else colours.far(moss, 0.6)
    for index, (depth, count, wide) in enumerate(((0.3, 15, 18), (0.48, 10, 32), (0.7, 6, 56))):
        if index == 1:
            shafts(film)
        foot = film.horizon + (film.h - film.horizon) * (0.08 + 0.2 * index)
        paper = film.sheet(f"trunks-{index}", depth, None, foot + 60, detail=0.5 if index < 2 else 1.0)
        _trunks(film, paper, chance, count, wide, foot, colours.shade(depth + 0.06))
        level(
            film,
            mix(ground, colours.haze, 0.55 - 0.25 * index),
            mix(ground, colours.ink, 0.3 + 0.25 * index),
            foot,
            depth + 0.02,
            f"floor-{index}",
        )
        tufts = film.sheet(f"grass-{index}", depth + 0.04, foot - 30 - 20 * index, foot + 14)
        if not snow:
            tufts.path(
                blades(chance, film.left, film.right, foot + 6, 20 + 20 * index, 150),
                mix(ground, colours.ink, 0.25 + 0.2 * index),
            )
    film.drops(
        "fireflies" if film.reading.time == "night" else "dust",
        0.8,
        36,
        colours.lamp if film.reading.time == "night" else colours.light,
        film.h * 0.2,
        film.bottom,
    )


def _trunks(film: FilmSet, paper: Paper, chance: object, count: int, wide: float, foot: float, colour: str) -> None:
    import random

    assert isinstance(chance, random.Random)
    colours = film.palette
    side = 1 if film.light[0] > film.w / 2 else -1
    lit = mix(colour, colours.light, 0.28)
    for index in range(count):
        x = film.left + (index + chance.uniform(0.1, 0.9)) * (film.right - film.left) / count
        if wide > 40 and abs(x - film.subject) < film.w * 0.13:
            continue
        half = wide * chance.uniform(0.32, 0.62)
        lean = chance.uniform(-18, 18)
        data = (
            f"M{x - half * 1.9:.1f} {foot + 20:.1f}C{x - half:.1f} {foot - 30:.1f} "
            f"{x - half + lean * 0.3:.1f} {film.h * 0.3:.1f} {x - half * 0.8 + lean:.1f} {film.top:.1f}"
            f"L{x + half * 0.8 + lean:.1f} {film.top:.1f}C{x + half + lean * 0.3:.1f} {film.h * 0.3:.1f} "
            f"{x + half:.1f} {foot - 30:.1f} {x + half * 1.9:.1f} {foot + 20:.1f}Z"
        )
        fill = paper.linear(
            ((0, lit, 1), (0.35, colour, 1), (1, mix(colour, colours.ink, 0.3), 1)),
            (x + side * half, 0),
            (x - side * half, 0),
        )
        paper.path(data, fill)
        for _ in range(2):
            y = chance.uniform(film.h * 0.02, film.h * 0.42)
            way = chance.choice((-1, 1))
            reach = wide * chance.uniform(1.5, 3.2)
            paper.stroke(
                (
                    f"M{x + lean * 0.7:.1f} {y:.1f}q{way * reach * 0.5:.1f} {-reach * 0.16:.1f} {way * reach:.1f} "
                    f"{-reach * 0.55:.1f}"
                ),
                colour,
                wide * 0.1,
            )


def shafts(film: FilmSet) -> None:
    """Light that falls slantwise between the trunks."""
    colours, chance = film.palette, film.rng("forest-shafts")
    paper = film.sheet("light-shafts", 0.4, detail=0.2, breathe=0.35)
    x = film.light[0]
    lean = (0.5 - x / film.w) * 0.9
    strength = 0.3 if film.reading.time != "night" else 0.16
    for _ in range(7):
        start = (x + chance.uniform(-0.35, 0.35) * film.w, film.top)
        shaft(
            paper,
            start,
            lean + chance.uniform(-0.12, 0.12),
            film.h * chance.uniform(0.75, 1.1),
            30,
            chance.uniform(90, 230),
            colours.light,
            strength,
        )
    paper.glow(x, film.horizon - film.h * 0.25, film.short * 0.6, colours.light, 0.5)


def front(film: FilmSet) -> None:
    """Dark leaves at the edges of the frame, out of focus."""
    colours, chance = film.palette, film.rng("forest-front")
    paper = film.sheet("leaves", 1.35, None, film.h * 0.36, detail=0.5)
    dark = colours.shade(1.0)
    for side in (-1, 1):
        x = film.left if side < 0 else film.right
        for _ in range(5):
            y = chance.uniform(-0.04, 0.2) * film.h
            paper.path(
                crown(
                    chance, x - side * chance.uniform(-20, 130), y, chance.uniform(160, 300), chance.uniform(110, 200)
                ),
                dark,
            )
    if not film.near:
        grass = film.sheet("near-grass", 1.3, film.h * 0.86, film.bottom, sway=0.02)
        grass.path(blades(chance, film.left, film.right, film.bottom, 190 + film.h * 0.03, 70), dark)
