"""What a remembered plan rests on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mvr.backends import _weights
from mvr.engine import witness
from mvr.snapshot import code_mark
from tests.studio import PROJECT, Studio


def test_code_that_changed_leaves_another_mark(tmp_path: Path) -> None:
    """An edit of any module, or a new one, shows; other files do not."""
    inner = tmp_path / "stages"
    inner.mkdir()
    (inner / "cut.py").write_text("VERSION = 1\n")
    before = code_mark(tmp_path)
    (inner / "notes.txt").write_text("no code\n")
    assert code_mark(tmp_path) == before
    os.utime(inner / "cut.py", ns=(before[1] + 1, before[1] + 1))
    edited = code_mark(tmp_path)
    assert edited != before
    (tmp_path / "new.py").write_text("")
    os.utime(tmp_path / "new.py", ns=(0, 0))
    assert code_mark(tmp_path) not in (before, edited)


def weights(folder: Path) -> Path:
    """A folder as a language model's weights lie in one."""
    (folder / "inner").mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


@pytest.fixture
def settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every stat is proof at once, and what is known of weights is this test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(_weights, "_known", {})
    monkeypatch.setattr(_weights, "SETTLED_NS", 0)
    monkeypatch.setattr(witness, "SETTLED_NS", 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "model.safetensors").write_bytes(b"Weights"),
        lambda folder: (folder / "adapter.safetensors").write_bytes(b"more"),
        lambda folder: (folder / "inner" / "adapter.safetensors").write_bytes(b"more"),
        lambda folder: (folder / "config.json").unlink(),
        lambda folder: folder.rename(folder.with_name("elsewhere")),
    ],
    ids=["edited", "added", "added inside", "removed", "moved away"],
)
@pytest.mark.usefixtures("settled")
def test_a_plan_is_forgotten_when_weights_change(tmp_path: Path, change: Callable[[Path], object]) -> None:
    """While a model's folder looks the same the plan is remembered; then it is judged anew, and the words are stale."""
    folder = weights(tmp_path / "weights")
    maker = f"make: {{writer: {{with: transformers, model: {folder}}}}}\noutput:"
    studio = Studio.start(tmp_path / "film", PROJECT.replace("output:", maker))
    before = studio.workspace.plan()
    assert studio.workspace._answer() == before
    with studio.workspace.opened() as bench:
        recipe = bench.graph().nodes["treatment"].recipe
    change(folder)
    assert studio.workspace._answer() is None
    with studio.workspace.opened() as bench:
        assert bench.graph().nodes["treatment"].recipe != recipe


@pytest.mark.usefixtures("settled")
def test_weights_that_are_just_written_leave_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stat of this very moment is no proof: the plan is judged anew until the folder has been at rest."""
    folder = weights(tmp_path / "weights")
    maker = f"make: {{writer: {{with: transformers, model: {folder}}}}}\noutput:"
    studio = Studio.start(tmp_path / "film", PROJECT.replace("output:", maker))
    monkeypatch.setattr(witness, "SETTLED_NS", 60_000_000_000)
    monkeypatch.setattr(_weights, "SETTLED_NS", 60_000_000_000)
    studio.workspace.plan()
    assert studio.workspace._answer() is None
    assert _weights._known == {}
