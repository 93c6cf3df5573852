"""Where a film stands while it is watched: its shots, its song and what is left to make, as plain documents.

A document of the page is read from a bench and the graph that a build works on, in milliseconds: what of it changes
with the words alone is kept until they do.
"""

from __future__ import annotations

import wave
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr import __version__, shotlist
from mvr.engine.graph import Graph, Held, Ref
from mvr.engine.plan import Fresh, Reader, Stale
from mvr.forecast import Estimates, waiting
from mvr.model import joined_prompt
from mvr.timeline import rate_text, seconds_of

if TYPE_CHECKING:
    from mvr.bench import Bench
    from mvr.model import Project, ShotPlan

Json = Any

DRAFT = "rough@draft"
"""The node of the film for who watches."""

PEAK_RATE = 100
"""Peaks a second of the waveform."""


@dataclass(frozen=True)
class Shown:
    """A file that the page may ask for by its digest."""

    path: Path
    suffix: str


class Standing:
    """Reads where a project stands. plans are the shots as last read, in order, at fps; files what may be asked for."""

    def __init__(self) -> None:
        self.plans: tuple[ShotPlan, ...] = ()
        self.files: dict[str, Shown] = {}
        self.fps = Fraction(24)
        self._read: object = None
        self._song: dict[str, Json] = {}
        self._unapproved: set[str] = set()

    def whole(self, bench: Bench, graph: Graph) -> tuple[Json, dict[str, Json]]:
        """The document of the project and one a shot, by id; the project's is None while its shots are not known."""
        with bench.judge.ledger.session():
            if not self._planned(bench, graph):
                return None, {}
            self.files = {}
            self._unapproved = set(waiting(bench.project, lambda: graph))
            shots = {plan.id: self._shot(bench, graph, index) for index, plan in enumerate(self.plans)}
            return self._project(bench.project), shots

    def shot(self, bench: Bench, graph: Graph, index: int) -> Json:
        """The document of one shot, as it is by now."""
        with bench.judge.ledger.session():
            return self._shot(bench, graph, index)

    def film(self, bench: Bench, graph: Graph) -> Json:
        """The film that shows the present words, the real one if it stands, else the draft; None where neither does."""
        for name, kind in (("film", "film"), (DRAFT, "draft")):
            node = graph.nodes.get(name)
            if node is not None and isinstance(verdict := bench.judge.verdict(graph, name), Fresh):
                return {"kind": kind, "digest": verdict.entry.parts[""].digest, "path": node.product}
        return None

    def last(self, bench: Bench) -> Json:
        """The film that stands where none shows the present words: that of earlier ones; None where there is none."""
        for name, kind in (("film.mp4", "film"), ("draft.mp4", "draft")):
            path = bench.out / name
            if path.is_file():
                return {"kind": kind, "digest": bench.judge.witness.digest(path), "path": str(path)}
        return None

    def rest(self, bench: Bench, graph: Graph, nodes: Iterable[str]) -> dict[str, tuple[str, float | None]]:
        """Of nodes that are to be made: their lane, and about how many seconds each takes, None where never seen."""
        with bench.judge.ledger.session():
            estimate = Estimates(bench.judge)
            found = ((name, graph.nodes[name]) for name in nodes if name in graph.nodes)
            return {name: (node.lane, estimate.seconds(name, node.stage)) for name, node in found}

    def _planned(self, bench: Bench, graph: Graph) -> bool:
        """Reads the shots, if what says which they are has changed. False while it is not known."""
        reader, project = Reader(bench.judge), bench.project
        song, music, cut = (reader.document(graph, Ref(name)) for name in ("song", "music", "cut"))
        if song is None or music is None or cut is None:
            return False
        sections = shotlist.unwritten(project, cut)
        written = {name: reader.document(graph, Ref(f"{name}/shots")) for name in sections}
        if any(document is None for document in written.values()):
            return False
        read = (project.digest, dict(project.read), reader.asked)
        if read != self._read:
            self.plans = shotlist.planned(project, cut, written, song["seconds"])
            self.fps = project.output.fps
            self._read = read
            lyrics = reader.document(graph, Ref("lyrics")) if "lyrics" in graph.nodes else None
            mono = bench.judge.made(graph, Ref("song", "mono"))
            self._song = {
                "seconds": song["seconds"],
                **{key: music[key] for key in ("tempo", "meter", "beats", "downbeats")},
                "sections": music["sections"],
                "lyrics": lyrics["lines"] if lyrics else [],
                "mono": mono.digest if mono else None,
            }
        return True

    def _project(self, project: Project) -> Json:
        output, make = project.output, project.make
        return {
            "title": project.title or project.name,
            "file": project.file.name,
            "version": __version__,
            "concept": project.concept,
            "fps": rate_text(output.fps),
            "frames": self.plans[-1].end_frame,
            "size": [output.width, output.height],
            "makers": {
                "writer": make.writer.name,
                "painter": make.painter.name if make.painter else None,
                "animator": make.animator.name,
            },
            "order": [plan.id for plan in self.plans],
            **{key: value for key, value in self._song.items() if key != "mono"},
        }

    @property
    def mono(self) -> str | None:
        """The digest of the song as it is listened to."""
        found: str | None = self._song.get("mono")
        return found

    def _shot(self, bench: Bench, graph: Graph, index: int) -> Json:
        plan, project, judge = self.plans[index], bench.project, bench.judge
        fps = project.output.fps
        shown = graph.nodes[DRAFT].inputs["segments"] if DRAFT in graph.nodes else ()
        whole = next((name for name in (f"{plan.id}/segment", f"{plan.id}/clip") if name in graph.nodes), "")
        segment = Ref(whole)  # a shot that is all transitions has none
        clip: Ref | Held = Ref(f"{plan.id}/clip")
        if plan.pin and whole:
            clip = next((one for one in graph.nodes[whole].inputs.get("clip", ()) if isinstance(one, Held)), clip)
        verdict = judge.verdict(graph, whole) if whole else None
        return {
            "id": plan.id,
            "index": index,
            "start": round(seconds_of(plan.first_frame, fps), 6),
            "end": round(seconds_of(plan.end_frame, fps), 6),
            "first_frame": plan.first_frame,
            "end_frame": plan.end_frame,
            "section": plan.section,
            "purpose": plan.purpose,
            "prompt": plan.prompt,
            "joined": joined_prompt(plan.prompt, plan.sheet(project), project.style),
            "motion": plan.motion,
            "characters": list(plan.characters),
            "own": [name for name in ("prompt", "motion", "first_frame") if _own(plan, name)],
            "take": plan.take.written(),
            "takes": 1 + len(plan.others),
            "pin": plan.pin or None,
            "note": project.notes.get(plan.id, ""),
            "unapproved": plan.id in self._unapproved,
            "makers": [plan.painter.name if plan.painter else None, plan.animator.name],
            "state": "fresh" if isinstance(verdict, Fresh) else "stale" if isinstance(verdict, Stale) else "waits",
            "picture": self._offer(bench, graph, shown[index] if index < len(shown) else segment),
            "still": self._offer(bench, graph, Ref(f"{plan.id}/keyframe")),
            "clip": self._offer(bench, graph, clip),
            "portraits": [
                [name, found]
                for name in plan.characters
                if (found := self._offer(bench, graph, Ref(f"@{name}/portrait")))
            ],
        }

    def _offer(self, bench: Bench, graph: Graph, ref: Ref | Held) -> str | None:
        """The digest of a part whose bytes are here; the page may ask for it from now on."""
        if isinstance(ref, Held):
            part: Any = ref
        else:
            part = bench.judge.made(graph, ref) if ref.node in graph.nodes else None
        if part is None:
            return None
        self.files[part.digest] = Shown(bench.store.path(part.digest), part.suffix)
        return str(part.digest)


