"""A project file becomes a Project, with every default filled in."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from mvr import project
from mvr.model import (
    Character,
    Corrections,
    CutRules,
    Maker,
    Makers,
    MarkedSection,
    Output,
    Override,
    Place,
    SectionNote,
    Song,
    Style,
)
from tests.project.bench import SMALL, loaded, written

FULL = """\
mvr: 1
title: Northern Lights
seed: 20261
song: {file: song.wav, start: 0:12.5, end: 1:40}
lyrics: words.lrc
music:
  tempo: 92
  meter: 3/4
  first_downbeat: 0:01.35
  sections: [{at: 0:00, role: intro}, {at: 0:21.4, role: verse}]
concept: >
  A lonely musician walks
  through a city.
sections:
  chorus: the city lights up
  bridge: {concept: underwater, characters: []}
  verse-2: {characters: [lead]}
style: {look: cinematic, palette: ["#0B1D51"], lighting: neon, camera: calm, avoid: [text]}
characters:
  lead: {description: young, wardrobe: coat, features: [ring], constant: [hair], arc: up, range: [sad],
         references: [lead.png]}
  friend: {}
  many: {role: crowd}
cut: {by: regular, length: [1s, 4s], at: [0:12.5], drop: [verse-1.5, "@0:31"], handles: 4,
      transitions: {section: cut, otherwise: cut}}
make: {writer: rules, painter: {with: sketch}, animator: sketch, refine: [], approve: none}
look: {react: none}
words: {captions: none, title: false}
output: {size: 4:5, fps: 30000/1001}
shots:
  chorus-1.5: {prompt: "  he\\n stands ", motion: back, purpose: climax, characters: [lead, friend], keep: [rain],
               seed: 4, take: 3, react: none, painter: sketch, animator: {with: sketch}}
  "@1:23.4": {start: 1:20, end: 90s}
