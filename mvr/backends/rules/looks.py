"""Looks: where, when, in what weather, light and lens each section of the film plays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from . import mood
from .dice import dice, ordered, pick
from .reading import Reading, read, vocabulary

FINALE = 0.72  # from this part of the film on the concept's last step is told


@dataclass(frozen=True)
class Look:
    """One section's look. place_words is how the place is spoken of, such as `the rain-soaked city`."""

    place: str
    place_words: str
    time: str
    weather: str
    light: str
    lens: str


def steps_of(count: int, told: Sequence[str]) -> list[list[int]]:
    """Which of the concept's steps each of count sections tells: one each, or some where there are more steps."""
    if not told:
        return [[] for _ in range(count)]
    if len(told) >= count:
        edges = [round(index * len(told) / count) for index in range(count + 1)]
        return [list(range(edges[index], max(edges[index + 1], edges[index] + 1))) for index in range(count)]
    before = len(told) - 1
    shares = [(index + 0.5) / count for index in range(count)]
    found = [[before if share >= FINALE else min(before - 1, int(share / FINALE * before))] for share in shares]
    return [[0]] * count if before == 0 else [*found[:-1], [before]]


def looks(
    form: Sequence[Any], told: Sequence[str], steps: Sequence[Sequence[int]], ask: Any, film_tone: str
) -> tuple[list[Look], str]:
    """A look for every section, from the concept alone, and the film's manner of framing: what is said of one section
    changes no other's."""
    seed, concept = ask["seed"], read(" ".join(ask["concept"].split()))
    readings = [read(". ".join(told[step] for step in own)) for own in steps]
    places = _places(form, readings, steps, concept, (seed, film_tone))
    times = _times(readings, film_tone)
    weathers = _weathers(readings, concept)
    manner = mood.manner(film_tone, home(readings, concept, seed), seed)
    lenses = _lenses(len(form), vocabulary("camera")["manners"][manner], seed)
    found = []
    for index, section in enumerate(form):
        place = places[index]
        weather = weathers[index] or _air(section, place, concept, seed)
        light = light_of(place, times[index], weather, ask["style"]["lighting"], (seed, section["name"]))
        words = _words(place, readings[index], concept)
        found.append(Look(place, words, times[index], weather, light, lenses[index]))
    return found, manner


def own(look: Look, sentence: str, ask: Any, name: str) -> Look:
    """The same look as far as the user's own sentence for the section leaves it."""
    said = read(sentence)
    place = said.place or look.place
    words = (said.place_words or _the(place)) if said.place else look.place_words
    time = said.time or look.time
    weather = look.weather if said.weather is None else said.weather
    if weather == "clear" or vocabulary("places")[place]["kind"] in ("space", "underwater"):
        weather = ""
    light = "" if said.lit else light_of(place, time, weather, ask["style"]["lighting"], (ask["seed"], name))
    return Look(place, words, time, weather, light, look.lens)


def _the(place: str) -> str:
    return str(vocabulary("places")[place]["the"])


def light_of(place: str, time: str, weather: str, lighting: str, key: tuple[object, ...]) -> str:
    """How a place is lit then. Where the user says what the light is, only how it falls is chosen."""
    table = vocabulary("sky")["lights"]
    if lighting:
        return str(pick(vocabulary("sky")["falls"], *key, "falls"))
    kind = vocabulary("places")[place]["kind"]
    entries = table.get(place) or table.get(kind)
    entries = entries[time] if isinstance(entries, dict) else entries
    free = [entry["text"] for entry in entries if not (weather and entry.get("clear"))]
    return str(ordered(free, *key, "light")[0])


def _words(place: str, here: Reading, concept: Reading) -> str:
    for said in (here, concept):
        if said.place == place and said.place_words:
            return said.place_words
    return _the(place)


def world(concept: Reading, seed: int) -> str:
    """A place for a concept that names none: one its words are at home in, else one of its own."""
    words = vocabulary("words")
    text = f" {concept.text.lower()} "
    tokens = {token.strip(".,;:!?'\"") for token in text.split()}
    scores = {
        place: sum(word in tokens or (" " in word and word in text) for word in known)
        for place, known in words["worlds"].items()
    }
    best = max(scores.values())
    if best:
        equal = [place for place, score in scores.items() if score == best]  # the word that comes first decides
        return str(min(equal, key=lambda place: min(text.find(word) % len(text) for word in words["worlds"][place])))
    return str(pick(words["default worlds"], concept.text.lower(), "world"))


