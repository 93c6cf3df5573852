"""Makes what a store knows look old, as if months had gone by, or as a disk leaves it that fails."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from pathlib import Path

from mvr.engine import disk
from mvr.engine.roots import every
from mvr.engine.store import Store

DAY = 86_400.0


def age(store: Store, days: float = 40) -> None:
    """Puts every manifest, and every line of made.log, so many days into the past; their order stays."""
    for roots in every(store):
        for path in roots.files():
            moment = path.stat().st_mtime - days * DAY
            os.utime(path, (moment, moment))
        lines = [replace(line, time=line.time - days * DAY) for line in roots.lines()]
        disk.write(roots.log, b"".join(line.written() for line in lines))


def flip(path: Path, chance: random.Random) -> None:
    """Changes one byte to any other."""
    data = bytearray(path.read_bytes())
    place = chance.randrange(len(data))
    data[place] ^= chance.randrange(1, 256)
    stat = path.stat()
    path.chmod(0o644)
    path.write_bytes(data)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # as a bad disk does it
