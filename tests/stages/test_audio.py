"""Audio: the song's own packets where mp4 carries them untrimmed, else AAC; exactly as long as asked."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile

from mvr.engine.job import Cancelled, Made
from mvr.media.probe import probe
from mvr.media.tool import executable
from mvr.model import Mix, Song
from mvr.stages import audio, song
from tests.desk import BenchDesk, run
from tests.media.material import converted, lag, samples, wav
from tests.stages.film_project import PROJECT


def made(path: Path, out: Path, desk: BenchDesk | None = None, **recipe: Any) -> Made:
    """The sound track of a song, through the song stage, as the engine makes it."""
    span = {"start": recipe.get("start", 0.0), "end": recipe.get("end")}
    heard = run(song, span, out=out / "song", files={"song": [path]})
    seconds = json.loads(heard.parts[""].read_text("utf-8"))["seconds"]
    full = {**span, "seconds": seconds, "encoder": "test", **recipe}
    return run(audio, full, out=out, inputs={"song": [heard.parts[""]]}, files={"song": [path]}, desk=desk)


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(container.streams.audio[0]) if packet.size]


@pytest.mark.parametrize("suffix", ["mp3", "m4a"])
def test_a_song_that_mp4_carries_is_copied(suffix: str, tmp_path: Path) -> None:
    """The packets are the song's own, byte for byte."""
    path = converted(wav(tmp_path / "a.wav", 2.0), tmp_path / f"a.{suffix}")
    track = made(path, tmp_path / "out")
    assert track.provenance["copied"]
    own = packets(path)
    assert packets(track.parts[""]) == own[: len(packets(track.parts[""]))]
    assert len(own) - len(packets(track.parts[""])) <= 1
    assert len(samples(track.parts[""])) == 2 * 44100
    assert lag(samples(track.parts[""]), samples(path)) == 0


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "opus"])
def test_a_song_that_it_does_not_carry_becomes_aac(suffix: str, tmp_path: Path) -> None:
    """AAC in stereo, in step with the song to the sample."""
    source = wav(tmp_path / "a.wav", 2.0, 48000)
    path = source if suffix == "wav" else converted(source, tmp_path / f"a.{suffix}")
    track = made(path, tmp_path / "out", seconds=2.0)
    (stream,) = probe(track.parts[""]).audios
    assert (stream.codec, stream.rate, stream.channels) == ("aac", 48000, 2)
    assert not track.provenance["copied"]
    assert len(samples(track.parts[""], 48000)) == 2 * 48000
    assert lag(samples(track.parts[""], 48000), samples(path, 48000)) == 0


def test_a_part_of_an_mp3_is_encoded_from_its_first_sample(tmp_path: Path) -> None:
    """Packets cannot be cut to the sample, so a trimmed song is encoded."""
    path = converted(wav(tmp_path / "a.wav", 2.0), tmp_path / "a.mp3")
    track = made(path, tmp_path / "out", start=0.5, end=1.5)
    assert track.provenance == {"codec": "aac", "copied": False}
    assert len(samples(track.parts[""])) == 44100
    assert lag(samples(track.parts[""]), samples(path)[22050:66150]) == 0


def test_a_short_song_is_padded_and_a_long_one_cut(tmp_path: Path) -> None:
    """The track is as long as asked, to the sample: silence follows, or the rest is left out."""
    path = wav(tmp_path / "a.wav", 1.0)
    for seconds in (1.25, 0.5):
        track = made(path, tmp_path / f"out{seconds}", seconds=seconds)
        assert len(samples(track.parts[""])) == round(seconds * 44100)


@pytest.mark.parametrize(
    ("rate", "channels", "now"), [(96000, 8, (48000, 2)), (8000, 1, (48000, 1)), (44100, 6, (44100, 2))]
)
def test_odd_rates_and_many_channels_become_what_browsers_play(
    rate: int, channels: int, now: tuple[int, int], tmp_path: Path
) -> None:
    """More than two channels are mixed to stereo, and rates beyond 32 to 48 kHz become 48 kHz."""
    track = made(wav(tmp_path / "a.wav", 0.5, rate, channels), tmp_path / "out")
    (stream,) = probe(track.parts[""]).audios
    assert (stream.rate, stream.channels) == now


def test_the_same_track_twice_has_the_same_bytes(tmp_path: Path) -> None:
    """Copied or encoded, nothing of the clock is in it."""
    source = wav(tmp_path / "a.wav", 0.5)
    for path in (source, converted(source, tmp_path / "a.mp3")):
        one, two = (made(path, tmp_path / f"{name}{path.suffix}").parts[""].read_bytes() for name in ("x", "y"))
        assert one == two


