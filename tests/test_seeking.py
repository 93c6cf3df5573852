"""Films in a browser: they play, and a seek shows the frame that was sought."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import seeking
from tests.preview.watched import launched
from tests.timelines import Timeline, Workshop, made


@pytest.mark.parametrize("seed", [3, 10])
def test_a_random_timeline_plays_and_seeks(seed: int, tmp_path: Path) -> None:
    """Every cut, the frame before it, and both ends; `make bench-timeline` tries more of them."""
    sync_api = pytest.importorskip("playwright.sync_api")
    line = Timeline.of(seed)
    film, _ = made(Workshop(tmp_path), line, tmp_path / "film")
    with sync_api.sync_playwright() as playwright:
        browser = launched(playwright)
        assert seeking.wrongs(browser, film, line.fps, line.moments()) == []
        browser.close()
