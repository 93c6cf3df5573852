"""A letter, or paper that drifts: sheets of music, photographs, notes."""

from __future__ import annotations

import math

from ..colour import mix
from ..filmset import FilmSet
from ..stand import lit

WORDS = "letter, envelope, photograph, photo, sheets of music, sheet music, paper notes, diary, map"


def draw(film: FilmSet) -> None:
    chance = film.rng("letter")
    words = set(film.reading.words)
    photos = bool(words & {"photograph", "photographs", "photo", "photos"})
    for index in range(4):
        size = film.short * chance.uniform(0.06, 0.1)
        x = film.w * (0.14 + 0.24 * index + chance.uniform(-0.05, 0.05))
        y = film.h * chance.uniform(0.16, 0.42 if film.near else 0.6)
        if film.near and abs(x - film.w / 2) < film.w * 0.22:
            continue
        paper = film.part(
            f"letter-{index}",
            0.7 + 0.15 * index,
            (x - size * 1.5, y - size * 1.5, size * 3, size * 3),
            bob=12.0,
            bob_rate=0.12 + 0.03 * index,
            travel=8.0 - 5 * index,
            sway=0.03,
        )
        paper.begin(f'transform="rotate({chance.uniform(-28, 28):.1f} {x:.1f} {y:.1f})"')
        paper.rect(x - size * 0.8, y - size * 0.95, size * 1.6, size * 1.9, lit(film, "#f6eedd"), 1.0, size * 0.04)
        if photos:
            sky = paper.linear(
                ((0, film.palette.sky[1], 1), (1, film.palette.sky[3], 1)), (0, y - size), (0, y + size * 0.4)
            )
            paper.rect(x - size * 0.68, y - size * 0.82, size * 1.36, size * 1.3, sky)
            paper.ellipse(x, y - size * 0.1, size * 0.24, size * 0.26, mix(film.palette.ink, film.palette.haze, 0.2))
            paper.ellipse(x, y + size * 0.5, size * 0.5, size * 0.34, mix(film.palette.ink, film.palette.haze, 0.2))
        else:
            for row in range(6):
                long = 1.2 if row < 5 else 0.6
                wave = f"M{x - size * 0.6:.1f} {y + size * (-0.66 + row * 0.25):.1f}" + "".join(
                    f"q{size * 0.05:.2f} {size * 0.05 * math.sin(step + row):.2f} {size * 0.1:.2f} 0"
                    for step in range(int(long * 10))
                )
                paper.stroke(wave, lit(film, "#5a5a70"), size * 0.035, 0.7)
        paper.end()
