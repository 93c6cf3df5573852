"""Things that may stand in any place, one file each. A thing is a module with these names:

    WORDS   words and phrases that name it, with commas between them
    draw(film)   adds it to a FilmSet, behind the figures
    OUTSIDE  optional: True for what is never in a room, such as birds

The folder is the register: a new thing is a new file.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@lru_cache(maxsize=1)
def all_things() -> dict[str, ModuleType]:
    """Every thing by name, sorted."""
    return {
        name: import_module(f"{__name__}.{name}") for name in sorted(found.name for found in iter_modules(__path__))
    }
