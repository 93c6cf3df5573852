"""Flashes: how many general and red ones a film has in any second, by WCAG 2.3.1, measured on its decoded frames.

A general flash is a pair of opposing changes in relative luminance of a tenth of full white or more, where the darker
picture is below 0.80; a red flash is the same of saturated red. One counts where it covers a quarter of any 10 degrees
of sight: of a window a third of the frame wide and high (341 x 256 of 1024 x 768). Source: W3C, WCAG 2.2, "general
flash and red flash thresholds"; a change in red is one of (R - G - B) x 320 by 20, where R / (R + G + B) is 0.8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np

CELLS = 24  # along each side of the frame: the places at which light is measured
STEP, DARK, RED = 0.1, 0.8, 20.0
SHARE = 0.25


def decoded(path: Path) -> Iterator[Any]:
    """Every frame of a film, BGR, uint8 (height, width, 3)."""
    reader = cv2.VideoCapture(str(path))
    try:
        while True:
            done, frame = reader.read()
            if not done:
                return
            yield frame
    finally:
        reader.release()


def linear(frame: Any) -> Any:
    """Red, green and blue of a frame as light, 0 to 1, in cells (CELLS, CELLS, 3)."""
    table = np.arange(256) / 255
    light = np.where(table <= 0.04045, table / 12.92, ((table + 0.055) / 1.055) ** 2.4).astype(np.float32)
    return cv2.resize(light[frame], (CELLS, CELLS), interpolation=cv2.INTER_AREA)[:, :, ::-1]


def luminance(cells: Any) -> Any:
    """Relative luminance, 0 to 1, of cells of linear light."""
    return cells @ np.array([0.2126, 0.7152, 0.0722], np.float32)


def redness(cells: Any) -> Any:
    """(R - G - B) x 320 where red is saturated, else 0."""
    red, rest = cells[:, :, 0], cells[:, :, 1] + cells[:, :, 2]
    whole = red + rest
    return np.where((whole > 0) & (red >= 0.8 * whole), np.maximum(0, red - rest) * 320, 0)


def most(frames: Iterable[Any], fps: float, cuts: Iterable[int] = ()) -> dict[str, int]:
    """The most general and red flashes in any second, anywhere in the frame. At a cut counting begins anew: another
    picture is no flash unless it comes back."""
    light, red = [], []
    for frame in frames:
        cells = linear(frame)
        light.append(luminance(cells))
        red.append(redness(cells))
    ends = sorted({0, len(light), *cuts})
    found = {"general": 0, "red": 0}
    for start, end in pairwise(ends):
        if end - start > 2:
            found["general"] = max(found["general"], _most(np.array(light[start:end]), fps, STEP, DARK))
            found["red"] = max(found["red"], _most(np.array(red[start:end]), fps, RED, np.inf))
    return found


def _most(levels: Any, fps: float, step: float, dark: float) -> int:
    """Of levels (frames, rows, columns): the most pairs of opposing changes in a second that cover enough of a
    window."""
    changes = _changes(levels, step, dark)
    side = CELLS // 3
    second = max(1, round(fps))
    best = 0
    for start in range(max(1, len(levels) - second + 1)):
        pairs = (changes[start : start + second] != 0).sum(axis=0) // 2
        for count in range(int(pairs.max()), best, -1):
            covered = cv2.boxFilter(
                (pairs >= count).astype(np.float32), -1, (side, side), borderType=cv2.BORDER_CONSTANT
            )
            if covered.max() >= SHARE:
                best = count
                break
    return best


def _changes(levels: Any, step: float, dark: float) -> Any:
    """1 where a rise of at least `step` since the last turn is completed, -1 for a fall, else 0."""
    low = high = levels[0]
    way = np.zeros(levels[0].shape, np.int8)
    found = np.zeros(levels.shape, np.int8)
    for index, level in enumerate(levels):
        low, high = np.minimum(low, level), np.maximum(high, level)
        rises = (level - low >= step) & (low < dark) & (way != 1)
        falls = (high - level >= step) & (level < dark) & (way != -1)
        found[index][rises], found[index][falls] = 1, -1
        way = np.where(rises, 1, np.where(falls, -1, way)).astype(np.int8)
        low, high = np.where(rises | falls, level, low), np.where(rises | falls, level, high)
        low, high = np.where(way == -1, np.minimum(low, level), low), np.where(way == 1, np.maximum(high, level), high)
    return found
