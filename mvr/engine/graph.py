"""Nodes, and what they read. A graph only says what there is; whether it is stale is plan's question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mvr.engine.job import Ahead


@dataclass(frozen=True)
class Ref:
    """A part of a node's output; the main part is ``""``."""

    node: str
    part: str = ""

    def __str__(self) -> str:
        return f"{self.node}:{self.part}" if self.part else self.node


@dataclass(frozen=True)
class Held:
    """Bytes that stand in the store by themselves, whoever made them: a pinned or an earlier clip. provenance is what
    their maker said of them; it enters no key."""

    digest: str
    suffix: str
    size: int
    provenance: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Node:
    """One thing to make.

    entry is the dotted name of the function that makes it. recipe is plain JSON. inputs and files name, for each role,
    what is read, in order. lane says where it runs. exact: the same key gives the same bytes anywhere. resident names
    the weights it wants; it orders work and enters no key. sources says where each field of the recipe comes from; it
    enters no key either. product is where the bytes stand if they are a product of their own and not in the store.
    how is plain JSON for its maker that changes nothing of what is made; it enters no key. says tells a person how it
    will be made; it enters no key.
    """

    name: str
    stage: str
    entry: str
    version: int
    recipe: Any
    inputs: Mapping[str, tuple[Ref | Held, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lane: str = "cpu"
    exact: bool = True
    resident: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    product: str = ""
    how: Any = field(default_factory=dict)
    says: tuple[str, ...] = ()

    def ahead(self, folder: Path) -> Ahead:
        """What is known of its job before all that it reads is made; the user's files lie in folder."""
        files = {role: tuple(str(folder / path) for path in paths) for role, paths in self.files.items()}
        return Ahead(self.recipe, files, self.how)

    def reads(self) -> Iterator[Ref]:
        """Every part of another node that this one reads."""
        for refs in self.inputs.values():
            for ref in refs:
                if isinstance(ref, Ref):
                    yield ref


class Graph:
    """Nodes by name, in the order in which they were added; each reads only nodes added before it.

    targets names the nodes that are wanted; a node that no target reads is not made. remarks are sentences for a person
    on what is not quite as it was asked for.
    """

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.targets: list[str] = []
        self.remarks: list[str] = []
        self._readers: dict[str, list[str]] | None = None

    def add(self, node: Node, target: bool = False) -> Node:
        """Adds a node. Raises ValueError for a second one of that name, or one that reads a node not yet added."""
        if node.name in self.nodes:
            raise ValueError(f"two nodes are named {node.name}")
        for ref in node.reads():
            if ref.node not in self.nodes:
                raise ValueError(f"{node.name} reads {ref.node}, which is not in the graph")
        self.nodes[node.name] = node
        self._readers = None
        if target:
            self.targets.append(node.name)
        return node

    def wanted(self, targets: Iterable[str] | None = None) -> list[str]:
        """The targets and all they read, directly or not, in graph order."""
        seen: set[str] = set()
        stack = list(self.targets if targets is None else targets)
        while stack:
            name = stack.pop()
            if name not in seen:
                seen.add(name)
                stack.extend(ref.node for ref in self.nodes[name].reads())
        return [name for name in self.nodes if name in seen]

    def readers(self) -> dict[str, list[str]]:
        """For each node, the nodes that read it, in graph order."""
        if self._readers is None:
            self._readers = {name: [] for name in self.nodes}
            for node in self.nodes.values():
                for name in dict.fromkeys(ref.node for ref in node.reads()):
                    self._readers[name].append(node.name)
        return self._readers
