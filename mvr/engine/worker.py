"""A worker process: takes jobs as lines of JSON, makes them one at a time, and stores what they made.

What a stage leaves for later, and the storing of it, goes on beside the next job: then the worker says that it is ready
before the job is done. One job at most is ending so, or pictures that wait to be encoded would fill the memory.

It leads a process group of its own, so that a Ctrl-C in the terminal reaches only its owner, and so that it and every
child of it can be killed at once. When its owner dies, its standard input ends, and it goes too.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from mvr.engine import digest, disk
from mvr.engine.job import Ahead, Blob, Cancelled, Job, Made, UserFile
from mvr.engine.store import Damaged, Part, Store
from mvr.errors import MvrError, StageError

T = TypeVar("T")


class WorkerDesk:
    """The desk of one job in this process: its store's paths, its progress, its residents."""

    def __init__(
        self,
        out: Path,
        store: Store,
        sizes: Mapping[str, int],
        say: Callable[[Mapping[str, Any]], None],
        wanted: threading.Event,
        residents: dict[str, Any],
        ahead: Sequence[Ahead] = (),
    ) -> None:
        self._out = out
        self._store = store
        self._sizes = sizes
        self._say = say
        self._wanted = wanted
        self._residents = residents
        self._ahead = ahead
        self.left: list[Callable[[], object]] = []

    @property
    def out(self) -> Path:
        return self._out

    def path(self, source: Blob | UserFile) -> Path:
        if isinstance(source, UserFile):
            return Path(source.path)
        try:
            return self._store.whole(Part(source.digest, source.suffix, self._sizes[source.digest]))
        except FileNotFoundError:
            raise Damaged(source.digest) from None

    def progress(self, fraction: float, picture: bytes | None = None) -> None:
        if not self._wanted.is_set():
            raise Cancelled
        shown = {"picture": b64encode(picture).decode()} if picture else {}
        self._say({"progress": round(min(max(fraction, 0.0), 1.0), 4), **shown})

    def cancelled(self) -> bool:
        return not self._wanted.is_set()

    def resident(self, name: str, load: Callable[[], T]) -> T:
        if name not in self._residents:
            self._residents.clear()
            self._residents[name] = load()
        kept: T = self._residents[name]
        return kept

    def ahead(self) -> Sequence[Ahead]:
        return self._ahead

    def later(self, work: Callable[[], object]) -> None:
        self.left.append(work)


def resolve(entry: str) -> Callable[[Job, WorkerDesk], Made]:
    """The function that a dotted name stands for."""
    module, _, name = entry.rpartition(".")
    function: Callable[[Job, WorkerDesk], Made] = getattr(importlib.import_module(module), name)
    return function


def job_to_json(job: Job, sizes: Mapping[str, int]) -> dict[str, Any]:
    return {
        "node": job.node,
        "stage": job.stage,
        "key": job.key,
        "recipe": job.recipe,
        "inputs": {role: [[blob.digest, blob.suffix] for blob in blobs] for role, blobs in job.inputs.items()},
        "files": {role: [[file.path, file.digest] for file in files] for role, files in job.files.items()},
        "how": job.how,
        "sizes": dict(sizes),
    }


def job_from_json(data: Mapping[str, Any]) -> Job:
    return Job(
        node=data["node"],
        stage=data["stage"],
        key=data["key"],
        recipe=data["recipe"],
        inputs={role: tuple(Blob(*values) for values in blobs) for role, blobs in data["inputs"].items()},
        files={role: tuple(UserFile(*values) for values in files) for role, files in data["files"].items()},
        how=data["how"],
    )


def ahead_to_json(job: Ahead) -> dict[str, Any]:
    return {"recipe": job.recipe, "files": {role: list(paths) for role, paths in job.files.items()}, "how": job.how}


def ahead_from_json(data: Mapping[str, Any]) -> Ahead:
    return Ahead(data["recipe"], {role: tuple(paths) for role, paths in data["files"].items()}, data["how"])


def perform(message: Mapping[str, Any], desk: WorkerDesk, store: Store) -> dict[str, Any]:
    """Makes one job to its end, and keeps its parts. What went wrong comes back as data, never as an exception."""
    return begun(message, desk, store)()


def begun(message: Mapping[str, Any], desk: WorkerDesk, store: Store) -> Callable[[], dict[str, Any]]:
    """Makes what a job needs its lane for. Gives the rest of it, which gives the answer."""
    job = job_from_json(message["job"])
    start = time.monotonic()

    def make() -> dict[str, Any]:
        desk.out.mkdir(parents=True)
        return {"made": made_of_whole(job, lambda: resolve(message["entry"])(job, desk), store)}

    def rest() -> dict[str, Any]:
        made: Made = first["made"]
        while desk.left:
            desk.left.pop(0)()
        check(made, job, desk.out)
        stored = {path: kept(path, store, message["product"]) for path in dict.fromkeys(made.parts.values())}
        parts = {name: stored[path] for name, path in made.parts.items()}
        seconds = round(time.monotonic() - start, 4)
        return {"done": {"parts": parts, "provenance": dict(made.provenance), "seconds": seconds}}

    first = _told(make)
    if "made" in first:
        return lambda: _told(rest)
    desk.left.clear()
    return lambda: first


