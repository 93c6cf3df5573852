"""Reading: what the words of a shot ask the sketch to draw."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from mvr.backends._words import Vocabulary, lemmas, tokens

from . import lexicon, looks, places, things


@dataclass(frozen=True)
class Reading:
    """What was read. Every field has a value: what the words leave open is chosen from the seed."""

    place: str
    weather: str  # clear | clouds | wind | rain | storm | snow | fog
    time: str  # dawn | day | dusk | night
    wet: bool
    lights: tuple[str, ...]
    moods: tuple[str, ...]
    looks: tuple[str, ...]
    things: tuple[str, ...]
    size: str  # extreme wide | wide | full | medium | close | extreme close
    angle: str  # low | eye | high
    pose: str  # stand | walk | run | sit | dance | sing | play | reach | hug | meet
    facing: str  # front | side | back
    held: str  # what the first character plays or holds: guitar | piano | drums | violin | umbrella, or ""
    tint: str  # the colour that is told of the place or its light, or ""
    words: tuple[str, ...]  # of the sentence, in lower case


@lru_cache(maxsize=1)
def _vocabularies() -> dict[str, Vocabulary]:
    tables: dict[str, Mapping[str, Any]] = {
        **{kind: lexicon.table(kind) for kind in lexicon.KINDS},
        "look": {name: look.WORDS for name, look in looks.all_looks().items()},
        "place": {name: place.WORDS for name, place in places.all_places().items()},
        "hint": {name: getattr(place, "HINTS", ()) for name, place in places.all_places().items()},
        "thing": {name: thing.WORDS for name, thing in things.all_things().items()},
    }  # fmt: skip
    return {kind: Vocabulary(table) for kind, table in tables.items()}


def found(kind: str, text: str) -> list[str]:
    """Entries of one kind that a text names, in its order."""
    return _vocabularies()[kind].find(text)


def read(ask: Mapping[str, Any]) -> Reading:
    """Reads a keyframe's recipe: its sentence first, the style's words for what the sentence leaves open.

    Words of the user's own (the painter's option `words`) are read as the words that they stand for.
    """
    own = ((ask.get("painter") or {}).get("identity") or {}).get("words") or {}
    sentence = spoken(str(ask.get("sentence") or ask.get("prompt") or ""), own)
    style = {key: spoken(value, own) if isinstance(value, str) else value for key, value in _style(ask).items()}
    manner = f"{style.get('look') or ''}. {style.get('lighting') or ''}"
    seed = int(ask.get("seed") or 0)
    cast = len(ask.get("characters") or ())
    choice = random.Random(f"{seed}:reading")
    place = _place(sentence, choice)
    weather, wet = _weather(sentence, manner)
    lights = tuple(dict.fromkeys(found("light", sentence) + found("light", manner)))
    moods = tuple(found("mood", sentence))
    size = _size(sentence, cast, choice)
    pose, facing = _body(sentence, size, place, choice)
    held = _played(sentence) if cast else ""
    if held:
        pose, facing = "play", "front"
    elif cast and "umbrella" in found("thing", sentence) and pose in ("stand", "walk", "run", "meet"):
        held = "umbrella"
    return Reading(
        place=place,
        weather=weather,
        time=_time(sentence, manner, place, moods),
        wet=wet or weather in ("rain", "storm"),
        lights=lights,
        moods=moods,
        looks=tuple(found("look", str(style.get("look") or ""))),
        things=tuple(found("thing", sentence)),
        size=size,
        angle=next(
            iter(found("angle", sentence)),
            choice.choice(("eye", "eye", "eye", "low", "high") if cast else ("eye", "low", "high")),
        ),
        pose=pose,
        facing=facing,
        held=held,
        tint=_tint(sentence),
        words=tuple(tokens(sentence)),
    )


def _style(ask: Mapping[str, Any]) -> Mapping[str, Any]:
    return ask.get("style") or {}


def spoken(text: str, own: Mapping[str, str]) -> str:
    """A text in which each of the user's words, in any of its forms, is the word that it stands for."""
    if not own:
        return text
    vocabulary = Vocabulary({meaning: [word for word, other in own.items() if other == meaning] for meaning in
                             dict.fromkeys(own.values())})  # fmt: skip
    words, index, result = tokens(text), 0, []
    while index < len(words):
        size, meaning = vocabulary.at(words, index)
        result.append(meaning or words[index])
        index += size
    return " ".join(result)


