"""The judge: what it remembers between two questions, what it takes back, and what wire is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from mvr.engine.events import Event, Started
from mvr.engine.graph import Held, Node, Ref
from mvr.engine.plan import BytesLost, FileChanged, Fresh, Reader, Stale, Verdict, Waits
from mvr.engine.store import Part, Store
from tests.engine.lab import FAKE, Lab


def test_a_document_of_a_node_in_doubt_is_still_read(lab: Lab) -> None:
    """A node waits because one of its parts is lost and perhaps needed; its document stands, and wire reads it."""
    lab.node("list", parts={"beats": "four"})
    lab.node("still", "rain")
    lab.node("clip", "slow", reads="still list:beats")
    lab.node("credits", behind="clip")
    lab.node("shot", behind="list")
    lab.render()
    lab.lose("list", "beats")
    lab.node("still", "storm")
    assert lab.states() == {"list": "waits still", "still": "stale", "clip": "waits still", "shot": "fresh"}


def test_a_twin_that_is_judged_after_the_loss_lacks_the_bytes_too(lab: Lab) -> None:
    """A key whose bytes are gone is stale under each of its names, also one that the graph names last."""
    lab.node("still", "rain")
    lab.node("clip", "slow", reads="still")
    lab.node("twin", "rain")
    lab.render()
    lab.lose("still")
    lab.node("clip", "fast", reads="still")
    assert lab.states() == {"still": "stale", "clip": "waits still", "twin": "stale"}


def test_a_changed_file_is_told_of_a_fresh_node_too(lab: Lab) -> None:
    """A node that goes back to an earlier song is fresh, and still says what has changed since the last film."""
    lab.file("song.wav", "la")
    lab.node("music", files="song.wav")
    lab.render()
    lab.file("song.wav", "la la")
    lab.render()
    lab.file("song.wav", "la")
    judge = lab.judge()
    graph = lab.wire(Reader(judge))
    assert lab.states() == {"music": "fresh"}
    assert judge.changes(graph, "music") == (FileChanged("song.wav"),)


def test_an_answer_that_stays_brings_no_new_graph(lab: Lab) -> None:
    """Wire is asked again where it would hear something else, and only about the node that says it."""
    lab.node("list")
    lab.node("still", "rain")
    lab.render()
    judge = lab.judge()
    reader = Reader(judge)
    graph = lab.wire(reader)
    assert reader.document(graph, Ref("list")) == lab.read("list")
    assert reader.fresh(graph, Ref("still"))
    judge.forget(graph, "list")
    assert not reader.outdated(graph, "list")
    lab.lose("list")
    assert reader.outdated(graph, "list")
    assert not reader.outdated(graph, "still")


def test_what_a_stage_reads_is_known_to_whoever_asks_first(lab: Lab) -> None:
    """Bytes of another node are as its record says, bytes that are pinned as they were named."""
    lab.node("still", "rain")
    lab.render()
    part = lab.part("still")
    lab.node("clip", reads="still", pinned=(part.digest, ".mp4", 7))
    judge = lab.judge()
    graph = lab.wire(Reader(judge))
    assert judge.inputs(graph, graph.nodes["clip"]) == {"in": (part,), "pinned": (Part(part.digest, ".mp4", 7),)}


def test_damaged_bytes_that_are_perhaps_needed_are_named(lab: Lab) -> None:
    """A look at bytes that only a waiting node may need finds damage as any other does, and says whose it is."""
    lab.node("still", "rain", hands="a picture")
    lab.node("sound", "drums")
    lab.node("clip", "slow", reads="still sound")
    lab.render()
    lab.damage("sound", lambda data: b"noise")
    lab.node("still", "storm", hands="a picture")
    lab.render()
    assert (lab.made, lab.repaired) == ({"still"}, {"sound"})


def test_a_stage_that_is_less_exact_than_it_says_fools_nobody(lab: Lab) -> None:
    """Lost bytes that come out otherwise against a promise are a new input: what read them is not taken for fresh."""
    lab.order("still", roll=True)
    lab.node("still", "rain")
    lab.node("clip", "slow", reads="still")
    lab.node("sheet", "contact", reads="clip")
    lab.node("film", reads="clip")
    lab.render()
    for name in ("still", "clip"):
        lab.lose(name)
    lab.node("film", "credits", reads="clip")
    assert lab.states() == {"still": "stale", "clip": "waits still", "sheet": "fresh", "film": "waits clip"}
    lab.order("still", roll=True)
    meanwhile: list[Verdict] = []
    with lab.store.bench() as bench:
        build = lab.build(bench)

        def hear(event: Event) -> None:
            if event == Started("clip", "cpu"):
                meanwhile.append(build.judge.verdict(build.graph, "sheet"))

        lab.heard = hear
        build.run()
    assert meanwhile == [Waits("clip")]
    assert lab.made == {"still", "clip", "sheet", "film"}


def test_bytes_that_were_made_again_are_lost_no_more(lab: Lab) -> None:
    """A twin that is judged after the remake is fresh with it, and the next graph takes the verdict over."""
    lab.node("still", "rain")
    lab.node("clip", "slow", reads="still")
    lab.node("twin", "rain")
    lab.render()
    fresh = lab.plan()["still"]
    assert isinstance(fresh, Fresh)
    lab.lose("still")
    lab.node("clip", "fast", reads="still")
    judge = lab.judge()
    graph = lab.wire(Reader(judge))
    assert judge.verdict(graph, "clip") == Waits("still")
    assert judge.lost == ["still"]
    judge.settle(graph, "still", fresh)
    assert judge.verdict(graph, "twin") == fresh
    judge.begin()
    assert judge.verdict(graph, "still") is fresh


def test_the_next_graph_takes_over_what_is_unchanged(lab: Lab) -> None:
    """A verdict stands while its node and all it reads stand; bytes that nobody reads any more are lost no more."""
    lab.file("song.wav", "la")
    lab.node("song", files="song.wav")
    lab.node("music", "drums", reads="song")
    lab.node("still", "rain")
    lab.node("clip", "slow", reads="still")
    lab.render()
    lab.lose("still")
    lab.node("clip", "fast", reads="still")
    judge = lab.judge()
    before = judge.verdicts(lab.wire(Reader(judge)))
    assert before["still"] == Stale(lab.key("still"), (BytesLost(),))
    lab.node("clip", "slow", reads="still")
    judge.begin()
    graph = lab.wire(Reader(judge))
    assert judge.verdict(graph, "song") is before["song"]
    assert judge.verdict(graph, "music") is before["music"]
    assert isinstance(judge.verdict(graph, "still"), Fresh)
    assert list(judge.verdicts(graph, ["clip"])) == ["clip"]


def test_what_is_taken_back_is_judged_by_what_stands_now(lab: Lab) -> None:
    """A verdict of the graph before does not come back for a node that somebody else has made meanwhile."""
    lab.node("still", "rain")
    judge = lab.judge()
    graph = lab.wire(Reader(judge))
    assert isinstance(judge.verdict(graph, "still"), Stale)
    judge.begin()
    lab.render()
    judge.forget(graph, "still")
    assert isinstance(judge.verdict(graph, "still"), Fresh)


def test_bytes_that_many_read_are_looked_at_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """One look a graph says whether bytes stand, however many stale nodes read them."""
    lab.node("song", "drums")
    lab.render()
    part = lab.part("song")
    for name in ("one", "two", "three"):
        lab.node(name, name, reads="song")
    looks: list[Part] = []
    whole = Store.whole

    def counted(store: Store, part: Part) -> Path:
        looks.append(part)
        return whole(store, part)

    monkeypatch.setattr(Store, "whole", counted)
    lab.plan()
    assert looks == [part]


def test_damage_is_found_where_a_make_is_spared(lab: Lab) -> None:
    """What another process made is taken if it is whole; if it is not, it is known whose bytes are damaged."""
    lab.node("still", "rain")
    lab.render()
    judge = lab.judge()
    graph = lab.wire(Reader(judge))
    key, part = lab.key("still"), lab.part("still")
    entry = judge.standing(graph.nodes["still"], key)
    assert entry is not None
    assert entry.parts == {"": part}
    lab.damage("still", lambda data: b"ruin")
    assert judge.standing(graph.nodes["still"], key) is None
    assert judge.damaged == {part.digest: "still"}


def test_what_was_in_doubt_and_must_be_made_hands_nothing_on(lab: Lab) -> None:
    """Bytes that a waiting node may need, and then a stale one does, are lost; nobody is told what they were."""
    lab.node("still", "rain")
    lab.node("sound", "drums")
    lab.node("clip", "slow", reads="still sound")
    lab.node("sheet", "contact", reads="sound")
    lab.render()
    part = lab.part("sound")
    lab.lose("sound")
    lab.node("still", "storm")
    lab.node("sheet", "another", reads="sound")
    judge = lab.judge()
    graph = lab.wire(Reader(judge))
    assert judge.verdict(graph, "clip") == Waits("still")
    assert judge.made(graph, Ref("sound")) == part
    assert judge.verdict(graph, "sheet") == Waits("sound")
    assert judge.made(graph, Ref("sound")) is None


def test_pinned_bytes_stand_in_a_row_with_others(lab: Lab) -> None:
    """A film of earlier and of present clips is judged by all of them, in their order."""
    for name in ("left", "right"):
        lab.node(name, name)
    lab.render()
    judge = lab.judge()
    graph = lab.wire(Reader(judge))
    part = lab.part("left")
    pinned = Held(part.digest, part.suffix, part.size)
    for rest in ("", "left", "right"):
        clips: tuple[Ref | Held, ...] = (pinned, *map(Ref, rest.split()))
        graph.add(Node(f"film {rest}", "fake", FAKE, 1, {"say": ""}, {"in": clips}))
    found = [judge.verdict(graph, name) for name in graph.nodes if name.startswith("film")]
    assert len({verdict.key for verdict in found if isinstance(verdict, Stale)}) == 3
