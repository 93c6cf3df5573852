"""A station: platform and train in perspective under a roof on columns, a clock, lamps in the haze."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..paper import Paper
from ..perspective import Lens

WORDS = (
    "station, platform, railway station, train station, subway station, terminal, airport, bus stop, departure, "
    "waiting room"
)
HINTS = "train, railway, subway, metro, carriage, tram"
RANK = 2
SKY = True


def draw(film: FilmSet) -> None:
    colours = film.palette
    way = 1 if film.side > 0 else -1
    lens = Lens(film.w * (0.5 - way * 0.14), film.horizon, max(film.w, film.h * 0.62))
    _ground(film, lens, way)
    train = film.sheet("train", 0.7)
    _train(film, train, lens, -way)
    roof = film.sheet("roof", 0.8)
    _roof(film, roof, lens, way)
    if colours.dark or film.reading.weather in ("rain", "storm", "fog"):
        glow = film.sheet("lamp-glow", 0.82, detail=0.2, flicker=0.05, kick=0.2)
        for z in (4.4, 7.0, 11.0, 17.0, 27.0):
            x, y = lens.at(way * 2.2, 4.0, z)
            glow.glow(x, y, min(360.0, lens.focal / z * 2.4), colours.lamp, 0.6)
    haze = film.sheet("end-haze", 0.5, detail=0.2)
    haze.glow(lens.x, film.horizon - 20, film.short * 0.5, colours.haze, 0.55, 0.7)


def _ground(film: FilmSet, lens: Lens, way: int) -> None:
    colours = film.palette
    paper = film.sheet("platform", 0.9, film.horizon - 1, film.bottom)
    far, near = mix(colours.shade(0.4), colours.haze, 0.3), mix(colours.ink, colours.sky[1], 0.3)
    tracks = mix(near, colours.ink, 0.5)
    fill = paper.linear(((0, far, 1), (0.4, mix(far, near, 0.6), 1), (1, near, 1)), (0, film.horizon), (0, film.h))
    paper.rect(
        film.left,
        film.horizon,
        paper.width,
        paper.height,
        paper.linear(((0, far, 1), (1, tracks, 1)), (0, film.horizon), (0, film.h)),
    )
    edge = -way * 1.0
    paper.path(lens.quad((edge, 0, 1.1), (way * 14, 0, 1.1), (way * 14, 0, 300), (edge, 0, 300)), fill)
    stripe = mix(colours.lamp, near, 0.25)
    paper.path(
        lens.quad(
            (edge + way * 0.25, 0, 1.1),
            (edge + way * 0.5, 0, 1.1),
            (edge + way * 0.5, 0, 300),
            (edge + way * 0.25, 0, 300),
        ),
        stripe,
        0.9,
    )
    z = 1.4
    while z < 60:
        a, b = lens.at(edge + way * 0.5, 0, z), lens.at(way * 14, 0, z)
        paper.stroke(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}", mix(near, colours.haze, 0.25), 1.4, 0.4)
        z *= 1.22
    paper.glow(lens.x, film.horizon, film.h * 0.4, mix(colours.haze, colours.lamp, 0.3), 0.5, 0.5)


def _train(film: FilmSet, paper: Paper, lens: Lens, way: int) -> None:
    """Carriages along the platform's edge, their windows lit."""
    colours = film.palette
    x = way * 1.25
    body = mix(mix(colours.accent, colours.ink, 0.45), colours.sky[1], 0.2)
    cars = ((2.0, 9.5), (9.9, 19.5), (20.2, 36.0), (37.0, 70.0))
    for near, far in reversed(cars):
        share = min(0.7, near / 50)
        tint = mix(body, colours.haze, share)
        top = lens.at(x, 3.5, near)[1]
        fill = paper.linear(
            ((0, mix(tint, colours.light, 0.2), 1), (0.5, tint, 1), (1, mix(tint, colours.ink, 0.5), 1)),
            (0, top),
            (0, lens.at(x, 0, near)[1]),
        )
        paper.path(lens.quad((x, -0.2, near), (x, 3.5, near), (x, 3.5, far), (x, -0.2, far)), fill)
        paper.path(
            lens.quad((x, 3.5, near), (x + way * 2.8, 3.8, near), (x + way * 2.8, 3.8, far), (x, 3.5, far)),
            mix(tint, colours.ink, 0.4),
        )
        paper.path(
            lens.quad((x, 1.0, near), (x, 1.18, near), (x, 1.18, far), (x, 1.0, far)), mix(colours.second, tint, 0.3)
        )
        lit = mix(colours.lamp, "#ffffff", 0.25) if colours.dark else mix(colours.sky[2], colours.light, 0.5)
        count = 6
        for index in range(count):
            a = near + (index + 0.14) * (far - near) / count
            b = near + (index + 0.86) * (far - near) / count
            door = index in (1, 4)
            low, high = (0.1, 2.7) if door else (1.45, 2.65)
            pane = mix(lit, tint, 0.15 + share * 0.5) if not door else mix(tint, colours.ink, 0.25)
            paper.path(lens.quad((x, low, a), (x, high, a), (x, high, b), (x, low, b)), pane)
            if door:
                m, e = (a + b) / 2, (b - a) * 0.06
                paper.path(
                    lens.quad((x, 1.3, a + 2 * e), (x, 2.5, a + 2 * e), (x, 2.5, m - e), (x, 1.3, m - e)),
                    mix(lit, tint, 0.3),
                )
                paper.path(
                    lens.quad((x, 1.3, m + e), (x, 2.5, m + e), (x, 2.5, b - 2 * e), (x, 1.3, b - 2 * e)),
                    mix(lit, tint, 0.3),
                )


