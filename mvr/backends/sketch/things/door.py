"""A door that stands open, with light behind it."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..shapes import shaft
from ..stand import aside, lit

WORDS = "door, doorway, gate, portal, threshold, entrance, exit"


def draw(film: FilmSet) -> None:
    x, y, tall, depth = aside(film, 0.34)
    depth -= 0.12
    high, wide = tall * 1.22, tall * 0.5
    colours = film.palette
    glow = film.part(
        "door-glow", depth, (x - wide * 2.4, y - high * 1.5, wide * 4.8, high * 2.1), 0.2, breathe=0.12, kick=0.25
    )
    glow.glow(x, y - high * 0.5, high * 0.9, colours.lamp, 0.55)
    shaft(glow, (x, y - high * 0.2), -film.side * 0.25, high * 0.7, wide * 0.6, wide * 1.5, colours.lamp, 0.4)
    paper = film.part("door", depth, (x - wide * 1.3, y - high * 1.06, wide * 2.6, high * 1.1))
    frame = lit(film, "#6b4a36")
    paper.rect(x - wide * 0.58, y - high * 1.03, wide * 1.16, high * 1.03, frame, 1.0, wide * 0.02)
    inner = paper.linear(
        ((0, mix(colours.lamp, "#ffffff", 0.75), 1), (1, mix(colours.lamp, "#ffffff", 0.3), 1)), (0, y - high), (0, y)
    )
    paper.rect(x - wide * 0.5, y - high, wide, high, inner)
    hinge, away = x + film.side * wide * 0.5, x + film.side * wide * 1.16
    leaf = f"M{hinge:.1f} {y - high:.1f}L{away:.1f} {y - high * 1.05:.1f}V{y + high * 0.03:.1f}L{hinge:.1f} {y:.1f}Z"
    paper.path(
        leaf,
        paper.linear(
            ((0, mix(frame, colours.lamp, 0.3), 1), (1, mix(frame, "#000000", 0.25), 1)), (hinge, 0), (away, 0)
        ),
    )
    knob = hinge + (away - hinge) * 0.84
    paper.ellipse(knob, y - high * 0.48, wide * 0.045, wide * 0.05, "#e8c46a")
