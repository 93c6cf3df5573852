"""Animators of diffusers: what decides their clips, how they go down in memory, and clips of tiny random models."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mvr.backends import _weights, backend
from mvr.backends._diffusion import rungs
from mvr.engine.job import Cancelled, Made
from mvr.errors import StageError
from mvr.media.probe import probe
from mvr.project import form
from tests.backends.tiny_chat import need
from tests.desk import BenchDesk

ANIMATORS = ("ltx", "wan", "svd", "cogvideox", "mochi")
LIBRARIES = ("torch", "diffusers", "transformers", "peft", "ftfy")
ROOT = Path(__file__).parent.parent.parent
TINY = {
    "ltx": "ltx",
    "ltx later": "ltx_later",
    "wan": "wan_still",
    "wan words": "wan_words",
    "svd": "svd",
    "cogvideox": "cogvideox",
    "mochi": "mochi",
}
"""Families, as they are told by a tiny model of tiny_animators."""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes what this user has in a cache, or knows how far a worker was driven down."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("HF_HOME", raising=False)
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setattr(_weights, "_known", {})
    monkeypatch.setattr("mvr.backends._diffusion.animator._floors", {})


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    need(*LIBRARIES)
    from tests.backends import tiny_animators as tiny

    folder = tmp_path_factory.mktemp("models")
    return {name: getattr(tiny, made)(folder / made) for name, made in TINY.items()}


@pytest.fixture(scope="module")
def whole(models: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The digest of the clip that tests begin from: LTX, 9 frames, made where memory is not short."""
    return digest(animated(tmp_path_factory.mktemp("whole"), asked("ltx", tiny("ltx", models["ltx"]))))


def options(name: str, **written: Any) -> dict[str, Any]:
    return {option: default for option, (_, default) in backend(name).OPTIONS.items()} | written


def tiny(name: str, folder: Path, **written: Any) -> dict[str, Any]:
    return options(name, model=str(folder), steps=2, size="64x64", dtype="float32") | written


def asked(name: str, wanted: dict[str, Any], frames: Any = 9, **more: Any) -> dict[str, Any]:
    animator = backend(name)
    ask = {
        "animator": {"name": name, "identity": animator.identity(wanted)},
        "prompt": "a street in the rain",
        "motion": "slow push in",
        "frames": frames,
        "fps": "12",
        "size": [64, 64],
        "seed": 3,
        "how": animator.how(wanted),
    }
    return ask | more


def still(folder: Path) -> Path:
    import cv2
    import numpy as np

    path = folder / "still.png"
    cv2.imwrite(str(path), np.linspace(0, 255, 80 * 64 * 3).reshape(80, 64, 3).astype(np.uint8))
    return path


def animated(folder: Path, ask: dict[str, Any], desk: BenchDesk | None = None, *, words: bool = False) -> Made:
    folder.mkdir(exist_ok=True)
    made: Made = backend(ask["animator"]["name"]).animate(
        ask, None if words else still(folder), None, folder, lambda _: None, desk=desk or BenchDesk(folder)
    )
    return made


def digest(made: Made) -> str:
    return hashlib.sha256(made.parts[""].read_bytes()).hexdigest()


# what needs no weights


@pytest.mark.parametrize("name", ANIMATORS)
def test_a_family_is_an_animator_like_any_other(name: str) -> None:
    """Its options have schemas, its numbers are data, its sizes and lengths are on its lattice."""
    animator = backend(name)
    wanted = options(name)
    assert [
        wrong for option, value in wanted.items() for wrong in form.wrongs(value, animator.OPTIONS[option][0])
    ] == []
    timing = animator.timing(wanted)
    assert timing.bucket(timing.most) == timing.most <= timing.longest
    assert timing.bucket(timing.most - 1) in (timing.most, timing.most - 1)
    for width, height in ((1080, 1920), (1920, 1080), (1080, 1080)):
        assert all(side % 16 == 0 for side in animator.canvas(wanted, width, height))
    for size in ("65x64", "8x8", "20000x20000"):
        assert "size" in {option for option, _, _ in animator.wrongs({**wanted, "size": size})}


