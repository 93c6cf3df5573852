"""The ledger: an index over records that may be lost, damaged or locked at any time."""

from __future__ import annotations

import json
import pickle
import sqlite3
import zlib
from pathlib import Path
from typing import Any

import pytest

from mvr.engine.ledger import Ledger, entry_of
from mvr.engine.store import Part, Record, Store

KEY = "k" * 64


def record(number: int) -> Record:
    return Record("still", 1, {"n": number}, {}, {}, {"": Part(f"{number:064}", ".png", number)}, number / 10)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one record, and an index that holds it."""
    made = Store(tmp_path / "store")
    made.open()
    made.put_record(KEY, record(7))
    with Ledger(made).session() as ledger:
        assert ledger.get(KEY) == entry_of(record(7))
    return made


def database(store: Store) -> Path:
    return store.folder / "ledger/cache.db"


def rows(store: Store) -> list[str]:
    """The keys that the index holds."""
    connection = sqlite3.connect(database(store))
    found = [json.loads(zlib.decompress(key)) for (key,) in connection.execute("SELECT key FROM Cache")]
    connection.close()
    return found


def unread(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on no record may be read."""

    def refuse(key: str) -> None:
        raise AssertionError(key)

    monkeypatch.setattr(store, "record", refuse)


def test_an_indexed_record_is_not_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new process finds what it needs of a record in the index."""
    unread(store, monkeypatch)
    with Ledger(store).session() as ledger:
        assert ledger.get(KEY) == entry_of(record(7))
    assert rows(store) == [KEY]


def test_outside_a_session_records_are_read(store: Store) -> None:
    """Nothing is opened where nobody said for how long."""
    ledger = Ledger(store)
    database(store).unlink()
    assert ledger.get(KEY) == entry_of(record(7))
    assert not database(store).exists()


def test_a_key_without_a_record_opens_nothing(store: Store) -> None:
    """A first run asks for keys that nothing stands under, and never opens the index."""
    database(store).unlink()
    with Ledger(store).session() as ledger:
        assert ledger.get("unknown") is None
    assert not database(store).exists()


def test_a_record_that_is_gone_is_not_believed(store: Store) -> None:
    """The records are the truth: an entry without one is nothing."""
    (store.records / f"{KEY}.json").unlink()
    with Ledger(store).session() as ledger:
        assert ledger.get(KEY) is None


def test_an_entry_outlives_a_damaged_record(store: Store) -> None:
    """A record that is there but damaged is still known by its entry; without the index it is nothing."""
    (store.records / f"{KEY}.json").write_bytes(b"{")
    with Ledger(store).session() as ledger:
        assert ledger.get(KEY) == entry_of(record(7))
    database(store).unlink()
    with Ledger(store).session() as ledger:
        assert ledger.get(KEY) is None


def test_a_record_that_was_written_again_is_read_again(store: Store) -> None:
    """A generator's node that was made again has other bytes: an entry of the ones before does not outlive them."""
    store.put_record(KEY, record(8))
    with Ledger(store).session() as ledger:
        assert ledger.get(KEY) == entry_of(record(8))
    with Ledger(store).session() as ledger:
        assert ledger.get(KEY) == entry_of(record(8))


def test_a_record_that_was_never_written_is_not_indexed(store: Store) -> None:
    """What a build holds for made is known to itself alone until its record stands."""
    ledger = Ledger(store)
    ledger.put("new", record(1))
    with ledger.session():
        ledger.index()
    assert rows(store) == [KEY]


