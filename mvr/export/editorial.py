"""A timeline for editors, with its media in one folder that opens wherever it is moved: OpenTimelineIO and EDL.

The one place that knows opentimelineio. Every media file is named from the folder on, so that the folder can be copied
to another machine (with `copy`) or moved on this one.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import re
import shutil
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from mvr.engine import disk
from mvr.errors import ProjectError
from mvr.export import Exported
from mvr.export.cutlist import CutList, Spot, Turn
from mvr.timeline import HANDLED, rate_text

Json = Any

_FICLONE = 0x40049409  # Linux: share the blocks of another file, on file systems that can (btrfs, xfs)
_COLOURS = {"section": "GREEN", "downbeat": "CYAN", "beat": "BLUE"}
NOT_IN_EDL = "an EDL carries no markers, no notes on how a shot was made, and no names of sections"


def write(cut: CutList, folder: Path, name: str, *, edl: bool, copy: bool) -> Exported:
    """Writes `NAME.otio` or `NAME.edl` and the folder `media` beside it. Raises ProjectError where the film's rate has
    no timecode that an EDL could carry, or where a file of another kind stands in the way."""
    import opentimelineio as otio

    if edl and not otio.opentime.RationalTime.is_smpte_timecode_rate(float(cut.fps)):
        raise ProjectError(
            f"an EDL has no timecode at {rate_text(cut.fps)} frames a second",
            "export otio, which has any rate, or set output.fps to 24, 25, 30, 50, 60 or one of their /1001",
        )
    if folder.exists() and not folder.is_dir():
        raise ProjectError(f"{folder} is a file", "name a folder")
    files = _media(cut, folder / "media", copy=copy)
    turns, lost = turns_of(cut, edl=edl)
    timeline = timeline_of(cut, files, turns)
    text = edl_text(timeline, float(cut.fps)) if edl else otio.adapters.write_to_string(timeline, "otio_json")
    path = folder / f"{name}.{'edl' if edl else 'otio'}"
    disk.write(path, text.encode("utf-8"))
    media = sorted(folder / "media" / name for name in files.values())
    return Exported(path, (path, *media), (*_notes(cut, edl=edl), *lost))


def _notes(cut: CutList, *, edl: bool) -> tuple[str, ...]:
    lacking = [spot.id for spot in cut.spots if spot.media is None]
    notes = [NOT_IN_EDL] if edl else ["beats and sections are rounded to whole frames; exact seconds are in metadata"]
    if lacking:
        several = f"{', '.join(lacking[:3])}{' and others' if len(lacking) > 3 else ''}"
        notes.append(f"{len(lacking)} shots have no media yet ({several}): `mvr render`, then export again")
    if cut.audio is None:
        notes.append("the sound has no media yet: `mvr render`, then export again")
    if any(spot.clip for spot in cut.spots):
        notes.append("shots with handles are as they were made, without look and words; `ID-finished.mp4` has both")
    return tuple(notes)


def _media(cut: CutList, folder: Path, *, copy: bool) -> dict[str, str]:
    """Puts every file that the timeline names into a folder, and gives the names: by shot, and `` for the sound."""
    named = {spot.id: f"{spot.id}.mp4" for spot in cut.spots if spot.media}
    wanted = {named[spot.id]: spot.clip or spot.media for spot in cut.spots if spot.media}
    wanted |= {f"{spot.id}-finished.mp4": spot.media for spot in cut.spots if spot.media and spot.clip}
    if cut.audio:
        named[""], wanted["song.m4a"] = "song.m4a", cut.audio
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name not in wanted and old.suffix in (".mp4", ".m4a"):
            disk.remove(old)
    drawn_on = {named[spot.id]: spot for spot in cut.spots if spot.media and any(spot.beyond)}
    for name, stored in wanted.items():
        assert stored
        disk.remove(folder / name)
        if name in drawn_on:
            _strung(drawn_on[name], folder / name, cut.fps)
        elif copy:
            shutil.copyfile(stored, folder / name)
        else:
            _linked(stored, folder / name)
    return named


def _linked(stored: Path, path: Path) -> None:
    """A copy that shares its blocks where the file system can, else a link that still leads there when it is moved."""
    try:
        with stored.open("rb") as source, path.open("wb") as target:
            fcntl.ioctl(target.fileno(), _FICLONE, source.fileno())
            return
    except OSError:
        disk.remove(path)
    try:
        path.symlink_to(stored.resolve())
    except OSError:
        shutil.copyfile(stored, path)


def _clips(spot: Spot) -> list[Path]:
    """What a shot's media with handles are made of, in order."""
    return [path for path in (spot.beyond[0], spot.clip, spot.beyond[1]) if path]


def _strung(spot: Spot, path: Path, fps: Fraction) -> None:
    """Writes a drawn shot with what was drawn beyond its ends as one file."""
    from mvr.media.join import Segment, strung
    from mvr.media.probe import frames_of

    strung([Segment(clip, frames_of(clip), spot.id) for clip in _clips(spot)], path, fps=fps)


def _length(spot: Spot) -> int:
    """The frames of a shot's media with handles."""
    from mvr.media.probe import frames_of

    return sum(frames_of(clip) for clip in _clips(spot))


def _handles(spot: Spot) -> tuple[int, int]:
    """How many frames a shot's media have before and after the shot."""
    return (spot.lead, max(0, _length(spot) - spot.lead - spot.frames)) if spot.clip else (0, 0)


