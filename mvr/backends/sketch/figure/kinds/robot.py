"""A robot: plates, round joints, a smooth head with two lamps for eyes, and a light in the chest."""

from __future__ import annotations

from dataclasses import replace

from ...colour import at_lightness, lightness, mix, tone
from ...paper import Paper
from ..body import Tint
from ..head import Skull
from ..looks import COLOURS, Looks
from ..pose import Body

WORDS = "robot, android, cyborg, automaton, droid, mech, humanoid machine"
EYES = "#8df3ff"


def wear(looks: Looks, words: list[str]) -> Looks:
    """Plates in the colour of the suit; the head in the colour told for it, else paler."""
    told = [COLOURS[word] for word in words if word in COLOURS and word not in ("dark", "light", "bright", "black")]
    plate = looks.outer_colour or looks.shirt or (told[0] if told else "#b9c0c9")
    skin = mix(at_lightness(plate, max(0.72, lightness(plate)), 0.5), "#dfe5ea", 0.35)
    return replace(
        looks, skin=skin, hair=tone(plate, -0.16), style="bald", outer="", outer_colour=plate, shirt=plate,
        trousers=tone(plate, -0.1, 0.8), dress="", skirt="", boots=tone(plate, -0.28, 0.7), beard=False, glasses=False,
        long=False, scarf=looks.scarf, build=looks.build * 1.04,
    )  # fmt: skip


def head(paper: Paper, skull: Skull, looks: Looks, tint: Tint, facing: str, detail: bool) -> None:
    shell = tint.fill(paper, looks.skin, skull.x, skull.size)
    dark, size = tint.dim(mix(looks.skin, "#10141c", 0.8)), skull.size
    x, y = skull.at(-0.25 if facing == "side" else 0.0, -1.1)
    paper.stroke(f"M{x:.1f} {y:.1f}V{y - size * 0.5:.1f}", tint.dim(looks.hair), size * 0.08)
    paper.ellipse(x, y - size * 0.55, size * 0.12, size * 0.12, EYES)
    for sign in (-1, 1) if facing != "side" else (0,):
        ex, ey = skull.at(sign * 0.8, 0.05)
        paper.ellipse(ex, ey, size * 0.2, size * 0.3, tint.dim(looks.hair))
    outline = (
        "-0.76 -0.35, -0.72 0.4, -0.5 0.82, 0 0.96, 0.5 0.82, 0.72 0.4, 0.76 -0.35, 0.52 -0.96, 0 -1.12, -0.52 -0.96"
        if facing != "side"
        else "-0.82 -0.3, -0.74 0.45, -0.3 0.8, 0.34 0.95, 0.66 0.7, 0.74 0.1, 0.68 -0.5, 0.36 -1.0, -0.1 -1.12, "
        "-0.6 -0.9"
    )
    paper.path(skull.curve(outline), shell)
    if facing == "back":
        for up in (-0.5, 0.0, 0.4):
            paper.stroke(skull.curve(f"-0.4 {up}, 0 {up + 0.05}, 0.4 {up}", closed=False), dark, size * 0.05, 0.5)
        return
    if facing == "side":
        ear = skull.at(-0.1, 0.05)
        paper.ellipse(*ear, size * 0.24, size * 0.24, tint.dim(looks.hair))
        paper.path(skull.curve("0.2 -0.28, 0.74 -0.3, 0.76 0.18, 0.28 0.2"), dark)
        eye = skull.at(0.6, -0.05)
        paper.ellipse(*eye, size * 0.1, size * 0.13, EYES)
        return
    paper.path(skull.curve("-0.62 -0.3, 0 -0.42, 0.62 -0.3, 0.6 0.2, 0 0.3, -0.6 0.2", tension=0.8), dark)
    for sign in (-1, 1):
        ex, ey = skull.at(sign * 0.29, -0.05)
        if detail:
            paper.glow(ex, ey, size * 0.5, EYES, 0.7)
        paper.ellipse(ex, ey, size * 0.13, size * 0.16, EYES)
        paper.ellipse(ex - size * 0.03, ey - size * 0.05, size * 0.045, size * 0.05, "#ffffff")
    if detail:
        for step in (-1, 0, 1):
            mx, my = skull.at(step * 0.13, 0.58)
            paper.rect(mx - size * 0.045, my - size * 0.03, size * 0.09, size * 0.12, dark, 0.7, size * 0.03)
        paper.stroke(skull.curve("0 -1.1, 0.03 -0.7, 0 -0.44", closed=False), dark, size * 0.03, 0.4)


def over(paper: Paper, figure: Body, looks: Looks, tint: Tint) -> None:
    joint, ring = tint.dim(mix(looks.hair, "#20242c", 0.4)), tint.lit(tone(looks.outer_colour, 0.08))
    facing = figure.pose.facing
    sides = ("l", "r") if facing != "side" else ("r",)
    for side in sides:
        for name, size in ((f"sh{side}", 40), (f"el{side}", 28), (f"kn{side}", 33)):
            x, y = figure[name]
            paper.ellipse(x, y, size, size, joint)
            paper.ellipse(x, y, size * 0.55, size * 0.55, ring)
    (x, y), (wx, wy) = figure["chest"], figure["waist"]
    if facing == "front":
        paper.rect(x - 46, y - 30, 92, 76, tint.dim(tone(looks.outer_colour, -0.1)), 1.0, 18)
        paper.glow(x, y + 6, 74, EYES, 0.6)
        paper.ellipse(x, y + 6, 19, 19, mix(EYES, "#ffffff", 0.4))
    elif facing == "back":
        paper.rect(x - 50, y - 40, 100, 130, tint.dim(tone(looks.outer_colour, -0.12)), 1.0, 20)
    for up in (0, 22, 44):
        half = 56 if facing != "side" else 40
        paper.stroke(f"M{wx - half:.1f} {wy + up - 14:.1f}H{wx + half:.1f}", joint, 6, 0.75)
