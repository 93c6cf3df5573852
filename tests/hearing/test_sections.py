"""Sections, their labels, roles and energy, on a small song of known form."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from mvr.hearing.roles import letters
from tests.hearing.sounds import Heard, Sound, band, hear, noise

BAR = 4 * 60 / 120
FORM = (
    ("intro", 4, (57, 53), 0.12, 0.1, False),
    ("verse", 8, (57, 53, 48, 55), 0.35, 0.2, True),
    ("chorus", 8, (53, 55, 57, 60), 0.85, 1.0, True),
    ("verse", 8, (57, 53, 48, 55), 0.35, 0.2, True),
    ("chorus", 8, (53, 55, 57, 60), 0.85, 1.0, True),
    ("outro", 4, (57, 53), 0.1, 0.0, False),
)


def whole() -> Sound:
    parts = [band(bars, 120, chords, loud, bright, drums=drums) for _, bars, chords, loud, bright, drums in FORM]
    return np.concatenate(parts)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Heard:
    return hear(tmp_path_factory.mktemp("song"), whole())


def test_a_song_has_the_form_it_has(song: Heard) -> None:
    """Intro, verse, chorus, verse, chorus and outro are found, by name, each within a tenth of a second."""
    sections = song.music["sections"]
    assert [section["name"] for section in sections] == [
        "intro-1",
        "verse-1",
        "chorus-1",
        "verse-2",
        "chorus-2",
        "outro-1",
    ]
    starts = np.cumsum([0, *(bars for _, bars, *_ in FORM[:-1])]) * BAR
    assert [section["start"] for section in sections] == pytest.approx(starts.tolist(), abs=0.1)


def test_what_comes_back_has_the_same_label(song: Heard) -> None:
    """Both verses are B and both choruses are C."""
    labels = [section["label"] for section in song.music["sections"]]
    assert labels[1] == labels[3] == "B"
    assert labels[2] == labels[4] == "C"


def test_a_chorus_gives_more_than_a_verse(song: Heard) -> None:
    """The energy curve is higher in the choruses, and their word says so."""
    curve = np.array(song.music["energy"]["values"])
    rate = song.music["energy"]["rate"]
    means = [curve[int(s["start"] * rate) : int(s["end"] * rate)].mean() for s in song.music["sections"]]
    assert min(means[2], means[4]) > max(means[1], means[3]) + 0.15
    assert song.music["sections"][2]["energy"] == "high"


def test_sections_tile_the_song(song: Heard) -> None:
    """Sections begin at 0, follow without a gap, and end where the song ends."""
    sections = song.music["sections"]
    assert sections[0]["start"] == 0
    assert sections[-1]["end"] == song.music["duration"]
    for one, two in pairwise(sections):
        assert one["end"] == two["start"]
        assert two["start"] in song.music["downbeats"]


def test_cue_points_hold_the_sections_and_lie_on_bars(song: Heard) -> None:
    """A cue point is the song's start or a downbeat, and every section starts on one."""
    cues = set(song.music["cuePoints"])
    assert {section["start"] for section in song.music["sections"]} <= cues
    assert cues <= {0.0, *song.music["downbeats"]}


def test_a_change_without_a_beat_divides_too(tmp_path: Path) -> None:
    """Noise that grows ten times louder halfway has two parts."""
    sections = hear(tmp_path, np.concatenate([noise(30, 0.02), noise(30, 0.2, 2)])).music["sections"]
    assert [section["name"] for section in sections] == ["part-1", "part-2"]
    assert sections[1]["start"] == pytest.approx(30, abs=2)
    assert [section["energy"] for section in sections] == ["low", "high"]


def test_given_sections_are_obeyed(tmp_path: Path) -> None:
    """The user's sections stand exactly where they were put; what lies before the first one is an intro."""
    sound = band(12, 120, (57, 53), 0.4, 0.3)
    marks = [{"at": 6.125, "role": "verse"}, {"at": 14.0, "role": "chorus"}, {"at": 99.0, "role": "outro"}]
    sections = hear(tmp_path, sound, sections=marks).music["sections"]
    assert [(section["name"], section["start"]) for section in sections] == [
        ("intro-1", 0.0),
        ("verse-1", 6.125),
        ("chorus-1", 14.0),
    ]
    assert sections[-1]["end"] == 24.0


def test_sections_before_the_film_count_from_its_start(tmp_path: Path) -> None:
    """Of marks before the first frame the last one holds."""
    sound = band(6, 120, (57, 53), 0.4, 0.3)
    marks = [{"at": -9.0, "role": "intro"}, {"at": -2.5, "role": "solo"}, {"at": 4.0, "role": "verse"}]
    sections = hear(tmp_path, sound, sections=marks).music["sections"]
    assert [(section["name"], section["start"]) for section in sections] == [("solo-1", 0.0), ("verse-1", 4.0)]


def test_labels_go_past_z() -> None:
    """The 27th label is AA."""
    assert [letters(i) for i in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]


def test_a_song_read_at_half_its_tempo_has_the_same_form(song: Heard, tmp_path: Path) -> None:
    """Bars of four seconds are taken as two: sections start where they did."""
    slow = hear(tmp_path, whole(), tempo=60.0)
    assert slow.music["tempo"] == pytest.approx(60, abs=0.5)
    starts = [section["start"] for section in song.music["sections"]]
    assert [section["start"] for section in slow.music["sections"]] == pytest.approx(starts, abs=0.1)
