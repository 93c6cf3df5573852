"""A film by models: tiny FLUX stills, tiny LTX clips, through the engine that users run. What is drawn is noise."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.models
def test_a_film_goes_on_where_it_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after its first clip, the next run makes the rest and nothing twice; LTX is loaded once in each of them,
    after all the stills."""
    need("torch", "diffusers", "transformers", "peft", "ftfy")
    from tests.backends import tiny_animators, tiny_painters

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # threads that wait for each other cost a tiny model more than they give
    flux, ltx = tiny_painters.flux(tmp_path / "flux"), tiny_animators.ltx(tmp_path / "ltx")
    text = FILM.replace("FLUX", str(flux)).replace("LTX", str(ltx)).replace("TINY", TINY)
    studio = Studio.start(tmp_path / "tiny", text)
    code = "from mvr.cli import main; main(prog_name='mvr')"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "render", "--json"],
        cwd=studio.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
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
    told = [studio.workspace.why(name)["provenance"] for name in clips]
    assert sum("load_seconds" in one for one in told) <= 2  # once in each of the two runs
    assert {one["rung"] for one in told} == {"resident"}
