"""Where the song's sections begin, and which of them are the same music.

Boundaries lie on bars, or on half bars where bars are long. They are the ones that leave the least variation inside
sections and the most change at their starts, by dynamic programming over all divisions (Jensen, "Multiple timescale
music segmentation", 2007), with a mild wish for lengths of 8, 4 or 2 bars. Sections of like timbre whose chords also
run alike, bar by bar, share a label.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mvr.hearing.bars import synced
from mvr.hearing.features import RATE, SLOW, Features
from mvr.hearing.samples import Floats

GRID = 2.0  # seconds of a "bar" where no beat is heard
LONG = 3.0  # seconds of a bar from which it counts as two: 4/4 slower than 80 a minute
NEAR_MIDDLE = 0.1  # seconds that the middle beat of a bar may be from its middle
FEWEST, MOST = 4, 24  # bars of a section; the first and the last may be shorter
FIRST = 2  # bars that even those have
NEW = 2.5  # what each section costs, in the variation of one bar
UNSURE = 2.0  # times as much where no beat is heard
UNEVEN = 0.6  # what an odd number of pairs of bars costs
CHANGE = 0.5  # how much a change at a section's start is worth
SIDE = 4  # bars before and after a boundary that are compared
SAME = 1.7  # the mean distance up to which sections are the same music
LEAD_IN = 1.0  # seconds before the user's first section that are an intro of their own
JOINED = 16  # bars up to which neighbours of the same music are one section


@dataclass(frozen=True)
class Span:
    """One section: bars [first, end) of the song, its seconds, and the number of its label, 0 for the first heard."""

    start: float
    end: float
    bars: int
    label: int


def divide(features: Features, downbeats: np.ndarray, beats: np.ndarray) -> list[Span]:
    """The sections of a song, tiling [0, its length]; at least one. Beats in seconds, empty where none is heard."""
    marks = _split(bar_marks(downbeats, features.seconds), beats)
    bars, chords = _bars(features, marks)
    edges = _boundaries(bars, NEW if len(downbeats) > 1 else UNSURE * NEW)
    labels = _labels(bars, chords, edges)
    edges, labels = _joined(edges, labels)
    times = [0.0, *(float(marks[edge]) for edge in edges[1:-1]), features.seconds]
    return [
        Span(start, end, last - first, label)
        for start, end, first, last, label in zip(times[:-1], times[1:], edges[:-1], edges[1:], labels, strict=True)
    ]


def _split(marks: np.ndarray, beats: np.ndarray) -> np.ndarray:
    """The same bars, each as two where they are LONG: a song read at half its tempo has the same sections.

    A half begins on a beat, so bars of an odd number of beats stay whole.
    """
    if len(marks) < 2 or np.median(np.diff(marks)) < LONG:
        return marks
    middles = (marks[1:] + marks[:-1]) / 2
    near = [beats[np.abs(beats - middle).argmin()] for middle in middles if len(beats)]
    halves = [beat for beat, middle in zip(near, middles, strict=False) if abs(beat - middle) < NEAR_MIDDLE]
    return np.sort(np.concatenate([marks, halves]))


def marked(marks: list[tuple[float, str]], seconds: float, downbeats: np.ndarray) -> tuple[list[Span], list[str]]:
    """The user's own sections, and their roles: marks are (seconds, role), rising. The same role is the same label.

    The last mark at or before 0 is where the song begins. What comes before the first one is an intro, where it is
    longer than LEAD_IN; a mark at or past the song's end is left out.
    """
    inside = [(max(0.0, at), role) for at, role in marks if at < seconds]
    opening = [mark for mark in inside if mark[0] == 0.0][-1:]
    inside = opening + [mark for mark in inside if mark[0] > 0.0]
    if not inside or inside[0][0] > LEAD_IN:
        inside.insert(0, (0.0, "intro"))
    times = [0.0, *(at for at, _ in inside[1:]), seconds]
    roles = [role for _, role in inside]
    order = list(dict.fromkeys(roles))
    bars = bar_marks(downbeats, seconds)
    spans = [
        Span(start, end, int(((bars >= start - 0.05) & (bars < end - 0.05)).sum()), order.index(role))
        for start, end, role in zip(times[:-1], times[1:], roles, strict=True)
    ]
    return spans, roles


def bar_marks(downbeats: np.ndarray, seconds: float) -> np.ndarray:
    """Where each bar begins: the downbeats, with bars of the same length before and after them where the song goes on.

    Time before the first mark belongs to its bar; so does a last rest shorter than a bar.
    """
    if len(downbeats) < 2:
        return np.arange(0.0, max(seconds, GRID), GRID)[: max(1, round(seconds / GRID))]
    bar = float(np.median(np.diff(downbeats)))
    before = np.arange(downbeats[0] - bar, -0.25 * bar, -bar)[::-1]
    after = np.arange(downbeats[-1] + bar, seconds - 0.75 * bar, bar)
    return np.concatenate([np.maximum(0, before), downbeats, after])


def _bars(features: Features, marks: np.ndarray) -> tuple[Floats, Floats]:
    """Each bar as it sounds (k, d), scaled so that parts weigh alike, and its chords (k, 12) of length 1."""
    rises = features.rises[:, : len(features.loudness) * (RATE // SLOW)]
    slow = rises.reshape(len(rises), -1, RATE // SLOW).mean(axis=2).T
    quiet = 0.01 * float(features.loudness.max()) + 1e-6
    loud = np.log(features.loudness + quiet)[:, None]
    harmony = synced(features.harmony, marks)
    tones = harmony / (harmony.sum(axis=1, keepdims=True) + 1e-6)
    # The floors keep what hardly varies from being blown up to the size of what does.
    columns = [
        _scaled(synced(features.timbre[:, 1:], marks), 0.03, 1.0),
        _scaled(tones, 0.006, 0.5),
        _scaled(synced(loud, marks), 0.11, 0.5),
        _scaled(synced(slow, marks), 0.002, 1.0),
    ]
    chords = harmony - harmony.mean(axis=1, keepdims=True)
    chords = chords - chords.mean(axis=0)
    chords = chords / (np.linalg.norm(chords, axis=1, keepdims=True) + 1e-6)
    return np.hstack(columns), chords


def _scaled(values: Floats, floor: float, weight: float) -> Floats:
    spread = np.sqrt(values.std(axis=0) ** 2 + floor**2)
    return np.asarray(weight * (values - values.mean(axis=0)) / spread / np.sqrt(values.shape[1]))


def _boundaries(bars: Floats, price: float) -> list[int]:
    """The bars that sections begin with, 0 first, and the number of bars last; each section costs the price."""
    count = len(bars)
    sums = np.vstack([np.zeros((1, bars.shape[1])), np.cumsum(bars, axis=0, dtype=np.float64)])
    squares = np.concatenate(([0.0], np.cumsum(np.square(bars, dtype=np.float64).sum(axis=1))))
    change = _change(sums)
    best, back = np.zeros(count + 1), np.zeros(count + 1, int)
    for end in range(1, count + 1):
        starts = np.arange(max(0, end - MOST), end)
        lengths = end - starts
        inside = squares[end] - squares[starts] - ((sums[end] - sums[starts]) ** 2).sum(axis=1) / lengths
        uneven = np.where(lengths % 8 == 0, 0, np.where(lengths % 4 == 0, 0.3, np.where(lengths % 2 == 0, 1, 1.5)))
        least = np.where((starts == 0) | (end == count), FIRST, FEWEST)
        cost = best[starts] + inside + price + UNEVEN * uneven + 1e6 * (lengths < least)
        choice = int(cost.argmin())
        best[end], back[end] = cost[choice] - CHANGE * change[end], starts[choice]
    edges = [count]
    while edges[-1] > 0:
        edges.append(int(back[edges[-1]]))
    return edges[::-1]


def _change(sums: np.ndarray) -> np.ndarray:
    """How much the bars after each boundary differ from those before it; 0 at the song's ends."""
    count = len(sums) - 1
    change = np.zeros(count + 1)
    for at in range(1, count):
        low, high = max(0, at - SIDE), min(count, at + SIDE)
        apart = (sums[at] - sums[low]) / (at - low) - (sums[high] - sums[at]) / (high - at)
        change[at] = (apart**2).sum() * min(at - low, high - at) / SIDE
    return change


