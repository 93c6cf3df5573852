"""What a GPU has room for, and how fast it is: told by `mvr doctor` from what was made here, or by estimate."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mvr import backends, capacity, doctor
from mvr.backends._diffusion.counted import COUNTED
from mvr.model import Maker
from tests.backends.tiny_chat import need
from tests.test_doctor import rows, tool

GIB = 1 << 30
CARD = "NVIDIA GeForce RTX 4090"


def gpu(folder: Path, monkeypatch: pytest.MonkeyPatch, mebi: int = 24564, rate: float | None = 100.0) -> None:
    """A machine with one GPU of so much memory, whose product of matrices is as fast as that."""
    tool(folder / "bin", "nvidia-smi", f"echo '{CARD}, {mebi}, {mebi}, 580.95'")
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr(capacity, "rate", lambda: rate)


def test_a_gpu_is_told_what_it_can_run_how_large_and_how_fast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row a model: its size, how its weights are placed, and at best how many seconds it takes by what it
    calculates; what was made on this very GPU is told as it was."""
    gpu(tmp_path, monkeypatch)
    records = tmp_path / ".mvr" / "records"
    records.mkdir(parents=True)
    for name, said in {
        "a": {"family": "klein", "device": CARD},
        "b": {"family": "klein", "device": CARD},
        "loading": {"family": "klein", "device": CARD, "load_seconds": 30.0},
        "elsewhere": {"family": "sdxl", "device": "another"},
    }.items():
        seconds = {"a": 3.0, "b": 5.0}.get(name, 99.0)
        (records / f"{name}.json").write_text(json.dumps({"seconds": seconds, "provenance": said}))
    (records / "torn.json").write_text("{")
    found = rows(tmp_path)
    assert found["gpu speed"]["figures"] == {"tflops": 100.0}
    assert found["gpu klein"]["found"].endswith("; about 4.0 s a still as made here before")
    sdxl = found["gpu sdxl"]
    assert sdxl["figures"]["seconds"] == pytest.approx((60 * 6.8 + 10.5) * 1344 * 768 / 1024**2 / 100, abs=0.01)
    assert "at best" in sdxl["found"]
    assert sdxl["figures"]["rung"] == "resident"
    assert found["gpu wan"]["figures"]["rung"] == "group offload"
    assert "of the machine's memory" in found["gpu wan"]["found"]


def test_a_smaller_gpu_makes_shorter_clips_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the longest clip does not fit, as many frames as do, on the model's lattice; where no clip fits, what it
    would want. Nobody knows how fast a GPU is that torch cannot reach."""
    gpu(tmp_path, monkeypatch, 8192, None)
    found = rows(tmp_path)
    assert "gpu speed" not in found
    wan = found["gpu wan"]["figures"]
    assert wan["frames"] < 121
    assert wan["frames"] % 4 == 1
    assert wan["bytes"] * capacity.MARGIN <= 8 * GIB
    assert wan["seconds"] is None
    assert (found["gpu mochi"]["state"], found["gpu mochi"]["figures"]["rung"]) == ("lacks", "")


def test_more_memory_never_takes_anything_away() -> None:
    """A larger GPU runs whatever a smaller one does, at that length and more, and never on a slower rung."""
    order = ["resident", "model offload", "group offload", ""]
    before: dict[str, capacity.Able] = {}
    for gib in (4, 8, 12, 16, 24, 32, 48, 80, 141):
        for one in capacity.able(gib * GIB, 1.0, {}):
            if (was := before.get(one.name)) and was.rung:
                assert one.rung
                assert (one.frames, -order.index(one.rung)) >= (was.frames, -order.index(was.rung))
            before[one.name] = one
    assert all(one.rung for one in before.values())


def test_without_a_gpu_the_least_of_them_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a GPU must have for the smallest preset, and the line that asks for it; nothing else is told of GPUs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    found = rows(tmp_path)
    assert "the least is one of 7 GiB" in found["gpu"]["hint"]
    assert "make: {preset: gpu-8}" in found["gpu"]["hint"]
    assert [name for name in found if name.startswith("gpu ")] == []
    assert capacity.learnt(tmp_path / "nowhere", CARD) == {}


def test_every_preset_names_models_that_were_counted() -> None:
    """Of a preset's painters and animators it is known what they weigh and calculate."""
    from mvr.project.presets import presets

    for one in presets().values():
        for name in (one["make"]["painter"], one["make"]["animator"]):
            module = backends.backend(name)
            if hasattr(module, "room"):
                room = module.room(backends.filled(Maker(name, {})), 1920, 1080)
                assert room["tflop"] > 0
                assert room["weights"] == pytest.approx(next(iter(module.MODELS.values())).gib * GIB, rel=0.01)


def test_a_rate_is_measured_by_torch_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where torch is not here, or fails, there is no rate; what its process prints is one."""
    monkeypatch.setattr(capacity, "find_spec", lambda name: None)
    assert capacity.rate() is None
    monkeypatch.setattr(capacity, "find_spec", lambda name: object())
    monkeypatch.setattr(capacity, "PRODUCT", "raise SystemExit(1)")
    assert capacity.rate() is None
    monkeypatch.setattr(capacity, "PRODUCT", "print(12.5)")
    assert capacity.rate() == 12.5


@pytest.mark.models
def test_what_was_counted_is_what_the_classes_have() -> None:
    """A model of full size, built without memory, has the numbers that stand in the table, and calculates as much."""
    need("torch", "diffusers")
    import torch
    from diffusers import FluxTransformer2DModel
    from torch.utils.flop_counter import FlopCounterMode

    known = COUNTED["black-forest-labs/FLUX.1-dev"]
    with torch.device("meta"):
        model = FluxTransformer2DModel(guidance_embeds=True)
        shapes = {
            "hidden_states": (1, 4096, 64),
            "encoder_hidden_states": (1, 512, 4096),
            "pooled_projections": (1, 768),
        }
        given = {name: torch.empty(shape) for name, shape in shapes.items()}
        one = torch.empty(1)
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            model(**given, timestep=one, guidance=one, img_ids=torch.empty(4096, 3), txt_ids=torch.empty(512, 3))
    assert sum(part.numel() for part in model.parameters()) / 1e9 == pytest.approx(known.denoiser, abs=0.001)
    assert counter.get_total_flops() / 1e12 == pytest.approx(known.step, abs=0.1)
    assert (len(model.transformer_blocks) + len(model.single_transformer_blocks)) == known.blocks


def test_doctor_tells_a_gpu_without_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nvidia-smi tells no memory, nothing is said of what fits."""
    tool(tmp_path / "bin", "nvidia-smi", "echo 'NVIDIA GB10, [N/A], [N/A], 580.95'")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    names = [row["name"] for row in doctor.document(tmp_path)["rows"]]
    assert [name for name in names if name.startswith("gpu")] == ["gpu"]
