"""Whole frames at a rational rate."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvr.timeline import (
    Address,
    Cut,
    Timeline,
    Track,
    boundaries,
    clock,
    film_frames,
    frame_of,
    nearest,
    parse_clock,
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


@given(st.integers(0, 200), st.booleans(), st.integers(0, 2000))
def test_an_address_is_read_as_it_is_written(place: int, barless: bool, nth: int) -> None:
    """The id of a shot spells its section, its bar or second, and which shot in it it is."""
    address = Address("pre-chorus-2", place, barless, nth)
    assert Address.of(str(address)) == address


def test_addresses_look_like_music() -> None:
    """Letters follow from the second shot of a bar; without bars, whole seconds."""
    assert str(Address("chorus-1", 5)) == "chorus-1.5"
    assert str(Address("chorus-1", 5, nth=1)) == "chorus-1.5b"
    assert str(Address("part-2", 14, barless=True)) == "part-2.14s"
    assert str(Address("part-2", 14, barless=True, nth=1)) == "part-2.14sb"
    assert len({str(Address("a", 1, nth=nth)) for nth in range(1000)}) == 1000
    assert Address.of("chorus") is None


def test_a_time_is_read_as_people_write_it() -> None:
    """Minutes and seconds, hours too, or seconds with their unit; a bare number is no time."""
    assert [parse_clock(text) for text in ("1:23.4", "@0:05", "1:02:03.5", "83.4s")] == [83.4, 5.0, 3723.5, 83.4]
    for text in ("83", "1:23s", "", "x", "1:-2", "-1s"):
        with pytest.raises(ValueError, match="is no time"):
            parse_clock(text)


@given(st.integers(0, 10_000_000))
def test_a_clock_goes_there_and_back(milliseconds: int) -> None:
    """A time is written to the millisecond, and read back as the same."""
    assert parse_clock(clock(milliseconds / 1000)) == pytest.approx(milliseconds / 1000)


def test_the_nearest_shots_are_those_beside_it() -> None:
    """An id that is none is answered by bars of its section; one of no known section, by spelling."""
    shots = ["verse-1.1", "verse-1.3", "verse-1.5", "verse-1.11", "chorus-1.1"]
    assert nearest("verse-1.4", shots) == ["verse-1.3", "verse-1.5", "verse-1.1"]
    assert nearest("chorus-2.1", shots)[0] == "chorus-1.1"
    assert nearest("nonsense", []) == []
