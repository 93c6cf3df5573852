"""The manual says what is there: no more, and no less."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from mvr.cli import main
from mvr.resources import resource

TOP = Path(__file__).parent.parent
DOCS = TOP / "docs"
REFERENCE: dict[str, Any] = runpy.run_path(str(DOCS / "reference.py"))


@pytest.mark.parametrize(("page", "write"), [("commands.md", "commands"), ("project-file.md", "project_file")])
def test_the_reference_is_what_the_code_says(page: str, write: str) -> None:
    """docs/commands.md and docs/project-file.md are as `python docs/reference.py` writes them."""
    assert (DOCS / page).read_text() == REFERENCE[write](), "run: .venv/bin/python docs/reference.py"


def test_every_command_is_in_the_manual() -> None:
    """A command that works is told of in the manual, not only in the reference."""
    manual = (DOCS / "manual.md").read_text()
    assert {name for name in main.commands if f"mvr {name}" not in manual} == set()


def test_every_key_is_in_the_manual() -> None:
    """Every key at the top of the project file is told of in the manual."""
    manual = (DOCS / "manual.md").read_text()
    keys = json.loads(resource("schemas/project.schema.json").read_text())["properties"]
    assert {key for key in keys if f"`{key}" not in manual} == set()


@pytest.mark.parametrize("page", sorted(path.name for path in [*DOCS.glob("*.md"), *TOP.glob("*.md")]))
def test_no_link_is_broken(page: str) -> None:
    """A link to a file of this repository leads to a file."""
    path = DOCS / page if (DOCS / page).exists() else TOP / page
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text())
    assert {link for link in links if not (path.parent / link).exists()} == set()


def test_the_readme_opens_with_the_two_commands() -> None:
    """`make demo` and `make test` are the first two commands that a reader meets."""
    commands = re.findall(r"^    (\S.*?)(?:  #.*)?$", (TOP / "README.md").read_text(), re.MULTILINE)
    assert [command.strip().partition("  ")[0] for command in commands[:2]] == ["make demo", "make test"]
