"""YAML 1.2, as editors read it, with the place of every value."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mvr.model import Json, Place
from mvr.project import yamlfile
from mvr.resources import resource

EXAMPLES = [*resource("templates/projects").glob("*.yaml"), *resource("projects").glob("*/*.yaml")]


def read(text: str | bytes) -> yamlfile.Document:
    return yamlfile.read(text.encode() if isinstance(text, str) else text, "p.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1:40", "1:40"), ("0:12.5", "0:12.5"), ("no", "no"), ("off", "off"), ("yes", "yes"), ("on", "on"), ("y", "y"),
        ("0777", "0777"), ("-012", "-012"), ("1_000", "1_000"), ("0b11", "0b11"), ("2026-05-01", "2026-05-01"),
        ("<<", "<<"), ("=", "="), ("4:5", "4:5"), ("190:20:30", "190:20:30"), ("1e", "1e"), (".", "."), ("+", "+"),
        ("0", 0), ("-7", -7), ("+7", 7), ("20261", 20261), ("0o17", 15), ("0x1F", 31),
        ("2.39", 2.39), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("-1.5E-2", -0.015), ("00.5", 0.5),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("tRue", "tRue"),
        ("null", None), ("~", None), ("Null", None), ("", None), ("nULL", "nULL"), ("'12'", "12"), ('"null"', "null"),
        ("!!str 12", "12"), ("! 12", "12"), ("!!int 12", 12), ("!!float 12", 12.0), ("9" * 400, "9" * 400),
    ],
)  # fmt: skip
def test_plain_values_are_those_of_the_core_schema(text: str, value: Json) -> None:
    """A plain word is a number, true, false or null only where YAML 1.2's core schema says so."""
    document = read(f"a: {text}")
    assert document.faults == ()
    assert document.data == {"a": value}
    assert type(document.data["a"]) is type(value)


def test_every_value_has_a_place() -> None:
    """Scalars stand where they begin; blocks and empty values stand where their key does."""
    document = read("a: x\nshots:\n  chorus-1.5:\n    prompt: >\n      he\n  '@1:23.4': {take: 3}\nb:\n- - q\nc:\n")
    assert {path: (place.line, place.column) for path, place in document.places.items()} == {
        "": (1, 1), "a": (1, 4), "shots": (2, 1), "shots.chorus-1.5": (3, 3), "shots.chorus-1.5.prompt": (4, 13),
        "shots.@1:23.4": (6, 14), "shots.@1:23.4.take": (6, 21), "b": (7, 1), "b[0]": (8, 3), "b[0][0]": (8, 5),
        "c": (9, 1),
    }  # fmt: skip
    assert document.keys["shots.chorus-1.5.prompt"] == Place(4, 5)


def test_an_alias_stands_for_all_of_what_it_names() -> None:
    """What an alias stands for has the places of what it names, and the alias its own."""
    document = read("a: &x {b: [1, 2]}\nc: *x\n")
    assert document.data == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}}
    assert document.places["c"] == Place(2, 4)
    assert document.places["c.b[1]"] == document.places["a.b[1]"]


def test_columns_count_characters_and_a_byte_order_mark_counts_for_nothing() -> None:
    """A place is what an editor shows, whatever the bytes before it."""
    document = read(b"\xef\xbb\xbf" + "ä: é\r\n日本: [x, y]\r\n".encode())
    assert (document.places["ä"], document.places["日本[1]"]) == (Place(1, 4), Place(2, 9))


def test_newer_line_breaks_are_plain_characters() -> None:
    """U+0085, U+2028 and U+2029 break no line in YAML 1.2, so lines after them keep their number."""
    text = "\x85\u2028\u2029"
    document = read(f"a: x{text}y\nb: 1\n")
    assert document.data == {"a": f"x{text}y", "b": 1}
    assert document.places["b"] == Place(2, 4)


