"""Further films of the same shots: in other shapes and rates, of the whole or of a part (`output.also`).

What a sketch has drawn is drawn anew for every shape, and the user's own footage is fitted anew. Any other clip is
shown again as it was made, cropped to the film's frame around its subject, or made anew where `make: anew` asks for
that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from mvr import assembly, shotlist
from mvr.assembly import Assembly, Line, Picture
from mvr.engine.graph import Ref
from mvr.errors import ProjectError
from mvr.model import Json, Output, ShotPlan
from mvr.stages import audio, footage
from mvr.timeline import FREE, clock, film_frames, frame_of
from mvr.wiring import Wiring

SAME_SHAPE = 0.005
"""Part of a picture that is cropped for another shape and not spoken of."""

Shoot = Callable[[Wiring, ShotPlan], Line]
"""Wires all of a shot's own nodes."""


def films(
    wiring: Wiring,
    lines: Sequence[Line],
    cut: Json,
    written: Mapping[str, Json],
    heard: Ref,
    seconds: float,
    shoot: Shoot,
) -> list[Ref]:
    """The nodes of the further films, in the order of the file. lines: the first film's shots, all of them; seconds is
    the song's length. Raises ProjectError for a part that lies outside the film."""
    found = []
    for index, output in enumerate(wiring.project.outputs[1:]):
        own = replace(wiring.project, outputs=(output,))
        there = replace(wiring, project=own, suffix=f"@{output.name}", place=f"output.also[{index}].")
        plans = shotlist.planned(own, cut, written, seconds)
        shots = [_line(there, wiring, line, plan, shoot) for line, plan in zip(lines, plans, strict=True)]
        whole = assembly.assembled(there, shots, whole=True)
        first, end = _part(there, output, film_frames(seconds, output.fps))
        found.append(_joined(there, whole, (first, end), heard, seconds, cut["sections"]))
        _tell(wiring, output, lines)
    return found


def _line(wiring: Wiring, first: Wiring, line: Line, plan: ShotPlan, shoot: Shoot) -> Line:
    """A shot of a further film: drawn or made anew, or the first film's own picture."""
    output, shape = wiring.project.output, first.project.output
    other = abs(_kept(output, shape) - 1) > SAME_SHAPE
    plan = replace(plan, others={})
    if line.pinned is None and plan.clip is not None:
        left = other and plan.sources["fit"] not in wiring.project.places
        return shoot(wiring, replace(plan, fit="subject") if left else plan)
    if line.pinned is None and (output.anew or _sketched(plan)):
        return shoot(wiring, plan)
    ratio = output.fps / shape.fps
    how = {**line.picture.how, **({"own_rate": True} if ratio != 1 else {})}
    before, after = (count if count == FREE else int(count * ratio) for count in line.picture.handles)
    inputs = dict(line.picture.inputs)
    if other:
        looked = first.add(footage, f"{plan.id}/footage", plan, {"clip": inputs["clip"]})
        inputs["footage"] = [looked]
    beyond = _beyond(line, ratio, wiring.suffix) if line.picture.beyond else None
    picture = Picture(inputs, line.picture.files, how, (before, after), beyond)
    # At another rate what is heard and sung in the shot falls on other frames; its own clip is wired too, and not made.
    heard = line if ratio == 1 else shoot(wiring, plan)
    return replace(heard, plan=plan, picture=picture, others=(), segment=None, reframed=other)


def _beyond(line: Line, ratio: Fraction, suffix: str) -> Callable[[str, tuple[int, int]], Ref]:
    """What lies beyond a shot's ends, drawn at the first film's shape and rate: for frames of a film at `ratio` times
    that rate, all of it that they show."""
    drawn = line.picture.beyond
    assert drawn is not None

    def beyond(name: str, window: tuple[int, int]) -> Ref:
        if ratio == 1:
            return drawn(name, window)
        return drawn(name + suffix, (floor(window[0] / ratio), ceil(window[1] / ratio)))

    return beyond


def _kept(output: Output, first: Output) -> float:
    """How much of the first film's picture another's frame has, 0 to 1."""
    kept = (output.width * first.height) / (output.height * first.width)
    return min(kept, 1 / kept)


def _sketched(plan: ShotPlan) -> bool:
    return plan.animator.name == "sketch"


def _part(wiring: Wiring, output: Output, frames: int) -> tuple[int, int]:
    """The frames [first, end) of the whole film that a further film shows. Raises ProjectError."""
    first = frame_of(output.start, output.fps)
    end = frames if output.end is None else frame_of(output.end, output.fps)
    if first >= frames or end > frames:
        name, time = ("start", output.start) if first >= frames else ("end", output.end or 0.0)
        hint = f"the film ends at {clock(float(frames / output.fps))}"
        raise ProjectError([wiring.fault(f"{wiring.place}{name}", f"{clock(time)} is not in the film", hint)])
    return first, max(first + 1, end)


def _joined(
    wiring: Wiring, whole: Assembly, span: tuple[int, int], heard: Ref, seconds: float, sections: Sequence[Json]
) -> Ref:
    """The film of the frames [first, end) of a whole one; a transition that its ends would part is a cut."""
    first, end = span
    fps, project = wiring.project.output.fps, wiring.project
    used = [turn is not None and first <= one.first and one.end <= end
            for one, turn in zip(whole.spans, whole.turns, strict=True)]  # fmt: skip
    lines = {line.plan.id: line for line in whole.lines}
    parts: list[tuple[int, Ref | None]] = []
    for piece, turn in whole.pieces(used):
        begin, stop = max(piece.first, first), min(piece.end, end)
        if begin >= stop:
            continue
        if turn is not None:
            parts.append((piece.frames, turn))
            continue
        line = lines[piece.shot]
        own = (begin - line.plan.first_frame, stop - line.plan.first_frame)
        same = own == line.own
        parts.append(
            (stop - begin, line.segment if same else assembly.encoded(wiring, f"{piece.shot}/part", line, own))
        )
    length = seconds
    if span != (0, film_frames(seconds, fps)):
        length = float((end - first) / fps)
        start = project.song.start + float(first / fps)
        song = replace(project.song, start=start, end=project.song.start + min(seconds, float(end / fps)))
        wiring = replace(wiring, project=replace(project, song=song))
    marks = assembly.chapters(wiring, sections, span)
    track = wiring.add(audio, "audio", None, {"song": [heard]}, {"song": [project.song.file]}, seconds=length)
    return assembly.film_of(wiring, "film", f"{wiring.suffix.removeprefix('@')}.mp4", parts, track, length, marks)


def _tell(wiring: Wiring, output: Output, lines: Sequence[Line]) -> None:
    """Says how much of the picture is lost by reframing, and what it would take not to."""
    first = wiring.project.output
    reframed = [line for line in lines if not output.anew and not _sketched(line.plan) and line.plan.clip is None]
    kept = _kept(output, first)
    if reframed and 1 - kept > SAME_SHAPE:
        wiring.graph.remarks.append(
            f"{output.name} shows {kept:.0%} of the picture of {len(reframed)} shots, around its subject; "
            f"`make: anew` would make {len(reframed)} stills and clips for it"
        )
