"""What painters and animators of diffusers say alike before anything is loaded."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from mvr.backends import _weights
from mvr.backends._diffusion import options, sizes
from mvr.engine.job import Desk


def later(desk: Desk | None, work: Callable[[], object]) -> None:
    """Leaves work that wants no device for when the next job is at it; does it at once without a desk."""
    if desk is None:
        work()
    else:
        desk.later(work)


class Family(ABC):
    """One family of models. Sizes in pixels; `given` are a maker's options, with defaults filled in."""

    NAME: ClassVar[str]
    VERSION: ClassVar[int] = 1
    DTYPE: ClassVar[str] = "bfloat16"
    MULTIPLE: ClassVar[int] = 16

    @abstractmethod
    def identity(self, given: Mapping[str, Any]) -> Any:
        """All that decides what it makes beside the recipe and the files that the stage names."""

    def extras(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The options that name further weights, each with its `model`."""
        return {}

    def how(self, given: Mapping[str, Any]) -> Any:
        """Where the weights are named: a folder may move and hold the same."""
        return {"model": given["model"], "revision": given["revision"], **self.extras(given)}

    def rests_on(self, given: Mapping[str, Any]) -> list[Path]:
        """The files and folders that the identity reads: those of weights in a folder of the user."""
        models = (given["model"], *(one["model"] for one in self.extras(given).values()))
        return [path for model in models for path in _weights.rests_on(model)]

    def resident(self, given: Mapping[str, Any]) -> str:
        """What its pipeline is called in a worker's memory."""
        return self._called(self.identity(given))

    def wrongs(self, given: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """What is wrong with options that each have the right form: the option, what was found, what to write."""
        if given["size"] is None:
            return []
        wrong = sizes.wrong(*options.sized(given["size"]), self.MULTIPLE)
        return [("size", *wrong)] if wrong else []

    @abstractmethod
    def _called(self, said: Mapping[str, Any]) -> str:
        """What a pipeline is called in a worker's memory, by the identity it was loaded for."""
