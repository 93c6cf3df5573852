"""Any sound file is a song: every format, shape and length, and sound that no beat is heard in."""

from __future__ import annotations

import json
import resource as usage
import wave
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import ffmpeg
import jsonschema
import numpy as np
import pytest

from mvr import analysis
from mvr.cutting.ways import planned
from mvr.errors import StageError
from mvr.media.run import run as ffmpeg_run
from mvr.resources import resource
from mvr.stages import audio, music, song
from tests.desk import run
from tests.hearing.sounds import RATE, Sound, clicks, noise, write
from tests.media.material import converted, lag, samples, wav

SECONDS = 2.0
NOTHING: dict[str, Any] = {"tempo": None, "meter": None, "first_downbeat": None, "sections": []}


@dataclass(frozen=True)
class Taken:
    """What the stages made of a song: the documents of song and music, and the film's sound."""

    song: Any
    music: Any
    track: Path
    copied: bool


def taken(path: Path) -> Taken:
    """A song through the stages song, audio and music, the documents checked against their schemas."""
    out = path.parent / f"{path.name}.out"
    made = run(song, {"start": 0.0, "end": None}, out=out / "song", files={"song": [path]})
    document = json.loads(made.parts[""].read_text("utf-8"))
    jsonschema.validate(document, json.loads(resource("schemas/song.schema.json").read_text("utf-8")))
    values = {"start": 0.0, "end": None, "seconds": document["seconds"], "encoder": "test"}
    sound = run(audio, values, out=out / "audio", inputs={"song": [made.parts[""]]}, files={"song": [path]})
    inputs = {"song": [made.parts[""]], "mono": [made.parts["mono"]]}
    heard = run(music, {"corrections": NOTHING}, out=out / "music", inputs=inputs)
    notes = json.loads(heard.parts[""].read_text("utf-8"))
    jsonschema.validate(notes, json.loads(resource("schemas/music.schema.json").read_text("utf-8")))
    assert notes["duration"] == document["seconds"]
    assert len(samples(sound.parts[""], 48000)) == pytest.approx(document["seconds"] * 48000, abs=2)
    return Taken(document, notes, sound.parts[""], sound.provenance["copied"])


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wav(tmp_path_factory.mktemp("song") / "song.wav", SECONDS)


FORMATS: list[tuple[str, dict[str, object], bool]] = [
    ("mp3", {}, True),
    ("vbr.mp3", {"q:a": 5}, True),
    ("m4a", {}, True),
    ("alac.m4a", {"acodec": "alac"}, False),
    ("mov", {}, True),
    ("flac", {}, False),
    ("ogg", {}, False),
    ("opus", {}, False),
    ("webm", {}, False),
    ("mka", {}, False),
    ("aiff", {}, False),
    ("caf", {}, False),
    ("w64", {}, False),
    ("wv", {}, False),
]


@pytest.mark.parametrize(("suffix", "options", "copied"), FORMATS, ids=[suffix for suffix, *_ in FORMATS])
def test_a_song_of_any_format_has_the_length_it_was_made_with(
    suffix: str, options: dict[str, object], copied: bool, source: Path, tmp_path: Path
) -> None:
    """Where the container knows it, the length is right to the sample, and the film's sound is in step with it."""
    found = taken(converted(source, tmp_path / f"a.{suffix}", **options))
    assert found.song["seconds"] == SECONDS
    assert "missing" not in found.song
    assert found.copied == copied
    assert abs(lag(samples(found.track), samples(source))) <= 1


