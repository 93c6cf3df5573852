"""Swatches of a file: a few small pictures of it, for who measures colours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mvr.errors import StageError
from mvr.media.probe import FILMS, still_format
from mvr.media.run import Ffmpeg

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIDE = 192  # pixels
EVERY = 0.5  # seconds of a film between two pictures
MOST = 64  # pictures


def pictures(path: Path) -> list[NDArray[np.uint8]]:
    """BGR pictures (192, 192, 3) of a still, or of a film twice a second. Raises StageError where it shows nothing."""
    import ffmpeg
    import numpy as np

    kind = still_format(path)
    form = {"format": kind} if kind else {"format_whitelist": FILMS}
    video = ffmpeg.input(f"file:{path}", protocol_whitelist="file", threads=1, **form).video
    if not kind:
        video = video.filter("fps", 1 / EVERY, eof_action="pass", round="up")
    video = video.filter("scale", SIDE, SIDE, flags="area", in_color_matrix="auto").filter("format", "bgr24")
    output = video.output("pipe:1", format="rawvideo", pix_fmt="bgr24", vframes=1 if kind else MOST, an=None, sn=None)
    held = b""
    with Ffmpeg(output, f"look at {path.name}", reads=True) as child:
        while data := child.read(1 << 20):
            held += data
    count = len(held) // (SIDE * SIDE * 3)
    if not count:
        raise StageError(f"{path.name} shows no picture that can be decoded", "export it again")
    return list(np.frombuffer(held[: count * SIDE * SIDE * 3], np.uint8).reshape(count, SIDE, SIDE, 3))
