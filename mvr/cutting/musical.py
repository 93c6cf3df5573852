"""Cuts as an editor makes them: few, on strong moments, faster where the song gives more.

A search by dynamic programming for the cuts that cost least: shots as long as the energy there wants them
(geometrically between the longest, where the song is quiet, and the shortest, where it is loud), beginning on the
strongest moments: sections, cue points, the first bars of phrases, other bars, half bars, other beats.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, log

from mvr.cutting.song import EPS, Bars, Energy
from mvr.model import Json

PACE = 4.0  # what a shot costs whose length is off its target by a factor of e
HALF_BAR = 1.0  # what a cut there costs; on a downbeat it is 0 to 0.2, on another beat 2
PICKUP = 0.5  # seconds before a line of the lyrics in which a beat leads into it
WINDOW = 48  # most cuts weighed against each other; fewer, stronger moments are looked at where shots may be long

Moments = list[tuple[float, float]]
"""Times at which a shot may begin, rising, each with what a cut there costs."""


def musical(music: Json, lines: Sequence[Json], duration: float, shortest: float, longest: float) -> list[float]:
    """When each shot begins, in seconds, rising, the first at 0."""
    energy = Energy(music)
    edges = [round(float(section["start"]), 6) for section in music["sections"]]
    edges = [0.0, *(edge for edge in edges if EPS < edge < duration - EPS), duration]
    moments = _moments(music, lines)
    times = [time for time, _ in moments]
    starts: list[float] = []
    for begin, end in pairwise(anchors(edges, shortest, longest)):
        inside = moments[bisect_right(times, begin + EPS) : bisect_left(times, end - EPS)]
        starts += [begin, *_span(begin, end, inside, shortest, longest, energy)]
    return starts


def fits(length: float, shortest: float, longest: float) -> bool:
    """Whether a span can be divided into shots that are all within the length asked for."""
    return ceil((length - EPS) / longest) * shortest <= length + EPS


def anchors(edges: Sequence[float], shortest: float, longest: float) -> list[float]:
    """As many section boundaries as can all be cuts: the spans between them must be divisible."""
    sure = shortest * longest / (longest - shortest) + longest if longest > shortest else float("inf")
    best: list[tuple[float, int]] = [(0.0, -1)]  # how good the cuts up to each edge can be, and from which edge
    peak = [0]  # the best of the edges up to each one
    for end in range(1, len(edges)):
        found = (best[peak[-1]][0] - 1000.0, peak[-1])  # a span that cannot be divided costs more than all edges give
        for begin in range(end - 1, -1, -1):
            length = edges[end] - edges[begin]
            if length >= sure:
                found = max(found, (best[peak[begin]][0] + 1.0, peak[begin]))
                break
            if fits(length, shortest, longest):
                found = max(found, (best[begin][0] + 1.0, begin))
        best.append(found)
        peak.append(end if found[0] >= best[peak[-1]][0] else peak[-1])
    kept = [len(edges) - 1]
    while kept[-1] > 0:
        kept.append(best[kept[-1]][1])
    return [edges[index] for index in reversed(kept)]


def _moments(music: Json, lines: Sequence[Json]) -> Moments:
    """The song's own moments to cut at: beats by their place in bar and phrase, cue points, and the beats at or just
    before which somebody begins to sing a line."""
    names = Bars(music)
    cost: dict[float, float] = {}
    downbeats = names.downbeats
    for time in music["beats"]:
        place = bisect_right(downbeats, time + EPS) - 1
        if 0 <= place < len(downbeats) - 1:
            part = (time - downbeats[place]) / (downbeats[place + 1] - downbeats[place])
            cost[round(float(time), 6)] = HALF_BAR if abs(part - 0.5) < 0.1 else 2.0
        else:
            cost[round(float(time), 6)] = HALF_BAR
    for index in range(len(names.starts)):
        for bar, time in enumerate(names.bars(index)):
            cost[round(time, 6)] = 0.2 if bar % 2 else 0.1 if bar % 4 else 0.04 if bar % 8 else 0.0
    known = sorted(cost)
    for cue in music["cuePoints"]:
        nearest = bisect_left(known, cue - 0.05)
        if nearest < len(known) and known[nearest] <= cue + 0.05:
            cost[known[nearest]] -= 0.3
        else:
            cost[round(float(cue), 6)] = 0.2
    for line in lines:
        beat = bisect_right(known, line["start"] + 0.05) - 1
        if beat >= 0 and line["start"] - known[beat] <= PICKUP:
            cost[known[beat]] -= 0.15
    return sorted(cost.items())


def _span(begin: float, end: float, moments: Moments, shortest: float, longest: float, energy: Energy) -> list[float]:
    """The cuts that cost least between two anchors: a shortest path over its moments (dynamic programming)."""
    length = end - begin
    target = longest * (shortest / longest) ** (energy.pace((begin + end) / 2))
    most, fewest = floor((length + EPS) / shortest), ceil((length - EPS) / longest)
    count = max(1, min(max(most, fewest), max(fewest, round(length / target))))
    shortest, longest = min(shortest, length / count), max(longest, length / count)
    even = [round(begin + length * index / count, 6) for index in range(1, count)]
    if not (moments or energy.heard) or (count == 1 and length < 2 * shortest):
        return even
    nodes = _thinned(moments, even, begin, end, shortest, longest)
    times = [time for time, _ in nodes]
    paces = [energy.pace(time) for time in times]
    targets = [log(longest) + log(shortest / longest) * pace for pace in paces]
    best = [0.0] + [float("inf")] * (len(nodes) - 1)
    back = [0] * len(nodes)
    for here in range(1, len(nodes)):
        first = bisect_left(times, times[here] - longest - EPS)
        last = bisect_right(times, times[here] - shortest + EPS)
        for there in range(first, min(last, here)):
            price = best[there] + PACE * (log(times[here] - times[there]) - targets[there]) ** 2
            if price < best[here]:
                best[here], back[here] = price, there
        best[here] += nodes[here][1] * (1.5 - paces[here])  # where it is loud, a cut off the downbeat costs less
    found, here = [], back[-1]
    while here > 0:
        found.append(times[here])
        here = back[here]
    return found[::-1]


def _thinned(
    moments: Moments, even: Sequence[float], begin: float, end: float, shortest: float, longest: float
) -> Moments:
    """The moments to weigh: the strongest where there are many, plain times where the song gives none for long."""
    most = max(8.0, WINDOW * (end - begin) / max(EPS, longest - shortest))
    for limit in (HALF_BAR, 0.2, 0.1, 0.04, 0.0):
        if len(moments) <= most:
            break
        moments = [moment for moment in moments if moment[1] <= limit]
    moments = moments[:: ceil(len(moments) / most) or 1]
    nodes = dict.fromkeys(even, 2.5)  # 2.5: dearer than any beat
    step = max(0.1, (longest - shortest) / 4)
    for before, after in pairwise([begin, *(time for time, _ in moments), end]):
        if after - before > max(shortest, 1.5 * step):
            nodes.update((round(before + step * index, 6), 2.5) for index in range(1, floor((after - before) / step)))
    nodes.update(moments)
    nodes.update({begin: 0.0, end: 0.0})
    return sorted(nodes.items())
