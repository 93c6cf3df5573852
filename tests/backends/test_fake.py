"""The fake: as real as any backend for the engine, and it fails, is slow and counts on request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.studio import write_song
from tests.test_cli import mvr

TEXT = """\
song: song.wav
concept: a city
cut: {by: regular, length: [2s, 2s]}
output: {size: 32x32, fps: 6}
make: {painter: {with: fake, fails_on: thunder}, animator: fake}
shots:
  "@0:00": {prompt: rain}
  "@0:02": {prompt: thunder}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_song(tmp_path / "song.wav", 4.0)
    (tmp_path / "project.yaml").write_text(TEXT)
    return tmp_path


def test_it_fails_on_request_and_counts(folder: Path) -> None:
    """The shot with the word fails alone; the log holds a line for each try."""
    log = folder / "log"
    ran = mvr("render", "--json", cwd=folder, MVR_FAKE_LOG=str(log))
    failed = [json.loads(line) for line in ran.stdout.splitlines() if '"failed", "node"' in line]
    assert ran.returncode == 1
    assert [event["error"] for event in failed] == ["the fake was asked to fail on 'thunder'"]
    assert sorted(log.read_text().split()) == ["clip", "still", "still"]


def test_another_word_mends_it(folder: Path) -> None:
    """With the word gone only that shot is made."""
    mvr("render", cwd=folder)
    (folder / "project.yaml").write_text(TEXT.replace("thunder}\n", "sun}\n"))
    log = folder / "log"
    assert mvr("render", cwd=folder, MVR_FAKE_LOG=str(log)).returncode == 0
    assert log.read_text().split() == ["still", "clip"]
