"""The whole pipeline on one screen: a project and what is known of it become a graph.

`wire` is pure. It asks `known` for the documents that say which nodes there are; while a document is not there yet,
what hangs on it is not either. It is called again when an answer changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from mvr import backends, shotlist
from mvr.engine.graph import Graph, Held, Node, Ref
from mvr.errors import Fault, ProjectError
from mvr.model import Goal, Maker, Place, Project, ShotPlan, Unit
from mvr.stages import (
    audio,
    clip,
    cut,
    film,
    keyframe,
    lyrics,
    music,
    portrait,
    segment,
    shots,
    song,
    sound,
    standin,
    treatment,
)

DRAFT = "draft"
"""The lane of what is drawn for who watches: it waits behind no other work."""


class Known(Protocol):
    """What wire may ask: documents of fresh nodes, whether bytes stand, and the newest clip ever made of a shot."""

    def document(self, graph: Graph, ref: Ref) -> Any | None: ...

    def fresh(self, graph: Graph, ref: Ref) -> bool: ...

    def digest(self, graph: Graph, ref: Ref) -> str: ...

    def best(self, shot: str) -> Held | None: ...

    def pinned(self, shot: str, pin: str) -> Held | None: ...


@dataclass
class Wiring:
    """One call of wire: the graph so far, and how a stage's module becomes a node of it."""

    project: Project
    known: Known
    goal: Goal
    out: Path
    graph: Graph

    def add(
        self,
        module: ModuleType,
        name: str,
        unit: Unit = None,
        inputs: Mapping[str, Sequence[Ref | Held]] | None = None,
        files: Mapping[str, Sequence[str]] | None = None,
        *,
        lane: str = "",
        exact: bool | None = None,
        how: Any = None,
        resident: str = "",
        product: str = "",
        **more: Any,
    ) -> Ref:
        """Adds the node that a stage makes for a unit, and names its main part."""
        recipe, sources = module.recipe(self.project, unit, **more)
        node = Node(
            name=name,
            stage=module.__name__.rpartition(".")[2],
            entry=f"{module.__name__}.make",
            version=module.VERSION,
            recipe=recipe,
            inputs={role: tuple(refs) for role, refs in (inputs or {}).items()},
            files={role: tuple(paths) for role, paths in (files or {}).items()},
            lane=lane or module.LANE,
            exact=module.EXACT if exact is None else exact,
            sources=sources,
            product=str(self.out / product) if product else "",
            how=how or {},
            resident=resident,
        )
        self.graph.add(node)
        return Ref(name)

    def fault(self, path: str, found: str, hint: str) -> Fault:
        """A fault at a place of the project file."""
        place = self.project.places.get(path, Place(0, 0))
        return Fault(self.project.file.name, place.line, place.column, path, found, "", hint)

    def want(self, *refs: Ref) -> None:
        self.graph.targets.extend(ref.node for ref in refs)


def part(ref: Ref, name: str) -> Ref:
    """Another part of what a node hands on."""
    return Ref(ref.node, name)


def wire(project: Project, known: Known, goal: Goal, out: Path) -> Graph:
    """The graph of a project for a goal. out is the folder of the films. Raises ProjectError for shots that are not."""
    wiring = Wiring(project, known, goal, out, Graph())
    add, graph = wiring.add, wiring.graph

    heard = add(song, "song", files={"song": [project.song.file]})
    notes = add(music, "music", inputs={"song": [heard], "mono": [part(heard, "mono")]})
    words = [add(lyrics, "lyrics", files={"lyrics": [project.lyrics]})] if project.lyrics else []
    cuts = add(cut, "cut", inputs={"music": [notes], **({"lyrics": words} if words else {})})
    text = {"text": [part(ref, "text") for ref in words]} if words else {}
    writer = _writer(project)
    story = add(treatment, "treatment", inputs={"form": [part(notes, "form")], **text}, **writer)
    wiring.want(cuts, *(() if project.frozen.shots else (story,)))

    info = known.document(graph, heard)
    cut_list = known.document(graph, cuts)
    if info is None or cut_list is None:
        return graph

    written: dict[str, Any] = {}
    sections = shotlist.unwritten(project, cut_list)
    for name in sections:
        reads = {"brief": [part(story, name)], "cuts": [part(cuts, name)]}
        ref = add(shots, f"{name}/shots", inputs=reads, section=name, **writer)
        wiring.want(ref)
        document = known.document(graph, ref)
        if document is not None:
            written[name] = document
    plans = shotlist.planned(project, cut_list, written, info["seconds"])

    if not goal.draft and not goal.rough and goal.until != "shots" and not goal.only:
        _portraits(wiring, plans)
    lines = [_shot(wiring, plan, notes, words) for plan in plans]
    if goal.until == "shots" or (goal.until == "portraits" and not goal.rough):
        return graph
    if len(plans) == len(cut_list["cuts"]):
        _known_shots(goal, [plan.id for plan in plans])
    chosen = [line for line in lines if not goal.only or line.plan.id in goal.only]
    if not goal.rough:
        for line in chosen:
            wiring.want(*line.wanted(goal.until))
    if len(written) == len(sections):
        whole = not goal.rough and not goal.until and not goal.only and not any(line.waits for line in lines)
        if whole or goal.rough or goal.live:
            track = add(audio, "audio", None, {"song": [heard]}, {"song": [project.song.file]}, seconds=info["seconds"])
        if goal.rough or goal.live:
            _rough(wiring, lines, track, info["seconds"])
        if whole:
            segments = [line.segment for line in lines]
            wiring.want(_film(wiring, "film", "film.mp4", plans, segments, track, info["seconds"]))
    return graph


