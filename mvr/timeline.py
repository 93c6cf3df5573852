"""Time in whole frames at a rational rate, the musical addresses of shots, and the order of the shots in a film.

Every boundary is rounded once, from its absolute time, so no drift adds up over a film.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from itertools import pairwise
from math import floor

from mvr.model import Transition

HALF = Fraction(1, 2)
_RATE = re.compile(r"([1-9][0-9]{0,6})(?:/([1-9][0-9]{0,6}))?")
_ADDRESS = re.compile(r"(.+)\.([0-9]+)(s?)([a-rt-z]*)")
_CLOCK = re.compile(r"(?:(?:([0-9]+):)?([0-9]+):)?([0-9]+(?:\.[0-9]+)?)")
_LETTERS = "abcdefghijklmnopqrtuvwxyz"  # no s: it stands for seconds in `part-2.14s`


def parse_rate(text: str) -> Fraction:
    """Frames a second from `24` or `30000/1001`. Raises ValueError for anything else."""
    match = _RATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no frame rate; write a whole number or a fraction, such as 24 or 30000/1001")
    return Fraction(int(match[1]), int(match[2] or 1))


def rate_text(fps: Fraction) -> str:
    """`24` or `30000/1001`: what parse_rate reads."""
    return str(fps)


def frame_of(seconds: float | Fraction, fps: Fraction) -> int:
    """The frame boundary nearest to a time: floor(seconds * fps + 1/2), without a rounding error."""
    return floor(Fraction(seconds) * fps + HALF)


def seconds_of(frame: int, fps: Fraction) -> float:
    """When a frame begins, in seconds; `frame_of` gives the same frame back."""
    return float(frame / fps)


def film_frames(seconds: float | Fraction, fps: Fraction) -> int:
    """How many frames a film of that many seconds has; a film has at least 1."""
    return max(1, frame_of(seconds, fps))


def boundaries(starts: Sequence[float], frames: int, fps: Fraction) -> tuple[int, ...]:
    """The frames at which the shots of a film begin, and last of all its end: len(starts) + 1 rising numbers.

    starts are seconds, rising, the first of them 0; frames is the film's length. Each boundary is rounded from its own
    time; one moves from there only as far as needed for every shot to keep 1 frame. Raises ValueError where there are
    more shots than frames.
    """
    count = len(starts)
    if not 0 < count <= frames:
        raise ValueError(f"{count} shots do not fit into {frames} frames")
    found = [0]
    found += (frame_of(start, fps) for start in starts[1:])
    for index in range(1, count):
        found[index] = max(found[index], found[index - 1] + 1)
    for index in range(count - 1, 0, -1):
        latest = frames - (count - index)
        if found[index] <= latest:
            break
        found[index] = latest
    return (*found, frames)


def clock(seconds: float) -> str:
    """A time as people write it: `1:23.4`, to the millisecond."""
    whole = round(seconds * 1000)
    text = f"{whole // 60000}:{whole // 1000 % 60:02d}.{whole % 1000:03d}"
    return text.rstrip("0").rstrip(".") if whole % 1000 else text[:-4]


def parse_clock(text: str) -> float:
    """Seconds from `1:23.4`, `1:02:03`, `@1:23.4` or `83.4s`. Raises ValueError for anything else."""
    bare = text.strip().removeprefix("@")
    match = _CLOCK.fullmatch(bare.removesuffix("s"))
    if match is None or bare.endswith("s") == (match[2] is not None):
        raise ValueError(f"{text!r} is no time; write it as 1:23.4 or 83.4s")
    return int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + float(match[3])


@dataclass(frozen=True)
class Address:
    """A shot's musical address: `chorus-1.5b` is the second shot that starts in bar 5 of the first chorus.

    place counts bars from 1 (0 is the pick-up), or whole seconds of the section where no bars were heard. nth counts
    the shots that start in that bar or second, from 0.
    """

    section: str
    place: int
    barless: bool = False
    nth: int = 0

    def __str__(self) -> str:
        rest, letters = self.nth, ""
        while rest > 0:
            rest, digit = divmod(rest, len(_LETTERS))
            letters = _LETTERS[digit] + letters
        return f"{self.section}.{self.place}{'s' if self.barless else ''}{letters}"

    @classmethod
    def of(cls, shot: str) -> Address | None:
        """The address that a shot's id spells, or None where it spells none."""
        match = _ADDRESS.fullmatch(shot)
        if match is None:
            return None
        nth = 0
        for letter in match[4]:
            nth = nth * len(_LETTERS) + _LETTERS.index(letter)
        return cls(match[1], int(match[2]), bool(match[3]), nth)


def nearest(wanted: str, shots: Sequence[str]) -> list[str]:
    """Up to three shots most like an id that is none: those next to its address in its section, else by spelling."""
    address = Address.of(wanted)
    known = [(shot, place) for shot in shots if (place := Address.of(shot))]
    beside = [(shot, place.place) for shot, place in known if address and place.section == address.section]
    if address and beside:
        beside.sort(key=lambda entry: abs(entry[1] - address.place))
        return [shot for shot, _ in beside[:3]]
    return get_close_matches(wanted, shots, 3, 0.0)


