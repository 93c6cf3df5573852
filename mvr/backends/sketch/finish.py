"""Finish: draws a film set's layers in the film's look: colours, outlines, texture, shadows, borders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from . import looks, raster
from .filmset import FilmSet, Sheet
from .scene import Drops, Layer


def drawing(film: FilmSet) -> Any:
    """The look that draws: the first that `style.look` names, or None."""
    named = film.reading.looks
    return looks.all_looks()[named[0]] if named else None


def overlay(film: FilmSet) -> None:
    """The look's own last layers, and what it does to whole frames."""
    look = drawing(film)
    if hasattr(look, "overlay"):
        look.overlay(film)
    frame = getattr(look, "FRAME", None)
    if frame:
        film.mood["frame"] = dict(frame)


class Finish:
    """The look of one shot, ready to be put on its layers."""

    def __init__(self, film: FilmSet) -> None:
        self.film, self.look = film, drawing(film)
        self.colours = film.palette
        self.room = float(self._of("ROOM", 0.0))
        self.glow, self.rim = float(self._of("GLOW", 1.0)), float(self._of("RIM", 1.0))
        self.textured = hasattr(self.look, "surface")
        self.focus = self.look is None or not (self._of("LINE", 0.0) or self._of("STOPS", "") == "flat")
        """True where what is far from the figures of a near shot is out of focus."""

    def _of(self, name: str, default: Any) -> Any:
        return getattr(self.look, name, default)

    def kind(self, sheet: Sheet) -> str:
        """sky | light | figure | solid, as in looks.Surface."""
        if sheet.act.get("opaque"):
            return "sky"
        if sheet.act.get("fixed") or sheet.detail < 1:
            return "light"
        return "figure" if sheet.name.startswith(("figure", "seat")) else "solid"

    def prepare(self, sheet: Sheet) -> None:
        """Changes a layer's drawing before it becomes pixels: its colours, gradients and outlines."""
        if self.look is None or sheet.act.get("fixed"):
            return
        kind = self.kind(sheet)
        stops, line = self._of("STOPS", ""), float(self._of("LINE", 0.0))
        for paper in sheet.papers:
            if stops and (kind == "figure" or (kind == "solid" and stops == "flat")):
                paper.regrade(stops)
            if hasattr(self.look, "colour"):
                paper.recolour(lambda colour: str(self.look.colour(colour, self.colours, kind)))
            if line and kind in ("figure", "solid"):
                size = line * (1.0 if kind == "figure" else max(0.35, min(1.2, sheet.depth)))
                if kind == "figure":
                    size = max(line * 0.5, min(line * 1.6, line * (self.film.tall / 900) ** 0.5))
                paper.outline = (self.look.line(self.colours, kind, sheet.depth), size)
        if sheet.rim and self.rim < 1:
            colour, dx, dy = sheet.rim
            sheet.rim = (colour, dx * self.rim, dy * self.rim) if self.rim else None

    def drops(self, item: Drops) -> Drops:
        """Rain, snow and dust in the look's colours; dark on white paper."""
        if self.look is None:
            return item
        colour = item.colour
        if not self._of("DARK", True):
            colour = self.colours.ink if item.kind in ("rain", "leaves", "snow") else "#8a8a8e"
        elif hasattr(self.look, "colour"):
            colour = str(self.look.colour(colour, self.colours, "light"))
        return replace(item, colour=colour)

    def placed(self, layer: Layer, sheet: Sheet) -> Layer:
        """The layer with the room its look needs, and as much of its glow as is left."""
        kind = self.kind(sheet)
        if kind == "sky" and self.textured:
            return replace(layer, detail=1.0)
        if kind == "light" and self.glow < 1 and not layer.act.get("fixed"):
            level = round(float(layer.act.get("level", 1.0)) * self.glow, 4)
            return replace(layer, act={**layer.act, "level": level})
        if not self.room or kind in ("sky", "light"):
            return layer
        left, top, right, bottom = self._margins(layer)
        x, y, width, height = layer.box
        return replace(layer, box=(x - left, y - top, width + left + right, height + top + bottom))

    def _margins(self, layer: Layer) -> tuple[float, float, float, float]:
        """Units on each side; none where the layer goes to the end of the set."""
        x, y, width, height = layer.box
        film, room = self.film, self.room
        return (
            0.0 if x <= film.left + 1 else room,
            0.0 if y <= film.top + 1 else room,
            0.0 if x + width >= film.right - 1 else room,
            0.0 if y + height >= film.bottom - 1 else room,
        )

    def finished(self, picture: Any, sheet: Sheet, layer: Layer, scale: float) -> Any:
        """A drawn layer's pixels in the look. scale: pixels a unit of the frame."""
        kind = self.kind(sheet)
        if not self.textured or kind == "light":
            return picture
        from . import brush

        if kind == "sky":
            picture = raster.enlarged(picture, round(layer.box[2] * scale), round(layer.box[3] * scale))
        else:
            scale = scale * layer.detail
            if self.room:
                picture = brush.grown(picture, *(round(side * scale) for side in self._margins(layer)))
        seed = self.film.rng(f"surface:{sheet.name}").randrange(2**31)
        surface = looks.Surface(sheet.name, kind, sheet.depth, scale, seed)
        return self.look.surface(picture, surface, self.colours)
