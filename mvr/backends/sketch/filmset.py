"""The film set: the frame, its horizon and light, and the layers that places, things and figures put into it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from .palette import Palette
from .paper import Paper
from .reading import Reading
from .scene import Drops, Layer

MARGIN = 120.0
"""Units drawn beyond each edge of the frame, so that a moving camera never sees the end of a layer."""

LONGEST = 4000.0
"""Units of the long side at most; a longer frame shows a part of such a scene, enlarged."""

WORK_PIXELS = 3840 * 2160
"""Pixels of the largest scene that is drawn and moved at full size; a larger one is drawn so big, and enlarged."""

HEIGHTS = {"extreme wide": 0.16, "wide": 0.34, "full": 0.62, "medium": 1.22, "close": 2.35, "extreme close": 3.6}
"""Height of a standing figure, as a share of the frame's height."""

WIDEST = {"medium": 2.3, "close": 4.6, "extreme close": 6.4}
"""The same in widths of the frame, at most, where the frame would cut the shoulders off."""

HEADROOM = {"medium": 0.17, "close": 0.15, "extreme close": 0.06}
"""Where the crown of the head is, as a share of the frame's height, in shots that show no feet."""


def frame_units(width: int, height: int) -> tuple[float, float]:
    """Width and height of the scene in units for a frame of so many pixels: 1000 to the short side."""
    short = min(width, height)
    return min(LONGEST, 1000 * width / short), min(LONGEST, 1000 * height / short)


def density(width: int, height: int) -> float:
    """Pixels a unit for a frame of so many pixels."""
    w, h = frame_units(width, height)
    return max(width / w, height / h)


