"""The song as cutting sees it: its sections, their bars, and how much it gives from moment to moment."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import ceil, floor

from mvr.model import Json

EPS = 2e-6  # seconds: times are rounded to 6 digits, so two of them are 1e-6 off at most
UPBEAT = 0.15  # seconds that a section may be marked after its own first downbeat
ENERGIES = {"low": (0.2, 0.2), "medium": (0.5, 0.5), "high": (0.9, 0.9), "rising": (0.3, 0.8), "falling": (0.8, 0.3)}


class Bars:
    """The sections of a song, and the downbeats in each."""

    def __init__(self, music: Json) -> None:
        self.sections = music["sections"]
        self.starts = [float(section["start"]) for section in self.sections]
        self.downbeats = [float(time) for time in music["downbeats"]]

    def index(self, time: float) -> int:
        """Which section a time is in."""
        return max(0, bisect_right(self.starts, time + EPS) - 1)

    def bars(self, index: int) -> list[float]:
        """The downbeats of a section: from just before its start, where it was marked late, to before the next."""
        after = self.starts[index + 1] if index + 1 < len(self.starts) else float("inf")
        first = bisect_left(self.downbeats, self.starts[index] - UPBEAT)
        return self.downbeats[first : bisect_left(self.downbeats, after - UPBEAT)]


class Energy:
    """How loud the song is, 0 to 1: its loudness curve where the analysis has one, else its sections' energy words."""

    def __init__(self, music: Json) -> None:
        self.sections = music["sections"]
        self.starts = [float(section["start"]) for section in self.sections]
        curve = music.get("energy") or {}
        self.rate = float(curve.get("rate", 0))
        self.sums = [0.0]
        for value in curve.get("values", ()):
            self.sums.append(self.sums[-1] + float(value))

    @property
    def heard(self) -> bool:
        """True where there is a loudness curve."""
        return self.rate > 0 and len(self.sums) > 1

    def word(self, time: float) -> float:
        """What the word of the section at a time says, 0 to 1."""
        section = self.sections[max(0, bisect_right(self.starts, time + EPS) - 1)]
        low, high = ENERGIES[section["energy"]]
        start, end = float(section["start"]), float(section["end"])
        return low + (high - low) * min(1.0, max(0.0, (time - start) / max(EPS, end - start)))

    def mean(self, start: float, end: float) -> float:
        """The mean from start to end, in seconds."""
        count = len(self.sums) - 1
        if not self.heard:
            return self.word((start + end) / 2)
        first = min(count - 1, max(0, floor(start * self.rate)))
        last = min(count, max(first + 1, ceil(end * self.rate)))
        return min(1.0, max(0.0, (self.sums[last] - self.sums[first]) / (last - first)))

    def pace(self, time: float) -> float:
        """How fast the cutting is at a time, 0 to 1: more by the section's word than by the loudness there.

        The power of 1.3 keeps a middling section nearer to the quiet ones, so that a loud one stands out.
        """
        return float((0.6 * self.word(time) + 0.4 * self.mean(time, time + 4.0)) ** 1.3)
