"""Space: stars, a nebula, a planet with its terminator and rings; and grey ground under a figure."""

from __future__ import annotations

from ..colour import mix, tone
from ..filmset import FilmSet
from ..ground import knoll

WORDS = (
    "space, planet, galaxy, cosmos, universe, orbit, astronaut, nebula, constellation, spaceship, outer space, "
    "milky way, asteroid, cosmic, satellite, stars above"
)
HINTS = "rocket, ufo, comet, weightless, zero gravity, spacewalk"
RANK = 1
SKY = False
TIME = "night"


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("space")
    film.mood["indoor"] = True
    sky = film.sheet("sky", 0.0, detail=0.25, opaque=True)
    deep = mix(colours.ink, colours.sky[0], 0.6)
    sky.rect(
        film.left,
        film.top,
        sky.width,
        sky.height,
        sky.linear(((0, colours.ink, 1), (1, deep, 1)), (0, 0), (film.w * 0.4, film.h)),
    )
    cloud = film.sheet("nebula", 0.04, detail=0.2, breathe=0.12, kick=0.15)
    slant = chance.uniform(-0.6, 0.6)
    for index in range(26):
        along = chance.uniform(-0.6, 0.6)
        x = film.w * (0.5 + along)
        y = film.h * (0.36 + along * slant) + chance.gauss(0, 0.07) * film.h
        tint = (colours.accent, colours.sky[3], colours.second, colours.sky[2])[index % 4]
        cloud.glow(x, y, chance.uniform(110, 380), tint, chance.uniform(0.12, 0.34), chance.uniform(0.5, 1.0))
    film.drops("stars", 0.02, 420, tone(colours.light, 0.03), film.top, film.bottom)
    _planet(film)
    knoll(film, mix(colours.sky[1], "#8a8c96", 0.4), mix(colours.light, colours.sky[3], 0.4), grass=False)
    film.drops("dust", 0.9, 30, colours.light, film.top, film.bottom)


def _planet(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("planet")
    radius = film.short * chance.uniform(0.2, 0.32)
    x, y = film.w * (0.68 if film.side < 0 else 0.32), film.h * chance.uniform(0.24, 0.38)
    side = film.side
    halo = film.part("planet-glow", 0.1, (x - radius * 2, y - radius * 2, radius * 4, radius * 4), 0.2)
    halo.glow(x, y, radius * 1.9, mix(colours.sky[3], colours.light, 0.3), 0.6)
    reach = radius * 1.9
    paper = film.part("planet", 0.12, (x - reach, y - reach, 2 * reach, 2 * reach))
    tilt = chance.uniform(-24, 24)
    ring = mix(colours.light, colours.accent, 0.35)
    ringed = chance.random() < 0.6
    arcs = ((1.72, 5, 0.75), (1.58, 11, 0.55), (1.43, 4, 0.7))

    def rings(front: bool) -> None:
        paper.begin(f'transform="rotate({tilt:.1f} {x:.1f} {y:.1f})"')
        for size, width, alpha in arcs:
            rx, ry = radius * size, radius * size * 0.24
            sweep = 0 if front else 1
            paper.stroke(
                f"M{x - rx:.1f} {y:.1f}A{rx:.1f} {ry:.1f} 0 0 {sweep} {x + rx:.1f} {y:.1f}",
                ring,
                width * radius / 200,
                alpha,
            )
        paper.end()

    if ringed:
        rings(False)
    body, dark = mix(colours.accent, colours.sky[2], 0.4), mix(colours.ink, colours.sky[0], 0.4)
    paper.ellipse(x, y, radius, radius, body)
    disc = (
        f"M{x - radius:.1f} {y:.1f}a{radius:.1f} {radius:.1f} 0 1 0 {2 * radius:.1f} 0a{radius:.1f} "
        f"{radius:.1f} 0 1 0 {-2 * radius:.1f} 0Z"
    )
    paper.begin(paper.clip(disc).strip())
    paper.begin(f'transform="rotate({tilt:.1f} {x:.1f} {y:.1f})"')
    for band in range(9):
        tint = chance.choice((colours.accent, colours.sky[3], colours.second, colours.sky[2]))
        by = y + (band / 4.5 - 1) * radius
        paper.ellipse(
            x + chance.uniform(-40, 40),
            by,
            radius * 1.2,
            radius * chance.uniform(0.04, 0.13),
            mix(tint, body, 0.45),
            0.7,
        )
    paper.end()
    fill = paper.radial(
        ((0, dark, 0), (0.58, dark, 0.05), (0.82, dark, 0.7), (1, dark, 0.96)),
        (x - side * radius * 0.55, y - radius * 0.4),
        radius * 1.75,
    )
    paper.ellipse(x, y, radius + 1, radius + 1, fill)
    paper.end()
    if ringed:
        rings(True)
