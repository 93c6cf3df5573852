"""What a file holds, and what is refused before ffmpeg reads it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import ffmpeg
import numpy as np
import pytest

from mvr.errors import StageError
from mvr.media.decode import check_head, song_stream
from mvr.media.probe import frames_of, probe, still_format
from mvr.media.run import run
from tests.media.material import converted, segment, wav


def test_a_segment_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Size, rate, frame count and clock of a segment come back exactly."""
    media = probe(segment(tmp_path / "s.mp4", 7, Fraction(30000, 1001)).path)
    (video,) = media.videos
    assert (video.codec, video.width, video.height, video.pixels) == ("h264", 64, 48, "yuv420p")
    assert (video.fps, video.frames, video.time_base) == (Fraction(30000, 1001), 7, Fraction(1, 512 * 30000))
    assert media.audios == ()
    assert frames_of(tmp_path / "s.mp4") == 7


def test_cover_art_is_no_video(tmp_path: Path) -> None:
    """An mp3 with a picture of its album is a song, not a film."""
    cover = tmp_path / "cover.png"
    cv2.imwrite(str(cover), np.full((32, 32, 3), 90, np.uint8))
    song, out = converted(wav(tmp_path / "a.wav", 0.5), tmp_path / "plain.mp3"), tmp_path / "a.mp3"
    streams = [ffmpeg.input(str(song)).audio, ffmpeg.input(str(cover)).video]
    run(ffmpeg.output(*streams, str(out), codec="copy", **{"disposition:v": "attached_pic"}), "add a cover")
    media, stream = song_stream(out)
    assert (media.videos, media.pictures) == ((), 1)
    assert (stream.codec, stream.rate, stream.channels) == ("mp3", 44100, 2)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("words.txt", b"It was a dark and stormy night.\n" * 40, "no sound or film"),
        ("words.mp3", b"It was a dark and stormy night.\n" * 40, "no sound or film"),
        ("list.m3u8", b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nother.ts\n#EXT-X-ENDLIST\n", "no sound or film"),
        ("list.ffconcat", b"ffconcat version 1.0\nfile other.wav\n", "no sound or film"),
        ("lines.srt", b"1\n00:00:01,000 --> 00:00:02,000\nla la\n", "no sound or film"),
        ("empty.mp3", b"", r"empty \(0 bytes\)"),
        ("zeros.mp3", b"\0" * 5000, "no sound"),
        ("binary.wav", bytes(range(256)) * 30, "no sound"),
    ],
)
def test_what_is_no_song_is_refused(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    """Text, playlists (which name other files), subtitles, nothing and rubbish are no song, and the file is named."""
    path = tmp_path / name
    path.write_bytes(content)
    wav(tmp_path / "other.wav", 0.2)
    with pytest.raises(StageError, match=says) as caught:
        check_head(path)
    assert caught.value.what.startswith(name)
    assert caught.value.hint


def test_a_song_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing file, and a folder in its place, are told apart."""
    with pytest.raises(StageError, match=r"a\.wav does not exist"):
        song_stream(tmp_path / "a.wav")
    with pytest.raises(StageError, match="is a folder"):
        song_stream(tmp_path)


def test_a_video_without_sound_is_no_song(tmp_path: Path) -> None:
    """The sentence says what is missing: not that the file is broken, but that it is silent."""
    with pytest.raises(StageError, match="video without sound"):
        song_stream(segment(tmp_path / "s.mp4", 2, Fraction(24)).path)


@pytest.mark.parametrize(
    ("suffix", "known"), [(".png", "png_pipe"), (".jpg", "jpeg_pipe"), (".tiff", "tiff_pipe"), (".webp", "webp_pipe")]
)
def test_a_still_is_told_by_its_bytes(suffix: str, known: str, tmp_path: Path) -> None:
    """A picture is known by how it begins, whatever its name says."""
    cv2.imwrite(str(tmp_path / f"a{suffix}"), np.zeros((16, 16, 3), np.uint8))
    path = (tmp_path / f"a{suffix}").rename(tmp_path / "still%03d.txt")
    assert still_format(path) == known


def test_a_film_is_no_still(tmp_path: Path) -> None:
    """A video held as a still is read as a video."""
    assert still_format(segment(tmp_path / "s.mp4", 1, Fraction(24)).path) is None