def _labels(bars: Floats, chords: Floats, edges: list[int]) -> list[int]:
    """A number for each section, the same for the same music, counted in the order in which they are first heard.

    Average-linkage clustering: the two nearest groups are joined until none are nearer than SAME.
    """
    spans = list(pairwise(edges))
    apart = _distances(bars, chords, spans)
    groups: list[list[int]] = [[i] for i in range(len(spans))]
    np.fill_diagonal(apart, np.inf)
    while len(groups) > 1:
        one, two = sorted(divmod(int(apart.argmin()), len(groups)))
        if apart[one, two] > SAME:
            break
        here, there = len(groups[one]), len(groups[two])
        apart[one] = apart[:, one] = (here * apart[one] + there * apart[two]) / (here + there)
        apart[one, one] = np.inf
        apart = np.delete(np.delete(apart, two, axis=0), two, axis=1)
        groups[one] += groups.pop(two)
    labels = [0] * len(spans)
    for number, group in enumerate(sorted(groups, key=min)):
        for i in group:
            labels[i] = number
    return labels


def _distances(bars: Floats, chords: Floats, spans: list[tuple[int, int]]) -> np.ndarray:
    """How unlike each two sections are: their sound's distance, and up to 2 more where their chords run otherwise."""
    means = np.array([bars[first:end].mean(axis=0) for first, end in spans])
    apart = np.sqrt(((means[:, None] - means) ** 2).sum(axis=2))
    for i, (first, end) in enumerate(spans):
        for j in range(i):
            if apart[i, j] > 2 * SAME:  # too unlike already
                continue
            other = chords[spans[j][0] : spans[j][1]]
            apart[i, j] += 1 - _alike(chords[first:end], other)
            apart[j, i] = apart[i, j]
    return np.asarray(apart)


def _alike(one: Floats, two: Floats) -> float:
    """The mean cosine of two runs of chords laid over each other where they agree best, by three quarters at least."""
    table = one @ two.T
    least = max(1, int(0.75 * min(table.shape)))
    return max(
        float(np.diagonal(table, offset).mean())
        for offset in range(-len(one) + 1, len(two))
        if len(np.diagonal(table, offset)) >= least
    )


def _joined(edges: list[int], labels: list[int]) -> tuple[list[int], list[int]]:
    """Neighbours of one label as one section, as long as it stays within JOINED bars."""
    kept_edges, kept_labels = [edges[0]], list[int]()
    for end, label in zip(edges[1:], labels, strict=True):
        if kept_labels and kept_labels[-1] == label and end - kept_edges[-2] <= JOINED:
            kept_edges[-1] = end
        else:
            kept_edges.append(end)
            kept_labels.append(label)
    return kept_edges, kept_labels
