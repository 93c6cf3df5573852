"""Rings a bell when something happens in the folders of some files.

Folders are watched, not files: an editor that saves by renaming makes a new file each time (watching the file itself
loses four of five such saves). A folder that was itself renamed away and made anew is noticed by its inode, once a
second.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from watchfiles import Change, watch

from mvr.engine.inbox import Inbox

STEP_MS = 10  # how long watchfiles gathers events that come together
DEBOUNCE_MS = 50  # at most; a checkout or a bulk save is one look
LOOK_SECONDS = 1  # how often folders are looked at without an event: network drives and renamed folders send none


class Eyes:
    """A thread that rings an inbox when something happens in the folders of some files."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.restless = False  # ring every LOOK_SECONDS: what mends a wrong project may be a file not watched yet
        self._files: frozenset[Path] = frozenset()
        self._stop = threading.Event()
        self._rearm = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Eyes:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._rearm.set()
        self._thread.join(5)

    def on(self, files: Iterable[Path]) -> None:
        """Watches the folders of these files from now on."""
        wanted = frozenset(files)
        if wanted != self._files:
            self._files = wanted
            self._rearm.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._rearm.clear()
            folders = sorted({file.parent for file in self._files if file.parent.is_dir()})
            if not folders:
                self._rearm.wait(LOOK_SECONDS)
                continue
            self._inbox.ring()  # something may have happened while nobody looked
            self._watch(folders)

    def _watch(self, folders: list[Path]) -> None:
        """Rings at every event, until other folders are wanted or one of these is another folder."""
        inodes, stats = self._inodes(folders), self._stats()
        for happened in watch(
            *folders,
            watch_filter=self._ours,
            step=STEP_MS,
            debounce=DEBOUNCE_MS,
            rust_timeout=LOOK_SECONDS * 1000,
            yield_on_timeout=True,
            stop_event=self._rearm,
            recursive=False,
            raise_interrupt=False,
        ):
            if self._inodes(folders) != inodes:
                return
            if happened or self.restless or self._stats() != stats:
                stats = self._stats()
                self._inbox.ring()

    def _ours(self, _: Change, path: str) -> bool:
        return Path(path) in self._files

    def _inodes(self, folders: list[Path]) -> list[int | None]:
        return [_stat(folder, lambda stat: stat.st_ino) for folder in folders]

    def _stats(self) -> list[int | None]:
        return [_stat(file, lambda stat: stat.st_mtime_ns) for file in sorted(self._files)]


def _stat(path: Path, what: Callable[[os.stat_result], int]) -> int | None:
    try:
        return what(path.stat())
    except OSError:
        return None
