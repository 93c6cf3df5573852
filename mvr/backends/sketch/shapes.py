"""Shapes that many places share: ridges, clouds, trees, grass, light shafts."""

from __future__ import annotations

import math
import random
from itertools import pairwise

from .paper import Paper, Point, smooth


def ridge(
    chance: random.Random, x0: float, x1: float, y: float, height: float, steps: int = 6, rough: float = 0.5
) -> list[Point]:
    """A skyline of hills or mountains from x0 to x1 around y. Source: midpoint displacement (Fournier et al., 1982)."""
    heights = [chance.uniform(-1, 1), chance.uniform(-1, 1)]
    size = 1.0
    for _ in range(steps):
        size *= rough
        finer = [heights[0]]
        for one, two in pairwise(heights):
            finer += [(one + two) / 2 + chance.uniform(-size, size), two]
        heights = finer
    span = (x1 - x0) / (len(heights) - 1)
    return [(x0 + index * span, y - value * height) for index, value in enumerate(heights)]


def hills(chance: random.Random, x0: float, x1: float, y: float, height: float, count: int) -> list[Point]:
    """A few points of a soft skyline, to be drawn by a smooth curve."""
    span = (x1 - x0) / count
    return [
        (x0 + (index + chance.uniform(-0.25, 0.25)) * span, y - chance.uniform(-1, 1) * height)
        for index in range(-1, count + 2)
    ]


def below(points: list[Point], bottom: float, *, soft: bool = False) -> str:
    """Path data of what lies below a skyline, down to y = bottom."""
    if not soft:
        line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        return f"M{points[0][0]:.1f} {bottom:.1f}L{line}L{points[-1][0]:.1f} {bottom:.1f}Z"
    return f"{smooth(points, closed=False)}L{points[-1][0]:.1f} {bottom:.1f}L{points[0][0]:.1f} {bottom:.1f}Z"


def cloud(chance: random.Random, x: float, y: float, width: float, height: float) -> str:
    """Path data of one flat-bottomed cloud."""
    count = chance.randint(4, 6)
    parts = []
    for index in range(count):
        share = (index + 0.5) / count
        radius = height * (0.35 + 0.65 * math.sin(math.pi * share)) * chance.uniform(0.75, 1.1)
        cx = x + (share - 0.5) * width * 0.85
        parts.append(f"M{cx - radius:.1f} {y:.1f}a{radius:.1f} {radius:.1f} 0 0 1 {2 * radius:.1f} 0Z")
    left, right = x - width / 2, x + width / 2
    base = height * 0.22
    parts.append(
        f"M{left:.1f} {y:.1f}q{width * 0.04:.1f} {-base:.1f} {width * 0.16:.1f} {-base:.1f}"
        f"L{right - width * 0.16:.1f} {y - base:.1f}q{width * 0.12:.1f} 0 {width * 0.16:.1f} {base:.1f}Z"
    )
    return "".join(parts)


def streak(x: float, y: float, width: float, height: float) -> str:
    """Path data of a thin lens of cloud."""
    return (
        f"M{x - width / 2:.1f} {y:.1f}Q{x - width * 0.1:.1f} {y - height:.1f} {x + width / 2:.1f} {y:.1f}"
        f"Q{x:.1f} {y + height * 0.6:.1f} {x - width / 2:.1f} {y:.1f}Z"
    )


def pine(chance: random.Random, x: float, base: float, height: float) -> str:
    """Path data of a conifer."""
    tiers = 6
    half = height * chance.uniform(0.15, 0.2)
    left: list[str] = []
    right: list[str] = []
    for tier in range(tiers):
        low = base - height * (0.08 + 0.9 * tier / tiers)
        wide = half * (1 - tier / tiers) * chance.uniform(0.85, 1.15)
        inner = low - height * 0.085
        right += [f"{x + wide:.1f} {low:.1f}", f"{x + wide * 0.42:.1f} {inner:.1f}"]
        left += [f"{x - wide:.1f} {low:.1f}", f"{x - wide * 0.42:.1f} {inner:.1f}"]
    trunk = height * 0.018
    return (
        f"M{x - trunk:.1f} {base:.1f}L{x - trunk:.1f} {base - height * 0.09:.1f}L" + "L".join(left)
        + f"L{x:.1f} {base - height:.1f}L" + "L".join(reversed(right))
        + f"L{x + trunk:.1f} {base - height * 0.09:.1f}L{x + trunk:.1f} {base:.1f}Z"
    )  # fmt: skip


