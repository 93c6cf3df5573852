"""Sound: what a shot's pictures may hear: the envelopes, beats and words of its own span, in frames from its start."""

from __future__ import annotations

import json
from bisect import bisect_left
from fractions import Fraction
from pathlib import Path

from mvr.engine.job import Desk, Job, Json, Made
from mvr.model import Project, ShotPlan
from mvr.timeline import parse_rate, rate_text

EACH = "shot"
VERSION = 1
EXACT = True
LANE = "cpu"


def recipe(project: Project, unit: ShotPlan) -> tuple[dict[str, Json], dict[str, str]]:
    """The shot's span: [first_frame, end_frame) at the film's rate."""
    fps = rate_text(project.output.fps)
    values = {"first_frame": unit.first_frame, "end_frame": unit.end_frame, "fps": fps}
    span = {key: unit.sources[key] for key in ("first_frame", "end_frame") if key in unit.sources}
    return values, {"fps": "output.fps", **span}


def make(job: Job, desk: Desk) -> Made:
    """`sound.json`: for each frame a number (0 to 1) a band; beats, downbeats and words, or lines, in frames.

    A frame's number is that of its middle, between the two nearest of the song's hundred a second.
    """
    first, end, fps = job.recipe["first_frame"], job.recipe["end_frame"], parse_rate(job.recipe["fps"])
    heard = json.loads(desk.path(job.inputs["beats"][0]).read_text("utf-8"))
    lines = []
    for blob in job.inputs.get("lyrics", ()):
        lines = json.loads(desk.path(blob).read_text("utf-8"))["lines"]
    document = {
        "fps": job.recipe["fps"],
        "frames": end - first,
        **_bands(desk.path(job.inputs["envelopes"][0]), heard, first, end, fps),
        "beats": _inside(heard["beats"], first, end, fps),
        "downbeats": _inside(heard["downbeats"], first, end, fps),
        "words": _words(lines, first, end, fps),
    }
    out = desk.out / "sound.json"
    out.write_text(json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1), "utf-8")
    return Made({"": out})


def _bands(path: Path, heard: Json, first: int, end: int, fps: Fraction) -> dict[str, list[float]]:
    """Each band of the song's envelopes (uint8, a row a band) at the middle of every frame; of the file, its span alone
    is read."""
    import numpy as np

    curves = np.load(path, mmap_mode="r", allow_pickle=False)
    last = curves.shape[1] - 1
    times = (np.arange(first, end) + 0.5) * float(heard["rate"] / fps)
    at = np.clip(times, 0, last)
    before = np.minimum(at.astype(np.int64), max(0, last - 1))
    after = np.minimum(before + 1, last)
    part = at - before
    bands = {}
    for name, curve in zip(heard["bands"], curves, strict=True):
        values = (curve[before] * (1 - part) + curve[after] * part) / 255
        bands[name] = [round(float(value), 3) for value in values]
    return bands


def _frame(seconds: float, first: int, fps: Fraction) -> float:
    """A time of the film as frames from the shot's start, to a thousandth."""
    return round(float(Fraction(seconds) * fps - first), 3)


def _inside(times: list[float], first: int, end: int, fps: Fraction) -> list[float]:
    """The times that lie in the shot, as frames from its start."""
    low, high = bisect_left(times, float(first / fps)), bisect_left(times, float(end / fps))
    return [_frame(time, first, fps) for time in times[low:high]]


def _words(lines: list[Json], first: int, end: int, fps: Fraction) -> list[Json]:
    """The words that are sung during the shot, whole lines where words have no times. One that began before the shot
    has a start below 0; one that goes on after it an end past its last frame."""
    sung = [word for line in lines for word in (line["words"] or [line])]
    start, until = float(first / fps), float(end / fps)
    return [
        {"start": _frame(word["start"], first, fps), "end": _frame(word["end"], first, fps), "text": word["text"]}
        for word in sung
        if word["start"] < until and word["end"] > start
    ]
