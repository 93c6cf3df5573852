"""Segment: one shot's picture in the film's stream class, of exactly its frames; the clip itself where it is that."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

from mvr.engine.job import Cancelled, Desk, Job, Json, Made
from mvr.model import Project, ShotPlan
from mvr.timeline import rate_text

EACH = "shot"
VERSION = 1
EXACT = True
LANE = "encode"


def recipe(
    project: Project,
    unit: ShotPlan,
    *,
    draft: bool = False,
    hold: bool = False,
    badge: str = "",
    pad: bool = False,
    span: tuple[int, int] | None = None,
    lead: int = 0,
    own_rate: bool = False,
    chain: Sequence[Json] = (),
    footage: Json = None,
    origins: Mapping[str, str] | None = None,
) -> tuple[dict[str, Json], dict[str, str]]:
    """The class and the frames of a shot's segment. draft: half size, fast. hold: a still for all of its frames.
    badge: words in the corner of a picture that stands in for another. pad: a clip too short holds its end.

    span: the shot's frames [first, end) that the segment shows, where its transitions leave it less than all. lead:
    frames of the clip before the shot's first, which are its handles. own_rate: the clip is not at the film's rate, and
    plays at its own. chain: the finishing steps, see media/finish; origins: where in the project file they come from.
    footage: how a file of the user is played, see media/footage.
    """
    from mvr.media.stream import stream_class
    from mvr.media.tool import encoder_identity

    output = project.output.halved() if draft else project.output
    coding = stream_class(output.width, output.height, output.fps, draft)
    first, end = span or (0, unit.frames)
    values: dict[str, Json] = {
        "size": [output.width, output.height],
        "fps": rate_text(output.fps),
        "frames": end - first,
        "draft": draft,
        "coding": {
            name: known for name, known in coding.items() if name not in ("width", "height", "fps", "timescale")
        },
        "encoder": encoder_identity(),
        **({"hold": True} if hold else {}),
        **({"badge": badge} if badge else {}),
        **({"pad": True} if pad else {}),
        **({"first": first} if first else {}),
        **({"lead": lead} if lead else {}),
        **({"own_rate": True} if own_rate else {}),
        **({"chain": list(chain)} if chain else {}),
        **({"footage": footage} if footage else {}),
    }
    return values, {
        "size": "output.size",
        "fps": "output.fps",
        "frames": "cut",
        "encoder": "MVR_FFMPEG",
        **{name: source for name, source in (("first", "cut.transitions"), ("chain", "look")) if name in values},
        **{f"chain.{place}": source for place, source in (origins or {}).items()},
    }


def make(job: Job, desk: Desk) -> Made:
    """`segment.mp4`. A clip that is one already, with nothing to draw on it, is passed on byte for byte: no second
    encode. Roles: clip (or the user's file), or still to hold, and the documents and files of the user that the chain
    reads. A clip too short for its shot is held at its end only under a badge or where the recipe says so, and
    otherwise raises StageError, as do ffmpeg's failures."""
    from mvr.media.captions import empty
    from mvr.media.finish import Laying, Part, encode_planes, encode_source
    from mvr.media.footage import footage_planes
    from mvr.media.source import Canvas, Source

    wanted = job.recipe
    hold = wanted.get("hold", False)
    given = {role: desk.path(blobs[0]) for role, blobs in job.inputs.items() if blobs}
    given |= {role: desk.path(files[0]) for role, files in job.files.items() if files}
    source = given["still" if hold else "clip"]
    out = desk.out / "segment.mp4"
    first, lead, own_rate = wanted.get("first", 0), wanted.get("lead", 0), wanted.get("own_rate", False)
    steps = [*wanted.get("chain", ()), *([{"do": "badge", "text": wanted["badge"]}] if "badge" in wanted else [])]
    steps = [step for step in steps if step["do"] != "words" or not empty(step, given)]
    if not (hold or steps or first or lead or own_rate or "footage" in wanted) and _is_segment(source, wanted):
        _pass_on(source, out)
        return Made({"": out}, {"passed": True})
    width, height = wanted["size"]
    canvas = Canvas(width, height, Fraction(wanted["fps"]), wanted["draft"])
    pad = "badge" in wanted or "pad" in wanted
    part, heed = Part(wanted["frames"], steps, first, given), partial(_heed, desk)
    if "footage" in wanted:
        span = (first, first + part.frames)
        pictures = footage_planes(source, wanted["footage"], canvas, span, steps, given, desk.out, heed)
        encode_planes(pictures, out, Laying(canvas, [part], desk.out), heed=heed)
        return Made({"": out}, {"passed": False})
    encode_source(
        Source(source, hold=hold, pad=pad, lead=lead, offset=first, own_rate=own_rate),
        out,
        canvas,
        part,
        folder=desk.out,
        heed=heed,
    )
    return Made({"": out}, {"passed": False})


def _heed(desk: Desk) -> None:
    if desk.cancelled():
        raise Cancelled


def _is_segment(clip: Path, wanted: Json) -> bool:
    from mvr.media.encode import encoder_identity, headers
    from mvr.media.join import Segment, fits

    width, height = wanted["size"]
    fps = Fraction(wanted["fps"])
    extradata = headers(width, height, fps, wanted["draft"], encoder_identity())
    return fits(Segment(clip, wanted["frames"]), extradata, fps)


def _pass_on(clip: Path, out: Path) -> None:
    """The same bytes under another name: linked where the file system can, else copied."""
    try:
        os.link(clip.resolve(), out)
    except OSError:
        shutil.copyfile(clip, out)