@pytest.mark.parametrize(
    ("suffix", "options", "most"),
    [("mp3", {"write_xing": 0}, 0.08), ("aac", {}, 0.08), ("mp2", {}, 0.08), ("ac3", {}, 0.08), ("wma", {}, 0.05)],
)
def test_a_song_whose_file_says_no_length_has_what_is_decoded(
    suffix: str, options: dict[str, object], most: float, source: Path, tmp_path: Path
) -> None:
    """Without a header that gives the encoder's delay, the length is that of all packets, and nothing is missing."""
    found = taken(converted(source, tmp_path / f"a.{suffix}", **options))
    assert found.song["seconds"] == pytest.approx(SECONDS, abs=most)
    assert "missing" not in found.song


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_every_width_of_sample(subtype: str, tmp_path: Path) -> None:
    """8 to 64 bits a sample, whole or floating, are one song, of the same length."""
    found = taken(wav(tmp_path / "a.wav", 0.5, 44100, 2, subtype))
    assert (found.song["samples"], found.song["rate"]) == (22050, 44100)


@pytest.mark.parametrize("channels", [1, 2, 6, 8])
@pytest.mark.parametrize("rate", [8000, 44100, 192000])
def test_every_shape(rate: int, channels: int, tmp_path: Path) -> None:
    """Mono to 7.1, 8 to 192 kHz."""
    found = taken(wav(tmp_path / "a.wav", 0.5, rate, channels))
    assert (found.song["samples"], found.song["rate"], found.song["channels"]) == (rate // 2, rate, channels)


@pytest.mark.parametrize("suffix", ["mp3", "m4a", "flac"])
def test_cover_art_is_no_film(suffix: str, source: Path, tmp_path: Path) -> None:
    """A picture in the file changes nothing of what is heard, and is not carried into the film's sound."""
    picture = tmp_path / "cover.png"
    ffmpeg_run(ffmpeg.input("color=red:s=64x64", f="lavfi").output(str(picture), vframes=1), "draw a cover")
    path = tmp_path / f"a.{suffix}"
    both = ffmpeg.output(
        ffmpeg.input(str(source)).audio,
        ffmpeg.input(str(picture)).video,
        str(path),
        **{"c:v": "mjpeg" if suffix == "m4a" else "png", "disposition:v": "attached_pic"},
    )
    ffmpeg_run(both, "put a cover on a song")
    found = taken(path)
    assert found.song["seconds"] == SECONDS
    assert abs(lag(samples(found.track), samples(source))) <= 1


@pytest.mark.parametrize(
    ("suffix", "options", "known"),
    [
        ("mp3", {}, True),
        ("flac", {}, True),
        ("m4a", {"movflags": "faststart"}, True),
        ("ogg", {}, False),
        ("opus", {}, False),
        ("wav", {}, False),
    ],
)
def test_a_file_cut_short_is_heard_as_far_as_it_goes(
    suffix: str, options: dict[str, object], known: bool, tmp_path: Path
) -> None:
    """What is there is the song; where the file says that it was longer, `missing` and `mvr analyze` say so."""
    whole = wav(tmp_path / "whole.wav", 4.0)
    path = whole if suffix == "wav" else converted(whole, tmp_path / f"whole.{suffix}", **options)
    short = tmp_path / f"short.{suffix}"
    short.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = taken(short)
    assert 0.9 < found.song["seconds"] < 2.2
    assert ("missing" in found.song) == known
    words = analysis.words(analysis.analyze(short))
    assert words[0].startswith("the file says that it lasts 0:04, but ") == known
    if known:
        assert found.song["missing"] + found.song["seconds"] == pytest.approx(4.0, abs=0.001)


def test_a_file_without_its_index_is_an_error(source: Path, tmp_path: Path) -> None:
    """An m4a whose end, where its index stands, is lost cannot be read at all; the hint says so."""
    whole = converted(source, tmp_path / "whole.m4a").read_bytes()
    (tmp_path / "a.m4a").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StageError, match=r"^a\.m4a is no sound or film that mvr can read") as caught:
        taken(tmp_path / "a.m4a")
    assert "cut short: copy it again" in caught.value.hint


def padded(seconds: float, sound: Sound) -> Sound:
    return np.concatenate([np.zeros(round(seconds * RATE)), sound])


