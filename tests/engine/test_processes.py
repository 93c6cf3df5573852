"""Several processes on one store, and processes that die: work is shared, nothing is lost, nobody is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from mvr.engine import events
from mvr.engine.build import Build
from mvr.engine.inbox import Inbox
from mvr.engine.local import Lanes
from mvr.engine.plan import Stale
from mvr.engine.store import Lock, Record, Store
from tests.engine.lab import Lab, alive, until


def ended(process: subprocess.Popen[str]) -> dict[str, list[str]]:
    """What another process says it made."""
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    found: dict[str, list[str]] = json.loads(out)
    return found


def test_two_processes_share_the_work(lab: Lab) -> None:
    """What another process is making is waited for and taken, not made again; meanwhile the rest goes on."""
    lab.node("slow", "work")
    lab.node("own", "mine")
    lab.node("film", reads="slow own")
    lab.order("slow", hold=True)
    with lab.process() as other:
        until(lambda: lab.held("slow"))

        def heard(event: events.Event) -> None:
            if isinstance(event, events.MadeNode) and event.node == "own":
                lab.release("slow")

        lab.heard = heard
        lab.render()
        theirs = ended(other)
    assert sorted(lab.tally()) == ["film", "own", "slow"]
    assert "slow" in theirs["made"]
    assert "slow" in lab.hit
    assert lab.made | set(theirs["made"]) == {"slow", "own", "film"}
    assert lab.made | lab.hit == {"slow", "own", "film"}


def test_a_lane_gives_way_to_others(lab: Lab) -> None:
    """The workers of a lane that is told to be nice are, by that much; those of the others are as their owner is."""
    lab.lanes = Lanes(lab.store, {"cpu": 1, "gpu": 1}, {"gpu": 3})
    lab.node("plain", "work")
    lab.node("nice", "work too", lane="gpu")
    lab.render()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert sorted(os.getpriority(os.PRIO_PROCESS, pid) for pid in lab.workers()) == [own, own + 3]


def test_a_graph_grows_by_what_another_process_made(lab: Lab) -> None:
    """A document that another process hands in brings its shots, as if it had been made here."""
    lab.node("list", "first", shows=["a"])
    lab.node("a", "one", behind="list")
    (stale,) = lab.plan().values()
    assert isinstance(stale, Stale)
    lock = lab.store.lock(stale.key)
    assert lock is not None

    def hand_in() -> None:
        with lab.store.bench() as bench:
            path = bench / "list.json"
            path.write_text(json.dumps({"shows": ["a"]}))
            part = lab.store.keep(path)
        recipe = lab.declared["list"]["recipe"]
        lab.store.put_record(stale.key, Record("fake", 1, recipe, {}, {}, {"": part}))
        lock.free()

    threading.Timer(0.2, hand_in).start()
    lab.render()
    assert (lab.hit, lab.made) == ({"list"}, {"a"})


def test_a_lane_is_free_while_another_process_works(lab: Lab) -> None:
    """Waiting for another process holds no lane; when it gives up its key, the job waits for a lane like any other."""
    lab.node("theirs", "work")
    lab.node("own", "mine")
    lock = lab.store.lock(lab.key("theirs"))
    assert lock is not None
    lab.order("own", hold=True)

    def heard(event: events.Event) -> None:
        if isinstance(event, events.Progress) and lab.held("own"):
            lock.free()
            lab.heard = lambda event: None
            threading.Timer(0.3, lab.release, ["own"]).start()

    lab.heard = heard
    lab.render()
    assert lab.tally() == ["own", "theirs"]


def test_fail_fast_does_not_wait_for_others(lab: Lab) -> None:
    """After a failure nothing is taken over from another process any more."""
    lab.node("theirs", "work")
    lab.node("bad", "luck")
    lock = lab.store.lock(lab.key("theirs"))
    assert lock is not None
    lab.order("bad", fail="no light")
    lab.render(fail_fast=True)
    lock.free()
    assert (lab.made, set(lab.failed)) == (set(), {"bad"})


def test_fail_fast_takes_nothing_over(lab: Lab) -> None:
    """A job that fails as it is taken over, because its file changed, is the last thing that happens."""
    song = lab.file("song.wav", "la")
    lab.node("first", files="song.wav")
    lab.node("second", "work")
    lab.node("own", "mine")
    locks = [lab.store.lock(lab.key(name)) for name in ("first", "second")]
    lab.order("own", hold=True)
    lab.jobs = 3

    def heard(event: events.Event) -> None:
        if isinstance(event, events.Progress) and lab.held("own"):
            lab.heard = lambda event: None
            song.write_text("li")
            for lock in locks:
                assert lock is not None
                lock.free()

    lab.heard = heard
    lab.render(fail_fast=True)
    assert (lab.made, set(lab.failed)) == (set(), {"first"})


def test_an_idle_worker_that_died_while_others_work_is_buried(lab: Lab) -> None:
    """A worker that ends without a job costs nothing, and is not listened to any more."""
    lab.jobs = 2
    lab.node("a", "one")
    lab.node("b", "two")
    lab.order("b", hold=True)

    def heard(event: events.Event) -> None:
        if isinstance(event, events.Progress) and lab.lanes.idle["cpu"]:
            lab.heard = lambda event: None
            (idle,) = lab.lanes.idle["cpu"]
            idle.process.kill()
            until(lambda: not alive(idle.process.pid))
            threading.Timer(0.2, lab.release, ["b"]).start()

    lab.heard = heard
    lab.render()
    assert lab.made == {"a", "b"}
    assert len(lab.lanes.idle["cpu"]) == 1


def test_a_bell_wakes_who_waits() -> None:
    """Many rings before a look are one; a look hears nothing twice, and a full bell still rings."""
    inbox = Inbox()
    assert not inbox.heard()
    assert not inbox.wait(0.01)
    for _ in range(70_000):  # more than a pipe holds
        inbox.ring()
    assert inbox.wait()
    while inbox.heard():
        pass
    threading.Timer(0.05, inbox.ring).start()
    assert inbox.wait(10.0)
    inbox.close()


def test_a_process_that_was_killed_is_taken_over(lab: Lab) -> None:
    """A key whose maker dies is made by the one who waits for it; the dead one's worker and half-made things go."""
    lab.node("slow", "work")
    lab.node("film", reads="slow")
    lab.order("slow", hold=True)
    with lab.process() as other:
        until(lambda: lab.held("slow"))
        (worker,) = lab.workers()
        threading.Timer(0.2, other.kill).start()
        lab.render()
    assert lab.made == {"slow", "film"}
    assert lab.tally() == ["slow", "slow", "film"]
    until(lambda: not alive(worker))
    assert len(list(lab.store.temporary.iterdir())) == 1
    Store(lab.store.folder).open()
    assert list(lab.store.temporary.iterdir()) == []
    assert list(lab.store.locks.iterdir()) == []


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL])
def test_an_interruption_leaves_a_whole_store(lab: Lab, kind: signal.Signals) -> None:
    """After Ctrl-C, or a kill, what was made is kept, no process is left, and the next run makes the rest."""
    for name in ("a", "b", "c"):
        lab.node(name, name)
    lab.node("film", reads="a b c")
    lab.order("b", hold=True)
    lab.order("c", hold=True)
    lab.jobs = 3
    with lab.process() as other:
        until(lambda: lab.held("b") and lab.held("c") and any(lab.store.records.glob("*.json")))
        other.send_signal(kind)
        other.communicate(timeout=20)
        assert other.returncode == (130 if kind == signal.SIGINT else -signal.SIGKILL)
    until(lambda: not any(alive(worker) for worker in lab.workers()))
    assert lab.states() == {"a": "fresh", "b": "stale", "c": "stale", "film": "waits b"}
    if kind == signal.SIGINT:
        assert list(lab.store.temporary.iterdir()) == []
        assert list(lab.store.locks.iterdir()) == []
    lab.store.open()
    assert list(lab.store.temporary.iterdir()) == []
    lab.render()
    assert lab.made == {"b", "c", "film"}


