"""Every fault in a project file has its place, says what was found, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mvr import backends, project
from mvr.errors import ProjectError
from mvr.project import makers
from tests.project.bench import SMALL, faults, written


@pytest.fixture(autouse=True)
def _backends(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two makers whose options are known: these tests are about the file, and not about who makes pictures."""

    def does(**options: Any) -> SimpleNamespace:
        return SimpleNamespace(OPTIONS=options)

    rules, sketch = does(), does(detail=({"type": "integer", "minimum": 1, "maximum": 3}, 2))
    rules.treatment, sketch.paint, sketch.animate = print, print, print
    monkeypatch.setattr(backends, "names", lambda: ["rules", "sketch"])
    monkeypatch.setattr(backends, "backend", {"rules": rules, "sketch": sketch}.__getitem__)
    makers.able.cache_clear()
    yield
    makers.able.cache_clear()


# The file's text, then each fault: line, column, path, how `found` and `hint` go.
WRONG: list[tuple[str, int, int, str, str, str]] = [
    # the file
    ("", 1, 1, "", "the file is empty", "song: song.mp3"),
    ("# nothing yet\n", 1, 1, "", "the file is empty", "song: song.mp3"),
    ("- song.wav\n", 1, 1, "", "the file holds a list", "song: song.mp3"),
    ("just words\n", 1, 1, "", "the file holds the text 'just words'", "song: song.mp3"),
    ("42\n", 1, 1, "", "the file holds 42", "song: song.mp3"),
    # keys
    ("concept: x\n", 1, 1, "song", "'song' is missing", "The song"),
    ("song: song.wav\n", 1, 1, "concept", "'concept' is missing", "What the film is about"),
    (SMALL + "titel: x\n", 3, 1, "titel", "unknown key 'titel'", "did you mean 'title'?"),
    (SMALL + "fps: 24\n", 3, 1, "fps", "unknown key 'fps'", "'fps' stands under `output:`"),
    (SMALL + "prompt: x\n", 3, 1, "prompt", "unknown key 'prompt'", "under `shots:` and a shot's id"),
    (SMALL + "style:\n  title: x\n", 4, 3, "style.title", "unknown key 'title'", "at the top of the file"),
    (SMALL + "style:\n  colours: x\n", 4, 3, "style.colours", "unknown key 'colours'", "keys here: look, palette"),
    (SMALL + "shots:\n  chorus-1.1: {promt: x}\n", 4, 16, "shots.chorus-1.1.promt", "unknown key 'promt'", "'prompt'"),
    (SMALL + "<<: {title: x}\n", 3, 1, "<<", "unknown key '<<'", "merge keys"),
    # kinds
    (SMALL + "title: 5\n", 3, 8, "title", "the number 5", "in quotes"),
    (SMALL + "title: ' '\n", 3, 8, "title", "an empty text", "leave the key out"),
    (SMALL + "title:\n", 3, 1, "title", "nothing", "leave the key out"),
    (SMALL + "seed: '7'\n", 3, 7, "seed", "the text '7'", "without quotes"),
    (SMALL + "seed: 007\n", 3, 7, "seed", "the text '007'", "without a 0 at its start"),
    (SMALL + "seed: -1\n", 3, 7, "seed", "the number -1", ""),
    (SMALL + "seed: 1.5\n", 3, 7, "seed", "the number 1.5", ""),
    (SMALL + "style: neon\n", 3, 8, "style", "the text 'neon'", ""),
    (SMALL + "style: {avoid: text}\n", 3, 16, "style.avoid", "the text 'text'", "as a list"),
    (SMALL + "style: {avoid: [a, b, a]}\n", 3, 16, "style.avoid", "'a' twice in one list", ""),
    (SMALL + "words: {title: no}\n", 3, 16, "words.title", "the text 'no'", "true or false"),
    (SMALL + "make: {approve: yes}\n", 3, 17, "make.approve", "'yes'", "it may be: none, stills"),
    (SMALL + "cut: {by: musik}\n", 3, 11, "cut.by", "'musik'", "did you mean 'music'?"),
    # times, lengths, sizes, rates, colours
    (SMALL + "cut: {at: [12.5]}\n", 3, 12, "cut.at[0]", "the bare number 12.5", "write 12.5s, or 0:12.5"),
    (SMALL + "cut: {at: [0:31, 31s]}\n", 3, 18, "cut.at[1]", "31s twice", "remove one"),
    (SMALL + "cut: {at: [0:00]}\n", 3, 12, "cut.at[0]", "0:00, the film's start", "begins there anyway"),
    (SMALL + "cut: {length: [2.5, 7s]}\n", 3, 16, "cut.length[0]", "the bare number 2.5", "write 2.5s"),
    (SMALL + "cut: {length: 4s}\n", 3, 15, "cut.length", "the text '4s'", "as a list"),
    (SMALL + "cut: {length: [4s]}\n", 3, 15, "cut.length", "a list of 1", ""),
    (SMALL + "cut: {length: [9s, 2s]}\n", 3, 15, "cut.length", "the shortest, 9s, above the longest, 2s", "swap"),
    (SMALL + "cut: {length: [0s, 2s]}\n", 3, 16, "cut.length[0]", "a shot of no length", "2.5s"),
    (SMALL + "cut: {by: list}\n", 3, 11, "cut.by", "`by: list` without times", "at: [0:12.5"),
    (SMALL + "cut: {drop: ['@soon']}\n", 3, 14, "cut.drop[0]", "the text '@soon'", ""),
    (SMALL + "output: {size: 0x0}\n", 3, 16, "output.size", "0x0, which YAML reads as the number 0",
     "each side has 16 to 8192 pixels"),
    (SMALL + "output: {size: 99999999x99999999}\n", 3, 16, "output.size", "'99999999x99999999'", "16 to 8192 pixels"),
    (SMALL + "output: {size: 999999999x2}\n", 3, 16, "output.size", "'999999999x2'", ""),
    (SMALL + "output: {size: 1281x720}\n", 3, 16, "output.size", "'1281x720'", "even sides: 1282x720"),
    (SMALL + "output: {size: 16:9}\n", 3, 16, "output.size", "'16:9'", "write wide"),
    (SMALL + "output: {fps: 23.976}\n", 3, 15, "output.fps", "23.976", "write 24000/1001"),
    (SMALL + "output: {fps: 500}\n", 3, 15, "output.fps", "500", "from 1 to 240"),
    (SMALL + "output: {fps: 500/1}\n", 3, 15, "output.fps", "500/1 is 500 frames a second", "from 1 to 240"),
    (SMALL + "shots: {chorus-1.5: {crop: [x, 0, 1, 1]}}\n", 3, 29, "shots.chorus-1.5.crop[0]", "the text 'x'", ""),
    (SMALL + "seed: 9007199254740992\n", 3, 7, "seed", "the number 9007199254740992", "9007199254740991 is the most"),
    (SMALL + "cut: {length: [.nan, 3s]}\n", 3, 16, "cut.length[0]", ".nan is no number", "write it in digits"),
    (SMALL + "style: {palette: [blue]}\n", 3, 19, "style.palette[0]", "'blue'", "six hex digits"),
    (SMALL + "style:\n  palette:\n  - #0b1d51\n", 5, 4, "style.palette[0]", "nothing", "begins a comment"),
    ("song: {file: song.wav, start: 0:30, end: 0:10}\nconcept: x\n", 1, 42, "song.end", "the end 0:10 at or before the",
     "start of the file"),
    ("song: {file: song.wav, start: 3}\nconcept: x\n", 1, 31, "song.start", "the bare number 3", "write 3s, or 0:03"),
    ("song: {fil: song.wav}\nconcept: x\n", 1, 8, "song.fil", "unknown key 'fil'", "did you mean 'file'?"),
    ("song: 5\nconcept: x\n", 1, 7, "song", "the number 5", ""),
    (SMALL + "music: {sections: [{at: 0:09, role: verse}, {at: 0:05, role: chorus}]}\n", 3, 50, "music.sections[1].at",
     "0:05 at or before the section above it", "in their order"),
    (SMALL + "music: {sections: [{at: 0:09, role: vers}]}\n", 3, 37, "music.sections[0].role", "'vers'", "'verse'"),
    (SMALL + "music: {sections: [{at: 0:09}]}\n", 3, 20, "music.sections[0].role", "'role' is missing", "section is"),
    (SMALL + "music: {meter: 3}\n", 3, 16, "music.meter", "the number 3", "quotes"),
    (SMALL + "music: {tempo: 0}\n", 3, 16, "music.tempo", "the number 0", ""),
    (SMALL + "lyrics: words.doc\n", 3, 9, "lyrics", "the text 'words.doc'", ""),
    # names
    (SMALL + "sections: {chrous: x}\n", 3, 12, "sections.chrous", "the key 'chrous'", "did you mean 'chorus'?"),
    (SMALL + "sections: {chorus2: x}\n", 3, 12, "sections.chorus2", "the key 'chorus2'", "chorus-2 for one"),
    (SMALL + "sections: {chorus: 5}\n", 3, 20, "sections.chorus", "the number 5", ""),
    (SMALL + "shots: {chorus.5: {seed: 1}}\n", 3, 9, "shots.chorus.5", "the key 'chorus.5'", "chorus-1.5"),
    (SMALL + "shots: {chorus-2: {seed: 1}}\n", 3, 9, "shots.chorus-2", "the key 'chorus-2'", "chorus-2.1"),
    (SMALL + "shots: {vers-1.5: {seed: 1}}\n", 3, 9, "shots.vers-1.5", "the key 'vers-1.5'", "'verse-1.5'"),
    (SMALL + "shots: {'@83': {seed: 1}}\n", 3, 9, "shots.@83", "the key '@83'", '"@1:23.4"'),
    (SMALL + "shots: {chorus-1.5: {}}\n", 3, 21, "shots.chorus-1.5", "an empty mapping", ""),
    (SMALL + "shots: {chorus-1.5: {pin: 123456}}\n", 3, 27, "shots.chorus-1.5.pin", "the bare number 123456",
     "in quotes"),
    (SMALL + "shots: {chorus-1.5: {take: 0}}\n", 3, 28, "shots.chorus-1.5.take", "the number 0", ""),
    (SMALL + "shots: {chorus-1.5: {start: 0:09, end: 0:08}}\n", 3, 40, "shots.chorus-1.5.end", "the end 0:08",
     "in the film"),
    (SMALL + "characters: {the man: {role: lead}}\n", 3, 14, "characters.the man", "the key 'the man'",
     "without spaces"),
    (SMALL + "characters: {../x: {role: lead}}\n", 3, 14, "characters.../x", "the key '../x'", "without spaces"),
    (SMALL + "characters: {lead: {role: hero}}\n", 3, 27, "characters.lead.role", "'hero'", "lead, supporting"),
    (SMALL + "characters: {lead: tall}\n", 3, 20, "characters.lead", "the text 'tall'", ""),
    (SMALL + "characters: {ann: {role: lead}}\nshots: {chorus-1.5: {characters: [anne]}}\n", 4, 35,
     "shots.chorus-1.5.characters[0]", "no character is named 'anne'", "did you mean 'ann'?"),
    (SMALL + "sections: {chorus: {characters: [bob]}}\n", 3, 34, "sections.chorus.characters[0]",
     "no character is named 'bob'", "under `characters`: `bob: {description: …}`"),
    ("song: song.wav\nconcept: A lonely musician waits.\nshots: {chorus-1.5: {characters: [musician]}}\n",
     3, 35, "shots.chorus-1.5.characters[0]", "no character is named 'musician'", "the writer thought of this one"),
    # makers
    (SMALL + "make: {painter: sketsh}\n", 3, 17, "make.painter", "'sketsh'", "did you mean 'sketch'?"),
    (SMALL + "make: {painter: rules}\n", 3, 17, "make.painter", "'rules' is no painter", "painters here: sketch"),
    (SMALL + "make: {painter: {name: sketch}}\n", 3, 17, "make.painter.with", "'with' is missing", "mvr backends"),
    (SMALL + "make: {painter: {with: sketch, detial: 2}}\n", 3, 32, "make.painter.detial",
     "unknown option 'detial' of sketch", "did you mean 'detail'?"),
    (SMALL + "make: {writer: {with: rules, steps: 2}}\n", 3, 30, "make.writer.steps", "unknown option 'steps'",
     "has no options"),
    (SMALL + "make: {painter: {with: sketch, detail: 9}}\n", 3, 40, "make.painter.detail", "the number 9", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "column", "path", "found", "hint"), WRONG, ids=[f"{row[3]}-{row[4]}"[:60] for row in WRONG]
)
def test_a_fault_is_told(tmp_path: Path, text: str, line: int, column: int, path: str, found: str, hint: str) -> None:
    """One thing wrong is one fault, at its place, with the way to mend it."""
    [fault] = faults(tmp_path, text)
    assert (fault.line, fault.column, fault.path) == (line, column, path)
    assert fault.found.startswith(found)
    assert hint in fault.hint
    assert fault.expected or fault.hint
    assert fault.code == 2
    assert "\n" not in fault.found + fault.expected + fault.hint


