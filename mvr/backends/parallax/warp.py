"""Warp: a picture with its depth, as a camera that moves sees it; one backward warp a frame, without holes or edges.

A point of the frame looks up where in the picture it comes from, x = p (1 - forward q(x)) + step q(x) + turn, with q
the nearness there; the equation is solved by fixed-point iteration on a mesh of CELL pixels, and the mesh is enlarged
to a map. q is smooth enough that the iteration always converges: the warp is one to one, so nothing tears or folds.
All of it is the pinhole camera's equation (Hartley and Zisserman, Multiple View Geometry, 2nd ed., ch. 6) backwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from . import depth
from .path import Camera

CELL = 16  # pixels of the frame between two points of the mesh; even, for chroma
BAND = 16  # cells of a band: its maps stay in the processor's cache
STEPS = 5
FINE = 1.5  # pixels of the source for one of the frame, where the picture lies closest: bilinear sampling stays sharp
INSIDE = 1.5  # pixels of the source that are kept clear at its edges

_BGR_TO_YUV = (
    np.array(
        [
            [0.0722 * 219, 0.7152 * 219, 0.2126 * 219, 16 * 255],
            [0.5 * 224, -0.7152 / 1.8556 * 224, -0.2126 / 1.8556 * 224, 128 * 255],
            [-0.0722 / 1.5748 * 224, -0.7152 / 1.5748 * 224, 0.5 * 224, 128 * 255],
        ],
        np.float32,
    )
    / 255
)  # ITU-R BT.709-6, limited range


class Shot:
    """A picture ready to be filmed at a size. cameras: every one that will look at it, so that none sees an edge."""

    def __init__(self, picture: Any, near: Any, width: int, height: int, cameras: Sequence[Camera]) -> None:
        cv2.setNumThreads(1)  # bytes must not depend on the machine's cores, and lanes run one clip a core
        self.width, self.height = width, height
        self.unit = math.sqrt(width * height) / 2  # pixels of the frame
        self.half = (width / 2 / self.unit, height / 2 / self.unit)
        rows, columns = picture.shape[:2]
        self.cover = max(2 * self.half[0] / columns, 2 * self.half[1] / rows)  # units a pixel of the picture
        self.reach = (columns * self.cover / 2, rows * self.cover / 2)
        reach = max((abs(c.step[0]) + abs(c.step[1]) + 1.4 * abs(c.forward) for c in cameras), default=0.0)
        cells = near.shape[1], near.shape[0]
        unit = (2 * self.reach[0] / cells[0], 2 * self.reach[1] / cells[1])
        self.near = depth.nearness(near, 0.6 / max(reach, 1e-6), unit)
        self.over = 1.0
        self.over = self._overscan(cameras)
        self._source(picture)
        self._mesh()
        self.frame = np.empty((height * 3 // 2, width), np.uint8)

    def draw(self, moments: Sequence[Camera], gap: int = 1) -> NDArray[np.uint8]:
        """A frame as I420, which the next call overwrites: what the cameras see, one beside another for a blur.

        gap: pixels of the frame, across, from what one camera sees to the next; they are smeared over, for hard edges
        would show as often as there are cameras.
        """
        if len(moments) == 1:
            self._take(moments[0])
            return self.frame
        total = np.zeros(self.frame.shape, np.float32)
        for camera in moments:
            self._take(camera)
            cv2.accumulate(self.frame, total)
        if gap > 1:
            for plane, across in self._planes(total, gap):
                cv2.blur(plane, (across, 1), dst=plane)
        cv2.convertScaleAbs(total, dst=self.frame, alpha=1 / len(moments))
        return self.frame

    def _planes(self, total: Any, gap: int) -> list[tuple[Any, int]]:
        """Views of the planes of I420, each with a gap in its own pixels."""
        height, width = self.height, self.width
        flat, whole, quarter = total.reshape(-1), height * width, height * width // 4
        half = (height // 2, width // 2)
        colours = [flat[start : start + quarter].reshape(half) for start in (whole, whole + quarter)]
        return [(total[:height], gap), *((plane, max(1, gap // 2)) for plane in colours)]

    def speed(self, one: Camera, other: Camera) -> float:
        """How far the picture moves between two cameras at a corner of the frame, in units."""
        corner = np.array([[self.half[0]], [self.half[1]]], np.float32)
        way = self.seen(corner, one) - self.seen(corner, other)
        return float(np.abs(way).max())

    def across(self, one: Camera, other: Camera) -> float:
        """How many pixels of the frame its middle moves to the side between two cameras."""
        middle = np.zeros((2, 1), np.float32)
        way = float(self.seen(middle, one)[0, 0] - self.seen(middle, other)[0, 0])
        return abs(way) * self.unit * self.over * (one.zoom + other.zoom) / 2

    def seen(self, points: Any, camera: Camera) -> Any:
        """Where in the picture (units from its middle, 2 x n, float32) points of the frame come from."""
        cosine, sine = math.cos(camera.roll), math.sin(camera.roll)
        x0, y0 = points
        zoom = np.float32(1 / (camera.zoom * self.over))
        px, py = (x0 * cosine + y0 * sine) * zoom, (y0 * cosine - x0 * sine) * zoom
        turn, step = ((way[0] / self.over, way[1] / self.over) for way in (camera.turn, camera.step))
        x, y = px + np.float32(turn[0]), py + np.float32(turn[1])
        for _ in range(STEPS):
            q = self._nearness(x, y)
            shrink = 1 - camera.forward * q
            x = px * shrink + np.float32(turn[0]) + np.float32(step[0]) * q
            y = py * shrink + np.float32(turn[1]) + np.float32(step[1]) * q
        return np.stack([x, y])

    def _nearness(self, x: Any, y: Any) -> Any:
        rows, columns = self.near.shape
        at_x = (x / self.reach[0] + 1) * np.float32(columns / 2) - np.float32(0.5)
        at_y = (y / self.reach[1] + 1) * np.float32(rows / 2) - np.float32(0.5)
        shape = x.shape
        flat = (1, -1) if x.ndim == 1 else shape
        found = cv2.remap(
            self.near, at_x.reshape(flat), at_y.reshape(flat), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return found.reshape(shape)

    def _overscan(self, cameras: Sequence[Camera]) -> float:
        """How much the picture must be enlarged so that no camera looks past its edge: 1 where none does."""
        steps = 25
        across, down = np.linspace(-1, 1, steps, dtype=np.float32), np.linspace(-1, 1, steps, dtype=np.float32)
        a, b = np.float32(self.half[0]), np.float32(self.half[1])
        edge = np.concatenate(
            [
                np.stack([across * a, np.full(steps, side * b, np.float32)]) for side in (-1, 1)
            ] + [np.stack([np.full(steps, side * a, np.float32), down * b]) for side in (-1, 1)],
            axis=1,
        )  # fmt: skip
        margin = [side - INSIDE * self.cover for side in self.reach]
        over = 1.0
        for _ in range(6):
            self.over = over
            worst = 0.0
            for camera in cameras:
                x, y = self.seen(edge, camera)
                worst = max(worst, float(np.abs(x).max()) / margin[0], float(np.abs(y).max()) / margin[1])
            if worst <= 1.0:
                return over
            over *= worst * 1.0005
        return over

    def _source(self, picture: Any) -> None:
        """The picture's planes, as fine as the frame needs them; what is finer than the frame is taken out first."""
        rows, columns = picture.shape[:2]
        fit = self.unit * self.cover * self.over  # pixels of the frame a pixel of the picture
        if fit < 0.9:
            size = (max(2, round(columns * fit * 1.1)), max(2, round(rows * fit * 1.1)))
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        size = (max(2, round(columns * fit * FINE / 2) * 2), max(2, round(rows * fit * FINE / 2) * 2))
        yuv = cv2.transform(picture, _BGR_TO_YUV)
        y, u, v = cv2.split(yuv)
        self.y = cv2.resize(y, size, interpolation=cv2.INTER_CUBIC)
        half = (size[0] // 2, size[1] // 2)
        small = cv2.INTER_AREA if half[0] < picture.shape[1] else cv2.INTER_CUBIC
        self.uv = cv2.merge([cv2.resize(plane, half, interpolation=small) for plane in (u, v)])

    def _mesh(self) -> None:
        """The points of the mesh: one in the middle of each cell, and one ring of cells around the frame."""
        columns, rows = -(-self.width // CELL) + 2, -(-self.height // CELL) + 2
        x = ((np.arange(columns, dtype=np.float32) - 0.5) * CELL - self.width / 2) / self.unit
        y = ((np.arange(rows, dtype=np.float32) - 0.5) * CELL - self.height / 2) / self.unit
        self.points = np.stack(np.meshgrid(x, y)).astype(np.float32)

    def _take(self, camera: Camera) -> None:
        where = self.seen(self.points, camera)
        height, width = self.height, self.width
        u = np.empty((height // 2, width // 2, 2), np.uint8)
        y_plane = self.frame[:height]
        for first in range(0, self.points.shape[1] - 2, BAND):
            cells = where[:, first : first + BAND + 2]
            top = first * CELL
            bottom = min(height, top + BAND * CELL)
            self._band(cells, CELL, self.y, y_plane[top:bottom])
            self._band(cells, CELL // 2, self.uv, u[top // 2 : bottom // 2])
        quarter = height * width // 4
        flat = self.frame.reshape(-1)
        flat[height * width : height * width + quarter] = u[:, :, 0].reshape(-1)
        flat[height * width + quarter :] = u[:, :, 1].reshape(-1)

    def _band(self, cells: Any, cell: int, source: Any, out: Any) -> None:
        """Fills a band of a plane from a source: the mesh's cells become a map of `cell` pixels each."""
        rows, columns = source.shape[:2]
        count_y, count_x = cells.shape[1:]
        maps = []
        for values, reach, side in ((cells[0], self.reach[0], columns), (cells[1], self.reach[1], rows)):
            pixels = (values / np.float32(reach) + 1) * np.float32(side / 2) - np.float32(0.5)
            full = cv2.resize(pixels, (count_x * cell, count_y * cell), interpolation=cv2.INTER_LINEAR)
            maps.append(full[cell : cell + out.shape[0], cell : cell + out.shape[1]])
        cv2.remap(source, maps[0], maps[1], cv2.INTER_LINEAR, dst=out, borderMode=cv2.BORDER_REPLICATE)
