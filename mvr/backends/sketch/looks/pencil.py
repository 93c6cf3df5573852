"""Pencil: graphite on white paper, outlines and hatching."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .. import brush
from ..colour import at_lightness, chroma, mix, rgb
from . import Surface

WORDS = "pencil, graphite, sketch, sketched, storyboard, hatching, charcoal, etching, engraving, line drawing, doodle"
STOPS = "hard"
LINE = 2.4
RIM = 0.0
GLOW = 0.1
DARK = False
FRAME = {"vignette": 0.06}
PAPER = "#f7f4ee"


def palette(colours: Any) -> Any:
    tint = 0.16 if colours.dark else 0.07
    sky = (mix(PAPER, "#4a4c55", tint), mix(PAPER, "#4a4c55", tint * 0.7), PAPER, PAPER)
    return replace(colours, sky=sky, light="#ffffff", ink="#2c2d33", lamp=PAPER)


def colour(text: str, colours: Any, kind: str) -> str:
    """Clothes keep a breath of their colour; all else is grey."""
    if kind == "sky":
        return text
    level = 0.5 + 0.46 * min(1.0, max(0.0, (_light(text) - 0.1) / 0.8))
    strong = 0.5 if kind == "figure" else 0.12
    return at_lightness(text, level, strong if chroma(text) > 0.03 else 0.3)


def _light(text: str) -> float:
    from ..colour import lightness

    return lightness(text)


def line(colours: Any, kind: str, depth: float) -> str:
    return mix("#2a2b31", PAPER, max(0.0, 0.6 - depth * 0.7))


def surface(picture: Any, surface: Surface, colours: Any) -> Any:
    if surface.kind == "light":
        return picture
    shape, scale = picture.shape[:2], surface.scale
    grain = brush.noise(shape, 2.0 * max(0.8, scale), 3)
    if surface.kind == "sky":
        strokes = brush.lines(shape, 10 * scale, 62, 9, 14 * scale)
        y = np.linspace(1.0, 0.0, shape[0], dtype=np.float32)[:, None]
        dark = 0.5 if brush.lightness(picture).mean() < 0.9 else 0.22
        marks = brush.step(y * 0.9 - 0.2, strokes, 0.5) * dark * (0.7 + 0.3 * grain)
        return brush.blended(picture, rgb("#4a4c55"), np.clip(marks, 0, 0.5).astype(np.float32))
    picture = brush.wobbled(picture, 1.8 * scale, 22 * scale, surface.seed)
    light = brush.lightness(picture)
    one = brush.lines(shape, 7.5 * scale, 55, surface.seed, 9 * scale)
    two = brush.lines(shape, 8.5 * scale, -38, surface.seed + 1, 9 * scale)
    marks = brush.step(np.clip(0.86 - light, 0, 1) * 1.5, one, 0.4) * 0.42
    marks += brush.step(np.clip(0.66 - light, 0, 1) * 1.9, two, 0.4) * 0.36
    marks *= 0.8 + 0.35 * grain
    return brush.blended(picture, rgb("#2c2d33"), np.clip(marks, 0, 0.8).astype(np.float32))
