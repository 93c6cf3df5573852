"""Sections out of marker files, as Audacity and Reaper write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvr import project
from mvr.model import ROLES, MarkedSection
from mvr.project import markers
from tests.project.bench import SMALL, faults, loaded, written

AUDACITY = "0.000000\t21.400000\tIntro\n21.400000\t21.400000\tVerse 1\n\\\t100.5\t8000.25\n63.250000\t80.000000\tHook\n"
REAPER = """\
#,Name,Start,End,Length,Color
M1,fix the vocal,0:11.250,,,
R1,Intro,0:00.000,0:21.400,0:21.400,
R2,"Verse 1, quiet",0:21.400,1:03.250,0:41.850,FF0000
R3,Chorus,1:03.250,1:20.000,0:16.750,
"""
SONG = (MarkedSection(0.0, "intro"), MarkedSection(21.4, "verse"), MarkedSection(63.25, "chorus"))
NAMED = SMALL + "music: {sections: markers.txt}\n"


@pytest.mark.parametrize("text", [AUDACITY, REAPER], ids=["audacity", "reaper"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_marker_file_gives_the_sections_of_a_list(tmp_path: Path, text: str, end: str, encoding: str) -> None:
    """The project has the sections that the list form would give, and knows the file it has them from."""
    (tmp_path / "markers.txt").write_bytes(text.replace("\n", end).encode(encoding))
    found = loaded(tmp_path, NAMED)
    assert found.corrections.sections == SONG
    assert found.files["music.sections"] == "markers.txt"
    assert found.read.keys() == {"markers.txt"}
    listed = loaded(tmp_path, SMALL + "music: {sections: [{at: 0:00, role: intro}, {at: 0:21.4, role: verse}]}\n")
    assert listed.corrections.sections == SONG[:2]
    assert listed.read == {}


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Intro", "intro"),
        ("Verse 1", "verse"),
        ("verse2", "verse"),
        ("PRE-CHORUS", "pre-chorus"),
        ("Pre Chorus 2", "pre-chorus"),
        ("Prechorus", "pre-chorus"),
        ("Build-up", "pre-chorus"),
        ("2nd Chorus (loud)", "chorus"),
        ("Hook", "chorus"),
        ("Drop 1", "chorus"),
        ("Post-Chorus", "chorus"),
        ("Refrain", "chorus"),
        ("Bridge", "bridge"),
        ("Middle 8", "bridge"),
        ("Break", "break"),
        ("Breakdown", "break"),
        ("Guitar_Solo", "solo"),
        ("Outro", "outro"),
        ("Universe", "part"),
        ("A", "part"),
        ("", "part"),
        ("サビ", "part"),
    ],
)
def test_labels_name_roles(label: str, role: str) -> None:
    """A label is what its first telling word says, whatever stands around it; any other is a part."""
    assert markers.role(label) == role


def test_every_role_names_itself() -> None:
    """A label in the words of the project file has that role."""
    assert [markers.role(role) for role in ROLES] == list(ROLES)


def test_labels_in_any_order_are_sorted() -> None:
    """Markers count by their time, not by their line; decimal commas, ends and labels without words are read."""
    text = "# sections of the song\n30,5\t40,0\tOutro\n\n0.0\t0.0\n10.25\t10.25\tVerse\tof two\n"
    assert [(mark.at, mark.role) for mark in markers.sections(text)] == [
        (0.0, "part"),
        (10.25, "verse"),
        (30.5, "outro"),
    ]


def test_reapers_markers_are_sections_where_it_has_no_regions() -> None:
    """Without regions its markers are read, in any of its ruler's times; =START and =END are none."""
    text = (
        "#,Name,Start,End,Length\nM1,=START,0:00.000,,\nM2,Verse,0:10.5,,\nM3,Chorus,1:00:10.250,,\n"
        "M4,Solo,20.125,,\nM5,=END,2:00:00.000,,\n"
    )
    found = [(mark.at, mark.role) for mark in markers.sections(text)]
    assert found == [(10.5, "verse"), (20.125, "solo"), (3610.25, "chorus")]


def test_reapers_columns_go_by_their_names() -> None:
    """Columns stand where the first line says; without it, as Reaper writes them."""
    assert markers.sections("#,Start,Name\nR1,0:05.0,Drop\n") == (MarkedSection(5.0, "chorus"),)
    assert markers.sections("M1,Drop,0:05.000,,\n") == (MarkedSection(5.0, "chorus"),)


