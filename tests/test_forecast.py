"""How long a plan says that a render takes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from mvr import report
from mvr.resources import resource
from tests.studio import Studio


def test_a_plan_takes_as_long_as_its_longest_lane(tmp_path: Path) -> None:
    """Seconds are summed by lane, over as many jobs as run there at once; what was never timed is counted apart. The
    last line tells the longest lane, for lanes run side by side."""
    studio = Studio.start(tmp_path)
    first = studio.workspace.plan()
    assert {lane: row["seconds"] for lane, row in first["lanes"].items()} == dict.fromkeys(first["lanes"], 0.0)
    assert sum(row["untimed"] for row in first["lanes"].values()) == first["stale"] + first["waits"]
    studio.render()
    studio.edit("street corner", "street")
    plan = studio.workspace.plan()
    document = {key: value for key, value in plan.items() if key not in ("done", "finished")}
    jsonschema.validate(document, json.loads(resource("schemas/plan.schema.json").read_text()))
    for lane, row in plan["lanes"].items():
        nodes = [node for node in plan["nodes"] if node["lane"] == lane and node["state"] != "fresh"]
        jobs = studio.workspace.machine.lanes[lane]
        assert row["left"] == len(nodes)
        assert row["seconds"] == pytest.approx(sum(node["seconds"] or 0 for node in nodes) / jobs, abs=0.001)
    assert all(row["untimed"] == 0 for row in plan["lanes"].values())


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        ({"gpu": 600.0, "cpu": 75.0, "encode": 0.4}, "2 stale, about 10 min (gpu 10 min, cpu 75 s, side by side)"),
        ({"cpu": 75.0}, "2 stale, about 75 s"),
        ({"cpu": 0.4}, "2 stale"),
    ],
)
def test_the_last_line_tells_the_longest_lane(seconds: dict[str, float], told: str) -> None:
    """Lanes of a second and more are told, the longest first; one alone needs no name."""
    empty = dict.fromkeys(("nodes", "unknown_behind", "unapproved", "notes", "remarks"), ())
    lanes = {lane: {"left": 1, "untimed": 0, "seconds": one} for lane, one in seconds.items()}
    plan = {**empty, "stale": 2, "waits": 0, "fresh": 0, "requests": 0, "done": False, "lanes": lanes}
    assert list(report.plan_lines(plan, why=False, every=False)) == [told]
