"""A street that runs to a vanishing point between house fronts, with lamps, signs and shop windows."""

from __future__ import annotations

from ..buildings import Bricks, skyline, wall
from ..colour import mix
from ..filmset import FilmSet
from ..light import wet_ground
from ..perspective import Lens

WORDS = (
    "street, alley, sidewalk, avenue, boulevard, corner, pavement, crosswalk, crossing, lane, market, "
    "neighbourhood, neighborhood, traffic, road in the city, rain soaked city, shop, taxi, streetlight, street "
    "lamp"
)
RANK = 2
SKY = True


def draw(film: FilmSet) -> None:
    colours, chance = film.palette, film.rng("street")
    lens = Lens(film.w * (0.5 - film.side * 0.1), film.horizon, max(film.w, film.h * 0.62))
    share = {"night": 0.5, "dusk": 0.42, "dawn": 0.16, "day": 0.06}[film.reading.time]
    _far(film, lens, share)
    _ground(film, lens)
    for name, depth, spans in (
        ("fronts-far", 0.45, ((60, 44), (44, 33), (33, 25))),
        ("fronts-middle", 0.66, ((25, 18.5), (18.5, 13.5))),
        ("fronts-near", 0.9, ((13.5, 9.4), (9.4, 6.2), (6.2, 3.6))),
    ):
        reach = min(film.w + 240, 12 * lens.focal / spans[-1][1])
        left = max(film.left, lens.x - reach / 2)
        paper = film.part(name, depth, (left, film.top, min(film.right, left + reach) - left, film.bottom - film.top))
        for far, near in spans:
            for side in (-1, 1):
                tall = chance.uniform(9, 19)
                tone = chance.uniform(-0.08, 0.08)
                body = colours.shade(min(1.0, 0.34 + 8 / near * 0.5 + tone))
                foot = mix(colours.shade(min(1.0, 0.24 + 8 / far * 0.5)), colours.haze, 0.12)
                lit = mix(colours.lamp, body, 0.1)
                bricks = Bricks(body, foot, lit, mix(body, colours.haze, 0.22), share * chance.uniform(0.5, 1.2))
                columns = max(2, round((far - near) / 2.4))
                wall(paper, lens, chance, side * 5.6, near, far, tall, bricks, columns, round(tall / 3.4))
        _signs(film, lens, paper, spans)
    if film.reading.wet:
        wet_ground(film, film.horizon + film.h * 0.06)
    _glow(film, lens)


def _far(film: FilmSet, lens: Lens, share: float) -> None:
    """What closes the street: a few pale towers in the glow of its end."""
    colours, chance = film.palette, film.rng("street-end")
    paper = film.sheet("street-end", 0.22, film.horizon - film.h * 0.4, film.horizon + 12)
    body = colours.shade(0.28)
    bricks = Bricks(
        body, mix(body, colours.haze, 0.6), mix(colours.lamp, body, 0.4), mix(body, colours.haze, 0.3), share
    )
    reach = film.w * 0.3
    tall = film.h * 0.12, film.h * 0.34
    skyline(paper, chance, lens.x - reach, lens.x + reach, film.horizon + 10, tall, (36, 84), bricks, grid=8.0)


def _ground(film: FilmSet, lens: Lens) -> None:
    colours, reading = film.palette, film.reading
    paper = film.sheet("asphalt", 0.85, film.horizon - 2, film.bottom)
    gloss = 0.5 if reading.wet else 0.2
    far = mix(colours.shade(0.4), colours.haze, gloss)
    near = mix(colours.ink, colours.sky[0], 0.3)
    fill = paper.linear(((0, far, 1), (0.3, mix(far, near, 0.6), 1), (1, near, 1)), (0, film.horizon), (0, film.h))
    paper.rect(film.left, film.horizon, paper.width, paper.height, fill)
    kerb = mix(near, colours.haze, 0.25)
    for side in (-1, 1):
        walk = lens.quad((side * 3.4, 0.1, 2.2), (side * 5.7, 0.1, 2.2), (side * 5.7, 0.1, 80), (side * 3.4, 0.1, 80))
        paper.path(walk, paper.linear(((0, mix(far, kerb, 0.5), 1), (1, kerb, 1)), (0, film.horizon), (0, film.h)), 0.8)
        edge = lens.quad((side * 3.4, 0.1, 2.2), (side * 3.28, 0, 2.2), (side * 3.28, 0, 80), (side * 3.4, 0.1, 80))
        paper.path(edge, mix(kerb, colours.light, 0.25), 0.8)
    z = 3.0
    dash = mix(colours.light, near, 0.35)
    while z < 60:
        paper.path(lens.quad((-0.08, 0, z), (0.08, 0, z), (0.08, 0, z * 1.22), (-0.08, 0, z * 1.22)), dash, 0.6)
        z *= 1.55
    _mirror(film, paper, lens)


