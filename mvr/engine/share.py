"""Brings what one store has and another lacks across: records, their bytes, and what a project's renders were made of.

Each thing goes as a whole or not at all, bytes before the record that names them and manifests last, so that a copy
that stops goes on where it was. What stands already is never replaced by something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from mvr.engine import digest, disk
from mvr.engine.inventory import Say
from mvr.engine.roots import Roots
from mvr.engine.store import Damaged, Part, Record, Store


@dataclass
class Copied:
    """What was brought across.

    damaged: digests whose bytes were not what their name says where they were to come from. others: keys under which
    something else stands already, which stays.
    """

    records: int = 0
    files: int = 0
    bytes: int = 0
    manifests: int = 0
    lines: int = 0
    damaged: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def keys_of(roots: Iterable[Roots]) -> list[str]:
    """Every key that some projects ever made or met, the oldest first."""
    found: dict[str, None] = {}
    for one in roots:
        found.update(dict.fromkeys(line.key for line in one.lines()))
        for manifest in one.manifests():
            found.update(dict.fromkeys(manifest.keys.values()))
    return list(found)


def copy(source: Store, target: Store, keys: Sequence[str], say: Say = lambda done, whole: None) -> Copied:
    """Brings the records of some keys across, and their bytes where the source has them. Raises OSError."""
    copied = Copied()
    wanted: list[tuple[str, Record | None]] = []  # the record is to be written where there is none
    lacking: dict[str, Part] = {}
    for key in keys:
        theirs, ours = source.record(key), target.record(key)
        if theirs is None:
            continue
        wanted.append((key, theirs if ours is None else None))
        if ours is not None and ours.parts != theirs.parts:
            copied.others.append(key)
        found = {part.digest: part for part in (ours or theirs).parts.values() if source.has(part.digest)}
        lacking |= {content: part for content, part in found.items() if not _whole(target, part)}
    whole = sum(part.size for part in lacking.values())
    with target.bench() as bench:
        for part in lacking.values():
            _bring(source, target, part, bench, copied)
            say(copied.bytes, whole)
    for key, record in wanted:
        if record is not None:
            target.put_record(key, record)
            copied.records += 1
    return copied


def merge(source: Iterable[Roots], target: Roots, folder: Path, copied: Copied) -> None:
    """Adds what logs and manifests of others say to those of a project that stands in a folder.

    Of two manifests of one text its own stays; of two of its own, the newer. Raises OSError.
    """
    known = {line.written() for line in target.lines()}
    for roots in source:
        new = [line for line in roots.lines() if line.written() not in known]
        target.add(new)
        copied.lines += len(new)
        known.update(line.written() for line in new)
        texts = {manifest.text: manifest.time for manifest in target.manifests()}
        for manifest in roots.manifests():
            time = texts.get(manifest.text)
            if time is None or (roots.identity == target.identity and time < manifest.time):
                target.take(replace(manifest, folder=folder))
                copied.manifests += 1


def _whole(store: Store, part: Part) -> bool:
    try:
        store.whole(part)
    except (FileNotFoundError, Damaged):
        return False
    return True


def _bring(source: Store, target: Store, part: Part, bench: Path, copied: Copied) -> None:
    """Copies bytes, and keeps them if they are what their name says."""
    path = bench / part.digest
    try:
        disk.copy(source.path(part.digest), path)
    except FileNotFoundError:  # collected meanwhile
        return
    if digest.of_file(path) != part.digest:
        copied.damaged.append(part.digest)
        disk.remove(path)
        return
    with suppress(PermissionError):  # a drive that knows no permissions
        disk.seal(path)
    disk.place(path, target.path(part.digest))
    copied.files += 1
    copied.bytes += part.size


def holds(folder: Path) -> bool:
    """True where a folder is a store."""
    return (folder / "layout").is_file() and (folder / "records").is_dir()


def empty(folder: Path) -> bool:
    """True where a folder is not there, or has nothing in it."""
    try:
        return not any(folder.iterdir())
    except FileNotFoundError:
        return True
