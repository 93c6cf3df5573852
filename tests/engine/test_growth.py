"""The graph that grows: what hangs on a document appears once the document is there."""

from __future__ import annotations

import pytest

from mvr.engine import events
from mvr.engine.graph import Graph, Ref
from mvr.engine.plan import Reader
from tests.engine.inline import Inline
from tests.engine.lab import Lab


@pytest.fixture
def grown(lab: Lab) -> Lab:
    """A list that says which shots there are, and two shots that it may name."""
    lab.node("list", "first", shows=["a"])
    lab.node("a", "one", behind="list")
    lab.node("b", "two", behind="list")
    return lab


def test_what_hangs_on_a_document_is_made_in_the_same_run(grown: Lab) -> None:
    """One render makes the document, then the nodes that it names."""
    assert grown.states() == {"list": "stale"}
    grown.render()
    assert grown.made == {"list", "a"}
    assert grown.states() == {"list": "fresh", "a": "fresh"}


def test_another_document_brings_another_graph(grown: Lab) -> None:
    """A document that names one more makes that one; one that names fewer leaves the rest alone."""
    grown.render()
    grown.node("list", "second", shows=["a", "b"])
    grown.render()
    assert grown.made == {"list", "b"}
    grown.node("list", "third", shows=["b"])
    grown.render()
    assert grown.made == {"list"}
    assert list(grown.graph.nodes) == ["list", "b"]


