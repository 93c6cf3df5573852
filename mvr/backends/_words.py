"""Words of a sentence as lemmas, and which entries of a vocabulary they name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

IRREGULAR = {
    "lying": "lie", "lay": "lie", "sat": "sit", "stood": "stand", "ran": "run", "sang": "sing", "sung": "sing",
    "fell": "fall", "fallen": "fall", "leaves": "leaf", "knives": "knife", "wolves": "wolf", "skies": "sky",
    "men": "man", "women": "woman", "children": "child", "people": "person", "feet": "foot", "left": "left",
    "danced": "dance", "dancing": "dance", "held": "hold", "wore": "wear", "worn": "wear", "lit": "light",
    "slept": "sleep", "snowing": "snow", "icy": "ice", "buses": "bus", "candles": "candle", "hills": "hill",
}  # fmt: skip
DENIALS = frozenset(("no", "not", "without", "never"))


def tokens(sentence: str) -> list[str]:
    """The words of a sentence in lower case, accents folded, hyphens as spaces."""
    plain = unicodedata.normalize("NFKD", sentence).encode("ascii", "ignore").decode().lower().replace("'s", "")
    return re.findall(r"[a-z0-9]+", plain)


def lemmas(word: str) -> tuple[str, ...]:
    """A word and the forms it may be an inflection of, most literal first."""
    found = [word]
    if word in IRREGULAR:
        found.append(IRREGULAR[word])
    for ending, puts in (
        ("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ing", ("", "e")), ("ed", ("", "e")),
        ("y", ("",)), ("er", ("", "e")), ("ly", ("",)),
    ):  # fmt: skip
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) >= 3:
            found += [stem + put for put in puts]
            if ending in ("ing", "ed", "y", "er") and len(stem) > 3 and stem[-1] == stem[-2]:
                found.append(stem[:-1])
    return tuple(dict.fromkeys(found))


class Vocabulary:
    """Entries, each named by words or phrases (a list, or text with commas).

    A sentence is matched by whole lemmas, longest phrase first.
    """

    def __init__(self, entries: Mapping[str, str | Iterable[str]]) -> None:
        self._phrases: dict[tuple[str, ...], str] = {}
        for entry, phrases in entries.items():
            for phrase in phrases.split(",") if isinstance(phrases, str) else phrases:
                self._phrases.setdefault(tuple(tokens(phrase)), entry)
        self._longest = max((len(phrase) for phrase in self._phrases), default=0)

    def find(self, sentence: str) -> list[str]:
        """Entries that a sentence names, in its order, each once; what "no" or "without" denies is left out."""
        words = tokens(sentence)
        found: dict[str, None] = {}
        index = 0
        while index < len(words):
            size, entry = self.at(words, index)
            if entry and not DENIALS & set(words[max(0, index - 2) : index]):
                found.setdefault(entry)
            index += size
        return list(found)

    def at(self, words: list[str], index: int) -> tuple[int, str | None]:
        """How many words the longest phrase at a place has, and its entry; 1 and None where none begins there."""
        for size in range(min(self._longest, len(words) - index), 0, -1):
            head, last = tuple(words[index : index + size - 1]), words[index + size - 1]
            for lemma in lemmas(last):
                if entry := self._phrases.get((*head, lemma)):
                    return size, entry
        return 1, None
