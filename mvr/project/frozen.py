"""The frozen words beside a project file: its treatment and its shot list, which stand in the writer's place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mvr.errors import Fault
from mvr.model import ROLES, Frozen, Json, Place, frozen_names
from mvr.resources import resource

if TYPE_CHECKING:
    from mvr.project.yamlfile import Document


@dataclass
class Read:
    """What stands beside a project file: the words, the sha256 of each file that is there, and every fault."""

    frozen: Frozen = field(default_factory=Frozen)
    read: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read(file: Path, called: str, characters: Collection[str]) -> Read:
    """The frozen words of a project file, where there are any. called: what faults call the project file."""
    out = Read()
    treatment, shots = frozen_names(file)
    places: dict[str, Place] = {}
    story = _document(file.parent / treatment, str(Path(called).parent / treatment), _treatment(), out, places)
    listed = _document(file.parent / shots, str(Path(called).parent / shots), _shots(), out, places)
    found = {name: _one_line(words) for name, words in (listed or {}).get("shots", {}).items()}
    for shot, words in found.items():
        for index, name in enumerate(words["characters"]):
            if name not in characters:
                place = places[f"{shots}:shots.{shot}.characters[{index}]"]
                hint = f"characters here: {', '.join(characters)}" if characters else "no character is in the project"
                out.faults.append(
                    Fault(str(Path(called).parent / shots), place.line, place.column,
                          f"shots.{shot}.characters[{index}]", f"no character is named {name!r}",
                          "a name under `characters` of the project file", hint)
                )  # fmt: skip
    out.frozen = Frozen(story, found, places)
    return out


def _document(file: Path, called: str, form: Json, out: Read, places: dict[str, Place]) -> Json | None:
    """The document in one of the files; None where there is none, or it is wrong."""
    from mvr.project import yamlfile
    from mvr.project.form import wrongs

    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        found = f"the file cannot be read ({(error.strerror or str(error)).lower()})"
        out.faults.append(Fault(called, 0, 0, "", found, "", "may you read it? `ls -l` says"))
        return None
    out.read[file.name] = hashlib.sha256(raw).hexdigest()
    try:
        document = yamlfile.read(raw, called)
    except yamlfile.Unreadable as unreadable:
        out.faults.append(unreadable.fault)
        return None
    faults = [*document.faults, *(_fault(document, one) for one in wrongs(document.data, form))]
    out.faults += faults
    if faults:
        return None
    places.update((f"{file.name}:{path}", place) for path, place in document.places.items())
    return document.data


def _fault(document: Document, wrong: Json) -> Fault:
    """A fault with its place; the hints of the project file's form would mislead, but for near names."""
    from mvr.project.form import spelled

    path = spelled(wrong.steps)
    place = document.keys.get(path) if wrong.at_key else None
    around = (document.places.get(spelled(wrong.steps[:count])) for count in range(len(wrong.steps), -1, -1))
    place = place or next((one for one in around if one is not None), Place(1, 1))
    far = wrong.at_key and not wrong.hint.startswith("did you mean")
    hint = "leave it out; `mvr plan --thaw` gives the words back to the writer" if far else wrong.hint
    return Fault(document.name, place.line, place.column, path, wrong.found, wrong.expected, hint)


def _one_line(words: Mapping[str, Json]) -> Json:
    """The words of a shot: how a text is wrapped in the file is no change of it."""
    return {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in words.items()}


@cache
def _treatment() -> Json:
    return json.loads(resource("schemas/treatment.schema.json").read_text("utf-8"))


@cache
def _shots() -> Json:
    """The form of the shot list: what the writer hands on of a shot, under the shot's id."""
    written = json.loads(resource("schemas/shots.schema.json").read_text("utf-8"))
    shot = dict(written["properties"]["shots"]["items"])
    shot["required"] = [name for name in shot["required"] if name != "id"]
    shot["properties"] = {name: inner for name, inner in shot["properties"].items() if name != "id"}
    ids = {"pattern": rf"^({'|'.join(ROLES)})-[1-9][0-9]{{0,3}}\.[0-9]{{1,5}}s?[a-rt-z]{{0,3}}$"}
    named = {**ids, "title": "a shot's id such as chorus-1.5; `mvr shots` lists them"}
    shots = {"type": "object", "description": "Each shot's words, by its id.", "propertyNames": named}
    shots["additionalProperties"] = shot
    form = {"type": "object", "properties": {"shots": shots}, "required": ["shots"], "additionalProperties": False}
    return {**form, "title": "a shot list: `shots:`, and under it each shot's id and words"}
