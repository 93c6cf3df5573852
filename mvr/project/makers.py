"""Who makes the film: the `make:` block and a shot's own makers, each looked up among the backends."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mvr import backends
from mvr.model import Json, Maker, Makers, suiting
from mvr.project import form, presets, units
from mvr.project.available import not_yet
from mvr.project.form import Steps, Wrong

if TYPE_CHECKING:
    from mvr.project.build import Builder


def block(builder: Builder) -> Makers:
    """The `make:` block, with what its preset stands for."""
    make, wrong = presets.filled(builder.block("make"))
    builder.wrong += wrong
    written = make.get("writer")
    take = 1
    if isinstance(written, dict):
        take = int(written.get("take") or 1)
        written = {option: value for option, value in written.items() if option != "take"}
    writer = named(builder, "writer", written, ("make", "writer")) or Maker("rules")
    animator = named(builder, "animator", make.get("animator"), ("make", "animator"))
    painter = _painter(builder, make.get("painter"), animator)
    return Makers(
        writer,
        painter,
        animator or suiting(painter),
        chosen=animator is not None,
        approve=make.get("approve", "none"),
        writer_take=take,
    )


def _painter(builder: Builder, written: Json, animator: Maker | None) -> Maker | None:
    """The painter; None where the animator needs no still, and the file names no painter."""
    takes, without = backends.wordless(animator) if animator else (True, False)
    if written == "none":
        if not without:
            what = f"{animator.name} moves a still" if animator else "without a painter there is nothing to move"
            hint = "name a painter, or an animator that makes shots from words, such as wan"
            builder.wrong.append(Wrong(("make", "painter"), f"none: {what}", "", hint))
        return None
    if written is None and not takes:
        return None
    if not takes and animator:
        hint = "write `painter: none`, or choose another animator"
        builder.wrong.append(Wrong(("make", "painter"), f"a painter: {animator.name} takes no still", "", hint))
    return named(builder, "painter", written, ("make", "painter")) or Maker("sketch")


def named(builder: Builder, part: str, written: Json, steps: Steps) -> Maker | None:
    """The backend that a value of `make:` or of a shot names; None where it is left out or wrong."""
    if written is None:
        return None
    options = dict(written) if isinstance(written, dict) else {"with": written}
    name = options.pop("with", None)
    if name is None:
        return None
    at = (*steps, "with") if isinstance(written, dict) else steps
    if name not in able(part):
        builder.wrong.append(unable(part, str(name), at))
        return None
    known = backends.backend(name).OPTIONS
    before = len(builder.wrong)
    for option, value in options.items():
        if option not in known:
            hint = units.did_you_mean(option, known, "its options") or f"{name} has no options"
            builder.wrong.append(Wrong((*steps, option), f"unknown option {units.shown(option)} of {name}", "", hint,
                                    at_key=True))  # fmt: skip
        else:
            builder.wrong += form.wrongs(value, known[option][0], (*steps, option))
    if len(builder.wrong) == before and hasattr(backends.backend(name), "wrongs"):
        whole = {option: default for option, (_, default) in known.items()} | options
        for option, found, hint in backends.backend(name).wrongs(whole):
            builder.wrong.append(Wrong((*steps, option), found, "", hint))
    return Maker(name, options)


@cache
def able(part: str) -> tuple[str, ...]:
    """The backends that can be a writer, a painter or an animator, sorted."""
    return tuple(one for one in backends.names() if hasattr(backends.backend(one), backends.DOES[part]))


def unable(part: str, name: str, steps: Steps) -> Wrong:
    """Why a backend cannot be this part: a slip of the pen, one for other parts, or one that is not built yet."""
    expected = f"one that can {'write' if part == 'writer' else backends.DOES[part]}"
    here = f"{part}s here: {', '.join(able(part))}"
    near = units.nearest(name, able(part))
    if near is not None:
        return Wrong(steps, units.shown(name), expected, f"did you mean '{near}'?")
    if name in backends.names():
        return Wrong(steps, f"{units.shown(name)} is no {part}", expected, here)
    return Wrong(steps, not_yet(f"the {part} {units.shown(name)}"), "", here, code=3)
