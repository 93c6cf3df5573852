"""A suspension bridge over the water, its towers in the haze, its deck under the figures."""

from __future__ import annotations

from ..buildings import Bricks, skyline
from ..colour import mix
from ..filmset import FilmSet
from ..light import wet_ground
from ..paper import Paper
from ..perspective import Lens
from .sea import water

WORDS = "bridge, viaduct, overpass, harbour bridge, footbridge"
RANK = 2
SKY = True


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("bridge")
    base = film.horizon + 4
    share = {"night": 0.5, "dusk": 0.4, "dawn": 0.15, "day": 0.04}[film.reading.time]
    far = film.sheet("shore", 0.14, base - film.h * 0.2, base + 4)
    body = colours.shade(0.28)
    bricks = Bricks(
        body, mix(body, colours.haze, 0.5), mix(colours.lamp, body, 0.3), mix(body, colours.haze, 0.3), share
    )
    skyline(far, chance, film.left, film.right, base, (film.h * 0.02, film.h * 0.16), (30, 80), bricks, grid=8.0)
    water(film, film.horizon)
    lens = Lens(film.w * (0.5 - film.side * 0.08), film.horizon, max(film.w, film.h * 0.6), 2.2)
    for z, depth in ((90.0, 0.35), (34.0, 0.6)):
        _tower(film, lens, z, depth)
    paper = film.sheet("cables", 0.75, film.top, film.bottom)
    _cables(film, paper, lens)
    _deck(film, lens)


def _tower(film: FilmSet, lens: Lens, z: float, depth: float) -> None:
    colours = film.palette
    paper = film.sheet(f"tower-{int(z)}", depth, film.top, film.bottom)
    tint = mix(mix(colours.accent, colours.ink, 0.45), colours.haze, 0.62 - 0.5 * depth)
    side = 1 if film.light[0] > film.w / 2 else -1
    tall = 46.0
    for x in (-7.0, 7.0):
        a, b = lens.at(x - 0.9, tall, z), lens.at(x + 0.9, -8, z)
        fill = paper.linear(
            ((0, mix(tint, colours.light, 0.25), 1), (1, mix(tint, colours.ink, 0.25), 1)),
            (a[0] if side < 0 else b[0], 0),
            (b[0] if side < 0 else a[0], 0),
        )
        paper.rect(a[0], a[1], b[0] - a[0], b[1] - a[1], fill)
    for up in (tall - 1, tall * 0.72, tall * 0.44, 0.5):
        a, b = lens.at(-7.0, up + 1.0, z), lens.at(7.0, up - 1.0, z)
        paper.rect(a[0], a[1], b[0] - a[0], b[1] - a[1], tint)


def _cables(film: FilmSet, paper: Paper, lens: Lens) -> None:
    colours = film.palette
    tint = mix(colours.ink, colours.haze, 0.25)
    for x in (-7.0, 7.0):
        points = []
        for step in range(41):
            z = 3.2 * (34.0 / 3.2) ** (step / 40)
            share = (z - 3.2) / 30.8
            up = 6 + 40 * share**2
            points.append((*lens.at(x, up, z), z))
        paper.stroke("M" + "L".join(f"{px:.1f} {py:.1f}" for px, py, _ in points), tint, 5)
        for px, py, z in points[::2]:
            foot = lens.at(x, 0.9, z)
            paper.stroke(f"M{px:.1f} {py:.1f}L{foot[0]:.1f} {foot[1]:.1f}", tint, max(0.8, 14 / z), 0.7)
        one, two = lens.at(x, 46, 34), lens.at(x, 46, 90)
        low = lens.at(x, 8, 58)
        paper.stroke(f"M{one[0]:.1f} {one[1]:.1f}Q{low[0]:.1f} {low[1]:.1f} {two[0]:.1f} {two[1]:.1f}", tint, 2, 0.8)


def _deck(film: FilmSet, lens: Lens) -> None:
    colours = film.palette
    paper = film.sheet("deck", 0.95, film.horizon, film.bottom)
    near, far = mix(colours.ink, colours.sky[1], 0.3), mix(colours.shade(0.45), colours.haze, 0.35)
    fill = paper.linear(((0, far, 1), (0.4, mix(far, near, 0.65), 1), (1, near, 1)), (0, film.horizon), (0, film.h))
    paper.path(lens.quad((-7.2, 0, 1.2), (7.2, 0, 1.2), (7.2, 0, 300), (-7.2, 0, 300)), fill)
    line = mix(colours.light, near, 0.35)
    for x in (-3.4, 3.4):
        paper.path(lens.quad((x - 0.08, 0, 1.2), (x + 0.08, 0, 1.2), (x + 0.08, 0, 200), (x - 0.08, 0, 200)), line, 0.6)
    z = 2.0
    while z < 120:
        paper.path(lens.quad((-0.1, 0, z), (0.1, 0, z), (0.1, 0, z * 1.25), (-0.1, 0, z * 1.25)), line, 0.7)
        z *= 1.6
    rail = mix(colours.ink, colours.haze, 0.15)
    for x in (-7.0, 7.0):
        for up in (1.15, 0.75, 0.35):
            a, b = lens.at(x, up, 1.3), lens.at(x, up, 200)
            paper.stroke(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}", rail, 4 if up > 1 else 2.4)
        z = 1.6
        while z < 60:
            a, b = lens.at(x, 1.15, z), lens.at(x, 0, z)
            paper.stroke(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}", rail, max(1.0, 9 / z))
            z *= 1.22
    if film.reading.wet:
        wet_ground(film, film.horizon + film.h * 0.08)
    if colours.dark:
        glow = film.sheet("deck-lamps", 0.8, detail=0.2, breathe=0.12, kick=0.3)
        for z in (4.0, 7.0, 12.0, 20.0, 34.0):
            for x in (-6.6, 6.6):
                px, py = lens.at(x, 4.6, z)
                glow.glow(px, py, min(300.0, lens.focal / z * 2.2), colours.lamp, 0.55)
