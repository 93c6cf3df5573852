"""Writing one value into a YAML file of any shape: all else of it stays, byte by byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mvr.edit import MARK, Quoted, put, take_out
from mvr.errors import ProjectError
from mvr.project import yamlfile

Json = Any
Path = tuple[str, ...]

KEYS = (
    "take",
    "shots",
    "verse-1.1",
    '"@1:23.4"',
    "'a b'",
    '"a: b"',
    '"#c"',
    "yes",
    "é",
    "chorus-1.2b",
    "a  b",
    "null2",
)
INLINE = (
    "", "~", "null", "3", "-1.5", "1:40", "0x1f", "yes", "off", "take", "take: 3", "no # yes", "a#b",
    "http://a/b?c#d", "it's", '""', "''", "'it''s'", '"a \\" b"', '"# no comment"', "'{take: 3}'", "ü 🎬 — ☂",
    "plain words, with {braces} in [them]", "[]", "{}", "[a, 'b', \"c\"]", "{take: 3}", "{take: 3, }",
    "{ take : 3 , seed: 4 }", "{a: {b: {c: 1}}, d: [x, {y: z}]}", "{take, pin: 2}", '{"take":1}',
    "{\n#\n  take: 3,  # c\n  #\n  pin: 'x'  # d\n  }", "[\n  a, # one\n  b,\n  ]", "!!str 3",
    "\n    on the next line", "two\n    lines", '"two\n    lines"', "'two\n\n    lines'",
    "|\n    literal # no comment\n\n    take: 3", "|-\n    literal\n", "|+\n    kept\n\n\n",
    ">\n    folded\n    text\n\n", ">-\n    x", "|2\n      deeper\n    less", "|\n    last with blanks  ",
    "|+ # why\n    kept", "| # \n\n", "&one words", "&two {take: 3}", "*one", "*two",
    "\n    - a\n    - b: 1\n      c: 2", "\n    - - a\n      -\n",
)  # fmt: skip
AFTER = ("", "", "", "  # after: a value", " #", "\t# after a tab", "  ", "\t", " # take: 3", " # 🎬 é")
BETWEEN = ("", "", "", "# a line", "\n", "      # deep", "  #", "\n\n# take: 3\n", " \n", "#\ttab")


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> str:
    """A block mapping, its first key at column 0."""
    text = ""
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=3)):
        text += "".join(f"{line}\n" for line in [draw(st.sampled_from(BETWEEN))] if line)
        kind = draw(st.integers(0, 9))
        if kind < 4 and depth < 3:
            step = draw(st.sampled_from((1, 2, 4)))
            text += f"{key}:{draw(st.sampled_from(AFTER))}\n" + indented(draw(blocks(depth + 1)), step)
        elif kind == 4:
            items = [draw(st.sampled_from(("a", "- b", "{take: 3}", "'c'", "", "d: 1\n  e: 2"))) for _ in range(2)]
            text += f"{key}:{draw(st.sampled_from(AFTER))}\n" + "".join(f"- {item}\n" for item in items)
        else:
            value = draw(st.sampled_from(INLINE))
            colon = draw(st.sampled_from((": ", ":   ", ":\t", " : ")))
            text += f"{key}{colon}{value}".rstrip(" " if not value else "")
            text += ("" if value[-1:] == "\n" or re.match(r"[|>]", value) else draw(st.sampled_from(AFTER))) + "\n"
    return text + draw(st.sampled_from(("", "", "# at the end\n", "\n", "  # at the end\n\n")))


def indented(text: str, step: int) -> str:
    return "".join(f"{' ' * step}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file that mvr reads as a mapping."""
    body = draw(blocks())
    head = draw(
        st.sampled_from(("", "", "# yaml-language-server: $schema=x\n", "---\n", "--- # first\n", "%YAML 1.2\n---\n"))
    )
    tail = draw(st.sampled_from(("", "", "...\n", "# last")))
    text = head + body + tail
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    if draw(st.sampled_from((False, False, True))):
        text = text.replace("\n", "\r\n")
    assume(read(text) is not None)
    assume(max(text.count("&one"), text.count("&two")) < 2)  # PyYAML, for a second opinion, takes each name once
    return draw(st.sampled_from(("", "", MARK))) + text


