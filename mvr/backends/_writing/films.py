"""A treatment, and the shots of one section, from what a model answers.

The rules writer gives the frame that no model is asked for: which part of the story a section tells, what its shots
are for, its lens, how it opens, which sections echo each other. What the user wrote stands as it is; a model is only
asked for what is left open.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mvr.backends import rules
from mvr.backends.rules.dice import dice
from mvr.backends.rules.looks import Look, own
from mvr.backends.rules.reading import capital, vocabulary
from mvr.backends.rules.story import environments

from . import forms, prompts
from .asking import Say, answered
from .text import Unfit, clean, scenes

SCRIPTS = ("paper-clap",)
"""Templates that are answered by a script, `SCENE n: one sentence`, and not by JSON."""

BATCH = 12
"""Shots asked for at once: some 1,500 tokens of answer."""

MOST_LINES = 80
"""Lines of the lyrics that a model reads, from the first on."""


def treatment(ask: Any, say: Say, template: str) -> Any:
    """The treatment as stages/treatment hands it on. ask: that stage's recipe, form and lines."""
    base = rules.treatment(ask)
    if template in SCRIPTS:
        return _told(ask, say, template, base)
    asked = {brief["section"]: _open(brief, ask) for brief in base["sections"]}
    names = [who["name"] for who in ask["characters"]]
    places = list(vocabulary("places"))
    style = ask["style"]
    whole = [name for name, given in (("palette", style["palette"]), ("lighting", style["lighting"])) if not given]
    cast = [who["name"] for who in ask["characters"] if not who["arc"] and not who["range"]]
    schema = forms.treatment(
        {name: forms.brief(keys, places, names) for name, keys in asked.items() if keys}, whole, cast
    )
    prompt = prompts.rendered(template, _of_film(ask, base, schema))
    answer = answered(say, prompt, schema, _seed(ask, "treatment"), _cleaner(schema, _spare(base)), "treatment")
    briefs = [{**brief, **answer["sections"].get(brief["section"], {})} for brief in base["sections"]]
    _appear(briefs, base, asked, ask)
    said = {name: answer[name] for name in ("theme", "summary", "story", "ending", *whole)}
    people = [{**who, **answer.get("cast", {}).get(who["name"], {})} for who in base["cast"]]
    return {**base, **said, **_gathered(briefs), "cast": people}


def section(ask: Any, say: Say, template: str) -> Any:
    """The shots as stages/shots hands them on. ask: that stage's recipe, brief and cuts.

    Planned shots are asked for first, dropped ones too, then each forced one by itself: where a model says the same to
    the same question, a forced or a dropped cut changes no other shot's words.
    """
    ruled = rules.section(ask)
    base = {shot["id"]: shot for shot in ruled["shots"]}
    thought_of = [{key: who[key] for key in ("name", "role")} for who in ask["brief"].get("cast", ())]
    ask = {**ask, "characters": [*ask["characters"], *thought_of]}
    cuts = ask["cuts"]
    listed = {shot["id"]: shot for shot in cuts["shots"]}
    known = {**listed, **{shot["id"]: shot for shot in cuts["dropped"]}}
    planned = list(cuts["planned"])
    batches = [planned[start : start + BATCH] for start in range(0, len(planned), BATCH)]
    batches += [[name] for name, shot in listed.items() if shot["forced"]]
    written: dict[str, Any] = {}
    for batch in batches:
        near = _near(batch, known, planned, written)
        written.update(_batch(ask, say, template, [known[name] for name in batch], near, base))
    thought = [written[name] for name in planned]
    if template not in SCRIPTS:
        _seen(thought, ask)
    _framed(thought, [written[name] for name in listed], ask)
    prompts_of = _prompts([*thought, *(written[name] for name, shot in listed.items() if shot["forced"])], ask, base)
    shots = [{**base[name], **_shot(written[name], prompts_of[name])} for name in listed]
    seen = {name for shot in shots for name in shot["characters"]}
    return {**ruled, "shots": shots, "cast": [who for who in ask["brief"].get("cast", ()) if who["name"] in seen]}


# the film as a whole


