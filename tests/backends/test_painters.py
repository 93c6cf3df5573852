"""Painters of diffusers: what decides their pictures, and pictures of tiny models with random weights."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from mvr.backends import _weights, backend
from mvr.backends._diffusion import adapters, loading, rungs
from mvr.engine.job import Cancelled
from mvr.errors import MachineError, StageError
from mvr.project import form
from tests.backends import tiny_painters as tiny
from tests.backends.tiny_chat import need
from tests.desk import BenchDesk

pytestmark = [  # what the libraries say of each other
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:`FluxPosEmbed` is deprecated:FutureWarning"),
]

PAINTERS = ("flux", "kontext", "klein", "qwen", "sdxl", "zimage")
COMMIT = "0123456789abcdef0123456789abcdef01234567"
LIBRARIES = ("torch", "diffusers", "transformers", "peft")
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes what this user has in a cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("HF_HOME", raising=False)
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setattr(_weights, "_known", {})


@pytest.fixture(scope="module")
def flux(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need(*LIBRARIES)
    return tiny.flux(tmp_path_factory.mktemp("flux") / "tiny")


MAKES: dict[str, Callable[[Path], Path]] = {
    "flux": tiny.flux,
    "kontext": tiny.kontext,
    "klein": tiny.klein,
    "sdxl": tiny.sdxl,
    "zimage": tiny.zimage,
    "qwen": partial(tiny.qwen, edits=True),
    "qwen draws": tiny.qwen,
}
"""Families, as they are told by a tiny model."""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, flux: Path) -> Callable[[str], Path]:
    """The folder of a family's tiny model, made once."""
    made = {"flux": flux}

    def model(name: str) -> Path:
        if name not in made:
            made[name] = MAKES[name](tmp_path_factory.mktemp(name) / "tiny")
        return made[name]

    return model


def options(name: str, **written: Any) -> dict[str, Any]:
    return {option: default for option, (_, default) in backend(name).OPTIONS.items()} | written


def asked(name: str, wanted: dict[str, Any], **more: Any) -> dict[str, Any]:
    painter = backend(name)
    ask = {
        "painter": {"name": name, "identity": painter.identity(wanted)},
        "prompt": "a street in the rain",
        "seed": 3,
        "size": [64, 64],
        "how": painter.how(wanted),
    }
    return ask | more


def painted(folder: Path, ask: dict[str, Any], desk: BenchDesk | None = None, **given: Any) -> str:
    """The digest of what a painter draws."""
    folder.mkdir(parents=True, exist_ok=True)
    desk = desk or BenchDesk(folder)
    made = backend(ask["painter"]["name"]).paint(ask, folder, desk.progress, desk=desk, **given)
    return hashlib.sha256(made.parts[""].read_bytes()).hexdigest()


# what is known without a library


@pytest.mark.parametrize("name", PAINTERS)
def test_options_have_forms_that_their_defaults_fit(name: str) -> None:
    """Every option is described, and its default is of its own form."""
    for option, (schema, default) in backend(name).OPTIONS.items():
        assert schema["description"], option
        assert form.wrongs(default, schema, (option,)) == []


@pytest.mark.parametrize("name", PAINTERS)
def test_what_decides_a_picture_is_in_its_identity(name: str) -> None:
    """Model, commit, steps, guidance and precision each make another identity; a model's own steps and the same
    steps written out do not."""
    painter, plain = backend(name), options(name, revision=COMMIT)
    changes: list[dict[str, Any]] = [
        {"model": "somebody/else"},
        {"revision": COMMIT[::-1]},
        {"steps": 11},
        {"guidance": 7.25},
        {"dtype": "float32"},
    ]
    found = [painter.identity(plain), *(painter.identity({**plain, **change}) for change in changes)]
    assert len({json.dumps(one, sort_keys=True) for one in found}) == len(found)
    said = painter.identity(plain)
    assert painter.identity({**plain, "steps": said["steps"], "guidance": said["guidance"]}) == said


@pytest.mark.parametrize("name", PAINTERS)
def test_a_size_is_native_or_as_written(name: str) -> None:
    """A film's shape gives a size near it in the family's multiples; other sizes of one shape give the same."""
    painter, plain = backend(name), options(name)
    upright = painter.canvas(plain, 1080, 1920)
    assert upright[0] < upright[1]
    assert upright == painter.canvas(plain, 720, 1280)
    assert painter.canvas(options(name, size="512x768"), 1080, 1920) == (512, 768)
    assert painter.wrongs(options(name, size=f"{upright[0]}x{upright[1]}")) == []
    for size in ("8x8", "20000x20000", "513x768"):
        ((option, _, hint),) = painter.wrongs(options(name, size=size))
        assert option == "size"
        assert "write " in hint


