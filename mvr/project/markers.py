"""Marker files: the sections that `music.sections` names, out of Audacity's labels or Reaper's markers and regions.

Audacity (File, Export, Export Labels) writes `start TAB end TAB label` in seconds, and under a label of a spectral
selection a line `\\ TAB low TAB high`. Reaper (Region/Marker Manager, Export) writes CSV: `#,Name,Start,End,Length`.
A line that begins with # is a comment, but for Reaper's first one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from mvr.model import MarkedSection
from mvr.project.units import shown

MOST_BYTES = 1_000_000
MOST = 1000  # sections: a song has ten or so, and each becomes nodes
SAME = 0.0005  # seconds: markers nearer than this are at one time

WORDS = (
    (
        "pre-chorus",
        ("pre chorus", "prechorus", "pre hook", "pre drop", "build", "build up", "buildup", "lift", "riser"),
    ),
    ("chorus", ("chorus", "hook", "refrain", "drop", "post chorus", "postchorus")),
    ("intro", ("intro", "introduction", "opening")),
    ("verse", ("verse", "strophe", "rap")),
    ("bridge", ("bridge", "middle 8", "middle eight")),
    ("break", ("break", "breakdown", "interlude", "instrumental")),
    ("solo", ("solo",)),
    ("outro", ("outro", "ending", "coda", "fade out")),
)
"""Each role with the words of a label that mean it; a label without any of them is a `part`."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,7}(?:[.,][0-9]{1,12})?")
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,5}):([0-9]{1,2}(?:\.[0-9]{1,9})?)")
_SECONDS = re.compile(r"[0-9]{1,6}\.[0-9]{1,9}")
_BARS = re.compile(r"-?[0-9]+\.[0-9]+\.[0-9]+")
_REAPER_ID = re.compile(r"[MR][0-9]+")
_AUDACITY = "a label such as 12.500000<TAB>24.000000<TAB>Verse 1"
_REAPER = "a marker such as M1,Verse 1,0:12.500,,"


class Misplaced(ValueError):
    """A marker file that cannot be read: in which line, what was found, what was expected, and how to mend it."""

    def __init__(self, line: int, found: str, expected: str = "", hint: str = "") -> None:
        super().__init__(f"{line}: {found}")
        self.line, self.found, self.expected, self.hint = line, found, expected, hint


def role(label: str) -> str:
    """The role that a label names, by the first of its words that means one: `2nd Pre-Chorus (quiet)` is a pre-chorus.

    `part` where none does.
    """
    words = f" {' '.join(re.findall(r'[a-z]+|[0-9]+', label.lower()))} "
    found = [(at, -len(word), one) for one, known in WORDS for word in known if (at := words.find(f" {word} ")) >= 0]
    return min(found)[2] if found else "part"


def read(path: Path) -> tuple[bytes, tuple[MarkedSection, ...]]:
    """A marker file's bytes, and its sections by their start, in seconds. Raises Misplaced, OSError."""
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Misplaced(1, f"more than {MOST_BYTES / 1e6:g} MB", "markers", "name the right file at music.sections")
    return raw, sections(_decoded(raw))


def sections(text: str) -> tuple[MarkedSection, ...]:
    """The sections that a marker file's text names, by their start. Raises Misplaced."""
    rows = [(number, row) for number, row in enumerate(re.split(r"\r\n|\r|\n", text), 1) if row.strip()]
    header = next((row for _, row in rows if _is_header(row)), None)
    rows = [(number, row) for number, row in rows if not row.lstrip().startswith("#")]
    if not rows:
        raise Misplaced(1, "no markers", "Audacity labels or Reaper markers", "was it exported whole?")
    reaper = header is not None or _REAPER_ID.match(rows[0][1])
    marks = list(_reaper(rows, header) if reaper else _audacity(rows))
    if len(marks) > MOST:
        raise Misplaced(marks[MOST][0], f"more than {MOST} markers", "a song's sections", "are these beats?")
    marks.sort(key=lambda mark: mark[1])
    for (line, at, _), (other, later, _) in pairwise(marks):
        if later - at < SAME:
            found = f"a second marker at {later:g} s; the first is in line {min(line, other)}"
            raise Misplaced(max(line, other), found, "one marker at a time", "keep one of the two")
    return tuple(MarkedSection(round(at, 6), role(label)) for _, at, label in marks)


def _audacity(rows: Iterable[tuple[int, str]]) -> Iterable[tuple[int, float, str]]:
    """Line, seconds and label of each of Audacity's labels. Where a label ends is not asked: its section goes on."""
    for number, row in rows:
        start, *rest = row.split("\t")
        if start.strip() == "\\":
            continue
        if not rest or not _NUMBER.fullmatch(start.strip()) or not _NUMBER.fullmatch(rest[0].strip()):
            raise Misplaced(
                number, shown(row), _AUDACITY, f"or, of Reaper, the line #,Name,Start,End,Length, and {_REAPER}"
            )
        at = float(start.strip().replace(",", "."))
        if at < 0:
            raise Misplaced(number, f"{start.strip()} s, before the song", "a time in the song", "move the label")
        yield number, at, " ".join(rest[1:])


def _reaper(rows: Iterable[tuple[int, str]], header: str | None) -> list[tuple[int, float, str]]:
    """Line, seconds and name of each of Reaper's regions; where it has none, of its markers.

    `=START` and `=END` are no sections: Reaper renders between them.
    """
    names = [name.strip().lower() for name in next(csv.reader([header or "#,Name,Start,End,Length"]))]
    columns = [names.index(name) if name in names else -1 for name in ("#", "name", "start")]
    found: dict[str, list[tuple[int, float, str]]] = {"R": [], "M": []}
    for number, row in rows:
        cells = next(csv.reader([row]))
        if -1 in columns or len(cells) <= max(columns) or not _REAPER_ID.fullmatch(cells[columns[0]].strip()):
            raise Misplaced(number, shown(row), _REAPER, "export it again from Reaper's Region/Marker Manager")
        mark, name, start = (cells[column].strip() for column in columns)
        if name.upper() not in ("=START", "=END"):
            found[mark[0]].append((number, _clock(number, start), name))
    if not any(found.values()):
        raise Misplaced(1, "no markers", "Reaper's markers or regions", "was it exported whole?")
    return found["R"] or found["M"]


def _clock(number: int, start: str) -> float:
    """Seconds of a time as Reaper's ruler writes it: `1:02:03.400`, `2:03.400` or `123.400`."""
    if match := _CLOCK.fullmatch(start):
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + float(match[3])
    if _SECONDS.fullmatch(start):
        return float(start)
    hint = "set Reaper's ruler to Minutes:Seconds, and export again"
    if _BARS.fullmatch(start):
        raise Misplaced(number, f"{shown(start)}, a measure and beat", "a time such as 0:12.500", hint)
    if start.isdigit():
        raise Misplaced(number, f"{shown(start)}, seconds or samples", "a time such as 0:12.500", hint)
    raise Misplaced(number, shown(start), "a time such as 0:12.500", hint)


def _is_header(row: str) -> bool:
    names = [name.strip().lower() for name in row.split(",")]
    return names[0] == "#" and "start" in names


def _decoded(raw: bytes) -> str:
    """The text of a file in UTF-8 or, with its mark, UTF-16, else in Latin-1: a label's words are ASCII."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
