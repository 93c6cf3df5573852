"""Grade: the numbers that bring one shot's colours to the palette, or to those of a chosen shot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mvr.engine.job import Desk, Job, Json, Made
from mvr.model import Project, ShotPlan

EACH = "shot"
VERSION = 1
EXACT = False
LANE = "cpu"


def recipe(project: Project, unit: ShotPlan) -> tuple[dict[str, Json], dict[str, str]]:
    """The palette, where it is the target; another shot's picture is an input."""
    if project.look.match != "palette":
        return {}, {}
    return {"palette": list(project.style.palette)}, {"palette": "style.palette"}


def make(job: Job, desk: Desk) -> Made:
    """`grade.json`: {"light", "colour", "tint"}, see media/colour. Roles: `picture`, the shot's own still or clip, and
    `target`, another shot's. Raises StageError where one cannot be decoded."""
    from mvr.media.colour import measured, numbers, of_palette

    given = {role: desk.path(blobs[0]) for role, blobs in job.inputs.items() if blobs}
    given |= {role: desk.path(files[0]) for role, files in job.files.items() if files}
    own = measured(_pictures(given["picture"]))
    target = of_palette(job.recipe["palette"]) if "palette" in job.recipe else measured(_pictures(given["target"]))
    out = desk.out / "grade.json"
    out.write_text(json.dumps(numbers(own, target), ensure_ascii=False, sort_keys=True, indent=1), "utf-8")
    return Made({"": out})


def _pictures(path: Path) -> Any:
    from mvr.media.swatches import pictures

    return pictures(path)
