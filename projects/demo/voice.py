"""A voice that sings vowels: harmonics shaped by moving formants, with breaths of noise for consonants.

The formants are those of textbooks (Peterson and Barney 1952, raised a little); the words are only half understood,
which is why the song has a lyrics file.
"""

from __future__ import annotations

import numpy as np
from synth import RATE, Sound, band, clock, hertz, high, noise

# symbol: frequencies (Hz) of four formants, and how loud the sound is
VOICED = {
    "a": (820, 1220, 2810, 3800, 1.0),
    "A": (740, 1780, 2700, 3800, 1.0),
    "e": (500, 2050, 2800, 3800, 1.0),
    "E": (610, 1900, 2750, 3800, 1.0),
    "i": (330, 2500, 3100, 3900, 0.9),
    "I": (430, 2150, 2900, 3900, 0.9),
    "o": (480, 900, 2700, 3700, 1.0),
    "O": (640, 1000, 2700, 3700, 1.0),
    "u": (350, 850, 2600, 3700, 0.9),
    "@": (560, 1450, 2700, 3800, 0.9),
    "l": (380, 1150, 2750, 3700, 0.45),
    "r": (400, 1250, 1750, 3500, 0.5),
    "w": (330, 700, 2400, 3500, 0.45),
    "j": (300, 2300, 3000, 3800, 0.45),
    "m": (270, 1000, 2300, 3400, 0.25),
    "n": (270, 1450, 2500, 3500, 0.28),
    "d": (270, 1700, 2600, 3500, 0.08),
    "b": (270, 900, 2300, 3400, 0.08),
    "v": (270, 1100, 2300, 3400, 0.16),
}
# symbol: band of its noise (Hz), its length (s), how loud
HISSES = {
    "s": (5200, 11000, 0.085, 0.20),
    "z": (4800, 9500, 0.06, 0.10),
    "S": (2300, 7000, 0.085, 0.18),
    "f": (1800, 9000, 0.07, 0.07),
    "T": (2500, 9500, 0.065, 0.07),
    "h": (900, 4500, 0.06, 0.07),
    "t": (3200, 9500, 0.030, 0.22),
    "k": (1500, 5200, 0.030, 0.20),
    "p": (500, 3000, 0.025, 0.18),
    "d": (2200, 7500, 0.020, 0.10),
    "b": (400, 2000, 0.018, 0.08),
    "g": (1200, 3800, 0.022, 0.10),
}
VOWELS = set("aAeEiIoOu@")
WIDTHS = (90, 110, 160, 250)
LOUDNESS = (1.0, 0.62, 0.34, 0.16)
STEP = 1 / 400  # seconds between the control points of pitch, formants and loudness

Note = tuple[float, float, int, str]  # start and length in seconds, MIDI note, sounds such as "rein"


def _track(notes: list[Note], n: int) -> tuple[Sound, Sound, Sound]:
    """Pitch (n,), formants (n, 4) and loudness (n,) at the control points."""
    pitch, formants, level = np.full(n, np.nan), np.full((n, 4), np.nan), np.zeros(n)
    for start, length, note, sounds in notes:
        a, b = round(start / STEP), min(n, round((start + length) / STEP))
        pitch[a:b] = note
        spans = [s for s in sounds if s in VOICED]
        edges = [0.055 if s not in VOWELS else 0.0 for s in spans]
        rest = max(length - sum(edges), 0.05) / max(1, sum(s in VOWELS for s in spans))
        at = start
        for symbol, edge in zip(spans, edges, strict=True):
            seconds = edge or rest
            i, j = round(at / STEP), min(n, round((at + seconds) / STEP))
            formants[i:j] = VOICED[symbol][:4]
            level[i:j] = VOICED[symbol][4]
            at += seconds
        accent = 0.78 if length < 0.2 else 1.0
        level[a:b] *= accent * (1 - 0.4 * np.linspace(0, 1, max(0, b - a)) ** 1.5)
        level[max(a, b - 6) : b] *= np.linspace(1, 0.35, b - max(a, b - 6))
        level[a : a + 4] *= 0.5
    return _filled(pitch), np.stack([_filled(f) for f in formants.T], axis=1), level