RAW: list[tuple[bytes, str, str]] = [
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a byte that is not UTF-8", "project file"),
    (b"fLaC\0\0\0\x22\x10\0\x10", "UTF-16", "save it as UTF-8"),
    (SMALL.encode("utf-16"), "the file is UTF-16", "save it as UTF-8"),
    (SMALL.encode() + b"title: a\0b\n", "a NUL byte", "remove it"),
    (SMALL.encode() + b"style:\n\tlook: x\n", "a tab", "indent with spaces"),
    (SMALL.encode() + b"title: !!python/object/apply:os.system [ls]\n", "the tag '!!python/object", "remove the tag"),
    (SMALL.encode() + b"title: a\ntitle: b\n", "the key 'title' a second time", "line 3 already"),
    (b"a: &a [x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [%s]\n" % (n, n, b",".join([b"*%c" % (n - 1)] * 9)) for n in range(98, 120)
    ), "more than 300,000 values", "alias"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "found", "hint"), RAW, ids=[row[1] for row in RAW])
def test_a_file_that_is_no_project(tmp_path: Path, raw: bytes, found: str, hint: str) -> None:
    """Bytes that are no project file end in one clear fault with a place, and never in a traceback."""
    file = written(tmp_path, raw)
    with pytest.raises(ProjectError) as caught:
        project.load(file)
    fault = next(one for one in caught.value.faults if found in one.found)
    assert fault.line >= 1
    assert hint in fault.hint
    assert caught.value.exit_code == 2


