"""What is decided on the page is written into the project file, and nothing else in it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mvr.errors import ProjectError
from mvr.model import ShotPlan
from mvr.revising import LONGEST, Reviser
from tests.studio import PROJECT, Studio


class Desk:
    """A studio, and a reviser of its shots as they are at each moment."""

    def __init__(self, folder: Path, text: str = PROJECT) -> None:
        self.studio = Studio.start(folder, text)
        self.reviser = Reviser(self.studio.workspace, self._plans)
        self.before = self.text

    def _plans(self) -> tuple[tuple[ShotPlan, ...], Fraction]:
        with self.studio.workspace.opened() as bench:
            return self.studio.workspace.planned(bench, lambda _: None)[1], bench.project.output.fps

    @property
    def text(self) -> str:
        return self.studio.file.read_text()

    def changed(self) -> list[str]:
        """The lines that are other ones now."""
        return [line.strip() for line in self.text.splitlines() if line not in self.before.splitlines()]

    def spans(self) -> list[tuple[str, int]]:
        return [(plan.id, plan.first_frame) for plan in self._plans()[0]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    desk = Desk(tmp_path_factory.mktemp("revising") / "tiny")
    desk.spans()
    return desk.studio


@pytest.fixture
def desk(made: Studio, tmp_path: Path) -> Desk:
    made.copy(tmp_path / "tiny")
    return Desk(tmp_path / "tiny")


def test_words_are_written_and_given_back(desk: Desk) -> None:
    """A prompt becomes an override of its shot, blanks single; an empty one gives the writer's words back."""
    shot = desk.spans()[1][0]
    assert desk.reviser.word(shot, "prompt", " a wide  sea\n at dawn ") == f"prompt of {shot} written"
    assert desk.changed() == [f"{shot}:", 'prompt: "a wide sea at dawn"']
    desk.reviser.word(shot, "prompt", "")
    assert desk.text == desk.before


def test_a_cut_is_moved_and_moved_back(desk: Desk) -> None:
    """The cut at a shot's start is written on it, moves the neighbour too, and is given back to the plan."""
    planned = desk.spans()
    desk.reviser.start("chorus-1.1", 7.5)
    assert 'start: "0:07.5"' in desk.text
    assert dict(desk.spans())["chorus-1.1"] == 90
    desk.reviser.start("chorus-1.1", None)
    assert (desk.spans(), desk.text) == (planned, desk.before)


def test_a_cut_that_the_shot_before_moved_changes_hands(tmp_path: Path) -> None:
    """Where the shot before says its `end`, that goes: one cut is moved by one line."""
    desk = Desk(tmp_path / "tiny")
    shots = [shot for shot, _ in desk.spans()]
    before = shots[shots.index("chorus-1.1") - 1]
    desk.studio.file.write_text(f'{PROJECT}  {before}: {{end: "0:07"}}\n')
    assert dict(desk.spans())["chorus-1.1"] == 84
    desk.reviser.start("chorus-1.1", 7.5)
    assert "end:" not in desk.text
    assert dict(desk.spans())["chorus-1.1"] == 90


@pytest.mark.parametrize("seconds", [-1.0, 0.0, 16.0, 99.0])
def test_a_cut_leaves_something_of_both_shots(desk: Desk, seconds: float) -> None:
    """A time at which nothing would be left of a shot is refused, with those that would do; nothing is written."""
    with pytest.raises(ProjectError, match="name a time from"):
        desk.reviser.start("chorus-1.1", seconds)
    assert desk.text == desk.before


def test_the_first_cut_stays(desk: Desk) -> None:
    """The film begins with its first shot."""
    with pytest.raises(ProjectError, match="begins the film"):
        desk.reviser.start(desk.spans()[0][0], 1.0)


def test_takes_and_notes(desk: Desk) -> None:
    """One more take, one more motion, a note and none."""
    desk.reviser.reroll("verse-1.1")
    assert "takes: 2" in desk.text
    desk.reviser.reroll("verse-1.1", motion=True)
    assert "takes: {still: 2, motion: 3}" in desk.text
    desk.reviser.note("verse-1.1", 'the "hand": # wrong')
    assert desk.text.endswith('notes:\n  verse-1.1: "the \\"hand\\": # wrong"\n')
    desk.reviser.note("verse-1.1", "")
    assert "notes" not in desk.text


def test_a_change_is_taken_back(desk: Desk) -> None:
    """Undo gives the bytes back, one change at a time; none once somebody else has edited the file."""
    desk.reviser.note("verse-1.1", "one")
    between = desk.text
    desk.reviser.word("verse-1.1", "motion", "slow push in")
    assert desk.reviser.undo() == "motion of verse-1.1: taken back"
    assert desk.text == between
    desk.studio.file.write_text(between + "# mine\n")
    with pytest.raises(ProjectError, match="was edited since"):
        desk.reviser.undo()
    assert desk.text == between + "# mine\n"
    with pytest.raises(ProjectError, match="nothing to take back"):
        desk.reviser.undo()


def test_what_is_no_shot_or_no_text_is_refused(desk: Desk) -> None:
    """Whatever a page sends: a shot that is not, another field, a number for a text, a book for a prompt."""
    verbs = desk.reviser.verbs()
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("word", {"shot": "verse-9.9", "field": "prompt", "text": "x"}),
        ("word", {"shot": "verse-1.1", "field": "seed", "text": "4"}),
        ("word", {"shot": "verse-1.1", "field": "prompt", "text": 4}),
        ("word", {"shot": "verse-1.1", "field": "prompt", "text": "x" * (LONGEST + 1)}),
        ("start", {"shot": "chorus-1.1", "seconds": "0:07"}),
        ("start", {"shot": "chorus-1.1", "seconds": True}),
        ("take", {"shot": "verse-1.1", "take": "9"}),
        ("note", {"shot": "../x", "text": "y"}),
        ("reroll", {}),
    ]
    for verb, asked in wrong:
        with pytest.raises(ProjectError):
            verbs[verb](asked)
    assert desk.text == desk.before
