"""From drawings to pixels: the one place that knows resvg, and PNG files read and written by OpenCV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mvr.errors import StageError

from .paper import Paper

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[Any]


GAP = 10
"""Cells of a thumbnail across, or down, that are clear: so many are worth drawing around."""

BAND = 8
"""Cells of a thumbnail that are looked at together, from the top down."""


def drawn(paper: Paper, density: float) -> Pixels:
    """BGRA pixels of a drawing at so many pixels a unit (at least one pixel each way).

    Smooth light is five times as dear to draw as plain shapes, so that glows which lie over all else of a large drawing
    are drawn small, and enlarged. What is clear is as dear as what is not, so that it is left out, where trim found it.
    """
    width, height = (max(1, round(side * density)) for side in (paper.width, paper.height))
    body, glows = paper.parted()
    if not glows or width * height < 400_000 or not body:
        return _in_parts(paper, width, height)
    under = _in_parts(body, width, height)
    small = _rendered(glows, max(1, width // 5), max(1, height // 5))
    import cv2

    return _over(under, cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))


def _in_parts(paper: Paper, width: int, height: int) -> Pixels:
    """A drawing, of which only the parts are drawn that show anything."""
    import numpy as np

    fine = paper.shown is not None and paper.local and width >= 2 * paper.shown.shape[1]
    parts = _parts(paper.shown, width, height) if fine and height >= 2 * paper.shown.shape[0] else []
    if not parts or sum((right - left) * (end - top) for left, top, right, end in parts) > 0.85 * width * height:
        return _rendered(paper, width, height)
    picture = np.zeros((height, width, 4), np.uint8)
    for left, top, right, end in parts:
        part = paper.window(left / width, top / height, (right - left) / width, (end - top) / height)
        picture[top:end, left:right] = _rendered(part, right - left, end - top)
    return picture


def _parts(shown: Any, width: int, height: int) -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom in pixels of rectangles around all that a thumbnail shows; cells beside it count."""
    import cv2
    import numpy as np

    marks = cv2.dilate(shown.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    rows, columns = marks.shape
    across, down = width / columns, height / rows
    parts: list[tuple[int, int, int, int]] = []
    for top in range(0, rows, BAND):
        band = marks[top : top + BAND]
        filled = np.nonzero(band.any(axis=1))[0]
        if not len(filled):
            continue
        y0, y1 = round((top + int(filled[0])) * down), round((top + int(filled[-1]) + 1) * down)
        for first, last in _runs(band.any(axis=0)):
            one = (round(first * across), y0, round((last + 1) * across), y1)
            fits = [index for index, other in enumerate(parts) if _near(other, one)]
            if fits:
                other = parts[fits[0]]
                parts[fits[0]] = (min(other[0], one[0]), other[1], max(other[2], one[2]), one[3])
            else:
                parts.append(one)
    return parts


def _near(upper: tuple[int, int, int, int], lower: tuple[int, int, int, int]) -> bool:
    """Whether one rectangle around both costs hardly more than the two."""
    if upper[3] != lower[1]:
        return False
    width = max(upper[2], lower[2]) - min(upper[0], lower[0])
    areas = sum((right - left) * (end - top) for left, top, right, end in (upper, lower))
    return width * (lower[3] - upper[1]) - areas < 12_000


def _runs(marks: Any) -> list[tuple[int, int]]:
    """First and last of each run of marks; gaps of fewer than GAP cells do not part them."""
    import numpy as np

    shown = np.nonzero(marks)[0]
    breaks = np.nonzero(np.diff(shown) > GAP)[0]
    firsts, lasts = [0, *(int(at) + 1 for at in breaks)], [*(int(at) for at in breaks), len(shown) - 1]
    return [(int(shown[first]), int(shown[last])) for first, last in zip(firsts, lasts, strict=True)]


def _rendered(paper: Paper, width: int, height: int) -> Pixels:
    import resvg_py

    return read(bytes(resvg_py.svg_to_bytes(svg_string=paper.svg(width, height), skip_system_fonts=True)))


def _over(under: Pixels, over: Pixels) -> Pixels:
    """One picture laid over another, both with straight alpha; where the lower one is clear, it stays clear."""
    import cv2
    import numpy as np

    share = cv2.merge([over[:, :, 3]] * 3)
    rest = cv2.multiply(under[:, :, :3], cv2.bitwise_not(share), scale=1 / 255)
    colours = cv2.add(rest, cv2.multiply(over[:, :, :3], share, scale=1 / 255))
    return np.dstack([colours, under[:, :, 3]])


def trim(papers: Sequence[Paper], *, foot: bool) -> None:
    """Makes the papers of one layer as small as what is drawn on any of them, seen on a thumbnail of 160 pixels, and
    tells each what of it shows anything.

    What is clear costs as much to draw, pack and unpack as what is not. foot: the lower edge stays where it is.
    """
    import numpy as np

    one = papers[0]
    scale = 160 / max(one.width, one.height)
    size = max(1, round(one.width * scale)), max(1, round(one.height * scale))
    shown = [_rendered(paper, *size)[:, :, 3] > 0 for paper in papers]
    marks = np.any(shown, axis=0)
    if not marks.any():
        return
    rows, columns = np.nonzero(marks.any(axis=1))[0], np.nonzero(marks.any(axis=0))[0]
    step_x, step_y = one.width / marks.shape[1], one.height / marks.shape[0]
    left, right = max(0, int(columns[0]) - 1), min(marks.shape[1], int(columns[-1]) + 2)
    top, bottom = max(0, int(rows[0]) - 1), marks.shape[0] if foot else min(marks.shape[0], int(rows[-1]) + 2)
    x, y, width, height = one.x + left * step_x, one.y + top * step_y, (right - left) * step_x, (bottom - top) * step_y
    for paper, mine in zip(papers, shown, strict=True):
        paper.x, paper.y, paper.width, paper.height = x, y, width, height
        paper.shown = mine[top:bottom, left:right]


def read(data: bytes) -> Pixels:
    """BGRA pixels (height, width, 4), straight alpha, of a PNG file. Raises StageError where it is none."""
    import cv2
    import numpy as np

    picture: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None:
        raise StageError("a picture cannot be read", "it is neither PNG nor JPEG, or it is cut short")
    if picture.dtype == np.uint16:
        picture = (picture >> 8).astype(np.uint8)
    if picture.ndim == 2:
        picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGRA)
    elif picture.shape[2] == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA)
    result: Pixels = picture
    return result


