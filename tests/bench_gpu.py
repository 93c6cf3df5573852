"""Measures painters and animators with random weights of full size on a GPU, and writes docs/benchmarks-gpu.md.

Run by `make bench-gpu`. Every figure stands beside stock diffusers, eager, with the same weights in the same run, and
beside the product of two 8192 x 8192 matrices in bf16. Weights are drawn from the configurations' own initialisation;
what they draw is noise, is looked at by nobody, and is dropped. Where there is no GPU, tiny models run on the processor
through the same code, which proves that it runs, and no bar is measured.
"""

from __future__ import annotations

import inspect
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from mvr.backends._diffusion import clips, loading

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-gpu.md"
SIDE = 8192
HEAD = """\
# Benchmarks on a GPU

`make bench-gpu` measures the rows below again and writes this page: models of full size with random weights, the VAE
and the encoder counted in. "stock" is diffusers as it comes, eager, on the same weights in the same run; the share is
of the product of two {side} x {side} matrices in bf16, measured in that run too. Random weights prove nothing of looks.

"""


@dataclass(frozen=True)
class Case:
    """One geometry. parts: builds the pipeline's parts, full-size or tiny; call: the pipeline's arguments at that size;
    frames: of its clip, 0 for a still."""

    name: str
    bar: str
    pipeline: str
    parts: Callable[[bool], dict[str, Any]]
    call: Callable[[bool], dict[str, Any]]
    frames: int


def flux_parts(tiny: bool) -> dict[str, Any]:
    from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxTransformer2DModel

    if tiny:
        from tests.backends.tiny_painters import flux_parts as small

        return small(guided=True)
    vae = AutoencoderKL(
        block_out_channels=(128, 256, 512, 512),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        latent_channels=16,
        use_quant_conv=False,
        use_post_quant_conv=False,
        scaling_factor=0.3611,
        shift_factor=0.1159,
    )
    return {
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        "transformer": FluxTransformer2DModel(guidance_embeds=True),
        "vae": vae,
    }


def ltx_parts(tiny: bool) -> dict[str, Any]:
    from diffusers import AutoencoderKLLTXVideo, FlowMatchEulerDiscreteScheduler, LTXVideoTransformer3DModel

    if tiny:
        return _tiny("ltx", "LTXPipeline")
    return {
        "scheduler": FlowMatchEulerDiscreteScheduler(),
        "transformer": LTXVideoTransformer3DModel(),
        "vae": AutoencoderKLLTXVideo(),
    }


def wan_parts(tiny: bool) -> dict[str, Any]:
    from diffusers import AutoencoderKLWan, UniPCMultistepScheduler, WanTransformer3DModel

    if tiny:
        return _tiny("wan_words", "WanPipeline")
    vae = AutoencoderKLWan(
        base_dim=160,
        decoder_base_dim=256,
        z_dim=48,
        in_channels=12,
        out_channels=12,
        is_residual=True,
        patch_size=2,
        scale_factor_spatial=16,
        temperal_downsample=[False, True, True],
        latents_mean=[0.0] * 48,
        latents_std=[1.0] * 48,
    )
    transformer = WanTransformer3DModel(
        num_attention_heads=24, ffn_dim=14336, num_layers=30, in_channels=48, out_channels=48
    )
    scheduler = UniPCMultistepScheduler(use_flow_sigmas=True, prediction_type="flow_prediction", flow_shift=5.0)
    return {"scheduler": scheduler, "transformer": transformer, "vae": vae}


def _tiny(name: str, pipeline: str) -> dict[str, Any]:
    from tests.backends import tiny_animators

    with tempfile.TemporaryDirectory() as folder:
        model = getattr(tiny_animators, name)(Path(folder) / "model")
        return dict(loading.pipeline(pipeline, str(model), "", "float32").components)


WORDS = ("text_encoder", "tokenizer", "text_encoder_2", "tokenizer_2", "image_encoder", "feature_extractor")


def made(pipeline: str, parts: dict[str, Any]) -> Any:
    """A pipeline without text encoders: embeddings are given, as after every prompt of a run was encoded."""
    import diffusers

    taken = inspect.signature(getattr(diffusers, pipeline).__init__).parameters
    whole = dict.fromkeys(WORDS) | {name: part for name, part in parts.items() if name not in WORDS}
    return loading.made_of(pipeline, {name: part for name, part in whole.items() if name in taken})


def _embeds(tokens: int, width: int) -> Any:
    import torch

    return torch.randn(1, tokens, width)


