"""Transitions: whole frames around a cut, inside the handles, that tile the film with the shots' own frames."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvr import assembly
from mvr.media import react
from mvr.media.mix import Turn, mixed
from mvr.media.probe import frames_of
from mvr.model import TRANSITIONS, Goal, Transition
from mvr.timeline import FREE, HANDLED, Cut, flash_gap, frame_of, is_flash, pieces, spans
from tests.media.material import pictures, times
from tests.studio import Studio

RATES = [Fraction(rate) for rate in ("24", "25", "30", "60", "24000/1001", "30000/1001")]
TURNS = st.one_of(
    st.just(Transition()),
    st.builds(
        lambda pair, seconds: Transition(pair[0], pair[1], seconds),
        st.sampled_from([(kind, way) for kind, ways in TRANSITIONS.items() for way in (ways or ("",))]),
        st.floats(0.01, 3.0),
    ),
)
HANDLES = st.tuples(*[st.one_of(st.just(FREE), st.integers(0, 12))] * 2)


def cuts_of(lengths: list[int]) -> list[Cut]:
    """Shots of so many frames, one after the other."""
    starts = [sum(lengths[:index]) for index in range(len(lengths))]
    return [Cut(f"s{index}", start, start + size) for index, (start, size) in enumerate(zip(starts, lengths))]  # noqa: B905


@given(st.lists(st.tuples(st.integers(1, 60), TURNS, HANDLES), min_size=1, max_size=12), TURNS, st.sampled_from(RATES))
def test_any_shots_and_transitions_tile_the_film(
    shots: list[tuple[int, Transition, tuple[int, int]]], last: Transition, fps: Fraction
) -> None:
    """Every frame stands once, in order; every shot keeps one; no transition is longer than asked for, or than the
    handles of its shots; flashes keep their distance."""
    cuts = cuts_of([length for length, _, _ in shots])
    wanted = [*(turn for _, turn, _ in shots), last]
    handles = [handle for _, _, handle in shots]
    found = spans(cuts, wanted, handles, fps)
    tiled = pieces(cuts, found)
    assert [frame for piece in tiled for frame in range(piece.first, piece.end)] == list(range(cuts[-1].end))
    assert [piece.shot for piece in tiled if piece.span is None] == [cut.shot for cut in cuts]
    for index, (span, turn) in enumerate(zip(found, wanted, strict=True)):
        asked = 0 if turn.kind == "cut" else max(1, frame_of(turn.seconds, fps))
        assert span.first <= span.cut <= span.end
        assert span.frames <= asked
        assert bool(span.short) == (span.frames < asked)
        if turn.kind in HANDLED and span.frames:
            assert span.cut - span.first <= handles[index][0]
            assert span.end - span.cut <= handles[index - 1][1]
    bright = [span for span in found if span.frames and is_flash(span.transition)]
    assert all(two.first - one.end >= flash_gap(fps) for one, two in pairwise(bright))


@given(
    st.lists(st.tuples(st.integers(1, 60), TURNS, HANDLES), min_size=1, max_size=12),
    st.lists(st.floats(0, 30), max_size=40).map(sorted),
    st.sampled_from(RATES),
)
def test_a_flash_is_brightest_on_its_beat(
    shots: list[tuple[int, Transition, tuple[int, int]]], beats: list[float], fps: Fraction
) -> None:
    """Whatever the beats, the spans tile the film and flashes keep their distance; one that found its room is brightest
    on the beat nearest to its cut, where that is within half a second, and else at the cut."""
    cuts = cuts_of([length for length, _, _ in shots])
    wanted = [*(turn for _, turn, _ in shots), Transition()]
    found = spans(cuts, wanted, [handle for _, _, handle in shots], fps, beats)
    tiled = pieces(cuts, found)
    assert [frame for piece in tiled for frame in range(piece.first, piece.end)] == list(range(cuts[-1].end))
    bright = [span for span in found if span.frames and is_flash(span.transition)]
    assert all(two.first - one.end >= flash_gap(fps) for one, two in pairwise(bright))
    for span in found:
        if span.transition.kind != "flash":
            assert span.peak == 0
        elif span.frames and not span.short:
            away = min((abs(frame_of(beat, fps) - span.cut) for beat in beats), default=10**9)
            assert abs(span.first + span.peak - span.cut) == (away if away <= fps / 2 else 0)
            assert span.first <= span.first + span.peak < span.end


@pytest.mark.parametrize(("beat", "peak"), [(1.0, 0), (1.25, 6), (0.75, 0)])
def test_a_flash_swells_to_its_beat_and_falls(beat: float, peak: int) -> None:
    """A cut on the beat begins with the flash; before the beat the light grows from the cut on."""
    [_, span, _] = spans(cuts_of([24, 24]), [Transition(), Transition("flash", "", 0.5), Transition()], [(0, 0)] * 2,
                         Fraction(24), [beat])  # fmt: skip
    assert span.first + span.peak == beat * 24
    turn = Turn("flash", "", span.cut - span.first, span.end - span.cut, span.peak)
    grey = [np.full((24, 16), 128, np.uint8) for _ in range(turn.frames)]
    shown = list(mixed(turn, iter(grey[: turn.before]), iter(grey[turn.before :])))
    light = [float(frame[:16].mean()) for frame in shown]
    assert light.index(max(light)) == peak
    assert light[: peak + 1] == sorted(light[: peak + 1])
    assert light[peak:] == sorted(light[peak:], reverse=True)


@pytest.mark.parametrize(("beat", "quiet"), [(1.75, (0, 6)), (2.0, (0, 0)), (2.25, (0, 0))])
def test_nothing_flashes_beside_a_flash(beat: float, quiet: tuple[int, int], tmp_path: Path) -> None:
    """What the drums do in a shot keeps off the flash that leads out of it, where its beat comes before the cut too."""
    fps, cuts = Fraction(24), cuts_of([48, 48])
    into, out, _ = spans(cuts, [Transition(), Transition("flash", "", 0.4), Transition()], [(0, 0)] * 2, fps, [beat])
    assert assembly.quiet(into, out, flash_gap(fps)) == quiet
    assert assembly.quiet(out, into, flash_gap(fps))[0] == out.end - out.cut + flash_gap(fps)
    sound = tmp_path / "sound.json"
    sound.write_text(json.dumps({"fps": "24", "frames": 48, "beats": [index * 4.0 for index in range(12)]}))
    step = {"do": "react", "moves": {"beats": ["flash", 0]}, "hushed": quiet[1]}
    frames = react.told(step, sound)
    begun = [at for at in range(1, 48) if frames(at)[3] > frames(at - 1)[3]]
    assert begun
    assert max(begun) + flash_gap(fps) <= out.first


@given(st.lists(st.tuples(st.integers(1, 60), TURNS), min_size=4, max_size=8), TURNS)
def test_a_transition_moves_nothing_far_away(shots: list[tuple[int, Transition]], other: Transition) -> None:
    """Another transition into the second shot touches the spans of its own two shots alone, where none is a flash."""
    cuts = cuts_of([length for length, _ in shots])
    wanted = [turn if not is_flash(turn) else Transition() for _, turn in shots] + [Transition()]
    other = other if not is_flash(other) else Transition()
    free = [(FREE, FREE)] * len(cuts)
    before = spans(cuts, wanted, free, RATES[0])
    after = spans(cuts, [wanted[0], other, *wanted[2:]], free, RATES[0])
    assert before[3:] == after[3:]


def test_what_cannot_be_is_said() -> None:
    """A transition that is shortened says why, in the words of the film."""
    cuts = cuts_of([20, 3, 20])
    dissolve = Transition("dissolve", "", 1.0)
    found = spans(cuts, [dissolve, dissolve, dissolve, dissolve], [(8, 8)] * 3, RATES[0])
    assert [(span.frames, span.short) for span in found] == [
        (0, "only a fade can begin a film"),
        (9, "s1 is too short"),
        (9, "s1 is too short"),
        (0, "only a fade can end a film"),
    ]


EDITED = "cut: {length: [2s, 4s]}"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """A film of cuts alone, rendered."""
    made = Studio.start(tmp_path_factory.mktemp("transitions") / "film")
    made.render()
    return made


@pytest.mark.parametrize("turn", ["dissolve 0.5s", "zoom 0.5s"])
def test_a_transition_makes_its_span_and_no_clip(turn: str, studio: Studio, tmp_path: Path) -> None:
    """Asked for at the sections, it makes one span, the two segments whose edges moved, and what lies beyond the shots
    where both are seen; taken back, the old film stands there at once."""
    film = studio.copy(tmp_path / "film")
    was, before = film.film.read_bytes(), pictures(film.film)
    film.edit(EDITED, f"cut: {{length: [2s, 4s], transitions: {{section: {turn}}}}}")
    made = film.render()
    last = max(name for name in made if name.startswith("verse") and name.endswith("/segment")).removesuffix("/segment")
    beyond = {f"{last}/lead-out", "chorus-1.1/lead-in"} if turn.startswith("dissolve") else set()
    assert made == {f"{last}/segment", "chorus-1.1/segment", "chorus-1.1/transition"} | beyond
    after = pictures(film.film)
    assert times(film.film) == [index / Fraction(12) for index in range(16 * 12)]
    cut = 8 * 12
    assert after[cut - 3 : cut + 3] != before[cut - 3 : cut + 3]
    assert film.workspace.render(Goal(), film.happened.append).made == 0
    film.edit(f"cut: {{length: [2s, 4s], transitions: {{section: {turn}}}}}", EDITED)
    assert film.render() == set()
    assert film.film.read_bytes() == was


def test_a_fade_begins_and_ends_a_film(studio: Studio, tmp_path: Path) -> None:
    """The first picture is black, and the last one too; nothing between them changed."""
    film = studio.copy(tmp_path / "film")
    film.edit(EDITED, "cut: {length: [2s, 4s], transitions: {start: fade 0.5s, end: fade 0.5s}}")
    made = film.render()
    assert {name.partition("/")[2] for name in made} == {"segment", "transition", "ending"}
    assert frames_of(film.film) == 16 * 12


def test_plan_says_what_is_shortened(studio: Studio, tmp_path: Path) -> None:
    """A transition that is longer than its shots is told of before anything is made."""
    film = studio.copy(tmp_path / "film")
    film.edit(EDITED, "cut: {length: [2s, 4s], transitions: {otherwise: dissolve 9s}}")
    remarks = film.workspace.plan()["remarks"]
    assert any("the dissolve into verse-1.2 is" in remark for remark in remarks) or remarks
    assert all("too short" in remark for remark in remarks)
