"""Makes what is stale and nothing else, keeps going past a failure, and grows the graph as answers come in.

There are no rounds: when a job ends, only its readers are judged, and what became ready is queued. Jobs are known by
their key: twins are made once, and after a new wiring a job whose key is still wanted goes on.
"""

from __future__ import annotations

import secrets
import time
from base64 import b64decode
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mvr.engine import digest, disk, events
from mvr.engine.graph import Graph, Node
from mvr.engine.inbox import Inbox
from mvr.engine.local import Lanes
from mvr.engine.plan import Fresh, Judge, Reader, Stale, Waits
from mvr.engine.ready import Ready, Task
from mvr.engine.store import Part, Record
from mvr.engine.worker import ahead_to_json, job_to_json

ELSEWHERE_SECONDS = 0.1
"""How often a key that another process is making is looked at again."""


@dataclass
class Summary:
    """What a build came to: how many nodes were made, and met fresh (products are not counted), and each failure."""

    made: int = 0
    hit: int = 0
    failed: list[events.Failed] = field(default_factory=list)
    seconds: float = 0.0


class Build:
    """One run over a growing graph. wire builds the graph, asking a Reader for what is known.

    inbox is rung by whoever thinks that wire would answer otherwise now; `changed` then says whether it would, and the
    graph is wired anew: jobs that are still wanted go on, the others are cancelled. rank says which of two ready nodes
    of a lane is made first, the one of the lesser number; it is asked anew at every wiring.
    """

    def __init__(
        self,
        judge: Judge,
        wire: Callable[[Reader], Graph],
        lanes: Lanes,
        bench: Path,
        say: Callable[[events.Event], None],
        note: Callable[[str, str], None],
        fail_fast: bool = False,
        inbox: Inbox | None = None,
        changed: Callable[[], bool] = lambda: False,
        rank: Callable[[Node], int] = lambda _: 0,
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
        self._inbox = inbox
        self._look_again = changed
        self._rank = rank
        self._stopped = False
        self._index: dict[str, int] = {}
        self._wanted: set[str] = set()
        self._seen: set[str] = set()
        self._noted: set[tuple[str, str]] = set()
        self._queued = Ready()
        self._running: dict[str, Task] = {}
        self._elsewhere: dict[str, Task] = {}
        self._ahead: dict[str, Sequence[Any]] = {}  # what is to come, by the weights that it wants
        self._failed: set[str] = set()  # keys, and names of nodes that no key of theirs can mend
        self._repaired: set[str] = set()

    def run(self) -> Graph:
        """Makes the targets of the graph, and what wire adds on the way. Returns the last graph."""
        start = time.monotonic()
        if self._inbox is not None:
            self._lanes.listen(self._inbox)
        try:
            self._rewire()
            while self._queued or self._running or self._elsewhere:
                grown = self._dispatch()
                if not grown and (self._running or self._elsewhere):
                    timeout = ELSEWHERE_SECONDS if self._elsewhere else None
                    for key, message in self._lanes.receive(timeout):
                        grown = self._hear(key, message) or grown
                if self._inbox is not None and self._inbox.heard():
                    grown = self._look_again() or grown
                if grown:
                    self._rewire()
            with self.judge.ledger.session():
                self.judge.ledger.index()
        finally:
            for task in self._running.values():
                self._free(task)
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
            self._ahead.clear()
            for task in (*self._running.values(), *self._elsewhere.values()):
                task.twins.clear()
            verdicts = self.judge.verdicts(self.graph, wanted)
            self._drop_damaged()
            self.judge.lost.clear()
            for name in wanted:
                self._consider(name)
        keys = {verdict.key for verdict in verdicts.values() if isinstance(verdict, Stale)}
        for key in self._running.keys() - keys:
            self._lanes.cancel(key)
        for key in self._elsewhere.keys() - keys:
            del self._elsewhere[key]
        left = [name for name, verdict in verdicts.items() if not isinstance(verdict, Fresh)]
        self._say(events.Queue(tuple((name, self.graph.nodes[name].stage) for name in left)))

    def _consider(self, name: str) -> None:
        """Queues a stale node, announces a fresh one, leaves a waiting one alone."""
        node = self.graph.nodes[name]
        match self.judge.verdict(self.graph, name):
            case Fresh(key, _):
                self._announce(node, key)
            case Stale(key, _) if not self._stopped and not {key, name} & self._failed:
                task = self._queued.get(key) or self._running.get(key) or self._elsewhere.get(key)
                if task is None:
                    self._queued.add(Task(key, node, [name]), self._index[name], self._rank(node))
                elif name not in task.twins:
                    if not task.twins:
                        task.node = node  # a job of the graph before, under its name in this one
                    task.twins.append(name)
            case Waits(on) if isinstance(above := self.judge.verdict(self.graph, on), Fresh):
                lacking = {str(ref) for ref in node.reads() if ref.node == on and ref.part not in above.entry.parts}
                if lacking and name not in self._failed:
                    self._failed.add(name)
                    what = f"{on} was made, but did not hand on {', '.join(sorted(lacking))}"
                    self._report(node, what, "this is a fault of its stage")

    def _announce(self, node: Node, key: str) -> None:
        if (node.name, key) not in self._noted:  # after an edit a node may be met again under another key
            self._noted.add((node.name, key))
            if self.judge.previous.get(node.name) != key:
                self._note(node.name, key)
        if node.name not in self._seen:
            self._seen.add(node.name)
            self.summary.hit += not node.product
            self._say(events.Hit(node.name, node.stage))

    def _dispatch(self) -> bool:
        """Gives queued tasks to lanes that have room. True where the graph must be wired anew."""
        grown = False
        elsewhere, self._elsewhere = self._elsewhere, {}
        for task in elsewhere.values():
            if self._stopped:
                break
            if self._lanes.room(task.node.lane):
                grown = self._start(task) or grown
            else:
                self._queued.add(task, self._index[task.node.name], self._rank(task.node))
        for lane in self._queued.lanes():
            while self._queued.waits(lane) and self._lanes.room(lane):
                grown = self._start(self._queued.take(lane)) or grown
        return grown

    def _start(self, task: Task) -> bool:
        """Sends a task to its lane; a key that another process is making is left to it, and taken when it is there."""
        task.lock = self.store.lock(task.key)
        if task.lock is None:
            self._elsewhere[task.key] = task
            return False
        entry = self.judge.standing(task.node, task.key)
        self._drop_damaged()
        if entry is not None:
            self._free(task)
            return self._settle(task, Fresh(task.key, entry), made=None)
        task.inputs = self.judge.inputs(self.graph, task.node)
        task.files = self.judge.files(task.node)
        if self._key(task) != task.key or any("" in found for found in task.files.values()):
            self._free(task)
            self._changed(task, "changed, or can no longer be read")
            return False
        self._running[task.key] = task
        self._lanes.send(task.node.lane, task.key, self._message(task), self._to_come(task.node))
        self._say(events.Started(task.node.name, task.node.lane))
        return False

    def _key(self, task: Task) -> str:
        """The key of a task by what its inputs and files are now."""
        node = task.node
        inputs = {role: [part.digest for part in parts] for role, parts in task.inputs.items()}
        return digest.key(node.stage, node.version, node.recipe, inputs, task.files)

    def _changed(self, task: Task, how: str) -> None:
        paths = ", ".join(path for paths in task.node.files.values() for path in paths)
        self._fail(task, f"{paths} {how}", "run again: what it holds then will be used", 1)

    def _free(self, task: Task) -> None:
        assert task.lock is not None
        task.lock.free()
        task.lock = None

    def _message(self, task: Task) -> dict[str, Any]:
        """A task as the line that a worker reads."""
        task.out = self._bench / secrets.token_hex(8)  # a watch has many builds on one bench
        sizes = {part.digest: part.size for parts in task.inputs.values() for part in parts}
        return {
            "job": job_to_json(task.job(self.judge.folder), sizes),
            "entry": task.node.entry,
            "out": str(task.out.absolute()),
            "product": bool(task.node.product),
        }

    def _to_come(self, node: Node) -> Sequence[Any]:
        """What is known of the jobs that want the same weights and are not made, as JSON; the same list until wire is
        asked again."""
        if not node.resident:
            return ()
        if node.resident not in self._ahead:
            nodes = (one for name, one in self.graph.nodes.items() if name in self._wanted)
            alike = [one for one in nodes if one.resident == node.resident]
            left = [one for one in alike if not isinstance(self.judge.verdict(self.graph, one.name), Fresh)]
            self._ahead[node.resident] = [ahead_to_json(one.ahead(self.judge.folder)) for one in left]
        return self._ahead[node.resident]

    def _hear(self, key: str, message: Mapping[str, Any]) -> bool:
        """Takes one message on a job. True where the graph must be wired anew."""
        task = self._running[key]
        if "progress" in message:
            picture = b64decode(message["picture"]) if "picture" in message else None
            self._say(events.Progress(task.node.name, message["progress"], picture))
            return False
        del self._running[key]
        self._lanes.free(key)
        try:
            if "died" in message:
                self._fail(task, message["died"], "see workers.log in the store; run again to try again", 1)
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
            assert task.out is not None
            disk.remove(task.out)
            self._free(task)
        return False

    def _done(self, task: Task, done: Mapping[str, Any]) -> bool:
        if self.judge.files(task.node) != task.files:
            self._changed(task, "changed while it was read")
            return False
        try:
            record = self._record(task, done)
        except OSError as error:
            self._fail(task, f"what was made cannot be kept: {error.strerror}", "see that there is room to write", 1)
            return False
        return self._settle(task, Fresh(task.key, self.judge.ledger.put(task.key, record)), done["seconds"])

    def _record(self, task: Task, done: Mapping[str, Any]) -> Record:
        """Puts a product in its place, and writes the record."""
        node = task.node
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
        return record

    def _settle(self, task: Task, fresh: Fresh, made: float | None) -> bool:
        """Takes a key as fresh for all its twins, and looks at what reads them. True where wire would answer anew."""
        readers: list[str] = []
        grown = False
        if made is not None and not task.twins:
            self._note(task.node.name, task.key)  # nobody wants it now, but it was made
        for position, name in enumerate(task.twins):
            node = self.graph.nodes[name]
            if node.product != task.node.product:  # the same bytes in another place: a job of its own
                self.judge.forget(self.graph, name)
                readers.append(name)
                continue
            if made is not None and position == 0:
                self._seen.add(name)
                self._noted.add((name, task.key))
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
        judged: dict[str, None] = {}
        waiting = deque(names)
        while waiting:
            name = waiting.popleft()
            if name in self._wanted and name not in judged:
                judged[name] = None
                if isinstance(self.judge.verdict(self.graph, name), Fresh):
                    waiting.extend(self.graph.readers()[name])
            if not waiting:  # a node that is stale now may read bytes, above it, that are lost
                waiting.extend(name for name in self.judge.lost if name not in judged)
                self.judge.lost.clear()
        self.judge.verdicts(self.graph, judged)
        self._drop_damaged()
        grown = False
        for name in judged:
            self._consider(name)
            if isinstance(self.judge.verdict(self.graph, name), Fresh):
                grown = self._reader.outdated(self.graph, name) or grown
        return grown

    def _fail(self, task: Task, what: str, hint: str, code: int, trace: str = "") -> None:
        self._failed.add(task.key)
        self._report(task.node, what, hint, code, trace)

    def _report(self, node: Node, what: str, hint: str, code: int = 1, trace: str = "") -> None:
        failure = events.Failed(node.name, node.stage, what, hint, code, trace)
        self.summary.failed.append(failure)
        self._say(failure)
        if self._fail_fast:
            self._stopped = True
            self._queued.clear()
            self._elsewhere.clear()
            for key in self._running:
                self._lanes.cancel(key)

    def _repair(self, task: Task, content: str) -> bool:
        """Drops damaged bytes that a job was to read; what made them is stale now, and the job waits for it."""
        for ref in task.node.reads() if task.twins else ():
            verdict = self.judge.verdict(self.graph, ref.node)
            if isinstance(verdict, Fresh) and verdict.entry.parts[ref.part].digest == content:
                self._drop(content, ref.node)
                self.judge.lose(self.graph, ref.node)
                return True
        self.store.drop(content)
        if task.twins:
            what = "stored bytes that it reads are damaged, and nothing here makes them again"
            self._fail(task, what, "they are dropped; run again", 1)
        return False

    def _drop_damaged(self) -> None:
        """Drops what the judge found damaged since it was last asked."""
        for content, name in self.judge.damaged.items():
            self._drop(content, name)
        self.judge.damaged.clear()

    def _drop(self, content: str, name: str) -> None:
        """Takes damaged bytes of a node out of the store, and says so. A second time ends the trying."""
        self.store.drop(content)
        if content in self._repaired:
            self._failed.add(name)
            what = "what it makes is damaged in the store again and again"
            self._report(self.graph.nodes[name], what, "the disk may be failing")
        else:
            self._repaired.add(content)
            self._say(events.Repaired(name))
