"""The writers' prompts: Jinja2 templates in templates/prompts, found by name and known by their bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from mvr.resources import resource


def folder() -> Path:
    return resource("templates/prompts")


def names() -> tuple[str, ...]:
    """Every template that a film may name, sorted; those that begin with `_` are parts of others."""
    return tuple(sorted(path.stem for path in folder().glob("[a-z]*.j2")))


def digest(name: str) -> str:
    """sha256 (hex) of a template's bytes and of all the parts that it may include."""
    state = hashlib.sha256()
    for path in [folder() / f"{name}.j2", *sorted(folder().glob("_*.j2"))]:
        data = path.read_bytes()
        state.update(f"{path.name} {len(data)}\n".encode() + data)
    return state.hexdigest()


def rendered(name: str, values: dict[str, Any]) -> str:
    """The words to say to a model. Values are data: nothing in them is read as a template.

    The environment is Jinja2's immutable sandbox, and a value that a template names and nobody gave is an error.
    """
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder()), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text = environment.get_template(f"{name}.j2").render(values)
    lines = [line.rstrip() for line in text.splitlines()]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip() + "\n"
