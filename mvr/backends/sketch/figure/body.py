"""Body: limbs, clothes and cloth in motion, drawn from a pose's joints in light that comes from one side."""

from __future__ import annotations

from dataclasses import dataclass

from ..colour import mix, tone, under
from ..paper import Paper, Point, smooth
from .looks import Looks
from .pose import Body


@dataclass(frozen=True)
class Tint:
    """How local colours look in the light of the shot. side: 1 where the light comes from the right, else -1."""

    ambient: str
    light: str
    shine: str  # the colour of the light that falls on the lit side
    shade: str  # the colour of the light that is left on the other
    share: float  # how much the ambient colour takes
    side: float

    def lit(self, colour: str) -> str:
        return mix(under(mix(colour, self.light, 0.1), self.shine, 0.85), self.ambient, self.share * 0.32)

    def dim(self, colour: str) -> str:
        return mix(under(colour, self.shade, 0.95), self.ambient, min(0.7, self.share * 0.75))

    def fill(self, paper: Paper, colour: str, centre: float, reach: float) -> str:
        """Lit on the side of the light, dim on the other."""
        near, far = centre + self.side * reach, centre - self.side * reach
        stops = (
            (0, self.lit(colour), 1.0),
            (0.42, mix(self.lit(colour), self.dim(colour), 0.35), 1.0),
            (1, self.dim(colour), 1.0),
        )
        return paper.linear(stops, (near, -560), (far, -540))


def limb(points: list[Point], widths: list[float]) -> str:
    """Path data of a tapering limb through points; widths are full widths at each."""
    left, right = [], []
    for index, (x, y) in enumerate(points):
        ax, ay = points[max(0, index - 1)]
        bx, by = points[min(len(points) - 1, index + 1)]
        length = max(1e-6, ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5)
        nx, ny = -(by - ay) / length, (bx - ax) / length
        half = widths[index] / 2
        left.append((x + nx * half, y + ny * half))
        right.append((x - nx * half, y - ny * half))
    (ex, ey), (px, py) = points[-1], points[-2]
    length = max(1e-6, ((ex - px) ** 2 + (ey - py) ** 2) ** 0.5)
    cap = (ex + (ex - px) / length * widths[-1] * 0.4, ey + (ey - py) / length * widths[-1] * 0.4)
    return smooth([*left, cap, *reversed(right)], tension=0.9)


def _between(one: Point, two: Point, share: float) -> Point:
    return one[0] + (two[0] - one[0]) * share, one[1] + (two[1] - one[1]) * share


def leg(paper: Paper, figure: Body, looks: Looks, tint: Tint, name: str, behind: bool) -> None:
    """One leg with its shoe."""
    hip, knee, ankle = figure[f"hi{name}"], figure[f"kn{name}"], figure[f"an{name}"]
    bare = bool(looks.dress or looks.skirt) and not looks.long
    colour = looks.skin if bare else looks.trousers
    wide = figure.wide * (0.86 if bare else 1.0)
    calf = _between(knee, ankle, 0.3)
    data = limb(
        [hip, _between(hip, knee, 0.4), knee, calf, ankle],
        [78 * wide, 74 * wide, 54 * wide, 52 * wide, 34 * wide if bare else 42 * wide],
    )
    paint = tint.dim(colour) if behind else tint.fill(paper, colour, hip[0], 70)
    side = figure.pose.facing == "side"
    back = figure.pose.facing == "back"
    boot = tint.dim(looks.boots)
    x, y = ankle
    if side:
        tip = 62.0
        slope = (ankle[0] - knee[0]) * -0.12 if not figure.pose.seated else 0.0
        shoe = [
            (x - 22, y - 14),
            (x + 16, y - 16),
            (x + 30, y + 6),
            (x + tip, y + 18 + slope),
            (x + tip - 2, y + 30 + slope),
            (x - 24, y + 30),
            (x - 27, y + 8),
        ]
    else:
        out = 9 if name == "r" else -9
        length = 10 if back else 26
        shoe = [
            (x - 20, y - 12),
            (x + 20, y - 12),
            (x + 24 + out, y + 8),
            (x + 22 + out, y + length),
            (x + out, y + length + 6),
            (x - 22 + out, y + length),
            (x - 24 + out, y + 8),
        ]
    paper.path(smooth(shoe), boot)
    if looks.long or not bare:
        paper.path(
            limb(
                [_between(knee, ankle, 0.62), _between(knee, ankle, 0.85), (x, y + 4)],
                [48 * wide, 46 * wide, 44 * wide],
            ),
            boot,
        )
    paper.path(data, paint)


