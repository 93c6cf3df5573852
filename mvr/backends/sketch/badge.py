"""Badge: the words in the corner of every frame of a sketch that stands in for another picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mvr.media.badge import draw_badge

from . import raster
from .planes import Frame, Plane, from_bgra, lay


def badged(frames: Iterator[Plane], text: str, path: Path, width: int, height: int) -> Iterator[Plane]:
    """The same frames with the badge on them; path is where its picture is kept meanwhile."""
    draw_badge(text, path, width, height)
    planes = from_bgra(raster.read(path.read_bytes()))
    path.unlink()
    assert planes.a is not None and planes.half is not None
    marked = [row for row in range(height) if planes.a[row].any()]
    rows = min(height, (marked[-1] + 2) // 2 * 2) if marked else 2
    for buffer in frames:
        frame = Frame.of(buffer)
        lay(frame.y[:rows], planes.y[:rows], planes.a[:rows])
        for under, over in ((frame.u, planes.u), (frame.v, planes.v)):
            lay(under[: rows // 2], over[: rows // 2], planes.half[: rows // 2])
        yield buffer
