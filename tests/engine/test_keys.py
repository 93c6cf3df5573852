"""Keys: the digest of exactly what a node is made by, to which recipe, and from what."""

from __future__ import annotations

import copy
import json
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvr.engine import digest

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))
RECIPES = st.dictionaries(st.text(), VALUES, min_size=1, max_size=4)
A, B = "a" * 64, "b" * 64


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same value, its mappings in another order."""
    if isinstance(value, dict):
        items = [(name, shuffled(inner, chance)) for name, inner in value.items()]
        chance.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        return [shuffled(inner, chance) for inner in value]
    return value


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every leaf, an empty list or mapping being one."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [place for name, one in inner for place in places(one, (*path, name))]
    return found or [path]


def changed(value: Any, path: tuple[Any, ...], leaf: Any) -> Any:
    """The value with another leaf at a path."""
    if not path:
        return leaf
    value = copy.copy(value)
    value[path[0]] = changed(value[path[0]], path[1:], leaf)
    return value


@given(RECIPES, st.randoms(use_true_random=False))
def test_the_order_of_a_mapping_changes_nothing(recipe: Any, chance: random.Random) -> None:
    """The order in which a recipe's fields were written is in no key."""
    assert digest.canonical(shuffled(recipe, chance)) == digest.canonical(recipe)


@given(RECIPES, LEAVES, st.data())
def test_every_leaf_counts(recipe: Any, leaf: Any, data: st.DataObject) -> None:
    """Another value anywhere in a recipe is another key, be it as small as 1 for 1.0 or null for absent."""
    path = data.draw(st.sampled_from(places(recipe)))
    edited = changed(recipe, path, leaf)
    same = json.dumps(edited, sort_keys=True) == json.dumps(recipe, sort_keys=True)
    assert (digest.key("s", 1, edited, {}, {}) == digest.key("s", 1, recipe, {}, {})) == same


@given(RECIPES)
def test_a_recipe_means_the_same_after_a_journey(recipe: Any) -> None:
    """Written to a record, or sent to a worker, and read again, a recipe has the key that it had."""
    assert digest.canonical(json.loads(json.dumps(recipe))) == digest.canonical(recipe)


def test_everything_that_makes_a_node_is_in_its_key() -> None:
    """Stage, version, recipe, each input and file by role and order: no two of these have one key."""
    keys = [
        digest.key("clip", 1, {"say": 1}, {"in": [A, B]}, {"song": [A]}),
        digest.key("still", 1, {"say": 1}, {"in": [A, B]}, {"song": [A]}),
        digest.key("clip", 2, {"say": 1}, {"in": [A, B]}, {"song": [A]}),
        digest.key("clip", 1, {"say": 2}, {"in": [A, B]}, {"song": [A]}),
        digest.key("clip", 1, {"say": 1}, {"in": [B, A]}, {"song": [A]}),
        digest.key("clip", 1, {"say": 1}, {"in": [A]}, {"song": [A]}),
        digest.key("clip", 1, {"say": 1}, {"on": [A, B]}, {"song": [A]}),
        digest.key("clip", 1, {"say": 1}, {"in": [A], "on": [B]}, {"song": [A]}),
        digest.key("clip", 1, {"say": 1}, {"in": [A, B]}, {"song": [B]}),
        digest.key("clip", 1, {"say": 1}, {"in": [A, B], "song": [A]}, {}),
        digest.key("clip", 1, {"say": 1}, {}, {"song": [A], "in": [A, B]}),
    ]
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 64 and set(key) <= set("0123456789abcdef") for key in keys)


def test_a_key_is_what_it_always_was() -> None:
    """A key is pinned, byte for byte: another one would make every film again."""
    assert digest.canonical({"b": [1.5, None, "é"], "a": True}) == '{"a":true,"b":[1.5,null,"é"]}'.encode()
    assert digest.key("still", 1, {"say": "rain"}, {"in": [A]}, {}) == (
        "9659a3ca663b3e4b93e8a6df98f3875ea137fe4722935486fb1c8056d074c4b7"
    )


def test_what_is_no_json_has_no_key() -> None:
    """NaN and infinity are refused: they are not equal to themselves, or not JSON."""
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="JSON"):
            digest.canonical({"x": value})
    with pytest.raises(TypeError):
        digest.canonical({"x": Path()})


def test_a_file_has_the_digest_of_its_bytes(tmp_path: Path) -> None:
    """A file of many blocks has the digest that its bytes have in one piece."""
    data = random.Random(1).randbytes((1 << 20) * 2 + 17)
    (tmp_path / "x").write_bytes(data)
    assert digest.of_file(tmp_path / "x") == digest.of_bytes(data)


def test_a_file_is_read_a_block_at_a_time(tmp_path: Path) -> None:
    """The digest of a long file, a film of hours, takes no more memory than two blocks of it."""
    with (tmp_path / "film.mp4").open("wb") as film:
        film.truncate(16 << 20)
    tracemalloc.start()
    digest.of_file(tmp_path / "film.mp4")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3 << 20


def test_a_sealed_document_is_read_as_it_was_written() -> None:
    """The seal comes off again, and what never had one, has a wrong one or is no mapping, is refused."""
    data = digest.sealed({"b": 1, "a": "é"})
    assert digest.unsealed(data) == {"a": "é", "b": 1}
    for other in (b'{"a":1}', b"[1]", data.replace(b"1", b"2"), data + b" ", digest.canonical({"sum": "x", "a": 1})):
        with pytest.raises(ValueError, match=r"^this is not what was sealed$"):
            digest.unsealed(other)
