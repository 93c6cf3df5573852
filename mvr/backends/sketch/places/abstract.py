"""No place at all: discs, arcs and ribbons in the palette, for what the words leave open."""

from __future__ import annotations

import math

from ..colour import mix
from ..filmset import FilmSet
from ..ground import knoll
from ..paper import smooth

WORDS = "abstract, geometric, geometry, shapes, pattern, void, nothing, kaleidoscope"
RANK = 0
SKY = False


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("abstract")
    film.mood["indoor"] = True
    paper = film.sheet("sky", 0.0, detail=0.25, opaque=True)
    top, upper, lower, horizon = colours.sky
    paper.rect(
        film.left,
        film.top,
        paper.width,
        paper.height,
        paper.linear(
            ((0, top, 1), (0.45, upper, 1), (0.8, lower, 1), (1, horizon, 1)),
            (0, 0),
            (film.w * chance.uniform(-0.3, 0.3), film.h),
        ),
    )
    chance.choice((_sun, _sun, _columns, _petals))(film)
    film.drops("dust", 0.8, 70, colours.light, film.top, film.bottom, 1.1)


def _sun(film: FilmSet) -> None:
    """A disc with rings around it, over ribbons like hills."""
    colours, chance = film.palette, film.rng("sun")
    x, y = film.w * (0.5 + film.side * -0.12), film.h * chance.uniform(0.3, 0.42)
    radius = film.short * chance.uniform(0.26, 0.36)
    glow = film.sheet("glow", 0.15, detail=0.2, breathe=0.2, kick=0.35)
    glow.glow(x, y, radius * 2.6, mix(colours.light, colours.accent, 0.3), 0.75)
    disc = film.part("disc", 0.2, (x - radius - 4, y - radius - 4, 2 * radius + 8, 2 * radius + 8))
    disc.ellipse(
        x,
        y,
        radius,
        radius,
        disc.linear(
            ((0, mix(colours.light, colours.accent, 0.12), 1), (1, colours.accent, 1)), (x, y - radius), (x, y + radius)
        ),
    )
    _rings(film, x, y, radius)
    _ribbons(film)


def _columns(film: FilmSet) -> None:
    """Upright bars like the levels of a mixing desk, moving to the beat, and what the floor gives back of them."""
    colours, chance = film.palette, film.rng("columns")
    base = film.h * 0.68 if film.near or not film.cast else film.feet - film.tall * 0.08
    glow = film.sheet("glow", 0.1, detail=0.2, breathe=0.2, kick=0.35)
    glow.glow(film.w / 2, base, film.w * 0.75, mix(colours.haze, colours.light, 0.3), 0.7, 0.8)
    step = film.short * 0.052
    sets = ((0.2, 0.62, 0.5), (0.42, 0.46, 0.2), (0.68, 0.3, 0.0))
    given: list[tuple[float, float, str]] = []
    for index, (depth, tall, pale) in enumerate(sets):
        paper = film.sheet(f"bars-{index}", depth, base - film.h * tall, base, groove=7.0 + 7 * index)
        phase, waves = chance.uniform(0, 6.28), chance.uniform(1.2, 2.4)
        count = int(paper.width / step)
        for bar in range(count):
            x = film.left + (bar + 0.5 * index) * step
            level = 0.5 + 0.5 * math.sin(phase + bar / count * waves * 6.28)
            high = film.h * tall * (0.12 + 0.75 * level * chance.uniform(0.7, 1.0))
            tint = mix((colours.second, colours.accent, colours.light)[index], colours.haze, pale)
            fill = paper.linear(((0, tint, 1), (1, mix(tint, colours.sky[1], 0.75), 1)), (0, base - high), (0, base))
            paper.rect(x, base - high, step * 0.52, high + 20, fill, 0.92, step * 0.26)
            given.append((x, high * 0.6, tint))
    floor = film.sheet("floor", 0.9, base, film.bottom)
    dark = mix(colours.ink, colours.sky[0], 0.35)
    shine = ((0, mix(dark, colours.haze, 0.4), 1), (0.25, mix(dark, colours.sky[1], 0.3), 1), (1, dark, 1))
    floor.rect(film.left, base, floor.width, floor.height + 4, floor.linear(shine, (0, base), (0, film.h)))
    back = film.sheet("reflections", 0.7, base, film.bottom, detail=0.5, breathe=0.2)
    for x, low, tint in given:
        fade = back.linear(((0, tint, 0.3), (1, tint, 0.0)), (0, base), (0, base + low))
        back.rect(x, base, step * 0.52, low, fade)


