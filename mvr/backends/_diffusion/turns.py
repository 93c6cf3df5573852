"""Turns at a GPU: one lock a device for the whole machine, so that two films do not push each other out of memory."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from mvr.engine.job import Cancelled, Desk

LOOK_SECONDS = 0.1
"""How often a job that waits for its turn looks again, and hears that nobody wants it any more."""


@contextlib.contextmanager
def turn(device: str, desk: Desk | None = None) -> Iterator[None]:
    """Has the device alone until it is left; waits for whoever has it. The processor needs no turn.

    The kernel frees the lock when its owner dies. Raises Cancelled once nobody wants the job any more.
    """
    if device == "cpu":
        yield
        return
    with _file(device) as file:
        while not _held(file):
            if desk is not None and desk.cancelled():
                raise Cancelled
            time.sleep(LOOK_SECONDS)
        yield


def _held(file: BinaryIO) -> bool:
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _file(device: str) -> BinaryIO:
    """The lock's file, which any user of this machine may open."""
    path = Path(tempfile.gettempdir()) / f"mvr-{_name(device)}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    with contextlib.suppress(OSError):  # another user's file
        os.fchmod(descriptor, 0o666)
    return os.fdopen(descriptor, "r+b")


def _name(device: str) -> str:
    """A device by what it is, not by its number: CUDA_VISIBLE_DEVICES numbers them anew."""
    import torch

    if not torch.cuda.is_available():
        return device
    return f"gpu-{torch.cuda.get_device_properties(device).uuid}"
