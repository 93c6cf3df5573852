"""Sizes that a family draws well: the native one nearest to a film's shape, in multiples that its layers want."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, sqrt

Size = tuple[int, int]

LEAST, MOST = 64, 4096
"""Pixels a side. Below the one no family draws anything; beyond the other none was taught, and none fits a GPU."""


def nearest(natives: Sequence[Size], width: int, height: int) -> Size:
    """Of some native sizes, the one whose shape is nearest to width x height; of equals the larger."""
    return min(natives, key=lambda one: (abs(log(one[0] / one[1]) - log(width / height)), -one[0] * one[1]))


def of_area(area: int, multiple: int, width: int, height: int, longest: int = MOST) -> Size:
    """The size of about `area` pixels in the shape of width x height, each side a multiple of `multiple`."""
    ratio = width / height
    wide, high = sqrt(area * ratio), sqrt(area / ratio)
    return _snapped(min(wide, longest), multiple), _snapped(min(high, longest), multiple)


def wrong(width: int, height: int, multiple: int) -> tuple[str, str] | None:
    """What is wrong with a size that somebody wrote, and what to write instead; None where nothing is."""
    near = f"{_snapped(width, multiple)}x{_snapped(height, multiple)}"
    if not (LEAST <= width <= MOST and LEAST <= height <= MOST):
        return f"{width}x{height}", f"sides of {LEAST} to {MOST} pixels: write {near}"
    if width % multiple or height % multiple:
        return f"{width}x{height}", f"sides in multiples of {multiple}: write {near}"
    return None


def _snapped(side: float, multiple: int) -> int:
    least, most = -(-LEAST // multiple) * multiple, MOST // multiple * multiple
    return min(most, max(least, round(side / multiple) * multiple))
