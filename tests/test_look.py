"""One look over all shots: grade, colour table, grain, vignette, bars, and what the sound does to the user's own."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from mvr.errors import ProjectError, StageError
from mvr.media import colour, react
from mvr.media.encode import VideoWriter
from mvr.media.finish import Part, encode_source
from mvr.media.source import Canvas, Source
from mvr.resources import resource
from tests.studio import Studio
from tests.test_footage import VERSE, film_of

WIDTH, HEIGHT = 96, 64
FPS = Fraction(24)


def flat(path: Path, frames: int = 6, level: int = 110, fps: Fraction = FPS) -> Path:
    """A grey clip with one bright bar in its middle."""
    picture = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    picture[:HEIGHT] = level
    picture[:HEIGHT, WIDTH // 2 - 4 : WIDTH // 2 + 4] = 200
    with VideoWriter(path, width=WIDTH, height=HEIGHT, fps=fps) as writer:
        for _ in range(frames):
            writer.write(picture)
    return path


def finished(clip: Path, steps: list[Any], frames: int = 6, **given: Path) -> list[Any]:
    """The frames of a segment with those steps, as I420."""
    out = clip.with_name("out.mp4")
    clip.with_name("work").mkdir(exist_ok=True)
    part = Part(frames, steps, given=given)
    encode_source(Source(clip), out, Canvas(WIDTH, HEIGHT, FPS), part, folder=clip.with_name("work"))
    with av.open(str(out)) as container:
        return [shown.to_ndarray() for shown in container.decode(video=0)]


def test_bars_leave_the_shape_that_was_asked_for(tmp_path: Path) -> None:
    """Black above and below, or at the sides, and the picture between them untouched."""
    clip = flat(tmp_path / "clip.mp4")
    (wide, *_) = finished(clip, [{"do": "letterbox", "aspect": 2.4}])
    assert wide[:11, :WIDTH].max() < 20
    assert wide[14:50, :40].min() > 100
    (narrow, *_) = finished(clip, [{"do": "letterbox", "aspect": 1.0}])
    assert narrow[:HEIGHT, :14].max() < 20
    assert narrow[:HEIGHT, 20:40].min() > 100


def test_a_vignette_darkens_the_corners_and_grain_lives(tmp_path: Path) -> None:
    """Corners fall, the middle stays; grain is another one every frame, and of no colour."""
    clip = flat(tmp_path / "clip.mp4")
    (shown, *_) = finished(clip, [{"do": "vignette", "amount": 1.0}])
    assert shown[0, 0] < 60
    assert abs(int(shown[HEIGHT // 2, WIDTH // 2 - 12]) - 110) < 6
    one, two, *_ = finished(clip, [{"do": "grain", "amount": 0.8}])
    assert one[:HEIGHT, :40].std() > 3
    assert np.abs(one[:HEIGHT].astype(int) - two[:HEIGHT]).mean() > 2
    assert np.abs(one[HEIGHT:].astype(int) - 128).max() <= 3


def test_a_grade_brings_a_shot_nearer_and_not_all_the_way() -> None:
    """A blue picture matched to an orange one is warmer than it was, and still its own; black stays black."""
    chance = np.random.default_rng(3)
    blue = np.clip(np.array([150, 90, 60]) + chance.normal(0, 25, (64, 64, 3)), 0, 255).astype(np.uint8)
    warm = np.clip(np.array([60, 110, 190]) + chance.normal(0, 25, (64, 64, 3)), 0, 255).astype(np.uint8)
    own, target = colour.measured([blue]), colour.measured([warm])
    grade = colour.numbers(own, target)
    rgb = blue.reshape(-1, 3)[:, ::-1] / 255
    moved = colour.to_lab(colour.graded(rgb, grade)).mean(axis=0)
    was, wanted = colour.to_lab(rgb).mean(axis=0), colour.to_lab(warm.reshape(-1, 3)[:, ::-1] / 255).mean(axis=0)
    Draft7Validator(json.loads(resource("schemas/grade.schema.json").read_text("utf-8"))).validate(grade)
    assert np.hypot(*(moved - wanted)[1:]) < np.hypot(*(was - wanted)[1:]) - 5
    assert np.abs(moved - was).max() <= 2 + colour.MOST["tint"] * 1.2
    black = colour.graded(np.zeros((1, 3)), grade)
    assert black.max() < 0.02
    same = colour.numbers(own, own)
    assert np.abs(colour.graded(rgb, same) - rgb).max() < 0.01


def test_lab_and_back_is_the_same_colour() -> None:
    """For every corner of the colour space."""
    corners = np.array([[r, g, b] for r in (0, 0.5, 1) for g in (0, 0.5, 1) for b in (0, 0.5, 1)], np.float64)
    assert np.abs(colour.to_rgb(colour.to_lab(corners)) - corners).max() < 1e-4


def cube(path: Path, swap: bool = True, size: int = 2) -> Path:
    """A table that swaps red and blue, or does nothing."""
    axis = [index / (size - 1) for index in range(size)]
    rows = [(r, g, b) for b in axis for g in axis for r in axis]
    lines = [f"{b} {g} {r}" if swap else f"{r} {g} {b}" for r, g, b in rows]
    path.write_text('# a comment\nTITLE "swap"\nLUT_3D_SIZE %d\n%s\n' % (size, "\n".join(lines)))  # noqa: UP031
    return path


def test_a_colour_table_is_applied(tmp_path: Path) -> None:
    """Red and blue change places, and a table that does nothing changes nothing that can be seen."""
    picture = np.empty((HEIGHT * 3 // 2, WIDTH), np.uint8)
    picture[:HEIGHT], picture[HEIGHT : HEIGHT * 5 // 4], picture[HEIGHT * 5 // 4 :] = 90, 110, 170
    with VideoWriter(tmp_path / "red.mp4", width=WIDTH, height=HEIGHT, fps=FPS) as writer:
        for _ in range(2):
            writer.write(picture)
    (same, *_) = finished(
        tmp_path / "red.mp4", [{"do": "lut"}], 2, lut=cube(tmp_path / "same.cube", swap=False, size=5)
    )
    assert np.abs(same.astype(int) - picture).max() <= 3
    (tmp_path / "work" / "colours.cube").unlink()
    (swapped, *_) = finished(tmp_path / "red.mp4", [{"do": "lut"}], 2, lut=cube(tmp_path / "swap.cube"))
    assert swapped[HEIGHT].mean() > 150
    assert swapped[-1].mean() < 125


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("LUT_3D_SIZE 2\n0 0 0\n1 0\n", "line 3: '1 0'"),
        ("LUT_3D_SIZE 2\n0 0 0\n", "its end after 1 colours"),
        ("0 0 0\n", "line 1: a colour before LUT_3D_SIZE"),
        ("LUT_1D_SIZE 4\n", "one dimension"),
        ("LUT_3D_SIZE 900\n", "line 1: 'LUT_3D_SIZE 900'"),
        ("LUT_3D_SIZE 2\nDOMAIN_MIN 0 0 x\n", "line 2"),
        ("LUT_3D_SIZE 2\n0 0 nan\n", "line 2"),
        ("", "its end after 0 colours"),
    ],
)
def test_a_table_that_is_wrong_is_told_by_its_line(text: str, wrong: str, tmp_path: Path) -> None:
    """What was found there, and what is expected."""
    (tmp_path / "a.cube").write_text(text)
    with pytest.raises(StageError) as raised:
        colour.read_cube(tmp_path / "a.cube")
    assert wrong in raised.value.what


def heard(path: Path, **bands: Any) -> Path:
    """A sound document of 48 frames."""
    none = [0.0] * 48
    names = ("kick", "snare", "hats", "bass", "loudness", "brightness")
    document = {
        "fps": "24",
        "frames": 48,
        "beats": [],
        "downbeats": [],
        "words": [],
        **dict.fromkeys(names, none),
        **bands,
    }
    path.write_text(json.dumps(document))
    return path


def test_a_hit_is_seen_at_its_own_frame(tmp_path: Path) -> None:
    """A kick at frame 3 enlarges frame 3 and no other."""
    sound = heard(tmp_path / "s.json", kick=[1.0 if index == 3 else 0.0 for index in range(48)])
    step = {"do": "react", "moves": {"kick": ["punch-in", 20]}}
    shown = finished(flat(tmp_path / "clip.mp4"), [step], sound=sound)
    wide = [int((picture[HEIGHT // 2, :WIDTH] > 160).sum()) for picture in shown]
    assert wide[3] > wide[2] == wide[4]


@given(
    st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=90), min_size=1, max_size=8),
    st.sampled_from([Fraction(rate) for rate in ("12", "24", "30000/1001", "60")]),
)
def test_no_second_of_a_film_has_four_flashes(shots: list[list[float]], fps: Fraction) -> None:
    """Whatever the drums do, and wherever the cuts are: each shot looks at itself alone."""
    starts, at = [], 0
    for curve in shots:
        found = react.flashes([(curve, "flash", 0.4)], 0, len(curve), fps)
        starts += [at + index for index, _ in found]
        at += len(curve)
    assert all((four - one) / fps > 1 for one, four in zip(starts, starts[3:], strict=False))
    assert all((two - one) / fps > Fraction(1, 3) for one, two in pairwise(starts))


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """A rendered film with a clip of the user's own in it."""
    made = Studio.start(tmp_path_factory.mktemp("look") / "film")
    film_of(made.folder / "own.mp4", 60)
    made.edit(VERSE, "  verse-1.1: {clip: own.mp4}\n")
    made.render()
    return made


