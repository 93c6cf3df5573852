"""Stores bring each other what they lack: whole, checked, and nothing in the place of something else."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from mvr.engine import digest, disk, share, verify
from mvr.engine.roots import Roots
from mvr.engine.store import Record, Store
from tests.engine.inline import Inline
from tests.engine.lab import Lab


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """A rendered film: a still with layers, a clip of it, and a join."""
    monkeypatch.setenv("MVR_LAB", str(tmp_path))
    lab = Lab(tmp_path)
    lab.lanes = Inline(lab.store, random.Random(1).choice)
    lab.node("still", "rain", parts={"layers": "three"})
    lab.node("clip", "slow", reads="still:layers still", stage="clip")
    lab.node("film", reads="clip", product="film.mp4")
    lab.render()
    yield lab
    lab.close()


@pytest.fixture
def other(tmp_path: Path) -> Store:
    store = Store(tmp_path / "other")
    store.open()
    return store


def copied(lab: Lab, other: Store) -> share.Copied:
    """Brings all of a lab's work across."""
    found = share.copy(lab.store, other, share.keys_of([lab.roots]))
    share.merge([lab.roots], Roots(other, "lab"), lab.folder, found)
    return found


def test_all_that_was_made_comes_across(lab: Lab, other: Store) -> None:
    """Records, bytes, the log and the manifests; the copy is whole, and sealed as stored files are."""
    found = copied(lab, other)
    assert (found.records, found.files, found.manifests, found.lines) == (3, 3, 1, 3)
    assert {path.name for path in other.files.iterdir()} == {path.name for path in lab.store.files.iterdir()}
    assert verify.verify(other).damaged == []
    assert {path.stat().st_mtime_ns for path in other.files.iterdir()} == {disk.BLOB_TIME_NS}
    assert Roots(other, "lab").newest() == lab.roots.newest()
    assert list(Roots(other, "lab").lines()) == list(lab.roots.lines())


def test_the_same_again_copies_nothing(lab: Lab, other: Store) -> None:
    """What is there is not copied, and no line is added twice."""
    copied(lab, other)
    log = Roots(other, "lab").log.read_bytes()
    assert copied(lab, other) == share.Copied()
    assert Roots(other, "lab").log.read_bytes() == log


def test_a_store_that_got_everything_makes_nothing(lab: Lab, other: Store) -> None:
    """With nothing of its own, a store that was filled judges all fresh."""
    copied(lab, other)
    lab.store, lab.roots = other, Roots(other, "lab")
    (lab.folder / "out/film.mp4").unlink()
    assert set(lab.states().values()) == {"fresh", "stale"}
    lab.lanes = Inline(other, random.Random(1).choice)
    lab.render()
    assert lab.made == {"film"}


