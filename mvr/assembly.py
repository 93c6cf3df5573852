"""From shots to the film: each shot's segment, the transitions between them, and what is joined, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mvr import captioning, look, timeline
from mvr.engine.graph import Held, Ref
from mvr.errors import ProjectError
from mvr.model import Json, ShotPlan, Transition
from mvr.stages import film, grade, segment, standin, transition
from mvr.timeline import Cut, Piece, Span
from mvr.wiring import Wiring

DRAFT = "draft"
"""The lane of what is drawn for who watches: it waits behind no other work."""


def shown(held: Held) -> dict[str, Any]:
    """What a segment is told of a clip that stands by itself: see stages/clip."""
    return dict(held.provenance.get("shown") or {})


@dataclass(frozen=True)
class Picture:
    """What a shot's segment is encoded from: a clip or a still, of a node, of the store or of the user.

    how: what the recipe of a segment says of it: lead, own_rate, hold, pad. handles: the frames of the film that there
    are of it before and after the shot. beyond: gives a clip of other frames of the shot, where it may be drawn anew.
    """

    inputs: Mapping[str, Sequence[Ref | Held]] = field(default_factory=dict)
    files: Mapping[str, Sequence[str]] = field(default_factory=dict)
    how: Mapping[str, Any] = field(default_factory=dict)
    handles: tuple[int, int] = (0, 0)
    beyond: Callable[[str, tuple[int, int]], Ref] | None = None


@dataclass(frozen=True)
class Line:
    """One shot's nodes; own is the frames of its segment, counted from its start."""

    plan: ShotPlan
    sound: Ref
    still: Ref | None
    clip: Ref | None
    picture: Picture
    others: Sequence[Ref]  # the clips of the takes that are not chosen; the stills of those that wait
    waits: bool = False  # its still waits to be approved, and its clip is not made before
    words: Ref | None = None  # the lyrics that are on screen in it
    reframed: bool = False  # its picture has another film's shape, and is cropped at its subject
    moved: bool = False  # its pictures move with the sound by themselves
    grade: Ref | None = None
    steps: Sequence[Any] = ()  # its finishing chain
    pinned: Held | None = None  # the very clip that stands in the film, where one is pinned
    segment: Ref | None = None
    own: tuple[int, int] = (0, 0)

    def wanted(self, until: str) -> Sequence[Ref]:
        """What a run is for that stops at stills, at clips, or at nothing."""
        if until == "stills":
            return [ref for ref in (self.still,) if ref]
        if self.waits:
            return [ref for ref in (self.still, *self.others) if ref]
        main = self.clip if until == "clips" else self.segment or self.clip
        return [ref for ref in (main, *self.others) if ref]

    @property
    def chain(self) -> Mapping[str, Sequence[Ref | Held]]:
        """The documents that the shot's finishing steps read."""
        found = {"sound": self.sound, captioning.LYRICS: self.words, "grade": self.grade}
        return {role: [ref] for role, ref in found.items() if ref is not None}


@dataclass(frozen=True)
class Assembly:
    """The film's shots and the transitions among them: spans[i] leads into shot i, the last one out of the film."""

    lines: Sequence[Line]
    spans: Sequence[Span]
    turns: Sequence[Ref | None]

    def pieces(self, used: Sequence[bool]) -> list[tuple[Piece, Ref | None]]:
        """What is joined where those transitions are used and the others are cuts: a transition's own node, or none
        for a shot's."""
        cuts = _cuts(self.lines)
        spans = [span if use else _none(span) for span, use in zip(self.spans, used, strict=True)]
        nodes = {(span.shot, span.ending): node for span, node in zip(self.spans, self.turns, strict=True)}
        found = timeline.pieces(cuts, spans)
        return [(one, nodes[one.span.shot, one.span.ending] if one.span else None) for one in found]


