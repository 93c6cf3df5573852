"""Vintage: faded warm stock, soft corners, a leak of light."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import brush
from ..colour import mix, tone
from . import Surface

WORDS = (
    "vintage, retro, sepia, super 8, 8mm, 16mm, faded, polaroid, seventies, nostalgic, old film, kodachrome, "
    "film grain, home movie, analog, analogue"
)
FRAME = {"vignette": 0.42, "gate": 0.05}


def palette(colours: Any) -> Any:
    return colours.each(_faded)


def colour(text: str, colours: Any, kind: str) -> str:
    return _faded(text) if kind == "figure" else text


def _faded(text: str) -> str:
    return mix(tone(text, 0.035, 0.62), "#c98f4e", 0.24)


def surface(picture: Any, surface: Surface, colours: Any) -> Any:
    """Grain that was in the stock."""
    if surface.kind == "light":
        return picture
    grain = brush.noise(picture.shape[:2], max(1.6, 2.4 * surface.scale), 31)
    return brush.shaded(picture, 1 + grain * np.float32(0.05))


def overlay(film: Any) -> None:
    """Light that got into the camera."""
    side = film.w if film.side < 0 else 0.0
    leak = film.sheet("leak", 0.0, detail=0.2, breathe=0.5, fixed=True)
    leak.glow(side, film.h * 0.3, film.short * 0.75, "#ff7a2e", 0.55, 1.5)
    leak.glow(side, film.h * 0.75, film.short * 0.5, "#ffc04d", 0.4, 1.3)
