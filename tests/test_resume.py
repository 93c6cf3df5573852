"""Going on where things stand otherwise than they were left: elsewhere, read-only, another clock, damage, no room."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

from mvr import choosing
from mvr.engine import disk
from mvr.engine.store import Lock
from mvr.errors import MachineError, MvrError
from tests.studio import Studio
from tests.test_cli import mvr
from tests.test_disk_faults import TEXT, film, render

NOTHING = (0, 12, 0)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of two shots, rendered an hour ago."""
    folder = tmp_path_factory.mktemp("resume") / "tiny"
    studio = Studio.start(folder, TEXT)
    (folder / "song.wav").write_bytes((folder / "song.wav").read_bytes()[: 44 + 22050 * 2 * 4])
    aged(studio.folder, -3600)
    assert render(folder).exit_code == 0
    return folder


@pytest.fixture
def folder(start: Path, tmp_path: Path) -> Path:
    shutil.copytree(start, tmp_path / "tiny", symlinks=True)
    return tmp_path / "tiny"


def aged(folder: Path, seconds: float) -> None:
    """Gives every file of a folder a time so many seconds from now."""
    moment = time.time() + seconds
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            os.utime(path, (moment, moment))


def quietly(_: object) -> None:
    """Shows nothing."""


def planned(folder: Path) -> tuple[int, int, int]:
    """How many nodes are stale, fresh, waiting."""
    document = Studio(folder).workspace.plan()
    return document["stale"], document["fresh"], document["waits"]


def edit(folder: Path, word: str) -> None:
    (folder / "project.yaml").write_text(TEXT.replace("rain", word))


def forget(folder: Path) -> None:
    """Removes what only spares time."""
    (folder / ".mvr" / "project.yaml.snapshot").unlink(missing_ok=True)
    (folder / ".mvr" / "witness.json").unlink(missing_ok=True)


@contextmanager
def mounted(folder: Path, *ways: list[str]) -> Iterator[None]:
    """A folder as a mount; skips the test where this machine lets nobody mount."""
    with ExitStack() as stack:
        for way in ways:
            try:
                subprocess.run(["mount", *way, str(folder)], check=True, capture_output=True)
            except (OSError, subprocess.CalledProcessError) as error:
                pytest.skip(f"nothing can be mounted here: {error}")
            if way[0] != "-o":
                stack.callback(subprocess.run, ["umount", "-l", str(folder)], check=True)
        yield


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    with mounted(folder, ["--bind", str(folder)], ["-o", "remount,ro,bind"]):
        yield


@pytest.mark.parametrize("remembered", [True, False])
def test_a_film_in_a_read_only_folder_is_as_fresh_as_anywhere(folder: Path, remembered: bool) -> None:
    """Where nothing can be written everything can be asked, and a render with nothing to do names the film."""
    if not remembered:
        forget(folder)
    with read_only(folder):
        workspace = Studio(folder).workspace
        assert planned(folder) == NOTHING
        outcome = render(folder)
        assert (outcome.made, outcome.hit, outcome.film) == (0, 12, workspace.out / "film.mp4")
        assert workspace.why("verse-1.1/clip")["state"] == "fresh"
        assert [shot["state"] for shot in workspace.shots(quietly)["shots"]] == ["fresh", "fresh"]
        assert len(choosing.takes(workspace, "verse-1.1", quietly)["takes"]) == 1


def test_a_film_of_somebody_else_is_as_fresh_as_ones_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every write is refused, as in another user's folder, a render with nothing to do names the film."""

    def refuse(path: Path, *_: object, **__: object) -> NoReturn:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    forget(folder)
    for door in ("write", "append", "place", "move", "copy", "seal"):
        monkeypatch.setattr(disk, door, refuse)
    monkeypatch.setattr(Lock, "take", refuse)
    assert planned(folder) == NOTHING
    assert render(folder).made == 0
    edit(folder, "snow")
    assert planned(folder) == (1, 9, 2)
    with pytest.raises(MachineError, match="Permission denied") as raised:
        render(folder)
    assert "make the folder writable" in raised.value.hint


