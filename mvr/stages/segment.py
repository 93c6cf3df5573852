"""Segment: one shot's picture in the film's stream class, of exactly its frames; the clip itself where it is that."""

from __future__ import annotations

import os
import shutil
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
    project: Project, unit: ShotPlan, *, draft: bool = False, hold: bool = False, badge: str = "", pad: bool = False
) -> tuple[dict[str, Json], dict[str, str]]:
    """The class and the frames of a shot's segment. draft: half size, fast. hold: a still for all of its frames.
    badge: words in the corner of a picture that stands in for another. pad: a clip too short holds its end."""
    from mvr.media.stream import stream_class
    from mvr.media.tool import encoder_identity

    output = project.output.halved() if draft else project.output
    coding = stream_class(output.width, output.height, output.fps, draft)
    values: dict[str, Json] = {
        "size": [output.width, output.height],
        "fps": rate_text(output.fps),
        "frames": unit.frames,
        "draft": draft,
        "coding": {
            name: known for name, known in coding.items() if name not in ("width", "height", "fps", "timescale")
        },
        "encoder": encoder_identity(),
        **({"hold": True} if hold else {}),
        **({"badge": badge} if badge else {}),
        **({"pad": True} if pad else {}),
    }
    return values, {
        "size": "output.size",
        "fps": "output.fps",
        "frames": "cut",
        "encoder": "MVR_FFMPEG",
    }


def make(job: Job, desk: Desk) -> Made:
    """`segment.mp4`. A clip that is one already, with nothing to draw on it, is passed on byte for byte: no second
    encode. Nothing is retimed; a clip too short for its shot is held at its end only under a badge, and otherwise
    raises StageError, as do ffmpeg's failures."""
    from mvr.media.badge import draw_badge
    from mvr.media.encode import encode_span

    wanted = job.recipe
    hold = wanted.get("hold", False)
    source = desk.path(job.inputs["still" if hold else "clip"][0])
    out = desk.out / "segment.mp4"
    if not hold and "badge" not in wanted and _is_segment(source, wanted):
        _pass_on(source, out)
        return Made({"": out}, {"passed": True})
    width, height = wanted["size"]
    overlay = None
    if "badge" in wanted:
        overlay = desk.out / "badge.png"
        draw_badge(wanted["badge"], overlay, width, height)
    encode_span(
        source,
        out,
        width=width,
        height=height,
        fps=Fraction(wanted["fps"]),
        frames=wanted["frames"],
        draft=wanted["draft"],
        hold=hold,
        pad="badge" in wanted or "pad" in wanted,
        overlay=overlay,
        heed=partial(_heed, desk),
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
