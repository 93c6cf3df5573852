"""One project opened for work: its store, its judge, and the way from a goal to a build."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mvr import pipeline
from mvr.engine import events
from mvr.engine.build import Build
from mvr.engine.graph import Graph, Held, Node, Ref
from mvr.engine.inbox import Inbox
from mvr.engine.ledger import Ledger
from mvr.engine.local import Lanes
from mvr.engine.plan import Judge, Reader
from mvr.engine.roots import Roots, identity
from mvr.engine.store import READ_ONLY, Store, StoreTooNew
from mvr.engine.witness import Witness
from mvr.errors import MachineError
from mvr.model import Goal, Project


@dataclass
class Known:
    """What wire asks of this workspace: the judge's answers, and the newest clip of a shot."""

    reader: Reader
    earlier: Callable[[str], Held | None]
    pin: Callable[[str, str], Held | None]

    def document(self, graph: Graph, ref: Ref) -> Any | None:
        return self.reader.document(graph, ref)

    def fresh(self, graph: Graph, ref: Ref) -> bool:
        return self.reader.fresh(graph, ref)

    def digest(self, graph: Graph, ref: Ref) -> str:
        return self.reader.digest(graph, ref)

    def best(self, shot: str) -> Held | None:
        return self.earlier(shot)

    def pinned(self, shot: str, pin: str) -> Held | None:
        return self.pin(shot, pin)


@dataclass
class Bench:
    """Everything that one run works with: the parsed project, its store, and the judge over it."""

    project: Project
    store: Store
    roots: Roots
    judge: Judge
    out: Path
    newest_clips: dict[str, Held | None] = field(default_factory=dict)

    def earlier(self, shot: str) -> Held | None:
        """The newest clip ever made of a shot whose bytes are here."""
        if shot not in self.newest_clips:
            self.newest_clips[shot] = self._find_earlier(shot)
        return self.newest_clips[shot]

    def pinned(self, shot: str, pin: str) -> Held | None:
        """The clip of a shot whose key begins with a pin, whoever made it, if its bytes are here."""
        for key in self.clip_keys(shot):
            if key.startswith(pin):
                return self.held(key)
        return None

    def clip_keys(self, shot: str) -> list[str]:
        """The key of every clip ever made of a shot, of any take and any words, the newest first."""
        clip = f"{shot}/clip"
        keys = [line.key for line in self.roots.lines() if line.node == clip or line.node.startswith(f"{clip}@")]
        return list(dict.fromkeys(reversed(keys)))

    def held(self, key: str) -> Held | None:
        """What a key made, if its bytes are here."""
        record = self.store.record(key)
        made = record.parts.get("") if record is not None else None
        if record is None or made is None or not self.store.has(made.digest):
            return None
        return Held(made.digest, made.suffix, made.size, record.provenance)

    def held_files(self, graph: Graph) -> list[Path]:
        """Where the bytes stand that nodes read and no node makes."""
        return [
            self.store.path(one.digest)
            for node in graph.nodes.values()
            for refs in node.inputs.values()
            for one in refs
            if isinstance(one, Held)
        ]

    def _find_earlier(self, shot: str) -> Held | None:
        return next((held for key in self.clip_keys(shot) if (held := self.held(key))), None)

    def wire(self, goal: Goal | Callable[[], Goal]) -> Callable[[Reader], Graph]:
        """The pipeline of this project for a goal, as a build asks for it; for what the goal is at that moment."""

        def wired(reader: Reader) -> Graph:
            known = Known(reader, self.earlier, self.pinned)
            return pipeline.wire(self.project, known, goal if isinstance(goal, Goal) else goal(), self.out)

        return wired

    def graph(self, goal: Goal | None = None) -> Graph:
        """The graph as far as it is known now, judged as a render would: what nobody wants is not asked to be whole."""
        with self.judge.ledger.session():
            self.judge.begin()
            graph = self.wire(goal or Goal())(Reader(self.judge))
            self.judge.verdicts(graph, graph.wanted())
        return graph

    def build(
        self,
        goal: Goal | Callable[[], Goal],
        lanes: Lanes,
        folder: Path,
        say: Callable[[events.Event], None],
        *,
        fail_fast: bool = False,
        inbox: Inbox | None = None,
        changed: Callable[[], bool] = lambda: False,
        rank: Callable[[Node], int] = lambda _: 0,
    ) -> Build:
        """A build towards a goal; folder is for half-made things. inbox, changed and rank: see engine.build."""
        return Build(
            self.judge,
            self.wire(goal),
            lanes,
            folder,
            say,
            self.roots.note,
            fail_fast=fail_fast,
            inbox=inbox,
            changed=changed,
            rank=rank,
        )


@contextmanager
def opened(project: Project, store_folder: Path, state: Path, out: Path) -> Iterator[Bench]:
    """Opens the store for a project. Raises MachineError where it cannot be read or written."""
    store = Store(store_folder)
    try:
        store.open()
        roots = Roots(store, identity(state / f"{project.file.name}.id"))
    except StoreTooNew:
        raise MachineError(
            f"the store {store.folder} was written by a newer mvr", "upgrade mvr, or name another store in MVR_STORE"
        ) from None
    except OSError as error:
        raise refused(error) from None
    eyes = Witness(state / "witness.json")
    judge = Judge(store, Ledger(store), eyes, roots.newest(), project.folder)
    try:
        yield Bench(project, store, roots, judge, out)
    finally:
        eyes.save()


def refused(error: OSError) -> MachineError:
    """What the system would not do, where, and what to do about it."""
    where = f" at {error.filename}" if error.filename else ""
    hint = "free some space, or name another store in MVR_STORE"
    if error.errno in READ_ONLY:
        hint = "make the folder writable, or copy the project to one that is; a store elsewhere is named in MVR_STORE"
    elif error.errno in (errno.EMFILE, errno.ENFILE):
        hint = "allow more open files, as with `ulimit -n 1024`"
    elif error.errno in (errno.EEXIST, errno.ENOTDIR):
        hint = "a file stands where a folder belongs: move it away, or name another store in MVR_STORE"
    return MachineError(
        f"the disk refused: {error.strerror or error}{where}", f"{hint}; a run goes on from what was finished"
    )
