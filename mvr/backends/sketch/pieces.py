"""Pieces: which parts of a picture show anything, and which hide all that lies behind them.

Laying what is clear, and blending what is opaque, is most of what a frame costs: a row of towers is clear above and
opaque below, and only its outline has to be blended.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import cv2
import numpy as np

CELL = 32
"""Pixels of the grid on which a picture is cut."""

BLEND, COPY = 2.9, 1.05
"""Nanoseconds that a pixel takes which is blended, or only copied: sampled, and laid on the frame."""

EACH = 90_000.0
"""Nanoseconds that a piece takes beside its pixels."""


class Piece(NamedTuple):
    """A part of a picture in its pixels: [left, right) by [top, bottom), and whether it is opaque."""

    left: int
    top: int
    right: int
    bottom: int
    opaque: bool


Box = tuple[int, int, int, int]
"""Left, top, right, bottom in cells."""


def cut(alpha: Any, scale: float = 1.0) -> tuple[Piece, ...]:
    """Cuts a picture's alpha, uint8 (height, width), into the pieces that cost least; what is clear is in none.

    scale: frame pixels for each of its pixels. Where cutting saves nothing it is one piece.
    """
    height, width = alpha.shape
    near = np.ones((7, 7), np.uint8)  # a piece's edge is rounded to the next even pixel of the frame
    grid = _Grid(
        _cells(cv2.dilate(alpha, near)) > 0, _cells(cv2.bitwise_not(cv2.erode(alpha, near))) == 0, (CELL * scale) ** 2
    )
    rows, columns = grid.shown.shape
    found: list[Box] = []
    grid.split((0, 0, columns, rows), found)
    return tuple(
        Piece(left * CELL, top * CELL, min(width, right * CELL), min(height, bottom * CELL),
              bool(grid.hidden[top:bottom, left:right].all()))
        for left, top, right, bottom in found
    )  # fmt: skip


def _cells(alpha: Any) -> Any:
    """The highest value of each cell."""
    rows, columns = (-(-size // CELL) for size in alpha.shape)
    whole = np.zeros((rows * CELL, columns * CELL), np.uint8)
    whole[: alpha.shape[0], : alpha.shape[1]] = alpha
    return whole.reshape(rows, CELL, columns, CELL).max(axis=(1, 3))


class _Grid:
    """Cells that show something, those that hide all behind them, and the pixels of the frame in each."""

    def __init__(self, shown: Any, hidden: Any, area: float) -> None:
        self.shown, self.hidden, self.area = shown, hidden, area

    def split(self, box: Box, found: list[Box]) -> None:
        """Cuts a box in two or three where that saves most, as long as it saves something."""
        tight = self._trimmed(box)
        if tight is None:
            return
        left, top, right, bottom = tight
        here = slice(top, bottom), slice(left, right)
        shown, hidden = self.shown[here], self.hidden[here]
        if not hidden.all():
            whole = float(self._costs(shown, hidden)[-1])
            across, x = self._best(shown, hidden)
            down, y = self._best(shown.T, hidden.T)
            if min(across, down) < whole - EACH / 4:
                edges = (
                    [left, *(left + at for at in x), right]
                    if across <= down
                    else [top, *(top + at for at in y), bottom]
                )
                for first, last in pairwise(edges):
                    self.split((first, top, last, bottom) if across <= down else (left, first, right, last), found)
                return
        found.append(tight)

    def _trimmed(self, box: Box) -> Box | None:
        left, top, right, bottom = box
        part = self.shown[top:bottom, left:right]
        columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
        if not len(rows):
            return None
        return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1

    def _costs(self, shown: Any, hidden: Any) -> Any:
        """What the first n columns cost as one piece, without their clear edges; n from 0 to all."""
        rows, columns = shown.shape
        some, index = shown.any(axis=0), np.arange(columns)
        first = np.minimum.accumulate(np.where(some, shown.argmax(axis=0), rows))
        last = np.maximum.accumulate(np.where(some, rows - shown[::-1].argmax(axis=0), 0))
        right = np.maximum.accumulate(np.where(some, index + 1, 0))
        cells = np.maximum(0, last - first) * np.maximum(0, right - (int(some.argmax()) if some.any() else 0))
        full = np.cumsum(hidden.sum(axis=0)) == cells
        costs = np.where(cells > 0, EACH + cells * self.area * np.where(full, COPY, BLEND), 0.0)
        return np.concatenate([[0.0], costs])

    def _best(self, shown: Any, hidden: Any) -> tuple[float, list[int]]:
        """The least cost of a box that is cut between columns, and where: once, or on both sides of what is opaque."""
        before, after = self._costs(shown, hidden), self._costs(shown[:, ::-1], hidden[:, ::-1])[::-1]
        one = before + after
        at = int(one[1:-1].argmin()) + 1 if len(one) > 2 else 0
        best, where = (float(one[at]), [at]) if at else (float("inf"), [])
        full = np.flatnonzero(np.diff(np.concatenate([[0], hidden.all(axis=0), [0]]).astype(np.int8)))
        for start, end in zip(full[::2].tolist(), full[1::2].tolist(), strict=True):
            cost = float(before[start] + after[end]) + EACH + (end - start) * shown.shape[0] * self.area * COPY
            if cost < best and start > 0 and end < shown.shape[1]:
                best, where = cost, [start, end]
        return best, where
