"""The sketch in motion: windows that continue each other, hits that are held back, and `react: none`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mvr.backends import sketch
from mvr.backends.sketch import compose, motion
from mvr.backends.sketch.pulse import pulse
from tests import flashes
from tests.backends.test_sketch import MARA, ask, moving, paint, quietly


def song(frames: int, fps: float = 24.0, every: float = 12.0) -> dict[str, Any]:
    """A shot's sound document with a kick every so many frames."""
    kick = [round(0.85 ** (index % every), 3) if index >= every else 0.0 for index in range(frames)]
    level = [0.7] * frames
    beats = [float(index) for index in range(0, frames, int(every))]
    return {"kick": kick, "snare": [0.0] * frames, "bass": level, "loudness": level, "vocals": level, "beats": beats}


def shown(recipe: dict[str, Any], sentence: str, sound: dict[str, Any] | None) -> list[Any]:
    drawn, pictures = compose.scene({**ask(sentence, MARA), "size": recipe["size"]}, quietly)
    return [frame.copy() for frame in motion.frames(drawn, pictures, recipe, motion.heard(sound, recipe))]


@pytest.mark.parametrize("words", ["slow push in", "handheld, truck left", "whip pan", "orbit"])
def test_windows_continue_each_other(words: str) -> None:
    """A frame is the same in every window that holds it, before the shot, within it and after it."""
    recipe = moving(motion=words, frames=12, size=[90, 160])
    sound = song(12, every=4)
    wide = shown({**recipe, "window": [-4, 16]}, "she sings on a street in the rain", sound)
    own = shown(recipe, "she sings on a street in the rain", sound)
    tail = shown({**recipe, "window": [10, 16]}, "she sings on a street in the rain", sound)
    assert all(np.array_equal(one, other) for one, other in zip(wide[4:16], own, strict=True))
    assert all(np.array_equal(one, other) for one, other in zip(wide[14:], tail, strict=True))
    assert not np.array_equal(wide[0], wide[3])
    assert not np.array_equal(tail[-1], tail[-2])


def test_a_clip_of_a_window_has_the_windows_frames(tmp_path: Path) -> None:
    """Eight frames before the shot and eight after it make a clip sixteen frames longer."""
    from mvr.media.probe import frames_of

    (tmp_path / "layers.zip").write_bytes(paint(ask("a street", size=(64, 64)))["layers"])
    recipe = moving(frames=9, size=[64, 64], window=[-8, 17])
    made = sketch.animate(recipe, None, None, tmp_path, quietly, layers=tmp_path / "layers.zip")
    assert frames_of(made.parts[""]) == 25


def test_more_than_three_hits_in_a_second_are_held_back() -> None:
    """Of sixteen kicks in two seconds three in each are followed in full, and the clip's record says so."""
    fast = pulse(song(48, every=3), 48, 24.0, True)
    kicks = [beat.kick for beat in fast.frames]
    tall = [index for index in range(1, 48) if kicks[index] > 0.5 and kicks[index] > kicks[index - 1] + 0.1]
    for start in range(24):
        assert sum(start <= index < start + 24 for index in tall) <= 3
    assert fast.eased >= fast.hits / 2
    assert "held back" not in str(sketch._told(5, pulse(song(48), 48, 24.0, True)))
    assert f"eased {fast.eased} of {fast.hits}" in sketch._told(5, fast)["react"]


def test_react_none_hears_nothing() -> None:
    """With react off, a clip is the same whatever is heard."""
    recipe = moving(frames=8, size=[90, 160], react=False)
    loud, quiet = (shown(recipe, "a club at night", sound) for sound in (song(8, every=4), None))
    assert all(np.array_equal(one, other) for one, other in zip(loud, quiet, strict=True))
    on = shown({**recipe, "react": True}, "a club at night", song(8, every=4))
    assert not all(np.array_equal(one, other) for one, other in zip(loud, on, strict=True))


def test_hits_are_strongest_where_the_music_is() -> None:
    """The same kick moves more in a chorus than in a quiet verse."""
    loud, quiet = (pulse(song(24), 24, 24.0, True, energy).at(12).kick for energy in (1.0, 0.1))
    assert loud > 1.5 * quiet


def strobe(frames: int, every: int, size: int = 48) -> list[Any]:
    """Frames that are dark and light in turn."""
    return [np.full((size, size, 3), 230 if index // every % 2 else 20, np.uint8) for index in range(frames)]


def test_flashes_are_counted_as_wcag_counts_them() -> None:
    """A strobe of six changes a second is three flashes; a slow fade, a small lamp and faint waves are none."""
    assert flashes.most(strobe(48, 4), 24.0)["general"] == 3
    assert flashes.most(strobe(48, 2), 24.0)["general"] == 6
    fade = [np.full((48, 48, 3), 4 * index, np.uint8) for index in range(48)]
    faint = [np.full((48, 48, 3), 120 + 8 * (index % 2), np.uint8) for index in range(48)]
    lamp = [frame.copy() for frame in strobe(48, 2)]
    for frame in lamp:
        frame[:, 6:], frame[6:] = 20, 20
    assert [flashes.most(each, 24.0)["general"] for each in (fade, faint, lamp)] == [0, 0, 0]
    red = [np.full((48, 48, 3), (0, 0, 255 * (index // 3 % 2)), np.uint8) for index in range(48)]
    assert flashes.most(red, 24.0)["red"] == 4


@pytest.mark.parametrize("sentence", ["a club at night in red light", "a concert on stage", "a storm over the sea"])
def test_no_film_flashes_more_than_three_times_a_second(sentence: str, tmp_path: Path) -> None:
    """With a kick on every third frame, in a place full of lamps, the decoded clip stays within WCAG 2.3.1, and the
    frame's mean light follows by at most a tenth."""
    sound, recipe = song(36, every=3), moving(motion="locked", frames=36, fps="24", size=[90, 160], energy=1.0)
    drawn, pictures = compose.scene({**ask(sentence, MARA), "size": [90, 160]}, quietly)
    frames = motion.frames(drawn, pictures, recipe, motion.heard(sound, recipe))
    decoded = list(flashes.decoded(motion.film(tmp_path / "clip.mp4", recipe, frames, quietly)))
    assert len(decoded) == 36
    assert max(flashes.most(decoded, 24.0).values()) <= 3
    means = np.array([frame.mean() for frame in decoded])
    assert means.max() <= 1.1 * means.min() or "storm" in sentence
