"""The film is joined by copying packets: exact at every cut, the same bytes every time, or not at all."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mvr.errors import StageError
from mvr.media.encode import encoder_identity, headers, timescale
from mvr.media.join import Segment, check_film, fits, join
from mvr.media.packets import created
from mvr.media.sound import copy_sound, encode_aac
from tests.media.material import (
    HEIGHT,
    WIDTH,
    converted,
    lag,
    pictures,
    samples,
    segment,
    segments,
    times,
    wav,
)

RATES = [Fraction(24), Fraction(25), Fraction(30), Fraction(30000, 1001)]
LENGTHS = (30, 1, 2, 75, 3, 1, 1, 64)
FPS = Fraction(24)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of sound as AAC."""
    folder = tmp_path_factory.mktemp("song")
    encode_aac(wav(folder / "song.wav", 10.0), folder / "audio.m4a", seconds=10.0)
    return folder / "audio.m4a"


@pytest.mark.parametrize("fps", RATES, ids=str)
@pytest.mark.parametrize("draft", [False, True])
def test_a_joined_film_is_its_segments_frame_by_frame(fps: Fraction, draft: bool, song: Path, tmp_path: Path) -> None:
    """Every decoded frame of the film equals the segment's own, at its exact time, and every cut is a keyframe."""
    parts = [
        segment(tmp_path / f"s{index}.mp4", count, fps, seed=index, draft=draft) for index, count in enumerate(LENGTHS)
    ]
    film = tmp_path / "film.mp4"
    join(parts, song, film, fps=fps)
    assert pictures(film) == [picture for part in parts for picture in pictures(part.path)]
    total = sum(LENGTHS)
    assert times(film) == [index / fps for index in range(total)]
    cuts = {sum(LENGTHS[:index]) for index in range(len(LENGTHS))}
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        keys = {packet.pts for packet in container.demux(stream) if packet.size and packet.is_keyframe}
    step = timescale(fps)[1]
    assert {cut * step for cut in cuts} <= keys


def test_a_film_joined_twice_has_the_same_bytes(song: Path, tmp_path: Path) -> None:
    """Nothing of the clock, the machine or the path stands in a film."""
    parts = segments(tmp_path, (5, 1, 9), FPS)
    (tmp_path / "b").mkdir()
    join(parts, song, tmp_path / "film.mp4", fps=FPS)
    join(parts, song, tmp_path / "b" / "other name.mp4", fps=FPS)
    assert (tmp_path / "film.mp4").read_bytes() == (tmp_path / "b" / "other name.mp4").read_bytes()


def test_a_films_index_stands_in_front(song: Path, tmp_path: Path) -> None:
    """A browser can play before it has the whole file: `moov` comes before `mdat`."""
    join(segments(tmp_path, (5,), FPS), song, tmp_path / "film.mp4", fps=FPS)
    written = (tmp_path / "film.mp4").read_bytes()
    assert 0 < written.index(b"moov") < written.index(b"mdat")
    assert b"Lavf" not in written


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counts=st.lists(st.integers(1, 12), min_size=1, max_size=6), fps=st.sampled_from(RATES))
def test_any_lengths_join_exactly(counts: list[int], fps: Fraction, song: Path, tmp_path: Path) -> None:
    """Whatever the cuts, no frame is lost, doubled or late."""
    parts = segments(tmp_path, counts, fps)
    join(parts, song, tmp_path / "film.mp4", fps=fps)
    assert times(tmp_path / "film.mp4") == [index / fps for index in range(sum(counts))]
    assert pictures(tmp_path / "film.mp4") == [picture for part in parts for picture in pictures(part.path)]


@pytest.mark.parametrize(("suffix", "options"), [("mp3", {}), ("mp3", {"write_xing": 0}), ("m4a", {}), ("aac", {})])
def test_copied_sound_is_heard_when_the_song_is(suffix: str, options: dict[str, int], tmp_path: Path) -> None:
    """A film's sound is the song's to the sample, at its end as at its start: no codec's delay comes in."""
    source = converted(wav(tmp_path / "song.wav", 3.0), tmp_path / f"song.{suffix}", **options)
    alone = samples(source)
    assert copy_sound(source, tmp_path / "audio.m4a", seconds=3.0, heard=len(alone) / 44100)
    join(segments(tmp_path, (40, 32), FPS), tmp_path / "audio.m4a", tmp_path / "film.mp4", fps=FPS)
    heard = samples(tmp_path / "film.mp4")
    assert len(heard) == 3 * 44100
    assert lag(heard, alone[: 3 * 44100]) == 0
    assert lag(heard[-44100:], alone[2 * 44100 : 3 * 44100]) == 0


