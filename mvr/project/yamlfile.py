"""Reads YAML 1.2 (core schema) into plain data, with the place of every value, on PyYAML's C parser.

YAML 1.2 is what editors read: `1:40`, `no`, `off` and `0777` are text, duplicate keys are faults, and there is no tag
but the core ones. The parser hands out events; nothing is built by YAML's own constructors. Aliases are counted as
what they stand for before anything walks the result, so an alias bomb is refused while it is still small.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mvr.errors import Fault
from mvr.model import Json, Place
from mvr.project.units import shown

MOST_BYTES = 4 * 1024 * 1024
MOST_VALUES = 300_000  # of a file with its aliases spelled out; a file of 15,000 lines has 30,000
MOST_DEPTH = 40  # the form of a project file is 6 deep
LONGEST_NUMBER = 300  # digits; a longer one is text, as no key takes such a number

_ENCODINGS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\x00\x00\xfe\xff", "UTF-32"))
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_UNSAID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # what double quotes can write and no word needs
_NEWER = "\x85\u2028\u2029"  # line breaks in YAML 1.1, plain characters in 1.2

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = {word: value for value in (True, False) for word in (str(value), str(value).lower(), str(value).upper())}
_INT = re.compile(r"[-+]?[0-9]+")
_ODD = re.compile(r"[-+]?0[0-9]+")
_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_TAGS = {"!": "str"} | {f"tag:yaml.org,2002:{name}": name for name in ("str", "int", "float", "bool", "null")}
_KINDS = {"str": str, "int": int, "float": float, "bool": bool, "null": type(None)}

_TROUBLES = (
    (r"'\\t' that cannot start", "a tab", "indent with spaces; YAML allows no tab there"),
    (r"found a tab character", "a tab", "indent with spaces; YAML allows no tab there"),
    (r"'([@`%&*!|>])' that cannot start", "text that begins with {0}", 'put it in quotes: "{0}..."'),
    (r"mapping values are not allowed", "a colon in the middle of a text", "put the text in quotes, or mend the line"),
    (r"could not find expected ':'", "a line that is neither `key: value` nor a list entry", "is a colon missing?"),
    (r"unexpected end of stream", "a quotation that is not closed", "close it on its line"),
    (r"unknown escape", "an unknown escape in double quotes", "write \\\\ for a backslash, or use single quotes"),
    (r"expected ',' or '[\]}]'", "a list or mapping in brackets left open", "is a comma or a bracket missing?"),
    (r"did not find expected '?-'? indicator", "a line that does not belong to the list", "mend its indent"),
    (r"did not find expected key", "a line that does not belong where it stands", "mend its indent, or its quotes"),
    (r"undefined tag handle", "a tag", "remove it; a project file holds text, numbers, lists and mappings"),
)  # fmt: skip


class Unreadable(Exception):
    """The file is no YAML at all. Holds the one fault that says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True)
class Document:
    """A YAML file as plain data.

    name is what faults call the file. places maps a path such as `style.palette[1]` to where its value stands; a
    block, or an empty value, stands where its key does. keys maps a path to where its key stands. bare holds the paths
    of unquoted digits that begin with 0, which YAML readers disagree on. faults are those that left the rest readable.
    """

    name: str
    data: Json
    places: Mapping[str, Place]
    keys: Mapping[str, Place]
    bare: frozenset[str]
    faults: tuple[Fault, ...]


def read(raw: bytes, name: str) -> Document:
    """The document in a file's bytes; name is what faults call the file. Raises Unreadable."""
    text = decoded(raw, name)
    hidden = {}
    for char in _NEWER:
        if char in text:
            stand_in = next(chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text)
            hidden[stand_in] = char
            text = text.replace(char, stand_in)
    return _Composer(text, name, str.maketrans(hidden)).document()


def decoded(raw: bytes, name: str) -> str:
    """The text of a file in UTF-8, without its byte order mark. Raises Unreadable."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(too_large(name, len(raw)))
    encoding = next((encoding for mark, encoding in _ENCODINGS if raw.startswith(mark)), "")
    if not encoding and b"\0" in raw[:4096] and raw[:4096].count(b"\0") * 3 >= len(raw[:4096]):
        encoding = "UTF-16"
    if encoding:
        raise Unreadable(
            Fault(name, 1, 1, "", f"the file is {encoding}", "UTF-8", "save it as UTF-8; editors call it the encoding")
        )
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line, column = _place(raw[: error.start].decode())
        byte = f"a byte that is not UTF-8 (0x{raw[error.start]:02x})"
        hint = "is this the project file? a song, a picture or a film is no project file; a text must be saved as UTF-8"
        raise Unreadable(Fault(name, line, column, "", byte, "text in UTF-8", hint)) from None
    control = _CONTROL.search(text)
    if control is not None:
        line, column = _place(text[: control.start()])
        found = "a NUL byte" if control[0] == "\0" else f"the control character U+{ord(control[0]):04X}"
        raise Unreadable(Fault(name, line, column, "", found, "text", "remove it; is this the project file?"))
    return text


def too_large(name: str, size: int) -> Fault:
    """The fault of a file that is too large to be a project file; size in bytes."""
    most = MOST_BYTES // 1024 // 1024
    hint = "is this the project file? songs, pictures and lyrics are files of their own, named in it"
    return Fault(name, 1, 1, "", f"the file has {size / 1e6:.1f} MB", f"a project file, {most} MiB at most", hint)


def _place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what follows a text."""
    lines = re.split(r"\r\n|\r|\n", before)
    return len(lines), len(lines[-1]) + 1


