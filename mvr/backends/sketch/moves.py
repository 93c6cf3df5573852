"""Moves: from the motion words of a shot to where the camera is at each moment."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from mvr.backends._words import Vocabulary

from . import lexicon
from .filmset import MARGIN

REACH = 62.0
"""Units that the camera travels to either side at most; filmset.MARGIN leaves room for it at depth 1.5."""

WHIP = 96.0
"""Units from which a whip pan comes, and seconds in which 1/e of it is left."""
WHIP_FALL = 0.11


@dataclass(frozen=True)
class Camera:
    """One moment. zoom: nearer, near layers growing more than far ones; x and y: units from the middle, layers passing
    by their depth; turn: units by which all layers pass alike, as in a pan; orbit: units by which far layers pass one
    way and near ones the other; lens: enlargement of all layers alike; stretch: enlargement of what lies behind the
    figures alone, as in a dolly zoom; smear: units of blur along the way of a whip pan."""

    zoom: float
    x: float
    y: float
    turn_x: float = 0.0
    turn_y: float = 0.0
    orbit: float = 0.0
    lens: float = 1.0
    stretch: float = 1.0
    smear: float = 0.0

    def scale(self, depth: float) -> float:
        """How much a layer at a depth is enlarged."""
        return float(self.zoom ** (0.3 + 0.7 * depth) * self.lens * self.stretch ** (1 - depth))

    def shift(self, depth: float) -> tuple[float, float]:
        """Units by which a layer at a depth is moved."""
        return (-self.x * depth - self.turn_x - self.orbit * (depth - 1), -self.y * depth - self.turn_y)


@dataclass(frozen=True)
class Move:
    """A camera move over a shot: each way from -value to value, each enlargement from one to another."""

    zoom: tuple[float, float] = (1.0, 1.0)
    x: float = 0.0
    y: float = 0.0
    turn_x: float = 0.0
    turn_y: float = 0.0
    orbit: float = 0.0
    lens: tuple[float, float] = (1.0, 1.0)
    stretch: tuple[float, float] = (1.0, 1.0)
    tremble: float = 0.0
    whip: float = 0.0
    seed: int = 0
    linear: bool = False
    kinds: tuple[str, ...] = field(default=())


@lru_cache(maxsize=1)
def _vocabularies() -> tuple[Vocabulary, Vocabulary]:
    return Vocabulary(lexicon.table("move")), Vocabulary(lexicon.table("way"))


def plan(motion: str, seconds: float, energy: float, seed: int) -> Move:
    """Reads the motion words. Where they name no move, the music's energy and the seed choose one."""
    chance = random.Random(f"{seed}:move")
    kinds, ways = (vocabulary.find(motion) for vocabulary in _vocabularies())
    if not kinds:
        kinds = [chance.choice(("push", "pull", "truck", "push", "crane", "orbit"))]
    pace = 0.6 + 0.6 * energy
    pace *= 0.6 if "slow" in ways else 1.6 if "fast" in ways else 1.0
    amount = min(1.0, pace * min(1.0, 0.35 + seconds / 6))
    way = -1 if "left" in ways else 1 if "right" in ways else chance.choice((-1, 1))
    rise = 1 if "down" in ways else -1 if "up" in ways else chance.choice((-1, 1))
    linear = "fast" not in ways and seconds < 4
    if kinds == ["locked"]:
        return Move(seed=seed, linear=linear, kinds=("locked",))
    return _moved([kind for kind in kinds if kind != "locked"], amount, way, rise, energy, seed, linear)


def _moved(kinds: list[str], amount: float, way: int, rise: int, energy: float, seed: int, linear: bool) -> Move:
    """The move of several kinds together; what would lead out of the drawing is shared out."""
    reach = REACH * (0.35 + 0.65 * amount)
    closer, wider = 1 + 0.22 * amount, 1 + 0.24 * amount
    told: dict[str, dict[str, Any]] = {
        "push": {"zoom": (1.0, closer)},
        "pull": {"zoom": (closer, 1.0)},
        "zoom": {"lens": (1.0, wider)},
        "unzoom": {"lens": (wider, 1.0)},
        "dolly zoom": {"stretch": (1.0, 1.15 + 0.15 * amount)},
        "truck": {"x": way * reach},
        "pan": {"turn_x": way * reach},
        "whip": {"turn_x": way * reach * 0.25, "whip": way * WHIP},
        "tilt": {"turn_y": rise * reach},
        "crane": {"y": rise * reach, "turn_y": rise * -0.3 * reach},
        "orbit": {"orbit": way * reach * 1.1, "x": way * 0.25 * reach},
        "handheld": {"tremble": 3.0 + 5.0 * energy},
    }
    parts: dict[str, Any] = {}
    for kind in kinds:
        for name, value in told[kind].items():
            parts.setdefault(name, value)
    if parts.keys() & {"x", "turn_x", "orbit", "tremble", "whip"} and not parts.keys() & {"zoom", "lens"}:
        parts["zoom"] = (1.02, 1.05)
    return Move(**parts, seed=seed, linear=linear, kinds=tuple(kinds))


def at(move: Move, share: float, seconds: float) -> Camera:
    """The camera at a share of the shot (0 to 1; beyond, where a transition shows what came before or comes after it),
    `seconds` after its start.

    A cut lands in motion and leaves in motion: the ease keeps some speed at both ends, and keeps it beyond them.
    """
    inside = min(1.0, max(0.0, share))
    eased = share if move.linear else 0.45 * share + 0.55 * inside * inside * (3 - 2 * inside)
    eased = min(1.25, max(-0.25, eased))

    def between(ends: tuple[float, float]) -> float:
        return float(max(0.97, ends[0] * (ends[1] / ends[0]) ** eased))

    along = 2 * eased - 1
    x, y = move.x * along, move.y * along
    if move.tremble:
        phase = move.seed % 997
        for rate, size in ((0.7, 1.0), (1.7, 0.45), (4.1, 0.14)):
            x += move.tremble * size * math.sin(2 * math.pi * rate * seconds + phase * rate)
            y += move.tremble * size * 0.8 * math.sin(2 * math.pi * rate * 1.13 * seconds + phase * rate * 1.7)
    swing = move.whip * math.exp(-max(0.0, seconds) / WHIP_FALL) if move.whip else 0.0
    return _inside(Camera(
        between(move.zoom), x, y, move.turn_x * along - swing, move.turn_y * along, move.orbit * along,
        between(move.lens), between(move.stretch), abs(swing) * 0.35 if abs(swing) > 4 else 0.0,
    ))  # fmt: skip


def _inside(camera: Camera) -> Camera:
    """The camera with its ways made shorter where moves together would show what is beyond the drawing."""
    share = 1.0
    for depth in (0.0, 0.5, 1.0, 1.35):
        room = (500 + MARGIN) * camera.scale(depth) - 505
        far = max(abs(way) for way in camera.shift(depth))
        share = min(share, room / far if far > room else 1.0)
    if share == 1.0:
        return camera
    return replace(
        camera, x=camera.x * share, y=camera.y * share, turn_x=camera.turn_x * share, turn_y=camera.turn_y * share,
        orbit=camera.orbit * share,
    )  # fmt: skip
