"""How pictures are asked to be shown: the `look:` block, the user's own footage, and what suits which shot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from mvr.model import Footage, Json, Look
from mvr.project import units
from mvr.project.form import Steps, Wrong

if TYPE_CHECKING:
    from mvr.project.build import Builder


def look(builder: Builder) -> Look:
    """The `look:` block, with what is left out as it is by default."""
    look = builder.block("look")
    if look.get("match") == "palette" and not builder.block("style").get("palette"):
        hint = "name the film's colours in `style.palette`, or a shot to match"
        builder.wrong.append(Wrong(("look", "match"), "`match: palette` without a palette", "", hint))
    return Look(
        match=look.get("match", "none"),
        fit=look.get("fit", "fill"),
        lut=look.get("lut") or "",
        grain=float(look.get("grain", 0)),
        vignette=float(look.get("vignette", 0)),
        letterbox=float(look.get("letterbox", 0)),
        react=moves(look.get("react")),
    )


def footage(builder: Builder, written: Json, steps: Steps) -> Footage | None:
    """A `clip`: a file, and from where in it. None where it has not that form, which the schema tells."""
    file = written.get("file") if isinstance(written, dict) else written
    if not isinstance(file, str):
        return None
    begin = written.get("from", "start") if isinstance(written, dict) else "start"
    if begin not in ("start", "stillest", "liveliest"):
        seconds = builder.read(units.time, begin, (*steps, "from"), 0.0)
        return replace(Footage.of(written), begin=f"{seconds:.6f}".rstrip("0").rstrip("."))
    return Footage.of(written)


def suits(builder: Builder, key: str, written: Mapping[str, Json]) -> None:
    """What is for the user's own footage and pictures alone, on a shot of neither."""
    footage = written.get("clip") or builder.data.get("clip")
    for name, value in written.items():
        steps = ("shots", key, name)
        if name == "speed" and value not in (None, 1) and not footage:
            hint = "`motion` says how fast a made shot moves"
            builder.wrong.append(Wrong(steps, "`speed` on a shot without a `clip`", "a `clip` of your own", hint))
        if name == "fit" and value == "subject" and not (footage or written.get("still")):
            hint = "a shot that is made has the film's shape: leave it out"
            builder.wrong.append(Wrong(steps, "`subject` on a shot that is made", "a `clip` or `still`", hint))
        whole = isinstance(value, list) and None not in value  # a number that is none has a fault of its own
        if name == "crop" and whole and (value[0] + value[2] > 1 or value[1] + value[3] > 1 or not all(value[2:])):
            found = f"a part from {value[0]}, {value[1]} that is {value[2]} wide and {value[3]} high"
            builder.wrong.append(
                Wrong(steps, found, "a part of the picture", "left + width and top + height are at most 1")
            )
    if written.get("clip") and written.get("still"):
        builder.wrong.append(
            Wrong(("shots", key, "still"), "a `still` beside a `clip`", "one of them", "leave one out")
        )


def moves(written: Json) -> dict[str, tuple[str, float]]:
    """A `react`: for each sound what it does, and how far in percent; 0 is the movement's own measure."""
    if not isinstance(written, dict):
        return {}
    found = {}
    for sound, move in written.items():
        kind, _, percent = move.partition(" ")
        found[sound] = (kind, float(percent.removesuffix("%") or 0))
    return found
