"""Makes what is stale and nothing else, keeps going past a failure, and grows the graph as answers come in.

There are no rounds: when a job ends, only its readers are judged, and what became ready is queued. Jobs are known by
their key: twins are made once, and after a new wiring a job whose key is still wanted goes on.
"""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mvr.engine import disk, events
from mvr.engine.graph import Graph, Node
from mvr.engine.job import Blob, Job, UserFile
from mvr.engine.local import Lanes, Worker
from mvr.engine.plan import Fresh, Judge, Reader, Stale
from mvr.engine.store import Lock, Part, Record
from mvr.engine.worker import job_to_json

ELSEWHERE_SECONDS = 0.1
"""How often a key that another process is making is looked at again."""


@dataclass
class Summary:
    """What a build came to. failed holds each failure; keys every fresh node's key."""

    made: int = 0
    hit: int = 0
    failed: list[events.Failed] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Task:
    """A key to make: the nodes that want it (twins), the first of which is made."""

    key: str
    node: Node
    twins: list[str]
    lock: Lock | None = None
    inputs: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Build:
    """One run over a growing graph. wire builds the graph, asking a Reader for what is known."""

    def __init__(
        self,
        judge: Judge,
        wire: Callable[[Reader], Graph],
        lanes: Lanes,
        bench: Path,
        say: Callable[[events.Event], None],
        note: Callable[[str, str], None],
        fail_fast: bool = False,
    ) -> None:
        self.judge = judge
        self.store = judge.store
        self.graph = Graph()
        self.summary = Summary()
        self._wire = wire
        self._reader = Reader(judge)
        self._lanes = lanes
        self._bench = bench
        self._say = say
        self._note = note
        self._fail_fast = fail_fast
        self._stopped = False
        self._index: dict[str, int] = {}
        self._wanted: set[str] = set()
        self._seen: set[str] = set()
        self._queued: dict[str, Task] = {}
        self._running: dict[str, Task] = {}
        self._elsewhere: dict[str, Task] = {}
        self._failed: set[str] = set()
        self._count = 0

    def run(self) -> Graph:
        """Makes the targets of the graph, and what wire adds on the way. Returns the last graph."""
        start = time.monotonic()
        self._rewire()
        while self._queued or self._running or self._elsewhere:
            self._dispatch()
            grown = False
            timeout = ELSEWHERE_SECONDS if self._elsewhere else None
            if self._running or self._elsewhere:
                for worker, message in self._lanes.receive(timeout):
                    grown = self._hear(worker, message) or grown
            if grown:
                self._rewire()
        self.summary.seconds = time.monotonic() - start
        return self.graph

    def _rewire(self) -> None:
        """Builds the graph anew from what is known now, and queues what became ready."""
        with self.judge.ledger.session():
            self.judge.begin()
            self._reader = Reader(self.judge)
            self.graph = self._wire(self._reader)
            wanted = self.graph.wanted()
            self._wanted = set(wanted)
            self._index = {name: position for position, name in enumerate(self.graph.nodes)}
            self._queued.clear()
            for task in (*self._running.values(), *self._elsewhere.values()):
                task.twins.clear()
            stale = waits = 0
            for name in wanted:
                verdict = self.judge.verdict(self.graph, name)
                stale += isinstance(verdict, Stale)
                waits += not isinstance(verdict, Stale | Fresh)
            for name in wanted:
                self._consider(name)
        keys = {verdict.key for name in wanted if isinstance(verdict := self.judge.verdict(self.graph, name), Stale)}
        for key in self._running.keys() - keys:
            self._lanes.cancel(key)
        for key in self._elsewhere.keys() - keys:
            del self._elsewhere[key]
        self._say(events.Queue(stale, waits))

    def _consider(self, name: str) -> None:
        """Queues a stale node, announces a fresh one, leaves a waiting one alone."""
        verdict = self.judge.verdict(self.graph, name)
        node = self.graph.nodes[name]
        if isinstance(verdict, Fresh):
            self._announce(node, verdict.key)
        elif isinstance(verdict, Stale) and verdict.key not in self._failed and not self._stopped:
            for tasks in (self._queued, self._running, self._elsewhere):
                if verdict.key in tasks:
                    if name not in tasks[verdict.key].twins:
                        tasks[verdict.key].twins.append(name)
                    return
            self._queued[verdict.key] = Task(verdict.key, node, [name])

    def _announce(self, node: Node, key: str) -> None:
        if node.name not in self._seen:
            self._seen.add(node.name)
            self.summary.hit += not node.product
            if self.judge.previous.get(node.name) != key:
                self._note(node.name, key)
            self._say(events.Hit(node.name, node.stage))

    def _dispatch(self) -> None:
        """Gives queued tasks to lanes that have room; a key that another process is making is left to it."""
        for key in list(self._elsewhere):
            self._start(self._elsewhere.pop(key))
        while True:
            ready = [task for task in self._queued.values() if self._lanes.room(task.node.lane)]
            if not ready:
                return
            task = min(ready, key=lambda task: (task.node.resident, self._index[task.node.name]))
            del self._queued[task.key]
            self._start(task)

    def _start(self, task: Task) -> None:
        if not self._lanes.room(task.node.lane):
            self._queued[task.key] = task
            return
        task.lock = self.store.lock(task.key)
        if task.lock is None:
            self._elsewhere[task.key] = task
            return
        entry = self.judge.ledger.get(task.key)
        if entry is not None and not task.node.product and all(self.store.has(p.digest) for p in entry.parts.values()):
            task.lock.free()
            self._settle(task, Fresh(task.key, entry), made=None)
            return
        task.inputs = self.judge.inputs(self.graph, task.node)
        task.files = self.judge.files(task.node)
        self._running[task.key] = task
        self._lanes.send(task.node.lane, task.key, self._message(task))
        self._say(events.Started(task.node.name, task.node.lane))

    def _message(self, task: Task) -> dict[str, Any]:
        """A task as the line that a worker reads."""
        self._count += 1
        node = task.node
        job = Job(
            node=node.name,
            stage=node.stage,
            key=task.key,
            recipe=node.recipe,
            inputs={role: tuple(Blob(p.digest, p.suffix) for p in parts) for role, parts in task.inputs.items()},
            files={
                role: tuple(
                    UserFile(str(self.judge.folder / path), content)
                    for path, content in zip(paths, task.files[role], strict=True)
                )
                for role, paths in node.files.items()
            },
        )
        return {
            "job": job_to_json(job, {part.digest: part.size for parts in task.inputs.values() for part in parts}),
            "entry": node.entry,
            "out": str((self._bench / str(self._count)).absolute()),
            "product": bool(node.product),
        }

    def _hear(self, worker: Worker, message: Mapping[str, Any] | None) -> bool:
        """Takes one message of a worker. True where the graph must be wired anew."""
        task = self._running[worker.key]
        if message is not None and "progress" in message:
            picture = b64decode(message["picture"]) if "picture" in message else None
            self._say(events.Progress(task.node.name, message["progress"], picture))
            return False
        del self._running[task.key]
        self._lanes.free(worker)
        try:
            if message is None:
                self._fail(task, "the worker process died", "see workers.log in the store; run again to try again", 1)
            elif "done" in message:
                return self._done(task, message["done"])
            elif "failed" in message:
                fault = message["failed"]
                self._fail(task, fault["what"], fault["hint"], fault["code"], fault["trace"])
            elif "damaged" in message:
                return self._repair(task, message["damaged"])
            else:
                return not self._stopped  # cancelled: judge again, it may be wanted by now
        finally:
            if task.lock is not None:
                task.lock.free()
        return False

    def _done(self, task: Task, done: Mapping[str, Any]) -> bool:
        node = task.node
        if self.judge.files(node) != task.files:
            paths = ", ".join(path for paths in node.files.values() for path in paths)
            self._fail(task, f"{paths} changed while it was read", "run again: the new content will be used", 1)
            return False
        if node.product:
            content, _, _, place = done["parts"][""]
            disk.place(Path(place), Path(node.product))
            self.judge.witness.tell(Path(node.product), content)
        record = Record(
            stage=node.stage,
            version=node.version,
            recipe=node.recipe,
            inputs={role: tuple(part.digest for part in parts) for role, parts in task.inputs.items()},
            files=task.files,
            parts={name: Part(*values[:3]) for name, values in done["parts"].items()},
            seconds=done["seconds"],
            exact=node.exact,
            provenance=done["provenance"],
        )
        self.store.put_record(task.key, record)
        return self._settle(task, Fresh(task.key, self.judge.ledger.put(task.key, record)), done["seconds"])

    def _settle(self, task: Task, fresh: Fresh, made: float | None) -> bool:
        """Takes a key as fresh for all its twins, and looks at what reads them. True where wire would answer anew."""
        readers: list[str] = []
        grown = False
        for position, name in enumerate(task.twins):
            node = self.graph.nodes[name]
            if made is not None and position == 0:
                self._seen.add(name)
                self.summary.made += not node.product
                self._note(name, task.key)
                self._say(events.MadeNode(name, node.stage, made))
            else:
                self._announce(node, task.key)
            readers += self.judge.settle(self.graph, name, fresh)
            grown = grown or self._reader.outdated(self.graph, name)
        with self.judge.ledger.session():
            return self._spread(readers) or grown

    def _spread(self, names: list[str]) -> bool:
        """Judges nodes again whose inputs became known, and on from those that turn out fresh."""
        grown = False
        for name in names:
            if name in self._wanted:
                self._consider(name)
                if isinstance(self.judge.verdict(self.graph, name), Fresh):
                    grown = self._reader.outdated(self.graph, name) or grown
                    grown = self._spread(self.graph.readers()[name]) or grown
        return grown

    def _fail(self, task: Task, what: str, hint: str, code: int, trace: str = "") -> None:
        self._failed.add(task.key)
        failure = events.Failed(task.node.name, task.node.stage, what, hint, code, trace)
        self.summary.failed.append(failure)
        self._say(failure)
        if self._fail_fast:
            self._stopped = True
            self._queued.clear()
            for key in self._running:
                self._lanes.cancel(key)

    def _repair(self, task: Task, content: str) -> bool:
        """Drops damaged bytes that a job was to read; what made them is stale now, and the job waits for it."""
        self.store.drop(content)
        for ref in task.node.reads():
            verdict = self.judge.verdict(self.graph, ref.node)
            if isinstance(verdict, Fresh) and any(part.digest == content for part in verdict.entry.parts.values()):
                self._say(events.Repaired(ref.node))
                self.judge.lose(self.graph, ref.node)
                return True
        self._fail(task, "a stored file that it reads is damaged, and nothing here makes it again", "", 1)
        return False
