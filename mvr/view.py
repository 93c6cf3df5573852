"""mvr-out/PROJECT: what was made, under names for people. Rebuilt from a list, and never read back."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from mvr.engine import disk

_FICLONE = 0x40049409  # Linux: share the blocks of another file, on file systems that can (btrfs, xfs)
_INDEX = ".view.json"

SHOWN_AS = {"subtitles": "film"}
"""What stands beside the film under its name, where players look for it."""


def sync(folder: Path, wanted: Mapping[str, Path]) -> None:
    """Makes `folder` show exactly the wanted files (name -> stored file) beside the films that stand there."""
    index = folder / _INDEX
    listing = {name: os.path.relpath(path, folder) for name, path in sorted(wanted.items())}
    before = _read(index)
    for name in before.keys() - listing.keys():
        disk.remove(folder / name)
    for name, target in listing.items():
        path = folder / name
        if before.get(name) == target and path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        disk.remove(path)
        _show(wanted[name], path)
    for path in sorted(folder.glob("*/"), reverse=True):
        with contextlib.suppress(OSError):
            path.rmdir()  # only folders that became empty go
    if before != listing:
        disk.write(index, json.dumps(listing, indent=1).encode())


def shown_name(node: str, part: str, suffix: str) -> str:
    """Where a part of a node is shown: `keyframe/chorus-1.5.png`, `portrait/lead.png`, `music.json`."""
    unit, _, stage = node.rpartition("/")
    stage = SHOWN_AS.get(node, stage)
    named = f"{unit.removeprefix('@')}-{part}" if unit and part else unit.removeprefix("@") or part
    return f"{stage}/{named}{suffix}" if named else f"{stage}{suffix}"


def _read(index: Path) -> dict[str, str]:
    try:
        return dict(json.loads(index.read_bytes()))
    except (OSError, ValueError):
        return {}


def _show(stored: Path, path: Path) -> None:
    """A copy that shares its blocks where the file system can, else a link, else a copy."""
    try:
        with stored.open("rb") as source, path.open("wb") as target:
            fcntl.ioctl(target.fileno(), _FICLONE, source.fileno())
            return
    except OSError:
        disk.remove(path)
    try:
        path.symlink_to(os.path.relpath(stored, path.parent))
    except OSError:
        shutil.copyfile(stored, path)
