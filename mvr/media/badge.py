"""A few words in the corner of a picture that stands in for another, such as `sketch` or `earlier take`."""

from __future__ import annotations

from pathlib import Path

from mvr.errors import StageError


def draw_badge(text: str, path: Path, width: int, height: int) -> None:
    """Draws white words on a dark field into an RGBA PNG of width x height pixels, the rest of it clear.

    Grey alone, so that no colour matrix shifts it; in OpenCV's own font, so that no font of the system is needed. The
    words are a fortieth of the picture's longer side high, or less where they would not fit in its width. Raises
    StageError where the PNG cannot be written.
    """
    import cv2
    import numpy as np

    face, line = cv2.FONT_HERSHEY_SIMPLEX, 1
    wide, high = cv2.getTextSize(text, face, 1.0, line)[0]
    margin = max(2, max(width, height) // 60)
    scale = min(max(width, height) / 40 / high, max(1, width - 4 * margin) / max(1, wide))
    line = max(1, round(scale * 2))
    (wide, high), below = cv2.getTextSize(text, face, scale, line)
    picture = np.zeros((height, width, 4), np.uint8)
    right, bottom = margin * 2 + wide, margin * 2 + high + below
    cv2.rectangle(picture, (margin, margin), (right + margin // 2, bottom + margin // 2), (0, 0, 0, 160), -1)
    at = (margin + margin * 3 // 4, margin + margin * 3 // 4 + high)
    cv2.putText(picture, text, at, face, scale, (255, 255, 255, 255), line, cv2.LINE_AA)
    done, png = cv2.imencode(".png", picture)
    if not done:
        raise StageError(f"the badge {text!r} cannot be drawn", "render again without it")
    path.write_bytes(png.tobytes())
