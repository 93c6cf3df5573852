"""Where each way to cut has shots begin."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mvr.cutting.musical import fits
from mvr.cutting.ways import planned
from tests.score import pop, song, songs

WAYS = ("music", "beats", "regular", "random", "rule")
LENGTHS = st.sampled_from([(2.5, 7.0), (1.0, 3.0), (4.0, 4.0), (5.0, 6.0), (0.5, 60.0), (4.0, 8.0)])


def starts(music: Any, by: str, length: tuple[float, float] = (2.5, 7.0), seed: int = 1, **more: Any) -> list[float]:
    return planned(music | more, {"by": by, "length": length, "seed": seed, "at": [], "drop": []})


def lengths(music: Any, found: list[float]) -> list[float]:
    return [after - before for before, after in pairwise([*found, music["duration"]])]


@given(songs(), LENGTHS, st.sampled_from(WAYS))
def test_every_way_tiles_the_song(music: Any, length: tuple[float, float], by: str) -> None:
    """The first shot begins at 0, the others after it, in order, inside the song."""
    found = starts(music, by, length)
    assert found[0] == 0
    assert all(after > before for before, after in pairwise([*found, music["duration"]]))


@given(songs(), LENGTHS, st.integers(0, 9))
def test_lengths_drawn_are_within_the_lengths(music: Any, length: tuple[float, float], seed: int) -> None:
    """Random shots are as long as asked, wherever the song can be divided so."""
    assume(fits(music["duration"], *length))
    found = lengths(music, starts(music, "random", length, seed))
    assert min(found) >= length[0] - 0.01
    assert max(found) <= length[1] + 0.01


def test_a_seed_gives_its_own_lengths_again() -> None:
    """The same seed cuts the same; another one does not."""
    assert starts(pop(), "random") == starts(pop(), "random")
    assert starts(pop(), "random") != starts(pop(), "random", seed=2)


@given(songs(), LENGTHS)
def test_no_rule_lasts_longer_than_the_longest(music: Any, length: tuple[float, float]) -> None:
    """By rule a shot ends at the longest length at the latest, and is no shorter than the shortest where that fits."""
    found = lengths(music, starts(music, "rule", length))
    assert max(found) <= max(length[1], 2 * length[0]) + 1e-5
    assert len(found) == 1 or min(found) >= min(length[0], music["duration"] / 2) - 1e-5


def test_a_change_of_frequencies_is_cut_on() -> None:
    """By rule, a marked change cuts as soon as the shot is long enough; else two bars do, else the longest length."""
    music = song(60.0, [("verse", 0.0, "medium")], bpm=120, first=0.0)
    assert starts(music, "rule", changes=[10.3, 11.0, 31.0])[:5] == [0.0, 4.0, 8.0, 11.0, 15.0]
    assert starts(music, "rule")[:4] == [0.0, 4.0, 8.0, 12.0]
    assert starts(song(30.0, [("part", 0.0, "low")], bpm=0), "rule") == [0.0, 7.0, 14.0, 21.0, 25.5]


@pytest.mark.parametrize(
    ("bpm", "bar", "step"),
    [(120, 4, 4.0), (92, 4, 4 * 60 / 92), (60, 4, 4.0), (90, 3, 4.0), (174.5, 4, 8 * 60 / 174.5)],
)
def test_beats_are_counted_from_each_section(bpm: float, bar: int, step: float) -> None:
    """By beats, each section is cut every so many beats from its start: the fewest of a bar's parts or bars that are
    long enough."""
    second = 16 * step
    music = song(32 * step, [("verse", 0.0, "low"), ("chorus", second, "high")], bpm, first=0.0, bar=bar)
    expected = [step * count for count in range(32)]
    assert starts(music, "beats") == pytest.approx(expected, abs=1e-4)


@given(songs(), LENGTHS)
def test_shots_by_beats_begin_on_beats(music: Any, length: tuple[float, float]) -> None:
    """By beats, a shot begins on a beat or a section, unless the beats leave it longer than the longest."""
    found = starts(music, "beats", length)
    assume(max(lengths(music, found)) < length[1] and music["beats"])
    begins = {0.0, *music["beats"], *(section["start"] for section in music["sections"])}
    last = found[0]
    for time, until in pairwise([*found, music["duration"]]):
        on = min(abs(time - begin) for begin in begins) < 1e-5
        assert on or until - last <= length[1] * ceil((until - last) / length[1])
        last = time


def test_a_line_that_is_sung_draws_the_cut() -> None:
    """By music, of two cuts that are else alike, the one is taken at which somebody begins to sing."""
    music = song(10.0, [("verse", 0.0, "medium")], bpm=120, first=0.0)
    rules = {"by": "music", "length": (3.0, 7.0), "at": [], "drop": []}
    assert planned(music, rules) == [0.0, 4.0]
    assert planned(music, rules, [{"start": 6.1, "end": 7.5}]) == [0.0, 6.0]
