"""The one door to the disk for everything the engine writes: aside, flushed, then moved into place."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from pathlib import Path

BLOB_TIME_NS = 946_684_800_000_000_000
"""Every stored file carries this mtime (2000-01-01), so that any later write shows in a stat."""


def aside(path: Path) -> Path:
    """A name beside `path` that nobody else uses."""
    return path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")


def flush(path: Path) -> None:
    """Makes the bytes of a file survive a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Writes a small file whole: a reader sees the old bytes or the new ones, never a part.

    lasting False spares the flush (0.3 to 20 ms), where a loss of power may take the bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = aside(path)
    try:
        with temporary.open("wb") as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def rewrite(path: Path, data: bytes) -> None:
    """Writes a file of the user's anew, whole, with the mode that it has."""
    mode = path.stat().st_mode if path.exists() else None
    write(path, data)
    if mode is not None:
        path.chmod(mode)


def append(path: Path, data: bytes) -> None:
    """Adds a line to the end of a file in one write, so that lines of two processes do not mix.

    A last line that was cut short, by a full disk or a loss of power, is closed first. Nothing is flushed: a thousand
    hits of one run would cost a thousand flushes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            data = b"\n" + data
        os.write(handle, data)
    finally:
        os.close(handle)


def place(source: Path, target: Path) -> None:
    """Moves a finished file to `target`, across file systems if need be; `source` is gone afterwards."""
    target.parent.mkdir(parents=True, exist_ok=True)
    flush(source)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        temporary = aside(target)
        try:
            shutil.copy2(source, temporary)  # with its times and mode: a sealed file stays sealed
            flush(temporary)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        source.unlink()


def move(source: Path, target: Path) -> None:
    """Moves a stored file to another place of the same store, at once, as it is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)


def copy(source: Path, target: Path) -> None:
    """Copies a file's bytes to a new file, which is not yet where anybody looks for it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def own(path: Path) -> Path:
    """Puts a copy in the place of a link, so that moving or sealing `path` touches no other file; gives it back."""
    temporary = aside(path)
    try:
        shutil.copyfile(path, temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path


def seal(path: Path) -> None:
    """Marks a file as stored: read-only, with the mtime that every stored file has."""
    os.utime(path, ns=(BLOB_TIME_NS, BLOB_TIME_NS))
    path.chmod(0o444)


def remove(path: Path) -> None:
    """Removes a file or folder, whatever its permissions; one that is not there is no error."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