def turns_of(cut: CutList, *, edl: bool) -> tuple[list[Turn | None], list[str]]:
    """The transitions into each shot and out of the last, and in sentences what is lost of them.

    otio carries all; where media have too few frames beyond a shot, it is said. An EDL carries dissolves between shots
    that have them, and cuts.
    """
    turns = [cut.spots[0].into, *(spot.out for spot in cut.spots)]
    handles = [(0, 0), *(_handles(spot) for spot in cut.spots), (0, 0)]
    short, dropped = 0, 0
    for index, turn in enumerate(turns):
        if turn is None:
            continue
        lacks = turn.kind in HANDLED and (handles[index][1] < turn.after or handles[index + 1][0] < turn.before)
        if edl and (lacks or turn.kind != "dissolve" or index in (0, len(turns) - 1)):
            turns[index] = None
            dropped += 1
        else:
            short += lacks
    notes = []
    if dropped:
        notes.append(f"{dropped} transitions became cuts: an EDL carries dissolves between shots with handles")
    if short:
        notes.append(
            f"{short} transitions show frames beyond their shots that the media have not: shorten them, or cut"
        )
    return turns, notes


def timeline_of(cut: CutList, files: dict[str, str], turns: Sequence[Turn | None] = ()) -> Any:
    """The film as an otio Timeline: a picture track, the sound, markers. files: the media's names, as _media gives
    them; a shot without one has a missing reference. turns: the transitions into each shot, and out of the last."""
    import opentimelineio as otio

    rate = float(cut.fps)

    def span(first: int, frames: int) -> Any:
        start, length = (otio.opentime.RationalTime(count, rate) for count in (first, frames))
        return otio.opentime.TimeRange(start, length)

    timeline = otio.schema.Timeline(cut.title, global_start_time=otio.opentime.RationalTime(0, rate))
    timeline.metadata["mvr"] = {
        "version": cut.mvr,
        "fps": rate_text(cut.fps),
        "frames": cut.frames,
        "size": list(cut.size),
    }
    pictures = otio.schema.Track("picture", kind=otio.schema.TrackKind.Video)
    sound = otio.schema.Track("song", kind=otio.schema.TrackKind.Audio)
    timeline.tracks.extend([pictures, sound])
    for spot, turn in zip(cut.spots, turns or [None] * len(cut.spots), strict=False):
        if turn:
            pictures.append(_transition(turn, rate))
        media: Any = otio.schema.MissingReference()
        if spot.id in files:
            there = span(spot.held[0], spot.held[1] - spot.held[0])
            if spot.clip:
                there = span(0, _length(spot))
            media = otio.schema.ExternalReference(f"media/{files[spot.id]}", there)
        clip = otio.schema.Clip(spot.id, media, span(spot.lead, spot.frames), metadata=_metadata(spot))
        pictures.append(clip)
    if turns and turns[-1]:
        pictures.append(_transition(turns[-1], rate))
    song: Any = otio.schema.MissingReference()
    if "" in files:
        song = otio.schema.ExternalReference(f"media/{files['']}", span(0, cut.frames))
    sound.append(otio.schema.Clip("song", song, span(0, cut.frames)))
    downbeats = set(cut.downbeats)
    marks = [("section", row["start"], row["name"], {"end": row["end"], "role": row["role"]}) for row in cut.sections]
    marks += [("downbeat", time, f"bar {number}", {}) for number, time in enumerate(cut.downbeats, 1)]
    marks += [("beat", time, "beat", {}) for time in cut.beats if time not in downbeats]
    for kind, time, name, more in sorted(marks, key=lambda mark: mark[1]):
        first = cut.frame(time)
        length = cut.frame(more["end"]) - first if "end" in more else 0
        timeline.tracks.markers.append(
            otio.schema.Marker(
                name, span(first, length), _COLOURS[kind], {"mvr": {"kind": kind, "seconds": time, **more}}
            )
        )
    return timeline


def _transition(turn: Turn, rate: float) -> Any:
    import opentimelineio as otio

    kind = "SMPTE_Dissolve" if turn.kind == "dissolve" else "Custom_Transition"
    before, after = (otio.opentime.RationalTime(count, rate) for count in (turn.before, turn.after))
    told = {"mvr": {"kind": turn.kind, "way": turn.way}}
    return otio.schema.Transition(turn.kind, kind, before, after, told)


def _metadata(spot: Spot) -> dict[str, Json]:
    row = spot.row
    kept = ("section", "purpose", "prompt", "motion", "characters", "lyric", "energy", "transition")
    told = {name: row[name] for name in kept} | {"provenance": dict(spot.provenance)}
    reel = re.sub(r"[^A-Za-z0-9]", "", spot.id)[:8].upper()
    plain: dict[str, Json] = json.loads(json.dumps({"mvr": told, "cmx_3600": {"reel": reel}}))
    return plain


def edl_text(timeline: Any, rate: float) -> str:
    """A timeline's pictures as a CMX 3600 EDL. Times are drop-frame at 29.97 and 59.94, as EDLs there are."""
    import opentimelineio as otio

    bare = timeline.deepcopy()
    for track in [track for track in bare.tracks if track.kind != otio.schema.TrackKind.Video]:
        bare.tracks.remove(track)
    with contextlib.redirect_stderr(None):
        text: str = otio.adapters.write_to_string(bare, "cmx_3600", rate=rate, reelname_len=None)
    return text