CASES = (
    Case(
        "FLUX.1-dev geometry, 1024x1024, 28 steps", ">= 1.5x stock", "FluxPipeline", flux_parts,
        lambda tiny: {"width": 64, "height": 64, "num_inference_steps": 2, "prompt_embeds": _embeds(8, 32),
                      "pooled_prompt_embeds": _embeds(1, 32)[0]}
        if tiny else {"width": 1024, "height": 1024, "num_inference_steps": 28, "prompt_embeds": _embeds(512, 4096),
                      "pooled_prompt_embeds": _embeds(1, 768)[0]},
        0,
    ),
    Case(
        "LTX-Video-2B geometry, 1216x704, 121 frames, 8 steps", "<= 2 s", "LTXPipeline", ltx_parts,
        lambda tiny: {"width": 64, "height": 64, "num_frames": 9, "num_inference_steps": 2, "guidance_scale": 1.0,
                      "prompt_embeds": _embeds(8, 32), "prompt_attention_mask": _embeds(8, 32)[0, :, 0][None] > -9}
        if tiny else {"width": 1216, "height": 704, "num_frames": 121, "num_inference_steps": 8, "guidance_scale": 1.0,
                      "prompt_embeds": _embeds(128, 4096),
                      "prompt_attention_mask": _embeds(128, 2)[0, :, 0][None] > -9},
        121,
    ),
    Case(
        "Wan2.2-TI2V-5B geometry, 1280x704, 121 frames, 3 steps", "<= 9 s", "WanPipeline", wan_parts,
        lambda tiny: {"width": 64, "height": 64, "num_frames": 5, "num_inference_steps": 2, "guidance_scale": 1.0,
                      "prompt_embeds": _embeds(8, 32)}
        if tiny else {"width": 1280, "height": 704, "num_frames": 121, "num_inference_steps": 3, "guidance_scale": 1.0,
                      "prompt_embeds": _embeds(512, 4096)},
        121,
    ),
)  # fmt: skip


def product(device: str, side: int = SIDE) -> float:
    """TFLOP/s of the product of two square matrices in bf16, the best of five."""
    import torch

    side = side if device != "cpu" else 1024
    one, other = (torch.randn(side, side, dtype=torch.bfloat16, device=device) for _ in range(2))
    best = min(_seconds(lambda: one @ other, device) for _ in range(5))
    return 2 * side**3 / best / 1e12


def _seconds(work: Callable[[], Any], device: str) -> float:
    import torch

    if device != "cpu":
        torch.cuda.synchronize()
    start = time.perf_counter()
    work()
    if device != "cpu":
        torch.cuda.synchronize()
    return time.perf_counter() - start


def measure(case: Case, device: str, peak: float) -> list[str]:
    """A row of the table; on the processor the tiny model runs, and the row says that nothing was measured."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    tiny = device == "cpu"
    dtype = torch.float32 if tiny else torch.bfloat16
    with torch.device(device):
        parts = case.parts(tiny)
        pipe = made(case.pipeline, parts).to(device, dtype)
        given = {name: value.to(device, dtype) if hasattr(value, "is_floating_point") and value.is_floating_point()
                 else value for name, value in case.call(tiny).items()}  # fmt: skip

    def drawn() -> Any:
        return pipe(**given, output_type="np", generator=loading.generator(1))

    def ours() -> None:
        seen = drawn()
        if case.frames:
            with tempfile.TemporaryDirectory() as folder:
                clips.write(Path(folder) / "clip.mp4", np.nan_to_num(seen.frames[0]), Fraction(24))

    with FlopCounterMode(display=False) as counter:
        drawn()
    if tiny:
        ours()
        return [case.name, "not measured", "not measured", "not measured", "not measured", case.bar]
    stock = min(_seconds(drawn, device) for _ in range(2))
    pipe.transformer.compile_repeated_blocks(fullgraph=True, dynamic=True)
    ours()  # compiles
    torch.cuda.reset_peak_memory_stats()
    best = min(_seconds(ours, device) for _ in range(3))
    share = counter.get_total_flops() / 1e12 / best / peak
    gib = torch.cuda.max_memory_allocated() / (1 << 30)
    return [case.name, f"{best:.2f} s", f"{stock:.2f} s", f"{share:.0%}", f"{gib:.1f} GiB", case.bar]


def page(device: str, rows: list[list[str]], peak: float, name: str) -> str:
    """The whole page."""
    table = [["what", "measured", "stock", "share", "peak", "bar"], ["---"] * 6, *rows]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in table)
    if device == "cpu":
        where = (
            "Not measured: no machine with a GPU was at hand. The rows ran tiny on the processor, to their end.\n\n"
            "Nor was measured how busy the GPU is over a run of 12 shots, how often 12 lengths are compiled anew, or\n"
            "what group offload of a 5B model costs. Tests on tiny models prove that weights are loaded once, and\n"
            "that the rungs of memory without loss make the same bytes.\n"
        )
    else:
        where = f"Measured on {name}; the product of matrices reached {peak:.0f} TFLOP/s.\n"
    return f"{HEAD.format(side=SIDE)}{lines}\n\n{where}"


def main() -> None:
    warnings.simplefilter("ignore")
    device = loading.device()
    name = ""
    if device != "cpu":
        import torch

        name = torch.cuda.get_device_name()
    peak = product(device)
    rows = []
    for case in CASES:
        rows.append(measure(case, device, peak))
        print(*rows[-1], sep="  ", flush=True)  # noqa: T201  a bench speaks on standard output
    PAGE.write_text(page(device, rows, peak, name))


if __name__ == "__main__":
    main()
