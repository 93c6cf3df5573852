"""From the cut, the written shots and the user's overrides to the shots that will be made."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvr import shotlist
from mvr.errors import ProjectError, StageError
from mvr.model import Character, CutRules, Frozen, Maker, Makers, Output, Override, Place, Project, Song, Style, Take
from mvr.resources import resource

CAST = (
    Character("ada", "lead", "young woman", "red coat", ("silver ring",), constant=("coat colour",)),
    Character("ben", "supporting", "old man", "green jacket"),
)


def project(*shots: Override, fps: Fraction = Fraction(24), **more: Any) -> Project:
    places = {
        f"shots.{shot.key}.{name}": Place(10 * line + index, 5)
        for line, shot in enumerate(shots, 2)
        for index, name in enumerate(shot.fields)
    }
    values: dict[str, Any] = {
        "file": Path("/films/tiny.yaml"),
        "digest": "0" * 64,
        "data": {},
        "places": places,
        "files": {},
        "title": "",
        "seed": 7,
        "song": Song("song.wav"),
        "lyrics": None,
        "corrections": None,
        "concept": "A woman walks.",
        "sections": {},
        "style": Style(look="ink"),
        "characters": CAST,
        "cut": CutRules(),
        "make": Makers(),
        "outputs": (Output(fps=fps),),
        "shots": shots,
    }
    return Project(**{**values, **more})


def cut(*starts: float, end: float = 20.0) -> Any:
    """A cut of one-bar shots: the verse up to 10 s, then the chorus."""
    cuts = []
    bars = {"verse-1": 0, "chorus-1": 0}
    for start, after in pairwise([*starts, end]):
        section = "verse-1" if start < 10 else "chorus-1"
        bars[section] += 2
        entry = {"id": f"{section}.{bars[section] - 1}", "start": start, "end": after, "section": section}
        cuts.append({**entry, "bar": bars[section] - 1, "forced": False, "energy": 0.5})
    sections = [{"name": "verse-1", "start": 0.0, "end": 10.0}, {"name": "chorus-1", "start": 10.0, "end": end}]
    return {"cuts": cuts, "sections": sections}


def written(document: Any, *names: str) -> Any:
    """Every shot of the cut, written."""
    return {
        section["name"]: {
            "section": section["name"],
            "shots": [
                {"id": x["id"], "purpose": "develop", "prompt": f"a street, {x['id']}", "motion": "slow push in"}
                | {"characters": ["ada"], "keep": ["the night"]}
                for x in document["cuts"]
                if x["section"] == section["name"]
            ],
        }
        for section in document["sections"]
        if not names or section["name"] in names
    }


CUT = cut(0.0, 4.0, 7.0, 10.0, 15.0)


def planned(*shots: Override, **more: Any) -> dict[str, Any]:
    return {plan.id: plan for plan in shotlist.planned(project(*shots, **more), CUT, written(CUT))}


def faults(*shots: Override, **more: Any) -> list[str]:
    with pytest.raises(ProjectError) as caught:
        planned(*shots, **more)
    assert caught.value.exit_code == 2
    return [str(fault) for fault in caught.value.faults]


def test_shots_stand_as_written() -> None:
    """Without overrides a shot has its written words, its frames, and what its cast must keep."""
    plan = planned()["verse-1.3"]
    assert (plan.first_frame, plan.end_frame) == (96, 168)
    assert (plan.prompt, plan.motion, plan.purpose) == ("a street, verse-1.3", "slow push in", "develop")
    assert plan.keep == ("the night", "preserve the coat colour")
    assert plan.sources["prompt"] == "verse-1/shots:verse-1.3.prompt"
    assert plan.sources["first_frame"] == "cut:verse-1.3.start"


def test_how_a_writer_spaces_its_words_is_no_word() -> None:
    """A sentence stands on one line, as it would if it were frozen into a file and read again."""
    document = cut(0, 5, 10, 15)
    words = written(document)
    words["verse-1"]["shots"][0] |= {"prompt": " a street\n at  night ", "motion": "slow\tpush in"}
    plan = shotlist.planned(project(), document, words)[0]
    assert (plan.prompt, plan.motion) == ("a street at night", "slow push in")


def test_frozen_words_come_first() -> None:
    """A shot of the frozen list needs no writer; the others do, and a section of frozen shots alone asks none."""
    document = cut(0, 5, 10, 15)
    words = written(document)
    kept = {name: value for name, value in words["verse-1"]["shots"][0].items() if name != "id"}
    film = project(frozen=Frozen(shots={"verse-1.1": {**kept, "prompt": "a crow"}, "verse-1.3": kept}))
    assert shotlist.unwritten(film, document) == ["chorus-1"]
    assert shotlist.unwritten(project(), document) == ["verse-1", "chorus-1"]
    first, second = shotlist.planned(film, document, {})
    assert (first.prompt, second.id) == ("a crow", "verse-1.3")
    assert first.sources["prompt"].endswith(".shots.yaml:shots.verse-1.1.prompt")
    assert len(shotlist.planned(film, document, words)) == 4


def test_overrides_replace_fields() -> None:
    """Each field of a shot may be set, by the shot's id or by a moment it is on screen, and says where it was set."""
    fields = {"prompt": "rain", "characters": ["ben"], "purpose": "climax", "take": 3, "react": "none"}
    moment = {"motion": "whip pan", "keep": [], "painter": {"with": "flux", "steps": 4}, "animator": "parallax"}
    plan = planned(Override("verse-1.3", fields), Override("@0:05", moment, 5.0))["verse-1.3"]
    assert (plan.prompt, plan.motion, plan.purpose, plan.react) == ("rain", "whip pan", "climax", False)
    assert plan.take == Take(3, 3)
    assert (plan.characters, plan.keep) == (("ben",), ())
    assert (plan.painter, plan.animator) == (Maker("flux", {"steps": 4}), Maker("parallax"))
    assert plan.sources["prompt"] == "shots.verse-1.3.prompt"
    assert plan.sources["motion"] == "shots.@0:05.motion"


