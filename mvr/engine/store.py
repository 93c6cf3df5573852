"""The store: bytes by digest, one record a key, and what each project's newest render was made of.

files/<digest>       bytes, read-only
records/<key>.json   what a key made: parts, recipe, inputs, seconds, provenance; never dropped
roots/<project id>/  for each project text, every node's key; and made.log, append-only
damaged/             what `verify` set aside
generation           changes whenever a record or bytes come or go
tmp/                 half-made things, swept when their owner is dead
gate                 whoever notes a key in made.log passes it; `gc` shuts it
locks/               one lock a key at work, and one a folder of tmp/
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mvr.engine import digest, disk

LAYOUT = 1
"""Raised when an older mvr could no longer read the store."""

READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
"""What a write comes to where one may only read."""

ABANDONED_SECONDS = 7 * 86_400.0
"""Where a file system has no locks, half-made things this old have no owner any more."""


class StoreTooNew(Exception):
    """The store was written by a newer mvr."""


class Damaged(Exception):
    """Stored bytes are not what their name says."""

    def __init__(self, content: str) -> None:
        super().__init__(content)
        self.digest = content


@dataclass(frozen=True)
class Part:
    """One thing that a node handed on: digest of its bytes, suffix such as `.png`, size in bytes."""

    digest: str
    suffix: str
    size: int


@dataclass(frozen=True)
class Record:
    """What a key made. inputs and files hold digests by role; seconds is how long it took."""

    stage: str
    version: int
    recipe: Any
    inputs: Mapping[str, tuple[str, ...]]
    files: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, Part]
    seconds: float = 0.0
    exact: bool = True
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "stage": self.stage,
            "version": self.version,
            "recipe": self.recipe,
            "inputs": {role: list(found) for role, found in self.inputs.items()},
            "files": {role: list(found) for role, found in self.files.items()},
            "parts": {name: [part.digest, part.suffix, part.size] for name, part in self.parts.items()},
            "seconds": self.seconds,
            "exact": self.exact,
            "provenance": dict(self.provenance),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Record:
        """Raises KeyError, TypeError or ValueError where `data` is no whole record."""
        return cls(
            stage=data["stage"],
            version=data["version"],
            recipe=data["recipe"],
            inputs={role: tuple(found) for role, found in data["inputs"].items()},
            files={role: tuple(found) for role, found in data["files"].items()},
            parts={name: Part(*values) for name, values in data["parts"].items()},
            seconds=data["seconds"],
            exact=data["exact"],
            provenance=data["provenance"],
        )


class Store:
    """A store in a folder; projects may share one. Folders are made at the first write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = folder / "files"
        self.records = folder / "records"
        self.locks = folder / "locks"
        self.temporary = folder / "tmp"

    def open(self) -> None:
        """Makes the folders, and sweeps what dead processes left half-made. Raises StoreTooNew, OSError."""
        written = self.layout()
        for folder in (self.files, self.records, self.locks, self.temporary):
            folder.mkdir(parents=True, exist_ok=True)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            disk.write(ignore, b"*\n")
        if written < LAYOUT:
            disk.write(self.folder / "layout", str(LAYOUT).encode())
        self._sweep()

    def layout(self) -> int:
        """The layout that the store is written in, 0 where it says none. Raises StoreTooNew."""
        try:
            written = int((self.folder / "layout").read_text())
        except (OSError, ValueError):
            written = 0
        if written > LAYOUT:
            raise StoreTooNew(str(self.folder))
        return written

    def busy(self) -> bool:
        """True while a run works on this store, in any process: somebody holds a bench."""
        if not self.temporary.is_dir():
            return False
        for folder in self.temporary.iterdir():
            lock = self.lock(folder.name)
            if lock is None:
                return True
            lock.free()
            if not lock.sure:  # without locks nobody can tell an owner that lives from one that died
                return True
        return False

    def path(self, content: str) -> Path:
        return self.files / content

    def has(self, content: str) -> bool:
        """True where bytes stand under that digest; whether they are whole is asked when they are read."""
        return self.path(content).exists()

    def whole(self, part: Part) -> Path:
        """The path of stored bytes, hashed again if size or mtime show a touch. Raises Damaged, FileNotFoundError."""
        path = self.path(part.digest)
        stat = path.stat()
        if stat.st_size == part.size and stat.st_mtime_ns == disk.BLOB_TIME_NS:
            return path
        if digest.of_file(path) != part.digest:
            raise Damaged(part.digest)
        with contextlib.suppress(OSError):
            disk.seal(path)
        return path

    def keep(self, path: Path) -> Part:
        """Hashes a finished file and moves it into the store. Bytes that are here already are kept as they are.

        A link, soft or hard, is copied first: the file that it shares is somebody else's.
        """
        content = digest.of_file(path)
        part = Part(content, path.suffix, path.stat().st_size)
        try:
            self.whole(part)
        except (Damaged, FileNotFoundError):
            if path.is_symlink() or path.stat().st_nlink > 1:
                return self.keep(disk.own(path))
            disk.seal(path)
            disk.place(path, self.path(content))
        else:
            path.unlink()
        return part

    def drop(self, content: str) -> None:
        """Takes bytes out of the store; their record stays."""
        disk.remove(self.path(content))
        self.touch()

    def record(self, key: str) -> Record | None:
        """The record of a key; None where there is none, or none that is whole."""
        try:
            return Record.from_json(digest.unsealed((self.records / f"{key}.json").read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def record_mark(self, key: str) -> list[int] | None:
        """The size and mtime (ns) of a record's file, others once it is written again; None where there is none."""
        try:
            stat = os.stat(f"{self.records}/{key}.json")  # noqa: PTH116  asked for every node; a Path costs twice that
        except OSError:
            return None
        return [stat.st_size, stat.st_mtime_ns]

    def has_record(self, key: str) -> bool:
        return (self.records / f"{key}.json").exists()

    def put_record(self, key: str, record: Record) -> None:
        """Writes a record and marks the store as changed."""
        disk.write(self.records / f"{key}.json", digest.sealed(record.as_json()))
        self.touch()

    def generation(self) -> str:
        """A word that changes whenever a record or bytes come or go through a Store."""
        try:
            return (self.folder / "generation").read_text(errors="replace")
        except OSError:
            return ""

    def touch(self) -> None:
        disk.write(self.folder / "generation", secrets.token_hex(8).encode(), lasting=False)

    def lock(self, key: str) -> Lock | None:
        """The lock of a key, or None while another process holds it. The kernel frees it when its owner dies."""
        return Lock.take(self.locks / key)

    @contextlib.contextmanager
    def gate(self, *, alone: bool = False) -> Iterator[None]:
        """Passes the gate, beside others who pass it; alone: with nobody else inside. A dead process holds nothing.

        On a file system without locks everybody passes.
        """
        handle = None
        try:
            with contextlib.suppress(OSError):
                handle = os.open(self.folder / "gate", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
                fcntl.flock(handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield
        finally:
            if handle is not None:
                os.close(handle)

    @contextlib.contextmanager
    def bench(self) -> Iterator[Path]:
        """A folder for half-made things, removed at the end, or swept later if this process dies before.

        In a store that can only be read it is not made: whoever has something to make is told by the key's lock.
        """
        lock = None
        while lock is None:  # a sweep may hold the lock of a name that it has just seen
            folder = self.temporary / f"{os.getpid()}-{secrets.token_hex(4)}"
            try:
                lock = Lock.take(self.locks / folder.name)
            except OSError as error:
                if error.errno not in READ_ONLY:
                    raise
                yield folder
                return
        try:
            folder.mkdir(parents=True)
            yield folder
        finally:
            disk.remove(folder)
            lock.free()

    def _sweep(self) -> None:
        """Removes half-made things and locks whose owners are dead. What cannot be removed stays."""
        with contextlib.suppress(OSError):
            for folder in self.temporary.iterdir():
                lock = self.lock(folder.name)
                if lock is not None:
                    if lock.sure or folder.stat().st_mtime < time.time() - ABANDONED_SECONDS:
                        disk.remove(folder)
                    lock.free()
            for path in self.locks.iterdir():
                left = Lock.take(path)
                if left is not None:
                    left.free()


class Lock:
    """An advisory lock on a file, held by this process until `free` or death.

    sure: the file system has locks; without, everybody gets one, and the worst is that a thing is made twice.
    """

    def __init__(self, path: Path, handle: int, sure: bool) -> None:
        self.sure = sure
        self._path = path
        self._handle = handle

    @classmethod
    def take(cls, path: Path) -> Lock | None:
        """None while somebody else holds it. Raises OSError where its file cannot be made."""
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                return None
            except OSError:
                return cls(path, handle, sure=False)
            # The owner before us may have removed the file between our open and our lock.
            try:
                if path.stat().st_ino == os.fstat(handle).st_ino:
                    return cls(path, handle, sure=True)
            except FileNotFoundError:
                pass
            os.close(handle)

    def free(self) -> None:
        """Removes the file while it is still held, then lets go."""
        with contextlib.suppress(OSError):
            self._path.unlink()
        os.close(self._handle)
