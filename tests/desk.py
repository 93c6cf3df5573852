"""A bench to try one stage on: a desk that reads plain paths, and `run`, which makes one node without an engine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from mvr.engine.job import Ahead, Blob, Cancelled, Job, Made, UserFile

T = TypeVar("T")


def digest(path: Path) -> str:
    """The sha256 of a file's bytes, hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


class BenchDesk:
    """A Desk whose blobs lie at known paths: digest -> path. Remembers the progress it was told."""

    def __init__(self, out: Path, blobs: Mapping[str, Path] | None = None) -> None:
        self._out = out
        self.blobs = dict(blobs or {})
        self.fractions: list[float] = []
        self.pictures: list[bytes] = []
        self.stop = False
        self.awaited: Sequence[Ahead] = ()
        self._kept: dict[str, Any] = {}

    @property
    def out(self) -> Path:
        return self._out

    def path(self, source: Blob | UserFile) -> Path:
        if isinstance(source, UserFile):
            return Path(source.path)
        return self.blobs[source.digest]

    def progress(self, fraction: float, picture: bytes | None = None) -> None:
        if self.stop:
            raise Cancelled
        self.fractions.append(fraction)
        if picture is not None:
            self.pictures.append(picture)

    def cancelled(self) -> bool:
        return self.stop

    def resident(self, name: str, load: Callable[[], T]) -> T:
        if name not in self._kept:
            self._kept = {name: load()}
        kept: T = self._kept[name]
        return kept

    def ahead(self) -> Sequence[Ahead]:
        return self.awaited

    def later(self, work: Callable[[], object]) -> None:
        work()


def run(
    stage: ModuleType,
    recipe: Any,
    *,
    out: Path,
    inputs: Mapping[str, Sequence[Path]] | None = None,
    files: Mapping[str, Sequence[Path]] | None = None,
    desk: BenchDesk | None = None,
) -> Made:
    """Makes one node: `stage.make` on a recipe, with paths as its inputs and files. out is made if it is not there."""
    out.mkdir(parents=True, exist_ok=True)
    desk = desk or BenchDesk(out)
    blobs: dict[str, tuple[Blob, ...]] = {}
    for role, paths in (inputs or {}).items():
        found = [(digest(path), path) for path in paths]
        desk.blobs.update(found)
        blobs[role] = tuple(Blob(known, path.suffix) for known, path in found)
    named = {role: tuple(UserFile(str(path), digest(path)) for path in paths) for role, paths in (files or {}).items()}
    name = stage.__name__.rsplit(".", 1)[-1]
    made: Made = stage.make(Job(name, name, "0" * 64, recipe, blobs, named), desk)
    return made
