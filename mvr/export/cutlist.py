"""What is handed to an editor: the film's shots in whole frames, what was made of each, and what was heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr import shotlist
from mvr.engine.graph import Graph, Ref
from mvr.engine.plan import Fresh, Reader
from mvr.errors import ProjectError
from mvr.timeline import frame_of, parse_rate

if TYPE_CHECKING:
    from mvr.bench import Bench
    from mvr.engine.events import Event
    from mvr.workspace import Workspace

Json = Any


@dataclass(frozen=True)
class Turn:
    """A transition: its kind and way, and its frames before and after the cut."""

    kind: str
    way: str
    before: int
    after: int


@dataclass(frozen=True)
class Spot:
    """One shot in the film: frames [first, end). row is its entry of the shot list, as `mvr shots --json` prints it.

    media is its segment, None while that is not made, and clip what the segment was made of, where that has frames
    which the segment has not: `lead` before the shot's first, and those in its transitions. beyond are the clips of
    what lies before the shot and after it, where it is drawn on for a transition; `lead` counts the first. still is its
    keyframe, for who needs a picture and no motion. held is which of the shot's frames, [first, end), the segment
    shows: not those in its transitions. into and out are the transitions at its ends, where there are any.
    """

    id: str
    first: int
    end: int
    row: Json
    media: Path | None = None
    clip: Path | None = None
    beyond: tuple[Path | None, Path | None] = (None, None)
    lead: int = 0
    held: tuple[int, int] = (0, 0)
    still: Path | None = None
    into: Turn | None = None
    out: Turn | None = None
    provenance: Mapping[str, Json] = field(default_factory=dict)

    @property
    def frames(self) -> int:
        return self.end - self.first


@dataclass(frozen=True)
class CutList:
    """A whole film. Times of sections, beats and lines are seconds in the film; song_start is where in the song's file
    the film begins. audio is the film's sound, None while it is not made."""

    title: str
    fps: Fraction
    size: tuple[int, int]
    frames: int
    spots: tuple[Spot, ...]
    sections: Sequence[Json]
    beats: Sequence[float]
    downbeats: Sequence[float]
    lines: Sequence[Json]
    song_start: float
    palette: Sequence[str]
    audio: Path | None
    mvr: str

    def frame(self, seconds: float) -> int:
        """The frame that begins nearest to a time, inside the film."""
        return min(max(frame_of(seconds, self.fps), 0), self.frames)


def gathered(workspace: Workspace, bench: Bench, say: Callable[[Event], None]) -> CutList:
    """The cut as it stands; the shot list is made as far as it is not there. Raises ProjectError for a film without
    shots, and MvrError where the shot list could not be made."""
    from mvr import __version__

    _, plans = workspace.planned(bench, say)
    graph = bench.graph()
    reader = Reader(bench.judge)
    project = bench.project
    music: Json = reader.document(graph, Ref("music"))
    lyrics: Json = reader.document(graph, Ref("lyrics")) if "lyrics" in graph.nodes else None
    lines = lyrics["lines"] if lyrics else ()
    rows = shotlist.document(project, plans, {}, lines)
    if not rows["shots"]:
        raise ProjectError("the film has no shots", "`mvr shots` says why")
    into = [_turn(graph, f"{row['id']}/transition") for row in rows["shots"]]
    ending = _turn(graph, f"{rows['shots'][-1]['id']}/ending")
    spots = tuple(
        _spot(bench, graph, row, *turns) for row, turns in zip(rows["shots"], pairwise([*into, ending]), strict=True)
    )
    return CutList(
        title=project.title or project.name,
        fps=parse_rate(rows["fps"]),
        size=(project.output.width, project.output.height),
        frames=rows["frames"],
        spots=spots,
        sections=music["sections"],
        beats=music["beats"],
        downbeats=music["downbeats"],
        lines=lines,
        song_start=project.song.start,
        palette=project.style.palette,
        audio=_standing(bench, graph, "audio"),
        mvr=__version__,
    )


def _turn(graph: Graph, name: str) -> Turn | None:
    node = graph.nodes.get(name)
    if node is None:
        return None
    return Turn(node.recipe["kind"], node.recipe["way"], node.recipe["before"], node.recipe["after"])


def _spot(bench: Bench, graph: Graph, row: Json, into: Turn | None, out: Turn | None) -> Spot:
    shot = row["id"]
    provenance = {**row["provenance"], "take": row["take"], "seed": row["seed"]}
    from mvr.media.probe import frames_of

    clip = _fresh(bench, graph, f"{shot}/clip")
    if clip is not None:
        provenance["clip"] = clip.key
    node = graph.nodes.get(f"{shot}/segment")
    lead = int(node.recipe.get("lead", 0)) if node and not node.recipe.get("own_rate") else 0
    first = int(node.recipe.get("first", 0)) if node else 0
    main = _standing(bench, graph, f"{shot}/clip") if lead or into or out else None
    there = [_standing(bench, graph, f"{shot}/{name}") if main else None for name in ("lead-in", "lead-out")]
    return Spot(
        id=shot,
        first=row["first_frame"],
        end=row["end_frame"],
        row=row,
        media=_standing(bench, graph, f"{shot}/segment"),
        clip=main,
        beyond=(there[0], there[1]),
        lead=lead + (frames_of(there[0]) if there[0] else 0),
        held=(first, first + int(node.recipe["frames"])) if node else (0, 0),
        still=_standing(bench, graph, f"{shot}/keyframe"),
        into=into,
        out=out,
        provenance=provenance,
    )


def _fresh(bench: Bench, graph: Graph, name: str) -> Fresh | None:
    verdict = bench.judge.verdict(graph, name) if name in graph.nodes else None
    return verdict if isinstance(verdict, Fresh) else None


def _standing(bench: Bench, graph: Graph, name: str) -> Path | None:
    """Where the bytes of a fresh node stand; None where it is not fresh, or they are gone."""
    verdict = _fresh(bench, graph, name)
    if verdict is None:
        return None
    path = bench.store.path(verdict.entry.parts[""].digest)
    return path if path.exists() else None
