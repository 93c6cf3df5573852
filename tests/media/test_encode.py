"""Pictures become segments: one stream class, exact frames, true colours, the same bytes every time."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mvr.errors import StageError
from mvr.media.encode import (
    VideoWriter,
    encoder_identity,
    headers,
    one_pass_arguments,
    stream_class,
    timescale,
)
from mvr.media.finish import Part, encode_source
from mvr.media.probe import probe
from mvr.media.source import Canvas, Source
from tests.media.material import HEIGHT, WIDTH, converted, frame, pictures, segment, times

GOLDEN = Path(__file__).parent.parent / "golden" / "one_pass.json"
FPS = Fraction(24)


def shown(path: Path) -> NDArray[np.uint8]:
    """The first frame of a video as BGR pixels."""
    with av.open(str(path)) as container:
        return next(container.decode(video=0)).to_ndarray(format="bgr24").astype(np.uint8)


def still(path: Path, width: int, height: int) -> Path:
    """A picture of four flat quarters: red, green, blue and grey."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 2, : width // 2] = (20, 30, 200)
    picture[: height // 2, width // 2 :] = (30, 190, 40)
    picture[height // 2 :, : width // 2] = (210, 60, 20)
    picture[height // 2 :, width // 2 :] = 128
    cv2.imwrite(str(path), picture)
    return path


def encode_span(
    source: Path, path: Path, *, width: int, height: int, fps: Fraction, frames: int, badge: str = "", **wanted: Any
) -> None:
    """A segment of the first frames of a file."""
    steps = [{"do": "badge", "text": badge}] if badge else []
    canvas = Canvas(width, height, fps)
    encode_source(Source(source, **wanted), path, canvas, Part(frames, steps), folder=path.parent)


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(30000, 1001), Fraction(1), Fraction(240)])
@pytest.mark.parametrize("draft", [False, True])
def test_a_segment_has_its_frames_at_exact_times(fps: Fraction, draft: bool, tmp_path: Path) -> None:
    """Frame i is shown at i / fps, with no rounding, in both classes."""
    made = segment(tmp_path / "s.mp4", 9, fps, draft=draft)
    assert times(made.path) == [index / fps for index in range(9)]


def test_the_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    """Encoding has no clock and no chance in it."""
    one, two = (segment(tmp_path / name, 20, FPS).path.read_bytes() for name in ("a.mp4", "b.mp4"))
    assert one == two


def test_every_segment_of_a_class_has_one_header(tmp_path: Path) -> None:
    """Neither the pictures nor their number show in the extradata, and `headers` knows it before any is made."""
    flat = tmp_path / "flat.mp4"
    with VideoWriter(flat, width=WIDTH, height=HEIGHT, fps=FPS) as writer:
        writer.write(np.full((HEIGHT * 3 // 2, WIDTH), 100, np.uint8))
    found = {probe(path).videos[0].extradata for path in (flat, segment(tmp_path / "s.mp4", 90, FPS).path)}
    assert found == {headers(WIDTH, HEIGHT, FPS, False, encoder_identity())}
    assert headers(WIDTH, HEIGHT, FPS, True, encoder_identity()) not in found


def test_a_frame_that_is_no_frame_is_refused(tmp_path: Path) -> None:
    """Another size, type or layout is a fault of the caller, found at once."""
    with (
        pytest.raises(ValueError, match="a frame is uint8"),
        VideoWriter(tmp_path / "s.mp4", width=WIDTH, height=HEIGHT, fps=FPS) as writer,
    ):
        writer.write(np.zeros((HEIGHT, WIDTH), np.uint8))
    with (
        pytest.raises(ValueError, match="contiguous"),
        VideoWriter(tmp_path / "s.mp4", width=WIDTH, height=HEIGHT, fps=FPS) as writer,
    ):
        writer.write(np.asfortranarray(frame(0)))


def test_a_segment_of_nothing_is_an_error(tmp_path: Path) -> None:
    """A writer that is left without a frame leaves no file."""
    with pytest.raises(StageError), VideoWriter(tmp_path / "s.mp4", width=WIDTH, height=HEIGHT, fps=FPS):
        pass
    assert not (tmp_path / "s.mp4").exists()


def test_a_segment_says_its_colours(tmp_path: Path) -> None:
    """Every player is told BT.709 in limited range, and luma passes through as it was written."""
    grey = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    grey[:HEIGHT] = 77
    with VideoWriter(tmp_path / "s.mp4", width=WIDTH, height=HEIGHT, fps=FPS) as writer:
        writer.write(grey)
    with av.open(str(tmp_path / "s.mp4")) as container:
        picture = next(container.decode(video=0))
    assert (picture.colorspace, picture.color_range) == (1, 1)
    assert np.abs(picture.to_ndarray().astype(int) - grey).max() <= 1


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_a_still_is_held_in_its_own_colours(suffix: str, tmp_path: Path) -> None:
    """A picture is scaled to fill, shown for exactly the frames asked for, and keeps its colours."""
    source = still(tmp_path / f"100%03d{suffix}", 128, 96)
    encode_span(source, tmp_path / "s.mp4", width=WIDTH, height=HEIGHT, fps=FPS, frames=5, hold=True)
    assert times(tmp_path / "s.mp4") == [index / FPS for index in range(5)]
    difference = shown(tmp_path / "s.mp4")[6:18, 6:26].astype(int) - np.array([20, 30, 200])
    assert np.abs(difference).max() <= 8


def test_no_source_shows_in_the_headers(tmp_path: Path) -> None:
    """Whatever a segment is made from, and whatever is laid on it, it is of the film's class."""
    known = headers(WIDTH, HEIGHT, FPS, False, encoder_identity())
    size: dict[str, Any] = {"width": WIDTH, "height": HEIGHT, "fps": FPS, "frames": 2}
    sources = [still(tmp_path / f"a{suffix}", 128, 96) for suffix in (".png", ".jpg", ".webp", ".tiff")]
    sources.append(segment(tmp_path / "a.mp4", 2, Fraction(30)).path)
    odd = {"vcodec": "mpeg4", "vf": "setsar=4/3,setparams=colorspace=smpte170m"}
    sources.append(converted(sources[-1], tmp_path / "a.avi", **odd))
    odd = {"vcodec": "libx265", "pix_fmt": "yuv422p10le", "x265-params": "chromaloc=2:log-level=none"}
    sources.append(converted(sources[-2], tmp_path / "b.mp4", **odd))
    for source in sources:
        for badge in ("", "sketch"):
            encode_span(source, tmp_path / "s.mp4", hold=True, badge=badge, **size)
            assert probe(tmp_path / "s.mp4").videos[0].extradata == known, (source.name, badge)


def test_a_picture_of_another_shape_is_cropped_at_its_middle(tmp_path: Path) -> None:
    """A wide picture fills an upright film: its sides are cut, nothing is squeezed and no border shows."""
    wide = np.zeros((48, 160, 3), np.uint8)
    wide[:, 64:96] = 255
    cv2.imwrite(str(tmp_path / "wide.png"), wide)
    encode_span(tmp_path / "wide.png", tmp_path / "s.mp4", width=32, height=48, fps=FPS, frames=1, hold=True)
    assert shown(tmp_path / "s.mp4").min() > 235


def test_a_video_is_taken_frame_by_frame_from_its_start(tmp_path: Path) -> None:
    """A clip of another rate is not retimed: the film's frame n is the clip's frame n."""
    clip = segment(tmp_path / "clip.mp4", 9, Fraction(30), seed=3)
    encode_span(clip.path, tmp_path / "s.mp4", width=WIDTH, height=HEIGHT, fps=FPS, frames=6)
    assert times(tmp_path / "s.mp4") == [index / FPS for index in range(6)]
    with av.open(str(clip.path)) as was, av.open(str(tmp_path / "s.mp4")) as now:
        for one, two in zip(was.decode(video=0), now.decode(video=0), strict=False):
            assert np.abs(one.to_ndarray().astype(int) - two.to_ndarray()).mean() < 3


def test_a_clip_too_short_is_an_error_unless_its_end_may_be_held(tmp_path: Path) -> None:
    """A shot never gets fewer frames than planned: it fails, or with `pad` its last picture stays."""
    clip = segment(tmp_path / "clip.mp4", 4, FPS).path
    size = {"width": WIDTH, "height": HEIGHT, "fps": FPS}
    with pytest.raises(StageError, match="has 4 frames, and its shot needs 6"):
        encode_span(clip, tmp_path / "s.mp4", frames=6, **size)  # type: ignore[arg-type]
    encode_span(clip, tmp_path / "s.mp4", frames=6, pad=True, **size)  # type: ignore[arg-type]
    assert len(pictures(tmp_path / "s.mp4")) == 6


def test_a_badge_is_drawn_and_the_rest_is_left_alone(tmp_path: Path) -> None:
    """The words stand in the top left corner; below them the picture is what it was."""
    clip = segment(tmp_path / "clip.mp4", 3, FPS, width=256).path
    size = {"width": 256, "height": HEIGHT, "fps": FPS, "frames": 3}
    encode_span(clip, tmp_path / "bare.mp4", **size)  # type: ignore[arg-type]
    encode_span(clip, tmp_path / "worded.mp4", badge="earlier take", **size)  # type: ignore[arg-type]
    changed = np.abs(shown(tmp_path / "bare.mp4").astype(int) - shown(tmp_path / "worded.mp4")).mean(axis=2)
    assert changed[6:10, 6:40].mean() > 20
    assert changed[24:].mean() < 3


def test_a_playlist_is_no_clip(tmp_path: Path) -> None:
    """A file that names other files is not followed."""
    segment(tmp_path / "clip.mp4", 3, FPS)
    (tmp_path / "list.txt").write_text("ffconcat version 1.0\nfile clip.mp4\n")
    with pytest.raises(StageError, match="could not encode"):
        encode_span(tmp_path / "list.txt", tmp_path / "s.mp4", width=WIDTH, height=HEIGHT, fps=FPS, frames=2)


def test_the_clock_of_a_film_fits_its_file() -> None:
    """A frame is a whole number of ticks, and ticks a second fit mp4's 32 bits, for any rate."""
    assert timescale(Fraction(24)) == (12288, 512)
    assert timescale(Fraction(30000, 1001)) == (15360000, 512512)
    ticks, step = timescale(Fraction(1000000007, 5000011))
    assert Fraction(ticks, step) == Fraction(1000000007, 5000011)
    assert ticks < 2**31


def test_a_stream_class_is_plain_data() -> None:
    """It enters recipes: JSON gives it back as it was, and the draft's is another."""
    known = stream_class(1080, 1920, Fraction(30000, 1001))
    assert json.loads(json.dumps(known)) == known
    assert known["fps"] == "30000/1001"
    assert stream_class(1080, 1920, FPS, draft=True) != stream_class(1080, 1920, FPS)


def test_what_ffmpeg_is_told_is_pinned() -> None:
    """ffmpeg's arguments for a film's picture change only on purpose."""
    words = one_pass_arguments(Path("in.mp4"), Path("out.mp4"), 1080, 1920, Fraction(30000, 1001))
    words[0] = "ffmpeg"
    assert words == json.loads(GOLDEN.read_text("utf-8"))
