"""The treatment: what its recipe names, and what it hands on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mvr.backends import rules
from mvr.errors import StageError
from mvr.model import SectionNote, Style
from mvr.resources import resource
from mvr.stages import treatment
from tests.desk import run
from tests.score import form, pop
from tests.test_shotlist import project

FILM = project(
    sections={"chorus": SectionNote("the city lights up around her"), "bridge": SectionNote("", ())},
    style=Style("ink", ("#0b1d51",), "neon reflections", "restrained"),
)


def made(folder: Path, recipe: Any, lines: list[str] | None = None) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    inputs = {"form": [folder / "form.json"]}
    inputs["form"][0].write_text(json.dumps(form(pop())))
    if lines is not None:
        inputs["text"] = [folder / "text.json"]
        inputs["text"][0].write_text(json.dumps({"lines": lines}))
    node = run(treatment, recipe, out=folder / "out", inputs=inputs)
    return {name: json.loads(path.read_text()) for name, path in node.parts.items()}


def test_the_documents_are_as_their_schema_says(tmp_path: Path) -> None:
    """The treatment, and each section's brief, are what their schema describes; each part is what the whole says."""
    schema = json.loads(resource("schemas/treatment.schema.json").read_text())
    parts = made(tmp_path, treatment.recipe(FILM)[0], ["over the sea", "under the moon"])
    whole = parts.pop("")
    jsonschema.validate(whole, schema)
    assert list(parts) == ["intro-1", "verse-1", "chorus-1", "verse-2", "chorus-2", "outro-1"]
    assert list(parts.values()) == whole["sections"]
    assert parts["chorus-2"]["brief"] == "the city lights up around her"


def test_the_recipe_names_what_is_read_and_where_it_stands() -> None:
    """Concept, sentences, style and cast are named, each with its place; wardrobe, times and what to avoid are not."""
    values, sources = treatment.recipe(FILM)
    assert values["sections"]["chorus"] == {"concept": "the city lights up around her", "characters": None}
    assert values["sections"]["bridge"]["characters"] == []
    assert sources["style.camera"] == "style.camera"
    assert sources["sections.chorus"] == "sections.chorus"
    assert json.loads(json.dumps(values)) == values
    dressed = tuple(replace(who, wardrobe="blue coat", description="tall") for who in FILM.characters)
    assert treatment.recipe(replace(FILM, characters=dressed, title="Great"))[0] == values
    assert treatment.recipe(replace(FILM, concept="A man walks."))[0] != values


def test_the_first_take_is_no_part_of_the_recipe() -> None:
    """What was written before anybody counted takes stays; another number is another treatment."""
    assert "take" not in treatment.recipe(FILM)[0]
    values, sources = treatment.recipe(replace(FILM, make=replace(FILM.make, writer_take=2)))
    assert (values["take"], sources["take"]) == (2, "make.writer.take")


def test_one_sections_sentence_reaches_that_part_alone(tmp_path: Path) -> None:
    """A changed sentence of the chorus gives the other sections the same bytes as before."""
    other = replace(FILM, sections={"chorus": SectionNote("a forest closes around her")})
    before, after = (made(tmp_path / name, treatment.recipe(one)[0]) for name, one in (("1", FILM), ("2", other)))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"", "chorus-1", "chorus-2"}


def test_the_same_treatment_twice_is_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in it depends on when or where it was made."""
    for name in ("1", "2"):
        made(tmp_path / name, treatment.recipe(FILM)[0])
    first, second = (sorted((tmp_path / name / "out").iterdir()) for name in ("1", "2"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_writer_that_leaves_a_section_out_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The treatment says something of every section, or fails."""
    whole = rules.treatment

    def short(ask: Any, desk: object) -> Any:
        document = whole(ask)
        return {**document, "sections": document["sections"][:-1]}

    monkeypatch.setattr(rules, "treatment", short)
    with pytest.raises(StageError, match="says nothing of outro-1"):
        made(tmp_path, treatment.recipe(FILM)[0])
