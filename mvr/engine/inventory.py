"""What stands in a store: every file, every record, and which was made by which."""

from __future__ import annotations

import os
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mvr.engine.roots import every
from mvr.engine.store import Lock, Record, Store

_DIGEST = re.compile(r"[0-9a-f]{64}")

PATIENCE = 10
"""How often the keeper's lock is tried, 20 ms apart."""

Say = Callable[[int, int], None]
"""Told how many bytes are done, and of how many."""


class Occupied(Exception):
    """Another process collects, mends, pulls or is pushed to."""


def keeper(store: Store) -> Lock:
    """The lock of those who take from a store, or bring to it, other than by making. Raises Occupied, OSError."""
    for _ in range(PATIENCE):  # a sweep may hold it for an instant
        lock = store.lock("keeper")
        if lock is not None:
            return lock
        time.sleep(0.02)
    raise Occupied(str(store.folder))


@dataclass(frozen=True)
class Standing:
    """Stored bytes: their size, and what tells them from bytes that came in their place later."""

    size: int
    inode: int
    ctime_ns: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Standing:
        return cls(stat.st_size, stat.st_ino, stat.st_ctime_ns)


@dataclass(frozen=True)
class Inventory:
    """files by digest, whole records by key, and for each digest the keys that made it."""

    store: Store
    files: Mapping[str, Standing]
    records: Mapping[str, Record]
    makers: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, store: Store) -> Inventory:
        """Looks at the files first: a record that is written meanwhile speaks of files that are not in the list."""
        files = dict(files_of(store))
        records = {path.stem: record for path in record_paths(store) if (record := store.record(path.stem))}
        makers: defaultdict[str, list[str]] = defaultdict(list)
        for key, record in records.items():
            for content in {part.digest for part in record.parts.values()}:
                makers[content].append(key)
        return cls(store, files, records, {content: tuple(keys) for content, keys in makers.items()})

    def maker(self, content: str) -> Record | None:
        """The record of whoever spent most on making these bytes: another may only have passed them on."""
        made = [self.records[key] for key in self.makers.get(content, ())]
        return max(made, key=lambda record: record.seconds, default=None)

    def exact(self, content: str) -> bool:
        """True where bytes come out the same wherever they are made again."""
        return all(self.records[key].exact for key in self.makers.get(content, ()))

    def found(self, keys: Iterable[str]) -> Iterator[Record]:
        """The records of some keys; one that was written since the inventory was made is read now."""
        for key in keys:
            record = self.records.get(key) or self.store.record(key)
            if record is not None:
                yield record

    def parts(self, keys: Iterable[str]) -> Iterator[str]:
        """The digests of all that some keys made."""
        for record in self.found(keys):
            yield from (part.digest for part in record.parts.values())

    def ancestry(self, contents: Iterable[str]) -> set[str]:
        """The digests of all that some bytes were made from, directly or not, and of the bytes themselves."""
        seen: set[str] = set()
        waiting = list(contents)
        while waiting:
            content = waiting.pop()
            if content not in seen:
                seen.add(content)
                for key in self.makers.get(content, ()):
                    waiting.extend(found for role in self.records[key].inputs.values() for found in role)
        return seen


def files_of(store: Store) -> Iterator[tuple[str, Standing]]:
    """Every stored file by its digest. What is half-copied beside them has another kind of name."""
    if store.files.is_dir():
        with os.scandir(store.files) as found:
            for entry in found:
                if _DIGEST.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    try:
                        yield entry.name, Standing.of(entry.stat(follow_symlinks=False))
                    except FileNotFoundError:
                        continue


def record_paths(store: Store) -> list[Path]:
    """The file of every record, whole or not."""
    return sorted(path for path in store.records.glob("*.json") if not path.name.startswith("."))


def names(store: Store) -> dict[str, tuple[str, ...]]:
    """Under which names of nodes each key is known to any project."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for roots in every(store):
        for manifest in roots.manifests():
            for node, key in manifest.keys.items():
                found[key][node] = None
        for line in roots.lines():
            found[line.key][line.node] = None
    return {key: tuple(nodes) for key, nodes in found.items()}
