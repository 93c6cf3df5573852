"""A city seen from across the water: three rows of towers, their lights, and what the water gives back."""

from __future__ import annotations

from ..buildings import Bricks, skyline
from ..colour import mix
from ..filmset import FilmSet
from ..ground import promenade
from ..light import wet_ground

WORDS = "city, skyline, downtown, metropolis, town, urban, skyscraper, tower, building, cityscape, futuristic city"
RANK = 1
SKY = True


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("city")
    base = film.horizon + 6
    tall = film.h * 0.5
    share = {"night": 0.5, "dusk": 0.4, "dawn": 0.16, "day": 0.04}[film.reading.time]
    for name, depth, low, high, wide, grid in (
        ("towers-far", 0.14, 0.18, 0.62, (34, 80), 0.0),
        ("towers-middle", 0.3, 0.12, 0.66, (50, 120), 9.0),
        ("towers-near", 0.5, 0.06, 0.4, (70, 170), 13.0),
    ):
        body = colours.shade(depth + 0.16)
        foot = mix(colours.shade(max(0.0, depth - 0.05)), colours.haze, 0.35)
        lit = mix(colours.lamp, body, 0.32 if depth < 0.4 else 0.12)
        bricks = Bricks(body, foot, lit, mix(body, colours.haze, 0.3), share)
        paper = film.sheet(name, depth, base - tall * high - 160, base + 4, detail=1.0 if grid else 0.5)
        skyline(paper, chance, film.left, film.right, base, (tall * low, tall * high), wide, bricks, grid=grid)
    _glow(film, base)
    _water(film, base)
    promenade(film)
    if film.cast and not film.near and film.reading.wet:
        wet_ground(film, film.feet - film.tall * 0.1)


def _glow(film: FilmSet, base: float) -> None:
    colours = film.palette
    paper = film.sheet("city-glow", 0.4, base - film.h * 0.25, base + 60, detail=0.2, breathe=0.2, kick=0.25)
    if colours.dark:
        chance = film.rng("city-glow")
        for _ in range(7):
            tint = chance.choice((colours.lamp, colours.accent, colours.second))
            paper.glow(chance.uniform(film.left, film.right), base - 40, chance.uniform(160, 320), tint, 0.34, 0.7)
    paper.glow(film.w / 2, base, film.w * 0.7, colours.haze, 0.4, 0.16)


def _water(film: FilmSet, base: float) -> None:
    colours, chance = film.palette, film.rng("water")
    paper = film.sheet("water", 0.75, base - 2, film.bottom)
    top, deep = mix(colours.haze, colours.sky[2], 0.5), mix(colours.ink, colours.sky[0], 0.45)
    paper.rect(
        film.left,
        base - 2,
        paper.width,
        paper.height + 4,
        paper.linear(
            ((0, mix(top, colours.ink, 0.25), 1), (0.3, mix(top, deep, 0.6), 1), (1, deep, 1)), (0, base), (0, film.h)
        ),
    )
    gleam = film.sheet("gleam", 0.75, base, film.bottom, detail=0.5, breathe=0.25)
    rows = 46
    for row in range(rows):
        share = (row / rows) ** 1.7
        y = base + 4 + (film.bottom - base) * share
        for _ in range(5):
            x = chance.uniform(film.left, film.right)
            near_light = max(0.0, 1 - abs(x - film.light[0]) / (film.w * 0.3))
            tint = (
                colours.light
                if chance.random() < near_light
                else chance.choice((colours.lamp, colours.accent, colours.haze))
            )
            wide = chance.uniform(14, 70) * (0.5 + 1.6 * share)
            gleam.ellipse(x, y, wide, 0.8 + 2.6 * share, tint, chance.uniform(0.12, 0.5) * (1 - 0.5 * share))
