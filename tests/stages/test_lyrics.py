"""Lyrics files as they are found in the world, and where their lines fall in the film."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvr.errors import StageError
from mvr.model import Song
from mvr.resources import resource
from mvr.stages import cut, lyrics
from tests.desk import run
from tests.score import song
from tests.stages.film_project import PROJECT

DEMO = Path(__file__).parents[2] / "projects" / "demo"


def made(folder: Path, whole: bytes | str, kind: str = "lrc", start: float = 0.0, end: float | None = None) -> Any:
    """The stage's documents for a file's bytes: the lines, checked against their schema."""
    path = folder / f"words.{kind}"
    path.write_bytes(whole.encode() if isinstance(whole, str) else whole)
    node = run(lyrics, {"kind": kind, "start": start, "end": end}, out=folder / "out", files={"lyrics": [path]})
    document, text = (json.loads(node.parts[name].read_text("utf-8")) for name in ("", "text"))
    schema = json.loads(resource("schemas/lyrics.schema.json").read_text("utf-8"))
    jsonschema.validate(document, schema)
    jsonschema.validate(text, {"definitions": schema["definitions"], "$ref": "#/definitions/text"})
    assert text["lines"] == [line["text"] for line in document["lines"]]
    return document["lines"]


def plain(lines: Any) -> list[tuple[float, float, str]]:
    return [(line["start"], line["end"], line["text"]) for line in lines]


def test_a_line_lasts_until_the_next(tmp_path: Path) -> None:
    """A line ends where the next begins, where an empty line stands, or after 8 seconds; the last one after 4."""
    text = "[ti:A song]\n[00:01.00]one\n[00:03.50]two\n[00:05.00]\n[00:10]three\n[00:30.250]four\nnot timed\n"
    assert plain(made(tmp_path, text)) == [
        (1.0, 3.5, "one"),
        (3.5, 5.0, "two"),
        (10.0, 18.0, "three"),
        (30.25, 34.25, "four"),
    ]


def test_a_line_with_several_stamps_is_sung_several_times(tmp_path: Path) -> None:
    """Each stamp of a line is a line, wherever it stands in the file."""
    assert plain(made(tmp_path, "[00:20.00][00:10.00]again\n[00:12.00]once\n")) == [
        (10.0, 12.0, "again"),
        (12.0, 20.0, "once"),
        (20.0, 24.0, "again"),
    ]


def test_word_stamps_are_the_words_own_times(tmp_path: Path) -> None:
    """Enhanced LRC gives each word its start and its end; a closing stamp ends the line."""
    line = made(tmp_path, "[00:10.00]<00:10.00>car<00:10.40>ry <00:10.80>me <00:11.50>\n[00:20.00]on\n")[0]
    assert line["text"] == "carry me"
    assert plain([line]) == [(10.0, 11.5, "carry me")]
    assert plain(line["words"]) == [(10.0, 10.4, "car"), (10.4, 10.8, "ry"), (10.8, 11.5, "me")]


def test_a_repeated_line_takes_its_words_along(tmp_path: Path) -> None:
    """The word stamps of a line with two stamps count from each of them."""
    lines = made(tmp_path, "[00:10.00][00:30.00]<00:10.00>one <00:10.50>two <00:11.00>\n")
    assert [word["start"] for line in lines for word in line["words"]] == [10.0, 10.5, 30.0, 30.5]


def test_an_offset_makes_lines_sooner(tmp_path: Path) -> None:
    """`[offset:500]` is half a second sooner, a negative one later, wherever it stands."""
    assert made(tmp_path, "[00:10.00]a\n[offset:+500]\n")[0]["start"] == 9.5
    assert made(tmp_path, "[offset: -500]\n[00:10.00]a\n")[0]["start"] == 10.5


@pytest.mark.parametrize(
    "whole",
    [
        "\ufeff[00:01.00]Straße, là\r\n".encode(),
        "[00:01.00]Straße, là\r".encode("latin-1"),
        "[00:01.00]Straße, là\n".encode("utf-16"),
        "[00:01.00]Straße, là".encode("cp1252"),
    ],
    ids=["utf-8 with its mark and CRLF", "latin-1 and CR", "utf-16", "no last line end"],
)
def test_encodings_and_line_ends(tmp_path: Path, whole: bytes) -> None:
    """UTF-8, UTF-16 and Latin-1 files give the same text, however their lines end."""
    assert plain(made(tmp_path, whole)) == [(1.0, 5.0, "Straße, là")]


@pytest.mark.parametrize(
    ("stamp", "seconds"),
    [
        ("00:07", 7.0),
        ("1:07.5", 67.5),
        ("00:07.25", 7.25),
        ("00:07:25", 7.25),
        ("00:07.125", 7.125),
        ("1:00:07.5", 3607.5),
    ],
)
def test_every_way_to_write_a_time(tmp_path: Path, stamp: str, seconds: float) -> None:
    """Tenths, hundredths and thousandths, a colon before hundredths, and hours."""
    assert made(tmp_path, f"[{stamp}]a\n")[0]["start"] == seconds


def test_a_subtitle_file_reads_as_lines(tmp_path: Path) -> None:
    """A cue's lines become one, its markup and entities are read, its place on the screen is left out."""
    text = (
        "\ufeff1\r\n00:00:01,000 --> 00:00:03,500 X1:10 X2:20\r\n<i>Hello</i>\r\nthere &amp; <b>you</b>\r\n\r\n"
        "2\r\n00:00:04.000 --> 00:00:05.000\r\n{\\an8}at the top\r\n3\r\n0:06 --> 0:07\r\nlast"
    )
    assert plain(made(tmp_path, text, "srt")) == [
        (1.0, 3.5, "Hello there & you"),
        (4.0, 5.0, "at the top"),
        (6.0, 7.0, "last"),
    ]


