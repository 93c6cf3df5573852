"""A heart of light that beats."""

from __future__ import annotations

from itertools import pairwise

from ..colour import mix
from ..filmset import FilmSet
from ..paper import placed
from ..stand import symbol

WORDS = "heart, heartbeat, beating heart, broken heart, valentine"


def draw(film: FilmSet) -> None:
    words = film.reading.words
    if ("heart", "of") in pairwise(words):
        return  # the heart of a city is none
    x, y, size, depth = symbol(film)
    tint = mix("#ff3d5a", film.palette.accent, 0.3)
    glow = film.part(
        "heart-glow", depth, (x - size * 2.6, y - size * 2.6, size * 5.2, size * 5.2), 0.2, kick=0.5, breathe=0.15
    )
    glow.glow(x, y, size * 2.4, tint, 0.6)
    paper = film.part("heart", depth, (x - size * 1.2, y - size * 1.1, size * 2.4, size * 2.2), groove=size * 0.05)
    fill = paper.linear(
        ((0, mix(tint, "#ffffff", 0.35), 1), (1, mix(tint, "#5a0820", 0.4), 1)),
        (x - size * 0.5, y - size),
        (x + size * 0.4, y + size),
    )
    outline = "M0 0.9C-1.5 -0.1 -0.75 -1.3 0 -0.42C0.75 -1.3 1.5 -0.1 0 0.9Z"
    paper.path(placed(outline, x, y, size), fill)
    paper.stroke(placed("M-0.72 -0.3q0.08 -0.32 0.36 -0.32", x, y, size), "#ffffff", size * 0.06, 0.6)