def test_a_look_makes_segments_and_no_picture(studio: Studio, tmp_path: Path) -> None:
    """Every segment is encoded anew, nothing is drawn or animated; a changed word afterwards is one shot's."""
    film = studio.copy(tmp_path / "film")
    film.edit("output:", "look: {match: palette, grain: 0.2, vignette: 0.3, letterbox: 1}\noutput:")
    made = film.render()
    shots = {name.partition("/")[0] for name in made}
    assert made == {f"{shot}/{stage}" for shot in shots for stage in ("grade", "segment")}
    film.edit("ben looks over the sea", "ben looks over the hills")
    assert film.render() == {f"chorus-1.1/{stage}" for stage in ("keyframe", "clip", "grade", "segment")}


def test_the_sound_moves_the_users_own_clip_alone(studio: Studio, tmp_path: Path) -> None:
    """What is drawn here moves by itself: its segments stay as they are."""
    film = studio.copy(tmp_path / "film")
    film.edit("output:", "look: {react: {kick: punch-in 3%, snare: flash, bass: shake}}\noutput:")
    assert film.render() <= {"verse-1.1/segment", "verse-1.1/sound"}
    assert "verse-1.1/segment" in film.made()


def test_a_shot_can_be_what_the_others_match(studio: Studio, tmp_path: Path) -> None:
    """The chosen shot has no grade; one that is not in the film is told."""
    film = studio.copy(tmp_path / "film")
    film.edit("output:", "look: {match: chorus-1.1}\noutput:")
    made = film.render()
    assert "verse-1.1/grade" in made
    assert not {"chorus-1.1/grade", "chorus-1.1/segment"} & made
    film.edit("match: chorus-1.1", "match: chorus-1.77")
    with pytest.raises(ProjectError, match=r"no shot is called chorus-1\.77"):
        film.workspace.plan()


def test_a_table_that_is_wrong_is_told_at_check(studio: Studio, tmp_path: Path) -> None:
    """With the line of the project file, and that of the table."""
    film = studio.copy(tmp_path / "film")
    (film.folder / "film.cube").write_text("LUT_3D_SIZE 2\n0 0\n")
    film.edit("output:", "look: {lut: film.cube}\noutput:")
    with pytest.raises(ProjectError, match=r"film\.cube, line 2"):
        film.workspace.check()
