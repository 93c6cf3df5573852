"""The laboratory that the engine's tests work in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.lab import ROOT, Lab


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """A laboratory whose workers find the stage of the tests; one job at a time."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("MVR_LAB", str(tmp_path))
    made = Lab(tmp_path)
    yield made
    made.close()
