"""A saved file starts the next build; the newest edit wins, and nothing finished is thrown away.

Folders are watched, not files: an editor that saves by renaming makes a new file each time (watching the file itself
loses four of five such saves). A folder that was itself renamed away and made anew is noticed by its inode, once a
second. Events only say that it is worth a look: content decides what changed.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from watchfiles import Change, watch

from mvr import forecast
from mvr.bench import Bench
from mvr.engine import events
from mvr.engine.build import Build
from mvr.engine.inbox import Inbox
from mvr.engine.local import Lanes
from mvr.engine.plan import Fresh
from mvr.errors import MvrError
from mvr.model import Goal, frozen_names
from mvr.workspace import Workspace

STEP_MS = 10  # how long watchfiles gathers events that come together
DEBOUNCE_MS = 50  # at most; a checkout or a bulk save is one look
LOOK_SECONDS = 1  # how often folders are looked at without an event: network drives and renamed folders send none
OURS = (".mvr", "mvr-out", ".git")


class Eyes:
    """A thread that rings an inbox when something happens in the folders of some files."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.restless = False  # ring every LOOK_SECONDS: what mends a wrong project may be a file not watched yet
        self._files: frozenset[Path] = frozenset()
        self._stop = threading.Event()
        self._rearm = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Eyes:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._rearm.set()
        self._thread.join(5)

    def on(self, files: Iterable[Path]) -> None:
        """Watches the folders of these files from now on."""
        wanted = frozenset(files)
        if wanted != self._files:
            self._files = wanted
            self._rearm.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._rearm.clear()
            folders = sorted({file.parent for file in self._files if file.parent.is_dir()})
            if not folders:
                self._rearm.wait(LOOK_SECONDS)
                continue
            self._inbox.ring()  # something may have happened while nobody looked
            self._watch(folders)

    def _watch(self, folders: list[Path]) -> None:
        """Rings at every event, until other folders are wanted or one of these is another folder."""
        inodes, stats = self._inodes(folders), self._stats()
        for happened in watch(
            *folders,
            watch_filter=self._ours,
            step=STEP_MS,
            debounce=DEBOUNCE_MS,
            rust_timeout=LOOK_SECONDS * 1000,
            yield_on_timeout=True,
            stop_event=self._rearm,
            recursive=False,
            raise_interrupt=False,
        ):
            if self._inodes(folders) != inodes:
                return
            if happened or self.restless or self._stats() != stats:
                stats = self._stats()
                self._inbox.ring()

    def _ours(self, _: Change, path: str) -> bool:
        return Path(path) in self._files

    def _inodes(self, folders: list[Path]) -> list[int | None]:
        return [_stat(folder, lambda stat: stat.st_ino) for folder in folders]

    def _stats(self) -> list[int | None]:
        return [_stat(file, lambda stat: stat.st_mtime_ns) for file in sorted(self._files)]


def _stat(path: Path, what: Callable[[os.stat_result], int]) -> int | None:
    try:
        return what(path.stat())
    except OSError:
        return None


