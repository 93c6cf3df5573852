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

from mvr.hearing.filters import chroma_bank, loudness_weights, mel_bank
from mvr.hearing.samples import Floats, Samples

RATE = 100  # frames a second of onsets and levels
SLOW = 10  # frames a second of timbre, harmony and loudness
WINDOW = 1024  # samples, 46 ms at 22,050 Hz
WIDE = 4096  # samples, 186 ms: fine enough to tell semitones from about 130 Hz
BLOCK = 2000  # frames of the 100 Hz grid worked on at once, about 60 MB
LAG = 2  # frames before and after a moment that its rise is measured between
BANDS = (0.0, 150.0, 600.0, 3000.0, 11025.0)  # Hz, edges of the four onset bands
MELS = 80
STEADY = 15  # frames to each side over which a tone must last to be harmonic, 0.15 s
STRUCK = 17  # mel bands over which a hit must spread to be percussive
SIDE = STEADY + LAG  # frames that a block needs of its neighbours
DRUMS = ((30.0, 120.0), (1500.0, 5000.0), (7000.0, 11000.0))  # Hz: what kick, snare and hats are told by
VOICE = (250.0, 3500.0)  # Hz: where a singing voice carries most
LOUD = 4  # the row of `levels` that is loudness
CEPSTRA = 13


@dataclass(frozen=True)
class Features:
    """Everything later steps read. n frames at 100 Hz, m at 10 Hz; frame i is the moment i / rate.

    rises (4, n): onset strength below 150 Hz, to 600, to 3000 and above; never negative.
    levels (7, n): kick, snare and hats as rises of what is percussive (librosa's median filters, Fitzgerald 2010),
    bass and loudness (K-weighted) as amplitudes, brightness in Hz, and the amplitude of a voice's range.
    timbre (m, 13), harmony (m, 12): MFCC and chroma. loudness (m,): K-weighted root mean square, 0 to 1.
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
        self.hertz = np.fft.rfftfreq(WINDOW, 1 / rate).astype(np.float32)
        self.mel = mel_bank(rate, WINDOW, MELS)
        self.chroma = chroma_bank(rate, WIDE)
        self.heard = loudness_weights(self.hertz)
        self.centres = (self.mel * self.hertz).sum(axis=1) / self.mel.sum(axis=1)
        self.band = np.digitize(self.centres, BANDS[1:-1])

    def block(self, samples: Samples, first: int, end: int, gain: float) -> tuple[Floats, ...]:
        """Frames [first, end) of the 100 Hz grid and those of the 10 Hz grid that they hold."""
        from scipy.fft import dct

        power = self._spectra(samples, first - SIDE, end + SIDE, gain)
        amplitudes = np.sqrt(power @ self.mel.T)
        bands = np.log1p(20 * amplitudes)
        near, inner = slice(SIDE - LAG, LAG - SIDE), slice(SIDE, -SIDE)
        levels = self._levels(amplitudes, power[inner], near, inner)
        step = RATE // SLOW
        timbre = dct(bands[inner].reshape(-1, step, MELS).mean(axis=1), norm="ortho")[:, :CEPSTRA]
        tones = self._tones(samples, first // step, end // step, gain)
        harmony = np.log1p(30 * np.sqrt(tones @ self.chroma.T))
        loudness = np.sqrt(np.square(levels[LOUD]).reshape(-1, step).mean(axis=1)) / gain
        return self._rises(bands[near]), levels, timbre, harmony, loudness

    def _spectra(self, samples: Samples, first: int, end: int, gain: float) -> Floats:
        """Power spectra (end - first, bins), centred on frames / 100 s; a full-scale sine gives about 1.

        A hundredth of a second is 220.5 samples: even and odd frames are two transforms with a hop of 441.
        """
        import librosa

        hop = self.rate // (RATE // 2)
        base = first * self.rate // RATE
        sound = samples.read(base - WINDOW // 2, base + (end - first) * self.rate // RATE + WINDOW) * np.float32(gain)
        power = np.empty((end - first, WINDOW // 2 + 1), np.float32)
        for odd in (0, 1):
            part = power[odd::2]
            whole = sound[odd * hop // 2 :][: WINDOW + hop * (len(part) - 1)]
            spectra = librosa.stft(whole, n_fft=WINDOW, hop_length=hop, center=False).T
            part[:] = (spectra.real**2 + spectra.imag**2) * np.float32((4 / WINDOW) ** 2)
        return power

    def _tones(self, samples: Samples, first: int, end: int, gain: float) -> Floats:
        """Power spectra (end - first, bins) of long windows centred on the middles of the 10 Hz grid's frames."""
        import librosa

        hop = self.rate // SLOW
        start = first * hop + hop // 2 - WIDE // 2
        sound = samples.read(start, start + WIDE + hop * (end - first - 1)) * np.float32(gain)
        spectra = librosa.stft(sound, n_fft=WIDE, hop_length=hop, center=False).T
        return np.asarray((spectra.real**2 + spectra.imag**2) * np.float32((4 / WIDE) ** 2))

    def _rises(self, bands: Floats) -> Floats:
        """Onset strength (4, n) from log mel bands (n + 2 LAG, MELS)."""
        rise = _rise(bands)
        return np.stack([rise[:, self.band == i].mean(axis=1) for i in range(len(BANDS) - 1)])

    def _levels(self, amplitudes: Floats, inner: Floats, near: slice, inside: slice) -> Floats:
        """The raw envelopes, rows as Features.levels says."""
        import librosa

        _, hits = librosa.decompose.hpss(amplitudes.T, kernel_size=(2 * STEADY + 1, STRUCK))
        rows = [_rise(np.log1p(40 * hits.T[near][:, self._range(*span)])).mean(axis=1) for span in DRUMS]
        bass = (self.hertz >= 30) & (self.hertz <= 180)
        total = inner.sum(axis=1)
        rows.append(np.sqrt(inner[:, bass].sum(axis=1)))
        rows.append(np.sqrt((inner @ self.heard) / 3))  # a Hann window's power spectrum sums to 3 mean squares here
        rows.append((inner @ self.hertz) / np.maximum(total, 1e-9))
        voice = (self.hertz >= VOICE[0]) & (self.hertz <= VOICE[1])
        rows.append(np.sqrt(inner[:, voice].sum(axis=1)))
        return np.stack(rows).astype(np.float32)

    def _range(self, bottom: float, top: float) -> np.ndarray:
        return np.asarray((self.centres >= bottom) & (self.centres <= top))


def _rise(bands: Floats) -> Floats:
    """How far each band of log amplitudes (n + 2 LAG, k) stands above its neighbourhood 2 LAG frames before: (n, k)."""
    from scipy.ndimage import maximum_filter1d

    before = maximum_filter1d(bands[: -2 * LAG], 3, axis=1)
    return np.asarray(np.maximum(0, bands[2 * LAG :] - before))
