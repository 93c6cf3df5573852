"""Pastel: chalk on toned paper, light and soft."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import brush
from ..colour import lightness, mix, rgb, tone
from . import Surface

WORDS = "pastel, chalk, crayon, soft colours, soft colors, dreamy, candy, kawaii, children's book, storybook"
GLOW = 0.7
RIM = 0.4
FRAME = {"vignette": 0.0}


def palette(colours: Any) -> Any:
    return colours.each(_light)


def colour(text: str, colours: Any, kind: str) -> str:
    return _light(text) if kind == "figure" else text


def _light(text: str) -> str:
    light = lightness(text)
    return mix(tone(text, (0.93 - light) * 0.52, 0.85), "#ffe9ee", 0.1)


def surface(picture: Any, surface: Surface, colours: Any) -> Any:
    """Strokes of chalk: the paper's tooth shows through, most at the edges."""
    if surface.kind == "light":
        return picture
    shape, scale = picture.shape[:2], surface.scale
    tooth = (
        brush.noise(shape, 2.2 * max(0.7, scale), 11) * 0.7
        + brush.lines(shape, 9 * max(0.5, scale), 58, 4, 10 * scale) * np.float32(0.5)
        - np.float32(0.25)
    )
    if surface.kind == "sky":
        return brush.shaded(picture, 1 + (tooth * 0.035).astype(np.float32))
    picture = brush.wobbled(picture, 1.6 * scale, 7 * scale, surface.seed)
    edge = brush.pooled(picture, 5 * scale)
    chalk = np.clip(tooth * 0.26 + edge * 0.22 * (tooth > 0.1), 0, 0.4).astype(np.float32)
    return brush.blended(picture, rgb(mix(colours.haze, "#fffaf4", 0.7)), chalk)
