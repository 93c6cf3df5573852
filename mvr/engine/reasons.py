"""Why a node is stale: the reason as data, made where the decision falls; another room makes the sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mvr.engine import digest
from mvr.engine.graph import Node, Ref
from mvr.engine.store import Record


@dataclass(frozen=True)
class NeverMade:
    """No earlier node of this name is known here."""


@dataclass(frozen=True)
class RecipeChanged:
    """One field of the recipe (dotted) is another; `was` or `now` is None where the field was or is not there."""

    field: str
    was: Any
    now: Any


@dataclass(frozen=True)
class InputChanged:
    """What a node of this name hands on (`node` or `node:part`) is another."""

    name: str


@dataclass(frozen=True)
class FileChanged:
    """A file of the user has other content, or is another file."""

    path: str


@dataclass(frozen=True)
class VersionRaised:
    """The stage itself works differently in this mvr."""

    was: int
    now: int


@dataclass(frozen=True)
class BytesLost:
    """It was made, but its bytes are gone or damaged, and something needs them."""


Reason = NeverMade | RecipeChanged | InputChanged | FileChanged | VersionRaised | BytesLost


def differences(
    node: Node, record: Record, inputs: Mapping[str, list[str]], files: Mapping[str, tuple[str, ...]]
) -> Iterator[Reason]:
    """What a node has become, against the record of what it was."""
    if record.version != node.version:
        yield VersionRaised(record.version, node.version)
    yield from _fields("", record.recipe, node.recipe)
    for role, refs in node.inputs.items():
        before = list(record.inputs.get(role, ()))
        for index, ref in enumerate(refs):
            if index >= len(before) or before[index] != inputs[role][index]:
                yield InputChanged(str(ref) if isinstance(ref, Ref) else role)
        if len(before) > len(refs):
            yield RecipeChanged(role, len(before), len(refs))
    for role, paths in node.files.items():
        before = list(record.files.get(role, ()))
        for index, path in enumerate(paths):
            if index >= len(before) or before[index] != files[role][index]:
                yield FileChanged(path)
        if len(before) > len(paths):
            yield RecipeChanged(role, len(before), len(paths))
    for role in sorted((record.inputs.keys() - node.inputs.keys()) | (record.files.keys() - node.files.keys())):
        yield RecipeChanged(role, "read", None)


def _fields(path: str, was: Any, now: Any) -> Iterator[RecipeChanged]:
    """The deepest fields in which two plain values differ."""
    if isinstance(was, dict) and isinstance(now, dict):
        for name in sorted(was.keys() | now.keys()):
            inner = f"{path}.{name}" if path else name
            if name in was and name in now:
                yield from _fields(inner, was[name], now[name])
            else:
                yield RecipeChanged(inner, was.get(name), now.get(name))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for index, (before, after) in enumerate(zip(was, now, strict=True)):
            yield from _fields(f"{path}[{index}]", before, after)
    elif digest.canonical(was) != digest.canonical(now):
        yield RecipeChanged(path, was, now)
