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
    painter    portrait(ask, out, progress, references=(), desk=None) -> Path      the recipe of stages/portrait
               paint(ask, out, progress, desk=None, **given) -> {part: Path}       of stages/keyframe
    animator   animate(ask, still, sound, out, progress, layers=None, desk=None) -> Path      of stages/clip

with WRITER_LANE, PAINTER_LANE and ANIMATOR_LANE saying where they run, and READS what an animator reads of still,
layers and sound. A painter that is a model has PAINTER_READS, what it is given beside its recipe as roles of paths
(portraits and references of the shot's characters, lora, guide); NEGATIVE, whether it reads what is to be avoided; and

    canvas(options, width, height)  the size it draws at for a film of that size, pixels
    means(options)                  by what it holds a character beyond words (references, ip-adapter, or nothing), and
                                    how many pictures it looks at
    refused(path)                   why a file is no adapter of its family, None where it may be one

A painter whose stills come with further parts names them in PARTS. An animator that is a model has

    timing(options)    what lengths it makes (_lattice.Timing), or None where it draws to the frame; its recipe then
                       has a prompt, and a length of the model's lattice
    wordless(options)  whether it takes a still, and whether it can do without one
    canvas, NEGATIVE   as a painter's; left out, it works at the film's size, and reads nothing that is to be avoided
    WORDS              False where it reads no words at all: its recipe then has none

One that draws to the frame, and any frame of a shot cheaply, has WINDOWS: `animate` then heeds the recipe's `window`,
the frames [first, end) counted from the shot's start, for transitions to show what is before the shot or after it.
Who draws or animates may hand on a Made instead, with its provenance. `wrongs(options)`, where a backend has it, lists
what is wrong with options that each have the right form: (option, found, what to write). WRITER_EXACT says whether a
writer gives the same bytes for the same key anywhere. And, where there is anything to say, what is in no key:

    how(options)       plain JSON that goes with each job as `ask["how"]`, such as a timeout or where weights lie
    resident(options)  the name of the weights that its jobs want, under which they call `desk.resident(name, load)`:
                       while a lane holds them, its jobs are taken before those that want others
    WEIGHTS            the option that names its weights in a word, where that is not `model`; `revision` is theirs
    requests(options)  the most requests to somebody else's machine that one of a writer's documents may take
    room(options, width, height, most=0)    about what it takes for a film of that size: `size` and `frames` (`most` at
                       most) of what it makes, `bytes` of the device's memory by the way its weights are placed, the
                       fastest first, and `tflop`, what it calculates; None where nothing is known of the model
    rests_on(options)  the files and folders, by whole paths, that `identity` reads beside the options: a plan is
                       remembered only as long as they look the same

The desk keeps weights in the worker from job to job, tells of progress, hears that nobody wants the job any more, knows
the jobs that are to come, and takes what needs no device as work for later, beside the next job.
A module's head imports the standard library only.
`ask` is the stage's recipe. A writer's may hold `take`, a number from 2: another answer to the same words is wanted,
the same one for the same number. The folder is the register; what begins
with `_` is shared by backends and is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from mvr.engine.job import Job
from mvr.model import Maker

DOES = {"writer": "treatment", "painter": "paint", "animator": "animate"}
"""The function that a backend has where it can be one of these."""


@cache
def names() -> tuple[str, ...]:
    """Every backend there is, sorted. The folder is read once a process: a graph asks four times a shot."""
    return tuple(sorted(name for _, name, _ in iter_modules(__path__) if not name.startswith("_")))


def backend(name: str) -> ModuleType:
    """The backend of that name. Raises KeyError where there is none."""
    if name not in names():
        raise KeyError(name)
    return import_module(f"{__name__}.{name}")


def filled(maker: Maker) -> dict[str, Any]:
    """A maker's options, with the defaults of those that are not written."""
    return {name: default for name, (_, default) in backend(maker.name).OPTIONS.items()} | dict(maker.options)


def named(maker: Maker) -> dict[str, Any]:
    """Who makes it, as a recipe says that: the name, and all that decides what it makes."""
    return {"name": maker.name, "identity": backend(maker.name).identity(filled(maker))}


def unkeyed(maker: Maker) -> dict[str, Any]:
    """What a maker's jobs are to know, and what they want, that is in no key: `how` and `resident`."""
    module = backend(maker.name)
    return {name: getattr(module, name)(filled(maker)) for name in ("how", "resident") if hasattr(module, name)}


def wordless(animator: Maker) -> tuple[bool, bool]:
    """Whether an animator takes a still, and whether it can do without one."""
    module = backend(animator.name)
    if not hasattr(module, "wordless"):
        return True, False
    takes, without = module.wordless(filled(animator))
    return bool(takes), bool(without)


def rests_on(makers: Iterable[Maker]) -> list[str]:
    """The files and folders that the makers' identities read, sorted: a local model's weights."""
    found: set[str] = set()
    for maker in makers:
        module = backend(maker.name)
        if hasattr(module, "rests_on"):
            found.update(str(path) for path in module.rests_on(filled(maker)))
    return sorted(found)


def asked(job: Job) -> Mapping[str, Any]:
    """What a maker is asked: the recipe of its job, and beside it how, where there is anything to say."""
    return {**job.recipe, "how": job.how} if job.how else job.recipe


def rows() -> list[Any]:
    """What can write, paint and animate here: the rows of `mvr backends`."""
    found = []
    for name in names():
        module = backend(name)
        found.append(
            {
                "name": name,
                "summary": module.SUMMARY,
                "can": [kind for kind, function in DOES.items() if hasattr(module, function)],
                "lacks": module.lacks({option: default for option, (_, default) in module.OPTIONS.items()}),
                "options": {
                    option: {"default": default, **schema} for option, (schema, default) in module.OPTIONS.items()
                },
            }
        )
    return found
