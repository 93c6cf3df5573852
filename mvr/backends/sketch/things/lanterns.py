"""Paper lanterns that rise with a light in them: a few, a sky full of them, or a single one."""

from __future__ import annotations

import random

from ..colour import mix
from ..filmset import FilmSet
from ..paper import Paper

WORDS = "paper lantern, sky lantern, lantern, floating lantern, wish lantern, lampion"

RISING = frozenset(
    ("rise", "rises", "rising", "lift", "lifts", "float", "floats", "go", "burning", "fly", "drifts", "sky")
)


def draw(film: FilmSet) -> None:
    """Many where the word stands in the plural; one that is carried is drawn with the hand that carries it."""
    words = set(film.reading.words)
    many = "lanterns" in words
    if not many and not words & RISING:
        return
    chance = film.rng("lanterns")
    crowd = 3 if {"thousand", "thousands", "hundred", "hundreds", "countless"} & words else 1
    rows = ((0.3, 24 * crowd, 16.0), (0.75, 4 + crowd, 50.0)) if many else ((0.7, 1, 44.0),)
    for index, (depth, count, size) in enumerate(rows):
        places = _places(film, chance, count, size, depth, many)
        rise = 10.0 + 46.0 * depth
        low = max(y for _, y, _ in places) + size * 2
        layer = film.sheet(f"lanterns-{index}", depth, None, low, rise=rise, bob=2.0 + 4 * depth, bob_rate=0.13)
        for x, y, each in places:
            if many and not index:
                layer.glow(x, y, each * 3.0, film.palette.lamp, 0.5)
            _lantern(layer, x, y, each, film, chance)
        if many and not index:
            continue  # far ones have their light with them: a layer less to lay on every frame
        glow = film.sheet(f"lantern-glow-{index}", depth, detail=0.2, rise=rise, bob=2.0 + 4 * depth, bob_rate=0.13,
                          flicker=0.12, kick=0.3)  # fmt: skip
        for x, y, each in places:
            glow.glow(x, y, each * 3.4, film.palette.lamp, 0.55)


def _places(
    film: FilmSet, chance: random.Random, count: int, size: float, depth: float, many: bool
) -> list[tuple[float, float, float]]:
    """Where they hang: x, y and size. One alone has the free side of the frame to itself."""
    if not many:
        low = film.reading.place in ("sea", "pier", "beach", "city", "mountains")
        x = film.w * (0.5 - film.side * -0.2)
        return [(film.w - film.subject if film.cast else x, film.horizon - film.h * (0.06 if low else 0.22), size)]
    top, bottom = film.h * 0.04, film.horizon + film.h * (0.02 + 0.16 * depth)
    found: list[tuple[float, float, float]] = []
    for _ in range(count * 3):
        x, y = chance.uniform(film.left, film.right), chance.uniform(top, bottom)
        each = size * (0.62 + 0.75 * chance.random() ** 1.6)
        apart = all(abs(x - ox) > each * 1.7 or abs(y - oy) > each * 2.4 for ox, oy, _ in found)
        free = depth < 0.7 or abs(x - film.subject) > film.w * 0.16
        if apart and free and len(found) < count:
            found.append((x, y, each))
    return found


def _lantern(paper: Paper, x: float, y: float, size: float, film: FilmSet, chance: random.Random) -> None:
    """One lantern, `size` units from its middle to its top: brightest where the flame stands."""
    colours = film.palette
    warm, deep = mix(colours.lamp, "#fff3d0", 0.45), mix(mix(colours.accent, colours.lamp, 0.5), "#e2622b", 0.35)
    fill = paper.radial(((0, warm, 1), (0.5, mix(warm, deep, 0.45), 1), (1, deep, 1)), (x, y + size * 0.6), size * 1.9)
    lean = chance.uniform(-0.08, 0.08) * size
    paper.path(
        f"M{x - size * 0.5:.1f} {y + size:.1f}C{x - size * 0.75:.1f} {y + size * 0.2:.1f} {x - size * 0.95 + lean:.1f} "
        f"{y - size * 0.75:.1f} {x - size * 0.45 + lean:.1f} {y - size:.1f}Q{x + lean:.1f} {y - size * 1.14:.1f} "
        f"{x + size * 0.45 + lean:.1f} {y - size:.1f}C{x + size * 0.95 + lean:.1f} {y - size * 0.75:.1f} "
        f"{x + size * 0.75:.1f} {y + size * 0.2:.1f} {x + size * 0.5:.1f} {y + size:.1f}Z",
        fill,
    )
    if size > 16:
        rib = f"M{x:.1f} {y + size:.1f}Q{x + lean:.1f} {y:.1f} {x + lean:.1f} {y - size * 1.07:.1f}"
        paper.stroke(rib, deep, size * 0.03, 0.5)
        paper.ellipse(x, y + size, size * 0.5, size * 0.1, mix(deep, colours.ink, 0.45))
        paper.ellipse(x, y + size * 0.93, size * 0.2, size * 0.11, "#fffbe6")
