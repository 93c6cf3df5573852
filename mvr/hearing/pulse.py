"""Tempo and a first set of beats from onset strength: what the ear taps along to, to the nearest 10 ms.

The tempo is a path through local autocorrelations (12 multiples of a period agree), found by dynamic programming so
that it may drift; the beats follow it by dynamic programming too (Ellis, "Beat tracking by dynamic programming",
JNMR 2007), with the local period in place of one for the whole song.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from mvr.hearing.features import RATE, Features
from mvr.hearing.filters import moving_mean

if TYPE_CHECKING:
    from mvr.hearing.samples import Floats

WEIGHTS = (2.5, 0.7, 1.0, 1.0)  # of the four onset bands: a kick says more of the beat than a snare does
SPAN, HOP = 1000, 200  # frames: each tempo is read from 10 s of sound, every 2 s
SHORTEST, LONGEST = 0.25, 1.05  # seconds a beat may last: 240 to 57 beats a minute
USUAL = 0.5  # seconds: of two readings an octave apart, the one nearer to 120 beats a minute is likelier
OCTAVES = 0.75  # how far from USUAL a period may be before it is unlikely, as the spread of a Gaussian in octaves
STEADY = 3.0  # what a change of tempo by a factor of e costs between two readings, at most JUMP
JUMP = 0.6
TIGHT = 200.0  # what a beat costs that is off its period by a factor of e
CLEAR = (
    0.085  # the least mean autocorrelation at its multiples that a pulse has; noise reaches 0.065, songs 0.11 and more
)


def onsets(features: Features) -> Floats:
    """Onset strength (n,) at 100 Hz: the bands' rises, each by its own spread, above their mean within 0.4 s."""
    total = np.zeros(features.rises.shape[1], np.float32)
    for weight, rises in zip(WEIGHTS, features.rises, strict=True):
        total += weight * rises / (rises.std() + np.float32(1e-3))
    return np.maximum(0, total - moving_mean(total, 81))


def periods(strength: Floats, tempo: float | None) -> tuple[Floats, float]:
    """The period of the beat at every frame (n,), in frames, and how clear the pulse is (0 to 1).

    With a tempo (beats a minute) given, periods stay within 4 % of it.
    """
    choices = np.exp(np.arange(np.log(SHORTEST), np.log(LONGEST), 0.01)) * RATE
    likely = np.exp(-0.5 * (np.log2(choices / (USUAL * RATE)) / OCTAVES) ** 2)
    if tempo is not None:
        choices = 60 * RATE / tempo * np.exp(np.linspace(-0.04, 0.04, 9))
        likely = np.ones(len(choices))
    agree = _agreement(strength, choices)
    cost = np.maximum(-STEADY * np.abs(np.log(choices)[:, None] - np.log(choices)), -JUMP)
    best, back = agree[0] * likely, []
    for row in agree[1:]:
        options = best + cost
        back.append(options.argmax(axis=1))
        best = options.max(axis=1) + row * likely
    path = [int(best.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    path.reverse()
    middles = SPAN / 2 + HOP * np.arange(len(path))
    local = np.interp(np.arange(len(strength)), middles, choices[path])
    return local.astype(np.float32), float(np.mean([row[i] for row, i in zip(agree, path, strict=True)]))


def _agreement(strength: Floats, choices: Floats) -> Floats:
    """For each 10 s of sound and each period, the mean autocorrelation at its first four multiples."""
    lags = int(4 * float(choices.max())) + 8
    size = 1 << (SPAN + lags).bit_length()
    rows = []
    for start in range(0, max(1, len(strength) - SPAN // 2), HOP):
        part = strength[start : start + SPAN]
        part = part - part.mean()
        spectrum = np.fft.rfft(part, size)
        lagged = np.fft.irfft(np.abs(spectrum) ** 2)[:lags]
        rows.append(lagged / lagged[0] if lagged[0] > 1e-6 else np.zeros(lags))
    table = np.array(rows)
    agree = np.zeros((len(rows), len(choices)))
    for i, period in enumerate(choices):
        for multiple in range(1, 5):
            lag = period * multiple
            reach = max(1, round(lag * 0.006))
            at = min(round(lag), lags - 2)
            agree[:, i] += table[:, max(1, at - reach) : at + reach + 1].max(axis=1) / 4
    return agree


def beats(strength: Floats, local: Floats, progress: Callable[[float], None]) -> np.ndarray:
    """The frames of the beats that follow onsets best at the local periods: whole numbers, rising."""
    heard = strength[strength > 0]
    gains = np.minimum(strength / (heard.std() if len(heard) else 1.0), 4).astype(np.float64)
    count = len(gains)
    score, before = np.zeros(count), np.full(count, -1)
    known: dict[float, tuple[np.ndarray, int]] = {}
    for frame, period in enumerate(np.round(local, 1).tolist()):
        if period not in known:
            steps = np.arange(int(period * 1.3) + 1, int(period * 0.75), -1)
            known[period] = -TIGHT * np.log(steps / period) ** 2, int(steps[0])
        cost, reach = known[period]
        first = max(0, frame - reach)
        options = score[first : max(first, frame - reach + len(cost))]
        score[frame] = gains[frame]
        if len(options):
            options = options + cost[len(cost) - len(options) :]
            best = int(options.argmax())
            if options[best] > 0:
                score[frame] += options[best]
                before[frame] = first + best
        if frame % 10_000 == 0:
            progress(frame / count)
    last = max(0, count - round(float(local[-1])))
    found = [last + int(score[last:].argmax())]
    while before[found[-1]] >= 0:
        found.append(int(before[found[-1]]))
    return np.array(found[::-1])
