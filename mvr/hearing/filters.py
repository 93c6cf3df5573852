"""What turns a spectrum into bands, tones and loudness: librosa's filters, and the K-weighting of EBU R128."""

from __future__ import annotations

import numpy as np

from mvr.hearing.samples import Floats

BOTTOM = 30.0  # Hz, of the lowest mel band
SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The two filters of ITU-R BS.1770-4, tables 1 and 2: (numerator, denominator), for 48,000 samples a second."""


def mel_bank(rate: int, window: int, count: int) -> Floats:
    """Triangles of height 1 (count, window // 2 + 1), evenly spaced on O'Shaughnessy's mel scale."""
    import librosa

    bank = librosa.filters.mel(sr=rate, n_fft=window, n_mels=count, fmin=BOTTOM, htk=True, norm=None)
    empty = np.flatnonzero(bank.max(axis=1) == 0)  # a triangle narrower than a bin may fall between two
    centres = librosa.mel_frequencies(count + 2, fmin=BOTTOM, fmax=rate / 2, htk=True)[1:-1]
    bank[empty, np.round(centres[empty] * window / rate).astype(int)] = 1.0
    return np.asarray(bank, np.float32)


def chroma_bank(rate: int, window: int) -> Floats:
    """How much of each bin belongs to each tone (12, bins): C first, A is 440 Hz; most where chords are played."""
    import librosa

    return np.asarray(librosa.filters.chroma(sr=rate, n_fft=window, tuning=0.0, ctroct=4.5, octwidth=1.2), np.float32)


def loudness_weights(hertz: Floats) -> Floats:
    """What K-weighting does to the power at each frequency: ITU-R BS.1770-4."""
    turn = np.exp(-2j * np.pi * hertz / 48_000)
    gain = np.ones(len(hertz))
    for above, below in (SHELF, PASS):
        gain *= np.abs(np.polyval(above[::-1], turn) / np.polyval(below[::-1], turn)) ** 2
    return np.asarray(gain, np.float32)


def moving_mean(values: Floats, width: int) -> Floats:
    """The mean of the `width` (odd) values around each one; past the ends the last value goes on."""
    from scipy.ndimage import uniform_filter1d

    return np.asarray(uniform_filter1d(np.asarray(values, np.float64), width, mode="nearest"), np.float32)
