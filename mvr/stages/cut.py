"""Cut: where the shots of the film begin, planned on the song, and each section's own list of them.

`music` searches by dynamic programming for the cuts that cost least: shots as long as the energy there wants them
(geometrically between the longest, where the song is quiet, and the shortest, where it is loud), beginning on the
strongest moments: sections, cue points, the first bars of phrases, other bars, half bars, other beats.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, log

from mvr.engine.job import Desk, Job, Json, Made
from mvr.errors import ProjectError
from mvr.model import Project
from mvr.timeline import Address, clock, nearest, parse_clock

EACH = "project"
VERSION = 1
EXACT = True
LANE = "cpu"

EPS = 2e-6  # seconds: times are rounded to 6 digits, so two of them are 1e-6 off at most
ON_CUT = 0.01  # seconds: nearer than this is the same cut
NEAR = 0.25  # seconds: how far a time in `drop` may be from the cut it means
UPBEAT = 0.15  # seconds that a section may be marked after its own first downbeat
PACE = 4.0  # what a shot costs whose length is off its target by a factor of e
HALF_BAR = 1.0  # what a cut there costs; on a downbeat it is 0 to 0.2, on another beat 2
WINDOW = 48  # most cuts weighed against each other; fewer, stronger moments are looked at where shots may be long
ENERGIES = {"low": (0.2, 0.2), "medium": (0.5, 0.5), "high": (0.9, 0.9), "rising": (0.3, 0.8), "falling": (0.8, 0.3)}

Moments = list[tuple[float, float]]
"""Times at which a shot may begin, rising, each with what a cut there costs."""


def recipe(project: Project, unit: object = None) -> tuple[dict[str, Json], dict[str, str]]:
    """How to cut. `length` is left out where it is not asked: the times of `list` are the user's own."""
    rules = project.cut
    values: dict[str, Json] = {"by": rules.by, "at": list(rules.at), "drop": list(rules.drop)}
    if rules.by == "music":
        values["length"] = [rules.shortest, rules.longest]
    elif rules.by == "regular":
        values["length"] = [rules.longest, rules.longest]
    return values, {key: f"cut.{key}" for key in values}


def make(job: Job, desk: Desk) -> Made:
    """The cuts as one document, and one document for each section. Raises ProjectError for an `at` or a `drop` that
    meets no place in this film."""
    music = json.loads(desk.path(job.inputs["music"][0]).read_text("utf-8"))
    lines = []
    for blob in job.inputs.get("lyrics", ()):
        lines = json.loads(desk.path(blob).read_text("utf-8"))["lines"]
    shots = arranged(music, job.recipe)
    energy = Energy(music)
    for shot in shots:
        shot["energy"] = round(energy.mean(shot["start"], shot["until"]), 3)
    sections = [
        {key: section[key] for key in ("name", "role", "label", "energy", "start", "end")}
        for section in music["sections"]
    ]
    keys = ("id", "start", "end", "section", "bar", "forced", "energy")
    whole = {
        "cuts": [{key: shot[key] for key in keys} for shot in shots if not shot["dropped"]],
        "sections": sections,
    }
    parts = {"": desk.out / "cut.json"}
    parts[""].write_text(_text(whole), "utf-8")
    for number, section in enumerate(sections):
        part = parts[section["name"]] = desk.out / f"section-{number + 1}.json"
        part.write_text(_text(_section(section, shots, lines)), "utf-8")
    return Made(parts)


def _section(section: Json, shots: Sequence[Json], lines: Sequence[Json]) -> Json:
    """What the writer of a section's shots reads of the cut."""
    own = [shot for shot in shots if shot["section"] == section["name"]]
    until = max((shot["until"] for shot in own), default=0.0)
    lines = [line for line in lines if line["start"] < until and line["end"] > section["start"]]
    for shot in own:
        shot["words"] = [x["text"] for x in lines if x["start"] < shot["until"] and x["end"] > shot["start"]]
    keys = ("id", "start", "end", "bar", "forced", "host", "energy", "words")
    return {
        "section": section["name"],
        **{key: section[key] for key in ("role", "label", "energy")},
        "planned": [shot["id"] for shot in own if not shot["forced"]],
        "shots": [{key: shot[key] for key in keys} for shot in own if not shot["dropped"]],
        "dropped": [{key: shot[key] for key in ("id", "energy", "words")} for shot in own if shot["dropped"]],
    }


def _text(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)


# What the shots are: planned cuts, less what is dropped, and what is forced.


