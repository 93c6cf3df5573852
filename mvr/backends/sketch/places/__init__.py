"""Places, one file each. A place is a module with these names:

    WORDS   words and phrases that name it, with commas between them
    HINTS   optional: words that speak of it where no place is named: a bed is in a room
    RANK    how closely it is told: 2 where a figure stands (a rooftop), 1 a wide region (a city), 0 the last resort
    SKY     True where the open sky is seen
    TIME    optional: the time of day it suits best, where the words name none
    POSE    optional: what a figure does there unless told
    draw(film)   adds the place's layers to a FilmSet, from far to near

The folder is the register: a new place is a new file.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@lru_cache(maxsize=1)
def all_places() -> dict[str, ModuleType]:
    """Every place by name, sorted."""
    return {
        name: import_module(f"{__name__}.{name}") for name in sorted(found.name for found in iter_modules(__path__))
    }
