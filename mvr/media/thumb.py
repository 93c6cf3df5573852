"""Small pictures of pictures: the first frame of a film, or a still, as a JPEG of a few kilobytes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from mvr.errors import StageError
from mvr.media.probe import opened, still_format

SIDE = 240
"""Pixels of the shorter side: twice what a timeline shows, for dense screens."""

QUALITY = 5
"""The coder's quantizer, 2 (best) to 31."""


def thumbnail(path: Path, side: int = SIDE) -> bytes:
    """A JPEG of a still, or of a film's first frame, its shorter side at most `side` pixels. Raises StageError."""
    import av
    from av.video.frame import VideoFrame

    still = still_format(path)
    with av.open(f"file:{path}", format=still) if still else opened(path, look=True) as container:
        frame = next((one for one in container.decode(video=0) if isinstance(one, VideoFrame)), None)
    if frame is None:
        raise StageError(f"{path.name} holds no picture", "make it again")
    scale = min(1.0, side / min(frame.width, frame.height))
    width, height = (max(2, round(length * scale / 2) * 2) for length in (frame.width, frame.height))
    small = frame.reformat(width=width, height=height, format="yuvj420p")
    small.pts = None
    coder = av.CodecContext.create("mjpeg", "w")
    coder.width, coder.height, coder.pix_fmt = width, height, "yuvj420p"
    coder.time_base = Fraction(1, 25)  # of one picture; it must be there, and means nothing
    coder.options = {"qmin": str(QUALITY), "qmax": str(QUALITY)}
    return b"".join(bytes(packet) for one in (small, None) for packet in coder.encode(one))
