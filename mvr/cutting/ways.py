"""The ways to cut a song, and where each of them has shots begin.

`rule` and `random` are the two segmentations of "From Sound to Sight" (arXiv 2509.00029).
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil
from statistics import median

from mvr.cutting.musical import fits, musical
from mvr.cutting.song import EPS
from mvr.errors import ProjectError
from mvr.model import Json
from mvr.timeline import clock

ON_CUT = 0.01  # seconds: nearer than this is the same cut
REST = 0.25  # seconds: a shorter rest stays with the last regular shot
DRAWS = 64  # how often a length is drawn
RULE_BARS = 2  # bars without a change of frequencies after which `rule` cuts all the same


def planned(music: Json, rules: Json, lines: Sequence[Json] = ()) -> list[float]:
    """When each planned shot begins, in seconds, rising, the first at 0.

    lines are those of the lyrics; `music` alone hears them. Raises ProjectError for times that are not in the song.
    """
    duration = float(music["duration"])
    if rules["by"] == "list":
        return listed(rules["at"], duration)
    shortest, longest = (max(ON_CUT, float(length)) for length in rules["length"])
    match rules["by"]:
        case "regular":
            return regular(duration, longest)
        case "random":
            return drawn(duration, shortest, longest, rules["seed"])
        case "rule":
            return list(ruled(music, duration, shortest, longest))
        case "beats":
            return on_beats(music, duration, shortest, longest)
    return musical(music, lines, duration, shortest, longest)


def listed(at: Sequence[float], duration: float) -> list[float]:
    """The user's own times."""
    starts = [0.0]
    for time in sorted(at):
        if time >= duration - ON_CUT:
            raise ProjectError(
                f"cut.at: {clock(time)} is not inside the film",
                f"the film is {clock(duration)} long; name a time in it",
            )
        if time < ON_CUT and len(starts) == 1:
            continue
        if time - starts[-1] < ON_CUT:
            raise ProjectError(f"cut.at names {clock(time)} twice", "each cut is named once")
        starts.append(round(time, 6))
    return starts


def regular(duration: float, length: float) -> list[float]:
    """One shot after another of the same length."""
    return [round(length * index, 6) for index in range(max(1, ceil((duration - REST) / length)))]


def drawn(duration: float, shortest: float, longest: float, seed: int) -> list[float]:
    """Lengths drawn at random, evenly between the shortest and the longest; the same seed gives the same.

    A length that leaves a rest which cannot be divided within the lengths is drawn again; where none is found, or the
    song cannot be divided so at all, the rest is divided evenly.
    """
    chance = random.Random(f"cut {seed}")
    starts, time = [0.0], 0.0
    while (rest := duration - time) > longest + EPS:
        lengths = (shortest + (longest - shortest) * chance.random() for _ in range(DRAWS))
        even = rest / ceil((rest - EPS) / longest)
        time = round(time + next((one for one in lengths if fits(rest - one, shortest, longest)), even), 6)
        starts.append(time)
    return starts


def ruled(music: Json, duration: float, shortest: float, longest: float) -> Iterator[float]:
    """A cut at a marked change of frequencies, or after two bars of beats, or after the longest length.

    No cut comes sooner than the shortest length after the one before.
    """
    changes, beats = music.get("changes", ()), music["beats"]
    count = RULE_BARS * bar_beats(music)
    time = 0.0
    yield time
    while (rest := duration - time) >= 2 * shortest:
        soonest = time + shortest
        found = [time + longest]
        change = bisect_left(changes, soonest - EPS)
        found += changes[change : change + 1]
        beat = max(bisect_right(beats, time + EPS) + count - 1, bisect_left(beats, soonest - EPS))
        found += beats[beat : beat + 1]
        after = min(found)
        if after > duration - shortest + EPS:
            if rest <= longest + EPS:
                return
            after = time + rest / 2
        time = round(after, 6)
        yield time


def on_beats(music: Json, duration: float, shortest: float, longest: float) -> list[float]:
    """In each section a cut every so many beats: the fewest of 1, half a bar, a bar, two, four ... that are no
    shorter than the shortest length. Where no beat is heard, one every longest length."""
    beats = [float(beat) for beat in music["beats"]]
    if len(beats) < 2:
        return regular(duration, longest)
    bar = bar_beats(music)
    counts = [1, *([bar // 2] if bar > 3 and bar % 2 == 0 else []), *(bar << power for power in range(12))]
    beat = median(after - before for before, after in pairwise(beats))
    step = next((count for count in counts if count * beat >= shortest - 0.02), counts[-1])
    edges = sorted({0.0, *(float(section["start"]) for section in music["sections"]), duration})
    starts: list[float] = []
    for begin, end in pairwise(edges):
        if starts and begin - starts[-1] < shortest - EPS:
            continue  # a section too soon after a cut begins within that shot
        inside = beats[bisect_right(beats, begin + 0.02) + step - 1 :: step]
        starts.append(begin)
        starts += [time for time in inside if time < end - EPS and end - time >= shortest - EPS]
    return [round(time, 6) for time in divided(starts, duration, longest)]


def divided(starts: Sequence[float], duration: float, longest: float) -> Iterator[float]:
    """The same starts, and equal parts of what lasts longer than the longest shot."""
    for begin, end in pairwise([*starts, duration]):
        parts = max(1, ceil((end - begin - EPS) / longest))
        yield from (begin + (end - begin) * part / parts for part in range(parts))


def bar_beats(music: Json) -> int:
    """How many beats a bar mostly has; 4 where none is heard."""
    beats, downbeats = music["beats"], music["downbeats"]
    counts = [
        bisect_left(beats, after - EPS) - bisect_left(beats, before - EPS) for before, after in pairwise(downbeats)
    ]
    return max(1, round(median(counts))) if counts else 4
