"""A project as plain values, for the stages that make a film of it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from mvr.model import Corrections, CutRules, Maker, Makers, Output, Project, ShotPlan, Song, Style

PROJECT = Project(
    file=Path("project.yaml"),
    digest="0" * 64,
    data={},
    places={},
    files={},
    title="",
    seed=1,
    song=Song("song.mp3"),
    lyrics=None,
    corrections=Corrections(),
    concept="a walk",
    sections={},
    style=Style(),
    characters=(),
    cut=CutRules(),
    make=Makers(),
    outputs=(Output(64, 48, Fraction(24)),),
    shots=(),
)

SHOT = ShotPlan(
    id="verse-1.1",
    section="verse-1",
    first_frame=10,
    end_frame=16,
    purpose="establish",
    prompt="a street",
    motion="still",
    characters=(),
    keep=(),
    seed=1,
    energy=0.5,
    painter=Maker("sketch"),
    animator=Maker("sketch"),
)
