"""A pier: planks that run out over the water, mooring posts, boats asleep, a lamp at its end."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..light import wet_ground
from ..paper import Paper
from ..perspective import Lens
from ..shapes import below, hills
from .sea import water

WORDS = (
    "pier, jetty, quay, dock, wharf, harbour, harbor, port, marina, boardwalk, mooring, landing stage, ferry terminal, "
    "ferryman, harbour wall, lakeside"
)
RANK = 2
SKY = True


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("pier")
    base = film.horizon + 3
    shore = film.sheet("shore", 0.14, base - film.h * 0.09, base + 3)
    points = hills(chance, film.left, film.right, base - film.h * 0.02, film.h * 0.025, 5)
    shore.path(below(points, base + 3, soft=True), colours.shade(0.3))
    if colours.dark:
        for _ in range(26):
            x = chance.uniform(film.left, film.right)
            shore.ellipse(x, base - chance.uniform(2, film.h * 0.018), 2.6, 2.6, colours.lamp, chance.uniform(0.5, 1))
    water(film, film.horizon)
    way = 1 if film.side > 0 else -1
    lens = Lens(film.w * (0.5 - way * 0.1), film.horizon, max(film.w, film.h * 0.7), 1.75)
    for index, (z, x) in enumerate(((30.0, -9.0), (17.0, 6.4), (11.0, -6.6))):
        _boat(film, lens, index, z, x * way, chance.uniform(0.85, 1.15))
    _deck(film, lens, way)
    if film.reading.wet:
        wet_ground(film, film.horizon + film.h * 0.16, 0.7)


def _boat(film: FilmSet, lens: Lens, index: int, z: float, x: float, size: float) -> None:
    """A moored boat with its mast, and its dark on the water."""
    colours, chance = film.palette, film.rng(f"moored-{index}")
    unit = lens.focal / z * size
    px, py = lens.at(x, -0.35, z)
    tall = unit * chance.uniform(3.4, 4.6)
    box = (px - unit * 2.2, py - tall * 1.1, unit * 4.4, tall * 1.1 + unit * 1.2)
    paper = film.part(f"moored-{index}", 0.4 + 0.14 * index, box, bob=2.0 + 2.0 * index, sway=0.012)
    hull = mix(mix(colours.accent, colours.second, chance.random()), colours.ink, 0.6 if colours.dark else 0.35)
    hull = mix(hull, colours.haze, max(0.0, z / 90 - 0.05))
    mast = mix(colours.ink, colours.haze, z / 80)
    paper.glow(px, py + unit * 0.12, unit * 1.9, colours.ink, 0.5, 0.14)
    paper.path(
        f"M{px - unit * 1.7:.1f} {py - unit * 0.62:.1f}Q{px:.1f} {py - unit * 0.4:.1f} {px + unit * 1.5:.1f} "
        f"{py - unit * 0.6:.1f}Q{px + unit * 1.3:.1f} {py + unit * 0.06:.1f} {px + unit * 1.0:.1f} "
        f"{py + unit * 0.1:.1f}H{px - unit * 1.1:.1f}Q{px - unit * 1.5:.1f} {py:.1f} {px - unit * 1.7:.1f} "
        f"{py - unit * 0.62:.1f}Z",
        paper.linear(((0, mix(hull, colours.light, 0.25), 1), (1, hull, 1)), (0, py - unit * 0.6), (0, py)),
    )
    paper.rect(px - unit * 0.5, py - unit * 1.05, unit * 0.9, unit * 0.55, mix(hull, colours.ink, 0.25), 1.0, 3)
    if colours.dark and index != 1:
        paper.rect(px - unit * 0.3, py - unit * 0.92, unit * 0.24, unit * 0.24, colours.lamp)
    paper.rect(px + unit * 0.1, py - tall, unit * 0.07, tall - unit * 0.4, mast)
    rig = (
        f"M{px + unit * 0.13:.1f} {py - tall:.1f}L{px + unit * 1.45:.1f} {py - unit * 0.6:.1f}"
        f"M{px + unit * 0.13:.1f} {py - tall:.1f}L{px - unit * 1.6:.1f} {py - unit * 0.6:.1f}"
    )
    paper.stroke(rig, mast, max(0.8, unit * 0.02), 0.8)
    paper.rect(px - unit * 0.85, py - unit * 1.3, unit, unit * 0.12, mix(mast, colours.light, 0.15), 1.0, 2)


def _deck(film: FilmSet, lens: Lens, way: int) -> None:
    colours = film.palette
    paper = film.sheet("deck", 0.95, film.horizon, film.bottom)
    far, near = 34.0, 1.2
    wood = mix(mix("#8a6a4c", colours.sky[1], 0.3), colours.ink, 0.5 if colours.dark else 0.15)
    pale = mix(wood, colours.haze, 0.45)
    left, right = -0.9, 0.9
    side = lens.quad((right * way, 0, near), (right * way, -0.5, near), (right * way, -0.5, far), (right * way, 0, far))
    paper.path(side, mix(wood, colours.ink, 0.6))
    fill = paper.linear(((0, pale, 1), (0.3, wood, 1), (1, mix(wood, colours.ink, 0.55), 1)),
                        (0, film.horizon), (0, film.h))  # fmt: skip
    paper.path(lens.quad((left, 0, near), (right, 0, near), (right, 0, far), (left, 0, far)), fill)
    gaps, z = [], near
    while z < far:
        a, b = lens.at(left, 0, z), lens.at(right, 0, z)
        gaps.append(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}")
        z *= 1.075
    paper.stroke("".join(gaps), mix(wood, colours.ink, 0.7), 1.8, 0.55)
    paper.glow(lens.x, film.horizon + film.h * 0.04, film.w * 0.4, mix(colours.haze, colours.lamp, 0.35), 0.45, 0.3)
    posts = film.sheet("posts", 0.97, film.top, film.bottom)
    for z in (25.0, 15.0, 9.0, 5.4, 3.4):
        for x in (left, right):
            _post(posts, lens, x, z, mix(wood, colours.ink, 0.45), pale)
    _lamp(film, lens, way)


def _post(paper: Paper, lens: Lens, x: float, z: float, dark: str, pale: str) -> None:
    foot, head = lens.at(x, -0.6, z), lens.at(x, 0.85, z)
    wide = lens.focal / z * 0.22
    tint = mix(dark, pale, min(0.6, z / 40))
    paper.rect(foot[0] - wide / 2, head[1], wide, foot[1] - head[1], tint, 1.0, wide * 0.2)
    paper.ellipse(head[0], head[1], wide * 0.5, wide * 0.16, mix(tint, pale, 0.4))


def _lamp(film: FilmSet, lens: Lens, way: int) -> None:
    """A lamp on a pole at the side of the deck."""
    colours = film.palette
    z = 8.0
    foot, head = lens.at(-0.85 * way, 0, z), lens.at(-0.85 * way, 3.3, z)
    wide = lens.focal / z * 0.07
    paper = film.part("pier-lamp", 0.96, (head[0] - 80, head[1] - 60, 160, foot[1] - head[1] + 80))
    dark = mix(colours.ink, colours.haze, 0.12)
    paper.rect(foot[0] - wide / 2, head[1], wide, foot[1] - head[1], dark)
    lit = mix(colours.lamp, "#ffffff", 0.4) if colours.dark else mix(dark, colours.light, 0.4)
    paper.rect(head[0] - wide * 1.6, head[1] - wide * 4, wide * 3.2, wide * 4, lit, 1.0, wide * 0.6)
    paper.path(
        f"M{head[0] - wide * 2.2:.1f} {head[1] - wide * 4:.1f}L{head[0]:.1f} {head[1] - wide * 6:.1f}"
        f"L{head[0] + wide * 2.2:.1f} {head[1] - wide * 4:.1f}Z",
        dark,
    )
    if colours.dark:
        reach = lens.focal / z * 2.4
        y = head[1] - wide * 2
        glow = film.part(
            "pier-glow", 0.96, (head[0] - reach, y - reach, 2 * reach, 2 * reach), 0.2, flicker=0.08, kick=0.25
        )
        glow.glow(head[0], y, reach, colours.lamp, 0.75)
