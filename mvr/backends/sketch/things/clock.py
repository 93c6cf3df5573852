"""A clock on the free side, its hands going."""

from __future__ import annotations

import math

from ..colour import mix
from ..filmset import FilmSet
from ..paper import placed
from ..stand import lit, symbol

WORDS = "clock, watch face, pocket watch, hourglass, clock tower, time stands"


def draw(film: FilmSet) -> None:
    x, y, size, depth = symbol(film)
    papers = film.cycle(
        "clock", depth - 0.1, (x - size * 1.15, y - size * 1.15, size * 2.3, size * 2.3), 12, beats=12.0, bob=3.0
    )
    rim, face = lit(film, "#b58a4a"), lit(film, "#f3ead4")
    for cel, paper in enumerate(papers):
        paper.ellipse(x, y, size * 1.08, size * 1.08, rim)
        paper.ellipse(
            x,
            y,
            size * 0.95,
            size * 0.95,
            paper.radial(((0, mix(face, "#ffffff", 0.3), 1), (1, face, 1)), (x, y), size),
        )
        for hour in range(12):
            turn = hour * math.pi / 6
            sx, sy = math.sin(turn), -math.cos(turn)
            inner = 0.74 if hour % 3 == 0 else 0.82
            paper.stroke(
                placed(f"M{sx * inner:.3f} {sy * inner:.3f}L{sx * 0.89:.3f} {sy * 0.89:.3f}", x, y, size),
                lit(film, "#2a2430"),
                size * 0.04,
            )
        for turn, long, wide in ((5.2 + cel / 12 * 0.52, 0.5, 0.07), (cel * math.pi / 6, 0.74, 0.045)):
            paper.stroke(
                f"M{x:.1f} {y:.1f}L{x + math.sin(turn) * size * long:.1f} {y - math.cos(turn) * size * long:.1f}",
                "#20202a",
                size * wide,
            )
        paper.ellipse(x, y, size * 0.06, size * 0.06, rim)
