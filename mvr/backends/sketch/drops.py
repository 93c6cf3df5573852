"""Drops: small moving things, each frame computed from its moment alone, so that no frame needs the one before."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from .colour import rgb
from .moves import Camera
from .planes import Frame, Plane, yuv_of
from .scene import Drops

Floats = NDArray[np.float64]


class View(NamedTuple):
    """How units become pixels: pixels a unit, and the frame's corner in pixels of the scene."""

    scale: float
    left: float
    top: float
    width: float  # units
    height: float


class Moment(NamedTuple):
    """Seconds since the shot's start, seconds as moving things count them, and the music, 0 to 1."""

    seconds: float
    way: float
    kick: float = 0.0
    loud: float = 0.5
    snare: float = 0.0
    bass: float = 0.0
    voice: float = 0.0
    glitter: float = 0.0


class Shower:
    """One Drops item, ready to be drawn on frames."""

    def __init__(self, drops: Drops, view: View) -> None:
        self.drops, self.view = drops, view
        chance = np.random.default_rng(drops.seed)
        count = drops.count
        x, y, w, h = drops.box
        self.x, self.y = x + chance.random(count) * w, y + chance.random(count) * h
        self.big = chance.random(count) ** 2
        self.phase, self.rate = chance.random(count) * 2 * math.pi, 0.5 + chance.random(count)
        self.luma, self.cb, self.cr = yuv_of(rgb(drops.colour))
        self.tiles = self._rain(chance) if drops.kind == "rain" else None
        self.sprites: dict[tuple[int, int, int], NDArray[np.float32]] = {}

    def draw(self, frame: Frame, camera: Camera, moment: Moment) -> None:
        """Draws the drops as they are at a moment."""
        kind = self.drops.kind
        if self.tiles is not None:
            self._fall(frame, self.tiles, moment)
        elif kind == "stars":
            self._stars(frame, camera, moment)
        else:
            self._float(frame, camera, moment)

    def _rain(self, chance: Any) -> Plane:
        """A tile of slanted streaks, twice as high as it repeats, so that any window of it is one slice."""
        view, size = self.view, self.drops.size
        width = max(8, round(view.width * view.scale * 1.15))
        height = max(8, round(view.height * view.scale * 0.9))
        tile = np.zeros((height, width), np.uint8)
        for _ in range(round(self.drops.count * 0.62)):
            x, y = chance.random() * width, chance.random() * height
            length = view.scale * size * (110 + 130 * chance.random())
            tone = int(12 + 26 * chance.random())
            thick = max(1, round(view.scale * size * 1.3))
            for shift in (0, -height):
                start = (round(x * 8), round((y + shift) * 8))
                end = (round((x - length * 0.09) * 8), round((y + shift + length) * 8))
                cv2.line(tile, start, end, tone, thick, cv2.LINE_AA, 3)
        soft: Plane = cv2.GaussianBlur(tile, (0, 0), max(0.5, 0.9 * view.scale * size))
        return np.vstack([soft, soft])

    def _fall(self, frame: Frame, tiles: Plane, moment: Moment) -> None:
        height, width = frame.y.shape
        period = tiles.shape[0] // 2
        speed = 1500 * self.drops.size**0.6 * self.view.scale
        row = period - 1 - int(moment.way * speed) % period
        done = 0
        while done < height:
            take = min(height - done, tiles.shape[0] - row)
            strip = tiles[row : row + take, :width]
            target = frame.y[done : done + take, : strip.shape[1]]
            if self.luma > 90:
                cv2.add(target, strip, dst=target)
            else:
                cv2.subtract(target, cv2.convertScaleAbs(strip, alpha=3), dst=target)
            done, row = done + take, 0

    def _place(self, x: Floats, y: Floats, camera: Camera) -> tuple[Floats, Floats]:
        """Pixels of points in units, seen by the camera; those that left the frame come in on the other side."""
        depth, view = self.drops.depth, self.view
        zoom, (dx, dy) = camera.scale(depth), camera.shift(depth)
        middle_x, middle_y = view.width / 2, view.height / 2
        px = (x - middle_x) * zoom + middle_x + dx
        py = (y - middle_y) * zoom + middle_y + dy
        return px * view.scale - view.left, py * view.scale - view.top

    def _stars(self, frame: Frame, camera: Camera, moment: Moment) -> None:
        px, py = self._place(self.x, self.y, camera)
        bright = (60 + 150 * self.big) * (0.72 + 0.28 * np.sin(self.phase + moment.seconds * 2.2 * self.rate))
        height, width = frame.y.shape
        spread = max(0.5, 0.75 * self.view.scale)
        reach = 1 if spread < 1.2 else 2
        column, row = np.floor(px).astype(np.int64), np.floor(py).astype(np.int64)
        for dy in range(-reach, reach + 2):
            for dx in range(-reach, reach + 2):
                c, r = column + dx, row + dy
                inside = (c >= 0) & (c < width) & (r >= 0) & (r < height)
                away = ((c + 0.5 - px) ** 2 + (r + 0.5 - py) ** 2) / (spread * (0.55 + 0.6 * self.big)) ** 2
                light = (bright * np.exp(-away))[inside]
                c, r = c[inside], r[inside]
                frame.y[r, c] = np.minimum(235, frame.y[r, c] + light).astype(np.uint8)

    def _float(self, frame: Frame, camera: Camera, moment: Moment) -> None:
        kind = self.drops.kind
        x0, y0, w, h = self.drops.box
        down, aside, wobble, radius, alpha = MANNERS[kind]
        size = self.drops.size
        swing = np.sin(self.phase + moment.way * self.rate * 1.7) * wobble
        speed = 0.55 + 0.9 * self.big
        x = x0 + (self.x - x0 + aside * speed * moment.way * size + swing) % w
        y = y0 + (self.y - y0 + down * speed * moment.way * size + swing * 0.3) % h
        px, py = self._place(x, y, camera)
        glow = np.full(len(px), alpha)
        if kind in ("dust", "fireflies", "embers"):
            glow *= 0.45 + 0.55 * np.sin(self.phase * 3 + moment.seconds * (1.2 + self.rate)) ** 2
            glow *= 1 + 0.6 * moment.kick + 0.5 * moment.glitter
        sizes = radius * (0.6 + 0.9 * self.big) * size * self.view.scale
        for index in range(len(px)):
            angle = int((self.phase[index] + moment.way * self.rate[index] * 2) * 8 / math.pi) % 8
            self._stamp(frame, float(px[index]), float(py[index]), float(sizes[index]), float(glow[index]), angle)

    def _stamp(self, frame: Frame, x: float, y: float, radius: float, alpha: float, angle: int) -> None:
        """Lays one soft spot on the frame; its place is rounded to a quarter of a pixel."""
        height, width = frame.y.shape
        reach = int(radius * 2.2) + 2
        if not (-reach < x < width + reach and -reach < y < height + reach):
            return
        column, row = math.floor(x), math.floor(y)
        phase = int((x - column) * 4) + 4 * int((y - row) * 4)
        key = (max(1, round(radius * 2)), phase, angle if self.drops.kind == "leaves" else 0)
        sprite = self.sprites.get(key)
        if sprite is None:
            sprite = self.sprites[key] = _sprite(self.drops.kind, key)
        side = sprite.shape[0] // 2
        x0, x1 = max(0, column - side), min(width, column + side + 1)
        y0, y1 = max(0, row - side), min(height, row + side + 1)
        if x0 >= x1 or y0 >= y1:
            return
        cut = sprite[y0 - row + side : y1 - row + side, x0 - column + side : x1 - column + side] * min(1.0, alpha)
        _tint(frame.y[y0:y1, x0:x1], cut, self.luma)
        if radius > 1.6:
            half = cut[y0 % 2 :: 2, x0 % 2 :: 2]
            rows, columns = half.shape
            top, left = (y0 + 1) // 2, (x0 + 1) // 2
            for plane, value in ((frame.u, self.cb), (frame.v, self.cr)):
                part = plane[top : top + rows, left : left + columns]
                _tint(part, half[: part.shape[0], : part.shape[1]], value)


