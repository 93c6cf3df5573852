"""The shot list: the cut, the written shots and the user's overrides become the shots that will be made."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from mvr.errors import Fault, ProjectError, StageError
from mvr.model import Character, Json, Maker, Override, Place, Project, ShotPlan, Take, frozen_names, joined_prompt
from mvr.timeline import Address, Timeline, clock, film_frames, nearest, rate_text, seconds_of

WRITTEN = ("purpose", "prompt", "motion", "characters", "keep")
SAME = 1e-6  # seconds


def planned(
    project: Project, cut: Json, written: Mapping[str, Json], seconds: float | Fraction | None = None
) -> tuple[ShotPlan, ...]:
    """The shots of the film in their order, of every section whose written shots are there; frozen words come first.

    cut is the document of the stage `cut`, written maps a section to the document of its stage `shots`; seconds is the
    song's exact length (the cut's own, rounded to 1e-6 s, if left out). The frames of a shot depend on the cut and the
    overrides alone. Raises ProjectError with every override that meets no shot, meets what another one set already, or
    moves a cut where no cut can be; StageError where a section's written shots lack one of its shots.
    """
    listing = _Listing(project, cut["cuts"], cut["sections"])
    changes = listing.changes()
    fps = project.output.fps
    frames = film_frames(listing.duration if seconds is None else seconds, fps)
    if len(listing.ids) > frames:
        raise ProjectError(
            f"the cut has {len(listing.ids)} shots, but the film only {frames} frames",
            "raise output.fps or cut.length, or name fewer times in cut.at",
        )
    timeline = Timeline.of(list(zip(listing.ids, listing.edges, strict=False)), frames, fps)
    plans = []
    for index, (entry, span) in enumerate(zip(listing.cuts, timeline.picture.cuts, strict=True)):
        document = {"shots": ()} if entry["id"] in project.frozen.shots else written.get(entry["section"])
        if document is None:
            continue
        words = project.frozen.shots.get(entry["id"])
        words = words or next((shot for shot in document["shots"] if shot["id"] == entry["id"]), None)
        if words is None:
            raise StageError(
                f"{entry['section']}/shots has no words for {entry['id']}", "the writer left a shot out; render again"
            )
        sources = listing.sources(index)
        cast = document.get("cast", ())
        plans.append(
            _plan(
                project, entry, {**words, "cast": cast}, (span.first, span.end), changes.get(entry["id"], {}), sources
            )
        )
    return tuple(replace(plan, film=frames) for plan in plans)


def unwritten(project: Project, cut: Json) -> list[str]:
    """The sections of a cut that need a writer: those with a shot, or all, that no frozen words are for."""
    frozen = project.frozen.shots
    needed = {entry["section"] for entry in cut["cuts"] if entry["id"] not in frozen}
    return [section["name"] for section in cut["sections"] if not frozen or section["name"] in needed]


def document(
    project: Project, plans: Sequence[ShotPlan], states: Mapping[str, str], lines: Sequence[Json] = ()
) -> Json:
    """The shot list as `mvr shots --json` prints it. states: a shot's id -> fresh, stale or waits; lines: the lyrics'
    own [{start, end, text}], seconds in the film."""
    fps = project.output.fps
    return {
        "fps": rate_text(fps),
        "frames": plans[-1].end_frame if plans else 0,
        "shots": [
            {
                "id": plan.id,
                "start": round(seconds_of(plan.first_frame, fps), 6),
                "end": round(seconds_of(plan.end_frame, fps), 6),
                "first_frame": plan.first_frame,
                "end_frame": plan.end_frame,
                "section": plan.section,
                "purpose": plan.purpose,
                "prompt": joined_prompt(plan.prompt, plan.sheet(project), project.style),
                "motion": plan.motion,
                "direction": plan.direction,
                "keep": list(plan.keep),
                "characters": list(plan.characters),
                "lyric": _sung(lines, seconds_of(plan.first_frame, fps), seconds_of(plan.end_frame, fps)),
                "energy": round(plan.energy, 3),
                "transition": plan.transition,
                "seed": plan.seed,
                "take": plan.take.written(),
                "state": states.get(plan.id, "waits"),
                "provenance": {
                    "painter": plan.painter.name if plan.painter else None,
                    "animator": plan.animator.name,
                    "prompt": plan.sources["prompt"],
                    "motion": plan.sources["motion"],
                },
            }
            for plan in plans
        ],
    }


def _sung(lines: Sequence[Json], start: Fraction | float, end: Fraction | float) -> str:
    """The lines that are sung in a shot, parted by ` / `."""
    return " / ".join(line["text"] for line in lines if line["start"] < end - SAME and line["end"] > start + SAME)


def seed_of(project_seed: int, shot: str, take: int) -> int:
    """A shot's seed, 0 to 2^31 - 1: from the project's seed, the shot's id and the take, and from nothing else."""
    text = f"{project_seed}\n{shot}\n{take}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1


