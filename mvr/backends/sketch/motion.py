"""Motion: moves the layers of a scene frame by frame and hands the frames to the encoder."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from . import frame, moves, raster
from .cast import Cast, cast
from .drops import Moment, Shower, View
from .filmset import MARGIN, density, work_size
from .moves import Camera
from .pieces import Piece
from .planes import Frame, Plane, Planes, lay, nearest, sample, sheared
from .pulse import Pulse, pulse
from .scene import Drops, Pictures, Scene
from .soft import Run

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Spot:
    """Where a layer lies on a frame: enlargement, the corner's place in pixels, strength of its light, which cel."""

    zoom: float
    tx: float
    ty: float
    gain: float
    cel: int
    shear: float = 0.0  # pixels aside for each pixel above the foot of the layer
    stretch: float = 1.0  # of its height, the foot stays


@dataclass(frozen=True)
class Now:
    """One moment of a shot. beat: beats passed; step: beats from the middle of the shot; share: of the shot passed.

    beats and seconds are the whole shot's.
    """

    camera: Camera
    moment: Moment
    beat: float
    step: float
    share: float
    seconds: float
    beats: float


class Stage:
    """A scene ready to be filmed at a size."""

    def __init__(self, scene: Scene, pictures: Pictures, width: int, height: int) -> None:
        cv2.setNumThreads(1)  # bytes must not depend on the machine's cores, and lanes run one clip a core
        self.scene, self.width, self.height = scene, width, height
        scale = density(width, height)
        unit_w, unit_h = scene.frame
        self.view = View(scale, (unit_w * scale - width) / 2, (unit_h * scale - height) / 2, unit_w, unit_h)
        self.items: list[Cast | Shower] = []
        for index, item in enumerate(scene.items):
            if isinstance(item, Drops):
                self.items.append(Shower(item, self.view))
            else:
                self.items += cast(item, pictures, scale, scene.seed + index)
        self.frame, self.run = Frame.blank(width, height), Run(width, height)
        self.last = frame.Last(scene.mood.get("frame") or {}, width, height)

    def draw(self, now: Now) -> Plane:
        """One frame as I420 planes in one buffer, which the next call overwrites."""
        camera, moment = now.camera, now.moment
        spots = [self._spot(item, now) if isinstance(item, Cast) else None for item in self.items]
        floors = self._floors(spots)
        for item, spot, floor in zip(self.items, spots, floors, strict=True):
            if isinstance(item, Shower):
                self.run.flush(self.frame)
                item.draw(self.frame, camera, moment)
            elif spot is not None:
                self._lay(item, spot, floor)
        self.run.flush(self.frame)
        if camera.smear:
            self._smeared(camera.smear)
        self.last.finish(self.frame, 1 + LIFT * moment.kick)
        return self.frame.buffer

    def tamed(self, seconds: float) -> float:
        """How far lights may follow the kick, 0 to 1, for the frame's mean light to rise by MEAN at most: in a club
        full of lamps they are held back. Two frames are drawn for it, in the middle of the shot."""
        means = []
        for kick in (0.0, 1.0):
            still = Now(Camera(1.0, 0.0, 0.0), Moment(seconds / 2, seconds / 2, kick), 0.0, 0.0, 0.5, seconds, 1.0)
            self.draw(still)
            means.append(max(1.0, float(self.frame.y.mean()) - 16))
        rise = means[1] / means[0] - 1
        return 1.0 if rise <= MEAN else round(MEAN / rise, 4)

    def _smeared(self, units: float) -> None:
        """Blurs the frame along the way of a whip pan."""
        for plane, scale in ((self.frame.y, 1.0), (self.frame.u, 0.5), (self.frame.v, 0.5)):
            reach = max(1, round(units * self.view.scale * scale))
            plane[:] = cv2.blur(plane, (2 * reach + 1, 1))

    def _spot(self, one: Cast, now: Now) -> Spot:
        layer, view, moment = one.layer, self.view, now.moment
        act, depth = layer.act, layer.depth
        zoom, (dx, dy) = now.camera.scale(depth), now.camera.shift(depth)
        if act.get("fixed"):
            zoom, dx, dy = 1.0, 0.0, 0.0
        middle_x, middle_y = view.width / 2, view.height / 2
        if act.get("drift"):
            dx += min(float(act["drift"]) * 1000 * now.seconds, MARGIN * 1.2) * (now.share - 0.5)
        if act.get("travel"):
            dx += float(act["travel"]) * now.seconds * (now.share - 0.5)
        if act.get("rise"):
            dy -= float(act["rise"]) * now.seconds * (now.share - 0.5)
        if act.get("walk"):
            dx += float(act["walk"]) * now.step * _pace(act, now, view.width)
        if act.get("bob"):
            dy += float(act["bob"]) * math.sin(moment.way * 2 * math.pi * float(act.get("bob_rate", 0.22)) + depth * 9)
        if act.get("groove"):
            dy += float(act["groove"]) * (0.35 + 0.65 * moment.loud) * (abs(math.cos(math.pi * now.beat)) - 0.5)
        x = ((layer.box[0] + one.left - middle_x) * zoom + middle_x + dx) * view.scale - view.left
        y = ((layer.box[1] + one.top - middle_y) * zoom + middle_y + dy) * view.scale - view.top
        spot = Spot(zoom * one.zoom, x, y, _gain(act, moment, depth), _cel(act, len(one.cels), now, view.width))
        if not (act.get("breath") or act.get("sway")):
            return spot
        stretch = 1 + float(act.get("breath", 0.0)) * math.sin(moment.seconds * 1.7)
        swing = math.sin(moment.way * 1.15 + depth * 5) + 0.45 * math.sin(moment.way * 2.3 + depth * 11)
        return replace(spot, shear=round(float(act.get("sway", 0.0)) * swing, 7), stretch=round(stretch, 7))

    def _floors(self, spots: list[Spot | None]) -> list[int]:
        """For each item the row below which a nearer layer hides it."""
        floors, floor = [], self.height
        for item, spot in zip(reversed(self.items), reversed(spots), strict=True):
            floors.append(floor)
            if isinstance(item, Cast) and spot is not None and item.shrink == 1 and spot.gain == 1.0:
                planes = item.cels[spot.cel]
                rows, columns = planes.y.shape
                covers = spot.tx <= 0 and spot.tx + columns * spot.zoom >= self.width
                reaches = spot.ty + rows * spot.zoom >= floor
                if covers and reaches and planes.solid < rows:
                    top = math.ceil(spot.ty + planes.solid * spot.zoom) + 3
                    floor = max(0, min(floor, top + top % 2))
        return floors[::-1]

    def _lay(self, one: Cast, spot: Spot, floor: int) -> None:
        """Samples a layer's planes where it lies and lays them on the frame."""
        if spot.gain < 0.004:
            return
        planes = one.cels[spot.cel]
        rows, columns = planes.y.shape
        step = 4 * one.shrink
        lean = abs(spot.shear) * rows * spot.zoom
        x0 = max(0, math.floor((spot.tx - lean) / step) * step)
        y0 = max(0, math.floor((spot.ty - (spot.stretch - 1) * rows * spot.zoom) / step) * step)
        x1 = min(self.width, math.ceil(spot.tx + lean + columns * spot.zoom))
        y1 = min(self.height, floor, math.ceil(spot.ty + rows * spot.zoom))
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        box = (x0, y0, x1 + (x1 % 2), y1 + (y1 % 2))
        if one.shrink > 1:
            self._lay_soft(planes, one.shrink, spot, box)
        else:
            self.run.flush(self.frame)
            self._lay_sharp(planes, spot, box)

    def _lay_sharp(self, planes: Planes, spot: Spot, box: tuple[int, int, int, int]) -> None:
        if planes.pieces and not spot.shear and spot.stretch == 1:
            bare = replace(planes, pieces=())
            solid = replace(bare, a=None, half=None) if spot.gain == 1.0 else bare
            for piece in planes.pieces:
                part = _landed(piece, spot, planes.y.shape, box)
                if part:
                    self._lay_sharp(solid if piece.opaque else bare, spot, part)
            return
        x0, y0, x1, y1 = box
        width, height = x1 - x0, y1 - y0
        y_part = self.frame.y[y0:y1, x0:x1]
        u_part, v_part = (plane[y0 // 2 : y1 // 2, x0 // 2 : x1 // 2] for plane in (self.frame.u, self.frame.v))
        full = (spot.zoom, spot.tx, spot.ty, x0, y0, width, height)
        half = (spot.zoom, spot.tx / 2, spot.ty / 2, x0 // 2, y0 // 2, width // 2, height // 2)

        def taken(plane: Plane, window: tuple[float, float, float, int, int, int, int]) -> Plane:
            if spot.shear or spot.stretch != 1:
                return _scaled(sheared(plane, *window, spot.shear, spot.stretch), spot.gain)
            return _scaled(nearest(plane, *window) if planes.even else sample(plane, *window), spot.gain)

        lay(y_part, taken(planes.y, full), None if planes.a is None else taken(planes.a, full))
        alpha = None if planes.half is None else taken(planes.half, half)
        lay(u_part, taken(planes.u, half), alpha)
        lay(v_part, taken(planes.v, half), alpha)

    def _lay_soft(self, planes: Planes, shrink: int, spot: Spot, box: tuple[int, int, int, int]) -> None:
        """A soft layer is sampled at a half or a quarter of the frame's size, and gathered with its neighbours."""
        at = self.run.takes(shrink)
        if not at:
            self.run.flush(self.frame)
            at = shrink
        x0, y0, x1, y1 = box
        width, height = -(-(x1 - x0) // at), -(-(y1 - y0) // at)
        rows, columns = -(-height // 2), -(-width // 2)
        full = (spot.zoom / at, spot.tx / at, spot.ty / at, x0 // at, y0 // at, width, height)
        half = (spot.zoom / at, spot.tx / at / 2, spot.ty / at / 2, x0 // at // 2, y0 // at // 2, columns, rows)
        light, colour = (planes.y, planes.a), (planes.u, planes.v, planes.half)
        self.run.add(
            [_scaled(sample(_whole(plane, planes.y), *full), spot.gain) for plane in light],
            [_scaled(sample(_whole(plane, planes.u), *half), spot.gain) for plane in colour],
            at, box,
        )  # fmt: skip


def _whole(plane: Plane | None, like: Plane) -> Plane:
    """An alpha; where there is none, that of a picture which is opaque."""
    return np.full_like(like, 255) if plane is None else plane


def _landed(
    piece: Piece, spot: Spot, shape: tuple[int, ...], box: tuple[int, int, int, int]
) -> tuple[int, int, int, int] | None:
    """Where a piece of a picture of that shape lies on the frame, within a box of it; even, so that pieces that touch
    still do. The picture's own edges are the box's."""

    def at(value: int, move: float, length: int, first: int, last: int) -> int:
        if value <= 0 or value >= length:
            return first if value <= 0 else last
        return min(last, max(first, round((move + value * spot.zoom) / 2) * 2))

    x0, y0, x1, y1 = box
    left, right = (at(value, spot.tx, shape[1], x0, x1) for value in (piece.left, piece.right))
    top, bottom = (at(value, spot.ty, shape[0], y0, y1) for value in (piece.top, piece.bottom))
    return (left, top, right, bottom) if right - left >= 2 and bottom - top >= 2 else None


def _scaled(plane: Plane, gain: float) -> Plane:
    return plane if gain == 1.0 else cv2.convertScaleAbs(plane, alpha=gain)


REST = 0.2
"""How far lights that follow the kick are up where nothing is heard."""

MEAN = 0.08
"""By how much a kick may lift the frame's mean light at most; what the encoder adds keeps it within a tenth."""

LIFT = 0.035
"""By how much a kick lifts the whole frame's light."""


def _strike(seconds: float, seed: int) -> float:
    """Lightning: at most one stroke in two seconds, there at once, gone in half a second."""
    light = 0.0
    for slot in (math.floor(seconds / 3) - 1, math.floor(seconds / 3)):
        chance = random.Random(f"{seed}:{slot}")
        away = seconds - (slot * 3 + 0.2 + chance.random() * 0.8)
        if chance.random() < 0.7 and away >= 0:
            light = max(light, math.exp(-away / 0.16))
    return light


def _gain(act: Mapping[str, Any], moment: Moment, depth: float) -> float:
    """How bright a layer of light is: steady, breathing, flickering, or on the beat. At most 1: alpha ends there."""
    gain = float(act.get("level", 1.0))
    phase = depth * 17 + float(act.get("phase", 0.0))
    if act.get("breathe"):
        gain *= 1 - float(act["breathe"]) * (0.5 + 0.5 * math.sin(moment.way * 1.9 + phase))
    if act.get("flicker"):
        wave = math.sin(moment.seconds * 11 + phase) * 0.5 + math.sin(moment.seconds * 23.7 + phase * 2) * 0.5
        gain *= 1 - float(act["flicker"]) * (0.5 + 0.5 * wave)
    if act.get("kick"):
        gain *= 1 - float(act["kick"]) * (1 - max(REST, moment.kick))
    if act.get("strike") is not None:
        gain *= _strike(moment.seconds, int(act["strike"]))
    return gain if gain == 1.0 else round(min(1.0, max(0.0, gain)), 4)


def _pace(act: Mapping[str, Any], now: Now, width: float) -> float:
    """Steps to the beat, or to every other one where the beat is quick or the way would lead out of the frame."""
    quick = now.beats / max(1e-6, now.seconds) > 2.6
    far = abs(float(act.get("walk", 0.0))) * now.beats > 0.8 * width
    return 0.5 if quick or far else 1.0


def _cel(act: Mapping[str, Any], count: int, now: Now, width: float) -> int:
    """Which drawing of a cycle is shown. A cycle spans so many beats, or runs at so many drawings a second."""
    if count == 1:
        return 0
    if act.get("mouth"):
        loud = now.moment.voice
        return min(count - 1, 0 if loud < 0.22 else 1 if loud < 0.5 else 2)
    if act.get("blink") is not None:
        return int(_blinks(now.moment.seconds, int(act["blink"])))
    if act.get("beats"):
        return math.floor(now.beat * _pace(act, now, width) / float(act["beats"]) * count) % count
    return int(now.moment.way * float(act.get("rate", 8.0))) % count


def _blinks(seconds: float, seed: int) -> bool:
    """Whether eyes are shut: for an eighth of a second, once in two to five seconds."""
    slot = math.floor(seconds / 3.4)
    start = slot * 3.4 + random.Random(f"{seed}:{slot}").uniform(0.3, 3.0)
    return 0 <= seconds - start < 0.13


def frames(scene: Scene, pictures: Pictures, ask: Mapping[str, Any], sound: Pulse) -> Iterator[Plane]:
    """Every frame of a clip as I420; each is valid until the next is asked for.

    `window` in ask, [first, end) in frames from the shot's start, may begin before it and end after it: a frame is the
    same in every window.
    """
    count, rate = int(ask["frames"]), float(Fraction(str(ask["fps"])))
    first, end = ask.get("window") or (0, count)
    width, height = ask["size"]
    stage = Stage(scene, pictures, *work_size(width, height))
    seconds = count / rate
    energy = float(ask["energy"] if ask.get("energy") is not None else 0.5)
    move = moves.plan(str(ask.get("motion") or ""), seconds, energy, int(ask.get("seed") or 0))
    middle = sound.at(count // 2).beat
    lamps = stage.tamed(seconds) if any(beat.kick for beat in sound.frames) else 1.0
    for index in range(int(first), int(end)):
        share, now = (index + 0.5) / count, sound.at(index)
        camera = moves.at(move, share, index / rate)
        camera = replace(camera, lens=camera.lens * (1 + 0.022 * now.kick), y=camera.y - 3.0 * now.snare)
        moment = Moment(index / rate, now.way, now.kick * lamps, now.loud, now.snare, now.bass, now.voice, now.glitter)
        drawn = stage.draw(Now(camera, moment, now.beat, now.beat - middle, share, seconds, sound.beats))
        yield enlarged(drawn, width, height)


def still(scene: Scene, pictures: Pictures, width: int, height: int) -> bytes:
    """The scene as its painter composed it, before anything moves, as a PNG file."""
    stage = Stage(scene, pictures, *work_size(width, height))
    now = Now(Camera(1.0, 0.0, 0.0), Moment(0.0, 0.0), 0.0, 0.0, 0.5, 1.0, 1.0)
    return raster.write(to_bgr(enlarged(stage.draw(now), width, height)))


def enlarged(buffer: Plane, width: int, height: int) -> Plane:
    """An I420 buffer at another size; itself where it has that size."""
    if buffer.shape == (height * 3 // 2, width):
        return buffer
    frame, small = Frame.blank(width, height), Frame.of(buffer)
    for target, source in ((frame.y, small.y), (frame.u, small.u), (frame.v, small.v)):
        cv2.resize(source, target.shape[::-1], dst=target, interpolation=cv2.INTER_CUBIC)
    return frame.buffer


def to_bgr(buffer: Plane) -> Plane:
    """BGR pixels of an I420 buffer in BT.709 limited range."""
    frame = Frame.of(buffer)
    height, width = frame.y.shape
    u, v = (cv2.resize(plane, (width, height)) for plane in (frame.u, frame.v))
    picture = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, 256):  # in bands: floats of a whole large frame would take gigabytes
        rows = slice(top, top + 256)
        light = (frame.y[rows].astype(np.float32) - 16) * (255 / 219)
        blue = light + (u[rows].astype(np.float32) - 128) * (1.8556 * 255 / 224)
        red = light + (v[rows].astype(np.float32) - 128) * (1.5748 * 255 / 224)
        green = (light - 0.2126 * red - 0.0722 * blue) / 0.7152
        picture[rows] = np.clip(np.rint(cv2.merge([blue, green, red])), 0, 255)
    return picture


def heard(document: Mapping[str, Any] | None, ask: Mapping[str, Any]) -> Pulse:
    """What a shot's sound document (or none) does to the clip that is asked for."""
    rate, energy = float(Fraction(str(ask["fps"]))), ask.get("energy")
    return pulse(document, int(ask["frames"]), rate, bool(ask.get("react", True)), 0.5 if energy is None else energy)


def film(
    path: Path,
    ask: Mapping[str, Any],
    pictures: Iterator[Plane],
    progress: Progress,
    show: Callable[[float, bytes], None] | None = None,
) -> Path:
    """Encodes frames to a file. Raises StageError where ffmpeg fails, and whatever progress raises. show is given, once
    a second of film, how far it is and a small JPEG of the frame."""
    from mvr.media.encode import VideoWriter

    width, height = ask["size"]
    first, end = ask.get("window") or (0, int(ask["frames"]))
    count = int(end) - int(first)
    rate, draft = Fraction(str(ask["fps"])), bool(ask.get("draft"))
    with VideoWriter(path, width=width, height=height, fps=rate, draft=draft) as writer:
        for index, picture in enumerate(pictures):
            writer.write(picture)
            if index % 12 == 0:
                progress(index / count)
            if show is not None and index % round(rate) == 0:
                show(index / count, glimpse(picture))
    return path


def glimpse(buffer: Plane) -> bytes:
    """A JPEG of a frame, 240 pixels on its shorter side: 5 to 15 kB, in 2 ms."""
    height, width = Frame.of(buffer).y.shape
    scale = min(1.0, 240 / min(height, width))
    small = to_bgr(enlarged(buffer, *(max(2, round(length * scale / 2) * 2) for length in (width, height))))
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])[1])
