"""The schema of a project file: the whole form, each key with a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from mvr.model import PURPOSES, ROLES, Json
from mvr.project import available, form, units, yamlfile
from mvr.resources import resource

SCHEMA = json.loads(resource("schemas/project.schema.json").read_text("utf-8"))
EXAMPLES = [*resource("templates/projects").glob("*.yaml"), *resource("projects").glob("*/*.yaml")]

WHOLE = """
mvr: 1
title: Northern Lights
seed: 20261
song: {file: song.flac, start: 0:12.5, end: 1:40}
lyrics: lyrics.lrc
music:
  tempo: 92
  meter: 3/4
  first_downbeat: 0:01.35
  sections: [{at: 0:00, role: intro}, {at: 0:21.4, role: verse}]
concept: >
  A lonely musician walks through a futuristic city after losing someone.
sections:
  chorus: the city lights up around her
  bridge: {concept: underwater and alone, characters: []}
style:
  look: cinematic, anamorphic, 35mm grain
  palette: ["#0b1d51", "#5b2a86", "#f2b134"]
  lighting: neon reflections
  camera: restrained in verses, wide in choruses
  avoid: [text, watermark]
characters:
  lead:
    role: lead
    description: young musician, early twenties, short black hair
    wardrobe: long dark coat
    features: [silver ring, scar over the left brow]
    constant: [coat colour, hairstyle, facial proportions]
    arc: from isolated to quietly hopeful
    range: [sad, determined]
    references: [refs/lead-front.png]
    lora: {file: loras/lead.safetensors, weight: 0.8, trigger: "ld_man"}
cut:
  by: music
  length: [2.5s, 7s]
  at: []
  drop: []
  handles: 8
  transitions: {section: dissolve 0.4s, otherwise: cut}
make:
  preset: gpu-24
  writer: {with: transformers, model: Qwen/Qwen3-4B, revision: "0123456789012345678901234567890123456789", take: 2}
  painter: {with: flux, model: black-forest-labs/FLUX.1-schnell, steps: 4}
  animator: {with: ltx, model: Lightricks/LTX-Video, steps: 30, guidance: 3, size: 1280x720}
  refine: [{with: realesrgan, scale: 2}, {with: rife}]
  review: {identity: 0.6, flicker: 0.1, retries: 2}
  approve: none
look: {match: palette, fit: fill, lut: film.cube, grain: 0.1, letterbox: 2.39, react: {kick: punch-in 3%}}
words:
  captions: karaoke
  title: true
  font: Inter
  place: lower
  credits: "…"
  overlays: [{image: logo.png, at: end, corner: bottom-right}]
sound: {loudness: -14 LUFS, fade_out: 2s}
output:
  size: vertical
  fps: 24
  also: [{size: wide, make: reframe}, {size: square, start: 0:30, end: 1:00}]
shots:
  chorus-1.5:
    prompt: he stands beneath the lights as the rain stops
    motion: the camera pulls back fast while the lights come on
    take: 3
    pin: "3f9a1c"
    characters: [lead]
  chorus-1.5b: {take: {still: 1, motion: 3}, takes: {still: 2, motion: 4}, still: photo.png}
  part-2.14s: {purpose: climax, keep: [the rain], seed: 4, takes: 4, speed: 0.5, fit: contain, crop: [0, 0, 1, 0.5]}
  part-2.14sb: {painter: none, animator: parallax, refine: [], caption: none, guide: g.png, react: none}
  verse-2.0: {approved: true, start: 0:31, end: 34.5s}
  "@1:23.4":
    transition: dissolve 0.5s
  verse-2.1:
    clip: footage/rooftop.mp4
notes: {chorus-1.5: "hand is wrong"}
"""


def nodes(part: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every mapping inside the schema, and where it is."""
    if isinstance(part, dict):
        yield path, part
        for key, inner in part.items():
            if key not in ("default", "examples", "enum"):
                yield from nodes(inner, f"{path}/{key}")
    elif isinstance(part, list):
        for index, inner in enumerate(part):
            yield from nodes(inner, f"{path}/{index}")


PROPERTIES = [
    (f"{path}/{key}", spec)
    for path, node in nodes(SCHEMA)
    if isinstance(node.get("properties"), dict) and not path.endswith("/properties")
    for key, spec in node["properties"].items()
]


def test_the_schema_is_a_draft_7_schema() -> None:
    """Editors can read it."""
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize(("path", "spec"), PROPERTIES, ids=[path for path, _ in PROPERTIES])
def test_every_key_has_a_sentence_and_a_default_or_an_example(path: str, spec: Json) -> None:
    """An editor can explain and complete every key, and what it offers is right."""
    assert re.fullmatch(r"[A-Z`].+[.]", spec["description"]), path
    assert "default" in spec or "examples" in spec, path
    for value in [*spec.get("examples", ()), *([spec["default"]] if "default" in spec else ())]:
        jsonschema.Draft7Validator({"allOf": [spec], "definitions": SCHEMA["definitions"]}).validate(value)
    assert not {"type", "pattern", "enum", "anyOf"} & spec.keys() or "$ref" not in spec, "draft 7 reads $ref alone"


@pytest.mark.parametrize("path", [path for path, node in nodes(SCHEMA) if "properties" in node and "type" in node])
def test_blocks_know_all_their_keys(path: str) -> None:
    """A mistyped key is told, but for a maker's options, which its backend knows."""
    node = SCHEMA
    for step in path.strip("/").split("/") if path else ():
        node = node[int(step)] if isinstance(node, list) else node[step]
    if "with" in node["properties"] and "generate" not in path:
        assert node["additionalProperties"] is True
    else:
        assert node["additionalProperties"] is False


def test_the_whole_form_is_in_the_schema() -> None:
    """Every key of the form has its place from the first day."""
    document = yamlfile.read(WHOLE.encode(), "whole.yaml")
    assert document.faults == ()
    assert form.wrongs(document.data) == []


def test_the_schema_and_the_model_know_the_same_words() -> None:
    """Roles, purposes and named sizes are written in one spelling."""
    roles = SCHEMA["properties"]["music"]["properties"]["sections"]["anyOf"][1]["items"]["properties"]["role"]["enum"]
    assert tuple(roles) == ROLES
    assert tuple(SCHEMA["definitions"]["shot"]["properties"]["purpose"]["enum"]) == PURPOSES
    assert list(units.SIZES) == SCHEMA["definitions"]["size"]["anyOf"][0]["enum"]
    assert {node["format"] for _, node in nodes(SCHEMA) if "format" in node} == set(units.READERS)


@pytest.mark.parametrize("later", available.LATER, ids=lambda later: later.path)
def test_what_is_not_available_is_in_the_form(later: available.Later) -> None:
    """The table of what does not work yet names keys that there are."""
    parts = [form.schema()]
    for step in later.path.split("."):
        found = []
        for part in parts:
            for branch in (part, *part.get("anyOf", ())):
                inner = branch.get("additionalProperties") if step == "*" else branch.get("properties", {}).get(step)
                found += [inner] if isinstance(inner, dict) else []
        parts = found
    assert parts


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_examples_have_the_form(file: Path) -> None:
    """Every example is right by the schema as editors use it, and uses only what works."""
    document = yamlfile.read(file.read_bytes(), file.name)
    jsonschema.validate(document.data, SCHEMA)
    assert form.wrongs(document.data) == []
    assert list(available.missing(document.data)) == []
    assert file.read_text("utf-8").startswith("# yaml-language-server: $schema=")
