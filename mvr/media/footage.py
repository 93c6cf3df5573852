"""The user's own footage: what is in a file, which part of it a shot shows, and its pictures at the film's frames.

A file of any size, rate, length and shape. Frame k of a shot shows what is on the file's screen at `begin + k * speed /
fps` seconds; past its ends the last picture is held, the file begins again (loop), or it runs back
(ping-pong). Turned pictures are turned upright, pixels made square, interlaced fields woven.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr.errors import StageError
from mvr.media.probe import FILMS, probe
from mvr.media.run import Ffmpeg, run
from mvr.media.source import Canvas, shaped

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Json = Any
LOOKS = 8
"""Pictures a second at which a file is looked at for movement and for its subject."""

SMALL = 320  # pixels of the longer side of those pictures
FACES = 2  # one look of so many is searched for faces, and they count until the next
REVERSED = 192 << 20  # bytes of pictures that are held at most while a file is read backwards
EARLY = Fraction(1, 4)
"""Part of a frame by which a file's frame may come late and still count: containers round times to milliseconds."""

Shape = Callable[[Any, Sequence[float]], Any]
"""Brings pictures to the film's frame, given the seconds of the file at which they stand, one for each."""


@dataclass(frozen=True)
class Reel:
    """A file as it is to be played: seconds and rate are the file's own."""

    path: Path
    seconds: Fraction
    rate: Fraction
    begin: Fraction = Fraction(0)
    speed: Fraction = Fraction(1)
    end: str = "hold"

    @property
    def frames(self) -> int:
        """How many of the file's frames there are to show; at least 1."""
        return max(1, floor(self.seconds * self.rate + Fraction(1, 2)))

    def frame(self, index: int, fps: Fraction) -> int:
        """The file's frame that is on screen at a frame of the shot."""
        at = floor((self.begin + index * self.speed / fps) * self.rate)
        last = self.frames - 1
        if self.end == "loop":
            return at % self.frames
        if self.end == "ping-pong" and last:
            at %= 2 * last
            return at if at <= last else 2 * last - at
        return min(last, max(0, at))


def measured(path: Path) -> tuple[Fraction, Fraction]:
    """The seconds of a file's picture and its rate, both exact. Raises StageError where it holds no moving picture."""
    media = probe(path)
    if not media.videos:
        raise StageError(
            f"{path.name} holds no moving picture", "name an mp4, mov, mkv or webm; a photo goes to `still`"
        )
    video = media.videos[0]
    rate = video.fps or Fraction(25)
    if video.frames:
        return video.frames / rate, rate
    if media.seconds:
        return Fraction(media.seconds).limit_denominator(90000), rate
    from mvr.media.probe import frames_of

    return frames_of(path) / rate, rate


def looked_at(path: Path, heed: Callable[[], None]) -> Json:
    """What a file shows: {"seconds", "rate", "shape": width over height, "motion": one number a look, "across" and
    "down": one text a look}, LOOKS a second.

    motion: mean difference from the look before, 0 to 1. across, down: where the subject is, see media/subject. Raises
    StageError where the file cannot be decoded.
    """
    import cv2
    import numpy as np

    from mvr.media.faces import Face, faces
    from mvr.media.subject import subject

    seconds, rate = measured(path)
    motion, across, down = [], [], []
    before: Any = None
    seen: list[Face] = []
    shape = 1.0
    for index, picture in enumerate(_small(path, heed)):
        shape = picture.shape[1] / picture.shape[0]
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.int16)
        moved = 0.0 if before is None else float(np.abs(grey - before).mean()) / 255
        motion.append(round(moved, 5))
        seen = faces(picture) if index % FACES == 0 else seen
        columns, rows = subject(picture, seen)
        across.append(columns)
        down.append(rows)
        before = grey
    if not motion:
        raise StageError(f"{path.name} holds no picture that can be decoded", "export it again as mp4 (h264)")
    motion[0] = motion[1] if len(motion) > 1 else 0.0
    place = {"shape": round(shape, 4), "across": across, "down": down}
    return {"seconds": str(seconds), "rate": str(rate), "motion": motion, **place}


def check_head(path: Path) -> None:
    """Decodes the first picture of a film and keeps nothing. Raises StageError where that cannot be."""
    measured(path)
    run(_input(path).output("pipe:1", format="null", vframes=1, an=None, sn=None), f"decode {path.name}")