SOUNDS = [
    ("clicks", clicks(120, 12)[0], True),
    ("ten seconds of silence before clicks", padded(10, clicks(120, 12)[0]), True),
    ("clicks that clip", np.clip(60 * clicks(120, 12)[0], -1, 1), True),
    ("clicks at -60 dB", 0.001 * clicks(120, 12)[0], True),
    ("silence", np.zeros(12 * RATE), False),
    ("noise", noise(12), False),
    ("a tone", 0.5 * np.sin(np.arange(12 * RATE) / 10), False),
    ("two seconds", noise(2), False),
    ("one sample", np.array([0.1]), False),
]


@pytest.mark.parametrize(("sound", "heard"), [one[1:] for one in SOUNDS], ids=[name for name, *_ in SOUNDS])
def test_a_beat_is_heard_where_there_is_one(sound: Sound, heard: bool, tmp_path: Path) -> None:
    """120 clicks a minute are heard as that; where there is no beat none is made up, and the song is cut all the same,
    into shots within the default lengths, of which `mvr analyze` says why."""
    path = write(tmp_path / "a.wav", sound)
    found = taken(path)
    notes = found.music
    assert notes["heard"] == heard
    assert bool(notes["beats"]) == heard
    if heard:
        assert notes["tempo"] == pytest.approx(120, abs=0.5)
    else:
        assert {section["role"] for section in notes["sections"]} == {"part"}
    starts = planned(notes, {"by": "music", "length": [2.5, 7.0], "at": [], "drop": []})
    lengths = np.diff([*starts, notes["duration"]])
    assert starts[0] == 0.0
    assert lengths.min() > min(2.5, notes["duration"]) - 1e-5
    assert lengths.max() < 7.0 + 1e-5
    words = analysis.words(analysis.analyze(path))
    assert words[0].startswith("no beat heard in ") != heard
    assert words[0].endswith("cuts would follow loudness and length") != heard


def test_what_has_no_beat_is_drawn_and_written_too(tmp_path: Path) -> None:
    """The picture and the `music:` block of a silent song are made; the block says that no beat was heard."""
    found = analysis.listened(write(tmp_path / "a.wav", np.zeros(5 * RATE)))
    analysis.plot(found, tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 1000
    assert "# no beat was heard" in analysis.yaml_block(found.document)


def long_song(path: Path, minutes: int) -> Path:
    """Clicks at 120 a minute, for so many minutes, written a minute at a time."""
    minute = clicks(120, 60.2, start=0.0)[0][: 60 * RATE]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for _ in range(minutes):
            file.writeframes((minute * 32767).astype("<i2").tobytes())
    return path


def grown(folder: Path, minutes: int) -> int:
    """By how many kB a process grows that hears a long song after a short one; every beat of it is heard."""
    most = []
    for name, length in (("short", 1), ("long", minutes)):
        path = long_song(folder / f"{name}.wav", length)
        made = run(song, {"start": 0.0, "end": None}, out=folder / name, files={"song": [path]})
        inputs = {"song": [made.parts[""]], "mono": [made.parts["mono"]]}
        heard = run(music, {"corrections": NOTHING}, out=folder / f"{name}.heard", inputs=inputs)
        document = json.loads(heard.parts[""].read_text("utf-8"))
        assert document["duration"] == 60.0 * length
        assert len(document["beats"]) == pytest.approx(120 * length, abs=2)
        most.append(usage.getrusage(usage.RUSAGE_SELF).ru_maxrss)
    return most[1] - most[0]


@pytest.mark.slow
def test_a_long_song_is_heard_in_bounded_memory(tmp_path: Path) -> None:
    """Eight minutes are heard whole in less than 6 MB more for each minute: two hours take less than 1 GB."""
    with get_context("spawn").Pool(1) as pool:
        assert pool.apply(grown, (tmp_path, 8)) < 8 * 6_000
