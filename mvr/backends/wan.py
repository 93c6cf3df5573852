"""The `wan` animator: Wan2.1 and Wan2.2 (Alibaba), from a still, or from words alone."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from mvr.backends._diffusion.animator import Animator, Mover, Shot
from mvr.backends._lattice import Timing

NAME = "wan"
VERSION = 1
SUMMARY = "Wan2.1 and Wan2.2 move stills, or make shots from words; a model on this machine"
ANIMATOR_LANE = "gpu"
READS = ("still",)

_SLOW, _FILM = Timing(4, 1, 81, (Fraction(16),)), Timing(4, 1, 121, (Fraction(24),))
_480P, _720P = ((832, 480), (480, 832)), ((1280, 704), (704, 1280))
_STILL, _WORDS = "WanImageToVideoPipeline", "WanPipeline"


class Wan(Animator):
    NAME = NAME
    VERSION = VERSION
    MODELS: Mapping[str, Mover] = {
        "Wan-AI/Wan2.2-TI2V-5B-Diffusers": Mover(
            50, 5.0, "Apache-2.0", 22.1, still=_STILL, words=_WORDS, timing=_FILM, natives=_720P
        ),
        "FastVideo/FastWan2.2-TI2V-5B-Diffusers": Mover(
            3, 1.0, "Apache-2.0", 22.1, still=_STILL, words=_WORDS, timing=_FILM, natives=_720P
        ),
        "Wan-AI/Wan2.2-I2V-A14B-Diffusers": Mover(
            40, 3.5, "Apache-2.0", 64.3, still=_STILL, timing=_SLOW, natives=_480P
        ),
        "Wan-AI/Wan2.1-I2V-14B-480P-Diffusers": Mover(
            50, 5.0, "Apache-2.0", 42.6, still=_STILL, timing=_SLOW, natives=_480P
        ),
        "Wan-AI/Wan2.1-T2V-1.3B-Diffusers": Mover(
            50, 5.0, "Apache-2.0", 13.5, words=_WORDS, timing=_SLOW, natives=_480P
        ),
        "Wan-AI/Wan2.1-T2V-14B-Diffusers": Mover(
            50, 5.0, "Apache-2.0", 37.6, words=_WORDS, timing=_SLOW, natives=_480P
        ),
    }
    ALSO = ("WanDMDPipeline",)  # FastVideo's
    TOKEN = (4, 16)
    WIDTH = 5120
    DECODED = 900
    AT_ONCE = 4  # its VAE decodes four frames at a time, and remembers what it needs of those before

    def like(self, index: Mapping[str, Any]) -> str:
        if index.get("expand_timesteps"):
            return "Wan-AI/Wan2.2-TI2V-5B-Diffusers"
        if index.get("_class_name") == _WORDS:
            return "Wan-AI/Wan2.1-T2V-1.3B-Diffusers"
        return "Wan-AI/Wan2.2-I2V-A14B-Diffusers" if index.get("_class_name") == _STILL else ""

    def move(self, pipe: Any, shot: Shot, **more: Any) -> Any:
        given = {"image": shot.still} if shot.still is not None else {}
        return pipe(
            **given,
            **shot.prompt,
            **more,
            width=shot.size[0],
            height=shot.size[1],
            num_frames=shot.frames,
            guidance_scale=shot.said["guidance"],
        ).frames

    def plain(self, pipe: Any, latents: Any, frames: int, size: tuple[int, int]) -> Any:
        import torch

        config = pipe.vae.config
        mean, spread = (
            torch.tensor(numbers, device=latents.device, dtype=latents.dtype).view(1, config.z_dim, 1, 1, 1)
            for numbers in (config.latents_mean, config.latents_std)
        )
        middle = latents.shape[2] // 2
        return latents[:, :, middle : middle + 1] * spread + mean


_FAMILY = Wan()
OPTIONS, room = _FAMILY.options, _FAMILY.room
MODELS, NEGATIVE, wordless = _FAMILY.MODELS, _FAMILY.NEGATIVE, _FAMILY.wordless
identity, how, resident, rests_on, lacks = (
    _FAMILY.identity, _FAMILY.how, _FAMILY.resident, _FAMILY.rests_on, _FAMILY.lacks,
)  # fmt: skip
wrongs, canvas, timing, animate = _FAMILY.wrongs, _FAMILY.canvas, _FAMILY.timing, _FAMILY.animate