def _filled(values: Sound) -> Sound:
    """The values with each gap filled from the note before it (from the first one, at the start)."""
    known = np.where(np.isnan(values), 0, np.arange(len(values)))
    known = np.maximum.accumulate(known)
    first = np.flatnonzero(~np.isnan(values))[0]
    return np.where(np.isnan(values[known]), values[first], values[known])


def _smooth(values: Sound, seconds: float) -> Sound:
    """Moving average over a raised cosine of that length, along the first axis."""
    window = np.hanning(max(3, round(seconds / STEP)) + 2)
    window /= window.sum()
    padded = np.pad(values, [(len(window) // 2, len(window) // 2)] + [(0, 0)] * (values.ndim - 1), mode="edge")
    if values.ndim == 1:
        return np.convolve(padded, window, mode="same")[len(window) // 2 :][: len(values)]
    return np.stack([_smooth(column, seconds) for column in values.T], axis=1)


def sing(notes: list[Note], seconds: float, take: int = 0, breath: float = 0.05) -> Sound:
    """The notes, sung; another take has another vibrato, tuning and timing, as a second singer has."""
    rng = np.random.default_rng(100 + take)
    late = 0.0 if take == 0 else rng.uniform(0.004, 0.018)
    n = round(seconds / STEP) + 1
    pitch, formants, level = _track([(s + late, d, p, w) for s, d, p, w in notes], n)
    t = np.arange(n) * STEP
    held = np.zeros(n)
    for start, length, _, _ in notes:
        i, j = round(start / STEP), min(n, round((start + length) / STEP))
        held[i:j] = np.clip((t[i:j] - start - 0.16) / 0.25, 0, 1)
    drift = _smooth(rng.normal(0, 1, n), 0.5) * 0.25
    pitch = _smooth(pitch, 0.06) + 0.24 * _smooth(held, 0.1) * np.sin(2 * np.pi * (5.3 + 0.2 * take) * t + take)
    pitch += drift + (0.05 * take if take % 2 else -0.04 * take)
    formants, level = _smooth(formants, 0.055) * (1 + 0.01 * take), _smooth(level, 0.03)
    fine = clock(seconds)
    f0 = 440 * 2 ** ((np.interp(fine, t, pitch) - 69) / 12)
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    out = np.zeros_like(fine)
    coarse_f0 = 440 * 2 ** ((pitch - 69) / 12)
    for k in range(1, 36):
        shape = sum(
            loud / (1 + ((k * coarse_f0 - formants[:, i]) / (width + 0.04 * formants[:, i])) ** 2)
            for i, (width, loud) in enumerate(zip(WIDTHS, LOUDNESS, strict=True))
        )
        out += np.interp(fine, t, shape * level / k**0.6) * np.sin(k * phase)
    air = high(noise(seconds, 300 + take), 3000) * np.interp(fine, t, level)
    return out + breath * air + _consonants(notes, len(fine), late, take)


def _consonants(notes: list[Note], n: int, late: float, take: int) -> Sound:
    """The hisses and clicks of every syllable, before its vowel or at its end."""
    out = np.zeros(n)
    for i, (start, length, note, sounds) in enumerate(notes):
        first_vowel = next((k for k, s in enumerate(sounds) if s in VOWELS), 0)
        for k, symbol in enumerate(sounds):
            if symbol not in HISSES:
                continue
            bottom, top, seconds, loud = HISSES[symbol]
            at = start + late - seconds * 0.6 if k < first_vowel else start + late + length - seconds
            burst = band(noise(seconds + 0.02, 1000 * take + 10 * i + k), bottom, top)
            burst *= (
                np.sin(np.pi * np.linspace(0, 1, len(burst)) ** 0.6) * 2.2 * loud * (0.8 + 0.2 * (hertz(note) > 300))
            )
            j = max(0, round(at * RATE))
            out[j : j + len(burst)] += burst[: max(0, n - j)]
    return out
