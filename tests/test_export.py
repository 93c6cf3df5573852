"""The cut in an editor's hands is the film's, to the frame, wherever the folder goes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import cv2
import jsonschema
import numpy as np
import opentimelineio as otio
import pytest

from mvr.engine.events import Event
from mvr.errors import ProjectError
from mvr.export import editorial, export
from mvr.export.cutlist import CutList, Spot, Turn
from mvr.media.probe import frames_of
from mvr.project import markers
from mvr.resources import resource
from mvr.stages.subtitles import srt_text
from mvr.timeline import boundaries
from tests.studio import PROJECT, Studio, write_song
from tests.test_cli import mvr

RATES = [Fraction(24), Fraction(25), Fraction(30000, 1001)]
LINES = [
    {"start": 1.0, "end": 3.5, "text": "on we go", "words": []},
    {"start": 3.0, "end": 4.0, "text": "--> {b}here", "words": [{"start": 3.0, "end": 4.0, "text": "here"}]},
]
ROW = {
    "section": "verse-1", "purpose": "develop", "prompt": "a “street”", "motion": "still", "characters": ["ada"],
    "lyric": "", "energy": 0.5, "transition": "cut",
}  # fmt: skip


def cut_at(fps: Fraction, starts: Sequence[float], seconds: float = 90.0) -> CutList:
    """A film of shots that start at these seconds, none of them made."""
    frames = round(seconds * fps)
    edges = boundaries(starts, frames, fps)
    spots = tuple(Spot(f"verse-1.{index + 1}", first, end, ROW) for index, (first, end) in enumerate(pairwise(edges)))
    sections = [{"name": "verse-1", "role": "verse", "label": "A", "start": 0.0, "end": seconds}]
    beats = [round(0.37 + index * 0.5, 3) for index in range(170)]
    return CutList("Röd & Blå", fps, (64, 96), frames, spots, sections, beats, beats[::4], LINES, 0.0, (), None, "1")


def starts(count: int) -> list[float]:
    """Cuts that fall on no frame of any rate, one a third of a second behind another among them."""
    return [0.0, *(7.3 + index * 1.9171 for index in range(count - 2)), 89.6]


@pytest.mark.parametrize("fps", RATES)
def test_a_round_trip_through_otio_gives_the_same_cut(fps: Fraction) -> None:
    """Every clip begins and ends on the frame that the film has it on; markers stand on the frame of their time."""
    cut = cut_at(fps, starts(40))
    text = otio.adapters.write_to_string(editorial.timeline_of(cut, {}), "otio_json")
    found = otio.adapters.read_from_string(text, "otio_json")
    [picture] = found.video_tracks()
    spans = [clip.range_in_parent() for clip in picture]
    assert [(int(span.start_time.value), int(span.end_time_exclusive().value)) for span in spans] == [
        (spot.first, spot.end) for spot in cut.spots
    ]
    assert {span.duration.rate for span in spans} == {float(fps)}
    downbeats = [mark for mark in found.tracks.markers if mark.metadata["mvr"]["kind"] == "downbeat"]
    assert [int(mark.marked_range.start_time.value) for mark in downbeats] == [cut.frame(at) for at in cut.downbeats]
    assert picture[0].metadata["mvr"]["prompt"] == ROW["prompt"]


@pytest.mark.parametrize("fps", RATES)
def test_a_round_trip_through_an_edl_gives_the_same_cut(fps: Fraction) -> None:
    """Timecodes are exact to the frame, drop-frame where the rate has it."""
    cut = cut_at(fps, starts(40))
    text = editorial.edl_text(editorial.timeline_of(cut, {}), float(fps))
    found = otio.adapters.read_from_string(text, "cmx_3600", rate=float(fps))
    [picture] = found.video_tracks()
    spans = [clip.range_in_parent() for clip in picture.find_clips()]
    assert [(round(span.start_time.value), round(span.end_time_exclusive().value)) for span in spans] == [
        (spot.first, spot.end) for spot in cut.spots
    ]
    assert [clip.name for clip in picture.find_clips()] == [spot.id for spot in cut.spots]


def test_an_edl_without_a_timecode_is_refused(tmp_path: Path) -> None:
    """An EDL at 12 frames a second would be read as something else."""
    with pytest.raises(ProjectError, match="no timecode at 12"):
        editorial.write(cut_at(Fraction(12), [0.0, 5.0]), tmp_path, "a", edl=True, copy=False)


def test_subtitles_do_not_overlap_and_hold_the_words_as_they_are() -> None:
    """A line ends where the next begins; an arrow in a line is no time."""
    assert srt_text(LINES) == (
        "1\n00:00:01,000 --> 00:00:03,000\non we go\n\n2\n00:00:03,000 --> 00:00:04,000\n→ {b}here\n"
    )


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    text = (
        PROJECT.replace("fps: 12", "fps: 24").replace("shots:\n", "lyrics: words.lrc\nshots:\n").replace("0:08", "0:04")
    )
    studio = Studio.start(tmp_path_factory.mktemp("export") / "tiny", text)
    write_song(studio.folder / "song.wav", 8.0)
    (studio.folder / "words.lrc").write_text("[00:01.00]one <b>\n[00:05.00]two\n")
    studio.render()
    return studio


def quietly(_event: Event) -> None:
    return None


def test_a_copied_folder_opens_wherever_it_is_moved(studio: Studio, tmp_path: Path) -> None:
    """Every clip finds its media from the folder on, with exactly the frames that the cut takes of it."""
    done = export(studio.workspace, "otio", quietly, out=tmp_path / "there", copy=True)
    shutil.move(tmp_path / "there", tmp_path / "moved")
    timeline = otio.adapters.read_from_file(str(tmp_path / "moved" / done.path.name))
    clips = timeline.find_clips()
    assert len(clips) == len(timeline.video_tracks()[0]) + 1
    for clip in clips:
        media = tmp_path / "moved" / clip.media_reference.target_url
        assert not media.is_symlink()
        if media.suffix == ".mp4":
            assert frames_of(media) == clip.available_range().duration.value == clip.source_range.duration.value
    assert timeline.duration().value == 8 * 24
    assert clips[0].metadata["mvr"]["provenance"]["painter"] == "sketch"
    assert len(clips[0].metadata["mvr"]["provenance"]["clip"]) > 20


def test_linked_media_still_open_after_a_move(studio: Studio, tmp_path: Path) -> None:
    """Links lead to the store from wherever the folder stands."""
    export(studio.workspace, "edl", quietly, out=tmp_path / "there")
    shutil.move(tmp_path / "there", tmp_path / "far")
    assert frames_of(tmp_path / "far" / "media" / "verse-1.1.mp4") > 0


def test_markers_are_sections_that_mvr_reads_back(studio: Studio) -> None:
    """Audacity's labels and Reaper's regions of the sections give `music.sections` as it was."""
    done = export(studio.workspace, "markers", quietly)
    for name in ("sections.txt", "reaper.csv"):
        _, sections = markers.read(done.path / name)
        assert [(section.at, section.role) for section in sections] == [(0.0, "verse"), (4.0, "chorus")]
    assert (done.path / "shots.txt").read_text().splitlines()[0].startswith("0.000000\t")


def test_a_contact_sheet_shows_every_shot(studio: Studio, tmp_path: Path) -> None:
    """One picture a shot; a film of 61 shots takes two pages."""
    done = export(studio.workspace, "sheet", quietly)
    assert done.notes == ()
    picture = cv2.imread(str(done.path))
    assert picture is not None
    assert picture.shape[1] == 1600
    columns = picture[200].astype(int).sum(axis=1) > 150
    assert sum(1 for left, right in pairwise(columns) if right and not left) >= 3
    cut = cut_at(Fraction(24), starts(61))
    from mvr.export import sheet

    assert len(sheet.write(cut, tmp_path / "a.png").files) == 2


def test_a_poster_is_a_frame_of_the_film(studio: Studio) -> None:
    """At its full size, of the moment that is asked for; else of the shot with the most energy."""
    export(studio.workspace, "poster", quietly)
    done = export(studio.workspace, "poster", quietly, at=2.5)
    picture = cv2.imread(str(done.path))
    assert picture is not None
    assert picture.shape == (96, 64, 3)
    with av.open(str(studio.film)) as container:
        frames = [one.to_ndarray(format="bgr24", src_colorspace="ITU709") for one in container.decode(video=0)]
    away = [float(np.abs(frame.astype(int) - picture.astype(int)).mean()) for frame in frames]
    assert away[60] < 4
    with pytest.raises(ProjectError, match=r"0:08\.5"):
        export(studio.workspace, "poster", quietly, at=8.5)


def test_what_is_not_made_is_said(studio: Studio, tmp_path: Path) -> None:
    """A shot without a segment has no media, is named, and keeps its place in the cut."""
    fresh = studio.copy(tmp_path / "tiny")
    fresh.edit("in the rain", "in the snow")
    done = export(fresh.workspace, "otio", quietly)
    assert any("1 shots have no media yet (verse-1.1)" in note for note in done.notes)
    [picture] = otio.adapters.read_from_file(str(done.path)).video_tracks()
    assert isinstance(picture[0].media_reference, otio.schema.MissingReference)
    assert picture.duration().value == 8 * 24


def test_the_command_prints_the_path_and_says_what_is_lost(studio: Studio) -> None:
    """The path alone on standard output, notes on standard error; `--json` is as its schema says."""
    ran = mvr("export", "--to", "srt", cwd=studio.folder)
    assert Path(ran.stdout.strip()).read_text().count("-->") == 2
    ran = mvr("export", "--to", "edl", "--json", cwd=studio.folder)
    document = json.loads(ran.stdout)
    jsonschema.validate(document, json.loads(resource("schemas/export.schema.json").read_text()))
    assert any("no markers" in note for note in document["notes"])


def test_a_transition_goes_along_and_moves_no_cut() -> None:
    """In otio every transition lies around its cut with its frames; in an EDL one that it cannot carry is a cut."""
    cut = cut_at(Fraction(24), [0.0, 2.0, 4.0], seconds=6.0)
    turn, fade = Turn("dissolve", "", 5, 4), Turn("fade", "black", 6, 6)
    spots = [
        replace(cut.spots[0], out=turn), replace(cut.spots[1], into=turn, out=fade), replace(cut.spots[2], into=fade)
    ]  # fmt: skip
    cut = replace(cut, spots=tuple(spots))
    turns, notes = editorial.turns_of(cut, edl=False)
    text = otio.adapters.write_to_string(editorial.timeline_of(cut, {}, turns), "otio_json")
    [picture] = otio.adapters.read_from_string(text, "otio_json").video_tracks()
    clips = [child for child in picture if isinstance(child, otio.schema.Clip)]
    assert [int(clip.range_in_parent().start_time.value) for clip in clips] == [0, 48, 96]
    found = [child for child in picture if isinstance(child, otio.schema.Transition)]
    offsets = [(int(one.in_offset.value), int(one.out_offset.value), one.name) for one in found]
    assert offsets == [(5, 4, "dissolve"), (6, 6, "fade")]
    assert "1 transitions show frames beyond" in notes[0]
    turns, notes = editorial.turns_of(cut, edl=True)
    assert turns == [None] * 4
    assert "2 transitions became cuts" in notes[0]


def levels(path: Path) -> Any:
    """Every frame of a film as grey levels, float (frames, height, width)."""
    with av.open(str(path)) as container:
        return np.stack([one.to_ndarray(format="gray").astype(float) for one in container.decode(video=0)])


def test_a_drawn_shot_has_the_frames_that_its_dissolves_show(studio: Studio, tmp_path: Path) -> None:
    """What was drawn beyond its ends is in its media: every dissolve finds its frames, in otio and in an EDL,
    nothing is said to be lacking, and the media show what the film shows."""
    fresh = studio.copy(tmp_path / "tiny")
    fresh.edit("cut: {", "cut: {transitions: {section: dissolve 0.5s}, ")
    fresh.render()
    done = export(fresh.workspace, "otio", quietly, out=tmp_path / "there", copy=True)
    assert not any("that the media have not" in note for note in done.notes)
    [picture] = otio.adapters.read_from_file(str(done.path)).video_tracks()
    turns = [(at, one) for at, one in enumerate(picture) if isinstance(one, otio.schema.Transition)]
    assert turns
    for at, turn in turns:
        before, after = picture[at - 1], picture[at + 1]
        spare = before.available_range().end_time_exclusive() - before.source_range.end_time_exclusive()
        assert spare >= turn.out_offset
        assert after.source_range.start_time >= turn.in_offset
        for clip in (before, after):
            media = tmp_path / "there" / clip.media_reference.target_url
            assert frames_of(media) == clip.available_range().duration.value
            assert clip.range_in_parent().duration == clip.source_range.duration
        own = levels(tmp_path / "there" / after.media_reference.target_url)
        first = int(after.range_in_parent().start_time.value)
        inside = first + int(turn.out_offset.value)
        away = np.abs(own - levels(fresh.film)[inside]).mean(axis=(1, 2))
        assert away[int(after.source_range.start_time.value) + inside - first] == away.min()
    assert not any("became cuts" in note for note in export(fresh.workspace, "edl", quietly).notes)


def test_a_clip_with_handles_shows_them() -> None:
    """The source range begins after the handle, and the media have frames on both sides."""
    cut = cut_at(Fraction(24), [0.0, 2.0], seconds=4.0)
    spot = replace(cut.spots[0], lead=8)
    timeline = editorial.timeline_of(replace(cut, spots=(spot, *cut.spots[1:])), {})
    [picture] = timeline.video_tracks()
    assert (picture[0].source_range.start_time.value, picture[0].source_range.duration.value) == (8, 48)