# units a second down and aside, units of swing, radius in units, opacity
MANNERS = {
    "snow": (75.0, 10.0, 22.0, 3.6, 0.85),
    "dust": (-7.0, 6.0, 16.0, 1.9, 0.5),
    "embers": (-85.0, 16.0, 26.0, 2.0, 0.95),
    "bubbles": (-60.0, 0.0, 14.0, 5.0, 0.6),
    "leaves": (60.0, 190.0, 40.0, 6.5, 0.9),
    "fireflies": (-5.0, 8.0, 30.0, 3.2, 0.9),
}


def _tint(part: Plane, alpha: NDArray[np.float32], value: float) -> None:
    part[:] = (part + (value - part.astype(np.float32)) * alpha + 0.5).astype(np.uint8)


def _sprite(kind: str, key: tuple[int, int, int]) -> NDArray[np.float32]:
    """A spot of a radius (half pixels), at a quarter-pixel phase; leaves turn in steps of an eighth of a half turn."""
    half_pixels, phase, angle = key
    radius = half_pixels / 2
    side = int(radius * 2.2) + 2
    axis = np.arange(-side, side + 1, dtype=np.float64) + 0.5
    dx, dy = axis - (phase % 4 + 0.5) / 4, axis - (phase // 4 + 0.5) / 4
    x, y = np.meshgrid(dx, dy)
    if kind == "leaves":
        turn = angle * math.pi / 8
        x, y = x * math.cos(turn) + y * math.sin(turn), (y * math.cos(turn) - x * math.sin(turn)) * 2.4
        return np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    away = np.hypot(x, y)
    if kind == "bubbles":
        ring = np.exp(-(((away - radius) / max(0.7, radius * 0.18)) ** 2))
        shine = np.exp(-((np.hypot(x + radius * 0.4, y + radius * 0.4) / (radius * 0.35)) ** 2))
        return np.clip(ring * 0.8 + shine * 0.7, 0, 1).astype(np.float32)
    soft = np.exp(-((away / (radius * 0.85)) ** 2))
    if kind in ("embers", "fireflies"):
        soft = np.clip(soft * 0.55 + np.exp(-((away / max(0.6, radius * 0.4)) ** 2)), 0, 1)
    return soft.astype(np.float32)