def test_a_subtitle_file_is_read_whatever_its_numbers_say(tmp_path: Path) -> None:
    """Numbers that repeat, run backwards or are missing, and cues out of order, change nothing."""
    text = (
        "7\n00:00:04,000 --> 00:00:05,000\nb\n\n7\n00:00:01,000 --> 00:00:02,000\na\n\n00:00:06,000 --> 00:00:07,000\nc"
    )
    assert plain(made(tmp_path, text, "srt")) == [(1.0, 2.0, "a"), (4.0, 5.0, "b"), (6.0, 7.0, "c")]


WEBVTT = """\ufeffWEBVTT - a song
Kind: captions

STYLE
::cue { color: red }

REGION
id:low
lines:3

NOTE written by hand
00:00.100 --> 00:00.200
this cue was commented out

intro
00:01.000 --> 00:03.500 align:start position:0%
<v Ann>Hello <00:01.500>there <c.loud><00:02.000>you</c> &amp; <i>me</i>

NOTE

1:00:04.000\t-->\t1:00:05.250
- two
<b>rows</b>&nbsp;and <ruby>a<rt>ah</rt></ruby> rest
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_a_web_subtitle_file_reads_as_lines(tmp_path: Path, end: str) -> None:
    """Cues with and without names, hours and settings are lines; their tags and entities are read, all else is not."""
    lines = made(tmp_path, WEBVTT.replace("\n", end), "vtt")
    assert plain(lines) == [(1.0, 3.5, "Hello there you & me"), (3604.0, 3605.25, "- two rows and a rest")]
    assert plain(lines[0]["words"]) == [(1.0, 1.5, "Hello"), (1.5, 2.0, "there"), (2.0, 3.5, "you & me")]
    assert lines[1]["words"] == []


def test_word_times_stay_inside_their_cue(tmp_path: Path) -> None:
    """A stamp before the one above it, or after the cue's end, is moved to there."""
    text = "WEBVTT\n00:10.000 --> 00:12.000\n<00:09.000>a <00:11.000>b <00:10.500>c <00:59.000>d\n"
    (line,) = made(tmp_path, text, "vtt")
    assert plain([line]) == [(10.0, 12.0, "a b c d")]
    assert plain(line["words"]) == [(10.0, 11.0, "a"), (11.0, 11.0, "b"), (11.0, 12.0, "c"), (12.0, 12.0, "d")]


