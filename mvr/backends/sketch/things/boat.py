"""A sailing boat far out on the water."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..stand import lit

WORDS = "boat, ship, sail, sailboat, yacht, ferry, raft, rowboat, canoe, row out, rows out, rowed out, rowing, oar"


def draw(film: FilmSet) -> None:
    if aboard(film) or film.reading.place not in ("sea", "beach", "city", "mountains", "bridge"):
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


def aboard(film: FilmSet) -> bool:
    """Whether those who are shown are in the boat."""
    return film.reading.place == "sea" and film.cast > 0 and "boat" in film.reading.things


def hull(film: FilmSet) -> None:
    """The boat that those who are shown stand in, before their feet."""
    if film.near or not film.stands:
        return
    colours, tall = film.palette, film.tall
    left, right = min(film.stands) - tall * 0.62, max(film.stands) + tall * 0.62
    top, low = film.feet - tall * 0.13, film.feet + tall * 0.12
    paper = film.part("hull", 1.02, (left, top - tall * 0.12, right - left, low - top + tall * 0.2))
    wood = lit(film, mix("#7a4a2c", colours.ink, 0.25))
    middle = (left + right) / 2
    side = (
        f"M{left:.1f} {top - tall * 0.06:.1f}Q{middle:.1f} {top + tall * 0.09:.1f} {right:.1f} {top - tall * 0.06:.1f}"
        f"Q{right - tall * 0.1:.1f} {low:.1f} {right - tall * 0.3:.1f} {low:.1f}"
        f"H{left + tall * 0.3:.1f}Q{left + tall * 0.1:.1f} {low:.1f} {left:.1f} {top - tall * 0.06:.1f}Z"
    )
    fill = paper.linear(
        ((0, mix(wood, colours.light, 0.16), 1), (1, mix(wood, colours.ink, 0.6), 1)), (0, top), (0, low)
    )
    paper.path(side, fill)
    rim = (
        f"M{left:.1f} {top - tall * 0.06:.1f}Q{middle:.1f} {top + tall * 0.09:.1f} {right:.1f} {top - tall * 0.06:.1f}"
    )
    paper.stroke(rim, mix(wood, colours.light, 0.4), tall * 0.016)
    for share in (0.42, 0.72):
        plank = (
            f"M{left + tall * 0.1 * share:.1f} {top + (low - top) * share - tall * 0.06 * (1 - share):.1f}"
            f"Q{middle:.1f} {top + (low - top) * share + tall * 0.06 * (1 - share):.1f} "
            f"{right - tall * 0.1 * share:.1f} {top + (low - top) * share - tall * 0.06 * (1 - share):.1f}"
        )
        paper.stroke(plank, mix(wood, colours.ink, 0.7), tall * 0.007, 0.6)
    oar = f"M{middle:.1f} {top - tall * 0.16:.1f}L{left - tall * 0.02:.1f} {low + tall * 0.03:.1f}"
    paper.stroke(oar, mix(wood, colours.light, 0.25), tall * 0.018)
