"""The example at the head of mvr is true."""

from __future__ import annotations

import doctest
from pathlib import Path

import mvr
from mvr import machine
from mvr.model import Goal
from mvr.workspace import Workspace
from tests.studio import Studio


def test_the_running_example(tmp_path: Path) -> None:
    """What `mvr/__init__.py` tells on one example is what happens."""
    studio = Studio.start(tmp_path / "tiny")
    names = {
        "folder": studio.folder,
        "change": studio.edit,
        "quietly": lambda _: None,
        "Workspace": Workspace,
        "machine": machine,
        "Goal": Goal,
    }
    example = doctest.DocTestParser().get_doctest(mvr.__doc__ or "", names, "mvr", None, 0)
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert result.failed == 0, "".join(said)
    assert result.attempted >= 8
