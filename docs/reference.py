"""Writes docs/commands.md and docs/project-file.md from the command line and the schema: python docs/reference.py"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from mvr.cli import main as mvr
from mvr.resources import resource

HERE = Path(__file__).parent

EXIT_CODES = """## Exit codes

| code | meaning |
| --- | --- |
| 0 | done (`plan`: whatever is stale) |
| 1 | something could not be made; the rest was, and the film as it stands is `rough.mp4` |
| 2 | the project file or the call is wrong |
| 3 | this machine, or this mvr, lacks something that is named |
| 130 | interrupted; all finished work is kept |
"""


def commands() -> str:
    """The manual page of the command line."""
    lines = ["# Commands", "", "Written from `mvr --help` by `docs/reference.py`.", ""]
    lines += [
        "PROJECT is a project file, or a folder that holds `project.yaml`; left out, the folder one stands in.",
        "",
    ]
    lines += [f"- {line}" for line in option_lines(mvr)]
    for name, command in sorted(every(mvr)):
        context = click.Context(command, info_name=f"mvr {name}")
        usage = " ".join(command.collect_usage_pieces(context))
        lines += ["", f"## mvr {name}", "", f"    mvr {name} {usage}", ""]
        text, _, example = (command.help or "").partition("\b")
        lines += [" ".join(text.split()), ""]
        lines += [f"    {line.strip()}" for line in example.splitlines()[2:] if line.strip()] + [""]
        lines += [f"- {line}" for line in option_lines(command)]
    return "\n".join(lines).rstrip() + "\n\n" + EXIT_CODES


def every(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """Each command that does something, by the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every(command, f"{above}{name} ")
        else:
            yield above + name, command


def option_lines(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            choices = f" {'|'.join(parameter.type.choices)}" if isinstance(parameter.type, click.Choice) else ""
            yield f"`{', '.join(parameter.opts)}{choices}`: {parameter.help}"


def project_file() -> str:
    """The manual page of the project file."""
    schema = json.loads(resource("schemas/project.schema.json").read_text())
    lines = ["# The project file", "", "Written from `schemas/project.schema.json` by `docs/reference.py`.", ""]
    lines += [schema.get("description", ""), ""]
    for name, inner in schema["properties"].items():
        lines += [f"## {name}", ""]
        lines += list(key_lines(name, inner, schema, 0))
        lines += [""]
    return "\n".join(lines).rstrip() + "\n"


def key_lines(path: str, schema: dict[str, Any], root: dict[str, Any], depth: int) -> Iterator[str]:
    """One line a key, those inside it indented under it."""
    seen = resolved(schema, root)
    text = schema.get("description") or seen.get("description", "")
    default = schema.get("default", seen.get("default"))
    shown = f" Default: `{json.dumps(default, ensure_ascii=False)}`." if default is not None else ""
    examples = schema.get("examples") or seen.get("examples") or []
    example = f" Example: `{json.dumps(examples[0], ensure_ascii=False)}`." if examples else ""
    yield f"{'  ' * depth}- `{path}`: {text}{shown}{example}"
    for option in [seen, *seen.get("oneOf", ()), *seen.get("anyOf", ())]:
        inner = resolved(option, root)
        for name, below in inner.get("properties", {}).items():
            yield from key_lines(f"{path}.{name}", below, root, depth + 1)
        if isinstance(inner.get("additionalProperties"), dict):
            below = resolved(inner["additionalProperties"], root)
            for one in [below, *below.get("oneOf", ()), *below.get("anyOf", ())]:
                for name, deepest in resolved(one, root).get("properties", {}).items():
                    yield from key_lines(f"{path}.NAME.{name}", deepest, root, depth + 1)
        if isinstance(inner.get("items"), dict):
            for name, below in resolved(inner["items"], root).get("properties", {}).items():
                yield from key_lines(f"{path}[].{name}", below, root, depth + 1)


def resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """A schema with its reference followed."""
    while "$ref" in schema:
        found: Any = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


if __name__ == "__main__":
    (HERE / "commands.md").write_text(commands())
    (HERE / "project-file.md").write_text(project_file())
