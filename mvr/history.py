"""git: which texts a project's file has, or ever had, in the repository that it stands in.

git is asked as a program, about objects alone: the working tree, the index and the network are never touched. A folder
in no repository has no history; where there is one and git cannot tell of it, the answer is None: nobody knows.
"""

from __future__ import annotations

import os
import posixpath
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from mvr.errors import MachineError, ProjectError

PATIENCE_SECONDS = 30.0
"""How long git may take to answer."""

LARGEST_BYTES = 16 << 20
"""No project's text is larger."""

_SUFFIXES = (".yaml", ".yml")
_PLACES = re.compile(r"GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|COMMON_DIR|NAMESPACE|PREFIX|CEILING_DIRECTORIES)")


class _Silent(Exception):
    """git is not here, took too long, or refused."""


def heads(folder: Path) -> frozenset[str] | None:
    """The sha256 of every project's text in a folder, now and at the head of each local branch, tag and stash.

    None where that cannot be known: the folder is not here, or git cannot be asked.
    """
    if not folder.is_dir():
        return None
    present = _present(folder)
    if not _repository(folder):
        return frozenset(present)
    try:
        prefix = _git(folder, "rev-parse", "--show-prefix").removesuffix(b"\n")
        commits = set(_git(folder, "for-each-ref", "--format=%(objectname)", "refs/heads", "refs/tags").split())
        commits |= set(_git(folder, "rev-parse", "--quiet", "--verify", "HEAD", may_fail=True).split())
        if _git(folder, "rev-parse", "--quiet", "--verify", "refs/stash", may_fail=True):
            # with their parents: the index, and the files that were not tracked, stand in commits of their own
            commits |= set(_git(folder, "rev-list", "--walk-reflogs", "--parents", "refs/stash").split())
        return frozenset({*present, *_texts(folder, _blobs(folder, sorted(commits), prefix))})
    except _Silent:
        return None


def versions(file: Path) -> frozenset[str] | None:
    """The sha256 of every text that a project's file has, or had in any commit that the repository holds."""
    present = {sha256(file.read_bytes()).hexdigest()} if file.is_file() else set()
    if not _repository(file.parent):
        return frozenset(present)
    try:
        listed = _git(file.parent, "rev-list", "--all", "--objects", "--no-object-names", "--", file.name)
        found = listed.split()
        return frozenset({*present, *_texts(file.parent, found)})
    except _Silent:
        return None


@dataclass(frozen=True)
class Past:
    """One commit of the repository that a folder stands in. prefix: the folder's place in it, empty for its top."""

    folder: Path
    revision: str  # as it was asked for
    commit: str  # its id, hex
    prefix: str

    def read(self, name: str) -> bytes | None:
        """A file of the folder as it was, or None where there was none; links inside the repository are followed."""
        path = posixpath.normpath(posixpath.join(self.prefix, name))
        if path.startswith("../") or "\n" in path:
            return None
        answer = _told(self.folder, "cat-file", "--batch", "--follow-symlinks", text=f"{self.commit}:{path}\n".encode())
        head, _, rest = answer.partition(b"\n")
        words = head.split(b" ")
        if len(words) != 3 or words[1] != b"blob":
            return None
        return rest[: int(words[2])]

    def had(self, name: str, file: Path) -> bool:
        """True where the commit holds under `name` what a checkout would write as this file."""
        path = posixpath.normpath(posixpath.join(self.prefix, name))
        try:
            now = _git(self.folder, "hash-object", "--path", path, "--", str(file.absolute()))
            was = _git(self.folder, "rev-parse", "--quiet", "--verify", f"{self.commit}:{path}")
        except _Silent:
            return False
        return now == was


def past(folder: Path, revision: str) -> Past:
    """The commit that a revision names, as the repository sees it that a folder stands in.

    Raises ProjectError where the folder is in no repository or the revision is not known, MachineError without git.
    """
    inside = _told(folder, "rev-parse", "--is-bare-repository", may_fail=True)
    if not inside:
        raise ProjectError(
            f"{folder} is in no git repository that can be read",
            "start one: git init && git add project.yaml && git commit",
        )
    prefix = os.fsdecode(_told(folder, "rev-parse", "--show-prefix", may_fail=True).removesuffix(b"\n"))
    found = b""
    if "\n" not in revision:
        found = _told(folder, "cat-file", "--batch-check", text=f"{revision}^{{commit}}\n".encode()).strip()
    words = found.split(b" ")
    if len(words) != 3 or words[1] != b"commit":
        if revision == "HEAD":
            raise ProjectError("nothing is committed here yet", "commit the project first: git add . && git commit")
        raise ProjectError(
            f"git knows no revision {revision!r}", "name a commit, branch or tag; `git log --oneline` lists commits"
        )
    return Past(folder, revision, words[0].decode(), prefix)


