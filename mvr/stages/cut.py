"""Cut: where the shots of the film begin, planned on the song, and each section's own list of them."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from mvr.cutting.song import EPS, Bars, Energy
from mvr.cutting.ways import ON_CUT, planned
from mvr.engine.job import Desk, Job, Json, Made
from mvr.errors import ProjectError
from mvr.model import Project
from mvr.timeline import Address, clock, nearest, parse_clock

EACH = "project"
VERSION = 2
EXACT = True
LANE = "cpu"

NEAR = 0.25  # seconds: how far a time in `drop` may be from the cut it means


def recipe(project: Project, unit: object = None) -> tuple[dict[str, Json], dict[str, str]]:
    """How to cut. `length` is left out where it is not asked: the times of `list` are the user's own."""
    rules = project.cut
    values: dict[str, Json] = {"by": rules.by, "at": list(rules.at), "drop": list(rules.drop)}
    if rules.by == "regular":
        values["length"] = [rules.longest, rules.longest]
    elif rules.by != "list":
        values["length"] = [rules.shortest, rules.longest]
    sources = {key: f"cut.{key}" for key in values}
    if rules.by == "random":
        values["seed"], sources["seed"] = project.seed, "seed"
    return values, sources


def make(job: Job, desk: Desk) -> Made:
    """The cuts as one document, and one document for each section. Raises ProjectError for an `at` or a `drop` that
    meets no place in this film."""
    music = json.loads(desk.path(job.inputs["music"][0]).read_text("utf-8"))
    lines = []
    for blob in job.inputs.get("lyrics", ()):
        lines = json.loads(desk.path(blob).read_text("utf-8"))["lines"]
    shots = arranged(music, job.recipe, lines)
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


def arranged(music: Json, rules: Json, lines: Sequence[Json] = ()) -> list[Json]:
    """Every shot, dropped ones too, by start: {id, start, end, until, section, bar, forced, host, dropped}.

    until is where the planned shot ends which holds the start (host), whatever is dropped or forced: what is said of
    a shot's energy and words is said of [start, until), so that a forced cut changes nothing of any other shot.
    """
    duration = float(music["duration"])
    starts = planned(music, rules, lines)
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


class Names(Bars):
    """Gives each shot its musical address, and the next letter to another one in the same bar."""

    def __init__(self, music: Json) -> None:
        super().__init__(music)
        self._taken: dict[tuple[str, int, bool], int] = {}

    def name(self, time: float) -> tuple[str, str, int | None]:
        """The section, the id and the bar (None where none was heard) of a shot that begins at a time."""
        index = self.index(time)
        section = self.sections[index]["name"]
        bars = self.bars(index)
        place = bisect_right(bars, time + 0.02) if bars else int(time - self.starts[index] + EPS)
        key = (section, place, not bars)
        nth = self._taken[key] = self._taken.get(key, -1) + 1
        return section, str(Address(section, place, not bars, nth)), place if bars else None
