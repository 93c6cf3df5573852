"""Badge: the words in the corner of every frame of a sketch that stands in for another picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mvr.media.badge import draw_badge

from . import raster
from .planes import Plane, from_bgra, lay


def badged(frames: Iterator[Plane], text: str, path: Path, width: int, height: int) -> Iterator[Plane]:
    """The same frames with the badge on them; path is where its picture is kept meanwhile."""
    draw_badge(text, path, width, height)
    planes = from_bgra(raster.read(path.read_bytes()))
    path.unlink()
    assert planes.a is not None and planes.half is not None
    marked = [row for row in range(height) if planes.a[row].any()]
    rows = min(height, (marked[-1] + 2) // 2 * 2) if marked else 2
    full, half = width * height, width * height // 4
    for frame in frames:
        flat = frame.reshape(-1)
        lay(flat[:full].reshape(height, width)[:rows], planes.y[:rows], planes.a[:rows])
        for index, plane in enumerate((planes.u, planes.v)):
            start = full + index * half
            under = flat[start : start + half].reshape(height // 2, width // 2)[: rows // 2]
            lay(under, plane[: rows // 2], planes.half[: rows // 2])
        yield frame
