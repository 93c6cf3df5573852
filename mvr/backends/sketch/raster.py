"""From drawings to pixels: the one place that knows resvg, and PNG files read and written by OpenCV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mvr.errors import StageError

from .paper import Paper

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[Any]


def png(paper: Paper, density: float) -> bytes:
    """A PNG of a drawing at so many pixels a unit (at least one pixel each way).

    A PNG of smooth light is five times as dear as one of plain shapes, so that glows which lie over all else of a large
    drawing are drawn small, and enlarged.
    """
    width, height = (max(1, round(side * density)) for side in (paper.width, paper.height))
    body, glows = paper.parted()
    if not glows or width * height < 400_000 or not body:
        return _rendered(paper, width, height)
    under = read(_rendered(body, width, height))
    small = read(_rendered(glows, max(1, width // 5), max(1, height // 5)))
    import cv2

    return write(_over(under, cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)))


def _rendered(paper: Paper, width: int, height: int) -> bytes:
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=paper.svg(width, height), skip_system_fonts=True))


def _over(under: Pixels, over: Pixels) -> Pixels:
    """One picture laid over another, both with straight alpha; where the lower one is clear, it stays clear."""
    import cv2
    import numpy as np

    share = cv2.merge([over[:, :, 3]] * 3)
    rest = cv2.multiply(under[:, :, :3], cv2.bitwise_not(share), scale=1 / 255)
    colours = cv2.add(rest, cv2.multiply(over[:, :, :3], share, scale=1 / 255))
    return np.dstack([colours, under[:, :, 3]])


def trim(papers: Sequence[Paper], *, foot: bool) -> None:
    """Makes the papers of one layer as small as what is drawn on any of them, seen on a thumbnail of 160 pixels.

    What is clear costs as much to draw, pack and unpack as what is not. foot: the lower edge stays where it is.
    """
    import numpy as np

    one = papers[0]
    scale = 160 / max(one.width, one.height)
    alphas = [read(png(paper, scale))[:, :, 3] for paper in papers]
    marks = np.max(alphas, axis=0) > 0
    if not marks.any():
        return
    rows, columns = np.nonzero(marks.any(axis=1))[0], np.nonzero(marks.any(axis=0))[0]
    step_x, step_y = one.width / marks.shape[1], one.height / marks.shape[0]
    left, right = max(0, int(columns[0]) - 1), min(marks.shape[1], int(columns[-1]) + 2)
    top, bottom = max(0, int(rows[0]) - 1), marks.shape[0] if foot else min(marks.shape[0], int(rows[-1]) + 2)
    x, y, width, height = one.x + left * step_x, one.y + top * step_y, (right - left) * step_x, (bottom - top) * step_y
    for paper in papers:
        paper.x, paper.y, paper.width, paper.height = x, y, width, height


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
    """A PNG file of BGR or BGRA pixels, packed fast rather than small."""
    import cv2

    done, data = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not done:
        raise StageError("a picture cannot be written as PNG", "its size may be beyond what PNG files hold")
    return bytes(data.tobytes())


def softened(data: bytes, sigma: float) -> bytes:
    """The picture out of focus: blurred by sigma pixels, its edges included."""
    import cv2
    import numpy as np

    picture = read(data).astype(np.float32)
    alpha = picture[:, :, 3:] / 255
    blurred = cv2.GaussianBlur(np.dstack([picture[:, :, :3] * alpha, picture[:, :, 3]]), (0, 0), max(0.3, sigma))
    share = np.maximum(blurred[:, :, 3:] / 255, 1e-3)
    straight = np.dstack([np.minimum(255, blurred[:, :, :3] / share), blurred[:, :, 3]])
    return write(np.rint(straight).astype(np.uint8))


def enlarged(picture: Pixels, width: int, height: int) -> Pixels:
    """A smooth picture at a larger size, dithered by one step so that no bands are seen in it."""
    import cv2
    import numpy as np

    large = cv2.resize(picture.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    tile = np.random.default_rng(5).random((128, 128), np.float32) - 0.5
    large += np.tile(tile, (-(-height // 128), -(-width // 128)))[:height, :width, None]
    return np.clip(np.rint(large), 0, 255).astype(np.uint8)
