"""What `render` would make, why, and about how long it would take: the document of `mvr plan --json`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mvr import backends
from mvr.engine.graph import Graph, Node, Ref
from mvr.engine.plan import Fresh, Judge, Stale, Waits
from mvr.model import Place, Project, frozen_names
from mvr.timeline import nearest
from mvr.trace import Tracer

Json = Any

WRITTEN = ("treatment", "shots")
"""Stages that ask the writer."""

GROWING = ("song", "music", "lyrics", "cut", "treatment", "shots")
"""Stages whose documents say which other nodes there are."""


def document(project: Project, graph: Graph, judge: Judge, bounds: Mapping[str, int] | None = None) -> Json:
    """The document of `mvr plan --json`, and `done`: nothing is stale and the film stands.

    bounds: how many jobs run at once in each lane of this machine; one, where it is left out.
    """
    tracer = Tracer(project, graph, judge)
    estimate = Estimates(judge)
    nodes = []
    counts = {"stale": 0, "fresh": 0, "waits": 0}
    unknown = _unknown(graph, judge)
    for name in graph.wanted():
        node = graph.nodes[name]
        verdict = judge.verdict(graph, name)
        if unknown and isinstance(verdict, Fresh) and judge.standing(node, verdict.key) is None:
            verdict = Waits(unknown[0])  # its bytes are gone, and a node that is not known yet may read them
        state = "fresh" if isinstance(verdict, Fresh) else "stale" if isinstance(verdict, Stale) else "waits"
        why: Json = None
        if isinstance(verdict, Stale):
            why = {"reasons": tracer.reasons(name, verdict.why)}
        elif isinstance(verdict, Waits):
            why = {"waits": verdict.on}
        seconds = None if state == "fresh" else estimate.seconds(name, node.stage)
        nodes.append(
            {
                "name": name,
                "stage": node.stage,
                "lane": node.lane,
                "state": state,
                "why": why,
                "seconds": seconds,
                "note": noted(node),
            }
        )
        counts[state] += not node.product
    done = all(row["state"] == "fresh" for row in nodes) and bool(nodes) and nodes[-1]["name"] == "film"
    held_back = unapproved(graph)
    behind = [row["name"] for row in nodes if row["state"] != "fresh" and row["stage"] in GROWING]
    asks = {"requests": _requests(project, nodes), "notes": _unmet(project, graph, judge)}
    asks["remarks"] = list(graph.remarks)
    asks["lanes"] = _lanes(nodes, bounds or {})
    return {"nodes": nodes, **counts, "unknown_behind": behind, "unapproved": held_back, **asks, "done": done}


def _lanes(nodes: Sequence[Json], bounds: Mapping[str, int]) -> Json:
    """What is to be made by lane: how many nodes, how many of them of a kind that was never timed, and about how many
    seconds the others take, with as many at once as the lane has room for. Lanes run side by side."""
    lanes: dict[str, Json] = {}
    for row in nodes:
        if row["state"] != "fresh":
            lane = lanes.setdefault(row["lane"], {"left": 0, "untimed": 0, "seconds": 0.0})
            lane["left"] += 1
            lane["untimed"] += row["seconds"] is None
            lane["seconds"] += row["seconds"] or 0.0
    for name, lane in lanes.items():
        lane["seconds"] = round(lane["seconds"] / max(1, bounds.get(name, 1)), 3)
    return lanes


def _requests(project: Project, nodes: Sequence[Json]) -> int:
    """How many requests the writer may make for the documents that are not there, at worst."""
    writer = project.make.writer
    module = backends.backend(writer.name)
    if not hasattr(module, "requests"):
        return 0
    most: int = module.requests(backends.filled(writer))
    documents = [row for row in nodes if row["stage"] in WRITTEN and row["state"] != "fresh"]
    return most * len(documents)


def _unmet(project: Project, graph: Graph, judge: Judge) -> list[Json]:
    """The frozen words that no shot of the cut has, each with its place: a slip of the pen, or a cut that moved."""
    cut = judge.document(graph, Ref("cut")) if project.frozen.shots and "cut" in graph.nodes else None
    if cut is None:
        return []
    shots = [entry["id"] for entry in cut["cuts"]]
    file = frozen_names(project.file)[1]
    notes = []
    for shot in project.frozen.shots:
        if shot not in shots:
            path = f"shots.{shot}"
            place = project.frozen.places.get(f"{file}:{path}", Place(1, 1))
            near = ", ".join(nearest(shot, shots))
            hint = f"the nearest ids are {near}; if the cut has moved, the words stay until the shot is back"
            found = f"no shot is called {shot} now, so these words are in no picture"
            at = {"file": file, "line": place.line, "column": place.column, "path": path}
            notes.append({**at, "found": found, "hint": hint})
    return notes


def noted(node: Node) -> str | None:
    """How a node will be made: what its stage says, or of a clip that its model cannot make it in one piece."""
    recipe, pieces = node.recipe, node.recipe.get("pieces")
    if not pieces:
        return "; ".join(node.says) or None
    count = len(recipe["frames"])
    if pieces == "chain":
        return f"longer than its model can: {count} pieces, each chained from the last frame of the one before"
    return f"longer than its model can: {count} pieces, cut on a beat"


def unapproved(graph: Graph) -> list[str]:
    """The shots whose stills wait to be approved, in a graph of the whole film: their clips are wanted by nobody."""
    wanted = set(graph.wanted())
    shots = (name.removesuffix("/clip") for name in graph.nodes if name.endswith("/clip") and name not in wanted)
    return [shot for shot in shots if f"{shot}/keyframe" in wanted]


def _unknown(graph: Graph, judge: Judge) -> list[str]:
    """While the film is not in the graph: the nodes that say what else there is, and are not made."""
    if "film" in graph.nodes:
        return []
    growing = (name for name in graph.wanted() if graph.nodes[name].stage in GROWING)
    return [name for name in growing if not isinstance(judge.verdict(graph, name), Fresh)]


def waiting(project: Project, graph: Callable[[], Graph]) -> tuple[str, ...]:
    """The same, of a project that may ask for no approval; then its graph is not asked for."""
    return tuple(unapproved(graph())) if project.make.approve == "stills" else ()


class Estimates:
    """About how long a node takes: as long as it last took, else as long as the same of the first film, or of the take
    that stands, else as long as its stage takes on average here."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._means: dict[str, list[float]] | None = None

    def seconds(self, name: str, stage: str) -> float | None:
        previous = self._judge.previous
        unit, parted, step = name.rpartition("/")
        for known in (name, f"{unit}{parted}{step.partition('@')[0]}"):
            entry = self._judge.ledger.get(previous[known]) if known in previous else None
            if entry is not None:
                return entry.seconds
        if self._means is None:
            self._means = {}
            for key in previous.values():
                entry = self._judge.ledger.get(key)
                if entry is not None:
                    self._means.setdefault(entry.stage, []).append(entry.seconds)
        found = self._means.get(stage)
        return round(sum(found) / len(found), 3) if found else None
