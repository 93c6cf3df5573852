"""Turns a document of the right form into a Project, with every default filled in and every name looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count
from typing import Any, TypeVar

from mvr.model import (
    Adapter,
    Character,
    Corrections,
    CutRules,
    Json,
    MarkedSection,
    Mix,
    Output,
    Overlay,
    Override,
    SectionNote,
    Song,
    Style,
    Words,
)
from mvr.project import makers, pictures, units
from mvr.project.form import Steps, Wrong

T = TypeVar("T")

SENTENCES = frozenset(("prompt", "motion", "caption"))


@dataclass
class Builder:
    """Reads one document; whatever is wrong is gathered in `wrong`, and stands as its default in the values."""

    data: Mapping[str, Json]  # without what is known to be wrong
    raw: Mapping[str, Json]  # as it was written
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The characters as they are written, whether or not the rest of them is right."""
        characters = self.raw.get("characters")
        return list(characters) if isinstance(characters, dict) else []

    def values(self) -> dict[str, Any]:
        """The fields of a Project that come from the document."""
        data = self.data
        return {
            "title": words(data.get("title")),
            "seed": int(data.get("seed", 1)),
            "song": self.song(),
            "lyrics": None if data.get("lyrics", "none") == "none" else data["lyrics"],
            "corrections": self.corrections(),
            "concept": words(data.get("concept")),
            "sections": self.sections(),
            "style": self.style(),
            "characters": self.characters(),
            "cut": self.cut(),
            "make": makers.block(self),
            "outputs": self.outputs(),
            "shots": self.overrides(),
            "react": self.block("look").get("react") != "none",
            "words": self.lettering(),
            "clip": pictures.footage(self, self.data.get("clip"), ("clip",)),
            "look": pictures.look(self),
            "mix": self.mix(),
            "notes": {key: words(text) for key, text in self.block("notes").items()},
        }

    def block(self, name: str) -> Mapping[str, Json]:
        return self.data.get(name) or {}

    def read(self, reader: Callable[[Json], T], value: Json, steps: Steps, default: T, expected: str = "") -> T:
        """What a reader makes of a value, or the default where it is left out or wrong."""
        if value is None:
            return default
        try:
            return reader(value)
        except units.Misread as wrong:
            self.wrong.append(Wrong(steps, wrong.found, expected, wrong.hint))
            return default

    def song(self) -> Song:
        written = self.data.get("song")
        if not isinstance(written, dict):
            return Song(written or "")
        start = self.read(units.time, written.get("start"), ("song", "start"), 0.0)
        end = self.read(units.time, written.get("end"), ("song", "end"), None)
        if end is not None and end <= start:
            found = f"the end {written['end']} at or before the start {written.get('start', '0:00')}"
            self.wrong.append(Wrong(("song", "end"), found, "a later time", "both count from the start of the file"))
        return Song(written.get("file", ""), start, end)

    def corrections(self) -> Corrections:
        """What the user corrected; sections that a file of markers names are added by who reads it."""
        music = self.block("music")
        marked: list[MarkedSection] = []
        listed = music.get("sections")
        for index, mark in enumerate(listed if isinstance(listed, list) else ()):
            if not mark or not {"at", "role"} <= mark.keys():
                continue
            steps = ("music", "sections", index, "at")
            at = self.read(units.time, mark["at"], steps, 0.0)
            if marked and at <= marked[-1].at:
                found = f"{mark['at']} at or before the section above it"
                self.wrong.append(Wrong(steps, found, "a later time", "write the sections in their order"))
            marked.append(MarkedSection(at, mark["role"]))
        tempo = music.get("tempo")
        first = self.read(units.time, music.get("first_downbeat"), ("music", "first_downbeat"), None)
        return Corrections(None if tempo is None else float(tempo), music.get("meter"), first, tuple(marked))

    def cast(self, written: Json, steps: Steps) -> tuple[str, ...]:
        """Names of characters; one that is not in `characters` is wrong."""
        for index, name in enumerate(written):
            if name is not None and name not in self.names:
                hint = units.did_you_mean(name, self.names, "characters") or self.introduced(name)
                found = f"no character is named {units.shown(name)}"
                self.wrong.append(Wrong((*steps, index), found, "a name under `characters`", hint))
        return tuple(name for name in written if name is not None)

    def introduced(self, name: Json) -> str:
        """How to make a name a character's, where none is near: one that the writer thought of has no sheet here."""
        from mvr.backends.rules import casting

        invented = [] if self.names else [who["name"] for who in casting.sheet(words(self.raw.get("concept")), 1)]
        thought = "the writer thought of this one, and may think otherwise; " if name in invented else ""
        return f"{thought}say who that is, under `characters`: `{name}: {{description: …}}`"

    def sections(self) -> dict[str, SectionNote]:
        notes = {}
        for key, written in self.block("sections").items():
            note = written if isinstance(written, dict) else {"concept": written}
            cast = note.get("characters")
            names = None if cast is None else self.cast(cast, ("sections", key, "characters"))
            notes[key] = SectionNote(words(note.get("concept")), names)
        return notes

    def style(self) -> Style:
        style = self.block("style")
        return Style(
            look=words(style.get("look")),
            palette=tuple(str(colour).lower() for colour in style.get("palette") or () if colour),
            lighting=words(style.get("lighting")),
            camera=words(style.get("camera")),
            avoid=several(style.get("avoid")),
        )

    def characters(self) -> tuple[Character, ...]:
        found = []
        for number, (name, one) in enumerate(self.block("characters").items()):
            found.append(
                Character(
                    name=name,
                    role=one.get("role", "supporting" if number else "lead"),
                    description=words(one.get("description")),
                    wardrobe=words(one.get("wardrobe")),
                    features=several(one.get("features")),
                    constant=several(one.get("constant")),
                    arc=words(one.get("arc")),
                    range=several(one.get("range")),
                    references=tuple(path for path in one.get("references") or () if path),
                    lora=adapter(one.get("lora")),
                )
            )
        return tuple(found)

    def cut(self) -> CutRules:
        written = self.block("cut")
        by = written.get("by", "music")
        lengths = [
            self.read(units.length, value, ("cut", "length", index), None)
            for index, value in enumerate(written.get("length") or ())
        ]
        shortest, longest = lengths if len(lengths) == 2 else (None, None)
        for index, value in enumerate(lengths):
            if value == 0:
                self.wrong.append(Wrong(("cut", "length", index), "a shot of no length", "a length", "write 2.5s"))
        if shortest and longest and shortest > longest:
            found = f"the shortest, {written['length'][0]}, above the longest, {written['length'][1]}"
            self.wrong.append(Wrong(("cut", "length"), found, "the shorter one first", "swap the two"))
        at = self.moments(written.get("at") or ())
        if by == "list" and not self.raw["cut"].get("at"):
            found = "`by: list` without times"
            self.wrong.append(Wrong(("cut", "by"), found, "the cut times in `cut.at`", "write at: [0:12.5, 0:31]"))
        drop = tuple(one for one in written.get("drop") or () if one)
        for index, one in enumerate(written.get("drop") or ()):
            if one and one.startswith("@"):
                self.read(units.time, one[1:], ("cut", "drop", index), 0.0)
        default = CutRules(shortest=4.0, longest=8.0) if by == "random" else CutRules()
        turns: dict[str, Any] = {
            f"{where}_transition": self.read(units.transition, value, ("cut", "transitions", where), "cut")
            for where, value in (written.get("transitions") or {}).items()
        }
        handles = int(written.get("handles", default.handles))
        shortest, longest = shortest or default.shortest, longest or default.longest
        return replace(CutRules(by, shortest, longest, at, drop, handles), **turns)

    def moments(self, written: Sequence[Json]) -> tuple[float, ...]:
        """The times of `cut.at`; one that is 0, or there twice, is wrong."""
        found: dict[float, None] = {}
        for index, value in enumerate(written):
            if value is None:
                continue
            at = self.read(units.time, value, ("cut", "at", index), 0.0)
            if at in found:
                self.wrong.append(Wrong(("cut", "at", index), f"{value} twice", "each time once", "remove one"))
            elif at == 0:
                hint = "remove it: a shot begins there anyway"
                self.wrong.append(Wrong(("cut", "at", index), f"{value}, the film's start", "a later time", hint))
            found[at] = None
        return tuple(found)

    def outputs(self) -> tuple[Output, ...]:
        """The film, and the further ones, each with a name of its own: its size's, and a number if that is taken."""
        first = self.output()
        found: dict[str, Output] = {}
        for index, one in enumerate(self.block("output").get("also") or ()):
            if not one or one.get("size") is None:
                continue
            steps = ("output", "also", index)
            width, height = self.read(units.size, one["size"], (*steps, "size"), units.SIZES["wide"])
            start = self.read(units.time, one.get("start"), (*steps, "start"), 0.0)
            end = self.read(units.time, one.get("end"), (*steps, "end"), None)
            if end is not None and end <= start:
                wrong = f"the end {one['end']} at or before the start {one.get('start', '0:00')}"
                self.wrong.append(Wrong((*steps, "end"), wrong, "a later time", "both are times in the film"))
            bare = str(one["size"]).replace(":", "x")
            name = next(name for n in count(1) if (name := bare if n == 1 else f"{bare}-{n}") not in found)
            fps = self.read(units.fps, one.get("fps"), (*steps, "fps"), first.fps)
            found[name] = Output(width, height, fps, name, one.get("make") == "anew", start, end)
        return (first, *found.values())

    def output(self) -> Output:
        written = self.block("output")
        width, height = self.read(units.size, written.get("size"), ("output", "size"), units.SIZES["vertical"])
        return Output(width, height, self.read(units.fps, written.get("fps"), ("output", "fps"), Fraction(24)))

    def lettering(self) -> Words:
        written = self.block("words")
        known = self.data.get("lyrics", "none") != "none"
        if written.get("title") and not words(self.data.get("title")):
            found = "the title is to be shown, and there is none"
            self.wrong.append(Wrong(("words", "title"), found, "a `title` at the top of the file", "write one"))
        if not known and written.get("captions", "none") != "none":
            found = f"captions: {written['captions']}, and there are no lyrics"
            self.wrong.append(Wrong(("words", "captions"), found, "`lyrics` with times", "name them: lyrics: song.lrc"))
        overlays = []
        for index, one in enumerate(written.get("overlays") or ()):
            if one and one.get("image"):
                steps = ("words", "overlays", index)
                at = one.get("at", "start")
                moment = at if at in ("start", "end") else self.read(units.time, at, (*steps, "at"), 0.0)
                length = self.read(units.length, one.get("length"), (*steps, "length"), 3.0)
                overlays.append(Overlay(one["image"], moment, length, one.get("corner", "bottom-right")))
        return Words(
            captions=written.get("captions", "lines" if known else "none"),
            title=bool(written.get("title", False)),
            font=words(written.get("font")),
            place=written.get("place", "lower"),
            credits="\n".join(line for row in str(written.get("credits") or "").splitlines() if (line := words(row))),
            overlays=tuple(overlays),
        )

    def mix(self) -> Mix:
        written = self.block("sound")
        loudness = written.get("loudness")
        fade = self.read(units.length, written.get("fade_out"), ("sound", "fade_out"), 0.0)
        return Mix(None if loudness is None else float(loudness.partition(" ")[0]), fade)

    def overrides(self) -> tuple[Override, ...]:
        found = []
        for key, written in self.block("shots").items():
            steps = ("shots", key)
            fields: dict[str, Json] = {}
            for name, value in written.items():
                fields[name] = self.override(name, value, (*steps, name))
            if (fields.get("end") or 1) <= (fields.get("start") or 0) and "end" in fields:
                wrong = f"the end {written['end']} at or before the start {written.get('start', '0:00')}"
                self.wrong.append(Wrong((*steps, "end"), wrong, "a later time", "both are times in the film"))
            pictures.suits(self, key, written)
            moment = self.read(units.time, key[1:], steps, 0.0) if key.startswith("@") else None
            found.append(Override(key, fields, moment))
        return tuple(found)

    def override(self, name: str, value: Json, steps: Steps) -> Json:
        """One field of a shot: times in seconds, sentences on one line, the rest as written."""
        if name in ("start", "end"):
            return self.read(units.time, value, steps, 0.0)
        if name == "react":
            return value if value == "none" else pictures.moves(value)
        if name == "clip":
            return pictures.footage(self, value, steps)
        if name == "transition":
            return self.read(units.transition, value, steps, "cut")
        if name in SENTENCES:
            return words(value)
        if name == "characters":
            return list(self.cast(value, steps))
        if name == "keep":
            return list(several(value))
        if name in ("painter", "animator"):
            makers.named(self, name, value, steps)
        return value


def adapter(written: Json) -> Adapter | None:
    """A LoRA as it stands in the file; None where it is left out, or names no file."""
    if not written or not written.get("file"):
        return None
    return Adapter(written["file"], float(written.get("weight", 1)), words(written.get("trigger")))


def words(written: Json) -> str:
    """A text on one line: how it is wrapped in the file is no change of it."""
    return " ".join(str(written).split()) if written is not None else ""


def several(written: Json) -> tuple[str, ...]:
    return tuple(words(one) for one in written or () if one is not None)
