"""Which nodes an edit makes."""

from __future__ import annotations

import pytest

from mvr.engine import events
from mvr.engine.plan import FileChanged, InputChanged, NeverMade, Reader, RecipeChanged, VersionRaised
from tests.engine.lab import Lab


@pytest.fixture
def film(lab: Lab) -> Lab:
    """Two shots and a film, rendered."""
    lab.node("still", "rain")
    lab.node("clip", "slow", reads="still")
    lab.node("other", "snow")
    lab.node("film", reads="clip other")
    lab.render()
    assert lab.made == {"still", "clip", "other", "film"}
    return lab


def test_nothing_changed_makes_nothing(film: Lab) -> None:
    """A second render meets every node fresh, and makes none."""
    build = film.render()
    assert film.made == set()
    assert (build.summary.made, build.summary.hit) == (0, 4)


def test_an_edit_makes_the_node_and_what_reads_it(film: Lab) -> None:
    """One word makes its node and all that hangs on it, and nothing beside."""
    film.node("still", "storm")
    assert film.states() == {"still": "stale", "clip": "waits still", "other": "fresh", "film": "waits clip"}
    film.render()
    assert film.made == {"still", "clip", "film"}
    assert "storm" in film.read("clip")["read"]["in"][0]


def test_undo_makes_nothing(film: Lab) -> None:
    """What was made under earlier words is fresh again when they come back."""
    film.node("still", "storm")
    film.render()
    film.node("still", "rain")
    film.render()
    assert film.made == set()
    assert film.hit == {"still", "clip", "other", "film"}


def test_the_same_bytes_stop_the_wave(film: Lab) -> None:
    """A node that is made again to the same bytes makes nothing that reads it (early cutoff)."""
    film.node("still", "rain", hands="a picture")
    film.render()
    film.node("still", "storm", hands="a picture")
    assert film.states() == {"still": "stale", "clip": "waits still", "other": "fresh", "film": "waits clip"}
    film.render()
    assert film.made == {"still"}
    assert film.hit == {"clip", "other", "film"}


def test_what_is_stale_beyond_the_same_bytes_is_made(film: Lab) -> None:
    """Where the wave stops, what hangs further down and was edited itself is made all the same."""
    film.node("still", "rain", hands="a picture")
    film.render()
    film.node("still", "storm", hands="a picture")
    film.node("film", "credits", reads="clip other")
    assert film.states() == {"still": "stale", "clip": "waits still", "other": "fresh", "film": "waits clip"}
    film.render()
    assert film.made == {"still", "film"}
    assert film.hit == {"clip", "other"}


def test_only_the_part_that_is_read_counts(lab: Lab) -> None:
    """Of several parts, another one that changes makes nothing."""
    lab.node("cut", hands="list", parts={"verse": "two shots", "chorus": "four shots"})
    lab.node("verse/shots", reads="cut:verse")
    lab.node("chorus/shots", reads="cut:chorus")
    lab.render()
    lab.node("cut", hands="another list", parts={"verse": "two shots", "chorus": "five shots"})
    lab.render()
    assert lab.made == {"cut", "chorus/shots"}


def test_a_name_is_in_no_key(film: Lab) -> None:
    """The same node under another name is fresh."""
    film.declared["picture"] = film.declared.pop("still")
    film.node("clip", "slow", reads="picture")
    film.render()
    assert film.made == set()


def test_twins_are_made_once(lab: Lab) -> None:
    """Two nodes with one key: one is made, the other is met fresh."""
    for name in ("left", "right"):
        lab.node(name, "the same")
    lab.node("film", reads="left right")
    assert lab.states() == {"left": "stale", "right": "stale", "film": "waits left"}
    build = lab.render()
    assert lab.tally() == ["left", "film"]
    assert (lab.made, lab.hit) == ({"left", "film"}, {"right"})
    assert (build.summary.made, build.summary.hit) == (2, 1)


def test_nodes_that_nothing_wants_are_not_made(lab: Lab) -> None:
    """Only the targets and what they read are made."""
    lab.node("a")
    lab.node("b", reads="a")
    lab.node("c")
    lab.wanted = ["b"]
    lab.render()
    assert lab.made == {"a", "b"}


def test_only_made_nodes_are_announced_as_started(film: Lab) -> None:
    """Each made node is said to start before it is said to be made."""
    film.node("other", "ice")
    film.render()
    said = [(type(event).__name__, event.node) for event in film.events if not isinstance(event, events.Queue)]
    assert said[-4:] == [("Started", "other"), ("MadeNode", "other"), ("Started", "film"), ("MadeNode", "film")]


