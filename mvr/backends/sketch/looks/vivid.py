"""Vivid: the same drawing in stronger colours."""

from __future__ import annotations

from typing import Any

from ..colour import tone

WORDS = "vivid, saturated, colourful, colorful, bold colours, technicolor, technicolour, psychedelic"


def palette(colours: Any) -> Any:
    return colours.each(lambda colour: tone(colour, 0.015, 1.28))
