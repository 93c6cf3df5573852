"""A crowd: people who stand about on both sides, seen from behind; before a stage, heads and raised hands."""

from __future__ import annotations

import random

from ..colour import mix
from ..filmset import FilmSet
from ..paper import Paper, smooth

WORDS = "crowd, audience, fans, mob, people, passers by, onlookers, strangers pass, shoulders, spectators, protesters"
COATS = ("#3d4a63", "#5a4a52", "#41544e", "#6b5a48", "#4a4360", "#70524a", "#35424c")


def draw(film: FilmSet) -> None:
    if film.reading.place in ("stage", "club"):
        return
    chance, colours = film.rng("crowd"), film.palette
    rows = ((0.86, 0.82, 9), (0.92, 0.93, 7)) if not film.near else ((0.7, 0.9, 8),)
    for index, (depth, size, count) in enumerate(rows):
        tall = (film.h * 0.85 if film.near else max(film.tall, film.h * 0.2)) * size
        feet = film.h * 1.12 if film.near else film.feet - film.tall * (0.1 - 0.05 * index)
        gap = film.w / (count - 1) if film.w > film.h else film.w / (count - 3)
        box_top = feet - tall * 1.08
        paper = film.sheet(f"crowd-{index}", depth, box_top, feet + 6, groove=tall * 0.004)
        x = film.left + gap * chance.uniform(0.1, 0.6)
        while x < film.right:
            free = film.cast and abs(x - film.subject) < max(film.w * 0.13, film.tall * 0.2)
            if not free:
                shade = mix(mix(chance.choice(COATS), colours.ink, 0.45 if colours.dark else 0.15), colours.haze,
                            0.32 - 0.16 * index)  # fmt: skip
                _one(paper, chance, x, feet - chance.uniform(0, 0.03) * tall, tall * chance.uniform(0.92, 1.05), shade,
                     colours.light if colours.dark else "#ffffff")  # fmt: skip
            x += gap * chance.uniform(0.65, 1.25)


def _one(paper: Paper, chance: random.Random, x: float, feet: float, tall: float, coat: str, light: str) -> None:
    """A figure of few lines: legs, a coat, a head with hair."""
    wide = tall * chance.uniform(0.115, 0.14)
    low = chance.uniform(0.3, 0.46)
    dark = mix(coat, "#0c0c14", 0.45)
    for sign in (-1, 1):
        paper.rect(
            x + sign * wide * 0.42 - wide * 0.26, feet - tall * 0.48, wide * 0.52, tall * 0.48, dark, 1.0, wide * 0.2
        )
    top, hem = feet - tall * 0.83, feet - tall * low
    paper.path(
        smooth(
            [
                (x - wide * 0.35, top), (x + wide * 0.35, top), (x + wide, top + tall * 0.05),
                (x + wide * 1.08, feet - tall * 0.56), (x + wide * 0.86, hem), (x - wide * 0.86, hem),
                (x - wide * 1.08, feet - tall * 0.56), (x - wide, top + tall * 0.05),
            ],
            tension=0.8,
        ),
        paper.linear(((0, mix(coat, light, 0.14), 1), (1, mix(coat, dark, 0.3), 1)), (x - wide, 0), (x + wide, 0)),
    )  # fmt: skip
    skin, hair = mix("#c99a7c", coat, 0.4), mix(chance.choice(("#2b2020", "#5a3a28", "#1c1c24", "#8a6a48")), coat, 0.35)
    paper.rect(x - wide * 0.24, top - tall * 0.03, wide * 0.48, tall * 0.06, skin)
    paper.ellipse(x, top - tall * 0.075, tall * 0.052, tall * 0.066, hair)
    if chance.random() < 0.3:
        paper.ellipse(x, top - tall * 0.03, tall * 0.062, tall * 0.075, hair)
    elif chance.random() < 0.25:
        paper.ellipse(x, top - tall * 0.1, tall * 0.085, tall * 0.018, dark)
        paper.rect(x - tall * 0.045, top - tall * 0.16, tall * 0.09, tall * 0.06, dark, 1.0, tall * 0.02)
