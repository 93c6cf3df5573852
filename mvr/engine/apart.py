"""A desk for one job outside of any build: its stage works here and now, in this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from mvr.engine.job import Ahead, Blob, UserFile

T = TypeVar("T")


def unheard(_: float) -> None:
    """Nobody waits to hear how far it is."""


@dataclass(frozen=True)
class Apart:
    """out: the job's own folder. paths: where its inputs lie, by digest. tell: hears how far it is, 0 to 1."""

    out: Path
    paths: Mapping[str, Path] = field(default_factory=dict)
    tell: Callable[[float], None] = unheard

    def path(self, source: Blob | UserFile) -> Path:
        return Path(source.path) if isinstance(source, UserFile) else self.paths[source.digest]

    def progress(self, fraction: float, picture: bytes | None = None) -> None:
        self.tell(fraction)

    def cancelled(self) -> bool:
        return False

    def resident(self, name: str, load: Callable[[], T]) -> T:
        return load()

    def ahead(self) -> Sequence[Ahead]:
        return ()

    def later(self, work: Callable[[], object]) -> None:
        work()