def test_wire_is_asked_again_only_when_an_answer_changes(grown: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run wires once, and once more for each answer that became another; other nodes that end wire nothing."""
    calls = []
    wire = Lab.wire

    def counted(self: Lab, reader: Reader) -> object:
        calls.append(1)
        return wire(self, reader)

    monkeypatch.setattr(Lab, "wire", counted)
    grown.node("else")
    grown.node("more", reads="else")
    grown.render()
    assert (grown.made, len(calls)) == ({"list", "a", "else", "more"}, 2)
    grown.render()
    assert len(calls) == 3
    grown.node("more", "another", reads="else")
    grown.render()
    assert (grown.made, len(calls)) == ({"more"}, 4)


def test_a_job_that_is_still_wanted_goes_on(grown: Lab) -> None:
    """A job at work while the graph grows is not begun again, even where its node has another name by then."""
    grown.jobs = 2
    grown.node("slow", "work")
    grown.order("slow", hold=True)

    def rename(event: events.Event) -> None:
        if isinstance(event, events.MadeNode) and event.node == "list":
            grown.declared["renamed"] = grown.declared.pop("slow")
        if isinstance(event, events.Started) and event.node == "a":
            grown.release("slow")

    grown.heard = rename
    grown.render()
    assert grown.made == {"list", "a", "renamed"}
    assert sorted(grown.tally()) == ["a", "list", "slow"]


def test_a_job_that_nobody_wants_is_cancelled(grown: Lab) -> None:
    """A job whose node is gone from the new graph is told so, stops, and leaves no record."""
    grown.jobs = 2
    grown.node("slow", "work")
    grown.order("slow", hold=True)

    def drop(event: events.Event) -> None:
        if isinstance(event, events.MadeNode) and event.node == "list":
            del grown.declared["slow"]

    grown.heard = drop
    build = grown.render()
    assert grown.made == {"list", "a"}
    assert build.summary.failed == []
    assert (grown.folder / "cancelled").read_text() == "slow\n"


def test_a_cancelled_job_that_ends_all_the_same_is_kept(grown: Lab) -> None:
    """Work that was done though nobody wanted it any more is there when somebody wants it again."""
    grown.jobs = 2
    slow = "slow"
    grown.node(slow, "work")
    grown.order(slow, hold=True, deaf=True)

    def drop(event: events.Event) -> None:
        if isinstance(event, events.MadeNode) and event.node == "list":
            del grown.declared[slow]
        if isinstance(event, events.Started) and event.node == "a":
            grown.release(slow)

    grown.heard = drop
    grown.render()
    assert grown.made == {"list", "a"}
    assert [line.node for line in grown.roots.lines()].count(slow) == 1
    grown.heard = lambda event: None
    grown.node(slow, "work")
    grown.render()
    assert (grown.made, slow in grown.hit) == (set(), True)


def test_a_cancelled_job_that_is_wanted_again_is_made(grown: Lab) -> None:
    """A job that stopped because nobody wanted it is begun again when the next graph wants it."""
    grown.jobs = 2
    slow = dict(grown.declared["a"], behind="", recipe={"say": "work"})
    grown.declared["slow"] = slow
    grown.order("slow", hold=True)

    def drop_and_take_back(event: events.Event) -> None:
        if isinstance(event, events.MadeNode) and event.node == "list":
            del grown.declared["slow"]
        if isinstance(event, events.Queue) and "slow" not in grown.declared:
            grown.declared["slow"] = slow

    grown.heard = drop_and_take_back
    grown.render()
    assert "slow" in grown.made
    assert grown.tally().count("slow") == 2


def test_a_document_that_is_lost_is_made_again_to_be_read(grown: Lab) -> None:
    """wire reads documents, so one whose bytes are gone is made again, and until then its shots are unknown."""
    grown.render()
    grown.lose("list")
    assert grown.states() == {"list": "stale"}
    grown.render()
    assert (grown.made, grown.hit) == ({"list"}, {"a"})


def test_a_damaged_document_is_never_read(grown: Lab) -> None:
    """A document with other bytes than its digest says is made again before wire believes it."""
    grown.render()
    grown.damage("list", lambda data: data.replace(b'"a"', b'"b"'))
    assert grown.states() == {"list": "stale"}
    grown.render()
    assert (grown.made, grown.repaired) == ({"list"}, {"list"})
    assert list(grown.graph.nodes) == ["list", "a"]


def test_a_file_that_changes_between_two_graphs_is_seen(grown: Lab) -> None:
    """When the graph is wired anew, what is outside the store is looked at again: the newest content is made."""
    song = grown.file("song.wav", "la")
    grown.node("song", files="song.wav")
    grown.node("film", reads="song", product="film.mp4")
    grown.declared = {name: grown.declared[name] for name in ("song", "film", "list", "a", "b")}

    def rewrite(event: events.Event) -> None:
        if isinstance(event, events.MadeNode) and event.node == "list":
            song.write_text("li")

    grown.heard = rewrite
    grown.render()
    assert sorted(grown.tally()) == ["a", "film", "film", "list", "song", "song"]
    assert grown.read("song")["read"] == {"song file": ["li"]}


def test_lost_bytes_are_still_wanted_after_a_new_wiring(grown: Lab) -> None:
    """A node that is made again because its bytes were lost goes on while the graph grows."""
    grown.node("sound", "drums")
    grown.node("clip", "slow", reads="sound")
    grown.declared = {name: grown.declared[name] for name in ("sound", "list", "clip", "a", "b")}
    grown.render()
    grown.lose("sound")
    grown.node("clip", "fast", reads="sound")
    grown.node("list", "second", shows=["a", "b"])
    grown.jobs = 2
    grown.lanes.bounds = {"cpu": 2}
    grown.order("sound", hold=True)

    def let_go(event: events.Event) -> None:
        if isinstance(event, events.Started) and event.node == "b":
            grown.release("sound")

    grown.heard = let_go
    grown.render()
    assert grown.made == {"sound", "clip", "list", "b"}
    assert grown.tally().count("sound") == 2


def test_wire_may_ask_what_stands(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The film as it stands takes what there is: wire learns when a node is fresh with its bytes, and when not."""
    lab.node("still", "rain")
    lab.node("clip", "slow", reads="still")
    lab.node("film", "of clips", reads="clip")
    lab.node("sketch", "of stills", reads="still")
    shown: list[bool] = []
    wire = Lab.wire

    def either(self: Lab, reader: Reader) -> Graph:
        graph = wire(self, reader)
        shown.append(reader.fresh(graph, Ref("clip")))
        graph.targets = ["clip", "film" if shown[-1] else "sketch"]
        return graph

    monkeypatch.setattr(Lab, "wire", either)
    lab.render()
    assert shown == [False, True]
    assert lab.made == {"still", "clip", "film"}
    lab.lose("clip")
    shown.clear()
    lab.plan()
    assert shown == [False]


def test_what_is_made_elsewhere_is_left_when_nobody_wants_it(grown: Lab) -> None:
    """A run does not wait for another process's job that the new graph has no use for."""
    grown.jobs = 2
    grown.node("slow", "work")
    grown.declared = {"slow": grown.declared.pop("slow"), **grown.declared}
    lock = grown.store.lock(grown.key("slow"))
    assert lock is not None

    def drop(event: events.Event) -> None:
        if isinstance(event, events.MadeNode) and event.node == "list":
            del grown.declared["slow"]

    grown.heard = drop
    grown.render()
    lock.free()
    assert grown.made == {"list", "a"}


def test_a_job_is_told_once_that_nobody_wants_it(grown: Lab) -> None:
    """A job that goes on though nobody wants it is left alone by the graphs that follow."""
    grown.jobs = 2
    grown.node("list", "first", shows=["more"])
    grown.node("more", "second", behind="list", shows=["b"])
    grown.node("b", "two", behind="more")
    grown.node("slow", "work")
    grown.declared = {name: grown.declared[name] for name in ("list", "slow", "more", "b")}
    grown.order("slow", hold=True, deaf=True)

    def drop(event: events.Event) -> None:
        if isinstance(event, events.MadeNode) and event.node == "list":
            del grown.declared["slow"]
        if isinstance(event, events.Started) and event.node == "b":
            grown.release("slow")

    grown.heard = drop
    grown.render()
    assert grown.made == {"list", "more", "b"}


def test_a_reader_of_a_part_that_never_came_fails_once(grown: Lab) -> None:
    """A new graph does not tell the same failure again."""
    grown.node("first", "work")
    grown.node("odd", reads="first:nothing")
    grown.declared = {name: grown.declared[name] for name in ("first", "odd", "list", "a", "b")}
    build = grown.render()
    assert [failure.node for failure in build.summary.failed] == ["odd"]
    assert grown.made == {"first", "list", "a"}


def test_damaged_bytes_for_a_job_that_nobody_wants_fail_nothing(grown: Lab) -> None:
    """Bytes that are found damaged by a job which is not wanted any more are dropped, and that is all."""
    grown.node("sound", "drums")
    grown.node("clip", "slow", reads="sound")
    grown.declared = {name: grown.declared[name] for name in ("list", "sound", "clip", "a", "b")}
    grown.wanted = ["sound"]
    grown.render()
    grown.wanted = None
    sound = grown.blob("sound")

    first = grown.key("list")

    def disturb(event: events.Event) -> None:
        if isinstance(event, events.MadeNode) and event.node == "list":
            sound.unlink()
            del grown.declared["clip"]

    grown.heard = disturb
    grown.lanes = Inline(grown.store, lambda keys: first if first in keys else keys[0])
    grown.render()
    assert (grown.made, grown.failed, grown.repaired) == ({"list", "a"}, {}, set())
