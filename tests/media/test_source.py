"""Which frames of a file a segment shows: its handles, its own rate, faster and slower, before it and after it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from mvr.media.encode import VideoWriter
from mvr.media.finish import Part, encode_source
from mvr.media.source import Canvas, Source

WIDTH, HEIGHT = 64, 48
FPS = Fraction(24)


def numbered(path: Path, frames: int, fps: Fraction) -> Path:
    """A clip whose frame n is a flat grey of 16 + 4 n, up to 50 frames."""
    with VideoWriter(path, width=WIDTH, height=HEIGHT, fps=fps) as writer:
        for index in range(frames):
            picture = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
            picture[:HEIGHT] = 16 + 4 * index
            writer.write(picture)
    return path


def numbers(path: Path) -> list[int]:
    """The numbers of the frames that a segment shows."""
    with av.open(str(path)) as container:
        return [round((float(shown.to_ndarray()[:HEIGHT].mean()) - 16) / 4) for shown in container.decode(video=0)]


def shows(clip: Path, out: Path, frames: int, fps: Fraction = FPS, **wanted: Any) -> list[int]:
    encode_source(Source(clip, **wanted), out, Canvas(WIDTH, HEIGHT, fps), Part(frames), folder=out.parent)
    return numbers(out)


def test_handles_are_passed_over(tmp_path: Path) -> None:
    """A shot begins `lead` frames into its clip, and a span of it `offset` frames later or earlier."""
    clip = numbered(tmp_path / "clip.mp4", 30, FPS)
    assert shows(clip, tmp_path / "s.mp4", 4, lead=8) == [8, 9, 10, 11]
    assert shows(clip, tmp_path / "s.mp4", 3, lead=8, offset=5) == [13, 14, 15]
    assert shows(clip, tmp_path / "s.mp4", 3, lead=8, offset=-2) == [6, 7, 8]


@pytest.mark.parametrize("rate", ["25", "16", "60", "30000/1001"])
def test_a_clip_plays_at_its_own_rate(rate: str, tmp_path: Path) -> None:
    """At every frame of the film stands the frame of the clip that is on screen then, counted exactly."""
    clip = numbered(tmp_path / "clip.mp4", 50, Fraction(rate))
    for speed, offset in (("1", 0), ("1", 3), ("1.7", -4), ("0.5", 3)):
        ratio = Fraction(speed) * Fraction(rate) / FPS
        wanted = [int(20 + (offset + index) * ratio) for index in range(4)]
        shown = shows(clip, tmp_path / "s.mp4", 4, lead=20, offset=offset, own_rate=True, speed=Fraction(speed))
        assert shown == wanted


def test_what_is_before_a_clip_is_its_first_picture(tmp_path: Path) -> None:
    """A span that begins before the clip does shows its first picture until then."""
    clip = numbered(tmp_path / "clip.mp4", 9, FPS)
    assert shows(clip, tmp_path / "s.mp4", 5, offset=-3) == [0, 0, 0, 0, 1]
    assert shows(clip, tmp_path / "s.mp4", 5, offset=-3, own_rate=True, speed=Fraction(2)) == [0, 0, 0, 0, 2]
