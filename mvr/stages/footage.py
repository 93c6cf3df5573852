"""Footage: what is in a clip, the user's own or one that is shown in another shape: how long it is, how much moves
when, and where its subject is."""

from __future__ import annotations

import json

from mvr.engine.job import Cancelled, Desk, Job, Json, Made
from mvr.model import Project, ShotPlan

EACH = "shot"
VERSION = 2
EXACT = False
LANE = "cpu"


def recipe(project: Project, unit: ShotPlan) -> tuple[dict[str, Json], dict[str, str]]:
    """Nothing but the file decides what is in it."""
    return {}, {}


def make(job: Job, desk: Desk) -> Made:
    """`footage.json`, of the user's file or the made clip in the role `clip`. Raises StageError where it cannot
    be decoded."""
    from mvr.media.footage import looked_at

    def heed() -> None:
        if desk.cancelled():
            raise Cancelled

    out = desk.out / "footage.json"
    clip = (job.files.get("clip") or job.inputs["clip"])[0]
    found = looked_at(desk.path(clip), heed)
    out.write_text(json.dumps(found, ensure_ascii=False, sort_keys=True, indent=1), "utf-8")
    return Made({"": out})
