"""The store: bytes by digest, read-only; records that are whole or not there."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from mvr.engine import digest, disk
from mvr.engine.store import LAYOUT, Damaged, Lock, Part, Record, Store, StoreTooNew


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "store")
    made.open()
    return made


def kept(store: Store, text: str = "rain", name: str = "still.png") -> Part:
    path = store.folder.parent / name
    path.write_text(text)
    return store.keep(path)


PARTS = {"": Part("d", ".png", 3)}
RECORD = Record("still", 1, {"say": "é"}, {"in": ("a", "b")}, {"song": ("c",)}, PARTS, 1.5, False, {"device": "cpu"})


def test_bytes_are_kept_read_only_with_one_time(store: Store) -> None:
    """Stored bytes are read-only, have the mtime that all have, and their digest for a name; the source is gone."""
    part = kept(store)
    path = store.path(part.digest)
    assert part == Part(digest.of_bytes(b"rain"), ".png", 4)
    assert path.read_text() == "rain"
    assert path.stat().st_mode & 0o777 == 0o444
    assert path.stat().st_mtime_ns == disk.BLOB_TIME_NS
    assert not (store.folder.parent / "still.png").exists()


def test_the_same_bytes_are_kept_once(store: Store) -> None:
    """Bytes that are here already stay as they are."""
    inode = store.path(kept(store).digest).stat().st_ino
    assert store.path(kept(store).digest).stat().st_ino == inode
    assert len(list(store.files.iterdir())) == 1


def test_damaged_bytes_are_replaced(store: Store) -> None:
    """Whole bytes take the place of damaged ones of the same digest."""
    path = store.path(kept(store).digest)
    path.chmod(0o644)
    path.write_text("ruin")
    kept(store)
    assert path.read_text() == "rain"


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_linked_file_is_copied(store: Store, link: object) -> None:
    """A stage may hand on a link: the file that it shares is neither moved, nor made read-only, nor aged."""
    owned = store.folder.parent / "owned.txt"
    owned.write_text("mine")
    before = owned.stat()
    path = store.folder.parent / "out.txt"
    link(owned, path)  # type: ignore[operator]
    part = store.keep(path)
    assert not path.exists()
    assert store.path(part.digest).read_text() == "mine"
    assert store.path(part.digest).stat().st_nlink == 1
    assert (owned.stat().st_mode, owned.stat().st_mtime_ns) == (before.st_mode, before.st_mtime_ns)


def test_a_link_to_stored_bytes_hands_them_on(store: Store) -> None:
    """A stage that passes its input through as a hard link costs no copy, and the input stays."""
    part = kept(store)
    path = store.folder.parent / "out.mp4"
    path.hardlink_to(store.path(part.digest))
    assert store.keep(path).digest == part.digest
    assert store.path(part.digest).read_text() == "rain"


def test_another_file_system_is_copied_across(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file cannot be moved, it is copied, sealed all the same, and the source goes."""
    real = Path.replace

    def across(self: Path, target: Path) -> Path:
        if self.name == "still.png":
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", across)
    path = store.path(kept(store).digest)
    assert path.read_text() == "rain"
    assert path.stat().st_mode & 0o777 == 0o444
    assert path.stat().st_mtime_ns == disk.BLOB_TIME_NS
    assert not (store.folder.parent / "still.png").exists()


def test_a_failed_copy_leaves_nothing_behind(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up while bytes are copied across leaves no half of them in the store."""

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    def full(source: Path, target: Path) -> None:
        Path(target).write_text("ra")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(OSError, match="No space"):
        kept(store)
    assert list(store.files.iterdir()) == []
    monkeypatch.setattr(shutil, "copyfile", full)
    path = store.folder.parent / "link"
    path.symlink_to("still.png")
    with pytest.raises(OSError, match="No space"):
        store.keep(path)
    assert sorted(one.name for one in store.folder.parent.iterdir()) == ["link", "still.png", "store"]


def test_a_move_that_is_refused_is_an_error(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with the disk is told as it is."""

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="Permission denied"):
        kept(store)


