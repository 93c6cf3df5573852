"""Neon: a black world drawn in tubes of light."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from .. import brush
from ..colour import at_lightness, chroma, lightness, mix, tone
from . import Surface

WORDS = "neon, cyberpunk, synthwave, vaporwave, retrowave, tron, blacklight, outrun, eighties neon, laser"
LINE = 2.6
GLOW = 1.0
ROOM = 18.0
FRAME = {"vignette": 0.3}


def palette(colours: Any) -> Any:
    deep = tuple(
        at_lightness(mix(each, "#3a0a78", 0.55), level, 1.2)
        for each, level in zip(colours.sky, (0.1, 0.15, 0.22, 0.34), strict=True)
    )
    accent = at_lightness(tone(colours.accent, 0, 1.5), 0.72) if chroma(colours.accent) > 0.05 else "#ff3d9a"
    second = at_lightness(tone(colours.second, 0, 1.5), 0.8) if chroma(colours.second) > 0.05 else "#32e0ff"
    if abs(ord(accent[1]) - ord(second[1])) < 3:
        second = "#32e0ff"
    return replace(colours, sky=deep, ink="#05040c", accent=accent, second=second, lamp=mix(accent, "#ffffff", 0.3),
                   dark=True)  # fmt: skip


def colour(text: str, colours: Any, kind: str) -> str:
    """Bodies go dark; what was bright and strong stays a light."""
    if kind in ("sky", "light"):
        return text
    light = lightness(text)
    if kind == "figure":
        return at_lightness(text, 0.16 + 0.42 * light, 1.1)
    return text if light > 0.9 or (light > 0.6 and chroma(text) > 0.1) else at_lightness(text, 0.06 + 0.22 * light, 1.1)


def line(colours: Any, kind: str, depth: float) -> str:
    near = mix(colours.second, colours.accent, min(1.0, max(0.0, depth * 1.25 - 0.25)))
    return mix("#fff6ff", colours.accent, 0.25) if kind == "figure" else mix(colours.haze, near, min(1.0, 0.35 + depth))


def surface(picture: Any, surface: Surface, colours: Any) -> Any:
    """What is bright throws a halo."""
    if surface.kind in ("sky", "light"):
        return picture
    light = brush.lightness(picture)
    weight = np.clip((light - 0.42) * 2, 0, 1) * (picture[:, :, 3].astype(np.float32) / 255)
    small = cv2.resize(np.dstack([picture[:, :, :3] * weight[:, :, None], weight]), None, fx=0.25, fy=0.25,
                       interpolation=cv2.INTER_AREA)  # fmt: skip
    soft = cv2.GaussianBlur(small, (0, 0), max(0.6, 1.9 * surface.scale))
    halo = cv2.resize(soft, picture.shape[1::-1])
    share = np.clip(halo[:, :, 3] * np.float32(0.9), 0, 0.75)
    tint = halo[:, :, :3] / np.maximum(halo[:, :, 3:], 1e-3)
    front = picture[:, :, 3].astype(np.float32) / 255
    whole = front + share * (1 - front)
    body = picture[:, :, :3].astype(np.float32) + tint * (share * 0.5)[:, :, None]
    clear = (front / np.maximum(whole, 1e-4))[:, :, None]
    colours_ = np.clip(body * clear + tint * (1 - clear), 0, 255).astype(np.uint8)
    return np.dstack([colours_, np.rint(whole * 255).astype(np.uint8)])
