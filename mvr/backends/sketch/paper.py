"""Paper: an SVG drawing being made, in units of the scene (1000 to the short side of the frame)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from .colour import mix

Point = tuple[float, float]
Stops = Sequence[tuple[float, str, float]]
"""Stops of a gradient: offset 0 to 1, colour, opacity 0 to 1."""


_GLOW = ' stroke="none"'
_STOP = re.compile(r'offset="([0-9.]+)" stop-color="(#[0-9a-f]{6})" stop-opacity="([0-9.]+)"')
_SCALE = re.compile(r' data-scale="([0-9.]+)"')


def number(value: float) -> str:
    """A coordinate as short text; hundredths of a unit are finer than a pixel of any frame."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def polygon(points: Sequence[Point]) -> str:
    """Path data of a closed polygon."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"


def smooth(points: Sequence[Point], *, closed: bool = True, tension: float = 1.0) -> str:
    """Path data of a smooth curve through points (Catmull-Rom as cubic Béziers); tension 0 gives straight lines."""
    count = len(points)
    if count < 3:
        return polygon(points)

    def point(index: int) -> Point:
        return points[index % count] if closed else points[min(count - 1, max(0, index))]

    parts = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for index in range(count if closed else count - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = (point(index + step) for step in (-1, 0, 1, 2))
        k = tension / 6
        parts.append(
            f"C{number(bx + (cx - ax) * k)} {number(by + (cy - ay) * k)} "
            f"{number(cx - (dx - bx) * k)} {number(cy - (dy - by) * k)} {number(cx)} {number(cy)}"
        )
    return "".join(parts) + ("Z" if closed else "")


def placed(data: str, x: float, y: float, size: float, way: float = 1.0) -> str:
    """Path data drawn around (0, 0) in a unit of its own, put at (x, y), `size` units large; way -1 turns it round.

    Commands M, L, C, Q, H, V and Z, and the same in small letters.
    """
    parts = []
    for command, numbers in re.findall(r"([MLCQHVZmlcqhvz])([^MLCQHVZmlcqhvz]*)", data):
        values = [float(value) for value in re.findall(r"-?[0-9.]+", numbers)]
        near = command.islower()
        for index, value in enumerate(values):
            across = command in "Hh" or (command not in "Vv" and index % 2 == 0)
            origin = 0.0 if near else x if across else y
            values[index] = origin + value * size * (way if across else 1.0)
        parts.append(command + " ".join(number(value) for value in values))
    return "".join(parts)


class Paper:
    """Elements and definitions of one drawing; x, y, width and height say which part of the scene it covers."""

    def __init__(self, x: float, y: float, width: float, height: float) -> None:
        self.x, self.y, self.width, self.height = x, y, width, height
        self._elements: list[str] = []
        self._defs: dict[str, str] = {}
        self.outline: tuple[str, float] | None = None  # colour and width in units of a line around every shape
        self.shown: Any = None  # a thumbnail, bool (rows, columns): where anything is drawn; None: not known

    def __bool__(self) -> bool:
        return bool(self._elements)

    def _define(self, body: str) -> str:
        """The id of a definition; the same definition is written once."""
        return self._defs.setdefault(body, f"d{len(self._defs)}")

    def linear(self, stops: Stops, start: Point, end: Point) -> str:
        """A fill that runs from one point of the scene to another."""
        line = (
            f'x1="{number(start[0])}" y1="{number(start[1])}" x2="{number(end[0])}" y2="{number(end[1])}" '
            f'gradientUnits="userSpaceOnUse"'
        )
        return f"url(#{self._define(f'linearGradient|{line}|{_stops(stops)}')})"

    def radial(self, stops: Stops, centre: Point, radius: float, squash: float = 1.0) -> str:
        """A fill that runs from a centre outwards; squash is the height of the circle over its width."""
        x, y = centre
        turn = (
            f' gradientTransform="translate(0 {number(y - y * squash)}) scale(1 {squash:.4f})"' if squash != 1 else ""
        )
        line = f'cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" gradientUnits="userSpaceOnUse"{turn}'
        return f"url(#{self._define(f'radialGradient|{line}|{_stops(stops)}')})"

    def blur(self, sigma: float) -> str:
        """An attribute that blurs what carries it; sigma in units. Dear: use it on layers drawn small."""
        region = (
            f'x="{number(self.x)}" y="{number(self.y)}" width="{number(self.width)}" height="{number(self.height)}" '
            f'filterUnits="userSpaceOnUse" color-interpolation-filters="sRGB"'
        )
        name = self._define(f'filter|{region}|<feGaussianBlur stdDeviation="{number(sigma)}"/>')
        return f' filter="url(#{name})"'

    def clip(self, path: str) -> str:
        """An attribute that shows only what lies inside a path."""
        name = self._define(f'clipPath||<path d="{path}"/>')
        return f' clip-path="url(#{name})"'

    def raw(self, element: str) -> None:
        """Adds an element as it is."""
        self._elements.append(element)

    def path(self, d: str, fill: str, opacity: float = 1.0, extra: str = "") -> None:
        """A filled path."""
        self._elements.append(f'<path d="{d}" fill="{fill}"{_opacity(opacity)}{extra}/>')

    def stroke(self, d: str, colour: str, width: float, opacity: float = 1.0, extra: str = "") -> None:
        """A drawn line with round ends; width in units."""
        self._elements.append(
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{number(width)}" stroke-linecap="round" '
            f'stroke-linejoin="round"{_opacity(opacity)}{extra}/>'
        )

    def rect(
        self, x: float, y: float, w: float, h: float, fill: str, opacity: float = 1.0, round_: float = 0.0
    ) -> None:
        """A rectangle, with round corners if asked."""
        corner = f' rx="{number(round_)}"' if round_ else ""
        self._elements.append(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(0, w))}" height="{number(max(0, h))}" '
            f'fill="{fill}"{corner}{_opacity(opacity)}/>'
        )

    def ellipse(
        self, x: float, y: float, rx: float, ry: float, fill: str, opacity: float = 1.0, extra: str = ""
    ) -> None:
        """An ellipse around a centre."""
        self._elements.append(
            f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="{number(rx)}" ry="{number(ry)}" fill="{fill}"'
            f"{_opacity(opacity)}{extra}/>"
        )

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float = 1.0, squash: float = 1.0) -> None:
        """Soft light around a point: falls off smoothly to nothing at the radius."""
        stops = [(share, colour, strength * (1 - share) ** 2.2) for share in (0, 0.12, 0.25, 0.4, 0.6, 0.8, 1)]
        fill = self.radial(stops, (x, y), radius, squash)
        self.ellipse(x, y, radius, radius * squash, fill, 1.0, _GLOW)

    def begin(self, attributes: str, scale: float = 1.0) -> None:
        """Opens a group; scale is how much it enlarges what is in it."""
        mark = f' data-scale="{scale:.5f}"' if scale != 1 else ""
        self._elements.append(f"<g {attributes}{mark}>")

    def end(self) -> None:
        """Closes the group opened last."""
        self._elements.append("</g>")

    def recolour(self, change: Callable[[str], str]) -> None:
        """Changes every `#rrggbb` of the drawing."""

        def changed(text: str) -> str:
            return re.sub(r'"(#[0-9a-f]{6})"', lambda found: f'"{change(found[1])}"', text)

        self._elements = [changed(element) for element in self._elements]
        self._defs = {changed(body): name for body, name in self._defs.items()}

    def regrade(self, manner: str) -> None:
        """Makes every linear gradient "flat" (the mean of its colours) or "hard" (two tones with an edge)."""

        def changed(body: str) -> str:
            kind, attributes, inner = body.split("|", 2)
            stops = _STOP.findall(inner)
            if kind != "linearGradient" or len(stops) < 2 or len({alpha for _, _, alpha in stops}) > 1:
                return body
            first, last = stops[0][1], stops[-1][1]
            pairs: tuple[tuple[float, str], ...]
            if manner == "flat":
                middle = mix(first, last, 0.28)
                pairs = ((0.0, middle), (1.0, middle))
            else:
                one, two = mix(first, last, 0.12), mix(first, last, 0.8)
                pairs = ((0.0, one), (0.44, one), (0.45, two), (1.0, two))
            alpha = float(stops[0][2])
            return f"{kind}|{attributes}|{_stops([(at, tint, alpha) for at, tint in pairs])}"

        self._defs = {changed(body) + " " * index: name for index, (body, name) in enumerate(self._defs.items())}

    @property
    def local(self) -> bool:
        """Whether each part of it can be drawn alone: a blur looks beyond."""
        return not any(body.startswith("filter") for body in self._defs)

    def window(self, x: float, y: float, width: float, height: float) -> Paper:
        """A part of the drawing; all in shares of its width and height."""
        part = Paper(self.x + x * self.width, self.y + y * self.height, width * self.width, height * self.height)
        part._elements, part._defs, part.outline = self._elements, self._defs, self.outline
        return part

    def parted(self) -> tuple[Paper, Paper]:
        """The drawing without the glows that come last in it, and those alone."""
        count = len(self._elements)
        while count and self._elements[count - 1].startswith("<ellipse") and _GLOW in self._elements[count - 1]:
            count -= 1
        parts = []
        for elements in (self._elements[:count], self._elements[count:]):
            part = self.window(0, 0, 1, 1)
            part._elements, part.shown = elements, self.shown
            parts.append(part)
        return parts[0], parts[1]

    def svg(self, width: int, height: int) -> str:
        """The drawing as an SVG document of so many pixels."""
        defs = []
        for body, name in self._defs.items():
            kind, attributes, inner = body.split("|", 2)
            defs.append(f'<{kind} id="{name}" {attributes}>{inner}</{kind}>')
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" preserveAspectRatio="none" '
            f'viewBox="{number(self.x)} {number(self.y)} {number(self.width)} {number(self.height)}">'
            f"<defs>{''.join(defs)}</defs>{self._drawn()}</svg>"
        )

    def _drawn(self) -> str:
        """The elements, with a line around every shape where one is asked for. In a group that is enlarged the line
        is as much thinner."""
        body = "".join(self._elements)
        if self.outline is None:
            return body
        colour, width = self.outline
        body = _SCALE.sub(lambda found: f' stroke-width="{number(width / max(1e-3, float(found[1])))}"', body)
        return f'<g stroke="{colour}" stroke-width="{number(width)}" stroke-linejoin="round">{body}</g>'


def _opacity(opacity: float) -> str:
    return f' opacity="{opacity:.3f}"' if opacity < 1 else ""


def _stops(stops: Stops) -> str:
    return "".join(f'<stop offset="{o:.4f}" stop-color="{c}" stop-opacity="{a:.4f}"/>' for o, c, a in stops)
