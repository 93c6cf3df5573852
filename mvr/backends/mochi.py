"""The `mochi` animator: Mochi 1 (Genmo), from words alone: `painter: none`. A longer shot is cut on a beat."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from mvr.backends._diffusion.animator import Animator, Mover, Shot
from mvr.backends._lattice import Timing

NAME = "mochi"
VERSION = 1
SUMMARY = "Mochi 1 makes shots from words, without a still; a model on this machine"
ANIMATOR_LANE = "gpu"
READS = ()


class Mochi(Animator):
    NAME = NAME
    VERSION = VERSION
    MODELS: Mapping[str, Mover] = {
        "genmo/mochi-1-preview": Mover(
            64, 4.5, "Apache-2.0", 29.0, words="MochiPipeline", natives=((848, 480),),
            timing=Timing(6, 1, 163, (Fraction(30),), chains=False),
        ),
    }  # fmt: skip
    TOKEN = (6, 16)
    WIDTH = 3072
    DECODED = 1600

    def encode(self, pipe: Any, prompt: str, avoid: str, guided: bool) -> Any:
        drawn, mask, avoided, avoided_mask = pipe.encode_prompt(
            prompt, avoid or None, do_classifier_free_guidance=guided
        )
        told = {"prompt_embeds": drawn, "prompt_attention_mask": mask}
        if guided:
            told |= {"negative_prompt_embeds": avoided, "negative_prompt_attention_mask": avoided_mask}
        return told

    def move(self, pipe: Any, shot: Shot, **more: Any) -> Any:
        return pipe(
            **shot.prompt,
            **more,
            width=shot.size[0],
            height=shot.size[1],
            num_frames=shot.frames,
            guidance_scale=shot.said["guidance"],
        ).frames

    def plain(self, pipe: Any, latents: Any, frames: int, size: tuple[int, int]) -> Any:
        import torch

        config, middle = pipe.vae.config, latents.shape[2] // 2
        one = latents[:, :, middle : middle + 1]
        if not (config.latents_mean and config.latents_std):
            return one / config.scaling_factor
        mean, spread = (
            torch.tensor(numbers, device=one.device, dtype=one.dtype).view(1, -1, 1, 1, 1)
            for numbers in (config.latents_mean, config.latents_std)
        )
        return one * spread / config.scaling_factor + mean


_FAMILY = Mochi()
OPTIONS, room = _FAMILY.options, _FAMILY.room
MODELS, NEGATIVE, wordless = _FAMILY.MODELS, _FAMILY.NEGATIVE, _FAMILY.wordless
identity, how, resident, rests_on, lacks = (
    _FAMILY.identity, _FAMILY.how, _FAMILY.resident, _FAMILY.rests_on, _FAMILY.lacks,
)  # fmt: skip
wrongs, canvas, timing, animate = _FAMILY.wrongs, _FAMILY.canvas, _FAMILY.timing, _FAMILY.animate