notes: {chorus-1.5: hand is wrong}
"""


def test_the_smallest_project_has_every_default(tmp_path: Path) -> None:
    """A song and a concept are a project."""
    found = loaded(tmp_path, SMALL)
    assert found.file == tmp_path / "project.yaml"
    assert found.digest == hashlib.sha256(SMALL.encode()).hexdigest()
    assert found.data == {"song": "song.wav", "concept": "a walk home"}
    assert found.places["concept"] == Place(2, 10)
    assert found.files == {"song": "song.wav"}
    assert (found.title, found.seed, found.lyrics, found.react, found.notes) == ("", 1, None, True, {})
    assert (found.song, found.corrections, found.sections) == (Song("song.wav"), Corrections(), {})
    assert (found.style, found.characters, found.shots) == (Style(), (), ())
    assert found.cut == CutRules("music", 2.5, 7.0, (), (), 8)
    assert found.make == Makers(Maker("rules"), Maker("sketch"), Maker("sketch"), "none", 1)
    assert found.outputs == (Output(1080, 1920, Fraction(24)),)


def test_the_writers_take_is_no_option_of_it(tmp_path: Path) -> None:
    """`make.writer.take` is a number of its own; the writer is asked for no such option."""
    found = loaded(tmp_path, SMALL + "make: {writer: {with: rules, take: 2}}\n")
    assert (found.make.writer, found.make.writer_take) == (Maker("rules"), 2)
    assert loaded(tmp_path, SMALL + "make: {writer: rules}\n").make.writer_take == 1


def test_a_full_project_says_what_was_written(tmp_path: Path) -> None:
    """Every key that works now reaches the Project, times in seconds, texts on one line."""
    (tmp_path / "lead.png").write_bytes(b"png")
    (tmp_path / "words.lrc").write_bytes(b"[00:01.00]la")
    found = loaded(tmp_path, FULL)
    assert found.files == {
        "song.file": "song.wav", "lyrics": "words.lrc", "characters.lead.references[0]": "lead.png",
    }  # fmt: skip
    assert (found.title, found.seed, found.lyrics, found.react) == ("Northern Lights", 20261, "words.lrc", False)
    assert found.song == Song("song.wav", 12.5, 100.0)
    marks = (MarkedSection(0.0, "intro"), MarkedSection(21.4, "verse"))
    assert found.corrections == Corrections(92.0, "3/4", 1.35, marks)
    assert found.concept == "A lonely musician walks through a city."
    assert found.sections == {
        "chorus": SectionNote("the city lights up"),
        "bridge": SectionNote("underwater", ()),
        "verse-2": SectionNote("", ("lead",)),
    }
    assert found.style == Style("cinematic", ("#0b1d51",), "neon", "calm", ("text",))
    assert found.characters == (
        Character("lead", "lead", "young", "coat", ("ring",), ("hair",), "up", ("sad",), ("lead.png",)),
        Character("friend", "supporting"),
        Character("many", "crowd"),
    )
    assert found.cut == CutRules("regular", 1.0, 4.0, (12.5,), ("verse-1.5", "@0:31"), 4)
    assert found.outputs == (Output(1080, 1350, Fraction(30000, 1001)),)
    first, second = found.shots
    assert first == Override("chorus-1.5", {
        "prompt": "he stands", "motion": "back", "purpose": "climax", "characters": ["lead", "friend"],
        "keep": ["rain"], "seed": 4, "take": 3, "react": "none", "painter": "sketch", "animator": {"with": "sketch"},
    })  # fmt: skip
    assert second == Override("@1:23.4", {"start": 80.0, "end": 90.0}, 83.4)
    assert found.notes == {"chorus-1.5": "hand is wrong"}


def test_a_block_may_be_left_empty(tmp_path: Path) -> None:
    """A block whose entries are all commented out is as good as none."""
    blocks = ("music", "sections", "style", "characters", "cut", "make", "look", "words", "sound", "output", "shots")
    found = loaded(tmp_path, SMALL + "".join(f"{block}:\n  # nothing yet\n" for block in blocks))
    assert found.cut == CutRules()


def test_how_a_text_is_wrapped_changes_nothing(tmp_path: Path) -> None:
    """A text folded onto two lines is the same text."""
    one = loaded(tmp_path, "song: song.wav\nconcept: a walk home at night\n")
    two = loaded(tmp_path, "song: song.wav\nconcept: >\n  a walk home\n  at night\n")
    assert one.concept == two.concept


def test_a_folder_means_its_project_file(tmp_path: Path) -> None:
    """A folder can be named instead of the project.yaml in it."""
    file = written(tmp_path, SMALL)
    assert project.load(tmp_path) == project.load(file)


def test_an_aliased_value_is_used_where_it_is_named(tmp_path: Path) -> None:
    """An anchor and its aliases spare writing a block twice."""
    text = SMALL + "shots:\n  verse-1.1: &calm {motion: the camera holds}\n  verse-2.1: *calm\n"
    found = loaded(tmp_path, text)
    assert [dict(shot.fields) for shot in found.shots] == [{"motion": "the camera holds"}] * 2
    assert found.places["shots.verse-2.1"] == Place(5, 14)


def test_a_long_project_is_read_whole(tmp_path: Path) -> None:
    """15,000 lines are a project like any other."""
    lines = [f"  verse-{n // 90 + 1}.{n % 90 + 1}:\n    prompt: step {n}\n    seed: {n}\n" for n in range(5000)]
    assert len(loaded(tmp_path, SMALL + "shots:\n" + "".join(lines)).shots) == 5000


@pytest.mark.parametrize("heavy", ["yaml", "jsonschema", "difflib", "numpy"])
def test_importing_the_room_is_light(heavy: str) -> None:
    """What reads a file is imported when a file is read."""
    code = f"import sys, mvr.project, mvr.machine, mvr.starter; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_preset_fills_the_makers_and_a_written_key_wins(tmp_path: Path) -> None:
    """`make.preset` stands for makers by a GPU's memory; what is written beside it is taken instead."""
    from mvr.project.presets import presets

    for name, one in presets().items():
        make = loaded(tmp_path, SMALL + f"make: {{preset: {name}}}\n").make
        assert make.painter is not None
        assert (make.painter.name, make.animator.name) == (one["make"]["painter"], one["make"]["animator"])
    make = loaded(tmp_path, SMALL + "make: {preset: gpu-24, painter: {with: flux, steps: 2}}\n").make
    assert (make.painter, make.animator.name) == (Maker("flux", {"steps": 2}), "wan")
