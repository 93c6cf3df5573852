"""The one runner of ffmpeg: drains what it says, feeds or reads its pipes, and never leaves it behind."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import IO, Any, Self

from mvr.engine.job import Cancelled
from mvr.errors import MachineError, StageError
from mvr.media.tool import executable

_TAIL = 8192  # bytes of ffmpeg's words that are kept
_LINES = 12  # lines of them that a person sees
_TICK = 0.1  # seconds between two looks at whether the job is still wanted
_PIPE = 1 << 20  # bytes in flight to ffmpeg: at Linux's 64 KiB, a 3 MB frame takes 48 turns of the scheduler


def _never() -> bool:
    return False


def run(output: Any, doing: str, *, cancelled: Callable[[], bool] = _never) -> None:
    """Runs ffmpeg on an output that ffmpeg-python describes, until it ends.

    doing completes the sentence `ffmpeg could not ...`. Raises StageError with ffmpeg's last lines where it fails,
    MachineError where it cannot be started, and Cancelled (the child is killed) once cancelled() is true.
    """
    with Ffmpeg(output, doing, cancelled=cancelled):
        pass


class Ffmpeg:
    """One ffmpeg at work, as a context manager: leaving it waits for the end, an exception inside it kills the child.

    feeds opens its standard input for `feed`, reads its standard output for `read`; otherwise both are closed. A group
    of its own keeps a Ctrl-C at the terminal from reaching it: mvr decides whether running work is finished.
    """

    def __init__(
        self,
        output: Any,
        doing: str,
        *,
        feeds: bool = False,
        reads: bool = False,
        cancelled: Callable[[], bool] = _never,
    ) -> None:
        import ffmpeg

        self._doing = doing
        self._cancelled = cancelled
        self._tail = b""
        tool = executable()
        words = [str(tool), "-v", "error", "-nostdin", "-nostats", "-y", *ffmpeg.get_args(output)]
        try:
            self._child = subprocess.Popen(
                words,
                stdin=subprocess.PIPE if feeds else subprocess.DEVNULL,
                stdout=subprocess.PIPE if reads else subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                bufsize=0,
                process_group=0,
            )
        except OSError as error:
            raise MachineError(
                f"ffmpeg cannot be started: {tool}: {error.strerror}",
                "point MVR_FFMPEG at an ffmpeg that runs on this machine, or unset it",
            ) from error
        if self._child.stdin:
            _widen(self._child.stdin)
            os.set_blocking(self._child.stdin.fileno(), False)
        assert self._child.stderr
        self._drain = Thread(target=self._listen, args=(self._child.stderr,), daemon=True)
        self._drain.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _at: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._bury()

    def feed(self, data: memoryview | bytes) -> None:
        """Writes all of data to ffmpeg. Raises StageError where ffmpeg ended early, Cancelled once nobody wants it."""
        assert self._child.stdin
        pipe = self._child.stdin.fileno()
        left = memoryview(data).cast("B")
        while left:
            if not _ready(pipe, select.POLLOUT):
                self._heed()
                continue
            try:
                left = left[os.write(pipe, left) :]
            except BlockingIOError:
                continue
            except OSError as error:
                self._finish(broken=True)
                raise StageError(*self._words("closed its input")) from error

    def read(self, size: int) -> bytes:
        """The next bytes of ffmpeg's output, at most size; empty at its end. Raises Cancelled once nobody wants it."""
        assert self._child.stdout
        pipe = self._child.stdout.fileno()
        while not _ready(pipe, select.POLLIN):
            self._heed()
        return os.read(pipe, size)

    def _heed(self) -> None:
        if self._cancelled():
            raise Cancelled

    def _finish(self, *, broken: bool = False) -> None:
        """Waits for the end and judges it. broken: its input broke, so it can only have failed."""
        if self._child.stdin and not self._child.stdin.closed:
            self._child.stdin.close()
        while True:
            try:
                code = self._child.wait(_TICK)
                break
            except subprocess.TimeoutExpired:
                self._heed()
        self._drain.join()
        if code or broken:
            raise StageError(*self._words(f"exit {code}" if code >= 0 else f"killed by signal {-code}"))

    def _words(self, how: str) -> tuple[str, str]:
        """What went wrong, and ffmpeg's last lines."""
        lines = [line for line in self._tail.decode("utf-8", "replace").splitlines() if line.strip()][-_LINES:]
        said = "\n  ".join(["ffmpeg's last lines:", *lines]) if lines else "ffmpeg said nothing"
        if "libx264" in said and "nknown encoder" in said:
            said += "\n  point MVR_FFMPEG at an ffmpeg that has libx264, or unset it to use the one that mvr brings"
        return f"ffmpeg could not {self._doing} ({how})", said

    def _listen(self, pipe: IO[bytes]) -> None:
        """Drains standard error to its end, so that ffmpeg never waits for a reader; keeps the last bytes."""
        while said := pipe.read(4096):
            self._tail = (self._tail + said)[-_TAIL:]

    def _bury(self) -> None:
        """Kills the child if it lives, and closes every pipe."""
        if self._child.poll() is None:
            # The whole group: MVR_FFMPEG may be a script, whose own child would keep the pipes open.
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe and not pipe.closed:
                pipe.close()
        self._drain.join()
        assert self._child.stderr
        self._child.stderr.close()


def _ready(pipe: int, event: int) -> bool:
    """Whether a pipe can be read or written within a tick. poll, since select knows no file above 1024."""
    poll = select.poll()
    poll.register(pipe, event)
    return bool(poll.poll(_TICK * 1000))


def _widen(pipe: IO[bytes]) -> None:
    """Makes the pipe hold a third of a frame, where the system can (Linux)."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
