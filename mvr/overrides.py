"""The user's overrides laid on the cut: which shot each one means, and the cuts that `start` and `end` move."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mvr.errors import Fault, ProjectError
from mvr.model import Json, Override, Place, Project
from mvr.timeline import Address, clock, nearest

SAME = 1e-6  # seconds


@dataclass(frozen=True)
class Change:
    """One field that the user set: its value, and its path in the project file."""

    value: Json
    path: str


@dataclass
class Listing:
    """The cut's shots with the user's overrides laid on them; gathers every fault before it raises."""

    project: Project
    cuts: Sequence[Json]
    sections: Sequence[Json]
    ids: list[str] = field(init=False)
    edges: list[float] = field(init=False)
    faults: list[Fault] = field(default_factory=list)
    moved: dict[int, Change] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids = [cut["id"] for cut in self.cuts]
        self.edges = [float(cut["start"]) for cut in self.cuts] + [float(self.cuts[-1]["end"])]

    @property
    def duration(self) -> float:
        return self.edges[-1]

    def changes(self) -> dict[str, dict[str, Change]]:
        """Every override by shot and field; moves the cuts it names. Ids are met first, then moments, on those cuts."""
        found: dict[str, dict[str, Change]] = {}
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

    def _lay(self, override: Override, found: dict[str, dict[str, Change]]) -> None:
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
            mine[name] = Change(value, path)

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

    def _move(self, found: Mapping[str, Mapping[str, Change]]) -> None:
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

    def _moves(self, found: Mapping[str, Mapping[str, Change]]) -> Iterator[tuple[int, Change]]:
        for index, shot in enumerate(self.ids):
            for offset, name in enumerate(("start", "end")):
                change = found.get(shot, {}).get(name)
                if change is not None:
                    yield index + offset, change

    def _possible(self, index: int, change: Change, edges: Sequence[float]) -> bool:
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
