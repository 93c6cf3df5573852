"""How the pipeline becomes nodes: what goes with a job and is in no key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mvr.backends import fake
from mvr.engine.graph import Node, Ref
from mvr.engine.job import Job
from mvr.model import Goal
from mvr.stages import clip, keyframe, portrait
from tests.desk import BenchDesk
from tests.studio import PROJECT, Studio

FAKE = PROJECT.replace("output:", "make: {painter: fake, animator: {with: fake, seconds: 0.01}}\noutput:")


def judged(studio: Studio) -> tuple[dict[str, Node], dict[str, str]]:
    """The nodes of a film, and the key of each that has one."""
    with studio.workspace.opened() as bench:
        graph = bench.graph()
        verdicts = bench.judge.verdicts(graph)
        return graph.nodes, {name: getattr(verdict, "key", "") for name, verdict in verdicts.items()}


def test_a_makers_weights_and_manner_go_with_its_jobs_and_change_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Portraits and stills want the painter's weights and clips the animator's; nothing is stale for it."""
    studio = Studio.start(tmp_path / "film", FAKE)
    studio.render(Goal(until="shots"))
    _, before = judged(studio)

    def resident(options: Mapping[str, Any]) -> str:
        return f"weights for {options['seconds']}"

    def how(options: Mapping[str, Any]) -> Any:
        return {"folder": "/weights"}

    monkeypatch.setattr(fake, "resident", resident, raising=False)
    monkeypatch.setattr(fake, "how", how, raising=False)
    nodes, after = judged(studio)
    assert after == before
    wanted = {node.stage: (node.resident, node.how) for node in nodes.values() if node.resident or node.how}
    where = {"folder": "/weights"}
    painter, animator = ("weights for 0", where), ("weights for 0.01", where)
    assert wanted == {"portrait": painter, "keyframe": painter, "clip": animator}


@pytest.mark.parametrize(
    ("stage", "role", "function"),
    [(keyframe, "painter", "paint"), (portrait, "painter", "portrait"), (clip, "animator", "animate")],
)
def test_a_maker_is_asked_its_recipe_and_how_at_a_desk(
    stage: ModuleType, role: str, function: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes with a job stands beside its recipe, and the desk that keeps weights is the worker's; a maker with
    nothing to say is asked its recipe alone."""
    asked: list[Any] = []
    monkeypatch.setattr(fake, function, lambda ask, *rest, desk, **more: asked.append((ask, desk)))
    desk = BenchDesk(tmp_path)
    recipe = {role: {"name": "fake"}, "seed": 1}
    for how in ({"folder": "/weights"}, {}):
        stage.make(Job("n", "s", "k", recipe, how=how), desk)
    assert asked == [({**recipe, "how": {"folder": "/weights"}}, desk), (recipe, desk)]


def test_the_treatments_palette_colours_a_film_that_names_none(tmp_path: Path) -> None:
    """Stills are drawn in the colours that the treatment names, and say so; the project's own palette comes first."""
    named = 'palette: ["#0b1d51", "#f2b134"]'
    assert named in PROJECT
    for style, source in (("look: ink", "treatment:palette"), (named, "style.palette")):
        studio = Studio.start(tmp_path / source.replace(":", "."), PROJECT.replace(named, style))
        studio.render(Goal(until="shots"))
        with studio.workspace.opened() as bench:
            graph = bench.graph()
            story = bench.judge.document(graph, Ref("treatment")) or {}
        stills = [node for node in graph.nodes.values() if node.stage == "keyframe"]
        wanted = ["#0b1d51", "#f2b134"] if style == named else story["palette"]
        assert stills and all(node.recipe["style"]["palette"] == wanted for node in stills)
        assert {node.sources["style.palette"] for node in stills} == {source}
