"""Reading: what a sentence of the user says of place, time, weather and light, and the clauses that a concept tells."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_WORD = re.compile(r"[\w'’-]+")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|;\s*")
_JOINT = re.compile(r",?\s+(?:and then|then|and|but|until)\s+", re.IGNORECASE)
_SUBORDINATE = re.compile(r",?\s+until\s+", re.IGNORECASE)


@cache
def vocabulary(name: str) -> Any:
    """A file of the vocabulary, such as `places`."""
    path = Path(__file__).with_name("vocabulary") / f"{name}.json"
    return json.loads(path.read_text("utf-8"))


@cache
def _finder(table: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern that finds every word of a table, longest first, and what each stands for."""
    if table == "places":
        entries = {name: entry["words"] for name, entry in vocabulary("places").items()}
    elif table == "lights":
        entries = {"light": vocabulary("sky")["lights"]["words"]}
    elif table == "clear":
        entries = {"clear": vocabulary("sky")["clear"]}
    else:
        entries = {name: entry["words"] for name, entry in vocabulary("sky")[table].items()}
    meaning = {word: name for name, words in entries.items() for word in words}
    longest = sorted(meaning, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest))})(?![\w])", re.IGNORECASE), meaning


def found(table: str, text: str) -> list[tuple[str, int, int]]:
    """What a sentence names of a table (places, times, weathers, lights, clear): meaning, start, end, in its order."""
    pattern, meaning = _finder(table)
    return [(meaning[match[1].lower()], match.start(), match.end()) for match in pattern.finditer(text)]


@dataclass(frozen=True)
class Reading:
    """What one sentence says. weather is `clear` where it is said to be over, or the sky to be clear."""

    text: str
    place: str | None
    place_words: str | None  # as the user wrote it, such as `the rain-soaked city`
    time: str | None
    weather: str | None
    lit: bool
    human: bool  # it names a person


@cache
def read(text: str) -> Reading:
    """Reads one sentence, or a few."""
    place, words = _place(text)
    times = [meaning for meaning, _, _ in found("times", text)]
    return Reading(
        text=text,
        place=place,
        place_words=words,
        time=times[0] if times else None,
        weather=_weather(text),
        lit=bool(found("lights", text)),
        human=bool(set(_tokens(text)) & set(vocabulary("words")["humans"])),
    )


def _place(text: str) -> tuple[str | None, str | None]:
    """The place a sentence names first, and its words. A word that only hints at one (an astronaut, to drive) yields
    to one that names it."""
    words = vocabulary("words")
    hints = {*words["humans"], *words["verbs"]}
    hits = found("places", text)
    for place, start, end in hits:
        if place == "underwater" and text[start:end].lower().startswith(("under ", "beneath ", "below ")):
            return place, _phrase(text, start, end)  # a city under the sea is no city of the land
    hinted: str | None = None
    index = -1
    while index + 1 < len(hits):
        index += 1
        place, start, end = hits[index]
        after = _WORD.match(text, end + 1) if text[end : end + 1] == " " else None
        if after and after[0].lower() in words["humans"]:
            continue  # a street musician may be anywhere
        if text[start:end].lower() in hints or text[start:end].lower().endswith("ing"):
            hinted = hinted or place
            continue
        while index + 1 < len(hits) and hits[index + 1][1] == end + 1 and text[end] == " ":
            index += 1  # a harbour city is a city
            place, _, end = hits[index]
        return place, _phrase(text, start, end)
    return hinted, None


def _phrase(text: str, start: int, end: int) -> str | None:
    """The words that name a place, from their determiner on, as `the ...`; None where none of them says more."""
    determiners = set(vocabulary("words")["determiners"])
    before = list(_WORD.finditer(text, 0, start))[-4:]
    for index in range(len(before) - 1, -1, -1):
        if text[before[index].end() : start].count(",") or before[index][0].lower() in _function_words() - determiners:
            return None
        if before[index][0].lower() in determiners:
            rest = text[before[index].end() : end].strip()
            first = before[index][0].lower()
            return f"{first if first in ('his', 'her', 'their', 'its', 'our', 'my') else 'the'} {rest}"
    return None


@cache
def _function_words() -> frozenset[str]:
    words = vocabulary("words")
    return frozenset([*words["after verb"], *words["verbs"], *words["pronouns"], "and", "or", "but", "of", "then"])


def _weather(text: str) -> str | None:
    sky = vocabulary("sky")
    told: str | None = None
    for meaning, start, end in found("weathers", text):
        before, after = text[:start].lower().rstrip(), text[end:].lower().lstrip()
        over = before.endswith(tuple(f" {word}" for word in sky["none"])) or before in sky["none"]
        over = over or before.endswith(("no more", "after the", "without the"))
        told = "clear" if over or after.startswith(tuple(sky["over"])) else meaning
    if told is None and found("clear", text):
        return "clear"
    return told


