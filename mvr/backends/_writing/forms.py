"""The forms of answers: JSON Schemas (draft-07) made for one film's sections and one section's shots.

Sections and shots are keys of an object, each required and no other allowed: a grammar made of the schema can leave
none out, add none, and put none in another order. Every text is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

PURPOSES = ("establish", "develop", "transition", "climax", "resolve")
TIMES = ("dawn", "day", "dusk", "night")
WEATHERS = ("", "rain", "snow", "fog", "storm", "wind")
LEAST = 8
"""A sentence of fewer characters says nothing."""

_INNER = '[^\\u0000-\\u001f\\u007f-\\u009f<>{}`|\\\\*~^\\[\\]"]'
_HEAD = "[^\\u0000-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00bf]"
_BOUNDS = ("minLength", "maxLength", "minItems", "maxItems", "pattern")
SLICES = tuple(f"{_INNER}{many}" for many in ("{1,10}", "{1,30}", "+"))
"""Runs of what a text may hold: a grammar that knows which tokens those are judges a vocabulary five times as fast."""

LENIENT = 4
"""An answer may be so many times longer than asked: it is cut between words. Beyond that it is asked for again."""


def text(most: int, least: int = LEAST, says: str = "") -> dict[str, Any]:
    """A text of `least` to `most` characters."""
    form = {"type": "string", "minLength": least, "maxLength": most}
    return {**form, "description": says} if says else form


def record(properties: Mapping[str, Any]) -> dict[str, Any]:
    """An object with exactly these keys."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def some(names: Sequence[str], most: int) -> dict[str, Any]:
    """A list of names; an empty one where there is none to choose."""
    items: dict[str, Any] = {"type": "string", "enum": list(names) or [""]}
    return {"type": "array", "items": items, "maxItems": most if names else 0}


def treatment(sections: Mapping[str, Any], asked: Sequence[str], cast: Sequence[str]) -> dict[str, Any]:
    """What is asked of a film as a whole. asked: of `palette` and `lighting` those that the user leaves open."""
    story = record({name: text(240) for name in ("beginning", "middle", "end")})
    whole: dict[str, Any] = {"theme": text(80), "summary": text(480), "story": story, "ending": text(240)}
    if "palette" in asked:
        colour = {"type": "string", "pattern": "^#[0-9a-f]{6}$"}
        whole["palette"] = {"type": "array", "items": colour, "minItems": 3, "maxItems": 5}
    if "lighting" in asked:
        whole["lighting"] = text(120)
    if cast:
        feelings = {"type": "array", "items": text(24, 3), "minItems": 1, "maxItems": 4}
        whole["cast"] = record({name: record({"arc": text(120), "range": feelings}) for name in cast})
    return record({**whole, "sections": record(sections)})


def brief(asked: Sequence[str], places: Sequence[str], cast: Sequence[str]) -> dict[str, Any]:
    """What is asked of one section: the keys that the user's own words leave open."""
    every = {
        "brief": text(240, says="what happens, one sentence in the present tense"),
        "place": {"enum": list(places)},
        "place_words": text(60, 4, "the place as it is spoken of, such as: the rain-soaked city"),
        "time": {"enum": list(TIMES)},
        "weather": {"enum": list(WEATHERS)},
        "light": text(100, 4),
        "camera": text(100, 4),
        "characters": some(cast, len(cast)),
    }
    return record({name: form for name, form in every.items() if name in asked})


def shots(ids: Sequence[str], sizes: Sequence[str], angles: Sequence[str], cast: Sequence[str]) -> dict[str, Any]:
    """What is asked of some shots of a section."""
    shot = record(
        {
            "purpose": {"enum": list(PURPOSES)},
            "size": {"enum": list(sizes)},
            "angle": {"enum": list(angles)},
            "picture": text(320, 16, "what is seen, one sentence, no camera, no style, no looks of the characters"),
            "motion": text(200, LEAST, "what moves, and how the camera moves; nothing else"),
            "characters": some(cast, min(3, len(cast))),
            "keep": {"type": "array", "items": text(60, 4), "maxItems": 4},
        }
    )
    return record({"shots": record(dict.fromkeys(ids, shot))})


def loosened(schema: Any) -> Any:
    """The same schema without bounds, for endpoints that refuse them; answers are judged by `lenient` all the same."""
    return _each(schema, lambda form: {name: value for name, value in form.items() if name not in _BOUNDS})


def lenient(schema: Any) -> Any:
    """The same schema as answers are judged by: texts and lists may be longer, as they are cut afterwards."""

    def longer(form: dict[str, Any]) -> dict[str, Any]:
        return {**form, **{name: form[name] * LENIENT for name in ("maxLength", "maxItems") if name in form}}

    return _each(schema, longer)


def bounded(schema: Any) -> Any:
    """The same schema as a grammar is made of: each text begins with a letter or a digit, and holds neither control
    characters nor the marks that markup is made of."""
    return _each(schema, _spelled)


def skeleton(schema: Any) -> Any:
    """The form of an answer for a model to read: each value says what belongs there."""
    if schema.get("type") == "object":
        said: dict[str, Any] = {}
        for name, value in schema["properties"].items():
            first = next((other for other, form in schema["properties"].items() if form == value), name)
            said[name] = skeleton(value) if first == name or value.get("type") != "object" else f"as {first}"
        return said
    if schema.get("type") == "array":
        return [skeleton(schema["items"]), "..."] if schema.get("maxItems") != 0 else []
    if "enum" in schema:
        return "one of: " + ", ".join(one or "(empty)" for one in schema["enum"])
    if "pattern" in schema:
        return "a colour such as #0b1d51"
    says = schema.get("description", "")
    return f"{says}; " * bool(says) + f"at most {schema['maxLength']} characters"


def _said(form: Mapping[str, Any]) -> bool:
    return form.get("type") == "string" and form.get("maxLength", 0) > 0


def _spelled(form: dict[str, Any]) -> dict[str, Any]:
    if not _said(form):
        return form
    least, most = max(1, form["minLength"]), form["maxLength"]
    return {"type": "string", "pattern": f"^{_HEAD}{_INNER}{{{least - 1},{most - 1}}}$"}


def _each(schema: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """A schema with each form in it changed; names of properties are no forms."""
    form = change(dict(schema))
    if "properties" in form:
        form["properties"] = {name: _each(value, change) for name, value in form["properties"].items()}
    if "items" in form:
        form["items"] = _each(form["items"], change)
    return form
