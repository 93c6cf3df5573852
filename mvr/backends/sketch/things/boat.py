"""A sailing boat far out on the water."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet

WORDS = "boat, ship, sail, sailboat, yacht, ferry, raft"


def draw(film: FilmSet) -> None:
    if film.reading.place not in ("sea", "beach", "city", "mountains", "bridge"):
        return
    colours, chance = film.palette, film.rng("boat")
    tall = film.h * chance.uniform(0.08, 0.13)
    x = film.w * (0.7 if film.side < 0 else 0.3)
    y = film.horizon + film.h * 0.035
    paper = film.part("boat", 0.36, (x - tall, y - tall * 1.15, tall * 2, tall * 1.4), bob=3.0, sway=0.02)
    hull = mix(colours.ink, colours.haze, 0.18)
    paper.path(
        (
            f"M{x - tall * 0.42:.1f} {y - tall * 0.1:.1f}H{x + tall * 0.46:.1f}Q{x + tall * 0.34:.1f} "
            f"{y + tall * 0.06:.1f} {x + tall * 0.24:.1f} {y + tall * 0.07:.1f}H{x - tall * 0.28:.1f}"
            f"Q{x - tall * 0.38:.1f} {y + tall * 0.02:.1f} {x - tall * 0.42:.1f} {y - tall * 0.1:.1f}Z"
        ),
        hull,
    )
    paper.rect(x - 2, y - tall, 4, tall * 0.9, hull)
    sail = mix(colours.light, colours.accent, 0.2)
    paper.path(
        (
            f"M{x + 6:.1f} {y - tall * 0.98:.1f}Q{x + tall * 0.5:.1f} {y - tall * 0.5:.1f} "
            f"{x + tall * 0.4:.1f} {y - tall * 0.16:.1f}H{x + 6:.1f}Z"
        ),
        sail,
    )
    paper.path(
        (
            f"M{x - 6:.1f} {y - tall * 0.86:.1f}Q{x - tall * 0.3:.1f} {y - tall * 0.4:.1f} "
            f"{x - tall * 0.34:.1f} {y - tall * 0.16:.1f}H{x - 6:.1f}Z"
        ),
        mix(sail, colours.ink, 0.2),
    )
    paper.glow(x, y + tall * 0.1, tall * 0.6, colours.ink, 0.35, 0.15)
