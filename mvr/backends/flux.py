"""The `flux` painter: FLUX.1 (Black Forest Labs), text to still.

Adapters and a guide still are taken; a character is held by words and adapters. What is to be avoided it does not read:
it is distilled to draw without a second, negative prompt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mvr.backends._diffusion.painter import Ask, Known, Painter

NAME = "flux"
VERSION = 1
SUMMARY = "FLUX.1 paints stills from words: schnell in 4 steps, dev in 28; a model on this machine"
PAINTER_LANE = "gpu"
PAINTER_READS = ("lora", "guide")


class Flux(Painter):
    NAME = NAME
    VERSION = VERSION
    PIPELINE = "FluxPipeline"
    LOADS = ("FluxPipeline",)
    MODELS: Mapping[str, Known] = {
        "black-forest-labs/FLUX.1-schnell": Known(4, 0.0, "Apache-2.0", 31.4),
        "black-forest-labs/FLUX.1-dev": Known(28, 3.5, "FLUX.1-dev non-commercial", 31.4, free=False),
        "black-forest-labs/FLUX.1-Krea-dev": Known(28, 4.5, "FLUX.1-dev non-commercial", 31.4, free=False),
    }
    GUIDED = ("FluxControlNetPipeline", "FluxControlNetModel")
    LORA = "flux"

    def encode(self, pipe: Any, ask: Ask) -> Any:
        longest = 512 if pipe.transformer.config.guidance_embeds else 256  # schnell was taught 256 tokens
        drawn, pooled, _ = pipe.encode_prompt(ask["prompt"], None, max_sequence_length=longest)
        return {"prompt_embeds": drawn, "pooled_prompt_embeds": pooled}

    def draw(self, pipe: Any, ask: Ask, seen: Sequence[Any], **more: Any) -> Any:
        return pipe(**self.words(pipe, ask), guidance_scale=ask["painter"]["identity"]["guidance"], **more)

    def plain(self, pipe: Any, latents: Any, width: int, height: int) -> Any:
        whole = pipe._unpack_latents(latents, height, width, pipe.vae_scale_factor)
        return whole / pipe.vae.config.scaling_factor + pipe.vae.config.shift_factor


_FAMILY = Flux()
OPTIONS, room = _FAMILY.options, _FAMILY.room
MODELS, NEGATIVE = _FAMILY.MODELS, _FAMILY.NEGATIVE
identity, how, resident, lacks = _FAMILY.identity, _FAMILY.how, _FAMILY.resident, _FAMILY.lacks
wrongs, canvas, means, refused = _FAMILY.wrongs, _FAMILY.canvas, _FAMILY.means, _FAMILY.refused
rests_on, paint, portrait = _FAMILY.rests_on, _FAMILY.paint, _FAMILY.portrait
