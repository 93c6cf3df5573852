"""Where the cuts fall, what they are called, and what forcing and dropping one changes."""

from __future__ import annotations

import json
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mvr.cutting.song import Energy
from mvr.errors import ProjectError
from mvr.resources import resource
from mvr.stages import cut
from tests.desk import run
from tests.score import pop, song, songs

LENGTHS = st.sampled_from([[2.5, 7.0], [1.0, 3.0], [4.0, 4.0], [5.0, 6.0], [0.5, 60.0], [0.0, 2.0]])


def rules(**more: Any) -> dict[str, Any]:
    return {"by": "music", "length": [2.5, 7.0], "at": [], "drop": []} | more


def kept(music: Any, **more: Any) -> list[Any]:
    return [shot for shot in cut.arranged(music, rules(**more)) if not shot["dropped"]]


def made(tmp_path: Path, music: Any, lines: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    """Every part of the stage's node, by its name."""
    inputs = {"music": [tmp_path / "music.json"]}
    inputs["music"][0].write_text(json.dumps(music))
    if lines is not None:
        inputs["lyrics"] = [tmp_path / "lyrics.json"]
        inputs["lyrics"][0].write_text(json.dumps({"lines": lines}))
    node = run(cut, rules(**more), out=tmp_path / "out", inputs=inputs)
    return {name: json.loads(path.read_text()) for name, path in node.parts.items()}


@given(songs(), LENGTHS, st.sampled_from(["music", "regular"]))
def test_shots_tile_the_song(music: Any, length: list[float], by: str) -> None:
    """Whatever the song, shots follow on each other from 0 to its end, and each id is given once."""
    shots = kept(music, length=length, by=by)
    assert shots[0]["start"] == 0
    assert shots[-1]["end"] == pytest.approx(music["duration"])
    assert all(before["end"] == after["start"] for before, after in pairwise(shots))
    assert all(shot["end"] > shot["start"] for shot in shots)
    assert len({shot["id"] for shot in shots}) == len(shots)


@given(songs(), LENGTHS)
def test_shots_are_as_long_as_asked(music: Any, length: list[float]) -> None:
    """By music, every shot is within the lengths asked for, unless the song cannot be divided so."""
    shortest, longest = max(0.01, length[0]), length[1]
    duration = music["duration"]
    assume(ceil((duration - 1e-6) / longest) * shortest <= duration)
    gaps = [shot["end"] - shot["start"] for shot in kept(music, length=length)]
    assert min(gaps) >= shortest - 1e-4
    assert max(gaps) <= longest + 1e-4


@given(songs())
def test_sections_are_cuts_where_length_permits(music: Any) -> None:
    """Every section that is long enough, in a song of such sections, begins with a cut."""
    edges = [section["start"] for section in music["sections"]]
    assume(all(end - start >= 2.5 for start, end in pairwise([*edges, music["duration"]])))
    assert set(edges) <= {shot["start"] for shot in kept(music)}


def test_cuts_fall_on_downbeats() -> None:
    """In a song of bars of two seconds most cuts are downbeats, and those of a chorus come faster than a verse's."""
    music = pop()
    shots = kept(music)
    on_downbeat = [shot for shot in shots if shot["start"] in (0.0, *music["downbeats"])]
    assert len(on_downbeat) >= 0.8 * len(shots)
    mean = {
        role: sum(shot["end"] - shot["start"] for shot in own) / len(own)
        for role in ("verse", "chorus", "intro")
        if (own := [shot for shot in shots if shot["section"].startswith(role)])
    }
    assert mean["chorus"] < mean["verse"] <= mean["intro"]


def test_loudness_sets_the_pace_too() -> None:
    """Where the analysis has a loudness curve, the louder half of a section is cut faster, and shots carry it."""
    music = song(64.0, [("part", 0.0, "medium")], bpm=240, first=0.0)
    music["energy"] = {"rate": 1.0, "values": [0.05] * 32 + [0.95] * 32}
    assert sum(shot["start"] >= 32 for shot in kept(music)) > sum(shot["start"] < 32 for shot in kept(music))
    energy = Energy(music)
    assert (energy.mean(0, 8), energy.mean(40, 48)) == pytest.approx((0.05, 0.95))


def test_without_a_beat_lengths_are_regular() -> None:
    """Where nothing was heard, shots are of one length, and named by whole seconds."""
    shots = kept(song(60.0, [("part", 0.0, "low")], bpm=0))
    assert max(s["end"] - s["start"] for s in shots) - min(s["end"] - s["start"] for s in shots) < 1e-5
    assert [shot["id"] for shot in shots][:2] == ["part-1.0s", "part-1.6s"]
    assert shots[0]["bar"] is None


def test_without_a_beat_loudness_sets_the_pace() -> None:
    """Where no beat is heard, shots are shorter where the song is louder."""
    music = song(60.0, [("part", 0.0, "medium")], bpm=0)
    music["energy"] = {"rate": 2.0, "values": [0.05] * 60 + [0.95] * 60}
    shots = kept(music)
    quiet = [shot["end"] - shot["start"] for shot in shots if shot["end"] < 30]
    loud = [shot["end"] - shot["start"] for shot in shots if shot["start"] > 30]
    assert min(quiet) > max(loud) + 0.5


def test_ids_are_musical_addresses() -> None:
    """A shot is named by section and bar; a pick-up is bar 0; a section marked a little late still begins in bar 1."""
    music = song(24.0, [("intro", 0.0, "low"), ("chorus", 8.4, "high")], first=0.35)
    ids = [shot["id"] for shot in kept(music)]
    assert ids[0] == "intro-1.0"
    assert "chorus-1.1" in ids
    listed = cut.arranged(music, {"by": "list", "at": [8.4, 9.0, 10.35], "drop": []})
    assert [shot["id"] for shot in listed] == ["intro-1.0", "chorus-1.1", "chorus-1.1b", "chorus-1.2"]


def test_a_song_shorter_than_a_shot_is_one_shot() -> None:
    """Half a second makes one shot, by every way of cutting."""
    music = song(0.5, [("part", 0.0, "low")], bpm=0)
    for by in ("music", "regular"):
        assert [(s["id"], s["start"], s["end"]) for s in kept(music, by=by)] == [("part-1.0s", 0.0, 0.5)]
    assert len(cut.arranged(music, {"by": "list", "at": [], "drop": []})) == 1


def test_regular_cuts_every_longest_length() -> None:
    """`regular` snaps to nothing, and leaves no sliver at the end."""
    music = pop()
    music["duration"] = 21.1
    assert [shot["start"] for shot in kept(music, by="regular", length=[7.0, 7.0])] == [0.0, 7.0, 14.0]


def test_two_hours_take_no_time() -> None:
    """Two hours of beats and three hundred sections are planned in one pass over them."""
    music = song(7200.0, [("part", 24.0 * index, "medium") for index in range(300)], bpm=174)
    assert 1000 < len(kept(music)) < 2880


@given(songs(), st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6), st.data())
def test_a_forced_cut_changes_no_other_shot(music: Any, shares: list[float], data: st.DataObject) -> None:
    """One more time at the end of `cut.at` adds one id, and shortens the shot it falls in; the same for the words."""
    at = [round(share * music["duration"], 3) for share in shares]
    try:
        before = kept(music, at=at[:-1])
        after = kept(music, at=at)
    except ProjectError:
        assume(False)
    old, new = ({shot["id"]: shot for shot in shots} for shots in (before, after))
    (added,) = new.keys() - old.keys()
    assert old.keys() <= new.keys()
    changed = [shot for shot in old if old[shot] != new[shot]]
    assert len(changed) == 1
    assert new[changed[0]]["end"] == new[added]["start"] == at[-1]
    assert {**new[changed[0]], "end": 0} == {**old[changed[0]], "end": 0}


