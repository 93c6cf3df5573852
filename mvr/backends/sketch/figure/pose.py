"""Pose: joints of a standing, walking, sitting or dancing body, in units of a thousandth of its height.

The origin is the ground between the feet, y grows downwards, so the crown of the head lies at y = -1000. Proportions
follow the figure of seven and three quarter heads.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from ..paper import Point

HEAD = 68.0
"""Half of the head's height."""
THIGH, SHIN, UPPER, FORE = 250.0, 235.0, 168.0, 152.0


@dataclass(frozen=True)
class Limb:
    """Angles in degrees from straight down, positive to the right: of its upper part, and how far the lower differs."""

    upper: float
    bend: float
    short: float = 1.0  # of the lower part, foreshortened


@dataclass(frozen=True)
class Pose:
    """facing: front | back | side (to the right). arms and legs: left, right as seen. lean and nod in degrees."""

    facing: str
    arms: tuple[Limb, Limb]
    legs: tuple[Limb, Limb]
    lean: float = 0.0
    nod: float = 0.0
    shift: float = 0.0  # hips aside
    drop: float = 0.0  # hips down
    seated: bool = False
    sway: float = 0.0  # cloth and hair, -1 to 1


@dataclass
class Body:
    """Joints of a pose: points by name."""

    pose: Pose
    wide: float
    joints: dict[str, Point] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Point:
        return self.joints[name]


def turn(origin: Point, length: float, degrees: float) -> Point:
    """The point at a length from another, at an angle from straight down."""
    angle = math.radians(degrees)
    return origin[0] + math.sin(angle) * length, origin[1] + math.cos(angle) * length


def body(pose: Pose, wide: float, woman: bool) -> Body:
    """Joints of a pose; wide scales shoulders and hips."""
    side = pose.facing == "side"
    shoulders = (20.0 if side else 69.0 if woman else 84.0) * wide
    hips = (12.0 if side else 43.0) * wide
    hip = (pose.shift, -515.0 + pose.drop)
    lean = math.radians(pose.lean)

    def above(x: float, up: float) -> Point:
        return hip[0] + x * math.cos(lean) + up * math.sin(lean), hip[1] + x * math.sin(lean) - up * math.cos(lean)

    tilt = -pose.shift * 0.28 if not side else 0.0
    joints: dict[str, Point] = {
        "hip": hip,
        "waist": above(0, 112),
        "chest": above(-pose.shift * 0.4, 245),
        "neck": above(-pose.shift * 0.5, 340),
        "base": above(-pose.shift * 0.5, 318),
    }
    centre = joints["base"]
    joints["head"] = turn(joints["neck"], -80, -pose.lean * 0.5 - pose.nod)
    for index, (name, sign) in enumerate((("l", -1), ("r", 1))):
        shoulder = (centre[0] + sign * shoulders, centre[1] + 12 + sign * tilt)
        elbow = turn(shoulder, UPPER, pose.arms[index].upper)
        wrist = turn(elbow, FORE * pose.arms[index].short, pose.arms[index].upper + pose.arms[index].bend)
        top = (hip[0] + sign * hips, hip[1] + 4 - sign * tilt * 0.6)
        knee = turn(top, THIGH * (0.94 if pose.legs[index].short < 1 else 1), pose.legs[index].upper)
        ankle = turn(knee, SHIN * pose.legs[index].short, pose.legs[index].upper + pose.legs[index].bend)
        joints |= {f"sh{name}": shoulder, f"el{name}": elbow, f"wr{name}": wrist}
        joints |= {f"hi{name}": top, f"kn{name}": knee, f"an{name}": ankle}
    lowest = max(joints["anl"][1], joints["anr"][1])
    if not pose.seated:
        lift = -30 - lowest
        joints = {name: (x, y + lift) for name, (x, y) in joints.items()}
    return Body(pose, wide, joints)


def cycle(kind: str, facing: str, count: int = 8) -> list[Pose]:
    """The drawings of a movement, one for each phase, from the longest stride on; a kind that rests has one."""
    if kind in ("walk", "run"):
        maker = _stride if facing == "side" else _approach
        return [maker(2 * math.pi * (step / count + 0.25), kind == "run", facing) for step in range(count)]
    if kind == "dance":
        return [_dance(2 * math.pi * step / count) for step in range(count)]
    if kind in PLAYS:
        return [PLAYS[kind](2 * math.pi * step / 4) for step in range(4)]
    return [_rest(kind, facing)]


def _stride(phase: float, run: bool, facing: str) -> Pose:
    """A step seen from the side. Angles after the walk cycle of animators: contact, down, passing, up."""
    reach = 46.0 if run else 24.0

    def leg(at: float) -> Limb:
        swing = math.sin(at)
        lift = max(0.0, math.cos(at))
        return Limb(reach * swing + (8 if run else 0), -(8 + (78 if run else 46) * lift**1.4))

    def arm(at: float) -> Limb:
        swing = math.sin(at)
        return Limb(-(46 if run else 20) * swing, (78 if run else 16) + 10 * swing)

    bob = 10 * math.cos(2 * phase) * (1.8 if run else 1)
    return Pose(
        facing,
        (arm(phase + math.pi), arm(phase)),
        (leg(phase + math.pi), leg(phase)),
        lean=15.0 if run else 3.0,
        nod=1.5 * math.sin(2 * phase),
        drop=bob * 0.3,
        sway=math.sin(phase) * 0.8 - 0.4,
    )


