"""The `rules` writer: a director's habits as a small grammar, with its words in vocabulary/."""

from __future__ import annotations

from typing import Any

NAME = "rules"
VERSION = 4
SUMMARY = "writes treatment and shots by rules of the craft; needs no weights and no network"
OPTIONS: dict[str, tuple[Any, Any]] = {}
WRITER_LANE = "cpu"
WRITER_EXACT = True

__all__ = [
    "NAME",
    "OPTIONS",
    "SUMMARY",
    "VERSION",
    "WRITER_EXACT",
    "WRITER_LANE",
    "identity",
    "lacks",
    "section",
    "treatment",
]


def identity(options: dict[str, Any]) -> Any:
    """What decides its words beside the recipe: its version, which is raised when its vocabulary changes."""
    return {"version": VERSION, **options}


def lacks(options: dict[str, Any]) -> str | None:
    """Nothing is ever missing."""
    return None


def treatment(ask: Any, desk: object = None) -> Any:
    """The treatment of a film. ask: the recipe of stages/treatment, form [{name, role, label, energy}] and lines."""
    from .story import treatment as told

    return told(_seeded(ask))


def section(ask: Any, desk: object = None) -> Any:
    """The shots of one section. ask: the recipe of stages/shots, brief and cuts."""
    from .scenes import section as written

    return written(_seeded(ask))


def _seeded(ask: Any) -> Any:
    """The same question with a take's own seed, 0 to 2^31 - 1; take 1 has the project's."""
    from .dice import dice

    return {**ask, "seed": int(dice(ask["seed"], "take", ask["take"]) * 2**31)} if ask.get("take", 1) != 1 else ask
