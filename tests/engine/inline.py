"""Lanes that make jobs in this very process, in an order that a test draws: for many small builds in a short time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mvr.engine import disk
from mvr.engine.store import Store
from mvr.engine.worker import WorkerDesk, perform


class Inline:
    """What Build asks of Lanes. A job is made when it is listened to; which of those at work is drawn."""

    def __init__(self, store: Store, choose: Callable[[list[str]], str], jobs: int = 2) -> None:
        self._store = store
        self._choose = choose
        self._jobs = jobs
        self._busy: dict[str, Mapping[str, Any]] = {}

    def room(self, lane: str) -> bool:
        return len(self._busy) < self._jobs

    def send(self, lane: str, key: str, message: Mapping[str, Any], ahead: Sequence[Any] = ()) -> None:
        assert key not in self._busy
        self._busy[key] = message

    def cancel(self, key: str) -> None:
        """Nobody wants it; it is made all the same, as by a stage that never asks."""

    def receive(self, timeout: float | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
        key = self._choose(sorted(self._busy))
        message = self._busy[key]
        wanted = threading.Event()
        wanted.set()
        out = Path(message["out"])
        desk = WorkerDesk(out, self._store, message["job"]["sizes"], lambda said: None, wanted, {})
        answer = perform(message, desk, self._store)
        if not message["product"]:
            disk.remove(out)
        yield key, answer

    def free(self, key: str) -> None:
        del self._busy[key]

    def close(self) -> None:
        pass
