"""`mvr new`: a folder that renders as it stands."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mvr import project, starter
from mvr.errors import ProjectError
from mvr.project import yamlfile
from mvr.resources import resource

TEMPLATES = ("loop", "lyric-video", "performance", "story", "visualizer")


@pytest.fixture
def song(tmp_path: Path) -> Path:
    file = tmp_path / "Night Drive.wav"
    file.write_bytes(b"RIFF")
    return file


def test_the_starters_are_there() -> None:
    """Every starter."""
    assert tuple(starter.templates()) == TEMPLATES


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_started_project_is_right(tmp_path: Path, song: Path, template: str) -> None:
    """Each starter is a project without a fault, of 25 lines at most, with its song, .gitignore and schema."""
    file = starter.new(tmp_path / "night-drive", song, "", template)
    assert file == tmp_path / "night-drive" / "project.yaml"
    found = project.load(file)
    assert (found.song.file, found.title) == ("Night Drive.wav", "Night Drive")
    assert found.concept
    text = file.read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=.mvr/project.schema.json\n")
    assert len(text.splitlines()) <= 25
    assert max(len(line) for line in text.splitlines()) <= 120
    assert (file.parent / "Night Drive.wav").read_bytes() == b"RIFF"
    assert (file.parent / ".gitignore").read_text() == ".mvr/\nmvr-out/\n"
    shipped = resource("schemas/project.schema.json").read_bytes()
    assert (file.parent / ".mvr" / "project.schema.json").read_bytes() == shipped
    assert (file.parent / ".mvr" / ".gitignore").read_text() == "*\n"
    assert sorted(one.name for one in file.parent.iterdir()) == [
        ".gitignore", ".mvr", "Night Drive.wav", "project.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_is_commented_out_works_too(tmp_path: Path, song: Path, template: str) -> None:
    """The lines that a user is invited to uncomment are right."""
    file = starter.new(tmp_path / "x", song, "", template)
    text = file.read_text("utf-8")
    file.write_text(text.replace("  # chorus", "  chorus").replace("  # verse", "  verse"), "utf-8")
    assert project.load(file).shots


CONCEPTS = [
    "A diver finds a lit city under the ice.",
    "She said: \"no\" # and 'left'",
    "line one\nline two\r\n\ttabbed",
    "- a list? {no} [neither] *nor &this !that %either @all `of` it |",
    "null",
    "No",
    "1:40",
    "0x1F",
    "---",
    "Ünïcödé 日本語 🎬 \u2028 \ufeff \x85 \ufffe",
    "a backslash \\ and \\n that is none",
    "trailing: ",
    "word " * 90,
    "two words: " * 200,
    "x" * 3000,
    "\x00\x1b[2Jbell\x07",
    "a\ud800b",
]


@pytest.mark.parametrize("concept", CONCEPTS, ids=range(len(CONCEPTS)))
def test_a_concept_is_quoted_safely(tmp_path: Path, song: Path, concept: str) -> None:
    """Whatever a concept holds, the project reads it back as the same words, and stays short."""
    file = starter.new(tmp_path / "x", song, concept)
    assert project.load(file).concept == starter._one_line(concept)
    assert len(file.read_text("utf-8").splitlines()) <= 25


@given(st.text())
def test_a_text_is_the_same_text_for_every_reader(text: str) -> None:
    """A scalar is read back as itself by YAML 1.2, and by PyYAML's YAML 1.1."""
    line = f"key: {starter.scalar(text)}\n"
    plain = text.encode("utf-8", "replace").decode()
    if not any((ord(char) < 32 and char not in "\t\n\r") or ord(char) == 127 for char in text):
        assert yamlfile.read(line.encode(), "x").data == {"key": plain}
    assert yaml.safe_load(line) == {"key": plain}


@given(st.text())
def test_any_concept_starts_a_project(concept: str) -> None:
    """No concept makes a project that mvr then refuses."""
    with tempfile.TemporaryDirectory() as name:
        song = Path(name) / "song.wav"
        song.write_bytes(b"RIFF")
        found = project.load(starter.new(Path(name) / "x", song, concept))
        assert not concept.strip() or found.concept


