"""Films the demo's song with five concepts and writes a contact sheet of each: python docs/concepts.py

A project of nothing but a song and a sentence, drawn by the sketch: docs/concepts/NAME.jpg shows a still of every shot.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from mvr import machine
from mvr.model import Goal
from mvr.workspace import Workspace

HERE = Path(__file__).parent
SONG = HERE.parent / "projects" / "demo" / "song.ogg"
CONCEPTS = {
    "musician": "A lonely musician walks through a rain-soaked city and reaches a rooftop at dawn.",
    "robot": "A robot learns to love.",
    "astronaut": "An astronaut drifts through space and remembers a summer by the sea.",
    "wolves": "In the snow a girl follows the wolves into the forest until she becomes one of them.",
    "dancers": "Two strangers dance all night in a red club, then drive into the desert at sunrise.",
}
WIDTH, HEIGHT, COLUMNS = 320, 180, 5  # of a still on a sheet, in pixels; stills in a row
GAP = 6


def sheet(concept: str, folder: Path) -> np.ndarray:
    """A picture of the stills of every shot, in their order, uint8 (h, w, 3)."""
    shutil.copy(SONG, folder / SONG.name)
    text = f"song: {SONG.name}\nconcept: {concept}\noutput: {{size: {2 * WIDTH}x{2 * HEIGHT}, fps: 2}}\n"
    (folder / "project.yaml").write_text(text, "utf-8")
    space = Workspace(folder / "project.yaml", machine.load())
    space.render(Goal(), lambda event: None)
    shots = [shot["id"] for shot in space.shots(lambda event: None)["shots"]]
    stills = [cv2.imread(str(next(folder.glob(f"mvr-out/*/keyframe/{shot}.png")))) for shot in shots]
    rows = -(-len(stills) // COLUMNS)
    page = np.full((rows * (HEIGHT + GAP) + GAP, COLUMNS * (WIDTH + GAP) + GAP, 3), 24, np.uint8)
    for index, still in enumerate(stills):
        y, x = (
            GAP + size * place for size, place in zip((HEIGHT + GAP, WIDTH + GAP), divmod(index, COLUMNS), strict=True)
        )
        page[y : y + HEIGHT, x : x + WIDTH] = cv2.resize(still, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return page


def main() -> None:
    """Writes every sheet, or those that are named."""
    (HERE / "concepts").mkdir(exist_ok=True)
    for name in sys.argv[1:] or CONCEPTS:
        with tempfile.TemporaryDirectory() as folder:
            picture = sheet(CONCEPTS[name], Path(folder))
        cv2.imwrite(str(HERE / "concepts" / f"{name}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 78])


if __name__ == "__main__":
    main()
