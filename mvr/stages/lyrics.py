"""Lyrics: the lines of a timed lyrics file, in the film's time; with the words' own times where the file has them.

Read are LRC (several stamps a line, `[offset:]`, enhanced `<00:12.50>` word stamps), SubRip (.srt) and WebVTT (.vtt,
with its word stamps). What the file says is data: markup and control characters are taken out, lengths are bounded.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

from mvr.engine.job import Desk, Job, Json, Made
from mvr.errors import StageError
from mvr.model import Project

EACH = "project"
VERSION = 2
EXACT = True
LANE = "cpu"

MOST_BYTES = 4_000_000  # of a file; the words of a two-hour opera have 100,000
MOST_LINES = 20_000
MOST_CHARACTERS = 500  # of a line; what is longer is cut off
LONGEST = 8.0  # seconds that a line stands whose end the file does not say
LAST = 4.0  # seconds that the last line stands

STAMP = r"(\d{1,4})\s*:\s*(\d{1,2})(?:\s*:\s*(\d{1,2}))?(?:\s*[.,]\s*(\d{1,3}))?"
LRC_STAMP = re.compile(rf"\[\s*{STAMP}\s*\]")
LRC_ANY = re.compile(rf"[\[<]\s*{STAMP}\s*[\]>]")
CUE_STAMP = re.compile(rf"<\s*{STAMP}\s*>")
LRC_OFFSET = re.compile(r"\s*\[\s*offset\s*:\s*([+-]?\d{1,9})\s*\]", re.IGNORECASE)
SRT_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?"
SRT_SPAN = re.compile(rf"\s*{SRT_TIME}\s*-->\s*{SRT_TIME}(?:\s.*)?$")
ROW = re.compile(r"\r\n|\r|\n")
MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>|\{[\\=][^{}]{0,200}\}")
RUBY = re.compile(r"<rt(?:\.[^<>]{0,200})?>.*?(?:</rt>|</ruby>)")  # how a word is said, written small above it
VTT_FIRST = re.compile(r"WEBVTT(?:[ \t].*)?")
VTT_ASIDE = re.compile(r"(?:NOTE(?:[ \t].*)?|(?:STYLE|REGION)[ \t]*)")
BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF}


@dataclass(frozen=True)
class Word:
    """One word; end None: when the next begins."""

    start: float
    end: float | None
    text: str


@dataclass(frozen=True)
class Line:
    """One line in seconds of the song's file; end None: the file does not say."""

    start: float
    end: float | None
    text: str
    words: tuple[Word, ...] = ()


def recipe(project: Project, unit: object = None) -> tuple[dict[str, Json], dict[str, str]]:
    """Which kind of file it is, and which seconds of the song's file the film shows (end None: to its end)."""
    kind = Path(project.lyrics or "").suffix.lower().removeprefix(".")
    values = {"kind": kind, "start": project.song.start, "end": project.song.end}
    return values, {"kind": "lyrics", "start": "song.start", "end": "song.end"}


def make(job: Job, desk: Desk) -> Made:
    """`lyrics.json` {lines}, and the part text {lines: [text]}. Raises StageError where no line has a time."""
    lines = lines_of(desk.path(job.files["lyrics"][0]), job.recipe["kind"])
    start, end = job.recipe["start"], job.recipe["end"]
    shown = [entry for line in ended(lines) if (entry := _in_film(line, start, end))]
    documents = {"": {"lines": shown}, "text": {"lines": [entry["text"] for entry in shown]}}
    parts = {"": desk.out / "lyrics.json", "text": desk.out / "text.json"}
    for name, document in documents.items():
        parts[name].write_text(json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1), "utf-8")
    return Made(parts)


def lines_of(path: Path, kind: str = "") -> list[Line]:
    """The lines of a file of that kind, its suffix's if left out. Raises StageError, with the file's name and line."""
    reader = READERS.get(kind or path.suffix.lower().removeprefix("."))
    if reader is None:
        raise StageError(
            f"{path.name}: lyrics of this kind cannot be read", "name a .lrc, .srt or .vtt file at lyrics:"
        )
    return reader(path.name, decoded(path))


