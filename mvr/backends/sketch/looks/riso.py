"""Risograph: two spot inks on cream paper, grainy where one fades, and never quite in register."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .. import brush
from ..colour import chroma, mix, oklab, rgb, tone
from . import Surface

WORDS = "risograph, riso, riso print, screen print, screenprint, silkscreen, two colour print, zine, gig poster, poster"
RIM = 0.0
GLOW = 0.6
FRAME = {"vignette": 0.0, "chroma": [3, 2]}
PAPER = "#f6efdf"
PAIRS = (("#0f5fa8", "#ff5d6c"), ("#00756f", "#ff7a33"), ("#3b3a98", "#ff4f8b"), ("#2c4a3e", "#f0a020"))


def _inks(colours: Any) -> tuple[str, str]:
    """A dark and a warm ink: the palette's own where they are strong."""
    _, a, b = oklab(colours.accent)
    return PAIRS[int((round(a * 40) + round(b * 40)) % len(PAIRS))]


def palette(colours: Any) -> Any:
    dark, warm = _inks(colours)
    night = colours.dark
    sky = (
        mix(dark, PAPER, 0.05 if night else 0.5),
        mix(dark, warm, 0.35) if night else mix(dark, PAPER, 0.72),
        mix(warm, PAPER, 0.12) if night else mix(warm, PAPER, 0.62),
        mix(warm, PAPER, 0.55) if night else PAPER,
    )
    return replace(colours, sky=sky, light=PAPER, ink=tone(dark, -0.14), accent=warm, second=dark, lamp=PAPER)


def colour(text: str, colours: Any, kind: str) -> str:
    """Dark, warm, their overprint, or paper: by lightness, and warm colours to the warm ink."""
    dark, warm = colours.second, colours.accent
    light, a, b = oklab(text)
    if kind == "sky":
        return text
    warmth = a + 0.6 * b
    over = tone(mix(dark, warm, 0.45), -0.22)
    if chroma(text) > 0.045 and warmth > 0.03:
        return (
            mix(over, warm, (light - 0.22) * 3.2) if light < 0.53 else mix(warm, PAPER, max(0.0, (light - 0.6) * 2.2))
        )
    if light > 0.84:
        return PAPER
    return over if light < 0.24 else mix(dark, PAPER, max(0.0, (light - 0.38) * 1.55))


def surface(picture: Any, surface: Surface, colours: Any) -> Any:
    """Speckles of bare paper, more of them where the ink is thin."""
    if surface.kind == "light":
        return picture
    shape, scale = picture.shape[:2], surface.scale
    light = brush.lightness(picture)
    speck = brush.noise(shape, max(1.5, 1.9 * scale), 21)
    broad = brush.noise(shape, 110 * scale, surface.seed) * 0.22
    marks = brush.step(speck + broad, 0.95 - 0.4 * light, 0.3) * np.float32(0.34)
    return brush.blended(picture, rgb(PAPER), marks)
