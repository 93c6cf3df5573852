"""The ledger: an index over the store's records, so that judging a thousand nodes opens no thousand files.

Records are the truth: an entry counts while its record has the size and mtime that it had. A ledger that is lost or
damaged is begun anew, and fills itself from the records as they are asked for.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mvr.engine import disk
from mvr.engine.store import Part, Record, Store

_DAMAGE = (sqlite3.Error, zlib.error, ValueError, TypeError, KeyError, AttributeError, OSError)
"""What reading a damaged index can raise."""

_BUSY_SECONDS = 5.0
"""How long another process may hold the index; after that the records are read."""


@dataclass(frozen=True)
class Entry:
    """What judging needs of a record."""

    stage: str
    parts: dict[str, Part]
    seconds: float


def entry_of(record: Record) -> Entry:
    return Entry(record.stage, dict(record.parts), record.seconds)


def _row(entry: Entry) -> list[Any]:
    """An entry as the index holds it, after its record's mark."""
    parts = {name: [part.digest, part.suffix, part.size] for name, part in entry.parts.items()}
    return [entry.stage, parts, entry.seconds]


class Ledger:
    """Entries by key. The index is open within a `session` only: the length of one look, never across a job."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folder = store.folder / "ledger"
        self._sessions = 0
        self._cache: Any = None
        self._usable = True
        self._known: dict[str, Entry] = {}
        self._unindexed: dict[str, tuple[list[int], Entry]] = {}

    @contextmanager
    def session(self) -> Iterator[Ledger]:
        """Lets `get` use the index, which is opened by the first key that needs it. Sessions may be nested."""
        self._sessions += 1
        try:
            yield self
        finally:
            self._sessions -= 1
            if self._sessions == 0:
                self._close()

    def get(self, key: str) -> Entry | None:
        """The entry of a key, or None where nothing whole was made under it."""
        known = self._known.get(key)
        if known is not None:
            return known
        mark = self._store.record_mark(key)
        if mark is None:
            return None
        row = self._indexed(key)
        entry = row[1] if row is not None else None
        if row is None or row[0] != mark:
            record = self._store.record(key)
            if record is not None:
                entry = entry_of(record)
                self._unindexed[key] = mark, entry
        if entry is not None:
            self._known[key] = entry
        return entry

    def put(self, key: str, record: Record) -> Entry:
        """Takes a record that was just written. It is indexed by `index`, or when it is next asked for."""
        entry = self._known[key] = entry_of(record)
        mark = self._store.record_mark(key)
        if mark is not None:
            self._unindexed[key] = mark, entry
        return entry

    def index(self) -> None:
        """Writes what the index does not hold yet, in one transaction. Where that cannot be, nothing is lost."""
        if not self._unindexed or not self._open():
            return
        import diskcache

        rows = {key: [mark, *_row(entry)] for key, (mark, entry) in self._unindexed.items()}
        self._unindexed.clear()
        try:
            with self._cache.transact():
                for key, row in rows.items():
                    self._cache.set(key, row)
        except diskcache.Timeout:
            return
        except _DAMAGE:
            self._begin_anew()

    def strays(self, records: Mapping[str, Record]) -> bool:
        """True where the index cannot be read, or says of a record what that does not say of itself."""
        if not self._folder.is_dir() or not os.access(self._folder, os.W_OK):
            return False
        try:
            cache = _opened(self._folder)
        except _DAMAGE:
            return True
        try:
            rows = {key: cache.get(key) for key in cache.iterkeys()}
        except _DAMAGE:
            return True
        finally:
            cache.close()
        marked = {key: [self._store.record_mark(key), *_row(entry_of(record))] for key, record in records.items()}
        return any(
            not isinstance(row, list) or (row[:1] == marked[key][:1] and row != marked[key])
            for key, row in rows.items()
            if key in records
        )

    def _indexed(self, key: str) -> tuple[list[int], Entry] | None:
        if not self._open():
            return None
        try:
            row = self._cache.get(key)
            if row is None:
                return None
            mark, stage, parts, seconds = row
            return mark, Entry(stage, {name: Part(*values) for name, values in parts.items()}, seconds)
        except _DAMAGE:
            self._begin_anew()
            return None

    def _open(self) -> bool:
        """Opens the index if this is a session and it is not open yet. False where it cannot be."""
        if self._cache is None and self._sessions and self._usable:
            try:
                self._cache = _opened(self._folder)
            except _DAMAGE:
                self._begin_anew()
        return self._cache is not None

    def _close(self) -> None:
        if self._cache is not None:
            self.index()
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    def _begin_anew(self) -> None:
        """Drops a damaged index: what it held is read from the records again, and so is all if none can be made."""
        if self._cache is not None:
            self._cache.close()
        disk.remove(self._folder)
        try:
            self._cache = _opened(self._folder)
        except _DAMAGE:
            self._cache, self._usable = None, False


def _opened(folder: Any) -> Any:
    import diskcache

    class Plain(diskcache.JSONDisk):  # type: ignore[misc]
        """Reads nothing but what a JSON disk writes: a pickle in a shared store would be somebody else's code."""

        def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
            if mode != diskcache.core.MODE_RAW:
                raise ValueError("the index holds what mvr did not write")
            return super().fetch(mode, filename, value, read)

    return diskcache.Cache(
        str(folder),
        timeout=_BUSY_SECONDS,
        disk=Plain,
        eviction_policy="none",
        cull_limit=0,
        sqlite_synchronous=0,  # nothing is flushed: what a loss of power takes is read from the records again
        disk_min_file_size=1 << 30,  # bytes; every row stands in the index itself
        disk_compress_level=0,  # a row is some 300 bytes: compressing its key alone costs 14 us a look
    )
