"""What is made next: what wants the weights that the lane holds, then the graph's order."""

from __future__ import annotations

import pytest

from mvr.engine.graph import Graph, Held, Node, Ref
from mvr.engine.ready import Ready, Task


def task(name: str, lane: str = "cpu", resident: str = "") -> Task:
    return Task(name, Node(name, "s", "m.make", 1, {}, lane=lane, resident=resident), [name])


def taken(ready: Ready, lane: str = "cpu") -> list[str]:
    names = []
    while ready.waits(lane):
        names.append(ready.take(lane).key)
    return names


def test_tasks_are_taken_in_the_graphs_order() -> None:
    """Whichever became ready first, the earlier node is made first."""
    ready = Ready()
    for position, name in [(3, "d"), (1, "b"), (0, "a"), (2, "c")]:
        ready.add(task(name), position)
    assert (len(ready), ready.lanes(), bool(ready)) == (4, ["cpu"], True)
    assert taken(ready) == ["a", "b", "c", "d"]
    assert (len(ready), bool(ready)) == (0, False)


def test_a_lesser_rank_comes_first() -> None:
    """Among what wants the same weights, what somebody looks at is made before the rest, in the graph's order."""
    ready = Ready()
    for position, (name, rank) in enumerate([("a", 2), ("b", 1), ("c", 1), ("d", 0)]):
        ready.add(task(name), position, rank)
    assert taken(ready) == ["d", "b", "c", "a"]


def test_lanes_do_not_mix() -> None:
    """Each lane has its own order; a task is found by its key until it is taken."""
    ready = Ready()
    ready.add(task("a", "gpu"), 0)
    ready.add(task("b"), 1)
    assert ready.get("a") is not None
    assert (taken(ready), taken(ready, "gpu"), taken(ready, "net")) == (["b"], ["a"], [])
    assert ready.get("a") is None


def test_weights_are_changed_only_when_none_are_left_for_them() -> None:
    """While a model is loaded its jobs come first, even one that became ready later and stands later."""
    ready = Ready()
    ready.add(task("still 1", "gpu", "flux"), 0)
    ready.add(task("still 2", "gpu", "flux"), 2)
    assert ready.take("gpu").key == "still 1"
    ready.add(task("clip 1", "gpu", "a-model"), 1)
    ready.add(task("still 3", "gpu", "flux"), 4)
    assert taken(ready, "gpu") == ["still 2", "still 3", "clip 1"]


def test_what_wants_no_weights_takes_none_away() -> None:
    """A job without weights is taken between two models, and the model that was loaded still counts."""
    ready = Ready()
    ready.add(task("still", "gpu", "flux"), 0)
    ready.take("gpu")
    ready.add(task("plain", "gpu"), 1)
    ready.take("gpu")
    ready.add(task("clip", "gpu", "a-model"), 2)
    ready.add(task("late still", "gpu", "flux"), 3)
    assert taken(ready, "gpu") == ["late still", "clip"]


def test_clearing_forgets_tasks_and_keeps_the_weights() -> None:
    """After a new wiring the queue is filled anew; what the lane holds has not changed."""
    ready = Ready()
    ready.add(task("still", "gpu", "flux"), 0)
    ready.take("gpu")
    ready.add(task("old"), 1)
    ready.clear()
    assert (len(ready), ready.get("old"), ready.lanes()) == (0, None, [])
    ready.add(task("clip", "gpu", "a-model"), 0)
    ready.add(task("still 2", "gpu", "flux"), 1)
    assert taken(ready, "gpu") == ["still 2", "clip"]


def node(name: str, *reads: Ref | Held) -> Node:
    return Node(name, "s", "m.make", 1, {}, {"in": reads})


def test_a_graph_is_built_from_its_roots() -> None:
    """A node reads only nodes that are there already, and a name is given once."""
    graph = Graph()
    graph.add(node("a"))
    with pytest.raises(ValueError, match="two nodes are named a"):
        graph.add(node("a"))
    with pytest.raises(ValueError, match="b reads c, which is not in the graph"):
        graph.add(node("b", Ref("c")))
    graph.add(node("b", Ref("a", "part"), Held("digest", ".mp4", 3)))
    assert [str(ref) for ref in graph.nodes["b"].reads()] == ["a:part"]
    assert str(Ref("a")) == "a"


def test_wanted_nodes_are_the_targets_and_what_they_read() -> None:
    """In graph order, whatever order the targets were named in, each once."""
    graph = Graph()
    for one in (node("a"), node("b", Ref("a")), node("c", Ref("a")), node("d", Ref("b"), Ref("c"))):
        graph.add(one)
    graph.add(node("e", Ref("b"), Ref("b")), target=True)
    assert graph.wanted() == ["a", "b", "e"]
    assert graph.wanted(["d", "a"]) == ["a", "b", "c", "d"]
    assert graph.readers() == {"a": ["b", "c"], "b": ["d", "e"], "c": ["d"], "d": [], "e": []}
    assert graph.readers() is graph.readers()
