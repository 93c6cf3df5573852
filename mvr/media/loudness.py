"""Loudness: how loud a sound is (EBU R128), and the gain and limit that make it as loud as asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import inf, log10
from typing import Any

from mvr.media.run import Ffmpeg

CEILING = -1.0
"""dBTP that no true peak passes: EBU R128's most, which streaming services ask for too."""

ROOM = 1.0  # dB below the ceiling at which is limited: AAC rings by about so much
NEAR = 0.1  # LU from the loudness asked for that is near enough: EBU R128 allows 0.5
SILENT = -70.0  # LUFS: ITU-R BS.1770's absolute gate, below which nothing counts
_VALUE = re.compile(rb"lavfi\.r128\.(I|true_peak)=(\S+)")


@dataclass(frozen=True)
class Loudness:
    """integrated: LUFS, over all that is louder than the gates of ITU-R BS.1770; -inf for silence. peak: dBTP."""

    integrated: float
    peak: float


def measured(sound: Any, name: str, heed: Callable[[], None]) -> Loudness:
    """How loud a sound is that ffmpeg-python describes: EBU R128, by ffmpeg's ebur128. Raises StageError."""
    meter = sound.filter("ebur128", peak="true", metadata=1, framelog="quiet").filter(
        "ametadata", mode="print", file="-"
    )
    found: dict[bytes, bytes] = {}
    rest = b""
    with Ffmpeg(meter.output("-", format="null"), f"measure the loudness of {name}", reads=True, heed=heed) as child:
        while data := child.read(1 << 16):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                if match := _VALUE.match(line):
                    found[match[1]] = match[2]
    integrated, peak = float(found.get(b"I", b"-inf")), float(found.get(b"true_peak", b"0"))
    return Loudness(integrated if integrated > SILENT else -inf, 20 * log10(peak) if peak > 0 else -inf)


@dataclass(frozen=True)
class Level:
    """gain in dB, before true peaks are held at `limit` dBTP; no limiter at all where limit is None."""

    gain: float
    limit: float | None

    def on(self, sound: Any, rate: int) -> Any:
        """The sound at this level. rate: its samples a second."""
        sound = sound.filter("volume", f"{self.gain:.4f}dB", precision="double")
        if self.limit is None:
            return sound
        # The limiter sees samples; at four times the rate they show the peaks between them (ITU-R BS.1770, annex 2).
        return (
            sound.filter("aresample", rate * 4)
            .filter("alimiter", limit=f"{10 ** (self.limit / 20):.6f}", level=0, attack=5, release=80, latency=1)
            .filter("aresample", rate)
        )


def level_for(heard: Loudness, wanted: float) -> Level | None:
    """The level that brings a sound to `wanted` LUFS, limited only where its peaks would pass; None for silence."""
    if heard.integrated == -inf:
        return None
    gain = wanted - heard.integrated
    limit = CEILING - ROOM
    return Level(gain, limit if heard.peak + gain > limit else None)


def corrected(level: Level, result: Loudness, wanted: float) -> Level | None:
    """Another level, where what a level gave is too far from what was wanted; None where it is near enough.

    A limiter takes loudness away, which more gain gives back; a codec adds peaks, which a lower limit takes back.
    """
    short, over = wanted - result.integrated, result.peak - CEILING
    if abs(short) <= NEAR and over <= 0:
        return None
    limit = level.limit if level.limit is not None else CEILING - ROOM
    return Level(level.gain + short, limit - max(0.0, over) if over > 0 or level.limit is not None else None)
