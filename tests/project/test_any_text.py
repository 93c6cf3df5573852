"""Whatever a project file holds, mvr reads it or says what is wrong; nothing else comes out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mvr import project
from mvr.errors import ProjectError
from mvr.model import Json, Project
from mvr.project import form
from tests.project.bench import written
from tests.project.test_schema import WHOLE, nodes


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def looked_at(folder: Path, text: str | bytes) -> None:
    try:
        found = project.load(written(folder, text))
    except ProjectError as wrong:
        assert wrong.faults
        assert all(fault.found and "\n" not in fault.found for fault in wrong.faults)
    else:
        assert isinstance(found, Project)
        json.dumps(found.data, allow_nan=False)


ANYTHING = st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))


@given(ANYTHING)
def test_any_bytes(folder: Path, raw: bytes) -> None:
    """Any bytes are a project or a ProjectError."""
    looked_at(folder, raw)


KEYS = sorted({key for _, node in nodes(form.schema()) for key in node.get("properties", ()) if isinstance(key, str)})
NAMES = ["chorus", "verse-2", "chorus-1.5", "part-2.14sb", "@1:23.4", "@2s", "lead", "kick"]
# fmt: off
WORDS = ["none", "cut", "music", "list", "sketch", "rules", "song.wav", "0:12.5", "2.5s", "dissolve 0.4s", "wide",
         "7x7", "lead", "30000/1001", "#0b1d51", "chorus-1.5", "../x", "https://x.example/", "a\0b", "\x1b[2J", " "]
# fmt: on
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=6)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(sorted(form.schema()["properties"])), TREES))
def test_any_tree_of_the_form_s_own_words(folder: Path, tree: dict[str, Any]) -> None:
    """Known keys in the wrong places, with the wrong values, are faults and no accidents."""
    looked_at(folder, json.dumps({"song": "song.wav", "concept": "x", **tree}))


def places(tree: Json, steps: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if steps:
        yield steps
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in inner:
        yield from places(value, (*steps, key))


def whole() -> Any:
    from mvr.project import yamlfile

    return yamlfile.read(WHOLE.encode(), "whole").data


PLACES = list(places(whole()))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PLACES), TREES)
def test_the_whole_form_with_one_value_changed(folder: Path, steps: tuple[Any, ...], value: Any) -> None:
    """Whatever stands in one place of a file that uses every key, the file is read or told."""
    tree = whole()
    inner = tree
    for step in steps[:-1]:
        inner = inner[step]
    inner[steps[-1]] = value
    looked_at(folder, json.dumps(tree))
