"""Choosing among what was made of a shot: its takes and its still. What is chosen is written into the project file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mvr import edit, forecast, shotlist
from mvr import takes as made
from mvr.engine.graph import Ref
from mvr.engine.plan import Reader
from mvr.errors import ProjectError
from mvr.model import Goal

if TYPE_CHECKING:
    from mvr.model import Json, ShotPlan
    from mvr.workspace import Outcome, Say, Workspace

SHORT = 8
"""Hex digits of a still's digest that are written."""


def takes(workspace: Workspace, shot: str, say: Say) -> Json:
    """The takes of a shot, as the document of `mvr takes --json`. Raises ProjectError for a shot that is not."""
    with workspace.opened() as bench:
        graph, plans = workspace.planned(bench, say)
        plan = shotlist.named(plans, shot)
        return {"shot": shot, "pin": plan.pin or None, "takes": made.rows(bench, graph, plan)}


def pick(workspace: Workspace, shot: str, wanted: str, say: Say) -> str:
    """Writes `take:` (for a number) or `pin:` (for a short key) into the project file; says what stands there now.

    Raises ProjectError for a shot or a take that is not.
    """
    with workspace.opened() as bench:
        graph, plans = workspace.planned(bench, say)
        plan = shotlist.named(plans, shot)
        motion = wanted.startswith("m") and wanted[1:].isdigit()
        if motion or (wanted.isdigit() and len(wanted) < made.SHORT):
            value = made.chosen(plan, int(wanted.removeprefix("m")), motion=motion)
            if value != 1 and value not in [row["take"] for row in made.rows(bench, graph, plan)]:
                raise ProjectError(f"{shot} has no take {wanted}", f"`mvr reroll {shot}` makes new ones")
            workspace.write([(shotlist.place_of(plan, "take"), value), (shotlist.place_of(plan, "pin"), None)])
            return f"take {wanted} of {shot}"
        found = made.find(bench, shot, wanted)
        if found is None:
            raise ProjectError(f"no one clip of {shot} has a key that begins with {wanted}", f"see: mvr takes {shot}")
        workspace.write([(shotlist.place_of(plan, "pin"), edit.Quoted(made.short(found)))])
        return f"the clip {made.short(found)} of {shot}"


def reroll(workspace: Workspace, shot: str, count: int, say: Say, *, motion: bool = False) -> Outcome:
    """Writes a higher `takes:`, or for `treatment` another `make.writer.take`, and makes those takes, or words."""
    goal = Goal(until="shots") if shot == made.TREATMENT else Goal(until="clips", only=(shot,))
    with workspace.opened() as bench:
        if shot == made.TREATMENT:
            workspace.write([made.another_treatment(bench, count, motion=motion)])
        else:
            plan = shotlist.named(workspace.planned(bench, say)[1], shot)
            workspace.write([(shotlist.place_of(plan, "takes"), made.more(plan, count, motion=motion))])
    with workspace.opened() as bench:
        return workspace.run(bench, goal, say)


def approve(workspace: Workspace, shots: Sequence[str], say: Say) -> list[str]:
    """Writes `approved:` for the stills of some shots, or with none named, for every one that waits. Gives the shots.

    Raises ProjectError for a shot that is not, that has no still, or whose still is not made yet.
    """
    with workspace.opened() as bench:
        graph, plans = workspace.planned(bench, say)
        reader = Reader(bench.judge)

        def still(plan: ShotPlan) -> str:
            name = f"{plan.id}/keyframe"
            return reader.digest(graph, Ref(name)) if name in graph.nodes else ""

        if shots:
            chosen = [shotlist.named(plans, shot) for shot in dict.fromkeys(shots)]
            lacking = [plan.id for plan in chosen if not still(plan)]
            if lacking:
                has = "has" if len(lacking) == 1 else "have"
                raise ProjectError(f"{', '.join(lacking)} {has} no still yet", "make it: mvr render --until stills")
        else:
            waiting = set(forecast.unapproved(bench.graph()))
            chosen = [plan for plan in plans if plan.id in waiting and still(plan)]
        workspace.write([(shotlist.place_of(plan, "approved"), edit.Quoted(still(plan)[:SHORT])) for plan in chosen])
        return [plan.id for plan in chosen]
