"""Which ffmpeg runs here: the imageio-ffmpeg wheel's, or the one that MVR_FFMPEG names."""

from __future__ import annotations

import hashlib
import os
import shutil
from functools import lru_cache
from pathlib import Path

from mvr.errors import MachineError

_HINT = "point MVR_FFMPEG at an ffmpeg that has libx264, or unset it to use the one that mvr brings"


def executable() -> Path:
    """The ffmpeg that runs here: MVR_FFMPEG (a path, or a name on PATH) if set, else the wheel's.

    Raises MachineError where there is none.
    """
    named = os.environ.get("MVR_FFMPEG", "")
    if not named:
        return _bundled()
    found = shutil.which(named)
    if found is None:
        raise MachineError(f"MVR_FFMPEG names {named}, which is no program that can be run", _HINT)
    return Path(found)


def encoder_identity() -> str:
    """What names the ffmpeg build in a recipe: `imageio-ffmpeg 0.6.0 (ffmpeg 7.0.2)`, or `sha256:...` of MVR_FFMPEG.

    Starts no process. The digest of a named build is read once (about 80 ms) while the file stays as it is. Raises
    MachineError where there is no ffmpeg.
    """
    if os.environ.get("MVR_FFMPEG", ""):
        path = executable()
        found = path.stat()
        return _digest(path, found.st_size, found.st_mtime_ns, found.st_ino)
    return _bundled_identity()


@lru_cache(maxsize=8)
def _digest(path: Path, _size: int, _mtime_ns: int, _inode: int) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


@lru_cache(maxsize=1)
def _bundled() -> Path:
    """The wheel's binary, found without asking imageio_ffmpeg, which would start it and fall back on the system's."""
    from importlib.util import find_spec

    spec = find_spec("imageio_ffmpeg")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for binary in sorted((Path(folder) / "binaries").glob("ffmpeg*")):
            if os.access(binary, os.X_OK):
                return binary
    raise MachineError("the installed imageio-ffmpeg brings no ffmpeg for this machine", _HINT)


@lru_cache(maxsize=1)
def _bundled_identity() -> str:
    from importlib.metadata import version

    # The wheel names its binary after system, processor and version: ffmpeg-linux-x86_64-v7.0.2.
    number = _bundled().name.removesuffix(".exe").rpartition("-v")[2]
    return f"imageio-ffmpeg {version('imageio-ffmpeg')} (ffmpeg {number})"
