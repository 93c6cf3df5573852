"""Clip: one shot in motion, by the animator that its plan names."""

from __future__ import annotations

from mvr.backends import asked, backend
from mvr.engine.job import Desk, Job, Json, Made
from mvr.model import Project, ShotPlan
from mvr.timeline import rate_text

EACH = "shot"
VERSION = 1
EXACT = False
LANE = "cpu"


def recipe(project: Project, unit: ShotPlan) -> tuple[dict[str, Json], dict[str, str]]:
    """What an animator reads of a shot beside its still: motion words, length, rate, size, seed, energy."""
    animator = backend(unit.animator.name)
    options = {name: default for name, (_, default) in animator.OPTIONS.items()} | dict(unit.animator.options)
    output = project.output
    values: dict[str, Json] = {
        "animator": {"name": unit.animator.name, "identity": animator.identity(options)},
        "motion": unit.motion,
        "frames": unit.frames,
        "fps": rate_text(output.fps),
        "size": [output.width, output.height],
        "seed": unit.motion_seed,
        "energy": round(unit.energy, 3),
        "react": unit.react,
    }
    sources = {
        "animator": unit.sources.get("animator", "make.animator"),
        "motion": unit.sources.get("motion", ""),
        "frames": unit.sources.get("frames", "cut"),
        "fps": "output.fps",
        "size": "output.size",
        "seed": unit.sources.get("seed", "seed"),
        "energy": "song",
        "react": unit.sources.get("react", "look.react"),
    }
    return values, {field: source for field, source in sources.items() if source}


def make(job: Job, desk: Desk) -> Made:
    """`clip.mp4` of exactly the recipe's frames. Roles: still, layers and sound, each where there is one.

    Raises StageError where the animator or ffmpeg fails.
    """
    given = {role: desk.path(blobs[0]) for role, blobs in job.inputs.items() if blobs}
    animator = backend(job.recipe["animator"]["name"])
    still, sound, layers = (given.get(role) for role in ("still", "sound", "layers"))
    clip = animator.animate(asked(job), still, sound, desk.out, desk.progress, layers=layers, desk=desk)
    return clip if isinstance(clip, Made) else Made({"": clip})
