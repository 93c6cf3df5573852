"""What a project looked like when it was last judged, so that asking again when nothing changed costs a few stats.

Nothing here is needed: a snapshot that is missing, damaged or out of date only means that the project is judged again.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mvr.engine import digest, disk, witness

Sights = dict[str, list[int | str | bool] | None]
Looks = dict[str, list[int] | None]
"""Of each path its size in bytes, its times in ns and its inode."""


class Snapshot:
    """One remembered answer, valid while the given words and the files' contents are what they were."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path = path
        self._folder = folder

    def load(self, words: Mapping[str, Any]) -> Any | None:
        """The answer, or None where anything it rests on may have changed."""
        try:
            seal, _, written = self._path.read_bytes().partition(b"\n")
            if seal.decode() != digest.of_bytes(written):
                return None
            kept = json.loads(written)
            if kept["words"] != words or looks(kept["outside"]) != kept["outside"]:
                return None
            if not witness.holds(kept["sights"], self._folder):
                return None
            return kept["answer"]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, words: Mapping[str, Any], sights: Sights, outside: Looks, answer: Any) -> None:
        """Remembers an answer; a folder that cannot be written does without.

        Not one that rests on a file outside whose stat proves nothing yet (see engine.witness).
        """
        newest = max((max(look[1:3]) for look in outside.values() if look is not None), default=0)
        if newest + witness.SETTLED_NS >= time.time_ns():
            return
        kept = {"words": dict(words), "sights": sights, "outside": outside, "answer": answer}
        written = json.dumps(kept, separators=(",", ":")).encode()
        with contextlib.suppress(OSError):
            disk.write(self._path, digest.of_bytes(written).encode() + b"\n" + written)


def sights(eyes: witness.Witness, folder: Path, files: Iterable[str]) -> Sights:
    """How files look now, by name relative to a folder; None for one that is not there."""
    found: Sights = {}
    for name in files:
        try:
            found[name] = eyes.sight(folder / name).as_list()
        except OSError:
            found[name] = None
    return found


def looks(paths: Iterable[str]) -> Looks:
    """How files and folders outside a project look now, by their whole paths; None for one that is not there.

    They are not read: the weights of a model are many GB. A folder looks otherwise once a name in it comes or goes.
    """
    found: Looks = {}
    for path in paths:
        try:
            stat = Path(path).stat()
        except OSError:
            found[path] = None
        else:
            found[path] = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
    return found


def code_mark(package: Path) -> list[int]:
    """Tells one state of mvr's own code from another, where it is worked on between releases: how many modules there
    are, and the newest time of any (ns). About 2 ms."""
    count, newest = 0, 0
    folders = [str(package)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.name.endswith(".py"):
                    count, newest = count + 1, max(newest, entry.stat().st_mtime_ns)
    return [count, newest]
