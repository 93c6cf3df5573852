"""The shots of one section: what the recipe names, and what is handed on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mvr.backends import rules
from mvr.errors import StageError
from mvr.resources import resource
from mvr.stages import cut, shots, treatment
from tests.desk import run
from tests.score import form, pop
from tests.test_shotlist import project

FILM = project(concept="A woman walks through a city at night.")


def made(folder: Path, section: str, at: tuple[float, ...] = (), later: float = 0.0) -> Any:
    """The shots of one section of a pop song; later: seconds by which the whole song is moved."""
    folder.mkdir(parents=True, exist_ok=True)
    music = pop()
    ask = {**treatment.recipe(FILM)[0], "form": form(music), "lines": []}
    brief = next(brief for brief in rules.treatment(ask)["sections"] if brief["section"] == section)
    (folder / "music.json").write_text(json.dumps(music))
    how = {"by": "music", "length": [2.5, 7.0], "at": list(at), "drop": []}
    cuts = json.loads(
        run(cut, how, out=folder / "cut", inputs={"music": [folder / "music.json"]}).parts[section].read_text()
    )
    for shot in cuts["shots"]:
        shot["start"] += later
        shot["end"] += later
    (folder / "brief.json").write_text(json.dumps(brief))
    (folder / "cuts.json").write_text(json.dumps(cuts))
    inputs = {"brief": [folder / "brief.json"], "cuts": [folder / "cuts.json"]}
    node = run(shots, shots.recipe(FILM, section=section)[0], out=folder / "out", inputs=inputs)
    assert list(node.parts) == [""]
    return json.loads(node.parts[""].read_text())


def test_the_document_is_as_its_schema_says(tmp_path: Path) -> None:
    """Each shot of the section's cuts has its words, in the order of the film."""
    document = made(tmp_path, "chorus-1")
    jsonschema.validate(document, json.loads(resource("schemas/shots.schema.json").read_text()))
    assert document["section"] == "chorus-1"
    assert document["shots"][0]["id"] == "chorus-1.1"
    assert all("at night" in shot["prompt"] for shot in document["shots"])
    assert not any("red coat" in shot["prompt"] for shot in document["shots"])


def test_the_words_hold_no_times(tmp_path: Path) -> None:
    """A section that moves in the film as it stands is written as before, so its pictures stay."""
    assert made(tmp_path / "1", "verse-1") == made(tmp_path / "2", "verse-1", later=0.5)


def test_a_forced_cut_adds_one_shots_words(tmp_path: Path) -> None:
    """The others are written as before, to the letter."""
    before, after = made(tmp_path / "1", "verse-1"), made(tmp_path / "2", "verse-1", (9.5,))
    assert [shot for shot in after["shots"] if shot["id"] != "verse-1.1b"] == before["shots"]


def test_the_recipe_names_what_is_read_and_where_it_stands() -> None:
    """Names and roles of the cast alone: neither wardrobe nor constant traits re-write a shot."""
    values, sources = shots.recipe(FILM, section="verse-1")
    assert values["characters"] == [{"name": "ada", "role": "lead"}, {"name": "ben", "role": "supporting"}]
    assert sources == {
        "writer": "make.writer",
        "take": "make.writer.take",
        "seed": "seed",
        "characters": "characters",
    }
    dressed = tuple(replace(who, wardrobe="blue coat", constant=()) for who in FILM.characters)
    assert shots.recipe(replace(FILM, characters=dressed), section="verse-1")[0] == values


def test_a_writer_that_gives_other_shots_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shots written are those of the cut, or the node fails."""
    monkeypatch.setattr(rules, "section", lambda ask, desk: {"section": ask["section"], "shots": []})
    with pytest.raises(StageError, match=r"other shots for verse-1 than the cut has: verse-1\.1"):
        made(tmp_path, "verse-1")
