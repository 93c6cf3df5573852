"""A tiny film to edit in tests: `studio.edit(...)`, then `assert studio.render() == {...}`."""

from __future__ import annotations

import shutil
import wave
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mvr import machine
from mvr.engine import events
from mvr.model import Goal
from mvr.workspace import Outcome, Workspace

PROJECT = """\
# a comment
title: Tiny
song: song.wav
concept: A woman walks through a city at night.
music:
  tempo: 120
  meter: 4/4
  first_downbeat: 0:00
  sections: [{at: 0:00, role: verse}, {at: 0:08, role: chorus}]
sections:
  chorus: the harbour opens before her
style:
  palette: ["#0b1d51", "#f2b134"]
characters:
  ada:
    description: young woman, short black hair
    wardrobe: red coat
  ben:
    description: old man, grey beard
    wardrobe: green jacket
cut: {length: [2s, 4s]}
output: {size: 64x96, fps: 12}
shots:
  verse-1.1: {prompt: "ada waits at a wide street corner in the rain", characters: [ada]}
  chorus-1.1: {prompt: "ben looks over the sea", characters: [ben]}
"""


def write_song(path: Path, seconds: float = 16.0, rate: int = 22050) -> None:
    """A kick on every beat at 120 a minute, a tone that rises at the chorus."""
    t = np.arange(int(seconds * rate)) / rate
    beat = np.sin(2 * np.pi * 60 * t) * np.exp(-18 * (t % 0.5))
    tone = 0.2 * np.sin(2 * np.pi * np.where(t < seconds / 2, 220, 440) * t)
    bar = 0.5 * np.sin(2 * np.pi * 1800 * t) * np.exp(-60 * (t % 2.0))
    samples = np.clip((0.7 * beat + tone + bar) * 20000, -32000, 32000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


@dataclass
class Studio:
    """A project folder, and what happened in its last render."""

    folder: Path
    happened: list[events.Event] = field(default_factory=list)
    outcome: Outcome | None = None

    @classmethod
    def start(cls, folder: Path, text: str = PROJECT) -> Studio:
        folder.mkdir(parents=True, exist_ok=True)
        write_song(folder / "song.wav")
        (folder / "project.yaml").write_text(text)
        return cls(folder)

    def copy(self, folder: Path) -> Studio:
        """The same studio in another folder, store and all."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Studio(folder)

    @property
    def file(self) -> Path:
        return self.folder / "project.yaml"

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.file, machine.load())

    @property
    def film(self) -> Path:
        return self.workspace.out / "film.mp4"

    def edit(self, old: str, new: str) -> None:
        """Replaces a text that stands once in the project file."""
        text = self.file.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        self.file.write_text(text.replace(old, new))

    def render(self, goal: Goal | None = None) -> set[str]:
        """Renders, and names what was made, films aside."""
        self.happened = []
        self.outcome = self.workspace.render(goal or Goal(), self.happened.append)
        assert [(one.node, one.what) for one in self.outcome.failed][:1] == []
        return self.made()

    def made(self) -> set[str]:
        return {event.node for event in self.happened if isinstance(event, events.MadeNode) and event.stage != "film"}

    def stale(self) -> set[str]:
        """What `plan` says would be made for certain, films aside."""
        return {
            row["name"] for row in self.workspace.plan()["nodes"] if row["state"] == "stale" and row["stage"] != "film"
        }
