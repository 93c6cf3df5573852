"""From a laptop to a rented GPU and back: what was drawn there is drawn nowhere else again."""

from __future__ import annotations

from pathlib import Path

import pytest

from mvr.engine import events
from mvr.storekeeping import Storekeeper
from mvr.workspace import Outcome
from tests.backends import tiny_painters as tiny
from tests.backends.tiny_chat import need
from tests.studio import PROJECT, Studio

COMMIT = "89abcdef0123456789abcdef0123456789abcdef"
MODEL = "somebody/tiny-flux"
MAKE = f"""make:
  painter: {{with: flux, model: {MODEL}, revision: "{COMMIT}", steps: 1, size: 64x96}}
  animator: parallax
"""


@pytest.mark.models
def test_a_laptop_without_weights_makes_only_the_join(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the machine with the weights all is drawn, its store pushed to a folder; the laptop pulls that, and its next
    render joins the film and makes nothing else, though it has no weights; both films are the same bytes."""
    need("torch", "diffusers", "transformers", "peft")
    laptop = Studio.start(tmp_path / "laptop" / "film", PROJECT + MAKE)
    rented = laptop.copy(tmp_path / "rented" / "film")
    home = tmp_path / "rented" / "huggingface"
    tiny.flux(home / "hub" / f"models--{MODEL.replace('/', '--')}" / "snapshots" / COMMIT)

    monkeypatch.setenv("HF_HOME", str(home))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    made = rented.render()
    assert {"@ada/portrait", "verse-1.1/keyframe", "verse-1.1/clip"} <= made
    Storekeeper(rented.workspace).push(tmp_path / "drive", lambda *_: None)

    monkeypatch.setenv("HF_HOME", str(tmp_path / "laptop" / "huggingface"))
    Storekeeper(laptop.workspace).pull(tmp_path / "drive", lambda *_: None)
    assert laptop.render() == set()
    assert laptop.film.read_bytes() == rented.film.read_bytes()


def test_a_render_that_lacks_weights_ends_with_3() -> None:
    """1 where something could not be made, 3 where the machine lacks something for it."""
    failed = [events.Failed("a/keyframe", "keyframe", "what", "hint", code) for code in (1, 3)]
    assert Outcome(0, 0, tuple(failed), None, 0.0).exit_code == 3
    assert Outcome(0, 0, tuple(failed[:1]), None, 0.0).exit_code == 1
    assert Outcome(0, 0, (), None, 0.0).exit_code == 0
