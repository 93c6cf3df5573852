"""Keyframe: the still picture of one shot, by the painter that its plan names."""

from __future__ import annotations

from mvr.backends import asked, backend
from mvr.engine.job import Desk, Job, Json, Made
from mvr.model import Maker, Project, ShotPlan, joined_prompt

EACH = "shot"
VERSION = 1
EXACT = False
LANE = "cpu"


def recipe(project: Project, unit: ShotPlan) -> tuple[dict[str, Json], dict[str, str]]:
    """What a painter reads of a shot: words, characters, style, size and seed; no time, and no sound.

    Raises ValueError for a shot without a painter.
    """
    if unit.painter is None:
        raise ValueError(f"{unit.id} has no painter")
    cast = unit.sheet(project)
    style, output = project.style, project.output
    if hasattr(backend(unit.painter.name), "canvas"):
        return _drawn(project, unit, unit.painter)
    values: dict[str, Json] = {
        "painter": {"name": unit.painter.name, "identity": _identity(unit.painter)},
        "sentence": unit.prompt,
        "prompt": joined_prompt(unit.prompt, cast, style),
        "characters": [
            {
                "name": one.name,
                "description": one.description,
                "wardrobe": one.wardrobe,
                "features": list(one.features),
            }
            for one in cast
        ],
        "style": {"look": style.look, "palette": list(style.palette), "lighting": style.lighting},
        "avoid": list(style.avoid),
        "size": [output.width, output.height],
        "seed": unit.seed,
    }
    return values, _sources(project, unit)


def _drawn(project: Project, unit: ShotPlan, maker: Maker) -> tuple[dict[str, Json], dict[str, str]]:
    """What a model reads of a shot: one prompt, at its own size; what is to be avoided, if it reads that."""
    painter, options, output = backend(maker.name), _options(maker), project.output
    values: dict[str, Json] = {
        "painter": {"name": maker.name, "identity": painter.identity(options)},
        "prompt": joined_prompt(unit.prompt, unit.sheet(project), project.style),
        "size": list(painter.canvas(options, output.width, output.height)),
        "seed": unit.seed,
    }
    if painter.NEGATIVE:
        values["avoid"] = list(project.style.avoid)
    return values, {field: source for field, source in _sources(project, unit).items() if field in values}


def _options(maker: Maker) -> dict[str, Json]:
    return {name: default for name, (_, default) in backend(maker.name).OPTIONS.items()} | dict(maker.options)


def _identity(maker: Maker) -> Json:
    return backend(maker.name).identity(_options(maker))


def _sources(project: Project, unit: ShotPlan) -> dict[str, str]:
    prompt = unit.sources.get("prompt", "")
    sources = {
        "painter": unit.sources.get("painter", "make.painter"),
        "sentence": prompt,
        "prompt": prompt,
        "characters": unit.sources.get("characters", ""),
        "style.look": "style.look",
        "style.palette": "style.palette",
        "style.lighting": "style.lighting",
        "avoid": "style.avoid",
        "size": "output.size",
        "seed": unit.sources.get("seed", "seed"),
    }
    for index, name in enumerate(unit.characters):
        above = unit.sheet_source(project, name)
        for field in ("description", "wardrobe", "features"):
            sources[f"characters.{index}.{field}"] = above if ":" in above else f"{above}.{field}"
    return {field: source for field, source in sources.items() if source}


def make(job: Job, desk: Desk) -> Made:
    """The painter's still, and whatever other parts it hands on (the sketch: `layers`). Raises StageError."""
    painter = backend(job.recipe["painter"]["name"])
    given = {role: [desk.path(one) for one in blobs] for role, blobs in job.inputs.items()}
    given |= {role: [desk.path(one) for one in files] for role, files in job.files.items()}
    made = painter.paint(asked(job), desk.out, desk.progress, desk=desk, **given)
    return made if isinstance(made, Made) else Made(made)
