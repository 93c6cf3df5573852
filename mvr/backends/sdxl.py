"""The `sdxl` painter: Stable Diffusion XL (Podell et al. 2023, arXiv 2307.01952), text to still; a character is held by
an IP-Adapter (Ye et al. 2023, arXiv 2308.06721), where one is named.

Its text encoders read 77 tokens: a longer prompt is encoded in pieces of whole words, which the model reads one after
another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mvr.backends import _weights
from mvr.backends._diffusion import options
from mvr.backends._diffusion.painter import Ask, Known, Painter
from mvr.backends._diffusion.sizes import Size
from mvr.errors import StageError

NAME = "sdxl"
VERSION = 1
SUMMARY = "Stable Diffusion XL paints stills from words, and from pictures by an IP-Adapter; a model on this machine"
PAINTER_LANE = "gpu"
PAINTER_READS = ("portraits", "references", "lora", "guide")

FILE = "sdxl_models/ip-adapter-plus_sdxl_vit-h.safetensors"
ENCODER = "models/image_encoder"


class Sdxl(Painter):
    NAME = NAME
    VERSION = VERSION
    PIPELINE = "StableDiffusionXLPipeline"
    LOADS = ("StableDiffusionXLPipeline",)
    MODELS: Mapping[str, Known] = {
        "stabilityai/stable-diffusion-xl-base-1.0": Known(30, 5.0, "CreativeML Open RAIL++-M", 6.5),
    }
    DTYPE = "float16"
    MULTIPLE = 8
    NATIVES: Sequence[Size] = (
        (1024, 1024), (1152, 896), (896, 1152), (1216, 832), (832, 1216), (1344, 768), (768, 1344), (1536, 640),
        (640, 1536),
    )  # fmt: skip
    NEGATIVE = True
    GUIDED = ("StableDiffusionXLControlNetPipeline", "ControlNetModel")
    LORA = "sdxl"

    @property
    def options(self) -> dict[str, options.Option]:
        adapter = {
            "type": ["object", "null"],
            "title": "an IP-Adapter such as {model: h94/IP-Adapter, revision: ...}",
            "description": "The IP-Adapter that holds characters to their pictures; left out, words alone do.",
            "required": ["model"],
            "additionalProperties": False,
            "properties": {
                "model": {"type": "string", "minLength": 1, "description": "Its name on the hub, or its folder."},
                "revision": {**options.revision()[0], "description": "Its commit on the hub."},
                "file": {"type": "string", "pattern": "\\.safetensors$", "description": f"The file in it; {FILE}."},
                "encoder": {"type": "string", "description": f"The folder of its image encoder; {ENCODER}."},
                "weight": {"type": "number", "minimum": 0, "maximum": 1, "description": "How strongly it acts; 0.6."},
            },
        }
        return {**super().options, "ip_adapter": (adapter, None)}

    def identity(self, given: Mapping[str, Any]) -> Any:
        said = super().identity(given)
        if (adapter := given["ip_adapter"]) is None:
            return said
        return {
            **said,
            "ip_adapter": {
                "weights": _weights.identity(adapter["model"], adapter.get("revision", "")),
                "file": adapter.get("file", FILE),
                "encoder": adapter.get("encoder", ENCODER),
                "weight": adapter.get("weight", 0.6),
            },
        }

    def extras(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return super().extras(given) | ({"ip_adapter": given["ip_adapter"]} if given.get("ip_adapter") else {})

    def means(self, given: Mapping[str, Any]) -> tuple[str, int]:
        """Four pictures by the IP-Adapter; none without one."""
        return ("an IP-Adapter", 4) if given["ip_adapter"] else ("", 0)

    def _called(self, said: Mapping[str, Any]) -> str:
        return f"{super()._called(said)} {said.get('ip_adapter', '')}"

    def load(self, how: Mapping[str, Any], said: Mapping[str, Any]) -> Any:
        pipe = super().load(how, said)
        if "ip_adapter" in said:
            _adapt(pipe, how["ip_adapter"], said["ip_adapter"])
        return pipe

    def guide(self, picture: Any, weight: float) -> dict[str, Any]:
        return {"image": picture, "controlnet_conditioning_scale": weight}

    def said(self, ask: Ask) -> tuple[str, ...]:
        return ask["prompt"], ", ".join(ask["avoid"])

    def encode(self, pipe: Any, ask: Ask) -> Any:
        return encoded(pipe, *self.said(ask))

    def draw(self, pipe: Any, ask: Ask, seen: Sequence[Any], **more: Any) -> Any:
        from PIL import Image

        said = ask["painter"]["identity"]
        if "ip_adapter" in said:  # it wants a picture each time: without one, nothing of a black one counts
            pipe.set_ip_adapter_scale(said["ip_adapter"]["weight"] if seen else 0.0)
            more["ip_adapter_image"] = [list(seen) or [Image.new("RGB", (224, 224))]]
        return pipe(**self.words(pipe, ask), guidance_scale=said["guidance"], **more)

    def plain(self, pipe: Any, latents: Any, width: int, height: int) -> Any:
        if pipe.vae.config.force_upcast and str(pipe.vae.dtype) == "torch.float16":
            return None  # its VAE overflows in half size, and is cast up only for the last decode
        return latents / pipe.vae.config.scaling_factor


def files(option: str, said: Mapping[str, Any]) -> list[str]:
    """What is read of an IP-Adapter's model, which holds many: one file, and the folder of its image encoder."""
    return [said.get("file", FILE), said.get("encoder", ENCODER)] if option == "ip_adapter" else []


