"""How pictures are shown, as frozen values: transitions, the user's own footage, and the look of the film."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any

TRANSITIONS: Mapping[str, tuple[str, ...]] = {
    "dissolve": (),
    "fade": ("black", "white"),
    "wipe": ("right", "left", "down", "up"),
    "slide": ("left", "right", "up", "down"),
    "zoom": ("in", "out"),
    "whip": ("left", "right", "up", "down"),
    "flash": (),
}
"""The transitions beside the plain cut, each with its ways, the first of which is meant where none is named."""


@dataclass(frozen=True)
class Transition:
    """How one shot turns into the next: kind is `cut` or a key of TRANSITIONS, way one of its ways."""

    kind: str = "cut"
    way: str = ""
    seconds: float = 0.0

    @classmethod
    def of(cls, written: str) -> Transition:
        """From `cut`, `dissolve 0.4s` or `wipe left 0.4s`, as the project file's form lets them through."""
        kind, *rest = written.split()
        if kind == "cut":
            return cls()
        ways = TRANSITIONS[kind]
        way = rest[0] if len(rest) > 1 else ways[0] if ways else ""
        return cls(kind, way, float(rest[-1].removesuffix("s")))


@dataclass(frozen=True)
class Footage:
    """A file of the user's own, and how a shot shows it.

    begin: `start`, `stillest`, `liveliest`, or a time in the file as seconds. end: what follows its last picture:
    hold, loop or ping-pong.
    """

    file: str
    begin: str = "start"
    end: str = "hold"

    @classmethod
    def of(cls, written: Json) -> Footage:
        """From how it stands in the file, checked: a path, or {file, from, end}; `from` a word or seconds."""
        if isinstance(written, str):
            return cls(written)
        return cls(written["file"], str(written.get("from", "start")), written.get("end", "hold"))


FITS = ("fill", "subject", "blur", "contain")


@dataclass(frozen=True)
class Look:
    """The `look:` block. match: none, palette, or a shot's id; lut: a path as written, or empty; grain and vignette 0
    to 1; letterbox: width by height, or 0. react: for a band of the sound a movement and its percent; none of them
    where the pictures move as they do by themselves."""

    match: str = "none"
    fit: str = "fill"
    lut: str = ""
    grain: float = 0.0
    vignette: float = 0.0
    letterbox: float = 0.0
    react: Mapping[str, tuple[str, float]] = field(default_factory=dict)
