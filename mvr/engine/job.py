"""A job: what one worker is asked to make, as plain data; and the desk it works at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

Json = Any
T = TypeVar("T")


@dataclass(frozen=True)
class Blob:
    """Bytes in the store: their sha256 (hex), and the suffix that says what they are, such as `.png`."""

    digest: str
    suffix: str


@dataclass(frozen=True)
class UserFile:
    """A file of the user, read where it is. digest is what it was when the job was planned."""

    path: str
    digest: str


@dataclass(frozen=True)
class Job:
    """One node to make. inputs and files hold, for each role, what the stage reads, in order.

    how is plain JSON that changes nothing of what is made, such as how long to wait; it is in no key.
    """

    node: str
    stage: str
    key: str
    recipe: Json
    inputs: Mapping[str, tuple[Blob, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[UserFile, ...]] = field(default_factory=dict)
    how: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Ahead:
    """A job that this run will want, as far as it is known before what it reads is made.

    files: the paths of the user's files by role. The rest is as in Job.
    """

    recipe: Json
    files: Mapping[str, tuple[str, ...]]
    how: Json


@dataclass(frozen=True)
class Made:
    """What a stage made: its parts by name (the main one is ``""``), as files under `desk.out`.

    provenance is plain data kept in the record and in no key: model revision, rung, device, peak memory, warnings.
    """

    parts: Mapping[str, Path]
    provenance: Mapping[str, Json] = field(default_factory=dict)


class Desk(Protocol):
    """The worker's side of a job: where to write, where to read, and how to say how far it is."""

    @property
    def out(self) -> Path:
        """An empty folder of this job's own."""

    def path(self, source: Blob | UserFile) -> Path:
        """Where to read an input or a file of the user."""

    def progress(self, fraction: float, picture: bytes | None = None) -> None:
        """Says how far the job is (0 to 1); picture is a JPEG under 100 kB. Raises Cancelled once nobody wants it."""

    def cancelled(self) -> bool:
        """True once nobody wants this job any more."""

    def resident(self, name: str, load: Callable[[], T]) -> T:
        """What `load` gives, kept in this worker under a name until something else is wanted in its place."""

    def ahead(self) -> Sequence[Ahead]:
        """Every job that the run is known to want of the same weights, this one among them."""

    def later(self, work: Callable[[], object]) -> None:
        """Leaves work for when the stage has returned: it then runs beside the lane's next job.

        It may write files that the stage handed on, reads no input, and wants nothing of what is resident.
        """


class Cancelled(Exception):
    """Raised inside a worker when its job is no longer wanted."""
