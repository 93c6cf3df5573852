"""The open sky: gradient, sun or moon with its glow, stars, clouds; and the weather before the lens."""

from __future__ import annotations

from .colour import mix, tone
from .filmset import FilmSet
from .paper import Paper
from .shapes import cloud, streak


def draw(film: FilmSet) -> None:
    """Adds the sky's layers, which lie behind all others."""
    colours, reading = film.palette, film.reading
    top, upper, lower, horizon = colours.sky
    paper = film.sheet("sky", 0.0, detail=0.25, opaque=True)
    stops = ((0, top, 1.0), (0.42, upper, 1.0), (0.78, lower, 1.0), (1, horizon, 1.0))
    high = film.horizon - film.h * (0.95 if film.h > film.w else 0.8)
    paper.rect(film.left, film.top, paper.width, paper.height, paper.linear(stops, (0, high), (0, film.horizon + 20)))
    x, y = film.light
    overcast = reading.weather in ("rain", "storm", "fog")
    glow = 0.3 if overcast else {"dawn": 0.75, "dusk": 0.8, "day": 0.55, "night": 0.32}[reading.time]
    paper.glow(x, y, film.short * (0.95 if reading.time != "night" else 0.6), mix(colours.light, horizon, 0.35), glow)
    if reading.time in ("dawn", "dusk"):
        paper.glow(x, film.horizon, film.w * 0.9, mix(horizon, colours.light, 0.4), glow * 0.6, 0.3)
    if reading.time == "night" and not overcast:
        film.drops("stars", 0.0, 190, tone(colours.light, 0.02), film.top, film.horizon)
    if not overcast:
        _disc(film)
    _clouds(film)


def _disc(film: FilmSet) -> None:
    """The sun, or the moon with its shadow side and its halo."""
    colours, reading = film.palette, film.reading
    x, y = film.light
    chance = film.rng("disc")
    moon = reading.time == "night"
    big = 1.7 if {"moon", "sun"} & set(reading.things) or "moon" in reading.lights else 1.0
    radius = film.short * (0.055 if moon else 0.075) * chance.uniform(0.9, 1.25) * big
    halo = film.part("halo", 0.03, (x - radius * 5, y - radius * 5, radius * 10, radius * 10), 0.25)
    halo.glow(x, y, radius * 4.8, colours.light, 0.5)
    paper = film.part("disc", 0.03, (x - radius * 1.2, y - radius * 1.2, radius * 2.4, radius * 2.4))
    if not moon:
        paper.ellipse(
            x,
            y,
            radius,
            radius,
            paper.linear(
                ((0, mix(colours.light, "#ffffff", 0.5), 1.0), (1, mix(colours.light, colours.haze, 0.3), 1.0)),
                (x, y - radius),
                (x, y + radius),
            ),
        )
        return
    full = mix(colours.light, "#ffffff", 0.25)
    paper.ellipse(x, y, radius, radius, full)
    spots = mix(colours.light, colours.sky[2], 0.28)
    for _ in range(5):
        dx, dy = chance.uniform(-0.5, 0.5), chance.uniform(-0.5, 0.5)
        size = chance.uniform(0.1, 0.26)
        paper.ellipse(x + dx * radius, y + dy * radius, size * radius, size * radius * 0.9, spots, 0.5)


def _clouds(film: FilmSet) -> None:
    colours, reading = film.palette, film.reading
    chance = film.rng("clouds")
    many = {"clear": 3, "wind": 5, "clouds": 7, "rain": 8, "storm": 9, "fog": 2, "snow": 6}[reading.weather]
    heavy = reading.weather in ("clouds", "rain", "storm", "snow")
    top, upper, lower, horizon = colours.sky
    dark = colours.dark and reading.time == "night"
    for name, depth, low, high in (("clouds-far", 0.05, 0.3, 0.62), ("clouds-near", 0.1, 0.62, 1.05)):
        bottom = film.horizon + 10
        paper = film.sheet(name, depth, None, bottom, detail=0.5, drift=0.006 + depth * 0.08)
        for _ in range(many):
            y = film.horizon - film.h * 0.62 * chance.uniform(low, high) - 20
            share = min(1.0, max(0.0, (film.horizon - y) / (film.h * 0.65)))
            lit = mix(mix(horizon, colours.light, 0.45), mix(upper, lower, 0.6), share * (1.0 if dark else 0.55))
            under = mix(mix(horizon, lower, 0.5), upper if dark else lower, share)
            if reading.weather in ("rain", "storm"):
                lit, under = mix(lit, upper, 0.55), mix(under, top, 0.55)
            x = chance.uniform(film.left, film.right)
            if heavy or chance.random() < 0.35 + (0.25 if reading.time == "day" else 0):
                width = chance.uniform(260, 620) * (1.25 if heavy else 1.0)
                height = width * chance.uniform(0.17, 0.3)
                _puff(paper, cloud(chance, x, y, width, height), y, height, lit, under)
            else:
                width = chance.uniform(340, 900)
                for step in range(3):
                    data = streak(
                        x + chance.uniform(-0.3, 0.3) * width,
                        y + step * chance.uniform(9, 20),
                        width * chance.uniform(0.5, 1),
                        chance.uniform(4, 9),
                    )
                    paper.path(data, mix(lit, under, 0.3 * step), 0.6)


