"""Figures: where the characters of a shot stand, how large, and in which light."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..colour import at_lightness, mix
from ..filmset import FilmSet
from ..things.drums import kit
from ..things.piano import played
from .body import Tint
from .draw import person
from .looks import looks
from .pose import Pose, cycle, held_up

MOST = 4
"""Characters that one shot shows; more are a crowd."""


def draw(film: FilmSet, cast: Sequence[Mapping[str, Any]]) -> None:
    """Adds the shot's characters, the first one in front of the others."""
    for rank in reversed(range(len(cast))):
        _one(film, cast[rank], rank, len(cast), film.tall)


def _one(film: FilmSet, character: Mapping[str, Any], rank: int, count: int, height: float) -> None:
    reading, colours = film.reading, film.palette
    wear = looks(character)
    chance = film.rng(f"figure:{character.get('name')}")
    tall = height * wear.tall * (0.97 if rank else 1.0)
    feet = film.feet - (0 if film.near else height * 0.02 * rank)
    x = _aside(film, rank, count, height, chance.uniform(-0.02, 0.02))
    poses = _poses(film, rank, chance)
    side = 1.0 if film.light[0] > x else -1.0
    share = {"night": 0.34, "dusk": 0.28, "dawn": 0.26, "day": 0.12}[reading.time] + (
        0.25 if "silhouette" in reading.lights else 0
    )
    tint = _tint(film, share, side)
    shown = reading.held in ("violin", "umbrella") or reading.size not in ("close", "extreme close")
    held = reading.held if rank == 0 and shown else ""
    if reading.pose == "dance":
        poses = poses[3 * rank % len(poses) :] + poses[: 3 * rank % len(poses)]
    act = _act(film, poses, tall)
    mirror = poses[0].facing == "side" and (film.side > 0) != bool(rank % 2 and "walk" not in act)
    if reading.pose == "dance":
        mirror = bool(rank % 2)
    if "walk" in act:
        x = film.w / 2 + (film.subject - film.w / 2) * 0.3 - rank * math.copysign(tall * 0.36, act["walk"])
        poses = poses[3 * rank % len(poses) :] + poses[: 3 * rank % len(poses)]
    film.stands.append(x)
    _shadow(film, x, feet, tall, act)
    if poses[0].seated and film.near:
        feet -= tall * 0.2
        x -= (-1.0 if mirror else 1.0) * tall * (0.2 if held == "piano" else 0.0)
    if poses[0].seated and held != "drums":
        _seat(film, x, feet, tall, mirror)
    if held == "piano":
        played(film, x, feet, tall, -1.0 if mirror else 1.0)
    wide = {"umbrella": 0.5, "violin": 0.44, "drums": 0.44}.get(held, 0.3 if wear.lantern else 0.0)
    half = tall * max(_reach(reading.pose, poses[0]), wide)
    top, bottom = feet - tall * (1.5 if held == "umbrella" else 1.14), min(feet + tall * 0.04, film.bottom)
    left, right = max(film.left, x - half), min(film.right, x + half)
    sing = reading.pose == "sing" and rank == 0
    calm = reading.pose == "sing" or bool({"sad", "hope"} & set(reading.moods) and chance.random() < 0.35)
    faces = _faces(poses, sing, calm, wear.kind, tall * 0.128 > 46)
    if len(faces) > 1:
        act = {**act, **({"mouth": True} if sing else {"blink": film.seed % 9973 + rank})}
    papers = film.cycle(
        f"figure-{rank}",
        1.0 - 0.03 * rank,
        (left, top, right - left, max(8.0, bottom - top)),
        len(faces),
        **act,
    )
    film.rim(
        colours.light if reading.time != "night" else mix(colours.lamp, colours.light, 0.35),
        side * max(1.6, tall * 0.006),
        -max(1.0, tall * 0.0035),
    )
    for paper, (pose, shut, mouth) in zip(papers, faces, strict=True):
        person(paper, wear, pose, x, feet, tall, tint, mirror=mirror, sing=sing, calm=shut, mouth=mouth, held=held)
    if held == "drums":
        kit(film, x, feet + tall * 0.02, tall, 1.03)


def _faces(poses: list[Pose], sing: bool, calm: bool, kind: str, detail: bool) -> list[tuple[Pose, bool, int]]:
    """Each drawing of a figure: its pose, whether the eyes are shut, how far the mouth is open. One who sings has three
    mouths, one who stands blinks, where the face is large enough to be seen."""
    seen = detail and len(poses) == 1 and poses[0].facing == "front" and not kind
    if sing and seen:
        return [(poses[0], calm, mouth) for mouth in (0, 1, 2)]
    if seen and not calm:
        return [(poses[0], False, 0), (poses[0], True, 0)]
    return [(pose, calm, 2 if sing else 0) for pose in poses]


def _reach(kind: str, pose: Pose) -> float:
    """Half the width of the paper that a figure needs, as a share of its height."""
    if kind in ("stand", "walk") and pose.facing != "side":
        return 0.19
    return 0.28 if kind in ("stand", "walk") else 0.4


