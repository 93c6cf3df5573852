"""The form of a project file: holds a document against the schema, and says each fault in a user's words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from mvr.model import Json
from mvr.project.units import READERS, Misread, did_you_mean, nearest, shown
from mvr.resources import resource

Steps = tuple[str | int, ...]
"""The way to a value in a document: keys of mappings and indexes of lists."""

MOST = 1000  # faults: a file with more is broken in one way many times, and each of them costs a millisecond

KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}


@dataclass(frozen=True)
class Wrong:
    """One thing wrong in a document: where, what was found, what was expected, and how to mend it.

    at_key: it is the key that is wrong, and not its value. within: it is in the file named there, in this line of it.
    """

    steps: Steps
    found: str
    expected: str
    hint: str = ""
    at_key: bool = False
    code: int = 2
    within: tuple[str, int] | None = None


def spelled(steps: Steps) -> str:
    """The path of a value as faults and `Project.places` write it, such as `style.palette[1]`."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@cache
def schema() -> dict[str, Json]:
    """The schema of a project file, with every `$ref` replaced by what it names: validation is then twice as fast."""
    whole = json.loads(resource("schemas/project.schema.json").read_text("utf-8"))
    definitions = whole.pop("definitions")

    def spelled_out(part: Json) -> Json:
        if isinstance(part, list):
            return [spelled_out(item) for item in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            part = {**definitions[part["$ref"].removeprefix("#/definitions/")], **part}
            del part["$ref"]
        return {key: spelled_out(value) for key, value in part.items()}

    out: dict[str, Json] = spelled_out(whole)
    return out


def wrongs(data: Json, form: Mapping[str, Json] | None = None, steps: Steps = ()) -> list[Wrong]:
    """All that is wrong with a document, or with a value at some steps in it, one fault a place at most.

    After MOST faults it stops looking.
    """
    from jsonschema import Draft7Validator

    found: dict[Steps, Wrong] = {}
    for error in Draft7Validator(schema() if form is None else form).iter_errors(data):
        for wrong in _said(error, steps):
            found.setdefault(wrong.steps, wrong)
            if len(found) == MOST:
                return list(found.values())
    return list(found.values())


def without(data: Json, wrong: set[Steps], steps: Steps = ()) -> Json:
    """The document without what stands at those steps; an item of a list becomes None, the others stay."""
    if steps in wrong:
        return None
    if isinstance(data, dict):
        inner = {key: (*steps, key) for key in data}
        return {key: without(value, wrong, inner[key]) for key, value in data.items() if inner[key] not in wrong}
    if isinstance(data, list):
        return [without(value, wrong, (*steps, index)) for index, value in enumerate(data)]
    return data


def _said(error: Any, base: Steps) -> Iterator[Wrong]:
    """What one error of jsonschema says, in our words."""
    steps: Steps = (*base, *error.absolute_path)
    form, value = error.schema, error.instance
    if "propertyNames" in error.absolute_schema_path:
        expected = form.get("title") or _one_of(form.get("enum", ()))
        yield Wrong((*steps, value), f"the key {shown(value)}", expected, _key_hint(value, form), at_key=True)
    elif error.validator == "additionalProperties":
        known = form.get("properties", {})
        for key in value:
            if key not in known:
                yield Wrong((*steps, key), f"unknown key {shown(key)}", "", _unknown(key, known), at_key=True)
    elif error.validator == "required":
        known = form["properties"]
        meant = {nearest(key, known) for key in [key for key in value if key not in known][:20]}
        for key in form["required"]:
            if key not in value and key not in meant:
                part = form["properties"][key]
                yield Wrong((*steps, key), f"'{key}' is missing", _expected(part), part.get("description", ""))
    elif error.validator == "anyOf" and "format" not in form:
        yield from _branches(error, base, steps)
    else:
        yield Wrong(steps, *_misread(value, form))


def _branches(error: Any, base: Steps, steps: Steps) -> Iterator[Wrong]:
    """Of several forms that a value may have, what is wrong with the one that it resembles most."""
    branches: dict[int, list[Any]] = {}
    for inner in error.context:
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    alike = [
        errors
        for errors in branches.values()
        if not any(inner.validator == "type" and not inner.relative_path for inner in errors)
    ]
    if not alike:
        yield Wrong(steps, *_misread(error.instance, error.schema))
        return
    for inner in min(alike, key=len):
        yield from _said(inner, base)


def _misread(value: Json, form: Mapping[str, Json]) -> tuple[str, str, str]:
    """What was found, what was expected, and a hint, for a value that is not of its form."""
    expected = _expected(form)
    reader = READERS.get(form.get("format", ""))
    if reader is not None:
        try:
            reader(value)
        except Misread as wrong:
            return wrong.found, expected, wrong.hint or _type_hint(value, form)
    if isinstance(value, str) and "enum" in form:
        return shown(value), expected, did_you_mean(value, form["enum"], "it may be")
    found = {str: "the text ", int: "the number ", float: "the number "}.get(type(value), "") + shown(value)
    if isinstance(value, str) and not value.strip():
        return "an empty text", expected, "write something, or leave the key out"
    if isinstance(value, str) and len(value) > form.get("maxLength", len(value)):
        return f"a text of {len(value):,} characters", expected, f"write {form['maxLength']:,} at most"
    if isinstance(value, list) and form.get("type") == "array":
        found = _list_found(value)
    return found, expected, _type_hint(value, form)


def _list_found(value: list[Json]) -> str:
    spelled_items = [json.dumps(item, sort_keys=True) for item in value]
    twice = next((item for item in spelled_items if spelled_items.count(item) > 1), None) if len(value) < 1000 else None
    if twice is not None:
        return f"{shown(json.loads(twice))} twice in one list"
    return f"a list of {len(value)}" if value else "an empty list"


def _expected(form: Mapping[str, Json]) -> str:
    """What a value of this form is, as the end of a sentence."""
    if "title" in form:
        return str(form["title"])
    if "enum" in form:
        return _one_of(form["enum"])
    kinds = form.get("type", [])
    kind = " or ".join(KINDS[name] for name in ([kinds] if isinstance(kinds, str) else kinds) if name != "null")
    low, high = form.get("minimum", form.get("exclusiveMinimum")), form.get("maximum")
    if low is None:
        return kind
    return f"{kind} from {low} to {high}" if high is not None and high < 1e9 else f"{kind}, {low} or more"


def _one_of(words: Any) -> str:
    said = [str(word) for word in words]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"


def _type_hint(value: Json, form: Mapping[str, Json]) -> str:
    """How to mend a value of the wrong kind."""
    if value is None:
        return "write a value, or leave the key out"
    if type(value) in (int, float) and value > form.get("maximum", value):
        return f"{form['maximum']} is the most"
    kinds = form.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(value, str):
        if "array" in kinds:
            return "write it as a list, in brackets, even with one entry"
        if "boolean" in kinds:
            return "write true or false"
        if ("number" in kinds or "integer" in kinds) and value.strip("+-").replace(".", "", 1).isdigit():
            return "write it without quotes, and without a 0 at its start"
    elif "string" in kinds and isinstance(value, (int, float)) and "pattern" in form and "enum" not in form:
        return "put it in quotes"
    return ""


def _key_hint(key: str, form: Mapping[str, Json]) -> str:
    """How to mend a key that is not of its form."""
    if "enum" in form:
        return did_you_mean(key, form["enum"], "it may be")
    pattern = form.get("pattern", "")
    if "intro|" not in pattern:
        return "write a short name without spaces; the words that describe it go under `description`"
    from mvr.model import ROLES

    head, dot, tail = key.partition(".")
    role = head.rstrip("-0123456789") if not key.startswith("@") else ""
    number = head.removeprefix(role).strip("-") or "1"
    if not role:
        return 'a moment is @ and a time in the film, in quotes: "@1:23.4"'
    if role not in ROLES:
        near = nearest(role, ROLES)
        return f"did you mean '{near}{key.removeprefix(role)}'?" if near else f"sections: {', '.join(ROLES)}"
    if "@" not in pattern:
        return f"write {role} for all of them, or {role}-{number} for one"
    bar = tail if dot and tail.isalnum() else "1"
    return f"a shot is named by its section and bar: {role}-{number}.{bar}; `mvr shots` lists them"


def _unknown(key: str, known: Mapping[str, Json]) -> str:
    """How to mend a key that its block does not know."""
    if key == "<<":
        return "merge keys are no part of YAML 1.2; write the keys out, or use an alias for a whole value"
    near = nearest(key, known)
    if near is not None:
        return f"did you mean '{near}'?"
    top = schema()["properties"]
    if key in top:
        return f"'{key}' stands at the top of the file, without an indent"
    for block, form in top.items():
        if key in form.get("properties", {}):
            return f"'{key}' stands under `{block}:`"
    if key in top["shots"]["additionalProperties"]["properties"]:
        return f"'{key}' stands under `shots:` and a shot's id"
    return did_you_mean(key, known, "keys here")
