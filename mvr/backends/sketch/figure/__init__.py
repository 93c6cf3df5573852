"""Figures: where the characters of a shot stand, how large, and in which light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..colour import mix
from ..filmset import FilmSet
from .body import Tint
from .draw import person
from .looks import looks
from .pose import Pose, cycle

HEIGHTS = {"extreme wide": 0.16, "wide": 0.34, "full": 0.62, "medium": 1.22, "close": 2.35, "extreme close": 3.6}
"""Height of a standing figure, as a share of the frame's height."""


def draw(film: FilmSet, characters: Sequence[Mapping[str, Any]]) -> None:
    """Adds the shot's characters, the first one in front of the others."""
    cast = list(characters)[:4]
    if not cast:
        return
    size = film.reading.size
    height = film.h * HEIGHTS[size]
    if size in ("close", "extreme close", "medium"):
        height = min(height, film.w * {"medium": 2.3, "close": 4.6, "extreme close": 6.4}[size]) * (
            1 - 0.09 * (len(cast) - 1)
        )
    for rank in reversed(range(len(cast))):
        _one(film, cast[rank], rank, len(cast), height)


def _feet(film: FilmSet, height: float) -> float:
    size = film.reading.size
    if size in ("medium", "close", "extreme close"):
        head = {"medium": 0.17, "close": 0.15, "extreme close": 0.06}[size]
        return film.h * head + height
    ground = float(film.mood.get("ground", 0.0))
    feet = film.horizon + height * {"low": 0.62, "eye": 0.92, "high": 1.2}[film.reading.angle]
    return ground or min(film.h * (0.93 if size == "full" else 0.9), feet)


def _one(film: FilmSet, character: Mapping[str, Any], rank: int, count: int, height: float) -> None:
    reading, colours = film.reading, film.palette
    wear = looks(character)
    chance = film.rng(f"figure:{character.get('name')}")
    tall = height * wear.tall * (0.97 if rank else 1.0)
    feet = _feet(film, height) - (height * 0.02 * rank if reading.size in ("full", "wide") else 0)
    x = _aside(film, rank, count, height, chance.uniform(-0.02, 0.02))
    poses = _poses(film, rank, chance)
    side = 1.0 if film.light[0] > x else -1.0
    share = {"night": 0.42, "dusk": 0.3, "dawn": 0.26, "day": 0.12}[reading.time] + (
        0.25 if "silhouette" in reading.lights else 0
    )
    tint = Tint(
        mix(colours.ink, colours.sky[1], 0.35),
        colours.light if not colours.dark else mix(colours.lamp, colours.light, 0.5),
        share,
        side,
    )
    mirror = poses[0].facing == "side" and (film.side > 0) != bool(rank % 2)
    _shadow(film, x, feet, tall)
    seat = tall * 0.25 if poses[0].seated else 0.0
    if seat:
        _seat(film, x, feet, tall, mirror)
    half = tall * (0.36 if len(poses) > 1 else 0.4)
    top, bottom = feet - tall * 1.14, min(feet + tall * 0.04, film.bottom)
    left, right = max(film.left, x - half), min(film.right, x + half)
    papers = film.cycle(
        f"figure-{rank}",
        1.0 - 0.03 * rank,
        (left, top, right - left, max(8.0, bottom - top)),
        len(poses),
        **_act(film, poses, tall),
    )
    film.rim(
        colours.light if reading.time != "night" else mix(colours.lamp, colours.light, 0.35),
        side * max(1.6, tall * 0.006),
        -max(1.0, tall * 0.0035),
    )
    sing = reading.pose == "sing"
    calm = sing or {"sad", "hope"} & set(reading.moods) and chance.random() < 0.5
    for paper, pose in zip(papers, poses, strict=True):
        person(paper, wear, pose, x, feet, tall, tint, mirror=mirror, sing=sing and rank == 0, calm=bool(calm))


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
    if rank:
        step = min(film.w * 0.42, height * {"close": 0.2, "extreme close": 0.19, "medium": 0.3}.get(size, 0.34))
        x -= film.side * step * ((rank + 1) // 2) * (1 if rank % 2 else -1)
    return x + nudge * film.w


def _poses(film: FilmSet, rank: int, chance: Any) -> list[Pose]:
    reading = film.reading
    pose, facing = reading.pose, reading.facing
    if pose in ("walk", "run") and facing == "side" and reading.size not in ("wide", "extreme wide"):
        facing = "back" if chance.random() < 0.5 else "front"
    if rank and pose in ("sing", "play"):
        pose = "stand"
    if reading.size in ("close", "extreme close") and pose in ("walk", "run", "dance", "sit", "reach", "play"):
        pose = "stand"
    poses = cycle(pose, facing)
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


def _shadow(film: FilmSet, x: float, feet: float, tall: float) -> None:
    """The dark under the feet, and the long shadow of a low sun."""
    if feet > film.h * 1.05:
        return
    colours = film.palette
    wide = tall * 0.5
    paper = film.part("shadow", 1.0, (x - wide * 1.3, feet - tall * 0.09, wide * 2.6, tall * 0.2), 0.5)
    paper.glow(x, feet, tall * 0.3, colours.ink, 0.75, 0.16)


def _seat(film: FilmSet, x: float, feet: float, tall: float, mirror: bool) -> None:
    """A plain block to sit on."""
    colours = film.palette
    sign = -1 if mirror else 1
    left = x - tall * 0.16 if sign > 0 else x - tall * 0.08
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