def test_the_reasons_of_a_changed_recipe(film: Lab) -> None:
    """Each changed field is named, with what it was and what it is, down to the deepest."""
    film.node("still", "rain", size=[2, 3], style={"look": "grainy", "light": "neon"}, old=1)
    film.render()
    film.node("still", "storm", size=[2, 4], style={"look": "grainy", "light": "day"}, new=None)
    assert film.why("still") == (
        RecipeChanged("new", None, None),
        RecipeChanged("old", 1, None),
        RecipeChanged("say", "rain", "storm"),
        RecipeChanged("size[1]", 3, 4),
        RecipeChanged("style.light", "neon", "day"),
    )
    film.node("still", "rain", size=[2, 3, 4], style={"look": "grainy", "light": "neon"}, old=1.0)
    assert film.why("still") == (RecipeChanged("old", 1, 1.0), RecipeChanged("size", [2, 3], [2, 3, 4]))


def test_the_reasons_of_a_changed_input(film: Lab) -> None:
    """A reader of what changed names the node, or the part; one that reads more or less says so."""
    film.node("still", "storm", parts={"layers": "three"})
    film.node("film", hands="done", reads="clip other")
    film.wanted = ["still", "clip"]
    film.render()
    assert film.roots.newest().keys() == {"still", "clip", "other"}
    film.node("clip", "slow", reads="still still:layers")
    assert film.why("clip") == (InputChanged("still:layers"),)
    film.node("clip", "slow")
    assert film.why("clip") == (RecipeChanged("in", "read", None),)


def test_fewer_inputs_are_a_reason(film: Lab) -> None:
    """A role that reads fewer nodes or files than it did says how many."""
    film.file("a.wav", "a")
    film.file("b.wav", "b")
    film.node("song", files="a.wav b.wav")
    film.render()
    film.node("film", reads="clip")
    film.node("song", files="a.wav")
    assert film.why("film") == (RecipeChanged("in", 2, 1),)
    assert film.why("song") == (RecipeChanged("song", 2, 1),)
    film.node("song")
    assert film.why("song") == (RecipeChanged("song", "read", None),)


def test_the_reasons_of_a_file_a_version_and_a_new_node(film: Lab) -> None:
    """A file with other content, a stage that works differently, a node never seen: each has its reason."""
    film.file("song.wav", "la")
    film.node("song", files="song.wav")
    assert film.why("song") == (NeverMade(),)
    film.render()
    film.file("song.wav", "lala")
    assert film.why("song") == (FileChanged("song.wav"),)
    film.node("other", "snow", version=2)
    assert film.why("other") == (VersionRaised(1, 2),)
    film.node("still", "rain", stage="photograph")
    assert film.why("still") == (NeverMade(),)


def test_a_reader_of_changed_bytes_says_which(film: Lab) -> None:
    """Once what it reads is made, a stale reader names it; the manifest of the last film is what counts."""
    film.node("still", "storm")
    film.wanted = ["still"]
    with film.store.bench() as bench:
        film.build(bench).run()
    film.wanted = None
    assert film.why("clip") == (InputChanged("still"),)


def test_changes_since_the_last_film_are_told_of_fresh_nodes_too(film: Lab) -> None:
    """A node that was made since is fresh, and still says what it has become; one that waits says nothing."""
    film.node("still", "storm")
    with film.store.bench() as bench:
        build = film.build(bench)
        graph = build.run()
    assert build.judge.changes(graph, "still") == (RecipeChanged("say", "rain", "storm"),)
    assert build.judge.changes(graph, "clip") == (InputChanged("still"),)
    assert build.judge.changes(graph, "other") == ()
    film.node("other", "hail")
    judge = film.judge()
    graph = film.wire(Reader(judge))
    assert judge.changes(graph, "other") == (RecipeChanged("say", "snow", "hail"),)
    assert judge.changes(graph, "film") == ()


def test_builds_on_one_bench_stay_out_of_each_others_way(film: Lab) -> None:
    """A watch makes film after film on one bench: each job has a folder of its own, and leaves none behind."""
    film.node("film", reads="clip", product="film.mp4")
    with film.store.bench() as bench:
        for word in ("storm", "hail", "fog"):
            film.node("still", word)
            assert film.build(bench).run()
            assert film.failed == {}
            assert list(bench.iterdir()) == []
