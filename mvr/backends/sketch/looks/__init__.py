"""Looks, one file each: how a film is drawn. A look is a module with these names, all but the first optional:

    WORDS              words and phrases of `style.look` that name it, with commas between them
    palette(colours)   the shot's palette in this look
    colour(text, colours, kind)   any colour of the drawing in this look; kind as in Surface
    STOPS              what becomes of gradients: "flat" (one colour), "hard" (two, with an edge), "" (as they are)
    LINE               width in units of an outline around every shape; 0 for none
    line(colours, kind, depth)    the outline's colour
    GLOW               what is left of glows and halos, 0 to 1
    RIM                what is left of the light on a figure's edge, 0 to 1
    DARK               False where lamps and stars are not drawn as light, as on white paper
    ROOM               units that a layer needs around it, for a shadow or a halo
    surface(picture, surface, colours)   the pixels of a layer (BGRA) in this look
    overlay(film)      adds last layers: a border, a light leak
    FRAME              what is done to every whole frame: vignette, mosaic, chroma (see frame.py)

The folder is the register: a new look is a new file. Where `style.look` names several, the first one draws; the others
colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@dataclass(frozen=True)
class Surface:
    """A layer that a look works on. kind: sky | light | figure | solid. scale: pixels a unit."""

    name: str
    kind: str
    depth: float
    scale: float
    seed: int


@lru_cache(maxsize=1)
def all_looks() -> dict[str, ModuleType]:
    """Every look by name, sorted."""
    return {
        name: import_module(f"{__name__}.{name}") for name in sorted(found.name for found in iter_modules(__path__))
    }
