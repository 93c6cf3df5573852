"""A car with its lamps lit, parked or passing behind the figures."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet

WORDS = "car, taxi, cab, headlight, automobile, vehicle, limousine, convertible, truck, van, traffic"
OUTSIDE = True


def draw(film: FilmSet) -> None:
    if film.near or film.mood.get("indoor"):
        return
    colours, chance = film.palette, film.rng("car")
    tall = film.tall * 0.8
    long = tall * 2.9
    way = -film.side
    x = film.w * (0.72 if film.side < 0 else 0.28)
    y = film.feet - film.tall * 0.06
    moving = film.reading.pose != "stand" or chance.random() < 0.5
    travel = {"travel": way * 46.0} if moving else {}
    paper = film.part("car", 0.96, (x - long * 0.62, y - tall * 0.8, long * 1.24, tall * 0.95), **travel)
    body = mix(
        chance.choice((colours.accent, colours.second, "#b9bec6", "#2b3145")),
        colours.ink,
        0.35 if colours.dark else 0.12,
    )
    fill = paper.linear(
        ((0, mix(body, colours.light, 0.35), 1), (0.5, body, 1), (1, mix(body, colours.ink, 0.6), 1)),
        (0, y - tall * 0.6),
        (0, y - tall * 0.1),
    )

    def at(share: float) -> float:
        return x + way * share * long

    paper.ellipse(x, y, long * 0.5, tall * 0.05, colours.ink, 0.6)
    paper.path(
        (
            f"M{at(-0.5):.1f} {y - tall * 0.14:.1f}L{at(-0.49):.1f} {y - tall * 0.36:.1f}Q{at(-0.4):.1f} "
            f"{y - tall * 0.42:.1f} {at(-0.3):.1f} {y - tall * 0.42:.1f}"
            f"Q{at(-0.2):.1f} {y - tall * 0.68:.1f} {at(-0.08):.1f} {y - tall * 0.68:.1f}L{at(0.1):.1f} "
            f"{y - tall * 0.68:.1f}Q{at(0.2):.1f} {y - tall * 0.64:.1f} {at(0.27):.1f} "
            f"{y - tall * 0.43:.1f}"
            f"Q{at(0.44):.1f} {y - tall * 0.4:.1f} {at(0.49):.1f} {y - tall * 0.3:.1f}L{at(0.5):.1f} "
            f"{y - tall * 0.14:.1f}Z"
        ),
        fill,
    )
    glass = mix(colours.sky[2], colours.ink, 0.3)
    for left, right, slope in ((-0.19, 0.0, -0.06), (0.025, 0.2, 0.06)):
        paper.path(
            (
                f"M{at(left - (0.06 if slope < 0 else 0)):.1f} {y - tall * 0.43:.1f}"
                f"L{at(left + (0.02 if slope < 0 else 0)):.1f} {y - tall * 0.63:.1f}"
                f"H{at(right - (0.06 if slope > 0 else 0)):.1f}L{at(right + (0.02 if slope > 0 else 0)):.1f} "
                f"{y - tall * 0.43:.1f}Z"
            ),
            glass,
        )
    for share in (-0.3, 0.3):
        paper.ellipse(at(share), y - tall * 0.12, tall * 0.145, tall * 0.145, "#0c0d12")
        paper.ellipse(at(share), y - tall * 0.12, tall * 0.075, tall * 0.075, mix(body, "#c8ccd4", 0.5))
    paper.ellipse(at(0.475), y - tall * 0.28, tall * 0.045, tall * 0.05, mix(colours.lamp, "#ffffff", 0.6))
    paper.rect(min(at(-0.495), at(-0.475)), y - tall * 0.33, long * 0.02, tall * 0.08, "#ff3d3d")
    if colours.dark:
        glow = film.part("headlight", 0.97, (x - long * 1.4, y - tall * 1.4, long * 2.8, tall * 2.2), 0.2, **travel)
        glow.glow(at(0.5), y - tall * 0.28, tall * 0.8, colours.lamp, 0.7)
        glow.glow(at(0.75), y, tall * 1.1, colours.lamp, 0.4, 0.16)
        glow.glow(at(-0.49), y - tall * 0.29, tall * 0.4, "#ff4a3d", 0.5)
