"""A project against a revision of itself in git: `mvr diff`. Makes nothing, and writes into no store.

Both sides are read as far as the store knows them. A cut, a treatment or shots that are not there are written in a
scratch folder, where that takes milliseconds: cuts always are, words where the writer is `rules`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr import diff, history
from mvr.engine.graph import Ref
from mvr.errors import MvrError, ProjectError
from mvr.model import Goal, frozen_names
from mvr.scribe import Scribe

if TYPE_CHECKING:
    from mvr.bench import Bench
    from mvr.engine.plan import Judge
    from mvr.model import Project, ShotPlan
    from mvr.workspace import Workspace

Json = Any

LARGE_FILES = b"version https://git-lfs.github.com/spec/"
UNWRITTEN = {"purpose": "develop", "prompt": "", "motion": "", "characters": [], "keep": []}


def document(workspace: Workspace, revision: str) -> Json:
    """The document of `mvr diff --json`: the project as it stands against a revision.

    Raises ProjectError where the project, the revision or the project at that revision is not there or wrong.
    """
    past = history.past(workspace.folder, revision)
    now = _loaded(workspace.file)
    with tempfile.TemporaryDirectory(prefix="mvr-diff-") as scratch:
        folder = Path(scratch).resolve()
        was = _checked_out(past, workspace.file.name, folder / "was", workspace.folder)
        return _document(workspace, past, was, now, folder)


def bare(place: Path, revision: str) -> Json | None:
    """The same for a repository without a working tree: its HEAD against a revision. None where `place` is none.

    place: the repository's folder, or a project file's path in it below that folder.
    """
    from mvr import machine
    from mvr.workspace import Workspace

    folder = next((one for one in (place, *place.parents) if one.is_dir()), Path())
    if (place.exists() and not place.is_dir()) or not history.is_bare(folder):
        return None
    name = place.relative_to(folder).as_posix() if place != folder else "project.yaml"
    past, head = history.past(folder, revision), history.past(folder, "HEAD")
    with tempfile.TemporaryDirectory(prefix="mvr-diff-") as scratch:
        made = Path(scratch).resolve()
        was = _checked_out(past, name, made / "was", None)
        now = _checked_out(head, name, made / "now", None)
        return _document(Workspace(now.file, machine.load()), past, was, now, made)


def _loaded(file: Path) -> Project:
    """The present project. A song that is not here is no fault: a clone may lack what is too large for git."""
    from mvr import project

    found = project.check(file, files=False)
    if found.project is None:
        raise ProjectError(found.faults)
    return found.project


def _document(workspace: Workspace, past: history.Past, was: Project, now: Project, scratch: Path) -> Json:
    unknown: list[str] = []
    render: Json = None
    with _opened(workspace, now) as bench:
        if bench is None:
            unknown.append(
                "the shot lists, and what rendering would make: there is no store here (`mvr shots` makes one)"
            )
            sides = _Side(was).known(None), _Side(now).known(None)
        else:
            old = _Side(was, past.revision, _past_judge(bench, was, scratch / "witness"), scratch / "old", unknown)
            new = _Side(now, "", bench.judge, scratch / "new", unknown)
            sides = old.known(bench), new.known(bench)
            render = new.render(bench)
    if render is not None and render["seconds"] is None and render["nodes"]:
        unknown.append("how long rendering takes: no film of this project was finished here")
    for place, name in now.files.items():
        if sides[0].files.get(place) == "" or sides[1].files.get(place) == "":
            unknown.append(f"if {name} is another file than at {past.revision}: its bytes are not here")
    return {
        "revision": past.revision,
        "commit": past.commit,
        "file": workspace.file.name,
        **diff.compared(*sides),
        "render": render,
        "unknown": list(dict.fromkeys(unknown)),
    }


@contextmanager
def _opened(workspace: Workspace, project: Project) -> Iterator[Bench | None]:
    """The project with its store; None where there is no store, as none is to be made."""
    store = workspace.machine.store or workspace.state
    if not (store / "records").is_dir() or not (workspace.state / f"{workspace.file.name}.id").exists():
        yield None
        return
    from mvr import bench

    try:
        with bench.opened(project, store, workspace.state, workspace.out) as found:
            yield found
    except OSError as error:
        raise bench.refused(error) from error


# the side that git holds


def _checked_out(past: history.Past, name: str, into: Path, present: Path | None) -> Project:
    """The project as it was, with the files that it named, in a folder of its own.

    A file that is still the same, or that git never held, is taken from `present`, the project's folder.
    What the files hold is not looked at: a clone may lack them.
    """
    from mvr import project

    raw = past.read(name)
    if raw is None:
        raise ProjectError(
            f"{name} is not in {past.revision}", f"`git log --oneline -- {name}` lists the revisions that have it"
        )
    into = into / Path(name).parent
    into.mkdir(parents=True)
    file = into / Path(name).name
    file.write_bytes(raw)
    for one in frozen_names(file):
        words = past.read((Path(name).parent / one).as_posix())
        if words is not None:
            (into / one).write_bytes(words)
    for one in project.names(raw):
        _put(past, Path(name).parent / one, into / one, present / one if present else None)
    found = project.check(file, files=False)
    if found.project is None:
        first, more = found.faults[0], len(found.faults) - 1
        raise ProjectError(
            f"{name} at {past.revision} cannot be read by this mvr: "
            f"{replace(first, file=f'{past.revision}:{name}', hint='')}{f', and {more} more' if more else ''}",
            f"{first.hint + '; ' if first.hint else ''}name another revision; `git log --oneline -- {name}` lists them",
        )
    return found.project


def _put(past: history.Past, name: Path, file: Path, here: Path | None) -> None:
    """Puts one named file where the old project looks for it; one that is nowhere, or outside, is left out.

    name: its place in git, from the project's folder; here: where it stands now, if it does.
    """
    if name.is_absolute() or ".." in name.parts:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    if here is not None and here.is_file():
        raw = None if past.had(name.as_posix(), here) else past.read(name.as_posix())
        if raw is None or raw.startswith(LARGE_FILES):
            file.symlink_to(here.resolve())
            return
    else:
        raw = past.read(name.as_posix())
    if raw is not None:
        file.write_bytes(raw)


def _past_judge(bench: Bench, was: Project, memory: Path) -> Judge:
    """A judge of the old project over the same store. What it sees of scratch files is not remembered."""
    from mvr.engine.plan import Judge
    from mvr.engine.witness import Witness

    eyes = Witness(memory)
    for name in was.files.values():
        file = was.folder / name
        if file.is_symlink():
            eyes.tell(file, bench.judge.witness.digest(file.resolve()))
    return Judge(bench.store, bench.judge.ledger, eyes, bench.judge.previous, was.folder)


# what is known of a side


@dataclass
class _Side:
    """One of the two projects that are compared. revision: empty for the present one."""

    project: Project
    revision: str = ""
    judge: Judge | None = None
    scratch: Path = Path()
    unknown: list[str] = field(default_factory=list)

    def known(self, bench: Bench | None) -> diff.Side:
        """What can be said of it."""
        rows = None
        if bench is not None and self.judge is not None:
            with self.judge.ledger.session():
                rows = self._rows(bench, self.judge)
        return diff.Side(self.project, rows, dict(self._files()))

    def render(self, bench: Bench) -> Json:
        """What `mvr render` would make, by the judge of every plan."""
        from mvr import forecast, pipeline

        assert self.judge is not None
        with self.judge.ledger.session():
            try:
                self.judge.begin()
                scribe = self._scribe(bench, self.judge, pins=True)
                graph = pipeline.wire(self.project, scribe, Goal(), bench.out)
                self.judge.verdicts(graph, graph.wanted())
                rows = forecast.document(self.project, graph, self.judge)["nodes"]
            except MvrError as error:
                self.unknown.append(f"what rendering would make: {error.what}")
                return None
        if "film" not in graph.nodes and not forecast.unapproved(graph):
            self.unknown.append("all that rendering would make: the shot list is not known before `mvr shots`")
        nodes = [{"name": row["name"], "stage": row["stage"], "seconds": row["seconds"]} for row in rows
                 if row["state"] != "fresh"]  # fmt: skip
        learnt = [row["seconds"] for row in nodes if row["seconds"] is not None]
        return {
            "nodes": nodes,
            "shots": diff.touched(nodes),
            "seconds": round(sum(learnt), 3) if learnt or not nodes else None,
            "whole": "film" in graph.nodes,
        }

    def _scribe(self, bench: Bench, judge: Judge, *, pins: bool = False) -> Scribe:
        from mvr.engine.plan import Reader

        scratch = Path(tempfile.mkdtemp(dir=_there(self.scratch)))
        return Scribe(bench, judge, Reader(judge), self.project, scratch, self.unknown, pins)

    def _rows(self, bench: Bench, judge: Judge) -> tuple[diff.Row, ...] | None:
        """Its shots, or None where the cut is not known."""
        from mvr import pipeline, shotlist

        where = f"at {self.revision}" if self.revision else "as it stands"
        judge.begin()
        scribe = self._scribe(bench, judge)
        try:
            graph = pipeline.wire(self.project, scribe, Goal(until="shots"), bench.out)
            song, cut = scribe.document(graph, Ref("song")), scribe.document(graph, Ref("cut"))
            if song is None or cut is None:
                self.unknown.append(f"the shot list {where}: its song was not heard here (`mvr shots` hears it)")
                return None
            sections = shotlist.unwritten(self.project, cut)
            written = {name: scribe.document(graph, Ref(f"{name}/shots")) for name in sections}
            plans, unwritten = self._plans(cut, written, song["seconds"])
        except MvrError as error:
            self.unknown.append(f"the shot list {where}: {str(error).splitlines()[0]}")
            return None
        if unwritten:
            self.unknown.append(f"the words of {', '.join(sorted(unwritten))} {where}: `mvr shots` writes them")
        return tuple(diff.Row.of(plan, self.project.output.fps, unwritten) for plan in plans)

    def _plans(
        self, cut: Json, written: Mapping[str, Json], seconds: float
    ) -> tuple[tuple[ShotPlan, ...], frozenset[str]]:
        """The shots, with no words where the writer was not asked yet; and the sections that lack them."""
        from mvr import shotlist

        lacking = frozenset(name for name, document in written.items() if document is None)
        blank = {
            name: {"shots": [{"id": one["id"], **UNWRITTEN} for one in cut["cuts"] if one["section"] == name]}
            for name in lacking
        }
        return shotlist.planned(self.project, cut, {**written, **blank}, seconds), lacking

    def _files(self) -> Iterator[tuple[str, str]]:
        from mvr.engine import digest

        for place, name in self.project.files.items():
            file = self.project.folder / name
            try:
                with file.open("rb") as opened:
                    pointer = opened.read(len(LARGE_FILES)) == LARGE_FILES
                read = digest.of_file if self.judge is None else self.judge.witness.digest
                yield place, "" if pointer else read(file)
            except OSError:
                yield place, ""


def _there(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
