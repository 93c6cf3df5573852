"""Writes what a person decides while looking at the film into the project file, and takes it back again.

Nothing is made here: a watch sees the saved file, as it sees one that an editor saved.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from mvr import takes
from mvr.edit import Quoted
from mvr.errors import ProjectError
from mvr.shotlist import place_of
from mvr.timeline import clock, seconds_of

if TYPE_CHECKING:
    from fractions import Fraction

    from mvr.model import ShotPlan
    from mvr.workspace import Workspace

Json = Any
Change = tuple[Sequence[str], Json]
T = TypeVar("T")

WORDS = ("prompt", "motion")
LONGEST = 4000
"""Characters of a prompt, a motion or a note."""

KEPT = 50
"""Changes that can be taken back."""


class Reviser:
    """Changes one project file. plans gives the shots as they are known at that moment, and their rate."""

    def __init__(self, workspace: Workspace, plans: Callable[[], tuple[Sequence[ShotPlan], Fraction]]) -> None:
        self._workspace = workspace
        self._plans = plans
        self._lock = threading.Lock()
        self._done: deque[tuple[str, bytes, bytes]] = deque(maxlen=KEPT)

    def word(self, shot: str, field: str, text: str) -> str:
        """Writes the prompt or the motion of a shot; an empty one gives the writer's own words back."""
        if field not in WORDS:
            raise ProjectError(f"{field} is not written here", "prompt and motion are")
        plan, written = self._shot(shot), _bounded(text)
        self._write(f"{field} of {shot}", [(place_of(plan, field), written or None)])
        return f"{field} of {shot} {'written' if written else 'given back to the writer'}"

    def start(self, shot: str, seconds: float | None) -> str:
        """Moves the cut at which a shot begins, in seconds of the film; None gives it back to the plan."""
        plans, fps = self._plans()
        index = next((index for index, plan in enumerate(plans) if plan.id == shot), None)
        if index is None:
            raise _unknown(shot)
        if index == 0:
            raise ProjectError(f"{shot} begins the film", "move the cut at its end: the shot after it")
        before, plan = plans[index - 1], plans[index]
        own = [(_path(plan.sources["first_frame"]), None)] if _moved(plan.sources.get("first_frame", "")) else []
        if seconds is None:
            self._write(f"the cut at {shot}", own)
            return f"the cut at {shot} is where it was planned"
        first, last = seconds_of(before.first_frame + 1, fps), seconds_of(plan.end_frame - 1, fps)
        if not first <= seconds <= last:
            raise ProjectError(
                f"a cut at {clock(seconds)} would leave nothing of a shot",
                f"name a time from {clock(first)} to {clock(last)}",
            )
        place = place_of(plan, "start")
        if own and own[0][0][-1] == "start":
            place, own = own[0][0], []
        self._write(f"the cut at {shot}", [*own, (place, clock(seconds))])
        return f"{shot} begins at {clock(seconds)}"

    def take(self, shot: str, wanted: str) -> str:
        """Chooses which take of a shot stands in the film, as `mvr pick` does: a number, or the key of a clip."""
        from mvr import choosing

        chosen = self._noted(f"the take of {shot}", lambda: choosing.pick(self._workspace, shot, wanted, _quietly))
        return f"{chosen} stands in the film"

    def unpin(self, shot: str) -> str:
        """Lets the words count again."""
        self._write(f"the pin of {shot}", [(place_of(self._shot(shot), "pin"), None)])
        return f"{shot} follows its words again"

    def reroll(self, shot: str, *, motion: bool = False) -> str:
        """Asks for one more take of a shot; the film keeps the one that it has until another is picked."""
        plan = self._shot(shot)
        if plan.pin:
            raise ProjectError(f"{shot} is pinned to one clip", "unpin it first")
        self._write(f"the takes of {shot}", [(place_of(plan, "takes"), takes.more(plan, 1, motion=motion))])
        return f"another take of {shot} is made"

    def approve(self, shot: str) -> str:
        """Gives the word on a shot's still, as `mvr approve` does: its clip may be made."""
        from mvr import choosing

        self._noted(f"the word on {shot}", lambda: choosing.approve(self._workspace, [shot], _quietly))
        return f"the still of {shot} is approved"

    def note(self, shot: str, text: str) -> str:
        """Writes a note on a shot, which changes nothing in the film; an empty one takes it out."""
        written = _bounded(text)
        value = Quoted(written) if written else None
        self._write(f"the note on {self._shot(shot).id}", [(("notes", shot), value)])
        return f"note on {shot} {'kept' if written else 'taken out'}"

    def undo(self) -> str:
        """Takes the newest change back, unless the file was edited since."""
        from mvr.engine import disk

        with self._lock:
            if not self._done:
                raise ProjectError("there is nothing to take back", "changes made on this page are kept until it ends")
            what, before, after = self._done[-1]
            if self._workspace.file.read_bytes() != after:
                self._done.clear()
                raise ProjectError(
                    f"{self._workspace.file.name} was edited since {what} was changed", "take it back in your editor"
                )
            self._done.pop()
            disk.rewrite(self._workspace.file, before)
        return f"{what}: taken back"

    def verbs(self) -> dict[str, Callable[[Mapping[str, Json]], Json]]:
        """What a program may ask for by name, each with plain data: {shot, field, text, seconds, take, motion}."""

        def text(asked: Mapping[str, Json], name: str) -> str:
            value = asked.get(name, "")
            if not isinstance(value, str):
                raise ProjectError(f"{name} is to be a text", "nothing was changed")
            return value

        def seconds(asked: Mapping[str, Json]) -> float | None:
            value = asked.get("seconds")
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
                raise ProjectError("seconds is to be a number", "nothing was changed")
            return value

        verbs: dict[str, Callable[[Mapping[str, Json]], str]] = {
            "word": lambda asked: self.word(text(asked, "shot"), text(asked, "field"), text(asked, "text")),
            "start": lambda asked: self.start(text(asked, "shot"), seconds(asked)),
            "take": lambda asked: self.take(text(asked, "shot"), text(asked, "take")),
            "unpin": lambda asked: self.unpin(text(asked, "shot")),
            "reroll": lambda asked: self.reroll(text(asked, "shot"), motion=asked.get("motion") is True),
            "approve": lambda asked: self.approve(text(asked, "shot")),
            "note": lambda asked: self.note(text(asked, "shot"), text(asked, "text")),
            "undo": lambda _: self.undo(),
        }
        return {name: _telling(verb) for name, verb in verbs.items()}

    def _write(self, what: str, changes: Sequence[Change]) -> None:
        self._noted(what, lambda: self._workspace.write(changes))

    def _noted(self, what: str, change: Callable[[], T]) -> T:
        """Makes one change of the project file, and keeps the file as it was, so that it can be taken back."""
        with self._lock:
            before = self._workspace.file.read_bytes()
            given = change()
            after = self._workspace.file.read_bytes()
            if before != after:
                self._done.append((what, before, after))
        return given

    def _shot(self, shot: str) -> ShotPlan:
        for plan in self._plans()[0]:
            if plan.id == shot:
                return plan
        raise _unknown(shot)


def _quietly(_: object) -> None:
    """Shows nothing of what is made on the way: the page shows it."""


def _telling(verb: Callable[[Mapping[str, Json]], str]) -> Callable[[Mapping[str, Json]], Json]:
    return lambda asked: {"said": verb(asked)}


def _unknown(shot: str) -> ProjectError:
    return ProjectError(f"no shot is named {shot}", "the film was cut anew; choose among its shots as they are now")


def _bounded(text: str) -> str:
    """A text as it is written: its blanks single, its length bounded. Raises ProjectError."""
    found = " ".join(text.split())
    if len(found) > LONGEST:
        raise ProjectError(f"this text has {len(found)} characters", f"{LONGEST} are the most")
    return found


def _moved(source: str) -> bool:
    return source.startswith("shots.") and source.endswith((".start", ".end"))


def _path(source: str) -> tuple[str, str, str]:
    """`shots.KEY.start` as the steps to it; a key may hold dots."""
    key, _, field = source.removeprefix("shots.").rpartition(".")
    return "shots", key, field
