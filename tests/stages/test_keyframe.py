"""Keyframe: a painter is asked for what it reads of a shot, and for nothing that would make it paint again."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from mvr.engine.job import Cancelled
from mvr.model import Character, Maker, Output, Style
from mvr.stages import keyframe
from tests.desk import BenchDesk, run
from tests.stages.film_project import PROJECT, SHOT

LEAD = Character("lead", "lead", "young musician", "long dark coat", ("silver ring",), arc="to hope")
STAGED = replace(PROJECT, characters=(LEAD,), style=Style("noir", ("#0b1d51",), "neon", "wide", ("text",)))
TOLD = replace(
    SHOT, characters=("lead",), sources={"prompt": "verse-1/shots:shots.0.prompt", "seed": "shots.verse-1.1.seed"}
)


def test_the_recipe_names_what_a_painter_reads() -> None:
    """Words, characters without their arc, style without its camera, size and seed; the joined prompt holds all."""
    values, sources = keyframe.recipe(STAGED, TOLD)
    assert values["sentence"] == "a street"
    assert values["prompt"] == "a street. lead: young musician, long dark coat, silver ring. noir. neon"
    assert values["characters"] == [
        {"name": "lead", "description": "young musician", "wardrobe": "long dark coat", "features": ["silver ring"]}
    ]
    assert values["style"] == {"look": "noir", "palette": ["#0b1d51"], "lighting": "neon"}
    assert (values["size"], values["seed"], values["avoid"]) == ([64, 48], 1, ["text"])
    assert sources["sentence"] == "verse-1/shots:shots.0.prompt"
    assert sources["characters.0.wardrobe"] == "characters.lead.wardrobe"
    assert sources["seed"] == "shots.verse-1.1.seed"


def test_no_time_no_title_no_motion() -> None:
    """A moved cut, another motion, another title and another energy paint nothing anew."""
    moved = replace(TOLD, first_frame=3, end_frame=90, motion="pan left", energy=0.9, purpose="climax")
    titled = replace(STAGED, title="other", outputs=(replace(STAGED.output, fps=STAGED.output.fps * 2),))
    assert keyframe.recipe(titled, moved)[0] == keyframe.recipe(STAGED, TOLD)[0]


def test_a_shot_without_a_painter_has_no_keyframe() -> None:
    """Where the animator needs no still, none is asked for."""
    with pytest.raises(ValueError, match="no painter"):
        keyframe.recipe(STAGED, replace(TOLD, painter=None))


def test_it_makes_the_still_and_its_layers(tmp_path: Path) -> None:
    """The sketch hands on a still of the size asked for, and a zip of the layers it is made of."""
    desk = BenchDesk(tmp_path)
    made = run(keyframe, keyframe.recipe(STAGED, TOLD)[0], out=tmp_path, desk=desk)
    assert np.asarray(cv2.imread(str(made.parts[""]))).shape == (48, 64, 3)
    names = zipfile.ZipFile(made.parts["layers"]).namelist()
    assert "scene.json" in names
    assert sum(name.endswith(".png") for name in names) >= 5
    assert all(0 <= share <= 1 for share in desk.fractions)


def test_it_stops_when_nobody_wants_it(tmp_path: Path) -> None:
    """A job that is no longer wanted leaves between two layers."""
    desk = BenchDesk(tmp_path)
    desk.stop = True
    with pytest.raises(Cancelled):
        run(keyframe, keyframe.recipe(STAGED, TOLD)[0], out=tmp_path, desk=desk)


def test_another_size_is_another_recipe() -> None:
    """A still is painted at the output's shape."""
    wide = replace(STAGED, outputs=(Output(96, 48),))
    assert keyframe.recipe(wide, replace(TOLD, painter=Maker("sketch")))[0]["size"] == [96, 48]