def _told(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What some work gives; what went wrong with it, as data."""
    try:
        return work()
    except Cancelled:
        return {"cancelled": True}
    except Damaged as damaged:
        return {"damaged": damaged.digest}
    except MvrError as error:
        trace = traceback.format_exc()
        return {"failed": {"what": error.what, "hint": error.hint, "code": error.exit_code, "trace": trace}}
    except Exception as error:  # noqa: BLE001  a stage's own fault must cost its node, not the run
        what = f"{type(error).__name__}: {error}"
        return {"failed": {"what": what, "hint": "", "code": 1, "trace": traceback.format_exc()}}


def made_of_whole(job: Job, make: Callable[[], Made], store: Store) -> Made:
    """What a job makes, or raises, if the bytes that it read are what was made. Raises Damaged.

    A disk may change bytes and leave size and mtime as they were. Hashing 1 GB takes a second, as long as copying it:
    the two go side by side.
    """
    with ThreadPoolExecutor(1) as beside:
        changed = beside.submit(_changed, job, store)
        try:
            return make()
        finally:
            damaged = changed.result()
            if damaged:
                raise Damaged(damaged)


def _changed(job: Job, store: Store) -> str:
    """The first digest among a job's inputs whose bytes are gone or others; empty where there is none."""
    for content in dict.fromkeys(blob.digest for blobs in job.inputs.values() for blob in blobs):
        try:
            if digest.of_file(store.path(content)) != content:
                return content
        except OSError:
            return content
    return ""


def check(made: Made, job: Job, out: Path) -> None:
    """Raises StageError where what a stage hands on is not a file of its own, or has no main part.

    A path anywhere else is somebody's: the store moves what it is given.
    """
    digest.canonical(dict(made.provenance))
    if "" not in made.parts:
        raise StageError(f"the stage {job.stage} handed on no main part")
    for path in made.parts.values():
        if not path.is_file() or not path.absolute().is_relative_to(out.absolute()) or ".." in path.parts:
            raise StageError(f"the stage {job.stage} handed on {path}, which is no file in its own folder")


def kept(path: Path, store: Store, product: bool) -> list[Any]:
    """Stores one part; a product's bytes stay on the bench, for its owner to move to where they belong."""
    if product:
        disk.flush(path)
        return [digest.of_file(path), path.suffix, path.stat().st_size, str(path)]
    part = store.keep(path)
    return [part.digest, part.suffix, part.size]


class Server:
    """Takes jobs by the line, and says what comes of them."""

    def __init__(self, store: Store, speech: BinaryIO) -> None:
        self._store = store
        self._speech = speech
        self._lock = threading.Lock()
        self._jobs: queue.Queue[dict[str, Any]] = queue.Queue()
        self._wanted: dict[str, threading.Event] = {}
        self._residents: dict[str, Any] = {}
        self._ahead: Sequence[Ahead] = ()
        self._ending: threading.Thread | None = None

    def listen(self, lines: Iterable[bytes]) -> None:
        """Takes messages until they end."""
        for line in lines:
            message = json.loads(line)
            if "cancel" in message:
                if wanted := self._wanted.get(message["cancel"]):
                    wanted.clear()
            else:
                wanted = self._wanted[message["job"]["key"]] = threading.Event()
                wanted.set()
                self._jobs.put(message)

    def work(self) -> None:
        """Makes the next job, as far as it needs the lane."""
        message = self._jobs.get()
        key, out = message["job"]["key"], Path(message["out"])
        if "ahead" in message:
            self._ahead = [ahead_from_json(one) for one in message["ahead"]]

        def say(said: Mapping[str, Any]) -> None:
            self._say({"key": key, **said})

        sizes, wanted = message["job"]["sizes"], self._wanted[key]
        desk = WorkerDesk(out, self._store, sizes, say, wanted, self._residents, self._ahead)
        rest = begun(message, desk, self._store)

        def end() -> None:
            answer = rest()
            if not message["product"]:
                disk.remove(out)
            del self._wanted[key]
            say(answer)

        if not desk.left:
            end()
            return
        self.settle()
        self._ending = threading.Thread(target=end)
        self._ending.start()
        say({"ready": True})

    def settle(self) -> None:
        """Waits for what is ending."""
        if self._ending is not None:
            self._ending.join()

    def _say(self, message: Mapping[str, Any]) -> None:
        with self._lock, contextlib.suppress(BrokenPipeError):
            self._speech.write(json.dumps(message).encode() + b"\n")
            self._speech.flush()


def serve(store: Store) -> None:
    """Takes jobs until standard input ends."""
    # What a library prints on standard output must not mix with our lines.
    speech = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    server = Server(store, speech)

    def listen() -> None:
        server.listen(sys.stdin.buffer)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        server.work()


if __name__ == "__main__":
    serve(Store(Path(sys.argv[1])))
