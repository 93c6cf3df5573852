"""Turns at a GPU: one job at a time on the whole machine, and nobody waits for the dead."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from mvr.backends._diffusion import turns
from mvr.engine.job import Cancelled
from tests.desk import BenchDesk

HOLD = """
import sys, tempfile, time
from mvr.backends._diffusion import turns
tempfile.tempdir = sys.argv[1]
turns._name = lambda device: "gpu-test"
with turns.turn("cuda"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> subprocess.Popen[str]:
    """Another process that has the device."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(turns, "_name", lambda device: "gpu-test")
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_job_waits_for_its_turn_and_gets_it_when_the_other_dies(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    """While another process has the device a job waits, and hears that nobody wants it; a killed one holds nothing."""
    desk = BenchDesk(tmp_path)
    desk.stop = True
    with pytest.raises(Cancelled), turns.turn("cuda", desk):
        pass
    desk.stop = False
    holder.kill()
    holder.communicate()
    start = time.monotonic()
    with turns.turn("cuda", desk):
        assert time.monotonic() - start < 30


def test_the_processor_needs_no_turn(tmp_path: Path) -> None:
    """Jobs on the processor do not wait for each other."""
    with turns.turn("cpu"), turns.turn("cpu"):
        pass