def test_bytes_are_hashed_again_only_after_a_touch(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """While size and mtime are those of stored bytes they are believed; a touch has them hashed, once."""
    part = kept(store)
    calls = []

    def counted(path: Path) -> str:
        calls.append(path)
        return part.digest

    monkeypatch.setattr(digest, "of_file", counted)
    store.whole(part)
    assert calls == []
    os.utime(store.path(part.digest), (5, 5))
    store.whole(part)
    store.whole(part)
    assert len(calls) == 1


def test_bytes_that_cannot_be_sealed_again_are_hashed_each_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a store of somebody else a touched file stays as it is, and is still found whole."""
    part = kept(store)
    os.utime(store.path(part.digest), (5, 5))

    def refuse(path: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(disk, "seal", refuse)
    assert store.whole(part) == store.path(part.digest)


def test_dropped_bytes_are_gone_and_their_record_is_not(store: Store) -> None:
    """Taking bytes out marks the store as changed; a record is never dropped."""
    part = kept(store)
    store.put_record("key", RECORD)
    generation = store.generation()
    store.drop(part.digest)
    assert not store.has(part.digest)
    assert store.generation() != generation
    assert store.record("key") == RECORD
    with pytest.raises(FileNotFoundError):
        store.whole(part)


def test_a_record_comes_back_as_it_was(store: Store) -> None:
    """A record is written whole, and read as what it was."""
    assert store.record("key") is None
    store.put_record("key", RECORD)
    assert store.record("key") == RECORD
    assert json.loads((store.records / "key.json").read_bytes())["parts"] == {"": ["d", ".png", 3]}


@pytest.mark.parametrize("text", ["", "{", '{"stage": "still"}', "[]", "null", "\x00\xff", '{"parts": 1}'])
def test_a_record_that_is_not_whole_is_none(store: Store, text: str) -> None:
    """A record cut short, empty or full of nonsense is no record."""
    store.put_record("key", RECORD)
    (store.records / "key.json").write_text(text, "latin-1")
    assert store.record("key") is None


def test_every_cut_of_a_record_is_none(store: Store) -> None:
    """However much of a record was written before the power went, it is whole or it is none."""
    store.put_record("key", RECORD)
    path = store.records / "key.json"
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        assert store.record("key") is None
    assert not isinstance(store.record("key"), Record)


def test_a_store_of_a_newer_mvr_is_left_alone(store: Store) -> None:
    """A store whose layout is newer than this mvr knows is not opened."""
    (store.folder / "layout").write_text(str(LAYOUT + 1))
    with pytest.raises(StoreTooNew, match=str(store.folder)):
        store.open()
    assert (store.folder / "layout").read_text() == str(LAYOUT + 1)


@pytest.mark.parametrize("text", ["", "old"])
def test_a_layout_mark_that_says_nothing_is_written_again(store: Store, text: str) -> None:
    """A damaged mark costs nothing."""
    (store.folder / "layout").write_text(text)
    store.open()
    assert (store.folder / "layout").read_text() == str(LAYOUT)


def test_a_store_is_laid_out_as_it_always_was(store: Store) -> None:
    """The names in a store are what another mvr looks for in it."""
    assert sorted(path.name for path in store.folder.iterdir()) == [
        ".gitignore",
        "files",
        "layout",
        "locks",
        "records",
        "tmp",
    ]
    assert (store.files, store.records) == (store.folder / "files", store.folder / "records")


def test_git_sees_nothing_of_a_store(store: Store) -> None:
    """A store is ignored by git, unless its owner says otherwise."""
    assert (store.folder / ".gitignore").read_text() == "*\n"
    (store.folder / ".gitignore").write_text("tmp/\n")
    store.open()
    assert (store.folder / ".gitignore").read_text() == "tmp/\n"


def test_a_store_that_is_opened_again_is_not_written(store: Store) -> None:
    """Its mark of layout stays the very file that it was."""
    inode = (store.folder / "layout").stat().st_ino
    store.open()
    assert (store.folder / "layout").stat().st_ino == inode


def test_a_store_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    """A file where the folder should be is told as what it is."""
    (tmp_path / "store").write_text("a file")
    with pytest.raises(OSError, match="store"):
        Store(tmp_path / "store").open()
    assert Store(tmp_path / "store").generation() == ""


def test_a_bench_is_swept_only_when_its_owner_is_gone(store: Store) -> None:
    """Half-made things of a living process stay; those of a dead one, and its locks, go at the next opening."""
    (store.temporary / "1-dead").mkdir()
    (store.temporary / "1-dead" / "half").write_text("half")
    (store.locks / "1-dead").touch()
    (store.locks / "key").touch()
    with store.bench() as bench:
        (bench / "half").write_text("half")
        Store(store.folder).open()
        assert [path.name for path in store.temporary.iterdir()] == [bench.name]
        assert [path.name for path in store.locks.iterdir()] == [bench.name]
    assert list(store.temporary.iterdir()) == []
    assert list(store.locks.iterdir()) == []


def test_a_bench_takes_another_name_while_its_own_is_looked_at(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep that holds the lock of a new name for a moment does not take the bench for a dead one's."""
    names = iter(["taken", "free"])
    monkeypatch.setattr("secrets.token_hex", lambda size: next(names))
    lock = store.lock(f"{os.getpid()}-taken")
    assert lock is not None
    with store.bench() as bench:
        assert bench.name == f"{os.getpid()}-free"
    lock.free()


def test_a_lock_is_a_file_that_goes_with_it(store: Store) -> None:
    """Nobody can run a lock's file; one that somebody swept away meanwhile does not keep its lock from being freed."""
    lock = store.lock("key")
    assert lock is not None
    assert (store.locks / "key").stat().st_mode & 0o111 == 0
    assert store.lock("key") is None
    (store.locks / "key").unlink()
    lock.free()
    again = store.lock("key")
    assert again is not None
    again.free()
    assert list(store.locks.iterdir()) == []


def test_a_store_that_cannot_be_swept_is_opened_all_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that one may only read still answers what is fresh."""
    (store.temporary / "1-dead").mkdir()

    def refuse(*args: object) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", refuse)
    store.open()


def test_removing_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    """Files, folders, links and nothing at all can be removed."""
    (tmp_path / "folder/inner").mkdir(parents=True)
    (tmp_path / "link").symlink_to("folder")
    for name in ("link", "folder", "nothing"):
        disk.remove(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves what was there, and no half-written file beside it."""
    path = tmp_path / "x"
    disk.write(path, b"old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        disk.write(path, b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["x"]
    assert path.read_bytes() == b"old"


def test_the_mark_of_a_change_waits_for_no_disk(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A generation that a power cut loses costs a look at the records; it is not worth a wait at every make."""
    monkeypatch.setattr(os, "fsync", lambda handle: pytest.fail("it waited"))
    before = store.generation()
    store.touch()
    assert store.generation() != before


def test_damage_names_its_digest() -> None:
    """Who catches it knows which bytes are wrong."""
    assert Damaged("abc").digest == "abc"
    assert str(Damaged("abc")) == "abc"


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_store_that_can_only_be_read_has_a_bench_that_is_not_there(
    store: Store, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever makes nothing needs no bench; any other trouble with it is told."""

    def refuse(path: Path) -> NoReturn:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(Lock, "take", refuse)
    with store.bench() as folder:
        assert not folder.exists()
    code = errno.ENOSPC
    with pytest.raises(OSError, match="No space left"), store.bench():
        pass
