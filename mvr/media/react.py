"""React: how far the sound moves a shot's picture at each of its frames, from the shot's sound document.

A frame's movement is the document's own number for that frame, so a hit is seen at the frame in which it is heard; a
frame is the same in a segment and in a transition.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

Json = Any
Told = tuple[float, float, float, float]
"""Scale (1 and more), x and y as parts of the frame's width, and how much white (0 to 1)."""

USUAL = {"punch-in": 3.0, "shake": 1.0, "flash": 40.0}
"""Percent of each movement where the project file names none: of the frame's size, of its width, and of white."""

HIT = 0.5
"""A band's number from which it is a hit; a flash waits for one that it has risen to since the frame before."""

FALL = (1.0, 0.62, 0.36, 0.2, 0.1, 0.04)
"""A flash, frame after frame, at 24 frames a second; at another rate it lasts as long."""


def told(step: Json, sound: Path) -> Callable[[int], Told]:
    """What each frame of a shot is told, by its number.

    step: {"do": "react", "moves": {band: [movement, percent, or 0 for the usual]}, "quiet": frames from the start
    without a flash, "hushed": the same before the end}.
    """
    document = json.loads(sound.read_text("utf-8"))
    fps, count = Fraction(document["fps"]), int(document["frames"])
    bands = {band: _curve(document, band, count, fps) for band in step["moves"]}
    moves = [(bands[band], kind, (percent or USUAL[kind]) / 100) for band, (kind, percent) in step["moves"].items()]
    whites = [0.0] * count
    for at, strength in flashes(moves, step.get("quiet", 0), count - step.get("hushed", 0), fps):
        length = max(1, round(len(FALL) * fps / 24))
        for index in range(at, min(count, at + length)):
            whites[index] = strength * FALL[min(len(FALL) - 1, floor((index - at) * 24 / fps))]

    def frame(index: int) -> Told:
        if not 0 <= index < count:
            return 1.0, 0.0, 0.0, 0.0
        scale, x, y = 1.0, 0.0, 0.0
        for curve, kind, amount in moves:
            if kind == "punch-in":
                scale *= 1 + amount * curve[index]
            elif kind == "shake":
                seconds = float(index / fps)
                x += amount * curve[index] * math.sin(seconds * 71) * math.cos(seconds * 23)
                y += amount * curve[index] * math.sin(seconds * 59 + 1.3) * 0.8
        return scale, x, y, whites[index]

    return frame


def flashes(
    moves: Sequence[tuple[Sequence[float], str, float]], quiet: int, count: int, fps: Fraction
) -> list[tuple[int, float]]:
    """The frames of a shot at which it flashes, and how strongly: at most three in any second of the film.

    They keep more than a third of a second apart, and none is that near to the shot's end: so the next shot may flash
    with its first frame, without knowing of this one (WCAG 2.2, 2.3.1).
    """
    gap = floor(fps / 3) + 1
    found: list[tuple[int, float]] = []
    free = quiet
    for index in range(count - gap):
        strength = max(
            (
                amount * curve[index]
                for curve, kind, amount in moves
                if kind == "flash" and curve[index] >= HIT and (index == 0 or curve[index] > curve[index - 1])
            ),
            default=0.0,
        )
        if strength and index >= free:
            found.append((index, min(1.0, strength)))
            free = index + gap
    return found


def _curve(document: Mapping[str, Json], band: str, count: int, fps: Fraction) -> list[float]:
    """A band's number at each frame; a beat's falls to a third within 0.1 s."""
    if band not in ("beats", "downbeats"):
        return [float(value) for value in document[band]]
    curve = [0.0] * count
    for beat in document[band]:
        start = max(0, floor(beat + 0.5))
        for index in range(start, min(count, start + round(fps / 2))):
            curve[index] = max(curve[index], math.exp(-float((index - start) / fps) / 0.09))
    return curve
