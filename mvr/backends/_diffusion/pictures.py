"""Pictures in and out of a model: RGB as numbers, PNG to keep, JPEG to look at meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mvr.errors import StageError

SHOWN_SIDE = 512
"""Pixels of an intermediate picture's longer side: at quality 80 it stays well below 100 kB."""


def read(path: Path) -> Any:
    """A picture as PIL has it, RGB, upright. Raises StageError where it is none."""
    import cv2
    from PIL import Image

    found = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if found is None:
        raise StageError(f"{path.name} is no picture that can be read", "export it as PNG")
    return Image.fromarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB))


def fitted(picture: Any, size: tuple[int, int]) -> Any:
    """A picture of PIL that fills a size, cropped at its middle."""
    from PIL import Image, ImageOps

    return picture if picture.size == size else ImageOps.fit(picture, size, Image.Resampling.LANCZOS)


def of_values(values: Any) -> Any:
    """Values, (height, width, 3) from 0 to 1, as a picture of PIL."""
    import numpy as np
    from PIL import Image

    return Image.fromarray(np.clip(np.rint(np.asarray(values, np.float32) * 255), 0, 255).astype(np.uint8))


def beside(pictures: Sequence[Any]) -> Any:
    """Several pictures of PIL as one, side by side at the height of the smallest."""
    from PIL import Image

    if len(pictures) == 1:
        return pictures[0]
    height = min(one.height for one in pictures)
    scaled = [
        one.resize((max(1, round(one.width * height / one.height)), height), Image.Resampling.LANCZOS)
        for one in pictures
    ]
    whole = Image.new("RGB", (sum(one.width for one in scaled), height))
    left = 0
    for one in scaled:
        whole.paste(one, (left, 0))
        left += one.width
    return whole


def write(path: Path, values: Any) -> Path:
    """Writes values, (height, width, 3) from 0 to 1, as PNG. Raises StageError where they are no numbers.

    A model in half precision can overflow to NaN; that would be a black picture that nobody asked for.
    """
    import cv2
    import numpy as np

    if not np.isfinite(values).all():
        raise StageError(
            "the model drew no numbers (NaN): its precision is too small for it", "write `dtype: float32` or bfloat16"
        )
    whole = np.clip(np.rint(np.asarray(values, np.float32) * 255), 0, 255).astype(np.uint8)
    cv2.imwrite(str(path), cv2.cvtColor(whole, cv2.COLOR_RGB2BGR))
    return path


def jpeg(values: Any) -> bytes:
    """Values, (height, width, 3) from 0 to 1, as a JPEG below 100 kB."""
    import cv2
    import numpy as np

    shown: Any = np.clip(np.nan_to_num(np.asarray(values, np.float32)) * 255, 0, 255).astype(np.uint8)
    longer = max(shown.shape[:2])
    if longer > SHOWN_SIDE:
        size = (max(1, shown.shape[1] * SHOWN_SIDE // longer), max(1, shown.shape[0] * SHOWN_SIDE // longer))
        shown = cv2.resize(shown, size, interpolation=cv2.INTER_AREA)
    bgr = cv2.cvtColor(shown, cv2.COLOR_RGB2BGR)
    for quality in (80, 50, 20):
        coded = bytes(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])
        if len(coded) < 100_000:
            break
    return coded