@pytest.mark.parametrize("name", PAINTERS)
def test_the_page_on_models_names_its_model_and_licence(name: str) -> None:
    """docs/models.md lists each painter with the model it takes by itself, its licence and its steps."""
    model, known = next(iter(backend(name).MODELS.items()))
    (row,) = [one for one in (ROOT / "docs" / "models.md").read_text().splitlines() if one.startswith(f"| `{name}` |")]
    assert [model, known.licence.replace("FLUX.1-dev non", "FLUX.1-dev, non"), str(known.steps)] == [
        one.strip() for one in row.split("|")[2:5]
    ]
    assert (known.free is False) == ("non-commercial" in row)


OLD = (  # c10/cuda/CUDAFunctions.cpp
    "The NVIDIA driver on your system is too old (found version 12040). Please update your GPU driver by downloading "
    "and installing a new version from the URL: http://www.nvidia.com/Download/index.aspx Alternatively, go to: "
    "https://pytorch.org to install a PyTorch version that has been compiled with your version of the CUDA driver."
)


@pytest.mark.parametrize(
    ("said", "what", "hint"),
    [
        (OLD, "driver is too old: it knows CUDA 12.4, and torch 2.13.0 was built for CUDA 13.0", "built for CUDA 12.4"),
        ("CUDA driver initialization failed, you might not have a CUDA gpu.", "initialization failed", "nvidia-smi"),
    ],
)
def test_a_gpu_that_torch_cannot_use_is_told(
    said: str, what: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old driver is an error with its version and a way on, no warning, and no reason to draw for hours without the
    GPU; unless the user said to do without it."""

    def warned() -> bool:
        warnings.warn(f"CUDA initialization: {said}", UserWarning, stacklevel=2)
        return False

    def raised() -> None:
        raise RuntimeError(said)

    cuda = SimpleNamespace(is_available=warned, init=raised)
    monkeypatch.setitem(
        sys.modules, "torch", SimpleNamespace(cuda=cuda, version=SimpleNamespace(cuda="13.0"), __version__="2.13.0")
    )
    monkeypatch.setattr(loading, "DRIVER", tmp_path)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    with pytest.raises(MachineError, match=what) as caught:
        loading.device()
    assert hint in str(caught.value.hint)
    assert "CUDA_VISIBLE_DEVICES=" in str(caught.value.hint)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert loading.device() == "cpu"


# with a tiny model


@pytest.mark.models
def test_a_picture_is_the_same_again(flux: Path, tmp_path: Path) -> None:
    """In this process with weights loaded once, in another on one thread, and with nobody at the desk."""
    ask, desk = asked("flux", options("flux", model=str(flux), steps=2)), BenchDesk(tmp_path)
    first = painted(tmp_path, ask, desk)
    assert painted(tmp_path, ask, desk) == first
    assert painted(tmp_path, {**ask, "seed": 4}, desk) != first
    assert painted(tmp_path, {**ask, "prompt": "a street in the sun"}, desk) != first
    code = (
        "import json, sys; from pathlib import Path; import torch; torch.set_num_threads(1)\n"
        "from mvr.backends import flux\n"
        "flux.paint(json.loads(sys.argv[1]), Path(sys.argv[2]), print)"
    )
    (tmp_path / "other").mkdir()
    subprocess.run(
        [sys.executable, "-c", code, json.dumps(ask), str(tmp_path / "other")],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert hashlib.sha256((tmp_path / "other" / "still.png").read_bytes()).hexdigest() == first


@pytest.mark.models
def test_a_job_tells_of_each_step_and_ends_within_one(flux: Path, tmp_path: Path) -> None:
    """Six steps are told, some with a small JPEG; a job that nobody wants draws no further step."""
    ask, desk = asked("flux", options("flux", model=str(flux), steps=6)), BenchDesk(tmp_path)
    painted(tmp_path, ask, desk)
    assert len(desk.fractions) == 6
    assert 0 < len(desk.pictures) < 6
    assert all(one.startswith(b"\xff\xd8") and len(one) < 100_000 for one in desk.pictures)
    desk.stop, count = True, len(desk.fractions)
    with pytest.raises(Cancelled):
        painted(tmp_path, ask, desk)
    assert len(desk.fractions) == count


@pytest.mark.models
def test_what_is_no_model_of_the_family_is_told_before_it_loads(flux: Path, tmp_path: Path) -> None:
    """A folder that is no model, and one of another family, by name."""
    wanted = options("flux", model=str(tmp_path))
    assert "are not here" in backend("flux").lacks(wanted)
    with pytest.raises(MachineError) as caught:
        painted(tmp_path, asked("flux", wanted))
    assert caught.value.exit_code == 3
    index = json.loads((flux / "model_index.json").read_text())
    (tmp_path / "model_index.json").write_text(json.dumps({**index, "_class_name": "WanPipeline"}))
    (tmp_path / "some.safetensors").write_bytes(b"")
    assert "is a WanPipeline, and this needs a FluxPipeline" in backend("flux").lacks(wanted)


def picture(path: Path, seed: int = 0, size: tuple[int, int] = (96, 72)) -> Path:
    cv2.imwrite(str(path), np.random.default_rng(seed).integers(0, 255, (*size, 3), dtype=np.uint8))
    return path


@pytest.mark.models
@pytest.mark.parametrize("name", ["kontext", "klein", "sdxl", "qwen"])
def test_a_still_follows_its_characters_pictures(
    name: str, models: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With pictures another still than without; another picture another still; the same ones the same, in whatever
    order jobs came; two characters at once, the user's picture and a portrait."""
    wanted = options(name, model=str(models(name)), steps=1, dtype="float32")
    if name == "sdxl":
        adapter = tiny.ip_adapter(tmp_path / "adapter", models("sdxl"))
        wanted["ip_adapter"] = {"model": str(adapter), "file": "sdxl_models/tiny.safetensors"}
    if name == "qwen":  # it looks at pictures of a million pixels, which take half a minute here
        monkeypatch.setattr("diffusers.pipelines.qwenimage.pipeline_qwenimage_edit_plus.VAE_IMAGE_SIZE", 64 * 64)
        monkeypatch.setattr("diffusers.pipelines.qwenimage.pipeline_qwenimage_edit_plus.CONDITION_IMAGE_SIZE", 56 * 56)
    ask, desk = asked(name, wanted, avoid=["text"]), BenchDesk(tmp_path)
    cast = [
        {"name": "ada", "from": "portrait", "pictures": 1},
        {"name": "ben", "from": "references", "pictures": 1},
    ]
    one, other = picture(tmp_path / "one.png"), picture(tmp_path / "other.png", 1, (64, 100))
    bare = painted(tmp_path / "bare", ask, desk)
    held = painted(tmp_path / "held", {**ask, "cast": cast}, desk, portraits=[one], references=[other])
    assert len({bare, held, painted(tmp_path, {**ask, "cast": cast}, desk, portraits=[other], references=[other])}) == 3
    assert painted(tmp_path, {**ask, "cast": cast}, desk, portraits=[one], references=[other]) == held
    assert painted(tmp_path, ask, desk) == bare


@pytest.mark.models
@pytest.mark.parametrize("name", ["zimage", "qwen draws"])
def test_words_alone_draw_the_same_again(name: str, models: Any, tmp_path: Path) -> None:
    """In half precision as they were taught; each step is told, and some show what there is."""
    family = name.partition(" ")[0]
    wanted = options(family, model=str(models(name)), steps=2)
    assert backend(family).lacks(wanted) is None
    assert backend(family).means(wanted) == ("", 0)
    ask, desk = asked(family, wanted, avoid=["text"]), BenchDesk(tmp_path)
    first = painted(tmp_path, ask, desk)
    assert (len(desk.fractions), len(desk.pictures)) == (2, 1)
    assert painted(tmp_path, ask) == first
    assert painted(tmp_path, {**ask, "seed": 4}) != first


@pytest.mark.models
def test_a_prompt_longer_than_the_encoder_reads_is_read_whole(models: Any, tmp_path: Path) -> None:
    """SDXL's encoders take 77 tokens: a word after the hundredth still changes the picture, and so does a thing to be
    avoided."""
    ask = asked("sdxl", options("sdxl", model=str(models("sdxl")), steps=1, dtype="float32"), avoid=["text"])
    long, desk = " ".join(["a", "b"] * 60), BenchDesk(tmp_path)
    first = painted(tmp_path, {**ask, "prompt": f"{long} red"}, desk)
    assert painted(tmp_path, {**ask, "prompt": f"{long} blue"}, desk) != first
    assert painted(tmp_path, {**ask, "prompt": f"{long} red", "avoid": ["text", "hands"]}, desk) != first


@pytest.mark.models
def test_an_adapter_is_worn_by_its_weight_and_taken_off_again(flux: Path, tmp_path: Path) -> None:
    """A LoRA changes the picture as strongly as its weight says; a job without one draws as if none had ever been
    worn; two are worn together."""
    ask, desk = asked("flux", options("flux", model=str(flux), steps=1, dtype="float32")), BenchDesk(tmp_path)
    lora, second = tiny.flux_lora(tmp_path / "a.safetensors", 1), tiny.flux_lora(tmp_path / "b.safetensors", 2)
    bare = painted(tmp_path, ask, desk)
    worn = [
        painted(tmp_path, {**ask, "lora": [{"weight": 1.0}]}, desk, lora=[lora]),
        painted(tmp_path, {**ask, "lora": [{"weight": 0.5}]}, desk, lora=[lora]),
        painted(tmp_path, {**ask, "lora": [{"weight": 1.0}, {"weight": 1.0}]}, desk, lora=[lora, second]),
    ]
    assert len({bare, *worn}) == 4
    assert painted(tmp_path, ask, desk) == bare
    assert painted(tmp_path, {**ask, "lora": [{"weight": 1.0}]}, lora=[lora]) == worn[0]


@pytest.mark.models
@pytest.mark.parametrize("name", ["flux", "sdxl"])
def test_a_guide_is_followed_by_a_controlnet(name: str, models: Any, tmp_path: Path) -> None:
    """Another guide, another still, and the same again after one without; a painter without a ControlNet says which
    line names one."""
    model = models(name)
    net = getattr(tiny, f"{name}_controlnet")(tmp_path / "net", model)
    wanted = options(name, model=str(model), steps=1, dtype="float32", controlnet={"model": str(net), "weight": 1.0})
    ask, desk = asked(name, wanted, avoid=[]), BenchDesk(tmp_path)
    one, other = picture(tmp_path / "one.png"), picture(tmp_path / "other.png", 1)
    found = [painted(tmp_path, ask, desk), *(painted(tmp_path, ask, desk, guide=[guide]) for guide in (one, other))]
    assert len(set(found)) == 3
    assert [painted(tmp_path, ask, desk), painted(tmp_path, ask, desk, guide=[one])] == found[:2]
    with pytest.raises(StageError, match="no ControlNet"):
        painted(tmp_path, asked(name, options(name, model=str(model)), avoid=[]), guide=[one])


def shorten(monkeypatch: pytest.MonkeyPatch, place: str, times: int) -> None:
    """Makes memory short so many times at load, denoise or decode."""
    import torch

    left, real = [times], loading.pipeline

    def hindered(work: Callable[..., Any]) -> Callable[..., Any]:
        def short(*args: Any, **more: Any) -> Any:
            if left[0]:
                left[0] -= 1
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")
            return work(*args, **more)

        return short

    def loaded(*args: Any, **more: Any) -> Any:
        pipe = (hindered(real) if place == "load" else real)(*args, **more)
        drawing = getattr(pipe, "unet", None) or pipe.transformer
        if place == "denoise":
            drawing.forward = hindered(drawing.forward)
        if place == "decode":
            pipe.vae.decode = hindered(pipe.vae.decode)
        return pipe

    monkeypatch.setattr(loading, "pipeline", loaded)


@pytest.mark.models
@pytest.mark.parametrize("place", ["load", "denoise", "decode"])
def test_want_of_memory_costs_no_still(place: str, flux: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short once: the still is drawn one rung lower, of the same bytes; always short: it fails alone, and says what to
    write."""
    ask, painter = asked("flux", options("flux", model=str(flux), steps=1)), backend("flux")
    whole = painted(tmp_path, ask)
    shorten(monkeypatch, place, 1)
    made = painter.paint(ask, tmp_path, print, desk=BenchDesk(tmp_path))
    assert made.provenance["rung"] == "model offload"
    assert hashlib.sha256(made.parts[""].read_bytes()).hexdigest() == whole
    shorten(monkeypatch, place, 3)
    with pytest.raises(StageError, match="64x64 does not fit") as caught:
        painted(tmp_path, ask)
    assert "under make.painter, write `size: " in str(caught.value.hint)


@pytest.mark.models
@pytest.mark.parametrize("name", [*sorted(MAKES), "flux worn", "sdxl held"])
def test_no_rung_without_loss_changes_a_still(
    name: str, models: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Resident, with offloaded models, with offloaded groups: one picture, in every family; with a LoRA and a guide,
    and with an IP-Adapter too."""
    family = name.partition(" ")[0]
    model = models(name if name in MAKES else family)
    wanted = options(family, model=str(model), steps=1, dtype="float32")
    given: dict[str, Any] = {}
    more: dict[str, Any] = {}
    if name == "flux worn":
        wanted["controlnet"] = {"model": str(tiny.flux_controlnet(tmp_path / "net", model)), "weight": 1.0}
        more = {"lora": [{"weight": 1.0}]}
        given = {"lora": [tiny.flux_lora(tmp_path / "a.safetensors", 1)], "guide": [picture(tmp_path / "guide.png")]}
    if name == "sdxl held":
        plate = tiny.ip_adapter(tmp_path / "adapter", model)
        wanted["ip_adapter"] = {"model": str(plate), "file": "sdxl_models/tiny.safetensors"}
        more = {"cast": [{"name": "ada", "from": "references", "pictures": 1}]}
        given = {"references": [picture(tmp_path / "ada.png")]}
    ask = asked(family, wanted, avoid=["text"]) | more
    tried = [rung for rung in rungs.LOSSLESS if name != "flux worn" or rung != "model offload"]
    found = []  # diffusers offloads models anew once a LoRA is on, and to a GPU alone
    for rung in tried:
        monkeypatch.setattr(rungs, "LOSSLESS", (rung,))
        made = backend(family).paint(ask, tmp_path, print, desk=BenchDesk(tmp_path), **given)
        found.append((made.provenance["rung"], hashlib.sha256(made.parts[""].read_bytes()).hexdigest()))
    assert [rung for rung, _ in found] == tried
    assert len({digest for _, digest in found}) == 1


# adapters, by their headers alone

KEYS = {
    "flux": "transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight",
    "flux2": "transformer.single_transformer_blocks.0.attn.to_qkv_mlp_proj.lora_A.weight",
    "sdxl": "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight",
    "z-image": "diffusion_model.layers.3.attention.to_q.lora_A.weight",
    "qwen-image": "transformer.transformer_blocks.0.img_mlp.net.0.proj.lora_A.weight",
    "wan": "diffusion_model.blocks.0.cross_attn.k.lora_A.weight",
    "ltx": "transformer.transformer_blocks.0.attn1.to_q.lora_A.weight",
}
OWN = {"flux": "flux", "kontext": "flux", "klein": "flux2", "qwen": "qwen-image", "sdxl": "sdxl", "zimage": "z-image"}


def bare_adapter(path: Path, key: str, wide: int = 2048) -> Path:
    """A safetensors file with one tensor, written by hand as the format's page says."""
    head = json.dumps({key: {"dtype": "F32", "shape": [1, wide], "data_offsets": [0, 4 * wide]}}).encode()
    path.write_bytes(len(head).to_bytes(8, "little") + head + bytes(4 * wide))
    return path


@pytest.mark.parametrize("name", PAINTERS)
def test_an_adapter_for_another_family_is_refused_by_both_names(name: str, tmp_path: Path) -> None:
    """Told by the names of its layers, no weights loaded; one's own family passes."""
    for kind, key in KEYS.items():
        wrong = backend(name).refused(bare_adapter(tmp_path / "a.safetensors", key))
        if kind == OWN[name]:
            assert wrong is None
        else:
            assert f"a LoRA for {adapters.NAMES[kind]}, and this is {adapters.NAMES[OWN[name]]}" in wrong


def test_what_is_no_adapter_is_refused(tmp_path: Path) -> None:
    """A pickle, a file of something else, and a LoRA of the smaller Stable Diffusion by its width."""
    (tmp_path / "a.pt").write_bytes(b"\x80\x02}q\x00.")
    with pytest.raises(StageError, match="no safetensors file"):
        adapters.refused(tmp_path / "a.pt", "sdxl")
    assert "holds no LoRA" in str(adapters.refused(bare_adapter(tmp_path / "b", "model.embed.weight"), "sdxl"))
    small = bare_adapter(tmp_path / "c", KEYS["sdxl"], 768)
    assert "for Stable Diffusion 1.5, and this is SDXL" in str(adapters.refused(small, "sdxl"))