def _puff(paper: Paper, data: str, y: float, height: float, lit: str, under: str) -> None:
    fill = paper.linear(
        ((0, lit, 0.95), (0.6, mix(lit, under, 0.6), 0.85), (1, under, 0.25)), (0, y - height * 1.3), (0, y)
    )
    paper.path(data, fill)


def weather(film: FilmSet, *, behind: bool) -> None:
    """What falls or floats: one share of it behind the figures, one before them."""
    reading, colours = film.reading, film.palette
    depth = 0.6 if behind else 1.25
    if film.near and not behind and reading.weather in ("rain", "storm"):
        return
    size = 0.6 if behind else 1.25
    light = mix(colours.light, colours.haze, 0.35)
    kind = reading.weather
    if kind == "storm" and behind:
        _lightning(film)
    if kind in ("rain", "storm"):
        film.drops(
            "rain", depth, (140 if behind else 46) * (2 if kind == "storm" else 1), light, film.top, film.bottom, size
        )
    elif kind == "snow":
        film.drops("snow", depth, 150 if behind else 55, mix(light, "#ffffff", 0.6), film.top, film.bottom, size)
    elif kind == "wind":
        film.drops(
            "leaves", depth, 14 if behind else 8, mix(colours.accent, colours.ink, 0.3), film.top, film.bottom, size
        )
    if kind in ("fog", "rain", "storm") and not behind:
        mist(film, 0.34 if kind == "fog" else 0.16)


def _lightning(film: FilmSet) -> None:
    """A stroke far off, and the light it throws on the clouds: seldom, and gone in half a second."""
    chance = film.rng("lightning")
    seed = chance.randrange(10**6)
    x, y = film.w * (0.5 - film.side * 0.2) + chance.uniform(-0.1, 0.1) * film.w, film.h * 0.06
    white = mix("#eef3ff", film.palette.light, 0.3)
    glow = film.sheet("lightning-glow", 0.07, None, film.horizon, detail=0.2, strike=seed)
    glow.glow(x, film.horizon - film.h * 0.3, film.short * 0.9, white, 0.6)
    bolt = film.part("lightning", 0.08, (x - film.w * 0.3, y - 4, film.w * 0.6, film.horizon - y + 4), strike=seed)
    points = [(x, y)]
    while points[-1][1] < film.horizon - 20:
        px, py = points[-1]
        points.append((px + chance.uniform(-0.05, 0.05) * film.short, py + chance.uniform(0.02, 0.06) * film.h))
        if chance.random() < 0.3:
            away = chance.choice((-1, 1)) * film.short * chance.uniform(0.05, 0.12)
            bolt.stroke(f"M{px:.1f} {py:.1f}l{away * 0.6:.1f} {film.h * 0.03:.1f}l{away * 0.3:.1f} {film.h * 0.04:.1f}",
                        white, 2.0, 0.8)  # fmt: skip
    bolt.stroke("M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in points), white, 4.5)


def mist(film: FilmSet, strength: float) -> None:
    """A bank of mist that drifts slowly along the ground."""
    chance = film.rng("mist")
    colour = mix(film.palette.haze, film.palette.sky[2], 0.4)
    y0 = film.horizon - film.h * 0.2
    paper = film.sheet("mist", 1.1, y0, film.bottom, detail=0.2, drift=0.02)
    for _ in range(7):
        x, y = chance.uniform(film.left, film.right), chance.uniform(film.horizon - 20, film.h * 0.98)
        paper.glow(x, y, chance.uniform(320, 620), colour, strength * chance.uniform(0.6, 1.2), 0.3)
