"""Film: the segments, in order, and the sound, joined by copying packets; exact to the frame."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mvr.engine.job import Desk, Job, Json, Made
from mvr.errors import StageError
from mvr.model import Output, Project
from mvr.timeline import film_frames, rate_text

EACH = "output"
VERSION = 3
EXACT = True
LANE = "encode"


def recipe(
    project: Project,
    unit: Output,
    *,
    frames: Sequence[int],
    seconds: float,
    draft: bool = False,
    chapters: Sequence[tuple[int, str]] = (),
) -> tuple[dict[str, Json], dict[str, str]]:
    """The frames of each segment, in order, at the film's rate; seconds is the song's length. A draft's segments are
    another class, which they say themselves. chapters: the frames at which they begin, and their names. Its
    title is the project's, else the song's."""
    values: dict[str, Json] = {"fps": rate_text(unit.fps), "frames": list(frames), "seconds": seconds}
    sources = {"fps": "output.fps", "frames": "cut", "seconds": "song:seconds"}
    if chapters:
        values["chapters"], sources["chapters"] = [[first, name] for first, name in chapters], "cut"
    if project.title:
        values["title"], sources["title"] = project.title, "title"
    return values, sources


def make(job: Job, desk: Desk) -> Made:
    """`film.mp4`, its index in front, with the title, and the artist that the file in the role `song` names.

    Raises StageError where the segments are not what the plan says, or where the film's frames are not the song's."""
    from mvr.media.join import Segment, join

    fps = Fraction(job.recipe["fps"])
    frames = job.recipe["frames"]
    blobs, audio = job.inputs["segments"], job.inputs["audio"][0]
    planned = film_frames(job.recipe["seconds"], fps)
    if len(frames) != len(blobs) or sum(frames) != planned:
        raise StageError(
            f"the shots have {sum(frames)} frames in {len(blobs)} segments, and the song is {planned} frames long",
            "this is a fault of mvr: please report it with the project file",
        )
    segments = [
        Segment(desk.path(blob), count, f"segment {number} of {len(blobs)}")
        for number, (blob, count) in enumerate(zip(blobs, frames, strict=True), 1)
    ]
    out = desk.out / "film.mp4"
    chapters = [(first, name) for first, name in job.recipe.get("chapters", ())]
    named = {"title": job.recipe["title"]} if "title" in job.recipe else {}
    about = {**_tags(job, desk), **named, "comment": "Made with mvr"}
    join(segments, desk.path(audio), out, fps=fps, chapters=chapters, tags=about, progress=desk.progress)
    return Made({"": out})


def _tags(job: Job, desk: Desk) -> dict[str, str]:
    from mvr.media.probe import tags

    found = tags(desk.path(job.files["song"][0])) if job.files.get("song") else {}
    return {name: found[name] for name in ("title", "artist") if name in found}
