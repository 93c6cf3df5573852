"""Kinds of figures that are not plain people, one file each. A kind is a module with these names:

    WORDS                    words of a character's sheet that name it, with commas between them
    wear(looks, words)       the looks it has: skin of metal, a suit, no hair
    head(paper, skull, looks, tint, facing, detail)    draws the head in the place of a person's
    over(paper, figure, looks, tint)                   draws what lies over the body: joints, a pack, a lamp

The folder is the register: a new kind is a new file.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@lru_cache(maxsize=1)
def all_kinds() -> dict[str, ModuleType]:
    """Every kind by name, sorted."""
    return {
        name: import_module(f"{__name__}.{name}") for name in sorted(found.name for found in iter_modules(__path__))
    }
