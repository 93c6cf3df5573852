"""The finishing chain of a shot as plain data: what the project asks to be done to its pictures after they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from mvr import captioning
from mvr.model import Json, Project, ShotPlan

T = TypeVar("T")

READS: Mapping[str, tuple[str, ...]] = {
    "fit": ("footage",),
    "grade": ("grade",),
    "react": ("sound",),
    "words": (captioning.LYRICS,),
}
"""The documents that a step reads, by their roles in a segment's inputs; a step that is not here reads none."""

OWN = ("crop", "fit", "grade")
"""Steps that are for the shot's own picture, and not for what stands in for it."""

EXACT = ("words", "overlays", "badge")
"""Steps that give the same bytes anywhere; the others resample, or reckon with fractions."""


def chain(
    project: Project, plan: ShotPlan, *, moved: bool = False, quiet: tuple[int, int] = (0, 0), reframed: bool = False
) -> list[Json]:
    """The steps for one shot, in their order; none where the film has no look. See media/finish for what they do.

    moved: its pictures move with the sound already, and nothing is added. quiet: frames from the shot's start, and
    before its end, in which it does not flash, since the transitions there do. reframed: they were made for another
    film's shape, and are cropped to this one's around their subject.
    """
    look = project.look
    steps: list[Json] = [] if plan.photo else shape(plan)
    if reframed and all(step["do"] != "fit" for step in steps):
        steps.append({"do": "fit", "how": "subject", "frames": plan.frames})
    steps += [{"do": "grade"}] if look.match not in ("none", plan.id) else []
    steps += [{"do": "lut"}] if look.lut else []
    if plan.moves and not moved:
        moves = {sound: [kind, percent] for sound, (kind, percent) in sorted(plan.moves.items())}
        still = {name: count for name, count in zip(("quiet", "hushed"), quiet, strict=True) if count}
        steps.append({"do": "react", "moves": moves, **still})
    steps += [{"do": "vignette", "amount": look.vignette}] if look.vignette else []
    steps += [{"do": "grain", "amount": look.grain}] if look.grain else []
    steps += [{"do": "letterbox", "aspect": look.letterbox}] if look.letterbox else []
    return [*steps, *captioning.steps(project, plan)]


def shape(plan: ShotPlan) -> list[Json]:
    """How a picture is brought to the film's frame: the user's own as the film or the shot has it; what is made here
    has the film's shape already, and is cropped or fitted where its shot says so alone."""
    steps: list[Json] = [{"do": "crop", "box": list(plan.crop)}] if plan.crop else []
    own = plan.clip is not None or bool(plan.photo) or plan.sources.get("fit", "").startswith("shots.")
    return [*steps, {"do": "fit", "how": plan.fit}] if own and plan.fit != "fill" else steps


def needed(steps: Sequence[Json], documents: Mapping[str, T]) -> dict[str, T]:
    """Those of a shot's documents that its steps read; one that a shot has not is not read."""
    roles = {role for step in steps for role in READS.get(step["do"], ())}
    return {role: documents[role] for role in sorted(roles) if role in documents}


def origins(plan: ShotPlan, steps: Sequence[Json]) -> Mapping[str, str]:
    """Where in the project file the values of steps stand, by their place in the chain."""
    shapes = {f"{at}": "output.size" for at, step in enumerate(steps) if step["do"] == "fit" and "frames" in step}
    return {**captioning.origins(plan, steps), **shapes}


def files(project: Project, steps: Sequence[Json]) -> Mapping[str, Sequence[str]]:
    """The user's files that the steps read, by role."""
    tables = {"lut": [project.look.lut]} if any(step["do"] == "lut" for step in steps) else {}
    return {**captioning.files(project, steps), **tables}


def exact(steps: Sequence[Json]) -> bool:
    """Whether a segment with these steps is the same bytes anywhere."""
    return all(step["do"] in EXACT for step in steps)