def assembled(wiring: Wiring, lines: Sequence[Line], *, whole: bool) -> Assembly:
    """Adds the segments and the transitions of the shots. whole: these are all of the film's shots; until they are, a
    shot has no segment where a transition may yet take a part of it."""
    rules = wiring.project.cut
    turns = [rules.start_transition, rules.end_transition, rules.section_transition, rules.otherwise_transition]
    turns += [str(override.fields.get("transition", "cut")) for override in wiring.project.shots]
    match = wiring.project.look.match
    if not whole:
        plain = all(turn == "cut" for turn in turns) and match in ("none", "palette")
        lines = [_finished(wiring, line, None, (0, 0)) for line in lines] if plain else lines
        return Assembly([_segment(wiring, line, (0, line.plan.frames)) if plain else line for line in lines], (), ())
    wanted = [Transition.of(line.plan.transition) for line in lines] + [Transition.of(rules.end_transition)]
    handles = [line.picture.handles for line in lines]
    spans = timeline.spans(_cuts(lines), wanted, handles, wiring.project.output.fps, _beats(wiring, wanted))
    target = _target(wiring, lines) if match not in ("none", "palette") else None
    done = []
    gap = timeline.flash_gap(wiring.project.output.fps)
    lines = [
        _finished(wiring, line, target, quiet(into, out, gap))
        for line, into, out in zip(lines, spans, spans[1:], strict=False)
    ]
    for line, into, out in zip(lines, spans, spans[1:], strict=False):
        start = line.plan.first_frame
        done.append(_segment(wiring, line, (into.end - start, out.first - start)))
    nodes = []
    for index, span in enumerate(spans):
        before, after = lines[index - 1] if index else None, lines[index] if index < len(lines) else None
        nodes.append(_transition(wiring, span, before, after) if span.frames else None)
        if span.short:
            _remark(wiring, span)
    return Assembly(done, spans, nodes)


def _beats(wiring: Wiring, wanted: Sequence[Transition]) -> Sequence[float]:
    """The song's beats, in seconds of the film, where a transition is to fall on one."""
    if all(turn.kind != "flash" for turn in wanted):
        return ()
    heard = wiring.known.document(wiring.graph, Ref("music", "beats"))
    return heard["beats"] if heard else ()


def quiet(into: Span, out: Span, gap: int) -> tuple[int, int]:
    """In how many frames from a shot's start, and before its end, it does not flash, since the transitions there do.
    What flashes in a shot keeps the gap to its end by itself."""
    flash = [bool(span.frames) and timeline.is_flash(span.transition) for span in (into, out)]
    return into.end - into.cut + gap if flash[0] else 0, out.cut - out.first if flash[1] else 0


def _target(wiring: Wiring, lines: Sequence[Line]) -> Line:
    """The shot whose colours the others are brought to. Raises ProjectError where the film has no such shot."""
    match = wiring.project.look.match
    for line in lines:
        if line.plan.id == match:
            return line
    near = ", ".join(timeline.nearest(match, [line.plan.id for line in lines]))
    hint = f"the nearest are {near}; see `mvr shots`"
    raise ProjectError([wiring.fault("look.match", f"no shot is called {match}", hint)])


def _finished(wiring: Wiring, line: Line, target: Line | None, quiet: tuple[int, int]) -> Line:
    """The line with its finishing chain, and its grade where it has one. quiet: frames from its start, and before its
    end, in which it does not flash."""
    steps = look.chain(wiring.project, line.plan, moved=line.moved, quiet=quiet, reframed=line.reframed)
    if all(step["do"] != "grade" for step in steps):
        return replace(line, steps=steps)
    inputs: dict[str, Sequence[Ref | Held]] = {}
    files: dict[str, Sequence[str]] = {}
    for role, one in (("picture", line), ("target", target)):
        if one is None:
            continue
        refs = [one.still] if one.still else one.picture.inputs.get("clip", ())
        if refs:
            inputs[role] = refs
        else:
            files[role] = one.picture.files["clip"]
    name = f"{line.plan.id}/grade"
    return replace(line, steps=steps, grade=wiring.add(grade, name, line.plan, inputs, files))


def _remark(wiring: Wiring, span: Span) -> None:
    name, fps = span.transition.kind, wiring.project.output.fps
    what = f"{span.frames} frames long instead of {span.wanted}" if span.frames else "a cut"
    where = "at the end of the film" if span.ending else f"into {span.shot}"
    seconds = f" ({float(span.frames / fps):.2f} s)" if span.frames else ""
    remark = f"the {name} {where} is {what}{seconds}: {span.short}"
    if remark not in wiring.graph.remarks:
        wiring.graph.remarks.append(remark)


def _cuts(lines: Sequence[Line]) -> list[Cut]:
    return [Cut(line.plan.id, line.plan.first_frame, line.plan.end_frame) for line in lines]


