"""Props: what hands hold and play, drawn in the figure's own units."""

from __future__ import annotations

import math
from itertools import pairwise

from ..colour import mix
from ..paper import Paper
from .body import Tint, limb
from .looks import Looks
from .pose import Body, turn


def guitar(paper: Paper, figure: Body, tint: Tint) -> None:
    """A guitar across the hips."""
    x, y = figure["waist"]
    wood, dark = tint.lit("#b5562c"), tint.dim("#2a1a16")
    paper.begin(f'transform="translate({x - 22:.1f} {y + 54:.1f}) rotate(-24)"')
    paper.rect(40, -9, 260, 18, dark, 1.0, 4)
    paper.rect(290, -15, 46, 30, dark, 1.0, 6)
    paper.ellipse(-40, 0, 84, 66, wood)
    paper.ellipse(38, 0, 58, 50, wood)
    paper.ellipse(16, 0, 22, 22, dark)
    paper.rect(-82, -20, 12, 40, dark)
    paper.stroke("M-74 -5H300M-74 0H300M-74 5H300", mix(wood, "#ffffff", 0.6), 1.2, 0.8)
    paper.end()


def microphone(paper: Paper, figure: Body, looks: Looks, tint: Tint) -> None:
    """A microphone before the mouth, and the hand around it."""
    wrist, (hx, hy) = figure["wrr"], figure["head"]
    mouth = (hx + 20, hy + 74)
    grip = (wrist[0] - 26, wrist[1] - 10)
    paper.stroke(f"M{grip[0] + 4:.1f} {grip[1] + 24:.1f}L{mouth[0]:.1f} {mouth[1]:.1f}", tint.dim("#1a1a20"), 15)
    paper.ellipse(mouth[0], mouth[1], 17, 17, tint.lit("#5b5f6b"))
    hold = grip[0] + (mouth[0] - grip[0]) * 0.3, grip[1] + (mouth[1] - grip[1]) * 0.3
    skin = tint.fill(paper, looks.skin, hold[0], 40)
    paper.path(limb([wrist, ((wrist[0] + hold[0]) / 2, (wrist[1] + hold[1]) / 2), hold], [30, 34, 30]), skin)
    for step in range(3):
        x, y = hold[0] - 2 + step * 5, hold[1] - 12 + step * 11
        paper.ellipse(x, y, 17, 6.5, skin)


def lantern(paper: Paper, figure: Body, tint: Tint) -> None:
    """A paper lantern that hangs from the left hand."""
    (ex, ey), (wx, wy) = figure["ell"], figure["wrl"]
    x, y = wx + (wx - ex) * 0.2, wy + (wy - ey) * 0.2
    warm, deep = mix("#ffe9ae", tint.light, 0.3), "#e9803a"
    paper.glow(x, y + 92, 150, "#ffb45a", 0.4)
    paper.stroke(f"M{x:.1f} {y:.1f}V{y + 42:.1f}", tint.dim("#3a2a22"), 3)
    fill = paper.radial(((0, warm, 1), (0.55, mix(warm, deep, 0.4), 1), (1, deep, 1)), (x, y + 96), 78)
    paper.path(
        f"M{x - 20:.1f} {y + 44:.1f}C{x - 52:.1f} {y + 60:.1f} {x - 52:.1f} {y + 124:.1f} {x - 20:.1f} {y + 142:.1f}"
        f"H{x + 20:.1f}C{x + 52:.1f} {y + 124:.1f} {x + 52:.1f} {y + 60:.1f} {x + 20:.1f} {y + 44:.1f}Z",
        fill,
    )
    for up in (70, 93, 116):
        paper.stroke(f"M{x - 40:.1f} {y + up:.1f}Q{x:.1f} {y + up + 7:.1f} {x + 40:.1f} {y + up:.1f}", deep, 1.6, 0.6)
    for up in (40, 138):
        paper.rect(x - 21, y + up, 42, 8, tint.dim("#4a2c20"), 1.0, 3)


