"""Killed at random moments, again and again: the film comes out as if nothing had happened."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.studio import write_song
from tests.test_cli import MVR, mvr

TEXT = """\
song: song.wav
concept: a city
cut: {by: regular, length: [1s, 1s]}
output: {size: 32x32, fps: 6}
make: {painter: {with: fake, seconds: 0.02}, animator: {with: fake, seconds: 0.02}}
"""
KILLS = 20


def started(folder: Path) -> Path:
    folder.mkdir(parents=True)
    write_song(folder / "song.wav", 20.0)
    (folder / "project.yaml").write_text(TEXT)
    return folder


@pytest.mark.slow
def test_twenty_kills(tmp_path: Path) -> None:
    """After 20 SIGKILLs at random moments the film has the bytes of an undisturbed one, and every file is its name."""
    quiet = started(tmp_path / "a" / "film")
    assert mvr("render", cwd=quiet).returncode == 0
    folder = started(tmp_path / "b" / "film")
    chance = random.Random(5)
    for _ in range(KILLS):
        process = subprocess.Popen([*MVR, "render"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.1, 0.9))
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert mvr("render", cwd=folder).returncode == 0
    film = Path("mvr-out") / "film" / "film.mp4"
    assert (folder / film).read_bytes() == (quiet / film).read_bytes()
    for path in (folder / ".mvr" / "files").iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


@pytest.mark.slow
def test_two_renders_share_the_work(tmp_path: Path) -> None:
    """Two renders of one project at once make each picture once, and both end with the film."""
    folder = started(tmp_path / "film")
    log = tmp_path / "log"
    alone = tmp_path / "alone"
    started(tmp_path / "c" / "film")
    assert mvr("render", cwd=tmp_path / "c" / "film", MVR_FAKE_LOG=str(alone)).returncode == 0
    both = [
        subprocess.Popen(
            [*MVR, "render"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "MVR_FAKE_LOG": str(log)},
        )
        for _ in range(2)
    ]
    ends = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    assert sorted(log.read_text().split()) == sorted(alone.read_text().split())


@pytest.mark.slow
def test_one_of_two_killed_is_taken_over(tmp_path: Path) -> None:
    """When one of two renders is killed, the other finishes the film."""
    folder = started(tmp_path / "film")
    first, second = (
        subprocess.Popen([*MVR, "render"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(2)
    )
    time.sleep(0.8)
    first.kill()
    first.wait()
    assert second.wait(60) == 0
    assert (folder / "mvr-out" / "film" / "film.mp4").exists()
