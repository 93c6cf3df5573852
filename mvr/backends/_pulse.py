"""Pulse: what the sound of a shot does to its picture at each frame."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pulse:
    """Per frame, 0 to 1: kick and snare that ring off, bass and loudness smoothed. beat counts beats, with fractions.

    way: seconds that have passed for moving things, which run a little faster where the music is loud.
    """

    kick: tuple[float, ...]
    snare: tuple[float, ...]
    bass: tuple[float, ...]
    loud: tuple[float, ...]
    beat: tuple[float, ...]
    way: tuple[float, ...]


STILL_TEMPO = 1.7
"""Steps a second where no beats are known: a walking pace."""


def pulse(sound: Mapping[str, Any] | None, frames: int, fps: float, react: bool) -> Pulse:
    """Reads a shot's sound document; without one, or with react off, nothing moves to the music."""
    none = (0.0,) * frames
    if sound is None or not react:
        plain = tuple(index / fps for index in range(frames))
        return Pulse(none, none, none, (0.5,) * frames, tuple(STILL_TEMPO * moment for moment in plain), plain)
    kick = ringing(band(sound, "kick", frames), 0.22 * fps)
    snare = ringing(band(sound, "snare", frames), 0.16 * fps)
    bass = smooth(band(sound, "bass", frames), 0.12 * fps)
    loud = smooth(band(sound, "loudness", frames), 0.3 * fps)
    way, moment = [], 0.0
    for value in loud:
        way.append(moment)
        moment += (0.75 + 0.5 * value) / fps
    return Pulse(kick, snare, bass, loud, beats(sound.get("beats") or (), frames, fps), tuple(way))


def band(sound: Mapping[str, Any], name: str, frames: int) -> list[float]:
    """A band of a sound document as so many numbers of 0 to 1."""
    values = [min(1.0, max(0.0, float(value))) for value in (sound.get(name) or ())][:frames]
    return values + [0.0] * (frames - len(values))


def ringing(values: Sequence[float], frames: float) -> tuple[float, ...]:
    """Follows a rise at once and falls to 1/e in so many frames."""
    fall, level, result = math.exp(-1 / max(0.5, frames)), 0.0, []
    for value in values:
        level = max(value, level * fall)
        result.append(level)
    return tuple(result)


def smooth(values: Sequence[float], frames: float) -> tuple[float, ...]:
    """Follows with a lag of so many frames."""
    share, result = 1 - math.exp(-1 / max(0.5, frames)), []
    level = values[0] if values else 0.0
    for value in values:
        level += (value - level) * share
        result.append(level)
    return tuple(result)


def beats(beats: Sequence[float], frames: int, fps: float) -> tuple[float, ...]:
    """How many beats have passed at each frame; beyond the first and the last beat their tempo goes on."""
    marks = sorted(float(beat) for beat in beats)
    if len(marks) < 2:
        start = marks[0] if marks else 0.0
        return tuple((index - start) * STILL_TEMPO / fps for index in range(frames))
    result, at = [], 0
    for index in range(frames):
        while at < len(marks) - 2 and index >= marks[at + 1]:
            at += 1
        gap = max(1e-6, marks[at + 1] - marks[at])
        result.append(at + (index - marks[at]) / gap)
    return tuple(result)
