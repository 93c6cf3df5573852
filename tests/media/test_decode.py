"""Sound becomes samples: every format, to the sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mvr.errors import StageError
from mvr.media.decode import MONO_RATE, Heard, check_head, decode_mono
from tests.media.material import converted, lag, samples, wav

SECONDS = 1.3
EXACT = ("flac", "ogg", "m4a", "mp3", "wv", "aiff", "mka")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wav(tmp_path_factory.mktemp("song") / "song.wav", SECONDS)


@pytest.mark.parametrize("suffix", EXACT)
def test_the_length_is_the_songs_own(suffix: str, source: Path, tmp_path: Path) -> None:
    """What a codec adds before and after the music is not counted: the length is the one that went in."""
    path = converted(source, tmp_path / f"a.{suffix}")
    heard = decode_mono(path, tmp_path / "mono.wav")
    assert heard == Heard(round(SECONDS * 44100), 44100)
    mono, rate = soundfile.read(tmp_path / "mono.wav", dtype="float32")
    assert rate == MONO_RATE
    assert abs(len(mono) - SECONDS * MONO_RATE) <= 2
    assert abs(lag(mono, samples(source, MONO_RATE))) <= 1


def test_opus_counts_in_its_own_rate(source: Path, tmp_path: Path) -> None:
    """Opus always runs at 48 kHz; its length is within one of its packets' end trimming."""
    heard = decode_mono(converted(source, tmp_path / "a.opus"), tmp_path / "mono.wav")
    assert heard.rate == 48000
    assert heard.seconds == pytest.approx(SECONDS, abs=0.01)


def test_mp3_without_a_xing_header_is_counted_as_players_play_it(source: Path, tmp_path: Path) -> None:
    """Without the header nobody knows the encoder's delay: it stays, and the song is 25 to 80 ms longer."""
    heard = decode_mono(converted(source, tmp_path / "a.mp3", write_xing=0), tmp_path / "mono.wav")
    assert SECONDS + 0.024 < heard.seconds < SECONDS + 0.08
    assert lag(samples(tmp_path / "a.mp3"), samples(source)) == 1105


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_every_width_of_sample_is_heard(subtype: str, tmp_path: Path) -> None:
    """A WAV of 8 to 64 bits a sample decodes to its own length."""
    heard = decode_mono(wav(tmp_path / "a.wav", 0.2, 48000, 1, subtype), tmp_path / "mono.wav")
    assert heard == Heard(9600, 48000)


@pytest.mark.parametrize("channels", [1, 2, 3, 6, 8])
@pytest.mark.parametrize("rate", [8000, 44100, 96000])
def test_every_count_of_channels_becomes_mono(channels: int, rate: int, tmp_path: Path) -> None:
    """Mono to 7.1, at any rate, is mixed to one channel, and is not silent."""
    heard = decode_mono(wav(tmp_path / "a.wav", 0.2, rate, channels), tmp_path / "mono.wav")
    assert heard == Heard(rate // 5, rate)
    mono, _rate = soundfile.read(tmp_path / "mono.wav")
    assert mono.ndim == 1
    assert np.abs(mono).max() > 0.05


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.floats(0, 0.6), length=st.floats(0.01, 0.6))
def test_a_part_of_a_song_is_cut_to_the_sample(start: float, length: float, source: Path, tmp_path: Path) -> None:
    """start and end name samples: the part has exactly those between them."""
    heard = decode_mono(source, tmp_path / "mono.wav", start=start, end=start + length)
    assert heard.samples == round((start + length) * 44100) - round(start * 44100)


def test_an_end_after_the_song_is_the_songs_end(source: Path, tmp_path: Path) -> None:
    """A song that is shorter than its `end` is used to where it ends."""
    assert decode_mono(source, tmp_path / "mono.wav", start=1.0, end=9.0).samples == round(0.3 * 44100)


def test_a_start_after_the_song_is_an_error(source: Path, tmp_path: Path) -> None:
    """The sentence says when the song ends, and which key to mend."""
    with pytest.raises(StageError, match=r"ends at 1\.300 s, before the start at 5\.000 s") as caught:
        decode_mono(source, tmp_path / "mono.wav", start=5.0)
    assert "song.start" in caught.value.hint


def test_a_silent_song_is_a_song(tmp_path: Path) -> None:
    """Silence decodes as any other music."""
    soundfile.write(tmp_path / "a.wav", np.zeros((22050, 2)), 44100)
    assert decode_mono(tmp_path / "a.wav", tmp_path / "mono.wav") == Heard(22050, 44100)


def test_a_song_of_no_samples_is_an_error(tmp_path: Path) -> None:
    """A WAV with a header and nothing behind it holds no sound, and both the check and the stage say so."""
    soundfile.write(tmp_path / "a.wav", np.zeros((0, 2)), 44100)
    with pytest.raises(StageError, match="0 samples"):
        decode_mono(tmp_path / "a.wav", tmp_path / "mono.wav")
    with pytest.raises(StageError, match="0 samples"):
        check_head(tmp_path / "a.wav")


def test_a_damaged_song_is_heard_as_far_as_it_goes(source: Path, tmp_path: Path) -> None:
    """A flac cut short in the middle decodes to what is there."""
    whole = converted(source, tmp_path / "a.flac").read_bytes()
    (tmp_path / "b.flac").write_bytes(whole[: len(whole) // 2])
    heard = decode_mono(tmp_path / "b.flac", tmp_path / "mono.wav")
    assert 0.2 < heard.seconds < SECONDS


def test_decoding_twice_gives_the_same_bytes(source: Path, tmp_path: Path) -> None:
    """The mono WAV has no date and no name of a program in it."""
    both = []
    for name in ("one.wav", "two.wav"):
        decode_mono(source, tmp_path / name)
        both.append((tmp_path / name).read_bytes())
    assert both[0] == both[1]
    assert b"Lavf" not in both[0]


def test_progress_may_end_it(source: Path, tmp_path: Path) -> None:
    """progress runs from 0 to 1, and what it raises ends the decoding."""
    told: list[float] = []
    decode_mono(source, tmp_path / "mono.wav", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0, abs=0.01)

    def stop(_fraction: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        decode_mono(source, tmp_path / "mono.wav", progress=stop)


def test_the_head_of_a_song_is_enough_to_check_it(source: Path) -> None:
    """check_head gives the stream it found."""
    assert check_head(source).rate == 44100
