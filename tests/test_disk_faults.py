"""Every write of a render fails once: nothing half-written stands, and the next run converges."""

from __future__ import annotations

import errno
import os
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from mvr import machine
from mvr.engine import disk
from mvr.engine.store import Store
from mvr.errors import MvrError
from mvr.model import Goal
from mvr.workspace import Outcome, Workspace
from tests.engine.inline import Inline
from tests.studio import write_song

TEXT = """\
song: song.wav
concept: a city
cut: {by: regular, length: [2s, 2s]}
output: {size: 32x32, fps: 6}
make: {painter: fake, animator: fake}
shots: {"@0:00": {prompt: rain}}
"""
DOORS = ("write", "append", "place", "move", "copy", "seal")


def render(folder: Path) -> Outcome:
    def lanes(store: Store, bounds: Mapping[str, int]) -> Inline:
        return Inline(store, random.Random(0).choice)

    workspace = Workspace(folder / "project.yaml", machine.load(), lanes)  # type: ignore[arg-type]
    return workspace.render(Goal(), lambda _: None)


class Fault:
    """Makes the n-th use of the door to the disk fail once."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int, code: int) -> None:
        self.count = 0
        self._at = at
        self._code = code
        for name in DOORS:
            patch.setattr(disk, name, self._through(getattr(disk, name)))

    def _through(self, door: Callable[..., None]) -> Callable[..., None]:
        def use(path: Path, *rest: Any, **more: Any) -> None:
            self.count += 1
            if self.count == self._at:
                raise OSError(self._code, os.strerror(self._code), str(path))
            door(path, *rest, **more)

        return use


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disk") / "tiny"
    folder.mkdir()
    write_song(folder / "song.wav", 4.0)
    (folder / "project.yaml").write_text(TEXT)
    render(folder)
    (folder / "project.yaml").write_text(TEXT.replace("rain", "snow"))
    return folder


def film(folder: Path) -> bytes:
    return (folder / "mvr-out" / "tiny" / "film.mp4").read_bytes()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_every_write_may_fail_once(start: Path, tmp_path: Path, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever write fails, the run ends with a clear error or does without, and the next run gives the right film."""
    whole = tmp_path / "whole" / "tiny"
    shutil.copytree(start, whole, symlinks=True)
    with monkeypatch.context() as patch:
        writes = Fault(patch, 0, code)
        render(whole)
    assert writes.count > 10
    for at in range(1, writes.count + 1):
        folder = tmp_path / str(at) / "tiny"
        shutil.copytree(start, folder, symlinks=True)
        before = film(folder)
        with monkeypatch.context() as patch:
            Fault(patch, at, code)
            try:
                outcome = render(folder)
            except MvrError as error:
                assert error.exit_code in (1, 3), at
                assert os.strerror(code) in str(error), at
            else:
                assert all(os.strerror(code) in failure.what for failure in outcome.failed), at
        assert film(folder) in (before, film(whole)), at
        assert render(folder).exit_code == 0, at
        assert film(folder) == film(whole), at
        shutil.rmtree(folder.parent)
