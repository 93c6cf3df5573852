"""What makes segments joinable: one stream class a film, and the settings that give it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

_FILM = {"preset": "veryfast", "crf": 18}
_DRAFT = {"preset": "ultrafast", "crf": 26}
_MASTER = {"preset": "superfast", "crf": 6, "threads": 4}
"""A clip that segments are cut from: near-lossless and quick, so that what made it need not wait long."""


def timescale(fps: Fraction) -> tuple[int, int]:
    """Ticks a second of a film's video track, and ticks a frame: 512 N and 512 D for a rate of N/D frames a second.

    A smaller factor than 512 where the ticks would not fit mp4's 32 bits.
    """
    factor = max(1, min(512, (2**31 - 1) // fps.numerator))
    return factor * fps.numerator, factor * fps.denominator


def stream_class(width: int, height: int, fps: Fraction, draft: bool = False) -> dict[str, Any]:
    """Everything that decides whether two segments join, as plain JSON for a recipe. width and height in pixels.

    With the encoder's build it fixes the stream's extradata: `stitchable` keeps x264 from writing what it saw in the
    pictures into the headers.
    """
    return {
        "codec": "h264",
        "profile": "high",
        "pixels": "yuv420p",
        "colour": "bt709 limited",
        "width": width,
        "height": height,
        "fps": str(fps),
        "timescale": timescale(fps)[0],
        "gop": 60,
        "bframes": 2,
        **(_DRAFT if draft else _FILM),
    }


def coding(fps: Fraction, draft: bool, master: bool = False) -> dict[str, Any]:
    """ffmpeg's output options for a segment. One thread: other counts give other bytes, and from 4 on other pixels."""
    level = _MASTER if master else _DRAFT if draft else _FILM
    return {
        "c:v": "libx264",
        "preset": level["preset"],
        "crf": level["crf"],
        "profile:v": "high",
        "g": 60,
        "bf": 2,
        "threads": level.get("threads", 1),
        # ultrafast turns CABAC and 8x8 off, which `profile high` alone does not turn on again; both classes stay High.
        "x264-params": "stitchable=1:cabac=1:8x8dct=1" if draft else "stitchable=1",
        "pix_fmt": "yuv420p",
        "colorspace": "bt709",
        "color_primaries": "bt709",
        "color_trc": "bt709",
        "color_range": "tv",
        "fps_mode": "cfr",
        "r": str(fps),
        "fflags": "+bitexact",
        "flags:v": "+bitexact",
        "map_metadata": -1,
        "map_chapters": -1,
        "video_track_timescale": timescale(fps)[0],
        "movie_timescale": timescale(fps)[0],
        "format": "mp4",
    }
