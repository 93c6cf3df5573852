"""Portrait: what a character looks like, from the sheet alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from mvr.model import Character, Makers
from mvr.stages import portrait
from tests.desk import run
from tests.stages.film_project import PROJECT

RED = Character("ana", "lead", "woman with long hair", "red dress")


def test_the_recipe_is_the_sheet_and_the_style() -> None:
    """Arc, range and role are direction, not looks: changing them paints nothing anew."""
    values, sources = portrait.recipe(PROJECT, RED)
    assert values["character"] == {
        "name": "ana", "description": "woman with long hair", "wardrobe": "red dress", "features": []
    }  # fmt: skip
    assert portrait.recipe(PROJECT, replace(RED, role="supporting", arc="to joy", range=("sad",)))[0] == values
    assert sources["character.wardrobe"] == "characters.ana.wardrobe"


def test_a_project_without_a_painter_has_no_portraits() -> None:
    """There is nobody to paint them."""
    with pytest.raises(ValueError, match="no painter"):
        portrait.recipe(replace(PROJECT, make=Makers(painter=None)), RED)


def test_a_portrait_shows_the_clothes(tmp_path: Path) -> None:
    """The middle of a portrait is as red as the dress; in green clothes it is not."""
    found = []
    for name, wardrobe in (("a", "red dress"), ("b", "green dress")):
        recipe = portrait.recipe(PROJECT, replace(RED, wardrobe=wardrobe))[0] | {"size": [120, 160]}
        picture = np.asarray(cv2.imread(str(run(portrait, recipe, out=tmp_path / name).parts[""]))).astype(int)
        body = picture[100:150, 30:90]
        found.append(float(np.mean(body[:, :, 2] - body[:, :, 1])))
    assert found[0] > found[1] + 25
