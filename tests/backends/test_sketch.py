"""The sketch: deterministic to the byte, never blank, and a character keeps her colours."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from mvr.backends import sketch
from mvr.backends.sketch import places
from mvr.media.probe import frames_of
from tests.desk import BenchDesk

MARA = {"name": "mara", "description": "woman with short black hair", "wardrobe": "a long red coat", "features": []}
ODE = {"name": "ode", "description": "old man with a white beard", "wardrobe": "a green jacket", "features": []}


def ask(sentence: str, *cast: dict[str, Any], size: tuple[int, int] = (180, 320), seed: int = 3) -> dict[str, Any]:
    """A keyframe's recipe."""
    return {
        "painter": {"name": "sketch", "identity": sketch.identity({})},
        "sentence": sentence,
        "prompt": sentence,
        "characters": list(cast),
        "style": {"look": "", "palette": ["#10173a", "#2f4b7c", "#f6e7cb"], "lighting": ""},
        "avoid": [],
        "size": list(size),
        "seed": seed,
    }


def moving(**changes: Any) -> dict[str, Any]:
    """A clip's recipe."""
    known = {"motion": "slow push in", "frames": 6, "fps": "12", "size": [180, 320], "seed": 3, "energy": 0.8}
    return {**known, "react": True, **changes}


def quietly(_: float) -> None:
    """Hears no progress."""


def paint(recipe: dict[str, Any]) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        made = sketch.paint(recipe, Path(folder), quietly)
        return {part: path.read_bytes() for part, path in made.items()}


def picture(recipe: dict[str, Any]) -> Any:
    return cv2.imdecode(np.frombuffer(paint(recipe)[""], np.uint8), cv2.IMREAD_COLOR)


def reddish(pixels: Any) -> float:
    """The share of pixels that are clearly red."""
    blue, green, red = (pixels[:, :, channel].astype(int) for channel in range(3))
    return float(np.mean((red > 90) & (red > green * 1.6) & (red > blue * 1.4)))


def test_the_same_recipe_gives_the_same_bytes_elsewhere(tmp_path: Path) -> None:
    """Still, layers and clip are the same to the byte in a fresh process."""
    recipe = ask("a wide shot of a rainy street at night", MARA)
    code = (
        "import hashlib, json, sys; from pathlib import Path; from mvr.backends import sketch\n"
        "recipe, moving, out = json.loads(sys.argv[1]), json.loads(sys.argv[2]), Path(sys.argv[3])\n"
        "made = sketch.paint(recipe, out, lambda _: None)\n"
        "clip = sketch.animate(moving, made[''], None, out, lambda _: None, layers=made['layers']).parts['']\n"
        "print(*(hashlib.sha256(path.read_bytes()).hexdigest() for path in (*made.values(), clip)))\n"
    )
    digests = []
    for name in ("a", "b"):
        out = tmp_path / name
        out.mkdir()
        ran = subprocess.run(
            [sys.executable, "-c", code, json.dumps(recipe), json.dumps(moving()), str(out)],
            capture_output=True,
            text=True,
            check=True,
        )
        digests.append(ran.stdout)
    assert digests[0] == digests[1]
    still = hashlib.sha256(paint(recipe)[""]).hexdigest()
    assert digests[0].startswith(still)


@pytest.mark.parametrize("place", sorted(places.all_places()))
def test_no_place_is_blank(place: str) -> None:
    """Every place gives a picture with light and dark in it."""
    seen = picture(ask(f"a wide shot of the {place} at dusk"))
    assert seen.shape == (320, 180, 3)
    assert seen.std() > 8


def test_places_differ_at_a_glance() -> None:
    """Two places in one palette, at one time, are different pictures below the sky that they share."""
    small = [
        cv2.resize(picture(ask(f"a wide shot of the {place} at dusk")), (12, 20)).astype(int)[10:]
        for place in ("street", "forest", "sea", "desert", "room")
    ]
    for index, one in enumerate(small):
        for other in small[index + 1 :]:
            assert np.abs(one - other).mean() > 6


def test_words_it_cannot_read_become_a_composition() -> None:
    """A sentence without a place it knows is still a picture."""
    assert picture(ask("qwxz of the unsayable")).std() > 8


def test_a_character_keeps_her_colours() -> None:
    """The red coat is red in a street, in a forest and at the sea; without her there is none of it."""
    for scene in ("street at night", "forest by day", "sea at dusk"):
        with_her = reddish(picture(ask(f"a medium shot in the {scene}", MARA)))
        without = reddish(picture(ask(f"a medium shot in the {scene}")))
        assert with_her > without + 0.02, scene


def test_two_characters_are_told_apart() -> None:
    """A red coat and a green jacket are two pictures."""
    one, other = (picture(ask("a medium shot in a room", who)) for who in (MARA, ODE))
    assert reddish(one) > reddish(other) + 0.02


@pytest.mark.parametrize("size", [(16, 16), (320, 180), (180, 320), (200, 200), (640, 64)])
def test_any_size(size: tuple[int, int]) -> None:
    """From the smallest frame to a strip, the still has the size that was asked for."""
    assert picture(ask("a street at night", MARA, size=size)).shape[:2] == (size[1], size[0])


@pytest.mark.parametrize("fps", ["12", "30000/1001"])
def test_a_clip_has_its_frames_and_moves(fps: str, tmp_path: Path) -> None:
    """A clip has exactly the frames that were asked for, at any rate, and its last frame is not its first."""
    recipe = ask("a street at night in the rain", MARA)
    made = sketch.paint(recipe, tmp_path, quietly)
    clip = sketch.animate(moving(fps=fps, frames=9), made[""], None, tmp_path, quietly, layers=made["layers"]).parts[""]
    assert frames_of(clip) == 9
    reader = cv2.VideoCapture(str(clip))
    assert abs(reader.get(cv2.CAP_PROP_FPS) - float(Fraction(fps))) < 0.01
    shown = [reader.read()[1].astype(int) for _ in range(9)]
    reader.release()
    assert np.abs(shown[0] - shown[-1]).mean() > 0.5


def test_a_clip_shows_itself_while_it_is_made(tmp_path: Path) -> None:
    """Once a second of film its maker hands a small JPEG on, and the clip is the same with nobody to look at it."""
    made = sketch.paint(ask("a street at night in the rain", MARA, size=(480, 320)), tmp_path, quietly)
    desk, wish = BenchDesk(tmp_path), moving(frames=13, size=[480, 320])
    parts = []
    for looks in (desk, None):
        clip = sketch.animate(wish, made[""], None, tmp_path, quietly, layers=made["layers"], desk=looks)
        parts.append(clip.parts[""].read_bytes())
    shown: list[Any] = [cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_COLOR) for one in desk.pictures]
    assert [one.shape for one in shown] == [(240, 360, 3)] * 2
    assert max(len(one) for one in desk.pictures) < 100_000
    assert parts[0] == parts[1]


def test_another_seed_is_another_picture() -> None:
    """A take is another seed, and looks another way."""
    assert paint(ask("a street", seed=1))[""] != paint(ask("a street", seed=2))[""]
