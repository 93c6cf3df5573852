"""A stage: beams of light from above, a back wall of lamps, haze, and hands of the crowd before the lens."""

from __future__ import annotations

import math
import random

from ..colour import mix
from ..filmset import FilmSet
from ..paper import Paper
from ..rooms import edge_of, shell
from ..shapes import shaft

WORDS = "stage, concert, theatre, theater, festival, arena, gig, opera, beneath the light, under the light, stadium"
HINTS = "spotlight, audience, band, performance, microphone, show, applause, drums"
RANK = 2
SKY = False
TIME = "night"
POSE = "sing"


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("stage")
    edge = edge_of(film)
    shell(film, mix(colours.sky[0], colours.ink, 0.35), mix(colours.ink, colours.sky[1], 0.35), edge)
    _lamps(film, chance, edge)
    haze = film.sheet("haze", 0.35, detail=0.2, drift=0.012)
    for _ in range(6):
        tint = chance.choice((colours.sky[2], colours.accent, colours.second))
        haze.glow(
            chance.uniform(0, film.w),
            chance.uniform(0.3, 0.9) * edge,
            chance.uniform(240, 460),
            mix(tint, colours.sky[1], 0.4),
            0.34,
            0.6,
        )
    _beams(film, chance, edge)
    _truss(film)
    pool = film.sheet("pool", 0.96, edge - 20, film.bottom, detail=0.25, kick=0.25)
    foot = film.feet if not film.near else film.h * 0.95
    pool.glow(film.subject, foot, film.short * 0.5, mix(colours.light, colours.lamp, 0.4), 0.75, 0.26)
    film.drops("dust", 0.9, 60, colours.light, film.top, film.bottom)


def _lamps(film: FilmSet, chance: random.Random, edge: float) -> None:
    """A wall of round lamps behind the players, half of them lit."""
    colours = film.palette
    step = film.short * 0.085
    top = edge - film.h * 0.44
    paper = film.sheet("lamp-wall", 0.3, top - step, edge + 4)
    glow = film.sheet("lamp-wall-glow", 0.3, top - step * 2, edge + 4, detail=0.2, kick=0.7)
    rows, columns = int((edge - top) / step), int((film.right - film.left) / step)
    for row in range(rows):
        for column in range(columns):
            x, y = film.left + (column + 0.5) * step, top + (row + 0.5) * step
            wave = math.sin(column * 0.55 + film.seed % 7) * math.cos(row * 0.6 + film.seed % 5)
            lit = wave + chance.uniform(-0.3, 0.3) > 0.25
            tint = (
                mix(colours.accent, colours.second, 0.5 + 0.5 * math.sin(column * 0.24))
                if lit
                else mix(colours.sky[1], colours.ink, 0.5)
            )
            paper.ellipse(x, y, step * 0.3, step * 0.3, mix(tint, "#ffffff", 0.25 if lit else 0), 0.95 if lit else 0.5)
            if lit:
                glow.glow(x, y, step * 1.3, tint, 0.5)


def _beams(film: FilmSet, chance: random.Random, edge: float) -> None:
    """Three sets of beams, each answering the kick and the moment in its own way."""
    colours = film.palette
    tints = (colours.accent, colours.second, colours.light)
    for index, tint in enumerate(tints):
        paper = film.sheet(
            f"beams-{index}", 0.5 + 0.12 * index, detail=0.25, kick=0.35 - 0.1 * index, breathe=0.45, phase=index * 2.1
        )
        for beam in range(3):
            x = film.w * (0.1 + 0.4 * beam + 0.12 * index) + chance.uniform(-40, 40)
            target = film.subject if index == 2 else film.w * chance.uniform(0.1, 0.9)
            angle = math.atan2(target - x, film.h * 0.9)
            shaft(
                paper,
                (x, -40),
                angle,
                film.h * chance.uniform(0.85, 1.05),
                16,
                film.short * chance.uniform(0.14, 0.26),
                mix(tint, "#ffffff", 0.2),
                0.55 if index < 2 else 0.42,
            )
            paper.glow(x, -30, 120, mix(tint, "#ffffff", 0.4), 0.9)


def _truss(film: FilmSet) -> None:
    colours = film.palette
    paper = film.sheet("truss", 0.8, film.top, 60)
    tint = mix(colours.ink, colours.sky[1], 0.12)
    paper.rect(film.left, -30, paper.width, 8, tint)
    paper.rect(film.left, 14, paper.width, 8, tint)
    step = 46
    for index in range(int(paper.width / step) + 1):
        x = film.left + index * step
        paper.stroke(f"M{x:.1f} -26L{x + step / 2:.1f} 18L{x + step:.1f} -26", tint, 4)
    for index in range(7):
        x = film.left + (index + 0.5) * paper.width / 7
        paper.rect(x - 15, 18, 30, 26, tint, 1.0, 5)


def front(film: FilmSet) -> None:
    """Heads and raised hands of the crowd, dark against the stage."""
    if film.near:
        return
    crowd(film, 1.3)


def crowd(film: FilmSet, depth: float) -> None:
    """A row of heads and arms along the frame's foot."""
    colours, chance = film.palette, film.rng("crowd")
    unit = film.short * 0.075
    y = film.h * 0.95
    paper = film.sheet("crowd", depth, y - unit * 3.6, film.bottom, groove=14.0)
    dark = mix(colours.ink, colours.sky[0], 0.12)
    x = film.left
    while x < film.right:
        size = unit * chance.uniform(0.85, 1.2)
        top = y + chance.uniform(-0.4, 0.7) * unit
        paper.ellipse(x, top, size * 0.5, size * 0.64, dark)
        paper.path(
            (
                f"M{x - size * 1.15:.1f} {film.bottom:.1f}C{x - size * 1.2:.1f} {top + size:.1f} "
                f"{x - size * 0.5:.1f} {top + size * 0.7:.1f} {x:.1f} {top + size * 0.62:.1f}"
                f"C{x + size * 0.5:.1f} {top + size * 0.7:.1f} {x + size * 1.2:.1f} {top + size:.1f} "
                f"{x + size * 1.15:.1f} {film.bottom:.1f}Z"
            ),
            dark,
        )
        if chance.random() < 0.45:
            _arm(paper, x + size * chance.choice((-0.8, 0.8)), top + size, size, chance.uniform(-0.35, 0.35), dark)
        x += unit * chance.uniform(1.15, 1.7)


def _arm(paper: Paper, x: float, y: float, size: float, lean: float, colour: str) -> None:
    tall = size * 2.6
    tip = (x + lean * tall, y - tall)
    paper.stroke(
        f"M{x:.1f} {y + size:.1f}Q{x + lean * tall * 0.2:.1f} {y - tall * 0.4:.1f} {tip[0]:.1f} {tip[1]:.1f}",
        colour,
        size * 0.34,
    )
    for finger in (-0.5, 0.0, 0.5):
        paper.stroke(
            f"M{tip[0]:.1f} {tip[1]:.1f}l{finger * size * 0.4 + lean * 10:.1f} {-size * 0.36:.1f}", colour, size * 0.13
        )