@pytest.mark.parametrize("seconds", [2.98, 3.02, 2.5, 4.0])
@pytest.mark.parametrize("kind", ["copied", "encoded"])
def test_sound_ends_with_the_picture(kind: str, seconds: float, tmp_path: Path) -> None:
    """A sound that is shorter or longer than the picture is made as long: within a sample, and never the other way."""
    source = converted(wav(tmp_path / "song.wav", seconds), tmp_path / "song.mp3")
    audio = tmp_path / "audio.m4a"
    if kind == "copied":
        assert copy_sound(source, audio, seconds=seconds, heard=seconds)
    else:
        encode_aac(source, audio, seconds=seconds)
    join(segments(tmp_path, (72,), FPS), audio, tmp_path / "film.mp4", fps=FPS)
    with av.open(str(tmp_path / "film.mp4")) as container:
        picture, sound = (
            (stream.duration or 0) * (stream.time_base or Fraction(0))
            for stream in (container.streams.video[0], container.streams.audio[0])
        )
    assert picture == 3
    assert abs(sound - picture) <= Fraction(1, 44100)
    heard = samples(tmp_path / "film.mp4")
    common = min(len(heard), round(seconds * 44100)) - 2000
    assert lag(heard[:common], samples(source)[:common]) == 0


def test_a_segment_of_another_class_is_refused(song: Path, tmp_path: Path) -> None:
    """Another size or another preset never enters a film, and the segment is named."""
    first = segment(tmp_path / "a.mp4", 3, FPS)
    for other in (segment(tmp_path / "b.mp4", 3, FPS, draft=True), segment(tmp_path / "c.mp4", 3, FPS, width=128)):
        with pytest.raises(StageError, match=f"^{other.name} is of another stream class"):
            join([first, other], song, tmp_path / "film.mp4", fps=FPS)
        assert not (tmp_path / "film.mp4").exists()


def test_a_segment_of_another_length_is_refused(song: Path, tmp_path: Path) -> None:
    """The plan's frame count is a promise."""
    made = segment(tmp_path / "a.mp4", 3, FPS)
    with pytest.raises(StageError, match="the segment holds 3 frames, and the plan says 4"):
        join([Segment(made.path, 4)], song, tmp_path / "film.mp4", fps=FPS)


def test_a_segment_without_a_keyframe_in_front_is_refused(song: Path, tmp_path: Path) -> None:
    """A film whose cut could not be decoded is not made."""
    whole = segment(tmp_path / "a.mp4", 6, FPS).path
    cut = tmp_path / "cut.mp4"
    with av.open(str(whole)) as container, created(cut, 12288) as out:
        track = out.add_stream_from_template(container.streams.video[0])
        for packet in list(container.demux(container.streams.video[0]))[1:]:
            if packet.size:
                packet.stream = track
                out.mux(packet)
    with pytest.raises(StageError, match="does not start with a keyframe"):
        join([Segment(cut, 5)], song, tmp_path / "film.mp4", fps=FPS)
    assert not fits(Segment(cut, 5), headers(WIDTH, HEIGHT, FPS, False, encoder_identity()), FPS)


def test_a_film_of_nothing_and_a_segment_of_sound_are_refused(song: Path, tmp_path: Path) -> None:
    """There is always a picture."""
    with pytest.raises(StageError, match="no segment"):
        join([], song, tmp_path / "film.mp4", fps=FPS)
    with pytest.raises(StageError, match="holds no picture"):
        join([Segment(song, 1)], song, tmp_path / "film.mp4", fps=FPS)
    assert not (tmp_path / "film.mp4").exists()


def test_a_film_of_another_length_is_found_and_removed(song: Path, tmp_path: Path) -> None:
    """What was written is looked at: a film that is not the planned one is an error and does not stay."""
    film = tmp_path / "film.mp4"
    join(segments(tmp_path, (5,), FPS), song, film, fps=FPS)
    check_film(film, 5, FPS)
    with pytest.raises(StageError, match="planned are 6 frames"):
        check_film(film, 6, FPS)
    assert not film.exists()


def test_a_join_that_is_stopped_leaves_nothing(song: Path, tmp_path: Path) -> None:
    """What progress raises ends the join, and the half-made film is gone."""

    def stop(_fraction: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        join(segments(tmp_path, (5,), FPS), song, tmp_path / "film.mp4", fps=FPS, progress=stop)
    assert not (tmp_path / "film.mp4").exists()


def test_a_disk_that_cannot_be_written_is_said(song: Path, tmp_path: Path) -> None:
    """A film that cannot be written is an error with the system's word for it."""
    with pytest.raises(StageError, match="cannot be written"):
        join(segments(tmp_path, (5,), FPS), song, tmp_path / "nowhere" / "film.mp4", fps=FPS)


def test_a_damaged_song_is_not_copied(tmp_path: Path) -> None:
    """Where packets do not add up to what is heard, copying would lose time: False is given, and nothing is left."""
    source = converted(wav(tmp_path / "song.wav", 3.0), tmp_path / "song.mp3")
    assert not copy_sound(source, tmp_path / "audio.m4a", seconds=3.0, heard=2.0)
    assert not (tmp_path / "audio.m4a").exists()
