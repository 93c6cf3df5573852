"""What is ready to be made, by lane: first what wants the weights that the lane holds, then by rank, then in the
graph's order."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mvr.engine.graph import Node
from mvr.engine.job import Blob, Job, UserFile
from mvr.engine.store import Lock, Part


@dataclass
class Task:
    """A key to make: the nodes that want it (twins), the first of which is made."""

    key: str
    node: Node
    twins: list[str]
    lock: Lock | None = None
    inputs: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    out: Path | None = None

    def job(self, folder: Path) -> Job:
        """The task as plain data; the user's files lie in folder."""
        inputs = {role: tuple(Blob(part.digest, part.suffix) for part in parts) for role, parts in self.inputs.items()}
        files = {
            role: tuple(
                UserFile(str(folder / path), content) for path, content in zip(paths, self.files[role], strict=True)
            )
            for role, paths in self.node.files.items()
        }
        return Job(self.node.name, self.node.stage, self.key, self.node.recipe, inputs, files, self.node.how)


class Ready:
    """Tasks by key. Taking one costs the logarithm of how many wait, however long the film."""

    def __init__(self) -> None:
        self._tasks: dict[str, Task] = {}
        self._heaps: dict[str, dict[str, list[tuple[tuple[int, int], str]]]] = {}
        self._loaded: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    def get(self, key: str) -> Task | None:
        return self._tasks.get(key)

    def add(self, task: Task, position: int, rank: int = 0) -> None:
        """Puts a task in its lane; position is its node's in the graph, and a lesser rank comes before it."""
        self._tasks[task.key] = task
        heaps = self._heaps.setdefault(task.node.lane, {})
        heapq.heappush(heaps.setdefault(task.node.resident, []), ((rank, position), task.key))

    def clear(self) -> None:
        """Takes every task out; what each lane holds is remembered."""
        self._tasks.clear()
        self._heaps.clear()

    def lanes(self) -> list[str]:
        """The lanes that have, or had, a task."""
        return list(self._heaps)

    def waits(self, lane: str) -> bool:
        """True where a task of a lane waits."""
        return bool(self._heaps.get(lane))

    def take(self, lane: str) -> Task:
        """Takes the next task of a lane. Weights are changed only when nothing is left for those that it holds."""
        heaps = self._heaps[lane]
        loaded = self._loaded.get(lane, "")
        resident = loaded if loaded in heaps else min(heaps)  # the empty name, of what wants no weights, is the least
        _, key = heapq.heappop(heaps[resident])
        if not heaps[resident]:
            del heaps[resident]
        self._loaded[lane] = resident or loaded
        return self._tasks.pop(key)
