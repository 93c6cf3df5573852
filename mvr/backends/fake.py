"""A painter and animator for trying things out: flat colours, and on request it fails, is slow, or counts.

It draws one colour for each recipe, and 32 bars in a clip, so that another recipe gives other bytes; the engine, the
store and the join are as real as with any other backend. MVR_FAKE_LOG names a file that gets a line for each picture
and clip that is made.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import time
import zlib
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from mvr.backends import _lattice
from mvr.errors import StageError

NAME = "fake"
VERSION = 2
SUMMARY = "for trying things out: one flat colour a shot; fails or is slow on request, and draws nothing"
OPTIONS: dict[str, tuple[Any, Any]] = {
    "fails_on": ({"type": "string", "description": "A word; a shot whose prompt or motion holds it fails."}, ""),
    "seconds": ({"type": "number", "minimum": 0, "description": "How long each picture and clip takes, in s."}, 0),
    "bucket": (
        {
            "type": "integer",
            "minimum": 0,
            "description": "Clips have handles and a length of so many frames, or twice, three times as many, as a "
            "model's have; 0: exactly their shot's.",
        },
        0,
    ),
    "longest": ({"type": "integer", "minimum": 1, "description": "With `bucket`, the longest clip, in frames."}, 400),
    "rate": ({"type": "integer", "minimum": 0, "description": "With `bucket`, its rate; 0: the film's."}, 0),
    "chains": ({"type": "boolean", "description": "With `bucket`, a longer shot is chained, not split."}, True),
}
PAINTER_LANE = "cpu"
ANIMATOR_LANE = "cpu"
WINDOWS = True
READS = ("still",)

Ask = Mapping[str, Any]
Progress = Callable[[float], None]

STEP_SECONDS = 0.05  # how often a slow job says how far it is, and hears that nobody wants it


def identity(options: Mapping[str, Any]) -> Any:
    """Its options are all there is to it."""
    return {"version": VERSION, **{name: options[name] for name in ("fails_on", "seconds") if name in options}}


def lacks(options: Mapping[str, Any]) -> str | None:
    """Nothing is ever missing."""
    return None


def timing(options: Mapping[str, Any]) -> _lattice.Timing | None:
    """A model's lengths, as far as asked for."""
    if not options["bucket"]:
        return None
    rates = (Fraction(options["rate"]),) if options["rate"] else tuple(map(Fraction, (12, 24, 25, 30)))
    return _lattice.Timing(options["bucket"], 0, options["longest"], rates, options["chains"])


def paint(ask: Ask, out: Path, progress: Progress, desk: object = None) -> dict[str, Path]:
    """A still in one colour. Raises StageError on request."""
    _act(ask["painter"]["identity"], ask["prompt"], "still", progress)
    still = out / "still.png"
    still.write_bytes(_png(ask["size"], _colour(ask)))
    return {"": still}


def portrait(ask: Ask, out: Path, progress: Progress, references: tuple[Path, ...] = (), desk: object = None) -> Path:
    """A portrait in one colour. Raises StageError on request."""
    _act(ask["painter"]["identity"], ask["character"]["description"], "portrait", progress)
    path = out / "portrait.png"
    path.write_bytes(_png(ask["size"], _colour(ask)))
    return path


def animate(
    ask: Ask,
    still: Path | None,
    sound: Path | None,
    out: Path,
    progress: Progress,
    layers: Path | None = None,
    desk: object = None,
) -> Path:
    """A clip of bars in one colour, by its recipe and its still. Raises StageError on request, or where ffmpeg fails.

    A flat colour would not do: those of some thousand clips meet, and what is near comes out of the encoder as one.
    """
    import numpy as np

    from mvr.media.encode import VideoWriter

    _act(ask["animator"]["identity"], ask["motion"], "clip", progress)
    width, height = ask["size"]
    seen = hashlib.sha256(still.read_bytes()).hexdigest() if still else ""
    made_of = {name: value for name, value in ask.items() if name != "window"} | {"still": seen}
    _, green, blue = _colour(made_of)
    bars = np.frombuffer(_known(made_of), np.uint8) // 2 + 40
    frame = np.empty((height * 3 // 2, width), np.uint8)
    frame[:height] = bars[np.arange(height) * len(bars) // height, None]
    frame[height : height * 5 // 4], frame[height * 5 // 4 :] = green, blue
    path = out / "clip.mp4"
    with VideoWriter(path, width=width, height=height, fps=Fraction(ask["fps"])) as writer:
        count = sum(ask["frames"]) if isinstance(ask["frames"], list) else ask["frames"]
        count = count if "window" not in ask else ask["window"][1] - ask["window"][0]
        for number in range(count):
            writer.write(frame)
            progress((number + 1) / count)
    return path


def _act(wish: Mapping[str, Any], words: str, what: str, progress: Progress) -> None:
    """Counts, then waits and fails as asked."""
    log = os.environ.get("MVR_FAKE_LOG")
    if log:
        with Path(log).open("a") as file:
            file.write(f"{what}\n")
    end = time.monotonic() + wish.get("seconds", 0)
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, STEP_SECONDS))
        progress(1 - left / wish["seconds"])
    if wish.get("fails_on") and wish["fails_on"] in words:
        raise StageError(f"the fake was asked to fail on {wish['fails_on']!r}", "take the word out of the prompt")


def _known(ask: Ask) -> bytes:
    """32 bytes that stand for a recipe."""
    return hashlib.sha256(json.dumps(ask, sort_keys=True).encode()).digest()


def _colour(ask: Ask) -> tuple[int, int, int]:
    """A colour in video range that stands for a recipe."""
    known = _known(ask)
    return 40 + known[0] % 170, 40 + known[1] % 170, 40 + known[2] % 170


def _png(size: list[int], colour: tuple[int, int, int]) -> bytes:
    """A PNG in one colour (PNG specification, 2nd edition: IHDR, IDAT, IEND)."""
    width, height = size

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")
