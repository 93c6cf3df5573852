"""Random edit scripts against an oracle: what is made is what was never made before, and `plan` keeps its promise."""

from __future__ import annotations

import contextlib
import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mvr import machine
from mvr.engine import events
from mvr.engine.store import Store
from mvr.errors import Interrupted
from mvr.model import Goal
from mvr.workspace import Workspace
from tests.engine.inline import Inline
from tests.studio import write_song

SHOTS = ("verse-1.1", "verse-1.2", "chorus-1.1", "chorus-1.2")
STAGES = ("portrait", "keyframe", "clip", "segment")
WORDS = ("rain", "snow", "fog")


@dataclass(frozen=True)
class World:
    """A project as the oracle sees it: for each shot its prompt, motion, takes and chosen take; and one wardrobe."""

    prompts: tuple[int, ...] = (0, 0, 0, 0)
    motions: tuple[int, ...] = (0, 0, 0, 0)
    takes: tuple[int, ...] = (1, 1, 1, 1)
    chosen: tuple[int, ...] = (1, 1, 1, 1)
    coat: int = 0
    noise: int = 0

    def text(self) -> str:
        """The project file."""
        shots = "".join(
            f"  {shot}: {{prompt: a street in the {WORDS[self.prompts[i]]}, motion: pan {WORDS[self.motions[i]]}, "
            f"characters: [{'ada' if i % 2 else ''}], takes: {self.takes[i]}, take: {self.chosen[i]}}}\n"
            for i, shot in enumerate(SHOTS)
        )
        return (
            f"# {self.noise}\ntitle: number {self.noise}\nsong: song.wav\nconcept: a city\n"
            "music: {tempo: 120, meter: 4/4, first_downbeat: 0:00, "
            "sections: [{at: 0:00, role: verse}, {at: 0:04, role: chorus}]}\n"
            "cut: {by: regular, length: [2s, 2s]}\noutput: {size: 32x32, fps: 6}\n"
            f"characters: {{ada: {{description: a woman, wardrobe: a {WORDS[self.coat]} coat}}}}\n"
            f"make: {{painter: fake, animator: fake}}\nnotes: {{verse-1.1: note {self.noise}}}\nshots:\n{shots}"
        )

    def stills(self) -> Iterator[tuple[str, Any]]:
        """Every still by node name, with all that it is made of."""
        for i, shot in enumerate(SHOTS):
            for take in {self.chosen[i], *range(1, self.takes[i] + 1)}:
                suffix = "" if take == self.chosen[i] else f"@{take}"
                yield f"{shot}/keyframe{suffix}", (shot, take, self.prompts[i], self.coat if i % 2 else None)

    def nodes(self) -> Mapping[str, Any]:
        """Every still, clip and segment by node name, with all that it is made of."""
        found: dict[str, Any] = {"@ada/portrait": ("portrait", self.coat)}
        for name, still in self.stills():
            shot, _, suffix = name.partition("/keyframe")
            clip = ("clip", still, self.motions[SHOTS.index(shot)])
            found[name] = ("still", still)
            found[f"{shot}/clip{suffix}"] = clip
            if not suffix:
                found[f"{shot}/segment"] = ("segment", clip)
        return found


def edits() -> st.SearchStrategy[tuple[str, int, int]]:
    """One edit: what, of which shot, to which value."""
    kinds = ("prompt", "motion", "take", "takes", "coat", "noise", "undo", "kill")
    return st.tuples(st.sampled_from(kinds), st.integers(0, 3), st.integers(0, 2))


def at(values: tuple[int, ...], index: int, value: int) -> tuple[int, ...]:
    return (*values[:index], value, *values[index + 1 :])


def edited(world: World, edit: tuple[str, int, int], past: list[World]) -> World:
    kind, shot, value = edit
    match kind:
        case "prompt":
            return replace(world, prompts=at(world.prompts, shot, value))
        case "motion":
            return replace(world, motions=at(world.motions, shot, value))
        case "take":
            return replace(world, chosen=at(world.chosen, shot, value + 1))
        case "takes":
            return replace(world, takes=at(world.takes, shot, value + 1))
        case "coat":
            return replace(world, coat=value)
        case "noise":
            return replace(world, noise=world.noise + 1)
        case "undo":
            return past[(shot * 3 + value) % len(past)]
    return world


@dataclass
class Player:
    """A project folder that a script is played on."""

    folder: Path
    chance: random.Random
    seen: set[Any] = field(default_factory=set)

    @property
    def workspace(self) -> Workspace:
        def lanes(store: Store, bounds: Mapping[str, int]) -> Inline:
            return Inline(store, self.chance.choice)

        return Workspace(self.folder / "project.yaml", machine.load(), lanes)  # type: ignore[arg-type]

    def kill(self, after: int) -> set[str]:
        """Renders, and is interrupted after so many nodes; names what was made."""
        made: set[str] = set()

        def say(event: events.Event) -> None:
            if isinstance(event, events.MadeNode):
                made.add(event.node)
                if len(made) > after:
                    raise KeyboardInterrupt

        with contextlib.suppress(Interrupted):
            self.workspace.render(Goal(), say)
        return made

    def play(self, world: World, kill: bool) -> None:
        """Renders a world, and holds what was made against the oracle and against the plan."""
        (self.folder / "project.yaml").write_text(world.text())
        wanted = world.nodes()
        if kill:
            self.seen |= {wanted[name] for name in self.kill(self.chance.randrange(3)) if name in wanted}
        plan = {row["name"]: row["state"] for row in self.workspace.plan()["nodes"] if row["stage"] != "film"}
        made: list[str] = []
        outcome = self.workspace.render(
            Goal(), lambda event: made.append(event.node) if isinstance(event, events.MadeNode) else None
        )
        assert outcome.failed == ()
        expected = {name for name, parts in wanted.items() if parts not in self.seen}
        pictures = [name for name in made if name.rpartition("/")[2].partition("@")[0] in STAGES]
        assert sorted(pictures) == sorted(expected)
        assert {name for name, state in plan.items() if state == "stale"} <= set(made)
        assert not {name for name, state in plan.items() if state == "fresh"} & set(made)
        self.seen |= set(wanted.values())


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("random") / "tiny"
    folder.mkdir()
    write_song(folder / "song.wav", 8.0)
    Player(folder, random.Random(1)).play(World(), kill=False)
    return folder


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(edits(), min_size=1, max_size=4), st.integers(0, 2**32))
def test_any_script_makes_what_the_oracle_says(start: Path, script: list[tuple[str, int, int]], seed: int) -> None:
    """Over edits, takes, undo and interruptions: nothing is made twice, nothing stale is used, no plan lies."""
    folder = Path(tempfile.mkdtemp()) / "tiny"
    try:
        shutil.copytree(start, folder, symlinks=True)
        player = Player(folder, random.Random(seed), set(World().nodes().values()))
        past = [World()]
        for edit in script:
            world = edited(past[-1], edit, past)
            player.play(world, kill=edit[0] == "kill")
            past.append(world)
    finally:
        shutil.rmtree(folder.parent)
