"""A club: tubes of neon in perspective, a mirror ball, beams, and people dancing in the dark."""

from __future__ import annotations

import math

from ..colour import mix
from ..filmset import FilmSet
from ..paper import polygon
from ..rooms import edge_of, shell
from ..shapes import shaft
from .stage import crowd

WORDS = "club, nightclub, disco, dancefloor, dance floor, rave, party, dj, karaoke, basement, warehouse, arcade, casino"
RANK = 2
SKY = False
TIME = "night"
POSE = "dance"


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("club")
    edge = edge_of(film)
    _, floor = shell(film, mix(colours.sky[0], colours.ink, 0.25), mix(colours.ink, colours.sky[0], 0.5), edge)
    x, y = film.w / 2, film.horizon - film.h * 0.06
    _gates(film, x, y)
    for index in range(9):
        share = (index / 8) ** 1.6
        line = edge + (film.bottom - edge) * share
        floor.rect(film.left, line, floor.width, 1.6 + 2 * share, mix(colours.second, colours.ink, 0.35), 0.5)
    for index in range(-9, 10):
        floor.stroke(
            f"M{x + index * 60:.1f} {edge:.1f}L{x + index * 300:.1f} {film.bottom:.1f}",
            mix(colours.accent, colours.ink, 0.35),
            2,
            0.5,
        )
    shine = film.sheet("floor-shine", 0.9, edge - 40, film.bottom, detail=0.2, kick=0.5)
    for tint, at in ((colours.accent, 0.2), (colours.second, 0.8), (mix(colours.accent, colours.second, 0.5), 0.5)):
        shine.glow(film.w * at, edge + 60, film.short * 0.5, tint, 0.5, 0.4)
    for index, tint in enumerate((colours.accent, colours.second)):
        beams = film.sheet(f"beams-{index}", 0.55 + 0.1 * index, detail=0.25, kick=0.6, breathe=0.5, phase=index * 3.0)
        for _ in range(4):
            shaft(
                beams,
                (x, film.h * 0.1),
                chance.uniform(-1.1, 1.1),
                film.h,
                5,
                chance.uniform(40, 130),
                mix(tint, "#ffffff", 0.25),
                0.5,
            )
    _ball(film, x, film.h * 0.1)
    film.drops("dust", 0.9, 60, colours.light, film.top, film.bottom)


def _gates(film: FilmSet, x: float, y: float) -> None:
    """Frames of neon, one behind the other."""
    colours, chance = film.palette, film.rng("gates")
    sides = chance.choice((4, 6, 40))
    for pair, depth in enumerate((0.28, 0.6)):
        paper = film.sheet(f"gates-{pair}", depth)
        glow = film.sheet(f"gates-glow-{pair}", depth, detail=0.25, kick=0.55, phase=pair * 1.6)
        for share in ((0.16, 0.26), (0.42, 0.68))[pair]:
            tint = colours.accent if share in (0.16, 0.42) else colours.second
            rx, ry = film.w * share * 0.78, film.h * share * 0.56
            points = []
            for corner in range(sides):
                angle = 2 * math.pi * (corner + 0.5) / sides
                grow = 2**0.5 if sides == 4 else 1.0
                points.append((x + math.cos(angle) * rx * grow, y + math.sin(angle) * ry * grow))
            data = polygon(points)
            paper.stroke(data, tint, 5 + 9 * share)
            paper.stroke(data, mix(tint, "#ffffff", 0.75), 2 + 3 * share)
            for width, strength in ((70, 0.08), (44, 0.12), (24, 0.2)):
                glow.stroke(data, tint, width * (0.4 + share * 1.5), strength)


def _ball(film: FilmSet, x: float, y: float) -> None:
    colours, chance = film.palette, film.rng("ball")
    radius = film.short * 0.09
    paper = film.part("ball", 0.7, (x - radius * 1.1, film.top, radius * 2.2, y + radius * 1.2 - film.top))
    paper.rect(x - 2, film.top, 4, y - film.top, mix(colours.ink, colours.light, 0.2))
    paper.ellipse(
        x,
        y,
        radius,
        radius,
        paper.radial(
            (
                (0, mix(colours.light, colours.second, 0.4), 1),
                (0.6, mix(colours.sky[2], colours.ink, 0.2), 1),
                (1, colours.ink, 1),
            ),
            (x - radius * 0.3, y - radius * 0.3),
            radius * 1.3,
        ),
    )
    for row in range(-5, 6):
        up = math.sin(row / 6 * math.pi / 2)
        across = math.cos(row / 6 * math.pi / 2)
        for column in range(-6, 7):
            turn = math.sin(column / 7 * math.pi / 2)
            if chance.random() < 0.45:
                tint = chance.choice((colours.light, colours.accent, colours.second, "#ffffff"))
                paper.rect(
                    x + turn * across * radius - 4,
                    y + up * radius - 4,
                    7 * (1 - 0.6 * abs(turn)),
                    7,
                    tint,
                    chance.uniform(0.2, 0.85),
                )


def front(film: FilmSet) -> None:
    """Dancers' heads and hands before the lens."""
    if not film.near:
        crowd(film, 1.3)
