"""What is on screen in a shot, in whole frames from its start."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mvr.resources import resource
from mvr.stages import captions
from mvr.timeline import frame_of
from tests.desk import digest, run
from tests.stages.film_project import PROJECT, SHOT

LINES: list[dict[str, Any]] = [
    {"start": 1.0, "end": 2.0, "text": "Rain, on the roof!", "words": [
        {"start": 1.0, "end": 1.4, "text": "Rain"}, {"start": 1.4, "end": 1.6, "text": "on"},
        {"start": 1.6, "end": 2.0, "text": "roof"}]},
    {"start": 2.5, "end": 4.0, "text": "and rain", "words": []},
    {"start": 9.0, "end": 9.5, "text": "gone", "words": []},
    {"start": 9.0, "end": 9.5, "text": "fort", "words": []},
]  # fmt: skip


def made(out: Path, first: int, end: int, fps: str = "24", *, lines: Any = None, **how: bool) -> Any:
    source = out / "lyrics.json"
    out.mkdir(parents=True, exist_ok=True)
    source.write_text(json.dumps({"lines": LINES if lines is None else lines}))
    recipe = {"first_frame": first, "end_frame": end, "fps": fps, "karaoke": True, **how}
    part = run(captions, recipe, out=out, inputs={"lyrics": [source]}).parts[""]
    document = json.loads(part.read_text("utf-8"))
    jsonschema.validate(document, json.loads(resource("schemas/captions.schema.json").read_text()))
    return document


def test_a_line_stands_until_the_next_or_for_a_moment(tmp_path: Path) -> None:
    """A short silence is bridged; before a long one the line goes a little after its last word."""
    first, second = made(tmp_path, 0, 200)["lines"]
    assert (first["from"], first["until"]) == (24, 60)
    assert (second["from"], second["until"]) == (60, round(4.4 * 24))


@pytest.mark.parametrize("fps", ["24", "30000/1001", "60"])
def test_words_fall_on_the_frames_that_cuts_fall_on(fps: str, tmp_path: Path) -> None:
    """Each word's first frame is the boundary nearest to its time, counted from the shot's start."""
    rate = Fraction(fps)
    [row] = made(tmp_path, 7, 70, fps)["lines"][0]["rows"]
    assert [word["start"] for word in row] == [frame_of(word["start"], rate) - 7 for word in LINES[0]["words"]]


def test_what_stands_beside_a_timed_word_is_drawn_with_it(tmp_path: Path) -> None:
    """No letter of a line is lost: commas and words without times go with the word before them."""
    [row] = made(tmp_path, 0, 60)["lines"][0]["rows"]
    assert " ".join(word["text"] for word in row) == "Rain, on the roof!"


def test_words_without_times_share_their_line(tmp_path: Path) -> None:
    """By their letters, from the line's start to its end; and the document says that they are estimated."""
    document = made(tmp_path, 60, 120)
    [line] = document["lines"]
    assert line["estimated"]
    [row] = line["rows"]
    assert (row[0]["start"], row[-1]["end"]) == (0, 36)
    assert row[0]["end"] - row[0]["start"] < row[1]["end"] - row[1]["start"]


def test_signs_light_up_one_by_one(tmp_path: Path) -> None:
    """Where a script parts no words each sign has its time in karaoke, with the marks that belong to it; words one at a
    time stay whole."""
    lines = [{"start": 0.0, "end": 2.0, "text": "「港」に灯り、 oh yes", "words": []}]
    [row] = made(tmp_path / "a", 0, 60, lines=lines, signs=True)["lines"][0]["rows"]
    assert [word["text"] for word in row] == ["「港」", "に", "灯", "り、", "oh", "yes"]
    assert [word["space"] for word in row] == [False, False, False, True, True, False]
    assert all(one["end"] == two["start"] > one["start"] for one, two in pairwise(row))
    [row] = made(tmp_path / "b", 0, 60, lines=lines)["lines"][0]["rows"]
    assert [word["text"] for word in row] == ["「港」に灯り、", "oh", "yes"]


def test_lines_that_begin_together_stand_together(tmp_path: Path) -> None:
    """A line and its translation are two rows."""
    [line] = made(tmp_path, 210, 240, karaoke=False)["lines"]
    assert [[word["text"] for word in row] for row in line["rows"]] == [["gone"], ["fort"]]


def test_a_shot_without_a_line_is_as_any_other(tmp_path: Path) -> None:
    """Another lyric elsewhere changes nothing of it."""
    made(tmp_path / "a", 130, 200)
    made(tmp_path / "b", 130, 200, lines=LINES[1:])
    assert digest(tmp_path / "a/captions.json") == digest(tmp_path / "b/captions.json")


def test_no_words_have_no_times_without_karaoke(tmp_path: Path) -> None:
    """Lines as lines name no word's time."""
    assert made(tmp_path, 0, 60, karaoke=False)["lines"][0]["rows"] == [[{"text": "Rain, on the roof!"}]]


def test_the_recipe_is_the_span() -> None:
    """A shot's words read its frames, the rate, and whether words are timed."""
    values, _ = captions.recipe(PROJECT, replace(SHOT, first_frame=3, end_frame=9), karaoke=True)
    assert values == {"first_frame": 3, "end_frame": 9, "fps": "24", "karaoke": True}
