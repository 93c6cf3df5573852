"""Loads a pipeline of diffusers from a folder of weights: safetensors alone, no code of others, no network."""

from __future__ import annotations

import json
import os
import re
import warnings
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mvr.backends import _weights
from mvr.errors import MachineError, StageError

LIBRARIES = ("torch", "diffusers", "transformers", "accelerate", "safetensors", "peft", "PIL", "ftfy")
INDEX = "model_index.json"
DRIVER = Path("/proc/driver/nvidia/version")
"""Where Linux tells of an NVIDIA driver: a GPU that torch cannot use is an error, and no reason to draw for hours."""


def absent() -> str | None:
    """None where the libraries are here, else which are not and what to do, in one sentence."""
    names = [name for name in LIBRARIES if find_spec(name) is None]
    if not names:
        return None
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} not installed: pip install 'mvr[gpu]'"


def lacks(model: str, revision: str, pipelines: Sequence[str]) -> str | None:
    """None where one of some pipelines can be loaded, else what is missing and what to do, in one sentence."""
    missing = absent() or _weights.lacks(model, revision, index=INDEX)
    if missing:
        return missing
    try:
        found = json.loads((_weights.here(model, revision) / INDEX).read_text("utf-8")).get("_class_name")
    except (OSError, ValueError, AttributeError):
        return f"the {INDEX} of {model} cannot be read; fetch the model again"
    if found not in pipelines:
        return f"{model} is a {found}, and this needs a {' or a '.join(pipelines)}: choose another model"
    return None


def device() -> str:
    """Where models run here: `cuda` or `cpu`. Raises MachineError for a GPU that torch cannot use."""
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # torch's own word on a driver, which the error below has
        if torch.cuda.is_available():
            return "cuda"
    if torch.version.cuda and DRIVER.exists() and os.environ.get("CUDA_VISIBLE_DEVICES") != "":
        try:
            torch.cuda.init()
        except (RuntimeError, AssertionError) as error:
            raise MachineError(*_unusable(str(error), torch.__version__, torch.version.cuda)) from None
    return "cpu"


def _unusable(said: str, version: str, cuda: str) -> tuple[str, str]:
    """What torch says of a GPU that it cannot use, and what to do."""
    without = "with CUDA_VISIBLE_DEVICES= set to nothing, mvr draws without it, slowly"
    if old := re.search(r"driver on your system is too old \(found version (\d+)\)", said):
        known = f"CUDA {int(old[1]) // 1000}.{int(old[1]) % 1000 // 10}"  # 12040 is 12.4
        what = (
            f"this machine's NVIDIA driver is too old: it knows {known}, and torch {version} was built for CUDA {cuda}"
        )
        return what, f"update the driver, or install a torch that was built for {known}; {without}"
    brief = " ".join(said.split()).partition(". ")[0][:200]
    return f"torch {version} cannot use this machine's GPU: {brief}", f"does `nvidia-smi` work? {without}"


def generator(seed: int) -> Any:
    """A fresh source of random numbers for one picture or clip. On the processor: the same numbers on every device."""
    import torch

    return torch.Generator("cpu").manual_seed(seed)


def pipeline(name: str, model: str, revision: str, dtype: str, **parts: Any) -> Any:
    """The pipeline of diffusers with that name, in the processor's memory; parts stand in for those of the folder.

    Raises MachineError where weights are not here, StageError where they cannot be loaded.
    """
    import diffusers
    import torch
    import transformers

    missing = _weights.lacks(model, revision, index=INDEX)
    if missing:
        raise MachineError(f"{model} cannot be loaded", missing)
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
    folder = _weights.here(model, revision)
    try:
        loaded = getattr(diffusers, name).from_pretrained(
            folder,
            dtype=getattr(torch, dtype),
            use_safetensors=True,
            local_files_only=True,
            **({"variant": "fp16"} if halved(folder) else {}),
            **parts,
        )
    except torch.OutOfMemoryError:
        raise
    except (OSError, ValueError, ImportError, RuntimeError, KeyError, TypeError, AttributeError) as error:
        said = " ".join(str(error).split())[:300]
        raise StageError(f"{model} cannot be loaded: {said}", "choose another model, or fetch it again") from None
    for part in loaded.components.values():
        if isinstance(part, torch.nn.Module):
            part.eval()
    loaded.set_progress_bar_config(disable=True)
    return loaded


def made_of(name: str, parts: Mapping[str, Any]) -> Any:
    """The pipeline of diffusers with that name, of parts that are in memory already."""
    import diffusers

    made = getattr(diffusers, name)(**parts)
    made.set_progress_bar_config(disable=True)
    return made


def blocks(folder: Path) -> int:
    """How many blocks the part of a model that denoises has, as far as its configuration tells; 1 where it does not."""
    for part in ("transformer", "unet"):
        try:
            form = json.loads((folder / part / "config.json").read_text("utf-8"))
        except (OSError, ValueError):
            continue
        return max(1, int(form.get("num_layers") or len(form.get("down_block_types") or ())))
    return 1


def nf4() -> Any:
    """Weights of 4 bits (NormalFloat) for the part that denoises. Raises MachineError without their library."""
    if find_spec("bitsandbytes") is None:
        raise MachineError(
            "weights of 4 bits need bitsandbytes", "pip install bitsandbytes, or take nf4 out of `allow`"
        )
    import torch
    from diffusers import PipelineQuantizationConfig

    return PipelineQuantizationConfig(
        quant_backend="bitsandbytes_4bit",
        quant_kwargs={"load_in_4bit": True, "bnb_4bit_quant_type": "nf4", "bnb_4bit_compute_dtype": torch.bfloat16},
        components_to_quantize=["transformer", "unet"],
    )


def halved(folder: Path) -> bool:
    """True where a model's folder holds its weights in half size under names of their own (`.fp16.safetensors`)."""
    return any(folder.glob("*/*.fp16.safetensors"))


def provenance(pipe: Any) -> dict[str, Any]:
    """What made a picture and is in no key: libraries, device, the most memory that was taken on it."""
    import diffusers
    import torch
    import transformers

    said = {"torch": torch.__version__, "diffusers": diffusers.__version__, "transformers": transformers.__version__}
    where = getattr(pipe, "_execution_device", torch.device("cpu"))
    if where.type == "cuda":
        said |= {
            "device": torch.cuda.get_device_name(where),
            "cuda": str(torch.version.cuda),
            "peak_bytes": torch.cuda.max_memory_allocated(where),
        }
    else:
        said["device"] = str(where.type)
    return said
