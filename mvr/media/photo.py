"""A still of the user's own becomes a PNG: upright, shaped as a chain has it, and no larger than is of use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mvr.errors import StageError
from mvr.media.probe import still_format
from mvr.media.run import run
from mvr.media.source import Canvas, opened_picture, shaped

Json = Any
SMALL = 320  # pixels of the longer side of a picture that is looked at


def write_photo(path: Path, out: Path, canvas: Canvas, shape: Sequence[Json], folder: Path) -> None:
    """Writes the picture: shaped to the film's frame, or whole, scaled to at most twice that. Raises StageError."""
    video = opened_picture(path, stills=True).filter("trim", end_frame=1)
    if shape:
        looks = folder / "looks.json"
        if any(step.get("how") == "subject" for step in shape):
            look(path, looks)
        video = shaped(video, canvas, shape, {"footage": looks}, folder)
    else:
        most = 2 * max(canvas.width, canvas.height)
        video = video.filter("scale", f"min(iw,{most})", f"min(ih,{most})", force_original_aspect_ratio="decrease")
    run(video.output(str(out), format="image2", vcodec="png", pix_fmt="rgb24", vframes=1), f"read {path.name}")


def check_photo(path: Path) -> None:
    """Decodes a picture and keeps nothing. Raises StageError where it is none."""
    if still_format(path) is None:
        raise StageError(f"{path.name} is no picture", "give a PNG, JPEG, TIFF or WebP; a film goes to `clip`")
    video = opened_picture(path, stills=True)
    run(video.output("pipe:1", format="null", vframes=1), f"decode {path.name}")


def look(path: Path, out: Path) -> None:
    """Writes where a picture's subject is, in the form of a look at footage (media/footage)."""
    import json

    import cv2
    import numpy as np

    from mvr.media.faces import faces
    from mvr.media.subject import FLAT, subject

    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    found, shape = (FLAT, FLAT), 1.0
    if picture is not None:
        shape = picture.shape[1] / picture.shape[0]
        scale = SMALL / max(picture.shape[:2])
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
        found = subject(small, faces(small))
    place = {"shape": round(shape, 4), "across": [found[0]], "down": [found[1]]}
    document = {"seconds": "1", "rate": "1", "motion": [0.0], **place}
    out.write_text(json.dumps(document), "utf-8")