def arranged(music: Json, rules: Json) -> list[Json]:
    """Every shot, dropped ones too, by start: {id, start, end, until, section, bar, forced, host, dropped}.

    until is where the planned shot ends which holds the start (host), whatever is dropped or forced: what is said of
    a shot's energy and words is said of [start, until), so that a forced cut changes nothing of any other shot.
    """
    duration = float(music["duration"])
    starts = planned(music, rules)
    names = Names(music)
    shots = [_shot(names, start, end, None) for start, end in pairwise([*starts, duration])]
    if rules["by"] != "list":
        _drop(shots, rules["drop"])
        for time in rules["at"]:
            _force(shots, names, time, duration)
    else:
        _drop(shots, rules["drop"])
    shots.sort(key=lambda shot: (shot["start"], shot["forced"]))
    kept = [shot for shot in shots if not shot["dropped"]]
    for shot, after in pairwise([*kept, {"start": duration}]):
        shot["end"] = round(after["start"], 6)
    return shots


def _shot(names: Names, start: float, until: float, host: str | None) -> Json:
    section, address, bar = names.name(start)
    return {
        "id": address,
        "start": round(start, 6),
        "end": round(until, 6),
        "until": round(until, 6),
        "section": section,
        "bar": bar,
        "forced": host is not None,
        "host": host or address,
        "dropped": False,
    }


def _drop(shots: list[Json], drop: Sequence[str]) -> None:
    """Marks the planned shots that `drop` names as dropped."""
    for wanted in drop:
        shot = _dropped_by(shots, wanted)
        if shot is shots[0]:
            raise ProjectError(f"cut.drop: {wanted} is where the film begins", "leave it out of cut.drop")
        shot["dropped"] = True


def _dropped_by(shots: list[Json], wanted: str) -> Json:
    for shot in shots:
        if shot["id"] == wanted:
            return shot
    try:
        time = parse_clock(wanted)
    except ValueError:
        near = nearest(wanted, [shot["id"] for shot in shots])
        raise ProjectError(
            f"cut.drop: no planned cut is called {wanted!r}", f"the nearest are {', '.join(near)}; see `mvr shots`"
        ) from None
    shot = min(shots, key=lambda shot: abs(shot["start"] - time))
    if abs(shot["start"] - time) > NEAR:
        raise ProjectError(
            f"cut.drop: there is no planned cut at {clock(time)}",
            f"the nearest is {shot['id']} at {clock(shot['start'])}",
        )
    return shot


def _force(shots: list[Json], names: Names, time: float, duration: float) -> None:
    """Adds one forced shot. It takes the next free letter of its bar, so no other shot's id changes."""
    for shot in shots:
        if abs(shot["start"] - time) < ON_CUT and not shot["dropped"]:
            raise ProjectError(
                f"cut.at: a cut is at {clock(time)} already: {shot['id']} begins there",
                f"take {clock(time)} out of cut.at",
            )
    if not 0.0 < time < duration - ON_CUT:
        raise ProjectError(
            f"cut.at: {clock(time)} is not inside the film", f"the film is {clock(duration)} long; name a time in it"
        )
    host = max((shot for shot in shots if not shot["forced"] and shot["start"] <= time), key=lambda x: x["start"])
    shots.append(_shot(names, time, host["until"], host["host"]))


class Names:
    """Gives each shot its musical address, and the next letter to another one in the same bar."""

    def __init__(self, music: Json) -> None:
        self.sections = music["sections"]
        self.starts = [float(section["start"]) for section in self.sections]
        self.downbeats = [float(time) for time in music["downbeats"]]
        self._taken: dict[tuple[str, int, bool], int] = {}

    def index(self, time: float) -> int:
        """Which section a time is in."""
        return max(0, bisect_right(self.starts, time + EPS) - 1)

    def bars(self, index: int) -> list[float]:
        """The downbeats of a section: from just before its start, where it was marked late, to before the next."""
        after = self.starts[index + 1] if index + 1 < len(self.starts) else float("inf")
        first = bisect_left(self.downbeats, self.starts[index] - UPBEAT)
        return self.downbeats[first : bisect_left(self.downbeats, after - UPBEAT)]

    def name(self, time: float) -> tuple[str, str, int | None]:
        """The section, the id and the bar (None where none was heard) of a shot that begins at a time."""
        index = self.index(time)
        section = self.sections[index]["name"]
        bars = self.bars(index)
        place = bisect_right(bars, time + 0.02) if bars else int(time - self.starts[index] + EPS)
        key = (section, place, not bars)
        nth = self._taken[key] = self._taken.get(key, -1) + 1
        return section, str(Address(section, place, not bars, nth)), place if bars else None


