"""A key that hangs in the light."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..stand import symbol

WORDS = "key, golden key, keyhole, rusty key, house key"


def draw(film: FilmSet) -> None:
    x, y, size, depth = symbol(film)
    glow = film.part(
        "key-glow", depth, (x - size * 2.4, y - size * 2.4, size * 4.8, size * 4.8), 0.2, breathe=0.25, kick=0.3
    )
    glow.glow(x, y, size * 2.2, film.palette.lamp, 0.5)
    paper = film.part("key", depth, (x - size * 0.8, y - size * 3.4, size * 1.6, size * 4.8), bob=5.0, sway=0.012)
    gold, dark = "#e8b84a", "#8a5a1e"
    paper.stroke(f"M{x:.1f} {y - size * 3.4:.1f}V{y - size * 0.9:.1f}", mix(gold, film.palette.haze, 0.4), size * 0.025)
    fill = paper.linear(((0, "#fff0b8", 1), (0.5, gold, 1), (1, dark, 1)), (x - size * 0.4, 0), (x + size * 0.4, 0))
    paper.raw(
        f'<circle cx="{x:.1f}" cy="{y - size * 0.55:.1f}" r="{size * 0.32:.1f}" fill="none" stroke="{gold}" '
        f'stroke-width="{size * 0.14:.1f}"/>'
    )
    paper.rect(x - size * 0.07, y - size * 0.25, size * 0.14, size * 1.25, fill, 1.0, size * 0.05)
    for up, wide in ((0.72, 0.3), (0.9, 0.24)):
        paper.rect(x, y + size * (up - 0.05), size * wide, size * 0.11, fill, 1.0, size * 0.02)
    paper.ellipse(x, y - size * 0.2, size * 0.13, size * 0.07, fill)