def _mirror(film: FilmSet, paper: object, lens: Lens) -> None:
    """The glow of the street's end lies on the asphalt."""
    from ..paper import Paper

    assert isinstance(paper, Paper)
    colours = film.palette
    strength = 0.75 if film.reading.wet else 0.3
    paper.glow(lens.x, film.horizon, film.h * 0.5, mix(colours.haze, colours.lamp, 0.35), strength, 0.7)


def _signs(film: FilmSet, lens: Lens, paper: object, spans: tuple[tuple[float, float], ...]) -> None:
    """Upright signs on the walls, and lamp posts on the pavement."""
    from ..paper import Paper

    assert isinstance(paper, Paper)
    colours, chance = film.palette, film.rng(f"signs:{spans[0][0]}")
    lit = colours.dark or film.reading.weather in ("rain", "storm", "fog")
    neon = "neon" in film.reading.lights
    for far, near in spans:
        for side in (-1, 1):
            z = (far + near) / 2
            if lit and (neon or chance.random() < 0.55):
                tint = chance.choice((colours.accent, colours.second, colours.lamp))
                low = chance.uniform(3.6, 5)
                top = low + chance.uniform(1.6, 3.4)
                x = side * chance.uniform(4.5, 5.0)
                board = lens.quad((x, low, z), (side * 5.6, low, z), (side * 5.6, top, z), (x, top, z))
                paper.path(board, mix(tint, colours.ink, 0.55))
                a, b = lens.at(x + side * 0.1, low + 0.15, z), lens.at(side * 5.45, top - 0.15, z)
                for step in range(4):
                    y = a[1] + (b[1] - a[1]) * (step + 0.5) / 4
                    paper.rect(
                        min(a[0], b[0]),
                        y - abs(b[1] - a[1]) * 0.07,
                        abs(b[0] - a[0]),
                        abs(b[1] - a[1]) * 0.14,
                        mix(tint, "#ffffff", 0.35),
                        0.9,
                        2,
                    )
            foot, head = lens.at(side * 3.7, 0, near * 1.02), lens.at(side * 3.7, 5.2, near * 1.02)
            arm = lens.at(side * 2.7, 5.35, near * 1.02)
            wide = lens.focal / near * 0.09
            post = mix(colours.ink, colours.haze, max(0.0, 0.5 - 2.2 / near))
            paper.stroke(
                (
                    f"M{foot[0]:.1f} {foot[1]:.1f}L{head[0]:.1f} {head[1]:.1f}Q{head[0]:.1f} {arm[1]:.1f} "
                    f"{arm[0]:.1f} {arm[1]:.1f}"
                ),
                post,
                wide,
            )
            paper.ellipse(
                arm[0], arm[1] + wide * 0.6, wide * 2, wide * 0.9, mix(colours.lamp, "#ffffff", 0.5) if lit else post
            )


def _glow(film: FilmSet, lens: Lens) -> None:
    """Halos of the lamps, and the haze at the street's end."""
    colours = film.palette
    lit = colours.dark or film.reading.weather in ("rain", "storm", "fog")
    paper = film.sheet("lamp-glow", 0.8, detail=0.2, breathe=0.12, kick=0.3)
    paper.glow(lens.x, film.horizon - 10, film.w * 0.5, colours.haze, 0.4, 0.8)
    if not lit:
        return
    for near in (33, 25, 18.5, 13.5, 9.4, 6.2, 3.6):
        for side in (-1, 1):
            x, y = lens.at(side * 2.7, 5.3, near * 1.02)
            radius = min(420.0, lens.focal / near * 2.6)
            paper.glow(x, y, radius, colours.lamp, 0.5)
    chance = film.rng("neon-glow")
    if "neon" in film.reading.lights or film.reading.time == "night":
        for _ in range(5):
            tint = chance.choice((colours.accent, colours.second))
            x = film.w * (0.08 if chance.random() < 0.5 else 0.92)
            paper.glow(x, chance.uniform(0.25, 0.62) * film.h, chance.uniform(180, 340), tint, 0.34)
