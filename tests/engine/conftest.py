"""The laboratory that the engine's tests work in."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.lab import PATIENCE_SECONDS, ROOT, Lab


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts tests of general rules last: a test of one fact is quicker to fail, and says more."""
    items.sort(key=lambda item: item.get_closest_marker("hypothesis") is not None)


@pytest.fixture(autouse=True)
def end() -> Iterator[None]:
    """Fails a test of something that never ends: a build that waits for nobody waits for ever."""

    def tell(*interrupted: object) -> None:
        pytest.fail("it never ended")

    before = signal.signal(signal.SIGALRM, tell)
    signal.setitimer(signal.ITIMER_REAL, 3 * PATIENCE_SECONDS, 3 * PATIENCE_SECONDS)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """A laboratory whose workers find the stage of the tests; one job at a time."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("MVR_LAB", str(tmp_path))
    made = Lab(tmp_path)
    yield made
    made.close()