def test_a_seed_follows_from_shot_and_take_alone() -> None:
    """Seeds differ by shot, take and project; a written one stands as it is."""
    seeds = {shotlist.seed_of(seed, shot, take) for seed in (1, 2) for shot in ("a", "b") for take in (1, 2)}
    assert len(seeds) == 8
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert planned(Override("verse-1.3", {"take": 2}))["verse-1.3"].seed == shotlist.seed_of(7, "verse-1.3", 2)
    assert planned(Override("verse-1.3", {"seed": 5}))["verse-1.3"].seed == 5
    assert planned(Override("verse-1.3", {"seed": 5, "take": 2}))["verse-1.3"].seed == shotlist.seed_of(
        5, "verse-1.3", 2
    )
    assert planned()["verse-1.5"].seed == planned(Override("verse-1.3", {"take": 2}))["verse-1.5"].seed


def test_a_moved_cut_moves_its_neighbour() -> None:
    """`start` and `end` move one cut; no id changes, and no frame is lost."""
    plans = planned(Override("verse-1.3", {"start": 5.0, "end": 6.5}))
    frames = [(plan.first_frame, plan.end_frame) for plan in plans.values()]
    assert frames == [(0, 120), (120, 156), (156, 240), (240, 360), (360, 480)]
    assert plans["verse-1.1"].sources["end_frame"] == "shots.verse-1.3.start"
    assert plans["verse-1.5"].sources["first_frame"] == "shots.verse-1.3.end"


def test_a_moment_means_what_is_on_screen_once_ids_have_moved_cuts() -> None:
    """An `@` key meets the shot on screen at that time in the film as the ids' own moves have it."""
    plans = planned(Override("verse-1.3", {"start": 2.0}), Override("@0:03", {"prompt": "rain"}, 3.0))
    assert plans["verse-1.3"].prompt == "rain"


def test_a_moment_may_move_a_cut_too() -> None:
    """`@` keys move cuts as ids do."""
    assert planned(Override("@0:05", {"end": 8.0}, 5.0))["verse-1.3"].end_frame == 192