def _tokens(text: str) -> list[str]:
    return [token.lower() for token in _WORD.findall(text)]


def clauses(concept: str) -> list[str]:
    """The steps that a concept tells, each with its subject: `A girl walks home and finds a door` tells two."""
    told: list[str] = []
    for sentence in _SENTENCE.split(" ".join(concept.split())):
        if sentence.strip(" .!?;"):
            told += _steps(sentence.strip(" .!?;"))
    return told


def _steps(sentence: str) -> list[str]:
    about = subject(sentence)
    if about is None:
        return [sentence]
    for joint in _JOINT.finditer(sentence):
        left, right = sentence[: joint.start()], sentence[joint.end() :]
        tokens = _tokens(right)
        if len(tokens) < 2 or set(tokens[:3]) & {"it", "them"}:
            continue
        if _is_verb(tokens[0], tokens[1]) and not _SUBORDINATE.match(joint[0]):
            return [left, *_steps(f"{about} {right}")]
        if subject(right) is not None:
            return [left, *_steps(right)]
    return [sentence]


def _is_verb(token: str, after: str) -> bool:
    words = vocabulary("words")
    if token.endswith("ing") and len(token) > 5 and token not in words["no gerunds"]:
        return True
    follows = after in words["after verb"]
    return follows and (token in words["verbs"] or (token.endswith("s") and not token.endswith("ss")))


def subject(sentence: str) -> str | None:
    """Who or what a clause is about: its words up to the verb, if it opens with a noun or a pronoun. Else None."""
    words = vocabulary("words")
    matches = list(_WORD.finditer(sentence))[:12]
    tokens = [match[0].lower() for match in matches]
    if not tokens:
        return None
    opens = tokens[0] in words["determiners"] or tokens[0] in words["pronouns"]
    named = matches[0][0][0].isupper() and tokens[0] not in words["starters"]
    for index in range(1, len(tokens)):
        before, token = tokens[index - 1], tokens[index]
        if before in words["determiners"] or (token in words["determiners"] and not opens):
            continue
        after = tokens[index + 1] if index + 1 < len(tokens) else "."
        verb = token in words["verbs"] if after == "." else _is_verb(token, after) or token in words["verbs"]
        if not verb:
            continue
        if opens or (named and index <= 3):
            return sentence[: matches[index].start()].strip(" ,")
        first = max((n for n in range(index) if tokens[n] in words["determiners"]), default=None)
        return None if first is None else sentence[matches[first].start() : matches[index].start()].strip(" ,")
    return None


def things(sentence: str) -> list[str]:
    """What a sentence names that a camera can be held on, as `the ...`: no person, no place, no time and no idea."""
    words = vocabulary("words")
    ends = {
        *words["prepositions"],
        *words["pronouns"],
        *words["determiners"],
        *words["verbs"],
        "and",
        "or",
        "but",
        "then",
        "of",
    }
    named: list[str] = []
    for clause in clauses(sentence):
        about = subject(clause) or ""
        if about and clause.startswith(about):
            named.append(about)
        for match in _WORD.finditer(clause, len(about)):
            if match[0].lower() in words["determiners"]:
                rest = re.split(r"[,;:]", clause[match.end() :])[0]
                after = [word[0] for word in _WORD.finditer(rest)]
                count = next((n for n, word in enumerate(after) if word.lower() in ends), len(after))
                named.append(f"{match[0]} {' '.join(after[:count])}")
    found_ones = []
    where = _tokens(" ".join(read(clause).place_words or "" for clause in clauses(sentence)))
    for phrase in named:
        tokens, heard = _tokens(phrase), read(phrase)
        if len(tokens) not in (2, 3) or tokens[0] not in words["determiners"] or heard.human or tokens[-1] in where:
            continue
        if heard.place or heard.time or heard.weather or heard.lit or tokens[-1] in words["no things"]:
            continue
        first = tokens[0] if tokens[0] in ("his", "her", "their", "its") else "the"
        found_ones.append(f"{first} {' '.join(phrase.split()[1:])}")
    return list(dict.fromkeys(found_ones))


def opened(sentence: str) -> str:
    """A sentence as it reads in the middle of another one: no full stop, and a small letter where it is no name."""
    text = " ".join(sentence.split()).rstrip(" .;,:")
    first = _WORD.match(text)
    if first and first[0].lower() in vocabulary("words")["starters"]:
        return text[0].lower() + text[1:]
    return text


def capital(text: str) -> str:
    """The same with a capital first letter."""
    return text[:1].upper() + text[1:]
