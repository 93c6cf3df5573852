"""Tempo, beats, downbeats and meter of sounds whose beats are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.hearing.sounds import band, clicks, hear, noise


@pytest.mark.parametrize(("tempo", "start"), [(73, 0.2), (96, 0.613), (100, 0.0), (152, 1.4)])
def test_a_click_is_heard_where_it_is(tmp_path: Path, tempo: float, start: float) -> None:
    """Every click of a metronome is a beat within 5 ms, and the tempo is its own within a tenth."""
    sound, times = clicks(tempo, 24, start=start)
    heard = hear(tmp_path, sound).music
    assert heard["heard"]
    assert heard["tempo"] == pytest.approx(tempo, abs=0.1)
    assert len(heard["beats"]) == len(times)
    assert np.abs(np.array(heard["beats"]) - times).max() < 0.005


@pytest.mark.parametrize("meter", [3, 4])
def test_an_accent_begins_the_bar(tmp_path: Path, meter: int) -> None:
    """Downbeats stand on the accented clicks, in threes or in fours."""
    sound, times = clicks(110, 36, meter=meter)
    heard = hear(tmp_path, sound).music
    assert heard["meter"] == f"{meter}/4"
    assert heard["downbeats"] == pytest.approx(times[::meter].tolist(), abs=0.005)


def test_a_chord_change_begins_the_bar(tmp_path: Path) -> None:
    """Kick, back beat and a new chord a bar tell the downbeat though every beat is equally loud."""
    sound = np.concatenate([np.zeros(5000), band(16, 96, (57, 53, 48, 55), 0.5, 0.3)])
    heard = hear(tmp_path, sound).music
    expected = 5000 / 22_050 + np.arange(16) * 4 * 60 / 96
    assert heard["downbeats"] == pytest.approx(expected.tolist(), abs=0.012)


def test_beats_follow_a_tempo_that_drifts(tmp_path: Path) -> None:
    """A player who goes from 100 to 112 beats a minute is followed to the end."""
    steps = 60 / np.linspace(100, 112, 60)
    times = 0.3 + np.concatenate(([0.0], np.cumsum(steps)))
    sound = np.zeros(round((times[-1] + 0.5) * 22_050))
    tick = noise(0.05, 0.5) * np.exp(-np.arange(round(0.05 * 22_050)) / 220)
    for time in times:
        at = round(time * 22_050)
        sound[at : at + len(tick)] += tick
    heard = np.array(hear(tmp_path, sound).music["beats"])
    nearest = np.abs(heard[:, None] - times).min(axis=0)
    assert np.quantile(nearest, 0.95) < 0.02


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(30 * 22_050),
        noise(0.5),
        np.zeros(11_025),
        noise(20),
        0.3 * np.sin(np.arange(20 * 22_050) / 8),
        np.zeros(1),
    ],
    ids=["silence", "half a second", "half a silent second", "noise", "a held tone", "one sample"],
)
def test_what_has_no_beat_has_none(tmp_path: Path, sound: np.ndarray) -> None:
    """Silence, noise, a held tone and a moment have no beats, no tempo, and sections called part-1, part-2."""
    heard = hear(tmp_path, sound)
    assert not heard.music["heard"]
    assert heard.music["beats"] == heard.music["downbeats"] == []
    assert heard.music["tempo"] is None
    names = [section["name"] for section in heard.music["sections"]]
    assert names == [f"part-{i + 1}" for i in range(len(names))]


def test_a_given_tempo_is_obeyed(tmp_path: Path) -> None:
    """Told that it is half as fast, mvr hears every second click."""
    sound, times = clicks(140, 24)
    heard = hear(tmp_path, sound, tempo=70.0).music
    assert heard["tempo"] == 70.0
    spacing = np.diff(heard["beats"])
    assert spacing == pytest.approx(np.full(len(spacing), 60 / 70), abs=0.01)
    assert np.abs(np.array(heard["beats"])[:, None] - times).min(axis=1).max() < 0.005


def test_a_given_meter_is_obeyed(tmp_path: Path) -> None:
    """A bar has as many beats as the meter says; 6/8 is beaten in two."""
    sound, _ = clicks(100, 24)
    for meter, beats in (("3/4", 3), ("6/8", 2), ("5/4", 5), ("1/4", 1)):
        heard = hear(tmp_path, sound, meter=meter).music
        assert heard["meter"] == meter
        places = [heard["beats"].index(time) for time in heard["downbeats"]]
        assert set(np.diff(places)) == {beats}


def test_a_given_first_downbeat_is_obeyed(tmp_path: Path) -> None:
    """The first bar begins where the user says, to the microsecond, and bars are counted from there."""
    sound, times = clicks(100, 24)
    told = round(float(times[3]) + 0.004, 6)
    heard = hear(tmp_path, sound, first_downbeat=told).music
    assert heard["downbeats"][0] == told
    assert heard["downbeats"][1] == pytest.approx(times[7], abs=0.005)
    between = hear(tmp_path, sound, first_downbeat=round(float(times[2]) + 0.3, 6)).music
    assert between["downbeats"][0] == pytest.approx(times[2] + 0.3, abs=1e-6)
    assert between["beats"][5] - between["beats"][4] == pytest.approx(0.6, abs=0.005)


def test_a_first_downbeat_before_the_film_counts_into_it(tmp_path: Path) -> None:
    """A film that starts inside the song takes its bars from a first downbeat before it."""
    sound, times = clicks(100, 24)
    heard = hear(tmp_path, sound, first_downbeat=round(float(times[0]) - 2 * 0.6, 6)).music
    assert heard["downbeats"][0] == pytest.approx(times[2], abs=0.005)
