"""What wire asks of a project that is only looked at: documents of the store, and those that are quickly written aside.

A cut, a treatment or shots that the store does not have are made in a scratch folder, where that takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr.engine.apart import Apart
from mvr.engine.graph import Graph, Held, Ref
from mvr.engine.job import Blob, Job, UserFile
from mvr.errors import MvrError

if TYPE_CHECKING:
    from mvr.bench import Bench
    from mvr.engine.plan import Judge, Reader
    from mvr.model import Project

SCRATCH = ("lyrics", "cut", "treatment", "shots")
"""Stages that are quick enough to be tried in the scratch folder."""

QUICK_WRITERS = ("rules",)


@dataclass
class Scribe:
    """What wire may ask: documents of the store, and those that can be written here in milliseconds."""

    bench: Bench
    judge: Judge
    reader: Reader
    project: Project
    scratch: Path
    unknown: list[str]
    pins: bool = False  # a missing pin is a fault
    parts: dict[str, Mapping[str, Path] | None] = field(default_factory=dict)

    def document(self, graph: Graph, ref: Ref) -> Any | None:
        import json

        found = self.reader.document(graph, ref)
        if found is None and (path := self._path(graph, ref)):
            return json.loads(path.read_text("utf-8"))
        return found

    def digest(self, graph: Graph, ref: Ref) -> str:
        return self.reader.digest(graph, ref)

    def fresh(self, graph: Graph, ref: Ref) -> bool:
        return self.reader.fresh(graph, ref)

    def best(self, shot: str) -> Held | None:
        return self.bench.earlier(shot)

    def pinned(self, shot: str, pin: str) -> Held | None:
        found = self.bench.pinned(shot, pin)
        return found if found or self.pins else Held("0" * 64, ".mp4", 0)

    def _path(self, graph: Graph, ref: Ref) -> Path | None:
        made = self.judge.made(graph, ref)
        if made is not None and self.bench.store.has(made.digest):
            return self.bench.store.path(made.digest)
        if ref.node not in self.parts:
            self.parts[ref.node] = self._written(graph, ref.node)
        return (self.parts[ref.node] or {}).get(ref.part)

    def _written(self, graph: Graph, name: str) -> Mapping[str, Path] | None:
        """The parts of a node, made in the scratch folder; None where that would take long, or cannot be."""
        from mvr.engine.worker import resolve

        node = graph.nodes[name]
        writes = node.stage in ("treatment", "shots")
        if node.stage not in SCRATCH or (writes and self.project.make.writer.name not in QUICK_WRITERS):
            return None
        paths: dict[str, Path] = {}
        inputs: dict[str, tuple[Blob, ...]] = {}
        for role, refs in node.inputs.items():
            found = [self._path(graph, ref) for ref in refs if isinstance(ref, Ref)]
            if None in found:
                return None
            named = {f"{role}-{number}": path for number, path in enumerate(found) if path is not None}
            paths |= named
            inputs[role] = tuple(Blob(one, path.suffix) for one, path in named.items())
        files = {
            role: tuple(UserFile(str(self.project.folder / one), "") for one in ones)
            for role, ones in node.files.items()
        }
        out = self.scratch / str(len(self.parts))
        out.mkdir(parents=True, exist_ok=True)
        try:
            made = resolve(node.entry)(Job(name, node.stage, "", node.recipe, inputs, files), Apart(out, paths))  # type: ignore[arg-type]
        except MvrError as error:
            self.unknown.append(f"{name}: {error.what}")
            return None
        return made.parts
