"""Noir: black and white, hard contrast, deep corners, light through blinds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..colour import from_oklab, lightness

WORDS = "noir, film noir, black and white, monochrome, monochromatic, greyscale, grayscale, b w, chiaroscuro"
RIM = 1.0
FRAME = {"vignette": 0.5}


def palette(colours: Any) -> Any:
    return replace(colours.each(_grey), ink="#050506")


def colour(text: str, colours: Any, kind: str) -> str:
    return _grey(text)


def _grey(text: str) -> str:
    """Lightness through an S-curve: the darks go to black, the lights to white, and a trace of blue in between."""
    light = lightness(text)
    bent = light * light * (3 - 2 * light)
    return from_oklab(round(0.35 * light + 0.65 * bent, 6), -0.001, -0.004)


def overlay(film: Any) -> None:
    """Shadows of a blind across the frame, in rooms and close shots."""
    if not (film.mood.get("indoor") or film.near) or film.reading.place in ("space", "underwater", "abstract"):
        return
    chance = film.rng("blinds")
    paper = film.sheet("blinds", 0.0, detail=0.25, fixed=True)
    lean = chance.choice((-1, 1)) * film.w * 0.16
    step = film.h * 0.052
    for index in range(-6, 30):
        y = index * step
        paper.path(
            f"M{film.left:.1f} {y - lean:.1f}L{film.right:.1f} {y + lean:.1f}L{film.right:.1f} "
            f"{y + lean + step * 0.42:.1f}L{film.left:.1f} {y - lean + step * 0.42:.1f}Z",
            "#000000",
            0.34,
        )
