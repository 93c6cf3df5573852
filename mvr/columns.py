"""What `mvr diff` says to a person: old and new words side by side."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mvr.words import clock, duration

Json = Any

NARROWEST, WIDEST = 60, 160
LABEL = 12
MOST_SHOTS = 12  # that the last line names


def lines(document: Json, width: int) -> Iterator[str]:
    """The document of `mvr diff --json` for a person, on lines of `width` characters."""
    width = min(max(width, NARROWEST), WIDEST)
    yield _head(document)
    for shot in document["new"]:
        yield f"new      {shot['id']:16} {_span(shot['start'], shot['end'])}"
        yield from _wrapped(shot["prompt"] or "", width)
    for shot in document["gone"]:
        yield f"gone     {shot['id']:16} {_span(shot['start'], shot['end'])}"
        yield from _wrapped(shot["prompt"] or "", width)
    for shot in document["moved"]:
        yield f"moved    {shot['id']:16} {_span(*shot['was'])} -> {_span(*shot['now'])}"
    for shot in document["changed"]:
        yield f"changed  {shot['id']}"
        yield from _table(((word["field"], word["was"], word["now"]) for word in shot["words"]), width)
    for who in document["characters"]:
        shots = f"  in {_some(who['shots'])}" if who["shots"] else ""
        yield f"{who['state']:8} @{who['name']}{shots}"
        yield from _table(((word["field"], word["was"], word["now"]) for word in who["words"]), width)
    told = ("shots.", f"{Path(document['file']).stem}.shots.yaml.") if document["compared"] == "shots" else ()
    for row in document["values"]:
        if row["path"].startswith(told):
            continue  # a shot's own words stand with the shot
        yield f"changed  {row['path']}"
        yield from _table([("", row["was"], row["now"])], width)
    for name in document["files"]:
        yield f"changed  {name}  (other bytes)"
    yield from _rendering(document["render"])
    yield from (f"not known: {what}" for what in document["unknown"])


def _head(document: Json) -> str:
    against = f"against {document['revision']} ({document['commit'][:10]})"
    if document["compared"] == "file":
        return f"{against}: the project file's own words"
    counts = [f"{len(document[name])} {name}" for name in ("new", "gone", "moved", "changed")]
    return f"{against}: shots: {', '.join(counts)}, {document['same']} as they were"


def _rendering(render: Json | None) -> Iterator[str]:
    if render is None:
        return
    if not render["nodes"]:
        yield "rendering would make nothing: the film stands"
        return
    about = f", about {duration(render['seconds'])} of work" if render["seconds"] is not None else ""
    shots = f", pictures of {_some(render['shots'])}" if render["shots"] else ""
    count = len(render["nodes"])
    yield f"rendering would make {count} {'thing' if count == 1 else 'things'}{shots}{about}"


def _some(names: list[str]) -> str:
    more = len(names) - MOST_SHOTS
    return ", ".join(names[:MOST_SHOTS]) + (f" and {more} more" if more > 0 else "")


def _span(start: float, end: float) -> str:
    return f"{clock(start)} - {clock(end)}"


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=" " * 9, subsequent_indent=" " * 9)


def _table(rows: Any, width: int) -> Iterator[str]:
    """Rows of a label, an old and a new value, the two beside each other in columns of one width."""
    column = (width - LABEL - 9 - 3) // 2
    for label, was, now in rows:
        old = textwrap.wrap(_text(was), column) or [""]
        new = textwrap.wrap(_text(now), column) or [""]
        for number in range(max(len(old), len(new))):
            left = old[number] if number < len(old) else ""
            right = new[number] if number < len(new) else ""
            yield f"{'':9}{label if number == 0 else '':{LABEL}}{left:{column}} | {right}".rstrip()


def _text(value: Json) -> str:
    if value in (None, "", []):
        return "-"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
