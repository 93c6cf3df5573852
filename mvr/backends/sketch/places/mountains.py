"""Mountains: ridge behind ridge with snow on the lit side, mist between them, pines before a lake."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..ground import knoll
from ..paper import Point, polygon
from ..shapes import below, pine, ridge

WORDS = (
    "mountain, peak, summit, alps, cliff, canyon, valley, highland, glacier, hilltop, ridge, lake, volcano, northern"
)
RANK = 1
SKY = True


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("mountains")
    base = film.horizon + 8
    for index, (depth, height, lift) in enumerate(((0.12, 0.3, 0.2), (0.24, 0.24, 0.12), (0.38, 0.15, 0.05))):
        top = base - film.h * (height + lift)
        paper = film.sheet(f"ridge-{index}", depth, top - film.h * 0.1, base + 6, detail=1.0 if index else 0.5)
        points = ridge(chance, film.left - 40, film.right + 40, base - film.h * lift, film.h * height * 0.62, 7, 0.52)
        body = colours.shade(depth + 0.1)
        foot = mix(body, colours.haze, 0.6)
        fill = paper.linear(((0, body, 1), (1, foot, 1)), (0, top), (0, base))
        paper.path(below(points, base + 6), fill)
        _lit_sides(film, paper, points, index)
    _mist(film, base)
    _lake(film, base)
    _pines(film, base)
    rock = mix(colours.shade(0.85), "#6f7f55", 0.18)
    knoll(film, rock, mix(rock, colours.light, 0.4), grass=film.reading.weather != "snow")


def _lit_sides(film: FilmSet, paper: object, points: list[Point], index: int) -> None:
    """Facets below the peaks that face the light: snow on the far ridges, warm rock on the near one."""
    from ..paper import Paper

    assert isinstance(paper, Paper)
    colours = film.palette
    side = 1 if film.light[0] > film.w / 2 else -1
    tint = mix(colours.light, colours.shade(0.2 + 0.12 * index), 0.2 + 0.25 * index)
    chance = film.rng(f"facets-{index}")
    middle = sum(y for _, y in points) / len(points)
    for at in range(2, len(points) - 2):
        x, y = points[at]
        if not (y < points[at - 1][1] and y < points[at + 1][1] and y < middle):
            continue
        run: list[Point] = [(x, y)]
        step = at
        while 0 < step + side < len(points) - 1 and len(run) < 9 and points[step + side][1] > points[step][1] - 4:
            step += side
            run.append(points[step])
        if len(run) < 3:
            continue
        depth = (middle - y) * 0.5 + 26
        back = []
        for px, py in reversed(run[:-1]):
            back.append((px - side * chance.uniform(-2, 10), py + depth * chance.uniform(0.35, 0.9)))
        paper.path(polygon([*run, *back]), tint, 0.62 - 0.14 * index)


def _mist(film: FilmSet, base: float) -> None:
    paper = film.sheet("valley-mist", 0.34, base - film.h * 0.22, base + 40, detail=0.2, drift=0.008)
    chance = film.rng("valley-mist")
    for _ in range(6):
        paper.glow(
            chance.uniform(film.left, film.right),
            base - chance.uniform(-10, 70),
            chance.uniform(260, 520),
            film.palette.haze,
            0.55,
            0.22,
        )


def _lake(film: FilmSet, base: float) -> None:
    colours, chance = film.palette, film.rng("lake")
    paper = film.sheet("lake", 0.7, base, film.bottom)
    high = mix(mix(colours.haze, colours.sky[2], 0.4), colours.ink, 0.12)
    deep = mix(colours.sky[0], colours.ink, 0.5)
    paper.rect(
        film.left,
        base,
        paper.width,
        paper.height,
        paper.linear(((0, high, 1), (0.45, mix(high, deep, 0.6), 1), (1, deep, 1)), (0, base), (0, film.h)),
    )
    mirror = film.sheet("mirror", 0.6, base, film.h * 0.99, detail=0.5)
    points = ridge(film.rng("mirror"), film.left, film.right, base + film.h * 0.06, -film.h * 0.05, 5, 0.5)
    mirror.path(below(points, base), colours.shade(0.45), 0.35)
    gleam = film.sheet("gleam", 0.72, base, film.bottom, detail=0.5, breathe=0.3)
    for row in range(34):
        share = (row / 34) ** 1.6
        y = base + 6 + (film.h - base) * share
        width = film.w * (0.05 + 0.1 * share)
        for _ in range(2):
            x = film.light[0] + chance.gauss(0, 1) * width
            gleam.ellipse(
                x, y, chance.uniform(12, 60) * (0.6 + share), 0.7 + 2 * share, colours.light, chance.uniform(0.15, 0.55)
            )


def _pines(film: FilmSet, base: float) -> None:
    colours, chance = film.palette, film.rng("pines")
    for name, depth, low, tall, count in (
        ("pines-far", 0.55, base + 8, 74, 60),
        ("pines-near", 0.92, film.h * 0.97, 300, 16),
    ):
        paper = film.sheet(name, depth, low - tall * 1.35, film.bottom if depth > 0.9 else low + 16)
        trees = []
        for _ in range(count):
            x = chance.uniform(film.left, film.right)
            gap = abs(x - film.subject) / film.w
            if depth > 0.9 and gap < 0.3:
                continue
            share = 1.0 if depth < 0.9 else 0.55 + gap
            trees.append(pine(chance, x, low + chance.uniform(0, 10), tall * share * chance.uniform(0.6, 1.15)))
        paper.path("".join(trees), colours.shade(depth + 0.05))
        points = ridge(chance, film.left, film.right, low + 4, 9, 5)
        paper.path(below(points, paper.y + paper.height), colours.shade(depth + 0.05))
