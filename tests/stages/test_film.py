"""Film: the segments and the song, joined; exact, and checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from mvr.engine.job import Made
from mvr.errors import StageError
from mvr.media.join import Segment
from mvr.media.probe import probe
from mvr.stages import audio, film, song
from tests.desk import run
from tests.media.material import converted, lag, pictures, samples, segments, times, wav
from tests.stages.film_project import PROJECT

FPS = Fraction(24)
COUNTS = (20, 1, 27)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Segment]:
    return segments(tmp_path_factory.mktemp("segments"), COUNTS, FPS)


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of an mp3, copied."""
    folder = tmp_path_factory.mktemp("track")
    path = converted(wav(folder / "a.wav", 2.0), folder / "a.mp3")
    heard = run(song, {"start": 0, "end": None}, out=folder / "song", files={"song": [path]})
    seconds = json.loads(heard.parts[""].read_text("utf-8"))["seconds"]
    recipe = {"start": 0, "end": None, "seconds": seconds, "encoder": ""}
    return run(audio, recipe, out=folder, inputs={"song": [heard.parts[""]]}, files={"song": [path]}).parts[""]


def joined(parts: Sequence[Segment], track: Path, out: Path, seconds: float = 2.0) -> Made:
    recipe, _sources = film.recipe(PROJECT, PROJECT.output, frames=[part.frames for part in parts], seconds=seconds)
    return run(film, recipe, out=out, inputs={"segments": [part.path for part in parts], "audio": [track]})


def test_a_film_is_its_segments_and_its_song(parts: list[Segment], track: Path, tmp_path: Path) -> None:
    """Every frame, in order, at its time; the song in step with it, to the sample, at its end."""
    made = joined(parts, track, tmp_path / "out").parts[""]
    assert pictures(made) == [picture for part in parts for picture in pictures(part.path)]
    assert times(made) == [index / FPS for index in range(48)]
    assert probe(made).seconds == pytest.approx(2.0, abs=0.0005)
    assert len(samples(made)) == 2 * 44100
    assert lag(samples(made)[44100:], samples(track)[44100:]) == 0


def test_a_film_is_the_same_bytes_again(parts: list[Segment], track: Path, tmp_path: Path) -> None:
    """An edit that is reverted gives the film that was."""
    one, two = (joined(parts, track, tmp_path / name).parts[""].read_bytes() for name in ("one", "two"))
    assert one == two
    assert joined(parts[::-1], track, tmp_path / "other").parts[""].read_bytes() != one


def test_a_film_has_the_songs_length(parts: list[Segment], track: Path, tmp_path: Path) -> None:
    """Shots that do not cover the song to the nearest frame are never joined."""
    joined(parts, track, tmp_path / "half a frame", seconds=2.02)
    with pytest.raises(StageError, match="48 frames in 3 segments, and the song is 49 frames long"):
        joined(parts, track, tmp_path / "out", seconds=2.03)


def test_an_odd_segment_is_named_by_its_place(parts: list[Segment], track: Path, tmp_path: Path) -> None:
    """The store's names say nothing to a person: an error counts the segments."""
    wrong = [parts[0], Segment(parts[1].path, 2), Segment(parts[2].path, 26)]
    with pytest.raises(StageError, match="segment 2 of 3 holds 1 frames, and the plan says 2"):
        joined(wrong, track, tmp_path / "out")


def test_the_recipe_is_the_plan_of_frames() -> None:
    """A film is joined anew for other frames, another rate or another length, and for nothing else."""
    values, sources = film.recipe(PROJECT, PROJECT.output, frames=[20, 1, 27], seconds=2.0)
    assert values == {"fps": "24", "frames": [20, 1, 27], "seconds": 2.0}
    assert set(sources) == set(values)
