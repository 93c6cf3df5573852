"""Frozen words: they stand in the writer's place, and freezing them changes no picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from mvr import choosing, comparison, edit, freezing, project
from mvr.errors import MachineError, ProjectError
from mvr.model import frozen_names
from tests.studio import Studio
from tests.test_cli import mvr
from tests.test_history import git


def quietly(_: object) -> None:
    """Shows nothing."""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    studio = Studio.start(tmp_path_factory.mktemp("frozen") / "tiny")
    studio.render()
    return studio


@pytest.fixture
def studio(rendered: Studio, tmp_path: Path) -> Studio:
    """A finished film whose words are frozen."""
    studio = rendered.copy(tmp_path / "tiny")
    freezing.freeze(studio.workspace, quietly)
    return studio


def treatment(studio: Studio) -> Path:
    return studio.folder / "project.treatment.yaml"


def shots(studio: Studio) -> Path:
    return studio.folder / "project.shots.yaml"


def change(file: Path, old: str, new: str) -> None:
    """Replaces a text where it stands first in a file."""
    text = file.read_text()
    assert old in text, old
    file.write_text(text.replace(old, new, 1))


def words(studio: Studio, shot: str) -> str:
    listed = studio.workspace.shots(quietly)["shots"]
    return next(str(one["prompt"]) for one in listed if one["id"] == shot)


def without(file: Path, shot: str) -> None:
    """Takes a shot out of a frozen list."""
    file.write_text(edit.take_out(file.read_text(), ("shots", shot)))


def test_freezing_makes_nothing_again(studio: Studio) -> None:
    """After freezing nothing is stale, nothing is made, and the film is the same; so it is after thawing."""
    film = studio.film.read_bytes()
    assert studio.stale() == set()
    assert studio.render() == set()
    freezing.thaw(studio.workspace)
    assert not treatment(studio).exists()
    assert not shots(studio).exists()
    assert studio.stale() == set()
    assert studio.render() == set()
    assert studio.film.read_bytes() == film


def test_freezing_before_anything_is_made(tmp_path: Path) -> None:
    """In a fresh project freezing makes song, music and words; the film is the one that would have been made."""
    fresh = Studio.start(tmp_path / "fresh")
    assert freezing.freeze(fresh.workspace, quietly) == [
        "frozen: project.treatment.yaml", "frozen: project.shots.yaml, 6 shots",
    ]  # fmt: skip
    made = fresh.render()
    assert {"verse-1/shots", "treatment"} & made == set()
    freezing.thaw(fresh.workspace)
    assert fresh.render() == set()


def test_one_shots_words_make_that_shot(studio: Studio) -> None:
    """A prompt edited in the frozen list makes exactly that shot, and `why` names the file and the line."""
    change(shots(studio), "ada cannot keep still. The roofline", "a crow lands on a wire. The roofline")
    number = next(n for n, line in enumerate(shots(studio).read_text().splitlines(), 1) if "crow" in line)
    assert studio.stale() == {"verse-1.2/keyframe"}
    places = {(one["file"], one["line"], one["path"]) for one in studio.workspace.why("verse-1.2/keyframe")["why"]}
    assert places == {("project.shots.yaml", number, "shots.verse-1.2.prompt")}
    assert studio.render() == {f"verse-1.2/{stage}" for stage in ("keyframe", "clip", "segment")}
    assert "a crow lands on a wire" in words(studio, "verse-1.2")


def test_how_the_list_is_written_makes_nothing(studio: Studio) -> None:
    """Comments, order, quotes and wrapping in the frozen files change no word."""
    text = shots(studio).read_text()
    text = text.replace('motion: "fast tilt up, the wind', "motion: >\n      fast tilt up,\n      the wind", 1)
    text = text.replace('no moment of rest"', "no moment of rest # as written", 1).replace(" # as written", "")
    shots(studio).write_text("# mine\n" + text)
    assert studio.render() == set()


def test_concept_and_seed_of_words_reach_no_frozen_shot(studio: Studio) -> None:
    """No writer is asked: another concept and another section sentence make nothing."""
    studio.edit("A woman walks through a city at night.", "A diver swims through a drowned forest.")
    studio.edit("the harbour opens before her", "a forest closes around her")
    assert studio.render() == set()


def test_a_new_shot_is_written_and_the_others_keep_their_pictures(studio: Studio) -> None:
    """A forced cut asks the writer for the shot that the list lacks; freezing again adds it, and makes nothing."""
    studio.edit("cut: {length: [2s, 4s]}", "cut: {length: [2s, 4s], at: [9s]}")
    made = studio.render()
    touched = {f"{shot}/{stage}" for shot in ("chorus-1.1", "chorus-1.1b") for stage in ("sound", "clip", "segment")}
    assert made - {"treatment"} == touched | {"chorus-1.1b/keyframe", "cut", "chorus-1/shots"}
    assert freezing.freeze(studio.workspace, quietly) == ["frozen: project.shots.yaml, 7 shots"]
    assert studio.render() == set()
    assert freezing.freeze(studio.workspace, quietly) == ["all was frozen already"]
    studio.edit(", at: [9s]", "")
    assert freezing.freeze(studio.workspace, quietly) == [
        "not in the cut now, and kept in project.shots.yaml: chorus-1.1b"
    ]


def test_freezing_again_keeps_hand_edits(studio: Studio) -> None:
    """A list that was edited gets what it lacks, and every other byte of it stays."""
    change(shots(studio), "a woman walks through a city at night.", "a crow lands on a wire.  ")
    before = shots(studio).read_text()
    studio.edit("cut: {length: [2s, 4s]}", "cut: {length: [2s, 4s], at: [9s]}")
    assert freezing.freeze(studio.workspace, quietly) == ["frozen: chorus-1.1b added to project.shots.yaml"]
    after = shots(studio).read_text()
    assert after.startswith(before.rstrip("\n"))
    assert "chorus-1.1b" in project.load(studio.file).frozen.shots


def test_a_shot_taken_out_is_written_from_the_frozen_treatment(studio: Studio) -> None:
    """Where the list lacks a shot, the writer reads the frozen brief, as edited by hand."""
    change(treatment(studio), "weather: wind", "weather: rain")
    assert studio.render() == set()
    without(shots(studio), "verse-1.2")
    made = studio.render()
    assert made == {"treatment", "verse-1/shots"} | {f"verse-1.2/{x}" for x in ("keyframe", "clip", "segment")}
    assert "in the rain" in words(studio, "verse-1.2")


def test_a_section_that_the_treatment_lacks_is_written(studio: Studio) -> None:
    """A frozen treatment without one of the sections is filled up by the writer; the frozen ones stay."""
    text = treatment(studio).read_text()
    head, _, _ = text.partition("  - section: chorus-1")
    treatment(studio).write_text(head.replace("theme: ", "theme: mine # "))
    without(shots(studio), "chorus-1.2")
    assert studio.render() == {"treatment"}
    document = studio.workspace.why("treatment")
    assert document["recipe"]["frozen"]["theme"] == "mine"
    shots(studio).unlink()
    assert studio.render() == set()


def test_thawing_keeps_hand_edits_unless_told(studio: Studio) -> None:
    """An edited file is not thrown away without --yes; line ends that git wrote anew are no edit."""
    change(shots(studio), "purpose: develop" if "develop" in shots(studio).read_text() else "purpose: establish",
           "purpose: transition")  # fmt: skip
    treatment(studio).write_bytes(treatment(studio).read_bytes().replace(b"\n", b"\r\n"))
    ran = mvr("plan", "--thaw", cwd=studio.folder)
    assert ran.returncode == 2
    assert "project.shots.yaml was edited by hand" in ran.stderr
    assert "mvr plan --thaw --yes" in ran.stderr
    assert treatment(studio).exists()
    ran = mvr("plan", "--thaw", "--yes", cwd=studio.folder)
    assert (ran.returncode, ran.stdout.strip()) == (0, "nothing to make: the film stands")
    assert not shots(studio).exists()
    assert freezing.thaw(studio.workspace) == ["nothing is frozen here"]


def test_the_command_freezes_and_plans(studio: Studio) -> None:
    """`plan --freeze` says what it wrote, then plans."""
    freezing.thaw(studio.workspace)
    ran = mvr("plan", "--freeze", cwd=studio.folder)
    assert (ran.returncode, ran.stdout.strip()) == (0, "nothing to make: the film stands")
    assert ran.stderr.splitlines() == ["frozen: project.treatment.yaml", "frozen: project.shots.yaml, 6 shots"]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "what"),
    [
        ("shots", "purpose: establish", "porpose: establish", 7, "unknown key 'porpose'"),
        ("shots", "purpose: establish", "purpose: estabish", 7, "did you mean 'establish'?"),
        ("shots", "characters: [ada]", "characters: [eva]", 17, "no character is named 'eva'"),
        ("shots", "shots:", "shots: [", 0, "YAML"),
        ("shots", "keep: []", "keep: soon", 11, "write it as a list"),
        ("shots", "verse-1.1:", "verse1.1:", 6, "a shot's id such as chorus-1.5"),
        ("treatment", "theme:", "title: x\ntheme:", 4, "unknown key 'title'"),
        ("treatment", '"#0b1d51"', '"blue"', 19, "'blue'"),
    ],
)
def test_a_fault_has_its_place(studio: Studio, file: str, old: str, new: str, line: int, what: str) -> None:
    """What is wrong in a frozen file is told with its file, line and column, as in the project file; exit 2."""
    path = shots(studio) if file == "shots" else treatment(studio)
    change(path, old, new)
    with pytest.raises(ProjectError) as caught:
        project.load(studio.file)
    fault = caught.value.faults[0]
    assert Path(fault.file).name == path.name
    assert line in (0, fault.line)
    assert fault.column > 0
    assert what in str(caught.value)
    assert mvr("check", cwd=studio.folder).returncode == 2


def test_words_of_a_shot_that_is_not_are_told(studio: Studio) -> None:
    """A mistyped id is a note in the plan, with its place and the nearest ids; its shot is written anew."""
    assert studio.workspace.plan()["notes"] == []
    change(shots(studio), "verse-1.1:", "verse-1.11:")
    plan = studio.workspace.plan()
    (note,) = plan["notes"]
    assert (note["file"], note["line"], note["path"]) == ("project.shots.yaml", 6, "shots.verse-1.11")
    assert note["found"].startswith("no shot is called verse-1.11 now")
    assert note["hint"].startswith("the nearest ids are verse-1.")
    assert "verse-1/shots" in {row["name"] for row in plan["nodes"]}
    said = mvr("plan", cwd=studio.folder).stdout
    assert "project.shots.yaml:6:3 shots.verse-1.11: no shot is called verse-1.11 now" in said


def test_an_edit_that_was_just_made_is_seen(studio: Studio) -> None:
    """A plan is remembered under the frozen files too, and under there being none."""
    assert studio.workspace.plan()["done"]
    change(shots(studio), "The roofline", "A wall")
    assert studio.stale()
    shots(studio).unlink()
    treatment(studio).unlink()
    assert studio.workspace.plan()["done"]
    assert studio.workspace.plan()["done"]
    freezing.freeze(studio.workspace, quietly)
    change(shots(studio), "The roofline", "A wall")
    assert not studio.workspace.plan()["done"]


def test_no_other_treatment_while_it_is_frozen(studio: Studio) -> None:
    """`reroll treatment` is refused, as no writer would be asked; the project file stays as it is."""
    before = studio.file.read_bytes()
    with pytest.raises(ProjectError, match="the words are frozen"):
        choosing.reroll(studio.workspace, "treatment", 1, quietly)
    assert studio.file.read_bytes() == before


def test_a_folder_that_cannot_be_written(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk refuses, it is told what to do."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "project.shots.yaml")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(MachineError, match="the disk refused"):
        freezing.thaw(studio.workspace)


def test_frozen_words_are_compared_with_git(studio: Studio) -> None:
    """`mvr diff` reads the frozen files of the revision: an edited prompt is a changed shot, without a store too."""
    (studio.folder / ".gitignore").write_text(".mvr/\nmvr-out/\n")
    git(studio.folder, "init")
    git(studio.folder, "add", ".")
    git(studio.folder, "commit", "-m", "frozen")
    assert comparison.document(studio.workspace, "HEAD")["values"] == []
    change(shots(studio), "ada cannot keep still. The roofline", "a crow lands on a wire. The roofline")
    found = comparison.document(studio.workspace, "HEAD")
    assert [(shot["id"], [word["field"] for word in shot["words"]]) for shot in found["changed"]] == [
        ("verse-1.2", ["prompt"])
    ]
    assert found["render"]["shots"] == ["verse-1.2"]
    git(studio.folder, "commit", "-a", "-m", "edited")
    git(studio.folder.parent, "clone", "tiny", "clone")
    clone = comparison.document(Studio(studio.folder.parent / "clone").workspace, "HEAD~1")
    assert [row["path"] for row in clone["values"]] == ["project.shots.yaml.verse-1.2.prompt"]
    freezing.thaw(studio.workspace, edited=True)
    thawed = comparison.document(studio.workspace, "HEAD")
    assert {"path": "project.shots.yaml", "was": "frozen", "now": None} in thawed["values"]


def test_the_names_follow_the_project(tmp_path: Path) -> None:
    """Two projects in one folder have frozen words of their own."""
    assert frozen_names(tmp_path / "project.yaml") == ("project.treatment.yaml", "project.shots.yaml")
    assert frozen_names(tmp_path / "teaser.yml") == ("teaser.treatment.yaml", "teaser.shots.yaml")
