"""The graph: nodes in their order, and who reads whom."""

from __future__ import annotations

import pytest

from mvr.engine.graph import Graph, Held, Node, Ref


def node(name: str, *reads: Ref | Held) -> Node:
    return Node(name, "fake", "tests.engine.fakes.make", 1, {}, {"in": reads} if reads else {})


def test_each_node_knows_its_readers() -> None:
    """A reader is named once, in graph order, however many parts it reads; a graph without nodes has none."""
    graph = Graph()
    assert graph.readers() == {}
    for one in (
        node("still"),
        node("clip", Ref("still", "layers"), Held("d", ".png", 3), Ref("still")),
        node("sheet", Ref("still")),
    ):
        graph.add(one)
    assert graph.readers() == {"still": ["clip", "sheet"], "clip": [], "sheet": []}
    graph.add(node("film", Ref("clip")))
    assert graph.readers()["clip"] == ["film"]


def test_a_graph_refuses_what_is_in_it_and_what_it_cannot_read() -> None:
    """A second node of one name, and one that reads a node not yet added, are the wiring's own faults."""
    graph = Graph()
    graph.add(node("still"))
    with pytest.raises(ValueError, match=r"^two nodes are named still$"):
        graph.add(node("still"))
    with pytest.raises(ValueError, match=r"^film reads clip, which is not in the graph$"):
        graph.add(node("film", Ref("still"), Ref("clip")))
    assert list(graph.nodes) == ["still"]


def test_what_is_wanted_is_the_targets_and_all_they_read() -> None:
    """Nodes that no target reads are left out; the order is the graph's."""
    graph = Graph()
    for one in (node("song"), node("still"), node("clip", Ref("still")), node("spare", Ref("song"))):
        graph.add(one, target=one.name == "clip")
    assert graph.wanted() == ["still", "clip"]
    assert graph.wanted(["spare", "still"]) == ["song", "still", "spare"]


def test_a_part_is_named_after_its_node() -> None:
    """The main part has its node's name alone."""
    assert [str(Ref("still")), str(Ref("still", "layers"))] == ["still", "still:layers"]