def _petals(film: FilmSet) -> None:
    """Clear discs turned around a centre, like a flower or a lens: larger and paler outwards."""
    colours, chance = film.palette, film.rng("petals")
    x, y = film.w * (0.5 - film.side * 0.1), film.h * chance.uniform(0.36, 0.46)
    radius = film.short * chance.uniform(0.2, 0.25)
    glow = film.sheet("glow", 0.12, detail=0.2, breathe=0.25, kick=0.4)
    glow.glow(x, y, radius * 3.4, mix(colours.light, colours.accent, 0.25), 0.8)
    turn = chance.uniform(0, 1)
    for ring, (count, away, size) in enumerate(((11, 1.35, 0.95), (9, 0.85, 0.72), (7, 0.42, 0.46))):
        reach = radius * (away + size) + 8
        box = (x - reach, y - reach, 2 * reach, 2 * reach)
        paper = film.part(f"petals-{ring}", 0.25 + 0.17 * ring, box, bob=6.0, bob_rate=0.09, groove=4.0 + 3 * ring)
        for petal in range(count):
            angle = 2 * math.pi * (petal / count + turn + ring * 0.07)
            px, py = x + math.cos(angle) * radius * away, y + math.sin(angle) * radius * away
            tint = mix((colours.second, colours.accent, colours.light)[ring], colours.sky[2], 0.25 * (petal % 3))
            paper.ellipse(px, py, radius * size, radius * size, tint, 0.17 + 0.05 * ring)
            edge = mix(tint, "#ffffff", 0.35)
            paper.raw(
                f'<circle cx="{px:.1f}" cy="{py:.1f}" r="{radius * size:.1f}" fill="none" stroke="{edge}" '
                f'stroke-width="1.6" opacity="0.5"/>'
            )
    core = film.part("core", 0.66, (x - radius * 0.4, y - radius * 0.4, radius * 0.8, radius * 0.8))
    core.ellipse(x, y, radius * 0.3, radius * 0.3, mix(colours.light, "#ffffff", 0.4))
    if film.cast and not film.near:
        knoll(film, mix(colours.ink, colours.sky[0], 0.3), mix(colours.light, colours.accent, 0.4), grass=False)


def _rings(film: FilmSet, x: float, y: float, radius: float) -> None:
    colours, chance = film.palette, film.rng("rings")
    reach = radius * 2.9
    for turn, depth in ((0, 0.3), (1, 0.42)):
        rings = film.part(f"rings-{turn}", depth, (x - reach, y - reach, 2 * reach, 2 * reach), bob=5.0, bob_rate=0.11)
        for step in range(3):
            size = radius * (1.25 + 0.28 * step + 0.14 * turn)
            start = chance.uniform(0, 2 * math.pi)
            sweep = chance.uniform(0.9, 3.6)
            sx, sy = x + math.cos(start) * size, y + math.sin(start) * size
            ex, ey = x + math.cos(start + sweep) * size, y + math.sin(start + sweep) * size
            data = f"M{sx:.1f} {sy:.1f}A{size:.1f} {size:.1f} 0 {int(sweep > math.pi)} 1 {ex:.1f} {ey:.1f}"
            tint = chance.choice((colours.light, colours.second, colours.accent))
            rings.stroke(data, tint, chance.choice((1.5, 2.5, 6.0)), 0.75)
            rings.ellipse(ex, ey, 7, 7, tint)


def _ribbons(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("ribbons")
    tints = (
        colours.second,
        mix(colours.accent, colours.ink, 0.35),
        mix(colours.sky[1], colours.ink, 0.35),
        colours.ink,
    )
    for index, tint in enumerate(tints):
        depth = 0.4 + 0.24 * index
        y = film.h * (0.6 + 0.11 * index)
        paper = film.sheet(f"ribbon-{index}", depth, y - film.h * 0.12, film.bottom, groove=4.0 + 3 * index)
        height = film.h * 0.06
        points = [
            (
                film.left + (paper.width + 200) * step / 5 - 100,
                y + math.sin(step * chance.uniform(1.1, 1.9) + index * 2) * height,
            )
            for step in range(6)
        ]
        bottom = f"L{film.right + 120:.0f} {film.bottom:.0f}L{film.left - 120:.0f} {film.bottom:.0f}Z"
        lit = mix(tint, colours.light, 0.22 * (1 - index / 4))
        fill = paper.linear(((0, lit, 1), (1, mix(tint, colours.ink, 0.5), 1)), (0, y - height), (0, y + film.h * 0.24))
        paper.path(smooth(points, closed=False) + bottom, fill)
        paper.stroke(smooth(points, closed=False), mix(lit, colours.light, 0.5), 2.2, 0.7)
