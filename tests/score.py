"""Songs as the analysis would hear them: music documents for tests, by hand and at random."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import strategies as st

from mvr.model import ROLES

ENERGIES = ("low", "medium", "high", "rising", "falling")
Part = tuple[str, float, str]
"""Role, start in seconds, energy."""


def song(duration: float, parts: list[Part], bpm: float = 120.0, first: float = 0.35, bar: int = 4) -> Any:
    """A song in one tempo. bpm 0: no beat was heard. first: the first downbeat, in seconds."""
    beats: list[float] = []
    while bpm and (time := first + len(beats) * 60 / bpm) < duration:
        beats.append(round(time, 6))
    counts: Counter[str] = Counter()
    sections = []
    for index, (role, start, energy) in enumerate(parts):
        counts[role] += 1
        end = parts[index + 1][1] if index + 1 < len(parts) else duration
        name = f"{role}-{counts[role]}"
        sections.append({"name": name, "start": start, "end": end, "role": role, "label": role[0], "energy": energy})
    return {
        "duration": duration,
        "tempo": bpm or None,
        "meter": f"{bar}/4",
        "beats": beats,
        "downbeats": beats[::bar],
        "sections": sections,
        "cuePoints": [],
        "heard": bool(bpm),
    }


def pop(bpm: float = 120.0) -> Any:
    """Intro, verse, chorus, verse, chorus, outro: 36 bars of four."""
    bar = 240 / bpm
    starts = [0.0, *(round(0.35 + bar * count, 6) for count in (4, 12, 20, 28, 36))]
    roles = ("intro", "verse", "chorus", "verse", "chorus", "outro")
    energies = ("low", "medium", "high", "medium", "high", "falling")
    return song(round(0.35 + 40 * bar, 6), list(zip(roles, starts, energies, strict=True)), bpm)


@st.composite
def songs(draw: st.DrawFn, longest: float = 240.0) -> Any:
    """Any song, with sections anywhere, on the beat or off it, or none heard at all."""
    duration = round(draw(st.floats(0.02, longest)), 6)
    bpm = draw(st.sampled_from([0.0, 47.0, 61.3, 92.0, 120.0, 174.5]))
    first = draw(st.floats(0.0, 3.0))
    starts = draw(st.lists(st.floats(0.01, 1.0), max_size=8, unique=True).map(sorted))
    times = [0.0, *(round(share * duration, 6) for share in starts if share < 1)]
    times = [time for index, time in enumerate(times) if index == 0 or time - times[index - 1] > 0.001]
    parts = [(draw(st.sampled_from(ROLES)), time, draw(st.sampled_from(ENERGIES))) for time in times if time < duration]
    music = song(duration, parts, bpm, first, draw(st.sampled_from([3, 4])))
    music["cuePoints"] = [round(share * duration, 6) for share in draw(st.lists(st.floats(0.0, 0.99), max_size=3))]
    return music


def form(music: Any) -> Any:
    """The part of a music document that a treatment reads."""
    return [{key: section[key] for key in ("name", "role", "label", "energy")} for section in music["sections"]]