def _none(span: Span) -> Span:
    return Span(span.shot, span.transition, span.cut, span.cut, span.cut, span.wanted, span.short, span.ending)


def _segment(wiring: Wiring, line: Line, own: tuple[int, int]) -> Line:
    """The line with its segment of the shot's frames [first, end)."""
    made = encoded(wiring, f"{line.plan.id}/segment", line, own)
    return replace(line, segment=made, own=own)


def encoded(
    wiring: Wiring, name: str, line: Line, own: tuple[int, int], picture: Picture | None = None, **more: Any
) -> Ref:
    """A segment of a shot's frames [first, end), finished; of another picture than its own where one is named, which
    has the film's shape, and is not graded for: what its grade reads may not be there."""
    plan = line.plan
    steps = line.steps if picture is None else [step for step in line.steps if step["do"] not in look.OWN]
    picture = picture or line.picture
    inputs = {**picture.inputs, **look.needed(steps, line.chain)}
    files = {**picture.files, **look.files(wiring.project, steps)}
    span = own if own != (0, plan.frames) else None
    exact = None if look.exact(steps) and not picture.files else False
    more = {**picture.how, "exact": exact, "origins": look.origins(plan, steps), **more}
    return wiring.add(segment, name, plan, inputs, files, chain=steps, span=span, **more)


def _transition(wiring: Wiring, span: Span, before: Line | None, after: Line | None) -> Ref:
    """The node of one transition, and the clips of what lies beyond its shots' ends, where they are drawn for it."""
    both = span.transition.kind in timeline.HANDLED
    inputs: dict[str, Sequence[Ref | Held]] = {}
    files: dict[str, Sequence[str]] = {}
    sides: dict[str, Any] = {}
    origins: dict[str, str] = {}
    into, out = span.cut - span.first, span.end - span.cut
    for role, line in (("from", before), ("to", after)):
        if line is None:
            continue
        end = line.plan.frames
        own = (end - into, end) if role == "from" else (0, out)
        over = (end, end + out) if role == "from" else (-into, 0)
        steps = line.steps
        origins |= {f"{role}.chain.{place}": source for place, source in look.origins(line.plan, steps).items()}
        sides[role] = {**line.picture.how, "chain": steps, "first": own[0], "frames": own[1] - own[0]}
        if both and over[1] > over[0]:
            if line.picture.beyond:
                sides[role]["beyond"] = over[1] - over[0]
                inputs[f"{role}_beyond"] = [line.picture.beyond("lead-out" if role == "from" else "lead-in", over)]
            else:
                sides[role] |= {"first": min(own[0], over[0]), "frames": into + out}
        for given, refs in line.picture.inputs.items():
            inputs[f"{role}_{given}"] = refs
        for given, paths in (*line.picture.files.items(), *look.files(wiring.project, steps).items()):
            files[f"{role}_{given}"] = paths
        for given, refs in look.needed(steps, line.chain).items():
            inputs[f"{role}_{given}"] = refs
    unit = (after or before).plan  # type: ignore[union-attr]
    name = f"{span.shot}/{'ending' if span.ending else 'transition'}"
    return wiring.add(transition, name, unit, inputs, files, turn=span.transition, parts=(into, out), sides=sides,
                      ending=span.ending, peak=span.peak, origins=origins)  # fmt: skip


def joined(
    wiring: Wiring,
    assembly: Assembly,
    name: str,
    product: str,
    track: Ref,
    seconds: float,
    sections: Sequence[Json] = (),
) -> Ref:
    """The film: every shot's own segment, and every transition; with a chapter for each of its sections."""
    parts = []
    segments = {line.plan.id: line.segment for line in assembly.lines}
    for piece, turn in assembly.pieces([True] * len(assembly.spans)):
        parts.append((piece.frames, segments[piece.shot] if turn is None else turn))
    marks = chapters(wiring, sections, (0, sum(count for count, _ in parts)))
    return film_of(wiring, name, product, parts, track, seconds, marks)


def chapters(wiring: Wiring, sections: Sequence[Json], span: tuple[int, int]) -> list[tuple[int, str]]:
    """Where the chapters of the frames [first, end) of the film begin, and what they are called: the song's sections;
    none where there are fewer than two."""
    first, end = span
    found: dict[int, str] = {}
    for section in sections:
        frame = max(first, timeline.frame_of(section["start"], wiring.project.output.fps))
        if frame < end:
            found[frame - first] = section["name"].replace("-", " ").capitalize()
    return sorted(found.items()) if len(found) > 1 and 0 in found else []