def seeds_of(project_seed: int, shot: str, take: Take, given: int | None) -> tuple[int, int]:
    """The seeds of a take's still and motion. given: the shot's own `seed`, which is take 1's, and gives the others."""

    def one(number: int) -> int:
        if given is None:
            return seed_of(project_seed, shot, number)
        return given if number == 1 else seed_of(given, shot, number)

    return one(take.still), one(take.motion)


def takes_of(chosen: Take, count: Json) -> dict[str, Take]:
    """The takes beside the chosen one, by the number that names their nodes.

    A count of 4 is takes 1 to 4, each with its own still and motion; {still: 2, motion: 3} is two stills with the
    chosen motion's number, and three motions of the chosen still (`m1`, `m2`, ...).
    """
    if isinstance(count, int):
        return {str(n): Take(n, n) for n in range(1, count + 1) if Take(n, n) != chosen}
    many = Take.of(count)
    stills = {str(n): Take(n, chosen.motion) for n in range(1, many.still + 1) if n != chosen.still}
    return stills | {f"m{n}": Take(chosen.still, n) for n in range(1, many.motion + 1) if n != chosen.motion}


@dataclass(frozen=True)
class _Change:
    """One field that the user set: its value, and its path in the project file."""

    value: Json
    path: str


def _plan(
    project: Project,
    entry: Json,
    words: Json,
    span: tuple[int, int],
    changes: Mapping[str, _Change],
    places: Mapping[str, str],
) -> ShotPlan:
    """One shot: what was written of it, with the user's own fields in place of the written ones."""
    shot, section = entry["id"], entry["section"]
    frozen = f"{frozen_names(project.file)[1]}:shots.{shot}" if shot in project.frozen.shots else ""
    sources = {name: f"{frozen}.{name}" if frozen else f"{section}/shots:{shot}.{name}" for name in WRITTEN}
    sources.update(
        seed="seed",
        clip="clip",
        fit="look.fit",
        painter="make.painter",
        animator="make.animator",
        react="look.react",
        **places,
    )
    sources.update((name, change.path) for name, change in changes.items())
    if not project.make.chosen and "animator" not in changes:
        sources["animator"] = sources["painter"]

    def value(name: str, default: Json) -> Json:
        return changes[name].value if name in changes else default

    take = Take.of(value("take", 1))
    given = changes["seed"].value if "seed" in changes else None
    still_seed, motion_seed = seeds_of(project.seed, shot, take, given)
    cast = tuple(value("characters", words["characters"]))
    thought_of = tuple(_character(one) for one in words["cast"] if one["name"] in cast)
    known = {one.name: one for one in (*thought_of, *project.characters)}
    painter = _maker(value("painter", project.make.painter))
    photo, clip = value("still", ""), value("clip", None)
    painter = None if photo else painter
    keep = [*words["keep"], *(f"preserve the {trait}" for x in cast for trait in known[x].constant)]
    plan = ShotPlan(
        id=shot,
        section=section,
        first_frame=span[0],
        end_frame=span[1],
        purpose=value("purpose", words["purpose"]),
        prompt=value("prompt", " ".join(words["prompt"].split())),
        motion=value("motion", " ".join(words["motion"].split())),
        characters=cast,
        keep=tuple(value("keep", keep)),
        seed=still_seed,
        motion_seed=motion_seed,
        energy=entry["energy"],
        painter=painter,
        animator=_maker(value("animator", None)) or project.make.mover(painter),
        caption=value("caption", None),
        react=value("react", project.react) not in ("none", False),
        clip=clip or (None if photo else project.clip),
        throughout=not clip and not photo and project.clip is not None,
        photo=photo,
        fit=value("fit", project.look.fit),
        crop=tuple(value("crop", ())),
        speed=str(value("speed", 1)),
        moves=_moves(value("react", project.look.react)),
        transition=value("transition", getattr(project.cut, f"{places['transition'].rpartition('.')[2]}_transition")),
        take=take,
        pin=value("pin", ""),
        guide=value("guide", "") or "",
        approved=value("approved", False),
        direction=words.get("direction", ""),
        thought_of=thought_of,
        sources=sources,
    )
    others = {}
    for name, other in takes_of(take, value("takes", 1)).items():
        still_seed, motion_seed = seeds_of(project.seed, shot, other, given)
        others[name] = replace(plan, take=other, seed=still_seed, motion_seed=motion_seed, pin="")
    return replace(plan, others=others)


