"""Pulse: what the sound of a shot does to its picture at each frame."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mvr.backends._pulse import STILL_TEMPO, band, beats, ringing, smooth

MOST = 3
"""Hits in any second that the picture follows in full: as many as may flash at most (WCAG 2.3.1)."""

EASED = 0.2
"""What is left of a hit beyond those."""


@dataclass(frozen=True)
class Beat:
    """One frame: kick and snare that ring off, bass, loudness, voice and glitter, 0 to 1, as strong as the music's
    section lets them be. beat counts beats, with fractions. way: seconds that have passed for moving things, which run
    a little faster where the music is loud."""

    kick: float
    snare: float
    bass: float
    loud: float
    voice: float
    glitter: float
    beat: float
    way: float


@dataclass(frozen=True)
class Pulse:
    """What the sound does during a shot. hits: how many kicks and snares there are; eased: how many of them are held
    back, because three before them fell into the same second."""

    frames: tuple[Beat, ...]
    fps: float
    hits: int = 0
    eased: int = 0

    def at(self, index: int) -> Beat:
        """A frame of the shot; before its first and after its last one the tempo goes on, and hits ring off."""
        if 0 <= index < len(self.frames):
            return self.frames[index]
        if index < 0:
            first = self.frames[0]
            return self._moved(first, index, 0.0)
        last, away = self.frames[-1], index - len(self.frames) + 1
        return self._moved(last, away, math.exp(-away / (0.2 * self.fps)))

    def _moved(self, one: Beat, by: int, left: float) -> Beat:
        tempo = (self.frames[-1].beat - self.frames[0].beat) / max(1, len(self.frames) - 1)
        way = one.way + by * (0.75 + 0.5 * one.loud) / self.fps
        return Beat(one.kick * left, one.snare * left, one.bass * left, one.loud, one.voice * left, one.glitter * left,
                    one.beat + by * (tempo or STILL_TEMPO / self.fps), way)  # fmt: skip

    @property
    def beats(self) -> float:
        """Beats in the shot."""
        return self.frames[-1].beat - self.frames[0].beat


def pulse(sound: Mapping[str, Any] | None, frames: int, fps: float, react: bool, energy: float = 1.0) -> Pulse:
    """Reads a shot's sound document; without one, or with react off, nothing moves to the music.

    energy: of the shot's section, 0 to 1; hits are strongest where it is high.
    """
    if sound is None or not react:
        plain = (Beat(0.0, 0.0, 0.0, 0.5, 0.0, 0.0, STILL_TEMPO * index / fps, index / fps) for index in range(frames))
        return Pulse(tuple(plain), fps)
    power = 0.4 + 0.6 * min(1.0, max(0.0, energy))
    kicks, kick_hits, kick_eased = _held_back(band(sound, "kick", frames), fps)
    snares, snare_hits, snare_eased = _held_back(band(sound, "snare", frames), fps)
    kick, snare = ringing(kicks, 0.2 * fps), ringing(snares, 0.14 * fps)
    bass, loud = smooth(band(sound, "bass", frames), 0.1 * fps), smooth(band(sound, "loudness", frames), 0.3 * fps)
    sung = band(sound, "vocals" if any(sound.get("vocals") or ()) else "loudness", frames)
    voice, hats = smooth(sung, 0.05 * fps), ringing(band(sound, "hats", frames), 0.1 * fps)
    counted = beats(sound.get("beats") or (), frames, fps)
    made, moment = [], 0.0
    for index in range(frames):
        made.append(
            Beat(
                kick[index] * power, snare[index] * power, bass[index] * power, loud[index], voice[index],
                hats[index] * power, counted[index], moment,
            )
        )  # fmt: skip
        moment += (0.75 + 0.5 * loud[index]) / fps
    return Pulse(tuple(made), fps, kick_hits + snare_hits, kick_eased + snare_eased)


def _held_back(values: Sequence[float], fps: float) -> tuple[list[float], int, int]:
    """An envelope in which no more than MOST hits in any second keep their height; how many hits, how many eased."""
    result: list[float] = []
    full: list[int] = []
    hits = eased = 0
    share, before, hit = 1.0, 0.0, -math.inf
    for index, value in enumerate(values):
        if value - before > 0.12 and value > 0.2:
            if index - hit >= 0.08 * fps:
                hits += 1
                full = [frame for frame in full if index - frame < fps]
                share = 1.0 if len(full) < MOST else EASED
                if share == 1.0:
                    full.append(index)
                else:
                    eased += 1
            hit = index
        result.append(value * share)
        before = value
    return result, hits, eased
