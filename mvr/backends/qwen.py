"""The `qwen` painter: Qwen-Image-Edit (arXiv 2508.02324), words and up to three pictures to a still.

A shot without pictures is drawn by the same weights through the pipeline that reads words alone; so is every shot of
Qwen-Image, which does not edit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mvr.backends import _weights
from mvr.backends._diffusion import loading
from mvr.backends._diffusion.painter import Ask, Known, Painter, numbered
from mvr.backends._diffusion.sizes import Size
from mvr.errors import StageError

NAME = "qwen"
VERSION = 1
SUMMARY = "Qwen-Image-Edit paints stills from words and the characters' pictures; a model on this machine"
PAINTER_LANE = "gpu"
PAINTER_READS = ("portraits", "references", "lora")

EDITS, DRAWS = "QwenImageEditPlusPipeline", "QwenImagePipeline"


class Qwen(Painter):
    NAME = NAME
    VERSION = VERSION
    PIPELINE = EDITS
    LOADS = (EDITS, DRAWS)
    MODELS: Mapping[str, Known] = {
        "Qwen/Qwen-Image-Edit-2511": Known(40, 4.0, "Apache-2.0", 53.7),
        "Qwen/Qwen-Image-Edit-2509": Known(40, 4.0, "Apache-2.0", 53.7),
        "Qwen/Qwen-Image": Known(50, 4.0, "Apache-2.0", 53.7),
    }
    NATIVES: Sequence[Size] = (
        (1328, 1328), (1664, 928), (928, 1664), (1472, 1104), (1104, 1472), (1584, 1056), (1056, 1584),
    )  # fmt: skip
    NEGATIVE = True
    LORA = "qwen-image"

    def means(self, given: Mapping[str, Any]) -> tuple[str, int]:
        """Three pictures where the model edits; none where it only draws."""
        if _weights.is_folder(given["model"]):
            return ("references", 3) if _class(given["model"]) == EDITS else ("", 0)
        return ("", 0) if given["model"] == "Qwen/Qwen-Image" else ("references", 3)

    def load(self, how: Mapping[str, Any], said: Mapping[str, Any]) -> Any:
        folder = _weights.here(how["model"], how["revision"])
        name = _class(str(folder))
        parts = {"processor": None} if name == EDITS else {}
        pipe = loading.pipeline(name, how["model"], how["revision"], said["dtype"], **parts)
        if name == EDITS:
            pipe.register_modules(processor=_reader(folder, pipe.tokenizer))
        return pipe

    def said(self, ask: Ask) -> tuple[str, ...]:
        if any(one["pictures"] for one in ask.get("cast", ())):
            return ()  # the encoder reads words and pictures together: nothing of it can be kept
        return ask["prompt"], f"{ask['painter']['identity']['guidance'] > 1}", _avoided(ask)

    def encode(self, pipe: Any, ask: Ask) -> Any:
        plain = _plain(pipe)
        drawn, mask = plain.encode_prompt(ask["prompt"])
        found = {"prompt_embeds": drawn, "prompt_embeds_mask": mask}
        if ask["painter"]["identity"]["guidance"] > 1:
            blank, hidden = plain.encode_prompt(_avoided(ask))
            found |= {"negative_prompt_embeds": blank, "negative_prompt_embeds_mask": hidden}
        return found

    def draw(self, pipe: Any, ask: Ask, seen: Sequence[Any], **more: Any) -> Any:
        guidance = ask["painter"]["identity"]["guidance"]
        if seen:
            prompt = numbered(ask, "Picture") + ask["prompt"]
            return pipe(image=list(seen), prompt=prompt, negative_prompt=_avoided(ask), true_cfg_scale=guidance, **more)
        return _plain(pipe)(**self.words(pipe, ask), true_cfg_scale=guidance, **more)

    def plain(self, pipe: Any, latents: Any, width: int, height: int) -> Any:
        import torch

        whole, config = pipe._unpack_latents(latents, height, width, pipe.vae_scale_factor), pipe.vae.config
        known = (torch.tensor(one).view(1, -1, 1, 1, 1).to(whole) for one in (config.latents_std, config.latents_mean))
        spread, mean = known
        return whole * spread + mean


def _reader(folder: Path, tokenizer: Any) -> Any:
    """What puts words and pictures into the form that the encoder reads, without the part for videos.

    That one needs torchvision, which nothing else here does; and pictures are scaled by Pillow, so that stills are the
    same where torchvision is installed. Raises StageError.
    """
    from transformers import AutoImageProcessor, ProcessorMixin, Qwen2VLProcessor

    class Reader(Qwen2VLProcessor):  # type: ignore[misc]
        def __init__(self, image_processor: Any, tokenizer: Any) -> None:
            self.image_token, self.video_token = "<|image_pad|>", "<|video_pad|>"
            self.image_token_id, self.video_token_id = (
                tokenizer.convert_tokens_to_ids(token) for token in (self.image_token, self.video_token)
            )
            ProcessorMixin.__init__(self, image_processor, tokenizer)

    try:
        looks = AutoImageProcessor.from_pretrained(folder / "processor", local_files_only=True, backend="pil")
        return Reader(looks, tokenizer)
    except (OSError, ValueError, TypeError) as error:
        said = " ".join(str(error).split())[:300]
        raise StageError(f"{folder.name}: its processor cannot be loaded: {said}", "fetch the model again") from None


def _plain(pipe: Any) -> Any:
    """The pipeline that reads words alone, of the same parts."""
    return loading.made_of(DRAWS, {name: part for name, part in pipe.components.items() if name != "processor"})


def _avoided(ask: Ask) -> str:
    return ", ".join(ask.get("avoid", ())) or " "


def _class(folder: str) -> str:
    """The pipeline that a model's folder names; the one that edits where it cannot be read."""
    try:
        return str(json.loads((Path(folder).expanduser() / loading.INDEX).read_text("utf-8"))["_class_name"])
    except (OSError, ValueError, KeyError, TypeError):
        return EDITS


_FAMILY = Qwen()
OPTIONS, room = _FAMILY.options, _FAMILY.room
MODELS, NEGATIVE = _FAMILY.MODELS, _FAMILY.NEGATIVE
identity, how, resident, lacks = _FAMILY.identity, _FAMILY.how, _FAMILY.resident, _FAMILY.lacks
wrongs, canvas, means, refused = _FAMILY.wrongs, _FAMILY.canvas, _FAMILY.means, _FAMILY.refused
rests_on, paint, portrait = _FAMILY.rests_on, _FAMILY.paint, _FAMILY.portrait
