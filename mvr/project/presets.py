"""Makers by the memory of a GPU: what `make.preset` stands for, as templates/presets.json has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from mvr.model import Json
from mvr.project import units
from mvr.project.form import Wrong
from mvr.resources import resource


@cache
def presets() -> Mapping[str, Json]:
    """By name, from the smallest memory: memory_gib, what one says for a person, and the keys of `make` it fills."""
    found: Mapping[str, Json] = json.loads(resource("templates/presets.json").read_text("utf-8"))
    return found


def filled(make: Mapping[str, Json]) -> tuple[dict[str, Json], list[Wrong]]:
    """The `make:` block with what its preset stands for; a key that is written wins. And what is wrong with it."""
    name, known = make.get("preset"), presets()
    written = {key: value for key, value in make.items() if value is not None}
    if name is None or name in known:
        return {**(known[name]["make"] if name else {}), **written}, []
    hint = units.did_you_mean(name, known, "presets") or f"presets: {', '.join(known)}"
    return written, [Wrong(("make", "preset"), units.shown(name), "a preset by a GPU's memory", hint)]
