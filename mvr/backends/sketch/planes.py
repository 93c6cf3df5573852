"""Planes: pictures as BT.709 limited-range Y, U and V, premultiplied, and how they are moved and laid on a frame.

Blending is linear, so it holds in Y'CbCr as it does in R'G'B'; chroma is blended at half size. Per frame this costs a
third of blending RGB and converting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .pieces import Piece

Plane = NDArray[Any]
"""Pixels of one channel or more, uint8."""

_ROWS = (
    np.array(
        [
            [0.2126 * 219, 0.7152 * 219, 0.0722 * 219],
            [-0.2126 / 1.8556 * 224, -0.7152 / 1.8556 * 224, 0.5 * 224],
            [0.5 * 224, -0.7152 / 1.5748 * 224, -0.0722 / 1.5748 * 224],
        ]
    )
    / 255
)  # ITU-R BT.709-6, rows Y', Cb, Cr of R', G', B' (0 to 255)
_ADD = np.array([16.0, 128.0, 128.0])


@dataclass(frozen=True)
class Planes:
    """One picture: y and a (height, width), u, v and half (of a) at half that size; a None: opaque everywhere."""

    y: Plane
    u: Plane
    v: Plane
    a: Plane | None
    half: Plane | None
    solid: int  # the first row from which all below is opaque; height where there is none
    pieces: tuple[Piece, ...] = ()  # what of it is laid; none: all of it
    even: bool = False  # it changes so little from pixel to pixel that it needs no smooth sampling


def yuv_of(colour: tuple[float, float, float]) -> tuple[float, float, float]:
    """Y, Cb and Cr (limited range) of red, green and blue, 0 to 1."""
    y, u, v = (_ROWS @ np.array(colour)) * 255 + _ADD
    return float(y), float(u), float(v)


def from_bgra(picture: Plane) -> Planes:
    """Planes of BGRA pixels with straight alpha."""
    height, width = picture.shape[:2]
    matrix = np.zeros((4, 4), np.float32)
    matrix[:3, :3] = _ROWS[:, ::-1]
    matrix[3, 3] = 1
    matrix = np.hstack([matrix, np.append(_ADD, 0).astype(np.float32)[:, None]])
    straight = cv2.transform(picture, matrix)
    y, u, v, a = cv2.split(straight)
    small = ((width + 1) // 2, (height + 1) // 2)
    if a.min() == 255:
        return Planes(y, _halve(u, small), _halve(v, small), None, None, 0)
    y = cv2.multiply(y, a, scale=1 / 255)
    u, v = cv2.multiply(u, a, scale=1 / 255), cv2.multiply(v, a, scale=1 / 255)
    rows = a.min(axis=1) >= 254
    solid = height - int(np.argmin(rows[::-1])) if not rows.all() else 0
    if not rows[-1]:
        solid = height
    return Planes(y, _halve(u, small), _halve(v, small), a, _halve(a, small), solid)


def from_soft(picture: Plane, width: int, height: int, seed: int) -> Planes:
    """Planes of a small opaque picture enlarged smoothly, with dither so that no bands are seen in it."""
    large = cv2.GaussianBlur(picture[:, :, :3].astype(np.float32), (0, 0), 2.0)
    yuv = cv2.transform(large, np.hstack([_ROWS[:, ::-1], _ADD[:, None]]).astype(np.float32))
    noise = np.random.default_rng(seed)
    small = ((width + 1) // 2, (height + 1) // 2)

    def plane(channel: Any, size: tuple[int, int], spread: float) -> Plane:
        full = cv2.resize(channel, size, interpolation=cv2.INTER_CUBIC)
        shape = (min(256, size[1]), min(256, size[0]))
        tile = (noise.random(shape, np.float32) + noise.random(shape, np.float32) - 1) * spread
        rows, columns = -(-size[1] // shape[0]), -(-size[0] // shape[1])
        full += np.tile(tile, (rows, columns))[: size[1], : size[0]]
        result: Plane = np.clip(np.rint(full), 0, 255).astype(np.uint8)
        return result

    y, u, v = cv2.split(yuv)
    return Planes(plane(y, (width, height), 1.3), plane(u, small, 0.7), plane(v, small, 0.7), None, None, 0, (), True)


def seen(alphas: Sequence[Plane]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what any of the pictures shows, with two pixels around it, even."""
    rows, columns = alphas[0].shape
    any_row = np.any([alpha.max(axis=1) for alpha in alphas], axis=0)
    any_column = np.any([alpha.max(axis=0) for alpha in alphas], axis=0)
    if not any_row.any():
        return 0, 0, min(2, columns), min(2, rows)

    def ends(marks: NDArray[Any], length: int) -> tuple[int, int]:
        first, last = int(np.argmax(marks)), length - int(np.argmax(marks[::-1]))
        return max(0, first - 2) // 2 * 2, min(length, last + 2)

    (left, right), (top, bottom) = ends(any_column, columns), ends(any_row, rows)
    return left, top, right, bottom


def _halve(plane: Plane, size: tuple[int, int]) -> Plane:
    return cv2.resize(plane, size, interpolation=cv2.INTER_AREA)


def _span(need: int, room: int, zoom: float) -> tuple[int, int]:
    """A source length from `need` up to `room` whose enlarged length is nearest to a whole number; both lengths."""
    lengths = np.arange(need, max(need, min(room, need + 48)) + 1)
    ends = lengths * zoom
    best = int(np.argmin(np.abs(ends - np.rint(ends))))
    return int(lengths[best]), max(1, round(float(ends[best])))