def _moves(written: Json) -> Mapping[str, tuple[str, float]]:
    return {} if written == "none" else written


def _character(written: Json) -> Character:
    """A character that the writer thought of."""
    return Character(**{**written, "features": tuple(written["features"])})


def makers(project: Project) -> list[Maker]:
    """Every maker that a project names, for the film or for one shot."""
    own = (shot.fields.get(part) for shot in project.shots for part in ("painter", "animator"))
    named = (project.make.writer, project.make.painter, project.make.animator, *map(_maker, own))
    return [maker for maker in named if maker is not None]


def _maker(written: Json) -> Maker | None:
    """A maker from how it stands in the file: a name, `none`, or {with: name} and its options."""
    if written is None or isinstance(written, Maker):
        return written
    if isinstance(written, str):
        return None if written == "none" else Maker(written)
    return Maker(written["with"], {key: value for key, value in written.items() if key != "with"})


@dataclass
class _Listing:
    """The cut's shots with the user's overrides laid on them; gathers every fault before it raises."""

    project: Project
    cuts: Sequence[Json]
    sections: Sequence[Json]
    ids: list[str] = field(init=False)
    edges: list[float] = field(init=False)
    faults: list[Fault] = field(default_factory=list)
    moved: dict[int, _Change] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids = [cut["id"] for cut in self.cuts]
        self.edges = [float(cut["start"]) for cut in self.cuts] + [float(self.cuts[-1]["end"])]

    @property
    def duration(self) -> float:
        return self.edges[-1]

    def changes(self) -> dict[str, dict[str, _Change]]:
        """Every override by shot and field; moves the cuts it names. Ids are met first, then moments, on those cuts."""
        found: dict[str, dict[str, _Change]] = {}
        for moments in (False, True):
            for override in self.project.shots:
                if (override.moment is not None) == moments:
                    self._lay(override, found)
            self._move(found)
        if self.faults:
            raise ProjectError(sorted(self.faults, key=lambda fault: (fault.line, fault.column)))
        return found

    def sources(self, index: int) -> dict[str, str]:
        """Where a shot's energy, frames and transition come from: the cut, its rules, or the override that moved it."""
        shot = self.ids[index]
        meets = index and self.cuts[index - 1]["section"] == self.cuts[index]["section"]
        rule = "start" if index == 0 else "otherwise" if meets else "section"
        begin, end = self.moved.get(index), self.moved.get(index + 1)
        return {
            "energy": f"cut:{shot}.energy",
            "first_frame": begin.path if begin else f"cut:{shot}.start",
            "end_frame": end.path if end else f"cut:{shot}.end",
            "transition": f"cut.transitions.{rule}",
        }

    def _lay(self, override: Override, found: dict[str, dict[str, _Change]]) -> None:
        shot = self._met(override)
        if shot is None:
            return
        mine = found.setdefault(shot, {})
        for name, value in override.fields.items():
            path = f"shots.{override.key}.{name}"
            if name in mine:
                other = mine[name].path
                self._fault(
                    path,
                    f"{name} of {shot} is set twice: on line {self._place(other).line} ({other}) "
                    f"and on line {self._place(path).line} ({path})",
                    "leave out one of the two",
                )
                continue
            mine[name] = _Change(value, path)

    def _met(self, override: Override) -> str | None:
        """The shot that an override means, or None with a fault."""
        if override.moment is None:
            if override.key in self.ids:
                return override.key
            self._unmet(override.key)
            return None
        if 0 <= override.moment < self.duration:
            return self.ids[self._index(override.moment)]
        self._fault(
            f"shots.{override.key}",
            f"no shot is on screen at {clock(override.moment)}",
            f"the film ends at {clock(self.duration)}; its last shot is {self.ids[-1]}",
        )
        return None

    def _index(self, moment: float) -> int:
        return min(len(self.ids), max(1, bisect_right(self.edges, moment))) - 1

    def _unmet(self, key: str) -> None:
        near = ", ".join(nearest(key, self.ids))
        now = self._now(key)
        at = f"at its last known moment now begins {now}; " if now else ""
        self._fault(f"shots.{key}", f"no shot is called {key}", f"{at}the nearest ids are {near}; see `mvr shots`")

    def _now(self, key: str) -> str | None:
        """The shot that is on screen where an id that is gone used to begin, as far as its address says."""
        address = Address.of(key)
        section = next((x for x in self.sections if address and x["name"] == address.section), None)
        if address is None or section is None:
            return None
        own = [(place, shot) for shot in self.ids if (place := Address.of(shot)) and place.section == address.section]
        before = [shot for place, shot in own if place.place <= address.place]
        if before:
            return before[-1]
        return own[0][1] if own else self.ids[self._index(section["start"])]

    # cuts moved by `start` and `end`

    def _move(self, found: Mapping[str, Mapping[str, _Change]]) -> None:
        moved = self.moved
        fresh: list[int] = []
        for index, change in self._moves(found):
            if change in moved.values():
                continue
            other = moved.get(index)
            if other is not None and abs(other.value - change.value) > SAME:
                self._fault(
                    change.path,
                    f"{change.path} and {other.path} (line {self._place(other.path).line}) move one cut to two times: "
                    f"{clock(change.value)} and {clock(other.value)}",
                    "leave out one of the two",
                )
                continue
            moved[index] = change
            fresh.append(index)
        edges = list(self.edges)
        for index in fresh:
            if 0 < index < len(self.ids):
                edges[index] = float(moved[index].value)
        possible = [self._possible(index, moved[index], edges) for index in fresh]
        if all(possible):
            self.edges = edges

    def _moves(self, found: Mapping[str, Mapping[str, _Change]]) -> Iterator[tuple[int, _Change]]:
        for index, shot in enumerate(self.ids):
            for offset, name in enumerate(("start", "end")):
                change = found.get(shot, {}).get(name)
                if change is not None:
                    yield index + offset, change

    def _possible(self, index: int, change: _Change, edges: Sequence[float]) -> bool:
        time = clock(change.value)
        if index in (0, len(self.ids)):
            if abs(change.value - self.edges[index]) <= 0.5 / float(self.project.output.fps):
                return True
            end = "begins at 0:00" if index == 0 else f"ends at {clock(self.duration)}"
            self._fault(change.path, f"{time} would leave a part of the song without a picture", f"the film {end}")
            return False
        before, after = edges[index - 1], edges[index + 1]
        if before < change.value < after:
            return True
        shots = f"{self.ids[index - 1]} (from {clock(before)}) and {self.ids[index]} (to {clock(after)})"
        self._fault(
            change.path,
            f"a cut at {time} would leave nothing of {self.ids[index - 1 if change.value <= before else index]}",
            f"name a time between {clock(before)} and {clock(after)}: it parts {shots}",
        )
        return False

    def _place(self, path: str) -> Place:
        """Where a path stands in the file; for a shot's key, where the first of its fields does."""
        places = self.project.places
        if path in places:
            return places[path]
        inside = [place for known, place in places.items() if known.startswith(f"{path}.")]
        return min(inside, key=lambda place: place.line, default=Place(0, 0))

    def _fault(self, path: str, found: str, hint: str) -> None:
        place, file = self._place(path), self.project.file
        name = str(file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file)
        self.faults.append(Fault(name, place.line, place.column, path, found, "", hint))
