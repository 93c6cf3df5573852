"""Anime: clean lines, two tones for each colour, strong skies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..colour import mix, tone

WORDS = "anime, manga colours, ghibli, cel shaded, cel animation, cartoon, animated film, hand drawn animation"
STOPS = "hard"
LINE = 2.1
RIM = 0.5
FRAME = {"vignette": 0.08}


def palette(colours: Any) -> Any:
    strong = colours.each(lambda each: tone(each, 0.02, 1.3))
    return replace(strong, sky=(*(tone(each, 0.015, 1.1) for each in strong.sky[:3]), tone(strong.sky[3], 0.02, 0.9)))


def line(colours: Any, kind: str, depth: float) -> str:
    dark = mix("#1b1226", colours.ink, 0.5)
    return dark if kind == "figure" else mix(mix(dark, colours.haze, 0.25), colours.haze, max(0.0, 0.9 - depth))
