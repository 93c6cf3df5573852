"""What painters and animators of diffusers say alike before anything is loaded."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from mvr.backends import _weights
from mvr.backends._diffusion import counted, loading, options, rungs, sizes
from mvr.engine.job import Desk
from mvr.errors import StageError


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
    NEGATIVE: ClassVar[bool]  # does it read what is to be avoided
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

    # what it takes

    @property
    @abstractmethod
    def models(self) -> Mapping[str, Any]:
        """What is known of its models, by hub id: steps, guidance, gib."""

    @abstractmethod
    def extent(self, given: Mapping[str, Any], width: int, height: int) -> tuple[sizes.Size, int, int]:
        """What it makes at most for a film of that size: pixels, frames, and how many pictures a step calculates."""

    @abstractmethod
    def taken(self, each: int, size: sizes.Size, frames: int, pictures: int) -> tuple[int, int]:
        """About what denoising and decoding take beside the weights, in bytes; each: bytes a number."""

    def load_at(self, how: Mapping[str, Any], dtype: str, size: sizes.Size, frames: int, pictures: int) -> rungs.Load:
        """What it takes to make something: weights from the headers of their files, or, where they are not here, as
        they were counted; the rest from its size, as an estimate. Raises KeyError where nothing is known of a model.
        """
        each = 4 if dtype == "float32" else 2
        folder = _weights.here(how["model"], how["revision"])
        weights, blocks = rungs.weights(folder, each), loading.blocks(folder)
        if not weights:
            weights, blocks = counted.weights(how["model"], self.models[how["model"]].gib, each)
        return rungs.Load(weights, blocks, *self.taken(each, size, frames, pictures))

    def room(self, given: Mapping[str, Any], width: int, height: int, most: int = 0) -> Any:
        """About what it takes for a film of that size; None for a model of which nothing is known.

        `size` in pixels, `frames`; `bytes` of the device by rung; `weights` in bytes; `tflop`, what one still or clip
        calculates, None where that was not counted.
        most: frames of a shorter clip than the longest that it makes.
        """
        size, frames, pictures = self.extent(given, width, height)
        frames = min(frames, most or frames)
        try:
            load = self.load_at(given, given["dtype"], size, frames, pictures)
        except (KeyError, StageError):  # StageError: a file of weights that is none
            return None
        known = self.models.get(given["model"])
        steps, guidance = ((given[name] if given[name] is not None else known and getattr(known, name))
                           for name in ("steps", "guidance"))  # fmt: skip
        passes = 2 if self.NEGATIVE and (guidance or 0) > 1 else 1
        tflop = counted.tflop(given["model"], (steps or 0) * passes, size, frames)
        return {
            "size": list(size),
            "frames": frames,
            "bytes": {rung: load.peak(rung) for rung in rungs.LOSSLESS},
            "weights": sum(load.weights.values()),
            "tflop": tflop,
        }

    @abstractmethod
    def _called(self, said: Mapping[str, Any]) -> str:
        """What a pipeline is called in a worker's memory, by the identity it was loaded for."""
