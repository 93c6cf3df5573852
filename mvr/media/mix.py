"""Transitions, frame by frame: two shots' pictures become the frames of the span around their cut.

All is done on I420 planes, at whole frames, with integer or half pixels. Where both shots are on screen at once
(dissolve, wipe, slide) each has a picture for every frame of the span; the others show the earlier shot up to the cut
and the later one from there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mvr.media.drawn import Planes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Plane = NDArray[np.uint8]

BLACK, WHITE, GREY = 16, 235, 128  # video range


@dataclass(frozen=True)
class Turn:
    """A transition to be drawn: its kind and way, its frames before and after the cut; of a flash, the frame of the
    span on which it is brightest."""

    kind: str
    way: str
    before: int
    after: int
    peak: int = 0

    @property
    def frames(self) -> int:
        return self.before + self.after

    def share(self, index: float) -> float:
        """How far the span is at a frame's middle, above 0 and below 1: the first frame has begun already."""
        return (index + 1) / (self.frames + 1)

    def near(self, index: int) -> float:
        """How near a frame is to the cut, 0 at the span's ends and 1 at the cut, on its own side of it."""
        if index < self.before:
            return (index + 1) / (self.before + 0.5)
        return (self.frames - index) / (self.after + 0.5)


def mixed(turn: Turn, before: Iterator[Plane], after: Iterator[Plane]) -> Iterator[Plane]:
    """The frames of a span, each a buffer of its own. before and after give the shots' own, as many as there are."""
    if turn.kind in BOTH:
        for index, (one, two) in enumerate(zip(before, after, strict=True)):
            yield BOTH[turn.kind](turn, index, Planes.of(one), Planes.of(two)).buffer
        return
    for index, one in enumerate(before):
        yield EACH[turn.kind](turn, index, Planes.of(one)).buffer
    for index, two in enumerate(after, turn.before):
        yield EACH[turn.kind](turn, index, Planes.of(two)).buffer


# both shots at once


def _dissolve(turn: Turn, index: int, one: Planes, two: Planes) -> Planes:
    import cv2

    share = turn.share(index)
    cv2.addWeighted(one.buffer, 1 - share, two.buffer, share, 0, dst=one.buffer)
    return one


