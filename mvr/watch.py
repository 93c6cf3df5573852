"""A saved file starts the next build; the newest edit wins, and nothing finished is thrown away.

`eyes` say that it is worth a look; content decides what changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr import forecast
from mvr.assembly import DRAFT
from mvr.bench import Bench
from mvr.engine import disk, events
from mvr.engine.build import Build
from mvr.engine.inbox import Inbox
from mvr.engine.local import Lanes
from mvr.engine.plan import Fresh
from mvr.errors import MvrError
from mvr.eyes import Eyes
from mvr.model import Goal, frozen_names
from mvr.workspace import Workspace, shotless

if TYPE_CHECKING:
    from mvr.engine.graph import Graph, Node
    from mvr.onlooker import Onlooker

GIVE_WAY = 10
"""How nice the lanes are beside that of the draft: they get a tenth of the processor while it is drawn."""


class Watch:
    """One project, rendered at every save until it is interrupted.

    say takes the events of builds, tell lines for a person. onlooker: who shows it all on a page, and knows what the
    page wishes to be made, and in which order.
    """

    def __init__(
        self,
        workspace: Workspace,
        say: Callable[[events.Event], None],
        tell: Callable[[str], None],
        *,
        draft: bool,
        onlooker: Onlooker | None = None,
    ) -> None:
        self._workspace = workspace
        self._say = say
        self._tell = tell
        self._onlooker = onlooker
        self._plain = Goal(rough=True, draft=True) if draft else Goal()
        self._inbox = Inbox()
        self._eyes = Eyes(self._inbox)
        self._fault = ""
        self._again = False
        self._seen: dict[Path, str] = {}
        self._judged: Graph | None = None  # what a save came to, where nothing of it is to be made
        self._made: dict[str, str] = {}  # the key of each node that the last build was for, where all of it stands

    def run(self) -> None:
        """Builds, waits for a save, and builds again; ends with KeyboardInterrupt.

        Raises ProjectError where the project file is wrong from the start.
        """
        with self._workspace.opened() as bench, self._eyes, bench.store.bench() as folder:
            self._workspace.open_files(bench)
            lanes = self._lanes(bench)
            try:
                self._seen = self._look(bench) | self._read(bench)
                self._eyes.on(self._files(bench))
                if self._onlooker:
                    self._onlooker.ring = self._inbox.ring
                while True:
                    if not self._settled(bench):
                        lanes = self._build(bench, lanes, folder)
                    while not (self._changed(bench) or self._wished() or self._again):
                        self._inbox.wait()
                    self._again = False
            finally:
                if self._onlooker:
                    self._onlooker.ring = lambda: None
                lanes.close()
                self._inbox.close()

    def _lanes(self, bench: Bench) -> Lanes:
        """Worker processes. With a page, all but what it shows at once gives way on the processor."""
        bounds = self._workspace.machine.lanes
        if self._onlooker is None:
            return Lanes(bench.store, bounds)
        return Lanes(bench.store, {**bounds, DRAFT: bounds["cpu"]}, dict.fromkeys(bounds, GIVE_WAY))

    def _goal(self) -> Goal:
        """What builds are for at this moment."""
        return self._onlooker.goal() if self._onlooker else self._plain

    def _wished(self) -> bool:
        """True where the page wishes for something else than before."""
        return self._onlooker is not None and self._onlooker.heard()

    def _settled(self, bench: Bench) -> bool:
        """True where the save changed nothing that is made: all stands under the keys of the last build, which need
        not be run again to see that."""
        judged, self._judged = self._judged, None
        if judged is None or self._keys(bench, judged) != self._made:
            return False
        if self._onlooker:
            self._onlooker.idle(bench, judged)
        goal = self._goal()
        if not goal.draft:
            self._workspace.finish(bench)
        fresh = sum(not judged.nodes[name].product for name in self._made)
        self._tell(f"0 made, {fresh} fresh: {self._workspace.out / ('draft.mp4' if goal.draft else 'film.mp4')}")
        return True

    def _keys(self, bench: Bench, graph: Graph) -> dict[str, str]:
        """What stands of all that a graph is for, by node."""
        verdicts = ((name, bench.judge.verdict(graph, name)) for name in graph.wanted())
        return {name: verdict.key for name, verdict in verdicts if isinstance(verdict, Fresh)}

    def _build(self, bench: Bench, lanes: Lanes, folder: Path) -> Lanes:
        """Makes what is stale now, and what edits add meanwhile. Gives the lanes to go on with."""
        build, lanes = self._run(bench, lanes, folder, self._goal)
        self._made = {}
        goal = self._goal()  # a yes of the page counts once: it ends with the build
        if self._onlooker:
            self._onlooker.idle(bench, build.graph if build else None)
        if build is None:
            return lanes
        failed = build.summary.failed
        film = self._workspace.out / ("draft.mp4" if goal.draft else "film.mp4")
        unapproved = () if goal.draft else forecast.waiting(bench.project, bench.graph)
        if unapproved or (failed and not goal.draft):
            lanes = self._as_it_stands(bench, lanes, folder, failed, unapproved)
        elif self._stands(bench, goal, build.graph.targets):
            self._made = self._keys(bench, build.graph) if self._goal() == goal else {}
            if not goal.draft:
                self._workspace.finish(bench)
            self._tell(f"{build.summary.made} made, {build.summary.hit} fresh: {film}")
        elif failed:
            self._tell(f"{len(failed)} failed")
        return lanes

    def _as_it_stands(
        self, bench: Bench, lanes: Lanes, folder: Path, failed: Sequence[events.Failed], unapproved: Sequence[str]
    ) -> Lanes:
        """Joins the film as it stands, where shots failed, or wait to be approved; the page's draft is that already."""
        from mvr.report import approval_line

        rough, known, film = Goal(rough=True), bench.project, self._workspace.out / "film.mp4"
        why = f"{len(failed)} failed" if failed else approval_line(unapproved)
        if shotless(failed):
            self._tell(f"{why}; the last film stays: {film}" if film.exists() else why)
            return lanes
        if self._onlooker:
            self._tell(f"{why}; the film as it stands: {film.with_name('draft.mp4')}")
            return lanes
        second, lanes = self._run(bench, lanes, folder, rough)
        if second is not None and self._stands(bench, rough, second.graph.targets):
            self._tell(f"{why}; the film as it stands: {film.with_name('rough.mp4')}")
        else:
            self._tell(f"{why}; the last film stays: {film}" if film.exists() else why)
        self._again = bench.project is not known  # what was saved meanwhile is in no film yet
        return lanes

    def _run(
        self, bench: Bench, lanes: Lanes, folder: Path, goal: Goal | Callable[[], Goal]
    ) -> tuple[Build | None, Lanes]:
        """One build to its end; None where its graph could not be wired."""

        def say(event: events.Event) -> None:
            self._say(event)
            if self._onlooker:
                self._onlooker.event(bench, build.graph, event)

        def changed() -> bool:
            saved = self._changed(bench, building=True)
            return self._wished() or saved

        build = bench.build(goal, lanes, folder, say, inbox=self._inbox, changed=changed, rank=self._rank)
        try:
            build.run()
        except MvrError as error:  # a shot list that does not fit its overrides shows only once it is written
            self._tell(str(error))
            if self._onlooker:
                self._onlooker.wrong(error)
            lanes.close()
            return None, self._lanes(bench)
        bench.newest_clips.clear()
        return build, lanes

    def _rank(self, node: Node) -> int:
        return self._onlooker.rank(node) if self._onlooker else 0

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
            graph = bench.graph(self._goal())
        except MvrError as error:
            judged = bench.project is not before
            bench.project = before
            if str(error) != self._fault:
                self._fault, self._eyes.restless = str(error), True
                self._tell(f"{error}\nthe last good film stays")
                if self._onlooker:
                    self._onlooker.wrong(error)
            return building and judged  # a build must judge the good graph again, after the wrong one
        self._fault, self._eyes.restless = "", False
        if self._onlooker:
            self._onlooker.saved()
        stale = sum(not isinstance(bench.judge.verdict(graph, name), Fresh) for name in graph.wanted())
        self._judged = graph if not stale and not building else None
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