def _roof(film: FilmSet, paper: Paper, lens: Lens, way: int) -> None:
    colours = film.palette
    dark = mix(colours.ink, colours.sky[0], 0.2)
    paper.path(
        lens.quad((-way * 0.6, 5.2, 1.0), (way * 12, 6.4, 1.0), (way * 12, 6.4, 90), (-way * 0.6, 5.2, 90)),
        mix(dark, colours.haze, 0.08),
    )
    z = 1.6
    while z < 70:
        a, b = lens.at(-way * 0.6, 5.2, z), lens.at(way * 12, 6.4, z)
        paper.stroke(
            f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}", mix(dark, colours.haze, min(0.6, z / 60)), max(1.5, 26 / z)
        )
        z *= 1.35
    for z in (27.0, 17.0, 11.0, 7.0, 4.4):
        tint = mix(dark, colours.haze, min(0.65, z / 45))
        foot, head = lens.at(way * 3.0, 0, z), lens.at(way * 3.0, 5.6, z)
        wide = lens.focal / z * 0.26
        paper.rect(foot[0] - wide / 2, head[1], wide, foot[1] - head[1], tint)
        brace = lens.at(way * 1.4, 5.3, z)
        paper.stroke(
            f"M{foot[0]:.1f} {head[1] + wide * 4:.1f}Q{foot[0]:.1f} {brace[1]:.1f} {brace[0]:.1f} {brace[1]:.1f}",
            tint,
            wide * 0.4,
        )
        x, y = lens.at(way * 2.2, 4.1, z)
        paper.ellipse(
            x,
            y,
            wide * 0.9,
            wide * 0.4,
            mix(colours.lamp, "#ffffff", 0.5) if colours.dark else mix(tint, colours.light, 0.4),
        )
    x, y = lens.at(way * 1.2, 4.3, 9.0)
    size = lens.focal / 9.0 * 0.42
    paper.rect(x - size * 0.06, y - size * 2.2, size * 0.12, size * 1.4, dark)
    paper.ellipse(x, y, size, size, dark)
    paper.ellipse(x, y, size * 0.86, size * 0.86, mix(colours.light, colours.lamp, 0.25))
    paper.stroke(
        f"M{x:.1f} {y:.1f}V{y - size * 0.6:.1f}M{x:.1f} {y:.1f}L{x + size * 0.42:.1f} {y + size * 0.2:.1f}",
        dark,
        size * 0.09,
    )