def crown(chance: random.Random, x: float, y: float, width: float, height: float, bumps: int = 11) -> str:
    """Path data of a leafy crown."""
    points = []
    for index in range(bumps):
        angle = 2 * math.pi * index / bumps
        reach = chance.uniform(0.8, 1.12)
        points.append((x + math.cos(angle) * width / 2 * reach, y + math.sin(angle) * height / 2 * reach))
    return smooth(points)


def tree(
    paper: Paper, chance: random.Random, x: float, base: float, height: float, leaf: str, lit: str, bark: str
) -> None:
    """A leafy tree: trunk, crown, and lighter leaves on the lit side."""
    lean = chance.uniform(-0.05, 0.05) * height
    trunk = height * 0.028
    paper.path(
        (
            f"M{x - trunk * 1.8:.1f} {base:.1f}Q{x - trunk:.1f} {base - height * 0.25:.1f} "
            f"{x + lean - trunk * 0.5:.1f} {base - height * 0.7:.1f}"
            f"L{x + lean + trunk * 0.5:.1f} {base - height * 0.7:.1f}Q{x + trunk:.1f} "
            f"{base - height * 0.25:.1f} {x + trunk * 1.8:.1f} {base:.1f}Z"
        ),
        bark,
    )
    for dx, dy, size in ((-0.16, -0.52, 0.42), (0.17, -0.56, 0.4), (0.0, -0.75, 0.5)):
        paper.path(crown(chance, x + lean + dx * height, base + dy * height, size * height, size * height * 0.82), leaf)
    for dx, dy, size in ((-0.12, -0.6, 0.22), (0.1, -0.68, 0.2), (0.0, -0.84, 0.26)):
        paper.path(
            crown(chance, x + lean + dx * height, base + dy * height, size * height, size * height * 0.6), lit, 0.55
        )


def blades(chance: random.Random, x0: float, x1: float, base: float, height: float, count: int) -> str:
    """Path data of grass: thin curved blades standing on y = base."""
    parts = []
    for _ in range(count):
        x = chance.uniform(x0, x1)
        tall = height * chance.uniform(0.45, 1.0)
        lean = chance.uniform(-0.45, 0.45) * tall
        wide = height * 0.035 + 1.2
        parts.append(
            f"M{x - wide:.1f} {base:.1f}Q{x + lean * 0.2:.1f} {base - tall * 0.6:.1f} {x + lean:.1f} {base - tall:.1f}"
            f"Q{x + lean * 0.2 + wide:.1f} {base - tall * 0.55:.1f} {x + wide:.1f} {base:.1f}Z"
        )
    return "".join(parts)


def shaft(
    paper: Paper, start: Point, angle: float, length: float, near: float, far: float, colour: str, strength: float
) -> None:
    """A beam of light from a point: angle in radians from straight down, widths near and far."""
    dx, dy = math.sin(angle), math.cos(angle)
    end = (start[0] + dx * length, start[1] + dy * length)
    px, py = dy, -dx
    points = [
        (start[0] + px * near / 2, start[1] + py * near / 2), (end[0] + px * far / 2, end[1] + py * far / 2),
        (end[0] - px * far / 2, end[1] - py * far / 2), (start[0] - px * near / 2, start[1] - py * near / 2),
    ]  # fmt: skip
    fill = paper.linear(((0, colour, strength), (0.55, colour, strength * 0.45), (1, colour, 0)), start, end)
    data = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    paper.path(f"M{data}Z", fill)


def lens_curve(x: float, y: float, width: float, height: float) -> str:
    """Path data of a flat smooth mound: its foot on y, its crown `height` above."""
    left, right = x - width / 2, x + width / 2
    return (
        f"M{left:.1f} {y:.1f}C{left + width * 0.22:.1f} {y:.1f} {x - width * 0.22:.1f} "
        f"{y - height:.1f} {x:.1f} {y - height:.1f}"
        f"C{x + width * 0.22:.1f} {y - height:.1f} {right - width * 0.22:.1f} {y:.1f} {right:.1f} {y:.1f}Z"
    )