def _tint(film: FilmSet, share: float, side: float) -> Tint:
    """The light on the figures: the sky's own colour in the shade, lighter by day than by night."""
    colours, time = film.palette, film.reading.time
    level = {"night": 0.57, "dusk": 0.62, "dawn": 0.66, "day": 0.72}[time]
    shade = mix(at_lightness(mix(colours.sky[1], colours.sky[2], 0.4), level, 0.6), at_lightness("#cf8f78", level), 0.5)
    bright = {"night": 0.88, "dusk": 0.92, "dawn": 0.95, "day": 1.0}[time]
    shine = mix(at_lightness(mix(colours.haze, colours.light, 0.5), bright, 0.7), "#ffffff", 0.25)
    key = colours.light if not colours.dark else mix(colours.lamp, colours.light, 0.5)
    return Tint(mix(colours.ink, colours.sky[1], 0.35), key, shine, shade, share, side)


def _aside(film: FilmSet, rank: int, count: int, height: float, nudge: float) -> float:
    """x of a figure: the first on a third (in the middle of close shots), the others in the free space."""
    size = film.reading.size
    middle = film.w * 0.5
    x = (
        film.subject
        if size in ("extreme wide", "wide", "full")
        else middle + (film.subject - middle) * (0.45 if count == 1 else 0.9)
    )
    if film.w < film.h and size == "full":
        x = middle + (film.subject - middle) * 0.6
    if count > 2:
        step = min(film.w * 0.27, height * 0.3)
        place = (0, -1, 1, 2)[rank] if count == 3 else (0, -1, 1, -2)[rank]
        return middle + (place + (0.5 if count == 4 else 0.0)) * step + nudge * film.w
    if film.reading.pose in ("hug", "meet") and count == 2:
        apart = 0.135 if film.reading.pose == "hug" else 0.3 if size in ("close", "extreme close") else 0.42
        return middle + (0.5 if rank else -0.5) * -film.side * min(apart * height, film.w * 0.5) + nudge * film.w * 0.2
    if rank:
        step = min(film.w * 0.42, height * {"close": 0.2, "extreme close": 0.19, "medium": 0.3}.get(size, 0.34))
        if film.reading.pose == "dance" and size not in ("close", "extreme close"):
            step = min(film.w * 0.46, height * 0.52)
        x -= film.side * step * ((rank + 1) // 2) * (1 if rank % 2 else -1)
    if not film.near:
        x = min(film.w * 0.8, max(film.w * 0.2, x))
    return x + nudge * film.w


def _poses(film: FilmSet, rank: int, chance: Any) -> list[Pose]:
    reading = film.reading
    pose, facing = reading.pose, reading.facing
    if pose == "walk" and facing == "side" and reading.size not in ("wide", "extreme wide"):
        facing = "back" if chance.random() < 0.5 else "front"
    if rank and pose in ("sing", "play"):
        pose = "stand"
    if reading.size in ("close", "extreme close") and pose in ("walk", "run", "dance", "sit", "reach"):
        pose = "stand"
    if reading.size in ("close", "extreme close") and pose == "play" and reading.held != "violin":
        pose = "stand"
    together = pose in ("hug", "meet")
    if together:
        pose, facing = ("hug" if pose == "hug" else "stand", "side") if film.cast > 1 else ("stand", facing)
    if not rank and pose == "play":
        pose = reading.held or "guitar"
    poses = cycle(pose, facing)
    if not rank and reading.held == "umbrella":
        poses = [held_up(each) for each in poses]
    if pose == "stand" and rank == 0 and chance.random() < 0.5 and facing != "side":
        poses = [replace(each, shift=-each.shift) for each in poses]
    return poses


def _act(film: FilmSet, poses: list[Pose], tall: float) -> dict[str, Any]:
    pose = film.reading.pose
    if len(poses) == 1:
        return {"breath": 0.004, "sway": 0.006}
    if pose == "play":
        return {"beats": 1.0, "groove": tall * 0.006}
    if pose == "dance":
        return {"beats": 2.0, "groove": tall * 0.012}
    side = poses[0].facing == "side"
    way = -1.0 if film.side > 0 else 1.0
    return {"beats": 2.0, "walk": way * tall * (0.3 if pose == "walk" else 0.5)} if side else {"beats": 2.0}


def _shadow(film: FilmSet, x: float, feet: float, tall: float, act: dict[str, Any]) -> None:
    """The dark under the feet, and the long shadow of a low sun."""
    if feet > film.h * 1.05:
        return
    colours = film.palette
    wide = tall * 0.5
    along = {"walk": act["walk"]} if "walk" in act else {}
    paper = film.part("shadow", 1.0, (x - wide * 1.3, feet - tall * 0.09, wide * 2.6, tall * 0.2), 0.5, **along)
    paper.glow(x, feet, tall * 0.3, colours.ink, 0.75, 0.16)


def _seat(film: FilmSet, x: float, feet: float, tall: float, mirror: bool) -> None:
    """A plain block to sit on."""
    colours = film.palette
    sign = -1 if mirror else 1
    left = x - tall * (0.13 if sign > 0 else 0.11)
    paper = film.part("seat", 1.0, (left - 4, feet - tall * 0.27, tall * 0.24 + 8, tall * 0.28))
    top = feet - tall * 0.232
    paper.rect(
        left,
        top,
        tall * 0.24,
        feet - top,
        paper.linear(((0, colours.shade(0.8), 1), (1, colours.ink, 1)), (0, top), (0, feet)),
        1.0,
        tall * 0.008,
    )
