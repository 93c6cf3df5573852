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
from mvr.media.probe import probe
from mvr.media.run import Ffmpeg, command
from mvr.media.source import filled, opened_picture, tagged
from mvr.media.stream import coding, stream_class, timescale
from mvr.media.tool import encoder_identity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "VideoWriter",
    "encoder_identity",
    "headers",
    "one_pass_arguments",
    "stream_class",
    "timescale",
]


def _on() -> None:
    return None


def _bare(video: Any) -> Any:
    return video


class VideoWriter:
    """Writes frames into a segment, as a context manager: leaving it finishes the file, an exception inside drops it.

    master: near-lossless, for a clip that segments are cut from. lay adds what ffmpeg is to draw on every frame before
    it encodes, to the picture as ffmpeg-python has it.

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
        master: bool = False,
        lay: Callable[[Any], Any] = _bare,
        heed: Callable[[], None] = _on,
    ) -> None:
        import ffmpeg

        self.path = path
        self.frames = 0
        self._shape = (height * 3 // 2, width)
        pixels = ffmpeg.input(
            "pipe:0", format="rawvideo", pix_fmt="yuv420p", s=f"{width}x{height}", framerate=str(fps), threads=1
        )
        output = lay(tagged(pixels.video)).output(str(path), **coding(fps, draft, master))
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
    source_video = filled(opened_picture(source, stills=False), width, height)
    return command(source_video.output(str(path), **coding(fps, draft=False)))