def test_a_copy_that_stopped_goes_on(lab: Lab, other: Store) -> None:
    """What had come across stays; the next copy brings the rest. A record never comes before its bytes."""

    def stop(done: int, whole: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        share.copy(lab.store, other, share.keys_of([lab.roots]), stop)
    assert len(list(other.files.iterdir())) == 1
    assert not any(other.records.iterdir())
    assert not any(other.temporary.iterdir())
    found = copied(lab, other)
    assert (found.records, found.files) == (3, 2)


def test_progress_counts_bytes(lab: Lab, other: Store) -> None:
    """Who watches is told how many bytes have come, and of how many."""
    said: list[tuple[int, int]] = []
    share.copy(lab.store, other, share.keys_of([lab.roots]), lambda done, whole: said.append((done, whole)))
    assert said[-1][0] == said[-1][1] == sum(path.stat().st_size for path in other.files.iterdir())


def test_damaged_bytes_are_not_taken(lab: Lab, other: Store) -> None:
    """Bytes that are not what their name says stay where they are, and are told; all else comes."""
    path = lab.blob("still")
    path.chmod(0o644)
    path.write_bytes(b"x")
    found = copied(lab, other)
    assert found.damaged == [path.name]
    assert (found.files, found.records) == (2, 3)
    assert not other.has(path.name)
    path.write_text(digest.of_bytes(b"y"))


def test_damaged_bytes_are_replaced_by_whole_ones(lab: Lab, other: Store) -> None:
    """What stands under a digest and is not that is replaced."""
    content = lab.blob("still").name
    (other.files / content).write_bytes(b"x")
    copied(lab, other)
    assert digest.of_file(other.path(content)) == content


def test_what_stands_already_stays(lab: Lab, other: Store) -> None:
    """Where another was made under the same key, it stays, and is counted."""
    key = lab.key("still")
    mine = lab.store.record(key)
    assert mine is not None
    theirs = Record(mine.stage, mine.version, mine.recipe, mine.inputs, mine.files, {"": lab.part("clip")})
    other.put_record(key, theirs)
    found = copied(lab, other)
    assert found.others == [key]
    assert other.record(key) == theirs
    assert found.records == 2


def test_lost_bytes_come_back(lab: Lab, other: Store) -> None:
    """A record whose bytes are gone here gets them from where they stand."""
    copied(lab, other)
    lab.lose("still")
    found = share.copy(other, lab.store, share.keys_of([Roots(other, "lab")]))
    assert (found.files, found.records) == (1, 0)
    assert lab.blob("still").exists()


def test_bytes_that_went_are_no_loss(lab: Lab, other: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record without its bytes comes by itself; a file that goes while it is copied is one that is not there."""
    lab.lose("still")
    assert copied(lab, other).records == 3
    gone = lab.blob("clip")
    other.drop(gone.name)
    real = disk.copy

    def late(source: Path, target: Path) -> None:
        source.unlink()
        real(source, target)

    monkeypatch.setattr(disk, "copy", late)
    assert copied(lab, other).files == 0


def test_keys_without_a_record_are_passed_over(lab: Lab, other: Store) -> None:
    """A log may name what no record tells of."""
    lab.roots.note("a", "k")
    assert copied(lab, other).records == 3


def test_logs_are_merged_by_time(lab: Lab, other: Store) -> None:
    """Lines of two places come in the order of their times, whichever was brought last."""
    roots = Roots(other, "theirs")
    roots.note("late", "k")
    found = share.Copied()
    share.merge([lab.roots, lab.roots], roots, lab.folder, found)
    assert [line.node for line in roots.lines()] == ["still", "clip", "film", "late"]
    assert found.lines == 3


def test_of_two_manifests_of_one_text_its_own_stays(lab: Lab, other: Store, tmp_path: Path) -> None:
    """Another's manifest does not replace a project's own; its own newer one does, and keeps its time."""
    theirs = Roots(other, "theirs")
    theirs.keep("text", tmp_path, {"still": "x"})
    os.utime(theirs.files()[0], (1, 1))
    share.merge([lab.roots], theirs, tmp_path, share.Copied())
    assert theirs.newest() == {"still": "x"}
    own = Roots(other, "lab")
    own.keep("text", tmp_path, {"still": "x"})
    os.utime(own.files()[0], (1, 1))
    share.merge([lab.roots], own, tmp_path / "here", share.Copied())
    (manifest,) = own.manifests()
    assert manifest.keys == lab.roots.newest()
    assert manifest.folder == tmp_path / "here"
    assert manifest.time == pytest.approx(lab.roots.manifests()[0].time, abs=1e-3)


def test_a_drive_that_knows_no_permissions(lab: Lab, other: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files cannot be made read-only, they are kept all the same."""

    def refuse(path: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(disk, "seal", refuse)
    assert copied(lab, other).files == 3
    monkeypatch.undo()
    assert verify.verify(other).damaged == []


def test_a_store_is_told_from_another_folder(lab: Lab, tmp_path: Path) -> None:
    """A store has a layout and records; an empty folder has nothing, and is not there."""
    assert share.holds(lab.store.folder)
    assert not share.holds(tmp_path)
    assert share.empty(tmp_path / "none")
    (tmp_path / "new").mkdir()
    assert share.empty(tmp_path / "new")
    assert not share.empty(tmp_path)
