"""What each project's newest render was made of: one manifest a project text, and a log of everything ever made."""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mvr.engine import digest, disk
from mvr.engine.store import Store

_IDENTITY = re.compile(rb"[0-9a-f]{16}\s*")


@dataclass(frozen=True)
class MadeLine:
    """One line of made.log: when (seconds since 1970), which node, under which key."""

    time: float
    node: str
    key: str


class Roots:
    """The manifests of one project in a store."""

    def __init__(self, store: Store, identity: str) -> None:
        self._folder = store.folder / "roots" / identity
        self._log = self._folder / "made.log"

    def newest(self) -> dict[str, str]:
        """Every node's key at the last finished render, whatever the project's text was then."""
        found: list[tuple[int, Path]] = []
        if self._folder.is_dir():
            found = sorted((path.stat().st_mtime_ns, path) for path in self._folder.glob("*.json"))
        for _, path in reversed(found):
            keys = _keys(path)
            if keys is not None:
                return keys
        return {}

    def keep(self, text: str, folder: Path, keys: Mapping[str, str]) -> None:
        """Keeps the keys under the digest of the project's text; the same again only renews its time."""
        path = self._folder / f"{text}.json"
        data = digest.canonical({"folder": str(folder), "keys": dict(keys)})
        if _read(path) == data:
            path.touch()
        else:
            disk.write(path, data)

    def note(self, node: str, key: str) -> None:
        """Adds a line to made.log: at each make, and when a key is first met again."""
        line = json.dumps([round(time.time(), 3), node, key]) + "\n"
        disk.append(self._log, line.encode())

    def lines(self) -> Iterator[MadeLine]:
        """made.log from its first line; a line that is not whole is passed over."""
        for line in (_read(self._log) or b"").splitlines():
            try:
                moment, node, key = json.loads(line)
                yield MadeLine(float(moment), str(node), str(key))
            except (ValueError, TypeError):
                continue


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


def _keys(path: Path) -> dict[str, str] | None:
    try:
        keys = json.loads(path.read_bytes())["keys"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(keys) if isinstance(keys, dict) else None
