"""The finishing chain: what is done to a shot's picture on its way into a segment, and the encode that does it.

A chain is plain data in a recipe: a list of steps, each `{"do": NAME, ...}`, in the order in which they are done. By
where they are done they are of three kinds, and a name stands in one table only:

    source.SHAPED   fit, crop, grade, lut     on the file's picture, by ffmpeg, before anything else
    drawn.DRAWN     react, grain, vignette, letterbox     frame by frame, on I420 planes
    LAID            badge, words, overlays    on the finished picture, by the ffmpeg that encodes it

An empty chain is nothing: a clip that is a segment already is then passed on as it is. Where nothing is drawn, one
ffmpeg does it all; else one decodes, the planes are drawn on here, and another encodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr.errors import StageError
from mvr.media.drawn import DRAWN, Planes
from mvr.media.encode import VideoWriter
from mvr.media.probe import frames_of
from mvr.media.run import Ffmpeg, run
from mvr.media.source import Canvas, Source, chosen, opened_picture, shaped, tagged, timed
from mvr.media.stream import coding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Json = Any


def _on() -> None:
    return None


@dataclass(frozen=True)
class Part:
    """One shot's share of a span, and its chain. frames: how many it has there, the first of them being the shot's own
    frame `first`. given: the documents that its steps read, by role, such as `sound`.

    A segment has one part; a transition has one of each of its two shots, that meet at the cut.
    """

    frames: int
    steps: Sequence[Json] = ()
    first: int = 0
    given: Mapping[str, Path] = field(default_factory=dict)

    def step(self, name: str) -> Json | None:
        """The step of that name in this part's chain, or None."""
        return next((step for step in self.steps if step["do"] == name), None)


@dataclass(frozen=True)
class Laying:
    """What a laid step gets: the frame, the parts of the span in their order, and a folder for files of its own."""

    canvas: Canvas
    parts: Sequence[Part]
    folder: Path

    @property
    def frames(self) -> int:
        return sum(part.frames for part in self.parts)


def _badge(video: Any, laying: Laying) -> Any:
    """Words in the corner of a picture that stands in for another: {"do": "badge", "text": ...}."""
    from mvr.media.badge import draw_badge

    canvas, picture = laying.canvas, laying.folder / "badge.png"
    words = next(step["text"] for part in laying.parts if (step := part.step("badge")))
    draw_badge(words, picture, canvas.width, canvas.height)
    return over(video, picture)


def over(video: Any, picture: Path) -> Any:
    """An RGBA picture of the frame's size, laid on every frame."""
    drawn = opened_picture(picture, stills=True)
    return tagged(video.overlay(drawn, format="yuv420", eof_action="repeat"))


def _words(video: Any, laying: Laying) -> Any:
    """Captions, title, credits and lower thirds: see captions. Frame n passes libass at n tenths of a second."""
    from mvr.media.captions import Sheet, Stretch

    canvas, at = laying.canvas, 0
    sheet = Sheet(canvas.width, canvas.height, float(canvas.fps), laying.folder)
    for part in laying.parts:
        if step := part.step("words"):
            sheet.add(step, part.given, Stretch(part.first, part.first + part.frames, at))
        at += part.frames
    written = sheet.write()
    if written is None:
        return video
    document, fonts = written
    video = (
        video.filter("settb", "1/10").filter("setpts", "N").filter("ass", filename=str(document), fontsdir=str(fonts))
    )
    return tagged(clocked(video, canvas))


def _overlays(video: Any, laying: Laying) -> Any:
    """The user's pictures over the film: see overlays. One that stands over the cut of a transition is laid once."""
    from mvr.media.overlays import Laid, laid

    at, found = 0, dict[Laid, tuple[int, int]]()
    for part in laying.parts:
        for item in (part.step("overlays") or {"items": ()})["items"]:
            shift = at - part.first
            one = Laid(part.given[item["role"]], item["corner"], item["first"] + shift, item["end"] + shift)
            found[one] = (found.get(one, (at, at))[0], at + part.frames)
        at += part.frames
    for one, span in found.items():
        video = laid(video, laying, one, span)
    return tagged(clocked(video, laying.canvas))


LAID: dict[str, Callable[[Any, Laying], Any]] = {
    "words": _words,
    "overlays": _overlays,
    "badge": _badge,
}
"""Steps that ffmpeg does on the finished picture, in this order, before it encodes: each is called once a span, where
one of its parts has it, with the picture as ffmpeg-python has it. Frame n of it is frame n of the span."""


