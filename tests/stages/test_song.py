"""Song: its length to the sample, what its file holds, and a mono WAV for everything that listens."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import soundfile

from mvr.engine.job import Cancelled
from mvr.errors import StageError
from mvr.model import Json, Song
from mvr.resources import resource
from mvr.stages import song
from tests.desk import BenchDesk, run
from tests.media.material import converted, wav
from tests.stages.film_project import PROJECT

WHOLE = {"start": 0.0, "end": None}


def document(path: Path, out: Path, recipe: Json = WHOLE) -> Json:
    """The song's document, checked against its schema."""
    made = run(song, recipe, out=out, files={"song": [path]})
    found = json.loads(made.parts[""].read_text("utf-8"))
    jsonschema.validate(found, json.loads(resource("schemas/song.schema.json").read_text("utf-8")))
    return found


@pytest.mark.parametrize(
    ("suffix", "codec", "container", "copied"),
    [
        ("mp3", "mp3", "mp3", True),
        ("m4a", "aac", "mov", True),
        ("flac", "flac", "flac", False),
        ("ogg", "vorbis", "ogg", False),
        ("opus", "opus", "ogg", False),
        ("mka", "vorbis", "matroska", False),
    ],
)
def test_a_song_says_what_it_is(suffix: str, codec: str, container: str, copied: bool, tmp_path: Path) -> None:
    """Codec, container, rate and channels are named, and whether an mp4 carries the packets."""
    found = document(converted(wav(tmp_path / "a.wav", 0.5), tmp_path / f"a.{suffix}"), tmp_path / "out")
    assert (found["codec"], found["container"], found["copy"], found["channels"]) == (codec, container, copied, 2)
    assert found["seconds"] == pytest.approx(0.5, abs=0.01)
    assert found["seconds"] == round(found["samples"] / found["rate"], 6)


def test_a_wav_says_its_bits(tmp_path: Path) -> None:
    """Whole samples have a width; a half-second song works as any other."""
    found = document(wav(tmp_path / "a.wav", 0.5, 48000, 1, "PCM_24"), tmp_path / "out")
    assert found == {
        "seconds": 0.5,
        "samples": 24000,
        "rate": 48000,
        "channels": 1,
        "codec": "pcm_s24le",
        "container": "wav",
        "copy": False,
        "bits": 24,
    }


def test_mp3_at_8_khz_is_not_copied(tmp_path: Path) -> None:
    """mp4 does not carry the lowest rates of mp3."""
    path = converted(wav(tmp_path / "a.wav", 0.5, 8000), tmp_path / "a.mp3")
    assert document(path, tmp_path / "out")["copy"] is False


def test_a_part_of_a_song_is_its_own_length(tmp_path: Path) -> None:
    """start and end are seconds of the file; the document and the mono WAV hold the part alone."""
    path = wav(tmp_path / "a.wav", 2.0)
    found = document(path, tmp_path / "out", {"start": 0.25, "end": 1.5})
    assert found["seconds"] == 1.25
    mono, rate = soundfile.read(tmp_path / "out" / "mono.wav")
    assert rate == 22050
    assert abs(len(mono) - 1.25 * 22050) <= 2


def test_a_silent_song_works(tmp_path: Path) -> None:
    """Silence is a song."""
    soundfile.write(tmp_path / "a.flac", np.zeros(44100), 44100)
    assert document(tmp_path / "a.flac", tmp_path / "out")["seconds"] == 1.0


@pytest.mark.slow
def test_two_hours_work(tmp_path: Path) -> None:
    """A song of two hours is streamed: its length is exact, and its mono WAV whole."""
    with soundfile.SoundFile(tmp_path / "a.flac", "w", 8000, 1, "PCM_16") as file:
        minute = np.sin(np.arange(8000 * 60) / 20).astype(np.float32) * 0.1
        for _ in range(120):
            file.write(minute)
    found = document(tmp_path / "a.flac", tmp_path / "out")
    assert found["seconds"] == 7200.0
    assert soundfile.info(tmp_path / "out" / "mono.wav").frames == 7200 * 22050


def test_a_song_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """The error names the file and says what to do."""
    (tmp_path / "song.mp3").write_text("this is a text\n" * 50)
    with pytest.raises(StageError, match=r"^song\.mp3 ") as caught:
        run(song, WHOLE, out=tmp_path / "out", files={"song": [tmp_path / "song.mp3"]})
    assert caught.value.hint


def test_a_song_no_longer_wanted_is_left(tmp_path: Path) -> None:
    """A cancelled job ends at the next look."""
    desk = BenchDesk(tmp_path / "out")
    desk.stop = True
    with pytest.raises(Cancelled):
        run(song, WHOLE, out=tmp_path / "out", files={"song": [wav(tmp_path / "a.wav", 0.5)]}, desk=desk)


def test_the_same_song_gives_the_same_bytes(tmp_path: Path) -> None:
    """Both parts are the same from run to run."""
    path = wav(tmp_path / "a.wav", 0.5)
    made = [run(song, WHOLE, out=tmp_path / name, files={"song": [path]}) for name in ("one", "two")]
    for part in ("", "mono"):
        assert made[0].parts[part].read_bytes() == made[1].parts[part].read_bytes()


def test_the_recipe_is_the_part_of_the_song_alone() -> None:
    """A title or a concept is no part of it."""
    project = replace(PROJECT, song=Song("a.mp3", 1.5, 9.0), title="other")
    assert song.recipe(project) == ({"start": 1.5, "end": 9.0}, {"start": "song.start", "end": "song.end"})