class Watch:
    """One project, rendered at every save until it is interrupted.

    say takes the events of builds, tell lines for a person.
    """

    def __init__(
        self, workspace: Workspace, say: Callable[[events.Event], None], tell: Callable[[str], None], *, draft: bool
    ) -> None:
        self._workspace = workspace
        self._say = say
        self._tell = tell
        self._goal = Goal(rough=True, draft=True) if draft else Goal()
        self._inbox = Inbox()
        self._eyes = Eyes(self._inbox)
        self._fault = ""
        self._again = False
        self._seen: dict[Path, str] = {}

    def run(self) -> None:
        """Builds, waits for a save, and builds again; ends with KeyboardInterrupt.

        Raises ProjectError where the project file is wrong from the start.
        """
        with self._workspace.opened() as bench, self._eyes, bench.store.bench() as folder:
            self._workspace.open_files(bench)
            lanes = Lanes(bench.store, self._workspace.machine.lanes)
            try:
                self._seen = self._look(bench) | self._read(bench)
                self._eyes.on(self._files(bench))
                while True:
                    lanes = self._build(bench, lanes, folder)
                    while not (self._changed(bench) or self._again):
                        self._inbox.wait()
                    self._again = False
            finally:
                lanes.close()
                self._inbox.close()

    def _build(self, bench: Bench, lanes: Lanes, folder: Path) -> Lanes:
        """Makes what is stale now, and what edits add meanwhile. Gives the lanes to go on with."""
        build, lanes = self._run(bench, lanes, folder, self._goal)
        if build is None:
            return lanes
        failed = len(build.summary.failed)
        film = self._workspace.out / ("draft.mp4" if self._goal.draft else "film.mp4")
        unapproved = () if self._goal.draft else forecast.waiting(bench.project, bench.graph)
        if unapproved or (failed and not self._goal.draft):
            lanes = self._as_it_stands(bench, lanes, folder, failed, unapproved)
        elif self._stands(bench, self._goal, build.graph.targets):
            if not self._goal.draft:
                self._workspace.finish(bench)
            self._tell(f"{build.summary.made} made, {build.summary.hit} fresh: {film}")
        elif failed:
            self._tell(f"{failed} failed")
        return lanes

    def _as_it_stands(self, bench: Bench, lanes: Lanes, folder: Path, failed: int, unapproved: Sequence[str]) -> Lanes:
        """Joins the film as it stands, where shots failed, or wait to be approved."""
        from mvr.report import approval_line

        rough, known, film = Goal(rough=True), bench.project, self._workspace.out / "film.mp4"
        why = f"{failed} failed" if failed else approval_line(unapproved)
        second, lanes = self._run(bench, lanes, folder, rough)
        if second is not None and self._stands(bench, rough, second.graph.targets):
            self._tell(f"{why}; the film as it stands: {film.with_name('rough.mp4')}")
        else:
            self._tell(f"{why}; the last film stays: {film}" if film.exists() else why)
        self._again = bench.project is not known  # what was saved meanwhile is in no film yet
        return lanes

    def _run(self, bench: Bench, lanes: Lanes, folder: Path, goal: Goal) -> tuple[Build | None, Lanes]:
        """One build to its end; None where its graph could not be wired."""
        build = bench.build(
            goal, lanes, folder, self._say, inbox=self._inbox, changed=lambda: self._changed(bench, building=True)
        )
        try:
            build.run()
        except MvrError as error:  # a shot list that does not fit its overrides shows only once it is written
            self._tell(str(error))
            lanes.close()
            return None, Lanes(bench.store, lanes.bounds)
        bench.newest_clips.clear()
        return build, lanes

    def _stands(self, bench: Bench, goal: Goal, targets: list[str]) -> bool:
        """True where the build ended with everything that it was for."""
        graph = bench.graph(goal)
        return all(isinstance(bench.judge.verdict(graph, name), Fresh) for name in targets if name in graph.nodes)

    def _changed(self, bench: Bench, *, building: bool = False) -> bool:
        """Looks at the files, and takes a changed project over. False where nothing changed, or it is wrong now."""
        self._inbox.heard()
        before = bench.project
        seen = self._look(bench)
        if seen == self._seen and not self._fault:
            return False
        self._seen = seen
        try:
            bench.project = self._workspace.load()
            self._seen = self._look(bench) | self._read(bench)
            self._eyes.on(self._files(bench))
            graph = bench.graph(self._goal)
        except MvrError as error:
            judged = bench.project is not before
            bench.project = before
            if str(error) != self._fault:
                self._fault, self._eyes.restless = str(error), True
                self._tell(f"{error}\nthe last good film stays")
            return building and judged  # a build must judge the good graph again, after the wrong one
        self._fault, self._eyes.restless = "", False
        stale = sum(not isinstance(bench.judge.verdict(graph, name), Fresh) for name in graph.wanted())
        self._tell(f"saved: {stale} to make" if stale else "saved: nothing to make")
        return True

    def _look(self, bench: Bench) -> dict[Path, str]:
        """The digests of what the files hold now; empty for one that cannot be read."""
        found = {}
        for file in self._files(bench):
            try:
                found[file] = bench.judge.witness.digest(file)
            except OSError:
                found[file] = ""
        return found

    def _read(self, bench: Bench) -> dict[Path, str]:
        """The digests of the files whose content the project has, as they were when it was read."""
        project = bench.project
        return {project.file: project.digest} | {project.folder / name: seen for name, seen in project.read.items()}

    def _files(self, bench: Bench) -> list[Path]:
        project = bench.project
        names = (*frozen_names(project.file), *project.files.values())
        return [project.file, *(project.folder / name for name in names)]