@pytest.mark.parametrize(
    ("text", "line", "found", "hint"),
    [
        ("0\t1\tIntro\n0:21.4\t30\tVerse\n", 2, "'0:21.4", "of Reaper, the line #,Name,Start"),
        ("Intro at 0:00\n", 1, "'Intro at 0:00'", "of Reaper"),
        ("12.5\n", 1, "'12.5'", "of Reaper"),
        ("-1.5\t0\tIntro\n", 1, "-1.5 s, before the song", "move the label"),
        (
            "0\t1\tIntro\n# a comment\n0.0002\t1\tVerse\n",
            3,
            "a second marker at 0.0002 s; the first is in line 1",
            "keep",
        ),
        ("# nothing\n\n", 1, "no markers", "exported whole"),
        ("#,Name,Start,End,Length\n", 1, "no markers", "exported whole"),
        ("#,Name,Start,End,Length\nM1,=START,0:00.000,,\n", 1, "no markers", "exported whole"),
        ("#,Name,Start,End,Length\nM1,Verse,9.1.00,,\n", 2, "'9.1.00', a measure and beat", "ruler to Minutes:Seconds"),
        ("#,Name,Start,End,Length\nM1,Verse,441000,,\n", 2, "'441000', seconds or samples", "ruler to Minutes:Seconds"),
        ("#,Name,Start,End,Length\nM1,Verse,00:00:21:10,,\n", 2, "'00:00:21:10'", "ruler to Minutes:Seconds"),
        ("#,Name,Start,End,Length\nVerse,0:21.4\n", 2, "'Verse,0:21.4'", "Region/Marker Manager"),
        ("#,Start,End\nM1,0:21.4,\n", 2, "'M1,0:21.4,'", "Region/Marker Manager"),
        ("".join(f"{at}.5\t{at}.5\tbeat\n" for at in range(1001)), 1001, "more than 1000 markers", "beats"),
        ("# " + "x" * 1_000_000, 1, "more than 1 MB", "right file"),
    ],
)
def test_a_fault_stands_in_the_line_of_the_marker_file(
    tmp_path: Path, text: str, line: int, found: str, hint: str
) -> None:
    """The error names the marker file and the line in it, what was found there, and how to mend it."""
    (tmp_path / "markers.txt").write_text(text)
    [fault] = faults(tmp_path, NAMED)
    assert (Path(fault.file).name, fault.line, fault.path, fault.code) == ("markers.txt", line, "music.sections", 2)
    assert fault.found.startswith(found)
    assert hint in fault.hint
    assert "\t" not in str(fault)


def test_a_marker_file_is_a_file_as_any_other(tmp_path: Path) -> None:
    """One that is not there is a fault on the line that names it; others in the project are still told."""
    missing, other = faults(tmp_path, NAMED + "seed: one\n")
    assert (missing.line, missing.found) == (3, "'markers.txt' is not there")
    (tmp_path / "markers.txt").write_text("x\n")
    assert [Path(fault.file).name for fault in faults(tmp_path, NAMED + "seed: one\n")] == [
        "project.yaml",
        "markers.txt",
    ]
    assert other.line == 4


@given(st.binary(max_size=200))
def test_any_bytes_are_sections_or_a_fault(whole: bytes) -> None:
    """Whatever a file holds, it gives rising sections or a fault with a line."""
    for head in ("", "0\t1\tIntro\n", "#,Name,Start,End,Length\nR1,"):
        try:
            found = markers.sections(head + whole.decode("latin-1"))
        except markers.Misplaced as wrong:
            assert wrong.line >= 1
            continue
        assert [mark.at for mark in found] == sorted(mark.at for mark in found)


@given(st.lists(st.tuples(st.integers(0, 5_000_000), st.sampled_from(ROLES)), min_size=1, unique_by=lambda one: one[0]))
def test_sections_written_either_way_are_read_again(marks: list[tuple[int, str]]) -> None:
    """Times to the millisecond and roles come back from both forms, whatever the order of the lines."""
    audacity = "".join(f"{at / 1000:.6f}\t{at / 1000:.6f}\t{role}\n" for at, role in marks)
    table = io.StringIO()
    rows = [(f"M{i}", role, f"{at // 60000}:{at % 60000 / 1000:06.3f}", "", "") for i, (at, role) in enumerate(marks)]
    csv.writer(table).writerows([("#", "Name", "Start", "End", "Length"), *rows])
    wanted = [(at / 1000, role) for at, role in sorted(marks)]
    for text in (audacity, table.getvalue()):
        assert [(mark.at, mark.role) for mark in markers.sections(text)] == wanted


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that goes away while it is looked at is a fault, not a crash."""
    (tmp_path / "markers.txt").write_text(AUDACITY)

    def gone(_path: Path) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(markers, "read", gone)
    [fault] = project.check(written(tmp_path, NAMED)).faults
    assert fault.found == "the file cannot be read (no such file or directory)"