def test_what_is_to_be_made_in_a_read_only_folder_is_an_error_that_says_so(folder: Path) -> None:
    """`plan` says what is stale; `render`, a draft and a written take end with 3, and name what cannot be written."""
    before = film(folder)
    edit(folder, "snow")
    text = (folder / "project.yaml").read_bytes()
    with read_only(folder):
        assert planned(folder) == (1, 9, 2)
        for words in (["render"], ["render", "--draft"], ["reroll", "verse-1.1"]):
            ran = mvr(*words, cwd=folder)
            assert ran.returncode == 3, ran.stderr
            assert f"the disk refused: Read-only file system at {folder}" in ran.stderr
            assert "make the folder writable" in ran.stderr
    assert (film(folder), (folder / "project.yaml").read_bytes()) == (before, text)
    assert render(folder).made == 3


def test_a_new_project_in_a_read_only_folder_is_an_error_that_says_so(tmp_path: Path) -> None:
    """Nothing was made and nothing can be."""
    studio = Studio.start(tmp_path / "tiny", TEXT)
    with (
        read_only(studio.folder),
        pytest.raises(MachineError, match=r"Read-only file system at (.|\n)*make the folder"),
    ):
        studio.workspace.plan()


def test_a_renamed_folder_makes_nothing(folder: Path) -> None:
    """The film of a folder with another name is joined from the same bytes, under that name."""
    before = film(folder)
    renamed = folder.rename(folder.with_name("other"))
    assert planned(renamed) == NOTHING
    assert render(renamed).made == 0
    assert (renamed / "mvr-out" / "other" / "film.mp4").read_bytes() == before


@pytest.mark.parametrize("seconds", [86_400.0 * 400, -86_400.0 * 4000])
def test_times_of_another_clock_decide_nothing(folder: Path, seconds: float) -> None:
    """Files and records from the future, as after the clock was set back, or from long ago, are what they hold."""
    aged(folder, seconds)
    assert planned(folder) == NOTHING
    assert render(folder).made == 0
    for word in ("snow", "hail"):  # as many letters, and the same moment
        edit(folder, word)
        os.utime(folder / "project.yaml", (5e9, 5e9))
        assert planned(folder) == (1, 9, 2)
        assert render(folder).made == 3
        assert planned(folder) == NOTHING
    edit(folder, "rain")
    assert render(folder).made == 0


def limited(files: int, folder: Path) -> subprocess.CompletedProcess[str]:
    """`mvr render` with so few open files at once."""
    code = (
        f"import resource, mvr.cli; resource.setrlimit(resource.RLIMIT_NOFILE, ({files}, {files})); "
        "mvr.cli.main(['render', '--jobs', '1'], prog_name='mvr')"
    )
    path = str(Path(__file__).parent.parent)
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_too_few_open_files_are_named(folder: Path) -> None:
    """With hardly a file open at once a render ends with 3 and says how to allow more; then it goes on."""
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 64
    edit(folder, "snow")
    ran = limited(8, folder)
    assert (ran.returncode, "Too many open files" in ran.stderr, "ulimit -n" in ran.stderr) == (3, True, True)
    assert "Traceback" not in ran.stderr
    ran = limited(64, folder)
    assert (ran.returncode, "3 made" in ran.stderr) == (0, True), ran.stderr


