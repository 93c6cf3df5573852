"""Parallax: any still becomes a moving shot; near things move more than far ones, as before a camera that moves.

path reads the motion words; depth says how near each part of the picture is; warp draws each frame by one backward
warp, which shows neither holes nor edges. It needs no GPU; with `depth:` a depth estimator's weights see the picture.
The same recipe gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mvr.backends import _weights
from mvr.engine.job import Desk
from mvr.errors import StageError

NAME = "parallax"
VERSION = 4
SUMMARY = "moves the camera over any still, near things more than far ones, to the music; no GPU, no weights"
OPTIONS: dict[str, tuple[Any, Any]] = {
    "depth": (
        {
            "type": "string",
            "description": "A depth estimator of transformers (Depth-Anything), by its name on the hub or its folder "
            "from the root; left out, depth is guessed.",
        },
        "",
    ),
    "revision": (
        {
            "type": "string",
            "format": "mvr-commit",
            "pattern": "^[0-9a-f]{40}$",
            "title": "a commit of 40 hex digits, in quotes",
            "description": "The estimator's commit on the hub; a folder has none.",
        },
        "",
    ),
}
WEIGHTS = "depth"
ANIMATOR_LANE = "cpu"
WINDOWS = True
READS = ("still", "sound")
"""What the animator reads beside its recipe."""

Ask = Mapping[str, Any]
Progress = Callable[[float], None]

LIBRARIES = ("torch", "transformers", "safetensors")
BLUR = 0.02
"""A frame in which the picture moves farther (in units: 14 pixels of 1080x1920) is blurred as by a camera's shutter."""

BEYOND = 0.5
"""Seconds for which the camera goes on beyond each end of a shot, for a transition; then it stands."""

SHUTTER = 0.5  # of a frame's time that the shutter is open
GAP = 8  # pixels of the frame from one picture of a blur to the next


def identity(options: Mapping[str, Any]) -> Any:
    """The version, and the estimator's weights where one is named."""
    if not options.get("depth"):
        return {"version": VERSION}
    return {"version": VERSION, "depth": _weights.identity(options["depth"], options["revision"])}


def how(options: Mapping[str, Any]) -> Any:
    """Where the weights are named: a folder may move and hold the same."""
    return {"depth": options["depth"], "revision": options["revision"]} if options.get("depth") else {}


def resident(options: Mapping[str, Any]) -> str:
    """What its estimator is called in a worker's memory; nothing where there is none."""
    return _called(identity(options)["depth"]) if options.get("depth") else ""


def rests_on(options: Mapping[str, Any]) -> Sequence[Path]:
    """The weights, where they lie in a folder of the user."""
    return _weights.rests_on(options["depth"]) if options.get("depth") else ()


def _called(weights: Any) -> str:
    return f"depth {json.dumps(weights, sort_keys=True)}"


def lacks(options: Mapping[str, Any]) -> str | None:
    """The libraries or the weights of an estimator that is named; else nothing."""
    if not options.get("depth"):
        return None
    absent = [name for name in LIBRARIES if find_spec(name) is None]
    if absent:
        return f"{', '.join(absent)} {'is' if len(absent) == 1 else 'are'} not installed: pip install 'mvr[gpu]'"
    return _weights.lacks(options["depth"], options["revision"])


def animate(
    ask: Ask,
    still: Path | None,
    sound: Path | None,
    out: Path,
    progress: Progress,
    layers: Path | None = None,
    desk: Desk | None = None,
) -> Path:
    """A clip of a still, of exactly the frames asked for.

    ask: the recipe of stages/clip; with `window`, [first, end) in frames from the shot's start, of those frames alone.
    Raises StageError where there is no still, it is no picture, or ffmpeg fails.
    """
    from mvr.media.encode import VideoWriter

    if still is None:
        raise StageError("parallax has no still to move", "name a painter in make.painter")
    heard = json.loads(sound.read_text("utf-8")) if sound is not None else None
    width, height = ask["size"]
    first, end = ask.get("window") or (0, int(ask["frames"]))
    path, count = out / "clip.mp4", int(end) - int(first)
    with VideoWriter(path, width=width, height=height, fps=Fraction(str(ask["fps"]))) as writer:
        for index, frame in enumerate(frames(ask, _picture(still), heard, desk)):
            writer.write(frame)
            if index % 6 == 0:
                progress(index / count)
    return path