def encode_source(
    source: Source, path: Path, canvas: Canvas, part: Part, *, folder: Path, heed: Callable[[], None] = _on
) -> None:
    """Encodes the frames of a file into a segment of exactly `part.frames`, with its chain.

    heed is called ten times a second, and may raise. Raises StageError where the file has fewer frames, or ffmpeg
    fails.
    """
    video = picture(source, canvas, part.frames, part.steps, part.given, folder)
    laying = Laying(canvas, [part], folder)
    if any(step["do"] in DRAWN for step in part.steps):
        shown = planes(video, canvas, part.frames, f"decode {source.path.name}", heed)
        encode_planes(shown, path, laying, heed=heed)
    else:
        output = lay(video, laying).output(
            str(path), vframes=part.frames, an=None, sn=None, dn=None, **coding(canvas.fps, canvas.draft)
        )
        run(output, f"encode {path.name}", heed=heed)
    found = frames_of(path)
    if found != part.frames:
        path.unlink(missing_ok=True)
        raise StageError(
            f"the clip has {found} frames, and its shot needs {part.frames}",
            "give a clip at least as long as the shot, or move the cut",
        )


def picture(
    source: Source, canvas: Canvas, frames: int, steps: Sequence[Json], given: Mapping[str, Path], folder: Path
) -> Any:
    """The frames of a file that are shown, shaped, frame n at n / fps, as ffmpeg-python has them."""
    steps = timed(source, steps, frames, canvas.fps)
    video = shaped(chosen(source, frames, canvas.fps), canvas, steps, given, folder)
    if source.hold:
        video = video.filter("loop", loop=frames - 1, size=1)
    return clocked(video, canvas)


def clocked(video: Any, canvas: Canvas) -> Any:
    """Frame n of a stream at n / fps, whatever its times were."""
    fps = canvas.fps
    video = video.filter("settb", f"{fps.denominator}/{fps.numerator}").filter("setpts", "N")
    # A frame keeps the duration of its source: ffmpeg would show a still's first frame for 1/25 s, whatever comes next.
    return video.filter("fps", fps=str(fps), start_time=0)


def source_planes(
    source: Source,
    canvas: Canvas,
    frames: int,
    steps: Sequence[Json],
    given: Mapping[str, Path],
    folder: Path,
    heed: Callable[[], None] = _on,
) -> Iterator[NDArray[np.uint8]]:
    """The same frames decoded, as `planes` gives them."""
    video = picture(source, canvas, frames, steps, given, folder)
    return planes(video, canvas, frames, f"decode {source.path.name}", heed)


def lay(video: Any, laying: Laying) -> Any:
    """Every laid step that one of the parts has."""
    for name, step in LAID.items():
        if any(part.step(name) for part in laying.parts):
            video = step(video, laying)
    return video


def planes(
    video: Any, canvas: Canvas, frames: int, doing: str, heed: Callable[[], None] = _on
) -> Iterator[NDArray[np.uint8]]:
    """The first frames of a picture stream, decoded: I420 (height * 3 // 2, width), each an array of its own.

    It ends early where the stream does. Raises StageError where ffmpeg fails.
    """
    import numpy as np

    output = video.output(
        "pipe:1", format="rawvideo", pix_fmt="yuv420p", vframes=frames, fps_mode="passthrough", an=None, sn=None
    )
    size = canvas.width * canvas.height * 3 // 2
    with Ffmpeg(output, doing, reads=True, heed=heed) as child:
        for _ in range(frames):
            buffer = np.empty(size, np.uint8)
            at = 0
            while at < size and (data := child.read(size - at)):
                buffer[at : at + len(data)] = np.frombuffer(data, np.uint8)
                at += len(data)
            if at < size:
                return
            yield buffer.reshape(canvas.height * 3 // 2, canvas.width)


def encode_planes(
    pictures: Iterator[NDArray[np.uint8]], path: Path, laying: Laying, *, heed: Callable[[], None] = _on
) -> None:
    """Draws each part's drawn steps on its frames, and encodes them all with what is laid on them."""
    canvas = laying.canvas
    with VideoWriter(
        path,
        width=canvas.width,
        height=canvas.height,
        fps=canvas.fps,
        draft=canvas.draft,
        lay=lambda video: lay(video, laying),
        heed=heed,
    ) as writer:
        for part in laying.parts:
            steps = [DRAWN[step["do"]](step, canvas, part.given) for step in part.steps if step["do"] in DRAWN]
            for index, picture in zip(range(part.first, part.first + part.frames), pictures, strict=False):
                shown = Planes.of(picture)
                for draw in steps:
                    shown = draw(shown, index)
                writer.write(shown.buffer)