def test_lines_reach_the_shots_they_are_sung_in(tmp_path: Path) -> None:
    """What a file says between 0:14 and 0:18 of the song stands among the words of the film's shots of that time."""
    text = "WEBVTT\n\n00:14.000 --> 00:18.000\nthe rain <00:15.000>is over\n"
    made(tmp_path, text, "vtt", start=10.0, end=42.0)
    (tmp_path / "music.json").write_text(json.dumps(song(32.0, [("verse", 0.0, "medium")], 0.0)), "utf-8")
    inputs = {"music": [tmp_path / "music.json"], "lyrics": [tmp_path / "out" / "lyrics.json"]}
    rules = {"by": "list", "at": [4.0, 8.0, 20.0], "drop": []}
    node = run(cut, rules, out=tmp_path / "cut", inputs=inputs)
    shots = json.loads(node.parts["verse-1"].read_text("utf-8"))["shots"]
    assert [shot["words"] for shot in shots] == [[], ["the rain is over"], [], []]


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="[]<>{}&"), min_size=1, max_size=12)
"""Words that no format gives a meaning of its own."""


@st.composite
def sung(draw: st.DrawFn, words: bool, longest: int) -> list[lyrics.Line]:
    """Lines one after the other, to the millisecond, some of them in words with times."""
    lines, at = [], 0
    for _ in range(draw(st.integers(1, 5))):
        start = at = at + draw(st.integers(0, 3000))
        said: list[lyrics.Word] = []
        for text in draw(st.lists(TEXTS, min_size=1, max_size=4)):
            begun, at = at, at + draw(st.integers(1, longest))
            said.append(lyrics.Word(begun / 1000, at / 1000, text))
        whole = " ".join(word.text for word in said)
        lines.append(lyrics.Line(start / 1000, at / 1000, whole, tuple(said) if words else ()))
    return lines


def spelled(lines: list[lyrics.Line], kind: str) -> str:
    """A file of that kind that says these lines."""

    def stamp(seconds: float) -> str:
        minutes, rest = divmod(round(seconds * 1000), 60_000)
        hours = f"{minutes // 60:02d}:" if kind != "lrc" else ""
        return f"{hours}{minutes % 60 if hours else minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"

    text = {"lrc": "[ti:x]\n", "srt": "", "vtt": "WEBVTT\n\n"}[kind]
    for number, line in enumerate(lines):
        said = " ".join(f"<{stamp(word.start)}>{word.text}" for word in line.words) or line.text
        if kind == "lrc":
            text += f"[{stamp(line.start)}]{said}" + (f"<{stamp(line.end or 0)}>" if line.words else "") + "\n"
            text += "" if line.words else f"[{stamp(line.end or 0)}]\n"
        else:
            text += f"{number}\n{stamp(line.start)} --> {stamp(line.end or 0)}\n{said}\n\n"
    return text


@given(st.data(), st.sampled_from(sorted(lyrics.READERS)), st.booleans())
def test_a_file_says_the_lines_that_were_written(data: st.DataObject, kind: str, words: bool) -> None:
    """Lines and words, written as a file of any kind and read again, are the same lines and words."""
    # An .lrc file cannot say that a line without words stands longer than 8 s.
    lines = data.draw(sung(words, 1900 if kind == "lrc" and not words else 2_000_000))
    read = lyrics.ended(lyrics.READERS[kind](f"a.{kind}", spelled(lines, kind)))
    assert [told(line) for line in read] == [told(line) for line in lines]


def told(line: lyrics.Line) -> object:
    """A line to the millisecond."""
    words = [(round(word.start, 3), round(word.end or 0, 3), word.text) for word in line.words]
    return round(line.start, 3), round(line.end or 0, 3), line.text, words


def test_lines_move_and_are_cut_with_the_film(tmp_path: Path) -> None:
    """A film of 0:10 to 0:20 of the song shows the lines of that span, in its own time, clipped to it."""
    text = (
        "[00:02.00]before\n[00:08.00]<00:08.00>into <00:11.00>it <00:12.00>\n"
        "[00:15.00]in\n[00:19.00]out\n[00:25.00]after\n"
    )
    lines = made(tmp_path, text, start=10.0, end=20.0)
    assert plain(lines) == [(0.0, 2.0, "into it"), (5.0, 9.0, "in"), (9.0, 10.0, "out")]
    assert plain(lines[0]["words"]) == [(0.0, 1.0, "into"), (1.0, 2.0, "it")]


