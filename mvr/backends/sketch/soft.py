"""Soft: layers of light and blur that follow each other are laid on one another small, and enlarged once a frame."""

from __future__ import annotations

import cv2
import numpy as np

from .planes import Frame, Plane, lay

Box = tuple[int, int, int, int]
Sheets = tuple[list[Plane], list[Plane]]
"""y and a at a share of the frame's size; u, v and a at half of that, as colour is on the frame."""


class Run:
    """Soft layers that lie next to each other in depth, gathered at a half or a quarter of the frame's size."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.shrink = 0  # of the layers gathered; 0: none
        self.box: Box = (0, 0, 0, 0)
        self._sheets: dict[int, Sheets] = {}

    def takes(self, shrink: int) -> int:
        """At which share of the frame's size a layer of that share can be gathered with what is here; 0: it cannot."""
        if not self.shrink:
            return shrink
        return self.shrink if shrink >= self.shrink else 0

    def add(self, light: list[Plane], colour: list[Plane], shrink: int, box: Box) -> None:
        """Lays y and a, and at half their size u, v and a, sampled at that share of the frame's size for a box of it,
        on those here. The box begins at a multiple of four times the share."""
        x0, y0, x1, y1 = box
        sheets = self._sheets.get(shrink)
        if sheets is None:
            rows, columns = -(-self.height // shrink // 2) * 2 + 2, -(-self.width // shrink // 2) * 2 + 2
            sheets = self._sheets[shrink] = (
                [np.zeros((rows, columns), np.uint8) for _ in range(2)],
                [np.zeros((rows // 2, columns // 2), np.uint8) for _ in range(3)],
            )
        if not self.shrink:
            self.shrink, self.box = shrink, box
            for sheet in (*sheets[0], *sheets[1]):
                sheet[:] = 0
        else:
            left, top, right, bottom = self.box
            self.box = (min(left, x0), min(top, y0), max(right, x1), max(bottom, y1))
        for here, planes, step in ((sheets[0], light, shrink), (sheets[1], colour, 2 * shrink)):
            rows, columns = planes[0].shape
            part = slice(y0 // step, y0 // step + rows), slice(x0 // step, x0 // step + columns)
            for sheet, plane in zip(here, planes, strict=True):
                lay(sheet[part], plane, planes[-1])

    def flush(self, frame: Frame) -> None:
        """Lays what is here on a frame, and forgets it."""
        if not self.shrink:
            return
        shrink, (x0, y0, x1, y1) = self.shrink, self.box
        self.shrink = 0
        (y, a), (u, v, half) = self._sheets[shrink]
        alpha = a[y0 // shrink : -(-y1 // shrink), x0 // shrink : -(-x1 // shrink)]
        for left, top, right, bottom in _shown(alpha, 64 // shrink):
            box = (x0 + left * shrink, y0 + top * shrink, min(x1, x0 + right * shrink), min(y1, y0 + bottom * shrink))
            _lay_grown([frame.y], [y], a, shrink, box)
            _lay_grown([frame.u, frame.v], [u, v], half, 2 * shrink, box)


def _lay_grown(under: list[Plane], over: list[Plane], alpha: Plane, step: int, box: Box) -> None:
    """Enlarges a part of planes, and what is around it, to planes of the frame, and lays them there. step: pixels of
    the frame for each of theirs; box: in pixels of the frame."""
    times = step if len(under) == 1 else step // 2
    x0, y0, x1, y1 = (value * times // step for value in box)
    left, top = max(0, x0 // times - 1), max(0, y0 // times - 1)
    right, bottom = min(alpha.shape[1], -(-x1 // times) + 1), min(alpha.shape[0], -(-y1 // times) + 1)
    inside = slice(y0 - top * times, y1 - top * times), slice(x0 - left * times, x1 - left * times)
    size = ((right - left) * times, (bottom - top) * times)

    def grown(plane: Plane) -> Plane:
        return cv2.resize(plane[top:bottom, left:right], size)[inside]

    rest = cv2.resize(cv2.bitwise_not(alpha[top:bottom, left:right]), size)[inside]
    for target, source in zip(under, over, strict=True):
        part = target[y0:y1, x0:x1]
        cv2.add(cv2.multiply(part, rest, scale=1 / 255), grown(source), dst=part)


def _shown(alpha: Plane, step: int) -> list[Box]:
    """Boxes around what an alpha shows, in bands of rows; even, and a pixel wider than it, since it is enlarged."""
    height, width = alpha.shape
    rows = cv2.reduce(alpha, 1, cv2.REDUCE_MAX).ravel() > 0
    boxes: list[Box] = []
    for top in range(0, height, step):
        bottom = min(height, top + step)
        if not rows[max(0, top - 1) : bottom + 1].any():
            continue
        shown = np.flatnonzero(cv2.reduce(alpha[max(0, top - 1) : bottom + 1], 0, cv2.REDUCE_MAX).ravel())
        left, right = max(0, int(shown[0]) - 1) // 2 * 2, min(width, (int(shown[-1]) + 3) // 2 * 2)
        if boxes and boxes[-1][3] == top and abs(boxes[-1][0] - left) + abs(boxes[-1][2] - right) < width // 6:
            before = boxes.pop()
            boxes.append((min(before[0], left), before[1], max(before[2], right), bottom))
        else:
            boxes.append((left, top, right, bottom))
    return boxes
