"""Portrait: the picture that says what one character looks like, by the project's painter."""

from __future__ import annotations

from mvr.backends import asked, backend
from mvr.engine.job import Desk, Job, Json, Made
from mvr.model import Character, Project

EACH = "character"
VERSION = 1
EXACT = False
LANE = "cpu"


def recipe(project: Project, unit: Character) -> tuple[dict[str, Json], dict[str, str]]:
    """What a painter reads of a character: the sheet, the style, the size and the project's seed.

    Raises ValueError for a project without a painter.
    """
    maker = project.make.painter
    if maker is None:
        raise ValueError("this project has no painter")
    painter = backend(maker.name)
    options = {name: default for name, (_, default) in painter.OPTIONS.items()} | dict(maker.options)
    style, output = project.style, project.output
    values: dict[str, Json] = {
        "painter": {"name": maker.name, "identity": painter.identity(options)},
        "character": {
            "name": unit.name,
            "description": unit.description,
            "wardrobe": unit.wardrobe,
            "features": list(unit.features),
        },
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


def make(job: Job, desk: Desk) -> Made:
    """`portrait.png`. References of the user, if any, are handed to the painter by path. Raises StageError."""
    painter = backend(job.recipe["painter"]["name"])
    references = [desk.path(file) for file in job.files.get("references", ())]
    return Made({"": painter.portrait(asked(job), desk.out, desk.progress, references=references, desk=desk)})
