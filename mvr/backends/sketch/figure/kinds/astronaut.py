"""An astronaut: a padded suit, a pack, and a helmet in which the sky is mirrored."""

from __future__ import annotations

from dataclasses import replace

from ...colour import mix, tone
from ...paper import Paper
from ..body import Tint, limb
from ..head import Skull
from ..looks import COLOURS, Looks
from ..pose import Body

WORDS = "astronaut, cosmonaut, spacesuit, space suit, spaceman, spacewoman, space helmet"


def wear(looks: Looks, words: list[str]) -> Looks:
    """A suit of one colour, told or white; boots as told."""
    suit = looks.outer_colour or next((COLOURS[word] for word in words if word in ("orange", "silver", "grey")), "")
    suit = suit or "#eceae4"
    return replace(
        looks, outer="", outer_colour=suit, shirt=suit, trousers=suit, dress="", skirt="", long=False, hat="", cap="",
        scarf="", glasses=False, build=looks.build * 1.24, woman=False, skin=suit,
    )  # fmt: skip


def head(paper: Paper, skull: Skull, looks: Looks, tint: Tint, facing: str, detail: bool) -> None:
    x, y, size = skull.x, skull.y, skull.size
    shell = tint.fill(paper, looks.outer_colour, x, size * 1.3)
    paper.ellipse(x, y + size * 1.06, size * 1.0, size * 0.42, tint.dim(tone(looks.outer_colour, -0.08)))
    paper.ellipse(x, y, size * 1.34, size * 1.38, shell)
    if facing == "back":
        paper.stroke(
            skull.curve("-0.9 -0.5, 0 -0.75, 0.9 -0.5", closed=False), tint.dim(looks.outer_colour), size * 0.09
        )
        return
    vx = x + (size * 0.5 if facing == "side" else 0)
    wide = size * (0.72 if facing == "side" else 1.04)
    paper.ellipse(vx, y + size * 0.02, wide * 1.07, size * 0.99, tint.dim(tone(looks.outer_colour, -0.25)))
    glass = paper.linear(
        ((0, mix("#0d1430", tint.ambient, 0.4), 1), (0.55, "#1a2750", 1), (1, mix(tint.light, "#c98a2e", 0.45), 1)),
        (0, y - size), (0, y + size),
    )  # fmt: skip
    paper.ellipse(vx, y + size * 0.02, wide, size * 0.92, glass)
    if detail and facing == "front":
        for sign in (-1, 1):
            ex, ey = skull.at(sign * 0.3, 0.0)
            paper.ellipse(ex, ey, size * 0.075, size * 0.095, tint.lit("#f2d8c4"), 0.75)
        smile = skull.curve("-0.18 0.46, 0 0.54, 0.18 0.46", closed=False)
        paper.stroke(smile, tint.lit("#f2d8c4"), size * 0.05, 0.6)
    side = tint.side
    shine = skull.curve(f"{side * 0.62} -0.5, {side * 0.3} -0.72, {side * 0.42} -0.5, {side * 0.72} -0.16", tension=0.9)
    if facing == "front":
        paper.path(shine, "#ffffff", 0.75)
    lamp = skull.at(-side * 1.1, -0.7)
    paper.ellipse(*lamp, size * 0.16, size * 0.13, tint.lit("#fff2c4"))


def over(paper: Paper, figure: Body, looks: Looks, tint: Tint) -> None:
    band, (x, y) = tint.lit("#e8703a"), figure["chest"]
    facing = figure.pose.facing
    pale, dark = tint.lit(tone(looks.outer_colour, 0.02)), tint.dim(tone(looks.outer_colour, -0.22))
    for side in ("l", "r") if facing != "side" else ("r",):
        for one, two, wide in ((f"el{side}", f"wr{side}", 50), (f"kn{side}", f"an{side}", 62)):
            (ax, ay), (bx, by) = figure[one], figure[two]
            mid = ax + (bx - ax) * 0.3, ay + (by - ay) * 0.3
            end = ax + (bx - ax) * 0.42, ay + (by - ay) * 0.42
            paper.path(limb([mid, ((mid[0] + end[0]) / 2, (mid[1] + end[1]) / 2), end], [wide, wide, wide]), band)
    if facing == "back":
        paper.rect(x - 88, y - 84, 176, 236, tint.fill(paper, tone(looks.outer_colour, -0.06), x, 100), 1.0, 26)
        paper.rect(x - 60, y + 40, 120, 70, dark, 0.5, 12)
    elif facing == "side":
        paper.rect(x - 122, y - 76, 78, 216, tint.fill(paper, tone(looks.outer_colour, -0.1), x - 80, 60), 1.0, 22)
    else:
        paper.rect(x - 58, y - 14, 116, 92, dark, 0.75, 14)
        for index, tint_ in enumerate(("#d94b3d", "#3fa7d6", "#f2c14e")):
            paper.ellipse(x - 32 + 32 * index, y + 14, 10, 10, tint.lit(tint_))
        paper.rect(x - 42, y + 40, 84, 22, pale, 0.7, 6)
