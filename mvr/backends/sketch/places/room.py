"""A room: a tall window and what is seen through it, its light on floor and wall, a few pieces of furniture."""

from __future__ import annotations

from ..buildings import Bricks, skyline
from ..colour import mix
from ..filmset import FilmSet
from ..paper import polygon
from ..rooms import edge_of, shell
from ..shapes import crown

WORDS = (
    "room, bedroom, apartment, house, at home, kitchen, hotel, office, hallway, corridor, studio, interior, indoors, "
    "cafe, diner, bar, library, attic, church, hospital, school, motel, living room, bathroom"
)
HINTS = (
    "home, window, bed, chair, sofa, door, mirror, piano, desk, lamp on a table, wardrobe, curtain, stairs, mattress"
)
RANK = 2
SKY = False


def draw(film: FilmSet) -> None:
    colours = film.palette
    edge = edge_of(film)
    warm = colours.dark
    wall = mix(mix(colours.sky[1], colours.ink, 0.45 if warm else 0.05), colours.haze, 0.16 if warm else 0.35)
    floor = mix(mix("#8a5a3a", colours.ink, 0.5 if warm else 0.2), colours.sky[1], 0.25)
    back, ground = shell(film, wall, floor, edge)
    tall = film.h * (0.46 if film.h > film.w else 0.56)
    wide = min(film.w * 0.5, tall * 0.62)
    x = film.w * (0.68 if film.side < 0 else 0.32)
    y = edge - film.h * 0.1 - tall
    back.glow(x, y + tall / 2, film.short * 0.8, mix(colours.light, colours.haze, 0.4), 0.4)
    for step in range(-8, 16):
        gx = film.w / 2 + (step - 4) * film.w * 0.16
        far = film.w / 2 + (step - 4) * film.w * 0.09
        ground.stroke(
            f"M{far:.1f} {edge:.1f}L{gx + (gx - far) * 2:.1f} {film.bottom:.1f}", mix(floor, colours.ink, 0.5), 1.6, 0.5
        )
    _view(film, x, y, wide, tall)
    _frame(film, x, y, wide, tall, wall, edge)
    _furniture(film, edge, wall)
    _pool(film, x, edge, wide, y + tall)
    film.drops("dust", 0.9, 46, colours.light, film.h * 0.1, film.bottom)


def _view(film: FilmSet, x: float, y: float, wide: float, tall: float) -> None:
    """The sky and a skyline, seen through the glass."""
    colours, chance = film.palette, film.rng("view")
    paper = film.part("view", 0.08, (x - wide / 2 - 30, y - 30, wide + 60, tall + 60))
    _, upper, lower, horizon = colours.sky
    paper.rect(
        x - wide / 2 - 30,
        y - 30,
        wide + 60,
        tall + 60,
        paper.linear(((0, upper, 1), (0.6, lower, 1), (1, horizon, 1)), (0, y), (0, y + tall)),
    )
    paper.ellipse(x + wide * 0.12, y + tall * 0.4, wide * 0.13, wide * 0.13, colours.light)
    paper.glow(x + wide * 0.12, y + tall * 0.4, wide * 0.6, colours.light, 0.6)
    body = mix(colours.shade(0.5), upper, 0.2)
    bricks = Bricks(
        body,
        mix(body, colours.haze, 0.5),
        mix(colours.lamp, body, 0.2),
        mix(body, colours.haze, 0.3),
        0.4 if colours.dark else 0.05,
    )
    skyline(
        paper,
        chance,
        x - wide / 2 - 30,
        x + wide / 2 + 30,
        y + tall + 20,
        (tall * 0.12, tall * 0.42),
        (wide * 0.1, wide * 0.24),
        bricks,
        grid=9.0,
    )


def _frame(film: FilmSet, x: float, y: float, wide: float, tall: float, wall: str, edge: float) -> None:
    colours = film.palette
    paper = film.sheet("window", 0.25, y - film.h * 0.12, edge + 6)
    frame = mix(wall, colours.ink, 0.55)
    lit = mix(colours.light, wall, 0.4)
    left, right = x - wide / 2, x + wide / 2
    paper.raw(
        f'<path fill-rule="evenodd" fill="{frame}" '
        f'd="M{left - 16:.1f} {y - 16:.1f}H{right + 16:.1f}V{y + tall + 20:.1f}H{left - 16:.1f}Z'
        f'M{left:.1f} {y:.1f}V{y + tall:.1f}H{right:.1f}V{y:.1f}Z"/>'
    )
    paper.rect(x - 5, y, 10, tall, frame)
    for share in (0.33, 0.66):
        paper.rect(left, y + tall * share - 4, wide, 8, frame)
    paper.rect(left - 34, y + tall + 14, wide + 68, 16, lit)
    cloth = mix(mix(colours.accent, colours.ink, 0.35), wall, 0.3)
    for side in (-1, 1):
        near = x + side * (wide / 2 + 6)
        out = x + side * (wide / 2 + wide * 0.3)
        top, low = y - film.h * 0.05, edge - 12
        fill = paper.linear(
            ((0, mix(cloth, colours.light, 0.4), 1), (0.4, cloth, 1), (1, mix(cloth, colours.ink, 0.45), 1)),
            (near - side * 20, 0),
            (out, 0),
        )
        paper.path(
            (
                f"M{near - side * 14:.1f} {top:.1f}H{out:.1f}C{out + side * 6:.1f} {(top + low) / 2:.1f} "
                f"{out - side * 8:.1f} {low - 60:.1f} {out + side * 10:.1f} {low:.1f}H{near + side * 22:.1f}"
                f"C{near + side * 30:.1f} {low - 160:.1f} {near - side * 30:.1f} {(top + low) / 2:.1f} "
                f"{near - side * 14:.1f} {top:.1f}Z"
            ),
            fill,
        )
        for fold in (0.25, 0.5, 0.75):
            fx = near + (out - near) * fold
            paper.stroke(
                f"M{fx:.1f} {top:.1f}Q{fx - side * 10:.1f} {(top + low) / 2:.1f} {fx + side * 8:.1f} {low:.1f}",
                mix(cloth, colours.ink, 0.5),
                3,
                0.4,
            )
    paper.rect(x - wide * 0.86, y - film.h * 0.05 - 10, wide * 1.72, 9, mix(colours.lamp, colours.ink, 0.45), 1.0, 4)


