"""Which nodes an edit makes: exactly those that it touches."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.studio import Studio

VERSE_SHOT = {"verse-1.1/keyframe", "verse-1.1/clip", "verse-1.1/segment"}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    studio = Studio.start(tmp_path_factory.mktemp("studio") / "tiny")
    made = studio.render()
    assert "music" in made
    assert studio.film.exists()
    return studio


@pytest.fixture
def studio(rendered: Studio, tmp_path: Path) -> Studio:
    return rendered.copy(tmp_path / "tiny")


def test_nothing_changed_makes_nothing(studio: Studio) -> None:
    """A second render finds everything fresh."""
    assert studio.render() == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# a comment", "# another comment\n\n"),
        ("title: Tiny", "title: Great"),
        ("output: {size: 64x96, fps: 12}", "notes: {verse-1.1: the hand is wrong}\noutput: {size: 64x96, fps: 12}"),
        ("concept: A woman walks through a city at night.", "concept: >\n  A woman walks through a city at night."),
    ],
    ids=["comment", "title", "note", "another way to write it"],
)
def test_words_that_no_picture_reads_make_nothing(studio: Studio, old: str, new: str) -> None:
    """Comments, notes and moved lines touch no node, and a title the film alone, that says it."""
    studio.edit(old, new)
    assert studio.stale() == set()
    assert studio.render() == set()


def test_a_prompt_makes_its_shot(studio: Studio) -> None:
    """One shot's prompt makes that shot's still, clip and segment, and the plan said so."""
    studio.edit("ada waits at a wide street corner in the rain", "ada runs over a bridge in the snow")
    assert studio.stale() == {"verse-1.1/keyframe"}
    assert studio.render() == VERSE_SHOT


def test_undo_makes_nothing_and_gives_the_same_film(studio: Studio) -> None:
    """Taking an edit back joins the film again from what is there: the same bytes."""
    before = studio.film.read_bytes()
    studio.edit("in the rain", "in the snow")
    assert studio.render() == VERSE_SHOT
    assert studio.film.read_bytes() != before
    studio.edit("in the snow", "in the rain")
    assert studio.render() == set()
    assert studio.film.read_bytes() == before


def test_a_wardrobe_makes_that_characters_shots(studio: Studio) -> None:
    """A changed coat makes the portrait and the shots of who wears it, and no other picture."""
    cast = {shot["id"]: shot["characters"] for shot in studio.workspace.shots(lambda _: None)["shots"]}
    studio.edit("wardrobe: red coat", "wardrobe: blue coat")
    made = studio.render()
    with_ada = {shot for shot, characters in cast.items() if "ada" in characters}
    assert {name.rpartition("/")[0] for name in made} == with_ada | {"@ada"}


def test_a_forced_cut_makes_the_new_shot_and_its_neighbour(studio: Studio) -> None:
    """`cut.at` adds one shot and shortens the one before it; nothing else is drawn."""
    before = {shot["id"]: shot for shot in studio.workspace.shots(lambda _: None)["shots"]}
    neighbour = next(shot for shot in before.values() if shot["section"] == "chorus-1")
    moment = (neighbour["start"] + neighbour["end"]) / 2
    studio.edit("cut: {length: [2s, 4s]}", f"cut: {{length: [2s, 4s], at: [{moment}s]}}")
    made = studio.render()
    after = {shot["id"] for shot in studio.workspace.shots(lambda _: None)["shots"]}
    (new,) = after - before.keys()
    assert before.keys() <= after
    touched = {f"{shot}/{stage}" for shot in (new, neighbour["id"]) for stage in ("sound", "clip", "segment")}
    assert made == touched | {f"{new}/keyframe", "cut", "chorus-1/shots"}


def test_a_section_sentence_makes_that_section(studio: Studio) -> None:
    """The chorus's sentence re-writes the chorus alone."""
    studio.edit("the harbour opens before her", "a forest closes around her")
    made = studio.render()
    assert {name.partition(".")[0].partition("/")[0] for name in made} <= {"treatment", "chorus-1"}


SECTIONS = "sections: [{at: 0:00, role: verse}, {at: 0:08, role: chorus}]"


def test_sections_in_a_marker_file_are_what_it_says(studio: Studio) -> None:
    """The same sections in a marker file make nothing, nor does a comment in it; a section that moves there does."""
    markers = studio.folder / "markers.txt"
    markers.write_text("0.0\t0.0\tVerse 1\n8.0\t8.0\tChorus\n")
    studio.edit(SECTIONS, "sections: markers.txt")
    assert studio.render() == set()
    markers.write_text("# by ear\n0.0\t8.0\tverse\n8.0\t16.0\tHook (loud)\n")
    assert studio.stale() == set()
    assert studio.render() == set()
    markers.write_text("0.0\t0.0\tVerse 1\n6.0\t6.0\tChorus\n")
    assert studio.stale() == {"music"}
    in_a_file = studio.render()
    assert "chorus-1.1/segment" in in_a_file
    assert "verse-1.1/segment" not in in_a_file
    studio.edit("sections: markers.txt", SECTIONS.replace("0:08", "0:06"))
    assert studio.render() == set()


def sentences(studio: Studio) -> list[tuple[str, str]]:
    """What each shot shows, and how it moves."""
    return [(shot["prompt"], shot["motion"]) for shot in studio.workspace.shots(lambda _: None)["shots"]]


def test_a_treatment_of_the_same_words_makes_nothing_of_a_shot(studio: Studio) -> None:
    """A treatment that is written again and leads to the same words stops there: no shot is drawn."""
    before = sentences(studio)
    studio.edit("wardrobe: red coat", "wardrobe: red coat\n    arc: from alone to at home")
    assert studio.stale() == {"treatment"}
    made = studio.render()
    assert "treatment" in made
    assert {name for name in made if not name.endswith("/shots")} == {"treatment"}
    assert sentences(studio) == before


def test_the_same_prompt_from_another_brief_makes_nothing_of_that_shot(studio: Studio) -> None:
    """Words are compared, not what they were written from: a shot that comes out as it was is not drawn again."""
    given = 'chorus-1.1: {prompt: "ben looks over the sea", '
    studio.edit(given, given + "motion: the camera rises, ")
    studio.render()
    before = {shot["id"]: shot for shot in studio.workspace.shots(lambda _: None)["shots"]}
    studio.edit("the harbour opens before her", "a forest closes around her")
    made = studio.render()
    after = {shot["id"]: shot for shot in studio.workspace.shots(lambda _: None)["shots"]}
    drawn = {name.partition("/")[0] for name in made if name.endswith(("/keyframe", "/clip", "/segment"))}
    same = {shot for shot in after if all(after[shot][one] == before[shot][one] for one in ("prompt", "motion"))}
    assert "chorus-1.1" in same
    assert drawn == after.keys() - same
    assert {"treatment", "chorus-1/shots"} <= made
