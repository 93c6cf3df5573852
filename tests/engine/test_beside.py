"""What a stage leaves for later goes on beside the lane's next job; what a run wants of some weights is known ahead."""

from __future__ import annotations

import signal
import threading

import pytest

from mvr.engine import events
from tests.engine.lab import Lab, until

KILL = int(signal.SIGKILL)


@pytest.fixture
def clips(lab: Lab) -> Lab:
    """Three clips of one lane, which has one worker."""
    for name in ("a", "b", "c"):
        lab.node(name, name, lane="gpu")
    return lab


def told(lab: Lab) -> list[str]:
    """What began and what was made, in order."""
    names = {events.Started: "begins", events.MadeNode: "made"}
    found = (event for event in lab.events if isinstance(event, events.Started | events.MadeNode))
    return [f"{event.node} {names[type(event)]}" for event in found]


def test_a_job_ends_beside_the_next(clips: Lab) -> None:
    """While what a stage left is done, the lane's next job is at work, in the same process; nothing is lost by it."""
    clips.order("a", later={"hold": True})

    def heard(event: events.Event) -> None:
        if isinstance(event, events.Started) and event.node == "b":
            until(lambda: clips.held("a"))
            clips.release("a")

    clips.heard = heard
    clips.render()
    assert clips.made == {"a", "b", "c"}
    assert told(clips).index("b begins") < told(clips).index("a made")
    assert clips.read("a")["say"] == "a"
    assert len(clips.workers()) == 1


def test_one_job_ends_at_a_time(clips: Lab) -> None:
    """A lane that is ahead of what ends beside it waits: what is to be encoded does not pile up."""
    for name in ("a", "b", "c"):
        clips.order(name, later={"hold": True})

    def heard(event: events.Event) -> None:
        if isinstance(event, events.Started):
            threading.Thread(target=clips.release, args=[event.node]).start()

    clips.heard = heard
    clips.render()
    assert clips.made == {"a", "b", "c"}
    assert told(clips).index("a made") < told(clips).index("c begins")


@pytest.mark.parametrize("how", ["fail", "bug"])
def test_what_fails_later_costs_its_node_only(clips: Lab, how: str) -> None:
    """An error after the stage has returned is told as any other."""
    clips.order("a", later={how: "no room"})
    clips.render()
    assert clips.failed == {"a": "no room" if how == "fail" else "RuntimeError: no room"}
    assert clips.made == {"b", "c"}
    clips.render()
    assert clips.made == {"a"}


def test_a_stage_that_fails_leaves_nothing(clips: Lab) -> None:
    """What a stage had left for later before it failed is not done."""
    clips.node("a", "a", lane="gpu", entry="tests.engine.fakes.leaves_and_fails")
    clips.render()
    assert clips.failed == {"a": "no light"}
    assert not (clips.folder / "left").exists()


def test_a_worker_that_dies_at_its_job_takes_the_ending_one_not_with_it(clips: Lab) -> None:
    """Of the two jobs of a worker that died the lane's is to blame; the other is made anew in the same run."""
    clips.order("a", later={"hold": True})
    clips.order("b", hold=True)

    def heard(event: events.Event) -> None:
        if isinstance(event, events.Progress) and event.node == "b" and clips.held("a"):
            clips.heard = lambda event: None
            (worker,) = clips.lanes.busy.values()
            worker.process.kill()

    clips.heard = heard
    clips.render()
    assert clips.failed == {"b": "its worker process was ended by SIGKILL, perhaps for want of memory"}
    assert clips.made == {"a", "c"}
    assert clips.tally().count("a") == 2


def test_an_ending_that_kills_its_worker_twice_is_to_blame(clips: Lab) -> None:
    """What ends for the second time as a worker dies fails, and what is at the lane then is made anew."""
    clips.order("a", later={"hold": True, "die": KILL}, always=True)
    clips.order("b", hold=True)
    clips.order("c", hold=True)

    def heard(event: events.Event) -> None:
        if isinstance(event, events.Progress) and event.node != "a" and clips.held("a"):
            clips.release("a")

    clips.heard = heard
    clips.render()
    assert set(clips.failed) == {"a", "b"}
    assert clips.made == {"c"}


def test_a_worker_that_dies_as_its_last_job_ends_costs_that_job(clips: Lab) -> None:
    """An ending with no job beside it is to blame at once."""
    clips.wanted = ["a"]
    clips.order("a", later={"die": KILL})
    clips.render()
    assert clips.failed == {"a": "its worker process was ended by SIGKILL, perhaps for want of memory"}


def test_an_ending_job_that_nobody_wants_is_told_so(clips: Lab) -> None:
    """With fail-fast, a failure at the lane stops what is ending beside it."""
    clips.order("a", later={"hold": True})
    clips.order("b", hold=True, fail="no light")

    def heard(event: events.Event) -> None:
        if isinstance(event, events.Progress) and event.node == "b" and clips.held("a"):
            clips.heard = lambda event: None
            clips.release("b")

    clips.heard = heard
    clips.render(fail_fast=True)
    assert (clips.made, set(clips.failed)) == (set(), {"b"})
    assert (clips.folder / "cancelled").read_text() == "a\n"


def test_what_the_run_will_want_of_the_same_weights_is_known_to_its_first_job(lab: Lab) -> None:
    """A job hears of every node that wants its weights and is not made, those among them that wait for others, in the
    graph's order; as words alone, for what they read is not there yet."""
    song = lab.file("song.wav", "la")
    entry = "tests.engine.fakes.looks_ahead"
    lab.node("done", "done", resident="flux", lane="gpu", entry=entry)
    lab.render()
    lab.node("a", "a", resident="flux", lane="gpu", entry=entry, files="song.wav")
    lab.node("b", "b", reads="a", resident="flux", lane="gpu", entry=entry)
    lab.node("c", "c", reads="b", resident="ltx", lane="gpu", entry=entry)
    lab.node("d", "d", lane="gpu", entry=entry)
    lab.render()
    first = [["a", {"song": [str(song)]}, {}], ["b", {}, {}]]
    assert lab.read("a") == first
    assert lab.read("b") in (first, first[1:])  # what it was told when the graph was wired last
    assert lab.read("c") == [["c", {}, {}]]
    assert lab.read("d") == []
