"""Tells the page what happens in a watch, and the watch what the page wishes.

The watch calls it at every wiring and every event of a build; what it makes of them are parts of the hub:

    project     the song and the order of the shots; null while they are not known
    shot:ID     one shot: its words, its pictures, its state
    film        the film to play, and if it shows the present words
    work        what is made at this moment, by node: how far, and how it looks
    queue       what is left, by lane, and about how long it takes
    failed      what could not be made, and what to do about it
    fault       what is wrong with the project file, null when it is right
    said        the newest line for a person
    wishes      what the page chose: auto or ask
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr.assembly import DRAFT as DRAFT_LANE
from mvr.engine import events
from mvr.engine.plan import Fresh
from mvr.errors import MvrError, ProjectError
from mvr.model import Goal
from mvr.standing import DRAFT, Standing, counted, peaks

if TYPE_CHECKING:
    from mvr.bench import Bench
    from mvr.engine.graph import Graph, Node
    from mvr.preview.hub import Hub

Json = Any

KEPT_FILMS = 4
"""Films that may still be asked for: a page that plays one goes on until it has the next."""

AROUND = 3
"""Shots to each side of an edited one that are made before the rest."""


class Onlooker:
    """Stands between a watch and the page. folder: where films are linked, so that a digest keeps its bytes."""

    def __init__(self, hub: Hub, folder: Path, bounds: Mapping[str, int], *, ask: bool = False) -> None:
        self.standing = Standing()
        self.ring: Callable[[], None] = lambda: None
        self._hub = hub
        self._folder = folder
        self._bounds = bounds
        self._auto = not ask
        self._once = False
        self._looking = ""
        self._wished = False
        self._edited: list[int] = []
        self._fresh_save = True
        self._order: dict[str, int] = {}
        self._shots: dict[str, Json] = {}
        self._work: dict[str, Json] = {}
        self._left: dict[str, tuple[str, float | None]] = {}
        self._failed: dict[str, Json] = {}
        self._seen: dict[str, tuple[float, int]] = {}  # of each stage: seconds and how often, in this watch
        self._unread: set[str] = set()
        self._film: Json = None
        self._wave = ("", "")
        hub.put_all({"wishes": {"auto": self._auto}, "work": {}, "failed": [], "queue": self._queue(idle=False)})

    # what the page wishes

    def wish(self, *, auto: bool | None = None, once: bool = False, look: str | None = None) -> None:
        """auto: make what is stale, or ask first; once: make it this time; look: the shot that is looked at."""
        if look is not None and look == self._looking and auto is None and not once:
            return
        self._auto = self._auto if auto is None else auto
        self._once = self._once or once
        self._looking = self._looking if look is None else look
        self._wished = True
        self._hub.put("wishes", {"auto": self._auto})
        self.ring()

    def heard(self) -> bool:
        """True where the page wished something since this was last asked."""
        wished, self._wished = self._wished, False
        return wished

    def goal(self) -> Goal:
        """What builds are for at this moment: a draft at once, and the film where that is wished."""
        return Goal(live=True) if self._auto or self._once else Goal(live=True, rough=True, draft=True)

    def rank(self, node: Node) -> int:
        """What is looked at comes first, then what was edited and what is around it, then the rest as it will play."""
        index = self._order.get(node.name.rpartition("/")[0])
        if index is None:
            return 0
        if "@" in node.name and not node.name.endswith("@draft"):
            return 3_000_000 + index  # another take: the film does not wait for it
        looked = self._order.get(self._looking, 0)
        if index == looked and self._looking:
            return 1
        near = min((abs(index - edited) for edited in self._edited), default=AROUND + 1)
        if near <= AROUND:
            return 2 + near
        return 1_000 + (index - looked) % max(1, len(self._order))

    # what the watch tells

    def saved(self) -> None:
        """The project was saved: what is stale at the next wiring is what was edited."""
        self._fresh_save = True
        self._failed = {}
        self._hub.put_all({"fault": None, "failed": []})

    def wrong(self, error: MvrError) -> None:
        """The project cannot be read as it stands."""
        faults = error.faults if isinstance(error, ProjectError) else ()
        rows = [
            {name: getattr(fault, name) for name in ("file", "line", "column", "path", "found", "expected", "hint")}
            for fault in faults
        ]
        self._hub.put("fault", {"text": str(error), "faults": rows})

    def said(self, text: str) -> None:
        """A line for a person."""
        self._hub.put("said", {"text": text, "at": round(time.time(), 3)})

    def event(self, bench: Bench, graph: Graph, event: events.Event) -> None:
        """One event of a build over a graph."""
        self._read_again(bench, graph)
        match event:
            case events.Queue(nodes):
                self._wired(bench, graph, [name for name, _ in nodes])
            case events.Started(node, lane):
                self._work[node] = {"lane": lane, "fraction": 0.0, "picture": None, "since": round(time.time(), 2)}
                self._at_work(node)
            case events.Progress(node, fraction, picture) if node in self._work:
                shown = self._hub.hold(picture, ".jpg") if picture else self._work[node]["picture"]
                self._work[node] |= {"fraction": round(fraction, 3), "picture": shown}
                self._hub.put("work", self._work)
            case events.MadeNode(node, stage, seconds):
                total, count = self._seen.get(stage, (0.0, 0))
                self._seen[stage] = (total + seconds, count + 1)
                self._gone(node)
                if node in ("film", DRAFT):
                    self._made(bench, graph, node)
            case events.Hit(node, _) if node in self._left or node in self._work:
                self._gone(node)
            case events.Failed(node, stage, what, hint, _, _):
                self._failed[node] = {"node": node, "stage": stage, "what": what, "hint": hint}
                self._gone(node)
                self._hub.put("failed", list(self._failed.values()))

    def idle(self, bench: Bench, graph: Graph | None) -> None:
        """A build has ended: nothing is at work until the next save or wish."""
        self._once = False
        self._work, self._left = {}, {}
        if graph is not None:
            self._wired(bench, graph, [])
        self._hub.put_all({"work": {}, "queue": self._queue(idle=True)})

    # inside

    def _wired(self, bench: Bench, graph: Graph, left: list[str]) -> None:
        """Reads everything anew: the graph, or what is stale in it, is another one."""
        project, shots = self.standing.whole(bench, graph)
        gone = self._shots.keys() - shots.keys()
        if project is not None:
            self._order = {shot: index for index, shot in enumerate(project["order"])}
            project["wave"] = self._peaks(bench)
            self._hub.offer({digest: (one.path, one.suffix) for digest, one in self.standing.files.items()})
        if self._fresh_save and shots:
            edited = [one["index"] for one in shots.values() if one["state"] != "fresh"]
            self._edited = edited if len(edited) <= len(shots) // 2 else []
            self._fresh_save = False
        self._left = {}
        for name, (lane, seconds) in self.standing.rest(bench, graph, left).items():
            total, count = self._seen.get(graph.nodes[name].stage, (0.0, 0))
            self._left[name] = (lane, seconds if seconds is not None or not count else total / count)
        self._shots = shots
        self._unread.clear()
        film = self.standing.film(bench, graph)
        found = film or (None if self._film else self.standing.last(bench))
        if found is not None:
            self._show(found["kind"], found["digest"], Path(found["path"]))
        self._hub.put_all(
            {
                **{f"shot:{shot}": None for shot in gone},
                **{f"shot:{shot}": self._stated(document) for shot, document in shots.items()},
                "project": project,
                "film": {**self._film, "stale": film is None} if self._film else None,
                "queue": self._queue(idle=False),
            }
        )

    def _stated(self, shot: Json) -> Json:
        """A shot's document, with its state as the page shows it."""
        own = f"{shot['id']}/"
        state = shot["state"]
        if any(node.startswith(own) for node in self._failed):
            state = "failed"
        elif any(node.startswith(own) and not node.endswith("@draft") for node in self._work):
            state = "making"
        elif state != "fresh":
            state = "queued" if f"{own}segment" in self._left else "stale"
        elif shot["pin"]:
            state = "pinned"
        return {**shot, "state": state}

    def _at_work(self, node: str) -> None:
        shot = self._shots.get(node.rpartition("/")[0])
        more = {f"shot:{shot['id']}": self._stated(shot)} if shot else {}
        self._hub.put_all({"work": self._work, **more})

    def _gone(self, node: str) -> None:
        """A node is at work no longer. Its shot is read again at the next event, when the judge knows of it too."""
        self._work.pop(node, None)
        self._left.pop(node, None)
        self._at_work(node)
        self._hub.put("queue", self._queue(idle=False))
        shot = node.rpartition("/")[0]
        if shot in self._shots:
            self._unread.add(shot)

    def _read_again(self, bench: Bench, graph: Graph) -> None:
        for shot in list(self._unread):
            index = self._order.get(shot)
            if index is not None and index < len(self.standing.plans):
                self._shots[shot] = self.standing.shot(bench, graph, index)
                self._hub.offer({digest: (one.path, one.suffix) for digest, one in self.standing.files.items()})
                self._hub.put(f"shot:{shot}", self._stated(self._shots[shot]))
        self._unread.clear()

    def _made(self, bench: Bench, graph: Graph, name: str) -> None:
        """A film was made: it is shown, but no draft in the place of a real one."""
        if name == DRAFT and "film" in graph.nodes and isinstance(bench.judge.verdict(graph, "film"), Fresh):
            return
        path = Path(graph.nodes[name].product)
        with contextlib.suppress(OSError):
            self._show("film" if name == "film" else "draft", bench.judge.witness.digest(path), path)
            self._hub.put("film", {**self._film, "stale": False})

    def _show(self, kind: str, digest: str, path: Path) -> None:
        """Keeps a film's bytes under its digest, whatever is put in its place, and shows it."""
        if self._film and self._film["digest"] == digest:
            return
        kept = self._folder / f"{digest}.mp4"
        kept.parent.mkdir(parents=True, exist_ok=True)
        if not kept.exists():
            try:
                os.link(path, kept)
            except OSError:
                shutil.copyfile(path, kept)
        for old in self._hub.offer_film(digest, kept, KEPT_FILMS):
            old.unlink(missing_ok=True)
        self._film = {"kind": kind, "digest": digest, "made": round(time.time(), 3)}

    def _queue(self, *, idle: bool) -> Json:
        lanes = counted(self._left, self._bounds)
        known = [row["seconds"] for lane, row in lanes.items() if lane != DRAFT_LANE or len(lanes) == 1]
        seconds = None if None in known else round(max(known, default=0.0), 1)
        return {"idle": idle, "left": len(self._left), "lanes": lanes, "seconds": seconds}

    def _peaks(self, bench: Bench) -> str | None:
        """The digest of the waveform."""
        mono = self.standing.mono
        if mono is None or not bench.store.has(mono):
            return None
        if self._wave[0] != mono:
            self._wave = (mono, "")
            self._peak_bytes = peaks(bench.store.path(mono))
        return self._hub.hold(self._peak_bytes, ".peaks")
