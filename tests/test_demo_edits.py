"""Which shots of the demo get other words or frames by an edit: exactly those that it touches."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.studio import Studio

DEMO = Path(__file__).parent.parent / "projects" / "demo"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    folder.mkdir()
    for name in ("project.yaml", "song.ogg", "lyrics.lrc"):
        shutil.copy(DEMO / name, folder)
    studio = Studio(folder)
    shots(studio)
    return studio


@pytest.fixture
def studio(planned: Studio, tmp_path: Path) -> Studio:
    return planned.copy(tmp_path / "demo")


def shots(studio: Studio) -> dict[str, Any]:
    """What each shot is made of, and who is in it."""
    keys = ("prompt", "motion", "first_frame", "end_frame", "characters")
    listed = studio.workspace.shots(lambda _: None)["shots"]
    return {shot["id"]: {key: shot[key] for key in keys} for shot in listed}


def touched(studio: Studio, old: str, new: str) -> tuple[set[str], dict[str, Any]]:
    """The shots that an edit gives other words or frames, and all shots after it."""
    before = shots(studio)
    studio.edit(old, new)
    after = shots(studio)
    return {shot for shot in before.keys() | after.keys() if before.get(shot) != after.get(shot)}, after


def test_a_wardrobe_touches_that_characters_shots(studio: Studio) -> None:
    """A changed coat re-writes nothing: it is in the prompts of exactly the shots that its owner is in."""
    found, after = touched(studio, "wardrobe: a yellow raincoat and a blue cap", "wardrobe: a green coat")
    assert found == {shot for shot, said in after.items() if "ode" in said["characters"]}
    assert found


def test_a_sections_sentence_touches_that_section(studio: Studio) -> None:
    """The ferryman's sentence is in exactly the shots of the second verse."""
    found, after = touched(studio, "the ferryman waits at the pier in the fog and", "the ferryman rows in and")
    assert found == {shot for shot in after if shot.startswith("verse-2.")}


def test_the_title_touches_nothing(studio: Studio) -> None:
    """No picture reads the title."""
    assert touched(studio, "title: Rise, Little Lantern", "title: Rise")[0] == set()


def test_a_forced_cut_touches_the_new_shot_and_its_neighbour(studio: Studio) -> None:
    """The shot that is cut in two is shorter, its other half is new, and every other one stays as it was."""
    before = shots(studio)
    name, shot = next((n, s) for n, s in before.items() if n.startswith("verse-1."))
    moment = (shot["first_frame"] + shot["end_frame"]) / 2 / 24
    found, after = touched(studio, "length: [2s, 6s]", f"at: [{moment:.3f}s]\n  length: [2s, 6s]")
    (new,) = after.keys() - before.keys()
    assert found == {name, new}
    assert after[name]["prompt"] == shot["prompt"]