def number(text: str) -> int | float | None:
    """The number that a plain scalar spells in YAML 1.2's core schema, or None. inf and nan are numbers there."""
    if len(text) > LONGEST_NUMBER:
        return None
    if _INT.fullmatch(text):
        return None if _ODD.fullmatch(text) else int(text)
    if _BASE.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text) or _SPECIAL.fullmatch(text):
        return float(text.replace(".i", "i").replace(".I", "I").replace(".n", "n").replace(".N", "N"))
    return None


def plain(text: str) -> Json:
    """The value of a plain scalar in YAML 1.2's core schema; a number that begins with 0 stays text."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    found = number(text) if text[0] in "+-.0123456789" else None
    return text if found is None else found


Entry = tuple[str, Place, Place | None, bool]
"""One value: its path, its place, its key's place where it has one, and whether it is a bare number with a 0 first."""


@dataclass(frozen=True)
class _Anchor:
    value: Json
    path: str
    entries: tuple[Entry, ...]


class _Composer:
    """Turns one stream of events into one document."""

    def __init__(self, text: str, name: str, hidden: dict[int, str]) -> None:
        import yaml

        events = yaml.events
        self.text, self.name, self.hidden, self.broken = text, name, hidden, yaml.YAMLError
        self.loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        self.next: Callable[[], Any] = self.loader.get_event
        self.alias, self.scalar, self.end_of_file = events.AliasEvent, events.ScalarEvent, events.StreamEndEvent
        self.mapping, self.ends = events.MappingStartEvent, (events.MappingEndEvent, events.SequenceEndEvent)
        self.entries: list[Entry] = []
        self.anchors: dict[str, _Anchor | None] = {}
        self.faults: list[Fault] = []
        self.values = 0

    def document(self) -> Document:
        try:
            data = self._stream()
        except self.broken as error:
            raise Unreadable(self._trouble(error)) from None
        finally:
            self.loader.dispose()
        places = {path: place for path, place, _, _ in self.entries}
        keys = {path: key for path, _, key, _ in self.entries if key is not None}
        bare = frozenset(path for path, _, _, odd in self.entries if odd)
        return Document(self.name, data, places, keys, bare, tuple(self.faults))

    def _stream(self) -> Json:
        self.next()
        if isinstance(self.next(), self.end_of_file):
            return None
        data = self._node(self.next(), "", None, 0)
        self.next()
        after = self.next()
        if not isinstance(after, self.end_of_file):
            place = self._at(after)
            self._fault(place, "", "a second document after `---`", "one document", "a project file holds one project")
        return data

    def _at(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(mark.line + 1, mark.column + 1)

    def _fault(self, place: Place, path: str, found: str, expected: str, hint: str) -> None:
        self.faults.append(Fault(self.name, place.line, place.column, path, found, expected, hint))

    def _refuse(self, place: Place, path: str, found: str, expected: str, hint: str) -> Unreadable:
        return Unreadable(Fault(self.name, place.line, place.column, path, found, expected, hint))

    def _count(self, more: int, place: Place, path: str) -> None:
        self.values += more
        if self.values > MOST_VALUES:
            hint = "an alias (*name) stands for all of what it names: write fewer of them, or a smaller file"
            raise self._refuse(place, path, f"more than {MOST_VALUES:,} values", "a project file", hint)

    def _node(self, event: Any, path: str, key: Place | None, depth: int) -> Json:
        """The value that begins with an event. key is where its key stands, in a mapping."""
        place = self._at(event)
        if isinstance(event, self.alias):
            return self._alias(event, path, key, place)
        self._count(1, place, path)
        if depth > MOST_DEPTH:
            raise self._refuse(
                place, path, f"lists or mappings nested {depth} deep", "6 at most", "remove the brackets"
            )
        if isinstance(event, self.scalar):
            start = len(self.entries)
            value, odd = self._scalar(event, place, path)
            self.entries.append((path, key if value is None and key else place, key, odd))
        else:
            start = len(self.entries)
            self.entries.append((path, key if key and not event.flow_style else place, key, False))
            kind = "map" if isinstance(event, self.mapping) else "seq"
            if event.tag not in (None, "!", f"tag:yaml.org,2002:{kind}"):
                self._tag(event, place, path)
            if event.anchor:
                self.anchors[event.anchor] = None
            value = self._map(path, depth) if kind == "map" else self._list(path, depth)
        if event.anchor:
            self.anchors[event.anchor] = _Anchor(value, path, tuple(self.entries[start:]))
        return value

    def _alias(self, event: Any, path: str, key: Place | None, place: Place) -> Json:
        anchor = self.anchors.get(event.anchor)
        if anchor is None:
            inside = event.anchor in self.anchors
            found = (
                f"*{event.anchor} inside of what it stands for" if inside else f"*{event.anchor}, which is not known"
            )
            self._fault(place, path, found, f"&{event.anchor} above it", 'put the text in quotes if it begins with "*"')
            self.entries.append((path, place, key, False))
            return None
        self._count(len(anchor.entries), place, path)
        cut = len(anchor.path)
        self.entries.append((path, place, key, anchor.entries[0][3]))
        self.entries.extend((path + inner[cut:], at, at_key, odd) for inner, at, at_key, odd in anchor.entries[1:])
        return anchor.value

    def _map(self, path: str, depth: int) -> dict[str, Json]:
        found: dict[str, Json] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := self.next(), self.ends):
            place = self._at(event)
            if not isinstance(event, self.scalar):
                self._fault(place, path, "a key that is no plain word", "`key: value`", 'put it in quotes: "[a]": ...')
                self._skip(event, path, depth)
                self._skip(self.next(), path, depth)
                continue
            word = self._shown(event.value)
            inner = f"{path}.{word}" if path else word
            if word in lines:
                hint = f"it stands on line {lines[word]} already"
                self._fault(place, inner, f"the key {shown(word)} a second time", "each key once", hint)
                self._skip(self.next(), inner, depth)
                continue
            if _UNSAID.search(word):
                self._fault(place, path, f"a key with a control character: {shown(word)}", "text", "remove it")
            lines[word] = place.line
            found[word] = self._node(self.next(), inner, place, depth + 1)
        return found

    def _list(self, path: str, depth: int) -> list[Json]:
        found: list[Json] = []
        while not isinstance(event := self.next(), self.ends):
            found.append(self._node(event, f"{path}[{len(found)}]", None, depth + 1))
        return found

    def _skip(self, event: Any, path: str, depth: int) -> None:
        """Reads a value past, and forgets where it stood."""
        start = len(self.entries)
        self._node(event, path, None, depth + 1)
        del self.entries[start:]

    def _shown(self, text: str) -> str:
        return text.translate(self.hidden) if self.hidden else text

    def _scalar(self, event: Any, place: Place, path: str) -> tuple[Json, bool]:
        """The value of a scalar, and whether it is an unquoted number with a 0 first, kept as text."""
        text = self._shown(event.value)
        bare = event.style in (None, "")
        tag = _TAGS.get(event.tag) if event.tag else None
        if event.tag and tag is None:
            self._tag(event, place, path)
        value = plain(text) if bare and tag != "str" else text
        if tag and tag != "str":
            value = float(value) if tag == "float" and type(value) is int else plain(text)
            if not isinstance(value, _KINDS[tag]):
                self._tag(event, place, path)
        if isinstance(value, float) and not math.isfinite(value):
            self._fault(place, path, f"{text} is no number to work with", "a number", "write it in digits")
            value = 0.0
        if isinstance(value, str) and (found := _UNSAID.search(value)):
            self._fault(place, path, f"the control character U+{ord(found[0]):04X} in a text", "text", "remove it")
            value = _UNSAID.sub(" ", value)
        return value, bare and isinstance(value, str) and _ODD.fullmatch(value) is not None

    def _tag(self, event: Any, place: Place, path: str) -> None:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        hint = "remove the tag; nothing in a project file is run or built from one"
        self._fault(place, path, f"the tag {shown(tag)}", "text, numbers, lists and mappings", hint)

    def _trouble(self, error: Any) -> Fault:
        """A syntax error in our words, where the parser stopped."""
        problem = str(getattr(error, "problem", None) or error)
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        if "unexpected end of stream" in problem:  # where the quotation began says more than where the file ends
            mark = getattr(error, "context_mark", None) or mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        lines = re.split(r"\r\n|\r|\n", self.text)
        rest = lines[place.line - 1][place.column - 1 :] if place.line <= len(lines) else ""
        if rest.startswith("\t"):
            problem = "'\\t' that cannot start"
        elif rest[:1] in ("@", "`", "%") and "cannot start" in problem:
            problem = f"'{rest[0]}' that cannot start"
        for pattern, found, hint in _TROUBLES:
            if match := re.search(pattern, problem):
                return Fault(self.name, place.line, place.column, "", found.format(*match.groups()), "YAML",
                             hint.format(*match.groups()))  # fmt: skip
        return Fault(self.name, place.line, place.column, "", f"this is no YAML ({problem})", "", "mend the line")
