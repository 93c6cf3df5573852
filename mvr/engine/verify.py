"""Reads every byte of a store and says which are not what they were; sets those aside where that is asked for.

Stored files are hashed against their names. Records, manifests and the lines of made.log hold a digest of themselves.
The ledger is compared with the records that it is an index over.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

from mvr.engine import digest, disk
from mvr.engine.inventory import Inventory, Say, files_of, keeper, names, record_paths
from mvr.engine.ledger import Ledger
from mvr.engine.roots import MadeLine, Roots, every, made_line, manifest
from mvr.engine.store import Record, Store


@dataclass(frozen=True)
class Damage:
    """One thing that is not what it was: bytes, record, manifest, log or ledger; what it is of, as far as known.

    nodes names the nodes whose bytes or record it is, lines how many lines of a log are damaged.
    """

    kind: str
    path: Path
    nodes: tuple[str, ...] = ()
    lines: int = 0
    unreadable: bool = False


@dataclass
class Findings:
    """What a look at every byte came to: how many files, of how many bytes, and records; and what is damaged."""

    files: int = 0
    bytes: int = 0
    records: int = 0
    damaged: list[Damage] = field(default_factory=list)


def verify(store: Store, say: Say = lambda done, whole: None) -> Findings:
    """Every damaged thing in a store. Changes nothing."""
    known = dict(files_of(store))
    found = Findings(files=len(known), bytes=sum(standing.size for standing in known.values()))
    wrong = list(_bytes(store, {content: standing.size for content, standing in known.items()}, found.bytes, say))
    called = names(store)
    inventory = Inventory.of(store)
    for path in record_paths(store):
        found.records += 1
        record = inventory.records.get(path.stem)
        if record is None or _key(record) != path.stem:
            found.damaged.append(Damage("record", path, called.get(path.stem, ())))
    for content, unreadable in wrong:
        nodes = [name for key in inventory.makers.get(content, ()) for name in called.get(key, ())]
        damage = Damage("bytes", store.path(content), tuple(dict.fromkeys(nodes)), unreadable=unreadable)
        found.damaged.append(damage)
    for roots in every(store):
        found.damaged += _roots(roots)
    if not store.busy() and Ledger(store).strays(inventory.records):
        found.damaged.append(Damage("ledger", store.folder / "ledger"))
    return found


def repair(store: Store, damaged: list[Damage]) -> list[Damage]:
    """Sets damaged things aside in the folder `damaged`, so that they are made again; gives back what must wait.

    A damaged log or ledger waits while a render works on the store: both are written to. Raises Occupied, OSError.
    """
    lock = keeper(store)
    busy = store.busy()
    waits = []
    try:
        for damage in damaged:
            match damage.kind:
                case "bytes":
                    _set_aside_bytes(store, damage.path)
                case "log" | "ledger" if busy:
                    waits.append(damage)
                case "log":
                    _mend_log(store, Roots(store, damage.path.parent.name))
                case "ledger":
                    disk.remove(damage.path)
                case _:
                    disk.move(damage.path, _place(store, damage.path.name))
        store.touch()
    finally:
        lock.free()
    return waits


def _key(record: Record) -> str:
    return digest.key(record.stage, record.version, record.recipe, record.inputs, record.files)


def _bytes(store: Store, sizes: dict[str, int], whole: int, say: Say) -> Iterator[tuple[str, bool]]:
    """The digests whose bytes are others, and if that is because they cannot be read."""
    done = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for content, found in zip(sizes, pool.map(lambda one: _hash(store.path(one)), sizes), strict=True):
            if found not in (content, "gone"):
                yield content, found == ""
            done += sizes[content]
            say(done, whole)


def _hash(path: Path) -> str:
    """The digest of a file; empty where it cannot be read, "gone" where it went meanwhile."""
    try:
        return digest.of_file(path)
    except FileNotFoundError:
        return "gone"
    except OSError:
        return ""


def _roots(roots: Roots) -> Iterator[Damage]:
    for path in roots.files():
        found = manifest(path)
        if found is None:
            yield Damage("manifest", path)
    wrong = roots.damaged_lines()
    if wrong:
        yield Damage("log", roots.log, lines=wrong)


def _place(store: Store, name: str) -> Path:
    """Where something damaged goes."""
    path = store.folder / "damaged" / name
    return path if not path.exists() else path.with_name(f"{name}.{secrets.token_hex(4)}")


def _set_aside_bytes(store: Store, path: Path) -> None:
    """Takes bytes away, and looks once more: a render may have put whole ones in their place meanwhile."""
    target = _place(store, path.name)
    with suppress(FileNotFoundError):
        disk.move(path, target)
        if _hash(target) == path.name:
            disk.move(target, path)


def _mend_log(store: Store, roots: Roots) -> None:
    """Writes a log anew without its damaged lines; one that still names a record is kept. The old log is set aside."""
    lines = [line for line in map(_mended, repeat(store), roots.raw()) if line is not None]
    disk.copy(roots.log, _place(store, f"{roots.identity}.log"))
    disk.write(roots.log, b"".join(line.written() for line in lines))


def _mended(store: Store, line: bytes) -> MadeLine | None:
    whole = made_line(line)
    if whole is not None:
        return whole
    try:
        moment, node, key, _ = json.loads(line)
        return MadeLine(float(moment), str(node), str(key)) if store.has_record(str(key)) else None
    except (ValueError, TypeError):
        return None
