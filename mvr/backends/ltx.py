"""The `ltx` animator: LTX-Video (Lightricks), from a still, or from words alone.

Its frames come at the film's own rate where that is near 24, 25 or 30: it is told the rate. Sizes are multiples of 32.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from mvr.backends._diffusion.animator import Animator, Mover, Shot
from mvr.backends._lattice import Timing

NAME = "ltx"
VERSION = 1
SUMMARY = "LTX-Video moves stills, or makes shots from words; a model on this machine"
ANIMATOR_LANE = "gpu"
READS = ("still",)

_TIMING = Timing(8, 1, 257, (Fraction(24), Fraction(25), Fraction(30)))
_NATIVES = ((1216, 704), (704, 1216), (960, 960), (768, 512), (512, 768))
_LICENCE = "LTX-Video, see its page"
_STILL, _WORDS = "LTXImageToVideoPipeline", "LTXPipeline"


class Ltx(Animator):
    NAME = NAME
    VERSION = VERSION
    MODELS: Mapping[str, Mover] = {
        "Lightricks/LTX-Video": Mover(
            40,
            3.0,
            "LTX-Video, see its page",
            13.4,
            False,
            still=_STILL,
            words=_WORDS,
            timing=_TIMING,
            natives=_NATIVES,
        ),
        "Lightricks/LTX-Video-0.9.7-distilled": Mover(
            8, 1.0, _LICENCE, 34.8, False, still=_STILL, words=_WORDS, timing=_TIMING, natives=_NATIVES
        ),
    }
    ALSO = ("LTXConditionPipeline",)  # 0.9.7 and later
    MULTIPLE = 32
    TOKEN = (8, 32)
    WIDTH = 2048
    DECODED = 260

    def encode(self, pipe: Any, prompt: str, avoid: str, guided: bool) -> Any:
        drawn, mask, avoided, avoided_mask = pipe.encode_prompt(
            prompt, avoid or None, do_classifier_free_guidance=guided
        )
        told = {"prompt_embeds": drawn, "prompt_attention_mask": mask}
        if guided:
            told |= {"negative_prompt_embeds": avoided, "negative_prompt_attention_mask": avoided_mask}
        return told

    def move(self, pipe: Any, shot: Shot, **more: Any) -> Any:
        given = {"image": shot.still} if shot.still is not None else {}
        noisy = {"decode_timestep": 0.05, "decode_noise_scale": 0.025} if pipe.vae.config.timestep_conditioning else {}
        return pipe(
            **given,
            **shot.prompt,
            **noisy,
            **more,
            width=shot.size[0],
            height=shot.size[1],
            num_frames=shot.frames,
            frame_rate=float(shot.fps),
            guidance_scale=shot.said["guidance"],
        ).frames

    def plain(self, pipe: Any, latents: Any, frames: int, size: tuple[int, int]) -> Any:
        if pipe.vae.config.timestep_conditioning:
            return None  # it decodes from noise
        count = (frames - 1) // pipe.vae_temporal_compression_ratio + 1
        scale = pipe.vae_spatial_compression_ratio
        whole = pipe._unpack_latents(
            latents, count, size[1] // scale, size[0] // scale,
            pipe.transformer_spatial_patch_size, pipe.transformer_temporal_patch_size,
        )  # fmt: skip
        whole = pipe._denormalize_latents(
            whole, pipe.vae.latents_mean, pipe.vae.latents_std, pipe.vae.config.scaling_factor
        )
        return whole[:, :, count // 2 : count // 2 + 1]


_FAMILY = Ltx()
OPTIONS, room = _FAMILY.options, _FAMILY.room
MODELS, NEGATIVE, wordless = _FAMILY.MODELS, _FAMILY.NEGATIVE, _FAMILY.wordless
identity, how, resident, rests_on, lacks = (
    _FAMILY.identity, _FAMILY.how, _FAMILY.resident, _FAMILY.rests_on, _FAMILY.lacks,
)  # fmt: skip
wrongs, canvas, timing, animate = _FAMILY.wrongs, _FAMILY.canvas, _FAMILY.timing, _FAMILY.animate
