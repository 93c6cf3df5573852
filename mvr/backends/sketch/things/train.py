"""A train that passes behind, its windows lit."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet

WORDS = "train, railway, locomotive, subway, metro, tram, carriage, wagon, railroad, express"
OUTSIDE = True


def draw(film: FilmSet) -> None:
    if film.reading.place in ("station", "space", "underwater", "room", "club", "stage", "tunnel"):
        return
    colours = film.palette
    tall = film.h * 0.15
    base = min(film.h * 0.8, film.horizon + film.h * 0.07)
    way = -film.side
    body = mix(mix(colours.accent, colours.ink, 0.35), colours.haze, 0.18)
    rail = film.sheet("rail", 0.62, base - 2, base + 12)
    rail.rect(film.left, base, rail.width, 5, mix(colours.ink, colours.haze, 0.25))
    paper = film.sheet("train", 0.62, base - tall * 1.1, base + 4, travel=way * 60.0)
    long, gap = tall * 3.1, tall * 0.08
    x = film.left - long * (0.2 if way > 0 else 0.0)
    while x < film.right + long:
        lit = mix(body, colours.light, 0.3)
        fill = paper.linear(((0, lit, 1), (0.55, body, 1), (1, mix(body, colours.ink, 0.5), 1)),
                            (0, base - tall), (0, base))  # fmt: skip
        paper.rect(x, base - tall, long - gap, tall * 0.9, fill, 1.0, tall * 0.08)
        paper.rect(x, base - tall * 0.3, long - gap, tall * 0.06, mix(colours.light, body, 0.3))
        pane = mix(colours.lamp, "#ffffff", 0.35) if colours.dark else mix(colours.sky[2], colours.ink, 0.25)
        for index in range(7):
            left = x + long * (0.05 + index * 0.13)
            paper.rect(left, base - tall * 0.82, long * 0.09, tall * 0.36, pane, 0.95, tall * 0.04)
        for at in (0.14, 0.24, 0.72, 0.82):
            paper.ellipse(x + long * at, base - tall * 0.04, tall * 0.09, tall * 0.09, colours.ink)
        x += long
    if colours.dark:
        glow = film.sheet("train-light", 0.63, base - tall * 1.6, base + tall, detail=0.2, travel=way * 60.0, kick=0.2)
        glow.glow(film.w / 2, base - tall * 0.5, film.w * 0.8, colours.lamp, 0.3, 0.25)