def test_a_song_with_a_hole_in_it_is_encoded_in_step_with_what_is_heard(tmp_path: Path) -> None:
    """Rubbish in the middle of an mp3 makes players count time that the decoder does not; then nothing is copied."""
    whole = bytearray(converted(wav(tmp_path / "a.wav", 4.0), tmp_path / "a.mp3").read_bytes())
    half = len(whole) // 2
    whole[half : half + 20000] = b"\0" * 20000
    (tmp_path / "b.mp3").write_bytes(whole)
    track = made(tmp_path / "b.mp3", tmp_path / "out")
    alone = samples(tmp_path / "b.mp3")
    assert lag(samples(track.parts[""])[-44100:], alone[-44100:]) == 0


def test_a_track_no_longer_wanted_is_left(tmp_path: Path) -> None:
    """A cancelled job kills its ffmpeg."""
    desk = BenchDesk(tmp_path / "out")
    desk.stop = True
    with pytest.raises(Cancelled):
        made(wav(tmp_path / "a.wav", 120.0), tmp_path / "out", desk)


def test_the_recipe_names_the_encoder() -> None:
    """Another ffmpeg build encodes again; a title does not."""
    values, sources = audio.recipe(replace(PROJECT, song=Song("a.mp3", 2.0)), None, seconds=12.5)
    assert set(values) == {"start", "end", "seconds", "encoder"}
    assert (values["start"], values["seconds"]) == (2.0, 12.5)
    assert set(sources) == set(values)


def loudness(path: Path) -> tuple[float, float]:
    """Integrated loudness (LUFS) and true peak (dBTP) as ffmpeg's loudnorm filter, another meter than mvr's, prints
    them."""
    said = subprocess.run(
        [str(executable()), "-hide_banner", "-i", str(path), "-af", "loudnorm=print_format=json", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    found = json.loads(said[said.rindex("{") : said.rindex("}") + 1])
    return float(found["input_i"]), float(found["input_tp"])


@pytest.mark.parametrize("wanted", [-14.0, -23.0, -9.0])
def test_the_film_is_as_loud_as_asked(wanted: float, tmp_path: Path) -> None:
    """Within half a LU of the loudness that was asked for, no true peak above -1 dBTP, and not a sample longer."""
    track = made(wav(tmp_path / "a.wav", 4.0), tmp_path / "out", loudness=wanted)
    integrated, peak = loudness(track.parts[""])
    assert abs(integrated - wanted) <= 0.5
    assert peak <= -1.0 + 0.05
    assert abs(track.provenance["loudness"] - integrated) <= 0.2
    assert len(samples(track.parts[""])) == 4 * 44100
    assert lag(samples(track.parts[""]), samples(tmp_path / "a.wav")) == 0


def test_silence_stays_silence(tmp_path: Path) -> None:
    """No gain makes silence loud; it is told as such."""
    soundfile.write(tmp_path / "a.wav", np.zeros((44100, 2)), 44100)
    track = made(tmp_path / "a.wav", tmp_path / "out", loudness=-14.0)
    assert not samples(track.parts[""]).any()
    assert track.provenance["loudness"] is None


def test_a_fade_ends_in_silence_and_leaves_the_rest_alone(tmp_path: Path) -> None:
    """The last second falls to nothing; before it the song is as it was. An mp3 is encoded then, not copied."""
    path = converted(wav(tmp_path / "a.wav", 3.0), tmp_path / "a.mp3")
    plain, faded = samples(path), made(path, tmp_path / "out", fade_out=1.0)
    heard = samples(faded.parts[""])
    assert not faded.provenance["copied"]
    assert len(heard) == 3 * 44100
    power = [float(np.square(heard[start : start + 4410]).mean()) for start in range(0, len(heard), 4410)]
    own = [float(np.square(plain[start : start + 4410]).mean()) for start in range(0, len(plain), 4410)]
    kept = [now / was for now, was in zip(power, own, strict=True)]
    assert min(kept[:19]) > 0.8
    assert kept[-1] < 0.01
    assert 0.1 < np.mean(kept[24:26]) < 0.5


def test_a_loudness_and_a_fade_are_in_the_recipe_where_they_are_asked_for() -> None:
    """A film without a `sound:` block keeps the track that it has."""
    values, sources = audio.recipe(replace(PROJECT, mix=Mix(-14.0, 2.0)), None, seconds=12.5)
    assert (values["loudness"], values["fade_out"]) == (-14.0, 2.0)
    assert set(sources) == set(values)