def is_bare(folder: Path) -> bool:
    """True for a repository without a working tree."""
    try:
        return folder.is_dir() and _git(folder, "rev-parse", "--is-bare-repository").strip() == b"true"
    except _Silent:
        return False


def _told(folder: Path, *words: str, text: bytes = b"", may_fail: bool = False) -> bytes:
    """What git answers. Raises MachineError where it does not."""
    try:
        return _git(folder, *words, text=text, may_fail=may_fail)
    except _Silent:
        raise MachineError(
            "git gives no answer here", "is it installed? `git status` in the project's folder says what is wrong"
        ) from None


def _present(folder: Path) -> set[str]:
    """The texts that stand in the folder now."""
    found = set()
    for path in folder.iterdir():
        if _is_project(folder, path.name) and path.is_file() and path.stat().st_size <= LARGEST_BYTES:
            found.add(sha256(path.read_bytes()).hexdigest())
    return found


def _is_project(folder: Path, name: str) -> bool:
    """True for a name that a project's file may have; one that was rendered has an id."""
    return name.endswith(_SUFFIXES) or (folder / ".mvr" / f"{name}.id").exists()


def _repository(folder: Path) -> bool:
    folder = folder.resolve()
    return any((above / ".git").exists() for above in (folder, *folder.parents))


def _git(folder: Path, *words: str, text: bytes = b"", may_fail: bool = False) -> bytes:
    """What git answers. Raises _Silent."""
    env = {name: value for name, value in os.environ.items() if not _PLACES.fullmatch(name)}
    env |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    try:
        ran = subprocess.run(
            ["git", "-C", str(folder), *words],
            input=text,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            env=env,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise _Silent from None
    if ran.returncode and not may_fail:
        raise _Silent
    return ran.stdout if ran.returncode == 0 else b""


def _blobs(folder: Path, commits: Sequence[bytes], prefix: bytes) -> set[bytes]:
    """The ids of the project files that stand in the folder at some commits. Raises _Silent."""
    if b"\n" in prefix:  # cat-file takes one name a line
        raise _Silent
    path = b":" + prefix.removesuffix(b"/") if prefix else b"^{tree}"
    found: set[bytes] = set()
    for kind, tree in _objects(folder, [commit + path for commit in commits]):
        if kind == b"tree":
            found.update(_entries(folder, tree, len(commits[0]) // 2))
    return found


def _entries(folder: Path, tree: bytes, size: int) -> Iterator[bytes]:
    """The ids, of `size` bytes, of the project files in a tree; git stores one as `mode name NUL id`, on and on."""
    place = 0
    while place < len(tree):
        end = tree.index(b"\0", place)
        mode, _, name = tree[place:end].partition(b" ")
        if mode.startswith(b"100") and _is_project(folder, os.fsdecode(name)):
            yield tree[end + 1 : end + 1 + size].hex().encode()
        place = end + 1 + size


def _texts(folder: Path, blobs: Iterable[bytes]) -> Iterator[str]:
    """The sha256 of some blobs, as they are, and as a checkout with line ends of Windows would write them."""
    for kind, text in _objects(folder, blobs):
        if kind == b"blob" and len(text) <= LARGEST_BYTES:
            yield sha256(text).hexdigest()
            if b"\r" not in text:
                yield sha256(text.replace(b"\n", b"\r\n")).hexdigest()


def _objects(folder: Path, names: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Each object's kind and bytes, those that are not there left out."""
    answer = _git(folder, "cat-file", "--batch", text=b"".join(name + b"\n" for name in names))
    place = 0
    while place < len(answer):
        end = answer.index(b"\n", place)
        words = answer[place:end].split(b" ")
        place = end + 1
        if len(words) == 3 and words[2].isdigit():
            size = int(words[2])
            yield words[1], answer[place : place + size]
            place += size + 1
