"""The `zimage` painter: Z-Image (Tongyi-MAI), text to still in eight steps.

A character is held by words and adapters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mvr.backends._diffusion.painter import Ask, Known, Painter

NAME = "zimage"
VERSION = 1
SUMMARY = "Z-Image Turbo paints stills from words in 8 steps; a model on this machine"
PAINTER_LANE = "gpu"
PAINTER_READS = ("lora",)


class ZImage(Painter):
    NAME = NAME
    VERSION = VERSION
    PIPELINE = "ZImagePipeline"
    LOADS = ("ZImagePipeline",)
    MODELS: Mapping[str, Known] = {"Tongyi-MAI/Z-Image-Turbo": Known(8, 0.0, "Apache-2.0", 19.1)}
    LORA = "z-image"

    def said(self, ask: Ask) -> tuple[str, ...]:
        return ask["prompt"], f"{ask['painter']['identity']['guidance'] > 1}"

    def encode(self, pipe: Any, ask: Ask) -> Any:
        guided = ask["painter"]["identity"]["guidance"] > 1
        drawn, blank = pipe.encode_prompt(ask["prompt"], do_classifier_free_guidance=guided)
        return {"prompt_embeds": drawn, "negative_prompt_embeds": blank}

    def draw(self, pipe: Any, ask: Ask, seen: Sequence[Any], **more: Any) -> Any:
        guidance = ask["painter"]["identity"]["guidance"]
        return pipe(**self.words(pipe, ask), guidance_scale=guidance, **more)

    def plain(self, pipe: Any, latents: Any, width: int, height: int) -> Any:
        return latents / pipe.vae.config.scaling_factor + pipe.vae.config.shift_factor


_FAMILY = ZImage()
OPTIONS, room = _FAMILY.options, _FAMILY.room
MODELS, NEGATIVE = _FAMILY.MODELS, _FAMILY.NEGATIVE
identity, how, resident, lacks = _FAMILY.identity, _FAMILY.how, _FAMILY.resident, _FAMILY.lacks
wrongs, canvas, means, refused = _FAMILY.wrongs, _FAMILY.canvas, _FAMILY.means, _FAMILY.refused
rests_on, paint, portrait = _FAMILY.rests_on, _FAMILY.paint, _FAMILY.portrait
