"""Whole frames at a rational rate."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvr.timeline import (
    Cut,
    Timeline,
    Track,
    boundaries,
    film_frames,
    frame_of,
    parse_rate,
    rate_text,
    seconds_of,
)

RATES = st.sampled_from(["1", "24", "25", "30000/1001", "24000/1001", "60", "240", "1000003/9999"])


@given(RATES)
def test_a_rate_is_read_as_it_is_written(text: str) -> None:
    """The text of a rate goes there and back."""
    assert rate_text(parse_rate(text)) == text


@pytest.mark.parametrize("text", ["", "23.976", "0", "24/0", "-24", "24 ", "1e3", "12345678", "２４", "24/1/1"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    """Only a whole number or a fraction of two is a rate."""
    with pytest.raises(ValueError, match="frame rate"):
        parse_rate(text)


@given(st.integers(0, 2_000_000), RATES)
def test_frames_go_to_seconds_and_back(frame: int, rate: str) -> None:
    """Two hours and more of frames survive the way through seconds."""
    fps = parse_rate(rate)
    assert frame_of(seconds_of(frame, fps), fps) == frame


def test_a_boundary_is_rounded_half_up() -> None:
    """Half a frame goes to the later one; less than half to the earlier one."""
    assert frame_of(0.0625, Fraction(24)) == 2
    assert frame_of(0.0624, Fraction(24)) == 1
    assert frame_of(Fraction(1001, 60000), parse_rate("30000/1001")) == 1


def test_a_film_has_at_least_one_frame() -> None:
    """A song shorter than a frame still makes a film."""
    assert film_frames(0.0, Fraction(24)) == 1
    assert film_frames(180.0, parse_rate("30000/1001")) == 5395


@st.composite
def cuts(draw: st.DrawFn) -> tuple[list[float], int, Fraction]:
    fps = parse_rate(draw(RATES))
    later = draw(st.lists(st.floats(0.0, 7200.0), max_size=30))
    starts = [0.0, *sorted(later)]
    frames = draw(st.integers(len(starts), len(starts) + 5000))
    return starts, frames, fps


@given(cuts())
def test_any_starts_tile_the_film(case: tuple[list[float], int, Fraction]) -> None:
    """However close or late the cuts are, each shot keeps a frame and the shots fill the film exactly."""
    starts, frames, fps = case
    timeline = Timeline.of([(str(index), start) for index, start in enumerate(starts)], frames, fps)
    assert sum(cut.frames for cut in timeline.picture.cuts) == frames
    assert min(cut.frames for cut in timeline.picture.cuts) >= 1


def test_each_boundary_is_rounded_from_its_own_time() -> None:
    """A thousand shots of a third of a second do not drift at 24 frames a second."""
    starts = [index / 3 for index in range(1000)]
    edges = boundaries(starts, 8000, Fraction(24))
    assert edges == tuple(8 * index for index in range(1001))


def test_more_shots_than_frames_are_refused() -> None:
    """A shot cannot have less than a frame."""
    with pytest.raises(ValueError, match="3 shots do not fit into 2 frames"):
        boundaries([0.0, 0.1, 0.2], 2, Fraction(24))


def test_a_film_with_a_gap_is_refused() -> None:
    """A timeline checks itself: no gap, no overlap, no empty shot, no shot twice, nothing left over."""
    with pytest.raises(ValueError, match="b begins at 11"):
        Track((Cut("a", 0, 10), Cut("b", 11, 20)))
    with pytest.raises(ValueError, match="at least 1"):
        Cut("a", 3, 3)
    with pytest.raises(ValueError, match="twice"):
        Track((Cut("a", 0, 10), Cut("a", 10, 20)))
    with pytest.raises(ValueError, match="do not fill"):
        Timeline(Fraction(24), 30, Track((Cut("a", 0, 10),)))


def test_a_frame_names_its_shot() -> None:
    """`at` finds the shot on screen."""
    timeline = Timeline.of([("a", 0.0), ("b", 1.0)], 48, Fraction(24))
    assert [timeline.at(frame).shot for frame in (0, 23, 24, 47)] == ["a", "a", "b", "b"]
    with pytest.raises(IndexError):
        timeline.at(48)
