"""The `cogvideox` animator: CogVideoX (Zhipu AI), from a still, or from words alone."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from mvr.backends._diffusion.animator import Animator, Mover, Shot
from mvr.backends._lattice import Timing

NAME = "cogvideox"
VERSION = 1
SUMMARY = "CogVideoX moves stills, or makes shots from words; a model on this machine"
ANIMATOR_LANE = "gpu"
READS = ("still",)

_SIX, _TEN = Timing(4, 1, 49, (Fraction(8),)), Timing(8, 1, 161, (Fraction(16),))
_SMALL, _LARGE = ((720, 480),), ((1360, 768), (768, 1360))
_STILL, _WORDS = "CogVideoXImageToVideoPipeline", "CogVideoXPipeline"


class CogVideoX(Animator):
    NAME = NAME
    VERSION = VERSION
    MODELS: Mapping[str, Mover] = {
        "zai-org/CogVideoX1.5-5B-I2V": Mover(
            50, 6.0, "CogVideoX", 20.2, False, still=_STILL, timing=_TEN, natives=_LARGE
        ),
        "zai-org/CogVideoX-5b-I2V": Mover(50, 6.0, "CogVideoX", 20.2, False, still=_STILL, timing=_SIX, natives=_SMALL),
        "zai-org/CogVideoX-5b": Mover(50, 6.0, "CogVideoX", 20.2, False, words=_WORDS, timing=_SIX, natives=_SMALL),
        "zai-org/CogVideoX-2b": Mover(50, 6.0, "Apache-2.0", 12.5, words=_WORDS, timing=_SIX, natives=_SMALL),
    }
    TOKEN = (4, 16)
    WIDTH = 3072
    DECODED = 700
    AT_ONCE = 8

    def known(self, given: Mapping[str, Any]) -> Mover:
        """A folder's CogVideoX1.5 is told from the first by its tokens, which are two frames deep."""
        form = {} if given["model"] in self.MODELS else self._said(given, "transformer")
        if form and not form.get("patch_size_t"):
            still = form.get("in_channels") != form.get("out_channels")
            return self.MODELS["zai-org/CogVideoX-5b-I2V" if still else "zai-org/CogVideoX-5b"]
        return super().known(given)

    def wrongs(self, given: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """The first model that moves stills learnt where each token of its one size stands, and draws no other."""
        known = self.known(given)
        native = "x".join(map(str, known.natives[0]))
        if known.still and known.timing is _SIX and given["size"] not in (None, native):
            return [("size", given["size"], f"this model can draw {native} alone: leave the size out")]
        return super().wrongs(given)

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
            use_dynamic_cfg=True,
        ).frames

    def plain(self, pipe: Any, latents: Any, frames: int, size: tuple[int, int]) -> Any:
        middle = latents.shape[1] // 2
        return latents[:, middle : middle + 1].permute(0, 2, 1, 3, 4) / pipe.vae_scaling_factor_image


_FAMILY = CogVideoX()
OPTIONS, room = _FAMILY.options, _FAMILY.room
MODELS, NEGATIVE, wordless = _FAMILY.MODELS, _FAMILY.NEGATIVE, _FAMILY.wordless
identity, how, resident, rests_on, lacks = (
    _FAMILY.identity, _FAMILY.how, _FAMILY.resident, _FAMILY.rests_on, _FAMILY.lacks,
)  # fmt: skip
wrongs, canvas, timing, animate = _FAMILY.wrongs, _FAMILY.canvas, _FAMILY.timing, _FAMILY.animate