def test_one_field_set_twice_is_a_fault() -> None:
    """An id and a moment that set one field of one shot are told both their lines."""
    found = faults(Override("verse-1.3", {"prompt": "a"}), Override("@0:05", {"prompt": "b", "motion": "c"}, 5.0))
    assert len(found) == 1
    assert found[0] == (
        "/films/tiny.yaml:30:5: shots.@0:05.prompt: prompt of verse-1.3 is set twice: on line 20 "
        "(shots.verse-1.3.prompt) and on line 30 (shots.@0:05.prompt)\n  leave out one of the two"
    )


def test_one_cut_moved_to_two_times_is_a_fault() -> None:
    """The end of a shot and the start of the next are one cut; set to one time they agree."""
    found = faults(Override("verse-1.1", {"end": 5.0}), Override("verse-1.3", {"start": 6.0}))
    assert (
        "shots.verse-1.3.start and shots.verse-1.1.end (line 20) move one cut to two times: 0:06 and 0:05" in found[0]
    )
    assert planned(Override("verse-1.1", {"end": 5.0}), Override("verse-1.3", {"start": 5.0}))["verse-1.3"].frames == 48


def test_an_override_that_meets_no_shot_names_the_nearest() -> None:
    """A shot that is gone is answered with the one on screen at its last known moment, and the ids most like it."""
    (found,) = faults(Override("verse-1.4", {"prompt": "a"}))
    assert found.startswith("/films/tiny.yaml:20:5: shots.verse-1.4: no shot is called verse-1.4")
    assert "at its last known moment now begins verse-1.3" in found
    assert "the nearest ids are verse-1.3, verse-1.5, verse-1.1" in found
    (found,) = faults(Override("bridge-2.4", {"prompt": "a"}))
    assert "last known moment" not in found
    (found,) = faults(Override("@9:00", {"prompt": "a"}, 540.0))
    assert "no shot is on screen at 9:00" in found
    assert "its last shot is chorus-1.3" in found


@pytest.mark.parametrize(
    ("shot", "says"),
    [
        (Override("verse-1.3", {"end": 12.0}), "a cut at 0:12 would leave nothing of verse-1.5"),
        (Override("verse-1.3", {"start": 7.0}), "a cut at 0:07 would leave nothing of verse-1.3"),
        (Override("verse-1.1", {"start": 1.0}), "without a picture"),
        (Override("chorus-1.3", {"end": 19.0}), "the film ends at 0:20"),
    ],
)
def test_a_cut_moved_too_far_is_a_fault(shot: Override, says: str) -> None:
    """A shot keeps at least a frame, and the film its first and last one."""
    assert says in faults(shot)[0]


def test_all_faults_are_told_at_once() -> None:
    """Every override that is wrong is named, in the order of the file."""
    found = faults(Override("verse-9.1", {"prompt": "a"}), Override("@9:00", {"end": 1.0}, 540.0))
    assert len(found) == 2
    assert found[0] < found[1]


def test_sections_that_are_not_written_yet_are_left_out() -> None:
    """Shots of known sections are planned as soon as their section is written; their frames are those of the film."""
    plans = shotlist.planned(project(), CUT, written(CUT, "chorus-1"))
    assert [(plan.id, plan.first_frame, plan.end_frame) for plan in plans] == [
        ("chorus-1.1", 240, 360),
        ("chorus-1.3", 360, 480),
    ]
    assert shotlist.planned(project(), CUT, {}) == ()


def test_a_shot_without_words_is_an_error() -> None:
    """A writer that leaves a shot out is not covered up."""
    words = written(CUT)
    words["verse-1"]["shots"].pop()
    with pytest.raises(StageError, match=r"no words for verse-1\.5"):
        shotlist.planned(project(), CUT, words)


def test_more_shots_than_frames_are_an_error() -> None:
    """At one frame a second, three shots of a second and a half do not stand in two frames."""
    document = cut(0.0, 0.5, 1.0, end=1.5)
    with pytest.raises(ProjectError, match="3 shots, but the film only 2 frames"):
        shotlist.planned(project(fps=Fraction(1)), document, written(document))


