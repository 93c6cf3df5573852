"""Clip: a still in motion, of exactly the shot's frames; a segment of the film as it stands."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from mvr.errors import StageError
from mvr.media.probe import probe
from mvr.model import Maker
from mvr.stages import clip, keyframe, segment
from mvr.timeline import FREE
from tests.desk import run
from tests.stages.film_project import PROJECT, SHOT

SOUND = {
    "fps": "24", "frames": 6, "kick": [1, 0, 0, 1, 0, 0], "snare": [0] * 6, "hats": [0] * 6, "bass": [0.5] * 6,
    "loudness": [0.9] * 6, "brightness": [0.5] * 6, "beats": [0.0, 3.0], "downbeats": [0.0], "words": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A keyframe's parts."""
    made = run(keyframe, keyframe.recipe(PROJECT, SHOT)[0], out=tmp_path_factory.mktemp("still"))
    return dict(made.parts)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shot's sound."""
    path = tmp_path_factory.mktemp("sound") / "sound.json"
    path.write_text(json.dumps(SOUND), "utf-8")
    return path


def inputs(painted: dict[str, Path], heard: Path) -> dict[str, list[Path]]:
    return {"still": [painted[""]], "layers": [painted["layers"]], "sound": [heard]}


def test_the_recipe_names_what_an_animator_reads() -> None:
    """Motion, length, rate, size, seed and energy; no words of the picture, and not where the shot stands."""
    values, sources = clip.recipe(PROJECT, SHOT)
    assert values["frames"] == 6
    assert (values["fps"], values["size"], values["motion"], values["react"]) == ("24", [64, 48], "still", True)
    later = replace(SHOT, first_frame=100, end_frame=106, prompt="another street", purpose="resolve")
    assert clip.recipe(PROJECT, later)[0] == values
    assert sources["size"] == "output.size"


def test_a_clip_is_a_segment_already(tmp_path: Path, painted: dict[str, Path], heard: Path) -> None:
    """Its class, size and length are the film's, so its segment is a pass-through: one encode a shot."""
    made = run(clip, clip.recipe(PROJECT, SHOT)[0], out=tmp_path / "clip", inputs=inputs(painted, heard))
    (video,) = probe(made.parts[""]).videos
    assert (video.width, video.height, video.fps, video.frames) == (64, 48, Fraction(24), 6)
    cut = run(segment, segment.recipe(PROJECT, SHOT)[0], out=tmp_path / "cut", inputs={"clip": [made.parts[""]]})
    assert cut.provenance == {"passed": True}


def test_the_same_clip_twice_is_the_same_bytes(tmp_path: Path, painted: dict[str, Path], heard: Path) -> None:
    """Nothing in a clip comes from the clock, the process or the folder."""
    recipe = clip.recipe(PROJECT, SHOT)[0]
    one, two = (run(clip, recipe, out=tmp_path / name, inputs=inputs(painted, heard)) for name in "ab")
    assert one.parts[""].read_bytes() == two.parts[""].read_bytes()


def test_the_music_moves_the_picture_unless_told_not_to(tmp_path: Path, painted: dict[str, Path], heard: Path) -> None:
    """A kick changes the clip where it reacts, and none of it where it does not."""
    flat = tmp_path / "flat.json"
    flat.write_text(json.dumps({**SOUND, "kick": [0] * 6}), "utf-8")

    def made(react: bool, sound: Path, name: str) -> bytes:
        recipe = clip.recipe(PROJECT, replace(SHOT, react=react))[0]
        given = {**inputs(painted, sound), "sound": [sound]}
        return run(clip, recipe, out=tmp_path / name, inputs=given).parts[""].read_bytes()

    assert made(True, heard, "a") != made(True, flat, "b")
    assert made(False, heard, "c") == made(False, flat, "d")


def test_a_still_of_another_painter_moves_as_one_layer(tmp_path: Path) -> None:
    """Without layers the picture itself fills the frame, and the camera never sees its edge."""
    still = tmp_path / "photo.jpg"
    cv2.imwrite(str(still), np.full((90, 60, 3), (40, 90, 200), np.uint8))
    recipe = {**clip.recipe(PROJECT, SHOT)[0], "motion": "fast truck left"}
    made = run(clip, recipe, out=tmp_path / "out", inputs={"still": [still]})
    reader = cv2.VideoCapture(str(made.parts[""]))
    for _ in range(6):
        frame = reader.read()[1].astype(int)
        assert np.abs(frame[2:-2, 2:-2] - frame[24, 32]).max() < 60
    reader.release()


def test_neither_still_nor_layers_is_an_error(tmp_path: Path) -> None:
    """The sketch cannot move what is not there, and says so."""
    with pytest.raises(StageError, match="no still"):
        run(clip, clip.recipe(PROJECT, SHOT)[0], out=tmp_path)


def test_damaged_layers_are_an_error(tmp_path: Path, painted: dict[str, Path]) -> None:
    """Layers that are no scene fail the node with a sentence."""
    broken = tmp_path / "layers.zip"
    broken.write_bytes(b"PK no")
    with pytest.raises(StageError, match="layers"):
        run(clip, clip.recipe(PROJECT, SHOT)[0], out=tmp_path / "o", inputs={"layers": [broken]})


@pytest.mark.parametrize(("animator", "beyond"), [("sketch", FREE), ("parallax", FREE), ("ltx", 8)])
def test_what_there_is_beyond_a_shot(animator: str, beyond: int) -> None:
    """What is drawn has as many frames beyond its ends as a transition wants, and what is generated has its handles."""
    options = {"model": "/models/ltx"} if animator == "ltx" else {}
    assert clip.handles(PROJECT, replace(SHOT, animator=Maker(animator, options))) == (beyond, beyond)
