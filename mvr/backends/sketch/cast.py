"""Cast: a layer's pictures as planes, ready to be laid on frames; what is clear in them is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .pieces import cut
from .planes import Plane, Planes, from_bgra, from_soft, seen
from .scene import Layer, Pictures

GAP = 72
"""Pixels across of nothing at which a layer is laid as two."""


@dataclass(frozen=True)
class Cast:
    """A layer with its planes; soft: planes all of one size, smaller than the frame by `shrink`."""

    layer: Layer
    cels: tuple[Planes, ...]
    shrink: int
    zoom: float  # frame pixels for each pixel of the layer
    left: float = 0.0  # units of the layer's box that are clear, and left out, on the left and above
    top: float = 0.0


def cast(layer: Layer, pictures: Pictures, scale: float, seed: int) -> list[Cast]:
    """Reads a layer's pictures as planes. Only the part that shows anything is kept: what is clear costs time too. So a
    layer of which the middle is clear, such as the fronts of a street, becomes two."""
    read = [pictures[name] for name in layer.cels]
    rows, columns = read[0].shape[:2]
    zoom = layer.box[2] * scale / columns
    if layer.act.get("opaque"):
        size = (max(2, round(layer.box[2] * scale)), max(2, round(layer.box[3] * scale)))
        soft = layer.detail < 1
        cels = [from_soft(picture, *size, seed) if soft else from_bgra(picture) for picture in read]
        return [Cast(layer, tuple(cels), 1, layer.box[2] * scale / size[0] if soft else zoom)]
    left, top, right, bottom = seen([picture[:, :, 3] for picture in read])
    if layer.act.get("breath") or layer.act.get("sway"):
        top, bottom = 0, rows  # they lean about their foot
        spans = [(left, right)]
    else:
        spans = _spans(read, left, right, int(GAP * min(1.0, layer.detail)))
    return [_part(layer, read, (start, top, end, bottom), zoom, scale) for start, end in spans]


def _part(layer: Layer, read: list[Plane], box: tuple[int, int, int, int], zoom: float, scale: float) -> Cast:
    left, top, right, bottom = box
    parts = [picture[top:bottom, left:right] for picture in read]
    away = (left * zoom / scale, top * zoom / scale)
    if layer.detail < 0.6 and min(bottom - top, right - left) > 8:
        return Cast(layer, tuple(from_bgra(part) for part in parts), 4 if layer.detail <= 0.25 else 2, zoom, *away)
    cels = tuple(from_bgra(part) for part in parts)
    if not (layer.act.get("breath") or layer.act.get("sway")):
        cels = tuple(replace(cel, pieces=cut(cel.a, zoom)) if cel.a is not None else cel for cel in cels)
    return Cast(layer, cels, 1, zoom, *away)


def _spans(read: list[Plane], left: int, right: int, gap: int) -> list[tuple[int, int]]:
    """The columns that show anything, in at most three runs with so many clear columns between them; even starts."""
    marks = np.any([picture[:, left:right, 3].max(axis=0) for picture in read], axis=0)
    shown: Any = np.nonzero(marks)[0]
    if not len(shown):
        return [(left, right)]
    breaks = np.nonzero(np.diff(shown) > max(8, gap))[0][:2]
    starts = [0, *(int(at) + 1 for at in breaks)]
    ends = [*(int(at) for at in breaks), len(shown) - 1]
    return [
        (max(0, (left + int(shown[start]) - 2) // 2 * 2), min(read[0].shape[1], left + int(shown[end]) + 3))
        for start, end in zip(starts, ends, strict=True)
    ]
