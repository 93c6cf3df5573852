"""Song: how long the song is, to the sample, and a small mono WAV of it for everything that listens."""

from __future__ import annotations

import json

from mvr.engine.job import Desk, Job, Json, Made
from mvr.model import Project

EACH = "project"
VERSION = 2
EXACT = False  # mp3 and AAC decode in floating point, which rounds differently from processor to processor
LANE = "cpu"

SHORT = 0.5  # seconds fewer than the file says, from which on it is not whole


def recipe(project: Project, unit: object = None) -> tuple[dict[str, Json], dict[str, str]]:
    """Which part of the song is used: start and end in seconds of its file; end None is its end."""
    values = {"start": project.song.start, "end": project.song.end}
    return values, {"start": "song.start", "end": "song.end"}


def make(job: Job, desk: Desk) -> Made:
    """`song.json`, and the part `mono`: 16 bit, 22,050 Hz. Raises StageError where the song cannot be heard.

    seconds is samples over rate: what was decoded between start and end, encoder delay and padding trimmed. copy says
    that an mp4 can carry the song's own packets. missing is there where the file says that it is longer than what could
    be decoded.
    """
    from mvr.media.decode import decode_mono, song_stream
    from mvr.media.sound import carried

    path = desk.path(job.files["song"][0])
    media, stream = song_stream(path)
    mono = desk.out / "mono.wav"
    heard = decode_mono(path, mono, start=job.recipe["start"], end=job.recipe["end"], progress=desk.progress)
    document = {
        "seconds": round(heard.seconds, 6),
        "samples": heard.samples,
        "rate": heard.rate,
        "channels": stream.channels,
        "codec": stream.codec,
        "container": media.container,
        "copy": carried(stream),
        **({"bits": stream.bits} if stream.bits else {}),
    }
    start, end = job.recipe["start"], job.recipe["end"]
    if stream.seconds is not None:
        missing = min(stream.seconds, end or stream.seconds) - start - heard.seconds
        document |= {"missing": round(missing, 3)} if missing > SHORT else {}
    out = desk.out / "song.json"
    out.write_text(json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1), "utf-8")
    return Made({"": out, "mono": mono})