def _writer(project: Project) -> dict[str, Any]:
    """Where the project's writer runs, whether its words are the same anywhere, and how it is to be asked."""
    maker = project.make.writer
    module = backends.backend(maker.name)
    return {"lane": module.WRITER_LANE, "exact": module.WRITER_EXACT, **backends.unkeyed(maker)}


def _painter(maker: Maker) -> dict[str, Any]:
    return {"lane": backends.backend(maker.name).PAINTER_LANE, **backends.unkeyed(maker)}


def _known_shots(goal: Goal, shots: Sequence[str]) -> None:
    """Raises ProjectError for a shot that was asked for and is not in the film."""
    for shot in goal.only:
        if shot not in shots:
            near = ", ".join(get_close_matches(shot, shots, 3, 0.3)) or ", ".join(shots[:3])
            raise ProjectError(f"no shot is named {shot}", f"the nearest are {near}; `mvr shots` lists them all")


@dataclass(frozen=True)
class Line:
    """One shot's nodes."""

    plan: ShotPlan
    sound: Ref
    still: Ref | None
    clip: Ref | None
    segment: Ref
    others: Sequence[Ref]  # the clips of the takes that are not chosen; the stills of those that wait
    waits: bool = False  # its still waits to be approved, and its clip is not made before
    pinned: Held | None = None  # the very clip that stands in the film, where one is pinned

    def wanted(self, until: str) -> Sequence[Ref]:
        """What a run is for that stops at stills, at clips, or at nothing."""
        if until == "stills":
            return [ref for ref in (self.still,) if ref]
        if self.waits:
            return [ref for ref in (self.still, *self.others) if ref]
        if until == "clips":
            return [ref for ref in (self.clip, *self.others) if ref]
        return [self.segment, *self.others]


def _portraits(wiring: Wiring, plans: Sequence[ShotPlan]) -> None:
    painter = wiring.project.make.painter
    if painter is None:
        return
    runs = _painter(painter)
    thought_of = {one.name: one for plan in plans for one in plan.thought_of}
    for character in (*wiring.project.characters, *thought_of.values()):
        if character.role != "crowd":
            files = {"references": character.references} if character.references else {}
            wiring.want(wiring.add(portrait, f"@{character.name}/portrait", character, files=files, **runs))


def _shot(wiring: Wiring, plan: ShotPlan, notes: Ref, words: Sequence[Ref]) -> Line:
    """A shot's sound, still, clip and segment."""
    lyric = {"lyrics": words} if words else {}
    heard = wiring.add(
        sound,
        f"{plan.id}/sound",
        plan,
        {"beats": [part(notes, "beats")], "envelopes": [part(notes, "envelopes")], **lyric},
    )
    if plan.pin:
        held = wiring.known.pinned(plan.id, plan.pin)
        if held is None:
            hint = "fetch it (`mvr store pull FOLDER`), or choose one that is here: `mvr takes " + plan.id + "`"
            raise ProjectError([wiring.fault(plan.sources["pin"], f"the clip {plan.pin} is not here", hint)])
        pinned = wiring.add(segment, f"{plan.id}/segment", plan, {"clip": [held]}, pad=True, **_shown(held))
        return Line(plan, heard, None, None, pinned, (), pinned=held)
    still, moving = _take(wiring, plan, heard, notes, "")
    takes = [_take(wiring, other, heard, notes, f"@{name}") for name, other in plan.others.items()]
    others = tuple(drawn if drawn and _waits(wiring, plan, drawn, move) else move for drawn, move in takes)
    inputs = {"clip": [moving]}
    cut_in = wiring.add(segment, f"{plan.id}/segment", plan, inputs, **clip.shown(wiring.project, plan))
    return Line(plan, heard, still, moving, cut_in, others, _waits(wiring, plan, still, moving))


def _waits(wiring: Wiring, plan: ShotPlan, still: Ref | None, moving: Ref) -> bool:
    """True where no clip is to be made of a still before it is approved, and none is there."""
    if wiring.project.make.approve != "stills" or still is None or wiring.known.fresh(wiring.graph, moving):
        return False
    if isinstance(plan.approved, bool):
        return not plan.approved
    return not wiring.known.digest(wiring.graph, still).startswith(plan.approved)


