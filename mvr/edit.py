"""Writes the user's YAML: one value is put in or taken out, and every other byte stays as it was.

ruamel.yaml says where a value stands; the text around it is not written again. What comes out is read back and
compared with what was meant, so an awkward file is refused rather than damaged.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from mvr.errors import ProjectError

Json = Any
Node = Any  # ruamel's nodes carry no types worth naming

INDENT = 2
MARK = "\ufeff"

_BREAK = re.compile(r"\r\n|\r|\n")
_BLANKS = re.compile(r"(?<=\S)[ \t]+")
_NEWER = "\x85\u2028\u2029"  # line breaks in YAML 1.1, plain characters in 1.2
_COMMENT = re.compile(r"(?<=\s)#[^\r\n]*")
_COLON = re.compile(r"(?:\s|#[^\r\n]*)*:")
_COMMA = re.compile(r"(?:\s|(?<=\s)#[^\r\n]*)*,")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))  # no texts in YAML 1.1 or 1.2
_KEEPS = re.compile(r"(?:[&!]\S*\s+)*[|>][0-9]?\+")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")  # not to be written bare in YAML


class Quoted(str):
    """A text that is always written in double quotes, such as a pin."""

    __slots__ = ()


def put(text: str, path: Sequence[str], value: Json) -> str:
    """The text with `value` at `path`, mappings on the way made where they are not there.

    Raises ProjectError where the text cannot be edited without touching something else.
    """
    mark, text = text[: text.startswith(MARK)], text.removeprefix(MARK)
    meant = _plain(text, path)
    _set(meant, path, value)
    return mark + _proved(_spliced(text, path, value), meant, path)


def take_out(text: str, path: Sequence[str]) -> str:
    """The text without the value at `path`; without the mappings on the way that became empty, too.

    Comments between the keys that go stay. Raises ProjectError as `put` does.
    """
    mark, text = text[: text.startswith(MARK)], text.removeprefix(MARK)
    meant = _plain(text, path)
    if not _unset(meant, path):
        return mark + text
    return mark + _proved(_cut(text, path), meant, path)


def _refused(path: Sequence[str]) -> ProjectError:
    return ProjectError(
        f"{'.'.join(path)} cannot be written without touching other lines",
        "write it by hand; an alias or an unusual layout stands in the way",
    )


def _plain(text: str, path: Sequence[str]) -> dict[str, Json]:
    """The data of a text, each alias a copy of its own: a value that stands in two places cannot be edited in one."""
    from ruamel.yaml.error import ReusedAnchorWarning, YAMLError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReusedAnchorWarning)
        try:
            data = _unshared(_yaml().load(_seen(text)))
        except YAMLError:
            raise _refused(path) from None
    if not isinstance(data or {}, dict):
        raise _refused(path)
    return data or {}


def _unshared(data: Json) -> Json:
    if isinstance(data, dict):
        return {key: _unshared(value) for key, value in data.items()}
    return [_unshared(value) for value in data] if isinstance(data, list) else data


def _composed(text: str) -> Node:
    """The nodes of a text that `_plain` could read; None where there is no value."""
    from ruamel.yaml.error import ReusedAnchorWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ReusedAnchorWarning)
        return _yaml().compose(_seen(text))


def _yaml() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.allow_duplicate_keys = False
    return yaml


def _seen(text: str) -> str:
    """The text as it is parsed, every character in its place: ruamel takes no tab between words, and ends lines at
    characters that YAML 1.2 does not."""
    text = _BLANKS.sub(lambda blanks: " " * len(blanks[0]), text)
    free = (chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text)
    return text.translate({ord(char): next(free) for char in _NEWER if char in text})


def _proved(text: str, meant: Json, path: Sequence[str]) -> str:
    if _plain(text, path) != meant:
        raise _refused(path)
    return text


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
    root = _composed(text)
    if root is None or (root.id == "scalar" and root.start_mark.index == root.end_mark.index):
        end = re.search(r"^\.\.\.(?=\s|$)", text, re.MULTILINE)
        return _inserted(text, end.start() if end else len(text), path, value, 0)
    key, node, rest = None, root, list(path)
    while rest and (entry := _entry(node, rest[0])) is not None:
        key, node = entry
        del rest[0]
    if rest and node.id == "mapping" and node.value:
        return _added(text, node, rest, value)
    for name in reversed(rest):  # an empty value, or one of another kind, stands where a mapping is wanted
        value = {name: value}
    if key is None and node.id != "mapping":
        raise _refused(path)
    return _replaced(text, key, node, value, path)


def _replaced(text: str, key: Node, node: Node, value: Json, path: Sequence[str]) -> str:
    start, end = node.start_mark.index, _end(text, node)
    written = flow(value)
    if key is None:
        return text[:start] + written + text[end:]
    colon = _COLON.match(text, key.end_mark.index)
    if start < key.end_mark.index:  # an alias
        raise _refused(path)
    if colon is None:  # `{key}`
        return f"{text[:start]}: {written}{text[end:]}"
    if start == end:  # `key:`
        start = end = colon.end()
        written = f" {written}"
    elif node.id != "scalar" and not node.flow_style:
        gap = text[colon.end() : start].rstrip()
        start = colon.end()
        written = f" {written}{gap}"
    return text[:start] + written + text[end:]


def _added(text: str, mapping: Node, path: Sequence[str], value: Json) -> str:
    """The text with one more entry at the end of a mapping that has some."""
    key, last = mapping.value[-1]
    end = _end(text, last, key)
    if mapping.flow_style:
        for name in reversed(path[1:]):
            value = {name: value}
        comma = _COMMA.match(text, end)
        at, before = (comma.end(), " ") if comma else (end, ", ")
        return text[:at] + f"{before}{_key(path[0])}: {flow(value)}" + text[at:]
    at = _next_line(text, end)
    if at == len(text) and not _BREAK.search(text, end) and _is_block_text(_last(last)):
        at = _line(text, key.start_mark.index)  # a line break after such a text would be one more of its characters
    return _inserted(text, at, path, value, mapping.value[0][0].start_mark.column)


def _cut(text: str, path: Sequence[str]) -> str:
    mapping = node = _composed(text)
    keys: list[Node] = []
    for name in path:
        inner = _entry(node, name)
        if inner is None:  # a key of an alias that was merged in
            raise _refused(path)
        if len(node.value) > 1 or not keys:  # else the mapping would be left empty, and goes too
            mapping, keys, value = node, [], inner[1]
        keys.append(inner[0])
        node = inner[1]
    start, end = keys[0].start_mark.index, _end(text, value, keys[0])
    if mapping.flow_style:
        return _cut_of_braces(text, start, end)
    at, rest = _line(text, start), _next_line(text, end)
    gaps = [text[above.end_mark.index : below.start_mark.index] for above, below in pairwise(keys)]
    comments = [found[0] for gap in gaps for found in _COMMENT.finditer(gap)]
    kept = "".join(f"{text[at:start]}{comment}{_break(text)}" for comment in comments)
    text, whole = text[:at] + kept + text[rest:], rest < len(text) or bool(_BREAK.search(text, end))
    return text if whole else re.sub(r"(\r\n|\r|\n)\Z", "", text)


def _cut_of_braces(text: str, start: int, end: int) -> str:
    after = _COMMA.match(text, end)
    if after is None:
        before = re.compile(r"\s*,\s*\Z").search(text[:start])
        return text[: before.start() if before else start] + text[end:]
    alone = not text[_line(text, start) : start].strip()
    line = re.compile(r"[ \t]*(?:\r\n|\r|\n)").match(text, after.end())
    if line and alone:
        return text[: _line(text, start)] + text[line.end() :]
    blanks = re.compile(r"[ \t]*" if alone else r"[ \t]*(?![ \t#])").match(text, after.end())
    return text[:start] + text[blanks.end() if blanks else after.end() :]


def _entry(mapping: Node, name: str) -> tuple[Node, Node] | None:
    if mapping.id != "mapping":
        return None
    return next(((key, value) for key, value in mapping.value if key.value == name), None)


def _is_block_text(node: Node) -> bool:
    return node.id == "scalar" and node.style in ("|", ">")


def _last(node: Node) -> Node:
    """The last scalar, or the last collection in brackets, of a value."""
    while node.id != "scalar" and not node.flow_style and node.value:
        node = node.value[-1][1] if node.id == "mapping" else node.value[-1]
    return node


def _end(text: str, node: Node, key: Node = None) -> int:
    """Where the last character of a value stands; ruamel ends a block only at the next token."""
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    if key is not None and start < key.end_mark.index:
        after = re.compile(r"(?:\s|#[^\r\n]*)*:\s*(\*[^\s,\[\]{}]+)?").match(text, key.end_mark.index)
        return after.end() if after and after[1] else int(key.end_mark.index)  # an alias, or a key alone in braces
    if node.id == "scalar":
        if _is_block_text(node):
            block = text[start:end]
            return start + len(
                re.sub(r"(\r\n|\r|\n)\Z", "", block.rstrip(" ")) if _KEEPS.match(block) else block.rstrip()
            )
        if start == end and key is not None:
            colon = _COLON.match(text, key.end_mark.index)
            return colon.end() if colon else int(key.end_mark.index)
        return end
    if node.flow_style or not node.value:
        return end
    last = node.value[-1]
    return _end(text, *reversed(last)) if node.id == "mapping" else _end(text, last)


def _line(text: str, at: int) -> int:
    """Where the line of a character begins."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _next_line(text: str, at: int) -> int:
    """Where the line after that of a character begins."""
    found = _BREAK.search(text, at)
    return found.end() if found else len(text)