@dataclass(frozen=True)
class Cut:
    """One shot's span of the film: frames [first, end)."""

    shot: str
    first: int
    end: int

    def __post_init__(self) -> None:
        if self.end <= self.first:
            raise ValueError(f"{self.shot} would have {self.end - self.first} frames; a shot has at least 1")

    @property
    def frames(self) -> int:
        return self.end - self.first


@dataclass(frozen=True)
class Track:
    """Cuts in their order, each beginning where the one before it ends. Raises ValueError for a gap or an overlap."""

    cuts: tuple[Cut, ...]

    def __post_init__(self) -> None:
        for before, after in pairwise(self.cuts):
            if before.end != after.first:
                raise ValueError(f"{before.shot} ends at frame {before.end}, but {after.shot} begins at {after.first}")
        if len({cut.shot for cut in self.cuts}) != len(self.cuts):
            raise ValueError("a shot stands twice in one track")


@dataclass(frozen=True)
class Timeline:
    """A whole film: its rate, its length, and the shots that tile it. Raises ValueError where they do not tile it."""

    fps: Fraction
    frames: int
    picture: Track

    def __post_init__(self) -> None:
        cuts = self.picture.cuts
        if not cuts or cuts[0].first != 0 or cuts[-1].end != self.frames:
            raise ValueError(f"the shots do not fill the film's {self.frames} frames")

    @classmethod
    def of(cls, shots: Sequence[tuple[str, float]], frames: int, fps: Fraction) -> Timeline:
        """A film from (shot, start in seconds), in order. Raises ValueError where there are more shots than frames."""
        edges = boundaries([start for _, start in shots], frames, fps)
        cuts = (Cut(shot, *edges[index : index + 2]) for index, (shot, _) in enumerate(shots))
        return cls(fps, frames, Track(tuple(cuts)))

    def at(self, frame: int) -> Cut:
        """The cut on screen at a frame. Raises IndexError outside the film."""
        for cut in self.picture.cuts:
            if cut.first <= frame < cut.end:
                return cut
        raise IndexError(f"frame {frame} is not in a film of {self.frames} frames")


HANDLED = ("dissolve", "wipe", "slide")
"""The transitions that show both shots at once, and so frames of each beyond its end; the others meet at the cut."""

FREE = 1 << 30
"""Frames beyond a shot's end where there are as many as are wanted."""


@dataclass(frozen=True)
class Span:
    """One transition: frames [first, end) of the film, around the cut. shot is the one that it leads into, or the last
    of the film where it leads out of it (`ending`). wanted: the frames that were asked for; short: why there are fewer.
    """

    shot: str
    transition: Transition
    first: int
    cut: int
    end: int
    wanted: int
    short: str = ""
    ending: bool = False
    beat: int = 0  # of a flash: frames from the cut to the beat that it is brightest on

    @property
    def frames(self) -> int:
        return self.end - self.first

    @property
    def peak(self) -> int:
        """Of a flash, the frame of the span on which it is brightest: its beat's, or the nearest that there is."""
        if self.transition.kind != "flash":
            return 0
        return min(max(0, self.cut + self.beat - self.first), max(0, self.frames - 1))


def flash_gap(fps: Fraction) -> int:
    """The fewest frames from one flash to the next that leave at most three in any second (WCAG 2.2, 2.3.1)."""
    return floor(fps / 3) + 1


NEAR = Fraction(1, 2)
"""Seconds that a flash may be away from its cut: half of what lies between the beats of a slow song."""


def on_beat(cut: int, beats: Sequence[float], fps: Fraction) -> int:
    """How many frames from a cut the beat nearest to it falls, below 0 before it; 0 where none is near. beats: seconds
    in the film, rising."""
    at = bisect_left(beats, float(cut / fps))
    away = [frame_of(beat, fps) - cut for beat in beats[max(0, at - 1) : at + 1]]
    found = min(away, key=lambda count: (abs(count), -count), default=0)
    return found if abs(found) <= NEAR * fps else 0