def _open(brief: Mapping[str, Any], ask: Any) -> list[str]:
    """What of a section's brief the user's own words leave open."""
    keys = [] if brief["given"] else ["brief", "place", "place_words", "time", "weather"]
    keys += [] if ask["style"]["lighting"] else ["light"]
    keys += [] if ask["style"]["camera"] else ["camera"]
    noted = any(
        note and note["characters"] is not None
        for note in (ask["sections"].get(name) for name in (brief["section"], brief["role"]))
    )
    return keys + (["characters"] if ask["characters"] and not brief["given"] and not noted else [])


def _of_film(ask: Any, base: Any, schema: Any) -> dict[str, Any]:
    """What a template reads when it asks for a treatment."""
    return {
        "part": "treatment",
        "concept": clean(ask["concept"], 4000),
        "sections": [
            {**{key: brief[key] for key in ("section", "role", "energy", "beat_of_story")},
             "sentence": clean(brief["brief"], 600) if brief["given"] else ""}
            for brief in base["sections"]
        ],
        "lyrics": [clean(line, 160) for line in ask["lines"][:MOST_LINES]],
        "style": {key: clean(value, 400) for key, value in ask["style"].items() if isinstance(value, str)},
        "palette": ask["style"]["palette"],
        "characters": _people(ask),
        "shape": json.dumps(forms.skeleton(schema), ensure_ascii=False, indent=1) if schema else "",
    }  # fmt: skip


def _people(ask: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": who["name"],
            "role": who["role"],
            "arc": clean(who.get("arc", ""), 200),
            "range": [clean(one, 40) for one in who.get("range", ())],
        }
        for who in ask["characters"]
    ]


def _appear(briefs: list[Any], base: Any, asked: Mapping[str, Sequence[str]], ask: Any) -> None:
    """Whoever is named on the sheet and in no section is put where the rules would have them, where that is open."""
    for who in ask["characters"]:
        if who["role"] == "crowd" or any(who["name"] in brief["characters"] for brief in briefs):
            continue
        free = [index for index, brief in enumerate(briefs) if "characters" in asked[brief["section"]]]
        liked = [index for index in free if who["name"] in base["sections"][index]["characters"]]
        for index in (liked or free)[:1]:
            briefs[index] = {**briefs[index], "characters": [*briefs[index]["characters"], who["name"]]}


def _gathered(briefs: Sequence[Any]) -> dict[str, Any]:
    """The sections of a treatment, and what of it only gathers them."""
    camera = {brief["role"]: brief["camera"] for brief in reversed(briefs)}
    return {"sections": list(briefs), "environments": environments(briefs), "camera": camera}


def _told(ask: Any, say: Say, template: str, base: Any) -> Any:
    """The treatment from a script: one scene a section. Place, time and weather are read from its sentence."""
    values = _of_film(ask, base, None)
    count = len(base["sections"])
    script = answered(
        say,
        prompts.rendered(template, values),
        None,
        _seed(ask, "treatment"),
        lambda answer, last: [clean(one, 240) for one in scenes(answer, count)],
        "script",
    )
    briefs = []
    for brief, sentence in zip(base["sections"], script, strict=True):
        look = Look(*(brief[key] for key in ("place", "place_words", "time", "weather", "light", "lens")))
        seen = own(look, sentence, ask, brief["section"])
        kept = {key: getattr(seen, key) for key in ("place", "place_words", "time", "weather", "light")}
        briefs.append(brief if brief["given"] else {**brief, **kept, "brief": sentence})
    told = {
        beat: " ".join(dict.fromkeys(brief["brief"] for brief in briefs if brief["beat_of_story"] == beat))
        for beat in ("beginning", "middle", "end")
    }
    story = {beat: text or base["story"][beat] for beat, text in told.items()}
    summary = clean(" ".join(brief["brief"] for brief in briefs), 480)
    return {**base, "summary": summary, "story": story, "ending": briefs[-1]["brief"], **_gathered(briefs)}


# the shots of a section


