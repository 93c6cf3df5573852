"""Portrait: the picture that says what one character looks like, by the project's painter."""

from __future__ import annotations

from mvr.backends import asked, backend, filled, named
from mvr.engine.job import Desk, Job, Json, Made
from mvr.model import Adapter, Character, Maker, Project, Style, joined_prompt, triggered

EACH = "character"
VERSION = 1
EXACT = False
LANE = "cpu"
SHAPE = (3, 4)
"""Of a portrait that a model draws: a person fits, and another size of the film makes no new portrait."""


def recipe(project: Project, unit: Character) -> tuple[dict[str, Json], dict[str, str]]:
    """What a painter reads of a character: the sheet, the style, the size and the project's seed.

    Raises ValueError for a project without a painter.
    """
    maker = project.make.painter
    if maker is None:
        raise ValueError("this project has no painter")
    painter = backend(maker.name)
    style, output = project.style, project.output
    if hasattr(painter, "canvas"):
        return _drawn(project, unit, maker)
    values: dict[str, Json] = {
        "painter": named(maker),
        "character": unit.drawn(),
        "style": {"look": style.look, "palette": list(style.palette), "lighting": style.lighting},
        "size": [output.width, output.height],
        "seed": project.seed,
    }
    sources = {
        "painter": "make.painter",
        "character.name": f"characters.{unit.name}",
        **{
            f"character.{field}": f"characters.{unit.name}.{field}" for field in ("description", "wardrobe", "features")
        },
        **{f"style.{field}": f"style.{field}" for field in ("look", "palette", "lighting")},
        "size": "output.size",
        "seed": "seed",
    }
    return values, sources


def _drawn(project: Project, unit: Character, maker: Maker) -> tuple[dict[str, Json], dict[str, str]]:
    """What a model reads of a character: one prompt, in a shape of the portrait's own, whatever the film's is."""
    painter, style = backend(maker.name), project.style
    worn = adapters(project, unit)
    alone = f"Portrait of {unit.name}, alone, from the waist up, facing the camera, plain grey background, even light"
    prompt = joined_prompt(alone, [unit.called() if worn else unit], Style(look=style.look))
    values: dict[str, Json] = {
        "painter": named(maker),
        "prompt": triggered(prompt, maker.adapters),
        "size": sorted(painter.canvas(filled(maker), *SHAPE)),  # upright, also where a size is written
        "seed": project.seed,
        **({"avoid": list(style.avoid)} if painter.NEGATIVE else {}),
        **({"lora": [{"weight": one.weight} for one in worn]} if worn else {}),
    }
    sources = {
        "painter": "make.painter",
        "prompt": f"characters.{unit.name}",
        "size": "make.painter",
        "seed": "seed",
        "avoid": "style.avoid",
        "lora": "make.painter",
    }
    return values, {field: source for field, source in sources.items() if field in values}


def adapters(project: Project, unit: Character) -> list[Adapter]:
    """The LoRAs that the painter wears for a portrait, in their order: its own, then the character's."""
    maker = project.make.painter
    if maker is None or "lora" not in getattr(backend(maker.name), "PAINTER_READS", ()):
        return []
    return [*maker.adapters, *([unit.lora] if unit.lora else [])]


def make(job: Job, desk: Desk) -> Made:
    """`portrait.png`. References of the user, if any, are handed to the painter by path. Raises StageError."""
    painter = backend(job.recipe["painter"]["name"])
    given = {role: [desk.path(file) for file in files] for role, files in job.files.items()}
    made = painter.portrait(asked(job), desk.out, desk.progress, desk=desk, **given)
    return made if isinstance(made, Made) else Made({"": made})
