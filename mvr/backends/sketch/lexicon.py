"""The words that the sketch knows, out of lexicon.json; those of places, things and looks stand in their own files.

The file has a table for each kind of word; a table names, for each entry that the sketch draws, the words and phrases
that mean it, with commas between them, in their plain form: they are read in any of theirs. An entry is what code asks
for, so that a word more is a word in the file, and an entry more is a drawing more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

_TABLES: Mapping[str, Mapping[str, str]] = json.loads(Path(__file__).with_name("lexicon.json").read_text("utf-8"))

KINDS = ("weather", "time", "light", "mood", "size", "angle", "pose", "facing", "played", "player")
"""Tables of what a sentence asks for. played: instruments, where a word of `playing` or `at the` says that somebody
plays them; player: who plays them anyway."""


def table(kind: str) -> Mapping[str, str]:
    """A table: entry -> its words, with commas between them."""
    return _TABLES[kind]


def words(kind: str) -> frozenset[str]:
    """Every word of a table: `playing`, or `tinted`, what a colour before it colours the whole picture."""
    return frozenset(word.strip() for entry in _TABLES[kind].values() for word in entry.split(","))
