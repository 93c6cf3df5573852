"""Draws the sketch's contact sheets and its sample film: python docs/sheets.py [sheets] [sample]

docs/sketch/sheet-N.jpg show forty shots: every place twice, in all weathers, at all times of day, in every look. The
sample, docs/sketch/sample.mp4, is a quarter of a minute of projects/demo. docs/sketch.md says what is on them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from mvr.backends.sketch import compose, motion

HERE = Path(__file__).parent
WIDTH, HEIGHT, COLUMNS, ROWS, GAP = 270, 480, 4, 2, 6
CAST = {
    "mara": {
        "name": "mara",
        "description": "young woman with short black hair",
        "wardrobe": "a long red coat and a yellow scarf",
    },
    "ode": {"name": "ode", "description": "an old man with a white beard", "wardrobe": "a green jacket and a blue cap"},
    "lena": {"name": "lena", "description": "a woman with long blonde hair", "wardrobe": "a teal dress"},
    "unit": {"name": "unit", "description": "a tall robot", "wardrobe": "a suit of copper plates"},
    "ada": {"name": "ada", "description": "a woman with dark skin", "wardrobe": "a white spacesuit and orange boots"},
    "tom": {"name": "tom", "description": "a man with curly brown hair and glasses", "wardrobe": "a denim jacket"},
}
SHOTS = (
    ("wide shot of a street at night in the rain", "", "mara"),
    ("wide shot: a horse stands in a field by day", "watercolour", ""),
    ("medium shot on a rooftop above the city at dusk", "anime", "lena"),
    ("close-up in a room by candlelight at night", "noir", "tom"),
    ("full shot: she sings on a stage in spotlights", "neon", "lena"),
    ("extreme wide shot of the desert at dawn", "risograph", "ode"),
    ("full shot: wolves in the forest in the snow", "ink", "mara"),
    ("wide shot: he rows out to the sea in a storm", "woodcut", "ode"),
    ("full shot: they dance in a red club", "", "lena tom"),
    ("wide shot of mountains by day", "paper cut-out", "mara"),
    ("wide shot of a road in the wind, a car", "vintage", "tom"),
    ("full shot on a bridge at dusk in fog", "pastel", "ode"),
    ("medium shot in a station, a train at night", "comic", "mara"),
    ("full shot: he runs through a tunnel", "neon", "tom"),
    ("full shot in space", "", "ada"),
    ("wide shot underwater", "watercolour", "lena"),
    ("wide shot of a pier at night in fog", "", "ode"),
    ("full shot on the beach at dusk, palms", "pixel art", "lena"),
    ("wide shot of the city by day, balloons", "anime", ""),
    ("a composition without a place, shapes at dusk", "risograph", ""),
    ("full shot: he plays guitar on a street by day", "pencil", "tom"),
    ("wide shot: a door stands open in a field at night", "paper cut-out", "mara"),
    ("close-up on a rooftop in the snow at night", "", "ada"),
    ("wide shot: she plays the piano in a room at dawn", "watercolour", "lena"),
    ("full shot: he plays drums on a stage before a crowd", "noir", "ode"),
    ("full shot: a robot walks in the desert by day", "comic", "unit"),
    ("wide shot of the forest in fog at dawn", "muted", ""),
    ("wide shot: a boat on the sea at dawn", "pastel", ""),
    ("medium shot: she sings in a club", "pixel art", "mara"),
    ("wide shot of mountains in the snow at night", "woodcut", "ode"),
    ("wide shot of a road at night", "neon", "unit"),
    ("full shot: she holds an umbrella on a bridge in the rain by day", "ink", "mara"),
    ("wide shot of a station at dawn, a crowd", "pencil", "lena"),
    ("close-up in a tunnel", "risograph", "unit"),
    ("a rocket in space", "vintage", ""),
    ("full shot underwater, fish", "paper cut-out", "ada"),
    ("full shot: they hug on a pier at dusk", "vivid", "tom lena"),
    ("wide shot of a beach by day", "pencil", "mara"),
    ("wide shot of the city at night in the rain, lanterns", "anime", "mara"),
    ("a composition without a place, at night", "neon", "unit"),
)  # fmt: skip


def still(sentence: str, look: str, cast: str, seed: int) -> np.ndarray:
    """One shot, uint8 (HEIGHT, WIDTH, 3), drawn at twice that size."""
    recipe = {
        "sentence": sentence,
        "characters": [{"features": [], **CAST[name]} for name in cast.split()],
        "style": {"look": look, "palette": [], "lighting": ""},
        "size": [2 * WIDTH, 2 * HEIGHT],
        "seed": seed,
    }
    scene, pictures = compose.scene(recipe, lambda share: None)
    large = cv2.imdecode(np.frombuffer(motion.still(scene, pictures, *recipe["size"]), np.uint8), cv2.IMREAD_COLOR)
    return cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)


def sheets() -> None:
    """Writes sheet-1.jpg and those after it."""
    each = COLUMNS * ROWS
    for start in range(0, len(SHOTS), each):
        page = np.full((ROWS * (HEIGHT + GAP) + GAP, COLUMNS * (WIDTH + GAP) + GAP, 3), 24, np.uint8)
        for index, (sentence, look, cast) in enumerate(SHOTS[start : start + each]):
            row, column = divmod(index, COLUMNS)
            y, x = GAP + row * (HEIGHT + GAP), GAP + column * (WIDTH + GAP)
            page[y : y + HEIGHT, x : x + WIDTH] = still(sentence, look, cast, 7 * (start + index) + 1)
        path = HERE / "sketch" / f"sheet-{start // each + 1}.jpg"
        cv2.imwrite(str(path), page, [cv2.IMWRITE_JPEG_QUALITY, 76])


def sample() -> None:
    """Writes sample.mp4: the second verse's end and the chorus of the demo."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "demo"
        shutil.copytree(HERE.parent / "projects" / "demo", folder, ignore=shutil.ignore_patterns(".mvr", "mvr-out"))
        path = folder / "project.yaml"
        path.write_text(path.read_text("utf-8") + "\noutput: {size: 270x480}\n", "utf-8")
        subprocess.run([sys.executable, "-c", "from mvr.cli import main; main()", "render", str(folder)], check=True)
        film = folder / "mvr-out" / "demo" / "film.mp4"
        from imageio_ffmpeg import get_ffmpeg_exe

        cut = ["-ss", "26", "-t", "15", "-i", str(film), "-c:v", "libx264", "-preset", "slow", "-crf", "24",
               "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart"]  # fmt: skip
        subprocess.run([get_ffmpeg_exe(), "-v", "error", "-y", *cut, str(HERE / "sketch" / "sample.mp4")], check=True)


def main() -> None:
    """Draws both, or what is named."""
    (HERE / "sketch").mkdir(exist_ok=True)
    wanted = sys.argv[1:] or ["sheets", "sample"]
    if "sheets" in wanted:
        sheets()
    if "sample" in wanted:
        sample()


if __name__ == "__main__":
    main()
