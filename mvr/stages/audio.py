"""Audio: the film's sound track, of the song's own packets where mp4 carries them untrimmed, else AAC."""

from __future__ import annotations

import json
from functools import partial
from math import isfinite

from mvr.engine.job import Cancelled, Desk, Job, Json, Made
from mvr.model import Project

EACH = "project"
VERSION = 2
EXACT = False  # ffmpeg's AAC encoder works in floating point
LANE = "encode"


def recipe(project: Project, unit: object = None, *, seconds: float) -> tuple[dict[str, Json], dict[str, str]]:
    """Which part of the song is heard, for how many seconds, and what is done to it."""
    from mvr.media.tool import encoder_identity

    song, mix = project.song, project.mix
    values = {"start": song.start, "end": song.end, "seconds": seconds, "encoder": encoder_identity()}
    sources = {"start": "song.start", "end": "song.end", "seconds": "song:seconds", "encoder": "MVR_FFMPEG"}
    if mix.loudness is not None:
        values["loudness"], sources["loudness"] = mix.loudness, "sound.loudness"
    if mix.fade_out:
        values["fade_out"], sources["fade_out"] = mix.fade_out, "sound.fade_out"
    return values, sources


def make(job: Job, desk: Desk) -> Made:
    """`audio.m4a`, of exactly `seconds`. provenance says whether its packets are the song's own, and where a loudness
    was asked for which one it came to: LUFS, and dBTP of its highest peak.

    Raises StageError where the song cannot be read, or ffmpeg fails.
    """
    from mvr.media.sound import copy_sound, encode_aac

    wanted = job.recipe
    source = desk.path(job.files["song"][0])
    song = json.loads(desk.path(job.inputs["song"][0]).read_text("utf-8"))
    out = desk.out / "audio.m4a"
    own = "loudness" not in wanted and "fade_out" not in wanted
    whole = own and song["copy"] and not wanted["start"] and wanted["end"] is None
    copied = whole and copy_sound(source, out, seconds=wanted["seconds"], heard=song["seconds"])
    heard = None
    if not copied:
        heard = encode_aac(
            source,
            out,
            seconds=wanted["seconds"],
            start=wanted["start"],
            end=wanted["end"],
            fade_out=wanted.get("fade_out", 0.0),
            loudness=wanted.get("loudness"),
            heed=partial(_heed, desk),
        )
    loud = {} if heard is None else {"loudness": _rounded(heard.integrated), "peak": _rounded(heard.peak)}
    return Made({"": out}, {"codec": song["codec"] if copied else "aac", "copied": copied, **loud})


def _rounded(level: float) -> float | None:
    """A level to a tenth; None for silence, which JSON has no number for."""
    return round(level, 1) if isfinite(level) else None


def _heed(desk: Desk) -> None:
    if desk.cancelled():
        raise Cancelled
