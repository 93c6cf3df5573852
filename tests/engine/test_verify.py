"""Every byte that is not what it was is found; nothing changes unless that is asked for."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from mvr.engine import digest, disk, verify
from mvr.engine.inventory import Occupied, keeper
from mvr.engine.verify import Damage
from tests.engine.ageing import flip
from tests.engine.inline import Inline
from tests.engine.lab import Lab

FLIPS = 100


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """A rendered film: a still with layers, a clip of it, and a join."""
    monkeypatch.setenv("MVR_LAB", str(tmp_path))
    lab = Lab(tmp_path)
    lab.lanes = Inline(lab.store, random.Random(1).choice)
    lab.node("still", "rain", parts={"layers": "three"})
    lab.node("clip", "slow", reads="still:layers still", stage="clip")
    lab.node("film", reads="clip", product="film.mp4")
    lab.render()
    yield lab
    lab.close()


def kept(lab: Lab) -> list[Path]:
    """All that a store is trusted with: bytes, records, manifests, logs."""
    store = lab.store
    return sorted([*store.files.iterdir(), *store.records.iterdir(), *(store.folder / "roots").glob("*/*")])


def damaged(lab: Lab) -> list[Path]:
    return sorted(damage.path for damage in verify.verify(lab.store).damaged)


def by_name(found: list[Damage]) -> dict[str, Damage]:
    return {damage.kind: damage for damage in found}


def test_a_whole_store_is_whole(lab: Lab) -> None:
    """Nothing is said of a store that nothing befell; all of it was read."""
    found = verify.verify(lab.store)
    assert found.damaged == []
    assert (found.files, found.records) == (3, 3)
    assert found.bytes == sum(path.stat().st_size for path in lab.store.files.iterdir())


def test_an_empty_store_is_whole(tmp_path: Path) -> None:
    """A store that was never opened has nothing to be damaged."""
    assert verify.verify(type(Lab(tmp_path).store)(tmp_path / "none")).damaged == []


def test_every_flipped_byte_is_found(lab: Lab) -> None:
    """One byte changed anywhere in bytes, records, manifests or log, size and time as before: it alone is named."""
    chance = random.Random(7)
    paths = kept(lab)
    for _ in range(FLIPS):
        path = chance.choice(paths)
        before, mode, stat = path.read_bytes(), path.stat().st_mode, path.stat()
        flip(path, chance)
        assert damaged(lab) == [path], path.read_bytes()
        path.write_bytes(before)
        path.chmod(mode)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert damaged(lab) == []


def test_many_flips_at_once_are_all_found(lab: Lab) -> None:
    """Each of many damaged files is named."""
    chance = random.Random(3)
    paths = chance.sample(kept(lab), 5)
    for path in paths:
        flip(path, chance)
    assert damaged(lab) == sorted(paths)


def test_looking_changes_nothing(lab: Lab) -> None:
    """Damaged things stay where they are."""
    flip(lab.blob("still"), random.Random(1))
    before = {path: path.read_bytes() for path in kept(lab)}
    verify.verify(lab.store)
    assert {path: path.read_bytes() for path in kept(lab)} == before


def test_damage_is_named_by_its_node(lab: Lab) -> None:
    """Bytes and records are told by the node that they are of."""
    key = lab.key("clip")
    flip(lab.blob("still", "layers"), random.Random(1))
    (lab.store.records / f"{key}.json").write_text("{}")
    found = by_name(verify.verify(lab.store).damaged)
    assert found["bytes"].nodes == ("still",)
    assert found["record"].nodes == ("clip",)


def test_a_record_under_another_key_is_damaged(lab: Lab) -> None:
    """A whole record that stands where another should is no record."""
    paths = sorted(lab.store.records.iterdir())
    paths[0].write_bytes(paths[1].read_bytes())
    assert damaged(lab) == [paths[0]]


def test_bytes_that_cannot_be_read_are_told(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that the disk refuses counts as damaged; one that goes while it is looked for does not."""
    refused, gone = lab.blob("still"), lab.blob("clip")
    real = digest.of_file

    def read(path: Path) -> str:
        if path == refused:
            raise OSError(5, "Input/output error")
        if path == gone:
            raise FileNotFoundError
        return real(path)

    monkeypatch.setattr(digest, "of_file", read)
    (found,) = verify.verify(lab.store).damaged
    assert (found.path, found.unreadable) == (refused, True)


def test_a_folder_in_the_place_of_bytes_is_no_file(lab: Lab) -> None:
    """What is no file, or has no digest for a name, is nothing of ours."""
    (lab.store.files / ("0" * 64)).mkdir()
    (lab.store.files / ".half-copied").write_bytes(b"x")
    assert damaged(lab) == []


def test_what_was_set_aside_is_made_again(lab: Lab) -> None:
    """After a repair the store is whole, and a render that needs the bytes makes them again."""
    path = lab.blob("still")
    whole = path.read_bytes()
    flip(path, random.Random(1))
    assert verify.repair(lab.store, verify.verify(lab.store).damaged) == []
    assert not path.exists()
    assert (lab.store.folder / "damaged" / path.name).exists()
    assert damaged(lab) == []
    lab.node("clip", "fast", reads="still:layers still", stage="clip")
    lab.render()
    assert lab.made == {"still", "clip", "film"}
    assert path.read_bytes() == whole


