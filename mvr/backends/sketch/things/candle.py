"""A candle with its flame."""

from __future__ import annotations

from ..filmset import FilmSet
from ..paper import smooth
from ..stand import aside, lit

WORDS = "candle, candles, candlelight, small flame, flame stands"


def draw(film: FilmSet) -> None:
    x, y, tall, depth = aside(film, 0.22)
    glow = film.part(
        "candle-glow", depth, (x - tall * 1.2, y - tall * 1.5, tall * 2.4, tall * 2.2), 0.2, flicker=0.25, kick=0.2
    )
    glow.glow(x, y - tall * 0.4, tall * 1.05, "#ffb35a", 0.7)
    papers = film.cycle("candles", depth, (x - tall * 0.3, y - tall * 0.62, tall * 0.6, tall * 0.64), 4, rate=7.0)
    chance = film.rng("candle")
    for paper in papers:
        for px, high in ((0.0, 0.3), (-0.13, 0.2), (0.12, 0.15)):
            cx, top = x + px * tall, y - high * tall
            wax = paper.linear(((0, "#fff1cf", 1), (1, lit(film, "#d8b98c"), 1)), (0, top), (0, y))
            paper.rect(cx - tall * 0.035, top, tall * 0.07, high * tall, wax, 1.0, tall * 0.012)
            lean = chance.uniform(-0.014, 0.014) * tall
            up = tall * chance.uniform(0.085, 0.11)
            for size, tint in ((1.0, "#ff9a3c"), (0.55, "#fff2b0")):
                points = [(cx, top + tall * 0.004), (cx - tall * 0.022 * size, top - up * 0.32 * size),
                          (cx + lean * size, top - up * size),
                          (cx + tall * 0.022 * size, top - up * 0.32 * size)]  # fmt: skip
                paper.path(smooth(points), tint)
