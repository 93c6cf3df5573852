"""A project against a revision of itself."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mvr import columns, comparison, diff
from mvr.errors import MachineError, ProjectError
from mvr.project import load
from mvr.resources import resource
from tests.studio import Studio
from tests.test_cli import mvr
from tests.test_history import git

SCHEMA = json.loads(resource("schemas/diff.schema.json").read_text())


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    studio = Studio.start(tmp_path_factory.mktemp("diff") / "tiny")
    (studio.folder / ".gitignore").write_text(".mvr/\nmvr-out/\n")
    git(studio.folder, "init", "-b", "main")
    git(studio.folder, "add", ".")
    git(studio.folder, "commit", "-m", "first")
    studio.render()
    return studio


@pytest.fixture
def studio(rendered: Studio, tmp_path: Path) -> Studio:
    return rendered.copy(tmp_path / "tiny")


def compared(studio: Studio, revision: str = "HEAD") -> Any:
    document = comparison.document(studio.workspace, revision)
    jsonschema.validate(document, SCHEMA)
    return document


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of a folder, git's and the store's included: its mtime and its bytes."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("witness.json", "cache.db", "cache.db-wal", "cache.db-shm")
    }


def test_nothing_changed_differs_in_nothing(studio: Studio) -> None:
    """Against what it is, a project has no difference, and rendering makes nothing."""
    found = compared(studio)
    assert [found[name] for name in ("new", "gone", "moved", "changed", "characters", "values", "files")] == [[]] * 7
    assert (found["compared"], found["same"], found["unknown"]) == ("shots", 6, [])
    assert found["render"] == {"nodes": [], "shots": [], "seconds": 0, "whole": True}


def test_a_prompt_and_a_wardrobe(studio: Studio) -> None:
    """Changed words stand beside the old ones; a changed coat names who wears it, and changes no shot's words."""
    studio.edit("in the rain", "in the snow")
    studio.edit("wardrobe: green jacket", "wardrobe: blue jacket")
    found = compared(studio)
    words = {"field": "prompt", "was": "ada waits at a wide street corner in the rain",
             "now": "ada waits at a wide street corner in the snow"}  # fmt: skip
    assert found["changed"] == [{"id": "verse-1.1", "words": [words]}]
    (who,) = found["characters"]
    assert (who["name"], who["state"]) == ("ben", "changed")
    assert who["words"] == [{"field": "wardrobe", "was": "green jacket", "now": "blue jacket"}]
    assert set(found["render"]["shots"]) == {"verse-1.1", *who["shots"]}
    assert [row["path"] for row in found["values"]] == ["shots.verse-1.1.prompt"]


def test_what_it_says_of_rendering_is_what_rendering_makes(studio: Studio) -> None:
    """Words that no treatment has yet are written aside, so that the shots and the seconds are known beforehand."""
    studio.edit("A woman walks through a city at night.", "A diver swims through a drowned forest.")
    studio.edit("cut: {length: [2s, 4s]}", "cut: {length: [2s, 4s], at: [9s]}")
    found = compared(studio)
    assert [shot["id"] for shot in found["new"]] == ["chorus-1.1b"]
    assert [shot["id"] for shot in found["moved"]] == ["chorus-1.1"]
    assert {"verse-1.2", "verse-1.4"} <= {shot["id"] for shot in found["changed"]}
    assert found["render"]["whole"]
    assert found["render"]["seconds"] > 0
    made = studio.render()
    drawn = {name.partition("/")[0] for name in made if name.endswith(("/keyframe", "/clip"))}
    assert drawn == set(found["render"]["shots"])
    assert made <= {row["name"] for row in found["render"]["nodes"]}
    assert compared(studio)["render"]["nodes"] == []


def test_nothing_is_touched(studio: Studio) -> None:
    """No file of the project, of git or of the store is written."""
    studio.edit("A woman walks through a city at night.", "A diver swims through a drowned forest.")
    before = everything(studio.folder)
    compared(studio)
    assert everything(studio.folder) == before


def test_a_dropped_cut_is_gone(studio: Studio) -> None:
    """A cut that is dropped is a shot gone, and one that is longer."""
    studio.edit("cut: {length: [2s, 4s]}", "cut: {length: [2s, 4s], drop: [chorus-1.3]}")
    found = compared(studio)
    assert [shot["id"] for shot in found["gone"]] == ["chorus-1.3"]
    assert len(found["moved"]) == 1
    back = comparison.document(studio.workspace, "HEAD")
    assert back["render"]["shots"] == [found["moved"][0]["id"]]


