"""Ink: brush and black ink on warm paper, grey washes, and one red."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .. import brush
from ..colour import chroma, from_oklab, mix, oklab, rgb
from . import Surface

WORDS = "ink, ink wash, sumi e, brush and ink, calligraphy, pen and ink, ink drawing, manga, black ink, brush ink"
STOPS = "hard"
LINE = 3.0
RIM = 0.0
GLOW = 0.12
DARK = False
FRAME = {"vignette": 0.1}
PAPER = "#f3ecdc"


def palette(colours: Any) -> Any:
    """Paper above, a wash towards the horizon; what was light by night stays paper."""
    dark = 0.2 if colours.dark else 0.06
    sky = (mix(PAPER, "#2b2b30", dark * 1.6), mix(PAPER, "#2b2b30", dark), mix(PAPER, "#2b2b30", dark * 0.4), PAPER)
    red = "#b3261e"
    return replace(colours, sky=sky, light="#fffaf0", ink="#131216", accent=red, second="#55565c", lamp=red)


def colour(text: str, colours: Any, kind: str) -> str:
    """Greys by lightness in four steps; what is strongly red stays red."""
    light, a, b = oklab(text)
    least = 0.09 if kind == "figure" else 0.13
    if a > max(0.06, 1.05 * b) and chroma(text) > least and light > 0.2:
        return from_oklab(round(0.34 + 0.32 * light, 6), round(0.3 * a + 0.12, 6), round(0.3 * b + 0.06, 6))
    if kind == "sky":
        return text
    step = round(max(0.0, min(1.0, (light - 0.12) / 0.8)) * 4) / 4
    return mix("#17161a", PAPER, step**0.8)


def line(colours: Any, kind: str, depth: float) -> str:
    return mix("#131216", PAPER, max(0.0, 0.72 - depth * 0.85))


def surface(picture: Any, surface: Surface, colours: Any) -> Any:
    """A shaking hand, dry strokes in the darks, and water in the washes."""
    if surface.kind == "light":
        return picture
    shape, scale = picture.shape[:2], surface.scale
    if surface.kind == "sky":
        cloud = brush.noise(shape, 160 * scale, surface.seed) * 0.6 + brush.noise(shape, 40 * scale, 2) * 0.4
        return brush.shaded(picture, 1 + (cloud * 0.05).astype(np.float32))
    picture = brush.wobbled(picture, (4.0 if surface.kind != "figure" else 2.0) * scale, 26 * scale, surface.seed)
    light = brush.lightness(picture)
    dry = brush.noise((shape[0], max(2, shape[1] // 9)), 5 * scale, surface.seed + 5)
    import cv2

    streak = cv2.resize(dry, (shape[1], shape[0]))
    marks = brush.step(streak, 0.42, 0.3) * np.clip(0.5 - light, 0, 0.4)
    return brush.blended(picture, rgb(PAPER), marks.astype(np.float32))
