"""What a segment is encoded from: the frames of a file that it shows, and how they fill the film's frame."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from mvr.media.probe import FILMS, probe, still_format

Json = Any


@dataclass(frozen=True)
class Canvas:
    """The film's frame: its size in pixels, its rate, and whether it is a draft's."""

    width: int
    height: int
    fps: Fraction
    draft: bool = False


@dataclass(frozen=True)
class Source:
    """A file and which of its frames are shown.

    hold: its first picture, for all frames; it may then be a PNG, JPEG, TIFF or WebP. lead: frames of the file before
    the first one that is shown. own_rate: it plays at its own rate, `speed` times as fast; else its frames are taken
    one for one, and nothing is retimed. offset: frames of the film from frame `lead` of the file to the first one that
    is shown, for what begins in the middle of a shot; below 0 before it. pad: the last picture is held where there are
    no more. shot: the frame of its shot that frame `lead` of the file is.
    """

    path: Path
    hold: bool = False
    pad: bool = False
    lead: int = 0
    offset: int = 0
    own_rate: bool = False
    speed: Fraction = Fraction(1)
    shot: int = 0


def opened_picture(source: Path, *, stills: bool) -> Any:
    """The picture stream of a file that may be a film or, with stills, a still picture, as ffmpeg-python has it."""
    import ffmpeg

    kind = still_format(source) if stills else None
    form = {"format": kind} if kind else {"format_whitelist": FILMS}
    return ffmpeg.input(f"file:{source}", protocol_whitelist="file", threads=1, **form).video


def chosen(source: Source, frames: int, fps: Fraction) -> Any:
    """The frames of a source that are shown, one for each frame of the film, not yet of the film's size.

    Raises StageError where the file cannot be read.
    """
    video = opened_picture(source.path, stills=source.hold)
    if source.hold:
        return video.filter("trim", end_frame=1)
    ratio = source.speed * (_rate(source.path, fps) / fps if source.own_rate else 1)
    if ratio == 1:
        first = source.lead + source.offset
        if first > 0:
            video = video.filter("trim", start_frame=first).filter("setpts", "PTS-STARTPTS")
        if first < 0:
            video = video.filter("tpad", start=-first, start_mode="clone")
    else:
        video = _retimed(video, source.lead + source.offset * ratio, ratio, fps)
    return video.filter("tpad", stop=frames, stop_mode="clone") if source.pad else video


def timed(source: Source, steps: Sequence[Json], frames: int, fps: Fraction) -> list[Json]:
    """The steps, of which one that follows a subject through a whole shot (`frames` of it) is told at which seconds of
    the file its pictures stand."""
    return [_timed(source, step, frames, fps) if "frames" in step else step for step in steps]


def _timed(source: Source, step: Json, frames: int, fps: Fraction) -> Json:
    rate = _rate(source.path, fps)
    ratio = source.speed * (rate / fps if source.own_rate else 1)

    def at(frame: int) -> float:
        return max(0.0, float((source.lead + frame * ratio) / rate))

    shown = [at(source.shot + source.offset + index) for index in range(frames)]
    return {**step, "times": shown, "span": (at(0), at(step["frames"] - 1))}


def _rate(path: Path, fps: Fraction) -> Fraction:
    """A file's own rate; the film's where it does not say."""
    videos = probe(path).videos
    return (videos[0].fps if videos else None) or fps


def _retimed(video: Any, first: Fraction, ratio: Fraction, fps: Fraction) -> Any:
    """Frame i of the film is frame floor(first + i * ratio) of the file: times are whole ticks, so none is rounded."""
    # In ticks of 1 / (fps * ratio.numerator * first.denominator) s, frame n of the file begins at (n - first) / ratio.
    scale = ratio.numerator * first.denominator
    step, begin = ratio.denominator * first.denominator, first.numerator * ratio.denominator
    tick = 1 / (fps * scale)
    video = video.filter("settb", f"{tick.numerator}/{tick.denominator}").filter("setpts", f"N*{step}-{begin}")
    return video.filter("fps", fps=str(fps), start_time=0, round="up")


def shaped(video: Any, canvas: Canvas, steps: Sequence[Json], given: Mapping[str, Path], folder: Path) -> Any:
    """The picture at the film's size, in its pixels and its colours, as the shaping steps of a chain want it: `grade`
    and `lut` become one table (media/colour), and the others are

    {"do": "crop", "box": [left, top, width, height]}    parts of the picture, 0 to 1: what is outside is cut off
    {"do": "fit", "how": ...}     fill (the default): it fills the frame and is cropped at its middle; subject: at
                                  its subject (given["footage"]); contain: whole, with bars; blur: whole, on itself;
                                  subject may say of its file: times, frame by frame, and span, of the whole shot
    """
    video = _framed(video, canvas, steps, given)
    named = [step["do"] for step in steps if step["do"] in ("grade", "lut")]
    return _coloured(video, named, given, folder) if named else video


def _coloured(video: Any, named: Sequence[str], given: Mapping[str, Path], folder: Path) -> Any:
    """The picture through the table that its grade and the user's own make."""
    from mvr.media.colour import write_table

    table = folder / "colours.cube"
    if not table.exists():
        grade = json.loads(given["grade"].read_text("utf-8")) if "grade" in named else None
        write_table(grade, given["lut"] if "lut" in named else None, table)
    flags = "accurate_rnd+full_chroma_int+bitexact"
    video = video.filter("scale", flags=flags, in_color_matrix="bt709", in_range="tv").filter("format", "gbrp10le")
    video = video.filter("lut3d", str(table), interp="tetrahedral")
    video = video.filter("scale", flags=flags, out_color_matrix="bt709", out_range="tv").filter("format", "yuv420p")
    return tagged(video)