def test_a_record_set_aside_is_made_again(lab: Lab) -> None:
    """A node whose record is gone was never made."""
    key = lab.key("clip")
    flip(lab.store.records / f"{key}.json", random.Random(1))
    verify.repair(lab.store, verify.verify(lab.store).damaged)
    lab.render()
    assert "clip" in lab.made
    assert damaged(lab) == []


def test_bytes_that_became_whole_again_stay(lab: Lab) -> None:
    """A render that replaced damaged bytes since they were looked at keeps what it made."""
    path = lab.blob("still")
    whole = path.read_bytes()
    flip(path, random.Random(1))
    found = verify.verify(lab.store).damaged
    path.write_bytes(whole)
    verify.repair(lab.store, found)
    assert path.read_bytes() == whole
    path.unlink()
    verify.repair(lab.store, found)  # gone meanwhile: nothing to set aside
    assert not path.exists()


def test_the_same_bytes_can_be_set_aside_twice(lab: Lab) -> None:
    """What was set aside before is not written over."""
    for number in (1, 2):
        path = lab.store.files / ("ab" * 32)
        path.write_bytes(bytes([number]))
        verify.repair(lab.store, verify.verify(lab.store).damaged)
    assert sorted(one.read_bytes() for one in (lab.store.folder / "damaged").iterdir()) == [b"\1", b"\2"]


def test_a_log_is_mended(lab: Lab) -> None:
    """Lines that are whole stay, one that still names a record is kept, the others go; the old log is set aside."""
    key = lab.key("clip")
    lines = lab.roots.log.read_bytes().splitlines(keepends=True)
    wrong = next(line for line in lines if key.encode() in line).replace(b"clip", b"clap")
    lab.roots.log.write_bytes(b"".join(line for line in lines if key.encode() not in line) + wrong + b"[1, 2]\n{\n")
    (found,) = verify.verify(lab.store).damaged
    assert (found.kind, found.lines) == ("log", 3)
    verify.repair(lab.store, [found])
    assert [line.node for line in lab.roots.lines()].count("clap") == 1
    assert len(list(lab.roots.lines())) == len(lines)
    assert damaged(lab) == []


def test_a_manifest_is_set_aside(lab: Lab) -> None:
    """Without its manifest a film is one that was never finished."""
    flip(lab.roots.files()[0], random.Random(1))
    verify.repair(lab.store, verify.verify(lab.store).damaged)
    assert lab.roots.newest() == {}


def test_a_ledger_that_lies_is_found(lab: Lab) -> None:
    """An index that says of a record what that does not say, or that cannot be read, is damaged; it is begun anew."""
    from mvr.engine.ledger import _opened

    cache = _opened(lab.store.folder / "ledger")
    key = lab.key("clip")
    row = cache.get(key)
    cache.set(key, [*row[:-1], 99.0])
    cache.close()
    assert [damage.kind for damage in verify.verify(lab.store).damaged] == ["ledger"]
    verify.repair(lab.store, verify.verify(lab.store).damaged)
    assert damaged(lab) == []
    lab.plan()
    (lab.store.folder / "ledger/cache.db").write_bytes(b"nonsense" * 200)
    assert [damage.kind for damage in verify.verify(lab.store).damaged] == ["ledger"]


@pytest.mark.parametrize("when", ["opened", "read"])
def test_a_ledger_that_cannot_be_read_is_damaged(lab: Lab, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """Whether it refuses to open or to be read."""
    import diskcache

    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.DatabaseError("file is not a database")

    with monkeypatch.context() as patch:
        patch.setattr(diskcache.Cache, "__init__" if when == "opened" else "iterkeys", refuse)
        assert [damage.kind for damage in verify.verify(lab.store).damaged] == ["ledger"]


def test_a_ledger_that_cannot_be_written_is_left_alone(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """To open it is to write to it."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert damaged(lab) == []


def test_log_and_ledger_wait_for_a_render(lab: Lab) -> None:
    """While a run is at work, what it writes to is left alone."""
    disk.append(lab.roots.log, b"nonsense\n")
    found = verify.verify(lab.store).damaged
    with lab.store.bench():
        assert verify.repair(lab.store, found) == found
    assert verify.repair(lab.store, found) == []


def test_two_do_not_mend_at_once(lab: Lab) -> None:
    """One keeper at a time; the lock is free once it has ended."""
    lock = keeper(lab.store)
    with pytest.raises(Occupied):
        verify.repair(lab.store, [])
    lock.free()
    assert verify.repair(lab.store, []) == []


def test_a_reader_of_damaged_bytes_makes_them_again_and_says_so(lab: Lab) -> None:
    """A render that reads bytes which were written over makes them again, unasked."""
    lab.damage("still", lambda data: data[:-1] + b"!")
    lab.node("clip", "fast", reads="still:layers still", stage="clip")
    lab.render()
    assert lab.repaired == {"still"}
    assert lab.made == {"still", "clip", "film"}
    assert damaged(lab) == []
