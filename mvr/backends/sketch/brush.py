"""Brush: what looks do to the pixels of a layer: texture, edges, wobble, halftone, hatching, shadows."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""BGRA, straight alpha, uint8 (height, width, 4)."""

Field = NDArray[Any]
"""A number a pixel, float32 (height, width)."""


@lru_cache(maxsize=8)
def _lattice(seed: int, rows: int, columns: int) -> Field:
    return np.random.default_rng(seed).random((rows, columns), np.float32) * 2 - 1


def noise(shape: tuple[int, int], cell: float, seed: int) -> Field:
    """Smooth noise, about -1 to 1, its features so many pixels wide. Source: value noise, bicubic."""
    rows, columns = (max(2, int(size / max(1.0, cell)) + 2) for size in shape)
    field: Field = cv2.resize(_lattice(seed, rows, columns), (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return field


def fibre(shape: tuple[int, int], scale: float, seed: int) -> Field:
    """The tooth of paper, about -1 to 1: fine grain on broad clouds. scale: pixels a unit."""
    return noise(shape, 2.6 * scale, seed) * 0.6 + noise(shape, 9 * scale, seed + 1) * 0.4


def shaded(picture: Pixels, field: Field) -> Pixels:
    """The picture's colours times a field."""
    colours = cv2.multiply(picture[:, :, :3], cv2.merge([field] * 3), dtype=cv2.CV_8U)
    return np.dstack([colours, picture[:, :, 3]])


def thinned(picture: Pixels, field: Field) -> Pixels:
    """The picture's opacity times a field."""
    alpha = cv2.multiply(picture[:, :, 3], field, dtype=cv2.CV_8U)
    return np.dstack([picture[:, :, :3], alpha])


def blended(picture: Pixels, colour: tuple[float, float, float], share: Field) -> Pixels:
    """The picture's colours taken towards a colour (red, green, blue, 0 to 1) by a share of 0 to 1."""
    red, green, blue = (255 * channel for channel in colour)
    keep = cv2.merge([1 - share] * 3)
    body = cv2.multiply(picture[:, :, :3], keep, dtype=cv2.CV_32F)
    ink: Field = cv2.merge([share * np.float32(blue), share * np.float32(green), share * np.float32(red)])
    return np.dstack([np.clip(np.rint(body + ink), 0, 255).astype(np.uint8), picture[:, :, 3]])


def wobbled(picture: Pixels, reach: float, cell: float, seed: int) -> Pixels:
    """Edges drawn by a hand: every pixel taken from up to `reach` pixels beside it. Colours are spread first, so that
    no dark edge comes in from what is clear."""
    shape = picture.shape[:2]
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    x += noise(shape, cell, seed + 3) * np.float32(reach)
    y += noise(shape, cell, seed + 4) * np.float32(reach)
    whole = cv2.multiply(picture[:, :, :3], cv2.merge([picture[:, :, 3]] * 3), scale=1 / 255)
    moved = cv2.remap(np.dstack([whole, picture[:, :, 3]]), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    share = np.maximum(moved[:, :, 3:].astype(np.float32) / 255, 1 / 255)
    colours = np.minimum(255, moved[:, :, :3] / share).astype(np.uint8)
    return np.dstack([colours, moved[:, :, 3]])


def lightness(picture: Pixels) -> Field:
    """How light each pixel is, 0 to 1."""
    grey: Field = cv2.cvtColor(picture, cv2.COLOR_BGRA2GRAY).astype(np.float32) / 255
    return grey


def pooled(picture: Pixels, width: float) -> Field:
    """How near a pixel lies to the layer's edge from within, 1 at the edge, 0 at so many pixels from it."""
    small = cv2.resize(picture[:, :, 3], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(0.5, width / 2))
    inside = cv2.resize(soft, picture.shape[1::-1]).astype(np.float32) / 255
    field: Field = np.clip((1 - inside) * 2, 0, 1)
    return field


def dots(shape: tuple[int, int], cell: float, degrees: float) -> Field:
    """A halftone screen, 0 in the middle of each dot to 1 between them. cell: pixels from dot to dot."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    turn = np.deg2rad(degrees)
    u = (x * np.cos(turn) + y * np.sin(turn)) * (2 * np.pi / cell)
    v = (y * np.cos(turn) - x * np.sin(turn)) * (2 * np.pi / cell)
    screen: Field = (0.5 - 0.25 * (np.cos(u) + np.cos(v))).astype(np.float32)
    return screen


def lines(shape: tuple[int, int], cell: float, degrees: float, seed: int, bend: float = 0.0) -> Field:
    """Parallel strokes, 0 in the middle of each to 1 between them; bend: pixels by which they stray."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    turn = np.deg2rad(degrees)
    across = x * np.cos(turn) + y * np.sin(turn)
    if bend:
        across += noise(shape, 60 * cell / 6, seed) * np.float32(bend)
    strokes: Field = (0.5 - 0.5 * np.cos(across * np.float32(2 * np.pi / cell))).astype(np.float32)
    return strokes


def step(field: Field, edge: Field | float, soft: float) -> Field:
    """0 below an edge, 1 above, over a band so wide."""
    result: Field = np.clip((field - edge) / max(1e-3, soft) + 0.5, 0, 1).astype(np.float32)
    return result


def grown(picture: Pixels, left: int, top: int, right: int, bottom: int) -> Pixels:
    """The picture with clear margins of so many pixels; colours go on into them."""
    alpha = cv2.copyMakeBorder(picture[:, :, 3], top, bottom, left, right, cv2.BORDER_CONSTANT, value=0)
    colours = cv2.copyMakeBorder(picture[:, :, :3], top, bottom, left, right, cv2.BORDER_REPLICATE)
    return np.dstack([colours, alpha])


def over_shadow(picture: Pixels, dx: float, dy: float, sigma: float, colour: Any, strength: float) -> Pixels:
    """The picture on the shadow that it throws: so many pixels aside and down, so soft."""
    height, width = picture.shape[:2]
    alpha = picture[:, :, 3]
    small = cv2.resize(alpha, (-(-width // 4), -(-height // 4)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), max(0.4, sigma / 4))
    move = np.array([[1, 0, dx / 4], [0, 1, dy / 4]], np.float64)
    small = cv2.warpAffine(small, move, small.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    shadow = cv2.resize(small, (width, height)).astype(np.float32) * np.float32(strength / 255)
    front = alpha.astype(np.float32) / 255
    whole = front + shadow * (1 - front)
    share = front / np.maximum(whole, 1e-4)
    body = blended(picture, colour, 1 - share)
    return np.dstack([body[:, :, :3], np.rint(whole * 255).astype(np.uint8)])