def _batch(
    ask: Any, say: Say, template: str, shots: Sequence[Any], near: Sequence[str], base: Mapping[str, Any]
) -> dict[str, Any]:
    """Some shots as the model sees them: {id: {purpose, size, angle, picture, motion, characters, keep}}."""
    camera, brief = vocabulary("camera"), ask["brief"]
    cast = [who["name"] for who in ask["characters"] if who["name"] in brief["characters"]]
    ids = [shot["id"] for shot in shots]
    schema = None if template in SCRIPTS else forms.shots(ids, list(camera["sizes"]), list(camera["angles"]), cast)
    prompt = prompts.rendered(template, _of_section(ask, shots, near, schema, cast))
    seed = _seed(ask, ask["section"], ids[0])
    what = f"shots for {ask['section']}"
    if schema is not None:
        cleaned = _cleaner(schema, {"shots": base})
        answer: dict[str, Any] = answered(say, prompt, schema, seed, cleaned, what)["shots"]
        return {name: {"id": name, **answer[name]} for name in ids}
    script = answered(
        say, prompt, None, seed, lambda answer, last: [clean(one, 320) for one in scenes(answer, len(ids))], what
    )
    return {
        name: {**base.get(name, {"id": name}), "picture": sentence, **_named(sentence, cast)}
        for name, sentence in zip(ids, script, strict=True)
    }


def _named(sentence: str, cast: Sequence[str]) -> dict[str, list[str]]:
    """The characters that a sentence calls by their names, where it does."""
    words = {word.lower() for word in re.findall(r"[\w-]+", sentence)}
    named = [name for name in cast if name.lower() in words]
    return {"characters": named} if named else {}


def _of_section(
    ask: Any, shots: Sequence[Any], near: Sequence[str], schema: Any, cast: Sequence[str]
) -> dict[str, Any]:
    """What a template reads when it asks for shots."""
    brief = ask["brief"]
    keys = ("brief", "place_words", "time", "weather", "light", "camera", "energy", "role", "beat_of_story")
    return {
        "part": "shots",
        "section": ask["section"],
        "brief": {key: clean(str(brief.get(key, "")), 600) for key in keys},
        "characters": [{"name": who["name"], "role": who["role"]} for who in ask["characters"] if who["name"] in cast],
        "shots": [
            {
                "id": shot["id"],
                "energy": round(shot["energy"], 2),
                "seconds": round(shot.get("until", shot.get("end", 0.0)) - shot.get("start", 0.0), 1),
                "words": [clean(line, 160) for line in shot["words"][:6]],
            }
            for shot in shots
        ],
        "near": list(near),
        "shape": json.dumps(forms.skeleton(schema), ensure_ascii=False, indent=1) if schema else "",
    }


def _near(
    batch: Sequence[str], known: Mapping[str, Any], planned: Sequence[str], written: Mapping[str, Any]
) -> list[str]:
    """Pictures that a batch must be unlike: of the planned shots before it, or around a forced one."""
    first = known[batch[0]].get("host", batch[0]) if batch[0] not in planned else batch[0]
    index = planned.index(first) if first in planned else 0
    around = planned[max(0, index - 3) : index] if batch[0] in planned else planned[max(0, index - 1) : index + 2]
    return [written[name]["picture"] for name in around if name in written and written[name]["picture"]]


def _seen(shots: Sequence[Any], ask: Any) -> None:
    """Whoever is in the section and in none of its planned shots gets one; nobody is taken out of one for it."""
    for who in ask["characters"]:
        name = who["name"]
        absent = not any(name in shot["characters"] for shot in shots)
        if shots and absent and who["role"] != "crowd" and name in ask["brief"]["characters"]:
            shot = min(shots, key=lambda shot: (len(shot["characters"]), dice(ask["seed"], name, shot["id"])))
            shot["characters"] = [*shot["characters"], name]


