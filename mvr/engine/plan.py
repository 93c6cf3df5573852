"""Is it stale? The one place that answers, for `plan` and for `render` alike.

A verdict is `Fresh`, `Stale(why)` or `Waits(on)`. Fresh: a record stands under the node's key, so nothing is made.
Stale: its key is known and nothing whole stands under it (or its bytes are lost and somebody needs them), so it is
made. Waits: what it reads is not known yet, so its key is not either. Nodes are judged by the digests that records
give, so a node whose bytes are gone stays fresh until a stale one reads them; then it is stale, and what else reads it
stays as it is if making it again gives the same bytes, and waits for it if that is not certain. If only a waiting node
reads them, their node waits with it: it is in doubt.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mvr.engine import digest
from mvr.engine.graph import Graph, Held, Node, Ref
from mvr.engine.ledger import Entry, Ledger
from mvr.engine.reasons import (
    BytesLost,
    FileChanged,
    InputChanged,
    NeverMade,
    Reason,
    RecipeChanged,
    VersionRaised,
    differences,
)
from mvr.engine.store import Damaged, Part, Store
from mvr.engine.witness import Witness

__all__ = [
    "BytesLost",
    "FileChanged",
    "Fresh",
    "InputChanged",
    "Judge",
    "NeverMade",
    "Reader",
    "Reason",
    "RecipeChanged",
    "Stale",
    "Verdict",
    "VersionRaised",
    "Waits",
]


@dataclass(frozen=True)
class Fresh:
    """Made. entry says what it handed on."""

    key: str
    entry: Entry


@dataclass(frozen=True)
class Stale:
    """To be made, under this key."""

    key: str
    why: tuple[Reason, ...]


@dataclass(frozen=True)
class Waits:
    """Cannot be judged until the named node is fresh."""

    on: str


Verdict = Fresh | Stale | Waits


class Judge:
    """Judges the nodes of graphs against a store, and remembers its verdicts until told that something changed.

    previous maps node names to the keys of the last finished render: what a reason compares with. folder is what the
    files that nodes name are relative to.
    """

    def __init__(
        self, store: Store, ledger: Ledger, witness: Witness, previous: Mapping[str, str], folder: Path
    ) -> None:
        self.store = store
        self.ledger = ledger
        self.witness = witness
        self.previous = previous
        self.folder = folder
        self._verdicts: dict[str, Verdict] = {}
        self._judged: dict[str, Node] = {}
        self._fresh: dict[str, dict[str, None]] = {}
        self._lost: dict[str, Entry | None] = {}
        self._lost_keys: set[str] = set()
        self._doubted: dict[str, Fresh] = {}
        self._doubted_keys: dict[str, Waits] = {}
        self._standing: set[str] = set()
        self._before: dict[str, Verdict] = {}
        self._documents: dict[str, Any] = {}
        self._read: set[str] = set()  # documents asked for since `begin`: a watch must not keep every one it ever saw
        self.damaged: dict[str, str] = {}  # digests of bytes that were found damaged, and the nodes they are of
        self.lost: list[str] = []  # nodes that were found to lack bytes since somebody last emptied this list

    def begin(self) -> None:
        """Starts on another graph. Verdicts on nodes that it holds unchanged, with all they read, are kept.

        A node whose bytes are lost, or in doubt, is judged anew: perhaps nobody reads them now.
        """
        self._before = {name: verdict for name, verdict in self._verdicts.items() if name not in self._lost}
        self._verdicts, self._lost, self._fresh = {}, {}, {}
        self._documents = {content: found for content, found in self._documents.items() if content in self._read}
        for known in (self._lost_keys, self._doubted, self._doubted_keys, self._standing, self._read):
            known.clear()

    def verdict(self, graph: Graph, name: str) -> Verdict:
        """The verdict on one node of a graph."""
        known = self._verdicts.get(name)
        if known is not None:
            return known
        node = graph.nodes[name]
        verdict = self._kept(graph, node) or self._judge(graph, node)
        if isinstance(verdict, Stale):
            lost = self._missing(graph, node)
            if lost is not None:
                verdict = Waits(lost)
        if isinstance(verdict, Waits):
            self._doubt(graph, node, verdict)
        self._note(node, verdict)
        if isinstance(verdict, Fresh):  # a twin of one that lacks bytes lacks them too
            if verdict.key in self._lost_keys:
                self.lose(graph, name)
            elif verdict.key in self._doubted_keys:
                self._suspect(graph, verdict, self._doubted_keys[verdict.key])
        return self._verdicts[name]

    def verdicts(self, graph: Graph, names: Iterable[str] | None = None) -> dict[str, Verdict]:
        """The verdicts on some nodes, or on all, in the order given: again until none takes back another."""
        names = list(graph.nodes if names is None else names)
        found: dict[str, Verdict] = {}
        while any(self._verdicts.get(name) is not found.get(name, self) for name in names):
            found = {name: self.verdict(graph, name) for name in names}
        return found

    def document(self, graph: Graph, ref: Ref) -> Any | None:
        """The JSON document that a fresh node handed on, or None while it is not fresh."""
        part = self.made(graph, ref)
        if part is None:
            return None
        self._read.add(part.digest)
        if part.digest not in self._documents:
            if not self._stands(ref.node, part):
                self.lose(graph, ref.node)
                return None
            data = self.store.path(part.digest).read_bytes()
            if digest.of_bytes(data) != part.digest:  # a disk may change bytes, and leave size and mtime as they were
                self.damaged[part.digest] = ref.node
                self.lose(graph, ref.node)
                return None
            self._documents[part.digest] = json.loads(data)
        return self._documents[part.digest]

    def made(self, graph: Graph, ref: Ref) -> Part | None:
        """The part that a fresh node handed on, or None while it is not fresh."""
        verdict = self.verdict(graph, ref.node)
        fresh = self._doubted.get(ref.node, verdict)
        return fresh.entry.parts.get(ref.part) if isinstance(fresh, Fresh) else None

    def changes(self, graph: Graph, name: str) -> tuple[Reason, ...]:
        """What a node has become against the last finished render, whatever its verdict; empty while it waits."""
        verdict = self.verdict(graph, name)
        if isinstance(verdict, Stale):
            return verdict.why
        if isinstance(verdict, Waits) or self.previous.get(name) in (None, verdict.key):
            return ()
        node = graph.nodes[name]
        inputs = {role: [self._part(graph, ref).digest for ref in refs] for role, refs in node.inputs.items()}
        return tuple(self._why(node, inputs, self.files(node)))

    def inputs(self, graph: Graph, node: Node) -> dict[str, tuple[Part, ...]]:
        """The bytes that a stale node reads, by role."""
        return {role: tuple(self._part(graph, ref) for ref in refs) for role, refs in node.inputs.items()}

    def files(self, node: Node) -> dict[str, tuple[str, ...]]:
        """The digests of the user's files that a node reads, by role; empty for one that cannot be read."""
        return {role: tuple(self._content(path) for path in paths) for role, paths in node.files.items()}

    def _content(self, path: str) -> str:
        try:
            return self.witness.digest(self.folder / path)
        except OSError:
            return ""

    def forget(self, graph: Graph, name: str) -> None:
        """Takes back the verdict on a node and on everything that hangs on it."""
        stack = [name]
        readers = graph.readers()
        while stack:
            current = stack.pop()
            self._before.pop(current, None)
            self._lost.pop(current, None)
            self._doubted.pop(current, None)
            if self._verdicts.pop(current, None) is not None:
                stack.extend(readers[current])

    def settle(self, graph: Graph, name: str, verdict: Fresh) -> list[str]:
        """Takes a node that was just made as fresh, and names those whose verdicts are open again: its readers, and
        whatever was in doubt."""
        readers = [*graph.readers()[name], *self._doubted]
        self._doubted_keys.clear()
        for reader in readers:
            self.forget(graph, reader)
        self._lost.pop(name, None)
        self._lost_keys.discard(verdict.key)
        self._note(graph.nodes[name], verdict)
        return readers

    def lose(self, graph: Graph, name: str) -> None:
        """Judges a fresh node, and its twins, stale because bytes are gone or damaged, and what hangs on it anew."""
        verdict = self._doubted.get(name) or self._verdicts[name]
        assert isinstance(verdict, Fresh)
        self._lost_keys.add(verdict.key)
        self._standing.difference_update(part.digest for part in verdict.entry.parts.values())
        for twin in self._twins(verdict):
            missing = self._missing(graph, graph.nodes[twin])
            self._open(graph, twin, verdict.entry)
            self.lost.append(twin)
            stale = Stale(verdict.key, (BytesLost(),))
            self._note(graph.nodes[twin], stale if missing is None else Waits(missing))

    def _doubt(self, graph: Graph, node: Node, waits: Waits) -> None:
        """Has every node above that lacks bytes, which a waiting node may come to need, wait with it."""
        for ref in node.reads():
            verdict = self.verdict(graph, ref.node)
            part = verdict.entry.parts.get(ref.part) if isinstance(verdict, Fresh) else None
            if isinstance(verdict, Fresh) and part is not None and not self._stands(ref.node, part):
                self._suspect(graph, verdict, waits)

    def _suspect(self, graph: Graph, verdict: Fresh, waits: Waits) -> None:
        """Has the nodes with a key that lacks bytes wait, and those above them, as far as they lack bytes too."""
        self._doubted_keys[verdict.key] = waits
        for twin in self._twins(verdict):
            self._doubt(graph, graph.nodes[twin], waits)
            self._open(graph, twin, verdict.entry)
            self._note(graph.nodes[twin], waits)
            self._doubted[twin] = verdict

    def _open(self, graph: Graph, name: str, entry: Entry) -> None:
        """Takes back the verdict on a node that lacks bytes; what it handed on stays known if it will be the same."""
        node = graph.nodes[name]
        certain = node.exact and all(self._handed_on(graph, ref.node) is not None for ref in node.reads())
        self.forget(graph, name)
        self._lost[name] = entry if certain else None

    def _twins(self, verdict: Fresh) -> list[str]:
        """The nodes that are fresh, or in doubt, with the same key."""
        named = self._fresh[verdict.key]
        return [name for name in named if self._doubted.get(name, self._verdicts.get(name)) == verdict]

    def standing(self, node: Node, key: str) -> Entry | None:
        """What a key made, where all its bytes stand whole: another process may have made it meanwhile."""
        entry = self.ledger.get(key)
        if entry is None:
            return None
        if node.product:
            return entry if self._product_stands(node, entry) else None
        self._standing.difference_update(part.digest for part in entry.parts.values())
        return entry if all(self._stands(node.name, part) for part in entry.parts.values()) else None

    def _stands(self, name: str, part: Part) -> bool:
        """True where a part's bytes are here, and look whole; looked at once a graph."""
        if part.digest in self._standing:
            return True
        try:
            self.store.whole(part)
        except FileNotFoundError:
            return False
        except Damaged:
            self.damaged[part.digest] = name
            return False
        self._standing.add(part.digest)
        return True

    def _note(self, node: Node, verdict: Verdict) -> None:
        self._verdicts[node.name] = verdict
        self._judged[node.name] = node
        if isinstance(verdict, Fresh):
            self._fresh.setdefault(verdict.key, {})[node.name] = None

    def _kept(self, graph: Graph, node: Node) -> Verdict | None:
        """The verdict from the graph before, where neither the node nor anything that it reads is another."""
        before = self._before.get(node.name)
        if before is None or self._judged[node.name] != node:
            return None
        if not all(self._before.get(ref.node) is self.verdict(graph, ref.node) for ref in node.reads()):
            return None
        if node.files or node.product:  # what is outside the store may change between two graphs
            again = self._judge(graph, node)
            return before if again == before else again
        return before

    def _judge(self, graph: Graph, node: Node) -> Verdict:
        inputs: dict[str, list[str]] = {}
        for role, refs in node.inputs.items():
            found = inputs[role] = []
            for ref in refs:
                if isinstance(ref, Held):
                    found.append(ref.digest)
                    continue
                above = self._handed_on(graph, ref.node)
                if above is None or ref.part not in above.parts:
                    return Waits(ref.node)
                found.append(above.parts[ref.part].digest)
        files = self.files(node)
        key = digest.key(node.stage, node.version, node.recipe, inputs, files)
        entry = self.ledger.get(key)
        if entry is None:
            return Stale(key, tuple(self._why(node, inputs, files)))
        if node.product and not self._product_stands(node, entry):
            return Stale(key, (BytesLost(),))
        return Fresh(key, entry)

    def _product_stands(self, node: Node, entry: Entry) -> bool:
        try:
            return self.witness.digest(Path(node.product)) == entry.parts[""].digest
        except OSError:
            return False

    def _part(self, graph: Graph, ref: Ref | Held) -> Part:
        if isinstance(ref, Held):
            return Part(ref.digest, ref.suffix, ref.size)
        entry = self._handed_on(graph, ref.node)
        assert entry is not None
        return entry.parts[ref.part]

    def _handed_on(self, graph: Graph, name: str) -> Entry | None:
        """What a node hands on, as far as it is certain: it is fresh, or its lost bytes will be the same again."""
        verdict = self.verdict(graph, name)
        return verdict.entry if isinstance(verdict, Fresh) else self._lost.get(name)

    def _missing(self, graph: Graph, node: Node) -> str | None:
        """The first node above whose bytes a stale node lacks. Every one that lost them becomes stale itself."""
        missing: str | None = None
        for ref in node.reads():
            verdict = self.verdict(graph, ref.node)
            fresh = self._doubted.get(ref.node, verdict)
            if isinstance(fresh, Fresh):
                if self._stands(ref.node, fresh.entry.parts[ref.part]):
                    continue
                self.lose(graph, ref.node)
            missing = missing or ref.node
        return missing

    def _why(
        self, node: Node, inputs: Mapping[str, list[str]], files: Mapping[str, tuple[str, ...]]
    ) -> Iterator[Reason]:
        key = self.previous.get(node.name)
        record = self.store.record(key) if key is not None else None
        if record is None or record.stage != node.stage:
            yield NeverMade()
            return
        yield from differences(node, record, inputs, files)


class Reader:
    """What wire asks while it builds a graph, and a note of every answer, so that a new answer brings a new graph."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self.asked: dict[Ref, str] = {}

    def document(self, graph: Graph, ref: Ref) -> Any | None:
        """The JSON document of a part, or None while its node is not fresh."""
        found = self._judge.document(graph, ref)
        self.asked[ref] = self._answer(graph, ref)
        return found

    def fresh(self, graph: Graph, ref: Ref) -> bool:
        """True where a part stands, bytes and all."""
        self.asked[ref] = self._answer(graph, ref)
        return self.asked[ref] != ""

    def digest(self, graph: Graph, ref: Ref) -> str:
        """The sha256 (hex) of a part that stands, bytes and all; empty while it does not."""
        self.asked[ref] = self._answer(graph, ref)
        return self.asked[ref]

    def outdated(self, graph: Graph, name: str) -> bool:
        """True where an answer that named this node would be another one now."""
        return any(ref.node == name and answer != self._answer(graph, ref) for ref, answer in self.asked.items())

    def _answer(self, graph: Graph, ref: Ref) -> str:
        part = self._judge.made(graph, ref)
        return part.digest if part is not None and self._judge.store.has(part.digest) else ""