def decoded(path: Path) -> str:
    """The file's text: UTF-8 with or without its mark, UTF-16 with it, else as Windows and Latin-1 wrote it."""
    if path.stat().st_size > MOST_BYTES:
        raise StageError(
            f"{path.name}:1: this is {path.stat().st_size / 1e6:.0f} MB, no lyrics", "name the right file at lyrics:"
        )
    whole = path.read_bytes()
    if whole[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return whole.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return whole.decode(encoding)
        except UnicodeDecodeError:
            continue
    return whole.decode("latin-1")


def clean(text: str) -> str:
    """The text without control characters and marks that turn its direction, its spaces single, bounded."""
    kept = (" " if unicodedata.category(char) == "Cc" else char for char in text if ord(char) not in BIDI)
    seen = "".join(char for char in kept if unicodedata.category(char) not in ("Cs", "Co"))
    return " ".join(seen.split())[:MOST_CHARACTERS].rstrip()


def _seconds(one: str, two: str, three: str | None = None, fraction: str | None = None) -> float:
    """Of a stamp `m:s`, `m:s.5` (or .50, .500), `h:m:s.50`; three numbers without a fraction are `m:s:50`, as some
    players write it."""
    if three is not None and fraction is None:
        three, fraction = None, three
    part = int(fraction) / 10 ** len(fraction) if fraction else 0.0
    whole = (int(one) * 60 + int(two)) * (60 if three is not None else 1) + int(three or 0)
    return whole + part


def read_lrc(name: str, text: str) -> list[Line]:
    """The lines of an LRC file by their start, an empty one where the file ends a line so.

    `[offset:500]` means half a second sooner. A line with several stamps stands at each of them.
    """
    lines: list[Line] = []
    offset = 0.0
    for row in ROW.split(text):
        if found := LRC_OFFSET.match(row):
            offset = int(found[1]) / 1000
            continue
        starts, rest = [], row.strip().lstrip("\ufeff")
        while found := LRC_STAMP.match(rest):
            starts.append(_seconds(*found.groups()))
            rest = rest[found.end() :].lstrip()
        for start in starts:
            line = _lrc_line(starts[0], rest)
            shift = start - starts[0]
            words = tuple(_moved(word, shift) for word in line.words)
            lines.append(replace(line, start=start, end=None if line.end is None else line.end + shift, words=words))
            _bounded(name, len(lines))
    if not any(line.text for line in lines):
        raise StageError(f"{name}:1: no line has a time", "a line of an .lrc file looks like [00:12.50]words")
    moved = [_shifted(line, -offset) for line in lines]
    return sorted(moved, key=lambda line: line.start)


def _lrc_line(start: float, rest: str) -> Line:
    """One line from what stands behind its stamps: plain, or in words that have stamps of their own."""
    pieces = _pieces(start, rest, LRC_ANY)
    last, after = pieces[-1]
    closing = last if len(pieces) > 1 and not clean(after) else None
    return Line(start, closing, clean("".join(piece for _, piece in pieces)), _words(pieces))


def _pieces(start: float, text: str, stamp: re.Pattern[str]) -> list[tuple[float, str]]:
    """What stands between the stamps of a text, each with its time; a time before the one above it is that one."""
    found = list(stamp.finditer(text))
    edges = [*(one.start() for one in found), len(text)]
    pieces = [(start, text[: edges[0]])]
    for one, until in zip(found, edges[1:], strict=True):
        pieces.append((max(pieces[-1][0], _seconds(*one.groups())), text[one.end() : until]))
    return pieces


def _words(pieces: Sequence[tuple[float, str]]) -> tuple[Word, ...]:
    """The words of a line that has stamps, each until the next stamp; none where it has none."""
    if len(pieces) == 1:
        return ()
    ends = [*(time for time, _ in pieces[1:]), None]
    return tuple(
        Word(time, end, word) for (time, piece), end in zip(pieces, ends, strict=True) if (word := clean(piece))
    )


def read_srt(name: str, text: str) -> list[Line]:
    """The cues of a SubRip file by their start; the lines of a cue become one. Its numbers are not read."""
    return _cues(name, ROW.split(text.replace("\ufeff", "")), "a cue of an .srt file", "00:00:12,500 --> 00:00:15,000")


def read_vtt(name: str, text: str) -> list[Line]:
    """The cues of a WebVTT file by their start (W3C, "WebVTT: The Web Video Text Tracks Format").

    Passed over are the header, NOTE (with a cue under it, too: it was commented out), STYLE and REGION blocks, cues'
    names, and where on the screen they stand.
    """
    rows = ROW.split(text.removeprefix("\ufeff"))
    if not VTT_FIRST.fullmatch(rows[0]):
        raise StageError(f"{name}:1: {clean(rows[0])[:60]!r} is not WEBVTT", "the first line of a .vtt file is WEBVTT")
    head = aside = True
    gap = False
    for i, row in enumerate(rows):
        if not row.strip():
            head, aside, gap = False, False, True
            continue
        if head and "-->" in row:  # a cue right under the first line
            head = aside = False
        aside = aside or (gap and VTT_ASIDE.fullmatch(row) is not None)
        gap = False
        if aside:
            rows[i] = ""
    return _cues(name, rows, "a cue of a .vtt file", "00:12.500 --> 00:15.000")


def _cues(name: str, rows: Sequence[str], called: str, example: str) -> list[Line]:
    """The lines that stand under `start --> end` rows, each up to an empty row or the next time."""
    lines: list[Line] = []
    at = 0
    while at < len(rows):
        row, at = rows[at], at + 1
        if "-->" not in row:
            continue
        found = SRT_SPAN.match(row)
        if not found:
            raise StageError(f"{name}:{at}: {clean(row)[:60]!r} is no time", f"a cue's time looks like {example}")
        hours, minutes, seconds, part, *until = found.groups()
        start, end = _srt_seconds(hours, minutes, seconds, part), _srt_seconds(*until)
        texts = []
        while at < len(rows) and rows[at].strip() and "-->" not in rows[at]:
            texts.append(rows[at])
            at += 1
        if at < len(rows) and "-->" in rows[at] and texts and texts[-1].strip().isdigit():
            texts.pop()  # the next cue's number, where no empty line stands before it
        lines.append(_cue(start, end if end > start else None, " ".join(texts)))
        _bounded(name, len(lines))
    if not any(line.text for line in lines):
        raise StageError(f"{name}:1: no line has a time", f"{called} has a line such as {example}")
    return sorted(lines, key=lambda line: line.start)


def _cue(start: float, end: float | None, text: str) -> Line:
    """One cue, in words where stamps stand in its text. They stay within the cue."""
    pieces = [
        (time if end is None else min(time, end), unescape(MARKUP.sub("", piece)))
        for time, piece in _pieces(start, RUBY.sub("", text), CUE_STAMP)
    ]
    return Line(start, end, clean("".join(piece for _, piece in pieces)), _words(pieces))


def _srt_seconds(hours: str | None, minutes: str, seconds: str, part: str | None) -> float:
    return int(hours or 0) * 3600 + _seconds(minutes, seconds, None, part)


READERS = {"lrc": read_lrc, "srt": read_srt, "vtt": read_vtt}
"""Who reads a file, by its suffix."""


def _bounded(name: str, count: int) -> None:
    if count > MOST_LINES:
        raise StageError(f"{name}: more than {MOST_LINES} lines have a time", "name the right file at lyrics:")


def _moved(word: Word, by: float) -> Word:
    return replace(word, start=word.start + by, end=None if word.end is None else word.end + by)


def _shifted(line: Line, by: float) -> Line:
    words = tuple(_moved(word, by) for word in line.words)
    return replace(line, start=line.start + by, end=None if line.end is None else line.end + by, words=words)


def ended(lines: Sequence[Line]) -> list[Line]:
    """The lines that have words, each with an end: its own, the next start, or LONGEST after its own start."""
    out = []
    for i, line in enumerate(lines):
        if not line.text:
            continue
        after = next((other.start for other in lines[i + 1 :] if other.start > line.start + 1e-6), None)
        last = max([line.start, *(word.start for word in line.words)])
        end = line.end if line.end is not None else min(after or last + LAST, last + LONGEST)
        if line.words:
            words = list(line.words)
            words[-1] = replace(words[-1], end=words[-1].end if words[-1].end is not None else max(end, last))
            line = replace(line, words=tuple(words))  # noqa: PLW2901 - the same line, whole
        out.append(replace(line, end=end))
    return out


def _in_film(line: Line, start: float, end: float | None) -> Json | None:
    """The line with film times, cut to the film; None where it is not in it."""
    length = float("inf") if end is None else end - start

    def inside(entry: Line | Word) -> Json | None:
        until = entry.start if entry.end is None else entry.end
        first, last = max(0.0, entry.start - start), min(length, until - start)
        if entry.start - start >= length or last <= 0 or last < first:
            return None
        return {"start": round(first, 6), "end": round(last, 6), "text": entry.text}

    shown = inside(line)
    return shown and {**shown, "words": [word for entry in line.words if (word := inside(entry))]}