def _own_folder(above: Path) -> Path:
    """A folder for this process, where another one may watch the same project; those of dead ones are removed."""
    for other in above.glob("*"):
        try:
            os.kill(int(other.name), 0)
        except (ValueError, ProcessLookupError):
            disk.remove(other)
        except PermissionError:
            continue  # somebody else's, and alive
    return above / str(os.getpid())


@contextmanager
def served(workspace: Workspace, *, host: str = "", port: int = 0, ask: bool = False) -> Iterator[tuple[Onlooker, str]]:
    """The page of a project, served while this lasts: who shows a watch on it, and its address.

    ask: nothing but drafts is made until the page says so. Raises MachineError where it cannot be served.
    """
    from mvr import closeup
    from mvr.media.thumb import thumbnail
    from mvr.onlooker import Onlooker
    from mvr.preview.hub import Hub
    from mvr.preview.server import Server, Services
    from mvr.revising import Reviser

    hub = Hub(thumbnail)
    kept = _own_folder(workspace.state / f"{workspace.file.name}.films")
    onlooker = Onlooker(hub, kept, workspace.machine.lanes, ask=ask)
    reviser = Reviser(workspace, lambda: (onlooker.standing.plans, onlooker.standing.fps))

    def wish(asked: Mapping[str, Any]) -> str:
        look = asked.get("look")
        onlooker.wish(
            auto=asked["auto"] if isinstance(asked.get("auto"), bool) else None,
            once=asked.get("once") is True,
            look=look if isinstance(look, str) else None,
        )
        return ""

    services = Services(
        asks={
            "takes": lambda asked: closeup.takes(workspace, asked.get("shot", ""), hub.lend),
            "nodes": lambda asked: closeup.nodes(workspace, asked.get("shot", "")),
            "head": lambda asked: closeup.head(workspace, asked.get("shot", "")),
            "plan": lambda _: closeup.plan(workspace),
        },
        does={"wish": lambda asked: {"said": wish(asked)}, **reviser.verbs()},
    )
    memory = workspace.state / f"{workspace.file.name}.page.json"
    with Server(hub, services, memory, host=host, port=port) as server:
        try:
            yield onlooker, server.url
        finally:
            disk.remove(kept)


def until_interrupted(
    workspace: Workspace,
    say: Callable[[events.Event], None],
    tell: Callable[[str], None],
    *,
    draft: bool,
    page: bool,
    host: str = "",
    port: int = 0,
) -> None:
    """Watches a project, with its page or without, until KeyboardInterrupt. Raises ProjectError, MachineError."""
    if not page:
        Watch(workspace, say, tell, draft=draft).run()
        return
    workspace.load()  # a file that is wrong from the start is told before a page is promised
    with served(workspace, host=host, port=port, ask=draft) as (onlooker, address):
        if host:
            tell(f"warning: with --host {host} whoever knows this address can see the film and change the project")
        tell(f"the page: {address}")

        def both(text: str) -> None:
            tell(text)
            onlooker.said(text)

        Watch(workspace, say, both, draft=draft, onlooker=onlooker).run()
