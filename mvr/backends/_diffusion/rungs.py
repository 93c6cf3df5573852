"""Rungs: the ways to place a pipeline in less and less memory, from the fastest down, and which of them fits.

`resident`, `model offload` and `group offload` lose nothing, and are in no key: the numbers are the same, only where
weights wait differs. `vae-tiling` and `nf4` change the picture, and are used only where the project allows them.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOSSLESS = ("resident", "model offload", "group offload")
LOSSY = ("vae-tiling", "nf4")
"""In the order in which they are gone down to, each with all that was taken before it."""

ROOM = 1.08
"""What an estimate is multiplied by: the allocator rounds up, and libraries keep workspaces."""

TILED = 0.3  # of the memory of a whole decode that a tiled one takes
QUARTER = 0.3  # of the weights in bf16 that they take in nf4, with their scales
GROUPS = 2  # blocks of a model that are on the device at once in group offload: one at work, one on its way


@dataclass(frozen=True)
class Load:
    """What a clip or picture takes, in bytes. weights: by the part of the pipeline, as they are calculated with;
    blocks: how many blocks the part that denoises has; denoise, decode: what it takes beside the weights."""

    weights: Mapping[str, int]
    blocks: int
    denoise: int
    decode: int

    def peak(self, rung: str) -> int:
        """About the most memory of the device that is taken at once on a rung."""
        main = max(self.weights, key=lambda name: (name.startswith(("transformer", "unet")), self.weights[name]))
        vae = self.weights.get("vae", 0)
        decode = self.decode if rung in LOSSLESS else int(self.decode * TILED)
        if rung == "resident":
            return sum(self.weights.values()) + max(self.denoise, decode)
        if rung == "model offload":
            return max(self.weights[main] + self.denoise, vae + decode, *self.weights.values())
        shrunk = self.weights[main] // max(1, self.blocks) * GROUPS
        if rung == "nf4":
            shrunk = int(shrunk * QUARTER)
        return max(shrunk + self.denoise, vae + decode)


def ladder(allowed: Sequence[str]) -> tuple[str, ...]:
    """The rungs that may be used, from the fastest down."""
    return (*LOSSLESS, *(rung for rung in LOSSY if rung in allowed))


def first(load: Load, rungs: Sequence[str], free: int) -> int:
    """Where to start: the first rung that fits into so many free bytes, or the last, which is then tried."""
    return next((at for at, rung in enumerate(rungs) if load.peak(rung) * ROOM <= free), len(rungs) - 1)


def weights(folder: Path, bytes_each: int) -> dict[str, int]:
    """The weights of a model's folder by the part of its pipeline, in bytes, as they are when loaded: so many bytes a
    number, whatever the files hold. Read from the files' headers alone."""
    from mvr.backends._diffusion.adapters import header

    found: dict[str, int] = {}
    for path in sorted(folder.glob("*/*.safetensors")):
        if ".fp16." in path.name or not any(folder.glob("*/*.fp16.safetensors")):
            numbers = 0
            for entry in header(path).values():
                size = 1
                for side in entry["shape"]:
                    size *= side
                numbers += size
            found[path.parent.name] = found.get(path.parent.name, 0) + numbers * bytes_each
    return found


def free(device: str) -> int:
    """Bytes of the device that are free, those that torch keeps for later among them; endless on the processor."""
    if device == "cpu":
        return 1 << 62
    import torch

    unused = torch.cuda.memory_reserved() - torch.cuda.memory_allocated()
    return int(torch.cuda.mem_get_info()[0]) + int(unused)


def place(pipe: Any, rung: str, device: str) -> Any:
    """Places a pipeline that was just loaded, in the processor's memory, on its rung."""
    import torch

    vae: Any = getattr(pipe, "vae", None)
    if hasattr(vae, "use_slicing"):
        vae.enable_slicing()  # one clip after another: the same numbers
    if rung == "resident":
        pipe.to(device)
    elif rung == "model offload":
        pipe.enable_model_cpu_offload(device=device)
    else:
        pipe.enable_group_offload(
            onload_device=torch.device(device),
            offload_device=torch.device("cpu"),
            offload_type="leaf_level",
            use_stream=device != "cpu",
        )
    if rung in LOSSY and hasattr(vae, "use_tiling"):
        vae.enable_tiling()
    return pipe


def sweep() -> None:
    """Gives memory back that nothing holds any more."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def is_out_of_memory(error: BaseException) -> bool:
    """True for want of the device's memory, or of the processor's."""
    import torch

    return isinstance(error, torch.OutOfMemoryError | MemoryError) or "can't allocate memory" in str(error)
