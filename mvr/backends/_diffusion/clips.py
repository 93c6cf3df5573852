"""Clips out of a model: frames as numbers become a file from which segments are cut."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from mvr.errors import StageError

_RGB_TO_YUV = (
    (0.2126 * 219, 0.7152 * 219, 0.0722 * 219, 16.0),
    (-0.2126 / 1.8556 * 224, -0.7152 / 1.8556 * 224, 0.5 * 224, 128.0),
    (0.5 * 224, -0.7152 / 1.5748 * 224, -0.0722 / 1.5748 * 224, 128.0),
)
"""ITU-R BT.709-6, limited range; rows Y', Cb and Cr of R', G' and B' from 0 to 1."""


def write(path: Path, frames: Any, fps: Fraction) -> Path:
    """Writes frames, (count, height, width, 3) from 0 to 1, near-lossless: a segment is cut from it, and encoded once.

    Raises StageError where they are no numbers, or ffmpeg fails. A model in half precision can overflow to NaN.
    """
    import numpy as np

    from mvr.media.encode import VideoWriter

    if not np.isfinite(frames).all():
        raise StageError(
            "the model drew no numbers (NaN): its precision is too small for it", "write `dtype: float32` or bfloat16"
        )
    height, width = frames.shape[1:3]
    with VideoWriter(path, width=width, height=height, fps=fps, master=True) as writer:
        for planes in _planes(frames):
            writer.write(planes)
    return path


def _planes(frames: Any) -> Iterator[Any]:
    import cv2
    import numpy as np

    matrix = np.array(_RGB_TO_YUV, np.float32)
    height, width = frames.shape[1:3]
    for frame in frames:
        yuv = cv2.transform(np.asarray(frame, np.float32), matrix)
        out = np.empty((height * 3 // 2, width), np.uint8)
        out[:height] = np.clip(np.rint(yuv[:, :, 0]), 0, 255)
        halves = cv2.resize(yuv[:, :, 1:], (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        small = np.clip(np.rint(halves), 0, 255).astype(np.uint8)
        out[height:] = small.transpose(2, 0, 1).reshape(height // 2, width)
        yield out