def violin(paper: Paper, figure: Body, tint: Tint) -> None:
    """A violin between the chin and the hand, and the bow across it."""
    (hx, hy), (nx, ny) = figure["head"], figure["wrr"]
    x, y = hx + 34, hy + 92
    wood, dark = tint.lit("#9c4a22"), tint.dim("#24160f")
    length = ((nx - x) ** 2 + (ny - y) ** 2) ** 0.5
    slope = math.degrees(math.atan2(ny - y, nx - x))
    paper.begin(f'transform="translate({x:.1f} {y:.1f}) rotate({slope:.2f})"')
    paper.rect(120, -8, max(60.0, length - 96), 16, dark, 1.0, 4)
    for centre, rx, ry in ((34, 52, 46), (112, 42, 38)):
        paper.ellipse(centre, 0, rx, ry, wood)
    paper.rect(44, -28, 60, 56, wood)
    paper.rect(62, -14, 5, 28, dark)
    paper.stroke(f"M30 -4H{length:.0f}M30 4H{length:.0f}", mix(wood, "#ffffff", 0.6), 1.4, 0.8)
    paper.end()
    bx, by = figure["wrl"]
    tx, ty = x + 78, y + math.tan(math.radians(slope)) * 78
    reach = 330 / max(1.0, math.hypot(tx - bx, ty - by))
    ex, ey = bx + (tx - bx) * reach, by + (ty - by) * reach
    paper.stroke(f"M{bx:.1f} {by:.1f}L{ex:.1f} {ey:.1f}", tint.lit("#f0e6d2"), 6)
    paper.stroke(f"M{bx:.1f} {by - 9:.1f}L{ex:.1f} {ey - 9:.1f}", tint.dim("#5a2c18"), 5)


def sticks(paper: Paper, figure: Body, tint: Tint) -> None:
    """A drumstick in each hand, pointing where the hand does, and inwards."""
    for name, sign in (("l", 1), ("r", -1)):
        (ex, ey), (wx, wy) = figure[f"el{name}"], figure[f"wr{name}"]
        hand = wx + (wx - ex) * 0.2, wy + (wy - ey) * 0.2
        up = max(0.0, min(1.0, (ey - wy) / 130))
        tip = turn(hand, 170, sign * (72 + 80 * up))
        paper.stroke(f"M{hand[0]:.1f} {hand[1]:.1f}L{tip[0]:.1f} {tip[1]:.1f}", tint.lit("#e4c48e"), 11)


def umbrella(paper: Paper, figure: Body, tint: Tint) -> None:
    """An open umbrella over the head, its handle in the second hand."""
    (wx, wy), (hx, hy) = figure["wrr"], figure["head"]
    side = figure.pose.facing == "side"
    top = (hx + (wx - hx) * 0.5, hy - 300)
    wide, high = (270.0, 165.0) if side else (315.0, 175.0)
    cx, cy = top[0], top[1] + high
    steel, cloth = tint.dim("#2a2430"), "#c8433c"
    paper.stroke(f"M{wx - (top[0] - wx) * 0.2:.1f} {wy + 74:.1f}L{top[0]:.1f} {top[1] - 22:.1f}", steel, 9)
    edges = [cx + wide * share for share in (-1, -0.62, -0.2, 0.24, 0.64, 1)]
    shades = (0.75, 0.3, 0.0, 0.2, 0.6) if tint.side < 0 else (0.6, 0.2, 0.0, 0.3, 0.75)
    shades = shades if tint.side > 0 else shades[::-1]
    for (left, right), shade in zip(pairwise(edges), reversed(shades), strict=True):
        bow = [(left - cx) * 0.72 + cx, (right - cx) * 0.72 + cx]
        panel = (
            f"M{cx:.1f} {top[1]:.1f}C{bow[0]:.1f} {top[1] + high * 0.12:.1f} {left:.1f} {cy - high * 0.42:.1f} "
            f"{left:.1f} {cy:.1f}Q{(left + right) / 2:.1f} {cy - 26:.1f} {right:.1f} {cy:.1f}"
            f"C{right:.1f} {cy - high * 0.42:.1f} {bow[1]:.1f} {top[1] + high * 0.12:.1f} {cx:.1f} {top[1]:.1f}Z"
        )
        paper.path(panel, mix(tint.lit(cloth), tint.dim(cloth), shade))
