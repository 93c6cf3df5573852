"""What goes wrong costs its own node and what hangs on it; the rest goes on."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from mvr.engine import events
from tests.engine.lab import Lab


@pytest.fixture
def film(lab: Lab) -> Lab:
    """Two shots, a clip of each, and a film."""
    for shot in ("a", "b"):
        lab.node(f"{shot}/still", shot)
        lab.node(f"{shot}/clip", shot * 2, reads=f"{shot}/still")
    lab.node("film", reads="a/clip b/clip")
    return lab


REST = {"b/still", "b/clip"}


def failure(lab: Lab) -> events.Failed:
    """The one failure of the last render."""
    (only,) = (event for event in lab.events if isinstance(event, events.Failed))
    return only


def test_a_failure_costs_its_readers_only(film: Lab) -> None:
    """A node that cannot be made fails with its sentence and hint; what hangs on it waits, the rest is made."""
    film.order("a/still", fail="no light")
    build = film.render()
    assert film.made == REST
    assert build.summary.failed == [failure(film)]
    said = failure(film)
    assert (said.node, said.stage, said.what, said.hint, said.exit_code) == (
        "a/still",
        "fake",
        "no light",
        "mend it",
        1,
    )
    assert "StageError" in said.trace
    film.render()
    assert film.made == {"a/still", "a/clip", "film"}


def test_a_key_that_failed_is_not_tried_again_in_the_run(film: Lab) -> None:
    """One failing key is tried once, though its twin wants it and the graph is wired anew; the next run tries again."""
    film.node("twin", "a")
    film.node("list", shows=["late"])
    film.node("late", "later", behind="list")
    film.order("a/still", fail="no light", always=True)
    film.render()
    assert film.tally().count("a/still") + film.tally().count("twin") == 1
    assert "late" in film.made
    film.render()
    assert film.tally().count("a/still") == 2


def test_a_fault_of_a_stage_is_told_with_its_type(film: Lab) -> None:
    """An exception that no stage meant costs its node, and keeps its trace for whoever mends it."""
    film.order("a/still", bug="oops")
    film.render()
    assert film.failed == {"a/still": "RuntimeError: oops"}
    assert "fakes.py" in failure(film).trace
    assert film.made == REST


def test_a_stage_that_is_not_there_fails_its_node(film: Lab) -> None:
    """An entry that cannot be imported is a failure like any other."""
    film.node("a/still", "a", entry="tests.engine.nowhere.make")
    film.render()
    assert film.failed == {"a/still": "ModuleNotFoundError: No module named 'tests.engine.nowhere'"}
    assert film.made == REST


def test_fail_fast_begins_nothing_more(film: Lab) -> None:
    """With fail-fast, the first failure is the last thing that happens; what was at work is told to stop."""
    film.jobs = 2
    film.node("slow", "work")
    film.declared = {"slow": film.declared.pop("slow"), **film.declared}
    film.order("slow", hold=True)
    film.order("a/still", fail="no light")
    film.render(fail_fast=True)
    assert film.made == set()
    assert set(film.failed) == {"a/still"}
    assert (film.folder / "cancelled").read_text() == "slow\n"
    film.render()
    assert film.made == {"slow", "a/still", "a/clip", "film", *REST}


@pytest.mark.parametrize(("name", "said"), [("SIGKILL", ", perhaps for want of memory"), ("SIGSEGV", "")])
def test_a_worker_that_is_killed_costs_its_node_only(film: Lab, name: str, said: str) -> None:
    """A worker that dies at a job takes that job with it; another worker does the rest."""
    film.order("a/still", die=signal.Signals[name])
    film.render()
    assert film.failed == {"a/still": f"its worker process was ended by {name}{said}"}
    assert film.made == REST
    assert len(film.workers()) == 2
    film.render()
    assert film.made == {"a/still", "a/clip", "film"}


def test_a_worker_that_leaves_costs_its_node_only(film: Lab) -> None:
    """A stage that ends the process is told with its exit code."""
    film.order("a/still", exit=7)
    film.render()
    assert film.failed == {"a/still": "its worker process ended with exit code 7"}
    assert film.made == REST


def test_an_idle_worker_that_died_costs_nothing(film: Lab) -> None:
    """A worker that was killed between two jobs is replaced before the next one."""
    film.render()
    (worker,) = film.lanes.idle["cpu"]
    worker.process.kill()
    worker.process.wait()
    film.node("a/still", "storm")
    film.render()
    assert film.made == {"a/still", "a/clip", "film"}
    assert film.failed == {}


def test_a_file_that_changes_while_it_is_read_fails_its_job(film: Lab) -> None:
    """No node is kept that was made while its file changed; the next run takes the new content."""
    song = film.file("song.wav", "la")
    film.node("song", files="song.wav")
    film.order("song", write={str(song): "li"})
    film.render()
    assert film.failed == {"song": "song.wav changed while it was read"}
    film.render()
    assert film.made == {"song"}
    assert film.read("song")["read"] == {"song file": ["li"]}


def test_a_file_that_goes_while_it_is_read_fails_its_job(film: Lab) -> None:
    """A file that is gone when its job ends is a file that changed."""
    song = film.file("song.wav", "la")
    film.node("song", files="song.wav")
    film.order("song", remove=[str(song)])
    film.render()
    assert film.failed == {"song": "song.wav changed while it was read"}
    assert "film" in film.made


@pytest.mark.parametrize("text", ["li", None])
def test_a_file_that_changed_before_its_job_began_fails_it(film: Lab, text: str | None) -> None:
    """A node is never kept under a key that names other content than it was made from."""
    song = film.file("song.wav", "la")
    film.node("song", files="song.wav")

    def rewrite(event: events.Event) -> None:
        if isinstance(event, events.Started) and event.node == "a/still":
            song.unlink() if text is None else song.write_text(text)

    film.heard = rewrite
    film.render()
    assert film.failed == {"song": "song.wav changed, or can no longer be read"}


def test_a_file_that_cannot_be_read_is_told(film: Lab) -> None:
    """A node whose file is not there is stale, its job fails with the file's name, and the rest is made."""
    film.node("song", files="song.wav")
    assert film.states()["song"] == "stale"
    film.render()
    assert film.failed == {"song": "song.wav changed, or can no longer be read"}
    assert "film" in film.made


