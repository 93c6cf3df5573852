"""One project on disk: where film and engine meet.

Everything that a person can ask of a project is a method here. Answers are plain data (see design of the command
line: the documents that `--json` prints), so that the command line and the page only show them.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr import __version__, snapshot
from mvr.engine import events
from mvr.errors import Fault, Interrupted, MachineError, MvrError, ProjectError
from mvr.model import Goal, frozen_names

if TYPE_CHECKING:
    from mvr.bench import Bench
    from mvr.engine.graph import Graph
    from mvr.engine.local import Lanes
    from mvr.engine.store import Store
    from mvr.machine import Machine
    from mvr.model import Project, ShotPlan

Json = Any
Say = Callable[[events.Event], None]


@dataclass(frozen=True)
class Outcome:
    """What a render came to. film is the film that it stands for, None where there is none yet."""

    made: int
    hit: int
    failed: tuple[events.Failed, ...]
    film: Path | None
    seconds: float
    unapproved: tuple[str, ...] = ()  # shots whose stills wait to be approved

    @property
    def exit_code(self) -> int:
        codes = {failure.exit_code for failure in self.failed}
        return MachineError.exit_code if MachineError.exit_code in codes else int(bool(codes))


class Workspace:
    """A project file, its store and its films. lanes: who makes jobs, if not worker processes of this machine."""

    def __init__(
        self, file: Path, machine: Machine, lanes: Callable[[Store, Mapping[str, int]], Lanes] | None = None
    ) -> None:
        self.file = file.absolute()
        self.folder = self.file.parent
        self.machine = machine
        self._lanes = lanes
        self.name = self.folder.name if self.file.name == "project.yaml" else self.file.stem
        self.out = self.folder / "mvr-out" / self.name
        self.state = self.folder / ".mvr"
        self._snapshot = snapshot.Snapshot(self.state / f"{self.file.name}.snapshot", self.folder)

    # asking

    def load(self) -> Project:
        """The project, checked. Raises ProjectError with every fault."""
        from mvr import project, starter

        loaded = project.load(self.file, self.machine)
        starter.write_schema(self.folder)
        return loaded

    def check(self) -> Project:
        """The project, checked with everything that it names: the song opens, references are pictures, its makers
        lack nothing here."""
        from mvr import checks

        loaded = self.load()
        checks.everything(loaded)
        return loaded

    def plan(self) -> Json:
        """What `render` would make, as the document of `mvr plan --json`; makes nothing."""
        return self._answer() or self._judged()

    def why(self, name: str) -> Json:
        """Why a node is stale, or what made it what it is. Raises ProjectError for a node that is not."""
        from mvr.engine.plan import Fresh, Stale, Waits
        from mvr.forecast import noted
        from mvr.trace import Tracer

        with self.opened() as bench:
            graph = bench.graph()
            if name not in graph.nodes:
                near = difflib.get_close_matches(name, graph.nodes, 3, 0.4)
                hint = f"did you mean {', '.join(near)}?" if near else "`mvr plan --all` lists every node"
                raise ProjectError(f"no node is named {name!r}", hint)
            tracer = Tracer(bench.project, graph, bench.judge)
            verdict = bench.judge.verdict(graph, name)
            answer: dict[str, Json] = {"name": name, "stage": graph.nodes[name].stage, "why": tracer.since(name)}
            answer["note"] = noted(graph.nodes[name])
            match verdict:
                case Fresh(key, entry):
                    record = bench.store.record(key)
                    made = {"recipe": record.recipe, "provenance": dict(record.provenance)} if record else {}
                    answer |= {"state": "fresh", "key": key, "seconds": entry.seconds, **made}
                case Stale(key, _):
                    answer |= {"state": "stale", "key": key}
                case Waits(on):
                    answer |= {"state": "waits", "on": on}
            return answer

    def shots(self, say: Say) -> Json:
        """The shot list as the document of `mvr shots --json`; makes what it needs."""
        from mvr import shotlist
        from mvr.engine.graph import Ref
        from mvr.engine.plan import Reader

        with self.opened() as bench:
            graph, plans = self.planned(bench, say)
            states = {plan.id: self._state(bench, graph, f"{plan.id}/segment") for plan in plans}
            lyrics: Json = Reader(bench.judge).document(graph, Ref("lyrics")) if "lyrics" in graph.nodes else None
            document: Json = shotlist.document(bench.project, plans, states, lyrics["lines"] if lyrics else ())
            return document

    # making

    def render(
        self, goal: Goal, say: Say, *, jobs: int | None = None, fail_fast: bool = False, final: bool = False
    ) -> Outcome:
        """Makes what is stale for a goal, then joins the film, or unless final, the film as it stands.

        Raises ProjectError, MachineError, Interrupted; a node that could not be made is in the outcome instead.
        """
        from mvr import forecast

        whole = goal == Goal()
        remembered = self._answer() if whole else None
        if remembered is not None and remembered["done"] and remembered["finished"]:
            for node in remembered["nodes"]:
                say(events.Hit(node["name"], node["stage"]))
            return Outcome(0, remembered["fresh"], (), self.out / "film.mp4", 0.0)
        with self.opened() as bench:
            self.open_files(bench)
            first = Goal(until="shots") if goal.draft else goal
            outcome = self.run(bench, first, say, jobs=jobs, fail_fast=fail_fast)
            film = self.out / "film.mp4"
            unapproved = forecast.waiting(bench.project, bench.graph) if whole else ()
            if shotless(outcome.failed):
                return replace(outcome, film=None)
            if final and (outcome.failed or unapproved):
                return replace(outcome, film=None, unapproved=unapproved)
            if not whole or outcome.failed or unapproved:
                second = Goal(rough=True, draft=goal.draft, held=goal.until == "stills")
                rough = self.run(bench, second, say, jobs=jobs, fail_fast=fail_fast)
                outcome = Outcome(
                    outcome.made + rough.made,
                    outcome.hit,
                    outcome.failed + tuple(one for one in rough.failed if one.node not in _names(outcome.failed)),
                    outcome.film,
                    outcome.seconds + rough.seconds,
                )
                film = self.out / ("draft.mp4" if goal.draft else "rough.mp4")
            if whole and not outcome.failed and not unapproved:
                self.finish(bench)
            film_there = film if film.exists() else None
            return Outcome(outcome.made, outcome.hit, outcome.failed, film_there, outcome.seconds, unapproved)

    # inside

    def planned(self, bench: Bench, say: Say) -> tuple[Graph, tuple[ShotPlan, ...]]:
        """The graph and the shots, made as far as they need to be. Raises MvrError where one could not be made."""
        from mvr import shotlist
        from mvr.engine.graph import Ref
        from mvr.engine.plan import Reader

        self.open_files(bench)
        outcome = self.run(bench, Goal(until="shots"), say)
        if outcome.failed:
            raise MvrError(outcome.failed[0].what, outcome.failed[0].hint)
        graph = bench.graph()
        reader = Reader(bench.judge)
        cut: Json = reader.document(graph, Ref("cut"))
        song: Json = reader.document(graph, Ref("song"))
        sections = shotlist.unwritten(bench.project, cut)
        written = {name: reader.document(graph, Ref(f"{name}/shots")) for name in sections}
        return graph, shotlist.planned(bench.project, cut, written, song["seconds"])

    def _state(self, bench: Bench, graph: Graph, name: str) -> str:
        return type(bench.judge.verdict(graph, name)).__name__.lower() if name in graph.nodes else "waits"

    def write(self, changes: Sequence[tuple[Sequence[str], Json]]) -> None:
        """Puts values into the project file, None taking one out. Every other byte of it stays as it is."""
        from mvr import edit
        from mvr.engine import disk

        text = self.file.read_bytes().decode("utf-8")
        for path, value in changes:
            text = edit.take_out(text, path) if value is None else edit.put(text, path, value)
        disk.rewrite(self.file, text.encode("utf-8"))

    def _words(self, store: Store | None = None) -> dict[str, Json]:
        """What a snapshot rests on beside files."""
        from mvr.engine.store import Store

        store = store or Store(self._store_folder())
        return {
            "mvr": [__version__, *snapshot.code_mark(Path(__file__).parent)],
            "machine": self.machine.words(),
            "ffmpeg": _tool(os.environ.get("MVR_FFMPEG", "")),
            "generation": store.generation(),
            "folder": str(self.folder),
        }

    def _store_folder(self) -> Path:
        return self.machine.store or self.state

    def _answer(self) -> Json | None:
        return self._snapshot.load(self._words())

    @contextmanager
    def opened(self) -> Iterator[Bench]:
        """The project, opened for work. Raises ProjectError, MachineError."""
        from mvr import bench

        try:
            with bench.opened(self.load(), self._store_folder(), self.state, self.out) as found:
                yield found
        except OSError as error:
            raise bench.refused(error) from error

    def open_files(self, bench: Bench) -> None:
        """Opens the files that the project names, unless that was done before song and lyrics were first read."""
        from mvr import checks
        from mvr.engine.plan import Fresh

        graph = bench.graph()
        read = [name for name in ("song", "lyrics") if name in graph.nodes]
        if not all(isinstance(bench.judge.verdict(graph, name), Fresh) for name in read):
            checks.open_files(bench.project)

    def _judged(self) -> Json:
        with self.opened() as bench:
            return self._remember(bench)

    def _remember(self, bench: Bench) -> Json:
        """Judges every node, and keeps the answer as the snapshot.

        finished: the last render that was finished is of this very text, so its manifest and the view are there.
        """
        from mvr import backends, forecast

        named = {self.file.name, *frozen_names(self.file), *bench.project.files.values()}
        films = ["film", *(output.name for output in bench.project.outputs[1:])]
        named |= {os.path.relpath(self.out / f"{film}.mp4", self.folder) for film in films}
        # Before judging: a file that changes in between must not be remembered as judged.
        words = self._words(bench.store)
        found = snapshot.sights(bench.judge.witness, self.folder, sorted(named))
        outside = snapshot.looks(backends.rests_on(maker for _, maker in bench.project.makers()))
        graph = bench.graph()
        answer = forecast.document(bench.project, graph, bench.judge, self.machine.lanes)
        held = {os.path.relpath(path, self.folder) for path in bench.held_files(graph)}  # pins that went are an error
        found |= snapshot.sights(bench.judge.witness, self.folder, sorted(held))
        answer["finished"] = bench.roots.latest() == bench.project.digest
        read = {self.file.name: bench.project.digest, **bench.project.read}
        unchanged = all((own := found[name]) and own[4] == digest for name, digest in read.items())
        unchanged &= all(not found[name] or name in read for name in frozen_names(self.file))
        if unchanged and all(found[path] for path in held):  # else it was saved again since it was read
            self._snapshot.save(words, found, outside, answer)
        return answer

    def run(self, bench: Bench, goal: Goal, say: Say, *, jobs: int | None = None, fail_fast: bool = False) -> Outcome:
        """One build towards a goal, on lanes of its own. Raises ProjectError where a stage found the project wrong,
        Interrupted."""
        from mvr.engine.local import Lanes

        bounds = dict(self.machine.lanes)
        if jobs is not None:
            bounds |= {"cpu": jobs, "encode": jobs}
        lanes = (self._lanes or Lanes)(bench.store, bounds)
        try:
            with bench.store.bench() as folder:
                build = bench.build(goal, lanes, folder, say, fail_fast=fail_fast)
                try:
                    build.run()
                except KeyboardInterrupt:
                    done = f"{build.summary.made} made in this run are kept"
                    raise Interrupted(f"interrupted; {done}", "the same command goes on from here") from None
        finally:
            lanes.close()
        summary = build.summary
        wrong = [self._placed(bench.project, one) for one in summary.failed if one.exit_code == ProjectError.exit_code]
        if wrong:
            raise ProjectError(wrong)
        return Outcome(summary.made, summary.hit, tuple(summary.failed), None, summary.seconds)

    def _placed(self, project: Project, failure: events.Failed) -> Fault:
        """What a stage found wrong in the project file, with its line: the stage says `cut.at: ...`."""
        from mvr import project as projects

        path, colon, found = failure.what.partition(": ")
        known = bool(colon) and path.partition(".")[0] in project.data
        return projects.fault(project, path if known else "", found if known else failure.what, hint=failure.hint)

    def finish(self, bench: Bench) -> None:
        """After a whole film: the manifest, the view for people, and the snapshot."""
        from mvr import view
        from mvr.engine.plan import Fresh

        graph = bench.graph()
        keys = {}
        shown: dict[str, Path] = {}
        for name in graph.wanted():
            node, verdict = graph.nodes[name], bench.judge.verdict(graph, name)
            if isinstance(verdict, Fresh):
                keys[name] = verdict.key
                if not node.product:
                    for part, made in verdict.entry.parts.items():
                        shown[view.shown_name(name, part, made.suffix)] = bench.store.path(made.digest)
        view.sync(self.out, {name: path for name, path in shown.items() if path.exists()})
        bench.roots.keep(bench.project.digest, self.folder, keys)
        bench.judge.previous = keys
        self._remember(bench)


def shotless(failed: Iterable[events.Failed]) -> bool:
    """True where what failed says which shots there are: there is no film as it stands, and asking for one would only
    ask again for what failed."""
    from mvr.forecast import GROWING

    return any(failure.stage in GROWING for failure in failed)


def _tool(path: str) -> Json:
    """An ffmpeg of the user's own, as its stat tells it from another."""
    try:
        stat = Path(path).stat() if path else None
    except OSError:
        stat = None
    return [path, stat.st_size, stat.st_mtime_ns, stat.st_ino] if stat else path


def _names(failures: Iterable[events.Failed]) -> set[str]:
    return {failure.node for failure in failures}
