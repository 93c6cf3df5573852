"""One shot seen closely: why each of its nodes is what it is, its takes, and what it was in git's HEAD."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr import report

if TYPE_CHECKING:
    from mvr.workspace import Workspace

Json = Any
Lend = Callable[[str, Path, str], str]


def takes(workspace: Workspace, shot: str, lend: Lend) -> Json:
    """The document of `mvr takes --json`; beside each take whose bytes are here, the digest to play it by."""
    from mvr import takes as taken

    with workspace.opened() as bench:
        graph, plans = workspace.planned(bench, lambda _: None)
        plan = next((plan for plan in plans if plan.id == shot), None)
        rows = taken.rows(bench, graph, plan) if plan else []
        keys = bench.clip_keys(shot)
        for row in rows:
            key = next((key for key in keys if row["key"] and key.startswith(row["key"])), None)
            held = bench.held(key) if key else None
            row["clip"] = lend(held.digest, bench.store.path(held.digest), held.suffix) if held else None
        return {"shot": shot, "pin": plan.pin or None if plan else None, "takes": rows}


def nodes(workspace: Workspace, shot: str) -> Json:
    """Of each node of a shot: its state, the reasons as lines, what it was made from, how long it took."""
    from mvr.engine.plan import Fresh, Stale
    from mvr.trace import Tracer

    found = []
    with workspace.opened() as bench:
        graph = bench.graph()
        tracer = Tracer(bench.project, graph, bench.judge)
        for name in (name for name in graph.nodes if name.startswith(f"{shot}/") and "@" not in name):
            verdict = bench.judge.verdict(graph, name)
            row: dict[str, Json] = {"name": name, "stage": graph.nodes[name].stage, "seconds": None, "key": None}
            if isinstance(verdict, Fresh):
                record = bench.store.record(verdict.key)
                lines = list(report.why_lines({"reasons": tracer.since(name)}))
                made = {"provenance": dict(record.provenance), "recipe": record.recipe} if record else {}
                row |= {"state": "fresh", "seconds": verdict.entry.seconds, "key": verdict.key[:12], **made}
            elif isinstance(verdict, Stale):
                lines = list(report.why_lines({"reasons": tracer.reasons(name, verdict.why)}))
                row |= {"state": "stale", "key": verdict.key[:12]}
            else:
                lines = [f"waits for {verdict.on}"]
                row |= {"state": "waits"}
            found.append({**row, "why": lines})
    return {"shot": shot, "nodes": found}


def head(workspace: Workspace, shot: str) -> Json:
    """What changed of a shot against git's HEAD: its words, its span, or that it is new."""
    from mvr import comparison

    document = comparison.document(workspace, "HEAD")
    moved = next((row for row in document["moved"] if row["id"] == shot), None)
    changed = next((row for row in document["changed"] if row["id"] == shot), None)
    return {
        "shot": shot,
        "commit": document["commit"][:10],
        "new": any(row["id"] == shot for row in document["new"]),
        "moved": moved and {"was": moved["was"], "now": moved["now"]},
        "words": changed["words"] if changed else [],
        "unknown": document["unknown"],
    }


def plan(workspace: Workspace) -> Json:
    """What `mvr render` would make, why, and about how long it takes: the rows of `mvr plan --json` that are not fresh,
    their reasons as lines; and what GPUs are here, with their memory."""
    from mvr import doctor

    document = workspace.plan()
    rows = [
        {**row, "why": list(report.why_lines(row["why"])) if row["why"] else []}
        for row in document["nodes"]
        if row["state"] != "fresh"
    ]
    behind = document["unknown_behind"]
    return {"rows": rows, "unknown_behind": behind, "done": document["done"], "gpus": doctor.gpus()}
