"""A tunnel: arches of light that run to a bright end."""

from __future__ import annotations

from ..colour import mix
from ..filmset import FilmSet
from ..light import wet_ground
from ..perspective import Lens

WORDS = "tunnel, underpass, subway tunnel, sewer, cave, passage, archway, underground, wormhole, catacomb"
RANK = 2
SKY = False
TIME = "night"


def draw(film: FilmSet) -> None:
    colours = film.palette
    film.mood["indoor"] = True
    lens = Lens(film.w * (0.5 - film.side * 0.05), film.horizon, max(film.w, film.h * 0.62))
    back = film.sheet("sky", 0.0, detail=0.25, opaque=True)
    back.rect(film.left, film.top, back.width, back.height, mix(colours.ink, colours.sky[0], 0.5))
    end = mix(colours.light, colours.haze, 0.3)
    back.glow(lens.x, film.horizon - 20, film.short * 0.9, mix(end, colours.accent, 0.3), 0.6)
    stops = (70.0, 46.0, 31.0, 21.0, 14.0, 9.3, 6.2, 4.1, 2.7)
    groups = (("arches-far", 0.25, stops[:4]), ("arches-middle", 0.5, stops[3:7]), ("arches-near", 0.85, stops[6:]))
    _end(film, lens, end)
    for name, depth, spans in groups:
        paper = film.sheet(name, depth)
        for index in range(len(spans) - 1):
            _ring(film, paper, lens, spans[index], spans[index + 1])
    _glow(film, lens, stops)
    wet_ground(film, film.horizon + film.h * 0.1, 1.0 if film.reading.wet else 0.5)
    film.drops("dust", 0.9, 50, colours.light, film.top, film.bottom)


def _arch(lens: Lens, z: float, grow: float = 1.0) -> str:
    """The opening at a distance: walls, a round vault, a flat floor."""
    left, right = lens.at(-3.4 * grow, 0, z), lens.at(3.4 * grow, 0, z)
    spring_l, spring_r = lens.at(-3.4 * grow, 2.6 * grow, z), lens.at(3.4 * grow, 2.6 * grow, z)
    radius = (spring_r[0] - spring_l[0]) / 2
    return (
        f"M{left[0]:.1f} {left[1]:.1f}L{spring_l[0]:.1f} {spring_l[1]:.1f}A{radius:.1f} {radius:.1f} "
        f"0 0 1 {spring_r[0]:.1f} {spring_r[1]:.1f}"
        f"L{right[0]:.1f} {right[1]:.1f}Z"
    )


def _end(film: FilmSet, lens: Lens, light: str) -> None:
    paper = film.sheet("end", 0.15, film.horizon - film.h * 0.3, film.horizon + film.h * 0.2)
    paper.path(
        _arch(lens, 62),
        paper.linear(
            ((0, light, 1), (1, mix(light, film.palette.haze, 0.5), 1)), (0, film.horizon - 80), (0, film.horizon + 20)
        ),
    )


def _ring(film: FilmSet, paper: object, lens: Lens, far: float, near: float) -> None:
    """One length of wall between two openings, lighter towards the end, with a lamp line at its edge."""
    from ..paper import Paper

    assert isinstance(paper, Paper)
    colours = film.palette
    share = 1 - min(1.0, near / 46)
    wall = mix(mix(colours.haze, colours.sky[1], 0.5), mix(colours.ink, colours.sky[0], 0.35), 0.25 + 0.7 * share)
    floor = mix(wall, colours.ink, 0.3)
    ring = _arch(lens, near, 1.0) + _arch(lens, far)
    top = lens.at(0, 6, near)[1]
    fill = paper.linear(
        ((0, mix(wall, colours.ink, 0.35), 1), (0.6, wall, 1), (1, mix(wall, colours.ink, 0.3), 1)),
        (0, top),
        (0, lens.at(0, 0, near)[1]),
    )
    paper.raw(f'<path fill-rule="evenodd" fill="{fill}" d="{ring}"/>')
    paper.path(lens.quad((-3.4, 0, near), (3.4, 0, near), (3.4, 0, far), (-3.4, 0, far)), floor)
    tint = colours.accent if int(far * 10) % 2 else colours.second
    width = lens.focal / near * 0.07
    paper.stroke(_arch(lens, (near + far) / 2).rstrip("Z"), mix(tint, "#ffffff", 0.35), width)


def _glow(film: FilmSet, lens: Lens, stops: tuple[float, ...]) -> None:
    colours = film.palette
    for index in range(2):
        paper = film.sheet(
            f"tube-glow-{index}", 0.5 + 0.2 * index, detail=0.2, kick=0.55, breathe=0.25, phase=index * 3.1
        )
        for at in range(index, len(stops) - 1, 2):
            z = (stops[at] + stops[at + 1]) / 2
            tint = colours.accent if int(stops[at] * 10) % 2 else colours.second
            for grow, strength in ((0.9, 0.08), (0.5, 0.12), (0.22, 0.2)):
                paper.stroke(_arch(lens, z).rstrip("Z"), tint, lens.focal / z * grow, strength)
    end = film.sheet("end-glow", 0.3, detail=0.2, breathe=0.15)
    end.glow(lens.x, film.horizon - 30, film.short * 0.42, colours.light, 0.75)
