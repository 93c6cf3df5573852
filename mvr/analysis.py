"""What mvr hears in a song outside any project: one document, the same as a picture, and as a `music:` block."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from mvr.engine.apart import Apart
from mvr.engine.job import Blob, Job, Json, Made, UserFile
from mvr.errors import ProjectError, StageError
from mvr.model import CutRules

NOTHING: Json = {"tempo": None, "meter": None, "first_downbeat": None, "sections": []}
KEPT = ("duration", "tempo", "meter", "beats", "downbeats", "energy", "heard")


@dataclass(frozen=True)
class Analysis:
    """A song as it was heard: the document of `mvr analyze --json`, and the peaks (2, n) a picture draws, -1 to 1."""

    document: Json
    peaks: Any


def analyze(song: Path, progress: Callable[[float], None] = lambda _: None) -> Json:
    """What is heard: {duration, tempo, meter, beats, downbeats, sections, cuePoints, energy, lyrics, heard, missing?}.

    cuePoints are where the film would be cut at the lengths that a project has by default. progress is told the share
    that is done. Raises ProjectError where there is no such file, or where it holds no sound.
    """
    return listened(song, progress).document


def listened(song: Path, progress: Callable[[float], None] = lambda _: None) -> Analysis:
    """As `analyze`, with what a picture is drawn from."""
    import json

    from mvr.cutting.ways import planned
    from mvr.stages import music
    from mvr.stages import song as songs

    if not song.is_file():
        found = f"{song} is a folder" if song.is_dir() else f"there is no file {song}"
        raise ProjectError(found, "name an mp3, m4a, flac, ogg, opus or wav file")
    with tempfile.TemporaryDirectory(prefix="mvr-") as folder:
        place = Path(folder)
        try:
            decoded = _made(songs, {"start": 0.0, "end": None}, song, {}, place, lambda share: progress(0.3 * share))
        except StageError as error:  # the file that was named is none: the call is wrong
            raise ProjectError(error.what, error.hint) from None
        parts = {"song": decoded[""], "mono": decoded["mono"]}
        made = _made(music, {"corrections": NOTHING}, song, parts, place, lambda share: progress(0.3 + 0.7 * share))
        heard = json.loads(made[""].read_text("utf-8"))
        whole = json.loads(decoded[""].read_text("utf-8"))
        peaks = _peaks(decoded["mono"])
    rules = CutRules()
    starts = planned(heard, {"by": "music", "length": [rules.shortest, rules.longest], "at": [], "drop": []})
    document = {key: heard[key] for key in KEPT} | {
        "sections": heard["sections"],
        "cuePoints": [round(time, 6) for time in starts if time > 0],
        "lyrics": [],
        **({"missing": whole["missing"]} if "missing" in whole else {}),
    }
    return Analysis(document, peaks)


def plot(analysis: Analysis, path: Path, title: str = "") -> None:
    """Writes a PNG of 1600 x 640: sections, waveform, beats, bars, energy and cue points over time."""
    from mvr.hearing.plot import draw

    draw(analysis.document, analysis.peaks, path, title)


def words(document: Json) -> list[str]:
    """The same for a person, a line each."""
    from mvr.timeline import clock

    lines = []
    if "missing" in document:
        said = clock(document["duration"] + document["missing"])
        lines.append(
            f"the file says that it lasts {said}, but {clock(document['duration'])} could be read: is it whole?"
        )
    if not document["heard"]:
        lines.append(f"no beat heard in {clock(document['duration'])}: cuts would follow loudness and length")
    else:
        lines.append(
            f"{document['tempo']:g} beats a minute, {document['meter']}, {len(document['downbeats'])} bars "
            f"in {clock(document['duration'])}; the first begins at {clock(document['downbeats'][0])}"
            if document["downbeats"]
            else f"{document['tempo']:g} beats a minute, {document['meter']}, in {clock(document['duration'])}"
        )
    lines += [
        f"{clock(section['start']):>9}  {section['name']:<14} {section['label']:<3} {section['energy']}"
        for section in document["sections"]
    ]
    shots = len(document["cuePoints"]) + 1
    return [*lines, f"{shots} {'shot' if shots == 1 else 'shots'} at the default length"]


def yaml_block(document: Json) -> str:
    """The `music:` block that says what was heard, ready to be pasted into a project file and corrected there."""
    from mvr.timeline import clock

    lines = ["music:"]
    if document["heard"]:
        lines += [f"  tempo: {document['tempo']:g}", f"  meter: {document['meter']}"]
        if document["downbeats"]:
            lines.append(f"  first_downbeat: {clock(document['downbeats'][0])}")
    else:
        lines.append("  # no beat was heard; write a tempo (beats a minute) if there is one")
    lines.append("  sections:")
    for section in document["sections"]:
        lines.append(f"    - {{at: {clock(section['start'])}, role: {section['role']}}}")
    return "\n".join(lines) + "\n"


def _peaks(mono: Path, columns: int = 1600) -> Any:
    """The lowest and the highest sample of each of so many spans of a song: float32 (2, columns)."""
    import numpy as np

    from mvr.hearing.samples import Samples

    peaks = np.zeros((2, columns), np.float32)
    with Samples(mono) as samples:
        edges = np.linspace(0, max(columns, samples.count), columns + 1).astype(int).tolist()
        for column in range(columns):
            part = samples.read(edges[column], max(edges[column] + 1, edges[column + 1]))
            peaks[:, column] = part.min(), part.max()
    return peaks


def _made(
    stage: ModuleType, recipe: Json, song: Path, inputs: Mapping[str, Path], folder: Path, tell: Callable[[float], None]
) -> Mapping[str, Path]:
    """What a stage makes of a song and of parts that lie in a folder: its own parts by name, in a folder inside."""
    name = stage.__name__.rpartition(".")[2]
    desk = Apart(folder / name, inputs, tell)
    desk.out.mkdir()
    blobs = {role: (Blob(role, path.suffix),) for role, path in inputs.items()}
    made: Made = stage.make(Job(name, name, "", recipe, blobs, {"song": (UserFile(str(song), ""),)}), desk)
    return made.parts
