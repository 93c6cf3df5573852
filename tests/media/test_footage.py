"""The user's own footage: the right picture at every frame, whatever its rate; trimmed, looped, turned and fitted."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from jsonschema import Draft7Validator

from mvr.errors import StageError
from mvr.media.encode import VideoWriter
from mvr.media.faces import faces
from mvr.media.footage import Reel, chosen_part, footage_planes, looked_at, subject_path
from mvr.media.source import Canvas
from mvr.media.subject import part, path, subject
from mvr.resources import resource
from tests.media.material import converted
from tests.media.test_source import HEIGHT, WIDTH, numbered

FPS = Fraction(24)


def shows(
    clip: Path,
    folder: Path,
    span: tuple[int, int],
    canvas: Canvas | None = None,
    steps: Any = (),
    start: str = "start",
    **wanted: Any,
) -> list[Any]:
    """The pictures of a shot of 6 frames, or of part of it, as I420."""
    folder.mkdir(exist_ok=True)
    looks = folder / "looks.json"
    looks.write_text(json.dumps(looked_at(clip, lambda: None)))
    wish = {"from": start, "end": "hold", "speed": "1", "frames": 6, "spare": 0, **wanted}
    canvas = canvas or Canvas(WIDTH, HEIGHT, FPS)
    return list(footage_planes(clip, wish, canvas, span, steps, {"footage": looks}, folder, lambda: None))


def numbers(pictures: list[Any]) -> list[int]:
    return [round((float(picture[:HEIGHT].mean()) - 16) / 4) for picture in pictures]


@pytest.mark.parametrize("rate", ["24", "30000/1001", "50"])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm"])
def test_every_frame_shows_what_is_on_screen_then(rate: str, suffix: str, tmp_path: Path) -> None:
    """Counted exactly, in any container: mkv and webm round their times to milliseconds."""
    clip = numbered(tmp_path / "clip.mp4", 40, Fraction(rate))
    if suffix != ".mp4":
        codec = (
            {"vcodec": "libvpx-vp9", "crf": 10, "b:v": 0, "cpu-used": 8} if suffix == ".webm" else {"vcodec": "copy"}
        )
        clip = converted(clip, tmp_path / f"clip{suffix}", **codec)
    for begin, speed in (("0", "1"), ("0.3", "0.5"), ("0.1", "2")):
        wanted = [int((Fraction(begin) + index * Fraction(speed) / FPS) * Fraction(rate)) for index in range(2, 6)]
        assert numbers(shows(clip, tmp_path / "w", (2, 6), start=begin, speed=speed)) == wanted


def test_past_its_end_it_is_held_looped_or_turned_back(tmp_path: Path) -> None:
    """Three ways to fill a shot that is longer than its film, before its start too."""
    clip = numbered(tmp_path / "clip.mp4", 4, FPS)
    assert numbers(shows(clip, tmp_path / "w", (-2, 8))) == [0, 0, 0, 1, 2, 3, 3, 3, 3, 3]
    assert numbers(shows(clip, tmp_path / "w", (-2, 8), end="loop")) == [2, 3, 0, 1, 2, 3, 0, 1, 2, 3]
    assert numbers(shows(clip, tmp_path / "w", (-2, 8), end="ping-pong")) == [2, 1, 0, 1, 2, 3, 2, 1, 0, 1]
    through = shows(clip, tmp_path / "w", (0, 3), end="loop", at=10)
    assert numbers(through) == [2, 3, 0]


def test_the_stillest_and_the_liveliest_part_are_found(tmp_path: Path) -> None:
    """A film that moves in its middle alone: a short shot of it shows that, or what is still."""
    still = np.random.default_rng(1).integers(40, 200, (HEIGHT * 3 // 2, WIDTH), dtype=np.uint8)
    with VideoWriter(tmp_path / "clip.mp4", width=WIDTH, height=HEIGHT, fps=FPS) as writer:
        for index in range(96):
            writer.write(np.ascontiguousarray(np.roll(still, 4 * index, 1)) if 40 <= index < 60 else still)
    looks = looked_at(tmp_path / "clip.mp4", lambda: None)
    Draft7Validator(json.loads(resource("schemas/footage.schema.json").read_text("utf-8"))).validate(looks)
    liveliest = chosen_part(looks, "liveliest", 12, FPS, Fraction(1), 0)
    stillest = chosen_part(looks, "stillest", 12, FPS, Fraction(1), 0)
    assert 1.3 <= liveliest <= 2.3
    assert not 1.2 < stillest < 2.5
    assert chosen_part(looks, "stillest", 12, FPS, Fraction(1), 8) >= Fraction(8, 24)
    assert chosen_part(looks, "liveliest", 960, FPS, Fraction(1), 8) == 0


def spot(x: int, y: int) -> Any:
    """A grey picture, wide, with one bright spot."""
    picture = np.full((90, 160, 3), 90, np.uint8)
    cv2.circle(picture, (x, y), 9, (240, 240, 250), -1)
    return picture


@pytest.mark.parametrize("x", [20, 80, 140])
def test_the_subject_is_what_stands_out(x: int) -> None:
    """The spot is found where it is, within a tenth of the picture."""
    across, down = subject(spot(x, 45))
    assert abs(middle(across) - x / 160) < 0.1
    assert abs(middle(down) - 0.5) < 0.1


def middle(told: str) -> float:
    """The middle of what is told of a side."""
    found = [int(digit, 16) for digit in told]
    return sum((index + 0.5) * one for index, one in enumerate(found)) / sum(found) / len(found)


def test_faces_come_before_what_else_stands_out() -> None:
    """Where there is a face it is the subject, however bright a lamp is beside it; a picture of nothing has none."""
    drawn: Any = cv2.imread(str(Path(__file__).parent / "face.jpg"))
    assert drawn is not None
    [face] = faces(drawn)
    assert (face.x / drawn.shape[1], face.y / drawn.shape[0]) == (
        pytest.approx(0.58, abs=0.03),
        pytest.approx(0.29, abs=0.05),
    )
    cv2.circle(drawn, (30, 90), 12, (255, 255, 255), -1)
    assert abs(middle(subject(drawn, [face])[0]) - 0.58) < 0.08
    assert middle(subject(drawn)[0]) < 0.45
    assert faces(np.full((90, 160, 3), 90, np.uint8)) == []
    assert faces(np.random.default_rng(1).integers(0, 256, (180, 320, 3), dtype=np.uint8)) == []


def told(*places: float) -> str:
    """A side with so many subjects at these places."""
    digits = ["0"] * 32
    for place in places:
        digits[int(place * 32)] = "f"
    return "".join(digits)


def test_a_frame_chooses_one_of_two_subjects() -> None:
    """Between two that it cannot show both lies nothing to be seen; two that it can are both in it."""
    [at] = path([told(0.1, 0.9)], 0.3, 8)
    assert min(abs(at - 0.15), abs(at - 0.85)) < 0.05
    [at] = path([told(0.4, 0.6)], 0.4, 8)
    assert abs(at - 0.5) < 0.05


def test_a_crop_is_looked_at_in_its_own_measure() -> None:
    """Of the right half of a picture, what stands at three quarters is in the middle."""
    assert abs(middle(part(told(0.76), 0.5, 0.5)) - 0.5) < 0.05


def test_a_film_is_reframed_to_its_subject(tmp_path: Path) -> None:
    """A spot at the right of a wide film is in an upright frame of it; it would be cropped off by `fill`."""
    canvas = Canvas(48, 80, FPS)
    cv2.imwrite(str(tmp_path / "spot.png"), spot(138, 45))
    clip = converted(tmp_path / "spot.png", tmp_path / "clip.mp4", vcodec="libx264", pix_fmt="yuv420p")
    for how, seen in (("fill", False), ("subject", True)):
        (picture,) = shows(clip, tmp_path / "w", (0, 1), canvas, [{"do": "fit", "how": how}])
        assert (picture[:80].max() > 200) == seen


def test_a_subject_that_hardly_moves_leaves_the_frame_still() -> None:
    """Small movements are not followed; a walk across the picture is, smoothly."""
    still = {"shape": 16 / 9, "down": [told(0.5)] * 40}
    nervous = {**still, "across": [told(0.5 + 0.04 * (index % 2)) for index in range(40)]}
    assert len(set(subject_path(nervous, [0.0, 1.0, 2.0], (0.0, 4.0), 9 / 16))) == 1
    walk = {**still, "across": [told(index / 40) for index in range(40)]}
    found = [x for x, _ in subject_path(walk, [1.0, 2.0, 3.0], (0.0, 5.0), 9 / 16)]
    assert found == sorted(found)
    assert found[2] - found[0] == pytest.approx(0.4, abs=0.15)


@pytest.mark.parametrize("how", ["contain", "blur"])
def test_a_picture_of_another_shape_is_shown_whole(how: str, tmp_path: Path) -> None:
    """Its left and right edges are there, and what is beside it is black, or dark and soft."""
    wide = np.zeros((32, 96, 3), np.uint8)
    wide[:, :8] = wide[:, -8:] = 255
    cv2.imwrite(str(tmp_path / "a.png"), wide)
    clip = converted(tmp_path / "a.png", tmp_path / "clip.mp4", vcodec="libx264", pix_fmt="yuv420p")
    (picture,) = shows(clip, tmp_path / "w", (0, 1), Canvas(64, 64, FPS), [{"do": "fit", "how": how}])
    middle = picture[32]
    assert middle[1] > 180
    assert middle[-2] > 180
    assert picture[2].max() < (17 if how == "contain" else 170)


def test_a_strip_is_cropped_off(tmp_path: Path) -> None:
    """What is outside the box does not show."""
    marked = np.full((64, 64, 3), 60, np.uint8)
    marked[54:] = 255
    cv2.imwrite(str(tmp_path / "a.png"), marked)
    clip = converted(tmp_path / "a.png", tmp_path / "clip.mp4", vcodec="libx264", pix_fmt="yuv420p")
    crop = [{"do": "crop", "box": [0, 0, 1, 0.8]}]
    (picture,) = shows(clip, tmp_path / "w", (0, 1), Canvas(64, 48, FPS), crop)
    assert picture[:48].max() < 90


def test_a_reel_counts_its_frames() -> None:
    """At least one, and rounded to what its length says."""
    assert Reel(Path("a"), Fraction(1, 100), Fraction(24)).frames == 1
    assert Reel(Path("a"), Fraction(1001, 1000), Fraction(24000, 1001)).frames == 24


def test_what_is_no_film_is_said(tmp_path: Path) -> None:
    """A sound, or text, is no footage."""
    (tmp_path / "a.mp4").write_text("no film")
    with pytest.raises(StageError, match="no sound or film"):
        looked_at(tmp_path / "a.mp4", lambda: None)