def test_a_long_concept_is_folded(tmp_path: Path, song: Path) -> None:
    """A long concept can be read without scrolling sideways."""
    file = starter.new(tmp_path / "x", song, "A diver finds a lit city under the ice. " * 6)
    assert max(len(line) for line in file.read_text("utf-8").splitlines()) <= 120


@pytest.mark.parametrize("name", ["sóng – 1.flac", "a:b #1.wav", "-rf.wav", ".hidden.mp3", "new\nline.ogg", "noext"])
def test_a_song_of_any_name_is_copied_in(tmp_path: Path, name: str) -> None:
    """A name that some system cannot write becomes `song`."""
    song = tmp_path / name
    song.write_bytes(b"RIFF")
    file = starter.new(tmp_path / "x", song)
    found = project.load(file)
    assert (file.parent / found.song.file).read_bytes() == b"RIFF"
    assert found.song.file == name if name[0] in "sn" and "\n" not in name else found.song.file.startswith("song.")


def test_a_project_is_never_overwritten(tmp_path: Path, song: Path) -> None:
    """A folder with a project is left as it is."""
    file = starter.new(tmp_path / "x", song)
    file.write_text("mine")
    with pytest.raises(ProjectError, match="is there already"):
        starter.new(tmp_path / "x", song)
    assert file.read_text() == "mine"


def test_a_song_that_is_in_the_folder_stays(tmp_path: Path, song: Path) -> None:
    """A project can be started in the folder where the song is."""
    file = starter.new(tmp_path, song)
    assert project.load(file).song.file == song.name


def test_another_file_of_the_song_s_name_is_not_overwritten(tmp_path: Path, song: Path) -> None:
    """What stands in the folder already is not lost."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / song.name).write_bytes(b"other")
    with pytest.raises(ProjectError, match="is there already, and is another file"):
        starter.new(tmp_path / "x", song)
    assert (tmp_path / "x" / song.name).read_bytes() == b"other"
    assert not (tmp_path / "x" / "project.yaml").exists()


def test_a_gitignore_is_added_to(tmp_path: Path, song: Path) -> None:
    """What a folder keeps out of git stays out."""
    (tmp_path / ".gitignore").write_text("*.tmp\n.mvr/")
    starter.new(tmp_path, song)
    assert (tmp_path / ".gitignore").read_text() == "*.tmp\n.mvr/\nmvr-out/\n"


def test_a_song_that_cannot_be_copied_starts_nothing(tmp_path: Path) -> None:
    """Without a song no folder is made."""
    (tmp_path / "empty.wav").touch()
    for name, said in (("gone.wav", "is not there"), (".", "is a folder"), ("empty.wav", "is empty")):
        with pytest.raises(ProjectError, match=said) as caught:
            starter.new(tmp_path / "x", tmp_path / name)
        assert caught.value.hint
    assert not (tmp_path / "x").exists()


def test_an_unknown_template_is_told_with_the_nearest(tmp_path: Path, song: Path) -> None:
    """A mistyped starter is an error that names it."""
    with pytest.raises(ProjectError, match="no template is named 'storry'") as caught:
        starter.new(tmp_path / "x", song, "", "storry")
    assert caught.value.hint == "did you mean 'story'?"


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path, song: Path) -> None:
    """A project is a folder."""
    with pytest.raises(ProjectError, match="is a file"):
        starter.new(song, song)


def test_the_schema_is_written_where_it_is_old_and_left_where_it_is_not(tmp_path: Path) -> None:
    """Editors find this mvr's schema beside the project, and a run that changes nothing writes nothing."""
    assert starter.write_schema(tmp_path)
    copy = tmp_path / ".mvr" / "project.schema.json"
    before = copy.stat().st_mtime_ns
    assert not starter.write_schema(tmp_path)
    assert copy.stat().st_mtime_ns == before
    copy.write_text("{}")
    assert starter.write_schema(tmp_path)
    assert copy.stat().st_size > 1000
    assert sorted(one.name for one in copy.parent.iterdir()) == [".gitignore", "project.schema.json"]


def test_a_folder_that_cannot_be_written_does_without_the_schema(tmp_path: Path) -> None:
    """The schema is for editors; no run fails for it."""
    (tmp_path / ".mvr").write_text("a file in the way")
    assert not starter.write_schema(tmp_path)
