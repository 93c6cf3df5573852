"""The `klein` painter: FLUX.2 [klein] (Black Forest Labs), words and several pictures to a still in four steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mvr.backends._diffusion.painter import Ask, Known, Painter, numbered

NAME = "klein"
VERSION = 1
SUMMARY = "FLUX.2 klein paints stills in 4 steps from words and the characters' pictures; a model on this machine"
PAINTER_LANE = "gpu"
PAINTER_READS = ("portraits", "references", "lora")


class Klein(Painter):
    NAME = NAME
    VERSION = VERSION
    PIPELINE = "Flux2KleinPipeline"
    LOADS = ("Flux2KleinPipeline",)
    MODELS: Mapping[str, Known] = {
        "black-forest-labs/FLUX.2-klein-4B": Known(4, 1.0, "Apache-2.0", 15.0),
        "black-forest-labs/FLUX.2-klein-9B": Known(4, 1.0, "FLUX non-commercial", 32.3, free=False),
    }
    MEANS, MOST = "references", 4
    LORA = "flux2"

    def said(self, ask: Ask) -> tuple[str, ...]:
        return numbered(ask, "image") + ask["prompt"], f"{ask['painter']['identity']['guidance'] > 1}"

    def encode(self, pipe: Any, ask: Ask) -> Any:
        found = {"prompt_embeds": pipe.encode_prompt(self.said(ask)[0])[0]}
        if ask["painter"]["identity"]["guidance"] > 1 and not pipe.config.is_distilled:
            found["negative_prompt_embeds"] = pipe.encode_prompt("")[0]
        return found

    def draw(self, pipe: Any, ask: Ask, seen: Sequence[Any], **more: Any) -> Any:
        guidance = ask["painter"]["identity"]["guidance"]
        return pipe(**self.words(pipe, ask), image=list(seen) or None, guidance_scale=guidance, **more)

    def plain(self, pipe: Any, latents: Any, width: int, height: int) -> Any:
        side = pipe.vae_scale_factor * 2
        whole = latents.transpose(1, 2).reshape(1, -1, height // side, width // side)
        norm, small = pipe.vae.bn, pipe.vae.config.batch_norm_eps
        spread = (norm.running_var.view(1, -1, 1, 1).to(whole) + small).sqrt()
        return pipe._unpatchify_latents(whole * spread + norm.running_mean.view(1, -1, 1, 1).to(whole))


_FAMILY = Klein()
OPTIONS, room = _FAMILY.options, _FAMILY.room
MODELS, NEGATIVE = _FAMILY.MODELS, _FAMILY.NEGATIVE
identity, how, resident, lacks = _FAMILY.identity, _FAMILY.how, _FAMILY.resident, _FAMILY.lacks
wrongs, canvas, means, refused = _FAMILY.wrongs, _FAMILY.canvas, _FAMILY.means, _FAMILY.refused
rests_on, paint, portrait = _FAMILY.rests_on, _FAMILY.paint, _FAMILY.portrait
