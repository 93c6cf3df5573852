"""The project file: YAML becomes a Project that is checked, or every fault in it with its line.

The way of a file: bytes -> `yamlfile` (plain data and places) -> `form` (the schema) -> `available` (what works in
this mvr) -> `build` (values and names) -> `userfiles` (what it names on disk) -> `markers` (sections in a file of their
own). Each step goes on without what the one before found wrong, so that all faults are reported at once.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr.errors import Fault, ProjectError
from mvr.model import Json, Place, Project

if TYPE_CHECKING:
    from mvr.machine import Machine
    from mvr.project.form import Wrong
    from mvr.project.yamlfile import Document

NAME = "project.yaml"
QUOTED = ("pin", "approved", "revision")
MARKERS = ("music", "sections")
MOST_FAULTS = 100  # that are told at once; a file with more is broken in one way many times


@dataclass(frozen=True)
class Checked:
    """What a look at a project file gave: every fault in the order of the file, and the Project where there is none."""

    project: Project | None
    faults: tuple[Fault, ...]


def load(path: Path, machine: Machine | None = None) -> Project:
    """The project in a file, or in a folder's project.yaml, checked, with the files that it names.

    machine: whose settings may allow folders outside the project's. Raises ProjectError with every fault.
    """
    checked = check(path, machine)
    if checked.project is None:
        raise ProjectError(checked.faults)
    return checked.project


def check(path: Path, machine: Machine | None = None, *, files: bool = True) -> Checked:
    """Looks at a project file and, with `files`, at the files that it names.

    Raises ProjectError where there is no such project file.
    """
    from mvr.project import frozen, yamlfile

    file = find(path)
    name = _called(file)
    try:
        raw = _bytes(file, name)
        document = yamlfile.read(raw, name)
    except yamlfile.Unreadable as unreadable:
        return Checked(None, (unreadable.fault,))
    if not isinstance(document.data, dict):
        return Checked(None, (*document.faults, _no_mapping(name, document.data)))
    values, wrong = _judged(document.data, file.parent, machine, files)
    cast = document.data.get("characters")
    words = frozen.read(file, name, list(cast) if isinstance(cast, dict) else [])
    told = {fault.path for fault in document.faults if fault.path}  # one fault a place: the rest follows from it
    found = (fault for one in wrong if (fault := _fault(document, one)).path not in told)
    faults = [*document.faults, *_bare(document), *found, *words.faults]
    if faults:
        return Checked(None, _in_order(faults, name))
    values |= {"frozen": words.frozen, "read": {**values.get("read", {}), **words.read}}
    digest = hashlib.sha256(raw).hexdigest()
    return Checked(Project(file=file, digest=digest, data=document.data, places=document.places, **values), ())


def names(raw: bytes) -> tuple[str, ...]:
    """The files that a project's text names, as written, as far as it can be read."""
    from mvr.project import form, userfiles, yamlfile

    try:
        data = yamlfile.read(raw, NAME).data
    except yamlfile.Unreadable:
        return ()
    if not isinstance(data, dict):
        return ()
    wrong = form.wrongs(data)
    return tuple(path for _, path in userfiles.named(_sound(data, wrong))) if len(wrong) < form.MOST else ()


def fault(project: Project, path: str, found: str, expected: str = "", hint: str = "", code: int = 2) -> Fault:
    """A fault that another room found in a project, with the line of the nearest place that the file has for it."""
    place = _nearest_place(project.places, path)
    return Fault(_called(project.file), place.line, place.column, path, found, expected, hint, code)


def find(path: Path) -> Path:
    """The project file that a path means: the file, or the folder's project.yaml. Raises ProjectError where none is."""
    try:
        file = path / NAME if path.is_dir() else path
        if file.is_file():
            return file.absolute()
        there, linked = file.exists(), file.is_symlink()
    except PermissionError:
        raise ProjectError(f"{path} cannot be read (permission denied)", "may you read it? `ls -l` says") from None
    except (OSError, ValueError):
        raise ProjectError(f"no project file is at {str(path)!r}", "name a file, or a folder that holds one") from None
    if there:
        raise ProjectError(f"{file} is no regular file", "name a project file, or a folder that holds project.yaml")
    if linked:
        raise ProjectError(f"{file} is a link that leads nowhere", "mend the link, or name a project file")
    start = "start one: mvr new my-video --song SONG --concept '...'"
    if file is path:
        raise ProjectError(f"{file} is not there", f"name a project file, or {start}")
    others = sorted(one.name for one in path.iterdir() if one.suffix in (".yaml", ".yml"))[:5]
    raise ProjectError(
        f"no {NAME} in {path.absolute()}",
        f"name the file: {', '.join(str(path / one) for one in others)}" if others else start,
    )


