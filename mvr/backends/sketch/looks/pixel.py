"""Pixel art: large square pixels and few tones, as on an old console."""

from __future__ import annotations

from typing import Any

from ..colour import tone

WORDS = "pixel, pixel art, 8 bit, 16 bit, chiptune, video game, arcade, game boy, console, lo fi game"
STOPS = "hard"
RIM = 0.6
GLOW = 0.8
FRAME = {"vignette": 0.0, "mosaic": 150, "tones": 26}


def palette(colours: Any) -> Any:
    return colours.each(lambda each: tone(each, -0.01, 1.2))