def _small(path: Path, heed: Callable[[], None]) -> Iterator[Any]:
    """Small BGR pictures of a file, LOOKS a second, as upright as they are shown. Raises StageError."""
    import cv2
    import numpy as np

    video = _input(path).filter("fps", LOOKS, eof_action="pass")
    video = video.filter("scale", SMALL, SMALL, flags="area", force_original_aspect_ratio="decrease",
                         force_divisible_by=2)  # fmt: skip
    # y4m says how large its pictures are: a file that is turned upright has other sides than its stream says.
    output = video.output("pipe:1", format="yuv4mpegpipe", pix_fmt="yuv420p", an=None, sn=None)
    with Ffmpeg(output, f"look at {path.name}", reads=True, heed=heed) as child:
        held = bytearray()
        size = (0, 0)
        while data := child.read(1 << 20):
            held += data
            if size == (0, 0) and b"\n" in held:
                head, _, held = held.partition(b"\n")
                said = {word[:1]: word[1:] for word in bytes(head).split()}
                size = int(said[b"W"]), int(said[b"H"])
            wide, high = size
            while wide and len(held) >= (whole := len(b"FRAME\n") + wide * high * 3 // 2):
                planes = np.frombuffer(bytes(held[6:whole]), np.uint8).reshape(high * 3 // 2, wide)
                del held[:whole]
                yield cv2.cvtColor(planes, cv2.COLOR_YUV2BGR_I420)


def chosen_part(looks: Json, wanted: str, frames: int, fps: Fraction, speed: Fraction, spare: int) -> Fraction:
    """Where in the file, in seconds, a shot of so many frames begins.

    wanted: `start`, `stillest`, `liveliest`, or seconds as text. spare: frames that are best left before and after, for
    transitions, where the file has them.
    """
    seconds = Fraction(looks["seconds"])
    if wanted not in ("start", "stillest", "liveliest"):
        return Fraction(wanted)
    needed = frames * speed / fps
    room = seconds - needed
    if room <= 0:
        return Fraction(0)
    margin = min(spare * speed / fps, room / 2)
    if wanted == "start":
        return Fraction(0)
    span = max(1, round(float(needed) * LOOKS))
    total = [0.0]
    for value in looks["motion"]:
        total.append(total[-1] + value)
    low, high = float(margin) * LOOKS, float(room - margin) * LOOKS
    starts = [at for at in range(len(looks["motion"])) if low <= at <= high] or [round((low + high) / 2)]
    sums = {at: total[min(at + span, len(total) - 1)] - total[min(at, len(total) - 1)] for at in starts}
    best = (min if wanted == "stillest" else max)(starts, key=lambda at: (sums[at], -at))
    return Fraction(best, LOOKS)


def runs(reel: Reel, first: int, count: int, fps: Fraction) -> Iterator[list[int]]:
    """The file's frames for frames [first, first + count) of the shot, in runs that go one way."""
    found = [reel.frame(index, fps) for index in range(first, first + count)]
    run = found[:1]
    way = 0
    for before, after in pairwise(found):
        turn = (after > before) - (after < before)
        if (turn and way and turn != way) or (turn < 0 and reel.end == "loop"):
            yield run
            run, way = [], 0
        elif turn:
            way = turn
        run.append(after)
    yield run


def played(
    reel: Reel,
    first: int,
    count: int,
    canvas: Canvas,
    shape: Shape,
    heed: Callable[[], None],
) -> Iterator[NDArray[np.uint8]]:
    """The pictures for frames [first, first + count) of the shot, shaped by `shape`, as I420 planes."""
    for found in runs(reel, first, count, canvas.fps):
        if found[0] <= found[-1]:
            yield from _forward(reel, found, canvas, shape, heed)
            continue
        most = max(1, REVERSED // (canvas.width * canvas.height * 3 // 2))
        for start in range(0, len(found), most):
            part = found[start : start + most]
            yield from reversed(list(_forward(reel, part[::-1], canvas, shape, heed)))


def _forward(
    reel: Reel, run: Sequence[int], canvas: Canvas, shape: Shape, heed: Callable[[], None]
) -> Iterator[NDArray[np.uint8]]:
    """The file's frames of a rising list, each as often as it stands there; its last one for what is past its end."""
    from mvr.media.finish import planes

    low, high = run[0], run[-1]
    start = max(Fraction(0), (low - 1) / reel.rate)
    video = _input(reel.path, start)
    rate = reel.rate
    # On the file's own clock, in frames from `low`: what is on screen then, however its times are rounded or vary.
    shift = (low / rate - start) * rate
    video = video.filter("settb", f"{rate.denominator}/{rate.numerator * 16}")
    video = video.filter("setpts", f"PTS-{floor((shift + EARLY) * 16)}")
    video = video.filter("fps", fps=str(rate), start_time=0, round="up")
    video = video.filter("trim", end_frame=high - low + 1)
    wanted = iter(run)
    index = next(wanted)
    last = None
    times = [float(number / rate) for number in range(low, high + 1)]
    pictures = planes(shape(video, times), canvas, high - low + 1, f"read {reel.path.name}", heed)
    for number, picture in enumerate(pictures, low):
        last = picture
        while index == number:
            yield picture.copy()
            index = next(wanted, -1)
            if index < 0:
                return
    if last is None:
        raise StageError(
            f"{reel.path.name} cannot be read at {float(low / rate):.2f} s", "export it again as mp4 (h264)"
        )
    while index >= 0:
        yield last.copy()
        index = next(wanted, -1)


def _input(path: Path, start: Fraction = Fraction(0)) -> Any:
    """A file's picture, upright, of square pixels and whole frames, from `start` seconds, as ffmpeg-python has it."""
    import ffmpeg

    seek = {"ss": f"{float(start):.6f}"} if start else {}
    video = ffmpeg.input(f"file:{path}", format_whitelist=FILMS, protocol_whitelist="file", threads=1, **seek).video
    return video.filter("yadif", deint="interlaced").filter("scale", "iw*sar", "ih", flags="bicubic+bitexact")


def subject_path(
    looks: Json, times: Sequence[float], span: tuple[float, float], shape: float, box: Sequence[float] = (0, 0, 1, 1)
) -> list[tuple[float, float]]:
    """The middle of a frame, `shape` times as wide as high, that shows the subject at those seconds of the file, and is
    calm: x and y, parts of width and height. span: the seconds of the file that its shot shows, before which and after
    which the frame stands. box: what is left of the picture: left, top, width, height, parts of it."""
    import numpy as np

    from mvr.media.subject import part, path

    count = len(looks["across"])
    first = min(max(0, floor(min(span) * LOOKS)), count - 1)
    end = min(count, max(first + 1, floor(max(span) * LOOKS) + 1))
    own = looks["shape"] * box[2] / box[3]
    found = []
    for axis, (name, share) in enumerate((("across", shape / own), ("down", own / shape))):
        told = [part(line, box[axis], box[axis + 2]) for line in looks[name][first:end]]
        way = path(told, min(1.0, share), LOOKS)
        found.append(np.interp(np.array(times) * LOOKS, np.arange(first, end), way))
    return [(round(float(x), 4), round(float(y), 4)) for x, y in zip(*found, strict=True)]


def footage_planes(
    path: Path,
    wanted: Json,
    canvas: Canvas,
    span: tuple[int, int],
    steps: Sequence[Json],
    given: Mapping[str, Path],
    folder: Path,
    heed: Callable[[], None],
) -> Iterator[NDArray[np.uint8]]:
    """The pictures of a file for frames [first, end) of a shot, shaped, as I420 planes.

    wanted: {"from", "end", "speed", "frames" of the shot, "spare"}, or with "at" the film's frame that the shot begins
    with, where the file runs through the whole film. given["footage"]: the look at the file.
    """
    looks = json.loads(given["footage"].read_text("utf-8"))
    speed, fps = Fraction(wanted["speed"]), canvas.fps
    if "at" in wanted:
        begin = wanted["at"] * speed / fps
    else:
        begin = chosen_part(looks, wanted["from"], wanted["frames"], fps, speed, wanted["spare"])
    reel = Reel(path, Fraction(looks["seconds"]), Fraction(looks["rate"]), begin, speed, wanted["end"])
    shot = (float(begin), float(begin + wanted["frames"] * speed / fps))

    def shape(video: Any, times: Sequence[float]) -> Any:
        told = [{**step, "times": times, "span": shot} if step["do"] == "fit" else step for step in steps]
        return shaped(video, canvas, told, given, folder)

    return played(reel, span[0], span[1] - span[0], canvas, shape, heed)
