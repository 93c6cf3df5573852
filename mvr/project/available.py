"""What of the project file's form works in this mvr: all but what this table lists. Building a key removes its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mvr import __version__
from mvr.model import Json
from mvr.project.form import Steps, Wrong
from mvr.project.units import shown


@dataclass(frozen=True)
class Later:
    """A key that does not work yet, or works with some values alone.

    path: the key, where `*` stands for any key and `[]` for every entry of a list. only: the values that work;
    endings: the file names that work. instead: what to do instead.
    """

    path: str
    instead: str
    only: tuple[Json, ...] = ()
    endings: tuple[str, ...] = ()

    def works(self, value: Json) -> bool:
        if any(value == one and type(value) is type(one) for one in self.only):
            return True
        return isinstance(value, str) and bool(self.endings) and value.lower().endswith(self.endings)

    def expected(self) -> str:
        """What works here, as the end of a sentence; empty where nothing does."""
        words = ["an empty list" if one == [] else str(one).lower() for one in self.only]
        words += [f"a {ending} file" for ending in self.endings]
        return " or ".join(words)


LEAVE_OUT = "leave the key out"

LATER = (
    Later("mvr", "this file is of a newer form: install a newer mvr", only=(1,)),
    Later("song.generate", "name a sound file: `song: song.flac`"),
    Later(
        "lyrics",
        "give the lyrics as .lrc, .srt or .vtt, or write `lyrics: none`",
        only=("none",),
        endings=(".lrc", ".srt", ".vtt"),
    ),
    Later("make.refine", LEAVE_OUT, only=([],)),
    Later("make.review", LEAVE_OUT),
    Later("shots.*.refine", LEAVE_OUT, only=([],)),
)


def not_yet(what: str) -> str:
    return f"{what} is not available in mvr {__version__}"


def missing(data: Json) -> Iterator[Wrong]:
    """Every key and value of a document that has the right form, and does not work in this mvr."""
    for later in LATER:
        for steps, value in _met(data, later.path.split("."), ()):
            if value is not None and not later.works(value):
                what = f"`{steps[-1]}`" if not later.expected() else f"`{steps[-1]}: {_brief(value)}`"
                yield Wrong(steps, not_yet(what), later.expected(), later.instead, code=3)


def _brief(value: Json) -> str:
    return shown(value).strip("'") if isinstance(value, str) else shown(value)


def _met(data: Json, path: list[str], steps: Steps) -> Iterator[tuple[Steps, Any]]:
    """What stands at a path, and the steps to it."""
    if not path:
        yield steps, data
    elif isinstance(data, dict):
        for key in data if path[0] == "*" else (path[0],):
            if key in data:
                yield from _met(data[key], path[1:], (*steps, key))
