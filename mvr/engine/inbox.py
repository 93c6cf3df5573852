"""A bell that other threads ring to wake a running build."""

from __future__ import annotations

import contextlib
import os
import select


class Inbox:
    """Rung from any thread; heard by whoever waits on its file descriptor. Many rings before a look are one."""

    def __init__(self) -> None:
        self._ear, self._bell = os.pipe()
        os.set_blocking(self._ear, False)
        os.set_blocking(self._bell, False)

    def fileno(self) -> int:
        return self._ear

    def ring(self) -> None:
        """Wakes the build."""
        with contextlib.suppress(BlockingIOError):  # a full pipe rings already
            os.write(self._bell, b"!")

    def heard(self) -> bool:
        """True where somebody rang since the last look."""
        try:
            return bool(os.read(self._ear, 1 << 12))
        except BlockingIOError:
            return False

    def wait(self, seconds: float | None = None) -> bool:
        """Waits until somebody rings, or so many seconds; True where somebody did."""
        select.select([self._ear], [], [], seconds)
        return self.heard()

    def close(self) -> None:
        os.close(self._ear)
        os.close(self._bell)
