"""Path: from the motion words of a shot to where the camera stands at each of its moments.

Lengths are in units of the frame: a frame of width W and height H is 2 * sqrt(W / H) wide and 2 * sqrt(H / W) high.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from mvr.backends._words import Vocabulary

MOVES = {
    "push": ("push in", "push", "dolly in", "zoom in", "closer", "move in", "creep in", "close in", "track in",
             "dolly forward", "forward", "inward", "glide in", "drift in", "move closer"),
    "pull": ("pull back", "pull out", "pull", "dolly out", "dolly back", "zoom out", "pull away", "move back", "widen",
             "retreat", "reveal", "back away", "backward", "drift back", "recede"),
    "dolly zoom": ("dolly zoom", "zolly", "vertigo", "contra zoom", "trombone shot"),
    "pan": ("pan", "swing", "sweep", "turn"),
    "whip": ("whip", "whip pan", "swish", "swish pan", "snap pan"),
    "tilt": ("tilt", "look up", "look down"),
    "truck": ("truck", "track", "tracking", "slide", "follow", "dolly", "lateral", "sideways", "alongside", "past",
              "drift", "glide", "float", "move"),
    "orbit": ("orbit", "arc", "circle", "revolve", "around"),
    "crane": ("crane", "rise", "rising", "boom", "lift", "pedestal", "ascend", "descend", "jib", "drone", "lower"),
    "roll": ("roll", "dutch", "rotate", "spin", "canted", "tumble"),
    "handheld": ("handheld", "hand held", "shaky", "shake", "nervous", "restless", "jitter", "unsteady"),
    "locked": ("locked", "lock off", "static", "still", "tripod", "motionless", "fixed", "hold", "held", "stationary"),
}  # fmt: skip
WAYS = {
    "left": ("left",),
    "right": ("right",),
    "up": ("up", "upward", "rise", "ascend", "lift"),
    "down": ("down", "downward", "descend", "lower", "fall"),
    "slow": ("slow", "gentle", "soft", "subtle", "barely", "calm", "restrained", "creep", "drift", "smooth"),
    "fast": ("fast", "quick", "rapid", "sudden", "whip", "energetic", "swift", "urgent", "dynamic", "frantic", "wild"),
}

PUSH, PAN, TILT, TRUCK, CRANE, ORBIT, DOLLY = 0.24, 0.17, 0.17, 0.15, 0.15, 0.15, 0.24
"""How far each move goes at most: of the nearest thing's distance for a push, in units to either side for the rest.
Farther, straight walls behind a near figure bend where depth is guessed: seen at 0.19 of an orbit, 0.34 of a dolly."""

ROLL = math.radians(3.0)
WHIP_SECONDS = 0.42
WHIP_WAY = 0.55
"""A whip arrives from so far aside, enlarged so that no edge is seen, and settles within so long."""

KICK = 0.016
"""How far a full kick throws the camera forward, of the nearest thing's distance."""


@dataclass(frozen=True)
class Camera:
    """One moment. turn moves all of the picture alike, in units; step moves the camera sideways and down, in units at
    the nearest thing; forward is the share of the way to the nearest thing; zoom enlarges, roll turns (radians)."""

    turn: tuple[float, float] = (0.0, 0.0)
    step: tuple[float, float] = (0.0, 0.0)
    forward: float = 0.0
    zoom: float = 1.0
    roll: float = 0.0