def _adapt(pipe: Any, how: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    """Puts an IP-Adapter and its image encoder on a pipeline. Raises StageError where they do not fit."""
    from transformers import CLIPVisionModelWithProjection

    folder = _weights.here(how["model"], how.get("revision", ""))
    at, _, name = said["file"].rpartition("/")
    try:
        encoder = CLIPVisionModelWithProjection.from_pretrained(
            folder / said["encoder"], dtype=pipe.dtype, use_safetensors=True, local_files_only=True
        )
        pipe.register_modules(image_encoder=encoder.eval())
        pipe.load_ip_adapter(
            folder, subfolder=at or None, weight_name=name, image_encoder_folder=None, local_files_only=True
        )
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        found = " ".join(str(error).split())[:300]
        raise StageError(f"the IP-Adapter {how['model']} cannot be loaded: {found}", "choose one for SDXL") from None


def encoded(pipe: Any, prompt: str, avoid: str) -> dict[str, Any]:
    """A prompt and what is to be avoided as the model reads them, in as many pieces as the longer of them needs."""
    import torch

    wanted, unwanted = pieces(pipe.tokenizer, prompt), pieces(pipe.tokenizer, avoid)
    count = max(len(wanted), len(unwanted))
    found = [
        pipe.encode_prompt(plus, negative_prompt=minus)
        for plus, minus in zip(_padded(wanted, count), _padded(unwanted, count), strict=True)
    ]
    drawn, blank, pooled, blank_pooled = zip(*found, strict=True)
    return {
        "prompt_embeds": torch.cat(drawn, dim=1),
        "negative_prompt_embeds": torch.cat(blank, dim=1),
        "pooled_prompt_embeds": pooled[0],
        "negative_pooled_prompt_embeds": blank_pooled[0],
    }


def pieces(tokenizer: Any, text: str) -> list[str]:
    """A text in pieces of whole words that each fit the tokenizer, its first and last token counted in."""
    found: list[str] = []
    for word in text.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and len(tokenizer(longer).input_ids) <= tokenizer.model_max_length:
            found[-1] = longer
        else:
            found.append(word)
    return found or [""]


def _padded(found: list[str], count: int) -> list[str]:
    return found + [""] * (count - len(found))


_FAMILY = Sdxl()
OPTIONS, room = _FAMILY.options, _FAMILY.room
MODELS, NEGATIVE = _FAMILY.MODELS, _FAMILY.NEGATIVE
identity, how, resident, lacks = _FAMILY.identity, _FAMILY.how, _FAMILY.resident, _FAMILY.lacks
wrongs, canvas, means, refused = _FAMILY.wrongs, _FAMILY.canvas, _FAMILY.means, _FAMILY.refused
rests_on, paint, portrait = _FAMILY.rests_on, _FAMILY.paint, _FAMILY.portrait
