"""A scene: what one shot is made of, as plain values, and the zip file that carries it from painter to animator."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from mvr.errors import StageError

from . import raster

FORMAT = 1


@dataclass(frozen=True)
class Layer:
    """One picture of the scene, or one cycle of pictures, at a depth.

    depth: 0 infinitely far, 1 where the figures stand, above 1 nearer. box: x, y, width, height in units. detail:
    pixels drawn for each pixel of the frame (1 sharp, 0.25 soft). cels: names of PNG files, one or a cycle.
    act: how it moves and what drives it, plain data read by motion.py.
    """

    name: str
    depth: float
    box: tuple[float, float, float, float]
    detail: float
    cels: tuple[str, ...]
    act: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Drops:
    """Small moving things at a depth: stars, rain, snow, dust, embers, bubbles, leaves, fireflies."""

    kind: str
    depth: float
    count: int
    seed: int
    colour: str
    box: tuple[float, float, float, float]
    size: float = 1.0


@dataclass(frozen=True)
class Scene:
    """All of a shot, back to front. frame: width and height in units (1000 to the short side)."""

    frame: tuple[float, float]
    items: tuple[Layer | Drops, ...]
    seed: int
    mood: Mapping[str, Any] = field(default_factory=dict)


Pictures = dict[str, Any]
"""BGRA pixels, uint8 (height, width, 4), straight alpha, by the names of their PNG files."""


def pack(scene: Scene, pictures: Pictures, path: Path) -> None:
    """Writes scene.json and the pictures as a zip file whose bytes depend on nothing else."""
    document = {
        "format": FORMAT,
        "frame": scene.frame,
        "seed": scene.seed,
        "mood": scene.mood,
        "items": [{"is": type(item).__name__.lower(), **asdict(item)} for item in scene.items],
    }
    words = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        files = ((name, raster.write(pictures[name])) for name in sorted(pictures))
        for name, data in chain([("scene.json", words)], files):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)


def unpack(path: Path) -> tuple[Scene, Pictures]:
    """Reads what pack wrote. Raises StageError for a file that is no such scene."""
    try:
        with zipfile.ZipFile(path) as archive:
            document = json.loads(archive.read("scene.json"))
            pictures = {name: raster.read(archive.read(name)) for name in archive.namelist() if name.endswith(".png")}
        return _scene(document), pictures
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise StageError("the layers of this shot cannot be read", f"make its keyframe again ({error})") from error


def _scene(document: Mapping[str, Any]) -> Scene:
    if document["format"] != FORMAT:
        raise ValueError(f"format {document['format']}, not {FORMAT}")
    items: list[Layer | Drops] = []
    for entry in document["items"]:
        values: dict[str, Any] = {
            key: tuple(value) if key in ("box", "cels") else value for key, value in entry.items() if key != "is"
        }
        items.append(Layer(**values) if entry["is"] == "layer" else Drops(**values))
    width, height = document["frame"]
    return Scene((width, height), tuple(items), document["seed"], document["mood"])
