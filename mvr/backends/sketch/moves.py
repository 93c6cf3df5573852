"""Moves: from the motion words of a shot to where the camera is at each moment."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from mvr.backends._words import Vocabulary

from .lexicon import MOVES, WAYS

REACH = 62.0
"""Units that the camera travels to either side at most; filmset.MARGIN leaves room for it at depth 1.5."""


@dataclass(frozen=True)
class Camera:
    """One moment: zoom (1 or more), x and y in units from the middle of the frame."""

    zoom: float
    x: float
    y: float


@dataclass(frozen=True)
class Move:
    """A camera move over a shot: zoom from one value to another, a way from (-x, -y) to (x, y), and how it trembles."""

    zoom: tuple[float, float]
    x: float
    y: float
    tremble: float
    seed: int
    linear: bool


def plan(motion: str, seconds: float, energy: float, seed: int) -> Move:
    """Reads the motion words. Where they name no move, the music's energy and the seed choose one."""
    chance = random.Random(f"{seed}:move")
    kinds = Vocabulary(MOVES).find(motion)
    ways = Vocabulary(WAYS).find(motion)
    if not kinds:
        kinds = [chance.choice(("push", "pull", "truck", "push", "crane"))]
    pace = 0.6 + 0.6 * energy
    pace *= 0.6 if "slow" in ways else 1.6 if "fast" in ways else 1.0
    amount = min(1.0, pace * min(1.0, 0.35 + seconds / 6))
    way = -1 if "left" in ways else 1 if "right" in ways else chance.choice((-1, 1))
    rise = 1 if "down" in ways else -1 if "up" in ways else chance.choice((-1, 1))
    zoom, x, y, tremble = (1.0, 1.0), 0.0, 0.0, 0.0
    locked = kinds[0] == "locked" or ("locked" in kinds and len(kinds) == 1)
    if not locked:
        for kind in kinds:
            if kind == "push":
                zoom = (1.0, 1 + 0.2 * amount)
            elif kind == "pull":
                zoom = (1 + 0.2 * amount, 1.0)
            elif kind in ("pan", "truck") and not x:
                x = way * REACH * (0.35 + 0.65 * amount)
            elif kind in ("tilt", "crane") and not y:
                y = rise * REACH * (0.35 + 0.65 * amount)
            elif kind == "handheld":
                tremble = 3.0 + 5.0 * energy
        if x and zoom == (1.0, 1.0):
            zoom = (1.02, 1.05)
    if tremble and zoom == (1.0, 1.0):
        zoom = (1.03, 1.03)
    return Move(zoom, x, y, tremble, seed, "fast" not in ways and seconds < 4)


def at(move: Move, share: float, seconds: float) -> Camera:
    """The camera at a share of the shot (0 to 1), `seconds` after its start.

    A cut lands in motion and leaves in motion: the ease keeps some speed at both ends.
    """
    eased = share if move.linear else 0.45 * share + 0.55 * share * share * (3 - 2 * share)
    first, last = move.zoom
    zoom = first * (last / first) ** eased
    x, y = move.x * (2 * eased - 1), move.y * (2 * eased - 1)
    if move.tremble:
        phase = move.seed % 997
        for rate, size in ((0.7, 1.0), (1.7, 0.45), (4.1, 0.14)):
            x += move.tremble * size * math.sin(2 * math.pi * rate * seconds + phase * rate)
            y += move.tremble * size * 0.8 * math.sin(2 * math.pi * rate * 1.13 * seconds + phase * rate * 1.7)
    return Camera(zoom, x, y)
