"""The files that a project names are there, can be read, and stay inside its folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mvr import project
from mvr.machine import Machine
from tests.project.bench import SMALL, faults, loaded, written


def song(path: str) -> str:
    return f"concept: x\nsong: {path}\n"


@pytest.mark.parametrize(
    ("path", "found", "hint"),
    [
        ("gone.flac", "'gone.flac' is not there", "beside it: film.mov, project.yaml, refs/, song.wav"),
        ("sogn.wav", "'sogn.wav' is not there", "did you mean 'song.wav'?"),
        ("refs/lead.jpg", "'refs/lead.jpg' is not there", "did you mean 'refs/lead.png'?"),
        ("ref/a/lead.png", "'ref/a/lead.png' is not there", "there is no folder 'ref/a'"),
        ("refs", "'refs' is a folder", "in it: lead.png"),
        ("empty.wav", "'empty.wav' is empty", "copied whole"),
        ("pipe", "'pipe' is no regular file", "bytes in it"),
        ("../song.wav", "'../song.wav' leads out of the project's folder", "copy it in"),
        ("refs/../../song.wav", "'refs/../../song.wav' leads out", "copy it in"),
        ("/etc/hostname", "'/etc/hostname' is an absolute path", "`allow` in this machine's settings"),
        ("C:\\song.wav", "'C:\\song.wav' is an absolute path", "copy it in"),
        ("~/song.wav", "'~/song.wav' begins in a home folder", "copy the file"),
        ("https://a.example/song.mp3", "'https://a.example/song.mp3' is an address", "download it"),
        ("file:///etc/hostname", "'file:///etc/hostname' is an address", "download it"),
        ("link.wav", "'link.wav' is a link out of the project's folder", "copy it in"),
        ("out/song.wav", "'out/song.wav' is a link out of the project's folder", "copy it in"),
        ("round.wav", "'round.wav' leads nowhere", "points to itself"),
        ("'" + "x" * 300 + ".wav'", "'xxx", ""),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, path: str, found: str, hint: str) -> None:
    """A file that is missing, empty or outside is a fault on the line that names it."""
    home = tmp_path / "home"
    (home / "refs").mkdir(parents=True)
    (home / "refs" / "lead.png").write_bytes(b"png")
    (home / "film.mov").write_bytes(b"mov")
    if "empty" in path:
        (home / "empty.wav").touch()
    if "pipe" in path:
        os.mkfifo(home / "pipe")
    (tmp_path / "song.wav").write_bytes(b"RIFF")
    links = {"link.wav": tmp_path / "song.wav", "out": tmp_path, "round.wav": home / "round.wav"}
    for name, target in links.items():
        if path.startswith(name):
            (home / name).symlink_to(target)
    [fault] = faults(home, song(path))
    assert (fault.path, fault.line) == ("song", 2)
    assert fault.found.startswith(found)
    assert hint in fault.hint
    assert fault.code == 2


@pytest.mark.parametrize("path", ["song.wav", "./song.wav", "refs/../song.wav", "inner.wav"])
def test_a_file_inside_may_be_named_in_any_way(tmp_path: Path, path: str) -> None:
    """Dots and links that stay inside the folder are welcome."""
    (tmp_path / "refs").mkdir()
    (tmp_path / "inner.wav").symlink_to("song.wav")
    assert loaded(tmp_path, song(path)).files == {"song": path}


def test_an_absolute_path_into_the_folder_is_told_as_a_relative_one(tmp_path: Path) -> None:
    """A project can be moved: its own files are named from its folder."""
    [fault] = faults(tmp_path, song(str(tmp_path / "song.wav")))
    assert fault.hint == "write song.wav"


def test_a_folder_that_the_machine_allows_may_be_named(tmp_path: Path) -> None:
    """The machine's owner can let projects read a folder beside their own, by any path that leads there."""
    home, footage = tmp_path / "home", tmp_path / "footage"
    home.mkdir()
    footage.mkdir()
    (footage / "take.wav").write_bytes(b"RIFF")
    (home / "link.wav").symlink_to(footage / "take.wav")
    machine = Machine({}, allow=(footage,))
    for path in ("../footage/take.wav", str(footage / "take.wav"), "link.wav"):
        file = written(home, song(path))
        assert project.load(file, machine).song.file == path
        assert not project.check(file).project
    assert project.check(written(home, song("../other.wav")), machine).faults


def test_every_named_file_is_looked_at(tmp_path: Path) -> None:
    """Lyrics and references are checked as the song is, each on its own line."""
    text = SMALL + "lyrics: words.lrc\ncharacters:\n  lead:\n    references: [a.png, song.wav]\n"
    assert [fault.path for fault in faults(tmp_path, text)] == ["lyrics", "characters.lead.references[0]"]


def test_a_project_file_that_is_a_link_has_its_files_beside_the_link(tmp_path: Path) -> None:
    """Paths start where the project file is named, not where its bytes are."""
    (tmp_path / "elsewhere.yaml").write_text(SMALL)
    home = tmp_path / "home"
    home.mkdir()
    (home / "song.wav").write_bytes(b"RIFF")
    (home / "project.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert project.load(home).folder == home
