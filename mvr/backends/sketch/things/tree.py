"""A single tree with a wide crown."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..paper import placed
from ..shapes import crown
from ..stand import lit

WORDS = "lone tree, single tree, old tree, oak, willow, cherry tree, bare tree, tree, bare branch"
OUTSIDE = True


def draw(film: FilmSet) -> None:
    if film.reading.place not in ("desert", "abstract", "beach", "mountains", "space", "pier", "road", "field"):
        return
    chance, colours = film.rng("tree"), film.palette
    tall = film.h * 0.42
    x = film.w * (0.5 - film.side * 0.3)
    y = film.h * 0.9 if film.near else min(film.feet - film.tall * 0.05, film.h * 0.86)
    bark = lit(film, "#4a3428")
    paper = film.part("tree", 0.82, (x - tall * 0.6, y - tall * 1.1, tall * 1.2, tall * 1.12), sway=0.006)
    trunk = "M-0.045 0Q-0.01 -0.3 -0.03 -0.6H0.03Q0.015 -0.3 0.05 0Z"
    paper.path(placed(trunk, x, y, tall), bark)
    pink = {"cherry", "blossom", "sakura"} & set(film.reading.words)
    leaf = "#f2a7b8" if pink else "#b5652e" if {"autumn", "fall"} & set(film.reading.words) else "#3f7a52"
    tint = lit(film, leaf)
    for dx, dy, wide, shade in (
        (0.0, 0.72, 0.95, 0.25),
        (-0.22, 0.62, 0.55, 0.1),
        (0.22, 0.66, 0.55, 0.0),
        (0.0, 0.84, 0.6, -0.12),
    ):
        colour = mix(tint, colours.ink, shade) if shade > 0 else mix(tint, colours.light, -shade)
        paper.path(crown(chance, x + dx * tall, y - dy * tall, wide * tall, wide * tall * 0.62), colour)
