"""Approving: no clip is made of a still before the user's word; another still asks again."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from mvr import choosing
from mvr.errors import ProjectError
from mvr.model import Goal
from mvr.resources import resource
from tests.studio import PROJECT, Studio
from tests.test_cli import mvr

ASKS = PROJECT.replace("output:", "make: {painter: fake, animator: fake, approve: stills}\noutput:")
SHOTS = {"verse-1.1", "verse-1.2", "verse-1.4", "chorus-1.1", "chorus-1.2", "chorus-1.3"}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    studio = Studio.start(tmp_path_factory.mktemp("approving") / "tiny", ASKS)
    studio.render()
    return studio


@pytest.fixture
def studio(asked: Studio, tmp_path: Path) -> Studio:
    return asked.copy(tmp_path / "tiny")


def approve(studio: Studio, *shots: str) -> list[str]:
    return choosing.approve(studio.workspace, shots, lambda _: None)


def clips(studio: Studio) -> set[str]:
    return {name for name in studio.render() if "/clip" in name}


def test_a_render_stops_before_the_clips_and_shows_the_stills(asked: Studio) -> None:
    """The stills are made and held in rough.mp4; no clip and no film is, and the outcome names who waits."""
    assert not any("/clip" in name for name in asked.made())
    assert {name for name in asked.made() if name.endswith("/keyframe")} == {f"{shot}/keyframe" for shot in SHOTS}
    assert {name for name in asked.made() if name.endswith("/held")} == {f"{shot}/held" for shot in SHOTS}
    assert asked.outcome is not None
    assert (set(asked.outcome.unapproved), asked.outcome.exit_code) == (SHOTS, 0)
    assert asked.outcome.film == asked.workspace.out / "rough.mp4"
    assert not asked.film.exists()


def test_one_word_makes_one_clip(studio: Studio) -> None:
    """The clip of the approved still is made, and no other; its digest stands in the file, in quotes."""
    assert approve(studio, "verse-1.1") == ["verse-1.1"]
    assert 'approved: "' in studio.file.read_text()
    assert clips(studio) == {"verse-1.1/clip"}
    assert set(studio.workspace.plan()["unapproved"]) == SHOTS - {"verse-1.1"}


def test_the_film_is_made_once_every_still_is_approved(studio: Studio) -> None:
    """`--all` approves what waits; a second time nothing waits."""
    assert set(approve(studio)) == SHOTS
    assert clips(studio) == {f"{shot}/clip" for shot in SHOTS}
    assert studio.film.exists()
    assert studio.workspace.plan()["done"]
    assert approve(studio) == []


def test_another_still_asks_again(studio: Studio) -> None:
    """A changed prompt makes another still, whose clip waits for another word; the old words bring the film back."""
    approve(studio)
    studio.render()
    film = studio.film.read_bytes()
    studio.edit("in the rain", "in the snow")
    assert clips(studio) == set()
    assert studio.outcome is not None
    assert studio.outcome.unapproved == ("verse-1.1",)
    studio.edit("in the snow", "in the rain")
    assert studio.render() == set()
    assert studio.film.read_bytes() == film


def test_what_is_made_already_needs_no_word(studio: Studio) -> None:
    """Asking for approval after the film was made makes nothing, and takes nothing away."""
    studio.edit("approve: stills", "approve: none")
    studio.render()
    studio.edit("approve: none", "approve: stills")
    assert studio.stale() == set()
    assert studio.render() == set()
    assert studio.outcome is not None
    assert studio.outcome.unapproved == ()


def test_takes_of_a_still_that_waits_are_stills(studio: Studio) -> None:
    """More takes of an unapproved shot are more stills to choose from, and no clips."""
    studio.edit("characters: [ada]}", "characters: [ada], takes: 3}")
    assert studio.render() == {"verse-1.1/keyframe@2", "verse-1.1/keyframe@3"}


def test_approved_true_is_for_whatever_still_there_is(studio: Studio) -> None:
    """`approved: true` waits for no word."""
    studio.edit("characters: [ada]}", "characters: [ada], approved: true}")
    assert clips(studio) == {"verse-1.1/clip"}


def test_a_still_that_is_not_made_cannot_be_approved(tmp_path: Path) -> None:
    """The command that makes it is named, and nothing is written."""
    studio = Studio.start(tmp_path / "tiny", ASKS)
    studio.render(Goal(until="shots"))
    before = studio.file.read_bytes()
    with pytest.raises(ProjectError, match="has no still yet"):
        approve(studio, "verse-1.1")
    with pytest.raises(ProjectError, match="no shot is named"):
        approve(studio, "verse-9.1")
    assert studio.file.read_bytes() == before


def test_the_command_line_approves(studio: Studio) -> None:
    """`mvr plan` says who waits, `mvr approve` needs names or --all, and `--json` has them."""
    assert "6 stills wait for your word" in mvr("plan", cwd=studio.folder).stdout
    assert mvr("approve", cwd=studio.folder).returncode == 2
    assert "approved: verse-1.4" in mvr("approve", "verse-1.4", cwd=studio.folder).stderr
    document = json.loads(mvr("plan", "--json", cwd=studio.folder).stdout)
    jsonschema.validate(document, json.loads(resource("schemas/plan.schema.json").read_text()))
    assert set(document["unapproved"]) == SHOTS - {"verse-1.4"}