def home(readings: Sequence[Reading], concept: Reading, seed: int) -> str:
    """The place that the film is at home in: the first that is named, else one of the concept's world."""
    return next((reading.place for reading in readings if reading.place), None) or concept.place or world(concept, seed)


def _places(
    form: Sequence[Any],
    readings: Sequence[Reading],
    steps: Sequence[Sequence[int]],
    concept: Reading,
    key: tuple[int, str],
) -> list[str]:
    """A place for each section: the one its step names, or one that lies within it; the choruses share theirs."""
    named = [reading.place for reading in readings]
    first = home(readings, concept, key[0])
    bases: list[str] = []
    for place in named:
        bases.append(place or (bases[-1] if bases else first))
    found: list[str] = []
    told: set[tuple[str, int]] = set()
    rooms = {base: ordered(vocabulary("places")[base]["within"], *key, base, "within") for base in bases}
    final = steps[-1] if len(steps) > 1 and steps[-1] != steps[0] else None
    turn = 0
    for index, section in enumerate(form):
        base, inner = bases[index], rooms[bases[index]]
        opening = (base, steps[index][0] if steps[index] else 0) not in told
        told.add((base, steps[index][0] if steps[index] else 0))
        if not inner or opening or steps[index] == final or index == len(form) - 1:
            found.append(base)
        elif section["role"] == "chorus":
            found.append(inner[0])
        else:
            turn += 1
            cycle = [*inner[1:], base]
            place = cycle[(turn - 1) % len(cycle)]
            if found[-1] == place and len(cycle) > 1:
                turn += 1
                place = cycle[(turn - 1) % len(cycle)]
            found.append(place)
    return found


def _times(readings: Sequence[Reading], film_tone: str) -> list[str]:
    """A time of day for each section: as the steps say, and on its way from one to the next between them; where none
    is told, the tone's."""
    ring = vocabulary("sky")["ring"]
    known = {index: ring.index(reading.time) for index, reading in enumerate(readings) if reading.time}
    count = len(readings)
    if not known:
        arc = vocabulary("tones")[film_tone]["times"]
        return [arc[min(len(arc) - 1, index * len(arc) // count)] for index in range(count)]
    found = [0] * count
    first, last = min(known), max(known)
    for index in range(count):
        if index in known:
            found[index] = known[index]
        elif index < first:
            back = min(2, first)  # at most two steps of the day before the first time that is told
            found[index] = known[first] - max(1, back - index * back // first)
        elif index > last:
            ahead = min(2, count - 1 - last)
            found[index] = known[last] + max(1, (index - last) * ahead // (count - 1 - last))
        else:
            before = max(number for number in known if number < index)
            after = min(number for number in known if number > index)
            way = (known[after] - known[before]) % len(ring)
            found[index] = known[before] + round(way * (index - before) / (after - before))
    return [ring[step % len(ring)] for step in found]


def _weathers(readings: Sequence[Reading], concept: Reading) -> list[str | None]:
    """The weather of each section as the steps tell it, kept until they tell of another; None where none is told."""
    known = [(index, reading.weather) for index, reading in enumerate(readings) if reading.weather]
    found: list[str | None] = []
    for index in range(len(readings)):
        before = [weather for number, weather in known if number <= index]
        ahead = [weather for number, weather in known if number > index]
        told = before[-1] if before else (ahead[0] if ahead and ahead[0] != "clear" else None)
        found.append("" if told == "clear" else told)
    if any(weather is not None for weather in found):
        return [weather or "" for weather in found]
    return ["" if concept.weather == "clear" else None for _ in readings]


def _air(section: Any, place: str, concept: Reading, seed: int) -> str:
    """A weather that nobody asked for: now and then fog where it is quiet, wind where it is not, out of doors only."""
    entry = vocabulary("places")[place]
    if concept.weather is not None or entry.get("inside") or entry["kind"] in ("space", "underwater"):
        return ""
    if dice(seed, section["name"], "air") > 0.3:
        return ""
    return "fog" if section["energy"] in ("low", "falling") else "wind"


def _lenses(count: int, manner: Any, seed: int) -> list[str]:
    """A lens and a composition for each section, no two alike among the first 150; those that suit the manner first."""
    camera = vocabulary("camera")
    kinds = {
        f"{frame}, {lens} {focus}": (lens in manner["lenses"]) + (frame in manner["frames"])
        for lens, focus, frame in product(camera["lenses"], camera["focus"], camera["frames"])
    }
    order = sorted(ordered(list(kinds), seed, "lens"), key=lambda kind: -kinds[kind])
    return [order[index % len(order)] for index in range(count)]