@pytest.mark.parametrize("how", ["nonsense", "cut", "empty", "gone", "a folder"])
def test_a_damaged_index_is_begun_anew(store: Store, how: str) -> None:
    """An index that is damaged in any way costs nothing but reading records again."""
    path = database(store)
    data = path.read_bytes()
    for other in path.parent.glob("cache.db-*"):
        other.unlink()
    match how:
        case "nonsense":
            path.write_bytes(b"nonsense" * 1000)
        case "cut":
            path.write_bytes(data[: len(data) // 3])
        case "empty":
            path.write_bytes(b"")
        case "gone":
            path.unlink()
        case _:
            path.unlink()
            path.mkdir()
    with Ledger(store).session() as ledger:
        assert ledger.get(KEY) == entry_of(record(7))
    with Ledger(store).session() as ledger:
        assert ledger.get(KEY) == entry_of(record(7))
    assert rows(store) == [KEY]


def tampered(store: Store, value: bytes, mode: int = 1) -> None:
    connection = sqlite3.connect(database(store))
    connection.execute("UPDATE Cache SET value = ?, mode = ?", (value, mode))
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "value",
    [
        b"no zlib",
        zlib.compress(b"no json"),
        zlib.compress(b"[1]"),
        zlib.compress(b"7"),
        zlib.compress(b'[[1, 2], "still", 7, 1.0]'),
        zlib.compress(b'[[1, 2], "still", {"": ["d"]}, 1.0]'),
    ],
)
def test_a_damaged_entry_is_read_from_its_record(store: Store, value: bytes) -> None:
    """An entry that is no entry is dropped with the whole index."""
    tampered(store, value)
    with Ledger(store).session() as ledger:
        assert ledger.get(KEY) == entry_of(record(7))


class Trap:
    """Says so if anybody unpickles it."""

    sprung: list[str] = []  # noqa: RUF012  one for all, on purpose

    def __reduce__(self) -> Any:
        return Trap.sprung.append, ("sprung",)


def test_no_pickle_is_ever_read(store: Store) -> None:
    """A pickle that somebody put into a shared store is not run."""
    tampered(store, pickle.dumps(Trap()), mode=4)
    with Ledger(store).session() as ledger:
        assert ledger.get(KEY) == entry_of(record(7))
    assert Trap.sprung == []


def test_new_records_are_indexed_when_asked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a build wrote is indexed in one go at its end, and needs no reading afterwards."""
    ledger = Ledger(store)
    for number in range(20):
        key = f"{number:064}"
        store.put_record(key, record(number))
        ledger.put(key, record(number))
    with ledger.session():
        ledger.index()
        ledger.index()
    unread(store, monkeypatch)
    with Ledger(store).session() as ledger:
        assert ledger.get(f"{3:064}") == entry_of(record(3))
    assert len(rows(store)) == 21


def test_sessions_may_be_nested(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index stays open until the outermost session ends."""
    unread(store, monkeypatch)
    ledger = Ledger(store)
    with ledger.session():
        with ledger.session():
            pass
        assert ledger.get(KEY) == entry_of(record(7))


def test_an_index_that_somebody_holds_is_done_without(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process writes, nothing is lost and nothing waits for long."""
    monkeypatch.setattr("mvr.engine.ledger._BUSY_SECONDS", 0.05)
    ledger = Ledger(store)
    with ledger.session():
        assert ledger.get(KEY) is not None
        holder = sqlite3.connect(database(store), isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        store.put_record("new", record(1))
        ledger.put("new", record(1))
        ledger.index()
        holder.execute("ROLLBACK")
        holder.close()
    assert rows(store) == [KEY]
    with Ledger(store).session() as other:
        assert other.get("new") == entry_of(record(1))


def test_a_folder_that_cannot_hold_an_index_is_done_without(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no index can be made, every record is read, once, and nobody tries again."""
    tries = []

    def refuse(folder: Path) -> None:
        tries.append(folder)
        raise PermissionError

    monkeypatch.setattr("mvr.engine.ledger._opened", refuse)
    with Ledger(store).session() as ledger:
        assert ledger.get(KEY) == entry_of(record(7))
        store.put_record("other", record(2))
        assert ledger.get("other") == entry_of(record(2))
    assert len(tries) == 2


def test_an_index_that_breaks_while_it_is_written_is_begun_anew(store: Store) -> None:
    """A table that is not what it was is dropped; the next look fills a new one."""
    ledger = Ledger(store)
    with ledger.session():
        assert ledger.get(KEY) is not None
        connection = sqlite3.connect(database(store))
        connection.execute("DROP TABLE Cache")
        connection.commit()
        connection.close()
        store.put_record("new", record(1))
        ledger.put("new", record(1))
        ledger.index()
    with Ledger(store).session() as again:
        assert again.get("new") == entry_of(record(1))
    assert rows(store) == ["new"]
