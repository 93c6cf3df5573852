"""A `mvr watch` with its page, and a browser to open it in."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest

from tests.studio import Studio
from tests.test_cli import MVR

PATIENCE = 40.0  # seconds; a busy machine may take long, a right answer comes in well under one
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def browser_path() -> str | None:
    """The system's own Chromium or Chrome."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def launched(playwright: Any) -> Any:
    """A browser: the system's, else Playwright's own; the test skips where there is none."""
    path = browser_path()
    own = playwright.chromium.executable_path
    if path is None and not Path(own).exists():
        pytest.skip("no browser here: `apt-get install chromium`, or `playwright install chromium`")
    flags = ["--autoplay-policy=no-user-gesture-required", "--no-sandbox", "--mute-audio"]
    return playwright.chromium.launch(executable_path=path, args=flags)


def until(true: Callable[[], Any], what: str = "") -> Any:
    """Waits until something is so, and gives it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"never came: {what or true}")


class Watched:
    """A watch at work, with its page."""

    def __init__(self, studio: Studio, *words: str) -> None:
        self.studio = studio
        self.words = words
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*MVR, "watch", *self.words],
            cwd=self.studio.folder,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self.lines: Queue[str] = Queue()
        self.ears = Thread(target=self._listen, daemon=True)
        self.ears.start()
        self.url = self.said("the page: ").rpartition(" ")[2]

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.put(line.rstrip())

    def said(self, word: str) -> str:
        """The next line that holds a word."""
        end = time.monotonic() + PATIENCE
        heard: list[str] = []
        while time.monotonic() < end:
            try:
                line = self.lines.get(timeout=0.2)
            except Empty:
                assert self.process.poll() is None, heard
                continue
            heard.append(line)
            if word in line:
                return line
        raise AssertionError(f"{word!r} was not said: {heard}")

    def stop(self, how: int = signal.SIGINT) -> None:
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(PATIENCE)
        self.ears.join(PATIENCE)
        assert self.process.stderr is not None
        self.process.stderr.close()

    def memory(self) -> float:
        """What the watch holds, its workers aside, in MB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        raise LookupError("VmRSS")
