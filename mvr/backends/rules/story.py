"""The treatment: what the film tells, how each section looks, and who is in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from . import casting, mood
from .dice import dice
from .looks import Look, looks, own, steps_of
from .reading import capital, clauses, opened, read, things, vocabulary


def treatment(ask: Any) -> Any:
    """The treatment as stages/treatment hands it on. ask: that stage's recipe, form and lines."""
    form = ask["form"]
    told = clauses(ask["concept"])
    steps = steps_of(len(form), told)
    tone = mood.tone(ask["concept"], ask["lines"], form)
    plain, manner = looks(form, told, steps, ask, tone)
    sheet = [] if ask["characters"] else casting.sheet(ask["concept"], ask["seed"])
    cast = casting.moved(ask["characters"] or sheet, vocabulary("tones")[tone])
    ask = {**ask, "characters": cast}
    felt = {who["name"]: casting.feelings(who, len(form)) for who in cast}
    casts = _casts(form, ask)
    peak = _peak(form)
    openings = _openings(form, manner)
    briefs = []
    for index, section in enumerate(form):
        sentence = _sentence(section, ask)
        look = own(plain[index], sentence, ask, section["name"]) if sentence else plain[index]
        brief = sentence or capital(". ".join(capital(opened(told[step])) for step in steps[index]))
        seen = [] if sentence else things(brief) or things(ask["concept"])
        share = (index + 0.5) / len(form)
        beat = "beginning" if share < 0.3 else "end" if share >= 0.75 else "middle"
        briefs.append(
            {
                "section": section["name"],
                "role": section["role"],
                "energy": section["energy"],
                "brief": brief,
                "given": bool(sentence),
                "things": seen,
                "place": look.place,
                "place_words": look.place_words,
                "time": look.time,
                "light": look.light,
                "weather": look.weather,
                "lens": look.lens,
                "camera": _camera(section, ask),
                "characters": casts[index],
                "cast": [{key: who[key] for key in SHEET} for who in sheet],
                "feelings": {name: felt[name][index] for name in casts[index]},
                "tone": tone,
                "manner": manner,
                "beat_of_story": "middle" if len(form) == 1 else beat,
                "purpose": _purpose(index, form, peak),
                "closing": "resolve" if index == len(form) - 1 else "transition",
                "opening": openings[index],
                "echo": section["role"] if section["role"] == "chorus" else section["name"],
            }
        )
    return {**_whole(ask, briefs, plain, tone), "sections": briefs}


def _sentence(section: Any, ask: Any) -> str:
    """What the user says of a section: of this one by its name, else of all of its role."""
    for name in (section["name"], section["role"]):
        note = ask["sections"].get(name)
        if note and note["concept"].strip():
            return " ".join(note["concept"].split())
    return ""


def _peak(form: Sequence[Any]) -> int:
    """The section the film climbs to: its last chorus, else the loudest one of its second half."""
    choruses = [index for index, section in enumerate(form) if section["role"] == "chorus"]
    if choruses:
        return choruses[-1]
    loud = {"high": 3, "rising": 2, "medium": 1, "falling": 1, "low": 0}
    return max(range(len(form)), key=lambda index: (2 * index >= len(form) - 1, loud[form[index]["energy"]], -index))


def _purpose(index: int, form: Sequence[Any], peak: int) -> str:
    """What most shots of a section are for."""
    role = form[index]["role"]
    if index == peak and len(form) > 1:
        return "climax"
    if index == 0 or role == "intro":
        return "establish" if len(form) > 1 else "develop"
    if role == "outro" or (index == len(form) - 1 and index > peak):
        return "resolve"
    return "transition" if role in ("pre-chorus", "bridge", "break") else "develop"


def _openings(form: Sequence[Any], manner: str) -> list[str]:
    """How each section opens: choruses from high above, the others as suits their role, or the film's manner where the
    role opens near; never like the one before or after it."""
    camera = vocabulary("camera")
    found: list[str] = [""] * len(form)
    for index, section in enumerate(form):
        if section["role"] == "chorus" and "broad" not in found[max(0, index - 1) : index]:
            found[index] = "broad"
    for index, section in enumerate(form):
        if not found[index]:
            beside = found[max(0, index - 1) : index + 2]
            usual = camera["opens"][section["role"]]
            names = (camera["manners"][manner]["opens"] if usual == "near" else usual, *camera["openings"])
            found[index] = next(name for name in names if name not in beside)
    return found


def _camera(section: Any, ask: Any) -> str:
    """How the camera behaves in a section: what the user says of its role, or of the film, else by its energy."""
    general: list[str] = []
    for phrase in _phrases(ask["style"]["camera"]):
        roles = _roles(phrase)
        if section["role"] in roles or section["name"] in phrase.lower():
            return phrase
        if not roles:
            general.append(phrase)
    styles = vocabulary("camera")["styles"]
    return ", ".join(general) or str(styles[section["energy"]])


def _phrases(camera: str) -> list[str]:
    """What is said of the camera, cut where another section is spoken of: `slow in verses and wide in choruses`."""
    found: list[str] = []
    for phrase in re.split(r"[,;.]| but ", camera):
        halves = phrase.split(" and ")
        found += halves if len(halves) == 2 and all(_roles(half) for half in halves) else [phrase]
    return [phrase.strip() for phrase in found if phrase.strip()]


