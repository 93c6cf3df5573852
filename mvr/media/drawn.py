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


def _vignette(step: Json, canvas: Canvas, given: Mapping[str, Path]) -> Draw:
    """Corners darker by up to `amount`, falling off smoothly from half way out; with a dither of one step."""
    import cv2
    import numpy as np

    height, width = canvas.height, canvas.width
    x, y = np.linspace(-1, 1, width)[None, :], np.linspace(-1, 1, height)[:, None]
    out = np.clip((np.sqrt((x * x + y * y) / 2) - 0.35) / 0.65, 0, 1)
    fall = 1 - 0.75 * float(step["amount"]) * out * out * (3 - 2 * out)
    noise = np.random.default_rng(7).random((height, width)) - 0.5
    mask = np.clip(np.rint(fall * 255 + noise), 0, 255).astype(np.uint8)
    floor = np.clip(np.rint(16 * (1 - fall)), 0, 16).astype(np.uint8)

    def draw(frame: Planes, _index: int) -> Planes:
        cv2.multiply(frame.y, mask, dst=frame.y, scale=1 / 255)
        cv2.add(frame.y, floor, dst=frame.y)  # black is 16: what is multiplied would sink below it
        return frame

    return draw


GRAINS = 6
"""Different fields of grain; each is shown from another corner every time, so that none is seen to come again."""


def _grain(step: Json, canvas: Canvas, given: Mapping[str, Path]) -> Draw:
    """Grain of film: soft noise of brightness, strongest in the middle tones, another field every frame."""
    import cv2
    import numpy as np

    height, width = canvas.height, canvas.width
    chance = np.random.default_rng(1895)
    size = max(0.4, 0.75 * min(height, width) / 1080)
    fields = []
    for _ in range(GRAINS):
        field = cv2.GaussianBlur(chance.standard_normal((height, width)).astype(np.float32), (0, 0), size)
        fields.append(field * np.float32(20.0 * float(step["amount"]) / field.std()))
    tones = np.clip((np.arange(256) - 16) / 219, 0, 1)
    weight = (0.25 + 0.75 * np.sin(np.pi * tones) ** 0.8).astype(np.float32)

    def draw(frame: Planes, index: int) -> Planes:
        turn = (index * 7919 + 104729) & 0xFFFFFF
        field = np.roll(fields[turn % GRAINS], (turn * 31 % height, turn * 17 % width), (0, 1))
        mixed = frame.y.astype(np.float32) + field * cv2.LUT(frame.y, weight)
        np.clip(np.rint(mixed), 16, 235, out=mixed)
        frame.y[:] = mixed.astype(np.uint8)
        return frame

    return draw


def _react(step: Json, canvas: Canvas, given: Mapping[str, Path]) -> Draw:
    """What the sound does to the picture: see media/react, which says how much of it at each frame."""
    from mvr.media import react

    told = react.told(step, given["sound"])

    def draw(frame: Planes, index: int) -> Planes:
        scale, x, y, white = told(index)
        if scale != 1.0 or x or y:
            moved(frame, scale, x * canvas.width, y * canvas.width)
        if white:
            towards(frame, 235, white)
        return frame

    return draw


def towards(frame: Planes, level: int, share: float) -> None:
    """Mixes a picture with black (16) or white (235)."""
    import cv2

    for plane, to in ((frame.y, level), (frame.u, 128), (frame.v, 128)):
        cv2.addWeighted(plane, 1 - share, plane, 0, to * share, dst=plane)


def moved(frame: Planes, scale: float, x: float, y: float) -> None:
    """Enlarges a picture around its middle and moves it by x and y pixels; beyond its edges it is mirrored."""
    import cv2
    import numpy as np

    for plane, part in ((frame.y, 1), (frame.u, 2), (frame.v, 2)):
        rows, columns = plane.shape
        matrix = np.array(
            [
                [scale, 0, (1 - scale) * (columns - 1) / 2 + x / part],
                [0, scale, (1 - scale) * (rows - 1) / 2 + y / part],
            ]
        )
        plane[:] = cv2.warpAffine(
            plane, matrix, (columns, rows), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101
        )


DRAWN: dict[str, Callable[[Json, Canvas, Mapping[str, Path]], Draw]] = {
    "react": _react,
    "vignette": _vignette,
    "grain": _grain,
    "letterbox": _letterbox,
}
"""Steps by name: each takes its step, the frame and the shot's documents, and gives what draws it."""
