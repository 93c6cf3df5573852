"""What each project's newest render was made of: one manifest a project text, and a log of everything ever made."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mvr.engine import digest, disk
from mvr.engine.store import READ_ONLY, Store

_IDENTITY = re.compile(rb"[0-9a-f]{16}\s*")


LINE_SUM = 12
"""Hex digits of the digest that ends each line of made.log."""


@dataclass(frozen=True)
class MadeLine:
    """One line of made.log: when (seconds since 1970), which node, under which key."""

    time: float
    node: str
    key: str

    def written(self) -> bytes:
        values = [round(self.time, 3), self.node, self.key]
        seal = digest.of_bytes(digest.canonical(values))[:LINE_SUM]
        return json.dumps([*values, seal]).encode() + b"\n"


@dataclass(frozen=True)
class Manifest:
    """What one finished render was made of: the digest of the project's text, the project's folder, every node's key,
    and when that was, in seconds since 1970."""

    text: str
    folder: Path
    keys: Mapping[str, str]
    time: float


class Roots:
    """The manifests of one project in a store, and the log of all that was made for it."""

    def __init__(self, store: Store, identity: str) -> None:
        self._store = store
        self.identity = identity
        self.folder = store.folder / "roots" / identity
        self.log = self.folder / "made.log"

    def newest(self) -> dict[str, str]:
        """Every node's key at the last finished render, whatever the project's text was then."""
        for path in reversed(self.files()):
            found = manifest(path)
            if found is not None:
                return dict(found.keys)
        return {}

    def latest(self) -> str:
        """The digest of the project's text at the last finished render; empty before the first."""
        found = self.files()
        return found[-1].stem if found else ""

    def files(self) -> list[Path]:
        """The manifests' files, the oldest first."""
        found = []
        for path in self.folder.glob("*.json"):
            with contextlib.suppress(FileNotFoundError):
                found.append((path.stat().st_mtime_ns, path))
        return [path for _, path in sorted(found)]

    def manifests(self) -> list[Manifest]:
        """The whole manifests, the oldest first."""
        return [found for path in self.files() if (found := manifest(path))]

    def keep(self, text: str, folder: Path, keys: Mapping[str, str]) -> None:
        """Keeps the keys under the digest of the project's text; the same again only renews its time.

        A store that can only be read does without: nobody collects there.
        """
        path = self.folder / f"{text}.json"
        data = _manifest(folder, keys)
        try:
            if _read(path) == data:
                path.touch()
            else:
                disk.write(path, data)
        except OSError as error:
            if error.errno not in READ_ONLY:
                raise

    def take(self, found: Manifest) -> None:
        """Keeps a manifest of another place, as old as it is."""
        path = self.folder / f"{found.text}.json"
        disk.write(path, _manifest(found.folder, found.keys))
        os.utime(path, (found.time, found.time))

    def note(self, node: str, key: str) -> None:
        """Adds a line to made.log: at each make, and when a key is first met again, before anything reads it."""
        with self._store.gate():
            disk.append(self.log, MadeLine(time.time(), node, key).written())

    def add(self, lines: Sequence[MadeLine]) -> None:
        """Adds lines of another place, as they are."""
        if lines:
            with self._store.gate():
                disk.append(self.log, b"".join(line.written() for line in lines))

    def lines(self) -> Iterator[MadeLine]:
        """made.log by time, lines of one moment as they stand; one that is not whole is passed over."""
        found = [line for line in map(made_line, self.raw()) if line is not None]
        yield from sorted(found, key=lambda line: line.time)

    def damaged_lines(self) -> int:
        """How many lines of made.log are not whole."""
        return sum(made_line(line) is None for line in self.raw())

    def raw(self) -> list[bytes]:
        data = _read(self.log)
        return data.removesuffix(b"\n").split(b"\n") if data else []


def every(store: Store) -> list[Roots]:
    """The roots of every project that uses a store."""
    folder = store.folder / "roots"
    return [Roots(store, path.name) for path in sorted(folder.iterdir())] if folder.is_dir() else []


def manifest(path: Path) -> Manifest | None:
    """The manifest in a file, or None where it is not whole, or its keys are none."""
    try:
        found = digest.unsealed(path.read_bytes())
        return Manifest(path.stem, Path(found["folder"]), dict(found["keys"]), path.stat().st_mtime)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _manifest(folder: Path, keys: Mapping[str, str]) -> bytes:
    return digest.sealed({"folder": str(folder), "keys": dict(keys)})


def made_line(line: bytes) -> MadeLine | None:
    """A line of made.log, or None where it is not whole."""
    try:
        moment, node, key, _ = json.loads(line)
        found = MadeLine(float(moment), str(node), str(key))
        return found if found.written() == line + b"\n" else None
    except (ValueError, TypeError):
        return None


def identity(path: Path) -> str:
    """The random id of a project, kept in a file of its own; it enters no key and no film."""
    if not _IDENTITY.fullmatch(_read(path) or b""):
        temporary = disk.aside(path)
        disk.write(temporary, secrets.token_hex(8).encode())
        try:
            if path.exists():  # damaged
                temporary.replace(path)
            else:
                os.link(temporary, path)  # of two processes that begin at once, the first wins
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    return path.read_text().strip()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