def write(picture: Pixels) -> bytes:
    """A PNG file of BGR or BGRA pixels, packed fast rather than small: rows as they are, which suits plain colours."""
    import cv2

    how = [cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE]
    done, data = cv2.imencode(".png", picture, how)
    if not done:
        raise StageError("a picture cannot be written as PNG", "its size may be beyond what PNG files hold")
    return bytes(data.tobytes())


def softened(sharp: Pixels, sigma: float) -> Pixels:
    """The picture out of focus: blurred by sigma pixels, its edges included."""
    import cv2
    import numpy as np

    picture = sharp.astype(np.float32)
    alpha = picture[:, :, 3:] / 255
    blurred = cv2.GaussianBlur(np.dstack([picture[:, :, :3] * alpha, picture[:, :, 3]]), (0, 0), max(0.3, sigma))
    share = np.maximum(blurred[:, :, 3:] / 255, 1e-3)
    straight = np.dstack([np.minimum(255, blurred[:, :, :3] / share), blurred[:, :, 3]])
    result: Pixels = np.rint(straight).astype(np.uint8)
    return result


def enlarged(picture: Pixels, width: int, height: int) -> Pixels:
    """A smooth picture at a larger size, dithered by one step so that no bands are seen in it."""
    import cv2
    import numpy as np

    large = cv2.resize(picture.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    tile = np.random.default_rng(5).random((128, 128), np.float32) - 0.5
    large += np.tile(tile, (-(-height // 128), -(-width // 128)))[:height, :width, None]
    return np.clip(np.rint(large), 0, 255).astype(np.uint8)
