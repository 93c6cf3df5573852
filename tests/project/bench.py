"""A folder with a song and a project file, for the tests of this room."""

from __future__ import annotations

from pathlib import Path

from mvr import project
from mvr.errors import Fault
from mvr.model import Project

SMALL = "song: song.wav\nconcept: a walk home\n"


def written(folder: Path, text: str | bytes) -> Path:
    """The project file with that text, beside a song, in a folder."""
    (folder / "song.wav").write_bytes(b"RIFF")
    file = folder / "project.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def loaded(folder: Path, text: str) -> Project:
    """The project that a text spells."""
    return project.load(written(folder, text))


def faults(folder: Path, text: str | bytes) -> tuple[Fault, ...]:
    """What is wrong with a project file of that text."""
    return project.check(written(folder, text)).faults