@pytest.mark.parametrize("name", ANIMATORS)
def test_every_setting_that_is_seen_is_in_the_key(name: str) -> None:
    """Another value of any option is another identity; where the weights lie is none."""
    base = backend(name).identity(options(name, revision="a" * 40))
    others = {
        "model": "someone/else",
        "revision": "b" * 40,
        "steps": 7,
        "guidance": 1.5,
        "dtype": "float32",
        "allow": ["vae-tiling"],
        "motion_bucket": 30,
        "noise": 0.5,
    }
    for option in set(options(name)) - {"size"}:  # the size is in the recipe of every clip
        changed = backend(name).identity(options(name, revision="a" * 40) | {option: others[option]})
        assert changed != base, option


def test_a_family_says_whether_it_needs_a_still() -> None:
    """SVD moves a still alone, Mochi needs none, LTX does both, Wan as the chosen model does."""
    assert backend("svd").wordless(options("svd")) == (True, False)
    assert backend("mochi").wordless(options("mochi")) == (False, True)
    assert backend("ltx").wordless(options("ltx")) == (True, True)
    assert backend("wan").wordless(options("wan", model="Wan-AI/Wan2.1-T2V-1.3B-Diffusers")) == (False, True)


def test_a_model_of_one_size_is_asked_for_no_other() -> None:
    """The first CogVideoX that moves stills fails at any size but its own: it is told before its weights load."""
    first = options("cogvideox", model="zai-org/CogVideoX-5b-I2V")
    assert backend("cogvideox").canvas(first, 1080, 1920) == (720, 480)
    assert backend("cogvideox").wrongs(first | {"size": "720x480"}) == []
    ((option, found, hint),) = backend("cogvideox").wrongs(first | {"size": "480x720"})
    assert (option, found, "720x480 alone" in hint) == ("size", "480x720", True)


def test_a_model_of_a_folder_is_taken_as_what_it_is(tmp_path: Path) -> None:
    """CogVideoX and CogVideoX1.5 have one pipeline, and other rates, lengths and sizes: tokens tell them apart."""
    (tmp_path / "transformer").mkdir()
    (tmp_path / "model_index.json").write_text(json.dumps({"_class_name": "CogVideoXImageToVideoPipeline"}))
    found = []
    for depth, channels in ((2, 32), (None, 32), (None, 16)):
        form = {"patch_size_t": depth, "in_channels": channels, "out_channels": 16}
        (tmp_path / "transformer" / "config.json").write_text(json.dumps(form))
        wanted = options("cogvideox", model=str(tmp_path))
        timing = backend("cogvideox").timing(wanted)
        found.append((timing.longest, timing.rates, backend("cogvideox").wordless(wanted)))
    assert found == [
        (161, (Fraction(16),), (True, False)),
        (49, (Fraction(8),), (True, False)),
        (49, (Fraction(8),), (False, True)),
    ]


@pytest.mark.models
@pytest.mark.parametrize(("name", "called"), [("ltx later", "LTXConditionPipeline"), ("wan", "WanDMDPipeline")])
def test_a_folder_may_call_its_pipeline_otherwise(
    name: str, called: str, models: dict[str, Path], tmp_path: Path
) -> None:
    """LTX-Video 0.9.7 and FastVideo's Wan name pipelines with the same parts, of which diffusers may not know."""
    shutil.copytree(models[name], tmp_path / "model")
    index = json.loads((tmp_path / "model" / "model_index.json").read_text())
    (tmp_path / "model" / "model_index.json").write_text(json.dumps({**index, "_class_name": called}))
    family = name.partition(" ")[0]
    wanted = tiny(family, tmp_path / "model", steps=1)
    assert backend(family).lacks(wanted) is None
    frames = backend(family).timing(wanted).bucket(5)
    made, again = (digest(animated(tmp_path, asked(family, wanted, frames))) for _ in range(2))
    assert made == again


def test_less_memory_is_a_lower_rung() -> None:
    """Each rung takes less than the one above it; the first that fits is taken, and the last is tried at worst."""
    load = rungs.Load({"transformer": 10 << 30, "text_encoder": 11 << 30, "vae": 1 << 30}, 30, 2 << 30, 6 << 30)
    ladder = rungs.ladder(["nf4", "vae-tiling"])
    assert ladder == ("resident", "model offload", "group offload", "vae-tiling", "nf4")
    peaks = [load.peak(rung) for rung in ladder]
    assert peaks == sorted(peaks, reverse=True)
    assert rungs.first(load, ladder, 80 << 30) == 0
    assert rungs.first(load, ladder, 16 << 30) == 1
    assert rungs.first(load, ladder, 8 << 30) == 2
    assert rungs.first(load, ladder, 1 << 30) == len(ladder) - 1
    assert rungs.ladder([]) == rungs.LOSSLESS