def _judged(
    data: dict[str, Json], folder: Path, machine: Machine | None, files: bool
) -> tuple[dict[str, Any], list[Wrong]]:
    """The fields of a Project that a document spells, and all that is wrong with it and with the files it names."""
    from mvr.project import available, form, userfiles
    from mvr.project.build import Builder

    wrong = form.wrongs(data)
    if len(wrong) >= form.MOST:
        return {}, wrong
    wrong += available.missing(_sound(data, wrong))
    sound = _sound(data, wrong)
    builder = Builder(sound, data)
    values = builder.values()
    named = userfiles.named(sound)
    values["files"] = {form.spelled(steps): path for steps, path in named}
    lost = userfiles.wrongs(named, folder, machine.allow if machine else ())
    wrong += builder.wrong + (lost if files else [])
    for steps, path in named:
        if steps == MARKERS and steps not in {one.steps for one in lost}:
            wrong += _marked(folder / path, path, values)
    return values, wrong


def _marked(file: Path, path: str, values: dict[str, Any]) -> list[Wrong]:
    """Puts the sections that a marker file names into the values of a Project; gives what is wrong with it."""
    from mvr.project import markers
    from mvr.project.form import Wrong

    try:
        raw, sections = markers.read(file)
    except markers.Misplaced as wrong:
        return [Wrong(MARKERS, wrong.found, wrong.expected, wrong.hint, within=(_called(file), wrong.line))]
    except OSError as error:
        return [Wrong(MARKERS, f"the file cannot be read ({(error.strerror or str(error)).lower()})", "markers")]
    values["corrections"] = replace(values["corrections"], sections=sections)
    values["read"] = {path: hashlib.sha256(raw).hexdigest()}
    return []


def _bytes(file: Path, name: str) -> bytes:
    """The bytes of a project file, read no further than a project file can be long. Raises Unreadable."""
    from mvr.project.yamlfile import MOST_BYTES, Unreadable, too_large

    try:
        with file.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            raw = opened.read(MOST_BYTES + 1) if size <= MOST_BYTES else b""
    except OSError as error:
        found = f"the file cannot be read ({(error.strerror or str(error)).lower()})"
        raise Unreadable(Fault(name, 0, 0, "", found, "", "may you read it? `ls -l` says")) from None
    if max(size, len(raw)) > MOST_BYTES:
        raise Unreadable(too_large(name, max(size, len(raw))))
    return raw


def _no_mapping(name: str, data: Json) -> Fault:
    from mvr.project.units import shown

    hint = "the smallest one is two lines: `song: song.mp3` and `concept: what the film is about`"
    if data is None:
        return Fault(name, 1, 1, "", "the file is empty", "a project", hint)
    kind = f"the text {shown(data)}" if isinstance(data, str) else shown(data)
    return Fault(name, 1, 1, "", f"the file holds {kind}", "`key: value` lines", hint)


def _sound(data: Json, wrong: Sequence[Wrong]) -> dict[str, Json]:
    """The document without what is known to be wrong."""
    from mvr.project.form import without

    out: dict[str, Json] = without(data, {one.steps for one in wrong}) if wrong else data
    return out


def _bare(document: Document) -> list[Fault]:
    """Keys and commits of digits alone that stand without quotes: YAML readers disagree on what `0123456` is."""
    hint = "put it in quotes: YAML readers disagree on digits that begin with 0"
    return [
        Fault(document.name, place.line, place.column, path, "bare digits", "digits in quotes", hint)
        for path, place in document.places.items()
        if path in document.bare and path.rpartition(".")[2] in QUOTED
    ]


def _fault(document: Document, wrong: Wrong) -> Fault:
    """A fault with its place: in the file that it is within; the key's where the key is wrong, else the value's, else
    the nearest one around it."""
    from mvr.project.form import spelled

    path = spelled(wrong.steps)
    if wrong.within:
        return Fault(*wrong.within, 1, path, wrong.found, wrong.expected, wrong.hint, wrong.code)
    place = document.keys.get(path) if wrong.at_key else None
    around = (document.places.get(spelled(wrong.steps[:count])) for count in range(len(wrong.steps), -1, -1))
    place = place or next((one for one in around if one is not None), Place(1, 1))
    return Fault(document.name, place.line, place.column, path, wrong.found, wrong.expected, wrong.hint, wrong.code)


def _in_order(faults: list[Fault], name: str) -> tuple[Fault, ...]:
    """Faults in the order of the file, then those in files that it names; of very many, the first."""
    faults.sort(key=lambda fault: (fault.file != name, fault.line, fault.column))
    more = len(faults) - MOST_FAULTS
    rest = [Fault(name, 0, 0, "", f"and {more:,} more faults", "", "mend these first")] if more > 0 else []
    return (*faults[:MOST_FAULTS], *rest)


def _nearest_place(places: Any, path: str) -> Place:
    while path and path not in places:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    found: Place = places.get(path, Place(1, 1))
    return found


def _called(file: Path) -> str:
    """What faults call a file: its path from where one stands, if it is below."""
    try:
        return str(file.relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(file)