def arm(paper: Paper, figure: Body, looks: Looks, tint: Tint, name: str, behind: bool) -> None:
    """One arm with its sleeve and hand."""
    shoulder, elbow, wrist = figure[f"sh{name}"], figure[f"el{name}"], figure[f"wr{name}"]
    thick = {"coat": 1.22, "jacket": 1.18, "suit": 1.12, "hoodie": 1.24}.get(looks.outer, 0.92) * figure.wide
    cloth = looks.outer_colour if looks.outer else looks.dress or looks.shirt
    bare = bool(looks.dress) and not looks.outer
    colour = looks.skin if bare else cloth
    hand = _hand(elbow, wrist)
    skin = tint.dim(looks.skin) if behind else tint.fill(paper, looks.skin, wrist[0], 60)
    paper.path(limb([wrist, _between(wrist, hand, 0.5), hand], [25, 31, 20]), skin)
    data = limb(
        [shoulder, _between(shoulder, elbow, 0.5), elbow, _between(elbow, wrist, 0.5), wrist],
        [58 * thick, 52 * thick, 44 * thick, 41 * thick, (28 if bare else 36) * thick],
    )
    paper.path(data, tint.dim(colour) if behind else tint.fill(paper, colour, shoulder[0], 80))
    if not behind:
        inner = figure.pose.facing != "side"
        if inner:
            sign = -1 if name == "r" else 1
            edge = (
                f"M{shoulder[0] + sign * 20:.1f} {shoulder[1] + 52:.1f}Q{elbow[0] + sign * 24:.1f} "
                f"{elbow[1] - 40:.1f} {elbow[0] + sign * 20:.1f} {elbow[1]:.1f}"
            )
            paper.stroke(edge, tint.dim(tone(colour, -0.08)), 3.2, 0.55)


def _hand(elbow: Point, wrist: Point) -> Point:
    length = max(1e-6, ((wrist[0] - elbow[0]) ** 2 + (wrist[1] - elbow[1]) ** 2) ** 0.5)
    return wrist[0] + (wrist[0] - elbow[0]) / length * 42, wrist[1] + (wrist[1] - elbow[1]) / length * 42


def torso(paper: Paper, figure: Body, looks: Looks, tint: Tint) -> None:
    """Neck, trunk and what covers it."""
    side = figure.pose.facing == "side"
    neck, head = figure["base"], figure["head"]
    paper.path(limb([head, _between(head, neck, 0.6), (neck[0], neck[1] + 22)], [46, 46, 62]), tint.dim(looks.skin))
    cloth = looks.dress or looks.shirt
    if looks.dress and not looks.outer:
        paper.path(_trunk(figure, looks, 0.96), tint.fill(paper, looks.skin, neck[0], 90))
        paper.path(_bodice(figure, looks), tint.fill(paper, cloth, neck[0], 90))
    else:
        paper.path(_trunk(figure, looks, 1.0), tint.fill(paper, cloth, neck[0], 90))
        if not looks.outer and figure.pose.facing == "front":
            x, y = neck
            opening = [(x - 30, y - 14), (x + 30, y - 14), (x + 17, y + 18), (x, y + 26), (x - 17, y + 18)]
            paper.path(smooth(opening), tint.dim(looks.skin))
    if looks.dress or looks.skirt:
        _skirt(paper, figure, looks, tint)
    if looks.outer:
        _outer(paper, figure, looks, tint, side)
    if looks.scarf:
        _scarf(paper, figure, looks, tint)


def _bodice(figure: Body, looks: Looks) -> str:
    """The upper part of a dress: straps, a curved neckline, the waist."""
    wide = figure.wide
    base, chest, waist, hip = figure["base"], figure["chest"], figure["waist"], figure["hip"]
    if figure.pose.facing == "side":
        return smooth([
            (base[0] - 6, base[1] + 10), (base[0] + 10, base[1] + 12), (chest[0] + 46 * wide, chest[1] - 20),
            (chest[0] + 62 * wide, chest[1] + 12), (waist[0] + 44 * wide, waist[1]), (hip[0] + 47 * wide, hip[1] - 8),
            (hip[0] - 55 * wide, hip[1] - 14), (waist[0] - 37 * wide, waist[1]), (chest[0] - 53 * wide, chest[1] + 6),
            (chest[0] - 40 * wide, chest[1] - 40),
        ], tension=0.8)  # fmt: skip
    dip = 46.0 if figure.pose.facing == "front" else 70.0
    left = [
        (base[0] - 58 * wide, base[1] + 2), (base[0] - 64 * wide, chest[1] - 18), (chest[0] - 74 * wide, chest[1] + 26),
        (waist[0] - 54 * wide, waist[1]), (hip[0] - 74 * wide, hip[1] - 20), (hip[0] - 66 * wide, hip[1] + 34),
    ]  # fmt: skip
    right = [
        (2 * ((base if index < 2 else chest if index == 2 else waist if index == 3 else hip)[0]) - x, y)
        for index, (x, y) in enumerate(left)
    ]
    neckline = [
        (base[0] + 38 * wide, base[1] + 4),
        (base[0] + 22 * wide, base[1] + dip * 0.9),
        (base[0], base[1] + dip),
        (base[0] - 22 * wide, base[1] + dip * 0.9),
        (base[0] - 38 * wide, base[1] + 4),
    ]
    return smooth([*left, *reversed(right), *neckline], tension=0.75)


