"""A drum kit, its cymbals shining."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..paper import placed
from ..stand import aside, lit, shadow

WORDS = "drum, drums, drum kit, drummer, cymbal, snare drum, percussion, timpani"


def draw(film: FilmSet) -> None:
    if film.reading.held == "drums":
        return  # the one who plays them brings them
    spot = aside(film, 0.24)
    shadow(film, spot, spot.tall * 0.65)
    kit(film, *spot)


def kit(film: FilmSet, x: float, y: float, tall: float, depth: float) -> None:
    """A kit at a place, for a drummer so tall."""
    size = tall * 0.34
    paper = film.part("drums", depth, (x - size * 2, y - size * 2.3, size * 4, size * 2.4), groove=size * 0.02)
    shell = lit(film, mix(film.palette.accent, "#7a1f2b", 0.35))
    steel, skin = lit(film, "#c8ccd4"), lit(film, "#f1ead8")
    brass = lit(film, "#e0b04c")
    for side, px, up in ((-1, -1.35, 1.9), (1, 1.4, 2.05), (-1, -1.7, 1.2)):
        cx, cy = x + px * size, y - up * size
        paper.stroke(f"M{cx:.1f} {cy:.1f}L{x + px * size * 0.95:.1f} {y:.1f}", steel, size * 0.04)
        paper.begin(f'transform="rotate({side * -9} {cx:.1f} {cy:.1f})"')
        paper.ellipse(
            cx,
            cy,
            size * 0.56,
            size * 0.085,
            paper.linear(
                ((0, mix(brass, "#ffffff", 0.5), 1), (1, brass, 1)), (cx - size * 0.5, 0), (cx + size * 0.5, 0)
            ),
        )
        paper.end()
    for px, up, wide, high in (
        (-0.5, 1.28, 0.44, 0.36),
        (0.5, 1.28, 0.44, 0.36),
        (1.25, 0.55, 0.5, 0.55),
        (-1.2, 0.72, 0.42, 0.22),
    ):
        cx, top = x + px * size, y - (up + high) * size
        fill = paper.linear(((0, mix(shell, "#ffffff", 0.3), 1), (0.5, shell, 1), (1, mix(shell, "#000000", 0.4), 1)),
                            (cx - wide * size, 0), (cx + wide * size, 0))  # fmt: skip
        paper.rect(cx - wide * size, top, 2 * wide * size, high * size, fill, 1.0, size * 0.05)
        paper.ellipse(cx, top, wide * size, size * 0.11, skin)
        if up < 1:
            for lean in (-0.6, 0.6):
                paper.stroke(
                    placed(f"M{lean * wide} 0L{lean * wide * 1.3} {up}", cx, top + high * size, size),
                    steel,
                    size * 0.04,
                )
    paper.ellipse(x, y - size * 0.68, size * 0.7, size * 0.68, shell)
    paper.ellipse(x, y - size * 0.68, size * 0.6, size * 0.58, skin)
    paper.ellipse(x, y - size * 0.68, size * 0.2, size * 0.2, mix(shell, skin, 0.25))
