"""What models weigh and calculate, for estimates before their weights are here.

Counted on models of full size built from their configurations on torch's meta device: the numbers of the part that
denoises and of the VAE, and the floating-point operations of one step and of the last decode, as torch's
FlopCounterMode adds them up. The rest of a model's weights is its text encoders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mvr.backends._diffusion import rungs


@dataclass(frozen=True)
class Counted:
    """denoiser, vae: numbers, in billions; blocks: of the denoiser.

    step, decode: operations (1e12) of one step and of the decode, at a size in pixels and, of a clip, so many frames; 0
    where they were not counted. A step is one pass: words that are avoided cost a second one.
    """

    denoiser: float
    blocks: int
    vae: float
    step: float = 0.0
    decode: float = 0.0
    size: tuple[int, int] = (1, 1)
    frames: int = 1


_FLUX = Counted(11.901, 57, 0.084, 74.4, 10.5, (1024, 1024))
_WAN_5B = Counted(5.000, 30, 0.705, 517.0, 2011.1, (1280, 704), 121)
_WAN_14B = Counted(14.288, 40, 0.127, 1678.4, 275.4, (832, 480), 81)
_QWEN = Counted(20.430, 60, 0.127, 114.6, 17.5, (1664, 928))
_COG = Counted(5.570, 42, 0.216)

COUNTED: Mapping[str, Counted] = {
    "black-forest-labs/FLUX.1-schnell": _FLUX,
    "black-forest-labs/FLUX.1-dev": _FLUX,
    "black-forest-labs/FLUX.1-Krea-dev": _FLUX,
    "black-forest-labs/FLUX.1-Kontext-dev": _FLUX,
    "black-forest-labs/FLUX.2-klein-4B": Counted(3.876, 25, 0.084, 34.8, 10.5, (1024, 1024)),
    "stabilityai/stable-diffusion-xl-base-1.0": Counted(2.567, 3, 0.084, 6.8, 10.5, (1024, 1024)),
    "Tongyi-MAI/Z-Image-Turbo": Counted(6.155, 30, 0.084, 58.5, 10.5, (1024, 1024)),
    "Qwen/Qwen-Image-Edit-2511": _QWEN,
    "Qwen/Qwen-Image-Edit-2509": _QWEN,
    "Qwen/Qwen-Image": _QWEN,
    "Lightricks/LTX-Video": Counted(1.923, 28, 0.419, 85.5, 90.4, (1216, 704), 121),
    "Wan-AI/Wan2.2-TI2V-5B-Diffusers": _WAN_5B,
    "FastVideo/FastWan2.2-TI2V-5B-Diffusers": _WAN_5B,
    "Wan-AI/Wan2.1-T2V-1.3B-Diffusers": Counted(1.419, 30, 0.127, 283.0, 275.4, (832, 480), 81),
    "Wan-AI/Wan2.1-T2V-14B-Diffusers": _WAN_14B,
    "genmo/mochi-1-preview": Counted(10.028, 48, 0.460),
    "zai-org/CogVideoX1.5-5B-I2V": _COG,
    "zai-org/CogVideoX-5b-I2V": _COG,
    "zai-org/CogVideoX-5b": _COG,
}
"""By hub id. A painter's step is of a still without pictures to look at: each of them costs about as much again."""


def weights(model: str, gib: float, each: int) -> tuple[dict[str, int], int]:
    """The weights of a model that is not here by the part of its pipeline, in bytes, and how many blocks its denoiser
    has; where nothing was counted all are taken to be in one. gib: of all, at two bytes a number; each: bytes a number.
    """
    whole, known = int(gib * (1 << 30)) * each // 2, COUNTED.get(model)
    if known is None:
        return {"transformer": whole}, rungs.GROUPS
    parts = {"transformer": int(known.denoiser * 1e9) * each, "vae": int(known.vae * 1e9) * each}
    return {**parts, "text encoders": max(0, whole - sum(parts.values()))}, known.blocks


def tflop(model: str, passes: int, size: tuple[int, int], frames: int) -> float | None:
    """About what so many passes and a decode calculate, 1e12 operations: as counted, by pixels and frames; None where
    nothing was."""
    known = COUNTED.get(model)
    if known is None or not known.step:
        return None
    more = size[0] * size[1] * frames / (known.size[0] * known.size[1] * known.frames)
    return round((passes * known.step + known.decode) * more, 1)
