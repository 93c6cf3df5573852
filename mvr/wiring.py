"""Wiring: what a graph is made with: the project, what is known of it, and how a stage's module becomes a node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from mvr.engine.graph import Graph, Held, Node, Ref
from mvr.errors import Fault
from mvr.model import Goal, Place, Project, Unit


class Known(Protocol):
    """What wire may ask: documents of fresh nodes, whether bytes stand, and the newest clip ever made of a shot."""

    def document(self, graph: Graph, ref: Ref) -> Any | None: ...

    def fresh(self, graph: Graph, ref: Ref) -> bool: ...

    def digest(self, graph: Graph, ref: Ref) -> str: ...

    def best(self, shot: str) -> Held | None: ...

    def pinned(self, shot: str, pin: str) -> Held | None: ...


@dataclass
class Wiring:
    """One call of wire: the graph so far, and how a stage's module becomes a node of it.

    suffix: what the names of nodes end with, `@wide` for a further film's; place: where in the project file that film's
    size and rate stand.
    """

    project: Project
    known: Known
    goal: Goal
    out: Path
    graph: Graph
    suffix: str = ""
    place: str = "output."
    shots: int = 0  # how many the film has, as far as is known
    told: Mapping[str, str] = field(default_factory=dict)  # paths of the file that the writer fills -> `node:path`

    def colour(self, story: Ref) -> bool:
        """Where the project names no palette, it is the treatment's. False while that is not there: what reads the
        palette is not to be made without it, and made again with it."""
        style, frozen = self.project.style, self.project.frozen
        if style.palette or (frozen.shots and not frozen.treatment):  # no writer is asked where the shots are frozen
            return True
        document = self.known.document(self.graph, story) or frozen.treatment
        if document is None:
            self.want(story)
            return False
        if palette := tuple(str(colour) for colour in document.get("palette") or ()):
            self.project = replace(self.project, style=replace(style, palette=palette))
            self.told = {"style.palette": f"{story.node}:palette"}
        return True

    def add(
        self,
        module: ModuleType,
        name: str,
        unit: Unit = None,
        inputs: Mapping[str, Sequence[Ref | Held]] | None = None,
        files: Mapping[str, Sequence[str]] | None = None,
        *,
        lane: str = "",
        exact: bool | None = None,
        how: Any = None,
        resident: str = "",
        says: Sequence[str] = (),
        product: str = "",
        **more: Any,
    ) -> Ref:
        """Adds the node that a stage makes for a unit, unless it is there, and names its main part."""
        recipe, sources = module.recipe(self.project, unit, **more)
        node = Node(
            name=name + self.suffix,
            stage=module.__name__.rpartition(".")[2],
            entry=f"{module.__name__}.make",
            version=module.VERSION,
            recipe=recipe,
            inputs={role: tuple(refs) for role, refs in (inputs or {}).items()},
            files={role: tuple(paths) for role, paths in (files or {}).items()},
            lane=lane or module.LANE,
            exact=module.EXACT if exact is None else exact,
            sources={
                name: self.told.get(source, source.replace("output.", self.place)) for name, source in sources.items()
            },
            product=str(self.out / product) if product else "",
            how=how or {},
            resident=resident,
            says=tuple(says),
        )
        if self.graph.nodes.get(node.name) != node:
            self.graph.add(node)
        return Ref(node.name)

    def fault(self, path: str, found: str, hint: str) -> Fault:
        """A fault at a place of the project file."""
        place = self.project.places.get(path, Place(0, 0))
        return Fault(self.project.file.name, place.line, place.column, path, found, "", hint)

    def want(self, *refs: Ref) -> None:
        self.graph.targets.extend(ref.node for ref in refs)


def part(ref: Ref, name: str) -> Ref:
    """Another part of what a node hands on."""
    return Ref(ref.node, name)