def read(text: str) -> Json:
    """What mvr reads in a file, or None where it is no mapping without faults."""
    try:
        document = yamlfile.read(text.encode(), "project.yaml")
    except yamlfile.Unreadable:
        return None
    return document.data if isinstance(document.data, dict) and not document.faults else None


def paths(data: Json, above: Path = ()) -> Iterator[Path]:
    """Every path of names in a document."""
    for name, value in data.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from paths(value, (*above, name))


def at(data: Json, path: Path) -> Json:
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def with_value(data: Json, path: Path, value: Json) -> Json:
    """The data with one value changed."""
    inner = data if isinstance(data, dict) else {}
    return {**inner, path[0]: with_value(inner.get(path[0]), path[1:], value) if len(path) > 1 else value}


def without(data: Json, path: Path) -> Json:
    """The data without a value, and without the mappings on the way that became empty."""
    if path[0] not in data:
        return data
    inner = without(data[path[0]], path[1:]) if len(path) > 1 and isinstance(data[path[0]], dict) else {}
    rest = {name: value for name, value in data.items() if name != path[0]}
    return {**rest, path[0]: inner} if inner else rest


def lines_of(text: str, path: Path) -> tuple[int, int, bool]:
    """The first line of the deepest key on a path that is there, the line after its value, and whether that is a block
    with entries: a second opinion, of PyYAML."""
    plain = text.removeprefix(MARK)
    node: Any = yaml.compose(plain, Loader=yaml.CSafeLoader)
    first, last = 0, len(plain.splitlines()) + 1
    for name in path:
        pairs = {key.value: (key, value) for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
        if name not in pairs:
            break
        key, node = pairs[name]
        first, last = key.start_mark.line, max(key.end_mark.line, node.end_mark.line - (node.end_mark.column == 0)) + 1
    return first, last, isinstance(node, yaml.MappingNode) and not node.flow_style


def comments(text: str) -> set[str]:
    """The lines that hold a comment alone."""
    return {line.strip() for line in text.removeprefix(MARK).splitlines() if line.strip().startswith("#")}


def agreeing(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many lines are the same from the start, and then from the end."""
    most = min(len(old), len(new))
    start = next((n for n in range(most) if old[n] != new[n]), most)
    return start, next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ("a: &x 1\nb: &x 2\nc: 3\n", "c", "a: &x 1\nb: &x 2\nc: 9\n"),
        ("a: {b, c: 1}", "a.b", "a: {b: 9, c: 1}"),
        ("a: # why\n  # more\n  b: 1\n", "a", "a: 9 # why\n  # more\n"),
        ("a:\r\n    b: |\r\n      text", "a.c", "a:\r\n    c: 9\r\n    b: |\r\n      text"),
        ("a: 1\n...\n", "b", "a: 1\nb: 9\n...\n"),
        ("---\n# nothing yet\n...\n", "b.c", "---\n# nothing yet\nb:\n  c: 9\n...\n"),
        ("---", "b", "---\nb: 9"),
        ("{a: 1, # one\n b: 2, # two\n}", "c", "{a: 1, # one\n b: 2, c: 9 # two\n}"),
        ("a: 1\u2028 # one\u2028b: 2\n", "b", "a: 1\u2028 # one\u2028b: 2\nb: 9\n"),
    ],
)
def test_layouts_that_people_write(before: str, path: str, after: str) -> None:
    """Each with its one value written where a person would have written it."""
    assert put(before, path.split("."), 9) == after


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        (
            "a: 1\nshots: # all\n  # first\n  x:\n    take: 2 # two\n# end\n",
            "shots.x.take",
            "a: 1\n# all\n# first\n# end\n",
        ),
        ("a: {\n  b: 1, # one\n  c: 2, # two\n}\n", "a.b", "a: {\n  # one\n  c: 2, # two\n}\n"),
        ("a: {b: 1, c: 2}\n", "a.b", "a: {c: 2}\n"),
        ("a: {b: 1, c: 2}\n", "a.c", "a: {b: 1}\n"),
        ("a: 1\nb: 2", "b", "a: 1"),
        ("a: 1\nb: |+\n  x\n\n\nc: 2\n", "b", "a: 1\nc: 2\n"),
    ],
)
def test_layouts_that_lose_a_value(before: str, path: str, after: str) -> None:
    """Comments between the keys that go stay; so does the end of the file."""
    assert take_out(before, path.split(".")) == after


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: &x {take: 1}\nb: *x\n", "b.take"),
        ("a: &x {take: 1}\nb: *x\n", "a.take"),
        ("a: &x 1\nb: *x\n", "a"),
        ("a: [1\n", "b"),
        ("- a\n", "b"),
        ("~", "b"),
    ],
)
def test_what_cannot_be_written_alone_is_refused(text: str, path: str) -> None:
    """A value that stands in two places by an alias, and what is no mapping, are left to the user's own hand."""
    with pytest.raises(ProjectError, match="cannot be written without touching other lines"):
        put(text, path.split("."), 9)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=6)
VALUES = st.one_of(
    st.integers(0, 9999),
    st.booleans(),
    st.none(),
    st.sampled_from(("yes", "1:40", "a: b", "# x", "3", "", "é 🎬", "a\nb")),
    WORDS,
    st.just({"still": 1, "motion": 2}),
    st.just(["a", 1, {"b": None}]),
    st.builds(Quoted, st.from_regex("[0-9a-f]{6}", fullmatch=True)),
)
ANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, Path, Json]:
    """A file, a path that is there or not, and a value for it."""
    text = draw(files())
    found: list[Path] = [(), *paths(read(text))]
    path = draw(st.sampled_from(found))
    more = draw(st.lists(st.sampled_from(("new", "take", "@0:05", "verse-2.1")), min_size=not path, max_size=2))
    return text, (*path, *more), draw(VALUES)


