"""Compose: from a keyframe's recipe to a scene and its pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from . import figure, finish, light, places, raster, sky, things
from .filmset import WORK_PIXELS, FilmSet, Sheet, density, frame_units
from .palette import palette
from .reading import read
from .scene import Drops, Layer, Pictures, Scene

SLACK = 42.0
"""Units by which a single picture is larger than the frame on each side: what a camera at its depth may travel."""

Progress = Callable[[float], None]


def build(ask: Mapping[str, Any]) -> FilmSet:
    """The film set of a shot, all layers designed, none drawn yet."""
    width, height = ask["size"]
    reading = read(ask)
    cast = list(ask.get("characters") or ())[: figure.MOST]
    seed = int(ask.get("seed") or 0)
    film = FilmSet(
        *frame_units(width, height), reading, palette(reading, ask.get("style") or {}, seed), seed, len(cast)
    )
    place = places.all_places()[reading.place]
    film.mood = {"place": reading.place, "weather": reading.weather, "time": reading.time, "pose": reading.pose}
    if place.SKY:
        sky.draw(film)
    place.draw(film)
    outside = place.SKY or reading.place == "abstract"
    for name in reading.things:
        thing = things.all_things()[name]
        if outside or not getattr(thing, "OUTSIDE", False):
            thing.draw(film)
    if outside:
        sky.weather(film, behind=True)
    figure.draw(film, cast)
    if hasattr(place, "front"):
        place.front(film)
    if outside:
        sky.weather(film, behind=False)
    light.finish(film)
    finish.overlay(film)
    return film


def scene(ask: Mapping[str, Any], progress: Progress) -> tuple[Scene, Pictures]:
    """The scene of a shot and its pictures. progress gets 0 to 1."""
    film = build(ask)
    scale = min(density(*ask["size"]), (WORK_PIXELS / (film.w * film.h)) ** 0.5)
    items: list[Layer | Drops] = []
    pictures: Pictures = {}
    entries = film.finished()
    manner = finish.Finish(film)
    for index, (item, sheet) in enumerate(entries):
        progress(index / len(entries))
        if sheet is None or not isinstance(item, Layer):
            items += [manner.drops(item)] if isinstance(item, Drops) else []
        elif any(sheet.papers):
            manner.prepare(sheet)
            layer, soft = _focused(film, _trimmed(_far(item, scale), sheet), manner)
            layer, drawn = _drawn(layer, sheet, soft, scale, manner)
            pictures |= drawn
            items.append(layer)
    return Scene((film.w, film.h), tuple(items), film.seed, film.mood), pictures


def _far(layer: Layer, scale: float) -> Layer:
    """A layer far away, drawn at four fifths of the frame's density: the air between softens it as much."""
    far = layer.depth < 0.6 and layer.detail == 1 and scale > 0.9 and not layer.act.get("fixed")
    return replace(layer, detail=0.8) if far else layer


def _trimmed(layer: Layer, sheet: Sheet) -> Layer:
    """The layer without its clear margins, where drawing them would cost more than finding them."""
    if layer.detail < 0.5 or layer.box[2] * layer.box[3] < 40_000:
        return layer
    raster.trim(sheet.papers, foot=bool(layer.act.get("sway") or layer.act.get("breath")))
    paper = sheet.papers[0]
    return replace(layer, box=(paper.x, paper.y, paper.width, paper.height))


def _drawn(layer: Layer, sheet: Sheet, soft: float, scale: float, manner: finish.Finish) -> tuple[Layer, Pictures]:
    """A layer and its pictures, in the film's look, with rim light or out of focus by so many units. scale: pixels a
    unit of the frame."""
    pictures: Pictures = {}
    placed = manner.placed(layer, sheet)
    for name, paper in zip(layer.cels, sheet.papers, strict=True):
        picture = raster.drawn(paper, scale * layer.detail)
        if sheet.rim:
            picture = light.rimmed(picture, sheet.rim, scale * layer.detail)
        picture = manner.finished(picture, sheet, layer, scale)
        if soft:
            picture = raster.softened(picture, soft * scale * layer.detail)
        pictures[name] = picture
    return placed, pictures


def _focused(film: FilmSet, layer: Layer, manner: finish.Finish) -> tuple[Layer, float]:
    """What lies behind (or before) the figures of a near shot is out of focus: drawn small, and blurred by so many
    units."""
    if not film.near or layer.detail < 1 or abs(layer.depth - 1) < 0.06 or not manner.focus or layer.act.get("fixed"):
        return layer, 0.0
    close = film.reading.size != "medium"
    return replace(layer, detail=0.25 if close else 0.5), 4.2 if close else 2.0


def picture(data: bytes, width: int, height: int) -> tuple[Scene, Pictures]:
    """A scene of one layer: a picture that another painter, or the user, made. It fills the frame and the margin."""
    shown = raster.read(data)
    rows, columns = shown.shape[:2]
    w, h = frame_units(width, height)
    scale = max((w + 2 * SLACK) / columns, (h + 2 * SLACK) / rows)
    box = ((w - columns * scale) / 2, (h - rows * scale) / 2, columns * scale, rows * scale)
    layer = Layer("picture", 0.6, box, 1.0, ("picture.png",))
    return Scene((w, h), (layer,), 0, {}), {"picture.png": shown}
