"""What a watch tells its page: where the film stands; and what the page wishes: what is made first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from mvr.bench import Bench
from mvr.engine import events
from mvr.engine.graph import Graph, Node
from mvr.errors import ProjectError
from mvr.model import Goal
from mvr.onlooker import Onlooker
from mvr.preview.hub import Hub
from tests.studio import Studio


class Looking:
    """A studio whose shots are known and not made, and who looks at it."""

    def __init__(self, studio: Studio, bench: Bench) -> None:
        self.bench, self.graph = bench, bench.graph(Goal(live=True))
        self.hub = Hub(lambda _: b"")
        self.onlooker = Onlooker(self.hub, studio.folder / "films", {"cpu": 1, "encode": 1})
        self.tell(events.Queue(tuple((name, self.graph.nodes[name].stage) for name in self.graph.wanted())))

    def tell(self, event: events.Event) -> None:
        self.onlooker.event(self.bench, self.graph, event)

    @property
    def parts(self) -> dict[str, Any]:
        return dict(json.loads(self.hub.whole()))

    def first(self, nodes: list[Node]) -> list[str]:
        return [node.name for node in sorted(nodes, key=self.onlooker.rank)]


@pytest.fixture(scope="module")
def looking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looking]:
    studio = Studio.start(tmp_path_factory.mktemp("onlooker") / "tiny")
    studio.workspace.shots(lambda _: None)
    with studio.workspace.opened() as bench:
        yield Looking(studio, bench)


def stills(graph: Graph) -> list[Node]:
    return [node for node in graph.nodes.values() if node.stage == "keyframe"]


def test_the_shots_are_told_with_their_words_and_state(looking: Looking) -> None:
    """One part a shot, in the film's order; all of them are queued, and no film is there yet."""
    project = looking.parts["project"]
    shots = [looking.parts[f"shot:{shot}"] for shot in project["order"]]
    assert [shot["first_frame"] for shot in shots] == sorted(shot["first_frame"] for shot in shots)
    assert {shot["state"] for shot in shots} == {"queued"}
    assert looking.parts["shot:verse-1.1"]["prompt"] == "ada waits at a wide street corner in the rain"
    assert looking.parts["shot:verse-1.1"]["own"] == ["prompt"]
    assert (project["frames"], project["size"], project["fps"]) == (192, [64, 96], "12")
    assert "film" not in looking.parts
    assert looking.hub.found(project["wave"]) is not None


def test_what_is_looked_at_comes_first(looking: Looking) -> None:
    """Then the film from there on, as it will play, and round to its beginning; another look, another order."""
    order = looking.parts["project"]["order"]
    looking.onlooker.wish(look=order[2])
    assert looking.onlooker.heard()
    assert looking.first(stills(looking.graph)) == [f"{shot}/keyframe" for shot in order[2:] + order[:2]]
    looking.onlooker.wish(look=order[0])
    assert looking.first(stills(looking.graph)) == [f"{shot}/keyframe" for shot in order]


def test_progress_is_seen_and_a_failure_told(looking: Looking) -> None:
    """A node at work, how far it is and how it looks; then what went wrong, until the next save."""
    looking.tell(events.Started("verse-1.1/clip", "cpu"))
    looking.tell(events.Progress("verse-1.1/clip", 0.25, b"\xff\xd8 picture"))
    work = looking.parts["work"]["verse-1.1/clip"]
    assert (work["lane"], work["fraction"]) == ("cpu", 0.25)
    offer = looking.hub.found(work["picture"])
    assert offer is not None
    assert (offer.type, offer.data) == ("image/jpeg", b"\xff\xd8 picture")
    assert looking.parts["shot:verse-1.1"]["state"] == "making"
    looking.tell(events.Failed("verse-1.1/clip", "clip", "out of memory", "take a smaller size", 1))
    assert looking.parts["shot:verse-1.1"]["state"] == "failed"
    assert [one["what"] for one in looking.parts["failed"]] == ["out of memory"]
    assert looking.parts["work"] == {}
    looking.onlooker.wrong(ProjectError("the file is wrong", "mend it"))
    assert looking.parts["fault"]["text"] == "the file is wrong\n  mend it"
    looking.onlooker.saved()
    assert "fault" not in looking.parts
    assert looking.parts["failed"] == []


def test_the_goal_follows_the_page(looking: Looking) -> None:
    """Auto: a draft and the film; ask: the draft alone, until the page says yes, once."""
    looking.onlooker.wish(auto=False)
    assert looking.onlooker.goal() == Goal(live=True, rough=True, draft=True)
    looking.onlooker.wish(once=True)
    assert looking.onlooker.goal() == Goal(live=True)
    looking.onlooker.idle(looking.bench, looking.graph)
    assert looking.onlooker.goal() == Goal(live=True, rough=True, draft=True)
    looking.onlooker.wish(auto=True)
    assert looking.onlooker.goal() == Goal(live=True)
    assert looking.parts["queue"]["idle"]


def test_a_draft_is_drawn_in_a_lane_of_its_own_and_has_the_keys_of_any_draft(looking: Looking) -> None:
    """Where a node runs and in which order is in no key: the page's draft is the draft of `--draft`, and the film is
    the film of `render`."""
    live = looking.graph
    plain = looking.bench.graph(Goal(rough=True, draft=True))
    drawn = [node for node in live.nodes.values() if node.name.endswith("@draft")]
    assert {node.lane for node in drawn} == {"draft"}
    assert {node.name: node.recipe for node in drawn} == {
        node.name: node.recipe for node in plain.nodes.values() if node.name.endswith("@draft")
    }
    whole = looking.bench.graph(Goal())
    assert all(live.nodes[name] == node for name, node in whole.nodes.items())
