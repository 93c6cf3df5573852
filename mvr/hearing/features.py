"""What the song sounds like from moment to moment: one pass over its samples, in blocks of twenty seconds.

Two grids. At 100 Hz, what happens: the rise of energy in four bands (onsets) and the levels that move a picture.
At 10 Hz, what it sounds like: timbre (MFCC), harmony (chroma) and loudness, which sections are told by.

A rise at time t compares the spectrum 20 ms after t with that 20 ms before it, so that an onset's peak stands at
the onset itself; a plain frame-to-frame difference peaks where the onset enters the window, or late. The lowest of
three neighbouring bands' maximum before t is what must be passed, so that vibrato is no onset (Böck and Widmer,
"Maximum filter vibrato suppression for onset detection", DAFx 2013).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mvr.hearing.filters import chroma_bank, mel_bank
from mvr.hearing.samples import Floats, Samples

RATE = 100  # frames a second of onsets and levels
SLOW = 10  # frames a second of timbre, harmony and loudness
WINDOW = 1024  # samples, 46 ms at 22,050 Hz
WIDE = 4096  # samples, 186 ms: fine enough to tell semitones from about 130 Hz
BLOCK = 2000  # frames of the 100 Hz grid worked on at once, about 60 MB
LAG = 2  # frames before and after a moment that its rise is measured between
BANDS = (0.0, 150.0, 600.0, 3000.0, 11025.0)  # Hz, edges of the four onset bands
MELS = 80
CEPSTRA = 13


@dataclass(frozen=True)
class Features:
    """Everything later steps read. n frames at 100 Hz, m at 10 Hz; frame i is the moment i / rate.

    rises (4, n): onset strength below 150 Hz, to 600, to 3000 and above; never negative.
    levels (6, n): kick, snare and hats as rises, bass and loudness as amplitudes, brightness in Hz.
    timbre (m, 13), harmony (m, 12): MFCC and chroma. loudness (m,): root mean square of the samples, 0 to 1.
    """

    seconds: float
    rises: Floats
    levels: Floats
    timbre: Floats
    harmony: Floats
    loudness: Floats


def listen(samples: Samples, progress: Callable[[float], None]) -> Features:
    """One pass over the samples. progress is told the share that is done, 0 to 1."""
    ear = _Ear(samples.rate)
    seconds = samples.count / samples.rate
    n = int(seconds * RATE) // (RATE // SLOW) * (RATE // SLOW) + RATE // SLOW
    gain = 0.1 / max(_loud(samples), 1e-4)
    parts = []
    for first in range(0, n, BLOCK):
        parts.append(ear.block(samples, first, min(n, first + BLOCK), gain))
        progress(min(1.0, (first + BLOCK) / n))
    rises, levels, timbre, harmony, loudness = (
        np.concatenate(pieces, axis=axis)
        for pieces, axis in zip(zip(*parts, strict=True), (1, 1, 0, 0, 0), strict=True)
    )
    return Features(seconds, rises, levels, timbre, harmony, loudness)


def _loud(samples: Samples) -> float:
    """The root mean square that the loudest tenth of the song's seconds reach, 0 to 1."""
    powers = []
    for start in range(0, max(1, samples.count), samples.rate * 20):
        block = samples.read(start, min(samples.count, start + samples.rate * 20))
        whole = len(block) // samples.rate * samples.rate
        seconds = block[:whole].reshape(-1, samples.rate) if whole else block[None, :]
        powers.append(np.mean(seconds**2, axis=1) if seconds.size else np.zeros(1, np.float32))
    return float(np.sqrt(np.quantile(np.concatenate(powers), 0.9)))


class _Ear:
    """The filters of one sample rate."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
        self.wide = np.hanning(WIDE + 1)[:-1].astype(np.float32)
        self.hertz = np.fft.rfftfreq(WINDOW, 1 / rate).astype(np.float32)
        self.mel = mel_bank(self.hertz, MELS, 30.0, rate / 2)
        self.chroma = chroma_bank(np.fft.rfftfreq(WIDE, 1 / rate).astype(np.float32))
        centres = (self.mel * self.hertz).sum(axis=1) / self.mel.sum(axis=1)
        self.band = np.digitize(centres, BANDS[1:-1])
        k = np.arange(MELS) + 0.5
        self.cosines = np.cos(np.pi / MELS * np.outer(np.arange(CEPSTRA), k)).astype(np.float32) * np.sqrt(2 / MELS)

    def block(self, samples: Samples, first: int, end: int, gain: float) -> tuple[Floats, ...]:
        """Frames [first, end) of the 100 Hz grid and those of the 10 Hz grid that they hold."""
        power = self._spectra(samples, np.arange(first - LAG, end + LAG), RATE, self.window, gain)
        bands = np.log1p(20 * np.sqrt(power @ self.mel.T))
        rises = self._rises(bands)
        inner = power[LAG:-LAG]
        levels = self._levels(power, inner)
        step = RATE // SLOW
        mean = bands[LAG:-LAG].reshape(-1, step, MELS).mean(axis=1)
        slow = np.arange(first // step, end // step)
        tones = self._spectra(samples, slow + 0.5, SLOW, self.wide, gain)
        harmony = np.log1p(30 * np.sqrt(tones @ self.chroma.T))
        loudness = levels[4].reshape(-1, step).mean(axis=1) / gain
        return rises, levels, mean @ self.cosines.T, harmony, loudness

    def _spectra(self, samples: Samples, frames: np.ndarray, rate: int, window: Floats, gain: float) -> Floats:
        """Power spectra (len(frames), bins) of windows centred on frames / rate; a full-scale sine gives about 1."""
        starts = np.round(frames * (self.rate / rate)).astype(np.int64) - len(window) // 2
        base = int(starts[0])
        sound = samples.read(base, int(starts[-1]) + len(window)) * np.float32(gain)
        index = (starts - base)[:, None] + np.arange(len(window))
        spectra = np.fft.rfft(sound[index] * (window * (4 / len(window))), axis=1)
        return (spectra.real**2 + spectra.imag**2).astype(np.float32)

    def _rises(self, bands: Floats) -> Floats:
        """Onset strength (4, n) from log mel bands (n + 2 LAG, MELS)."""
        before = bands[: -2 * LAG]
        ceiling = before.copy()
        np.maximum(ceiling[:, 1:], before[:, :-1], out=ceiling[:, 1:])
        np.maximum(ceiling[:, :-1], before[:, 1:], out=ceiling[:, :-1])
        rise = np.maximum(0, bands[2 * LAG :] - ceiling)
        return np.stack([rise[:, self.band == i].mean(axis=1) for i in range(len(BANDS) - 1)])

    def _levels(self, power: Floats, inner: Floats) -> Floats:
        """The raw envelopes (6, n): rises in the drums' ranges, the bass's and the whole's amplitude, the centroid."""
        rows = []
        for bottom, top in ((30, 110), (1500, 5000), (7000, 11000)):
            inside = (self.hertz >= bottom) & (self.hertz <= top)
            level = np.log1p(40 * np.sqrt(power[:, inside].mean(axis=1)))
            rows.append(np.maximum(0, level[2 * LAG :] - level[: -2 * LAG]))
        bass = (self.hertz >= 30) & (self.hertz <= 180)
        total = inner.sum(axis=1)
        rows.append(np.sqrt(inner[:, bass].sum(axis=1)))
        rows.append(np.sqrt(total / 3))  # a Hann window's power spectrum sums to 3 times a sine's mean square here
        rows.append((inner * self.hertz).sum(axis=1) / np.maximum(total, 1e-9))
        return np.stack(rows).astype(np.float32)
