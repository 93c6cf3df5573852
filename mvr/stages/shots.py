"""Shots: what each shot of one section shows and how it moves, written from the section's brief and its cuts."""

from __future__ import annotations

import json

from mvr.backends import backend, named
from mvr.engine.job import Desk, Job, Json, Made
from mvr.errors import StageError
from mvr.model import Project

EACH = "section"
VERSION = 1
EXACT = True
LANE = "cpu"


def recipe(project: Project, unit: object = None, *, section: str) -> tuple[dict[str, Json], dict[str, str]]:
    """What the writer reads of the project for one section; all else comes with the section's brief and cuts."""
    maker = project.make.writer
    values: dict[str, Json] = {
        "writer": named(maker),
        "seed": project.seed,
        "section": section,
        "characters": [{"name": who.name, "role": who.role} for who in project.characters],
    }
    if project.make.writer_take != 1:
        values["take"] = project.make.writer_take
    return values, {
        "writer": "make.writer",
        "take": "make.writer.take",
        "seed": "seed",
        "characters": "characters",
    }


def make(job: Job, desk: Desk) -> Made:
    """The section's shots as one document. Raises StageError where the writer gives other shots than the cut has."""
    brief, cuts = (json.loads(desk.path(job.inputs[role][0]).read_text("utf-8")) for role in ("brief", "cuts"))
    ask = {**job.recipe, "brief": brief, "cuts": cuts, "how": job.how}
    document = backend(job.recipe["writer"]["name"]).section(ask, desk)
    asked = [shot["id"] for shot in cuts["shots"]]
    given = [shot["id"] for shot in document["shots"]]
    if asked != given:
        odd = ", ".join(sorted(set(asked) ^ set(given))) or "their order"
        raise StageError(
            f"the writer gave other shots for {job.recipe['section']} than the cut has: {odd}",
            "render again, or choose another make.writer",
        )
    path = desk.out / "shots.json"
    path.write_text(json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1), "utf-8")
    return Made({"": path})
