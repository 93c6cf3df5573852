"""Plans, events and errors as lines for a person, and as JSON for a program."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from mvr.engine import events
from mvr.words import Failures, amount, clock, duration

if TYPE_CHECKING:
    from pathlib import Path

    from mvr.engine.collect import Waste
    from mvr.engine.share import Copied
    from mvr.storekeeping import Healing
    from mvr.workspace import Outcome

Json = Any

LONGEST_VALUE = 60
"""How many characters of a changed value a line shows."""


def as_json(document: Json) -> str:
    """One JSON document on one line."""
    return json.dumps(document, ensure_ascii=False)


# plans


def plan_lines(plan: Json, *, why: bool, every: bool) -> Iterator[str]:
    """A plan for a person: what is stale, what waits, and a last line that counts."""
    for row in plan["nodes"]:
        if row["state"] == "fresh" and not every:
            continue
        about = f"  {duration(row['seconds'])}" if row["seconds"] else ""
        yield f"{row['state']:5}  {row['name']}{about}"
        if row["note"] and (why or row["stage"] == "clip"):
            yield f"         {row['note']}"
        if why and row["why"]:
            yield from (f"         {line}" for line in why_lines(row["why"]))
    counts = [f"{plan[state]} {state}" for state in ("stale", "waits", "fresh") if plan[state]]
    about = _about(plan["lanes"])
    behind = list(plan["unknown_behind"])
    more = f"; more shows once {', '.join(behind[:3])}{' …' if len(behind) > 3 else ''} is made" if behind else ""
    if plan["unapproved"]:
        yield approval_line(plan["unapproved"])
    for note in plan["notes"]:
        yield f"{note['file']}:{note['line']}:{note['column']} {note['path']}: {note['found']}; {note['hint']}"
    if plan["requests"]:
        so_far = " for what is known so far" if behind else ""
        about += f", at most {plan['requests']} requests of the writer{so_far}"
    yield from plan["remarks"]
    yield ("nothing to make: the film stands" if plan["done"] else (", ".join(counts) or "nothing") + about + more)


def _about(lanes: Json) -> str:
    """About how long a render takes: as long as its longest lane, for lanes run side by side."""
    found = sorted(((row["seconds"], lane) for lane, row in lanes.items() if row["seconds"] >= 1), reverse=True)
    if not found:
        return ""
    each = ", ".join(f"{lane} {duration(seconds)}" for seconds, lane in found)
    return f", about {duration(found[0][0])}" + (f" ({each}, side by side)" if found[1:] else "")


def approval_line(shots: Sequence[str]) -> str:
    """Which stills wait to be approved, and how to do that."""
    named = ", ".join(shots[:4]) + (" …" if len(shots) > 4 else "")
    wait = "1 still waits" if len(shots) == 1 else f"{len(shots)} stills wait"
    return f"{wait} for your word ({named}): mvr approve {shots[0] if len(shots) == 1 else 'SHOT... or --all'}"


def why_lines(why: Mapping[str, Json]) -> Iterator[str]:
    """The reasons of one node, one line each, the way to a line of the project file indented under them."""
    if "waits" in why:
        yield f"waits for {why['waits']}"
        return
    for reason in why["reasons"]:
        yield from _reason(reason, "")


def _reason(reason: Mapping[str, Json], indent: str) -> Iterator[str]:
    of = f"{reason['of']}: " if "of" in reason else ""
    match reason["kind"]:
        case "never-made":
            line = "never made"
        case "bytes-lost":
            line = "made before, but its bytes are gone"
        case "version":
            line = f"this mvr makes it another way (version {reason['was']} -> {reason['now']})"
        case "file":
            line = f"{reason['file']} changed"
        case "input":
            line = f"{reason['node']} changed"
        case _:
            was, now = _pair(reason["was"], reason["now"])
            line = f"{reason['field']}: {was} -> {now}"
    place = f"  ({reason['file']}:{reason['line']}:{reason['column']} {reason['path']})" if "line" in reason else ""
    yield f"{indent}{of}{line}{place}"
    for above in reason.get("through", ()):
        yield from _reason(above, indent + "  ")


def _pair(was: Json, now: Json) -> tuple[str, str]:
    """Two values as a line shows them; of two long texts, the part around where they begin to differ."""
    if isinstance(was, str) and isinstance(now, str) and max(len(was), len(now)) > LONGEST_VALUE:
        pairs = enumerate(zip(was, now, strict=False))
        same = next((index for index, (before, after) in pairs if before != after), min(len(was), len(now)))
        start = max(0, was.rfind(" ", 0, max(0, same - 15)) + 1)
        if start:
            return _value("…" + was[start:]), _value("…" + now[start:])
    return _value(was), _value(now)


def _value(value: Json) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
    return f"'{text}'" if isinstance(value, str) else text


def node_lines(answer: Json) -> Iterator[str]:
    """The answer of `mvr why` for a person."""
    if answer["state"] == "waits":
        yield f"{answer['name']} waits: it cannot be judged until {answer['on']} is fresh"
        return
    yield f"{answer['name']} is {answer['state']}"
    if answer["note"]:
        yield f"  {answer['note']}"
    for reason in answer["why"]:
        yield from (f"  {line}" for line in _reason(reason, ""))
    if answer["state"] == "fresh":
        if not answer["why"]:
            yield "  nothing that it is made of has changed since the last finished render"
        yield f"  made in {duration(answer['seconds'])}, key {answer['key'][:12]}, from:"
        for field, value in sorted(_flat("", answer.get("recipe", {}))):
            yield f"    {field}: {_value(value)}"


def _flat(path: str, value: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _flat(f"{path}.{name}" if path else name, inner)
    else:
        yield path, value


def shot_lines(document: Json) -> Iterator[str]:
    """The shot list for a person: a line a shot, its prompt under it."""
    section = None
    for shot in document["shots"]:
        if shot["section"] != section:
            section = shot["section"]
            yield f"{section}"
        span = f"{clock(shot['start'])} - {clock(shot['end'])}"
        cast = f"  [{', '.join(shot['characters'])}]" if shot["characters"] else ""
        yield f"  {shot['id']:16} {span}  {shot['purpose']:10} {shot['state']}{cast}"
        yield f"      {shot['prompt']}"
        yield f"      motion: {shot['motion']}"


def take_lines(document: Json) -> Iterator[str]:
    """The takes of a shot for a person."""
    for row in document["takes"]:
        pinned = document["pin"] is not None and row["key"] is not None and row["key"].startswith(document["pin"])
        mark = "*" if pinned or (row["chosen"] and document["pin"] is None) else " "
        take = "" if row["take"] is None else _take(row["take"])
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(row["made"])) if row["made"] else ""
        words = f"  {_value(row['words'])}" if row["words"] else ""
        yield f"{mark} {take:8} {row['key'] or '':8} {row['state']:10} {made}{words}".rstrip()


def _take(take: Json) -> str:
    return str(take) if isinstance(take, int) else f"{take['still']}/m{take['motion']}"


def backend_lines(rows: Iterable[Json]) -> Iterator[str]:
    """The backends for a person: what each can be, and what it lacks here."""
    for row in rows:
        yield f"{row['name']:12} {', '.join(row['can'])}"
        yield f"    {row['summary']}"
        if row["lacks"]:
            yield f"    not here: {row['lacks']}"
        for name, option in row["options"].items():
            yield f"    {name}: {option.get('description', '')} (default {json.dumps(option['default'])})"


# the store


def health_lines(healing: Healing, store: Path) -> Iterator[str]:
    """What `store verify` came to, for a person."""
    found = healing.found
    for damage in found.damaged:
        how = "cannot be read" if damage.unreadable else f"{damage.lines} lines" if damage.lines else ""
        about = ", ".join(damage.nodes[:3]) + (" …" if len(damage.nodes) > 3 else "")
        yield f"damaged  {damage.kind:8} {'  '.join(word for word in (about, how, str(damage.path)) if word)}"
    counted = f"{found.files} files ({amount(found.bytes)}) and {found.records} records read"
    if not found.damaged:
        yield f"{counted}: all whole"
    elif not healing.mended:
        yield f"{counted}: {len(found.damaged)} damaged, and nothing changed"
        yield "  `mvr store verify --repair` sets them aside; the next render that needs them makes them again"
    else:
        yield f"{counted}: {len(found.damaged) - len(healing.waits)} damaged, and set aside in {store / 'damaged'}"
        yield "  the next render that needs them makes them again; a pinned clip comes back by `mvr store pull`"
    for damage in healing.waits:
        yield f"  {damage.path} is in use: mend it when no render is at work"


def waste_lines(waste: Waste, done: bool = False) -> Iterator[str]:
    """What `store gc` would drop, or did."""
    for stage, size in sorted(waste.stages.items(), key=lambda item: -item[1]):
        yield f"  {stage or 'no record':12} {amount(size)}"
    counted = f"{len(waste.files)} files, {amount(waste.bytes)}"
    if not waste.files:
        yield "nothing dropped: all is needed by now" if done else "nothing to drop: all that is stored is needed"
    elif done:
        yield f"dropped {counted}"
    else:
        yield f"nothing needs {counted}; to make them again would take {duration(waste.seconds)}"


def store_lines(info: Json) -> Iterator[str]:
    """The answer of `store info` for a person."""
    yield f"{info['store']}: {amount(info['bytes'])} in {info['files']} files, {info['records']} records"
    for row in info["stages"]:
        yield f"  {row['stage'] or 'no record':12} {amount(row['bytes']):>9}  {row['files']} files"
    for row in info["projects"]:
        where = row["folder"] or "no finished film yet"
        gone = "" if row["here"] is not False else " (not here: all its films are kept)"
        used = f", last used {time.strftime('%Y-%m-%d', time.localtime(row['used']))}" if row["used"] else ""
        yield f"project {row['id']}  {where}{gone}: {_many(row['films'], 'film')}, {_many(row['takes'], 'take')}{used}"
    waste = info["waste"]
    again = f", {duration(waste['seconds'])} of work" if waste["files"] else ""
    yield f"`mvr store gc` would drop {waste['files']} files, {amount(waste['bytes'])}{again}"


def copied_lines(copied: Copied) -> Iterator[str]:
    """What `store push` or `store pull` brought across."""
    yield (
        f"{_many(copied.records, 'record')} and {_many(copied.files, 'file')} ({amount(copied.bytes)}) copied, "
        f"{_many(copied.manifests, 'film')} and {_many(copied.lines, 'line')} of the log"
    )
    if copied.others:
        yield f"  {len(copied.others)} were made here with other bytes, which stay"
    for content in copied.damaged:
        yield f"  damaged where it stands, and left out: {content}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def doctor_lines(document: Json) -> Iterator[str]:
    """The answer of `mvr doctor` for a person: what is here, and under what is lacking, what to do."""
    marks = {"good": "ok", "lacks": "lacks", "missing": "MISSING"}
    for row in document["rows"]:
        yield f"{marks[row['state']]:8} {row['name']:14} {row['found']}"
        if row["hint"]:
            yield f"{'':24}{row['hint']}"
    missing = [row["name"] for row in document["rows"] if row["state"] == "missing"]
    yield f"mvr cannot work here without: {', '.join(missing)}" if missing else "mvr can work here"


# events


def event_json(event: events.Event) -> Json | None:
    """An event as a line of `mvr render --json`, or None for one that programs are not told."""
    match event:
        case events.MadeNode(node, stage, seconds):
            kind = {"film": "film", "standin": "standin"}.get(stage, "made")
            return {"event": kind, "node": node, "seconds": seconds}
        case events.Hit(node, _):
            return {"event": "hit", "node": node, "seconds": 0}
        case events.Failed(node, _, what, hint, _, _):
            return {"event": "failed", "node": node, "seconds": 0, "error": what, "hint": hint}
        case _:
            return None


def done_json(outcome: Outcome) -> Json:
    """The last line of `mvr render --json`."""
    film = str(outcome.film) if outcome.film else None
    return {
        "event": "done",
        "made": outcome.made,
        "hit": outcome.hit,
        "failed": len(outcome.failed),
        "film": film,
        "seconds": round(outcome.seconds, 3),
    }


class Lines:
    """Shows a build as plain lines: one for each node made or failed. For logs and pipes."""

    def __init__(self, out: TextIO, *, verbose: bool = False, debug: bool = False) -> None:
        self._out = out
        self._verbose = verbose
        self._failures = Failures(debug=debug)

    def __call__(self, event: events.Event) -> None:
        for line in self._lines(event):
            print(line, file=self._out, flush=True)

    def _lines(self, event: events.Event) -> Iterator[str]:
        match event:
            case events.Queue():
                self._failures.forget()
            case events.MadeNode(node, _, seconds):
                yield f"made    {node}  {duration(seconds)}"
            case events.Started(node, lane) if self._verbose:
                yield f"making  {node}  on {lane}"
            case events.Hit(node, _) if self._verbose:
                yield f"fresh   {node}"
            case events.Repaired(node):
                yield f"damaged {node}  its stored bytes are not what they were; made again"
            case events.Failed():
                yield from self._failures.lines(event)


def teller(show: Callable[[events.Event], None]) -> Callable[[str], None]:
    """How to say a line beside what shows a build."""

    def line(text: str) -> None:
        sys.stderr.write(f"{text}\n")

    said: Callable[[str], None] = getattr(show, "say", line)
    return said


@contextmanager
def showing(*, quiet: bool, verbose: bool, debug: bool) -> Iterator[Callable[[events.Event], None]]:
    """What shows a build on standard error: a live board on a terminal, lines in a pipe, nothing when quiet."""
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty() and not verbose:
        from mvr.live import Board

        with Board(sys.stderr, debug=debug) as board:
            yield board
    else:
        yield Lines(sys.stderr, verbose=verbose, debug=debug)


def outcome_lines(outcome: Outcome) -> Iterable[str]:
    """What a render came to, for a person."""
    failed = f", {len(outcome.failed)} failed" if outcome.failed else ""
    yield f"{outcome.made} made, {outcome.hit} fresh{failed}, {duration(outcome.seconds)}"
    if outcome.unapproved:
        yield approval_line(outcome.unapproved)