def _approach(phase: float, run: bool, facing: str) -> Pose:
    """A step seen from the front or the back: one foot lifts, hips and shoulders turn against each other."""
    left, right = max(0.0, math.sin(phase)), max(0.0, -math.sin(phase))
    turned = math.cos(phase)

    def leg(lift: float, sign: int) -> Limb:
        return Limb(sign * (2.0 + 3 * lift), -sign * (1 + 6 * lift), 1 - (0.42 if run else 0.24) * lift)

    swing = math.sin(phase)
    arms = (
        Limb(-9 + 3 * swing, 8 + 6 * swing, 1 - 0.12 * max(0, -swing)),
        Limb(9 + 3 * swing, -8 + 6 * swing, 1 - 0.12 * max(0, swing)),
    )
    if run:
        arms = (Limb(-16, 30 + 60 * left, 0.7), Limb(16, -30 - 60 * right, 0.7))
    return Pose(facing, arms, (leg(left, -1), leg(right, 1)), shift=7 * swing, nod=1.2 * swing, sway=0.6 * turned)


def _dance(phase: float) -> Pose:
    one, two = math.sin(phase), math.sin(phase + 1.1)
    arms = (Limb(-95 - 40 * one, -50 + 30 * two), Limb(62 + 44 * two, 74 + 24 * one))
    legs = (Limb(-9 - 4 * one, 6 + 10 * max(0, one)), Limb(11 - 4 * one, -9 - 18 * max(0, -one)))
    return Pose("front", arms, legs, lean=5 * one, nod=-8 * one, shift=20 * one, sway=two)


def _play(phase: float) -> Pose:
    strum = math.sin(phase)
    arms = (Limb(-34, 92 + 10 * strum), Limb(38, 62))
    return Pose("front", arms, (Limb(-7, 3), Limb(8, -6)), lean=-2, nod=5 + 3 * strum, shift=8, sway=0.2 * strum)


def _keys(phase: float) -> Pose:
    """At a piano, seen from the side: hands that rise and fall on the keys in turn."""
    one = math.sin(phase)
    arms = (Limb(40 + 4 * one, 44 - 8 * one), Limb(34 - 4 * one, 50 + 8 * one))
    legs = (Limb(80, -76), Limb(72, -58))
    return Pose("side", arms, legs, lean=8 + 1.5 * one, nod=8 + 3 * math.cos(phase), drop=262, seated=True)


def _drumming(phase: float) -> Pose:
    """Behind drums: one stick up while the other falls."""
    left, right = 0.5 + 0.5 * math.sin(phase), 0.5 - 0.5 * math.sin(phase)
    arms = (Limb(-30, -70 - 66 * left, 0.92), Limb(30, 70 + 66 * right, 0.92))
    legs = (Limb(-58, 62, 0.8), Limb(58, -62, 0.8))
    return Pose("front", arms, legs, nod=3 * math.cos(phase), drop=185, seated=True, shift=4 * math.sin(phase))


def _bowing(phase: float) -> Pose:
    """A violin under the chin: the bow's hand goes out and comes back."""
    pull = math.sin(phase)
    arms = (Limb(-46 - 9 * pull, 178 + 16 * pull), Limb(58, 92))
    return Pose("front", arms, (Limb(-6, 3), Limb(8, -6)), lean=2 + pull, nod=9, shift=-6, sway=0.3 * pull)


PLAYS = {"guitar": _play, "piano": _keys, "drums": _drumming, "violin": _bowing}
"""What is played, and a moment of it by its phase."""


def held_up(pose: Pose) -> Pose:
    """The same pose with the second hand at the shoulder, as around the handle of an umbrella."""
    arm = Limb(24, 118) if pose.facing == "side" else Limb(15, 150)
    return replace(pose, arms=(pose.arms[0], arm))


def _rest(kind: str, facing: str) -> Pose:
    if kind == "sit":
        return Pose(
            "side", (Limb(6, 34), Limb(13, 32)), (Limb(86, -88), Limb(78, -70)), lean=9, nod=9, drop=262, seated=True
        )
    if kind == "sing":
        return Pose(
            facing, (Limb(-42, -60), Limb(40, -172, 0.98)), (Limb(-8, 3), Limb(9, -5)), lean=-2, nod=-7, shift=-6
        )
    if kind == "hug":
        return Pose("side", (Limb(46, 60, 0.3), Limb(30, 78, 0.36)), (Limb(-3, -2), Limb(6, -6)), lean=6, nod=13)
    if kind == "reach":
        return Pose(facing, (Limb(-142, -22), Limb(140, 24)), (Limb(-6, 2), Limb(7, -4)), nod=-8, shift=4)
    if facing == "side":
        return Pose("side", (Limb(-5, 12), Limb(3, 12)), (Limb(-4, -1), Limb(5, -5)), lean=0.5, nod=0)
    return Pose(facing, (Limb(-8, 7), Limb(9, -9)), (Limb(-3, 1), Limb(8, -8)), shift=-9, nod=2)
