"""What a person can ask of a project's store: is it whole, what may go, who uses it, and to share it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mvr import history
from mvr.engine import share, verify
from mvr.engine.collect import Collector, Unsure, Waste, wasted
from mvr.engine.inventory import Inventory, Occupied, Say, keeper
from mvr.engine.roots import Manifest, Roots, every, identity
from mvr.engine.store import Store, StoreTooNew
from mvr.errors import MachineError, MvrError, ProjectError
from mvr.workspace import Workspace

Json = Any

TAKES = ("clip", "refine")
"""The stages whose every work is a take of a shot: none of it is ever dropped."""


@dataclass(frozen=True)
class Healing:
    """What a look at every byte came to, and of what is damaged: what was set aside, and what had to wait."""

    found: verify.Findings
    mended: bool = False
    waits: tuple[verify.Damage, ...] = ()


class Storekeeper:
    """The store of one project."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.store = Store(workspace.machine.store or workspace.state)

    def verify(self, say: Say, *, repair: bool = False) -> Healing:
        """Reads every byte. Raises MvrError."""
        with _spoken(self.store):
            found = verify.verify(self.store, say)
            if not repair or not found.damaged:
                return Healing(found)
            return Healing(found, True, tuple(verify.repair(self.store, found.damaged)))

    def waste(self) -> Waste:
        """What `gc` would drop. Raises MvrError."""
        with _spoken(self.store):
            return self._collector().waste()

    def collect(self, agreed: Waste) -> Waste:
        """Drops it. Raises MvrError."""
        with _spoken(self.store):
            return self._collector().collect(agreed)

    def info(self) -> Json:
        """The store in numbers: bytes and files by stage, records, the projects that use it, what `gc` would drop."""
        with _spoken(self.store):
            inventory = Inventory.of(self.store)
            whole = wasted(inventory, inventory.files)
            counts = Counter(maker.stage if (maker := inventory.maker(one)) else "" for one in inventory.files)
            stages = [
                {"stage": stage, "files": counts[stage], "bytes": size}
                for stage, size in sorted(whole.stages.items(), key=lambda item: -item[1])
            ]
            waste = self._collector().waste()
            return {
                "store": str(self.store.folder),
                "bytes": whole.bytes,
                "files": len(inventory.files),
                "records": len(inventory.records),
                "stages": stages,
                "projects": [self._project(roots) for roots in every(self.store)],
                "waste": {"bytes": waste.bytes, "files": len(waste.files), "seconds": round(waste.seconds, 3)},
            }

    def push(self, folder: Path, say: Say) -> share.Copied:
        """Brings what was ever made for this project into a folder. Raises MvrError."""
        there = Store(folder.absolute())
        self._apart(there)
        if not share.holds(there.folder) and not share.empty(there.folder):
            raise ProjectError(f"{folder} holds other things than a store", "name a folder that is empty, or not there")
        ours = Roots(self.store, self._identity())
        with _spoken(there):
            there.open()
            lock = keeper(there)
            try:
                copied = share.copy(self.store, there, share.keys_of([ours]), say)
                share.merge([ours], Roots(there, ours.identity), self.workspace.folder, copied)
            finally:
                lock.free()
        return copied

    def pull(self, folder: Path, say: Say) -> share.Copied:
        """Brings what a folder holds of this project into its store. Raises MvrError."""
        there = Store(folder.absolute())
        self._apart(there)
        if not share.holds(there.folder):
            raise ProjectError(f"{folder} holds no store", "name a folder that `mvr store push` has filled")
        with _spoken(there):
            there.layout()
            theirs = self._same(there)
        with _spoken(self.store):
            self.store.open()
            lock = keeper(self.store)
            try:
                copied = share.copy(there, self.store, share.keys_of(theirs), say)
                share.merge(theirs, Roots(self.store, self._identity()), self.workspace.folder, copied)
                self.store.touch()
            finally:
                lock.free()
        return copied

    # inside

    def _identity(self) -> str:
        return identity(self.workspace.state / f"{self.workspace.file.name}.id")

    def _collector(self) -> Collector:
        return Collector(self.store, self._memory(), TAKES)

    def _memory(self) -> Callable[[Roots, Manifest], bool]:
        """Whether the text of a manifest can be come back to: it stands in its folder, or at the head of something.

        Where that cannot be known, it can.
        """
        heads = cache(history.heads)
        ours = self._identity() if self.workspace.state.is_dir() else ""

        def stands(roots: Roots, manifest: Manifest) -> bool:
            folders = {manifest.folder}
            if roots.identity == ours:  # it may have been moved since
                folders = {self.workspace.folder} | {folder for folder in folders if folder.is_dir()}
            found = [heads(folder) for folder in folders]
            return any(texts is None or manifest.text in texts for texts in found)

        return stands

    def _project(self, roots: Roots) -> Json:
        manifests = roots.manifests()
        lines = list(roots.lines())
        keys = {line.key for line in lines}
        takes = sum(record.stage in TAKES for key in keys if (record := self.store.record(key)))
        folder = manifests[-1].folder if manifests else None
        times = [manifest.time for manifest in manifests] + [line.time for line in lines]
        return {
            "id": roots.identity,
            "folder": str(folder) if folder else None,
            "here": folder.is_dir() if folder else None,
            "films": len(manifests),
            "takes": takes,
            "used": round(max(times), 3) if times else None,
        }

    def _apart(self, there: Store) -> None:
        if there.folder.resolve() == self.store.folder.resolve():
            raise ProjectError(f"{there.folder} is this project's own store", "name another folder")

    def _same(self, there: Store) -> list[Roots]:
        """The roots in a folder that are of this project: they know a text that its file has or ever had.

        Raises ProjectError where none does and there are several to choose from.
        """
        ours = self._identity()
        texts = set(history.versions(self.workspace.file) or ())
        texts |= {manifest.text for manifest in Roots(self.store, ours).manifests()}
        found = every(there)
        same = [roots for roots in found if roots.identity == ours or texts & {path.stem for path in roots.files()}]
        if not same and len(found) > 1:
            raise ProjectError(
                f"{there.folder} holds {len(found)} projects, and none ever had the text that "
                f"{self.workspace.file.name} has",
                "check out a version that was rendered there, then pull",
            )
        return same or found


@contextmanager
def _spoken(store: Store) -> Iterator[None]:
    """Turns what can befall a store into words for a person."""
    try:
        store.layout()
        yield
    except StoreTooNew:
        raise MachineError(
            f"the store {store.folder} was written by a newer mvr", "upgrade mvr, or name another store in MVR_STORE"
        ) from None
    except Occupied:
        raise MvrError(
            f"another process collects, mends or copies in {store.folder}", "try again when it has ended"
        ) from None
    except Unsure as unsure:
        raise MvrError(
            f"{unsure.path} is damaged: what it keeps is not known, so nothing is dropped",
            "see: mvr store verify --repair",
        ) from None
    except OSError as error:
        where = f": {os.fspath(error.filename)}" if error.filename else ""
        raise MachineError(
            f"the store cannot be read or written: {error.strerror}{where}",
            "what is done is kept; the same command goes on from there",
        ) from None
