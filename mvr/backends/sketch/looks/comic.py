"""Comic: black lines, flat loud colours, and printed dots in the shade."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .. import brush
from ..colour import rgb, tone
from . import Surface

WORDS = "comic, comic book, pop art, graphic novel, superhero, halftone, lichtenstein, cartoon strip"
STOPS = "hard"
LINE = 4.2
RIM = 0.0
GLOW = 0.55
FRAME = {"vignette": 0.0}


def palette(colours: Any) -> Any:
    return replace(colours.each(lambda each: tone(each, 0.05, 1.45)), ink="#0d0b12")


def line(colours: Any, kind: str, depth: float) -> str:
    return "#0d0b12"


def surface(picture: Any, surface: Surface, colours: Any) -> Any:
    """Dots: larger where the drawing is darker. The sky's are of its own upper colour."""
    if surface.kind == "light":
        return picture
    light = brush.lightness(picture)
    cell = 15 * surface.scale
    screen = brush.dots(picture.shape[:2], max(4.0, cell), 32)
    if surface.kind == "sky":
        y = np.linspace(1.0, 0.0, picture.shape[0], dtype=np.float32)[:, None]
        marks = brush.step(y * 0.62 + 0 * light, screen, 0.12) * np.float32(0.4)
        return brush.blended(picture, rgb(tone(colours.sky[0], -0.06, 1.2)), marks)
    marks = brush.step(np.clip(0.62 - light, 0, 0.5), screen, 0.14) * np.float32(0.38)
    return brush.blended(picture, rgb("#0d0b12"), marks)