def test_a_hundred_megabytes_are_refused_unread(tmp_path: Path) -> None:
    """A file of 100 MB is refused by its size."""
    file = written(tmp_path, SMALL)
    with file.open("r+b") as opened:
        opened.truncate(100_000_000)
    [fault] = project.check(file).faults
    assert (fault.found, fault.expected) == ("the file has 100.0 MB", "a project file, 4 MiB at most")


def test_a_byte_order_mark_is_harmless(tmp_path: Path) -> None:
    """UTF-8 with a byte order mark, as some editors save it, is read as if it had none."""
    assert faults(tmp_path, b"\xef\xbb\xbf" + SMALL.encode()) == ()


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Faults of the YAML, the form, the values, the names, the makers and the files come in one list."""
    found = faults(
        tmp_path,
        "song: gone.wav\n"
        "title: a\n"
        "title: b\n"
        "concept: x\n"
        "shots:\n"
        "  chorus-1.5: {characters: [nobody], start: 0:09, end: 0:05, transition: disolve 0.4s}\n"
        "output: {size: 7x7, fps: 29.97}\n"
        "make: {painter: dalle}\n"
        "colour: red\n",
    )
    assert [(fault.path, fault.line, fault.code) for fault in found] == [
        ("song", 1, 2), ("title", 3, 2), ("shots.chorus-1.5.characters[0]", 6, 2), ("shots.chorus-1.5.end", 6, 2),
        ("shots.chorus-1.5.transition", 6, 2), ("output.size", 7, 2), ("output.fps", 7, 2), ("make.painter", 8, 3),
        ("colour", 9, 2),
    ]  # fmt: skip


def test_an_unknown_name_in_a_mapping_is_told_with_the_nearest(tmp_path: Path) -> None:
    """Where keys are words of a list, a mistyped one is told with the one that was meant."""
    [fault] = faults(tmp_path, SMALL + "look: {react: {kik: punch-in 3%}}\n")
    assert fault.path == "look.react.kik"
    assert "did you mean 'kick'?" in fault.hint


def test_a_fault_reads_as_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault names the file from where one stands, the place, what was found and expected, and what to do."""
    monkeypatch.chdir(tmp_path)
    [fault] = faults(tmp_path, SMALL + "cut: {transitions: {section: disolve 0.4s}}\n")
    assert str(fault) == (
        "project.yaml:3:30: cut.transitions.section: 'disolve 0.4s'; expected cut, or a transition and its length, "
        "such as dissolve 0.4s\n  did you mean 'dissolve'?"
    )


