"""Small synthetic sounds, and what the stage `music` makes of one."""

from __future__ import annotations

import json
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mvr.stages import music
from tests.desk import run

RATE = 22_050
Sound = NDArray[np.floating[Any]]


def clicks(tempo: float, seconds: float, *, start: float = 0.2, meter: int = 4) -> tuple[Sound, Sound]:
    """A metronome whose first beat of a bar is louder and lower; and when it clicks, in seconds."""
    times = np.arange(start, seconds - 0.1, 60 / tempo)
    sound = np.zeros(round(seconds * RATE))
    t = np.arange(round(0.05 * RATE)) / RATE
    for i, time in enumerate(times):
        pitch, loud = (900, 0.7) if i % meter == 0 else (1500, 0.3)
        at = round(time * RATE)
        sound[at : at + len(t)] += loud * np.sin(2 * np.pi * pitch * t) * np.exp(-t / 0.012)
    return sound, times


def noise(seconds: float, loud: float = 0.1, seed: int = 1) -> Sound:
    return np.random.default_rng(seed).normal(0, loud, round(seconds * RATE))


def band(bars: int, tempo: float, chords: tuple[int, ...], loud: float, bright: float, *, drums: bool = True) -> Sound:
    """A little band: a chord a bar (MIDI roots, repeated), kick on one and three, snare on two and four."""
    beat = 60 / tempo
    total = np.zeros(round(bars * 4 * beat * RATE) + RATE)
    rng = np.random.default_rng(7)
    for bar in range(bars):
        root = chords[bar % len(chords)]
        t = np.arange(round(4 * beat * RATE)) / RATE
        chord = np.zeros_like(t)
        for note in (root, root + 4, root + 7):
            f = 440 * 2 ** ((note - 69) / 12)
            chord += sum(np.sin(2 * np.pi * f * k * t) / k ** (2 - bright) for k in range(1, 6))
        at = round(bar * 4 * beat * RATE)
        total[at : at + len(t)] += 0.1 * chord * np.minimum(1, t / 0.01)
        for i in range(4 if drums else 0):
            t = np.arange(round(0.12 * RATE)) / RATE
            hit = np.sin(2 * np.pi * 55 * t) if i % 2 == 0 else rng.normal(0, 0.5, len(t))
            at = round((bar * 4 + i) * beat * RATE)
            total[at : at + len(t)] += 0.8 * hit * np.exp(-t / 0.04)
    return loud * total[:-RATE]


def write(path: Path, sound: Sound) -> Path:
    """The sound as mono 16-bit WAV at 22,050 Hz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


@dataclass(frozen=True)
class Heard:
    """The documents of one node of `music`."""

    music: Any
    form: Any
    beats: Any
    envelopes: NDArray[np.uint8]
    whole: bytes  # every part's bytes, one after the other


def hear(folder: Path, sound: Sound, **corrections: Any) -> Heard:
    """What the stage makes of a sound. corrections as in its recipe: times in the film."""
    folder.mkdir(parents=True, exist_ok=True)
    mono, song = write(folder / "mono.wav", sound), folder / "song.json"
    song.write_text(json.dumps({"seconds": round(len(sound) / RATE, 6)}))
    given = {"tempo": None, "meter": None, "first_downbeat": None, "sections": []} | corrections
    made = run(music, {"corrections": given}, out=folder / "out", inputs={"song": [song], "mono": [mono]})
    parts = made.parts
    whole = b"".join(path.read_bytes() for _, path in sorted(parts.items()))
    whole_song, form, beats = (json.loads(parts[name].read_text("utf-8")) for name in ("", "form", "beats"))
    return Heard(whole_song, form, beats, np.load(parts["envelopes"]), whole)
