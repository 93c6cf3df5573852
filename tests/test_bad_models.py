"""What is wrong with models, adapters and pictures is told by `check`: a clear word each, before any weights load."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from mvr import checks, weights
from mvr.backends._diffusion import loading
from mvr.errors import Fault, ProjectError
from mvr.model import Goal
from tests.backends.test_painters import KEYS, bare_adapter
from tests.backends.tiny_chat import need
from tests.studio import PROJECT, Studio


@pytest.fixture(autouse=True)
def with_libraries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whether torch is installed here is no part of these; no cache of this user's is read."""
    monkeypatch.setattr(loading, "absent", lambda: None)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)


def told(folder: Path, more: str) -> Fault:
    """The one fault of a project with these lines, after `check` has looked at all it names."""
    studio = Studio.start(folder / "film", PROJECT.replace("output:", f"{more}output:", 1))
    with pytest.raises(ProjectError) as caught:
        checks.everything(studio.workspace.load())
    (fault,) = caught.value.faults
    return fault


def model(folder: Path, **files: str) -> Path:
    """A folder with these files (`__` is a slash, `_DOT_` a dot), as somebody's model."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


INDEX = json.dumps({"_class_name": "FluxPipeline", "transformer": ["diffusers", "FluxTransformer2DModel"]})


@pytest.mark.parametrize(
    ("painter", "code", "found", "hint"),
    [
        ("fluxx", 2, "'fluxx'", "did you mean 'flux'?"),
        ("{with: flux, revision: main}", 2, "'main'", "a branch moves: take this key out, and `mvr models --pin`"),
        ("{with: flux, revision: v1.0}", 2, "'v1.0'", "a branch moves"),
        ("{with: flux, revision: '0123abc'}", 2, "7 hex digits", "all 40 digits"),
        ("{with: sdxl, ip_adapter: {model: a/b, revision: main}}", 2, "'main'", "a branch moves"),
        ("{with: flux, controlnet: {model: a/b, revision: main}}", 2, "'main'", "a branch moves"),
        ("flux", 3, "cannot work here", "`mvr models --pin` writes it"),
        (f"{{with: flux, revision: '{'ab' * 20}'}}", 3, "cannot work here", "`mvr models --pull` fetches them"),
        ("{with: flux, model: ./flux}", 3, "cannot work here", "nor a folder from the root"),
        ("{with: flux, model: FOLDER/none}", 3, "cannot work here", "there is no such folder"),
        ("{with: flux, model: FOLDER/empty}", 3, "cannot work here", "it has no model_index.json"),
        ("{with: flux, model: FOLDER/some.ckpt}", 3, "cannot work here", "is a pickle, and pickled weights"),
        ("{with: flux, model: FOLDER/some.safetensors}", 3, "cannot work here", "name the folder of the whole model"),
        ("{with: flux, model: FOLDER/pickled}", 3, "cannot work here", "has no .safetensors files, and pickled"),
        ("{with: flux, model: FOLDER/half}", 3, "cannot work here", "transformer/ of "),
        ("{with: sdxl, model: FOLDER/flux}", 3, "cannot work here", "this needs a StableDiffusionXLPipeline"),
        ("{with: flux, size: 8x8}", 2, "8x8", "sides of 64 to 4096 pixels: write 64x64"),
        ("{with: flux, size: 20000x20000}", 2, "20000x20000", "write 4096x4096"),
    ],
)
def test_a_painter_that_cannot_be_is_told(painter: str, code: int, found: str, hint: str, tmp_path: Path) -> None:
    """A family, a commit, a folder or a size that is none: at its line, with what to write or to run."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "some.ckpt").write_bytes(b"\x80\x02}q\x00.")
    (tmp_path / "some.safetensors").write_bytes(b"")
    model(tmp_path / "pickled", model_index_DOT_json=INDEX, transformer__weights_DOT_bin="")
    whole = {"model_index_DOT_json": INDEX, "transformer__config_DOT_json": "{}", "vae__model_DOT_safetensors": ""}
    model(tmp_path / "half", **whole, transformer__weights_DOT_bin="")
    other = {"onnx__config_DOT_json": "{}", "onnx__weights_DOT_bin": ""}  # for another program
    model(tmp_path / "flux", **whole, **other, transformer__weights_DOT_safetensors="")
    fault = told(tmp_path, f"make:\n  painter: {painter.replace('FOLDER', str(tmp_path))}\n")
    assert (fault.code, fault.path.split(".")[:2]) == (code, ["make", "painter"])
    assert found in fault.found
    assert hint in fault.hint
    assert fault.line > 1


