"""Subtitles: the lyrics as a SubRip file that players show beside the film."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise

from mvr.engine.job import Desk, Job, Json, Made
from mvr.model import Project

EACH = "project"
VERSION = 1
EXACT = True
LANE = "cpu"


def recipe(project: Project, unit: object = None) -> tuple[dict[str, Json], dict[str, str]]:
    """Nothing but the lyrics decides them."""
    return {}, {}


def make(job: Job, desk: Desk) -> Made:
    """`film.srt`, in the film's time."""
    lines = json.loads(desk.path(job.inputs["lyrics"][0]).read_text("utf-8"))["lines"]
    out = desk.out / "film.srt"
    out.write_text(srt_text(lines), "utf-8", newline="\n")
    return Made({"": out})


def srt_text(lines: Iterable[Json]) -> str:
    """Lines [{start, end, text}], seconds, as SubRip: numbered from 1, UTF-8. Lines do not overlap: one ends where the
    next begins, and lasts a millisecond at least; lines that begin together are one of several rows."""
    groups: list[list[Json]] = []
    for line in sorted(lines, key=lambda line: line["start"]):
        if groups and groups[-1][0]["start"] == line["start"]:
            groups[-1].append(line)
        else:
            groups.append([line])
    blocks = []
    for number, (group, after) in enumerate(pairwise([*groups, []]), 1):
        start, end = group[0]["start"], max(line["end"] for line in group)
        end = min(end, after[0]["start"]) if after else end
        first = round(start * 1000)
        text = "\n".join(" ".join(line["text"].replace("-->", "→").split()) for line in group)
        blocks.append(f"{number}\n{_time(first)} --> {_time(max(first + 1, round(end * 1000)))}\n{text}\n")
    return "\n".join(blocks)


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{rest:03d}"
