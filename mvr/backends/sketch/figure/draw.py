"""Draw: one character in one pose, on a paper, at a place and a height."""

from __future__ import annotations

from dataclasses import replace

from ..paper import Paper
from . import body, head, props, turned
from .body import Tint
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
    held: str = "",
) -> None:
    """Draws a person standing at (x, feet), `height` units tall. mirror turns them to the left. calm: with eyes shut.
    mouth: how far it is open, 0 to 2. held: what they play or hold, as in Reading."""  # fmt: skip
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
    raised = _limbs_behind(paper, figure, looks, tint)
    body.torso(paper, figure, looks, tint)
    if looks.guitar or held == "guitar":
        props.guitar(paper, figure, tint)
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
    if held == "violin":
        props.violin(paper, figure, tint)
    for name in ("r",) if facing == "side" else raised if facing != "back" else ():
        body.arm(paper, figure, looks, tint, name, False)
    _held(paper, figure, looks, tint, held, sing)
    paper.end()


def _limbs_behind(paper: Paper, figure: Body, looks: Looks, tint: Tint) -> list[str]:
    """Legs, and the arms that the trunk hides; those that lie before it are named."""
    facing = figure.pose.facing
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
    return raised


def _held(paper: Paper, figure: Body, looks: Looks, tint: Tint, held: str, sing: bool) -> None:
    """What the hands hold."""
    if looks.lantern and not sing and not held:
        props.lantern(paper, figure, tint)
    if sing and figure.pose.facing != "back":
        props.microphone(paper, figure, looks, tint)
    if held == "drums":
        props.sticks(paper, figure, tint)
    if held == "umbrella":
        props.umbrella(paper, figure, tint)
