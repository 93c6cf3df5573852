"""Treatment: what the film tells and how it looks, section by section, written from the user's few sentences."""

from __future__ import annotations

import json

from mvr.backends import backend, named
from mvr.engine.job import Desk, Job, Json, Made
from mvr.errors import StageError
from mvr.model import Project, frozen_names

EACH = "project"
VERSION = 1
EXACT = True
LANE = "cpu"


def recipe(project: Project, unit: object = None) -> tuple[dict[str, Json], dict[str, str]]:
    """What the writer reads of the project: no wardrobe, so that a changed coat re-writes nothing, and no times."""
    style = project.style
    maker = project.make.writer
    values: dict[str, Json] = {
        "writer": named(maker),
        "seed": project.seed,
        "concept": project.concept,
        "sections": {
            name: {"concept": note.concept, "characters": None if note.characters is None else list(note.characters)}
            for name, note in project.sections.items()
        },
        "style": {
            "look": style.look,
            "lighting": style.lighting,
            "camera": style.camera,
            "palette": list(style.palette),
        },
        "characters": [
            {"name": who.name, "role": who.role, "arc": who.arc, "range": list(who.range)} for who in project.characters
        ],
    }
    if project.make.writer_take != 1:
        values["take"] = project.make.writer_take
    frozen = project.frozen.treatment
    if frozen is not None:
        values["frozen"] = frozen
    sources = {
        "writer": "make.writer",
        "take": "make.writer.take",
        "seed": "seed",
        "concept": "concept",
        "characters": "characters",
    }
    sources.update((f"style.{name}", f"style.{name}") for name in values["style"])
    sources.update((f"sections.{name}", f"sections.{name}") for name in values["sections"])
    sources.update({"sections": "sections", "style": "style"})
    file = f"{frozen_names(project.file)[0]}:"
    for place in project.frozen.places:
        if place.startswith(file):
            path = place.removeprefix(file)
            sources[f"frozen.{path}".rstrip(".").replace("[", ".").replace("]", "")] = place
    return values, sources


def make(job: Job, desk: Desk) -> Made:
    """The treatment as one document, and one document for each section: the frozen one as far as it goes, else what
    the writer says. Raises StageError where the writer leaves a section out."""
    form = json.loads(desk.path(job.inputs["form"][0]).read_text("utf-8"))
    lines: list[str] = []
    for blob in job.inputs.get("text", ()):
        lines = json.loads(desk.path(blob).read_text("utf-8"))["lines"]
    document = job.recipe.get("frozen")
    known = {brief["section"]: brief for brief in (document or {}).get("sections", ())}
    if any(section["name"] not in known for section in form):
        asked = {name: value for name, value in job.recipe.items() if name != "frozen"}
        ask = {**asked, "form": form, "lines": lines, "how": job.how}
        told = backend(job.recipe["writer"]["name"]).treatment(ask, desk)
        sections = [known.get(brief["section"], brief) for brief in told["sections"]]
        document = {**(document or told), "sections": sections}
    briefs = {brief["section"]: brief for brief in document["sections"]}
    parts = {"": desk.out / "treatment.json"}
    parts[""].write_text(_text(document), "utf-8")
    for number, section in enumerate(form):
        name = section["name"]
        if name not in briefs:
            raise StageError(f"the treatment says nothing of {name}", "render again, or choose another make.writer")
        parts[name] = desk.out / f"section-{number + 1}.json"
        parts[name].write_text(_text(briefs[name]), "utf-8")
    return Made(parts)


def _text(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)
