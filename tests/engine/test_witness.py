"""Proofs by stat: when a file need not be read again, and when it must be."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from mvr.engine import digest
from mvr.engine.witness import Sight, Witness, holds, look


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose content was read."""
    found: list[str] = []
    real = digest.of_file

    def noted(path: Path) -> str:
        found.append(path.name)
        return real(path)

    monkeypatch.setattr(digest, "of_file", noted)
    return found


def settled(monkeypatch: pytest.MonkeyPatch, seconds: float = 3.0) -> None:
    """Lets so much time go by."""
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + int(seconds * 1e9))


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.wav"
    path.write_text("la la")
    return path


def test_an_old_file_is_read_once(song: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that had not changed for 2 s when it was read need not be read again, by this or a later process."""
    settled(monkeypatch)
    memory = song.parent / "memory.json"
    eyes = Witness(memory)
    assert eyes.digest(song) == digest.of_bytes(b"la la")
    eyes.digest(song)
    eyes.save()
    assert Witness(memory).digest(song) == digest.of_bytes(b"la la")
    assert reads == ["song.wav"]


def test_a_young_file_is_read_every_time(song: Path, reads: list[str]) -> None:
    """A file that changed within the last 2 s may change again within one tick of its clock: its content is read."""
    eyes = Witness(song.parent / "memory.json")
    eyes.digest(song)
    stat = song.stat()
    song.write_text("li li")
    os.utime(song, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert eyes.digest(song) == digest.of_bytes(b"li li")
    assert len(reads) == 2


def test_the_limit_is_two_seconds(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a file older than 2 s when it was looked at is settled; one from the future never is."""
    newest = max(song.stat().st_mtime_ns, song.stat().st_ctime_ns)
    monkeypatch.setattr(time, "time_ns", lambda: newest + 2_000_000_000)
    assert not look(song).settled
    monkeypatch.setattr(time, "time_ns", lambda: newest + 2_000_000_001)
    assert look(song).settled
    os.utime(song, ns=(newest, newest + 10**12))
    assert not look(song).settled


def test_other_content_of_the_same_size_and_time_is_seen(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Size and mtime may lie; the inode's own change time does not."""
    settled(monkeypatch)
    eyes = Witness(song.parent / "memory.json")
    before = song.stat()
    assert eyes.digest(song) == digest.of_bytes(b"la la")
    time.sleep(0.02)
    song.write_text("li li")
    os.utime(song, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert song.stat().st_mtime_ns == before.st_mtime_ns
    assert eyes.digest(song) == digest.of_bytes(b"li li")


def test_a_file_put_in_anothers_place_is_seen(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file moved over another has another inode."""
    settled(monkeypatch)
    eyes = Witness(song.parent / "memory.json")
    eyes.digest(song)
    other = song.with_name("other.wav")
    other.write_text("li li")
    os.utime(other, ns=(song.stat().st_atime_ns, song.stat().st_mtime_ns))
    other.replace(song)
    assert eyes.digest(song) == digest.of_bytes(b"li li")


def test_a_touch_changes_no_digest(song: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was touched is read once more and has the digest that it had."""
    settled(monkeypatch)
    eyes = Witness(song.parent / "memory.json")
    before = eyes.digest(song)
    os.utime(song, (1, 1))
    assert eyes.digest(song) == before
    eyes.digest(song)
    assert len(reads) == 2


def test_who_wrote_a_file_is_believed(song: Path, reads: list[str]) -> None:
    """The one who just joined a film need not read it again."""
    eyes = Witness(song.parent / "memory.json")
    eyes.tell(song, "its digest")
    assert eyes.digest(song) == "its digest"
    assert reads == []


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1]", '{"/song": 1}', '{"/song": [1, 2]}', "null", "\xff", '{"/song": [1, 2, 3, 4, "d", true, 7]}'],
)
def test_a_damaged_memory_is_forgotten(song: Path, text: str) -> None:
    """Whatever stands in the memory, files are read where it is no use, and it is written anew."""
    memory = song.parent / "memory.json"
    memory.write_text(text.replace("/song", str(song)), "latin-1")
    eyes = Witness(memory)
    assert eyes.digest(song) == digest.of_bytes(b"la la")
    eyes.save()
    assert str(song) in json.loads(memory.read_bytes())


def test_nothing_new_is_not_written(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A memory that learnt nothing is left as it is."""
    settled(monkeypatch)
    memory = song.parent / "memory.json"
    eyes = Witness(memory)
    eyes.save()
    assert not memory.exists()
    eyes.digest(song)
    eyes.save()
    inode = memory.stat().st_ino
    eyes.save()
    again = Witness(memory)
    again.digest(song)
    again.save()
    assert memory.stat().st_ino == inode


def test_a_folder_that_cannot_be_written_does_without(song: Path) -> None:
    """A project that one may only read is judged all the same."""
    (song.parent / "file").write_text("no folder")
    eyes = Witness(song.parent / "file" / "memory.json")
    eyes.digest(song)
    eyes.save()


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Whether that matters is for who asked."""
    with pytest.raises(FileNotFoundError):
        Witness(tmp_path / "memory.json").digest(tmp_path / "nothing")


def sights(song: Path) -> dict[str, list[int | str | bool] | None]:
    return {"song.wav": look(song).as_list(), "absent": None}


def test_sights_hold_while_nothing_changes(song: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What a snapshot rests on is asked with one stat a file, and no reading, once the files are old enough."""
    settled(monkeypatch)
    seen = sights(song)
    reads.clear()
    assert holds(seen, song.parent)
    assert reads == []


def test_sights_of_young_files_hold_by_content(song: Path, reads: list[str]) -> None:
    """A file that was too young to be proof is read; the same content holds, and so does a touched file."""
    seen = sights(song)
    os.utime(song, (1, 1))
    reads.clear()
    assert holds(seen, song.parent)
    assert reads == ["song.wav"]


@pytest.mark.parametrize("how", ["longer", "other", "gone", "appeared", "unreadable"])
def test_sights_do_not_hold_after_a_change(song: Path, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another size, other content, a file less or more: what rests on them is out of date."""
    seen = sights(song)
    match how:
        case "longer":
            song.write_text("la la la")
        case "other":
            song.write_text("li li")
        case "gone":
            song.unlink()
        case "appeared":
            (song.parent / "absent").touch()
        case _:

            def refuse(path: Path) -> str:
                raise PermissionError

            monkeypatch.setattr(digest, "of_file", refuse)
    assert not holds(seen, song.parent)


def test_a_sight_is_what_was_seen_before_reading(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is written while it is read has a sight that the next stat does not match."""
    real = digest.of_file

    def raced(path: Path) -> str:
        found = real(path)
        time.sleep(0.02)
        path.write_text("li li")
        return found

    settled(monkeypatch)
    monkeypatch.setattr(digest, "of_file", raced)
    eyes = Witness(song.parent / "memory.json")
    eyes.digest(song)
    monkeypatch.setattr(digest, "of_file", real)
    assert eyes.digest(song) == digest.of_bytes(b"li li")
    assert isinstance(eyes.sight(song), Sight)
