"""Windows that hang in the dark, each with light behind it."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..stand import lit

WORDS = "window, windows, lit window, windowpane, lit square"


def draw(film: FilmSet) -> None:
    if film.reading.place not in ("abstract", "field", "forest", "desert", "space", "sea", "tunnel"):
        return  # other places have windows of their own
    chance, colours = film.rng("windows"), film.palette
    for index, (fx, fy, size) in enumerate(((0.24, 0.2, 0.12), (0.74, 0.26, 0.16), (0.5, 0.1, 0.09))):
        wide, x, y = size * film.short, fx * film.w, fy * film.h
        if film.near and abs(x - film.w / 2) < film.w * 0.2:
            continue
        glow = film.part(
            f"window-glow-{index}",
            0.4,
            (x - wide * 2, y - wide * 2, wide * 4, wide * 4),
            0.2,
            kick=0.3,
            phase=index * 2.0,
            breathe=0.2,
        )
        glow.glow(x, y, wide * 1.8, colours.lamp, 0.5)
        paper = film.part(
            f"window-{index}",
            0.42,
            (x - wide * 0.6, y - wide * 0.85, wide * 1.2, wide * 1.7),
            bob=4.0,
            bob_rate=0.1 + 0.03 * index,
        )
        paper.rect(x - wide * 0.55, y - wide * 0.8, wide * 1.1, wide * 1.6, lit(film, "#4a3a34"), 1.0, 4)
        for row in (0, 1):
            for column in (0, 1):
                tint = mix(colours.lamp, "#ffffff", chance.uniform(0.2, 0.6))
                paper.rect(
                    x - wide * 0.48 + column * wide * 0.5,
                    y - wide * 0.72 + row * wide * 0.74,
                    wide * 0.46,
                    wide * 0.7,
                    tint,
                )
