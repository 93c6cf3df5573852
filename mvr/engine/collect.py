"""What nothing needs any more goes; nothing else ever leaves a store. Records are never dropped.

Kept is what is reached from the roots of every project:
- all that the newest manifest names, every manifest under 30 days old, and every one whose text still `stands`;
- all that was made or met within 30 days: a night's work that was stopped early has no manifest yet;
- every take, and what it was made of, however old: the words may come back, and a pin may name it;
- bytes that would not come out the same again, as long as anything that is kept was made from them; and documents
  among them for ever: they say what other nodes there are, and no record tells which those were.

A render may run meanwhile. It notes every key that it makes or meets before any job reads what stands under it, and
to note it passes the store's gate. Who collects shuts the gate, reads the roots once more, and drops files behind it:
what was noted before is kept; what is noted after is looked for then, and made again where it went. Bytes that came in
the place of others since they were listed are another file, and stay.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mvr.engine import disk
from mvr.engine.inventory import Inventory, Standing, keeper
from mvr.engine.roots import Manifest, Roots, every, manifest
from mvr.engine.store import Store

YOUNG_SECONDS = 30 * 86_400.0
"""For so long everything that was made or used stays."""

LOOSE_SECONDS = 86_400.0
"""Bytes without a record may be of a job whose record is still to come; no job is thought to take longer to keep."""


class Unsure(Exception):
    """A manifest is damaged: what it kept is not known, so nothing may go."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


@dataclass(frozen=True)
class Waste:
    """What may go: files by digest, bytes by stage ("" where no record names one), the seconds that it took to make."""

    files: Mapping[str, Standing] = field(default_factory=dict)
    stages: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def bytes(self) -> int:
        return sum(standing.size for standing in self.files.values())


@dataclass(frozen=True)
class Collector:
    """Collects what nothing needs from a store.

    stands says whether the project's text that a manifest is of can still be come back to. takes names the stages
    whose every work is kept. now is the time, in seconds since 1970.
    """

    store: Store
    stands: Callable[[Roots, Manifest], bool]
    takes: Collection[str]
    now: Callable[[], float] = time.time

    def waste(self) -> Waste:
        """What may go now. Changes nothing. Raises Unsure."""
        inventory = Inventory.of(self.store)
        needed = self._needed(inventory)
        return wasted(inventory, (content for content in inventory.files if self._loose(inventory, content, needed)))

    def collect(self, agreed: Waste) -> Waste:
        """Drops what was agreed on, as far as it may still go; says what went. Raises Unsure, Occupied, OSError."""
        lock = keeper(self.store)
        gone: list[str] = []
        try:
            inventory = Inventory.of(self.store)
            self._needed(inventory)  # asks git, which is slow, before the gate is shut
            with self.store.gate(alone=True):
                needed = self._needed(inventory)
                for content in inventory.files.keys() & agreed.files.keys():
                    if self._loose(inventory, content, needed) and self._stands(inventory, content):
                        disk.remove(self.store.path(content))
                        gone.append(content)
        finally:
            if gone:
                self.store.touch()
            lock.free()
        return wasted(inventory, gone)

    def _needed(self, inventory: Inventory) -> set[str]:
        """The digests of all that must stay."""
        kept: set[str] = set()
        takes: set[str] = set()
        young = self.now() - YOUNG_SECONDS
        for roots in every(self.store):
            manifests = _manifests(roots)
            for one in manifests:
                if one is manifests[-1] or one.time > young or self.stands(roots, one):
                    kept.update(inventory.parts(one.keys.values()))
            lines = list(roots.lines())
            kept.update(inventory.parts(line.key for line in lines if line.time > young))
            takes.update(line.key for line in lines)
            if roots.damaged_lines():  # some key is not known
                kept.update(content for content, found in inventory.files.items() if found.ctime_ns / 1e9 > young)
                takes.update(inventory.records)
        for record in inventory.found(takes):
            if record.stage in self.takes:
                kept.update(part.digest for part in record.parts.values())
                kept.update(content for role in record.inputs.values() for content in role)
        above = {content for content in inventory.ancestry(kept) if not inventory.exact(content)}
        return kept | above | _documents(inventory)

    def _loose(self, inventory: Inventory, content: str, needed: Collection[str]) -> bool:
        """True for bytes that nothing needs; those that no record names must have been here for a while."""
        if content in inventory.makers:
            return content not in needed
        return content not in needed and inventory.files[content].ctime_ns / 1e9 < self.now() - LOOSE_SECONDS

    def _stands(self, inventory: Inventory, content: str) -> bool:
        """True while the very file that was listed stands."""
        try:
            return Standing.of(self.store.path(content).stat()) == inventory.files[content]
        except FileNotFoundError:
            return False


def wasted(inventory: Inventory, contents: Iterable[str]) -> Waste:
    """The account of some files: each counts for the stage that spent most on it."""
    files = {content: inventory.files[content] for content in contents}
    stages: defaultdict[str, int] = defaultdict(int)
    for content, standing in files.items():
        maker = inventory.maker(content)
        stages[maker.stage if maker else ""] += standing.size
    keys = {key for content in files for key in inventory.makers.get(content, ())}
    return Waste(files, dict(stages), sum(inventory.records[key].seconds for key in keys))


def _manifests(roots: Roots) -> list[Manifest]:
    """The manifests of a project, the oldest first. Raises Unsure for a damaged one."""
    found = []
    for path in roots.files():
        one = manifest(path)
        if one is not None:
            found.append(one)
        elif path.exists():
            raise Unsure(path)
    return found


def _documents(inventory: Inventory) -> set[str]:
    """Every document that would not come out the same again: a model's answer, what was heard. Some kB each."""
    return {
        part.digest
        for record in inventory.records.values()
        if not record.exact
        for part in record.parts.values()
        if part.suffix == ".json"
    }