def _wipe(turn: Turn, index: int, one: Planes, two: Planes) -> Planes:
    """The later picture comes in behind a soft edge, an eighth of the frame wide, which moves the way that is named."""
    import cv2
    import numpy as np

    height, width = one.y.shape
    length = width if turn.way in ("left", "right") else height
    soft = max(2.0, length / 8)
    edge = turn.share(index) * (length + soft) - soft / 2
    ramp = (edge - np.arange(length)) / soft + 0.5
    ramp = np.clip(ramp, 0, 1)
    ramp = ramp * ramp * (3 - 2 * ramp)
    if turn.way in ("left", "up"):
        ramp = ramp[::-1]
    line = ramp.astype(np.float32)
    mask = np.broadcast_to(line[None, :] if turn.way in ("left", "right") else line[:, None], (height, width))
    small = cv2.resize(np.ascontiguousarray(mask), (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    for plane, over, part in ((one.y, two.y, mask), (one.u, two.u, small), (one.v, two.v, small)):
        mixed_plane = plane + (over.astype(np.float32) - plane) * part
        plane[:] = np.rint(mixed_plane).astype(np.uint8)
    return one


def _slide(turn: Turn, index: int, one: Planes, two: Planes) -> Planes:
    """The later picture pushes the earlier one out the way that is named; what moves is blurred as a camera would."""
    flat = turn.way in ("left", "right")
    length = one.y.shape[1 if flat else 0]
    here, start, end = (_eased(turn.share(index + step)) * length for step in (0.0, -0.25, 0.25))
    shift = round(here / 2) * 2
    for plane, over, part in ((one.y, two.y, 1), (one.u, two.u, 2), (one.v, two.v, 2)):
        strip = _beside(plane, over, turn.way)
        size = plane.shape[1 if flat else 0]
        begin = shift // part if turn.way in ("left", "up") else size - shift // part
        shown = strip[:, begin : begin + size] if flat else strip[begin : begin + size]
        plane[:] = _streaked(shown, abs(end - start) / part, flat)
    return one


def _beside(one: Plane, two: Plane, way: str) -> Plane:
    """Both pictures in a row, the later one where it comes from."""
    import numpy as np

    pair = (one, two) if way in ("left", "up") else (two, one)
    return np.concatenate(pair, axis=1 if way in ("left", "right") else 0)


# one shot at a time


def _fade(turn: Turn, index: int, shown: Planes) -> Planes:
    """Down to black or white at the cut, and up again; even to the eye at both ends."""
    near = turn.near(index)
    return _towards(shown, BLACK if turn.way == "black" else WHITE, _smooth(near))


def _flash(turn: Turn, index: int, shown: Planes) -> Planes:
    """White at its peak, gone by the span's end: it falls to a tenth in half of the way. Towards a peak after the cut
    it swells, so that no picture shows bare between cut and beat."""
    peak = turn.peak
    share = (index + 1) / (peak + 1) if index < peak else 1 - (index - peak) / (turn.frames - peak)
    return _towards(shown, WHITE, 0.9 * share * share * share)


def _zoom(turn: Turn, index: int, shown: Planes) -> Planes:
    """The camera rushes into the earlier picture and comes to rest in the later one, or backs out of both."""
    near = turn.near(index)
    speed = 2.6 * near**2.5  # how far into the rush: a power of two
    later = index >= turn.before
    inward = turn.way == "in"
    scale = 2.0 ** (-speed * 0.5) if later == inward else 2.0**speed
    blur = 2.0 ** (0.55 * near * near) - 1
    return _zoomed(shown, scale, blur)


def _whip(turn: Turn, index: int, shown: Planes) -> Planes:
    """The camera tears away from the earlier picture and stops on the later one; what it sweeps over is a streak."""
    near = turn.near(index)
    flat = turn.way in ("left", "right")
    later = index >= turn.before
    length = shown.y.shape[1 if flat else 0]
    way = 1 if turn.way in ("left", "up") else -1
    shift = way * (-1 if later else 1) * length * 0.9 * near**2.2
    streak = length * 0.5 * near**1.6
    for plane, part in ((shown.y, 1), (shown.u, 2), (shown.v, 2)):
        plane[:] = _streaked(_rolled(plane, round(shift / part), flat), streak / part, flat)
    return shown


BOTH: dict[str, Callable[[Turn, int, Planes, Planes], Planes]] = {
    "dissolve": _dissolve,
    "wipe": _wipe,
    "slide": _slide,
}
EACH: dict[str, Callable[[Turn, int, Planes], Planes]] = {
    "fade": _fade,
    "flash": _flash,
    "zoom": _zoom,
    "whip": _whip,
}


# tools


def _smooth(share: float) -> float:
    return 0.5 - 0.5 * math.cos(math.pi * min(1.0, max(0.0, share)))


def _eased(share: float) -> float:
    """Slow at both ends and quick in the middle (smootherstep, Perlin 2002)."""
    share = min(1.0, max(0.0, share))
    return share * share * share * (share * (share * 6 - 15) + 10)


def _towards(shown: Planes, level: int, share: float) -> Planes:
    """A picture mixed with black or white."""
    import cv2

    for plane, to in ((shown.y, level), (shown.u, GREY), (shown.v, GREY)):
        cv2.addWeighted(plane, 1 - share, plane, 0, to * share, dst=plane)
    return shown


def _rolled(plane: Plane, shift: int, flat: bool) -> Plane:
    """A picture moved along one axis; beyond its edge it goes on as in a mirror, so that no border shows."""
    import numpy as np

    length = plane.shape[1 if flat else 0]
    at = (np.arange(length) + shift) % (2 * length)
    at = np.where(at < length, at, 2 * length - 1 - at)
    return plane[:, at] if flat else plane[at]


def _streaked(plane: Plane, length: float, flat: bool) -> Plane:
    """Blurred along one axis over that many pixels, as by a shutter that was open while the camera moved."""
    import cv2
    import numpy as np

    size = int(length) // 2 * 2 + 1
    if size < 3:
        return plane
    most = plane.shape[1 if flat else 0] // 2 * 2 - 1
    kernel = (min(size, most), 1) if flat else (1, min(size, most))
    blurred: Plane = cv2.blur(np.ascontiguousarray(plane), kernel, borderType=cv2.BORDER_REFLECT_101).astype(np.uint8)
    return blurred


def _zoomed(shown: Planes, scale: float, blur: float) -> Planes:
    """Enlarged around the middle, mirrored beyond its edges where it is made smaller, and blurred towards the middle:
    the mean of pictures enlarged up to `1 + blur` times further, halved in size first where that hides it."""
    import cv2
    import numpy as np

    steps = max(1, min(12, round(blur * max(shown.y.shape) / 24)))
    for plane in (shown.y, shown.u, shown.v):
        rows, columns = plane.shape
        shrink = 2 if blur > 0.08 and min(rows, columns) > 200 else 1
        size = (columns // shrink, rows // shrink)
        source = cv2.resize(plane, size, interpolation=cv2.INTER_AREA) if shrink > 1 else plane
        total = np.zeros((size[1], size[0]), np.float32)
        for step in range(steps):
            zoom = scale * (1 + blur * (step / max(1, steps - 1) - 0.5 if steps > 1 else 0))
            matrix = np.array(
                [[zoom, 0, (1 - zoom) * (size[0] - 1) / 2], [0, zoom, (1 - zoom) * (size[1] - 1) / 2]], np.float64
            )
            drawn = cv2.warpAffine(source, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
            cv2.accumulate(drawn, total)
        mean = np.rint(total / steps).astype(np.uint8)
        plane[:] = cv2.resize(mean, (columns, rows), interpolation=cv2.INTER_LINEAR) if shrink > 1 else mean
    return shown
