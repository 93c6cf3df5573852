"""A model that answers at once, and what it is asked: for the tests of writers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from mvr.backends._writing.asking import Answer, Message
from mvr.cutting.song import Energy
from mvr.stages import cut
from tests.score import form, pop

CAST = [
    {"name": "ada", "role": "lead", "arc": "from alone to at home", "range": ["sad", "calm"]},
    {"name": "ben", "role": "supporting", "arc": "", "range": []},
    {"name": "fans", "role": "crowd", "arc": "", "range": []},
]
STYLE = {"look": "35mm grain", "lighting": "", "camera": "", "palette": []}


def film_ask(identity: Any = None, how: Any = None, **more: Any) -> Any:
    """What stages/treatment asks of a writer for a song of six sections."""
    ask = {
        "writer": {"name": "x", "identity": identity},
        "seed": 1,
        "concept": "A musician walks through a rain-soaked city and reaches a rooftop at dawn.",
        "sections": {"chorus": {"concept": "the city lights up around her", "characters": None}},
        "style": STYLE,
        "characters": CAST,
        "form": form(pop()),
        "lines": ["The river knows my name"],
        "how": how or {},
    }
    return {**ask, **more}


def section_ask(treatment: Any, name: str, identity: Any = None, how: Any = None, **rules: Any) -> Any:
    """What stages/shots asks of a writer for one of those sections. rules: `at` and `drop` of the cut."""
    music = pop()
    shots = cut.arranged(music, {"by": "music", "length": [2.5, 7.0], "at": [], "drop": [], **rules})
    energy = Energy(music)
    for shot in shots:
        shot["energy"] = round(energy.mean(shot["start"], shot["until"]), 3)
    (section,) = (section for section in music["sections"] if section["name"] == name)
    lines = [{"start": 0.0, "end": 60.0, "text": "The river knows my name"}]
    (brief,) = (brief for brief in treatment["sections"] if brief["section"] == name)
    return {
        "writer": {"name": "x", "identity": identity},
        "seed": 1,
        "section": name,
        "brief": brief,
        "cuts": cut._section(section, shots, lines),
        "characters": [{key: who[key] for key in ("name", "role")} for who in CAST],
        "how": how or {},
    }


def filled(schema: Any, path: str = "", salt: str = "") -> Any:
    """A value of a form: each text names its place."""
    if schema.get("type") == "object":
        return {name: filled(value, f"{path} {name}", salt) for name, value in schema["properties"].items()}
    if schema.get("type") == "array":
        return [filled(schema["items"], path, salt)] * max(1, schema.get("minItems", 0)) if schema["maxItems"] else []
    if "enum" in schema:
        return schema["enum"][0]
    return "#112233" if "pattern" in schema else f"words of{path}{salt}"[-schema["maxLength"] :]


class Talker:
    """Says what it is told to say, in its order, and then what is asked, in its form."""

    def __init__(self, *first: str) -> None:
        self.first = list(first)
        self.asked: list[Sequence[Message]] = []
        self.schemas: list[Any] = []
        self.seeds: list[int] = []

    def __call__(self, messages: Sequence[Message], schema: Any, seed: int) -> Answer:
        self.asked.append(messages)
        self.schemas.append(schema)
        self.seeds.append(seed)
        if self.first:
            return Answer(self.first.pop(0))
        if schema is None:
            scenes = "\n".join(f"SCENE {n}: ada crosses bridge number {n} at dusk, and ben waits" for n in range(1, 20))
            return Answer(f"It should begin slowly.</think>\nSCRIPT:\n{scenes}")
        return Answer(f"<think>Let me see {{}}.</think>```json\n{json.dumps(filled(schema))}\n```")
