"""Manifests, the log of everything made, and who a project is."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from typing import NoReturn

import pytest

from mvr.engine import disk
from mvr.engine.roots import Roots, identity
from mvr.engine.store import Store


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    return Roots(Store(tmp_path / "store"), "project")


def manifest(tmp_path: Path, text: str) -> Path:
    return tmp_path / f"store/roots/project/{text}.json"


def test_the_newest_manifest_counts(roots: Roots, tmp_path: Path) -> None:
    """The last finished render is what reasons compare with, whichever text it was of."""
    assert (roots.newest(), roots.latest()) == ({}, "")
    roots.keep("one", tmp_path, {"still": "a"})
    roots.keep("two", tmp_path, {"still": "b"})
    os.utime(manifest(tmp_path, "one"), (1, 1))
    assert (roots.newest(), roots.latest()) == ({"still": "b"}, "two")
    roots.keep("one", tmp_path, {"still": "a"})
    os.utime(manifest(tmp_path, "two"), (1, 1))
    assert roots.newest() == {"still": "a"}


def test_the_same_manifest_is_not_written_again(roots: Roots, tmp_path: Path) -> None:
    """A render that changes no key renews the manifest's time alone; one that does writes it anew."""
    roots.keep("one", tmp_path, {"still": "a"})
    path = manifest(tmp_path, "one")
    inode = path.stat().st_ino
    os.utime(path, (1, 1))
    roots.keep("one", tmp_path, {"still": "a"})
    assert path.stat().st_ino == inode
    assert path.stat().st_mtime > 1
    roots.keep("one", tmp_path, {"still": "b"})
    assert roots.newest() == {"still": "b"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"keys": 1}', '{"folder": "x"}', "\xff"])
def test_a_damaged_manifest_is_passed_over(roots: Roots, tmp_path: Path, text: str) -> None:
    """The one before it counts."""
    roots.keep("one", tmp_path, {"still": "a"})
    os.utime(manifest(tmp_path, "one"), (1, 1))
    roots.keep("two", tmp_path, {"still": "b"})
    manifest(tmp_path, "two").write_text(text, "latin-1")
    assert roots.newest() == {"still": "a"}


def test_every_make_is_noted(roots: Roots) -> None:
    """made.log keeps when, what and under which key, in order; nothing is there before the first."""
    assert list(roots.lines()) == []
    roots.note("a/clip", "k1")
    roots.note("é/clip", "k2")
    found = list(roots.lines())
    assert [(line.node, line.key) for line in found] == [("a/clip", "k1"), ("é/clip", "k2")]
    assert found[0].time <= found[1].time


def test_lines_of_several_writers_do_not_mix(roots: Roots) -> None:
    """Each line is one write at the end of the file."""

    def write(name: str) -> None:
        for count in range(40):
            roots.note(name * 300, str(count))

    writers = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len({(line.node[0], line.key) for line in roots.lines() if len(line.node) == 300}) == 120


@pytest.mark.parametrize("left", [b"[1.0, ", b"[1.0", b"x", b'[1.0, "a", "b"', b"\xff\xfe", b"123", b"null"])
def test_a_line_that_was_cut_short_costs_itself_alone(roots: Roots, tmp_path: Path, left: bytes) -> None:
    """After a loss of power the next line is whole, and so are all before."""
    roots.note("a", "k1")
    log = tmp_path / "store/roots/project/made.log"
    log.write_bytes(log.read_bytes() + left)
    roots.note("b", "k2")
    roots.note("c", "k3")
    assert [line.node for line in roots.lines()] == ["a", "b", "c"]


def test_a_project_keeps_its_identity(tmp_path: Path) -> None:
    """The id is random, made once, and stays; two projects have two."""
    first = identity(tmp_path / "a/project.yaml.id")
    assert len(first) == 16
    assert identity(tmp_path / "a/project.yaml.id") == first
    assert identity(tmp_path / "b/project.yaml.id") != first
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["project.yaml.id"]


@pytest.mark.parametrize("data", [b"", b"short", b"\xff" * 16, b"../../../../etc/x"])
def test_a_damaged_identity_is_begun_anew(tmp_path: Path, data: bytes) -> None:
    """A project whose id cannot be read gets another one: it is no part of any path before it was looked at."""
    path = tmp_path / "project.yaml.id"
    path.write_bytes(data)
    fresh = identity(path)
    assert set(fresh) <= set("0123456789abcdef")
    assert identity(path) == fresh


def test_of_two_processes_the_first_names_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that begin at once agree on one id."""
    path = tmp_path / "project.yaml.id"
    real = os.link

    def late(source: Path, target: Path) -> None:
        disk.write(path, b"0123456789abcdef")
        real(source, target)

    monkeypatch.setattr(os, "link", late)
    assert identity(path) == "0123456789abcdef"


def test_without_hard_links_a_project_gets_its_id_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that cannot link is no obstacle."""

    def refuse(source: Path, target: Path) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "project.yaml.id"
    assert identity(path) == identity(path)


def test_a_store_that_can_only_be_read_keeps_no_manifest(
    roots: Roots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody collects there; any other trouble with it is told."""
    code = errno.EROFS

    def refuse(path: Path, data: bytes) -> NoReturn:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(disk, "write", refuse)
    roots.keep("a" * 64, tmp_path, {"film": "key"})
    assert roots.newest() == {}
    code = errno.ENOSPC
    with pytest.raises(OSError, match="No space left"):
        roots.keep("a" * 64, tmp_path, {"film": "key"})
