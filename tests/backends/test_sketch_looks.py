"""The looks of the sketch: each its own file, told by its words, and told apart at a glance."""

from __future__ import annotations

import itertools
from typing import Any

import cv2
import numpy as np
import pytest

from mvr.backends.sketch import looks
from mvr.backends.sketch.reading import found
from tests.backends.test_sketch import MARA, ask, paint, picture

DRAWN = sorted(name for name, look in looks.all_looks().items() if hasattr(look, "surface") or hasattr(look, "FRAME"))
SENTENCE = "a medium shot on a street at dusk"


def seen(look: str) -> Any:
    recipe = ask(SENTENCE, MARA)
    words = looks.all_looks()[look].WORDS.split(",")[0] if look else ""
    return picture({**recipe, "style": {**recipe["style"], "look": words}})


def glance(pixels: Any) -> Any:
    """What the eye takes in at once: broad colours, how much fine detail there is, and of what colour the edge is."""
    lab = cv2.cvtColor(pixels, cv2.COLOR_BGR2LAB).astype(float)
    fine = np.abs(lab - cv2.GaussianBlur(lab, (0, 0), 2)).mean()
    return np.append(cv2.resize(lab, (4, 6), interpolation=cv2.INTER_AREA).ravel(), [fine * 40])


def test_there_are_eight_looks_and_more() -> None:
    """Noir, anime, watercolour, cut-out, ink, neon, pastel and risograph are among them."""
    assert {"noir", "anime", "watercolour", "cutout", "ink", "neon", "pastel", "riso"} <= set(DRAWN)


def test_looks_differ_at_a_glance() -> None:
    """One shot in any two looks is two pictures: in colour, or in grain."""
    signs = {name: glance(seen(name)) for name in ("", *DRAWN)}
    for one, other in itertools.combinations(signs, 2):
        assert np.abs(signs[one] - signs[other]).mean() > 1.5, (one, other)


@pytest.mark.parametrize("name", sorted(looks.all_looks()))
def test_a_look_is_named_by_its_words(name: str) -> None:
    """Every phrase of a look's file names that look and no other."""
    for phrase in looks.all_looks()[name].WORDS.split(","):
        assert found("look", phrase) == [name], phrase


def test_a_look_draws_the_same_bytes_again() -> None:
    """Texture is no chance: a second drawing is the same to the byte."""
    recipe = ask(SENTENCE, MARA, size=(90, 160))
    told = {**recipe, "style": {**recipe["style"], "look": "watercolour"}}
    assert paint(told) == paint(told)
