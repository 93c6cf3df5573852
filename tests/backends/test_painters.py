"""Painters of diffusers: what decides their pictures, and pictures of tiny models with random weights."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mvr.backends import _weights, backend
from mvr.engine.job import Cancelled
from mvr.errors import MachineError
from mvr.project import form
from tests.backends import tiny_painters as tiny
from tests.backends.tiny_chat import need
from tests.desk import BenchDesk

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
