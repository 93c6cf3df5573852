"""Watercolour: thin washes with darker rims, pigment in the tooth of the paper, and a white, ragged border."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from .. import brush
from ..colour import lightness, mix, tone
from ..paper import smooth
from . import Surface

WORDS = "watercolour, watercolor, aquarelle, wash, painted, gouache, painterly, painting, brush strokes"
RIM = 0.0
GLOW = 0.5
FRAME = {"vignette": 0.0}
PAPER = "#faf6ec"


def palette(colours: Any) -> Any:
    thin = colours.each(_thin)
    return replace(thin, sky=tuple(mix(each, PAPER, 0.12 + 0.1 * step) for step, each in enumerate(thin.sky)))


def colour(text: str, colours: Any, kind: str) -> str:
    return _thin(text) if kind != "sky" else text


def _thin(text: str) -> str:
    light = lightness(text)
    return tone(text, (0.94 - light) * 0.34, 1.0)


def surface(picture: Any, surface: Surface, colours: Any) -> Any:
    if surface.kind == "light":
        return picture
    shape, scale = picture.shape[:2], surface.scale
    if surface.kind != "sky":
        reach = 5.0 if surface.kind != "figure" else 2.2
        picture = brush.wobbled(picture, reach * scale, 34 * scale, surface.seed)
    bloom = brush.noise(shape, 120 * scale, surface.seed + 7) * 0.6 + brush.noise(shape, 38 * scale, surface.seed) * 0.4
    pigment = brush.fibre(shape, max(0.7, scale * 1.2), 5)
    field = 1.0 + bloom * np.float32(0.1) + pigment * np.float32(0.06)
    if surface.kind != "sky":
        field -= brush.pooled(picture, 4.5 * scale) * np.float32(0.3)
    picture = brush.shaded(picture, field.astype(np.float32))
    if surface.kind == "solid":
        picture = brush.blended(picture, (0.98, 0.965, 0.925), np.clip(bloom * 0.3, 0, 0.3).astype(np.float32))
    return picture


def overlay(film: Any) -> None:
    """The paper around the painting."""
    chance = film.rng("border")
    paper = film.sheet("border", 0.0, detail=0.5, fixed=True)
    inset = film.short * 0.045
    points: list[tuple[float, float]] = []
    steps = 40
    for side in range(4):
        for step in range(steps):
            along = step / steps
            away = inset * (0.65 + 0.4 * chance.random() ** 1.5 + 0.22 * math.sin(along * 9 + side * 2))
            x, y = ((along, 0), (1, along), (1 - along, 1), (0, 1 - along))[side]
            px = away if x == 0 else film.w - away if x == 1 else away + x * (film.w - 2 * away)
            py = away if y == 0 else film.h - away if y == 1 else away + y * (film.h - 2 * away)
            points.append((px, py))
    hole = smooth(points)
    edge = f"M{film.left} {film.top}H{film.right}V{film.bottom}H{film.left}Z"
    paper.raw(f'<path fill-rule="evenodd" fill="{PAPER}" d="{edge}{hole}"/>')
    paper.stroke(hole, tone(colours_of(film), 0.1), film.short * 0.004, 0.28)


def colours_of(film: Any) -> str:
    """The pigment that pooled at the painting's edge."""
    return mix(film.palette.sky[1], film.palette.ink, 0.3)
