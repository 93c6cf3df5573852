"""Proofs by stat: a file whose size, times and inode are what they were need not be read again.

A stat is proof only if the file was older than the moment of looking by 2 s: a file system's clock may be coarse (FAT
counts in 2 s), and a write within one tick leaves no trace. Otherwise the content is read.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mvr.engine import digest, disk

SETTLED_NS = 2_000_000_000


@dataclass(frozen=True)
class Sight:
    """How a file looked when it was read: size in bytes, times in ns, inode, content digest, and if a stat is proof."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    digest: str
    settled: bool

    def matches(self, stat: os.stat_result) -> bool:
        """True where the stat is the same; only with `settled` is that proof of the same content."""
        seen = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
        return seen == (self.size, self.mtime_ns, self.ctime_ns, self.inode)

    def as_list(self) -> list[int | str | bool]:
        return [self.size, self.mtime_ns, self.ctime_ns, self.inode, self.digest, self.settled]


def look(path: Path) -> Sight:
    """Reads a file and says how it looked. Raises OSError where it cannot be read."""
    before = path.stat()
    now = time.time_ns()
    content = digest.of_file(path)
    newest = max(before.st_mtime_ns, before.st_ctime_ns)
    settled = newest + SETTLED_NS < now
    return Sight(before.st_size, before.st_mtime_ns, before.st_ctime_ns, before.st_ino, content, settled)


class Witness:
    """Remembers how files looked, in one JSON file that may be deleted at any time or be impossible to write."""

    def __init__(self, memory: Path) -> None:
        self._memory = memory
        self._seen: dict[str, Sight] = {}
        self._changed = False
        try:
            for path, values in json.loads(memory.read_bytes()).items():
                self._seen[path] = Sight(*values)
        except (OSError, ValueError, TypeError, AttributeError):
            self._seen = {}

    def digest(self, path: Path) -> str:
        """The digest of a file's content, read only where a stat is no proof. Raises OSError."""
        return self.sight(path).digest

    def sight(self, path: Path) -> Sight:
        """How a file looks now. Raises OSError."""
        known = self._seen.get(str(path))
        if known is not None and known.settled and known.matches(path.stat()):
            return known
        seen = look(path)
        if seen != known:
            self._seen[str(path)] = seen
            self._changed = True
        return seen

    def tell(self, path: Path, content: str) -> None:
        """Takes the word of the one who just wrote `path` for its digest, so that it need not be read."""
        stat = path.stat()
        self._seen[str(path)] = Sight(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, content, True)
        self._changed = True

    def save(self) -> None:
        """Keeps what was seen; a folder that cannot be written does without."""
        if self._changed:
            kept = {path: sight.as_list() for path, sight in self._seen.items()}
            try:
                disk.write(self._memory, json.dumps(kept).encode())
                self._changed = False
            except OSError:
                return


def holds(sights: Mapping[str, list[int | str | bool] | None], folder: Path) -> bool:
    """True where every file still has the content it had; None means that there was no such file."""
    for name, values in sights.items():
        path = folder / name
        try:
            stat = path.stat()
        except OSError:
            if values is None:
                continue
            return False
        if values is None:
            return False
        sight = Sight(*values)  # type: ignore[arg-type]
        if sight.matches(stat) and sight.settled:
            continue
        if stat.st_size != sight.size:
            return False
        try:
            if digest.of_file(path) != sight.digest:
                return False
        except OSError:
            return False
    return True
