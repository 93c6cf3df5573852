"""Woodcut: carved black, one colour behind, the gouge's lines in all that is half light."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .. import brush
from ..colour import chroma, mix, rgb, tone
from . import Surface

WORDS = "woodcut, linocut, block print, lino, wood engraving, ukiyo e, letterpress, scratchboard, expressionist"
LINE = 2.4
RIM = 0.0
GLOW = 0.3
FRAME = {"vignette": 0.0}
PAPER = "#efe6d0"
BLACK = "#16130f"


def palette(colours: Any) -> Any:
    one = tone(colours.accent, 0, 1.1) if chroma(colours.accent) > 0.06 else "#c8452c"
    sky = (mix(one, BLACK, 0.5), one, mix(one, PAPER, 0.55), PAPER) if colours.dark else (
        mix(one, PAPER, 0.35), mix(one, PAPER, 0.7), PAPER, PAPER)  # fmt: skip
    return replace(colours, sky=sky, light=PAPER, ink=BLACK, accent=one, second=mix(one, BLACK, 0.3), lamp=PAPER)


def line(colours: Any, kind: str, depth: float) -> str:
    return BLACK


def surface(picture: Any, surface: Surface, colours: Any) -> Any:
    """Light becomes strokes: broad where it is bright, none where it is dark."""
    if surface.kind == "light":
        return picture
    shape, scale = picture.shape[:2], surface.scale
    strokes = brush.lines(shape, 10.5 * scale, 88 if surface.kind == "sky" else (surface.seed % 7 - 3) * 19,
                          surface.seed, 5 * scale)  # fmt: skip
    if surface.kind == "sky":
        y = np.linspace(1.0, 0.0, shape[0], dtype=np.float32)[:, None]
        marks = brush.step(y * 1.1 - 0.35, strokes, 0.3) * np.float32(0.5)
        return brush.blended(picture, rgb(BLACK), marks)
    light = brush.lightness(picture)
    near = min(1.0, max(0.0, surface.depth))
    cut = brush.step(np.clip(light * (1.5 - 0.85 * near), 0, 1.2), strokes, 0.3)
    cut *= 1 - brush.step(brush.pooled(picture, 5 * scale), 0.4, 0.3)  # a black contour
    ink = brush.blended(picture, rgb(BLACK), np.full(shape, 0.72 + 0.2 * near, np.float32))
    if surface.kind == "figure":
        return brush.blended(
            picture, rgb(BLACK), (1 - brush.step(np.clip(light * 1.9, 0, 1.2), strokes, 0.3)) * np.float32(0.85)
        )
    return brush.blended(ink, rgb(mix(PAPER, colours.accent, 0.15)), cut * np.float32(0.9))
