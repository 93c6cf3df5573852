"""LoRA adapters: which family one was made for, told by its header, and how a pipeline wears some of them."""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mvr.errors import StageError

MOST_HEADER = 100 << 20
"""Bytes; the format's own bound on a header."""

NAMES = {
    "flux": "FLUX.1",
    "flux2": "FLUX.2",
    "sdxl": "SDXL",
    "sd1": "Stable Diffusion 1.5",
    "sd2": "Stable Diffusion 2",
    "z-image": "Z-Image",
    "qwen-image": "Qwen-Image",
    "wan": "Wan",
    "ltx": "LTX-Video",
    "hunyuan-video": "HunyuanVideo",
    "cogvideox": "CogVideoX",
}
"""Families by what their adapters are called in a sentence."""

SIGNS = (
    ("flux2", r"to_qkv_mlp_proj|(double|single)_stream_modulation"),
    ("hunyuan-video", r"double_blocks[._]\d+[._](img|txt)_attn_qkv"),
    ("flux", r"single_transformer_blocks|(double|single)_blocks[._]\d"),
    ("sdxl", r"^unet\.|lora_unet_(input|output|down|up|mid)|^(down|up|mid)_blocks?\."),
    ("z-image", r"(noise|context)_refiner|layers[._]\d+[._](attention|feed_forward)"),
    ("qwen-image", r"transformer_blocks[._]\d+[._](img|txt)_(mlp|mod)|transformer_blocks[._]\d+[._]attn[._]add_q"),
    ("wan", r"blocks[._]\d+[._]((self|cross)_attn|ffn|attn2[._]add_k)|condition_embedder"),
    ("cogvideox", r"transformer_blocks[._]\d+[._](norm1[._]linear|attn1[._]to_out).*cog"),
    ("ltx", r"transformer_blocks[._]\d+[._]attn[12]"),
)
"""Families by the names of their layers, the first that is met; as diffusers, kohya and the models' authors write."""


def header(path: Path) -> Mapping[str, Any]:
    """The names, types and shapes in a safetensors file, none of its weights. Raises StageError where it is none."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            found = json.loads(file.read(length)) if 0 < length <= MOST_HEADER else None
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise StageError(
            f"{path.name} is no safetensors file", "an adapter that is a pickle (.pt, .bin, .ckpt) is not loaded"
        )
    return {name: entry for name, entry in found.items() if name != "__metadata__"}


def family(names: Mapping[str, Any]) -> str:
    """The family that an adapter with such a header is for, a key of NAMES; empty where none is known by it."""
    found = next((one for one, sign in SIGNS if any(re.search(sign, name) for name in names)), "")
    if found == "sdxl":
        wide = [
            entry["shape"][-1]
            for name, entry in names.items()
            if re.search(r"attn2[._]to_k.*(lora_A|lora[._]down)", name)
        ]
        found = {768: "sd1", 1024: "sd2"}.get(wide[0], "sdxl") if wide else "sdxl"
    return found


def refused(path: Path, wanted: str) -> str | None:
    """Why a file is no adapter for a family, both named; None where it may be one. Raises StageError: see header."""
    names = header(path)
    found = family(names)
    if not any("lora" in name.lower() or "lokr" in name or "loha" in name for name in names):
        return f"{path.name} holds no LoRA, but {len(names)} tensors of something else"
    if found and found != wanted:
        return f"{path.name} is a LoRA for {NAMES[found]}, and this is {NAMES[wanted]}"
    return None


def wear(pipe: Any, wanted: Sequence[tuple[Path, float]], worn: list[str], kind: str) -> list[tuple[str, float]]:
    """Puts adapters on a pipeline, each with its weight, in their order; takes off what is not wanted now. Gives what
    they are called, by content, and their weights.

    worn: what is on it, by content; changed with it. kind: the family, a key of NAMES. Raises StageError where one
    does not fit.
    """
    from safetensors.torch import load_file

    names = [f"a{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}" for path, _ in wanted]
    if not set(worn) <= set(names):
        pipe.unload_lora_weights()
        worn.clear()
    for name, (path, _) in zip(names, wanted, strict=True):
        if name in worn:
            continue
        wrong = refused(path, kind)
        if wrong:
            raise StageError(wrong, "choose an adapter for this family, or the family it was made for")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # peft wonders at a second adapter, which is meant
                pipe.load_lora_weights(load_file(path), adapter_name=name)
        except (ValueError, RuntimeError, KeyError, TypeError, AttributeError) as error:
            said = " ".join(str(error).split())[:200]
            raise StageError(f"{path.name} does not fit this model: {said}", "choose another adapter") from None
        if name not in {one for listed in pipe.get_list_adapters().values() for one in listed}:
            raise StageError(f"{path.name} has no layer that this model has", "choose another adapter")
        worn.append(name)
    if names:
        weights: dict[str, float] = {}
        for name, (_, weight) in zip(names, wanted, strict=True):
            weights[name] = weights.get(name, 0.0) + weight
        pipe.set_adapters(list(weights), list(weights.values()))
    return [(name, weight) for name, (_, weight) in zip(names, wanted, strict=True)]