def _framed(video: Any, canvas: Canvas, steps: Sequence[Json], given: Mapping[str, Path]) -> Any:
    """The picture cropped and fitted."""
    from mvr.media.footage import subject_path

    how, fit, box = "fill", {}, (0, 0, 1, 1)
    for step in steps:
        if step["do"] == "crop":
            left, top, wide, high = box = step["box"]
            cut = (f"trunc(iw*{wide}/2)*2", f"trunc(ih*{high}/2)*2", f"trunc(iw*{left}/2)*2", f"trunc(ih*{top}/2)*2")
            video = video.filter("crop", *cut)
        elif step["do"] == "fit":
            how, fit = step["how"], step
    if how == "contain":
        video = _scaled(video, canvas.width, canvas.height, "decrease")
        video = video.filter("pad", canvas.width, canvas.height, "(ow-iw)/2", "(oh-ih)/2", color="black")
        return tagged(video.filter("format", "yuv420p"))
    if how == "blur":
        return _on_itself(video, canvas)
    if how == "subject":
        looks = json.loads(given["footage"].read_text("utf-8"))
        times, span = fit.get("times") or [0.0], fit.get("span") or (0.0, 0.0)
        path = subject_path(looks, times, span, canvas.width / canvas.height, box)
        return _followed(video, canvas, path)
    return filled(video, canvas.width, canvas.height)


def _scaled(video: Any, width: int, height: int, way: str) -> Any:
    flags = "lanczos+accurate_rnd+full_chroma_int+bitexact"
    more = {"out_color_matrix": "bt709", "out_range": "tv", "force_divisible_by": 2}
    return video.filter("scale", width, height, force_original_aspect_ratio=way, flags=flags, **more)


def _on_itself(video: Any, canvas: Canvas) -> Any:
    """The whole picture, on a blurred and darker one of itself that fills the frame."""
    both = video.filter_multi_output("split")
    small = max(2, canvas.width // 16 * 2), max(2, canvas.height // 16 * 2)
    ground = _scaled(both.stream(0), *small, "increase").filter("crop", *small).filter("format", "yuv420p")
    ground = ground.filter("gblur", sigma=max(small) / 40, steps=2).filter("lutyuv", y="16+(val-16)*0.6")
    ground = ground.filter("scale", canvas.width, canvas.height, flags="bicubic+accurate_rnd+bitexact")
    whole = _scaled(both.stream(1), canvas.width, canvas.height, "decrease").filter("format", "yuv420p")
    return tagged(tagged(ground).overlay(tagged(whole), x="(W-w)/2", y="(H-h)/2", format="yuv420"))


def _followed(video: Any, canvas: Canvas, path: Sequence[tuple[float, float]]) -> Any:
    """The picture fills the frame, and what is cropped is what is far from a path through it: x and y, parts of the
    picture, of each frame."""
    video = _scaled(video, canvas.width, canvas.height, "increase").filter("format", "yuv420p")
    x, y = (_along([point[axis] for point in path]) for axis in (0, 1))
    place = {"x": f"clip(({x})*iw-ow/2,0,iw-ow)", "y": f"clip(({y})*ih-oh/2,0,ih-oh)"}
    return tagged(video.filter("crop", canvas.width, canvas.height, **place))


def _along(values: Sequence[float], most: int = 24) -> str:
    """A value for each frame as an expression of ffmpeg's in `n`: straight lines between `most` of them at most."""
    if max(values) - min(values) < 1e-6:
        return str(values[0])
    count = min(most, len(values))
    marks = sorted({round(index * (len(values) - 1) / (count - 1)) for index in range(count)})
    text = str(values[-1])
    for one, two in reversed(list(pairwise(marks))):
        slope = (values[two] - values[one]) / (two - one)
        text = f"if(lt(n,{two}),{values[one]:.4f}+(n-{one})*{slope:.6f},{text})"
    return text


def filled(video: Any, width: int, height: int) -> Any:
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
    return tagged(video)


def tagged(video: Any) -> Any:
    """Says what the samples are: no filter converts them on a guess (BT.601 is ffmpeg's), and no trace of where they
    came from (square pixels that one source names and another does not) gets into the stream's headers."""
    colours = {"range": "tv", "colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709"}
    return video.filter("setparams", field_mode="prog", **colours).filter("setsar", 1)
