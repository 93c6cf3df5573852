"""Puts each beat on the attack that is heard there, from the samples themselves.

An attack is where the energy of the 12 ms after a moment stands highest over that of the 12 ms before it. The two
spans meet at the moment and do not overlap, so an onset is found where it is: within 1 ms for a drum or a plucked
note, whatever the windows of earlier steps. Players are not exact, so the beats are then drawn to a straight line
through their neighbours, in which each attack counts by its strength.
"""

from __future__ import annotations

import numpy as np

from mvr.hearing.samples import Floats, Samples

HOP = 32  # samples, 1.5 ms: how finely a moment is told
HALF = 0.012  # seconds before and after a moment
REACH = 0.05  # seconds that an attack may be from the beat it belongs to
NEAR = 0.03  # seconds: the spread of the Gaussian by which nearer attacks count more
SIDE = 6  # beats on each side that a line is drawn through
LOOSE = 0.010  # seconds off the line at which an attack counts half


def attacks(samples: Samples, beats: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each beat (seconds) the attack nearest to it and its strength; the beat itself where nothing rises."""
    found, strength = beats.astype(float).copy(), np.zeros(len(beats))
    side = int((REACH + HALF) * samples.rate) // HOP * HOP
    half = round(HALF * samples.rate / HOP)
    moments = np.arange(half, 2 * side // HOP - half + 1)
    times = (moments * HOP - side) / samples.rate
    near = np.exp(-0.5 * (times / NEAR) ** 2)
    for i, beat in enumerate(beats):
        centre = round(float(beat) * samples.rate)
        sound = samples.read(centre - side - 1, centre + side)
        rise = np.zeros(len(moments))
        for part in (sound[1:], 3 * np.diff(sound)):  # the difference hears cymbals beside a bass
            rise += _rises(part, moments, half)
        rise *= near
        best = int(rise.argmax())
        if rise[best] > 0:
            found[i], strength[i] = beat + times[best], rise[best]
    return found, strength


def _rises(sound: Floats, moments: np.ndarray, half: int) -> np.ndarray:
    """How much louder, in nepers of energy, it is after each moment than before; less where it stays quiet."""
    energy = np.square(sound, dtype=np.float64).reshape(-1, HOP).sum(axis=1)
    sums = np.concatenate(([0.0], np.cumsum(energy)))
    after, before = sums[moments + half] - sums[moments], sums[moments] - sums[moments - half]
    floor = 1e-3 * half * energy.mean() + 1e-7
    share = np.sqrt(after / (half * energy.max() + 1e-7))
    return np.asarray(np.maximum(0, np.log((after + floor) / (before + floor))) * share)


def smoothed(times: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """The times drawn to a line through each one's neighbours, by least squares that outliers cannot bend."""
    if len(times) < 4:
        return times
    offsets = np.arange(-SIDE, SIDE + 1, dtype=float)
    index = np.clip(np.arange(len(times))[:, None] + offsets.astype(int), 0, len(times) - 1)
    x = index - np.arange(len(times))[:, None]
    y, own = times[index], strength[index] + 1e-6
    own = np.where(x == offsets, own, 0)  # past the ends there is nothing
    weights = own
    for _ in range(5):
        total = weights.sum(axis=1, keepdims=True)
        mean_x, mean_y = (
            (weights * x).sum(axis=1, keepdims=True) / total,
            (weights * y).sum(axis=1, keepdims=True) / total,
        )
        spread = (weights * (x - mean_x) ** 2).sum(axis=1, keepdims=True)
        slope = (weights * (x - mean_x) * (y - mean_y)).sum(axis=1, keepdims=True) / np.maximum(spread, 1e-12)
        line = mean_y + slope * (x - mean_x)
        weights = own / (1 + ((y - line) / LOOSE) ** 2)
    return np.asarray((mean_y - slope * mean_x)[:, 0])
