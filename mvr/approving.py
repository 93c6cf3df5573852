"""Approving: the user's word on a still, written into the project file; no clip is made of it before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mvr import forecast
from mvr.engine import events
from mvr.engine.graph import Ref
from mvr.engine.plan import Reader
from mvr.errors import ProjectError
from mvr.workspace import place_of, shot_named

if TYPE_CHECKING:
    from mvr.model import ShotPlan
    from mvr.workspace import Workspace

SHORT = 8
"""Hex digits of a still's digest that are written."""


def approve(workspace: Workspace, shots: Sequence[str], say: Callable[[events.Event], None]) -> list[str]:
    """Writes `approved:` for the stills of some shots, or with none named, for every one that waits. Gives the shots.

    Raises ProjectError for a shot that is not, that has no still, or whose still is not made yet.
    """
    from mvr import edit

    with workspace.opened() as bench:
        graph, plans = workspace.planned(bench, say)
        reader = Reader(bench.judge)

        def still(plan: ShotPlan) -> str:
            name = f"{plan.id}/keyframe"
            return reader.digest(graph, Ref(name)) if name in graph.nodes else ""

        if shots:
            chosen = [shot_named(plans, shot) for shot in dict.fromkeys(shots)]
            lacking = [plan.id for plan in chosen if not still(plan)]
            if lacking:
                has = "has" if len(lacking) == 1 else "have"
                raise ProjectError(f"{', '.join(lacking)} {has} no still yet", "make it: mvr render --until stills")
        else:
            waiting = set(forecast.unapproved(bench.graph()))
            chosen = [plan for plan in plans if plan.id in waiting and still(plan)]
        workspace.write([(place_of(plan, "approved"), edit.Quoted(still(plan)[:SHORT])) for plan in chosen])
        return [plan.id for plan in chosen]