@st.composite
def films(draw: st.DrawFn) -> tuple[Any, Project]:
    """A cut, a rate, and overrides that move cuts between their neighbours."""
    steps = draw(st.lists(st.floats(0.3, 5.0), min_size=1, max_size=12))
    edges = [0.0]
    for step in steps:
        edges.append(round(edges[-1] + step, 6))
    document = cut(*edges[:-1], end=edges[-1])
    fps = draw(st.sampled_from([Fraction(10), Fraction(24), Fraction(30000, 1001), Fraction(240)]))
    moved = draw(st.lists(st.integers(1, max(1, len(steps) - 1)), unique=True, max_size=4))
    shots = []
    for index in moved:
        if 0 < index < len(steps) and index % 2:  # each between neighbours that stay
            time = edges[index - 1] + draw(st.floats(0.001, 0.999)) * (edges[index + 1] - edges[index - 1])
            start = draw(st.booleans())
            shot = document["cuts"][index if start else index - 1]["id"]
            shots.append(Override(shot, {"start" if start else "end": time}))
    return document, project(*shots, fps=fps)


@given(films())
def test_shots_tile_the_film(film: tuple[Any, Project]) -> None:
    """At any rate, and with cuts moved, shots fill the film's frames exactly, each with at least one."""
    document, made_of = film
    plans = shotlist.planned(made_of, document, written(document))
    fps = made_of.output.fps
    assert [plan.id for plan in plans] == [entry["id"] for entry in document["cuts"]]
    assert plans[0].first_frame == 0
    assert abs(plans[-1].end_frame - Fraction(document["cuts"][-1]["end"]) * fps) <= Fraction(1, 2)
    assert all(before.end_frame == after.first_frame for before, after in pairwise(plans))
    assert min(plan.frames for plan in plans) >= 1


def test_the_songs_exact_length_counts() -> None:
    """Where the song's samples are known, the film's frames follow from them."""
    exact = Fraction(20) + Fraction(1, 48)
    assert shotlist.planned(project(), CUT, written(CUT), exact)[-1].end_frame == 481


def test_the_document_is_as_its_schema_says() -> None:
    """`mvr shots --json` gives joined prompts, seconds and frames, and the state of each shot."""
    film = project(Override("verse-1.3", {"prompt": "rain"}))
    plans = shotlist.planned(film, CUT, written(CUT))
    document = shotlist.document(film, plans, {"verse-1.3": "stale"})
    jsonschema.validate(document, json.loads(resource("schemas/shotlist.schema.json").read_text()))
    shot = document["shots"][1]
    assert shot["prompt"] == "rain. ada: young woman, red coat, silver ring. ink"
    assert (document["fps"], document["frames"], shot["start"], shot["state"]) == ("24", 480, 4.0, "stale")
    assert shotlist.document(film, (), {})["shots"] == []


def test_a_shot_may_differ_from_the_films_reaction() -> None:
    """`look.react: none` stands in every shot that does not say otherwise."""
    plans = planned(Override("verse-1.3", {"react": {"kick": "punch-in 3%"}}), react=False)
    assert [plan.react for plan in plans.values()] == [False, True, False, False, False]


def test_the_list_says_what_is_sung() -> None:
    """Each shot has the lines that sound in it, its energy, and how the film comes into it."""
    lines = [{"start": 1.0, "end": 4.5, "text": "rise"}, {"start": 4.2, "end": 6.0, "text": "little lantern"}]
    plans = shotlist.planned(project(), CUT, written(CUT))
    first, second, *_ = shotlist.document(project(), plans, {}, lines)["shots"]
    assert (first["lyric"], second["lyric"]) == ("rise", "rise / little lantern")
    assert {shot["lyric"] for shot in shotlist.document(project(), plans, {})["shots"]} == {""}
    assert (first["energy"], first["transition"]) == (0.5, "cut")


def test_an_animator_that_is_not_named_suits_the_shots_own_painter() -> None:
    """The sketch moves its own stills, parallax any other's; an animator that is named moves them all."""
    document = cut(0, 5, 10, 15)
    own = Override("verse-1.3", {"painter": "fake"})
    plans = shotlist.planned(project(own), document, written(document))
    assert [plan.animator.name for plan in plans] == ["sketch", "parallax", "sketch", "sketch"]
    assert plans[1].sources["animator"] == "shots.verse-1.3.painter"
    chosen = project(own, make=Makers(animator=Maker("fake"), chosen=True))
    assert {plan.animator.name for plan in shotlist.planned(chosen, document, written(document))} == {"fake"}
