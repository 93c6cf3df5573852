"""Writes the user's YAML: one value is put in or taken out, and every other byte stays as it was.

ruamel.yaml says where a value stands; the text around it is not written again. What comes out is read back and
compared with what was meant, so an awkward file is refused rather than damaged.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from mvr.errors import ProjectError

Json = Any
Node = Any  # ruamel's nodes carry no types worth naming

INDENT = 2


class Quoted(str):
    """A text that is always written in double quotes, such as a pin."""

    __slots__ = ()


def put(text: str, path: Sequence[str], value: Json) -> str:
    """The text with `value` at `path`, mappings on the way made where they are not there.

    Raises ProjectError where the text cannot be edited without touching something else.
    """
    meant = _plain(text)
    _set(meant, path, value)
    return _proved(_spliced(text, path, value), meant, path)


def take_out(text: str, path: Sequence[str]) -> str:
    """The text without the value at `path`; without the mappings on the way that became empty, too."""
    meant = _plain(text)
    if not _unset(meant, path):
        return text
    return _proved(_cut(text, path), meant, path)


def _plain(text: str) -> Json:
    return _yaml("safe").load(text) or {}


def _yaml(kind: str) -> Any:
    from ruamel.yaml import YAML

    yaml = YAML(typ=kind, pure=True)
    yaml.allow_duplicate_keys = False
    yaml.width = 1 << 16
    return yaml


def _proved(text: str, meant: Json, path: Sequence[str]) -> str:
    from ruamel.yaml.error import YAMLError

    try:
        if _plain(text) == meant:
            return text
    except YAMLError:
        pass
    raise ProjectError(
        f"{'.'.join(path)} cannot be written without touching other lines",
        "write it by hand; an alias or an unusual layout stands in the way",
    )


def _set(data: Json, path: Sequence[str], value: Json) -> None:
    for name in path[:-1]:
        if not isinstance(data.get(name), dict):
            data[name] = {}
        data = data[name]
    data[path[-1]] = value


def _unset(data: Json, path: Sequence[str]) -> bool:
    if not isinstance(data, dict) or path[0] not in data:
        return False
    if len(path) > 1:
        if not _unset(data[path[0]], path[1:]):
            return False
        if data[path[0]]:
            return True
    del data[path[0]]
    return True


def _spliced(text: str, path: Sequence[str], value: Json) -> str:
    root = _yaml("rt").compose(text)
    if root is None:
        return text + ("" if text.endswith("\n") or not text else "\n") + _block(path, value, 0)
    parent, key, node, depth = None, None, root, 0
    for depth, name in enumerate(path):
        if not _is_mapping(node):
            break
        entry = _entry(node, name)
        if entry is None:
            return _added(text, node, path[depth:], value)
        parent, (key, node) = node, entry
    else:
        depth += 1
    rest = path[depth:]
    if rest:  # a null stands where a mapping is wanted
        return _replaced(text, parent, key, node, rest, value)
    return _replaced(text, parent, key, node, (), value)


def _replaced(text: str, parent: Node, key: Node, node: Node, rest: Sequence[str], value: Json) -> str:
    for name in reversed(rest):
        value = {name: value}
    start, end = node.start_mark.index, _end(text, node)
    if start < key.end_mark.index:
        raise ProjectError(f"{key.value} is an alias in the project file", "write its value out by hand")
    written = _flow(value)
    if start == end:  # an empty value: `key:`
        start = end = text.index(":", key.end_mark.index) + 1
        written = f" {written}"
    elif _is_mapping(node) and not node.flow_style:
        start = text.index(":", key.end_mark.index) + 1
        written = f" {written}"
    return text[:start] + written + text[end:]


def _added(text: str, mapping: Node, path: Sequence[str], value: Json) -> str:
    if mapping.flow_style:
        close = mapping.end_mark.index - 1
        inner = text[mapping.start_mark.index + 1 : close]
        at = close - (len(inner) - len(inner.rstrip()))
        for name in reversed(path[1:]):
            value = {name: value}
        comma = "" if not inner.strip() or inner.rstrip().endswith(",") else ", "
        return text[:at] + f"{comma}{_key(path[0])}: {_flow(value)}" + text[at:]
    indent = mapping.value[0][0].start_mark.column
    end = _end(text, mapping.value[-1][1], mapping.value[-1][0])
    line_end = text.find("\n", end)
    if line_end < 0:
        return text + "\n" + _block(path, value, indent)
    return text[: line_end + 1] + _block(path, value, indent) + text[line_end + 1 :]


def _cut(text: str, path: Sequence[str]) -> str:
    mapping = node = _yaml("rt").compose(text)
    key: Node = None
    value: Node = None
    for name in path:
        inner = _entry(node, name)
        assert inner is not None  # _unset found the path
        if key is None or len(node.value) > 1:  # else the mapping would be left empty, and goes too
            mapping, (key, value) = node, inner
        node = inner[1]
    start, end = key.start_mark.index, _end(text, value, key)
    if mapping.flow_style:
        after = re.compile(r"\s*,\s*").match(text, end)
        if after:
            return text[:start] + text[after.end() :]
        before = re.compile(r"\s*,\s*$").search(text, 0, start)
        return text[: before.start() if before else start] + text[end:]
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    return text[:line_start] + (text[line_end + 1 :] if line_end >= 0 else "")


def _is_mapping(node: Node) -> bool:
    return hasattr(node, "flow_style") and node.id == "mapping"


def _entry(mapping: Node, name: str) -> tuple[Node, Node] | None:
    return next(((key, value) for key, value in mapping.value if key.value == name), None)


def _end(text: str, node: Node, key: Node = None) -> int:
    """Where the last character of a value stands; ruamel ends a block only at the next token."""
    if node.id == "scalar":
        if key is not None and node.start_mark.index < key.end_mark.index:
            raise ProjectError(f"{key.value} is an alias in the project file", "write its value out by hand")
        if node.style in ("|", ">"):
            return int(node.start_mark.index) + len(text[node.start_mark.index : node.end_mark.index].rstrip())
        if node.start_mark.index == node.end_mark.index and key is not None:
            return int(text.index(":", key.end_mark.index)) + 1
        return int(node.end_mark.index)
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(text, *reversed(last)) if node.id == "mapping" else _end(text, last)


def _block(path: Sequence[str], value: Json, indent: int) -> str:
    """A value in block style, its path one key a line; the value itself stands on one line."""
    lines = [f"{' ' * (indent + INDENT * depth)}{_key(name)}:" for depth, name in enumerate(path)]
    return "\n".join(lines) + f" {_flow(value)}\n"


def _key(name: str) -> str:
    return _flow(name)


def _flow(value: Json) -> str:
    """A value on one line."""
    if isinstance(value, Quoted):
        return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)}: {_flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    yaml = _yaml("safe")
    yaml.default_flow_style = True
    out = io.StringIO()
    # Inside a list, so that a text is quoted as it must be inside braces too.
    yaml.dump([value], out)
    return out.getvalue().strip().removesuffix("...").strip()[1:-1]
