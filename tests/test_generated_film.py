"""A film by models: tiny FLUX stills, tiny LTX clips, through the engine that users run. What is drawn is noise."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mvr.backends import _weights
from mvr.media.probe import frames_of
from tests.backends.tiny_chat import need
from tests.studio import Studio

TINY = "steps: 2, size: 64x64, dtype: float32"
FILM = """\
song: song.wav
concept: Waves under a storm.
music:
  tempo: 120
  meter: 4/4
  first_downbeat: 0:00
  sections: [{at: 0:00, role: verse}, {at: 0:08, role: chorus}]
cut: {by: regular, length: [4s, 4s]}
make:
  painter: {with: flux, model: FLUX, TINY}
  animator: {with: ltx, model: LTX, TINY}
output: {size: 64x96, fps: 12}
shots:
  verse-1.1: {prompt: waves break on black rocks, characters: []}
"""


SHORT = """\
import sys
from mvr.backends._diffusion import loading

real = loading.pipeline
places = {"FluxPipeline": ["load", "decode"], "LTXImageToVideoPipeline": ["denoise", "decode"]}

def short(left, place, work):
    def hindered(*args, **more):
        if left and left[0] == place:
            left.pop(0)
            import torch
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")
        return work(*args, **more)
    return hindered

def pipeline(name, *args, **more):
    left = places[name]
    pipe = short(left, "load", real)(name, *args, **more)
    pipe.transformer.forward = short(left, "denoise", pipe.transformer.forward)
    pipe.vae.decode = short(left, "decode", pipe.vae.decode)
    return pipe

loading.pipeline = pipeline
"""
"""A sitecustomize by which each worker is short of memory twice with each family: at load, denoising and decoding."""


@pytest.mark.models
def test_a_film_goes_on_where_it_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after its first clip, the next run makes the rest and nothing twice; LTX is loaded once in each of them,
    after all the stills. Out of memory at load, at denoising and at decoding, both runs lose no shot: each is made on
    a rung that had room."""
    need("torch", "diffusers", "transformers", "peft", "ftfy")
    from tests.backends import tiny_animators, tiny_painters

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # threads that wait for each other cost a tiny model more than they give
    (tmp_path / "short").mkdir()
    (tmp_path / "short" / "sitecustomize.py").write_text(SHORT)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'short'}{os.pathsep}{Path(__file__).parent.parent}")
    flux, ltx = tiny_painters.flux(tmp_path / "flux"), tiny_animators.ltx(tmp_path / "ltx")
    text = FILM.replace("FLUX", str(flux)).replace("LTX", str(ltx)).replace("TINY", TINY)
    studio = Studio.start(tmp_path / "tiny", text)
    code = "from mvr.cli import main; main(prog_name='mvr')"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "render", "--json"],
        cwd=studio.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    first = set()
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "made":
            first.add(event["node"])
        if event.get("node", "").endswith("/clip") or event["event"] == "failed":
            break
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert any(name.endswith("/clip") for name in first)
    second = studio.render()
    clips = {name for name in first | second if name.endswith("/clip")}
    assert not first & second
    assert len(clips) == 4
    assert frames_of(studio.film) == 16 * 12
    told = {name: studio.workspace.why(name)["provenance"] for name in clips}
    assert {one["rung"] for one in told.values()} == {"group offload"}
    stills = [studio.workspace.why(name.replace("/clip", "/keyframe"))["provenance"]["rung"] for name in clips]
    assert sorted(stills) == ["group offload", "resident", "resident", "resident"]
    assert sum("load_seconds" in one for one in told.values()) <= 2  # once in each of the two runs, on the last rung


DEMO = Path(__file__).parent.parent / "projects" / "demo"


def pictures(video: Path, first: int, count: int) -> list[Any]:
    """Frames of a video as BGR pixels, from one on."""
    import cv2

    reader = cv2.VideoCapture(str(video))
    found = [reader.read()[1] for _ in range(first + count)]
    reader.release()
    return found[first:]


def like(film: Any, clip: Any) -> float:
    """How far a film's frame is from a clip's that fills it, in grey levels; of its upper half, where no words are."""
    import cv2
    import numpy as np

    height, width = film.shape[:2]
    scale = max(width / clip.shape[1], height / clip.shape[0])
    whole = cv2.resize(clip, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    top, left = (whole.shape[0] - height) // 2, (whole.shape[1] - width) // 2
    part = whole[top : top + height // 2, left : left + width].astype(np.float32)
    return float(np.abs(cv2.blur(part, (9, 9)) - cv2.blur(film[: height // 2].astype(np.float32), (9, 9))).mean())


@pytest.mark.models
@pytest.mark.slow
def test_the_demo_is_a_film_by_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole demo by FLUX and LTX: every frame of its song, each shot's own clip from its first planned frame on,
    and what made each; a second render makes nothing."""
    need("torch", "diffusers", "transformers", "peft", "ftfy")
    from tests.backends import tiny_animators, tiny_painters

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    models = {
        "painter": ("flux", tiny_painters.flux(tmp_path / "flux")),
        "animator": ("ltx", tiny_animators.ltx(tmp_path / "ltx")),
    }
    make = "".join(
        f"  {part}: {{with: {name}, model: {folder}, steps: 1, size: 64x64, dtype: float32}}\n"
        for part, (name, folder) in models.items()
    )
    folder = tmp_path / "demo"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns(".mvr", "mvr-out", "*.py"))
    with (folder / "project.yaml").open("a") as file:
        file.write(f"make:\n{make}output: {{size: 64x96, fps: 24}}\n")
    studio = Studio(folder)
    made = studio.render()
    shots = studio.workspace.shots(lambda _: None)["shots"]
    assert {f"{shot['id']}/{stage}" for shot in shots for stage in ("keyframe", "clip")} <= made

    film = pictures(studio.film, 0, frames_of(studio.film))
    seconds = json.loads((folder / "mvr-out" / "demo" / "song.json").read_text())["seconds"]
    assert len(film) == shots[-1]["end_frame"] == round(seconds * 24)
    clips = {}
    for shot in shots:
        lead = studio.workspace.why(f"{shot['id']}/clip")["provenance"]["shown"]["lead"]
        length = shot["end_frame"] - shot["first_frame"]
        clips[shot["id"]] = pictures(folder / "mvr-out" / "demo" / "clip" / f"{shot['id']}.mp4", lead, length)
    for shot in shots:
        for at, inside in ((shot["first_frame"], 0), (shot["end_frame"] - 1, -1)):
            far = {name: like(film[at], frames[inside]) for name, frames in clips.items()}
            assert min(far, key=lambda name: far[name]) == shot["id"], (shot["id"], inside, far)

    for stage, part in (("keyframe", "painter"), ("clip", "animator")):
        family, weights = models[part]
        for shot in shots:
            told = studio.workspace.why(f"{shot['id']}/{stage}")["provenance"]
            assert (told["family"], told["rung"], told["model"]) == (family, "resident", str(weights))
            assert told["weights"] == _weights.digests(str(weights), "")
            assert told["weights"].keys() >= {"transformer/diffusion_pytorch_model.safetensors"}
    assert studio.render() == set()