def test_what_is_no_commit_of_a_hub_is_told_before_it_is_asked(tmp_path: Path) -> None:
    """`--pin` asks no hub for a name that no model can have: the line says what a name is."""
    studio = Studio.start(tmp_path / "film", PROJECT + "make: {painter: {with: flux, model: ./flux}}\n")
    with pytest.raises(ProjectError) as caught:
        weights.pin(studio.workspace)
    (fault,) = caught.value.faults
    assert (fault.path, "nor a folder from the root" in fault.hint) == ("make.painter.model", True)


@pytest.mark.parametrize(
    ("name", "size", "found"),
    [
        ("notes.png", None, "is no picture"),
        ("cut.png", (64, 64), "is no picture"),
        ("dot.png", (8, 8), "is 8x8 pixels"),
        ("thread.png", (8, 400), "is 8x400 pixels"),
        ("wall.png", (20000, 40), "is 20000x40 pixels"),
    ],
)
def test_a_reference_that_no_model_can_look_at_is_told(
    name: str, size: tuple[int, int] | None, found: str, tmp_path: Path
) -> None:
    """No picture, one cut short, one of 8 pixels, one of 20,000: at the line that names it."""
    (tmp_path / "film").mkdir()
    if size is None:
        (tmp_path / "film" / name).write_text("no picture")
    else:
        drawn = cv2.imencode(".png", np.zeros((size[1], size[0], 3), np.uint8))[1].tobytes()
        (tmp_path / "film" / name).write_bytes(drawn[:20] if name == "cut.png" else drawn)
    studio = Studio.start(tmp_path / "film", PROJECT.replace("wardrobe: red coat", f"references: [{name}]"))
    with pytest.raises(ProjectError) as caught:
        checks.open_files(studio.workspace.load())
    (fault,) = caught.value.faults
    assert (fault.path, fault.code) == ("characters.ada.references[0]", 2)
    assert found in fault.found


def test_an_adapter_for_another_family_is_told_at_its_line(tmp_path: Path) -> None:
    """A character's LoRA for Wan under a painter of FLUX: both are named; no weights are looked at."""
    (tmp_path / "film").mkdir()
    bare_adapter(tmp_path / "film" / "ada.safetensors", KEYS["wan"])
    text = PROJECT.replace("wardrobe: red coat", "lora: {file: ada.safetensors}") + "make: {painter: flux}\n"
    studio = Studio.start(tmp_path / "film", text)
    with pytest.raises(ProjectError) as caught:
        checks.open_files(studio.workspace.load())
    (fault,) = caught.value.faults
    assert fault.path == "characters.ada.lora.file"
    assert "a LoRA for Wan, and this is FLUX.1" in fault.found


@pytest.mark.models
def test_a_render_offline_ends_with_3_and_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No hub is asked while a film is made: without the weights it ends, and says what to run."""
    need("torch", "diffusers", "transformers", "peft", "ftfy")
    monkeypatch.undo()  # the worker is a process of its own, and so is this
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    studio = Studio.start(tmp_path / "film", PROJECT + f"make: {{painter: {{with: flux, revision: '{'ab' * 20}'}}}}\n")
    outcome = studio.workspace.render(Goal(until="portraits"), studio.happened.append)
    assert outcome.exit_code == 3
    (hint,) = {failed.hint for failed in outcome.failed}
    assert "are not here; `mvr models --pull` fetches them" in hint
