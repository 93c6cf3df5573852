"""Under water: light that falls from the surface, weed, fish and bubbles."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..paper import Paper, smooth
from ..shapes import shaft

WORDS = (
    "underwater, under the water, submerged, beneath the waves, under the sea, coral, reef, aquarium, drown, "
    "sink, dive, fish, jellyfish, seabed, swim"
)
RANK = 2
SKY = False
TIME = "day"


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("underwater")
    film.mood["indoor"] = True
    deep = mix(mix(colours.sky[0], "#0b3c5d", 0.5), colours.ink, 0.35)
    shallow = mix(mix(colours.sky[2], "#49c0c4", 0.45), colours.light, 0.12)
    sky = film.sheet("sky", 0.0, detail=0.25, opaque=True)
    sky.rect(
        film.left,
        film.top,
        sky.width,
        sky.height,
        sky.linear(
            ((0, shallow, 1), (0.35, mix(shallow, deep, 0.5), 1), (0.8, deep, 1), (1, mix(deep, colours.ink, 0.5), 1)),
            (0, 0),
            (0, film.h),
        ),
    )
    x = film.light[0]
    sky.glow(x, -60, film.short * 0.9, mix(colours.light, shallow, 0.2), 0.85)
    for index in range(2):
        rays = film.sheet(f"rays-{index}", 0.2 + 0.3 * index, detail=0.2, breathe=0.6, phase=index * 2.4, kick=0.12)
        for _ in range(6):
            start = x + chance.uniform(-0.5, 0.5) * film.w
            shaft(
                rays,
                (start, -120),
                (start - x) / film.w * 0.8 + chance.uniform(-0.06, 0.06),
                film.h * chance.uniform(0.7, 1.15),
                26,
                chance.uniform(70, 220),
                mix(colours.light, shallow, 0.35),
                0.34,
            )
    for index, depth in enumerate((0.25, 0.45, 0.75)):
        tint = mix(mix(deep, shallow, 0.35 - 0.15 * index), colours.ink, 0.2 + 0.2 * index)
        _bed(film, index, depth, tint)
        if index < 2:
            _fish(film, index, depth + 0.05, mix(tint, colours.accent if index else deep, 0.35))
    film.drops("bubbles", 0.8, 40, mix(colours.light, shallow, 0.3), film.top, film.bottom)
    film.drops("dust", 1.1, 50, colours.light, film.top, film.bottom)


def _bed(film: FilmSet, index: int, depth: float, tint: str) -> None:
    """A ridge of the sea floor with weed on it."""
    chance = film.rng(f"bed-{index}")
    y = film.h * (0.7 + 0.11 * index)
    paper = film.sheet(f"bed-{index}", depth, y - film.h * 0.34, film.bottom, sway=0.006)
    points = [
        (film.left - 50 + step * (paper.width + 100) / 6, y + chance.uniform(-0.05, 0.05) * film.h) for step in range(7)
    ]
    paper.path(
        smooth(points, closed=False)
        + f"L{film.right + 60:.0f} {film.bottom:.0f}L{film.left - 60:.0f} {film.bottom:.0f}Z",
        tint,
    )
    for _ in range(10):
        x = chance.uniform(film.left, film.right)
        if index == 2 and abs(x - film.subject) < film.w * 0.22:
            continue
        _weed(
            paper,
            chance.uniform(0.6, 1.0) * film.h * (0.14 + 0.07 * index),
            x,
            y + film.h * 0.05,
            chance.uniform(-1, 1),
            tint,
            12 + 9 * index,
        )


def _weed(paper: Paper, tall: float, x: float, y: float, bend: float, tint: str, wide: float) -> None:
    left, right = [], []
    for step in range(7):
        share = step / 6
        import math

        cx = x + math.sin(share * 5 + bend * 3) * wide * 1.2 * share + bend * tall * 0.12 * share
        half = wide * 0.5 * (1 - share) ** 0.6 + 0.5
        left.append((cx - half, y - tall * share))
        right.append((cx + half, y - tall * share))
    paper.path(smooth([*left, *reversed(right)]), tint)


def _fish(film: FilmSet, index: int, depth: float, tint: str) -> None:
    chance = film.rng(f"fish-{index}")
    way = chance.choice((-1, 1))
    y = film.h * chance.uniform(0.28, 0.55)
    paper = film.sheet(f"fish-{index}", depth, y - 130, y + 130, travel=way * (26.0 + 30 * index), bob=5.0)
    middle = film.w * chance.uniform(0.3, 0.7)
    for _ in range(9 - 3 * index):
        x, fy = middle + chance.gauss(0, 90), y + chance.gauss(0, 46)
        size = chance.uniform(11, 18) * (1 + 0.9 * index)
        nose, tail = x + way * size, x - way * size
        paper.path(
            (
                f"M{nose:.1f} {fy:.1f}Q{x:.1f} {fy - size * 0.62:.1f} {tail:.1f} {fy:.1f}Q{x:.1f} "
                f"{fy + size * 0.62:.1f} {nose:.1f} {fy:.1f}Z"
            ),
            tint,
        )
        paper.path(
            (
                f"M{tail + way * size * 0.2:.1f} {fy:.1f}l{-way * size * 0.62:.1f} {-size * 0.42:.1f}"
                f"q{way * size * 0.2:.1f} {size * 0.42:.1f} 0 {size * 0.84:.1f}z"
            ),
            tint,
        )
