"""Clip: one shot in motion, by the animator that its plan names.

A drawn clip is of exactly its shot's frames. A generated one has handles, and a length of its model's lattice: its
recipe names that length and not the shot's, and the segment takes from it what the shot shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mvr.backends import asked, backend, filled, named
from mvr.engine.job import Desk, Job, Json, Made
from mvr.model import Project, ShotPlan, joined_prompt
from mvr.timeline import FREE, rate_text

if TYPE_CHECKING:
    from mvr.backends._lattice import Lengths, Timing

EACH = "shot"
VERSION = 1
EXACT = False
LANE = "cpu"


def recipe(
    project: Project, unit: ShotPlan, *, beats: Sequence[float] = (), window: tuple[int, int] | None = None
) -> tuple[dict[str, Json], dict[str, str]]:
    """What an animator reads of a shot beside its still: motion words, length, rate, size, seed; energy if it draws.

    beats: of the song, in frames from the shot's start, for a shot that is split (see splits). window: the frames
    [first, end), counted from the shot's start, of a clip of what a transition shows beyond the shot's ends; for an
    animator with WINDOWS.
    """
    known = lengths(project, unit, beats)
    if known is not None:
        return _generated(project, unit, known)
    output = project.output
    values: dict[str, Json] = {
        "animator": named(unit.animator),
        "motion": unit.motion,
        "frames": unit.frames,
        "fps": rate_text(output.fps),
        "size": [output.width, output.height],
        "seed": unit.motion_seed,
        "energy": round(unit.energy, 3),
        "react": unit.react,
        **({"window": list(window)} if window else {}),
    }
    sources = _sources(unit) | {
        "frames": unit.sources.get("frames", "cut"),
        "size": "output.size",
        "energy": "song",
        "react": unit.sources.get("react", "look.react"),
        "window": "cut.transitions",
    }
    return values, {field: source for field, source in sources.items() if source and field in values}


def _sources(unit: ShotPlan) -> dict[str, str]:
    return {
        "animator": unit.sources.get("animator", "make.animator"),
        "prompt": unit.sources.get("prompt", ""),
        "motion": unit.sources.get("motion", ""),
        "fps": "output.fps",
        "seed": unit.sources.get("seed", "seed"),
    }


def _generated(project: Project, unit: ShotPlan, known: Lengths) -> tuple[dict[str, Json], dict[str, str]]:
    """What a model reads: one prompt with the motion in it, a length of its lattice; no time of the song's."""
    animator, options = backend(unit.animator.name), filled(unit.animator)
    output = project.output
    size = [output.width, output.height]
    values: dict[str, Json] = {
        "animator": named(unit.animator),
        **(_words(project, unit) if getattr(animator, "WORDS", True) else {}),
        "frames": list(known.frames) if known.by else known.frames[0],
        "fps": rate_text(known.rate),
        "size": list(animator.canvas(options, *size)) if hasattr(animator, "canvas") else size,
        "seed": unit.motion_seed,
        **({"pieces": known.by} if known.by else {}),
        **({"avoid": list(project.style.avoid)} if getattr(animator, "NEGATIVE", False) else {}),
    }
    sources = _sources(unit) | {
        "frames": "cut",
        "size": "output.size",
        "avoid": "style.avoid",
    }
    return values, {field: source for field, source in sources.items() if source and field in values}


def _words(project: Project, unit: ShotPlan) -> dict[str, Json]:
    return {"prompt": joined_prompt(unit.prompt, unit.sheet(project), project.style), "motion": unit.motion}


def lengths(project: Project, unit: ShotPlan, beats: Sequence[float] = ()) -> Lengths | None:
    """How a generated clip is made and where its shot begins in it; None for one that is drawn to the frame."""
    from mvr.backends import _lattice

    timing = _timing(unit)
    if timing is None:
        return None
    return _lattice.lengths(timing, unit.frames, project.cut.handles, project.output.fps, beats)


def handles(project: Project, unit: ShotPlan) -> tuple[int, int]:
    """The film's frames that there are of a shot's clip before it and after it."""
    if lengths(project, unit) is not None:
        return project.cut.handles, project.cut.handles
    drawn = FREE if getattr(backend(unit.animator.name), "WINDOWS", False) else 0
    return drawn, drawn


def splits(project: Project, unit: ShotPlan) -> bool:
    """True where the clip of a shot is split on a beat, and so reads the song's."""
    known = lengths(project, unit)
    return known is not None and known.by == "beats"


def _timing(unit: ShotPlan) -> Timing | None:
    animator = backend(unit.animator.name)
    found: Timing | None = animator.timing(filled(unit.animator)) if hasattr(animator, "timing") else None
    return found


def shown(project: Project, unit: ShotPlan) -> dict[str, Json]:
    """What a segment is told of this clip: where in it the shot begins, and whether it keeps a rate of its own."""
    known = lengths(project, unit)
    if known is None:
        return {}
    return {**({"lead": known.lead} if known.lead else {}), **({"own_rate": True} if known.own_rate else {})}


def make(job: Job, desk: Desk) -> Made:
    """`clip.mp4`: of exactly the recipe's frames, or for a model at least as many. Roles: still, layers and sound, each
    where there is one. What a segment is to be told of the clip is kept in its provenance (`shown`).

    Raises StageError where the animator or ffmpeg fails.
    """
    given = {role: desk.path(blobs[0]) for role, blobs in job.inputs.items() if blobs}
    animator = backend(job.recipe["animator"]["name"])
    still, sound, layers = (given.get(role) for role in ("still", "sound", "layers"))
    clip = animator.animate(asked(job), still, sound, desk.out, desk.progress, layers=layers, desk=desk)
    made = clip if isinstance(clip, Made) else Made({"": clip})
    told = job.how.get("shown")
    return Made(made.parts, {**made.provenance, "shown": told}) if told else made
