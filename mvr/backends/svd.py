"""The `svd` animator: Stable Video Diffusion (Stability AI), from a still alone: it reads no words.

Its clips have the number of frames that it was taught, 7 a second; a longer shot is chained.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from mvr.backends._diffusion import options
from mvr.backends._diffusion.animator import Animator, Mover, Shot
from mvr.backends._lattice import Timing

NAME = "svd"
VERSION = 1
SUMMARY = "Stable Video Diffusion moves stills, as it sees fit: it reads no words; a model on this machine"
ANIMATOR_LANE = "gpu"
READS = ("still",)
WORDS = False

_NATIVES = ((1024, 576), (576, 1024))
_PIPE = "StableVideoDiffusionPipeline"


class Svd(Animator):
    NAME = NAME
    VERSION = VERSION
    MODELS: Mapping[str, Mover] = {
        "stabilityai/stable-video-diffusion-img2vid-xt": Mover(
            25, 3.0, "Stability AI Community", 4.2, False, still=_PIPE, timing=Timing(25, 0, 25, (Fraction(7),)),
            natives=_NATIVES,
        ),
        "stabilityai/stable-video-diffusion-img2vid": Mover(
            25, 3.0, "Stability AI Community", 4.2, False, still=_PIPE, timing=Timing(14, 0, 14, (Fraction(7),)),
            natives=_NATIVES,
        ),
    }  # fmt: skip
    DTYPE = "float16"
    MULTIPLE = 64
    NEGATIVE = False
    TOKEN = (1, 8)
    WIDTH = 1280
    DECODED = 1200
    AT_ONCE = 8
    EXTRA: Mapping[str, options.Option] = {
        "motion_bucket": (
            {"type": "integer", "minimum": 1, "maximum": 255, "description": "How much moves, 1 to 255."}, 127,
        ),
        "noise": (
            {"type": "number", "minimum": 0, "maximum": 1, "description": "Noise on the still; more moves farther."},
            0.02,
        ),
    }  # fmt: skip

    def taught(self, given: Mapping[str, Any], known: Mover) -> Timing:
        count = self._said(given, "unet").get("num_frames")
        return Timing(count, 0, count, known.timing.rates) if count else known.timing

    def move(self, pipe: Any, shot: Shot, **more: Any) -> Any:
        return pipe(
            shot.still,
            **more,
            width=shot.size[0],
            height=shot.size[1],
            num_frames=shot.frames,
            fps=round(shot.fps),
            max_guidance_scale=shot.said["guidance"],
            motion_bucket_id=shot.said["motion_bucket"],
            noise_aug_strength=shot.said["noise"],
            decode_chunk_size=self.AT_ONCE,
        ).frames

    def plain(self, pipe: Any, latents: Any, frames: int, size: tuple[int, int]) -> Any:
        return latents[0, latents.shape[1] // 2][None] / pipe.vae.config.scaling_factor

    def decode_one(self, pipe: Any, plain: Any) -> Any:
        return pipe.vae.decode(plain, num_frames=1).sample[0]

    def denoiser(self, pipe: Any) -> Any:
        return pipe.unet


_FAMILY = Svd()
OPTIONS, room = _FAMILY.options, _FAMILY.room
MODELS, NEGATIVE, wordless = _FAMILY.MODELS, _FAMILY.NEGATIVE, _FAMILY.wordless
identity, how, resident, rests_on, lacks = (
    _FAMILY.identity, _FAMILY.how, _FAMILY.resident, _FAMILY.rests_on, _FAMILY.lacks,
)  # fmt: skip
wrongs, canvas, timing, animate = _FAMILY.wrongs, _FAMILY.canvas, _FAMILY.timing, _FAMILY.animate
