"""The subject of a picture: the faces in it, else where the eye goes; and the calm path of a frame that follows it.

Where no face is seen, what stands out is told by the spectral residual of the picture's brightness: X. Hou and
L. Zhang, Saliency Detection: A Spectral Residual Approach, CVPR 2007: what the log spectrum of a picture has beyond its
own local mean is what does not repeat in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mvr.media.faces import Face

    Floats = NDArray[np.float64]

SIDE = 64
"""Pixels of the square that is looked at: the paper's own scale, at which a subject is a blob and texture is noise."""

BINS = 32
"""Parts of the width and of the height of which it is told how much of the subject is there."""

FACES = 0.85
"""How much of what is looked for are faces, where there are some."""

FLAT = "7" * BINS

PLACES = 33
"""Places of the frame along its way that are tried."""

MOVES = 0.06
"""What it costs the frame to move by all of its way within an eighth of a second, against what it may come to show."""

STILL = 0.88
"""A frame that stands still all through its shot does so where it shows this part of what a moving one would."""


def subject(picture: NDArray[np.uint8], found: Sequence[Face] = ()) -> tuple[str, str]:
    """How much of the subject is in each of BINS columns, from the left, and rows, from above, of a BGR picture (rows,
    columns, 3): a hexadecimal digit each. found: its faces; beside them what else stands out counts little."""
    import cv2

    seen = _salient(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
    if found:
        people = _people(found, picture.shape[1], picture.shape[0])
        seen = people if seen is None else FACES * people + (1 - FACES) * seen
    if seen is None:
        return FLAT, FLAT
    return _digits(seen.sum(axis=0)), _digits(seen.sum(axis=1))


def _salient(grey: Any) -> Floats | None:
    """What stands out in a grey picture, uint8 (rows, columns): (SIDE, SIDE), together 1; None where nothing does.

    What is near the middle counts more, as people who film keep it there.
    """
    import cv2
    import numpy as np

    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float64)
    if np.ptp(small) < 4:
        return None
    spectrum = np.fft.fft2(small)
    height = np.log(np.abs(spectrum) + 1e-9)
    residual = height - cv2.blur(height, (3, 3))
    found = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    found = cv2.GaussianBlur(found, (0, 0), 3.0)
    across = np.linspace(-1, 1, SIDE)
    found = found * np.exp(-(across[None, :] ** 2 + across[:, None] ** 2) * 0.8)
    found = np.clip(found - np.quantile(found, 0.9), 0, None)
    total = float(found.sum())
    return None if total <= 0 else np.asarray(found / total, np.float64)


def _people(found: Sequence[Face], width: int, height: int) -> Floats:
    """Faces and the shoulders below them: (SIDE, SIDE), together 1. A larger face counts more."""
    import numpy as np

    places = (np.arange(SIDE) + 0.5) / SIDE
    total = np.zeros((SIDE, SIDE))
    for face in found:
        wide = max(face.width / width, 1 / SIDE)
        high = max(face.width / height, 1 / SIDE)
        columns = np.exp(-(((places - face.x / width) / wide) ** 2))
        rows = np.exp(-(((places - face.y / height - high * 0.4) / (high * 1.2)) ** 2))
        total += np.outer(rows / rows.sum(), columns / columns.sum()) * face.width * face.sure
    return np.asarray(total / total.sum(), np.float64)


def _digits(line: Floats) -> str:
    parts = line.reshape(BINS, -1).sum(axis=1)
    return "".join(f"{round(15 * float(part / parts.max())):x}" for part in parts)


def part(line: str, low: float, size: float) -> str:
    """The same of a part of a picture's side."""
    return "".join(line[min(BINS - 1, int((low + (index + 0.5) / BINS * size) * BINS))] for index in range(BINS))


def path(told: Sequence[str], share: float, looks: int) -> Floats:
    """Where the middle of a frame best is, as parts of the picture, at each look: the subject inside it and near its
    middle, and the frame calm.

    told: what `subject` says of each look, along one side. share: how much of that side the frame shows, up to 1.
    looks: how many there are a second. The frame stands still where that shows nearly as much as moving; else its way
    is the one that shows most for the least movement (by dynamic programming), smoothed over a second to either side.
    """
    import numpy as np

    half = min(share, 1.0) / 2
    ways = np.linspace(half, 1 - half, PLACES)
    there = np.array([[int(digit, 16) for digit in line] for line in told], np.float64)
    there /= np.maximum(there.sum(axis=1, keepdims=True), 1e-9)
    places = (np.arange(BINS) + 0.5) / BINS
    away = np.abs(places[None, :] - ways[:, None]) / half
    worth = there @ (np.clip((1 - away) * BINS * half + 0.5, 0, 1) * (1 - 0.5 * np.minimum(away, 1) ** 2)).T
    worth -= 1e-4 * np.abs(ways - 0.5)
    best = int(worth.sum(axis=0).argmax())
    moving = _cheapest(worth)
    shown = float(worth[np.arange(len(worth)), moving].sum())
    if float(worth[:, best].sum()) >= STILL * shown:
        return np.full(len(worth), ways[best])
    window = np.hanning(2 * looks + 3)[1:-1]
    padded = np.pad(ways[moving], looks, mode="edge")
    return np.convolve(padded, window / window.sum(), mode="valid")


def _cheapest(worth: Any) -> list[int]:
    """At each look the place on the way that is worth most, all in all, less what its moves cost."""
    import numpy as np

    count = worth.shape[1]
    cost = MOVES * np.abs(np.arange(count)[:, None] - np.arange(count)[None, :])
    total, steps = worth[0], []
    for line in worth[1:]:
        reached = total[None, :] - cost
        steps.append(reached.argmax(axis=1))
        total = line + reached.max(axis=1)
    way = [int(total.argmax())]
    for step in reversed(steps):
        way.append(int(step[way[-1]]))
    return way[::-1]
