"""Lanes of worker processes on this machine, each with a bound on how many jobs run at once."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mvr.engine.inbox import Inbox
from mvr.engine.store import Store

_CHUNK = 1 << 16

LOG_BYTES = 1 << 20
"""What workers say on standard error is kept in workers.log; one that has grown beyond this is begun anew."""

LAST_WORDS_SECONDS = 1.0
"""How long a process that closed its pipe may take to end by itself, so that its exit code can be told."""


@dataclass
class Worker:
    """One process of a lane, and the key it is at work on."""

    lane: str
    process: subprocess.Popen[bytes]
    key: str = ""
    buffer: bytes = b""
    wanted: bool = True

    def death(self) -> str:
        """How the process ended, as a sentence."""
        code = self.process.returncode
        if code is not None and code < 0:
            cause = ", perhaps for want of memory" if -code == signal.SIGKILL else ""
            return f"its worker process was ended by {signal.Signals(-code).name}{cause}"
        return f"its worker process ended with exit code {code}"

    def lines(self) -> Iterator[dict[str, Any]]:
        """The whole messages that have come. Raises EOFError where the process has gone."""
        assert self.process.stdout is not None
        chunk = os.read(self.process.stdout.fileno(), _CHUNK)
        if not chunk:
            raise EOFError
        *whole, self.buffer = (self.buffer + chunk).split(b"\n")
        for line in whole:
            yield json.loads(line)


@dataclass
class Lanes:
    """The worker processes of a run. bounds gives, for each lane, how many jobs run there at once.

    niceness: by how much a lane's processes give way to the others on the processor, 1 to 19; not at all if left out.
    """

    store: Store
    bounds: Mapping[str, int]
    niceness: Mapping[str, int] = field(default_factory=dict)
    idle: dict[str, list[Worker]] = field(default_factory=dict)
    busy: dict[str, Worker] = field(default_factory=dict)
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def room(self, lane: str) -> bool:
        """True where a lane can take a job."""
        return sum(worker.lane == lane for worker in self.busy.values()) < max(1, self.bounds.get(lane, 1))

    def send(self, lane: str, key: str, message: Mapping[str, Any]) -> None:
        """Gives a job to a worker of a lane, starting one where none is idle."""
        waiting = self.idle.setdefault(lane, [])
        for worker in [worker for worker in waiting if worker.process.poll() is not None]:
            self._bury(worker)
        worker = waiting.pop() if waiting else self._start(lane)
        worker.key = key
        worker.wanted = True
        self.busy[key] = worker
        assert worker.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # a worker that died shows at the next read
            worker.process.stdin.write(json.dumps(message).encode() + b"\n")
            worker.process.stdin.flush()

    def cancel(self, key: str) -> None:
        """Tells the worker of a key, once, that nobody wants it any more."""
        worker = self.busy[key]
        if worker.wanted:
            worker.wanted = False
            assert worker.process.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                worker.process.stdin.write(b'{"cancel": true}\n')
                worker.process.stdin.flush()

    def receive(self, timeout: float | None) -> Iterator[tuple[Worker, dict[str, Any] | None]]:
        """Messages that came within `timeout` seconds; None for a worker that died at its job."""
        for chosen, _ in self.selector.select(timeout):
            if chosen.data is None:  # the inbox: it only wakes us
                continue
            worker: Worker = chosen.data
            try:
                for message in worker.lines():
                    yield worker, message
            except EOFError:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    worker.process.wait(LAST_WORDS_SECONDS)
                self._bury(worker)
                if worker.key:
                    yield worker, None

    def listen(self, inbox: Inbox) -> None:
        """Lets `receive` return when an inbox is rung."""
        with contextlib.suppress(KeyError):  # it is listened to already
            self.selector.register(inbox, selectors.EVENT_READ, None)

    def free(self, worker: Worker) -> None:
        """A worker's job has ended."""
        self.busy.pop(worker.key, None)
        worker.key = ""
        if worker.process.poll() is None:
            self.idle.setdefault(worker.lane, []).append(worker)

    def close(self) -> None:
        """Kills every worker and all their children at once."""
        for worker in [*self.busy.values(), *(one for lane in self.idle.values() for one in lane)]:
            self._bury(worker)
        self.busy.clear()
        self.idle.clear()
        self.selector.close()

    def _start(self, lane: str) -> Worker:
        path = self.store.folder / "workers.log"
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_size > LOG_BYTES:
                path.unlink()
        with path.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "mvr.engine.worker", str(Path(self.store.folder).absolute())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        if lane in self.niceness:
            os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + self.niceness[lane])
        worker = Worker(lane, process)
        assert process.stdout is not None
        self.selector.register(process.stdout, selectors.EVENT_READ, worker)
        return worker

    def _bury(self, worker: Worker) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(worker.process.pid, signal.SIGKILL)
        worker.process.wait()
        for pipe in (worker.process.stdout, worker.process.stdin):
            assert pipe is not None
            with contextlib.suppress(KeyError, ValueError):
                self.selector.unregister(pipe)
            with contextlib.suppress(OSError):
                pipe.close()
        if worker in self.idle.get(worker.lane, []):
            self.idle[worker.lane].remove(worker)