def spans(
    cuts: Sequence[Cut],
    wanted: Sequence[Transition],
    handles: Sequence[tuple[int, int]],
    fps: Fraction,
    beats: Sequence[float] = (),
) -> tuple[Span, ...]:
    """The transitions of a film, each shortened to what there is for it; one that comes to nothing has no frames.

    wanted: the transition into each shot, and last of all the one out of the film: len(cuts) + 1. handles: for each
    shot the frames that its clip has before and after it. Every shot keeps at least 1 frame of its own; where two
    transitions want more of it, they share. A transition depends on its own two shots, and on the transitions at their
    other ends, alone; but flashes keep flash_gap apart over the film, and one that would not is a cut. beats: of the
    song, in seconds; a flash is brightest on the one nearest to its cut, and lies around both.
    """
    at = [cut.first for cut in cuts] + [cuts[-1].end]
    away = [on_beat(one, beats, fps) if turn.kind == "flash" else 0 for one, turn in zip(at, wanted, strict=True)]
    asked = [_asked(transition, index, len(cuts), fps, away[index]) for index, transition in enumerate(wanted)]
    for index in range(1, len(cuts)):
        if wanted[index].kind in HANDLED:
            asked[index] = _within_handles(asked[index], cuts, handles, index)
    found = []
    last_flash = -flash_gap(fps)
    for index, transition in enumerate(wanted):
        ask, most = _shared(asked, cuts, index), asked[index].before + asked[index].after
        ending = index == len(cuts)
        cut = cuts[-1].end if ending else cuts[index].first
        if is_flash(transition) and ask.before + ask.after:
            if cut - ask.before < last_flash + flash_gap(fps):
                ask = _Ask(0, 0, "flashes come at most three times a second")
            else:
                last_flash = cut + ask.after
        shot = cuts[min(index, len(cuts) - 1)].shot
        first, end = cut - ask.before, cut + ask.after
        most = max(most, _frames(transition, fps))
        found.append(Span(shot, transition, first, cut, end, most, ask.short, ending, away[index]))
    return tuple(found)


@dataclass(frozen=True)
class _Ask:
    """The frames that a transition has before its cut and after it, and why they are fewer than were asked for."""

    before: int
    after: int
    short: str = ""


def _within_handles(ask: _Ask, cuts: Sequence[Cut], handles: Sequence[tuple[int, int]], index: int) -> _Ask:
    """Before the cut the later shot's frames are handles, and after it the earlier one's."""
    before, after = min(ask.before, handles[index][0]), min(ask.after, handles[index - 1][1])
    if (before, after) == (ask.before, ask.after):
        return ask
    shot = cuts[index].shot if before < ask.before else cuts[index - 1].shot
    return _Ask(before, after, f"the clip of {shot} has no more frames beyond its end")


def _shared(asked: Sequence[_Ask], cuts: Sequence[Cut], index: int) -> _Ask:
    """Every shot keeps 1 frame; of the others each of its two transitions may have what the other leaves, and half."""
    before, after, short = asked[index].before, asked[index].after, asked[index].short
    if index and before:
        room = cuts[index - 1].frames - 1
        most = max(room // 2, room - asked[index - 1].after)
        if most < before:
            before, short = most, f"{cuts[index - 1].shot} is too short"
    if index < len(cuts) and after:
        room = cuts[index].frames - 1
        most = max(room - room // 2, room - asked[index + 1].before)
        if most < after:
            after, short = most, f"{cuts[index].shot} is too short"
    return _Ask(before, after, short)


def is_flash(transition: Transition) -> bool:
    """Whether a transition makes the whole picture bright for a moment."""
    return transition.kind == "flash" or (transition.kind, transition.way) == ("fade", "white")


def _frames(transition: Transition, fps: Fraction) -> int:
    return 0 if transition.kind == "cut" else max(1, frame_of(transition.seconds, fps))


def _asked(transition: Transition, index: int, count: int, fps: Fraction, beat: int) -> _Ask:
    """The frames before and after its cut that a transition asks for; at the film's two ends there is but one shot."""
    frames = _frames(transition, fps)
    if index in (0, count) and frames:
        if transition.kind != "fade":
            return _Ask(0, 0, f"only a fade can {'begin' if index == 0 else 'end'} a film")
        return _Ask(0, frames) if index == 0 else _Ask(frames, 0)
    if transition.kind == "flash":
        return _Ask(max(0, -beat), max(0, beat + frames))
    return _Ask(frames // 2, frames - frames // 2)


@dataclass(frozen=True)
class Piece:
    """What the film is joined from: frames [first, end) of it, of one shot or, with span, of a transition."""

    shot: str
    first: int
    end: int
    span: Span | None = None

    @property
    def frames(self) -> int:
        return self.end - self.first


def pieces(cuts: Sequence[Cut], among: Sequence[Span]) -> tuple[Piece, ...]:
    """The film in its order: each shot's own frames, and its transitions between them. Raises ValueError where they do
    not tile it."""
    found: list[Piece] = []
    for index, cut in enumerate(cuts):
        into, out = among[index], among[index + 1]
        found += [Piece(into.shot, into.first, into.end, into)] if into.frames else []
        found.append(Piece(cut.shot, into.end, out.first))
        if out.ending and out.frames:
            found.append(Piece(out.shot, out.first, out.end, out))
    for before, after in pairwise(found):
        if before.end != after.first:
            raise ValueError(f"{before.shot} ends at frame {before.end}, but {after.shot} begins at {after.first}")
    if any(piece.frames < 1 for piece in found) or found[0].first != cuts[0].first or found[-1].end != cuts[-1].end:
        raise ValueError("the transitions leave a shot without frames, or the film with other ones")
    return tuple(found)
