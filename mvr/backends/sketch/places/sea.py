"""The open sea: horizon, a path of light on the water, swell upon swell; and a rock or pier under the figures."""

from __future__ import annotations

import math

from ..colour import mix
from ..filmset import FilmSet
from ..ground import knoll
from ..paper import smooth
from ..things.boat import aboard, hull

WORDS = "sea, ocean, wave, tide, river, lighthouse, storm at sea, island, deep blue"
HINTS = "water, boat, ship, sail, swim, sailor"
RANK = 1
SKY = True


def draw(film: FilmSet) -> None:
    water(film, film.horizon)
    colours = film.palette
    if aboard(film):
        return
    knoll(film, colours.shade(0.85), mix(colours.shade(0.7), colours.light, 0.4), grass=False)


def front(film: FilmSet) -> None:
    if aboard(film):
        hull(film)


def water(film: FilmSet, top: float, bottom: float | None = None) -> None:
    """Water from y = top down, with the path of light and waves that grow towards the camera."""
    colours, chance = film.palette, film.rng("sea")
    low = film.bottom if bottom is None else bottom
    paper = film.sheet("sea", 0.3, top - 1, low)
    far = mix(mix(colours.sky[2], colours.haze, 0.55), colours.sky[0], 0.16)
    deep = mix(colours.sky[0], colours.ink, 0.35)
    stops = ((0, far, 1), (0.2, mix(far, deep, 0.45), 1), (0.65, mix(far, deep, 0.85), 1), (1, deep, 1))
    paper.rect(film.left, top - 1, paper.width, paper.height + 2, paper.linear(stops, (0, top), (0, film.h)))
    path = film.sheet("light-path", 0.4, top, low, detail=0.5, breathe=0.3)
    rows = 64
    for row in range(rows):
        share = (row / rows) ** 1.8
        y = top + 2 + (film.h - top) * share
        if y > low:
            break
        spread = film.w * (0.03 + 0.14 * share)
        for _ in range(3):
            x = film.light[0] + chance.gauss(0, 1) * spread
            path.ellipse(
                x,
                y,
                chance.uniform(8, 44) * (0.5 + 1.5 * share),
                0.7 + 2.4 * share,
                colours.light,
                chance.uniform(0.25, 0.85) * (1 - 0.45 * share),
            )
    for index in range(5):
        share = ((index + 1) / 5) ** 1.5
        y = top + (film.h - top) * (0.06 + 0.86 * share)
        if y < low:
            _swell(film, index, y, share, deep)


def _swell(film: FilmSet, index: int, y: float, share: float, deep: str) -> None:
    colours, chance = film.palette, film.rng(f"swell-{index}")
    height = 7 + 34 * share * (1.9 if film.reading.weather in ("storm", "wind") else 1.0)
    depth = 0.4 + 0.55 * share
    bottom = min(film.bottom, y + 60 + 200 * share)
    paper = film.sheet(
        f"swell-{index}", depth, y - height * 1.6, bottom, bob=2.0 + 5 * share, bob_rate=0.16 + 0.02 * index
    )
    phase, length = chance.uniform(0, 6.3), chance.uniform(210, 330) * (0.6 + share)
    points = []
    x = film.left - 80
    while x < film.right + 90:
        points.append((x, y - height * (0.5 + 0.5 * math.sin(phase + x / length * 6.283)) * chance.uniform(0.7, 1.1)))
        x += length / 5
    crest = mix(mix(colours.sky[2], colours.haze, 0.4), deep, 0.35 + 0.35 * share)
    fill = paper.linear(
        ((0, crest, 0.9), (0.4, mix(crest, deep, 0.7), 0.7), (1, deep, 0.0)), (0, y - height), (0, bottom)
    )
    data = smooth(points, closed=False)
    paper.path(f"{data}L{film.right + 90:.0f} {bottom:.0f}L{film.left - 80:.0f} {bottom:.0f}Z", fill)
    paper.stroke(data, mix(colours.light, crest, 0.4), 1.0 + 1.6 * share, 0.55)
