"""Light that lies over the picture: rim light on figures, light shafts, and the soft dark of the frame's corners."""

from __future__ import annotations

from typing import Any

from .colour import mix, rgb
from .filmset import FilmSet
from .shapes import shaft


def finish(film: FilmSet) -> None:
    """The last layers: shafts of light where they are asked for or the place wants them, dust in them."""
    reading, colours = film.reading, film.palette
    if "shafts" in reading.lights and not film.mood.get("indoor"):
        chance = film.rng("shafts")
        paper = film.sheet("shafts", 0.9, detail=0.25, breathe=0.25)
        x, y = film.light
        for _ in range(6):
            angle = (0.5 - x / film.w) * 0.9 + chance.uniform(-0.35, 0.35)
            shaft(
                paper, (x, y), angle, film.h * chance.uniform(0.7, 1.1), 12, chance.uniform(80, 240), colours.light, 0.2
            )
        film.drops("dust", 1.15, 40, colours.light, film.top, film.bottom)


def rimmed(picture: Any, rim: tuple[str, float, float], scale: float) -> Any:
    """The picture (BGRA, changed in place) with an edge of light on the side where (dx, dy) units points, inside its
    own outline."""
    import cv2
    import numpy as np

    from .planes import seen

    left, top, right, bottom = seen([picture[:, :, 3]])
    part = picture[top:bottom, left:right]
    colour, dx, dy = rim
    alpha = np.ascontiguousarray(part[:, :, 3])
    height, width = alpha.shape
    whole = _filled(alpha, abs(dx) * scale * 3)
    move = np.array([[1, 0, -dx * scale], [0, 1, -dy * scale]], np.float64)
    edge = cv2.subtract(alpha, cv2.warpAffine(whole, move, (width, height)))
    edge = cv2.GaussianBlur(edge, (0, 0), max(0.3, 1.1 * scale))
    rows, columns = np.nonzero(edge)
    share = edge[rows, columns].astype(np.float32)[:, None] / 255 * 0.85
    red, green, blue = rgb(colour)
    target = np.array([blue, green, red], np.float32) * 255
    body = part[rows, columns, :3].astype(np.float32)
    part[rows, columns, :3] = np.rint(body + (target - body) * share).astype(np.uint8)
    return picture


def _filled(alpha: Any, gap: float) -> Any:
    """The outline with slits up to `gap` pixels closed: none between arm and body shall get an edge of its own."""
    import cv2
    import numpy as np

    height, width = alpha.shape
    size = max(3, 2 * round(gap / 4) + 1)
    small = cv2.resize(alpha, (-(-width // 4), -(-height // 4)), interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    return cv2.max(alpha, cv2.resize(cv2.subtract(closed, small), (width, height)))


def wet_ground(film: FilmSet, y: float, strength: float = 1.0) -> None:
    """Streaks of reflected light on wet ground below y."""
    chance = film.rng("wet")
    colours = film.palette
    paper = film.sheet("wet", 0.95, y, film.bottom, detail=0.5, breathe=0.2, kick=0.12)
    for _ in range(34):
        x = chance.uniform(film.left, film.right)
        top = y + (film.bottom - y) * chance.random() ** 1.5 * 0.8
        size = 0.25 + (top - y) / (film.bottom - y)
        colour = chance.choice((colours.lamp, colours.accent, colours.second, colours.haze, colours.light))
        colour = mix(colour, colours.haze, 0.3)
        width, height = chance.uniform(20, 120) * size, chance.uniform(1.5, 4) * size
        paper.ellipse(x, top, width, height, colour, strength * chance.uniform(0.12, 0.4))
