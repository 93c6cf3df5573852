"""Captions: the lines of the lyrics that are on screen in one shot, in frames from its start."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from mvr.engine.job import Desk, Job, Json, Made
from mvr.model import Project, ShotPlan
from mvr.timeline import frame_of, parse_rate, rate_text

EACH = "shot"
VERSION = 1
EXACT = True
LANE = "cpu"

BRIDGED = 1.0  # seconds of silence between two lines over which the first one stays
LINGERS = 0.4  # seconds that a line stays after its last word, where it is not bridged
TOGETHER = 0.05  # seconds between lines that begin as one: a line and its translation


def recipe(
    project: Project, unit: ShotPlan, *, karaoke: bool = False, signs: bool = False
) -> tuple[dict[str, Json], dict[str, str]]:
    """The shot's span: [first_frame, end_frame) at the film's rate; karaoke: each word with its own; signs: each sign
    of a script that parts no words, too."""
    values: dict[str, Json] = {
        "first_frame": unit.first_frame,
        "end_frame": unit.end_frame,
        "fps": rate_text(project.output.fps),
        "karaoke": karaoke,
        **({"signs": True} if signs else {}),
    }
    span = {key: unit.sources[key] for key in ("first_frame", "end_frame") if key in unit.sources}
    return values, {"fps": "output.fps", "karaoke": "words.captions", "signs": "words.captions", **span}


def make(job: Job, desk: Desk) -> Made:
    """`captions.json`: the lines that are on screen in the shot, in rows of words; frames from the shot's start, below
    0 for what began before it.

    A line stands from its first word until the next begins, or for a moment after its last. Words without times of
    their own share their line's by their letters; `estimated` says so.
    """
    from mvr.media.fonts import han_of

    first, end, fps = job.recipe["first_frame"], job.recipe["end_frame"], parse_rate(job.recipe["fps"])
    whole = json.loads(desk.path(job.inputs["lyrics"][0]).read_text("utf-8"))["lines"]
    lines = [
        shown
        for group, until in standing(whole)
        if (shown := _line(group, until, first, fps, job.recipe))["from"] < end - first and shown["until"] > 0
    ]
    document = {
        "fps": job.recipe["fps"],
        "frames": end - first,
        "han": han_of(line["text"] for line in whole) if lines else "",
        "lines": lines,
    }
    out = desk.out / "captions.json"
    out.write_text(json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1), "utf-8")
    return Made({"": out})


def standing(lines: Sequence[Json]) -> list[tuple[list[Json], float]]:
    """Lines that begin as one, together, each with the second until which they stand; in the order of their starts."""
    groups: list[list[Json]] = []
    for line in sorted(lines, key=lambda line: line["start"]):
        if groups and line["start"] - groups[-1][0]["start"] <= TOGETHER:
            groups[-1].append(line)
        else:
            groups.append([line])
    found = []
    for group, after in pairwise([*groups, []]):
        ended = max(line["end"] for line in group)
        following = after[0]["start"] if after else float("inf")
        until = following if following - ended <= BRIDGED else ended + LINGERS
        found.append((group, min(until, following)))
    return found


def _line(group: Sequence[Json], until: float, first: int, fps: Fraction, wanted: Json) -> Json:
    """Lines that stand together, as a row each."""
    karaoke, signs = wanted["karaoke"], wanted.get("signs", False)
    start = frame_of(group[0]["start"], fps) - first
    rows, estimated = [], False
    for line in group:
        words, guessed = _words(line, signs=signs) if karaoke else ([{"text": line["text"]}], False)
        estimated |= guessed
        rows.append([_timed(word, first, fps) for word in words])
    return {
        "from": start,
        "until": max(start + 1, frame_of(until, fps) - first),
        "estimated": estimated,
        "rows": rows,
    }


def _timed(word: Json, first: int, fps: Fraction) -> Json:
    if "start" not in word:
        return word
    start = frame_of(word["start"], fps) - first
    return {**word, "start": start, "end": max(start + 1, frame_of(word["end"], fps) - first)}


def _words(line: Json, *, signs: bool) -> tuple[list[Json], bool]:
    """The words of a line as its text has them, [{text, start, end, space}]; and whether their times are estimated.

    A timed word takes what stands beside it up to the next space: a comma, a quotation mark.
    """
    text = line["text"]
    places, at = [], 0
    for word in line["words"]:
        found = text.find(word["text"], at)
        if found >= 0:
            places.append((found, word))
            at = found + len(word["text"])
    if not places:
        return _shared(line, signs=signs), True
    edges = [0, *(place for place, _ in places[1:]), len(text)]
    words = []
    for (_, word), (begin, end) in zip(places, pairwise(edges), strict=True):
        piece = text[begin:end]
        words.append(
            {
                "text": piece.strip(),
                "start": word["start"],
                "end": word["end"],
                "space": end < len(text) and piece != piece.rstrip(),
            }
        )
    return words, False


def _shared(line: Json, *, signs: bool) -> list[Json]:
    """The words of a line without times, or where Chinese or Japanese has no words the signs between which a row may
    break, its time shared out by their letters."""
    from mvr.media.typeset import Token, tokens

    parts = tokens(line["text"]) if signs else [Token(part) for part in line["text"].split()]
    weights = [sum(char.isalnum() for char in part.text) + part.space for part in parts]
    whole, length, at = sum(weights), line["end"] - line["start"], 0
    words = []
    for index, (part, weight) in enumerate(zip(parts, weights, strict=True)):
        words.append(
            {
                "text": part.text,
                "start": line["start"] + length * at / whole,
                "end": line["start"] + length * (at + weight) / whole,
                "space": part.space and index < len(parts) - 1,
            }
        )
        at += weight
    return words
