"""Muted: colours with the strength taken out, as after bleach bypass."""

from __future__ import annotations

from typing import Any

from ..colour import tone

WORDS = "bleach, bleach bypass, desaturated, muted, gritty, documentary, bleak, subdued, washed out"


def palette(colours: Any) -> Any:
    return colours.each(lambda colour: tone(colour, 0, 0.5))


def colour(text: str, colours: Any, kind: str) -> str:
    return tone(text, 0, 0.6)