def test_many_faults_are_cut_short(tmp_path: Path) -> None:
    """A file that is wrong in a thousand lines is told a hundred of them, and how many there are."""
    found = faults(tmp_path, SMALL + "".join(f"key{number}: 1\n" for number in range(1000)))
    assert (len(found), found[-1].found) == (101, "and 900 more faults")


@pytest.mark.parametrize("name", ["gone.yaml", "a\0b", "x" * 5000, "sub"])
def test_a_project_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    """A path without a project file is an error that says how to start one."""
    (tmp_path / "sub").mkdir()
    with pytest.raises(ProjectError) as caught:
        project.load(tmp_path / name)
    assert caught.value.hint


def test_a_link_that_leads_nowhere_is_told_as_one(tmp_path: Path) -> None:
    """A project file that is a link to nothing, or to itself, is not called missing from its folder."""
    for name, target in (("gone", "elsewhere.yaml"), ("loop", "project.yaml")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "project.yaml").symlink_to(target)
        with pytest.raises(ProjectError, match="is a link that leads nowhere"):
            project.load(tmp_path / name)


def test_another_file_of_the_folder_is_named(tmp_path: Path) -> None:
    """A folder without project.yaml, but with another YAML file, is told that one."""
    (tmp_path / "clip.yaml").write_text(SMALL)
    with pytest.raises(ProjectError, match=r"no project\.yaml in") as caught:
        project.load(tmp_path)
    assert "clip.yaml" in caught.value.hint


def test_another_room_can_tell_a_fault_with_its_line(tmp_path: Path) -> None:
    """What the song or the shot list brings to light points into the file too."""
    loaded = project.load(written(tmp_path, SMALL + "shots:\n  chorus-9.9: {seed: 1}\n"))
    fault = project.fault(loaded, "shots.chorus-9.9.prompt", "no such shot", hint="see `mvr shots`")
    assert (fault.line, fault.column, fault.path) == (4, 15, "shots.chorus-9.9.prompt")


def test_an_unknown_preset_is_told_with_those_there_are(tmp_path: Path) -> None:
    """The nearest is named, else all of them."""
    [fault] = faults(tmp_path, SMALL + "make: {preset: gpu-42}\n")
    assert (fault.path, fault.code) == ("make.preset", 2)
    assert "gpu-" in fault.hint
