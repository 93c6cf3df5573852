"""Stand-in: a shot drawn by the sketch in one go, for a shot whose own clip is not made, whoever its painter is."""

from __future__ import annotations

from mvr.backends import backend, filled
from mvr.engine.job import Desk, Job, Json, Made
from mvr.model import Maker, Project, ShotPlan, joined_prompt
from mvr.timeline import rate_text

EACH = "shot"
VERSION = 1
EXACT = False
LANE = "cpu"


def recipe(
    project: Project, unit: ShotPlan, *, badge: str = "", draft: bool = False
) -> tuple[dict[str, Json], dict[str, str]]:
    """What the sketch reads of a shot, still and motion together. badge: words in the corner. draft: half size."""
    sketch = backend("sketch")
    cast = unit.sheet(project)
    style = project.style
    output = project.output.halved() if draft else project.output
    values: dict[str, Json] = {
        "sketch": sketch.identity(filled(Maker("sketch"))),
        "sentence": unit.prompt,
        "prompt": joined_prompt(unit.prompt, cast, style),
        "characters": [one.drawn() for one in cast],
        "style": {"look": style.look, "palette": list(style.palette), "lighting": style.lighting},
        "motion": unit.motion,
        "frames": unit.frames,
        "fps": rate_text(output.fps),
        "size": [output.width, output.height],
        "seed": unit.seed,
        "energy": round(unit.energy, 3),
        "react": unit.react,
        "badge": badge,
        "draft": draft,
    }
    return values, _sources(project, unit)


def _sources(project: Project, unit: ShotPlan) -> dict[str, str]:
    prompt = unit.sources.get("prompt", "")
    sources = {
        "sentence": prompt,
        "prompt": prompt,
        "characters": unit.sources.get("characters", ""),
        "style.look": "style.look",
        "style.palette": "style.palette",
        "style.lighting": "style.lighting",
        "motion": unit.sources.get("motion", ""),
        "frames": unit.sources.get("frames", "cut"),
        "fps": "output.fps",
        "size": "output.size",
        "seed": unit.sources.get("seed", "seed"),
        "energy": "song",
        "react": unit.sources.get("react", "look.react"),
    }
    for index, name in enumerate(unit.characters):
        above = unit.sheet_source(project, name)
        for field in ("description", "wardrobe", "features"):
            sources[f"characters.{index}.{field}"] = above if ":" in above else f"{above}.{field}"
    return {field: source for field, source in sources.items() if source}


def make(job: Job, desk: Desk) -> Made:
    """`standin.mp4`, of the film's stream class. Role: sound. Raises StageError where ffmpeg fails."""
    sound = desk.path(job.inputs["sound"][0]) if job.inputs.get("sound") else None
    made: Made = backend("sketch").standin(job.recipe, sound, desk.out, desk.progress)
    return made
