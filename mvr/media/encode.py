"""Pictures become video of one stream class a film, so that segments join by copying packets; sound becomes AAC."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mvr.errors import StageError
from mvr.media.probe import FILMS, frames_of, probe, still_format
from mvr.media.run import Ffmpeg, command, run
from mvr.media.stream import coding, stream_class, timescale
from mvr.media.tool import encoder_identity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "VideoWriter",
    "encode_span",
    "encoder_identity",
    "headers",
    "one_pass_arguments",
    "stream_class",
    "timescale",
]


def _on() -> None:
    return None


class VideoWriter:
    """Writes frames into a segment, as a context manager: leaving it finishes the file, an exception inside drops it.

    A frame that the encoder cannot take yet makes `write` wait, so no more than a few are ever held. heed is called
    while it waits, and may raise. Raises StageError with ffmpeg's last lines where it fails.
    """

    def __init__(
        self,
        path: Path,
        *,
        width: int,
        height: int,
        fps: Fraction,
        draft: bool = False,
        heed: Callable[[], None] = _on,
    ) -> None:
        import ffmpeg

        self.path = path
        self.frames = 0
        self._shape = (height * 3 // 2, width)
        pixels = ffmpeg.input(
            "pipe:0", format="rawvideo", pix_fmt="yuv420p", s=f"{width}x{height}", framerate=str(fps), threads=1
        )
        output = _tagged(pixels.video).output(str(path), **coding(fps, draft))
        self._ffmpeg = Ffmpeg(output, f"encode {path.name}", feeds=True, heed=heed)

    def __enter__(self) -> Self:
        return self

    def write(self, yuv: NDArray[np.uint8]) -> None:
        """Takes one frame: uint8 (height * 3 // 2, width), I420, BT.709 limited range, C-contiguous. Raises ValueError
        where it is anything else."""
        if yuv.shape != self._shape or yuv.dtype != "uint8" or not yuv.flags.c_contiguous:
            raise ValueError(f"a frame is uint8 {self._shape} and contiguous, not {yuv.dtype} {yuv.shape}")
        self._ffmpeg.feed(yuv.data)
        self.frames += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self._ffmpeg.__exit__(kind, error, at)
            if kind is None and not self.frames:
                raise StageError(f"no frame was written to {self.path.name}", "a shot has at least one frame")
        except BaseException:
            self.path.unlink(missing_ok=True)
            raise
        if kind is not None:
            self.path.unlink(missing_ok=True)


@lru_cache(maxsize=16)
def headers(width: int, height: int, fps: Fraction, draft: bool, _identity: str) -> bytes:
    """The extradata of a stream class, learnt by encoding one frame of it (0.1 s at 1080p), once a process.

    _identity is encoder_identity(): another build has other headers. Raises StageError where ffmpeg fails.
    """
    import numpy as np

    with TemporaryDirectory() as folder:
        path = Path(folder) / "one.mp4"
        with VideoWriter(path, width=width, height=height, fps=fps, draft=draft) as writer:
            writer.write(np.full((height * 3 // 2, width), 128, np.uint8))
        return probe(path).videos[0].extradata


def one_pass_arguments(source: Path, path: Path, width: int, height: int, fps: Fraction) -> list[str]:
    """The command that encodes a whole film anew, with the settings of its segments, for comparison."""
    source_video = _filled(_input(source, stills=False), width, height)
    return command(source_video.output(str(path), **coding(fps, draft=False)))


def _tagged(video: Any) -> Any:
    """Says what the samples are: no filter converts them on a guess (BT.601 is ffmpeg's), and no trace of where they
    came from (square pixels that one source names and another does not) gets into the stream's headers."""
    colours = {"range": "tv", "colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709"}
    return video.filter("setparams", field_mode="prog", **colours).filter("setsar", 1)


def encode_span(
    source: Path,
    path: Path,
    *,
    width: int,
    height: int,
    fps: Fraction,
    frames: int,
    draft: bool = False,
    hold: bool = False,
    pad: bool = False,
    overlay: Path | None = None,
    heed: Callable[[], None] = _on,
) -> None:
    """Encodes the first frames of a video, or one still held, into a segment of exactly that many frames.

    The picture is scaled to fill width x height pixels and cropped at its middle. The frames of a video are taken one
    for one, whatever its rate: nothing is retimed. hold shows the first picture of source for all of them; source may
    then be a PNG, JPEG, TIFF or WebP. pad holds the last picture where source has fewer frames. overlay is an RGBA
    picture of the segment's size, laid on every frame.

    heed is called ten times a second, and may raise. Raises StageError where source has fewer frames, or ffmpeg fails.
    """
    picture = _filled(_input(source, stills=hold), width, height)
    if hold:
        picture = picture.filter("trim", end_frame=1)
    if overlay:
        drawn = _input(overlay, stills=True)
        picture = _tagged(picture.overlay(drawn, format="yuv420", eof_action="repeat"))
    if hold:
        picture = picture.filter("loop", loop=frames - 1, size=1)
    elif pad:
        picture = picture.filter("tpad", stop=frames, stop_mode="clone")
    picture = picture.filter("settb", f"{fps.denominator}/{fps.numerator}").filter("setpts", "N")
    output = picture.output(str(path), vframes=frames, an=None, sn=None, dn=None, **coding(fps, draft))
    run(output, f"encode {path.name}", heed=heed)
    found = frames_of(path)
    if found != frames:
        raise StageError(
            f"the clip has {found} frames, and its shot needs {frames}",
            "give a clip at least as long as the shot, or move the cut",
        )


def _input(source: Path, *, stills: bool) -> Any:
    """The picture stream of a file that may be a film or, with stills, a still picture."""
    import ffmpeg

    kind = still_format(source) if stills else None
    form = {"format": kind} if kind else {"format_whitelist": FILMS}
    return ffmpeg.input(f"file:{source}", protocol_whitelist="file", threads=1, **form).video


def _filled(video: Any, width: int, height: int) -> Any:
    """The picture scaled to fill a size and cropped at its middle, in the class's pixels, the same bits everywhere."""
    video = video.filter(
        "scale",
        width,
        height,
        force_original_aspect_ratio="increase",
        flags="lanczos+accurate_rnd+full_chroma_int+bitexact",
        out_color_matrix="bt709",
        out_range="tv",
    )
    video = video.filter("crop", width, height).filter("format", "yuv420p")
    return _tagged(video)
