"""A desk outside of any build: what a stage asks of it is answered at once, in this process."""

from __future__ import annotations

from pathlib import Path

from mvr.engine import disk
from mvr.engine.apart import Apart
from mvr.engine.job import Blob, UserFile


def test_a_desk_apart_reads_where_it_was_told(tmp_path: Path) -> None:
    """Inputs lie where `paths` says, the user's files where they are; a blob of no input is nowhere."""
    desk = Apart(tmp_path, {"a": tmp_path / "still.png"})
    assert desk.path(Blob("a", ".png")) == tmp_path / "still.png"
    assert desk.path(UserFile(str(tmp_path / "song.wav"), "")) == tmp_path / "song.wav"


def test_a_desk_apart_does_everything_now(tmp_path: Path) -> None:
    """Progress is told, nobody cancels, nothing else is to come, and work left for later is done at once."""
    heard: list[float] = []
    done: list[str] = []
    desk = Apart(tmp_path, tell=heard.append)
    desk.progress(0.5)
    desk.later(lambda: done.append("written"))
    assert (heard, done, desk.cancelled(), list(desk.ahead())) == ([0.5], ["written"], False, [])
    assert desk.resident("weights", lambda: 7) == 7
    Apart(tmp_path).progress(1.0)


def test_a_file_written_anew_keeps_its_mode(tmp_path: Path) -> None:
    """What the user allowed or forbade others on a file stays so; a new file gets the usual mode."""
    file = tmp_path / "project.yaml"
    disk.rewrite(file, b"one")
    file.chmod(0o640)
    disk.rewrite(file, b"two")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"two", 0o640)
