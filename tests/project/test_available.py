"""What is in the form, but does not work in this mvr, is told as such."""

from __future__ import annotations

from pathlib import Path

import pytest

from mvr import __version__, project
from mvr.errors import ProjectError
from mvr.project import available
from tests.project.bench import SMALL, faults, written

SHOT = SMALL + "shots:\n  chorus-1.5: {"

LATER = {
    "mvr": "mvr: 2\n" + SMALL,
    "song.generate": "concept: x\nsong: {generate: {with: ace-step, prompt: slow}}\n",
    "lyrics": SMALL + "lyrics: words.txt\n",
    "make.refine": SMALL + "make: {refine: [{with: rife}]}\n",
    "make.review": SMALL + "make: {review: {retries: 2}}\n",
    "shots.*.refine": SHOT + "refine: [{with: rife}]}\n",
}


@pytest.mark.parametrize("later", available.LATER, ids=lambda later: later.path)
def test_what_does_not_work_yet_is_told_with_its_line(tmp_path: Path, later: available.Later) -> None:
    """A key or value that nothing makes yet is code 3, with its place, and what to do instead."""
    with pytest.raises(ProjectError) as caught:
        project.load(written(tmp_path, LATER[later.path]))
    [fault] = caught.value.faults
    assert (fault.code, caught.value.exit_code) == (3, 3)
    assert fault.found.endswith(f"is not available in mvr {__version__}")
    assert fault.path.split(".")[-1] == later.path.split(".")[-1]
    assert fault.line >= 1
    assert fault.hint


def test_the_table_is_tested_whole() -> None:
    """Every line of the table has its test, and every test its line."""
    assert LATER.keys() == {later.path for later in available.LATER}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("make: {painter: dalle}\n", "make.painter"),
        ("make: {animator: {with: veo, steps: 30}}\n", "make.animator.with"),
        ("make: {writer: {with: director, model: x}}\n", "make.writer.with"),
        ("shots: {chorus-1.5: {animator: veo}}\n", "shots.chorus-1.5.animator"),
        ("lyrics: transcribe\n", "lyrics"),
    ],
)
def test_a_maker_that_is_not_built_is_told_as_such(tmp_path: Path, text: str, path: str) -> None:
    """A backend that is not here is code 3, and those that are here are named."""
    [fault] = faults(tmp_path, SMALL + text)
    assert (fault.code, fault.path) == (3, path)
    assert f"is not available in mvr {__version__}" in fault.found
    assert fault.hint


def test_a_file_that_is_wrong_and_asks_too_much_is_wrong(tmp_path: Path) -> None:
    """Code 3 is only for a file with nothing else to mend."""
    with pytest.raises(ProjectError) as caught:
        project.load(written(tmp_path, SMALL + "look: {grain: 0.1}\ntitel: x\n"))
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        "lyrics: none\n",
        "cut: {by: list, at: [0:04], transitions: {section: cut, otherwise: cut}}\n",
        "make: {refine: [], approve: none}\n",
        "look: {react: none}\n",
        "words: {captions: none, title: false, overlays: []}\n",
        "output: {also: []}\n",
        "shots: {chorus-1.5: {take: 3, react: none, transition: cut, refine: []}}\n",
    ],
)
def test_a_value_that_changes_nothing_works(tmp_path: Path, text: str) -> None:
    """What says in words what happens anyway is right."""
    assert faults(tmp_path, SMALL + text) == ()
