"""Mood: the tone that a song and its words give a film, and the manner of framing that suits concept and tone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .dice import dice
from .reading import vocabulary

LOUDNESS = {"low": 0.1, "falling": 0.3, "medium": 0.5, "rising": 0.6, "high": 0.9}
SAID, SUNG, HEARD = 1.0, 0.5, 1.5  # what a word of the concept, a word of the lyrics and the song's energy weigh


def tone(concept: str, lines: Sequence[str], form: Sequence[Any]) -> str:
    """The film's tone, one of vocabulary/tones: what the concept says first, then the song's energy and its words."""
    tones = vocabulary("tones")
    said, sung = _tokens([concept]), _tokens(lines)
    energy = sum(LOUDNESS[section["energy"]] for section in form) / len(form)

    def score(name: str) -> float:
        words: set[str] = set(tones[name]["words"])
        heard = 1 - abs(energy - float(tones[name]["energy"]))
        return SAID * len(words & said) + SUNG * min(2, len(words & sung)) + HEARD * heard

    return str(max(tones, key=score))


def manner(film_tone: str, world: str, seed: int) -> str:
    """How the camera frames this film, one of the manners in vocabulary/camera: what suits the tone, by place and seed.

    world: the place that the film is at home in. Few edits of a concept change either, so few edits re-frame a film.
    """
    manners = vocabulary("camera")["manners"]
    suited = [name for name, entry in manners.items() if film_tone in entry["tones"]]
    return str(min(suited, key=lambda name: dice(seed, film_tone, world, name)))


def _tokens(lines: Sequence[str]) -> set[str]:
    return {word.lower() for line in lines for word in re.findall(r"[\w'-]+", line)}
