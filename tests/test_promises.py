"""What `plan` promises, and what a render makes sure of, where bytes are lost, rotten, or not wanted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from mvr.engine import events
from mvr.engine.roots import every
from mvr.engine.store import Record, Store
from tests.studio import PROJECT, Studio

FAKE = PROJECT.replace("output:", "make: {painter: fake, animator: fake}\noutput:")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    studio = Studio.start(tmp_path_factory.mktemp("promises") / "tiny", FAKE)
    studio.render()
    return studio


@pytest.fixture
def studio(rendered: Studio, tmp_path: Path) -> Studio:
    return rendered.copy(tmp_path / "tiny")


def stored(studio: Studio, node: str, part: str = "") -> Path:
    """Where the bytes of a node stand."""
    store = Store(studio.folder / ".mvr")
    (roots,) = every(store)
    record = store.record(roots.newest()[node])
    assert isinstance(record, Record)
    return store.path(record.parts[part].digest)


def rot(path: Path) -> None:
    """Flips a bit in the middle, and leaves size and mtime as they were: as a bad disk does it."""
    data, stat = bytearray(path.read_bytes()), path.stat()
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def repaired(studio: Studio) -> Iterator[str]:
    yield from (event.node for event in studio.happened if isinstance(event, events.Repaired))


def test_a_plan_beforehand_takes_nothing_from_a_render(studio: Studio) -> None:
    """After `plan` said that nothing is stale, `render` still keeps the manifest of the new text, for gc to go by."""
    studio.edit("title: Tiny", "title: Great")
    assert studio.stale() == set()
    assert studio.render() == set()
    (roots,) = every(Store(studio.folder / ".mvr"))
    assert roots.latest() == sha256(studio.file.read_bytes()).hexdigest()


def test_what_nobody_wants_makes_nothing_stale(studio: Studio) -> None:
    """Lost envelopes, which only the sounds of an animator read that hears, are no reason to hear the song again."""
    stored(studio, "music", "envelopes").unlink()
    studio.edit("title: Tiny", "title: Great")
    assert studio.stale() == set()
    assert studio.render() == set()


def test_lost_bytes_are_not_fresh_while_the_film_is_not_known(studio: Studio) -> None:
    """With a document lost beside a clip, `plan` does not promise that the clip stays: the film may come to read it."""
    stored(studio, "chorus-1/shots").unlink()
    stored(studio, "verse-1.1/clip").unlink()
    studio.edit("ben looks", "ben stares")
    states = {row["name"]: row["state"] for row in studio.workspace.plan()["nodes"]}
    made = studio.render()
    assert states["verse-1.1/clip"] == "waits"
    assert "verse-1.1/clip" in made
    assert not {name for name, state in states.items() if state == "fresh"} & made
    assert {name for name, state in states.items() if state == "stale"} <= made


@pytest.mark.parametrize("node", ["verse-1.1/keyframe", "verse-1.2/segment", "cut", "chorus-1/shots", "audio"])
def test_rotten_bytes_that_a_render_reads_are_made_again(studio: Studio, node: str) -> None:
    """A still that a new motion needs, what the film is joined of, documents: made again, said, and the same film."""
    before = studio.film.read_bytes()
    path = stored(studio, node)
    whole = path.read_bytes()
    rot(path)
    if node.endswith("/keyframe"):
        studio.edit("characters: [ada]}", "characters: [ada], motion: a slow pan}")
    else:
        studio.edit("# a comment", "# another comment")
        studio.film.unlink()
    made = studio.render()
    named = {node, node.replace("segment", "clip")}  # the same bytes: a clip of the film's class is passed on
    assert named & set(repaired(studio))
    assert named & made
    assert path.read_bytes() == whole
    assert (studio.film.read_bytes() == before) == (not node.endswith("/keyframe"))
