"""The one runner of ffmpeg: drains what it says, feeds or reads its pipes, and never leaves it behind."""

from __future__ import annotations

import fcntl
import os
import select
import subprocess
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import IO, Any, Self

from mvr.errors import MachineError, StageError
from mvr.media.tool import executable

_TAIL = 8192  # bytes of ffmpeg's words that are kept
_LINES = 12  # lines of them that a person sees
_TICK = 0.1  # seconds between two looks at whether the job is still wanted
_PIPE = 1 << 20  # bytes in flight to ffmpeg: at Linux's 64 KiB, a 3 MB frame takes 48 turns of the scheduler


def _on() -> None:
    return None


def command(output: Any) -> list[str]:
    """The words that start ffmpeg on an output that ffmpeg-python describes: quiet, and never asking anything."""
    import ffmpeg

    return [str(executable()), "-v", "error", "-nostdin", "-nostats", "-y", *ffmpeg.get_args(output)]


def run(output: Any, doing: str, *, heed: Callable[[], None] = _on) -> None:
    """Runs ffmpeg on an output that ffmpeg-python describes, until it ends.

    doing completes the sentence `ffmpeg could not ...`. heed is called ten times a second while ffmpeg works, and what
    it raises (that the work is no longer wanted) kills the child. Raises StageError with ffmpeg's last lines where it
    fails, and MachineError where it cannot be started.
    """
    with Ffmpeg(output, doing, heed=heed):
        pass


class Ffmpeg:
    """One ffmpeg at work, as a context manager: leaving it waits for the end, an exception inside it kills the child.

    feeds opens its standard input for `feed`, reads its standard output for `read`; otherwise both are closed. It stays
    in its parent's process group, so that whoever kills a worker's group kills its ffmpeg too.
    """

    def __init__(
        self,
        output: Any,
        doing: str,
        *,
        feeds: bool = False,
        reads: bool = False,
        heed: Callable[[], None] = _on,
    ) -> None:
        self._doing = doing
        self._heed = heed
        self._tail = b""
        words = command(output)
        try:
            self._child = subprocess.Popen(
                words,
                stdin=subprocess.PIPE if feeds else subprocess.DEVNULL,
                stdout=subprocess.PIPE if reads else subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                bufsize=0,
            )
        except OSError as error:
            raise MachineError(
                f"ffmpeg cannot be started: {words[0]}: {error.strerror}",
                "point MVR_FFMPEG at an ffmpeg that runs on this machine, or unset it",
            ) from error
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                _widen(pipe)
        if self._child.stdin:
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
        """Writes all of data to ffmpeg. Raises StageError where ffmpeg ended early."""
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
            except BrokenPipeError:
                self._finish(broken=True)

    def read(self, size: int) -> bytes:
        """The next bytes of ffmpeg's output, at most size; empty at its end."""
        assert self._child.stdout
        pipe = self._child.stdout.fileno()
        while not _ready(pipe, select.POLLIN):
            self._heed()
        return os.read(pipe, size)

    def _finish(self, *, broken: bool = False) -> None:
        """Waits for the end and judges it. broken: its input broke, so it can only have failed."""
        if self._child.stdin and not self._child.stdin.closed:
            self._child.stdin.close()
        # The end of its words is known at once, the end of the child only by asking: Popen.wait asks every 50 ms.
        while self._drain.is_alive() and self._child.poll() is None:
            self._drain.join(_TICK)
            self._heed()
        while (code := self._child.poll()) is None:
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(_TICK)
            self._heed()
        self._drain.join(1.0)
        if code or broken:
            how = f"exit {code}" if code > 0 else f"killed by signal {-code}" if code else "closed its input"
            raise StageError(*self._words(how))

    def _words(self, how: str) -> tuple[str, str]:
        """What went wrong, and ffmpeg's last lines."""
        lines = [line for line in self._tail.decode("utf-8", "replace").splitlines() if line.strip()][-_LINES:]
        said = "\n  ".join(["ffmpeg's last lines:", *lines]) if lines else "ffmpeg said nothing"
        if "libx264" in said and "nknown encoder" in said:
            said += "\n  point MVR_FFMPEG at an ffmpeg that has libx264, or unset it to use the one that mvr brings"
        if "No such filter: 'ass'" in said:
            said += "\n  point MVR_FFMPEG at an ffmpeg that has libass, or unset it to use the one that mvr brings"
        return f"ffmpeg could not {self._doing} ({how})", said

    def _listen(self, pipe: IO[bytes]) -> None:
        """Drains standard error to its end, so that ffmpeg never waits for a reader; keeps the last bytes."""
        with pipe:
            while said := pipe.read(4096):
                self._tail = (self._tail + said)[-_TAIL:]

    def _bury(self) -> None:
        """Kills the child if it lives, and closes every pipe."""
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe and not pipe.closed:
                pipe.close()
        # MVR_FFMPEG may be a script whose own child still holds the pipe: that is not worth waiting for.
        self._drain.join(0.2)


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
