"""Any timeline, made for real: every frame at its time, every picture its segment's, no word of ffmpeg's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.timelines import Timeline, Workshop, made, wrongs


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("timelines"))


@pytest.mark.parametrize("seed", range(25))
def test_a_random_timeline_is_joined_exactly(seed: int, shop: Workshop, tmp_path: Path) -> None:
    """Shots from 1 frame, all transitions, all six rates; `make bench-timeline` tries 500 of them."""
    line = Timeline.of(seed)
    film, segments = made(shop, line, tmp_path / "film")
    assert wrongs(film, segments, line) == []