class Energy:
    """How loud the song is, 0 to 1: its loudness curve where the analysis has one, else its sections' energy words."""

    def __init__(self, music: Json) -> None:
        self.sections = music["sections"]
        self.starts = [float(section["start"]) for section in self.sections]
        curve = music.get("energy") or {}
        self.rate = float(curve.get("rate", 0))
        self.sums = [0.0]
        for value in curve.get("values", ()):
            self.sums.append(self.sums[-1] + float(value))

    def word(self, time: float) -> float:
        """What the word of the section at a time says, 0 to 1."""
        section = self.sections[max(0, bisect_right(self.starts, time + EPS) - 1)]
        low, high = ENERGIES[section["energy"]]
        start, end = float(section["start"]), float(section["end"])
        return low + (high - low) * min(1.0, max(0.0, (time - start) / max(EPS, end - start)))

    def mean(self, start: float, end: float) -> float:
        """The mean from start to end, in seconds."""
        count = len(self.sums) - 1
        if count < 1 or self.rate <= 0:
            return self.word((start + end) / 2)
        first = min(count - 1, max(0, floor(start * self.rate)))
        last = min(count, max(first + 1, ceil(end * self.rate)))
        return min(1.0, max(0.0, (self.sums[last] - self.sums[first]) / (last - first)))

    def pace(self, time: float) -> float:
        """How fast the cutting is at a time, 0 to 1: more by the section's word than by the loudness there.

        The power of 1.3 keeps a middling section nearer to the quiet ones, so that a loud one stands out.
        """
        return float((0.6 * self.word(time) + 0.4 * self.mean(time, time + 4.0)) ** 1.3)


# Where the planned cuts fall.


def planned(music: Json, rules: Json) -> list[float]:
    """When each planned shot begins, in seconds, rising, the first at 0."""
    duration = float(music["duration"])
    if rules["by"] == "list":
        return _listed(rules["at"], duration)
    shortest, longest = (max(0.01, float(length)) for length in rules["length"])
    if rules["by"] == "regular":
        count = max(1, ceil((duration - NEAR) / longest))  # a rest shorter than NEAR stays with the last shot
        return [round(longest * index, 6) for index in range(count)]
    return _musical(music, duration, shortest, longest)


def _listed(at: Sequence[float], duration: float) -> list[float]:
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


def _musical(music: Json, duration: float, shortest: float, longest: float) -> list[float]:
    energy = Energy(music)
    edges = [round(float(section["start"]), 6) for section in music["sections"]]
    edges = [0.0, *(edge for edge in edges if EPS < edge < duration - EPS), duration]
    moments = _moments(music)
    times = [time for time, _ in moments]
    starts: list[float] = []
    for begin, end in pairwise(_anchors(edges, shortest, longest)):
        inside = moments[bisect_right(times, begin + EPS) : bisect_left(times, end - EPS)]
        starts += [begin, *_span(begin, end, inside, shortest, longest, energy)]
    return starts


def _fits(length: float, shortest: float, longest: float) -> bool:
    """Whether a span can be divided into shots that are all within the length asked for."""
    return ceil((length - EPS) / longest) * shortest <= length + EPS


def _anchors(edges: Sequence[float], shortest: float, longest: float) -> list[float]:
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
            if _fits(length, shortest, longest):
                found = max(found, (best[begin][0] + 1.0, begin))
        best.append(found)
        peak.append(end if found[0] >= best[peak[-1]][0] else peak[-1])
    kept = [len(edges) - 1]
    while kept[-1] > 0:
        kept.append(best[kept[-1]][1])
    return [edges[index] for index in reversed(kept)]


def _moments(music: Json) -> Moments:
    """The song's own moments to cut at: beats by their place in bar and phrase, and cue points."""
    names = Names(music)
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
    return sorted(cost.items())


def _span(begin: float, end: float, moments: Moments, shortest: float, longest: float, energy: Energy) -> list[float]:
    """The cuts that cost least between two anchors: a shortest path over its moments (dynamic programming)."""
    length = end - begin
    target = longest * (shortest / longest) ** (energy.pace((begin + end) / 2) if moments else 0.5)
    most, fewest = floor((length + EPS) / shortest), ceil((length - EPS) / longest)
    count = max(1, min(max(most, fewest), max(fewest, round(length / target))))
    shortest, longest = min(shortest, length / count), max(longest, length / count)
    even = [round(begin + length * index / count, 6) for index in range(1, count)]
    if not moments or (count == 1 and length < 2 * shortest):
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
