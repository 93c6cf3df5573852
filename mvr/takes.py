"""The takes of a shot: those of the present words, and every clip ever made of it under earlier ones."""

from __future__ import annotations

from typing import Any

from mvr.bench import Bench
from mvr.engine.graph import Graph
from mvr.engine.plan import Fresh, Stale
from mvr.engine.roots import MadeLine
from mvr.engine.store import Record
from mvr.errors import ProjectError
from mvr.model import ShotPlan, Take

Json = Any

SHORT = 6
"""Hex digits of a key that a pin holds at least."""


TREATMENT = "treatment"
"""What `reroll` takes beside a shot."""


def rows(bench: Bench, graph: Graph, plan: ShotPlan) -> list[Json]:
    """Each take of a shot, those of the present words first, then earlier clips from the newest to the oldest.

    take is its number, as `pick` takes it (None for an earlier clip); key the short key that a pin may hold (None
    while it is not made).
    """
    shot = plan.id
    present = [_present(bench, graph, name, plan) for name in graph.nodes if _is_clip(name, shot)]
    known = {row["key"] for row in present}
    made = {line.key: line for line in bench.roots.lines() if _is_clip(line.node, shot)}
    return present + [_earlier(bench, made[key], shot) for key in bench.clip_keys(shot) if short(key) not in known]


def short(key: str) -> str:
    """The part of a key that people write."""
    return key[:SHORT]


def find(bench: Bench, shot: str, wanted: str) -> str | None:
    """The key of a clip of a shot that begins with `wanted`, or None where there is none, or more than one."""
    found = [key for key in bench.clip_keys(shot) if key.startswith(wanted)]
    return found[0] if len(found) == 1 else None


def chosen(plan: ShotPlan, number: int, *, motion: bool = False) -> Json:
    """What `take:` is to hold so that take `number` stands in the film; motion: of the motion alone."""
    return Take(plan.take.still, number).written() if motion else number


def more(plan: ShotPlan, count: int, *, motion: bool = False) -> Json:
    """What `takes:` is to hold so that `count` new takes are made beside those there are."""
    stills = max([plan.take.still, *(other.take.still for other in plan.others.values())])
    motions = max([plan.take.motion, *(other.take.motion for other in plan.others.values())])
    if motion:
        return {"still": stills, "motion": motions + count}
    return max(stills, motions) + count


def another_treatment(bench: Bench, count: int, *, motion: bool = False) -> tuple[tuple[str, ...], Json]:
    """The place of `make.writer.take` and a number that no treatment of this project had; where the writer stands
    without options, the whole of `make.writer`. Raises ProjectError for what a treatment has not."""
    if bench.project.frozen.shots or bench.project.frozen.treatment:
        raise ProjectError("the words are frozen: no writer is asked", "give them back first: mvr plan --thaw")
    if motion or count != 1:
        raise ProjectError("a treatment has no motion and one take at a time", "write: mvr reroll treatment")
    records = [bench.store.record(line.key) for line in bench.roots.lines() if line.node == TREATMENT]
    made = [record.recipe.get("take", 1) for record in records if record is not None]
    number = max([bench.project.make.writer_take, *made]) + 1
    written = (bench.project.data.get("make") or {}).get("writer")
    if isinstance(written, dict):
        return ("make", "writer", "take"), number
    return ("make", "writer"), {"with": bench.project.make.writer.name, "take": number}


def _is_clip(node: str, shot: str) -> bool:
    return node == f"{shot}/clip" or node.startswith(f"{shot}/clip@")


def _present(bench: Bench, graph: Graph, name: str, plan: ShotPlan) -> Json:
    verdict = bench.judge.verdict(graph, name)
    suffix = name.partition("@")[2]
    take = plan.others[suffix].take if suffix else plan.take
    key = verdict.key if isinstance(verdict, Fresh) else None
    state = "fresh" if key else "stale" if isinstance(verdict, Stale) else "waits"
    return {
        "take": take.written(),
        "chosen": not suffix,
        "key": short(key) if key else None,
        "state": state,
        "made": None,
        "seconds": verdict.entry.seconds if isinstance(verdict, Fresh) else None,
        "words": None,
    }


def _earlier(bench: Bench, line: MadeLine, shot: str) -> Json:
    record = bench.store.record(line.key)
    here = bench.held(line.key) is not None
    return {
        "take": None,
        "chosen": False,
        "key": short(line.key),
        "state": "here" if here else "bytes gone",
        "made": line.time,
        "seconds": record.seconds if record else None,
        "words": _words(bench, record, shot) if record else None,
    }


def _words(bench: Bench, clip: Record, shot: str) -> str | None:
    """The sentence that an earlier clip was made to: that of the still which it moved."""
    stills = clip.inputs.get("still", ())
    for line in reversed(list(bench.roots.lines())):
        if line.node.startswith(f"{shot}/keyframe"):
            still = bench.store.record(line.key)
            if still is not None and still.parts[""].digest in stills:
                return str(still.recipe.get("sentence", ""))
    return None