def _played(sentence: str) -> str:
    """The instrument that somebody plays in it: a guitar that only leans there is none."""
    players, words = found("player", sentence), tokens(sentence)
    named = found("played", sentence)
    at = any(words[index : index + 2] in (["at", "the"], ["at", "a"], ["at", "her"], ["at", "his"]) and
             found("played", " ".join(words[index + 2 : index + 5])) for index in range(len(words) - 2))  # fmt: skip
    if named and (at or any(lexicon.words("playing") & set(lemmas(word)) for word in words)):
        return named[0]
    return players[0] if players else ""


def _tint(sentence: str) -> str:
    """The colour of the place or of its light: a red club, blue light, a purple sky."""
    from .figure.looks import COLOURS

    words = tokens(sentence)
    for one, two in pairwise(words):
        if one in COLOURS and one not in ("dark", "light", "bright", "pale", "black", "white", "denim", "leather"):
            lit = lexicon.words("tinted") & set(lemmas(two))
            if lit or found("place", two):
                return COLOURS[one]
    return ""


_AHEAD = re.compile(
    r"\b(?:towards?|beyond|(?:far|away) from|on the way to)\b[^,.;:]*?"
    r"(?=\b(?:on|in|at|under|through|across|along|by|near)\b|[,.;:]|$)",
    re.IGNORECASE,
)
"""Where somebody is going, or what they have left: not where they are."""


def _place(sentence: str, choice: random.Random) -> str:
    """The place that is told most closely: a rooftop above a city is a rooftop."""
    named = found("place", _AHEAD.sub(" ", sentence)) or found("place", sentence) or found("hint", sentence)[:1]
    if not named:
        return "abstract"
    ranks = places.all_places()
    named.sort(key=lambda name: -ranks[name].RANK)
    closest = [name for name in named if ranks[name].RANK == ranks[named[0]].RANK]
    other = choice.random()
    return closest[0] if len(closest) == 1 or other < 0.6 else closest[1]


def _weather(sentence: str, manner: str) -> tuple[str, bool]:
    named = found("weather", sentence) or found("weather", manner)
    lower = f" {sentence.lower()} "
    if "rain" in named and any(f" rain {end}" in lower for end in ("stop", "end", "is over", "has stop", "clears")):
        return "clear", True
    for kind in ("storm", "rain", "snow", "fog", "wind", "clouds"):
        if kind in named:
            return kind, False
    return "clear", False


def _time(sentence: str, manner: str, place: str, moods: tuple[str, ...]) -> str:
    """The time that is named (dawn before night, where both are); else one that suits the place and the mood."""
    for text in (sentence, manner):
        named = found("time", text)
        for time in ("dawn", "dusk", "night", "day"):
            if time in named:
                return time
    usual = getattr(places.all_places()[place], "TIME", "")
    if usual:
        return str(usual)
    if "joy" in moods:
        return "day"
    if "hope" in moods:
        return "dawn"
    return random.Random(f"{manner}:{place}:time").choice(("dusk", "dusk", "night", "dawn"))


def _size(sentence: str, cast: int, choice: random.Random) -> str:
    named = found("size", sentence)
    open_ = choice.choices(("extreme wide", "wide", "full", "medium", "close"), (0.12, 0.26, 0.28, 0.22, 0.12))[0]
    size = named[0] if named else open_ if cast else "wide"
    return "close" if size == "extreme close" and cast > 1 else size


def _body(sentence: str, size: str, place: str, choice: random.Random) -> tuple[str, str]:
    """Pose and facing. Words decide; a stage asks for singing, and far figures are seen from behind more often."""
    named = found("pose", sentence)
    usual = getattr(places.all_places()[place], "POSE", "stand")
    pose = named[0] if named else usual
    turned = choice.random()
    told = found("facing", sentence)
    if told and not (told[0] == "side" and pose in ("sing", "play")):
        return pose, told[0]
    if pose in ("walk", "run") and size in ("medium", "close", "extreme close"):
        return pose, "front" if turned < 0.65 else "side" if size != "medium" else "back"
    if pose in ("walk", "run"):
        return pose, "side" if turned < 0.6 or pose == "run" else "back"
    if pose in ("sing", "play", "dance"):
        return pose, "front"
    share = {"extreme wide": 0.7, "wide": 0.6, "full": 0.4, "medium": 0.22}.get(size, 0.08)
    return pose, "back" if turned < share else "side" if turned > 0.82 else "front"
