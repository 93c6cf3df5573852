"""Segment: one shot in the film's class, of exactly its frames; the clip itself where it is that already."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from mvr.engine.job import Cancelled
from mvr.errors import StageError
from mvr.media.encode import encoder_identity
from mvr.media.probe import probe
from mvr.model import Output
from mvr.stages import segment
from tests.desk import BenchDesk, digest, run
from tests.media.material import HEIGHT, WIDTH, pictures, times
from tests.media.material import segment as clip_of
from tests.stages.film_project import PROJECT, SHOT

FPS = Fraction(24)
PINNED = {
    "encoder": "imageio-ffmpeg 0.8.1 (ffmpeg 9.0.2)",
    "version": 1,
    "digest": "b2423d6192a80f2b70ccc945f3b1567d774258d4b7f7d0f1cb740022d46227c3",
}


def wanted(**changed: Any) -> dict[str, Any]:
    """The recipe of a shot of 6 frames, 64x48 at 24, with changes."""
    return {**segment.recipe(PROJECT, SHOT)[0], **changed}


def test_a_clip_that_is_a_segment_is_passed_on(tmp_path: Path) -> None:
    """Class, size and length are right already: the segment is the clip, byte for byte."""
    clip = clip_of(tmp_path / "clip.mp4", 6, FPS).path
    made = run(segment, wanted(), out=tmp_path / "out", inputs={"clip": [clip]})
    assert made.parts[""].read_bytes() == clip.read_bytes()
    assert made.provenance == {"passed": True}


@pytest.mark.parametrize(
    "other",
    [{"count": 8}, {"fps": Fraction(25)}, {"draft": True}, {"width": 128}],
    ids=["longer", "another rate", "another preset", "another size"],
)
def test_any_other_clip_is_encoded_once(other: dict[str, Any], tmp_path: Path) -> None:
    """A clip of another length, rate, preset or size becomes a segment of the film's class."""
    other = {"count": 6, "fps": FPS, **other}
    clip = clip_of(tmp_path / "clip.mp4", other.pop("count"), other.pop("fps"), **other).path
    made = run(segment, wanted(), out=tmp_path / "out", inputs={"clip": [clip]})
    (video,) = probe(made.parts[""]).videos
    assert (video.width, video.height, video.fps, video.frames) == (WIDTH, HEIGHT, FPS, 6)
    assert made.provenance == {"passed": False}
    again = run(segment, wanted(), out=tmp_path / "again", inputs={"clip": [made.parts[""]]})
    assert again.provenance == {"passed": True}


def test_a_longer_clip_is_shown_from_its_start(tmp_path: Path) -> None:
    """The first frames are taken, none is skipped and none retimed."""
    clip = clip_of(tmp_path / "clip.mp4", 9, FPS).path
    made = run(segment, wanted(), out=tmp_path / "out", inputs={"clip": [clip]})
    assert times(made.parts[""]) == [index / FPS for index in range(6)]


def test_a_still_is_held(tmp_path: Path) -> None:
    """A picture without a suffix, as the store keeps it, is shown for all the frames of the shot."""
    cv2.imwrite(str(tmp_path / "still.png"), np.full((96, 128, 3), 90, np.uint8))
    still = (tmp_path / "still.png").rename(tmp_path / ("a" * 64))
    made = run(segment, wanted(hold=True), out=tmp_path / "out", inputs={"still": [still]})
    assert len(pictures(made.parts[""])) == 6


def test_a_badge_is_never_passed_over(tmp_path: Path) -> None:
    """An earlier take is marked even where its clip would do, and is held at its end where it is too short."""
    for count in (6, 3):
        clip = clip_of(tmp_path / f"clip{count}.mp4", count, FPS).path
        made = run(segment, wanted(badge="earlier take"), out=tmp_path / f"out{count}", inputs={"clip": [clip]})
        assert made.provenance == {"passed": False}
        assert len(pictures(made.parts[""])) == 6


def test_a_clip_that_is_too_short_is_an_error(tmp_path: Path) -> None:
    """A shot is never filled up in silence."""
    clip = clip_of(tmp_path / "clip.mp4", 4, FPS).path
    with pytest.raises(StageError, match="the clip has 4 frames, and its shot needs 6"):
        run(segment, wanted(), out=tmp_path / "out", inputs={"clip": [clip]})


def test_the_same_segment_twice_has_the_same_bytes(tmp_path: Path) -> None:
    """An encode has no clock and no chance in it."""
    clip = clip_of(tmp_path / "clip.mp4", 8, FPS).path
    one, two = (
        run(segment, wanted(badge="sketch"), out=tmp_path / name, inputs={"clip": [clip]}).parts[""].read_bytes()
        for name in ("one", "two")
    )
    assert one == two


def test_the_bytes_of_this_version_are_pinned(tmp_path: Path) -> None:
    """Other bytes under the same version of the stage and the same encoder would be a wrong hit in every store."""
    if encoder_identity() != PINNED["encoder"]:
        pytest.skip(f"pinned for {PINNED['encoder']}")
    ramp = np.add.outer(np.arange(96), np.arange(128)).astype(np.uint8)
    cv2.imwrite(str(tmp_path / "still.png"), np.dstack([ramp, ramp[::-1], ramp[:, ::-1]]))
    made = run(segment, wanted(hold=True), out=tmp_path / "out", inputs={"still": [tmp_path / "still.png"]})
    assert (segment.VERSION, digest(made.parts[""])) == (PINNED["version"], PINNED["digest"])


def test_a_segment_no_longer_wanted_is_left(tmp_path: Path) -> None:
    """A cancelled job kills its ffmpeg."""
    clip = clip_of(tmp_path / "clip.mp4", 3, FPS).path
    desk = BenchDesk(tmp_path / "out")
    desk.stop = True
    recipe = wanted(hold=True, frames=100000, size=[640, 480])
    with pytest.raises(Cancelled):
        run(segment, recipe, out=tmp_path / "out", inputs={"still": [clip]}, desk=desk)


def test_the_recipe_knows_neither_the_words_nor_the_place_of_a_shot() -> None:
    """A shot that moves, or is told otherwise, has the same segment recipe; a longer one has not."""
    same = replace(SHOT, id="chorus-1.1", first_frame=100, end_frame=106, prompt="a beach")
    assert segment.recipe(PROJECT, same) == segment.recipe(PROJECT, SHOT)
    assert segment.recipe(PROJECT, replace(SHOT, end_frame=17)) != segment.recipe(PROJECT, SHOT)


def test_a_draft_is_half_the_size() -> None:
    """Half, even, and never below 16 pixels."""
    project = replace(PROJECT, outputs=(Output(1080, 1350, Fraction(30000, 1001)),))
    values, sources = segment.recipe(project, SHOT, draft=True, hold=True, badge="sketch")
    assert (values["size"], values["fps"], values["frames"]) == ([540, 674], "30000/1001", 6)
    assert (values["draft"], values["hold"], values["badge"]) == (True, True, "sketch")
    assert set(sources) <= set(values)
    assert segment.recipe(replace(PROJECT, outputs=(Output(16, 18),)), SHOT, draft=True)[0]["size"] == [16, 16]