@dataclass(frozen=True)
class Path:
    """The moves of a shot. way: 1 right, -1 left; rise: 1 down, -1 up; amount: 0 to 1, how far they go; room: units
    that the picture is wider and higher than the frame, to either side; focus: how near its subject is, 0 to 1."""

    kinds: tuple[str, ...]
    way: int
    rise: int
    amount: float
    hurry: bool
    tremble: float
    seed: int
    seconds: float
    room: tuple[float, float] = (0.0, 0.0)
    focus: float = 0.7

    def at(self, share: float, seconds: float, kick: float = 0.0, loud: float = 0.5) -> Camera:
        """The camera at a share of the shot (0 to 1), `seconds` after its start. kick and loud: 0 to 1."""
        eased = _eased(share, self.hurry)
        swing = (2 * eased - 1) * self.amount
        turn, step, forward, zoom, roll = [0.0, 0.0], [0.0, 0.0], KICK * kick + self._forward(eased), 1.0, 0.0
        for kind in self.kinds:
            if kind == "dolly zoom":
                zoom *= 1 - self._forward(eased) * self.focus
            elif kind == "pan":
                turn[0] += self.way * swing * (PAN + min(self.room[0], 1.0) * 0.6)
            elif kind == "tilt":
                turn[1] += self.rise * swing * (TILT + min(self.room[1], 1.0) * 0.6)
            elif kind == "truck":
                step[0] += self.way * swing * TRUCK
                turn[0] += self.way * swing * min(self.room[0], 1.0) * 0.5
            elif kind == "crane":
                step[1] += self.rise * swing * CRANE
                turn[1] += self.rise * swing * min(self.room[1], 1.0) * 0.5
            elif kind == "orbit":
                step[0] += self.way * swing * ORBIT
                turn[0] -= self.way * swing * ORBIT * self.focus  # the subject stays where it is
            elif kind == "roll":
                roll += self.way * swing * ROLL
            elif kind == "whip":
                away = _arrival(seconds / WHIP_SECONDS)
                turn[0] -= self.way * WHIP_WAY * away
                zoom *= 1 + 0.75 * away
        if self.tremble:
            self._tremble(seconds, 0.6 + 0.8 * loud, turn, step)
            roll += self.tremble * 0.12 * math.sin(2 * math.pi * 0.43 * seconds + self.seed % 613)
        return Camera(
            (round(turn[0], 7), round(turn[1], 7)),
            (round(step[0], 7), round(step[1], 7)),
            round(forward, 7),
            round(zoom, 7),
            round(roll, 7),
        )

    def _forward(self, eased: float) -> float:
        """How far the words move the camera forward: a dolly zoom farther than a push, and any other move a little."""
        if "dolly zoom" in self.kinds:
            return DOLLY * self.amount * (1 - eased if "pull" in self.kinds else eased)
        if "push" in self.kinds:
            return PUSH * self.amount * eased
        if "pull" in self.kinds:
            return PUSH * self.amount * (1 - eased)
        return 0.05 * self.amount * eased if self.kinds else 0.0

    def _tremble(self, seconds: float, strength: float, turn: list[float], step: list[float]) -> None:
        """A hand: slow sway, the breath, and a trace of a tremor (0.5 to 4 Hz), never the same twice."""
        phase = self.seed % 997
        for rate, size in ((0.53, 1.0), (1.31, 0.4), (3.7, 0.09 * strength)):
            x = self.tremble * size * math.sin(2 * math.pi * rate * seconds + phase * rate)
            y = self.tremble * size * 0.8 * math.sin(2 * math.pi * rate * 1.13 * seconds + phase * rate * 1.7)
            turn[0] += 0.6 * x
            turn[1] += 0.6 * y
            step[0] += x
            step[1] += y


def plan(
    motion: str, seconds: float, energy: float, seed: int, room: tuple[float, float] = (0.0, 0.0), focus: float = 0.7
) -> Path:
    """Reads the motion words. Where they name no move, the music's energy and the seed choose one."""
    chance = random.Random(f"{seed}:move")
    kinds = [kind for kind in Vocabulary(MOVES).find(motion) if kind != "locked"]
    ways = Vocabulary(WAYS).find(motion)
    locked = not kinds and "locked" in Vocabulary(MOVES).find(motion)
    if not kinds and not locked:
        kinds = [chance.choice(("push", "pull", "truck", "push", "orbit", "crane"))]
    if "whip" in kinds and "pan" in kinds:
        kinds.remove("pan")
    pace = (0.6 + 0.6 * energy) * (0.6 if "slow" in ways else 1.5 if "fast" in ways else 1.0)
    amount = min(1.0, pace * min(1.0, 0.35 + seconds / 6))
    return Path(
        kinds=tuple(kinds),
        way=-1 if "left" in ways else 1 if "right" in ways else chance.choice((-1, 1)),
        rise=1 if "down" in ways else -1 if "up" in ways else chance.choice((-1, 1)),
        amount=amount,
        hurry="fast" in ways,
        tremble=0.008 + 0.014 * energy if "handheld" in kinds else 0.0,
        seed=seed,
        seconds=seconds,
        room=room,
        focus=focus,
    )


def _eased(share: float, hurry: bool) -> float:
    """A cut lands in motion and leaves in motion: some speed is kept at both ends. In a hurry most of the way is made
    early. Before the start and after the end it goes on as it began and ended."""
    if not 0 <= share <= 1:
        begin, finish = (1.54, 0.0) if hurry else (0.45, 0.45)
        return begin * share if share < 0 else 1 + finish * (share - 1)
    smooth = share * share * (3 - 2 * share)
    if hurry:
        return 0.3 * smooth + 0.7 * (1 - math.pow(1 - share, 2.2))
    return 0.45 * share + 0.55 * smooth


def _arrival(share: float) -> float:
    """1 at the start, 0 from the end on: fast first, then settling without a stop."""
    left = 1 - min(1.0, max(0.0, share))
    return left * left * left
