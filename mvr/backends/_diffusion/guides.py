"""A guide still: a picture whose outlines a shot's still follows, by a ControlNet of the family (Zhang et al. 2023)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mvr.backends import _weights
from mvr.backends._diffusion.options import Option, revision
from mvr.errors import StageError

LOW, HIGH = 100, 200
"""Canny's thresholds, as those ControlNets were taught with."""


def option() -> Option:
    return {
        "type": ["object", "null"],
        "title": "a ControlNet such as {model: ..., revision: ...}",
        "description": "The ControlNet by which stills follow a `guide`; left out, no shot can have one.",
        "required": ["model"],
        "additionalProperties": False,
        "properties": {
            "model": {"type": "string", "minLength": 1, "description": "Its name on the hub, or its folder."},
            "revision": {**revision()[0], "description": "Its commit on the hub."},
            "follows": {
                "enum": ["outlines", "picture"],
                "description": "What it was taught to follow: outlines, drawn from the guide, or the guide as it is.",
            },
            "weight": {"type": "number", "minimum": 0, "maximum": 2, "description": "How strongly it acts; 0.6."},
        },
    }, None


def identity(said: Mapping[str, Any]) -> Any:
    """What decides a guided picture beside the guide and the model."""
    return {
        "weights": _weights.identity(said["model"], said.get("revision", "")),
        "follows": said.get("follows", "outlines"),
        "weight": said.get("weight", 0.6),
    }


def load(kind: str, how: Mapping[str, Any], dtype: str) -> Any:
    """A ControlNet, in the processor's memory. kind: its class in diffusers. Raises StageError."""
    import diffusers
    import torch

    folder = _weights.here(how["model"], how.get("revision", ""))
    try:
        return getattr(diffusers, kind).from_pretrained(
            folder, dtype=getattr(torch, dtype), use_safetensors=True, local_files_only=True
        )
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        said = " ".join(str(error).split())[:300]
        raise StageError(f"{how['model']} cannot be loaded: {said}", "choose a ControlNet of this family") from None


def drawn(picture: Any, width: int, height: int, follows: str) -> Any:
    """A guide as the ControlNet reads it: filling width x height pixels, its outlines alone where it follows those."""
    import cv2
    import numpy as np
    from PIL import Image, ImageOps

    fitted = ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)
    if follows == "picture":
        return fitted
    edges = cv2.Canny(cv2.cvtColor(np.asarray(fitted), cv2.COLOR_RGB2GRAY), LOW, HIGH)
    return Image.fromarray(cv2.cvtColor(edges, cv2.COLOR_GRAY2RGB))