NEAR = 0.03
"""Pixels by which a picture may lie beside its place: a third of what is seen as trembling on a slow move."""


def _start(most: int, zoom: float, move: float) -> int:
    """Where to begin in a plane, at `most` or up to 48 pixels before, so that its place is nearest to a whole pixel."""
    starts = np.arange(max(0, most - 48), most + 1)
    ends = move + starts * zoom
    return int(starts[int(np.argmin(np.abs(ends - np.rint(ends))))])


def sample(plane: Plane, zoom: float, tx: float, ty: float, x0: int, y0: int, width: int, height: int) -> Plane:
    """A window of a plane enlarged by `zoom` and moved: point (x, y) of the plane lands on zoom * (x, y) + (tx, ty).

    The window is [x0, x0 + width) by [y0, y0 + height). cv2.warpAffine costs four times cv2.resize, which takes no
    fraction of a pixel: so a part of the plane whose enlarged size is whole is resized, then moved by getRectSubPix.
    What lies outside the plane repeats its edge.
    """
    rows, columns = plane.shape
    if width * height < 40_000 or min(rows, columns) < 96:
        inverse = np.array([[1 / zoom, 0, (x0 + 0.5 - tx) / zoom - 0.5], [0, 1 / zoom, (y0 + 0.5 - ty) / zoom - 0.5]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(plane, inverse, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    if abs(zoom - 1) > 1e-6:
        left = _start(min(columns - 2, max(0, int((x0 - tx) / zoom) - 2)), zoom, tx)
        top = _start(min(rows - 2, max(0, int((y0 - ty) / zoom) - 2)), zoom, ty)
        need_w = min(columns - left, int((x0 + width - tx) / zoom) - left + 4)
        need_h = min(rows - top, int((y0 + height - ty) / zoom) - top + 4)
        source_w, target_w = _span(need_w, columns - left, zoom)
        source_h, target_h = _span(need_h, rows - top, zoom)
        plane = cv2.resize(plane[top : top + source_h, left : left + source_w], (target_w, target_h))
        tx, ty = tx + left * zoom, ty + top * zoom
    x, y = round(x0 - tx), round(y0 - ty)
    near = abs(x0 - tx - x) < NEAR and abs(y0 - ty - y) < NEAR
    if near and x >= 0 and y >= 0 and x + width <= plane.shape[1] and y + height <= plane.shape[0]:
        return plane[y : y + height, x : x + width]
    centre = (x0 - tx + (width - 1) / 2, y0 - ty + (height - 1) / 2)
    return cv2.getRectSubPix(plane, (width, height), centre)


def nearest(plane: Plane, zoom: float, tx: float, ty: float, x0: int, y0: int, width: int, height: int) -> Plane:
    """As sample, but each pixel is one of the plane's: enough for a sky, and half as dear."""
    rows, columns = plane.shape
    left, top = (min(most, max(0, round((start - move) / zoom))) for start, move, most in
                 ((x0, tx, columns - 2), (y0, ty, rows - 2)))  # fmt: skip
    part = plane[top : top + max(1, round(height / zoom)), left : left + max(1, round(width / zoom))]
    return cv2.resize(part, (width, height), interpolation=cv2.INTER_NEAREST)


def sheared(
    plane: Plane,
    zoom: float,
    tx: float,
    ty: float,
    x0: int,
    y0: int,
    width: int,
    height: int,
    shear: float,
    stretch: float,
) -> Plane:
    """As sample, but leaning: each row moves aside by `shear` for each pixel above the foot, and the height above the
    foot is stretched. What lies outside the plane is clear."""  # fmt: skip
    rows = plane.shape[0]
    slope = 1 / (zoom * stretch)
    start = rows - (zoom * rows + ty) * slope
    inverse = np.array(
        [
            [1 / zoom, shear * slope, (x0 + 0.5 - tx) / zoom - shear * (rows - start - slope * (y0 + 0.5)) - 0.5],
            [0, slope, start + slope * (y0 + 0.5) - 0.5],
        ]
    )
    return cv2.warpAffine(plane, inverse, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


@dataclass
class Frame:
    """The frame being made: planes inside one I420 buffer (height * 3 / 2, width)."""

    buffer: Plane
    y: Plane
    u: Plane
    v: Plane

    @classmethod
    def of(cls, buffer: Plane) -> Frame:
        """The planes of an I420 buffer, as views of it."""
        height, width = buffer.shape[0] * 2 // 3, buffer.shape[1]
        flat = buffer.reshape(-1)
        full, half = width * height, width * height // 4
        return cls(
            buffer,
            flat[:full].reshape(height, width),
            flat[full : full + half].reshape(height // 2, width // 2),
            flat[full + half :].reshape(height // 2, width // 2),
        )

    @classmethod
    def blank(cls, width: int, height: int) -> Frame:
        """A black frame. Sizes are even."""
        frame = cls.of(np.zeros((height * 3 // 2, width), np.uint8))
        frame.y[:], frame.u[:], frame.v[:] = 16, 128, 128
        return frame


def lay(under: Plane, over: Plane, alpha: Plane | None) -> None:
    """Lays a premultiplied plane over another, in place."""
    if alpha is None:
        np.copyto(under, over)
        return
    rest = cv2.multiply(under, cv2.bitwise_not(alpha), scale=1 / 255)
    cv2.add(rest, over, dst=under)
