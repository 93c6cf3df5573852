"""Stand-in: a shot drawn by the sketch in one go, of the film's stream class, whoever its painter is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from mvr.media.probe import probe
from mvr.model import Maker, Output
from mvr.stages import clip, keyframe, standin
from tests.desk import run
from tests.stages.film_project import PROJECT, SHOT

LARGE = replace(PROJECT, outputs=(Output(192, 256, Fraction(12)),))


def first_frame(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    reader = cv2.VideoCapture(str(path))
    frame = reader.read()[1].astype(np.int64)
    reader.release()
    return frame


def test_whoever_paints_the_stand_in_is_the_same() -> None:
    """Painter, animator and their options are no part of it: a sketch stands in for all of them."""
    other = replace(SHOT, painter=Maker("other", {"steps": 4}), animator=Maker("other"))
    assert standin.recipe(PROJECT, other)[0] == standin.recipe(PROJECT, SHOT)[0]


def test_it_is_the_picture_of_keyframe_and_clip(tmp_path: Path) -> None:
    """Drawn in one go, without a badge, it is the same film to the byte as by way of still and clip."""
    still = run(keyframe, keyframe.recipe(PROJECT, SHOT)[0], out=tmp_path / "still")
    layers = {"still": [still.parts[""]], "layers": [still.parts["layers"]]}
    moving = run(clip, clip.recipe(PROJECT, SHOT)[0], out=tmp_path / "clip", inputs=layers)
    made = run(standin, standin.recipe(PROJECT, SHOT)[0], out=tmp_path / "standin")
    assert made.parts[""].read_bytes() == moving.parts[""].read_bytes()


def test_a_badge_marks_a_corner_and_nothing_else(tmp_path: Path) -> None:
    """The badge is seen in its corner; the rest of the picture is what it was."""
    plain, marked = (
        first_frame(run(standin, standin.recipe(LARGE, SHOT, badge=badge)[0], out=tmp_path / f"b{badge}").parts[""])
        for badge in ("", "sketch")
    )
    away = np.abs(plain - marked).max(axis=2)
    assert away[:16, :60].max() > 60
    assert away[64:].max() < 24


def test_a_draft_is_the_same_picture_smaller(tmp_path: Path) -> None:
    """At half size the composition is the same, in the draft's fast class."""
    large = run(standin, standin.recipe(LARGE, SHOT)[0], out=tmp_path / "large").parts[""]
    small = run(standin, standin.recipe(LARGE, SHOT, draft=True)[0], out=tmp_path / "small").parts[""]
    (video,) = probe(small).videos
    assert (video.width, video.height, video.fps, video.frames) == (96, 128, Fraction(12), 6)
    reduced = cv2.resize(first_frame(large).astype(np.uint8), (24, 32), interpolation=cv2.INTER_AREA).astype(int)
    draft = cv2.resize(first_frame(small).astype(np.uint8), (24, 32), interpolation=cv2.INTER_AREA).astype(int)
    assert np.abs(reduced - draft).mean() < 8
