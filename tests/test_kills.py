"""Killed at random moments, again and again: the film comes out as if nothing had happened."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mvr import machine
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


@dataclass
class Toll:
    """What some kills came to: how many, over how many films, and how many pictures and clips were begun again."""

    kills: int = 0
    films: int = 0
    again: int = 0


def begun(log: Path) -> int:
    """How many pictures and clips were begun so far."""
    return len(log.read_text().split()) if log.exists() else 0


def killed(work: Path, kills: int, chance: random.Random) -> Iterator[Toll]:
    """Kills renders at random moments of all that they do, until the film is whole; then another film, and so on.

    Yields after each film. Raises AssertionError where a film has other bytes than an undisturbed one, where a stored
    byte is wrong, or where more pictures were begun again than were in flight.
    """
    quiet = started(work / "quiet" / "film")
    start = time.monotonic()
    assert mvr("render", cwd=quiet, MVR_FAKE_LOG=str(work / "alone")).returncode == 0
    seconds = time.monotonic() - start
    film = Path("mvr-out") / "film" / "film.mp4"
    whole = (quiet / film).read_bytes()
    lanes = machine.load().lanes["cpu"]
    toll = Toll()
    while toll.kills < kills:
        folder = started(work / str(toll.films) / "film")
        log = folder.parent / "log"
        here = 0
        while toll.kills < kills and not (folder / film).exists():
            process = subprocess.Popen(
                [*MVR, "render"],
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "MVR_FAKE_LOG": str(log)},
            )
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.1, 0.9) * seconds)
            process.send_signal(signal.SIGKILL)
            process.wait()
            toll.kills += 1
            here += 1
        assert mvr("render", cwd=folder, MVR_FAKE_LOG=str(log)).returncode == 0
        assert (folder / film).read_bytes() == whole
        checked = mvr("store", "verify", cwd=folder)
        assert (checked.returncode, "all whole" in checked.stdout) == (0, True), checked.stdout
        for path in (folder / ".mvr" / "files").iterdir():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
        again = begun(log) - begun(work / "alone")
        assert 0 <= again <= here * lanes, f"{here} kills cost {again} pictures and clips, with {lanes} in flight"
        toll.films += 1
        toll.again += again
        yield toll


@pytest.mark.slow
def test_twenty_kills(tmp_path: Path) -> None:
    """After 20 SIGKILLs at random moments each film has the bytes of an undisturbed one, every file is its name, and
    at most the jobs in flight were lost."""
    *_, toll = killed(tmp_path, KILLS, random.Random(5))
    assert toll.kills == KILLS


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
