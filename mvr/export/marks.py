"""Subtitles as SubRip, and markers as Audacity labels and Reaper's regions and markers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from mvr.engine import disk
from mvr.errors import ProjectError
from mvr.export import Exported
from mvr.export.cutlist import CutList
from mvr.stages.subtitles import srt_text
from mvr.timeline import seconds_of

WORDS_LOST = "SubRip has no times for single words: each line is shown whole"
SONG_CLOCK = "times count from the start of the song's file, as Audacity, Reaper and `music.sections` have them"


def subtitles(cut: CutList, path: Path) -> Exported:
    """The lyrics as a SubRip file, in the film's time. Raises ProjectError where the film has none."""
    if not cut.lines:
        raise ProjectError("the film has no lyrics with times", "name them: `lyrics: lyrics.lrc`")
    disk.write(path, srt_text(cut.lines).encode("utf-8"))
    worded = any(line.get("words") for line in cut.lines)
    return Exported(path, (path,), (WORDS_LOST,) if worded else ())


def markers(cut: CutList, folder: Path) -> Exported:
    """Sections, shots and bars as markers, in a folder: three files of Audacity labels, and one table for Reaper."""
    ends = [float(section["end"]) for section in cut.sections]
    sections = [(section["start"], end, section["name"]) for section, end in zip(cut.sections, ends, strict=True)]
    shots = [(seconds_of(spot.first, cut.fps), seconds_of(spot.end, cut.fps), spot.id) for spot in cut.spots]
    bars = [(time, time, f"bar {number}") for number, time in enumerate(cut.downbeats, 1)]
    files = {
        "sections.txt": _labels(sections, cut.song_start),
        "shots.txt": _labels(shots, cut.song_start),
        "bars.txt": _labels(bars, cut.song_start),
        "reaper.csv": _reaper(sections, shots, cut.song_start),
    }
    for name, text in files.items():
        disk.write(folder / name, text.encode("utf-8"))
    return Exported(folder, tuple(folder / name for name in files), (SONG_CLOCK,))


Span = tuple[float, float, str]


def _labels(spans: Iterable[Span], start: float) -> str:
    """Audacity's label file: start TAB end TAB label, seconds."""
    return "".join(f"{first + start:.6f}\t{end + start:.6f}\t{name}\n" for first, end, name in spans)


def _reaper(regions: Iterable[Span], marks: Iterable[Span], start: float) -> str:
    """Reaper's Region/Marker Manager table, in Minutes:Seconds: a region a section, a marker a shot."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["#", "Name", "Start", "End", "Length"])
    for number, (first, end, name) in enumerate(regions, 1):
        table.writerow([f"R{number}", name, _clock(first + start), _clock(end + start), _clock(end - first)])
    for number, (first, _end, name) in enumerate(marks, 1):
        table.writerow([f"M{number}", name, _clock(first + start), "", ""])
    return out.getvalue()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60000)
    return f"{minutes}:{rest // 1000:02d}.{rest % 1000:03d}"
