"""Which beats are downbeats: the one phase of the bar in which kicks, chord changes and new parts fall on the first.

Each beat is heard in five ways; a Viterbi path through the bar's places then counts 1, 2, 3, 4 through the song and
may slip only where much speaks for it.
"""

from __future__ import annotations

import numpy as np

from mvr.hearing.features import RATE, SLOW, Features
from mvr.hearing.samples import Floats

SLIP = 20.0  # what it costs to lose count
AROUND = 33  # beats that a beat's own value is compared with
THREE = 1.3  # how much better three must fit than four to be believed; nine songs of ten have four


def synced(values: Floats, times: np.ndarray, clear: float = 0.0) -> Floats:
    """The mean of a 10 Hz curve (m, k) over each span between times, the last one as long as the one before.

    clear: seconds at a span's end that are left out, where a frame's window would reach into the next span.
    """
    edges = np.append(times, 2 * times[-1] - times[-2] if len(times) > 1 else times[-1] + 1.0)
    marks = np.clip(np.round(edges * SLOW).astype(int), 0, len(values))
    ends = np.clip(np.round((edges - clear) * SLOW).astype(int), 0, len(values))
    rows = [
        values[a : max(a + 1, b)].mean(axis=0) if a < len(values) else values[-1]
        for a, b in zip(marks[:-1].tolist(), ends[1:].tolist(), strict=True)
    ]
    return np.array(rows, np.float32)


class _Beats:
    """What speaks for a downbeat at each beat, as values of mean 0 and spread about 1."""

    def __init__(self, features: Features, times: np.ndarray) -> None:
        frames = np.clip(np.round(times * RATE).astype(int), 0, features.rises.shape[1] - 1)
        near = np.clip(frames[:, None] + np.arange(-4, 5), 0, features.rises.shape[1] - 1)
        chords, timbre = synced(features.harmony, times, 0.1), synced(features.timbre, times)
        self.kick = _relative(features.rises[0][near].max(axis=1))
        self.snare = _relative((features.rises[2] + features.rises[3])[near].max(axis=1))
        self.accent = _relative(features.rises.sum(axis=0)[near].max(axis=1))
        level = features.levels[4][np.clip(frames[:, None] + np.arange(6), 0, features.levels.shape[1] - 1)]
        self.level = _relative(np.log(level.mean(axis=1) + 1e-4))
        self.chord = _relative(_turn(chords, 1))
        self.harmony = _relative(_turn(chords, 2))
        self.timbre = _relative(np.append(0, np.linalg.norm(np.diff(timbre, axis=0), axis=1)))
        self.part = np.clip(_relative(_news(np.hstack([_unit(timbre), _unit(chords)]), 8), "median"), -1, 4)

    def places(self, meter: int) -> np.ndarray:
        """How well each beat (n, meter) suits each place of the bar."""
        fits = np.zeros((len(self.kick), meter))
        strong = 0.8 * self.chord + self.kick
        fits[:, 0] = strong + 0.4 * self.harmony + 0.2 * self.timbre + self.part - 0.2 * self.snare
        fits[:, 0] += 0.4 * self.accent + 0.2 * self.level
        if meter == 4:  # the back beat
            fits[:, 1] = fits[:, 3] = 0.2 * self.snare - 0.3 * strong
            fits[:, 2] = 0.3 * self.kick + 0.15 * self.chord - 0.2 * self.snare
        return np.asarray(fits - fits.mean(axis=1, keepdims=True))


def count(features: Features, times: np.ndarray, meter: int | None, first: int | None) -> tuple[np.ndarray, int]:
    """The place in its bar of each beat (0 is the downbeat), and how many beats a bar has.

    first is the index of a beat known to be a downbeat, from which the count then goes both ways.
    """
    ear = _Beats(features, times)
    if meter is None:
        three, four = _path(ear.places(3)), _path(ear.places(4))
        meter = 3 if three[1] > THREE * max(four[1], 0.05) else 4
    if first is not None:
        return (np.arange(len(times)) - first) % meter, meter
    return _path(ear.places(meter))[0], meter


def _path(fits: np.ndarray) -> tuple[np.ndarray, float]:
    """The best count through the song, and how well its downbeats suit, on average."""
    length, meter = fits.shape
    best, back = fits[0].copy(), np.zeros((length, meter), int)
    before = (np.arange(meter) - 1) % meter
    for now in range(1, length):
        kept, lost = best[before], best.max() - SLIP
        back[now] = np.where(kept >= lost, before, best.argmax())
        best = np.maximum(kept, lost) + fits[now]
    path = [int(best.argmax())]
    for now in range(length - 1, 0, -1):
        path.append(int(back[now, path[-1]]))
    places = np.array(path[::-1])
    downbeats = fits[places == 0, 0]
    return places, float(downbeats.mean()) if len(downbeats) else 0.0


def _relative(values: np.ndarray, middle: str = "mean") -> np.ndarray:
    """The values less the middle of those around, by their spread, within -2.5..2.5."""
    padded = np.pad(values, AROUND // 2, mode="reflect") if len(values) > AROUND else None
    if padded is None:
        around = np.full(len(values), values.mean())
    else:
        windows = np.lib.stride_tricks.sliding_window_view(padded, AROUND)
        around = np.median(windows, axis=1) if middle == "median" else windows.mean(axis=1)
    limit = 4.0 if middle == "median" else 2.5
    return np.asarray(np.clip((values - around) / (values.std() + 1e-6), -limit, limit))


def _unit(values: Floats) -> Floats:
    """Each column at mean 0, all columns together at spread 1."""
    return np.asarray((values - values.mean(axis=0)) / (values.std(axis=0) + 1e-6) / np.sqrt(values.shape[1]))


def _turn(chords: Floats, width: int) -> np.ndarray:
    """How far the harmony of `width` beats from each beat on is from that before it: 1 less their cosine."""
    after, before = _sides(chords, width)
    lengths = np.linalg.norm(after, axis=1) * np.linalg.norm(before, axis=1)
    turn = 1 - (after * before).sum(axis=1) / (lengths + 1e-6)
    turn[0] = 0
    return np.asarray(turn)


def _news(values: Floats, width: int) -> np.ndarray:
    """How much `width` beats from each beat on differ from those before it: squared distance of their means."""
    after, before = _sides(values, width)
    count = len(values)
    places = np.arange(count)
    shorter = np.minimum(np.minimum(places, count - places), width) / width
    return np.asarray(((after - before) ** 2).sum(axis=1) * shorter)


def _sides(values: Floats, width: int) -> tuple[np.ndarray, np.ndarray]:
    """The means of the `width` rows from each row on, and of those before it (fewer at the ends)."""
    sums = np.vstack([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=np.float64)])
    here = np.arange(len(values))
    low, high = np.maximum(0, here - width), np.minimum(len(values), here + width)
    after = (sums[high] - sums[here]) / (high - here)[:, None]
    before = (sums[here] - sums[low]) / np.maximum(1, here - low)[:, None]
    return after, before
