"""Options that families share: JSON Schema of the value, and its default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Option = tuple[Any, Any]

COMMIT = "^([0-9a-f]{40})?$"

DTYPES = ("bfloat16", "float16", "float32")


def model(default: str) -> Option:
    said = "The model's name on the hub, or its folder from the root."
    return {"type": "string", "minLength": 1, "description": said}, default


def revision() -> Option:
    return {
        "type": "string",
        "format": "mvr-commit",
        "pattern": COMMIT,
        "title": "a commit of 40 hex digits, in quotes",
        "description": "The model's commit on the hub; a folder has none. `mvr models --pin` writes it.",
    }, ""


def steps() -> Option:
    said = "How many steps it takes from noise to picture; left out, as many as the model wants."
    return {"type": ["integer", "null"], "minimum": 1, "maximum": 200, "description": said}, None


def guidance() -> Option:
    said = "How closely it keeps to the words; left out, as the model wants."
    return {"type": ["number", "null"], "minimum": 0, "maximum": 30, "description": said}, None


def dtype(default: str = "bfloat16") -> Option:
    return {"type": "string", "enum": list(DTYPES), "description": "What it calculates in."}, default


def size() -> Option:
    return {
        "type": ["string", "null"],
        "pattern": "^[1-9][0-9]{0,5}x[1-9][0-9]{0,5}$",
        "title": "a size such as 1024x576",
        "description": "The size it works at, in pixels; left out, its native size nearest to the film's shape.",
    }, None


def lora() -> Option:
    entry = {
        "type": "object",
        "title": "an adapter such as {file: loras/look.safetensors, weight: 0.8}",
        "required": ["file"],
        "additionalProperties": False,
        "properties": {
            "file": {"type": "string", "minLength": 1, "description": "The adapter's file, safetensors."},
            "weight": {"type": "number", "minimum": -2, "maximum": 2, "description": "How strongly it acts; 1."},
            "trigger": {"type": "string", "description": "Words that call it up; they are put before each prompt."},
        },
    }
    return {"type": "array", "maxItems": 8, "items": entry, "description": "Adapters of every picture, in order."}, []


def sized(text: str) -> tuple[int, int]:
    """Width and height, in pixels, of a size as written."""
    width, _, height = text.partition("x")
    return int(width), int(height)


def filled(known: Mapping[str, Option], written: Mapping[str, Any]) -> dict[str, Any]:
    """Options as written, with defaults."""
    return {name: default for name, (_, default) in known.items()} | dict(written)


def allow() -> Option:
    return {
        "type": "array",
        "uniqueItems": True,
        "items": {"enum": ["vae-tiling", "nf4"]},
        "title": "a list of vae-tiling and nf4",
        "description": "What may be done to the picture where memory is short: decode it in tiles, or calculate with "
        "weights of 4 bits.",
    }, []
