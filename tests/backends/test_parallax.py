"""Parallax: any still moves, near things more than far ones, smoothly, and no edge is ever seen."""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvr.backends import parallax
from mvr.backends.parallax import depth, path, warp
from mvr.errors import StageError
from mvr.media.probe import frames_of
from tests.backends.tiny_chat import need

MOVES = (*path.MOVES, "whip pan left", "slow truck right", "pull back fast", "nothing that it knows")
SOUND = {"kick": [0.0] * 12, "bass": [0.0] * 12, "loudness": [0.5] * 12, "beats": [0.0, 6.0]}


def ask(motion: str = "truck left", size: tuple[int, int] = (90, 160), frames: int = 12, **more: Any) -> dict[str, Any]:
    """A clip's recipe."""
    return {
        "animator": {"name": "parallax", "identity": parallax.identity({})},
        "motion": motion, "frames": frames, "fps": "12", "size": list(size), "seed": 3, "energy": 0.7, "react": True,
        **more,
    }  # fmt: skip


def photo(width: int = 240, height: int = 320) -> Any:
    """Ground, sky, and a bright figure in the middle; a red line runs around the very edge."""
    picture = np.empty((height, width, 3), np.uint8)
    picture[: height // 2], picture[height // 2 :] = (150, 110, 70), (60, 90, 60)
    picture[:: height // 16] //= 2
    cv2.ellipse(picture, (width // 2, height * 5 // 8), (width // 10, height // 5), 0, 0, 360, (230, 230, 240), -1)
    cv2.rectangle(picture, (0, 0), (width - 1, height - 1), (0, 0, 255), 1)
    return picture


def shown(recipe: dict[str, Any], picture: Any, heard: Any = None) -> list[Any]:
    """Every frame of a clip, BGR."""
    return [cv2.cvtColor(one, cv2.COLOR_YUV2BGR_I420) for one in parallax.frames(recipe, picture, heard)]


def looked(motion: str, picture: Any, size: tuple[int, int], seed: int = 3, seconds: float = 3.0) -> Any:
    """A shot and the cameras that look at it."""
    near, focus = parallax._depth({}, picture, None)
    moves = path.plan(motion, seconds, 0.8, seed, parallax._room(picture, *size), focus)
    cameras = [moves.at(step / 23, seconds * step / 23, kick=1.0, loud=1.0) for step in range(24)]
    return warp.Shot(picture, near, *size, cameras), cameras


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(MOVES),
    st.sampled_from([(90, 160), (160, 90), (64, 64), (16, 16), (200, 32)]),
    st.sampled_from([(240, 320), (320, 120), (50, 400), (33, 17)]),
    st.integers(0, 1 << 31),
)
def test_no_camera_sees_an_edge_or_a_fold(
    motion: str, size: tuple[int, int], still: tuple[int, int], seed: int
) -> None:
    """Whatever the move, the frame and the picture: every point lies inside, and neighbours keep their order."""
    shot, cameras = looked(motion, photo(*still), size, seed)
    x, y = np.meshgrid(*(np.linspace(-half, half, 40, dtype=np.float32) for half in shot.half))
    for camera in cameras:
        seen = shot.seen(np.stack([x, y]), camera)
        assert np.abs(seen[0]).max() <= shot.reach[0]
        assert np.abs(seen[1]).max() <= shot.reach[1]
        area = np.gradient(seen[0], axis=1) * np.gradient(seen[1], axis=0)
        area -= np.gradient(seen[0], axis=0) * np.gradient(seen[1], axis=1)
        assert area.min() > 0


@pytest.mark.parametrize("motion", ["truck left", "push in", "whip pan right", "dolly zoom"])
def test_the_edge_of_the_picture_is_never_shown(motion: str) -> None:
    """A line around the very edge of the picture is on no frame."""
    for frame in shown(ask(motion), photo()):
        blue, green, red = (frame[:, :, channel].astype(int) for channel in range(3))
        assert not ((red > 120) & (green < 60) & (blue < 60)).any()


def test_near_things_move_more_than_far_ones() -> None:
    """A truck moves the foot of the picture farther than its horizon; a pan moves both alike."""
    for motion, ratio in (("truck left", 1.5), ("pan left", 0.0)):
        shot, cameras = looked(motion, photo(180, 320), (90, 160))
        points = np.array([[0, 0], [-1.2, 1.2]], np.float32)
        way = np.abs(shot.seen(points, cameras[0])[0] - shot.seen(points, cameras[-1])[0])
        assert (way[1] > ratio * way[0]) if ratio else math.isclose(way[1], way[0], rel_tol=0.2)


@pytest.mark.parametrize(
    ("motion", "way"),
    [("truck left", (-1, 0)), ("pan right", (1, 0)), ("crane up", (0, -1)), ("tilt down", (0, 1))],
)
def test_the_camera_goes_where_the_words_say(motion: str, way: tuple[int, int]) -> None:
    """The frame travels over the picture left, right, up or down."""
    shot, cameras = looked(motion, photo(), (90, 160))
    middle = np.zeros((2, 1), np.float32)
    travelled = (shot.seen(middle, cameras[-1]) - shot.seen(middle, cameras[0]))[:, 0]
    for axis in (0, 1):
        assert np.sign(round(float(travelled[axis]), 2)) == way[axis]


def test_an_orbit_keeps_its_subject() -> None:
    """The subject hardly moves while what is behind it does."""
    shot, cameras = looked("orbit left", photo(180, 320), (90, 160))
    points = np.array([[0, 0], [0.3, -1.2]], np.float32)
    way = np.abs(shot.seen(points, cameras[0])[0] - shot.seen(points, cameras[-1])[0])
    assert way[0] < way[1] / 2


def test_a_locked_camera_stays() -> None:
    """Nothing moves where the words say so and no sound is heard."""
    frames = shown(ask("locked camera"), photo())
    assert all((frame == frames[0]).all() for frame in frames)


def test_moves_are_smooth() -> None:
    """From frame to frame the picture goes nearly as far as it did from the frame before."""
    for motion in ("truck left", "push in", "crane up", "roll left", "orbit right"):
        shot, cameras = looked(motion, photo(), (1080, 1920), seconds=1.0)
        steps = [shot.speed(one, other) for one, other in pairwise(cameras)]
        jumps = [abs(after - before) for before, after in pairwise(steps)]
        assert max(jumps) < 0.4 * max(steps), motion


def test_a_kick_is_seen_unless_it_may_not_be() -> None:
    """The sound moves the camera; with react off the clip is the same with and without it."""
    beat = {**SOUND, "kick": [0.0] * 4 + [1.0] + [0.0] * 7}
    for react, differs in ((True, True), (False, False)):
        one, other = (shown(ask(react=react), photo(), heard) for heard in (SOUND, beat))
        assert any((a != b).any() for a, b in zip(one, other, strict=True)) == differs


def test_a_whip_is_blurred_while_it_is_fast() -> None:
    """The first frames of a whip are soft along its way, and the last as sharp as those of a slow pan."""
    stripes = np.where(np.arange(240)[None, :, None] // 6 % 2, 220, 40).repeat(320, 0).repeat(3, 2).astype(np.uint8)
    whipped = shown(ask("whip pan left"), stripes)
    assert whipped[0].std() < 0.5 * whipped[-1].std()


def test_a_blur_shows_no_single_pictures() -> None:
    """A hard edge that a whip passes is one slope, and no flight of stairs: no pixel is far from its neighbours."""
    edge = np.where(np.arange(640)[None, :, None] < 320, 20, 230).repeat(480, 0).repeat(3, 2).astype(np.uint8)
    for frame in shown(ask("whip pan left", (640, 480), 6), edge)[:2]:
        row = frame[240, :, 1].astype(int)
        assert row.max() - row.min() > 150
        assert np.abs(np.diff(row)).max() < 15


def test_a_window_beyond_the_shot_goes_on_where_it_ends() -> None:
    """Frames for a transition: those inside are the clip's own to the bit, those beyond go on with the move."""
    whole = shown(ask(), photo())
    beyond = shown(ask(window=[8, 15]), photo())
    assert len(beyond) == 7
    assert all((one == other).all() for one, other in zip(whole[8:], beyond, strict=False))
    assert (beyond[-1] != whole[-1]).any()
    before = shown(ask(window=[-3, 0]), photo())
    assert (before[0] != whole[0]).any()


@pytest.mark.parametrize("size", [(16, 16), (34, 18), (640, 64)])
def test_any_size_and_rate(size: tuple[int, int], tmp_path: Path) -> None:
    """A clip has exactly its frames, at any size and rate, of a picture of any shape."""
    cv2.imwrite(str(tmp_path / "still.jpg"), photo(31, 77))
    recipe = ask("pull back", size, 5, fps="30000/1001")
    clip = parallax.animate(recipe, tmp_path / "still.jpg", None, tmp_path, lambda _: None)
    assert frames_of(clip) == 5


def test_the_same_recipe_gives_the_same_bytes_elsewhere(tmp_path: Path) -> None:
    """A clip is the same to the byte in a fresh process."""
    cv2.imwrite(str(tmp_path / "still.png"), photo())
    code = (
        "import json, sys; from pathlib import Path; from mvr.backends import parallax\n"
        "parallax.animate(json.loads(sys.argv[1]), Path(sys.argv[2]), None, Path(sys.argv[3]), lambda _: None)\n"
    )
    there = tmp_path / "there"
    there.mkdir()
    subprocess.run([sys.executable, "-c", code, json.dumps(ask()), str(tmp_path / "still.png"), str(there)], check=True)
    clip = parallax.animate(ask(), tmp_path / "still.png", None, tmp_path, lambda _: None)
    assert clip.read_bytes() == (there / "clip.mp4").read_bytes()


def test_its_pictures_are_those_of_its_version() -> None:
    """Other pictures from the same still ask for another VERSION."""
    small = [
        cv2.resize(one, (3, 4), interpolation=cv2.INTER_AREA) // 4
        for motion in ("truck left", "orbit right", "dolly zoom", "whip pan left", "handheld push in")
        for one in shown(ask(motion), photo())[::4]
    ]
    seen = hashlib.sha256(b"".join(one.tobytes() for one in small)).hexdigest()
    assert (parallax.VERSION, seen[:12]) == (4, "3c77fc9e1b69")


def test_what_is_no_picture_is_told(tmp_path: Path) -> None:
    """Without a still, or with one that cannot be read, the job fails with a sentence."""
    with pytest.raises(StageError, match="no still"):
        parallax.animate(ask(), None, None, tmp_path, lambda _: None)
    (tmp_path / "still.png").write_bytes(b"no picture")
    with pytest.raises(StageError, match="cannot be read"):
        parallax.animate(ask(), tmp_path / "still.png", None, tmp_path, lambda _: None)


def test_steep_depth_is_smoothed_until_nothing_tears() -> None:
    """A cliff of depth becomes a slope no steeper than asked for, and near stays nearer than far."""
    cliff = np.zeros((96, 54), np.float32)
    cliff[:, 20:34] = 1.0
    grid = depth.nearness(cliff, 2.0, (1.5 / 54, 2.67 / 96))
    assert np.abs(np.gradient(grid, axis=1)).max() / (1.5 / 54) <= 2.0
    assert grid[48, 27] > grid[48, 2] + 0.1


@pytest.mark.models
def test_a_depth_estimator_is_looked_through(tmp_path: Path) -> None:
    """An estimator's weights from a folder give the depth, are in the key by content, and are loaded once."""
    need("torch", "transformers", "safetensors")
    import torch
    from transformers import DepthAnythingConfig, DepthAnythingForDepthEstimation, Dinov2Config

    from tests.desk import BenchDesk

    def estimator(seed: int) -> Path:
        torch.manual_seed(seed)
        seer = Dinov2Config(
            image_size=56, patch_size=14, hidden_size=16, num_hidden_layers=4, num_attention_heads=2, mlp_ratio=2,
            out_features=["stage1", "stage2", "stage3", "stage4"], reshape_hidden_states=False,
        )  # fmt: skip
        config = DepthAnythingConfig(
            backbone_config=seer, reassemble_hidden_size=16, neck_hidden_sizes=[4, 8, 12, 16], fusion_hidden_size=8,
            head_hidden_size=4, reassemble_factors=[4, 2, 1, 0.5],
        )  # fmt: skip
        folder = tmp_path / f"depth{seed}"
        DepthAnythingForDepthEstimation(config).save_pretrained(folder)
        (folder / "preprocessor_config.json").write_text('{"size": {"height": 56, "width": 56}}')
        return folder

    desk = BenchDesk(tmp_path)
    made = []
    for folder in (estimator(1), estimator(2)):
        options = {"depth": str(folder), "revision": ""}
        assert parallax.lacks(options) is None
        recipe = ask(animator={"name": "parallax", "identity": parallax.identity(options)}, how=parallax.how(options))
        made.append((recipe, [frame.copy() for frame in parallax.frames(recipe, photo(), None, desk)]))
        assert list(desk._kept) == [parallax.resident(options)]
    (one, first), (two, second) = made
    assert one["animator"] != two["animator"]
    assert any((a != b).any() for a, b in zip(first, second, strict=True))
