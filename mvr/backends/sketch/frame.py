"""Frame: what is done to every finished frame: dark corners, the gate of a projector, large pixels, inks that slip."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from .planes import Frame, Plane


class Last:
    """The last touches of a film of one size.

    how: vignette (0 to 1, how much darker the corners are), gate (0 to 0.2, round corners of black), mosaic (square
    pixels along the short side), tones (levels of light that a mosaic has), chroma (pixels right and down by which
    colour slips at 1080 lines).
    """

    def __init__(self, how: Mapping[str, Any], width: int, height: int) -> None:
        dark = float(how.get("vignette", 0.2))
        gate = float(how.get("gate", 0.0))
        self.mask = _mask(width, height, dark, gate) if dark or gate else None
        self.black = 255 - _gate(width // 2, height // 2, gate) if gate else None
        step = max(1, round(min(width, height) / 1080 * 1.0 * 100)) / 100
        right, down = how.get("chroma") or (0, 0)
        self.slip = round(right * step / 2 + 0.49) if right else 0, round(down * step / 2 + 0.49) if down else 0
        self.squares = 0
        self.floor = np.full((height, width), 16, np.uint8)
        if how.get("mosaic"):
            self.squares = max(2, round(min(width, height) / float(how["mosaic"]) / 2) * 2)
        self.tones = int(how.get("tones", 0))

    def finish(self, frame: Frame, lift: float = 1.0) -> None:
        """Changes a frame in place; its light is multiplied by `lift`."""
        if self.squares:
            self._mosaic(frame)
        if self.mask is not None:
            cv2.multiply(frame.y, self.mask, dst=frame.y, scale=lift / 255)
        elif lift != 1:
            cv2.convertScaleAbs(frame.y, frame.y, alpha=lift)
        cv2.max(frame.y, self.floor, dst=frame.y)
        if self.black is not None:
            for plane in (frame.u, frame.v):
                plane[self.black > 127] = 128
        right, down = self.slip
        if right or down:
            for plane in (frame.u, frame.v):
                plane[down:, right:] = plane[: plane.shape[0] - down, : plane.shape[1] - right].copy()

    def _mosaic(self, frame: Frame) -> None:
        """Every square becomes its mean; its light falls on one of a few levels, ordered by a Bayer matrix."""
        height, width = frame.y.shape
        rows, columns = -(-height // self.squares), -(-width // self.squares)
        for plane, size in ((frame.y, self.squares), (frame.u, self.squares // 2), (frame.v, self.squares // 2)):
            high, wide = plane.shape
            full = plane
            if (rows * size, columns * size) != plane.shape:
                full = cv2.copyMakeBorder(plane, 0, rows * size - high, 0, columns * size - wide, cv2.BORDER_REPLICATE)
            small = cv2.resize(full, (columns, rows), interpolation=cv2.INTER_AREA)
            if plane is frame.y and self.tones:
                step = 219 / self.tones
                tile = np.tile(_BAYER, (-(-rows // 4), -(-columns // 4)))[:rows, :columns]
                small = np.clip(np.floor((small - 16.0) / step + tile) * step + 16, 16, 235).astype(np.uint8)
            large = cv2.resize(small, (columns * size, rows * size), interpolation=cv2.INTER_NEAREST)
            plane[:] = large[:high, :wide]


_BAYER = (np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) + 0.5) / 16


@lru_cache(maxsize=4)
def _mask(width: int, height: int, dark: float, gate: float) -> Plane:
    """255 in the middle, darker to the corners, with a dither of one step."""
    x, y = np.linspace(-1, 1, width, dtype=np.float32)[None, :], np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    fall = 1 - np.float32(dark) * np.clip((x * x + y * y) / 2 - 0.12, 0, 1)
    noise = np.random.default_rng(7).random((256, 256), np.float32) - 0.5
    tiled = np.tile(noise, (-(-height // 256), -(-width // 256)))[:height, :width]
    mask = np.clip(np.rint(fall * 255 + tiled), 0, 255).astype(np.uint8)
    return cv2.multiply(mask, _gate(width, height, gate), scale=1 / 255) if gate else mask


def _gate(width: int, height: int, corner: float) -> Plane:
    """255 inside a rectangle with round corners, 0 outside, its edge a little soft."""
    short = min(width, height)
    radius, inset = corner * short, 0.012 * short
    x = np.abs(np.linspace(-width / 2, width / 2, width, dtype=np.float32))[None, :]
    y = np.abs(np.linspace(-height / 2, height / 2, height, dtype=np.float32))[:, None]
    dx, dy = x - (width / 2 - inset - radius), y - (height / 2 - inset - radius)
    away = np.hypot(np.maximum(dx, 0), np.maximum(dy, 0)) + np.minimum(np.maximum(dx, dy), 0) - radius
    return np.clip(255 * (0.5 - away / max(1.0, short * 0.006)), 0, 255).astype(np.uint8)
