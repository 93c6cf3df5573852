"""A rooftop high above the city: parapet, water tank, aerials, and the skyline beyond."""

from __future__ import annotations

from ..buildings import Bricks, skyline
from ..colour import mix
from ..filmset import FilmSet
from ..ground import paved
from ..light import wet_ground

WORDS = "rooftop, roof, terrace, balcony, fire escape, ledge, parapet, helipad"
RANK = 3
SKY = True


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("rooftop")
    share = {"night": 0.5, "dusk": 0.4, "dawn": 0.15, "day": 0.04}[film.reading.time]
    edge = film.feet - film.tall * 0.1 if not film.near else film.h * 0.78
    edge = max(edge, film.horizon + film.h * 0.08)
    base = film.h * 0.99
    for name, depth, low, high, wide, grid in (
        ("towers-far", 0.12, 0.42, 0.66, (34, 84), 0.0),
        ("towers-middle", 0.26, 0.36, 0.56, (60, 130), 9.0),
        ("towers-near", 0.42, 0.28, 0.46, (90, 190), 13.0),
    ):
        body = colours.shade(depth + 0.12)
        bricks = Bricks(
            body, mix(body, colours.haze, 0.55), mix(colours.lamp, body, 0.2), mix(body, colours.haze, 0.3), share
        )
        paper = film.sheet(name, depth, film.h * (0.99 - high) - 160, edge + 60, detail=1.0 if grid else 0.5)
        skyline(paper, chance, film.left, film.right, base, (film.h * low, film.h * high), wide, bricks, grid=grid)
        paper.rect(film.left, base - 4, paper.width, film.bottom - base + 8, bricks.foot)
    glow = film.sheet("city-glow", 0.4, film.h * 0.4, edge + 60, detail=0.2, breathe=0.2, kick=0.25)
    glow.glow(film.w / 2, film.h * 0.74, film.w * 0.8, mix(colours.haze, colours.lamp, 0.3), 0.5, 0.4)
    _tank(film, edge)
    paved(film, mix(colours.shade(0.75), colours.haze, 0.12), colours.ink, edge)
    _parapet(film, edge)
    if film.reading.wet:
        wet_ground(film, edge + 10)


def _parapet(film: FilmSet, edge: float) -> None:
    colours = film.palette
    tall = min(film.tall * 0.2, film.h * 0.1) if not film.near else film.h * 0.06
    paper = film.sheet("parapet", 0.93, edge - tall - 6, edge + 8)
    body = mix(colours.shade(0.8), colours.haze, 0.06)
    paper.rect(
        film.left,
        edge - tall,
        paper.width,
        tall + 4,
        paper.linear(((0, body, 1), (1, colours.ink, 1)), (0, edge - tall), (0, edge + 4)),
    )
    paper.rect(film.left, edge - tall - 5, paper.width, 8, mix(body, colours.light, 0.3))


def _tank(film: FilmSet, edge: float) -> None:
    """A water tank and aerials on the free side."""
    colours, chance = film.palette, film.rng("tank")
    x = film.w * (0.82 if film.side < 0 else 0.18)
    size = film.h * 0.11
    paper = film.sheet("tank", 0.8, edge - size * 3.4, edge + 10)
    body, dark = colours.shade(0.66), colours.shade(0.82)
    top = edge - size * 2.3
    for step in (-0.4, -0.14, 0.14, 0.4):
        paper.rect(x + step * size - 4, top + size, 7, edge - top - size + 8, dark)
    paper.stroke(
        (
            f"M{x - size * 0.4:.1f} {edge - 10:.1f}L{x + size * 0.4:.1f} {top + size * 1.1:.1f}"
            f"M{x + size * 0.4:.1f} {edge - 10:.1f}L{x - size * 0.4:.1f} {top + size * 1.1:.1f}"
        ),
        dark,
        4,
    )
    side = 1 if film.light[0] > x else -1
    lit = mix(body, colours.light, 0.3)
    fill = paper.linear(
        ((0, lit, 1), (0.5, body, 1), (1, dark, 1)), (x + side * size * 0.5, 0), (x - side * size * 0.5, 0)
    )
    paper.rect(x - size * 0.5, top, size, size * 1.05, fill)
    for step in range(1, 4):
        paper.rect(x - size * 0.5, top + size * 0.26 * step, size, 3, dark, 0.6)
    paper.path(
        f"M{x - size * 0.56:.1f} {top:.1f}L{x:.1f} {top - size * 0.42:.1f}L{x + size * 0.56:.1f} {top:.1f}Z", fill
    )
    for _ in range(3):
        ax = film.w * (chance.uniform(0.55, 0.98) if film.side > 0 else chance.uniform(0.02, 0.45))
        tall = size * chance.uniform(0.8, 1.7)
        paper.rect(ax - 1.6, edge - tall, 3.2, tall, dark)
        for bar in range(3):
            paper.rect(ax - 16 + bar * 3, edge - tall + 8 + bar * 12, 32 - bar * 6, 2.4, dark)