def rough(wiring: Wiring, assembly: Assembly, track: Ref, seconds: float, sections: Sequence[Json] = ()) -> Ref:
    """The film as it stands: for each shot the best there is, down to a sketch of it. A transition stands in it where
    it and both its shots are made, and is a cut elsewhere; a draft has cuts alone."""
    known, graph = wiring.known, wiring.graph
    draft = wiring.goal.draft or wiring.goal.live
    suffix = "@draft" if draft else ""
    real = [not draft and line.segment is not None and known.fresh(graph, line.segment) for line in assembly.lines]
    used = []
    for index, turn in enumerate(assembly.turns):
        sides = real[max(0, index - 1) : index + 1]
        used.append(turn is not None and all(sides) and known.fresh(graph, turn))
    lines = {line.plan.id: (line, made) for line, made in zip(assembly.lines, real, strict=True)}
    parts = []
    for piece, turn in assembly.pieces(used):
        if turn is not None:
            parts.append((piece.frames, turn))
            continue
        line, made = lines[piece.shot]
        own = (piece.first - line.plan.first_frame, piece.end - line.plan.first_frame)
        if made and line.segment is not None:
            same = own == line.own
            parts.append((piece.frames, line.segment if same else encoded(wiring, f"{piece.shot}/uncut", line, own)))
        else:
            parts.append((piece.frames, _best(wiring, line, own, suffix)))
    marks = [] if draft else chapters(wiring, sections, (0, sum(count for count, _ in parts)))
    return film_of(wiring, f"rough{suffix}", "draft.mp4" if draft else "rough.mp4", parts, track, seconds, marks)


def _best(wiring: Wiring, line: Line, own: tuple[int, int], suffix: str) -> Ref:
    """What stands in for a shot whose segment is not there, or is not asked for."""
    known, graph, plan, goal = wiring.known, wiring.graph, line.plan, wiring.goal
    draft, lane, sketched = goal.draft or goal.live, DRAFT if goal.live else "", plan.animator.name == "sketch"
    whole = (0, plan.frames)
    made = line.clip is None or (not (goal.live and sketched) and known.fresh(graph, line.clip))
    if draft and made:
        return encoded(wiring, f"{plan.id}/segment{suffix}", line, own, draft=True, lane=lane)
    if (goal.held or line.waits) and line.still and known.fresh(graph, line.still):
        still, name = Picture({"still": [line.still]}), f"{plan.id}/held{suffix}"
        return encoded(wiring, name, line, whole, still, hold=True, draft=draft, lane=lane)
    wanted = plan.clip is None and (not draft or (goal.live and not sketched))  # a draft shows present words
    earlier = known.best(plan.id) if wanted else None
    if earlier is not None:
        old, name = Picture({"clip": [earlier]}), f"{plan.id}/earlier{suffix}"
        about = {"badge": "earlier take", "draft": draft, **shown(earlier)}
        return encoded(wiring, name, line, whole, old, lane=lane, **about)
    sound, badge = {"sound": [line.sound]}, "" if sketched else "sketch"
    drawn = wiring.add(standin, f"{plan.id}/sketch{suffix}", plan, sound, badge=badge, draft=draft, lane=lane)
    if not line.steps:
        return drawn
    name = f"{plan.id}/finished{suffix}"
    return encoded(wiring, name, line, whole, Picture({"clip": [drawn]}), draft=draft, lane=lane)


def film_of(
    wiring: Wiring,
    name: str,
    product: str,
    parts: Sequence[tuple[int, Ref | None]],
    track: Ref,
    seconds: float,
    marks: Sequence[tuple[int, str]] = (),
) -> Ref:
    """The join of pieces, each with its frames, in order, and a sound."""
    inputs = {"segments": [ref for _, ref in parts if ref], "audio": [track]}
    draft = name.endswith("@draft")
    more: dict[str, Any] = {
        "frames": [count for count, _ in parts],
        "seconds": seconds,
        "draft": draft,
        "chapters": marks,
        "lane": DRAFT if draft and wiring.goal.live else "",
    }
    files = {"song": [wiring.project.song.file]}
    return wiring.add(film, name, wiring.project.output, inputs, files, product=product, **more)
