"""A run of several jobs of one model: prompts first, and what needs no device beside the next job's steps."""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mvr.backends import _weights, backend
from mvr.backends._diffusion import clips, words
from mvr.engine.job import Ahead, Job
from mvr.engine.store import Store
from mvr.engine.worker import Server, job_to_json
from tests.backends.tiny_chat import need
from tests.desk import BenchDesk

pytestmark = [
    pytest.mark.models,
    pytest.mark.filterwarnings("ignore:`FluxPosEmbed` is deprecated:FutureWarning"),
]

PLACES = ("a street in the rain", "a roof at dawn", "the sea")
LONG_SECONDS = 60.0


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    need("torch", "diffusers", "transformers", "peft", "ftfy")
    import torch

    from tests.backends import tiny_animators, tiny_painters

    folder, threads = tmp_path_factory.mktemp("models"), torch.get_num_threads()
    torch.set_num_threads(1)  # threads that wait for each other cost a tiny model more than they give
    yield {"flux": tiny_painters.flux(folder / "flux"), "ltx": tiny_animators.ltx(folder / "ltx")}
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def own_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test reads or writes what this user has in a cache, or knows a prompt of another test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(_weights, "_known", {})
    words.forget()
    yield
    words.forget()


def asks(name: str, model: Path) -> list[dict[str, Any]]:
    """A job for each place, as its recipe and how."""
    maker = backend(name)
    given = {option: default for option, (_, default) in maker.OPTIONS.items()}
    given |= {"model": str(model), "steps": 2, "size": "64x64", "dtype": "float32"}
    made = {"name": name, "identity": maker.identity(given)}
    if name == "flux":
        about: dict[str, Any] = {"painter": made}
    else:
        about = {"animator": made, "motion": "push in", "frames": 9, "fps": "12", "avoid": ["text"]}
    return [{**about, "prompt": one, "seed": 3, "size": [64, 64], "how": maker.how(given)} for one in PLACES]


def made(ask: dict[str, Any], folder: Path, desk: BenchDesk) -> str:
    """The digest of what a maker makes."""
    folder.mkdir()
    if "painter" in ask:
        answer = backend("flux").paint(ask, folder, desk.progress, desk=desk)
    else:
        answer = backend("ltx").animate(ask, None, None, folder, desk.progress, desk=desk)
    return hashlib.sha256(answer.parts[""].read_bytes()).hexdigest()


class Marks:
    """What the parts of a pipeline did, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from diffusers import FluxTransformer2DModel, LTXVideoTransformer3DModel
        from transformers import T5EncoderModel

        self.seen: list[str] = []
        for kind, name in (
            (T5EncoderModel, "encode"),
            (FluxTransformer2DModel, "step"),
            (LTXVideoTransformer3DModel, "step"),
        ):
            self._mark(monkeypatch, kind, name)

    def _mark(self, monkeypatch: pytest.MonkeyPatch, kind: Any, name: str) -> None:
        real = kind.forward

        def forward(part: Any, *args: Any, **more: Any) -> Any:
            self.seen.append(name)
            return real(part, *args, **more)

        monkeypatch.setattr(kind, "forward", forward)


@pytest.mark.parametrize("name", ["flux", "ltx"])
def test_the_prompts_of_a_run_are_encoded_first(
    name: str, models: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first job has every prompt encoded that is to come, before any step; later jobs ask no text encoder. What
    is drawn is what is drawn by jobs that know of no others."""
    jobs = asks(name, models[name])
    alone = [made(ask, tmp_path / f"alone-{number}", BenchDesk(tmp_path)) for number, ask in enumerate(jobs)]
    words.forget()
    marks = Marks(monkeypatch)
    desk = BenchDesk(tmp_path)
    desk.awaited = [Ahead({field: ask[field] for field in ask if field != "how"}, {}, ask["how"]) for ask in jobs]
    together = [made(ask, tmp_path / f"together-{number}", desk) for number, ask in enumerate(jobs)]
    assert together == alone
    encodes = len(PLACES) * (1 if name == "flux" else 2)  # LTX reads what is to be avoided, too
    assert marks.seen[:encodes] == ["encode"] * encodes
    assert set(marks.seen[encodes:]) == {"step"}


def test_a_prompt_is_not_encoded_under_adapters_that_its_job_does_not_wear(
    models: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job to come that wears a LoRA is left to itself: an adapter may change what a text encoder says."""
    first, second, _ = asks("flux", models["flux"])
    desk = BenchDesk(tmp_path)
    desk.awaited = [Ahead(second | {"lora": [{"weight": 1.0}]}, {"lora": ("look.safetensors",)}, second["how"])]
    marks = Marks(monkeypatch)
    made(first, tmp_path / "first", desk)
    assert marks.seen.count("encode") == 1


def test_a_clip_is_encoded_while_the_next_is_denoised(
    models: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker's second clip takes its steps between the beginning and the end of the first one's encoding."""
    marks, begun = Marks(monkeypatch), threading.Event()
    store = Store(tmp_path / "store")
    store.open()
    speech = io.BytesIO()
    server = Server(store, speech)
    jobs = asks("ltx", models["ltx"])[:2]
    lines = []
    for number, ask in enumerate(jobs):
        recipe = {field: ask[field] for field in ask if field != "how"}
        job = job_to_json(Job(f"{number}/clip", "clip", f"key-{number}", recipe, how=ask["how"]), {})
        out = str(tmp_path / f"out-{number}")
        message = {"job": job, "entry": "mvr.stages.clip.make", "product": False, "out": out}
        lines.append(json.dumps(message).encode())
    real = clips.write

    def write(path: Path, frames: Any, fps: Any) -> Path:
        marks.seen.append(f"{path.parent.name} begins")
        begun.set()
        if path.parent.name == "out-0":
            until_step(marks.seen)
        written = real(path, frames, fps)
        marks.seen.append(f"{path.parent.name} ends")
        return written

    def until_step(seen: list[str]) -> None:
        """Holds the encoder until the clip behind has taken a step: without an overlap, for long."""
        end = threading.Event()
        for _ in range(int(LONG_SECONDS / 0.01)):
            if "step" in seen[seen.index("out-0 begins") :]:
                return
            end.wait(0.01)

    monkeypatch.setattr(clips, "write", write)
    server.listen(lines)
    server.work()
    assert begun.wait(LONG_SECONDS)
    server.work()
    server.settle()
    first, last = marks.seen.index("out-0 begins"), marks.seen.index("out-0 ends")
    assert "step" in marks.seen[first:last]
    assert marks.seen.index("out-1 begins") > last
    said = [json.loads(line) for line in speech.getvalue().splitlines()]
    ends = [(one["key"], *one.keys() & {"ready", "done"}) for one in said if one.keys() & {"ready", "done"}]
    assert ends == [("key-0", "ready"), ("key-0", "done"), ("key-1", "ready"), ("key-1", "done")]
