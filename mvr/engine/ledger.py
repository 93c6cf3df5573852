"""The ledger: an index over the store's records, so that judging a thousand nodes opens no thousand files.

Records are the truth. A ledger that is lost or damaged is begun anew, and fills itself from the records as they are
asked for.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mvr.engine.store import Part, Record, Store


@dataclass(frozen=True)
class Entry:
    """What judging needs of a record."""

    stage: str
    parts: dict[str, Part]
    seconds: float


def entry_of(record: Record) -> Entry:
    return Entry(record.stage, dict(record.parts), record.seconds)


class Ledger:
    """Entries by key. Opened by `session` for the length of one look, never across a job."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folder = store.folder / "ledger"
        self._cache: Any = None
        self._known: dict[str, Entry] = {}

    @contextmanager
    def session(self) -> Iterator[Ledger]:
        """Holds the index open. Where it cannot be opened, records are read one by one."""
        self._cache = self._open()
        try:
            yield self
        finally:
            if self._cache is not None:
                self._cache.close()
                self._cache = None

    def get(self, key: str) -> Entry | None:
        """The entry of a key, or None where nothing whole was made under it."""
        known = self._known.get(key)
        if known is not None:
            return known
        if not self._store.has_record(key):
            return None
        entry = self._indexed(key)
        if entry is None:
            record = self._store.record(key)
            if record is None:
                return None
            entry = entry_of(record)
            self._index(key, entry)
        self._known[key] = entry
        return entry

    def put(self, key: str, record: Record) -> Entry:
        """Takes a record that was just written. It is indexed when it is next asked for."""
        entry = self._known[key] = entry_of(record)
        return entry

    def forget(self, key: str) -> None:
        self._known.pop(key, None)

    def _open(self) -> Any:
        import diskcache

        for attempt in range(2):
            try:
                return diskcache.Cache(
                    str(self._folder), disk=diskcache.JSONDisk, eviction_policy="none", size_limit=1 << 62
                )
            except sqlite3.DatabaseError:
                if attempt == 0:
                    shutil.rmtree(self._folder, ignore_errors=True)
            except OSError:
                return None
        return None

    def _indexed(self, key: str) -> Entry | None:
        if self._cache is None:
            return None
        try:
            stage, parts, seconds = self._cache[key]
            return Entry(stage, {name: Part(*values) for name, values in parts.items()}, seconds)
        except KeyError:
            return None
        except (sqlite3.DatabaseError, ValueError, TypeError, OSError, AttributeError):
            self._begin_anew()
            return None

    def _index(self, key: str, entry: Entry) -> None:
        if self._cache is None:
            return
        parts = {name: [part.digest, part.suffix, part.size] for name, part in entry.parts.items()}
        try:
            self._cache[key] = [entry.stage, parts, entry.seconds]
        except (sqlite3.DatabaseError, OSError):
            self._begin_anew()

    def _begin_anew(self) -> None:
        """Drops a damaged index; what it held is read from the records again."""
        self._cache.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._cache = self._open()
