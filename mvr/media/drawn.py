"""What is drawn on a shot's frames one by one, on I420 planes: grain, a vignette, bars, and what the sound does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr.media.source import Canvas

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Json = Any


@dataclass(frozen=True)
class Planes:
    """One frame: y (height, width), u and v (height // 2, width // 2), all views of one I420 buffer."""

    buffer: NDArray[np.uint8]
    y: NDArray[np.uint8]
    u: NDArray[np.uint8]
    v: NDArray[np.uint8]

    @classmethod
    def of(cls, buffer: NDArray[np.uint8]) -> Planes:
        rows, width = buffer.shape
        height = rows * 2 // 3
        size = height * width
        flat = buffer.reshape(-1)
        small = (height // 2, width // 2)
        return cls(
            buffer,
            flat[:size].reshape(height, width),
            flat[size : size * 5 // 4].reshape(small),
            flat[size * 5 // 4 :].reshape(small),
        )


Draw = Callable[[Planes, int], Planes]
"""Draws on a frame, given the shot's own number of it (below 0 before the shot begins); may use the frame's buffer."""


def _letterbox(step: Json, canvas: Canvas, given: Mapping[str, Path]) -> Draw:
    """Bars that leave a picture `aspect` times as wide as high: above and below, or at the sides."""
    width, height, aspect = canvas.width, canvas.height, float(step["aspect"])
    high = min(height, round(width / aspect / 2) * 2)
    wide = width if high < height else min(width, round(height * aspect / 2) * 2)
    top, left = (height - high) // 4 * 2, (width - wide) // 4 * 2

    def draw(frame: Planes, _index: int) -> Planes:
        for plane, level, part in ((frame.y, 16, 1), (frame.u, 128, 2), (frame.v, 128, 2)):
            rows, columns = top // part, left // part
            if rows:
                plane[:rows] = plane[-rows:] = level
            if columns:
                plane[:, :columns] = plane[:, -columns:] = level
        return frame

    return draw


DRAWN: dict[str, Callable[[Json, Canvas, Mapping[str, Path]], Draw]] = {"letterbox": _letterbox}
"""Steps by name: each takes its step, the frame and the shot's documents, and gives what draws it."""
