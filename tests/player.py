"""Plays random scripts on a project folder, and holds all that happens against the oracle in tests.world."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mvr import machine
from mvr.backends import fake
from mvr.engine import events
from mvr.engine.roots import Roots, every
from mvr.engine.store import Store
from mvr.errors import Interrupted, ProjectError
from mvr.model import Goal
from mvr.storekeeping import Storekeeper
from mvr.workspace import Json, Workspace
from tests.engine.ageing import age
from tests.engine.inline import Inline
from tests.studio import write_song
from tests.test_history import git
from tests.world import SECONDS, SLOTS, Content, World, must_stay, to_make

DIGESTS: dict[Content, str] = {}
CONTENTS: dict[str, Content] = {}
"""Over all scripts of this process: the same words have the same bytes, and other words have others."""

PICTURES = ("portrait", "keyframe", "clip", "segment", "film")
SECTIONS = ("verse-1", "chorus-1")


def learn(content: Content, digest: str) -> None:
    """Takes in what some bytes are made of. Two stories about the same bytes are a stale reuse, or a lie."""
    assert DIGESTS.setdefault(content, digest) == digest, f"{content} has other bytes than before"
    assert CONTENTS.setdefault(digest, content) == content, f"the bytes of {CONTENTS[digest]} stand for {content}"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stage(node: str) -> str:
    return node.rpartition("/")[2].partition("@")[0]


def hurry(patch: pytest.MonkeyPatch) -> None:
    """Spares two thirds of the time. Nothing is flushed to the disk: here processes die, and the machine does not.
    And the fake's clips, which are what their recipe and their still say, are drawn once a process."""
    drawn: dict[str, bytes] = {}

    def animate(
        ask: Json, still: Path, sound: None, out: Path, progress: fake.Progress, layers: None = None, desk: Any = None
    ) -> Path:
        words = json.dumps([ask, sha256(still)], sort_keys=True)
        path = out / "clip.mp4"
        if words in drawn:
            path.write_bytes(drawn[words])
        else:
            really(ask, still, sound, out, progress, layers)
            drawn[words] = path.read_bytes()
        return path

    really = fake.animate
    patch.setattr(fake, "animate", animate)
    patch.setattr(os, "fsync", lambda handle: None)


@cache
def rendered() -> tuple[Player, tempfile.TemporaryDirectory[str]]:
    """A film of the first world, committed on `main`; each script begins with a copy of it."""
    place = tempfile.TemporaryDirectory()
    folder = Path(place.name) / "tiny"
    folder.mkdir()
    write_song(folder / "song.wav", SECONDS)
    (folder / ".gitignore").write_text(".mvr/\nmvr-out/\n")
    player = Player(folder, random.Random(1))
    git(folder, "init", "-b", "main")
    player.edit(World())
    player.commit("main")
    player.play(player.worlds[-1])
    player.folder = folder.rename(folder.with_name("shelf"))  # gc keeps what a project needs where it was rendered
    return player, place