def _trunk(figure: Body, looks: Looks, grow: float) -> str:
    """Outline of the trunk from shoulders to hips."""
    facing, wide = figure.pose.facing, figure.wide * grow
    base, chest, waist, hip = figure["base"], figure["chest"], figure["waist"], figure["hip"]
    if facing == "side":
        bust = 60 if looks.woman else 52
        return smooth([
            (base[0] - 14, base[1] - 14), (base[0] + 20, base[1] - 8), (base[0] + 40 * wide, base[1] + 36),
            (chest[0] + bust * wide, chest[1] + 8), (waist[0] + 44 * wide, waist[1]), (hip[0] + 46 * wide, hip[1] - 10),
            (hip[0] + 40 * wide, hip[1] + 34), (hip[0] - 46 * wide, hip[1] + 30), (hip[0] - 54 * wide, hip[1] - 16),
            (waist[0] - 36 * wide, waist[1]), (chest[0] - 52 * wide, chest[1] + 4), (base[0] - 48 * wide, base[1] + 40),
        ])  # fmt: skip
    shl, shr = figure["shl"], figure["shr"]
    waist_half = (52 if looks.woman else 64) * wide
    hip_half = (72 if looks.woman else 68) * wide
    return smooth([
        (base[0] - 22, base[1] - 16), (base[0] + 22, base[1] - 16), (shr[0] - 16, shr[1] - 20),
        (shr[0] + 14, shr[1] + 4), (shr[0] + 2, shr[1] + 70), (chest[0] + 72 * wide, chest[1] + 24),
        (waist[0] + waist_half, waist[1]),
        (hip[0] + hip_half, hip[1] - 22), (hip[0] + hip_half * 0.94, hip[1] + 36), (hip[0], hip[1] + 44),
        (hip[0] - hip_half * 0.94, hip[1] + 36), (hip[0] - hip_half, hip[1] - 22), (waist[0] - waist_half, waist[1]),
        (chest[0] - 72 * wide, chest[1] + 24), (shl[0] - 2, shl[1] + 70),
        (shl[0] - 14, shl[1] + 4), (shl[0] + 16, shl[1] - 20),
    ], tension=0.85)  # fmt: skip


def _hem(figure: Body, low: float, flare: float) -> tuple[Point, Point, Point]:
    """Left, middle and right of a hem at y = low, wide enough for the legs, swinging with the step."""
    knees = (figure["knl"], figure["knr"])
    swing = figure.pose.sway * 16
    reach_left, reach_right = min(k[0] for k in knees), max(k[0] for k in knees)
    hip = figure["hip"]
    left, right = min(hip[0] - flare, reach_left - 36), max(hip[0] + flare, reach_right + 36)
    return (left + swing, low), ((left + right) / 2 + swing * 1.4, low + 12), (right + swing, low - 4)


def _skirt(paper: Paper, figure: Body, looks: Looks, tint: Tint) -> None:
    """A skirt from the waist to the knee or the ankle."""
    if figure.pose.seated:
        return
    colour = looks.skirt or looks.dress
    waist, hip = figure["waist"], figure["hip"]
    low = -95.0 if looks.long else -262.0
    half = (52 if figure.pose.facing != "side" else 40) * figure.wide
    left, middle, right = _hem(figure, low, (150 if looks.long else 128) * figure.wide)
    points = [
        (waist[0] - half, waist[1] - 4), (waist[0] + half, waist[1] - 4), (hip[0] + half * 1.5, hip[1] - 6),
        (right[0] - 18, right[1] - 120), right, _between(middle, right, 0.5), middle, _between(left, middle, 0.5), left,
        (left[0] + 18, left[1] - 120), (hip[0] - half * 1.5, hip[1] - 6),
    ]  # fmt: skip
    paper.path(smooth(points, tension=0.85), tint.fill(paper, colour, hip[0], 130))
    for share in (0.28, 0.5, 0.72):
        foot = _between(left, right, share)
        fold = (
            f"M{waist[0] + (share - 0.5) * half:.1f} {waist[1] + 40:.1f}"
            f"Q{hip[0] + (share - 0.5) * 150:.1f} {hip[1] + 60:.1f} {foot[0]:.1f} {foot[1] - 6:.1f}"
        )
        paper.stroke(fold, tint.dim(tone(colour, -0.06)), 5, 0.4)


