"""What happened in a build, as values, in the order in which it happened."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Started:
    """A worker has begun to make a node."""

    node: str
    lane: str


@dataclass(frozen=True)
class Progress:
    """How far a node is, 0 to 1; picture is a JPEG of how it looks so far."""

    node: str
    fraction: float
    picture: bytes | None = None


@dataclass(frozen=True)
class MadeNode:
    """A node was made, in so many seconds."""

    node: str
    stage: str
    seconds: float


@dataclass(frozen=True)
class Hit:
    """A node is fresh: nothing was made."""

    node: str
    stage: str


@dataclass(frozen=True)
class Repaired:
    """Stored bytes of a node were damaged; they are dropped, and made again."""

    node: str


@dataclass(frozen=True)
class Failed:
    """A node could not be made. trace is for `--debug` only."""

    node: str
    stage: str
    what: str
    hint: str
    exit_code: int
    trace: str = ""


@dataclass(frozen=True)
class Queue:
    """What is left as far as it is known: the nodes that are stale or wait, as (name, stage)."""

    nodes: tuple[tuple[str, str], ...]


Event = Started | Progress | MadeNode | Hit | Repaired | Failed | Queue