# tiny models


@pytest.mark.models
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # diffusers' own, with numpy 2
@pytest.mark.filterwarnings("ignore:In CPU autocast:UserWarning")  # of Mochi's float32
@pytest.mark.parametrize(
    ("name", "frames"), [("ltx", 9), ("wan", 5), ("wan words", 5), ("svd", 3), ("cogvideox", 9), ("mochi", 7)]
)
def test_a_family_makes_its_frames(name: str, frames: int, models: dict[str, Path], tmp_path: Path) -> None:
    """A clip of exactly the frames and the size of its recipe, shown while it is made; the rung is told."""
    family = name.partition(" ")[0]
    wanted = tiny(family, models[name])
    assert backend(family).lacks(wanted) is None
    words, desk = name in ("wan words", "mochi"), BenchDesk(tmp_path)
    made = animated(tmp_path, asked(family, wanted, frames), desk, words=words)
    assert (len(desk.fractions), len(desk.pictures)) == (2, 1)
    (video,) = probe(made.parts[""]).videos
    assert (video.width, video.height, video.frames, video.fps) == (64, 64, frames, Fraction(12))
    assert made.provenance["rung"] == "resident"


@pytest.mark.models
def test_what_decides_a_clip_decides_it(models: dict[str, Path], whole: str, tmp_path: Path) -> None:
    """The same again is the same bytes; another seed, other words, another motion, no still: another clip."""
    desk = BenchDesk(tmp_path)
    ask = asked("ltx", tiny("ltx", models["ltx"]))
    assert digest(animated(tmp_path, ask, desk)) == whole
    for change in ({"seed": 4}, {"prompt": "a forest"}, {"motion": "pull back"}):
        assert digest(animated(tmp_path, ask | change, desk)) != whole, change
    assert digest(animated(tmp_path, ask, words=True)) != whole


@pytest.mark.models
def test_a_fresh_process_makes_the_same_bytes(models: dict[str, Path], whole: str, tmp_path: Path) -> None:
    """Nothing of a clip comes from the process."""
    ask = asked("ltx", tiny("ltx", models["ltx"]))
    there = tmp_path / "there"
    there.mkdir()
    code = (
        "import json, sys; from pathlib import Path\n"
        "from mvr.backends import backend; from tests.desk import BenchDesk\n"
        "out = Path(sys.argv[2]); ask = json.loads(sys.argv[1])\n"
        "backend('ltx').animate(ask, Path(sys.argv[3]), None, out, lambda _: None, desk=BenchDesk(out))\n"
    )
    said = [sys.executable, "-c", code, json.dumps(ask), str(there), str(still(tmp_path))]
    subprocess.run(said, check=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True)
    assert hashlib.sha256((there / "clip.mp4").read_bytes()).hexdigest() == whole


@pytest.mark.models
def test_a_long_shot_is_chained_from_its_last_frame(models: dict[str, Path], tmp_path: Path) -> None:
    """Two pieces of 9 frames share one: 17 frames, and the first 9 are those of the first piece alone."""
    wanted = tiny("ltx", models["ltx"])
    whole = animated(tmp_path / "a", asked("ltx", wanted, [9, 9], pieces="chain"))
    split = animated(tmp_path / "b", asked("ltx", wanted, [7, 5], pieces="beats"))
    assert probe(whole.parts[""]).videos[0].frames == 17
    assert probe(split.parts[""]).videos[0].frames == 12


