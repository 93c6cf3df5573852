"""Soft: layers of light and blur that follow each other are laid on one another small, and enlarged once a frame."""

from __future__ import annotations

import cv2
import numpy as np

from .planes import Frame, Plane, lay

Box = tuple[int, int, int, int]


class Run:
    """Soft layers that lie next to each other in depth, gathered at a half or a quarter of the frame's size."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.shrink = 0  # of the layers gathered; 0: none
        self.box: Box = (0, 0, 0, 0)
        self._sheets: dict[int, list[Plane]] = {}

    def takes(self, shrink: int) -> int:
        """At which share of the frame's size a layer of that share can be gathered with what is here; 0: it cannot."""
        if not self.shrink:
            return shrink
        return self.shrink if shrink >= self.shrink else 0

    def add(self, planes: list[Plane], shrink: int, box: Box) -> None:
        """Lays y, u, v and a, sampled at that share of the frame's size for a box of the frame, on those here."""
        x0, y0, x1, y1 = box
        sheets = self._sheets.get(shrink)
        if sheets is None:
            rows, columns = -(-self.height // shrink) + 1, -(-self.width // shrink) + 1
            sheets = self._sheets[shrink] = [np.zeros((rows, columns), np.uint8) for _ in range(4)]
        if not self.shrink:
            self.shrink, self.box = shrink, box
            for sheet in sheets:
                sheet[:] = 0
        else:
            left, top, right, bottom = self.box
            self.box = (min(left, x0), min(top, y0), max(right, x1), max(bottom, y1))
        rows, columns = planes[0].shape
        part = slice(y0 // shrink, y0 // shrink + rows), slice(x0 // shrink, x0 // shrink + columns)
        for sheet, plane in zip(sheets, planes, strict=True):
            lay(sheet[part], plane, planes[3])

    def flush(self, frame: Frame) -> None:
        """Lays what is here on a frame, and forgets it."""
        if not self.shrink:
            return
        shrink, (x0, y0, x1, y1) = self.shrink, self.box
        self.shrink = 0
        width, height = -(-(x1 - x0) // shrink), -(-(y1 - y0) // shrink)
        part = slice(y0 // shrink, y0 // shrink + height), slice(x0 // shrink, x0 // shrink + width)
        y, u, v, a = (np.ascontiguousarray(sheet[part]) for sheet in self._sheets[shrink])
        full, half = (width * shrink, height * shrink), (width * shrink // 2, height * shrink // 2)
        target = frame.y[y0:y1, x0:x1]
        rows, columns = target.shape
        lay(target, _grown(y, full)[:rows, :columns], _grown(a, full)[:rows, :columns])
        small = _grown(a, half)[: rows // 2, : columns // 2]
        for plane, source in ((frame.u, u), (frame.v, v)):
            lay(plane[y0 // 2 : y1 // 2, x0 // 2 : x1 // 2], _grown(source, half)[: rows // 2, : columns // 2], small)


def _grown(plane: Plane, size: tuple[int, int]) -> Plane:
    return plane if plane.shape == (size[1], size[0]) else cv2.resize(plane, size)