def test_a_part_that_is_not_handed_on_is_a_failure_of_its_reader(film: Lab) -> None:
    """A node that reads a part which does not come is told so, and does not wait for ever in silence."""
    film.node("odd", reads="a/still:layers a/still")
    film.render()
    assert film.failed == {"odd": "a/still was made, but did not hand on a/still:layers"}
    assert "film" in film.made


def test_what_a_stage_prints_goes_to_the_log(film: Lab) -> None:
    """A library's chatter on standard output is no message of the worker; it is kept in the store's workers.log."""
    film.order("a/still", print='{"done": true}')
    film.render()
    assert "film" in film.made
    assert '{"done": true}' in (film.store.folder / "workers.log").read_text()


def test_a_long_log_is_begun_anew(film: Lab) -> None:
    """The workers' log does not grow for ever."""
    log = film.store.folder / "workers.log"
    log.write_bytes(b"x" * 1_100_000)
    film.render()
    assert log.stat().st_size < 1000


def test_what_cannot_be_kept_fails_its_node(film: Lab) -> None:
    """A record that cannot be written costs its node, not the run."""
    key = film.key("a/still")
    (film.store.records / f"{key}.json").mkdir(parents=True)
    film.render()
    assert film.failed == {"a/still": "what was made cannot be kept: Is a directory"}
    assert film.made == REST


def test_a_product_that_cannot_be_placed_fails_its_node(film: Lab) -> None:
    """A film that cannot be moved to its place is told; the store is as it was."""
    film.node("film", reads="a/clip b/clip", product="film.mp4")
    (film.folder / "out/film.mp4").mkdir()
    film.render()
    assert film.failed == {"film": "what was made cannot be kept: Is a directory"}
    assert film.states()["film"] == "stale"


def test_progress_and_pictures_are_said(film: Lab) -> None:
    """What a job says of itself reaches who listens, with its picture."""
    film.order("a/still", hold=True)

    def heard(event: events.Event) -> None:
        if isinstance(event, events.Progress) and event.picture:
            film.heard = lambda event: None
            film.release("a/still")

    film.heard = heard
    film.render()
    said = [event for event in film.events if isinstance(event, events.Progress)]
    assert said[0] == events.Progress("a/still", 0.0, None)
    assert said[1] == events.Progress("a/still", 0.5, b"picture")


def test_locks_and_half_made_things_are_gone_after_a_run(film: Lab) -> None:
    """Whatever failed, a run leaves no lock and no half-made thing."""
    film.order("a/still", fail="no light")
    film.order("b/still", die=signal.SIGKILL)
    film.render()
    assert list(film.store.locks.iterdir()) == []
    assert list(film.store.temporary.iterdir()) == []
    assert not any(path.name.startswith(".") for path in Path(film.store.records).iterdir())
