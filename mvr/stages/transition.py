"""Transition: the frames around one cut, drawn from both of its shots, as a span of the film of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from mvr.engine.job import Cancelled, Desk, Job, Json, Made
from mvr.errors import StageError
from mvr.model import Project, ShotPlan, Transition
from mvr.timeline import rate_text

EACH = "shot"
VERSION = 1
EXACT = False
LANE = "encode"


def recipe(
    project: Project,
    unit: ShotPlan,
    *,
    turn: Transition,
    parts: tuple[int, int],
    sides: Mapping[str, Json],
    ending: bool = False,
    peak: int = 0,
    origins: Mapping[str, str] | None = None,
) -> tuple[dict[str, Json], dict[str, str]]:
    """The class and the frames of a transition into a shot, or out of the film.

    parts: its frames before the cut and after it. peak: of a flash, the frame of the span on which it is brightest.
    sides: for the earlier shot (`from`) and the later one (`to`), of
    those there are: the first frame that is read of its clip, counted from the shot's start, how many, how the clip is
    read (see stages/segment), its chain, and how many frames come from a clip of what is beyond its end. origins: where
    in the project file the values of the chains come from.
    """
    from mvr.media.stream import stream_class
    from mvr.media.tool import encoder_identity

    output = project.output
    coding = stream_class(output.width, output.height, output.fps)
    values: dict[str, Json] = {
        "size": [output.width, output.height],
        "fps": rate_text(output.fps),
        "kind": turn.kind,
        "way": turn.way,
        "before": parts[0],
        "after": parts[1],
        **({"peak": peak} if peak else {}),
        "sides": {role: dict(side) for role, side in sides.items()},
        "coding": {
            name: known for name, known in coding.items() if name not in ("width", "height", "fps", "timescale")
        },
        "encoder": encoder_identity(),
    }
    asked = "cut.transitions.end" if ending else unit.sources.get("transition", "cut.transitions")
    sources = {"kind": asked, "way": asked, "before": asked, "after": asked, "sides": "cut"}
    sources |= {"peak": "music:beats"} if peak else {}
    sources |= {f"sides.{place}": source for place, source in (origins or {}).items()}
    return values, {**sources, "size": "output.size", "fps": "output.fps", "encoder": "MVR_FFMPEG"}


def make(job: Job, desk: Desk) -> Made:
    """`transition.mp4`. Roles: `from_clip` and `to_clip` (or `_still`), `from_beyond` and `to_beyond`, and what the
    chains read, with the same prefix. Raises StageError where a clip has too few frames, or ffmpeg fails."""
    from mvr.media.finish import Laying, Part, encode_planes
    from mvr.media.mix import Turn, mixed
    from mvr.media.source import Canvas

    wanted = job.recipe
    width, height = wanted["size"]
    canvas = Canvas(width, height, Fraction(wanted["fps"]))
    given = {role: desk.path(blobs[0]) for role, blobs in job.inputs.items() if blobs}
    given |= {role: desk.path(files[0]) for role, files in job.files.items() if files}
    turn = Turn(wanted["kind"], wanted["way"], wanted["before"], wanted["after"], wanted.get("peak", 0))
    heed = partial(_heed, desk)
    shots, parts = [], []
    for role, frames in (("from", turn.before), ("to", turn.after)):
        side = wanted["sides"].get(role)
        own = {name.removeprefix(f"{role}_"): path for name, path in given.items() if name.startswith(f"{role}_")}
        shots.append(_shown(role, side, own, canvas, desk.out / role, heed) if side else iter(()))
        if side and frames:
            parts.append(Part(frames, side["chain"], side["first"] if role == "from" else 0, own))
    out = desk.out / "transition.mp4"
    encode_planes(mixed(turn, *shots), out, Laying(canvas, parts, desk.out), heed=heed)
    return Made({"": out})


def _shown(role: str, side: Json, given: Mapping[str, Path], canvas: Any, folder: Path, heed: Any) -> Iterator[Any]:
    """The pictures of one shot for the span, from its clip and from what lies beyond it, in order."""
    from mvr.media.footage import footage_planes
    from mvr.media.source import Source

    folder.mkdir()
    if "footage" in side:
        span = (side["first"], side["first"] + side["frames"])
        steps = side["chain"]
        yield from footage_planes(given["clip"], side["footage"], canvas, span, steps, given, folder, heed)
        return
    hold = side.get("hold", False)
    main = Source(
        given["still" if hold else "clip"],
        hold=hold,
        pad=side.get("pad", False),
        lead=side.get("lead", 0),
        offset=side["first"],
        own_rate=side.get("own_rate", False),
    )
    spans = [(main, side["frames"])]
    if "beyond" in side:
        at = side["first"] + side["frames"] if role == "from" else side["first"] - side["beyond"]
        beyond = Source(given["beyond"], own_rate=main.own_rate, shot=at)
        spans.insert(0 if role == "to" else 1, (beyond, side["beyond"]))
    for source, frames in spans:
        if frames:
            yield from _read(source, frames, side["chain"], given, canvas, folder, heed)


def _read(
    source: Any, frames: int, steps: Any, given: Mapping[str, Path], canvas: Any, folder: Path, heed: Any
) -> Iterator[Any]:
    from mvr.media.finish import source_planes

    count = 0
    for picture in source_planes(source, canvas, frames, steps, given, folder, heed):
        yield picture
        count += 1
    if count < frames:
        raise StageError(
            f"a clip has {count} of the {frames} frames that the transition shows of it",
            "make the transition shorter, or give a longer clip",
        )


def _heed(desk: Desk) -> None:
    if desk.cancelled():
        raise Cancelled
