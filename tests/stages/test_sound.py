"""What a shot's pictures may hear of the song."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvr.model import Output
from mvr.resources import resource
from mvr.stages import sound
from tests.desk import run
from tests.stages.film_project import PROJECT, SHOT

BANDS = ["kick", "snare", "hats", "bass", "loudness", "brightness"]


def made(
    folder: Path,
    first: int,
    end: int,
    fps: str = "24",
    *,
    envelopes: Any = None,
    beats: tuple[float, ...] = (),
    lines: list[Any] | None = None,
) -> Any:
    """The stage's document, checked against its schema."""
    folder.mkdir(parents=True, exist_ok=True)
    curves = np.zeros((6, 1000), np.uint8) if envelopes is None else envelopes
    np.save(folder / "envelopes.npy", curves)
    heard = {"rate": 100, "bands": BANDS, "beats": list(beats), "downbeats": list(beats[::4])}
    (folder / "beats.json").write_text(json.dumps(heard))
    inputs = {"beats": [folder / "beats.json"], "envelopes": [folder / "envelopes.npy"]}
    if lines is not None:
        (folder / "lyrics.json").write_text(json.dumps({"lines": lines}))
        inputs["lyrics"] = [folder / "lyrics.json"]
    recipe = {"first_frame": first, "end_frame": end, "fps": fps}
    node = run(sound, recipe, out=folder / "out", inputs=inputs)
    document = json.loads(node.parts[""].read_text("utf-8"))
    jsonschema.validate(document, json.loads(resource("schemas/sound.schema.json").read_text("utf-8")))
    return document


def test_a_frame_hears_its_middle(tmp_path: Path) -> None:
    """At 25 frames a second frame 10 stands for 0.42 s, between the values at 0.41 and 0.43 of a straight line."""
    ramp = np.tile(np.arange(0, 200, dtype=np.uint8), (6, 1))
    document = made(tmp_path, 10, 13, "25", envelopes=ramp)
    assert document["frames"] == 3
    assert document["kick"] == [round(value / 255, 3) for value in (42, 46, 50)]


def test_values_between_are_drawn_straight(tmp_path: Path) -> None:
    """At 24 frames a second frame 0 stands for 2.083 hundredths: a twelfth of the way from the third to the fourth."""
    curve = np.zeros((6, 10), np.uint8)
    curve[:, 2], curve[:, 3] = 120, 240
    assert made(tmp_path, 0, 1, envelopes=curve)["bass"] == [round((120 * 11 / 12 + 240 / 12) / 255, 3)]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 4000), st.integers(1, 200), st.sampled_from(["24", "30000/1001", "60", "1"]))
def test_every_shot_has_exactly_its_frames(tmp_path_factory: Any, first: int, frames: int, fps: str) -> None:
    """Each band has one number a frame, also where the shot reaches past the envelopes' end."""
    document = made(tmp_path_factory.mktemp("sound"), first, first + frames, fps)
    assert document["frames"] == frames
    assert {len(document[band]) for band in BANDS} == {frames}


def test_beats_are_frames_of_the_shot(tmp_path: Path) -> None:
    """A beat in the shot is told in frames from its start; the one at its end belongs to the next shot."""
    document = made(tmp_path, 48, 96, beats=(1.0, 2.0, 2.5, 3.01, 3.99, 4.0))
    assert document["beats"] == [0.0, 12.0, 24.24, 47.76]
    assert document["downbeats"] == [47.76]


def test_words_are_those_sung_in_the_shot(tmp_path: Path) -> None:
    """Words with times come one by one, others as their line; one that began before the shot has a start below 0."""
    words = [{"start": 1.0, "end": 1.5, "text": "one"}, {"start": 1.5, "end": 2.5, "text": "two"}]
    lines = [
        {"start": 1.0, "end": 2.5, "text": "one two", "words": words},
        {"start": 3.0, "end": 9.0, "text": "all of it", "words": []},
        {"start": 9.0, "end": 9.5, "text": "after", "words": []},
    ]
    document = made(tmp_path, 48, 96, lines=lines)
    assert document["words"] == [
        {"start": -12.0, "end": 12.0, "text": "two"},
        {"start": 24.0, "end": 168.0, "text": "all of it"},
    ]


def test_a_shot_hears_nothing_of_another(tmp_path: Path) -> None:
    """A beat or a hit that changes outside the shot's span leaves its bytes as they are."""
    curves = np.full((6, 1000), 50, np.uint8)
    changed = curves.copy()
    changed[:, :150] = 200
    changed[:, 500:] = 200
    one = made(tmp_path / "one", 48, 96, envelopes=curves, beats=(0.5, 2.0, 6.0))
    two = made(tmp_path / "two", 48, 96, envelopes=changed, beats=(0.7, 2.0, 5.0))
    assert one == two


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(30000, 1001)])
def test_the_recipe_is_the_span(fps: Fraction) -> None:
    """The recipe names the shot's frames and the rate, and nothing of its words or pictures."""
    project = replace(PROJECT, outputs=(Output(64, 48, fps),))
    values, sources = sound.recipe(project, SHOT)
    assert values == {"first_frame": 10, "end_frame": 16, "fps": str(fps)}
    assert sources["fps"] == "output.fps"
    assert sound.recipe(project, replace(SHOT, prompt="another", seed=9))[0] == values