def _furniture(film: FilmSet, edge: float, wall: str) -> None:
    """A lamp, a low cupboard with a plant, and a picture on the wall, on the side that is free."""
    colours, chance = film.palette, film.rng("furniture")
    if film.near:
        return
    x = film.w * (0.16 if film.side < 0 else 0.84)
    unit = film.h * 0.1
    paper = film.sheet("furniture", 0.6, edge - unit * 4.6, edge + unit)
    wood = mix("#6b4128", colours.ink, 0.45)
    top = edge - unit * 0.75
    paper.rect(
        x - unit * 1.3,
        top,
        unit * 2.6,
        unit * 0.95,
        paper.linear(
            ((0, mix(wood, colours.light, 0.15), 1), (1, mix(wood, colours.ink, 0.5), 1)), (0, top), (0, edge)
        ),
        1.0,
        5,
    )
    for step in (-0.62, 0.02):
        paper.rect(
            x + step * unit * 1.9, top + unit * 0.16, unit * 1.12, unit * 0.56, mix(wood, colours.ink, 0.3), 0.7, 3
        )
    leaf = mix("#4d7a55", colours.ink, 0.4)
    for turn in range(7):
        dx = (turn - 3) * unit * 0.2
        paper.path(
            crown(
                chance,
                x - unit * 0.6 + dx,
                top - unit * 0.75 - (9 - (turn - 3) ** 2) * unit * 0.045,
                unit * 0.34,
                unit * 0.6,
                7,
            ),
            mix(leaf, colours.light, 0.05 * turn),
        )
    paper.path(
        polygon(
            [
                (x - unit * 0.85, top - unit * 0.45),
                (x - unit * 0.35, top - unit * 0.45),
                (x - unit * 0.43, top),
                (x - unit * 0.77, top),
            ]
        ),
        mix(colours.accent, colours.ink, 0.4),
    )
    lx = x + unit * 0.75
    paper.rect(lx - 3, top - unit * 0.9, 6, unit * 0.9, mix(wood, colours.ink, 0.5))
    shade = mix(colours.lamp, "#ffffff", 0.2) if colours.dark else mix(colours.lamp, wall, 0.5)
    paper.path(
        polygon(
            [
                (lx - unit * 0.26, top - unit * 1.4),
                (lx + unit * 0.26, top - unit * 1.4),
                (lx + unit * 0.42, top - unit * 0.85),
                (lx - unit * 0.42, top - unit * 0.85),
            ]
        ),
        shade,
    )
    px, py = x - unit * 0.2, top - unit * 2.9
    paper.rect(px - unit * 0.6, py - unit * 0.55, unit * 1.2, unit * 1.1, mix(wood, colours.light, 0.2))
    paper.rect(px - unit * 0.52, py - unit * 0.47, unit * 1.04, unit * 0.94, mix(colours.sky[2], colours.haze, 0.3))
    paper.ellipse(px + unit * 0.14, py - unit * 0.06, unit * 0.2, unit * 0.2, colours.accent)
    paper.rect(px - unit * 0.52, py + unit * 0.16, unit * 1.04, unit * 0.31, mix(colours.sky[0], colours.ink, 0.2))
    if colours.dark:
        glow = film.sheet("lamp", 0.62, detail=0.2, flicker=0.06, kick=0.15)
        glow.glow(lx, top - unit * 1.1, unit * 3.4, colours.lamp, 0.6)


def _pool(film: FilmSet, x: float, edge: float, wide: float, sill: float) -> None:
    """The window's light: a slanted beam, and its panes on the floor."""
    colours = film.palette
    paper = film.sheet("window-light", 0.9, detail=0.25, breathe=0.2)
    lean = film.side * -1 * film.w * 0.2
    low = edge + (film.h - edge) * 0.75
    strength = 0.34 if not colours.dark else 0.22
    for pane in (-1, 1):
        a, b = x + pane * wide * 0.26 - wide * 0.22, x + pane * wide * 0.26 + wide * 0.22
        top, foot = edge + 12, low
        data = polygon(
            [(a + lean * 0.3, top), (b + lean * 0.3, top), (b + lean * 1.5 + wide * 0.16, foot), (a + lean * 1.5, foot)]
        )
        paper.path(data, colours.light, strength)
        beam = polygon(
            [(a, sill - film.h * 0.4), (b, sill - film.h * 0.4), (b + lean * 1.5, foot), (a + lean * 1.5, foot)]
        )
        fill = paper.linear(
            ((0, colours.light, strength * 0.7), (1, colours.light, 0.0)), (x, sill - film.h * 0.4), (x + lean, foot)
        )
        paper.path(beam, fill)