def work_size(width: int, height: int) -> tuple[int, int]:
    """The size at which frames are composed: their own, or one of the same shape with at most WORK_PIXELS, even."""
    if width * height <= WORK_PIXELS:
        return width, height
    share = (WORK_PIXELS / (width * height)) ** 0.5
    return max(16, int(width * share) // 2 * 2), max(16, int(height * share) // 2 * 2)


class Sheet:
    """A layer being drawn: its paper, and what the layer will be."""

    def __init__(self, name: str, depth: float, papers: list[Paper], detail: float, act: Mapping[str, Any]) -> None:
        self.name, self.depth, self.papers, self.detail, self.act = name, depth, papers, detail, dict(act)
        self.rim: tuple[str, float, float] | None = None  # colour, direction of the light in units


class FilmSet:
    """Where a shot is built. Units: 1000 to the short side; x to the right, y down, (0, 0) the frame's corner.

    horizon and feet are y; tall is the height of a standing figure, cast how many there are; near says that the shot
    shows no feet; light is where the sun, the moon or the main lamp stands; side is -1 where the figure's
    free space lies to the right of it, else 1.
    """

    def __init__(
        self, width: float, height: float, reading: Reading, colours: Palette, seed: int, cast: int = 0
    ) -> None:
        self.w, self.h, self.cast = width, height, cast
        self.reading, self.palette, self.seed = reading, colours, seed
        choice = self.rng("frame")
        base = {"low": 0.7, "eye": 0.6, "high": 0.46}[reading.angle]
        if not cast:
            base = {"low": 0.74, "eye": 0.6, "high": 0.42}[reading.angle]  # nobody's feet keep it near the middle
        self.horizon = height * (base + choice.uniform(-0.025, 0.025))
        self.near = cast > 0 and reading.size in HEADROOM
        if self.near:
            self.horizon = height * (0.5 + (0.06 if reading.angle == "low" else 0.0))
        self.tall = height * HEIGHTS[reading.size]
        if self.near:
            self.tall = min(self.tall, width * WIDEST[reading.size]) * (1 - 0.09 * (cast - 1))
            self.feet = height * HEADROOM[reading.size] + self.tall
        else:
            below = self.tall * {"low": 0.62, "eye": 0.92, "high": 1.2}[reading.angle]
            self.feet = min(height * (0.93 if reading.size == "full" else 0.9), self.horizon + below)
        self.side = choice.choice((-1, 1))
        third = 1 / 3 if self.side < 0 else 2 / 3
        self.subject = width * (third + choice.uniform(-0.03, 0.03))
        away = 1 - third
        high = {"dawn": 0.12, "dusk": 0.1, "day": 0.4, "night": 0.38}[reading.time]
        self.light = (
            width * (away + choice.uniform(-0.1, 0.1)),
            self.horizon - height * high * choice.uniform(0.75, 1.1),
        )
        self.items: list[Sheet | Drops] = []
        self.mood: dict[str, Any] = {}
        self.stands: list[float] = []  # x of each figure

    @property
    def left(self) -> float:
        return -MARGIN

    @property
    def right(self) -> float:
        return self.w + MARGIN

    @property
    def top(self) -> float:
        return -MARGIN

    @property
    def bottom(self) -> float:
        return self.h + MARGIN

    @property
    def short(self) -> float:
        return min(self.w, self.h)

    def rng(self, purpose: str) -> random.Random:
        """Chance of its own for each purpose, so that one more draw here changes nothing there."""
        return random.Random(f"{self.seed}:{purpose}")

    def sheet(
        self,
        name: str,
        depth: float,
        y0: float | None = None,
        y1: float | None = None,
        *,
        detail: float = 1.0,
        **act: Any,
    ) -> Paper:
        """A new layer before all others so far, across the frame from y0 to y1 (default: all of it)."""  # fmt: skip
        top = self.top if y0 is None else max(self.top, y0)
        bottom = self.bottom if y1 is None else min(self.bottom, y1)
        return self.part(name, depth, (self.left, top, self.right - self.left, max(4.0, bottom - top)), detail, **act)

    def part(
        self, name: str, depth: float, box: tuple[float, float, float, float], detail: float = 1.0, **act: Any
    ) -> Paper:
        """A new layer before all others so far, in a box of its own, with room for a blur around it."""
        room = 24.0 if self.near else 0.0
        box = (box[0] - room, box[1] - room, box[2] + 2 * room, box[3] + 2 * room)
        paper = Paper(*box)
        self.items.append(Sheet(name, depth, [paper], detail, act))
        return paper

    def cycle(
        self, name: str, depth: float, box: tuple[float, float, float, float], count: int, **act: Any
    ) -> list[Paper]:
        """A new layer of several drawings that are shown in turn."""
        papers = [Paper(*box) for _ in range(count)]
        self.items.append(Sheet(name, depth, papers, 1.0, act))
        return papers

    def rim(self, colour: str, dx: float, dy: float) -> None:
        """Asks for an edge of light on the newest layer, from the side where dx, dy (in units) points."""
        newest = self.items[-1]
        if isinstance(newest, Sheet):
            newest.rim = (colour, dx, dy)

    def drops(self, kind: str, depth: float, count: int, colour: str, y0: float, y1: float, size: float = 1.0) -> None:
        """Small moving things between y0 and y1, before all layers so far. count is for a square frame."""
        box = (self.left, y0, self.right - self.left, max(1.0, y1 - y0))
        many = max(1, round(count * (self.w * self.h / 1e6) ** 0.5))
        seed = self.rng(f"drops:{kind}:{len(self.items)}").randrange(2**31)
        self.items.append(Drops(kind, depth, many, seed, colour, box, size))

    def finished(self) -> list[tuple[Layer | Drops, Sheet | None]]:
        """Every item in order, with the sheet that it is drawn from."""
        result: list[tuple[Layer | Drops, Sheet | None]] = []
        for index, item in enumerate(self.items):
            if isinstance(item, Drops):
                result.append((item, None))
                continue
            paper = item.papers[0]
            names = tuple(f"{index:02d}-{item.name}-{cel}.png" for cel in range(len(item.papers)))
            box = (paper.x, paper.y, paper.width, paper.height)
            result.append((Layer(item.name, round(item.depth, 3), box, item.detail, names, item.act), item))
        return result