def test_a_workers_children_die_with_it(lab: Lab) -> None:
    """What a stage had started, an encoder for one, does not outlive a run that was broken off."""
    lab.node("encode", entry="tests.engine.fakes.with_child")
    with lab.process():
        until(lambda: (lab.folder / "child").exists() and (lab.folder / "child").read_text() != "")
        child = int((lab.folder / "child").read_text())
        assert alive(child)
    until(lambda: not alive(child))


def test_an_interrupted_build_frees_its_locks(lab: Lab) -> None:
    """A build that is broken off in this process lets go of its keys: the next one may take them."""
    lab.node("slow", "work")
    lab.order("slow", hold=True)

    def interrupt(event: events.Event) -> None:
        if isinstance(event, events.Started):
            lab.heard = lambda event: None
            raise KeyboardInterrupt

    lab.heard = interrupt
    with pytest.raises(KeyboardInterrupt):
        lab.render()
    assert list(lab.store.locks.iterdir()) == []
    until(lambda: lab.held("slow"))
    lab.lanes = None
    lab.render()
    assert lab.made == {"slow"}


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    """Two writers of one digest both succeed, whichever comes first; one file stands, whole and read-only."""
    store = Store(tmp_path / "store")
    store.open()
    parts = []

    def keep(name: str) -> None:
        path = tmp_path / f"{name}.txt"
        path.write_text("the same bytes")
        parts.append(store.keep(path))

    writers = [threading.Thread(target=keep, args=(str(count),)) for count in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(set(parts)) == 1
    assert [path.read_text() for path in store.files.iterdir()] == ["the same bytes"]
    assert not list(tmp_path.glob("*.txt"))


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    """Of two who want a lock one has it, until it lets go; a freed lock leaves no file."""
    first = Lock.take(tmp_path / "key")
    assert first is not None
    assert first.sure
    assert Lock.take(tmp_path / "key") is None
    first.free()
    assert list(tmp_path.iterdir()) == []
    again = Lock.take(tmp_path / "key")
    assert again is not None
    again.free()


def test_a_lock_whose_file_was_removed_meanwhile_is_taken_on_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the owner before frees and removes the file between our open and our lock, ours would guard nothing."""
    real = os.open
    opened = []

    def slow(path: Path, *more: int) -> int:
        handle = real(path, *more)
        opened.append(handle)
        if len(opened) == 1:
            path.unlink()
        if len(opened) == 2:
            path.unlink()
            path.write_bytes(b"")
        return handle

    monkeypatch.setattr(os, "open", slow)
    lock = Lock.take(tmp_path / "key")
    monkeypatch.undo()
    assert lock is not None
    assert len(opened) == 3
    assert Lock.take(tmp_path / "key") is None
    lock.free()


def test_without_locks_everybody_works(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file system has no locks, work may be done twice and nothing is lost; others' benches are let be."""

    def refuse(handle: int, how: int) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("fcntl.flock", refuse)
    lab.node("a")
    lab.render()
    assert lab.made == {"a"}
    live = lab.store.temporary / "123-other"
    left = lab.store.temporary / "124-old"
    for folder in (live, left):
        folder.mkdir()
    os.utime(left, (1, 1))
    lab.store.open()
    assert (live.exists(), left.exists()) == (True, False)


def test_a_bell_brings_a_new_graph(lab: Lab) -> None:
    """Who rings the inbox of a running build has the graph wired anew, if it says that something changed."""
    lab.node("slow", "work")
    lab.order("slow", hold=True)
    inbox = Inbox()
    answers = [False, True]

    def changed() -> bool:
        answer = answers.pop()
        if answer:
            lab.node("more", "news")
            lab.jobs = 2
        return answer

    def heard(event: events.Event) -> None:
        lab.events.append(event)
        if isinstance(event, events.Started) and event.node == "slow":
            inbox.ring()
        if isinstance(event, events.Started) and event.node == "more":
            inbox.ring()
            until(lambda: lab.held("slow"))
            lab.release("slow")

    lab.lanes.bounds = {"cpu": 2}
    with lab.store.bench() as bench:
        args = (lab.judge(), lab.wire, lab.lanes, bench, heard, lab.roots.note)
        Build(*args, inbox=inbox, changed=changed).run()
    inbox.close()
    assert lab.made == {"slow", "more"}
    assert answers == []