def _framed(planned: Sequence[Any], order: Sequence[Any], ask: Any) -> None:
    """Settles size and angle: unlike those of the two shots before, for planned shots; then for forced ones, unlike
    those beside them, so that a forced shot moves none of the others. The first opens as the treatment says."""
    for index, shot in enumerate(planned):
        for key in ("size", "angle"):
            _settle(shot, key, [other[key] for other in planned[max(0, index - 2) : index]])
    opening = ask["brief"].get("opening")
    if planned and opening:
        planned[0]["size"] = planned[0]["angle"] = opening
    settled = {shot["id"] for shot in planned}
    for index, shot in enumerate(order):
        if shot["id"] not in settled:
            beside = [other for other in order[max(0, index - 1) : index + 2] if other["id"] in settled]
            for key in ("size", "angle"):
                _settle(shot, key, [other[key] for other in beside])
            settled.add(shot["id"])


def _settle(shot: Any, key: str, taken: Sequence[str]) -> None:
    """Size or angle of a shot: the model's where it is free, else the next one that is."""
    names = list(vocabulary("camera")[f"{key}s"])
    start = names.index(shot[key]) if key in shot else int(dice(shot["id"], key) * len(names))
    ring = [*names[start:], *names[:start]]
    shot[key] = next(name for name in ring if name not in taken)


def _prompts(shots: Sequence[Any], ask: Any, base: Mapping[str, Any]) -> dict[str, str]:
    """The picture prompts: framing, picture and lens. One that is none, or is like an earlier one, digits aside, is the
    rules' instead."""
    camera, lens = vocabulary("camera"), ask["brief"].get("lens", "")
    found: dict[str, str] = {}
    said: set[str] = set()
    for shot in shots:
        opening = camera["openings"].get(shot["size"])
        size = opening["size"] if opening else camera["sizes"][shot["size"]]["text"]
        angle = opening["angle"] if opening else camera["angles"][shot["angle"]]["text"]
        prompt = f"{size} {angle}: {shot['picture'].rstrip('. ')}." + (f" {capital(lens)}." if lens else "")
        plain = re.sub(r"[\W\d]+", " ", shot["picture"]).lower()
        if (plain in said or not plain.strip()) and shot["id"] in base:
            prompt = base[shot["id"]]["prompt"]
        said.add(plain)
        found[shot["id"]] = prompt
    return found


def _shot(shot: Any, prompt: str) -> Any:
    """A shot as a document."""
    return {**{key: shot[key] for key in ("id", "purpose", "motion", "characters", "keep")}, "prompt": prompt}


# answers


def _cleaner(schema: Any, spare: Any) -> Callable[[Any, bool], Any]:
    """What cleans an answer of a form. spare: the rules' own, of the same shape, for texts of the last answer that say
    too little once they are clean: a grammar cannot hold a model to more."""
    return lambda answer, last: _clean(answer, schema, "", spare if last else None)


def _clean(value: Any, form: Any, path: str, spare: Any) -> Any:
    """An answer with every text cleaned, in the bounds of its form, and every list without what stands in it twice.
    A text that says too little is the spare one, or goes from a list. Raises Unfit for it where spare is None."""
    if isinstance(value, dict):
        own = {name: spare.get(name, "") if isinstance(spare, dict) else "" for name in value}
        return {
            name: _clean(
                one, form["properties"][name], f"{path}.{name}".strip("."), None if spare is None else own[name]
            )
            for name, one in value.items()
        }
    if isinstance(value, list):
        kept = dict.fromkeys(_clean(one, form["items"], path, None if spare is None else "") for one in value)
        texts = [one for one in kept if one or spare is None or "enum" in form["items"]][: form["maxItems"]]
        return texts if len(texts) >= form.get("minItems", 0) else list(spare or texts)
    if isinstance(value, str) and "maxLength" in form:
        text = clean(value, form["maxLength"])
        if len(text) >= form["minLength"]:
            return text
        if spare is None:
            raise Unfit(f"{path}: {text!r} says too little")
        return spare
    return value


def _spare(base: Any) -> Any:
    """The rules' treatment in the shape that a model's has."""
    cast = {who["name"]: who for who in base["cast"]}
    return {**base, "cast": cast, "sections": {brief["section"]: brief for brief in base["sections"]}}


def _seed(ask: Any, *key: str) -> int:
    """A seed for one question, 0 to 2^31 - 1, which follows from the project's, the take and what is asked."""
    return int(dice(ask["seed"], ask.get("take", 1), *key) * 2**31)