def _roles(phrase: str) -> list[str]:
    """The roles of sections that a phrase names, in the singular or the plural."""
    words = {word.lower() for word in re.findall(r"[\w-]+", phrase)}
    return [role for role in vocabulary("camera")["opens"] if words & {role, f"{role}s", f"{role}es"}]


def _casts(form: Sequence[Any], ask: Any) -> list[list[str]]:
    """Who is in each section: leads everywhere, supporting characters in the choruses and some others, crowds where it
    is loud; as the user says, where they say it. Whoever is named on the sheet appears, where the user leaves room."""
    found: list[list[str]] = []
    free: list[int] = []
    for index, section in enumerate(form):
        notes = [ask["sections"].get(name) for name in (section["name"], section["role"])]
        asked = next((note["characters"] for note in notes if note and note["characters"] is not None), None)
        if asked is None and _unpeopled(_sentence(section, ask), ask):
            asked = []
        if asked is None:
            free.append(index)
            found.append([who["name"] for who in ask["characters"] if _appears(who, section, ask["seed"])])
        else:
            found.append(list(asked))
    for who in ask["characters"]:
        if who["role"] != "crowd" and free and not any(who["name"] in cast for cast in found):
            index = min(free, key=lambda index: dice(ask["seed"], who["name"], form[index]["name"]))
            found[index].append(who["name"])
    return found


def _unpeopled(sentence: str, ask: Any) -> bool:
    """Whether the user's sentence says that nobody is there, as in `the empty harbour at night`."""
    words = {word.lower() for word in re.findall(r"[\w-]+", sentence)}
    people = read(sentence).human or any(who["name"].lower() in words for who in ask["characters"])
    return not people and bool(words & set(vocabulary("words")["unpeopled"]))


def _appears(who: Any, section: Any, seed: int) -> bool:
    if who["role"] == "lead":
        return True
    if who["role"] == "crowd":
        return section["role"] == "chorus" and section["energy"] in ("high", "rising")
    return section["role"] == "chorus" or dice(seed, who["name"], section["name"]) < 0.4


def _whole(ask: Any, briefs: Sequence[Any], plain: Sequence[Look], tone: str) -> Any:
    """What is said of the film as a whole. The look from the concept alone decides the palette."""
    style, concept = ask["style"], " ".join(ask["concept"].split())
    settings = [_setting(brief) for brief in briefs]
    thirds = {name: [b for b in briefs if b["beat_of_story"] == name] or [briefs[0]] for name in _BEATS}
    seen = list(dict.fromkeys(settings))
    lights = list(dict.fromkeys(brief["light"] for brief in briefs if brief["light"]))
    return {
        "theme": _theme(concept),
        "summary": f"{capital(opened(concept)) or 'A film without words'}. It moves {_moves(seen)}.",
        "story": {
            name: ". ".join(dict.fromkeys(b["brief"] for b in part if b["brief"])) for name, part in thirds.items()
        },
        "tone": tone,
        "cast": [{key: who[key] for key in (*SHEET, "arc", "range") if key in who} for who in ask["characters"]],
        "environments": environments(briefs),
        "camera": {brief["role"]: brief["camera"] for brief in reversed(briefs)},
        "palette": style["palette"] or _palette(plain[len(plain) // 2].time, tone),
        "lighting": style["lighting"] or "; ".join(lights[:4]),
        "ending": f"{briefs[-1]['brief'] or 'The last picture stays'}: {settings[-1]}.",
    }


_BEATS = ("beginning", "middle", "end")
SHEET = ("name", "role", "description", "wardrobe", "features")


def environments(briefs: Sequence[Any]) -> list[Any]:
    """Every place of the film with its times of day and its sections."""
    found: dict[str, Any] = {}
    for brief in briefs:
        place = found.setdefault(brief["place_words"], {"place": brief["place_words"], "times": [], "sections": []})
        if brief["time"] not in place["times"]:
            place["times"].append(brief["time"])
        place["sections"].append(brief["section"])
    return list(found.values())


def _palette(time: str, tone: str) -> list[str]:
    """The colours of a time of day, its fourth one, the accent, the tone's."""
    colours = list(vocabulary("sky")["palettes"][time])
    return [*colours[:3], vocabulary("tones")[tone]["accent"], *colours[4:]]


def _setting(brief: Any) -> str:
    """Where and when, in words: `the bridge at night`."""
    entry = vocabulary("places")[brief["place"]]
    time = "" if entry.get("timeless") else f" {vocabulary('sky')['times'][brief['time']]['at']}"
    return f"{brief['place_words']}{time}"


def _moves(settings: Sequence[str]) -> str:
    if len(settings) == 1:
        return f"through {settings[0]}"
    between = f" by way of {', '.join(settings[1:-1])}" if len(settings) > 2 else ""
    return f"from {settings[0]} to {settings[-1]}{between}"


def _theme(concept: str) -> str:
    words = set(re.findall(r"[\w'-]+", concept.lower()))
    for theme, known in vocabulary("words")["themes"].items():
        if words & set(known):
            return str(theme)
    place = read(concept).place_words
    return f"what {place} does to whoever is in it" if place else "one thing, looked at until it changes"
