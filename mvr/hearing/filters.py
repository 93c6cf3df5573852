"""The banks that turn a spectrum into mel bands and into the twelve tones; and the moving mean."""

from __future__ import annotations

import numpy as np

from mvr.hearing.samples import Floats


def mel_bank(hertz: Floats, count: int, bottom: float, top: float) -> Floats:
    """Triangles of height 1 (count, bins), evenly spaced on the mel scale of O'Shaughnessy (1987) from bottom to top.

    A triangle narrower than a bin is widened to one, so that no band is empty.
    """
    edges = np.linspace(_mel(bottom), _mel(top), count + 2)
    edges = 700 * (10 ** (edges / 2595) - 1)
    least = float(hertz[1] - hertz[0])
    left = np.minimum(edges[:-2], edges[1:-1] - least)[:, None]
    right = np.maximum(edges[2:], edges[1:-1] + least)[:, None]
    middle = edges[1:-1, None]
    rising, falling = (hertz - left) / (middle - left), (right - hertz) / (right - middle)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), np.float32)


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


def chroma_bank(hertz: Floats) -> Floats:
    """How much of each bin belongs to each tone (12, bins): C first, A is 440 Hz.

    A bin counts for a tone by a Gaussian a semitone wide, and most between 130 and 1,000 Hz, where chords are played
    and where a window of 186 ms can tell semitones (Ellis and Poliner, "Identifying cover songs", 2007).
    """
    octave = np.log2(np.maximum(hertz, 1.0) / 261.626)
    distance = (12 * octave - np.arange(12)[:, None] + 6) % 12 - 6
    weight = np.exp(-0.5 * ((octave - 0.2) / 1.1) ** 2) * (hertz > 60)
    return np.asarray(np.exp(-0.5 * (distance / 0.5) ** 2) * weight, np.float32)


def moving_mean(values: Floats, width: int) -> Floats:
    """The mean of the `width` (odd) values around each one, of fewer at the ends."""
    sums = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    here = np.arange(len(values))
    low, high = np.maximum(0, here - width // 2), np.minimum(len(values), here + width // 2 + 1)
    return np.asarray((sums[high] - sums[low]) / (high - low), np.float32)
