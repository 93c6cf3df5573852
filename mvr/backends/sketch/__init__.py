"""The sketch: an embedded painter and animator that draws layered scenes from a shot's words.

It needs no GPU, no weights and no network. words and reading understand the sentence; palette chooses colours; places,
things and figure put layers into a FilmSet; compose draws each layer once, by resvg; animate moves them frame by frame
with OpenCV and hands them to the encoder. The same recipe gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mvr.engine.job import Made

NAME = "sketch"
VERSION = 14
SUMMARY = "draws layered scenes from the shot's words and moves them to the music; no GPU, no weights, no network"
OPTIONS: dict[str, tuple[Any, Any]] = {
    "words": (
        {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Words of your own, each with a word that the sketch knows: {jalopy: car, gloaming: dusk}.",
        },
        {},
    )
}
PAINTER_LANE = "cpu"
ANIMATOR_LANE = "cpu"
WINDOWS = True
PARTS = ("layers",)
"""What its stills come with."""

READS = ("still", "layers", "sound")
"""What the animator reads beside its recipe."""

Ask = Mapping[str, Any]
Progress = Callable[[float], None]


def identity(options: Mapping[str, Any]) -> Any:
    """What decides the pictures beside the recipe: the version alone."""
    return {"version": VERSION, **options}


def lacks(options: Mapping[str, Any]) -> str | None:
    """Nothing is ever missing."""
    return None


def paint(ask: Ask, out: Path, progress: Progress, desk: object = None) -> dict[str, Path]:
    """The still of a shot, and its layers. ask: the recipe of stages/keyframe."""
    from . import compose, motion, scene

    drawn, pictures = compose.scene(ask, lambda share: progress(share * 0.9))
    still, layers = out / "still.png", out / "layers.zip"
    still.write_bytes(motion.still(drawn, pictures, *ask["size"]))
    scene.pack(drawn, pictures, layers)
    return {"": still, "layers": layers}


def portrait(ask: Ask, out: Path, progress: Progress, references: Sequence[Path] = (), desk: object = None) -> Path:
    """A character before a plain ground. ask: the recipe of stages/portrait; references are not looked at."""
    from . import compose, motion

    words = {**ask, "sentence": "medium shot, facing camera, abstract", "characters": [ask["character"]]}
    drawn, pictures = compose.scene(words, progress)
    path = out / "portrait.png"
    path.write_bytes(motion.still(drawn, pictures, *ask["size"]))
    return path


def animate(
    ask: Ask,
    still: Path | None,
    sound: Path | None,
    out: Path,
    progress: Progress,
    layers: Path | None = None,
    desk: object = None,
) -> Made:
    """A clip of a still: of its layers where they are given, else of the picture as one layer.

    ask: the recipe of stages/clip; with `window`, [first, end) in frames from the shot's start, of those frames alone.
    The provenance says how many layers move, and how many hits of the music are held back. Raises StageError where
    neither is given, or ffmpeg fails.
    """
    from mvr.errors import StageError

    from . import compose, scene
    from . import motion as mover

    if layers is not None:
        drawn, pictures = scene.unpack(layers)
    elif still is not None:
        drawn, pictures = compose.picture(still.read_bytes(), *ask["size"])
    else:
        raise StageError("the sketch has no still to move", "name a painter in make.painter")
    pulse = mover.heard(_document(sound), ask)
    show = getattr(desk, "progress", None)
    clip = mover.film(out / "clip.mp4", ask, mover.frames(drawn, pictures, ask, pulse), progress, show)
    return Made({"": clip}, _told(len(drawn.items), pulse))


def standin(ask: Ask, sound: Path | None, out: Path, progress: Progress) -> Made:
    """Still and clip in one go, with a badge if one is named. ask: the recipe of stages/standin."""
    from . import compose
    from . import motion as mover

    drawn, pictures = compose.scene(ask, lambda share: progress(share * 0.2))
    pulse = mover.heard(_document(sound), ask)
    frames = mover.frames(drawn, pictures, ask, pulse)
    if ask.get("badge"):
        from .badge import badged

        frames = badged(frames, ask["badge"], out / "badge.png", *ask["size"])
    film = mover.film(out / "standin.mp4", ask, frames, lambda share: progress(0.2 + share * 0.8))
    return Made({"": film}, _told(len(drawn.items), pulse))


def _told(layers: int, pulse: Any) -> dict[str, Any]:
    """What the record says of a clip."""
    told: dict[str, Any] = {"drawn": f"sketch {VERSION}, an animatic", "layers": layers}
    if pulse.eased:
        told["react"] = f"eased {pulse.eased} of {pulse.hits} hits: at most 3 in a second move the light"
    return told


def _document(path: Path | None) -> Any:
    return json.loads(path.read_text("utf-8")) if path is not None else None
