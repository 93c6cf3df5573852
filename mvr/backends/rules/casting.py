"""Casting: who a concept speaks of, where the user's sheet names nobody, and what everybody feels in each section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .dice import ordered, pick
from .reading import vocabulary

MOST = 2  # a third face has too few shots to be known again
DETERMINERS = ("a", "an", "the", "one", "two", "his", "her", "their", "my", "another")
NAMES = ("first-", "second-")  # two strangers are first-stranger and second-stranger


def sheet(concept: str, seed: int) -> list[Any]:
    """The characters that a concept speaks of, as the project file would have them: the first one is the lead.

    Two strangers are two characters. Animals and things are left to the sentence; of a crowd nobody stands out.
    """
    table, people = vocabulary("cast"), vocabulary("cast")["people"]
    tokens = re.findall(r"[\w'-]+", concept.lower())
    found: list[tuple[str, str, str]] = []  # name, noun, how the concept describes it
    for index, token in enumerate(tokens):
        noun = table["singular"].get(token) or (token[:-1] if token.endswith("s") else token)
        if token not in people or tokens[index + 1 : index + 2] == ["of"] or noun in (other for _, other, _ in found):
            continue
        described = _described(tokens, index)
        many = noun != token
        found += [(f"{which}{noun}", noun, described) for which in NAMES] if many else [(noun, noun, described)]
    said = next((table["pronouns"][token] for token in tokens if token in table["pronouns"]), "")
    if not found and said:
        found = [(said, said, "")]
    cast: list[Any] = []
    for name, noun, described in found[:MOST]:
        cast.append(_dressed(name, noun, described, cast, (seed, said, described)))
    return cast


def _described(tokens: Sequence[str], index: int) -> str:
    """The words between a noun and its determiner, as `lonely` in `a lonely musician`; empty for more than two."""
    words: list[str] = []
    for token in reversed(tokens[max(0, index - 3) : index]):
        if token in DETERMINERS:
            return " ".join(reversed(words))
        words.append(token)
    return ""


def _dressed(name: str, noun: str, described: str, others: Sequence[Any], key: tuple[Any, ...]) -> Any:
    """One character with body, clothes and a mark of its own, none of them like another's. key: seed, `man` or `woman`
    where the concept says he or she, and its words; other words of the concept change nobody's clothes."""
    table = vocabulary("cast")
    taken = {words for other in others for words in (other["body"], other["wardrobe"], *other["features"])}
    kind = table["people"].get(noun) or key[1] or pick(("woman", "man"), *key, name, "kind")
    kind = f"old {kind}" if {"old", "elderly"} & set(described.split()) and f"old {kind}" in table["bodies"] else kind

    def first(options: Sequence[str], what: str) -> str:
        order = ordered(options, *key, name, what)
        return next((option for option in order if option not in taken), order[0])

    body = first(table["bodies"][kind], "body")
    called = " ".join(part for part in (described, noun) if part)
    known = noun in body.split()
    description = f"{body}, {described}" if known and described else body if known else f"{_a(called)}, {body}"
    own = table["wardrobes"].get(noun) or table["wardrobes"].get(kind) or table["worn"]
    return {
        "name": name,
        "role": "supporting" if others and not name.startswith(NAMES) else "lead",
        "description": description,
        "wardrobe": first(own if len(own) > len(others) else table["worn"], "wardrobe"),
        "features": [first(table["machine features" if kind == "robot" else "features"], "feature")],
        "arc": "",
        "range": [],
        "body": body,
    }


def _a(words: str) -> str:
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def moved(cast: Sequence[Any], tone: Any) -> list[Any]:
    """The cast with an arc and a range for whoever has none: those of the film's tone."""
    return [{**who, "arc": who["arc"] or tone["arc"], "range": who["range"] or tone["range"]} for who in cast]


def feelings(who: Any, count: int) -> list[str]:
    """What somebody feels in each of count sections: from where the arc begins, through the range, to where it ends."""
    ends = re.fullmatch(r"\s*from\s+(.+?)\s+to\s+(.+?)\s*", who["arc"], re.IGNORECASE)
    way = [ends[1], *who["range"], ends[2]] if ends else list(who["range"]) or [who["arc"]]
    return [way[min(len(way) - 1, index * len(way) // count)] for index in range(count)]