def shared(text: str) -> bool:
    """Values that stand in two places may be refused."""
    return re.search(r"[&*](one|two)", text) is not None


@ANY
@given(edits())
def test_one_value_changes_and_every_other_line_stays(edit: tuple[str, Path, Json]) -> None:
    """What is read afterwards is what was read before with that one value; lines that do not hold it are the same."""
    text, path, value = edit
    before = read(text)
    try:
        after = put(text, path, value)
    except ProjectError:
        assert shared(text), "refused without a cause"
        return
    assert read(after) == with_value(before, path, value)
    assert put(after, path, value) == after
    old, new = text.splitlines(), after.splitlines()
    first, last, block = lines_of(text, path)
    start, end = agreeing(old, new)
    if block and at(before, path) is None and path not in list(paths(before)):  # lines are added, and that is all
        assert start + end >= len(old)
    else:
        assert start >= first
        assert end >= len(old) - last


@ANY
@given(edits())
def test_a_new_value_that_is_taken_out_again_was_never_there(edit: tuple[str, Path, Json]) -> None:
    """Put in and taken out: the same bytes where its mapping had entries, else the same data and all comments."""
    text, path, value = edit
    before = read(text)
    known = [(), *paths(before)]
    above = at(before, next(path[:n] for n in range(len(path), -1, -1) if path[:n] in known))
    assume(path not in known and isinstance(above, dict | None) and without(before, path))
    try:
        after = take_out(put(text, path, value), path)
    except ProjectError:
        assert shared(text), "refused without a cause"
        return
    if above and not re.search(r",\s*(#[^\n]*\s*)*}", text):
        assert after == text
    else:
        assert (read(after) or {}) == without(before, path)
        assert comments(text) <= comments(after)


@ANY
@given(st.data())
def test_what_is_taken_out_takes_no_other_line(data: st.DataObject) -> None:
    """The value is gone, and what became empty with it; lines outside of that are the same, comments above it too."""
    text = data.draw(files())
    before = read(text)
    path = data.draw(st.sampled_from(list(paths(before))))
    assume(without(before, path))
    try:
        after = take_out(text, path)
    except ProjectError:
        swallowed = re.search(
            r"(?m)[|>]\S*\s*(#.*)?$", text
        )  # a comment left behind would be a word of a text above it
        assert shared(text) or swallowed, "refused without a cause"
        return
    assert (read(after) or {}) == without(before, path)
    top = next(path[:n] for n in range(1, len(path) + 1) if path[:n] not in list(paths(without(before, path))))
    first, last, _ = lines_of(text, top)
    old, new = text.removeprefix(MARK).splitlines(), after.removeprefix(MARK).splitlines()
    start, end = agreeing(old, new)
    assert start >= first - (not text.endswith("\n"))
    assert end >= len(old) - last
