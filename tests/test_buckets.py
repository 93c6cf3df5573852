"""Length buckets and handles: a generated clip outlives a moved cut."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mvr import choosing
from mvr.backends._lattice import Timing, lengths
from mvr.media.probe import frames_of
from mvr.model import Goal
from tests.studio import PROJECT, Studio

BUCKET = PROJECT.replace(
    "output:", "make: {painter: fake, animator: {with: fake, bucket: 24, longest: 96, rate: RATE}}\noutput:"
)


def project(rate: int = 0) -> str:
    return BUCKET.replace("RATE", str(rate))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    studio = Studio.start(tmp_path_factory.mktemp("buckets") / "tiny", project())
    studio.render()
    return studio


@pytest.fixture
def studio(rendered: Studio, tmp_path: Path) -> Studio:
    return rendered.copy(tmp_path / "tiny")


def test_a_cut_moved_inside_the_bucket_makes_no_clip(studio: Studio) -> None:
    """Two segments are cut anew from the clips that are there."""
    studio.edit("characters: [ada]}", 'characters: [ada], end: "0:02.8"}')
    made = studio.render()
    assert {name for name in made if name.endswith("/segment")} == {"verse-1.1/segment", "verse-1.2/segment"}
    assert not [name for name in made if "/clip" in name or "/keyframe" in name]
    assert frames_of(studio.film) == 16 * 12


def test_a_cut_moved_beyond_the_bucket_makes_that_clip_alone(studio: Studio) -> None:
    """The shot whose bucket is another gets another clip; its neighbour, now longer, keeps its own."""
    studio.edit("characters: [ada]}", 'characters: [ada], end: "0:02.5"}')
    assert {name for name in studio.render() if "/clip" in name} == {"verse-1.1/clip"}


def test_a_pinned_clip_keeps_its_handles(studio: Studio) -> None:
    """The film with a clip pinned is the film that had it, also after handles were left away."""
    before = studio.film.read_bytes()
    (key,) = [row["key"] for row in choosing.takes(studio.workspace, "verse-1.1", lambda _: None)["takes"]]
    studio.edit("characters: [ada]}", f'characters: [ada], pin: "{key}"}}')
    studio.edit("cut: {length: [2s, 4s]}", "cut: {length: [2s, 4s], handles: 2}")
    studio.render()
    studio.edit(", handles: 2}", "}")
    studio.render()
    assert studio.film.read_bytes() == before


def test_a_clip_of_another_rate_fills_its_shot(tmp_path: Path) -> None:
    """A model's rate that is not the film's is kept in the clip, and the film has its length."""
    studio = Studio.start(tmp_path / "tiny", project(8))
    studio.render()
    assert frames_of(studio.film) == 16 * 12
    assert studio.workspace.why("verse-1.2/clip")["recipe"]["fps"] == "8"


@pytest.mark.parametrize(("chains", "by"), [("true", "chained from the last frame"), ("false", "cut on a beat")])
def test_plan_says_how_a_shot_longer_than_the_model_is_made(chains: str, by: str, tmp_path: Path) -> None:
    """Chained from the last frame where the model can, else cut on a beat; no other node has a note."""
    studio = Studio.start(tmp_path / "tiny", project().replace("longest: 96", f"longest: 48, chains: {chains}"))
    studio.render(Goal(until="shots"))
    notes = {row["name"]: row["note"] for row in studio.workspace.plan()["nodes"] if row["note"]}
    assert set(notes) == {f"{shot}/clip" for shot in ("verse-1.1", "verse-1.2", "chorus-1.1", "chorus-1.3")}
    assert f"2 pieces, {'each ' if by.startswith('chained') else ''}{by}" in notes["verse-1.1/clip"]


@example(Timing(6, 1, 163, (Fraction(30),), chains=False), 213, 24, Fraction(24), [0.0])
@given(
    st.sampled_from(
        [
            Timing(8, 1, 257, (Fraction(24),)),
            Timing(4, 1, 81, (Fraction(16),)),
            Timing(1, 0, 25, (Fraction(7),)),
            Timing(6, 1, 163, (Fraction(30),), chains=False),
        ]
    ),
    st.integers(1, 2000),
    st.integers(0, 24),
    st.sampled_from([Fraction(24), Fraction(30000, 1001), Fraction(12), Fraction(60)]),
    st.lists(st.floats(0, 2000), max_size=60),
)
def test_every_shot_has_its_frames_and_its_handles(
    timing: Timing, frames: int, handles: int, fps: Fraction, beats: list[float]
) -> None:
    """Whatever the model: the clip holds the shot and both handles, and no piece is longer than the model's longest."""
    known = lengths(timing, frames, handles, fps, beats)
    ratio = known.rate / fps if known.own_rate else Fraction(1)
    total = sum(known.frames) - (len(known.frames) - 1 if known.by == "chain" else 0)
    assert total >= known.lead + (frames + handles) * ratio
    assert known.lead >= handles * ratio
    assert max(known.frames) <= timing.longest
    assert min(known.frames) >= 1
    if known.by != "beats":
        assert {(count - timing.offset) % timing.step for count in known.frames} == {0}


def test_a_split_lands_on_a_beat() -> None:
    """Of the beats inside, the one nearest to where the pieces would be equal."""
    timing = Timing(1, 0, 100, (Fraction(24),), chains=False)
    known = lengths(timing, 150, 0, Fraction(24), beats=[10, 60, 90, 140])
    assert known.frames in ((90, 60), (60, 90))
