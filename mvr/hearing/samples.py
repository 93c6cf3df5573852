"""Reads spans of a mono song from its file, so that a song of hours is never in memory at once."""

from __future__ import annotations

import wave
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mvr.errors import StageError

Floats = NDArray[np.floating[Any]]


class Samples:
    """A mono 16-bit WAV file, opened for reading. rate is samples a second, count how many there are.

    Raises StageError where the file is no such WAV.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._wave = wave.open(str(path), "rb")  # noqa: SIM115 - closed by __exit__
        except (wave.Error, EOFError) as error:
            raise StageError(
                f"the decoded song cannot be read: {error}", "run `mvr store verify`, then render again"
            ) from error
        if self._wave.getnchannels() != 1 or self._wave.getsampwidth() != 2:
            self._wave.close()
            raise StageError("the decoded song is not mono with 16 bits", "run `mvr store verify`, then render again")
        self.rate = self._wave.getframerate()
        self.count = self._wave.getnframes()

    def read(self, start: int, end: int) -> Floats:
        """The samples [start, end) in -1..1, zeros where the song has none: float32 of exactly end - start."""
        out = np.zeros(end - start, np.float32)
        first, last = max(0, start), min(self.count, end)
        if first < last:
            self._wave.setpos(first)
            whole = np.frombuffer(self._wave.readframes(last - first), "<i2")
            out[first - start : first - start + len(whole)] = whole
            out /= 32768
        return out

    def __enter__(self) -> Samples:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wave.close()