def _outer(paper: Paper, figure: Body, looks: Looks, tint: Tint, side: bool) -> None:
    """A coat, a jacket, a suit or a hoodie over the trunk."""
    colour = looks.outer_colour
    paint = tint.fill(paper, colour, figure["hip"][0], 120)
    base, hip, chest = figure["base"], figure["hip"], figure["chest"]
    paper.path(_trunk(figure, looks, 1.1), paint)
    if looks.outer == "coat" and not figure.pose.seated:
        low = -190.0 if looks.long else -330.0
        left, middle, right = _hem(figure, low, 104 * figure.wide)
        half = 62 * figure.wide if side else 82 * figure.wide
        waist = figure["waist"]
        paper.path(smooth([
            (waist[0] - half * 0.84, waist[1] - 20), (waist[0] + half * 0.84, waist[1] - 20), (hip[0] + half, hip[1]),
            (right[0] - 4, right[1] - 110), right, _between(middle, right, 0.5), middle,
            _between(left, middle, 0.5), left, (left[0] + 4, left[1] - 110), (hip[0] - half, hip[1]),
        ], tension=0.8), paint)  # fmt: skip
        slit = f"M{hip[0]:.1f} {hip[1] - 30:.1f}Q{hip[0] + 6:.1f} {hip[1] + 130:.1f} {middle[0]:.1f} {middle[1]:.1f}"
        paper.stroke(slit, tint.dim(tone(colour, -0.12)), 4, 0.8)
    if figure.pose.facing != "front":
        if looks.outer == "hoodie" and not side:
            x, y = base
            paper.path(
                smooth([(x - 58, y - 8), (x + 58, y - 8), (x + 40, y + 62), (x, y + 88), (x - 40, y + 62)]),
                tint.dim(colour),
            )
        elif not side:
            paper.stroke(
                f"M{base[0]:.1f} {base[1] + 30:.1f}L{hip[0]:.1f} {hip[1] - 20:.1f}",
                tint.dim(tone(colour, -0.1)),
                3,
                0.5,
            )
        return
    x, y = base
    if looks.outer == "hoodie":
        paper.path(
            smooth([(x - 50, y - 26), (x + 50, y - 26), (x + 42, y + 24), (x, y + 56), (x - 42, y + 24)]),
            tint.dim(colour),
        )
        paper.path(
            smooth([(x - 26, y - 26), (x + 26, y - 26), (x + 12, y + 10), (x, y + 20), (x - 12, y + 10)]),
            tint.dim(looks.shirt),
        )
        return
    depth = chest[1] + (60 if looks.outer == "jacket" else 84)
    paper.path(
        f"M{x - 30:.1f} {y - 16:.1f}L{x:.1f} {depth:.1f}L{x + 30:.1f} {y - 16:.1f}Z",
        tint.fill(paper, looks.shirt, x, 60),
    )
    paper.path(f"M{x - 22:.1f} {y - 18:.1f}Q{x:.1f} {y + 22:.1f} {x + 22:.1f} {y - 18:.1f}Z", tint.dim(looks.skin))
    for sign in (-1, 1):
        lapel = (
            f"M{x + sign * 26:.1f} {y - 30:.1f}L{x + sign * 60:.1f} {y + 6:.1f}L{x + sign * 50:.1f} "
            f"{y + 58:.1f}L{x + sign * 34:.1f} {y + 66:.1f}L{x:.1f} {depth:.1f}Q{x + sign * 14:.1f} "
            f"{y + 40:.1f} {x + sign * 26:.1f} {y - 30:.1f}Z"
        )
        paper.path(lapel, tint.lit(tone(colour, 0.05)) if sign == tint.side else tint.dim(tone(colour, 0.02)))
    paper.stroke(f"M{x:.1f} {depth:.1f}L{hip[0]:.1f} {hip[1] + 10:.1f}", tint.dim(tone(colour, -0.12)), 3.4, 0.8)


def _scarf(paper: Paper, figure: Body, looks: Looks, tint: Tint) -> None:
    x, y = figure["base"]
    swing = figure.pose.sway * 20
    tail = limb([(x + 18, y), (x + 40, y + 80), (x + 52 + swing, y + 170)], [34, 40, 36])
    paper.path(tail, mix(tint.lit(looks.scarf), tint.dim(looks.scarf), 0.55))
    half = 40 if figure.pose.facing == "side" else 56
    paper.path(
        smooth(
            [
                (x - half, y - 20),
                (x, y - 40),
                (x + half, y - 20),
                (x + half - 4, y + 16),
                (x, y + 36),
                (x - half + 4, y + 16),
            ]
        ),
        tint.fill(paper, looks.scarf, x, 70),
    )