def test_text_is_data(tmp_path: Path) -> None:
    """Control characters, marks that turn the writing and endless lines do not pass."""
    line = made(tmp_path, "[00:01.00]a\x00b\x1b[31mc\u202ed\u200ee\tf  g\n[00:02.00]" + "x" * 9000)
    assert line[0]["text"] == "a b [31mcde f g"
    assert len(line[1]["text"]) == 500


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("lrc", "just words\n", "words.lrc:1: no line has a time"),
        ("lrc", "", "words.lrc:1: no line has a time"),
        ("lrc", "[00:01.00]\n[00:02.00]\n", "words.lrc:1: no line has a time"),
        ("srt", "just words\n", "words.srt:1: no line has a time"),
        ("srt", "1\n00:0x:01 --> 00:00:02,0\na\n", "words.srt:2: '00:0x:01 --> 00:00:02,0' is no time"),
        ("lrc", "[00:01.00]a\n" * 20_001, "words.lrc: more than 20000 lines have a time"),
        ("lrc", " " * 4_000_001, "words.lrc:1: this is 4 MB, no lyrics"),
        ("vtt", "WEBVTT\n", "words.vtt:1: no line has a time"),
        ("vtt", "00:01.000 --> 00:02.000\na\n", "words.vtt:1: '00:01.000 --> 00:02.000' is not WEBVTT"),
        ("vtt", "WEBVTTX\n\n00:01.000 --> 00:02.000\na\n", "words.vtt:1: 'WEBVTTX' is not WEBVTT"),
        (
            "vtt",
            "WEBVTT\n\nNOTE\na note\n\n00:0x.000 --> 00:02.000\na\n",
            "words.vtt:6: '00:0x.000 --> 00:02.000' is no time",
        ),
        ("txt", "a\n", "words.txt: lyrics of this kind cannot be read"),
    ],
)
def test_a_file_without_timed_lines_is_an_error(tmp_path: Path, kind: str, text: str, said: str) -> None:
    """The error names the file and the line, and says what a timed line looks like."""
    with pytest.raises(StageError) as caught:
        made(tmp_path, text, kind)
    assert caught.value.what == said
    assert caught.value.hint


@given(st.binary(max_size=300), st.sampled_from(sorted(lyrics.READERS)))
def test_any_bytes_are_lines_or_an_error(whole: bytes, kind: str) -> None:
    """Whatever a file holds, it gives bounded lines in order or a StageError."""
    for encoding in ("utf-8", "latin-1"):
        text = "[00:01.00]" + whole.decode(encoding, "replace") + "\n00:01 --> 00:02\n" + whole.decode("latin-1")
        try:
            lines = lyrics.ended(lyrics.READERS[kind]("a", "WEBVTT\n\n" * (kind == "vtt") + text))
        except StageError:
            continue
        assert [line.start for line in lines] == sorted(line.start for line in lines)
        assert all(line.text and line.end is not None and line.end >= line.start for line in lines)


def test_the_demo_is_timed_to_the_word() -> None:
    """Its sixteen lines have words, each inside its line, and repeat in the second chorus."""
    lines = lyrics.ended(lyrics.read_lrc("lyrics.lrc", lyrics.decoded(DEMO / "lyrics.lrc")))
    assert len(lines) == 16
    assert [line.text for line in lines[4:8]] == [line.text for line in lines[12:16]]
    for line in lines:
        assert " ".join(word.text for word in line.words) == line.text
        assert all(line.start <= word.start for word in line.words)


def test_the_recipe_is_the_kind_and_the_span() -> None:
    """Of the project a line's time depends on the song's start and end alone."""
    given_project = replace(PROJECT, lyrics="Words.LRC", song=Song("song.mp3", 12.5, 100.0))
    values, sources = lyrics.recipe(given_project)
    assert values == {"kind": "lrc", "start": 12.5, "end": 100.0}
    assert sources == {"kind": "lyrics", "start": "song.start", "end": "song.end"}
