"""The subject of a picture without a model: where the eye goes, by the spectral residual of its brightness.

X. Hou and L. Zhang, Saliency Detection: A Spectral Residual Approach, CVPR 2007: what the log spectrum of a picture has
beyond its own local mean is what does not repeat in it.
"""

from __future__ import annotations

from typing import Any

SIDE = 64
"""Pixels of the square that is looked at: the paper's own scale, at which a subject is a blob and texture is noise."""


def salient(grey: Any) -> list[float]:
    """The middle of what stands out in a grey picture, uint8 (rows, columns): x and y, 0 to 1 from the upper left.

    What is near the middle counts more, as people who film keep it there.
    """
    import cv2
    import numpy as np

    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float64)
    if np.ptp(small) < 4:
        return [0.5, 0.5]
    spectrum = np.fft.fft2(small)
    height = np.log(np.abs(spectrum) + 1e-9)
    residual = height - cv2.blur(height, (3, 3))
    found = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    found = cv2.GaussianBlur(found, (0, 0), 3.0)
    across = np.linspace(-1, 1, SIDE)
    found = found * np.exp(-(across[None, :] ** 2 + across[:, None] ** 2) * 0.8)
    found = np.clip(found - np.quantile(found, 0.9), 0, None)
    total = float(found.sum())
    if total <= 0:
        return [0.5, 0.5]
    places = (np.arange(SIDE) + 0.5) / SIDE
    x, y = float((found.sum(axis=0) * places).sum() / total), float((found.sum(axis=1) * places).sum() / total)
    return [round(x, 4), round(y, 4)]