@given(songs(), st.data())
def test_a_dropped_cut_changes_no_other_shot(music: Any, data: st.DataObject) -> None:
    """`cut.drop` takes one id away; the shot before it is longer, and nothing else changes."""
    before = kept(music)
    assume(len(before) > 1)
    index = data.draw(st.integers(1, len(before) - 1))
    gone = before[index]
    after = kept(music, drop=[data.draw(st.sampled_from([gone["id"], f"@{gone['start']:.3f}s"]))])
    expected = [dict(shot) for shot in before if shot is not gone]
    expected[index - 1]["end"] = gone["end"]
    assert after == expected


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"at": [8.35]}, "a cut is at 0:08.35 already: verse-1.1"),
        ({"at": [0.0]}, "intro-1.0 begins there"),
        ({"at": [500.0]}, "8:20 is not inside the film"),
        ({"drop": ["verse-1.99"]}, "no planned cut is called 'verse-1.99'"),
        ({"drop": ["@0:07.4"]}, "no planned cut at 0:07.4"),
        ({"drop": ["intro-1.0"]}, "where the film begins"),
        ({"by": "list", "at": [500.0]}, "8:20 is not inside the film"),
        ({"by": "list", "at": [5.0, 5.0]}, "names 0:05 twice"),
    ],
)
def test_a_cut_that_meets_nothing_is_an_error(wrong: Any, says: str) -> None:
    """What `at` and `drop` cannot do is said in a sentence, with a hint at what they can."""
    with pytest.raises(ProjectError) as caught:
        cut.arranged(pop(), rules(**wrong))
    assert says in caught.value.what
    assert caught.value.hint


def test_a_wrong_drop_names_the_nearest() -> None:
    """A dropped id that is none is answered with those most like it."""
    with pytest.raises(ProjectError, match="verse-1") as caught:
        cut.arranged(pop(), rules(drop=["verse-1.9"]))
    assert "verse-1" in caught.value.hint


def test_the_documents_are_as_their_schema_says(tmp_path: Path) -> None:
    """The cut, and each section's part of it, carry what the stages after it read."""
    schema = json.loads(resource("schemas/cut.schema.json").read_text())
    lines = [{"start": 9.0, "end": 13.0, "text": "the rain is over", "words": []}]
    parts = made(tmp_path, pop(), lines, at=[9.5], drop=["chorus-1.4"])
    jsonschema.validate(parts.pop(""), schema)
    for part in parts.values():
        jsonschema.validate(part, {**schema["definitions"]["section"], "definitions": schema["definitions"]})
    verse = parts["verse-1"]
    assert [shot["words"] for shot in verse["shots"]][:2] == [["the rain is over"], ["the rain is over"]]
    assert [shot["host"] for shot in verse["shots"]][:2] == ["verse-1.1", "verse-1.1"]
    assert "chorus-1.4" in parts["chorus-1"]["planned"]
    assert "chorus-1.4" not in [shot["id"] for shot in parts["chorus-1"]["shots"]]


def test_the_same_cut_twice_is_the_same_bytes(tmp_path: Path) -> None:
    """Nothing in the documents depends on when or where they were made."""
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
        made(folder, pop(92.0), at=[9.5])
    names = sorted(path.name for path in (first / "out").iterdir())
    assert len(names) == 7
    assert all((first / "out" / name).read_bytes() == (second / "out" / name).read_bytes() for name in names)
