"""One frame of a file, small, as a JPEG to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mvr.errors import StageError
from mvr.media.probe import opened, still_format

QUALITY = 88  # of 100


def glance(path: Path, frame: int, width: int, quality: int = QUALITY) -> bytes:
    """A JPEG, `width` pixels wide, of a still picture, or of frame `frame` (from 0) of a film's first video; its last
    one where it has fewer. Raises StageError where it cannot be read."""
    import cv2

    picture: Any = cv2.imread(str(path), cv2.IMREAD_COLOR) if still_format(path) else _frame(path, frame)
    if picture is None:
        raise StageError(f"{path.name} has no picture that can be read", "`mvr store verify` reads every stored byte")
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise StageError(f"{path.name} cannot be shown small", "`mvr store verify` reads every stored byte")
    return bytes(data)


def _frame(path: Path, frame: int) -> Any:
    """BGR pixels (height, width, 3) of a frame; None where there is none. Reads on from the keyframe before it."""
    found = None
    with opened(path) as container:
        stream = container.streams.video[0]
        rate, base = stream.average_rate, stream.time_base
        if frame and rate and base:
            container.seek(int(frame / rate / base), stream=stream)
        for picture in container.decode(stream):
            found = picture
            if rate is None or base is None or (picture.pts or 0) * base * rate >= frame - 0.5:
                break
    return None if found is None else found.to_ndarray(format="bgr24", src_colorspace="ITU709")
