"""Draw: one character in one pose, on a paper, at a place and a height."""

from __future__ import annotations

from dataclasses import replace

from ..colour import mix
from ..paper import Paper
from . import body, head, turned
from .body import Tint, limb
from .kinds import all_kinds
from .looks import Looks
from .pose import HEAD, Body, Pose
from .pose import body as joints


def person(
    paper: Paper,
    looks: Looks,
    pose: Pose,
    x: float,
    feet: float,
    height: float,
    tint: Tint,
    *,
    mirror: bool,
    sing: bool = False,
    calm: bool = False,
    mouth: int = 0,
) -> None:
    """Draws a person standing at (x, feet), `height` units tall. mirror turns them to the left. calm: with eyes shut.
    mouth: how far it is open, 0 to 2."""  # fmt: skip
    scale = height / 1000
    flip = -scale if mirror else scale
    if mirror:
        tint = replace(tint, side=-tint.side)
    paper.begin(f'transform="translate({x:.2f} {feet:.2f}) scale({flip:.5f} {scale:.5f})"', scale)
    figure = joints(pose, looks.build, looks.woman)
    skull = head.Skull(figure["head"], HEAD * (1.14 if looks.age == "child" else 1.0))
    detail = height * 0.128 > 46
    facing = pose.facing
    if facing != "back" and not looks.kind:
        head.behind(paper, skull, looks, tint, facing, pose.sway)
    first, second = ("l", "r") if facing != "back" else ("r", "l")
    if facing == "side":
        body.arm(paper, figure, looks, tint, first, True)
        body.leg(paper, figure, looks, tint, first, True)
    else:
        body.leg(paper, figure, looks, tint, first, figure[f"kn{first}"][1] < figure[f"kn{second}"][1] - 24)
    body.leg(paper, figure, looks, tint, second, False)
    raised = [name for name in ("l", "r") if facing != "side" and figure[f"wr{name}"][1] < figure["chest"][1]]
    for name in ("l", "r"):
        if facing == "back" or (facing != "side" and name not in raised):
            body.arm(paper, figure, looks, tint, name, False)
    body.torso(paper, figure, looks, tint)
    if looks.guitar or (pose.facing == "front" and sing is False and _plays(pose)):
        _guitar(paper, figure, tint)
    kind = all_kinds().get(looks.kind)
    if kind:
        kind.over(paper, figure, looks, tint)
        kind.head(paper, skull, looks, tint, facing, detail)
    elif facing == "side":
        turned.profile(paper, skull, looks, tint, detail)
    elif facing == "back":
        turned.back(paper, skull, looks, tint, pose.sway)
    else:
        head.front(paper, skull, looks, tint, detail, mouth, calm)
    for name in ("r",) if facing == "side" else raised if facing != "back" else ():
        body.arm(paper, figure, looks, tint, name, False)
    _held(paper, looks, figure, tint, sing)
    paper.end()


def _held(paper: Paper, looks: Looks, figure: Body, tint: Tint, sing: bool) -> None:
    """What the hands hold."""
    if looks.lantern and not sing:
        _lantern(paper, figure, tint)
    if sing and figure.pose.facing != "back":
        _microphone(paper, figure, looks, tint)


def _plays(pose: Pose) -> bool:
    return pose.arms[0].bend > 60 and pose.arms[1].bend > 40


def _guitar(paper: Paper, figure: Body, tint: Tint) -> None:
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


def _microphone(paper: Paper, figure: Body, looks: Looks, tint: Tint) -> None:
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


def _lantern(paper: Paper, figure: Body, tint: Tint) -> None:
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