def test_a_small_disk_that_is_full_keeps_what_was_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk a render ends with words and the last film stands; with room again it goes on."""
    store = folder.with_name("store")
    store.mkdir()
    monkeypatch.setenv("MVR_STORE", str(store))
    with mounted(store, ["-t", "tmpfs", "-o", "size=2m", "tmpfs"]):
        assert render(folder).made == 12
        before = film(folder)
        edit(folder, "snow")
        filler = store / "filler"
        with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
            while True:
                file.write(bytes(4096))
        try:
            outcome = render(folder)
        except MvrError as error:
            said = str(error)
            assert error.exit_code in (1, 3)
        else:
            said = " ".join(failure.what for failure in outcome.failed)
            assert outcome.exit_code == 1
        assert "No space left" in said
        assert film(folder) == before
        filler.unlink()
        assert render(folder).exit_code == 0
        assert planned(folder) == NOTHING


def sealed(answer: Any, folder: Path) -> bytes:
    """A snapshot of this very moment that holds another answer."""
    kept = json.loads((folder / ".mvr" / "project.yaml.snapshot").read_bytes().partition(b"\n")[2])
    return b"0" * 64 + b"\n" + json.dumps({**kept, "answer": answer}).encode()


@pytest.mark.parametrize("how", ["empty", "half", "list", "flipped", "answer", "folder"])
def test_a_damaged_snapshot_is_no_answer(folder: Path, how: str) -> None:
    """However the remembered answer was damaged, even into another that can be read, the project is judged anew."""
    path = folder / ".mvr" / "project.yaml.snapshot"
    good = path.read_bytes()
    data = {
        "empty": b"",
        "half": good[: len(good) // 2],
        "list": b"[]",
        "flipped": good.replace(b'"fresh":12', b'"fresh":13'),
        "answer": sealed({"fresh": 7}, folder),
        "folder": None,
    }[how]
    assert data != good
    path.unlink()
    path.mkdir() if data is None else path.write_bytes(data)
    before = film(folder)
    assert planned(folder) == NOTHING
    assert render(folder).made == 0
    assert film(folder) == before


@pytest.mark.parametrize("name", ["witness.json", "project.yaml.id", "generation", "layout", "ledger", "roots"])
@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b'{"a": [1]}', None])
def test_a_store_without_what_can_be_done_without(folder: Path, name: str, data: bytes | None) -> None:
    """Index, marks, memories and manifests that are lost or damaged make nothing, and change no film."""
    path = folder / ".mvr" / name
    for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if one.is_file():
            one.unlink() if data is None else one.write_bytes(data)
    before = film(folder)
    (folder / ".mvr" / "project.yaml.snapshot").unlink()
    assert planned(folder) == NOTHING
    assert render(folder).made == 0
    assert film(folder) == before


def test_a_record_that_was_cut_short_is_made_again(folder: Path) -> None:
    """Without the index a half record is none: its node is made again, to the same film."""
    before = film(folder)
    key = Studio(folder).workspace.why("verse-1.1/clip")["key"]
    record = folder / ".mvr" / "records" / f"{key}.json"
    record.write_bytes(record.read_bytes()[:100])
    shutil.rmtree(folder / ".mvr" / "ledger")
    forget(folder)
    assert planned(folder)[0] == 1
    assert render(folder).made == 1
    assert film(folder) == before


def test_a_store_of_a_newer_mvr_is_left_alone(folder: Path) -> None:
    """Every command that needs the store ends with 3 and says what to do; nothing in it changes."""
    (folder / ".mvr" / "layout").write_text("2")
    forget(folder)
    before = sorted((path, path.stat().st_mtime_ns) for path in (folder / ".mvr" / "files").iterdir())
    for words in (["plan"], ["render"], ["store", "info"]):
        ran = mvr(*words, cwd=folder)
        assert (ran.returncode, "newer mvr" in ran.stderr, "MVR_STORE" in ran.stderr) == (3, True, True), ran.stderr
    assert sorted((path, path.stat().st_mtime_ns) for path in (folder / ".mvr" / "files").iterdir()) == before


@pytest.mark.parametrize("code", [errno.ENOTSUP, errno.ENOLCK, errno.EPERM])
def test_a_file_system_without_links_and_locks_makes_the_same_film(
    start: Path, tmp_path: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without hard links, symbolic links, shared blocks and locks, as on a USB stick or a share, all is made once."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError(code, os.strerror(code))

    for door in ("os.link", "os.symlink", "fcntl.flock", "fcntl.ioctl"):
        monkeypatch.setattr(door, refuse)
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name in ("song.wav", "project.yaml"):
        shutil.copyfile(start / name, folder / name)
    assert render(folder).made == 12
    assert film(folder) == film(start)
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    edit(folder, "snow")
    assert render(folder).made == 3
    assert planned(folder) == NOTHING
