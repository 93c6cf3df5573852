"""A lamp post that stands alone, with its cone of light."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..shapes import shaft

WORDS = "lamp, lamp post, lamppost, streetlight, street light, street lamp"
OUTSIDE = True


def draw(film: FilmSet) -> None:
    if film.near or film.mood.get("indoor") or film.reading.place in ("street", "station"):
        return
    colours = film.palette
    x = film.subject - film.side * film.w * 0.2
    y, tall = film.feet - film.tall * 0.03, film.tall * 2.1
    paper = film.part("lamp-post", 0.97, (x - tall * 0.2, y - tall * 1.05, tall * 0.4, tall * 1.08))
    dark = mix(colours.ink, colours.sky[0], 0.1)
    paper.rect(x - tall * 0.008, y - tall * 0.94, tall * 0.016, tall * 0.94, dark)
    paper.rect(x - tall * 0.02, y - tall * 0.06, tall * 0.04, tall * 0.06, dark)
    paper.path(
        (
            f"M{x - tall * 0.03:.1f} {y - tall * 0.94:.1f}L{x - tall * 0.045:.1f} {y - tall * 1.0:.1f}"
            f"H{x + tall * 0.045:.1f}L{x + tall * 0.03:.1f} {y - tall * 0.94:.1f}Z"
        ),
        mix(colours.lamp, "#ffffff", 0.5) if colours.dark else mix(colours.light, dark, 0.3),
    )
    paper.path(
        f"M{x - tall * 0.055:.1f} {y - tall:.1f}L{x:.1f} {y - tall * 1.035:.1f}L{x + tall * 0.055:.1f} {y - tall:.1f}Z",
        dark,
    )
    if colours.dark:
        glow = film.part(
            "lamp-light", 0.98, (x - tall * 0.7, y - tall * 1.5, tall * 1.4, tall * 1.7), 0.2, flicker=0.05, kick=0.2
        )
        glow.glow(x, y - tall * 0.97, tall * 0.42, colours.lamp, 0.9)
        shaft(glow, (x, y - tall * 0.95), 0.0, tall, tall * 0.06, tall * 0.6, colours.lamp, 0.4)
        glow.glow(x, y, tall * 0.42, colours.lamp, 0.5, 0.2)
