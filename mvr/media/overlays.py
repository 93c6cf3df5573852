"""Pictures over the picture: a logo in a corner, for a while; inside the margins that words keep too.

An item is plain data: {"role": which of the step's files it is, "corner", "first", "end"}, frames of the shot.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr.media.captions import EASE, Page
from mvr.media.source import opened_picture

if TYPE_CHECKING:
    from mvr.media.finish import Laying

Json = Any

SHARE = 0.26
"""The part of the picture's width and of its height that a picture in a corner fills at most; one in the middle twice
that. None is made larger than it is."""


@dataclass(frozen=True)
class Laid:
    """One picture over a span: its file, where it stands, and its frames [first, end), the span's first being 0."""

    picture: Path
    corner: str
    first: int
    end: int


def laid(video: Any, laying: Laying, item: Laid, span: tuple[int, int]) -> Any:
    """The video with a picture on it, in the span's frames [first, end) alone."""
    canvas, corner, first, end = laying.canvas, item.corner, item.first, item.end
    page = Page(canvas.width, canvas.height)
    share = SHARE * (2 if corner == "center" else 1)
    width, height = round(canvas.width * share), round(canvas.height * share)
    ease = min(max(1, round(EASE[1] * float(canvas.fps))), max(1, (end - first) // 3))
    drawn = (
        opened_picture(item.picture, stills=True)
        .filter("format", "rgba")
        .filter(
            "scale",
            f"min(iw,{width})",
            f"min(ih,{height})",
            force_original_aspect_ratio="decrease",
            flags="lanczos+accurate_rnd+full_chroma_int+bitexact",
        )
        .filter("trim", end_frame=1)
        .filter("loop", loop=laying.frames - 1, size=1)
        .filter("settb", "1/10")
        .filter("setpts", "N")
    )
    # A fade counts frames from 0: one that began before the span is past, and one yet to come is not there.
    opacity = f"clip(min((N-({first})+1)/{ease},({end}-N)/{ease}),0,1)"
    drawn = drawn.filter("geq", r="r(X,Y)", g="g(X,Y)", b="b(X,Y)", a=f"alpha(X,Y)*{opacity}")
    x = {"left": f"{page.side}", "right": f"W-w-{page.side}"}.get(corner.rpartition("-")[2], "(W-w)/2")
    y = {"top": f"{page.top}", "bottom": f"H-h-{page.bottom}"}.get(corner.partition("-")[0], "(H-h)/2")
    on = f"between(n,{max(first, span[0])},{min(end, span[1]) - 1})"
    return (
        video.filter("settb", "1/10")
        .filter("setpts", "N")
        .overlay(drawn, x=x, y=y, format="yuv420", eof_action="repeat", enable=on)
    )
