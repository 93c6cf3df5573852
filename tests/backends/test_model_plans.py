"""Whole plans by a language model that says noise: what holds a film together is mvr, not the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from mvr.backends import backend
from tests.backends.films import Film
from tests.backends.plans import hold_together, wishes
from tests.backends.tiny_chat import LIBRARIES, chat_model, need, options
from tests.desk import BenchDesk

TEMPERATURES = (1.0, 0.7, 0.0)
"""Noise, the default, and the likeliest word alone: a model that says the same again and again."""


class Noise:
    """A tiny model at a desk, and the films that it writes."""

    def __init__(self, folder: Path) -> None:
        import torch

        torch.set_num_threads(1)  # two would wait for each other at every token
        self.folder = chat_model(folder / "tiny")
        self.writer: Any = backend("transformers")
        self.desk = BenchDesk(folder)

    def film(self, wish: Any, **more: Any) -> Film:
        wanted = options(self.folder, **more)
        said = {"name": "transformers", "identity": self.writer.identity(wanted)}
        asked = {"writer": said, "how": self.writer.how(wanted)}
        return Film(**wish, writer=self.writer, asked=asked, desk=self.desk)


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Noise:
    need(*LIBRARIES)
    return Noise(tmp_path_factory.mktemp("chat"))


@pytest.mark.models
@settings(
    max_examples=12,
    derandomize=True,
    phases=[Phase.generate],  # one failing plan is enough, and each takes seconds
    suppress_health_check=[HealthCheck.too_slow],
)
@given(wish=wishes(longest=30))
def test_plans_of_noise_hold_together(noise: Noise, wish: Any) -> None:
    """Each is valid, tiles its song, keeps every character's words, and says nothing twice."""
    hold_together(noise.film(wish, temperature=TEMPERATURES[wish["seed"] % 3]))
