"""Which beats are downbeats: the one phase of the bar in which kicks, chord changes and new parts fall on the first.

Each beat is heard in ten ways; a Viterbi path through the bar's places then counts 1, 2, 3, 4 through the song and
may slip only where much speaks for it.
"""

from __future__ import annotations

import numpy as np

from mvr.hearing.features import LOUD, RATE, SLOW, Features
from mvr.hearing.samples import Floats

SLIP = 20.0  # what it costs to lose count
AROUND = 33  # beats that a beat's own value is compared with
TWO = 0.67  # seconds: a slower beat in three parts is half a bar of 6/8, a faster one a quarter of a swung 4/4
KINDS = ("kick", "snare", "accent", "level", "chord", "chords", "timbre", "part", "cymbal", "harmony")
PLACES = {
    2: (
        (0.14, -0.12, 0.10, -0.02, 0.04, 0.03, 0.02, 0.00, -0.11, 0.02),
        (-0.14, 0.12, -0.10, 0.02, -0.04, -0.03, -0.02, 0.00, 0.11, -0.02),
    ),
    3: (
        (0.29, 0.10, 0.32, 0.13, 0.17, 0.13, 0.18, 0.02, 0.01, 0.04),
        (-0.13, -0.07, -0.18, -0.07, -0.07, -0.05, 0.09, 0.00, 0.00, -0.01),
        (-0.15, -0.02, -0.14, -0.06, -0.10, -0.08, -0.27, -0.02, 0.00, -0.03),
    ),
    4: (
        (0.56, 0.12, 0.36, 0.02, 0.61, 0.56, 0.55, 0.25, -0.04, 0.39),
        (-0.29, -0.09, -0.16, 0.18, -0.39, -0.22, -0.22, -0.03, -0.04, -0.20),
        (-0.06, -0.14, -0.16, -0.04, -0.06, -0.25, -0.24, -0.18, -0.07, -0.20),
        (-0.21, 0.12, -0.04, -0.16, -0.16, -0.09, -0.09, -0.04, 0.15, 0.00),
    ),
}
"""How much each kind speaks for each place of a bar of 2, 3 and 4: learnt on 67 pieces rendered from MIDI, none of
them a recording (docs/decisions/hearing-is-learnt-on-midi.md)."""
COMMON = {2: 0.0, 3: -2.98, 4: -1.08}  # learnt with them: how much likelier four is than three
RETURN = 3.83  # learnt with them: what it says of a meter that the music comes back after a bar


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


def _evidence(features: Features, times: np.ndarray) -> np.ndarray:
    """What is heard at each beat (n, 10), as KINDS: values of mean 0 and spread about 1."""
    last = features.rises.shape[1] - 1
    frames = np.clip(np.round(times * RATE).astype(int), 0, last)
    rises = features.rises[:, np.clip(frames[:, None] + np.arange(-4, 5), 0, last)]
    level = features.levels[LOUD][np.clip(frames[:, None] + np.arange(6), 0, last)]
    chords, timbre = synced(features.harmony, times, 0.1), synced(features.timbre, times)
    news = _news(np.hstack([_unit(timbre), _unit(chords)]), 8)
    heard = {
        "kick": _relative(rises[0].max(axis=1)),
        "snare": _relative((rises[2] + rises[3]).max(axis=1)),
        "accent": _relative(rises.sum(axis=0).max(axis=1)),
        "level": _relative(np.log(level.mean(axis=1) + 1e-4)),
        "chord": _relative(_turn(chords, 1)),
        "chords": _relative(_turn(chords, 2)),
        "timbre": _relative(np.append(0, np.linalg.norm(np.diff(timbre, axis=0), axis=1))),
        "part": np.clip(_relative(news, "median"), -1, 4),
        "cymbal": _relative(rises[3].max(axis=1)),
        "harmony": _relative(_turn(chords, 4)),
    }
    return np.stack([heard[kind] for kind in KINDS], axis=1)


def count(
    features: Features, times: np.ndarray, meter: int | None, first: int | None, *, compound: bool = False
) -> tuple[np.ndarray, int]:
    """The place in its bar of each beat (0 is the downbeat), and how many beats a bar has.

    first is the index of a beat known to be a downbeat, from which the count then goes both ways; compound says that
    the beats are in three parts.
    """
    if meter is not None and first is not None:
        return (np.arange(len(times)) - first) % meter, meter
    heard = _evidence(features, times)
    if meter is None:
        slow = compound and float(np.median(np.diff(times))) > TWO
        readings = {beats: _path(_suits(heard, beats)) for beats in ((2,) if slow else (3, 4))}
        meter = max(readings, key=lambda beats: readings[beats][1] + COMMON[beats] + RETURN * _returning(heard, beats))
        places = readings[meter][0]
    else:
        places = _path(_suits(heard, meter))[0]
    return (places if first is None else (np.arange(len(times)) - first) % meter), meter


def _returning(heard: np.ndarray, meter: int) -> float:
    """How alike beats one bar and two bars apart are: the sum of the two medians of their cosines."""
    apart = heard - heard.mean(axis=0)
    lengths = np.linalg.norm(apart, axis=1) + 1e-3
    total = 0.0
    for later in (meter, 2 * meter):
        if len(apart) > later + 4:
            products = (apart[later:] * apart[:-later]).sum(axis=1) / (lengths[later:] * lengths[:-later])
            total += float(np.median(products))
    return total


def clear_bars(features: Features, times: np.ndarray) -> float:
    """How clearly beats fall into bars of three or four without losing count: 0 for none, 2 and more for clear ones."""
    heard = _evidence(features, times)
    clear = []
    for beats in (3, 4):
        suits = _suits(heard, beats)
        whole = len(suits) // beats * beats
        each = suits[:whole].reshape(-1, beats, beats).mean(axis=0)  # (place counted from the first beat, place)
        clear.append(max(float(np.trace(np.roll(each, turn, axis=1))) for turn in range(beats)) + COMMON[beats])
    return max(clear)


def _suits(heard: np.ndarray, meter: int) -> np.ndarray:
    """How well each beat (n, meter) suits each place of the bar. A bar of five or more is told by its first beat."""
    weights = np.array(PLACES.get(meter) or [PLACES[4][0], *[[0.0] * len(KINDS)] * (meter - 1)])
    suits = (heard - heard.mean(axis=0)) @ weights.T
    return np.asarray(suits - suits.mean(axis=1, keepdims=True))


def _path(fits: np.ndarray) -> tuple[np.ndarray, float]:
    """The best count through the song, and how well its bars suit, on average."""
    length, meter = fits.shape
    best, back = fits[0].copy(), np.zeros((length, meter), int)
    before = (np.arange(meter) - 1) % meter
    for beat in range(1, length):
        kept, lost = best[before], best.max() - SLIP
        back[beat] = np.where(kept >= lost, before, best.argmax())
        best = np.maximum(kept, lost) + fits[beat]
    path = [int(best.argmax())]
    for beat in range(length - 1, 0, -1):
        path.append(int(back[beat, path[-1]]))
    places = np.array(path[::-1])
    return places, meter * float(fits[np.arange(length), places].mean())


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
