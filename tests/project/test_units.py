"""Times, lengths, sizes, rates and colours as users write them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvr.model import Json
from mvr.project import units


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (units.time, "83.4s", 83.4),
        (units.time, "0s", 0.0),
        (units.time, "0:12.5", 12.5),
        (units.time, "1:23.4", 83.4),
        (units.time, "90:00", 5400.0),
        (units.time, "1:02:03.25", 3723.25),
        (units.time, "1:2:03", 3723.0),
        (units.length, "2.5s", 2.5),
        (units.size, "vertical", (1080, 1920)),
        (units.size, "wide", (1920, 1080)),
        (units.size, "square", (1080, 1080)),
        (units.size, "4:5", (1080, 1350)),
        (units.size, "16x8192", (16, 8192)),
        (units.fps, 24, Fraction(24)),
        (units.fps, 24.0, Fraction(24)),
        (units.fps, "30000/1001", Fraction(30000, 1001)),
        (units.fps, "25/2", Fraction(25, 2)),
        (units.fps, 240, Fraction(240)),
        (units.colour, "#0B1D51", "#0b1d51"),
    ],
)
def test_what_is_right_is_read(reader: Callable[[Json], Any], text: Json, value: Any) -> None:
    """Each form that the manual names has one meaning."""
    assert reader(text) == value


@pytest.mark.parametrize(
    ("reader", "text", "found", "hint"),
    [
        (units.time, 12.5, "the bare number 12.5", "write 12.5s, or 0:12.5"),
        (units.time, 83, "the bare number 83", "write 83s, or 1:23"),
        (units.time, 1e300, "the bare number 1e+300", "0:12.5"),
        (units.time, "83", "'83'", "write 83s"),
        (units.time, "1:5", "'1:5'", "two digits"),
        (units.time, "1:75", "'1:75'", "59"),
        (units.time, "1:70:00", "'1:70:00'", "1:23.4"),
        (units.time, "-1s", "'-1s'", "never negative"),
        (units.time, "soon", "'soon'", "83.4s or 1:23.4"),
        (units.time, "1:40\n", "'1:40\\n'", "1:23.4"),
        (units.time, "١:٤٠", "'١:٤٠'", "1:23.4"),
        (units.length, 2.5, "the bare number 2.5", "write 2.5s"),
        (units.length, "2", "'2'", "write 2s"),
        (units.length, "2 sec", "'2 sec'", "write 2s"),
        (units.length, "1:00", "'1:00'", "2.5s"),
        (units.size, "0x0", "'0x0'", "16 to 8192 pixels; the nearest is 16x16"),
        (units.size, "99999999x99999999", "'99999999x99999999'", "the nearest is 8192x8192"),
        (units.size, "1081x1920", "'1081x1920'", "even sides: 1082x1920"),
        (units.size, "1080 × 1920", "'1080 × 1920'", "write 1080x1920"),
        (units.size, "9:16", "'9:16'", "write vertical"),
        (units.size, "verticle", "'verticle'", "did you mean 'vertical'?"),
        (units.size, 1080, "the number 1080", "1280x720"),
        (units.fps, 23.976, "23.976", "write 24000/1001"),
        (units.fps, 29.97, "29.97", "write 30000/1001"),
        (units.fps, 59.94, "59.94", "write 60000/1001"),
        (units.fps, 12.5, "12.5", "write 25/2"),
        (units.fps, "23.976", "'23.976'", "write 24000/1001"),
        (units.fps, "24", "'24'", "write 24, without quotes"),
        (units.fps, 0, "0", "from 1 to 240"),
        (units.fps, 1000, "1000", "from 1 to 240"),
        (units.fps, "1000/1", "1000/1 is 1e+03 frames a second", "from 1 to 240"),
        (units.fps, True, "true", "write 24"),
        (units.colour, None, "nothing", "begins a comment"),
        (units.colour, "blue", "'blue'", "six hex digits"),
        (units.colour, "#abc", "'#abc'", '"#aabbcc"'),
        (units.colour, "0b1d51", "'0b1d51'", '"#0b1d51"'),
        (units.colour, 123456, "123456", "in quotes"),
        (units.transition, "disolve 0.4s", "'disolve 0.4s'", "did you mean 'dissolve'?"),
        (units.transition, "dissolve", "'dissolve'", "dissolve 0.4s"),
        (units.transition, "dissolve 0.4", "'dissolve 0.4'", "write 0.4s"),
        (units.transition, "cut 1s", "'cut 1s'", "no length"),
        (units.quoted, 123456, "the bare number 123456", "in quotes"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_write(
    reader: Callable[[Json], Any], text: Json, found: str, hint: str
) -> None:
    """A value that is nearly right comes back with the right one."""
    with pytest.raises(units.Misread) as caught:
        reader(text)
    assert caught.value.found == found
    assert hint in caught.value.hint


@given(st.floats(0, 350_000).map(lambda seconds: round(seconds, 6)))
def test_a_time_means_the_same_in_both_forms(seconds: float) -> None:
    """Seconds, and minutes and seconds, name the same moment."""
    whole, rest = divmod(round(seconds * 1_000_000), 60_000_000)
    clock = f"{whole // 60}:{whole % 60:02d}:{rest // 1_000_000:02d}.{rest % 1_000_000:06d}"
    assert units.time(clock) == pytest.approx(units.time(f"{seconds:.6f}s"), abs=1e-6)


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.lists(st.none())


@given(st.sampled_from(list(units.READERS.values())), ANYTHING)
def test_a_reader_reads_or_says_why_not(reader: Callable[[Json], Any], value: Json) -> None:
    """Whatever stands there, a reader gives a value or a Misread, on one line."""
    try:
        reader(value)
    except units.Misread as wrong:
        assert "\n" not in wrong.found + wrong.hint


@given(st.text(max_size=200))
def test_what_is_shown_moves_no_cursor(text: str) -> None:
    """A value in an error stays on one line and cannot command a terminal."""
    assert units.shown(text).isprintable()
    assert len(units.shown(text)) <= 60 * 10 + 3
