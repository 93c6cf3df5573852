"""Which texts of a project git can come back to."""

from __future__ import annotations

import os
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from mvr import history

AUTHOR = {
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
}  # fmt: skip


def git(folder: Path, *words: str) -> str:
    env = {**os.environ, **AUTHOR}
    return subprocess.run(["git", *words], cwd=folder, env=env, check=True, capture_output=True, text=True).stdout


def sha(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def commit(folder: Path, text: str, name: str = "project.yaml") -> None:
    (folder / name).write_text(text)
    git(folder, "add", name)
    git(folder, "commit", "-m", text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with a project on `main`."""
    folder = tmp_path / "film"
    folder.mkdir()
    git(folder, "init", "-b", "main")
    commit(folder, "first")
    return folder


def heads(folder: Path) -> set[str]:
    found = history.heads(folder)
    assert found is not None
    return set(found)


def versions(file: Path) -> set[str]:
    found = history.versions(file)
    assert found is not None
    return set(found)


def known(folder: Path, *texts: str) -> set[str]:
    """Those of some texts that stand at a head."""
    found = heads(folder)
    return {text for text in texts if sha(text) in found}


def test_heads_of_branches_tags_and_stashes(folder: Path) -> None:
    """What stands at the head of a branch, at a tag, in any stash, or in the folder now; nothing else of the past."""
    commit(folder, "tagged")
    git(folder, "tag", "v1")
    commit(folder, "annotated")
    git(folder, "tag", "-a", "v2", "-m", "two")
    commit(folder, "main")
    git(folder, "branch", "old", "HEAD")
    git(folder, "checkout", "-b", "side")
    commit(folder, "passed")
    commit(folder, "side")
    git(folder, "branch", "-D", "old")
    for text in ("stash one", "stash two"):
        (folder / "project.yaml").write_text(text)
        git(folder, "stash")
    commit(folder, "side again")
    (folder / "project.yaml").write_text("now")
    texts = ["first", "tagged", "annotated", "main", "passed", "side", "stash one", "stash two", "side again", "now"]
    assert known(folder, *texts) == {*texts} - {"first", "passed"}


def test_a_head_that_no_branch_names(folder: Path) -> None:
    """A commit that was checked out by itself counts while one stands there."""
    commit(folder, "second")
    commit(folder, "third")
    git(folder, "checkout", "HEAD~1")
    assert known(folder, "first", "second", "third") == {"second", "third"}


def test_what_was_stashed_untracked_or_in_the_index(folder: Path) -> None:
    """A stash holds three trees, and all of them count."""
    (folder / "project.yaml").write_text("in the index")
    git(folder, "add", "project.yaml")
    (folder / "project.yaml").write_text("in the tree")
    (folder / "other.yaml").write_text("untracked")
    git(folder, "stash", "-u")
    assert known(folder, "in the index", "in the tree", "untracked") == {"in the index", "in the tree", "untracked"}


def test_a_folder_inside_a_repository(folder: Path) -> None:
    """A project may stand deeper, under any name that can be spelt on a line."""
    inner = folder / "films of mine" / "the ö"
    inner.mkdir(parents=True)
    commit(inner, "inner")
    commit(folder, "outer")
    assert known(inner, "inner", "outer") == {"inner"}
    odd = folder / "two\nlines"
    odd.mkdir()
    assert history.heads(odd) is None


def test_a_project_of_another_name(folder: Path) -> None:
    """A file counts that ends like YAML, or that was rendered."""
    commit(folder, "film", "my.film")
    (folder / "my.film").unlink()
    assert known(folder, "film") == set()
    (folder / ".mvr").mkdir()
    (folder / ".mvr/my.film.id").write_text("x")
    assert known(folder, "film") == {"film"}


def test_line_ends_of_windows(folder: Path) -> None:
    """A checkout may write other line ends than git stores."""
    commit(folder, "a: 1\nb: 2\n")
    assert sha("a: 1\r\nb: 2\r\n") in heads(folder)


def test_git_leaves_everything_as_it_is(folder: Path) -> None:
    """Neither the working tree nor the index is touched."""
    (folder / "project.yaml").write_text("edited")
    before = {path: path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))}
    history.heads(folder)
    history.versions(folder / "project.yaml")
    assert {path: path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))} == before


def test_a_new_repository(tmp_path: Path) -> None:
    """Before the first commit there is only what stands in the folder."""
    git(tmp_path, "init")
    (tmp_path / "project.yaml").write_text("now")
    assert heads(tmp_path) == {sha("now")}
    assert versions(tmp_path / "project.yaml") == {sha("now")}


def test_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in no repository has what stands in it, git or no git."""
    monkeypatch.setenv("PATH", "")
    (tmp_path / "project.yaml").write_text("now")
    (tmp_path / "song.wav").write_text("la")
    assert heads(tmp_path) == {sha("now")}
    assert versions(tmp_path / "project.yaml") == {sha("now")}


def test_where_nobody_knows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder, no git where there is a repository, a broken repository, a git that hangs: the answer is None."""
    assert history.heads(folder / "none") is None
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "")
        assert history.heads(folder) is None
        assert history.versions(folder / "project.yaml") is None
    with monkeypatch.context() as patch:
        slow = folder.parent / "bin"
        slow.mkdir()
        (slow / "git").write_text("#!/bin/sh\nsleep 20\n")
        (slow / "git").chmod(0o755)
        patch.setenv("PATH", f"{slow}:{os.environ['PATH']}")
        patch.setattr(history, "PATIENCE_SECONDS", 0.1)
        assert history.heads(folder) is None
    (folder / ".git/HEAD").write_text("nonsense")
    assert history.heads(folder) is None


def test_a_hook_of_another_repository_does_not_mislead(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GIT_DIR and its like, which git sets for hooks, name another repository than the folder's."""
    monkeypatch.setenv("GIT_DIR", str(folder.parent / "elsewhere"))
    assert heads(folder) == {sha("first")}


def test_every_version_of_a_file(folder: Path) -> None:
    """All texts that a file ever had on any branch, and has now; not those of other files."""
    commit(folder, "second")
    commit(folder, "other", "other.yaml")
    git(folder, "checkout", "-b", "side")
    commit(folder, "third")
    git(folder, "checkout", "main")
    (folder / "project.yaml").write_text("now")
    found = versions(folder / "project.yaml")
    texts = ("first", "second", "third", "now", "other")
    assert {text for text in texts if sha(text) in found} == {"first", "second", "third", "now"}
