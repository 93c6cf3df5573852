"""Depth: how near each part of a picture is, from a smooth prior or from a depth estimator's weights.

Nearness is 1 for the nearest thing and falls as its inverse distance does; FAR is what is farthest away.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.float32]

FAR = 0.3
"""The nearness of the horizon. Above 0, so that a camera that moves forward enlarges all it sees."""

SIDE = 96
"""Cells of a grid along the longer side of a picture."""


def prior(picture: Any) -> Grid:
    """A guess at any picture: ground that comes near towards the lower edge, and a subject where the picture is
    busiest, near its middle. picture: BGR pixels; gives 0 (far) to 1, smooth.

    The subject is where colours differ most from the mean (Achanta et al., Frequency-tuned Salient Region Detection,
    2009), weighted towards the middle.
    """
    height, width = grid_size(picture.shape[1], picture.shape[0])
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    y, x = np.linspace(-1, 1, height, dtype=np.float32)[:, None], np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    ground = 0.7 * np.clip((y + 0.1) / 1.1, 0, 1) ** 1.5
    cx, cy, sx, sy = _subject(small, x, y)
    subject = 0.85 * np.exp(-0.5 * (((x - cx) / sx) ** 2 + (np.maximum(0, np.abs(y - cy) - 0.15) / sy) ** 2))
    near = 1 - (1 - ground) * (1 - subject)
    return np.asarray(near / max(1e-6, float(near.max())), np.float32)


def _subject(small: Any, x: Any, y: Any) -> tuple[float, float, float, float]:
    """Where the subject is (-1 to 1 across the picture), and how wide and high."""
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 1.2), cv2.COLOR_BGR2LAB).astype(np.float32)
    away = np.sqrt(((lab - lab.reshape(-1, 3).mean(axis=0)) ** 2).sum(axis=2))
    weight = away * np.exp(-1.6 * (x * x + 0.7 * (y - 0.1) ** 2)) + 1e-3
    total = float(weight.sum())
    cx, cy = float((weight * x).sum()) / total, float((weight * y).sum()) / total
    sx = float(np.sqrt((weight * (x - cx) ** 2).sum() / total))
    sy = float(np.sqrt((weight * (y - cy) ** 2).sum() / total))
    return round(cx, 4), round(cy, 4), round(min(0.5, max(0.28, sx)), 4), round(min(0.6, max(0.32, sy)), 4)


def grid_size(width: int, height: int) -> tuple[int, int]:
    """Rows and columns of the grid of a picture."""
    scale = SIDE / max(width, height)
    return max(8, round(height * scale)), max(8, round(width * scale))


def nearness(depth: Grid, steepest: float, unit: tuple[float, float]) -> Grid:
    """The grid that the camera moves by: FAR to 1, nowhere steeper than `steepest` in a unit.

    unit: units of the frame that a cell is wide and high. A steep edge would tear the picture or fold it over; blurred,
    near things keep their size (they are widened first), and what is behind them stretches a little.
    """
    depth = (depth - depth.min()) / max(1e-6, float(depth.max() - depth.min()))
    grid = np.asarray(FAR + (1 - FAR) * depth, np.float32)
    sigma = 1.0
    while _steepness(grid, unit) > steepest and sigma < 2 * SIDE:
        if sigma == 1.0:
            grid = np.asarray(cv2.dilate(grid, np.ones((3, 3), np.uint8)), np.float32)
        sigma *= 1.5
        blurred = cv2.GaussianBlur(grid, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
        grid = np.asarray(blurred, np.float32)
    return grid


def _steepness(grid: Grid, unit: tuple[float, float]) -> float:
    rows, columns = np.gradient(grid)
    return float(np.sqrt((columns / unit[0]) ** 2 + (rows / unit[1]) ** 2).max())


def estimated(picture: Any, model: Any) -> Grid:
    """Depth as an estimator of transformers sees it, as a grid of 0 (far) to 1. picture: BGR pixels."""
    import torch

    rows, columns = grid_size(picture.shape[1], picture.shape[0])
    pixels = torch.from_numpy(model.read(picture))
    with torch.inference_mode():
        seen = model.network(pixel_values=pixels).predicted_depth[0].float().numpy()
    if model.metric:
        seen = 1 / np.maximum(seen, 1e-3)
    return np.asarray(cv2.resize(seen, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)


class Estimator:
    """A depth estimator of transformers from a folder: safetensors alone, no code of the model's own.

    Raises StageError where it cannot be loaded.
    """

    def __init__(self, folder: Path) -> None:
        from transformers import AutoModelForDepthEstimation

        from mvr.errors import StageError

        try:
            self.network = AutoModelForDepthEstimation.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False, use_safetensors=True
            )
        except (OSError, ValueError, ImportError, RuntimeError, KeyError) as error:
            said = " ".join(str(error).split())[:300]
            raise StageError(
                f"the depth estimator cannot be loaded: {said}", "name another in `depth:`, or leave it out"
            ) from None
        self.network.eval()  # on the processor, in a lane of its own: a second or two, and the same bytes everywhere
        config = self.network.config
        self.metric = getattr(config, "depth_estimation_type", "relative") == "metric"
        self.patch = int(getattr(getattr(config, "backbone_config", config), "patch_size", 14))
        form = folder / "preprocessor_config.json"
        self.form = json.loads(form.read_text("utf-8")) if form.is_file() else {}

    def read(self, picture: Any) -> Any:
        """Pixels as the network wants them: float32 (1, 3, height, width), sides of whole patches."""
        size = self.form.get("size") or {}
        short = int(size.get("height") or size.get("shortest_edge") or 518)
        height, width = picture.shape[:2]
        scale = short / min(height, width)
        sides = [max(self.patch, round(side * scale / self.patch) * self.patch) for side in (width, height)]
        rgb = cv2.cvtColor(cv2.resize(picture, tuple(sides), interpolation=cv2.INTER_CUBIC), cv2.COLOR_BGR2RGB)
        mean = np.array(self.form.get("image_mean") or (0.485, 0.456, 0.406), np.float32)
        spread = np.array(self.form.get("image_std") or (0.229, 0.224, 0.225), np.float32)
        return ((rgb.astype(np.float32) / 255 - mean) / spread).transpose(2, 0, 1)[None].copy()
