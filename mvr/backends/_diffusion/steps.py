"""Hears of each step of a model: tells how far it is, shows what there is so far, and ends what nobody wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mvr.backends._diffusion import pictures
from mvr.engine.job import Desk

SHOWN = 4
"""Intermediate pictures of one run: a small decode each, some percent of a step."""

LAST = 0.95
"""How far a job is when all steps are done: decoding and writing follow."""


class Steps:
    """A `callback_on_step_end` of diffusers. Raises Cancelled within a step once nobody wants the job any more.

    count: how many steps there are. show(latents) gives values, (height, width, 3) from 0 to 1, or None; it must draw
    no random numbers.
    """

    def __init__(self, desk: Desk | None, count: int, show: Callable[[Any], Any] | None = None) -> None:
        self._desk, self._count, self._show = desk, count, show
        self._every = max(1, round(count / (SHOWN + 1)))
        self._before: Any = None

    def __call__(self, pipe: Any, step: int, timestep: Any, tensors: Mapping[str, Any]) -> Mapping[str, Any]:
        if self._desk is None:
            return tensors
        latents, done = tensors["latents"], step + 1
        picture = None
        if self._show is not None and done % self._every == 0 and done < self._count:
            shown = self._show(clean(pipe.scheduler, latents, self._before))
            picture = None if shown is None else pictures.jpeg(shown)
        self._before = latents
        self._desk.progress(LAST * done / self._count, picture)
        return tensors


def clean(scheduler: Any, latents: Any, before: Any) -> Any:
    """The picture that latents are on the way to, as far as two steps of Euler's method tell; else the latents.

    x0 = x - sigma dx/dsigma (Karras et al. 2022, eq. 1 with D the denoiser), which flow matching shares.
    """
    name, sigmas = type(scheduler).__name__, getattr(scheduler, "sigmas", None)
    index = getattr(scheduler, "step_index", None)
    if before is None or sigmas is None or not index or "Euler" not in name or "Ancestral" in name:
        return latents
    now, was = float(sigmas[index]), float(sigmas[index - 1])
    return latents - now * (latents - before) / (now - was) if now != was else latents