def _break(text: str) -> str:
    """How this text ends its lines."""
    found = _BREAK.search(text)
    return found[0] if found else "\n"


def _inserted(text: str, at: int, path: Sequence[str], value: Json, indent: int) -> str:
    """The text with a value before a line, its path one key a line; the value itself stands on one line."""
    lines = [f"{' ' * (indent + INDENT * depth)}{_key(name)}:" for depth, name in enumerate(path)]
    block = _break(text).join(lines) + f" {flow(value)}"
    if at == len(text) and text and not text.endswith(("\n", "\r")):
        return text + _break(text) + block
    return text[:at] + block + _break(text) + text[at:]


def _key(name: str) -> str:
    return flow(name)


def block(value: Json, indent: int = 0) -> str:
    """A value as lines of block style, mappings and lists of mappings opened up; `indent` spaces before each line."""
    lines, pad = [], " " * indent
    if isinstance(value, dict):
        for name, inner in value.items():
            if inner and (isinstance(inner, dict) or (isinstance(inner, list) and isinstance(inner[0], dict))):
                lines.append(f"{pad}{_key(name)}:\n{block(inner, indent + INDENT)}")
            else:
                lines.append(f"{pad}{_key(name)}: {flow(inner)}\n")
    else:
        for inner in value:
            opened = block(inner, indent + INDENT)
            lines.append(f"{pad}-{opened[indent + 1 :]}")
    return "".join(lines)


def flow(value: Json) -> str:
    """A value on one line; a text that is not one plain word stands in double quotes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)}: {flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    bare = isinstance(value, str) and not isinstance(value, Quoted)
    if bare and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return str(value)
    return _ESCAPED.sub(lambda char: f"\\u{ord(char[0]):04x}", json.dumps(value, ensure_ascii=False))
