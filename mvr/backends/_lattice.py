"""Lengths that a model can make: its lattice of frame counts, its rates, and how a longer shot is pieced together.

A clip has handles before and after its shot, and is as long as the next count on the lattice: a cut that moves inside
that bucket, or a transition inside the handles, makes no clip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

NEAR = Fraction(1, 10)
"""A model's frames are taken one for one where its rate is this near the film's: a walk a tenth faster is a walk."""


@dataclass(frozen=True)
class Timing:
    """What lengths a model makes: step * k + offset frames, `longest` at most, at one of its rates (frames a second).

    chains: a further piece can begin with the last frame of the one before; else a long shot is split.
    """

    step: int
    offset: int
    longest: int
    rates: tuple[Fraction, ...]
    chains: bool = True

    def bucket(self, frames: int) -> int:
        """The least count on the lattice that holds so many frames, above the longest too."""
        steps = max(1 if self.offset == 0 else 0, -(-(frames - self.offset) // self.step))
        return max(steps, 1) * self.step + self.offset if self.step > 1 else max(1, frames)

    @property
    def most(self) -> int:
        """The longest count on the lattice."""
        return (self.longest - self.offset) // self.step * self.step + self.offset


@dataclass(frozen=True)
class Lengths:
    """How one clip is made. frames: of each piece, on the lattice, or exact where `by` is "beats"; by: "", "chain" or
    "beats". rate: of the file. own_rate: that is not the film's. lead: frames of the file before the shot's first."""

    frames: tuple[int, ...]
    by: str
    rate: Fraction
    own_rate: bool
    lead: int


def lengths(timing: Timing, frames: int, handles: int, fps: Fraction, beats: Sequence[float] = ()) -> Lengths:
    """How the clip of a shot is made: so many frames at the film's rate, with handles at both ends.

    beats: in frames of the film from the shot's start; a shot that is split is split on one where one is near.
    """
    rate = min(timing.rates, key=lambda one: (abs(one / fps - 1), one))
    own = abs(rate / fps - 1) > NEAR
    ratio = rate / fps if own else Fraction(1)
    lead = ceil(handles * ratio)
    needed = lead + ceil((frames + handles) * ratio)
    rate = rate if own else fps
    if timing.bucket(needed) <= timing.most:
        return Lengths((timing.bucket(needed),), "", rate, own, lead)
    if timing.chains:  # pieces share a frame: the last of one is the first of the next
        count = ceil((needed - 1) / (timing.most - 1))
        piece = min(timing.most, timing.bucket(ceil((needed - 1) / count) + 1))
        return Lengths((piece,) * count, "chain", rate, own, lead)
    marks = [lead + float(beat * float(ratio)) for beat in beats]
    return Lengths(_split(needed, timing.most, marks), "beats", rate, own, lead)


def _split(needed: int, most: int, marks: Sequence[float]) -> tuple[int, ...]:
    """Pieces of `most` frames at most that make up `needed`, as equal as the marks allow."""
    count = ceil(needed / most)
    edges = [0]
    for number in range(1, count):
        ideal = number * needed / count
        left = count - number  # pieces after this edge: each has a frame at least, and `most` at most
        low, high = max(edges[-1] + 1, needed - left * most), min(edges[-1] + most, needed - left)
        allowed = [round(mark) for mark in marks if low <= round(mark) <= high]
        edges.append(
            min(allowed, key=lambda mark: (abs(mark - ideal), mark)) if allowed else min(max(round(ideal), low), high)
        )
    return tuple(after - before for before, after in zip(edges, [*edges[1:], needed], strict=True))
