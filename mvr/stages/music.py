"""Music: what mvr hears in the song: tempo, beats, downbeats, sections and their roles, cue points and envelopes.

What the user corrected is obeyed; the rest is heard. Where there is no beat (silence, noise, a song of a second),
`heard` is false, there are no beats, and the sections are `part-1`, `part-2`, ...
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from mvr.engine.job import Desk, Job, Json, Made
from mvr.model import Project

if TYPE_CHECKING:
    from mvr.hearing.features import Features
    from mvr.hearing.samples import Floats

EACH = "project"
VERSION = 3
EXACT = False  # sums in floating point end in other last digits from processor to processor, and choices hang on them
LANE = "cpu"


def recipe(project: Project, unit: object = None) -> tuple[dict[str, Json], dict[str, str]]:
    """The user's corrections, with times in the film: those of the song's file less where the song starts in it."""
    given, start = project.corrections, project.song.start
    corrections = {
        "tempo": given.tempo,
        "meter": given.meter,
        "first_downbeat": None if given.first_downbeat is None else round(given.first_downbeat - start, 6),
        "sections": [{"at": round(mark.at - start, 6), "role": mark.role} for mark in given.sections],
    }
    sources = {f"corrections.{key}": f"music.{key}" for key in corrections}
    return {"corrections": corrections}, sources


def make(job: Job, desk: Desk) -> Made:
    """`music.json`; the parts form (sections without times), beats, and envelopes (uint8 (7, n) at 100 Hz, .npy).

    Raises StageError where the decoded song cannot be read.
    """
    import numpy as np

    from mvr.hearing.beats import track
    from mvr.hearing.cues import frequency_changes
    from mvr.hearing.envelopes import BANDS, ENERGY_RATE, energy, envelopes
    from mvr.hearing.features import RATE, listen
    from mvr.hearing.samples import Samples

    duration = float(json.loads(desk.path(job.inputs["song"][0]).read_text("utf-8"))["seconds"])
    given = job.recipe["corrections"]
    told = {key: given[key] for key in ("tempo", "meter", "first_downbeat")}
    with Samples(desk.path(job.inputs["mono"][0])) as samples:
        features = listen(samples, lambda share: desk.progress(0.6 * share))
        pulse = track(samples, features, lambda share: desk.progress(0.6 + 0.3 * share), **told)
    beats = [time for time in pulse.beats if time < duration] if pulse else []
    downbeats = [time for time in pulse.downbeats if time < duration] if pulse else []
    curve = energy(features)
    sections, cues = _form(features, beats, downbeats, curve, given["sections"], duration)
    desk.progress(0.95)
    music = {
        "duration": duration,
        "tempo": pulse.tempo if pulse else given["tempo"],
        "meter": pulse.meter if pulse else given["meter"],
        "beats": beats,
        "downbeats": downbeats,
        "sections": sections,
        "cuePoints": cues,
        "changes": [time for time in frequency_changes(features) if time < duration],
        "energy": {"rate": ENERGY_RATE, "values": [round(float(value), 3) for value in curve]},
        "heard": pulse is not None,
    }
    form = [{key: section[key] for key in ("name", "role", "label", "energy")} for section in sections]
    curves = {"rate": RATE, "bands": list(BANDS), "beats": beats, "downbeats": downbeats}
    parts = {"": _text(desk.out / "music.json", music), "form": _text(desk.out / "form.json", form)}
    parts["beats"] = _text(desk.out / "beats.json", curves)
    parts["envelopes"] = desk.out / "envelopes.npy"
    np.save(parts["envelopes"], envelopes(features), allow_pickle=False)
    return Made(parts)


def _form(
    features: Features, beats: list[float], downbeats: list[float], curve: Floats, marks: list[Json], duration: float
) -> tuple[list[Json], list[float]]:
    """The sections, tiling [0, duration], and the cue points; marks are the user's sections, none: they are heard."""
    import numpy as np

    from mvr.hearing.cues import cue_points
    from mvr.hearing.roles import named
    from mvr.hearing.sections import divide, marked

    firsts = np.array(downbeats)
    if marks:
        spans, roles = marked([(mark["at"], mark["role"]) for mark in marks], duration, firsts)
        sections = named(spans, curve, roles)
    else:
        spans = divide(features, firsts, np.array(beats))
        sections = named(spans, curve, None if beats else ["part"] * len(spans))
    times = [round(section.start, 6) for section in sections] + [duration]
    written = [
        {
            "name": section.name,
            "start": start,
            "end": end,
            "role": section.role,
            "label": section.label,
            "energy": section.energy,
        }
        for section, start, end in zip(sections, times[:-1], times[1:], strict=True)
    ]
    return written, [time for time in cue_points(features, firsts, spans) if time < duration]


def _text(path: Path, document: Json) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1), "utf-8")
    return path
