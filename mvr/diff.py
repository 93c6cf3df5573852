"""What is other between two sides of one project: pure, from what is known of each to one document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from mvr.model import Character, Json, Maker, Project, ShotPlan, frozen_names

CHARACTER = ("role", "description", "wardrobe", "features", "constant", "arc", "range", "references")
"""What may change of a character, in the order of the project file."""


@dataclass(frozen=True)
class Row:
    """One shot of a side. start and end are seconds in the film; a word that is not known there is None."""

    id: str
    section: str
    start: float
    end: float
    words: Mapping[str, Json]
    characters: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: ShotPlan, fps: Fraction, unwritten: frozenset[str] = frozenset()) -> Row:
        """The row of a planned shot. unwritten: sections whose words are not known, but for what the user wrote."""
        words: dict[str, Json] = {
            "purpose": plan.purpose,
            "prompt": plan.prompt,
            "motion": plan.motion,
            "characters": list(plan.characters),
            "keep": list(plan.keep),
            "take": plan.take.written(),
            "pin": plan.pin,
            "painter": _maker(plan.painter),
            "animator": _maker(plan.animator),
            "seed": plan.seed if plan.sources.get("seed", "").startswith("shots.") else "",
        }
        for name in ("purpose", "prompt", "motion", "characters", "keep"):
            if plan.section in unwritten and plan.sources.get(name, "").startswith(f"{plan.section}/shots:"):
                words[name] = None
        start, end = (round(float(frame / fps), 6) for frame in (plan.first_frame, plan.end_frame))
        return cls(plan.id, plan.section, start, end, words, plan.characters)

    def as_json(self) -> Json:
        return {"id": self.id, "section": self.section, "start": self.start, "end": self.end,
                **{name: self.words[name] for name in ("prompt", "motion", "characters")}}  # fmt: skip


@dataclass(frozen=True)
class Side:
    """What is known of a project at one time. shots: None where the shot list is not known. files: the digest of
    every file that it names, by the name's place in the project file, empty where it is not known."""

    project: Project
    shots: tuple[Row, ...] | None = None
    files: Mapping[str, str] = field(default_factory=dict)


def compared(was: Side, now: Side) -> Json:
    """Everything that differs, as the part of `mvr diff --json` that tells of words; old before new."""
    before = {row.id: row for row in was.shots or ()}
    after = {row.id: row for row in now.shots or ()}
    both = was.shots is not None and now.shots is not None
    step = 1e-6
    if was.project.output.fps != now.project.output.fps:  # the same cut, rounded to other frames, has not moved
        step = 1 / float(min(was.project.output.fps, now.project.output.fps))
    shared = [(before[name], row) for name, row in after.items() if name in before] if both else []
    moved = [pair for pair in shared if _moved(*pair, step)]
    changed = [(row.id, words) for old, row in shared if (words := list(_words(old.words, row.words)))]
    other = {row.id for _, row in moved} | {name for name, _ in changed}
    return {
        "compared": "shots" if both else "file",
        "new": [row.as_json() for name, row in after.items() if both and name not in before],
        "gone": [row.as_json() for name, row in before.items() if both and name not in after],
        "moved": [
            {"id": row.id, "was": [old.start, old.end], "now": [row.start, row.end], "section": row.section}
            for old, row in moved
        ],
        "changed": [{"id": name, "words": words} for name, words in changed],
        "same": len(shared) - len(other),
        "characters": list(_characters(was, now)),
        "values": [
            {"path": path, "was": old, "now": new} for path, old, new in _values("", *_texts(was.project, now.project))
        ],
        "files": sorted(
            {
                now.project.files[place]
                for place, found in now.files.items()
                if found and was.files.get(place) and was.files[place] != found
            }
        ),
    }


def _moved(old: Row, row: Row, step: float) -> bool:
    return abs(old.start - row.start) > step or abs(old.end - row.end) > step


def _words(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Json]:
    """Each word that is known on both sides, and is another one."""
    for name, value in new.items():
        known = value is not None and old.get(name) is not None
        if known and old[name] != value and (old[name] or value):
            yield {"field": name, "was": old[name], "now": value}


def _characters(was: Side, now: Side) -> Iterator[Json]:
    before = {one.name: one for one in was.project.characters}
    after = {one.name: one for one in now.project.characters}
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old != new:
            state = "new" if old is None else "gone" if new is None else "changed"
            rows = (was if new is None else now).shots or ()
            shots = [row.id for row in rows if name in row.characters]
            yield {"name": name, "state": state, "words": list(_words(_told(old), _told(new))), "shots": shots}


def _told(character: Character | None) -> dict[str, Json]:
    if character is None:
        return dict.fromkeys(CHARACTER, "")
    found = {name: getattr(character, name) for name in CHARACTER}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _texts(was: Project, now: Project) -> tuple[Json, Json]:
    """What the two project files hold, characters aside, and what the frozen files beside them do, under their names.

    A file that stands on one side alone is told as that, and not word by word.
    """
    both: list[Json] = []
    for project, other in ((was, now), (now, was)):
        found = {name: value for name, value in project.data.items() if name != "characters"}
        pairs = ((project.frozen.treatment, other.frozen.treatment), (project.frozen.shots, other.frozen.shots))
        for name, (mine, theirs) in zip(frozen_names(now.file), pairs, strict=True):
            found[name] = dict(mine) if mine and theirs else "frozen" if mine else None
        both.append(found)
    return both[0], both[1]


def _values(path: str, old: Json, new: Json) -> Iterator[tuple[str, Json, Json]]:
    """Each place of a document whose value is another one; None where there is none. Lists are told whole."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            yield from _values(f"{path}.{name}" if path else name, old.get(name), new.get(name))
    elif isinstance(old, dict) and new is None:
        yield from _values(path, old, {})
    elif isinstance(new, dict) and old is None:
        yield from _values(path, {}, new)
    elif _plain(old) != _plain(new):
        yield path, old, new


def _plain(value: Json) -> Json:
    """A text as it is read: how it is wrapped in the file is no change of it."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _maker(maker: Maker | None) -> Json:
    if maker is None:
        return "none"
    return {"with": maker.name, **maker.options} if maker.options else maker.name


def touched(rows: Sequence[Json]) -> list[str]:
    """The shots among some nodes of a plan that get another picture or clip."""
    drawn = (row["name"].rpartition("/")[0] for row in rows if row["stage"] in ("keyframe", "clip"))
    return list(dict.fromkeys(drawn))
