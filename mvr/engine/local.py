"""Lanes of worker processes on this machine, each with a bound on how many jobs run at once."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
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
    """One process of a lane, the key it is at work on, and the key before, which may be ending beside that.

    unwanted: keys that it was told nobody wants. ahead: what it was last told of the jobs to come.
    """

    lane: str
    process: subprocess.Popen[bytes]
    key: str = ""
    ending: str = ""
    buffer: bytes = b""
    unwanted: set[str] = field(default_factory=set)
    ahead: Sequence[Any] = ()

    def tell(self, message: Mapping[str, Any]) -> None:
        """Sends a message. Of a worker that died, the next read tells."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()

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
    ending: dict[str, Worker] = field(default_factory=dict)
    doubted: set[str] = field(default_factory=set)
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def room(self, lane: str) -> bool:
        """True where a lane can take a job."""
        return sum(worker.lane == lane for worker in self.busy.values()) < max(1, self.bounds.get(lane, 1))

    def send(self, lane: str, key: str, message: Mapping[str, Any], ahead: Sequence[Any] = ()) -> None:
        """Gives a job to a worker of a lane, starting one where none is idle. ahead: the jobs that will come of the
        same weights, as JSON; a worker that was told of this very list before is not told again."""
        waiting = [worker for worker in self.idle.get(lane, ()) if worker.process.poll() is None]
        worker = waiting.pop() if waiting else self._start(lane)
        self.idle[lane] = waiting  # those that died are buried when their pipe is read
        worker.key = key
        self.busy[key] = worker
        if worker.ahead is not ahead:
            worker.ahead = ahead
            message = {**message, "ahead": ahead}
        worker.tell(message)

    def cancel(self, key: str) -> None:
        """Tells the worker of a key, once, that nobody wants it any more."""
        worker = self.busy.get(key) or self.ending[key]
        if key not in worker.unwanted:
            worker.unwanted.add(key)
            worker.tell({"cancel": key})

    def receive(self, timeout: float | None) -> Iterator[tuple[str, dict[str, Any]]]:
        """Messages that came within `timeout` seconds, each with its key; of a worker that died at its job, `died`."""
        for chosen, _ in self.selector.select(timeout):
            if chosen.data is None:  # the inbox: it only wakes us
                continue
            worker: Worker = chosen.data
            try:
                for message in worker.lines():
                    if "ready" in message:
                        self._hand_over(worker)
                    else:
                        yield message["key"], message
            except EOFError:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    worker.process.wait(LAST_WORDS_SECONDS)
                self._bury(worker)
                yield from self._mourned(worker)

    def _hand_over(self, worker: Worker) -> None:
        """A worker's job is ending by itself, and its lane is free for the next."""
        self.ending[worker.key] = self.busy.pop(worker.key)
        worker.ending, worker.key = worker.key, ""
        self.idle.setdefault(worker.lane, []).append(worker)

    def _mourned(self, worker: Worker) -> Iterator[tuple[str, dict[str, Any]]]:
        """What is said of the jobs of a worker that died. One of them is taken to be the cause: that of the lane, or
        the one that was ending for the second time when a worker died. The other is to be judged anew."""
        keys = [key for key in (worker.key, worker.ending) if key]
        keys.sort(key=lambda key: key not in self.doubted)
        for key in keys[:1]:
            yield key, {"died": worker.death()}
        for key in keys[1:]:
            self.doubted.add(key)
            yield key, {"cancelled": True}

    def listen(self, inbox: Inbox) -> None:
        """Lets `receive` return when an inbox is rung."""
        with contextlib.suppress(KeyError):  # it is listened to already
            self.selector.register(inbox, selectors.EVENT_READ, None)

    def free(self, key: str) -> None:
        """A job has ended."""
        if key in self.ending:
            worker = self.ending.pop(key)
            worker.ending = ""
            return
        worker = self.busy.pop(key)
        worker.key = ""
        if worker.process.poll() is None:
            self.idle.setdefault(worker.lane, []).append(worker)

    def close(self) -> None:
        """Kills every worker and all their children at once."""
        for worker in [place.data for place in (self.selector.get_map() or {}).values() if place.data is not None]:
            self._bury(worker)
        self.busy.clear()
        self.ending.clear()
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
