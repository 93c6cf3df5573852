"""Generator families, one file or folder each. A backend is a module with these names:

    NAME, VERSION
    SUMMARY            one sentence for `mvr backends`
    OPTIONS            option -> (JSON Schema of its value, default); what may stand beside `with:`
    identity(options)  plain JSON that is all of what decides its pictures beside the recipe: needs no weights,
                       no network, no heavy import. `options` are the user's, with defaults filled in
    lacks(options)     None where it can run here, else what is missing and what to do about it, in one sentence

and the functions of what it can be:

    writer     treatment(ask, desk=None) -> document         the recipe and inputs of stages/treatment
               section(ask, desk=None) -> document           of stages/shots
    painter    portrait(ask, out, progress) -> Path          the recipe of stages/portrait
               paint(ask, out, progress) -> {part: Path}     of stages/keyframe
    animator   animate(ask, still, sound, out, progress, layers=None) -> Path      of stages/clip

with WRITER_LANE, PAINTER_LANE and ANIMATOR_LANE saying where they run, and READS what an animator reads of still,
layers and sound. WRITER_EXACT says whether a writer gives the same bytes for the same key anywhere; how(options), which
a writer may have, gives plain JSON that goes with each job as `ask["how"]`, such as a timeout, and is in no key; its
desk tells of progress, hears that nobody wants the job any more, and keeps weights resident.
A module's head imports the standard library only.
`ask` is the stage's recipe. A writer's may hold `take`, a number from 2: another answer to the same words is wanted,
the same one for the same number. The folder is the register; what begins
with `_` is shared by backends and is none.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


@cache
def names() -> tuple[str, ...]:
    """Every backend there is, sorted. The folder is read once a process: a graph asks four times a shot."""
    return tuple(sorted(name for _, name, _ in iter_modules(__path__) if not name.startswith("_")))


def backend(name: str) -> ModuleType:
    """The backend of that name. Raises KeyError where there is none."""
    if name not in names():
        raise KeyError(name)
    return import_module(f"{__name__}.{name}")