def test_an_earlier_revision_with_another_song(studio: Studio) -> None:
    """A file that git holds with other bytes is told; a revision is found by branch, tag or commit."""
    git(studio.folder, "tag", "v1")
    song = bytearray((studio.folder / "song.wav").read_bytes())
    song[-100:] = bytes(100)
    (studio.folder / "song.wav").write_bytes(song)
    git(studio.folder, "commit", "-a", "-m", "another song")
    for revision in ("v1", "HEAD~1", git(studio.folder, "rev-parse", "v1").strip()):
        found = compared(studio, revision)
        assert found["files"] == ["song.wav"]
        assert found["compared"] == "file"
        assert "its song was not heard here" in found["unknown"][0]


def test_a_clone_without_a_store(studio: Studio, tmp_path: Path) -> None:
    """A fresh clone compares the project file's own words, says what it cannot know, and gets no store."""
    studio.edit("in the rain", "in the snow")
    studio.edit("wardrobe: red coat", "wardrobe: blue coat")
    git(studio.folder, "commit", "-a", "-m", "second")
    git(tmp_path, "clone", "tiny", "clone")
    (tmp_path / "clone" / "song.wav").unlink()
    clone = Studio(tmp_path / "clone")
    found = compared(clone, "HEAD~1")
    assert (found["compared"], found["render"]) == ("file", None)
    assert [row["path"] for row in found["values"]] == ["shots.verse-1.1.prompt"]
    assert [who["name"] for who in found["characters"]] == ["ada"]
    assert "no store here" in found["unknown"][0]
    assert not (clone.folder / ".mvr").exists()
    assert git(clone.folder, "status", "--short") == " D song.wav\n"


def test_a_repository_without_a_working_tree(studio: Studio, tmp_path: Path) -> None:
    """In a bare clone its HEAD is compared, in the folder itself or by a path below it."""
    studio.edit("title: Tiny", "title: Great")
    git(studio.folder, "commit", "-a", "-m", "second")
    git(tmp_path, "clone", "--bare", "tiny", "tiny.git")
    ran = mvr("diff", "HEAD~1", "--json", cwd=tmp_path / "tiny.git")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["values"] == [{"path": "title", "was": "Tiny", "now": "Great"}]
    ran = mvr("diff", "HEAD~1", "-p", "tiny.git/project.yaml", cwd=tmp_path)
    assert (ran.returncode, "Great" in ran.stdout) == (0, True)
    ran = mvr("diff", "HEAD~1", "-p", "tiny.git/other.yaml", cwd=tmp_path)
    assert (ran.returncode, "other.yaml is not in" in ran.stderr) == (2, True)


def test_a_project_below_the_top_of_its_repository(studio: Studio, tmp_path: Path) -> None:
    """The project may stand in a folder of the repository, and name files beside it."""
    top = tmp_path / "top"
    (top / "films").mkdir(parents=True)
    for name in ("project.yaml", "song.wav"):
        shutil.copy(studio.folder / name, top / "films")
    git(top, "init", "-b", "main")
    git(top, "add", ".")
    git(top, "commit", "-m", "first")
    inner = Studio(top / "films")
    inner.edit("title: Tiny", "title: Great")
    found = compared(inner)
    assert ([row["path"] for row in found["values"]], found["files"]) == (["title"], [])


def test_the_words_for_a_person(studio: Studio) -> None:
    """Old and new words stand beside each other, no line wider than the terminal."""
    studio.edit("in the rain", "in the snow")
    ran = mvr("diff", cwd=studio.folder, COLUMNS="100")
    lines = ran.stdout.splitlines()
    assert ran.returncode == 0
    assert lines[0].endswith("shots: 0 new, 0 gone, 0 moved, 1 changed, 5 as they were")
    assert lines[1] == "changed  verse-1.1"
    assert [part.strip() for part in lines[2].split("|")] == [
        "prompt      ada waits at a wide street corner in", "ada waits at a wide street corner in",
    ]  # fmt: skip
    assert max(len(line) for line in lines[:4]) <= 100
    assert "rendering would make 4 things, pictures of verse-1.1" in lines[-1]
    assert list(columns.lines(compared(studio), 10))


