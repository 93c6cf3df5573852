"""Audio: the film's sound track, of the song's own packets where mp4 carries them untrimmed, else AAC."""

from __future__ import annotations

import json
from functools import partial

from mvr.engine.job import Cancelled, Desk, Job, Json, Made
from mvr.model import Project

EACH = "project"
VERSION = 1
EXACT = False  # ffmpeg's AAC encoder works in floating point
LANE = "encode"


def recipe(project: Project, unit: object = None, *, seconds: float) -> tuple[dict[str, Json], dict[str, str]]:
    """Which part of the song is heard, and for how many seconds."""
    from mvr.media.tool import encoder_identity

    song = project.song
    values = {"start": song.start, "end": song.end, "seconds": seconds, "encoder": encoder_identity()}
    return values, {"start": "song.start", "end": "song.end", "seconds": "song:seconds", "encoder": "MVR_FFMPEG"}


def make(job: Job, desk: Desk) -> Made:
    """`audio.m4a`, of exactly `seconds`. provenance says whether its packets are the song's own.

    Raises StageError where the song cannot be read, or ffmpeg fails.
    """
    from mvr.media.sound import copy_sound, encode_aac

    wanted = job.recipe
    source = desk.path(job.files["song"][0])
    song = json.loads(desk.path(job.inputs["song"][0]).read_text("utf-8"))
    out = desk.out / "audio.m4a"
    whole = song["copy"] and not wanted["start"] and wanted["end"] is None
    copied = whole and copy_sound(source, out, seconds=wanted["seconds"], heard=song["seconds"])
    if not copied:
        encode_aac(
            source,
            out,
            seconds=wanted["seconds"],
            start=wanted["start"],
            end=wanted["end"],
            heed=partial(_heed, desk),
        )
    return Made({"": out}, {"codec": song["codec"] if copied else "aac", "copied": copied})


def _heed(desk: Desk) -> None:
    if desk.cancelled():
        raise Cancelled
