"""Follows a reason back to the line of the project file that did it, through the treatment if need be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mvr.engine.graph import Graph
from mvr.engine.plan import (
    BytesLost,
    FileChanged,
    InputChanged,
    Judge,
    NeverMade,
    Reason,
    RecipeChanged,
    VersionRaised,
)
from mvr.model import Project

Json = Any


class Tracer:
    """Turns the reasons of a graph's nodes into plain data, each with the place that caused it where there is one."""

    def __init__(self, project: Project, graph: Graph, judge: Judge) -> None:
        self._project = project
        self._graph = graph
        self._judge = judge

    def reasons(self, name: str, reasons: tuple[Reason, ...]) -> list[Json]:
        """Each reason as plain data: kind, and what that kind knows; `place` is `line:column`, `through` the way."""
        return [self._reason(name, reason, frozenset({name})) for reason in reasons]

    def since(self, name: str) -> list[Json]:
        """What a fresh node has become against the last finished render; empty where nothing differs."""
        return self.reasons(name, self._judge.changes(self._graph, name))

    def _reason(self, name: str, reason: Reason, seen: frozenset[str]) -> Json:
        match reason:
            case NeverMade():
                return {"kind": "never-made"}
            case BytesLost():
                return {"kind": "bytes-lost"}
            case VersionRaised(was, now):
                return {"kind": "version", "was": was, "now": now}
            case FileChanged(path):
                place = next((key for key, file in self._project.files.items() if file == path), "")
                return {"kind": "file", "file": path, **self._at(place)}
            case InputChanged(above):
                return {"kind": "input", "node": above, "through": list(self._follow(above.partition(":")[0], seen))}
            case RecipeChanged(field, was, now):
                known = {"kind": "recipe", "field": field, "was": was, "now": now}
                source = _source(self._graph.nodes[name].sources, field)
                above = source.partition(":")[0]
                if above in self._graph.nodes and ":" in source:
                    return {**known, "node": above, "through": list(self._follow(above, seen))}
                return {**known, **self._at(source)}

    def _follow(self, name: str, seen: frozenset[str]) -> Iterator[Json]:
        """The reasons of a node above, and so on up."""
        if name in seen or name not in self._graph.nodes:
            return
        for reason in self._judge.changes(self._graph, name):
            yield {"of": name, **self._reason(name, reason, seen | {name})}

    def _at(self, path: str) -> dict[str, Json]:
        """The place of a path in the project file, or of the nearest thing that holds it."""
        frozen = self._project.frozen.places.get(path)
        if frozen is not None:
            file, _, inner = path.partition(":")
            return {"path": inner, "file": file, "line": frozen.line, "column": frozen.column}
        while path:
            place = self._project.places.get(path)
            if place is not None:
                return {"path": path, "file": self._project.file.name, "line": place.line, "column": place.column}
            path = re.sub(r"(\[\d+\]|\.?[^.\[]+)$", "", path)
        return {}


def _source(sources: Mapping[str, str], field: str) -> str:
    """Where a field comes from, or the nearest field that holds it; sources spell `a[0].b` as `a.0.b`."""
    field = re.sub(r"\[(\d+)\]", r".\1", field)
    while field:
        if field in sources:
            return sources[field]
        field = field.rpartition(".")[0]
    return ""