@pytest.mark.parametrize(
    ("revision", "what"),
    [
        ("nowhere", "git knows no revision 'nowhere'"),
        ("-h", "git knows no revision '-h'"),
        ("--batch", "git knows no revision '--batch'"),
        ("HEAD^{tree}", "git knows no revision"),
        ("HEAD:project.yaml", "git knows no revision"),
        ("a\nHEAD", "git knows no revision"),
        ("", "git knows no revision"),
    ],
)
def test_an_unknown_revision(studio: Studio, revision: str, what: str) -> None:
    """A revision that is none is one sentence, exit 2; it is never an option to git."""
    ran = mvr("diff", "--", revision, cwd=studio.folder)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert what in ran.stderr
    with pytest.raises(ProjectError, match="git knows no revision"):
        compared(studio, revision or " ")


def test_what_git_does_not_have(studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No repository, nothing committed, a file that is not in the revision, no git: each one sentence and a hint."""
    shutil.copy(studio.file, studio.folder / "other.yaml")
    other = replace_file(studio, "other.yaml")
    with pytest.raises(ProjectError, match=r"other\.yaml is not in HEAD") as caught:
        comparison.document(other, "HEAD")
    assert "git log" in caught.value.hint
    shutil.rmtree(studio.folder / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(ProjectError, match="in no git repository"):
        compared(studio)
    git(studio.folder, "init")
    with pytest.raises(ProjectError, match="nothing is committed here yet"):
        compared(studio)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MachineError, match="git gives no answer") as lacking:
        compared(studio)
    assert lacking.value.exit_code == 3


def replace_file(studio: Studio, name: str) -> Any:
    from mvr import machine
    from mvr.workspace import Workspace

    return Workspace(studio.folder / name, machine.load())


def test_an_old_file_that_is_wrong_now(studio: Studio) -> None:
    """A revision whose file is not of the present form is told with the place in it, exit 2; so is a present fault."""
    good = studio.file.read_text()
    studio.file.write_text(good.replace("title: Tiny", "titel: Tiny"))
    git(studio.folder, "commit", "-a", "-m", "wrong")
    with pytest.raises(ProjectError, match=r"cannot be read by this mvr: HEAD:project\.yaml:2:1: titel") as caught:
        studio.file.write_text(good)
        compared(studio)
    assert caught.value.exit_code == 2
    assert "did you mean 'title'" in caught.value.hint
    studio.file.write_text("song: [")
    assert mvr("diff", "HEAD~1", "--json", cwd=studio.folder).returncode == 2


def test_a_pin_that_is_not_here(studio: Studio) -> None:
    """A pinned clip that is not in the store leaves the words compared, and what rendering would make unknown."""
    studio.edit("characters: [ada]}", 'characters: [ada], pin: "abcdef"}')
    found = compared(studio)
    assert [word["field"] for word in found["changed"][0]["words"]] == ["pin"]
    assert found["render"] is None
    assert "the clip abcdef is not here" in found["unknown"][0]


def test_another_rate_moves_nothing(studio: Studio) -> None:
    """The same cuts rounded to other frames have not moved."""
    was = load(studio.file)
    studio.edit("fps: 12", "fps: 25")
    now = load(studio.file)
    row = diff.Row("verse-1.1", "verse-1", 0.0, 2.333333, {})
    found = diff.compared(diff.Side(was, (row,)), diff.Side(now, (replace(row, end=2.32),)))
    assert (found["moved"], found["same"]) == ([], 1)
    found = diff.compared(diff.Side(was, (row,)), diff.Side(was, (replace(row, end=2.25),)))
    assert found["moved"] == [{"id": "verse-1.1", "section": "verse-1", "was": [0.0, 2.333333], "now": [0.0, 2.25]}]


def test_how_a_text_is_wrapped_is_no_difference(studio: Studio) -> None:
    """A concept on two lines of the file is the same concept."""
    studio.edit(
        "concept: A woman walks through a city at night.", "concept: >\n  A woman walks\n  through a city at night."
    )
    assert compared(studio)["values"] == []


def test_a_file_kept_by_a_filter_of_git_is_the_same(studio: Studio) -> None:
    """Line ends that git writes anew on checkout are no change."""
    (studio.folder / ".gitattributes").write_text("*.lrc text eol=crlf\n")
    (studio.folder / "words.lrc").write_bytes(b"[00:01.00]one\n[00:05.00]two\n")
    studio.edit("concept:", "lyrics: words.lrc\nconcept:")
    git(studio.folder, "add", ".")
    git(studio.folder, "commit", "-m", "words")
    (studio.folder / "words.lrc").unlink()
    git(studio.folder, "checkout", "words.lrc")
    assert b"\r\n" in (studio.folder / "words.lrc").read_bytes()
    assert compared(studio)["files"] == []