@pytest.mark.parametrize(
    ("text", "place", "found", "hint"),
    [
        ("a: 1\nb: 2\na: 3\n", (3, 1), "the key 'a' a second time", "it stands on line 1 already"),
        ("a: !!python/object/apply:os.system [ls]\n", (1, 4), "the tag '!!python/object/apply:os.system'", "remove"),
        ("a: !thing x\n", (1, 4), "the tag '!thing'", "remove the tag"),
        ("a: !!int x\n", (1, 4), "the tag '!!int'", "remove the tag"),
        ("a: !!set {x}\n", (1, 4), "the tag '!!set'", "remove the tag"),
        ("a: .nan\n", (1, 4), ".nan is no number", "digits"),
        ("a: -.inf\n", (1, 4), "-.inf is no number", "digits"),
        ("a: 1e999\n", (1, 4), "1e999 is no number", "digits"),
        ("a: *b\n", (1, 4), "*b, which is not known", "in quotes"),
        ("a: &x [*x]\n", (1, 8), "*x inside of what it stands for", "in quotes"),
        ("[a]: 1\n", (1, 1), "a key that is no plain word", "in quotes"),
        ("? {a: 1}\n: 2\n", (1, 3), "a key that is no plain word", "in quotes"),
        ("a: 1\n---\nb: 2\n", (2, 1), "a second document", "one project"),
        ('a: "x\\0y"\n', (1, 4), "the control character U+0000", "remove it"),
        ('a: "x\\e[2J"\n', (1, 4), "the control character U+001B", "remove it"),
        ('"\\e": 1\n', (1, 1), "a key with a control character: '\\x1b'", "remove it"),
    ],
)
def test_a_fault_that_leaves_the_rest_readable(text: str, place: tuple[int, int], found: str, hint: str) -> None:
    """What YAML allows and a project file does not is told with its place, and reading goes on."""
    document = read(text)
    [fault] = document.faults
    assert ((fault.line, fault.column), fault.found[: len(found)]) == (place, found)
    assert hint in fault.hint
    json.dumps(document.data, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "place", "found", "hint"),
    [
        ("a:\n\tb: 1\n", (2, 1), "a tab", "indent with spaces"),
        ("shots:\n  @1:23.4:\n    take: 1\n", (2, 3), "text that begins with @", "put it in quotes"),
        ("concept: a walk: at night\n", (1, 16), "a colon in the middle of a text", "in quotes"),
        ("title: 'open\nsong: x\n", (1, 8), "a quotation that is not closed", "close it"),
        ("a: [1, 2\nb: 3\n", (2, 2), "a list or mapping in brackets left open", "bracket"),
        ("a:\n  - 1\n b: 2\n", (3, 2), "a line that does not belong", "indent"),
        ('a: "\\q"\n', (1, 5), "an unknown escape in double quotes", "backslash"),
        ("concept: hello\nworld\n", (3, 1), "a line that is neither", "colon"),
        ("%YAML 3.0\n---\na: 1\n", (1, 1), "this is no YAML", ""),
        (b"PK\x03\x04", (1, 3), "the control character U+0003", "project file"),
        (b"a: 1\nb: \xff\xd8\n", (2, 4), "a byte that is not UTF-8 (0xff)", "project file"),
        (b"RIFF\x24\x08\x00\x00WAVE", (1, 6), "the control character U+0008", "project file"),
        (b"a: x\x00y\n", (1, 5), "a NUL byte", "remove it"),
        ("a: 1\n".encode("utf-16"), (1, 1), "the file is UTF-16", "save it as UTF-8"),
        ("a: 1\n".encode("utf-16-be"), (1, 1), "the file is UTF-16", "save it as UTF-8"),
        (b" " * (4 * 1024 * 1024 + 1), (1, 1), "the file has 4.2 MB", "project file"),
        ("[" * 100_000, (1, 42), "lists or mappings nested 41 deep", "brackets"),
        ("- " * 100_000, (1, 83), "lists or mappings nested 41 deep", "brackets"),
    ],
)
def test_a_file_that_is_no_yaml(text: str | bytes, place: tuple[int, int], found: str, hint: str) -> None:
    """What cannot be read at all is one fault, where the reader stopped, in a user's words."""
    with pytest.raises(yamlfile.Unreadable) as caught:
        read(text)
    fault = caught.value.fault
    assert ((fault.line, fault.column), fault.found[: len(found)]) == (place, found)
    assert hint in fault.hint


def test_an_alias_bomb_is_refused_while_it_is_small() -> None:
    """Aliases are counted as what they stand for before anything walks them."""
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    start = time.monotonic()
    with pytest.raises(yamlfile.Unreadable, match="more than 300,000 values"):
        read("\n".join(levels))
    assert time.monotonic() - start < 5


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufeff"))
NUMBER = st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_json_is_read_as_itself(value: Json) -> None:
    """JSON is YAML 1.2: what json writes, the reader reads as the same values."""
    document = read(json.dumps({"a": value}, ensure_ascii=False))
    assert document.faults == ()
    assert document.data == {"a": value}


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_a_document_or_unreadable(raw: bytes) -> None:
    """Whatever the bytes, the reader gives plain data, or one fault."""
    try:
        document = yamlfile.read(raw, "p.yaml")
    except yamlfile.Unreadable as unreadable:
        assert unreadable.fault.line >= 1
    else:
        json.dumps(document.data, allow_nan=False)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_examples_read_the_same_in_pyyaml(file: Path) -> None:
    """The examples mean the same to us and to PyYAML's own loader, as text, value by value."""
    theirs = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)
    ours = yamlfile.read(file.read_bytes(), file.name)

    def as_text(value: Json) -> Json:
        if isinstance(value, dict):
            return {key: as_text(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [as_text(inner) for inner in value]
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    assert as_text(ours.data) == theirs
    assert ours.faults == ()