@pytest.mark.models
def test_weights_are_loaded_once(models: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two shots in one worker load once; progress rises step by step, and shows the clip meanwhile."""
    from mvr.backends._diffusion import loading

    loads: list[str] = []
    real = loading.pipeline

    def counted(name: str, *args: Any, **more: Any) -> Any:
        loads.append(name)
        return real(name, *args, **more)

    monkeypatch.setattr(loading, "pipeline", counted)
    desk = BenchDesk(tmp_path)
    ask = asked("ltx", tiny("ltx", models["ltx"], steps=4))
    for seed in (1, 2):
        animated(tmp_path, ask | {"seed": seed}, desk)
    assert loads == ["LTXImageToVideoPipeline"]
    assert desk.fractions == sorted(desk.fractions[:4]) * 2
    assert 1 <= len(desk.pictures) <= 8
    assert all(len(picture) < 100_000 and picture[:2] == b"\xff\xd8" for picture in desk.pictures)


@pytest.mark.models
def test_a_shot_that_nobody_wants_stops_within_a_step(models: dict[str, Path], whole: str, tmp_path: Path) -> None:
    """Of two steps the first is the last, and the next shot is as if it had never been."""
    ask = asked("ltx", tiny("ltx", models["ltx"]))
    desk = BenchDesk(tmp_path)
    desk.stop = True
    with pytest.raises(Cancelled):
        animated(tmp_path, ask, desk)
    desk.stop = False
    assert digest(animated(tmp_path, ask, desk)) == whole


class Short:
    """Memory that is short so many times at one place of the work."""

    def __init__(self, times: int) -> None:
        self.left = times

    def take(self) -> None:
        import torch

        if self.left:
            self.left -= 1
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")


def shorten(monkeypatch: pytest.MonkeyPatch, place: str, times: int) -> None:
    """Makes memory short at load, denoise or decode."""
    from diffusers import AutoencoderKLLTXVideo, LTXVideoTransformer3DModel

    from mvr.backends._diffusion import loading

    short = Short(times)
    owner, name = {
        "load": (loading, "pipeline"),
        "denoise": (LTXVideoTransformer3DModel, "forward"),
        "decode": (AutoencoderKLLTXVideo, "decode"),
    }[place]
    real = getattr(owner, name)

    def hindered(*args: Any, **more: Any) -> Any:
        short.take()
        return real(*args, **more)

    monkeypatch.setattr(owner, name, hindered)


@pytest.mark.models
@pytest.mark.parametrize("place", ["load", "denoise", "decode"])
def test_want_of_memory_goes_down_a_rung_and_on(
    place: str, models: dict[str, Path], whole: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Short once: the clip is made one rung lower, of the same bytes; the next shot begins where this one ended."""
    ask = asked("ltx", tiny("ltx", models["ltx"]))
    shorten(monkeypatch, place, 1)
    desk = BenchDesk(tmp_path)
    made = animated(tmp_path, ask, desk)
    assert (made.provenance["rung"], digest(made)) == ("model offload", whole)
    assert animated(tmp_path, ask, desk).provenance["rung"] == "model offload"


@pytest.mark.models
def test_the_lowest_rung_without_loss_makes_the_same_bytes(
    models: dict[str, Path], whole: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Short twice: in group offload, block by block, the clip is the same."""
    ask = asked("ltx", tiny("ltx", models["ltx"]))
    shorten(monkeypatch, "denoise", 2)
    made = animated(tmp_path, ask)
    assert (made.provenance["rung"], digest(made)) == ("group offload", whole)


@pytest.mark.models
def test_past_the_allowed_rungs_the_shot_fails_and_names_the_line(
    models: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the project does not allow is not done: the error says which line would let it, and with it it fits."""
    shorten(monkeypatch, "denoise", 3)
    with pytest.raises(StageError, match="does not fit") as raised:
        animated(tmp_path, asked("ltx", tiny("ltx", models["ltx"])))
    assert "`allow: [vae-tiling]`" in raised.value.hint
    assert "make.animator" in raised.value.hint
    shorten(monkeypatch, "denoise", 3)
    made = animated(tmp_path, asked("ltx", tiny("ltx", models["ltx"], allow=["vae-tiling"])))
    assert made.provenance["rung"] == "vae-tiling"


@pytest.mark.models
def test_a_still_where_none_is_taken_is_told(models: dict[str, Path], tmp_path: Path) -> None:
    """A model of words alone takes no still, and one that moves a still needs one."""
    with pytest.raises(StageError, match="takes no still"):
        animated(tmp_path, asked("wan", tiny("wan", models["wan words"]), 5))
    with pytest.raises(StageError, match="moves a still"):
        animated(tmp_path, asked("wan", tiny("wan", models["wan"]), 5), words=True)