@dataclass
class Player:
    """A project folder, and what the oracle knows of it.

    seen: recipes ever made. here: contents whose bytes are whole; torn: those that are not what they were.
    shown: what film.mp4 shows. last, finished: the worlds rendered to the end. branches: by name, their heads.
    """

    folder: Path
    chance: random.Random
    worlds: list[World] = field(default_factory=list)
    seen: set[Content] = field(default_factory=set)
    here: set[Content] = field(default_factory=set)
    torn: set[Content] = field(default_factory=set)
    clips: dict[Content, str] = field(default_factory=dict)
    shown: Content | None = None
    last: World | None = None
    finished: set[World] = field(default_factory=set)
    branches: dict[str, World] = field(default_factory=dict)
    guessing: bool = False  # documents were lost: which of them are made again is not foretold

    @classmethod
    def begin(cls, chance: random.Random) -> Player:
        start, _ = rendered()
        folder = Path(tempfile.mkdtemp()) / "tiny"
        shutil.copytree(start.folder, folder, symlinks=True)
        return replace(
            start,
            folder=folder,
            chance=chance,
            worlds=[*start.worlds],
            seen={*start.seen},
            here={*start.here},
            torn=set(),
            clips={**start.clips},
            finished={*start.finished},
            branches={**start.branches},
        )

    def end(self) -> None:
        shutil.rmtree(self.folder.parent)

    @property
    def world(self) -> World:
        return self.worlds[-1]

    @property
    def workspace(self) -> Workspace:
        def lanes(store: Store, bounds: Mapping[str, int]) -> Inline:
            return Inline(store, self.chance.choice)

        return Workspace(self.folder / "project.yaml", machine.load(), lanes)  # type: ignore[arg-type]

    @property
    def store(self) -> Store:
        return Store(self.folder / ".mvr")

    @property
    def _roots(self) -> Roots:
        (found,) = every(self.store)
        return found

    def path(self, content: Content) -> Path:
        """Where the bytes of a content stand, or would."""
        return self.store.path(DIGESTS[content])

    # what is done

    def edit(self, world: World) -> None:
        """Writes the project file. A pinned clip whose bytes are torn is let go first: a script does not read it."""
        for index, pin in enumerate(world.pins):
            if pin and pin[0] in self.torn:
                world = world.put("pins", index, None)
        self.worlds.append(world)
        (self.folder / "project.yaml").write_text(world.text())

    def play(self, world: World) -> None:
        """Writes a world, renders it, and holds what was made against the oracle and against the plan."""
        self.edit(world)
        world = self.world
        gone = [index for index, _ in world.spans() if (pin := world.pins[index]) and not self.path(pin[0]).exists()]
        if gone:
            told = pytest.raises(ProjectError, match="is not here")
            with contextlib.suppress(ProjectError) if self.guessing else told:
                self.workspace.plan()  # where documents are lost, it does not know the shots
            made: list[str] = []
            with told:
                self.workspace.render(
                    Goal(), lambda event: made.append(event.node) if isinstance(event, events.MadeNode) else None
                )
            self._take_in(world, made)  # what comes before the shots may have been made
            for index in gone:
                world = world.put("pins", index, None)
            self.play(world)
            return
        expected = to_make(world, self.seen, self.here, self.shown)
        plan = {row["name"]: row["state"] for row in self.workspace.plan()["nodes"]}
        made = []
        outcome = self.workspace.render(
            Goal(), lambda event: made.append(event.node) if isinstance(event, events.MadeNode) else None
        )
        assert outcome.failed == ()
        assert sorted(name for name in made if stage(name) in PICTURES) == sorted(expected)
        assert {name for name, state in plan.items() if state == "stale"} <= set(made)
        assert not {name for name, state in plan.items() if state == "fresh"} & set(made)
        self._documents(world, {name for name in made if stage(name) not in PICTURES})
        self._take_in(world, made)
        self.last = world
        self.finished.add(world)
        self._look(world)

    def kill(self, world: World, after: int) -> None:
        """Renders a world, and is interrupted after so many nodes."""
        self.edit(world)
        made: list[str] = []

        def say(event: events.Event) -> None:
            if isinstance(event, events.MadeNode):
                made.append(event.node)
                if len(made) > after:
                    raise KeyboardInterrupt

        with contextlib.suppress(Interrupted, ProjectError):  # a pinned clip may not be here
            self.workspace.render(Goal(), say)
        self._take_in(self.world, made)
        if len(made) <= after:  # there was less to make
            self.play(self.world)

    def commit(self, branch: str) -> None:
        """Commits the project on a branch, a new one or that one."""
        git(self.folder, "checkout", "-q", "-B", branch)
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-q", "--allow-empty", "-m", branch)
        self.branches[branch] = self.world

    def switch(self, branch: str) -> None:
        """Goes to another branch, and leaves what was not committed."""
        git(self.folder, "checkout", "-q", "-f", branch)
        assert (self.folder / "project.yaml").read_text() == self.branches[branch].text()
        self.play(self.branches[branch])

    def collect(self) -> None:
        """gc, after months: exactly what no head, no take, no pin and not the newest film needs has gone."""
        age(self.store)
        before = self._others()
        keeper = Storekeeper(self.workspace)
        keeper.collect(keeper.waste())
        self.guessing = self.guessing or before != self._others()
        heads = {self.world, *self.branches.values()} & self.finished
        kept = must_stay({*heads, *([self.last] if self.last else [])}, self.clips)
        stands = {content for content in self.here if self.path(content).exists()}
        assert stands == self.here & kept
        assert keeper.waste().files == {}
        self.here = stands

    def lose(self, number: int, *, tear: bool) -> None:
        """Takes a stored picture away, or overwrites one byte of it."""
        known = sorted(content for content in self.here if content in DIGESTS)
        content = known[number % len(known)]
        _harm(self.path(content), tear, self.chance)
        self.here.discard(content)
        if tear:
            self.torn.add(content)

    def lose_document(self, number: int, *, tear: bool) -> None:
        """The same of a document, or of the sound."""
        others = self._others()
        if others:
            _harm(others[number % len(others)], tear, self.chance)
            self.guessing = True

    def _others(self) -> list[Path]:
        """The stored files that are no picture."""
        return sorted(path for path in self.store.files.iterdir() if path.name not in CONTENTS)

    def verify(self) -> None:
        """`store verify --repair` finds what was torn, and nothing else, as far as pictures go."""
        torn = {self.path(content) for content in self.torn if self.path(content).exists()}
        found = Storekeeper(self.workspace).verify(lambda done, whole: None, repair=True).found.damaged
        assert {one.kind for one in found} <= {"bytes"}
        assert {one.path for one in found if one.path.name in CONTENTS} == torn
        assert not any(path.exists() for path in torn)
        self.torn.clear()

    # what came of it

    def _documents(self, world: World, made: Collection[str]) -> None:
        """Holds the documents that were made against the oracle."""
        wanted = world.documents()
        keys = self._roots.newest()
        parts = [record.parts for name in ("treatment", "cut") if (record := self.store.record(keys[name]))]
        for name in SECTIONS:
            wanted[f"{name}/shots"] = ("shots", name, *(found[name].digest for found in parts))
        known = {"song", "music", "audio"} if not self.seen or self.guessing else set()
        expected = {name for name, recipe in wanted.items() if recipe not in self.seen}
        assert expected <= set(made) <= (expected | known | (set(wanted) if self.guessing else set()))
        self.seen |= {*wanted.values()}

    def _take_in(self, world: World, made: Collection[str]) -> None:
        """Learns what the records say of what was made, and that it is here now."""
        keys = {line.node: line.key for line in self._roots.lines()}
        nodes, documents = world.nodes(), world.documents()
        for name in made:
            record = self.store.record(keys[name])
            assert record is not None
            if name in nodes:
                node = nodes[name]
                learn(node.content, record.parts[""].digest)
                self.seen.add(node.recipe)
                self.torn.discard(node.content)
                if name == "film":
                    self.shown = node.content
                else:
                    self.here.add(node.content)
                if stage(name) == "clip":
                    self.clips[node.content] = keys[name][:6]
            elif name in documents:
                self.seen.add(documents[name])
            elif name.endswith("/shots"):
                parts = (record.inputs["brief"][0], record.inputs["cuts"][0])
                self.seen.add(("shots", name.partition("/")[0], *parts))

    def _look(self, world: World) -> None:
        """What people see is made of the present words: the film, and every picture whose bytes are here."""
        out = self.workspace.out
        for name, node in world.nodes().items():
            unit, _, kind = name.rpartition("/")
            suffix = ".mp4" if stage(name) in ("clip", "segment", "film") else ".png"
            path = out / kind / f"{unit.removeprefix('@')}{suffix}" if unit else out / f"{kind}{suffix}"
            assert path.exists() >= (node.content in self.here)
            if node.content in self.here or name == "film":
                learn(node.content, sha256(path))

    def pinnable(self, index: int) -> list[tuple[Content, str]]:
        """Every clip that was made of a slot's shot and is here, with its short key."""
        shot = SLOTS[index].shot
        return sorted((clip, key) for clip, key in self.clips.items() if clip[1][1] == shot and clip in self.here)


def _harm(path: Path, tear: bool, chance: random.Random) -> None:
    """Removes a file, or changes one byte of it, as a program would that writes where it should not."""
    data = bytearray(path.read_bytes())
    path.unlink()
    if tear:
        data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        path.write_bytes(data)
        os.utime(path)