def _shown(held: Held) -> dict[str, Any]:
    """What a segment is told of a clip that stands by itself: see stages/clip."""
    return dict(held.provenance.get("shown") or {})


def _take(wiring: Wiring, plan: ShotPlan, heard: Ref, notes: Ref, suffix: str) -> tuple[Ref | None, Ref]:
    """The still and the clip of one take; a take of another motion shares the chosen take's still."""
    animator = backends.backend(plan.animator.name)
    inputs: dict[str, Sequence[Ref | Held]] = {}
    still = None
    if plan.painter is not None:
        still = Ref(f"{plan.id}/keyframe{'' if suffix.startswith('@m') else suffix}")
        if still.node not in wiring.graph.nodes:
            wiring.add(keyframe, still.node, plan, **_painter(plan.painter))
        inputs = {"still": [still]}
        if "layers" in animator.READS and "layers" in getattr(backends.backend(plan.painter.name), "PARTS", ()):
            inputs["layers"] = [part(still, "layers")]
    if "sound" in animator.READS:
        inputs["sound"] = [heard]
    inputs = {role: refs for role, refs in inputs.items() if role in animator.READS}
    runs = {"lane": animator.ANIMATOR_LANE, **backends.unkeyed(plan.animator)}
    if shown := clip.shown(wiring.project, plan):
        runs["how"] = {**runs.get("how", {}), "shown": shown}
    beats = _beats(wiring, plan, notes) if clip.splits(wiring.project, plan) else ()
    return still, wiring.add(clip, f"{plan.id}/clip{suffix}", plan, inputs, beats=beats, **runs)


def _beats(wiring: Wiring, plan: ShotPlan, notes: Ref) -> list[float]:
    """The song's beats inside a shot, in frames from its start."""
    heard = wiring.known.document(wiring.graph, part(notes, "beats")) or {"beats": ()}
    frames = (float(time * wiring.project.output.fps) - plan.first_frame for time in heard["beats"])
    return [round(frame, 2) for frame in frames if 0 < frame < plan.frames]


def _rough(wiring: Wiring, lines: Sequence[Line], track: Ref, seconds: float) -> None:
    """The film as it stands: for each shot the best there is, down to a sketch of it."""
    draft = wiring.goal.draft or wiring.goal.live
    suffix = "@draft" if draft else ""
    shown = [_best(wiring, line, suffix) for line in lines]
    product = "draft.mp4" if draft else "rough.mp4"
    plans = [line.plan for line in lines]
    wiring.want(_film(wiring, f"rough{suffix}", product, plans, shown, track, seconds))


def _best(wiring: Wiring, line: Line, suffix: str) -> Ref:
    known, graph, plan, goal = wiring.known, wiring.graph, line.plan, wiring.goal
    draft, lane, sketched = goal.draft or goal.live, DRAFT if goal.live else "", plan.animator.name == "sketch"
    if not draft and known.fresh(graph, line.segment):
        return line.segment
    if draft and line.pinned:
        pinned, name = {"clip": [line.pinned]}, f"{plan.id}/segment{suffix}"
        return wiring.add(segment, name, plan, pinned, pad=True, draft=True, lane=lane, **_shown(line.pinned))
    if draft and line.clip and not (goal.live and sketched) and known.fresh(graph, line.clip):
        made, name = {"clip": [line.clip]}, f"{plan.id}/segment{suffix}"
        return wiring.add(segment, name, plan, made, draft=True, lane=lane, **clip.shown(wiring.project, plan))
    if (goal.held or line.waits) and line.still and known.fresh(graph, line.still):
        stills, name = {"still": [line.still]}, f"{plan.id}/held{suffix}"
        return wiring.add(segment, name, plan, stills, hold=True, draft=draft, lane=lane)
    earlier = known.best(plan.id) if not draft or (goal.live and not sketched) else None  # a draft shows present words
    if earlier is not None:
        inputs = {"clip": [earlier]}
        name = f"{plan.id}/earlier{suffix}"
        about = {"badge": "earlier take", "draft": draft, **_shown(earlier)}
        return wiring.add(segment, name, plan, inputs, lane=lane, **about)
    sound, badge = {"sound": [line.sound]}, "" if sketched else "sketch"
    return wiring.add(standin, f"{plan.id}/sketch{suffix}", plan, sound, badge=badge, draft=draft, lane=lane)


def _film(
    wiring: Wiring,
    name: str,
    product: str,
    plans: Sequence[ShotPlan],
    segments: Sequence[Ref],
    track: Ref,
    seconds: float,
) -> Ref:
    inputs = {"segments": segments, "audio": [track]}
    frames = [plan.frames for plan in plans]
    draft = name.endswith("@draft")
    more: dict[str, Any] = {
        "frames": frames,
        "seconds": seconds,
        "draft": draft,
        "lane": DRAFT if draft and wiring.goal.live else "",
    }
    return wiring.add(film, name, wiring.project.output, inputs, product=product, **more)