def frames(ask: Ask, picture: Any, heard: Any, desk: Desk | None = None) -> Iterator[Any]:
    """Every frame as I420; each is valid until the next is asked for. heard: the shot's sound document, or None."""
    from mvr.backends import _pulse

    from . import path, warp

    count, rate = int(ask["frames"]), float(Fraction(str(ask["fps"])))
    width, height = ask["size"]
    near, focus = _depth(ask, picture, desk)
    room = _room(picture, width, height)
    shot_path = path.plan(
        str(ask.get("motion") or ""), count / rate, float(ask.get("energy") or 0.5), int(ask["seed"]), room, focus
    )
    pulse = _pulse.pulse(heard, count, rate, bool(ask.get("react", True)))
    way = [*pulse.way, pulse.way[-1] + (pulse.way[-1] - pulse.way[-2] if count > 1 else 1 / rate)]

    def camera(moment: float) -> path.Camera:
        moment = min(max(moment, -BEYOND * rate), count + BEYOND * rate)
        index = min(count - 1, max(0, int(moment)))
        passed = way[index] + (way[index + 1] - way[index]) * (moment - index)
        kick, loud = pulse.kick[index], pulse.loud[index]
        return shot_path.at(passed / way[-1], moment / rate, kick, loud)

    ends = -BEYOND * rate, count + BEYOND * rate
    cameras = [camera(index + 0.5 * SHUTTER) for index in range(count)]
    shot = warp.Shot(picture, near, width, height, [*cameras, *map(camera, ends), camera(0.0), camera(count - 1e-6)])
    for index in range(*(ask.get("window") or (0, count))):
        now = camera(index + 0.5 * SHUTTER)
        speed = shot.speed(now, camera(index + SHUTTER)) * 2 if "whip" in shot_path.kinds else 0.0
        if speed < BLUR:
            yield shot.draw([now])
        else:
            smeared = shot.across(camera(index), camera(index + SHUTTER))
            many = min(40, max(4, round(smeared / GAP) + 1))
            moments = [camera(index + SHUTTER * part / (many - 1)) for part in range(many)]
            yield shot.draw(moments, round(smeared / (many - 1)))


def _picture(still: Path) -> Any:
    """BGR pixels of a picture file."""
    import cv2
    import numpy as np

    picture = cv2.imdecode(np.frombuffer(still.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise StageError(f"{still.name} cannot be read", "it is no picture, or it is cut short")
    return picture


def _room(picture: Any, width: int, height: int) -> tuple[float, float]:
    """How far a picture reaches beyond a frame that it covers, to either side, in units of the frame."""
    unit = (width * height) ** 0.5 / 2
    half = (width / 2 / unit, height / 2 / unit)
    rows, columns = picture.shape[:2]
    cover = max(2 * half[0] / columns, 2 * half[1] / rows)
    return columns * cover / 2 - half[0], rows * cover / 2 - half[1]


def _depth(ask: Ask, picture: Any, desk: Desk | None) -> tuple[Any, float]:
    """The grid of depths of a picture, 0 (far) to 1, and how near its subject is (nearness, FAR to 1)."""
    import numpy as np

    from . import depth

    named = (ask.get("how") or {}).get("depth")
    if named:
        revision = ask["how"]["revision"]
        folder = _weights.here(named, revision)

        def load() -> depth.Estimator:
            return depth.Estimator(folder)

        name = _called(ask["animator"]["identity"]["depth"])
        model = desk.resident(name, load) if desk is not None else load()
        grid = depth.estimated(picture, model)
    else:
        grid = depth.prior(picture)
    low, high = float(grid.min()), float(grid.max())
    grid = (grid - low) / max(1e-6, high - low)
    rows, columns = grid.shape
    middle = grid[rows // 4 : rows - rows // 6, columns // 4 : columns - columns // 4]
    focus = depth.FAR + (1 - depth.FAR) * float(np.percentile(middle, 80))
    return grid, round(focus, 5)
