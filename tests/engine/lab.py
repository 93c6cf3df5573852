"""A laboratory: a folder with a store, nodes declared in a line each, and renders made for real by worker processes.

    lab.node("still", "rain")
    lab.node("clip", "slow", reads="still")
    lab.render()
    assert lab.made == {"still", "clip"}

A later declaration of the same name is an edit. `python -m tests.engine.lab FOLDER` renders the same nodes as a
process of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mvr.engine import events
from mvr.engine.build import Build
from mvr.engine.graph import Graph, Held, Node, Ref
from mvr.engine.ledger import Ledger
from mvr.engine.local import Lanes
from mvr.engine.plan import Fresh, Judge, Reader, Reason, Stale, Verdict, Waits
from mvr.engine.roots import Roots
from mvr.engine.store import Part, Store
from mvr.engine.witness import Witness

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = float(os.environ.get("MVR_PATIENCE", "20"))
"""How long a test waits for what must come about; whoever breaks mvr on purpose waits less."""

FAKE = "tests.engine.fakes.make"


def ref(text: str) -> Ref:
    """`node` or `node:part`."""
    name, _, part = text.partition(":")
    return Ref(name, part)


class Lab:
    """Nodes by name, in the order of their first declaration, over a store in a folder."""

    def __init__(self, folder: Path, jobs: int = 1) -> None:
        self.folder = folder
        self.jobs = jobs
        self.store = Store(folder / "store")
        self.store.open()
        for name in ("orders", "held", "out"):
            (folder / name).mkdir(exist_ok=True)
        self.declared: dict[str, dict[str, Any]] = {}
        self.wanted: list[str] | None = None
        self.roots = Roots(self.store, "lab")
        self.events: list[events.Event] = []
        self.heard: Callable[[events.Event], None] = lambda event: None
        self.graph = Graph()
        self._lanes: Any = None

    # declaring

    def node(
        self, name: str, say: str = "", *, reads: str = "", files: str = "", behind: str = "", **more: Any
    ) -> None:
        """Declares a node, or edits it. behind: it is there once that document is, and names it if it names any.

        lane, exact, version, stage, resident, product, entry, role (of what it reads) and pinned (the digest, suffix
        and size of bytes that it reads, whoever made them) are the node's own; all else is its recipe.
        """
        own = ("lane", "exact", "version", "stage", "resident", "product", "entry", "role", "pinned")
        about = {field: more.pop(field) for field in own if field in more}
        recipe = {"say": say, **more}
        self.declared[name] = {"recipe": recipe, "reads": reads, "files": files, "behind": behind, **about}

    def order(self, name: str, **orders: Any) -> None:
        """Says how the next make of a node goes (see fakes); in no key."""
        (self.folder / "orders" / f"{name.replace('/', '+')}.json").write_text(json.dumps(orders))

    def file(self, name: str, text: str, *, settled: bool = True) -> Path:
        """Writes a file of the user; settled: it looks old enough for a stat to be proof, once its ctime is."""
        path = self.folder / name
        path.write_text(text)
        if settled:
            os.utime(path, (1, 1))
        return path

    # asking

    def wire(self, reader: Reader) -> Graph:
        graph = Graph()
        for name, about in self.declared.items():
            if about["behind"]:
                shown = (
                    reader.document(graph, ref(about["behind"])) if ref(about["behind"]).node in graph.nodes else None
                )
                if shown is None or (shown["shows"] is not None and name not in shown["shows"]):
                    continue
            made = self._node(name, about)
            if all(one.node in graph.nodes for one in made.reads()):
                graph.add(made, target=self.wanted is None or name in self.wanted)
        return graph

    def _node(self, name: str, about: Mapping[str, Any]) -> Node:
        role = about.get("role", "in")
        product = about.get("product", "")
        inputs: dict[str, tuple[Ref | Held, ...]] = {}
        if about["reads"]:
            inputs[role] = tuple(ref(text) for text in about["reads"].split())
        if "pinned" in about:
            inputs["pinned"] = (Held(*about["pinned"]),)
        return Node(
            name=name,
            stage=about.get("stage", "fake"),
            entry=about.get("entry", FAKE),
            version=about.get("version", 1),
            recipe=about["recipe"],
            inputs=inputs,
            files={"song": tuple(about["files"].split())} if about["files"] else {},
            lane=about.get("lane", "cpu"),
            exact=about.get("exact", True),
            resident=about.get("resident", ""),
            product=str(self.folder / "out" / product) if product else "",
        )

    def judge(self) -> Judge:
        """A judge that knows nothing yet, as a new process has."""
        witness = Witness(self.folder / "witness.json")
        return Judge(self.store, Ledger(self.store), witness, self.roots.newest(), self.folder)

    def plan(self) -> dict[str, Verdict]:
        """Every node's verdict, in graph order."""
        judge = self.judge()
        with judge.ledger.session():
            graph = self.graph = self.wire(Reader(judge))
            verdicts = judge.verdicts(graph)
        judge.witness.save()
        return verdicts

    def states(self) -> dict[str, str]:
        """Every node's verdict in a word, for a wait with what it waits for."""
        words = {}
        for name, verdict in self.plan().items():
            match verdict:
                case Waits(on):
                    words[name] = f"waits {on}"
                case _:
                    words[name] = type(verdict).__name__.lower()
        return words

    def why(self, name: str) -> tuple[Reason, ...]:
        """The reasons of a stale node."""
        verdict = self.plan()[name]
        assert isinstance(verdict, Stale), verdict
        return verdict.why

    def key(self, name: str) -> str:
        verdict = self.plan()[name]
        assert isinstance(verdict, Fresh | Stale), verdict
        return verdict.key

    def part(self, name: str, part: str = "") -> Part:
        """What a fresh node handed on."""
        verdict = self.plan()[name]
        assert isinstance(verdict, Fresh), verdict
        return verdict.entry.parts[part]

    def blob(self, name: str, part: str = "") -> Path:
        """Where the bytes of a fresh node stand in the store."""
        return self.store.path(self.part(name, part).digest)

    def read(self, name: str) -> Any:
        """The document that a fresh node handed on."""
        return json.loads(self.blob(name).read_bytes())

    # making

    @property
    def lanes(self) -> Any:
        if self._lanes is None:
            self._lanes = Lanes(self.store, {"cpu": self.jobs, "gpu": 1})
        return self._lanes

    @lanes.setter
    def lanes(self, lanes: Any) -> None:
        self.close()
        self._lanes = lanes

    def build(self, bench: Path, *, fail_fast: bool = False) -> Build:
        self.events = []
        return Build(self.judge(), self.wire, self.lanes, bench, self._say, self.roots.note, fail_fast)

    def render(self, *, fail_fast: bool = False) -> Build:
        """Makes what is stale; keeps the manifest if nothing failed."""
        with self.store.bench() as bench:
            build = self.build(bench, fail_fast=fail_fast)
            self.graph = build.run()
        build.judge.witness.save()
        if not build.summary.failed:
            verdicts = {name: build.judge.verdict(self.graph, name) for name in self.graph.nodes}
            keys = {name: verdict.key for name, verdict in verdicts.items() if isinstance(verdict, Fresh)}
            self.roots.keep("text", self.folder, keys)
        return build

    def _say(self, event: events.Event) -> None:
        self.events.append(event)
        self.heard(event)

    @property
    def made(self) -> set[str]:
        """The nodes that the last render made."""
        return {event.node for event in self.events if isinstance(event, events.MadeNode)}

    @property
    def hit(self) -> set[str]:
        return {event.node for event in self.events if isinstance(event, events.Hit)}

    @property
    def failed(self) -> dict[str, str]:
        return {event.node: event.what for event in self.events if isinstance(event, events.Failed)}

    @property
    def repaired(self) -> set[str]:
        return {event.node for event in self.events if isinstance(event, events.Repaired)}

    def tally(self) -> list[str]:
        """The nodes that any process ever made or began, in order."""
        return [line.split()[0] for line in _lines(self.folder / "tally")]

    def workers(self) -> set[int]:
        """The process of every worker that ever began a node."""
        return {int(line.split()[1]) for line in _lines(self.folder / "tally")}

    # disturbing

    def lose(self, name: str, part: str = "") -> None:
        """Takes the bytes of a node out of the store."""
        self.store.drop(self.part(name, part).digest)

    def damage(self, name: str, how: Callable[[bytes], bytes]) -> None:
        """Writes other bytes over those of a node, as a bad disk or a careless hand does."""
        path = self.blob(name)
        path.chmod(0o644)
        path.write_bytes(how(path.read_bytes()))

    def held(self, name: str) -> bool:
        """True while a make of that node waits in some worker, as it was ordered to."""
        return (self.folder / "held" / name.replace("/", "+")).exists()

    def release(self, name: str) -> None:
        """Lets a make of that node go on, as soon as it waits."""
        until(lambda: self.held(name))
        (self.folder / "held" / name.replace("/", "+")).unlink()

    @contextlib.contextmanager
    def process(self) -> Iterator[subprocess.Popen[str]]:
        """Another process that renders the same nodes with lanes of its own."""
        about = {"nodes": self.declared, "wanted": self.wanted, "jobs": self.jobs}
        (self.folder / "lab.json").write_text(json.dumps(about))
        command = [sys.executable, "-m", "tests.engine.lab", str(self.folder)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield process
            finally:
                process.kill()

    def close(self) -> None:
        if self._lanes is not None:
            self._lanes.close()


def until(condition: Callable[[], bool]) -> None:
    """Waits until something has come about; fails after a while."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.005)


def alive(process: int) -> bool:
    """True while a process is at work; one that has ended and waits for its parent is not."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def main(folder: Path) -> None:
    """Renders what `lab.json` declares, and prints what came of it; ends with 130 after an interruption."""
    about = json.loads((folder / "lab.json").read_bytes())
    lab = Lab(folder, about["jobs"])
    lab.declared, lab.wanted = about["nodes"], about["wanted"]
    try:
        lab.render()
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        lab.close()
    json.dump({"made": sorted(lab.made), "hit": sorted(lab.hit), "failed": lab.failed}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