def _own(plan: ShotPlan, name: str) -> bool:
    """True where the user's own words, or time, stand in the project file."""
    return plan.sources.get(name, "").startswith("shots.")


def peaks(mono: Path) -> bytes:
    """The waveform of a 16 bit mono WAV: the largest swing of each hundredth of a second, one byte each, 0 to 255."""
    import numpy as np

    with wave.open(str(mono)) as file:
        step = file.getframerate() / PEAK_RATE
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    edges = (np.arange(int(len(samples) / step)) * step).astype(int)
    if not len(edges):
        return b""
    swings = np.maximum.reduceat(np.abs(samples.astype(np.int32)), edges)
    return bytes(np.minimum(swings >> 7, 255).astype(np.uint8))


def counted(rest: Mapping[str, tuple[str, float | None]], bounds: Mapping[str, int]) -> Json:
    """The queue by lane: how many nodes are left, and about how many seconds; None where a stage was never timed."""
    lanes: dict[str, Json] = {}
    for lane, seconds in rest.values():
        row = lanes.setdefault(lane, {"left": 0, "seconds": 0.0})
        row["left"] += 1
        row["seconds"] = None if seconds is None or row["seconds"] is None else row["seconds"] + seconds
    for lane, row in lanes.items():
        if row["seconds"] is not None:
            row["seconds"] = round(row["seconds"] / max(1, bounds.get(lane, 1)), 1)
    return lanes
