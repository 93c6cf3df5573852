"""The `kontext` painter: FLUX.1 Kontext (Labs et al. 2025, arXiv 2506.15742), words and a picture to a still.

A shot's characters are held by their pictures. The model looks at one: several are put side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mvr.backends._diffusion import pictures
from mvr.backends._diffusion.painter import Ask, Known, Painter
from mvr.backends._diffusion.sizes import Size, nearest, of_area

NAME = "kontext"
VERSION = 1
SUMMARY = "FLUX.1 Kontext paints stills from words and the characters' pictures; a model on this machine"
PAINTER_LANE = "gpu"
PAINTER_READS = ("portraits", "references", "lora")


class Kontext(Painter):
    NAME = NAME
    VERSION = VERSION
    PIPELINE = "FluxKontextPipeline"
    LOADS = ("FluxKontextPipeline",)
    MODELS: Mapping[str, Known] = {
        "black-forest-labs/FLUX.1-Kontext-dev": Known(28, 2.5, "FLUX.1-dev non-commercial", 31.4, free=False),
    }
    NATIVES: Sequence[Size] = (
        (672, 1568), (688, 1504), (720, 1456), (752, 1392), (800, 1328), (832, 1248), (880, 1184), (944, 1104),
        (1024, 1024), (1104, 944), (1184, 880), (1248, 832), (1328, 800), (1392, 752), (1456, 720), (1504, 688),
        (1568, 672),
    )  # fmt: skip
    MEANS, MOST = "references", 3
    LORA = "flux"

    def said(self, ask: Ask) -> tuple[str, ...]:
        return (shown(ask) + ask["prompt"],)

    def encode(self, pipe: Any, ask: Ask) -> Any:
        drawn, pooled, _ = pipe.encode_prompt(self.said(ask)[0], None, max_sequence_length=512)
        return {"prompt_embeds": drawn, "pooled_prompt_embeds": pooled}

    def draw(self, pipe: Any, ask: Ask, seen: Sequence[Any], **more: Any) -> Any:
        guidance = ask["painter"]["identity"]["guidance"]
        area = more["width"] * more["height"]  # it would draw another size of this shape at 1024 x 1024 pixels
        if seen:
            more |= {"image": self.seen(pictures.beside(seen), area), "_auto_resize": False}
        return pipe(**self.words(pipe, ask), guidance_scale=guidance, max_area=area, **more)

    def seen(self, picture: Any, area: int) -> Any:
        """A picture at the taught size that is nearest to its shape; smaller beside a small still."""
        native = nearest(self.NATIVES, *picture.size)
        return picture.resize(native if area > self.AREA / 2 else of_area(area, self.MULTIPLE, *picture.size))

    def plain(self, pipe: Any, latents: Any, width: int, height: int) -> Any:
        whole = pipe._unpack_latents(latents, height, width, pipe.vae_scale_factor)
        return whole / pipe.vae.config.scaling_factor + pipe.vae.config.shift_factor


def shown(ask: Ask) -> str:
    """A sentence on whom the picture shows, from left to right."""
    names = [one["name"] for one in ask.get("cast", ()) for _ in range(one["pictures"])]
    if not names:
        return ""
    if len(set(names)) == 1:
        return f"The same person as in the picture, {names[0]}, with the same face, hair and clothes, in a new scene: "
    return f"The same people as in the picture, from left to right {', '.join(names)}, together in a new scene: "


_FAMILY = Kontext()
OPTIONS, room = _FAMILY.options, _FAMILY.room
MODELS, NEGATIVE = _FAMILY.MODELS, _FAMILY.NEGATIVE
identity, how, resident, lacks = _FAMILY.identity, _FAMILY.how, _FAMILY.resident, _FAMILY.lacks
wrongs, canvas, means, refused = _FAMILY.wrongs, _FAMILY.canvas, _FAMILY.means, _FAMILY.refused
rests_on, paint, portrait = _FAMILY.rests_on, _FAMILY.paint, _FAMILY.portrait
