"""Cut-out: sheets of coloured paper, one before the other, each with its shadow on the one behind."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import brush
from . import Surface

WORDS = (
    "cut paper, paper cut, paper cut out, cut out, cutout, papercut, paper craft, papercraft, collage, paper layers, "
    "construction paper, cut paper silhouettes, pop up book, picture book, shadow box"
)
STOPS = "flat"
RIM = 0.0
GLOW = 0.8
ROOM = 26.0
FRAME = {"vignette": 0.22}


def surface(picture: Any, surface: Surface, colours: Any) -> Any:
    """Fibres in the paper, a pale cut edge towards the light, a soft shadow below."""
    if surface.kind == "light":
        return picture
    shape, scale = picture.shape[:2], surface.scale
    grain = brush.fibre(shape, max(0.6, scale), surface.seed)
    picture = brush.shaded(picture, 1 + grain * np.float32(0.05))
    if surface.kind == "sky":
        return picture
    edge = brush.pooled(picture, 2.2 * scale)
    picture = brush.blended(picture, (1.0, 0.97, 0.9), np.clip(edge - 0.45, 0, 1) * np.float32(0.5))
    deep = 1.0 if surface.kind == "figure" else 0.8
    return brush.over_shadow(picture, -4 * scale, -5 * scale, 9 * scale, (0.02, 0.02, 0.06), 0.62 * deep)
