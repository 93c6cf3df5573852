"""Birds that cross the sky."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet

WORDS = "bird, seagull, gull, crow, dove, swallow, raven, flock, wing, pigeon, eagle"
OUTSIDE = True


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("birds")
    way = chance.choice((-1, 1))
    middle_x, middle_y = film.w * chance.uniform(0.3, 0.7), film.horizon * chance.uniform(0.3, 0.55)
    papers = film.cycle(
        "birds", 0.3, (film.left, middle_y - 220, film.right - film.left, 440), 4, rate=7.0, travel=way * 55.0
    )
    tint = mix(colours.ink, colours.haze, 0.15)
    flock = [
        (
            middle_x + chance.gauss(0, film.w * 0.17),
            middle_y + chance.gauss(0, 70),
            chance.uniform(13, 30),
            chance.randrange(4),
        )
        for _ in range(11)
    ]
    for cel, paper in enumerate(papers):
        for x, y, size, phase in flock:
            lift = (0.55, 0.15, -0.3, 0.1)[(cel + phase) % 4] * size
            paper.path(
                (
                    f"M{x - size:.1f} {y - lift:.1f}Q{x - size * 0.45:.1f} {y - lift * 0.9 - size * 0.25:.1f} "
                    f"{x:.1f} {y:.1f}Q{x + size * 0.45:.1f} {y - lift * 0.9 - size * 0.25:.1f} {x + size:.1f} "
                    f"{y - lift:.1f}"
                    f"Q{x + size * 0.4:.1f} {y - lift * 0.6 - size * 0.02:.1f} {x:.1f} {y + size * 0.2:.1f}"
                    f"Q{x - size * 0.4:.1f} {y - lift * 0.6 - size * 0.02:.1f} {x - size:.1f} {y - lift:.1f}Z"
                ),
                tint,
            )
