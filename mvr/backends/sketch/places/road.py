"""A road that runs over the plain to the horizon, with poles and wires beside it."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..light import wet_ground
from ..paper import Paper
from ..perspective import Lens
from ..shapes import below, hills, ridge

WORDS = "road, highway, motorway, asphalt, route, freeway, path, roadside, trail, truck stop, gas station"
HINTS = "car, drive, journey, motorcycle, taxi, hitchhike"
RANK = 2
SKY = True


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("road")
    base = film.horizon + 4
    far = film.sheet("hills-far", 0.12, base - film.h * 0.2, base + 8, detail=0.5)
    far.path(
        below(ridge(chance, film.left, film.right, base - film.h * 0.05, film.h * 0.09, 6), base + 8),
        far.linear(((0, colours.shade(0.3), 1), (1, colours.shade(0.12), 1)), (0, base - film.h * 0.14), (0, base)),
    )
    middle = film.sheet("hills-near", 0.25, base - film.h * 0.1, base + 10)
    middle.path(
        below(hills(chance, film.left, film.right, base - film.h * 0.012, film.h * 0.022, 5), base + 10, soft=True),
        colours.shade(0.45),
    )
    lens = Lens(film.w * 0.5 - film.side * film.w * 0.06, film.horizon, max(film.w, film.h * 0.7))
    _plain(film, lens)
    paper = film.sheet("poles", 0.8, film.top, film.bottom)
    _poles(film, paper, lens)
    if film.reading.wet:
        wet_ground(film, film.horizon + film.h * 0.05, 0.8)


def _plain(film: FilmSet, lens: Lens) -> None:
    colours = film.palette
    paper = film.sheet("plain", 0.9, film.horizon, film.bottom)
    local = "#e4e9ef" if film.reading.weather == "snow" else mix("#b08b52", colours.accent, 0.15)
    far, near = colours.far(local, 0.35), colours.far(mix(local, colours.ink, 0.35), 0.95)
    paper.rect(
        film.left,
        film.horizon,
        paper.width,
        paper.height,
        paper.linear(((0, far, 1), (0.4, mix(far, near, 0.6), 1), (1, near, 1)), (0, film.horizon), (0, film.h)),
    )
    tar_far = mix(colours.shade(0.5), colours.haze, 0.5 if film.reading.wet else 0.3)
    tar = mix(colours.ink, colours.sky[1], 0.28)
    fill = paper.linear(
        ((0, tar_far, 1), (0.4, mix(tar_far, tar, 0.7), 1), (1, tar, 1)), (0, film.horizon), (0, film.h)
    )
    paper.path(lens.quad((-3.4, 0, 1.4), (3.4, 0, 1.4), (3.4, 0, 400), (-3.4, 0, 400)), fill)
    line = mix(colours.light, tar, 0.2)
    for side in (-1, 1):
        paper.path(
            lens.quad((side * 3.1, 0, 1.4), (side * 2.98, 0, 1.4), (side * 2.98, 0, 300), (side * 3.1, 0, 300)),
            line,
            0.75,
        )
    z = 2.2
    while z < 160:
        paper.path(
            lens.quad((-0.09, 0, z), (0.09, 0, z), (0.09, 0, z * 1.25), (-0.09, 0, z * 1.25)),
            mix(colours.lamp, line, 0.4),
            0.85,
        )
        z *= 1.6
    x = film.light[0]
    paper.glow(x, film.horizon, film.h * 0.36, mix(colours.light, colours.haze, 0.4), 0.5, 0.4)
    chance = film.rng("tufts")
    for _ in range(90):
        side = chance.choice((-1, 1))
        z = 2.5 / (1.02 - chance.random())
        px, py = lens.at(side * chance.uniform(3.8, 16), 0, z)
        size = lens.focal / z * 0.16
        paper.path(
            (
                f"M{px - size:.1f} {py:.1f}q{size * 0.5:.1f} {-size * 0.9:.1f} {size * 0.7:.1f} "
                f"{-size * 0.2:.1f}q{size * 0.3:.1f} {-size:.1f} {size * 0.6:.1f} {size * 0.2:.1f}z"
            ),
            colours.shade(min(1.0, 0.4 + 3 / z)),
            0.7,
        )


def _poles(film: FilmSet, paper: Paper, lens: Lens) -> None:
    colours = film.palette
    side = -1 if film.side > 0 else 1
    before: list[tuple[float, float]] = []
    for z in (7.0, 12.0, 19.0, 29.0, 44.0, 66.0, 100.0):
        tint = mix(colours.ink, colours.haze, min(0.75, z / 130))
        foot, head = lens.at(side * 5.2, 0, z), lens.at(side * 5.2, 7.4, z)
        wide = lens.focal / z * 0.16
        paper.rect(foot[0] - wide / 2, head[1], wide, foot[1] - head[1], tint)
        arms = []
        for up, reach in ((6.9, 1.1), (6.3, 0.8)):
            left, right = lens.at(side * 5.2 - reach, up, z), lens.at(side * 5.2 + reach, up, z)
            paper.rect(left[0], left[1], right[0] - left[0], wide * 0.7, tint)
            arms += [left, right]
        for one, two in zip(before, arms, strict=False):
            sag = abs(one[0] - two[0]) * 0.12
            paper.stroke(
                (
                    f"M{one[0]:.1f} {one[1]:.1f}Q{(one[0] + two[0]) / 2:.1f} {(one[1] + two[1]) / 2 + sag:.1f} "
                    f"{two[0]:.1f} {two[1]:.1f}"
                ),
                tint,
                max(0.8, wide * 0.12),
                0.8,
            )
        before = arms
