"""A small film as the oracle of the random scripts sees it: brute force, and knowing nothing of how mvr judges.

What a thing is made of is a plain tuple of all that it depends on. Two things are the same where their tuples are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

Content = tuple[Any, ...]
"""What some bytes are made of."""

WORDS = ("rain", "snow", "fog")
FPS = 6
SECONDS = 8


@dataclass(frozen=True)
class Slot:
    """A shot that may be: when it begins, in seconds, and if that cut is one of `cut.at`."""

    shot: str
    start: int
    forced: bool = False


SLOTS = (
    Slot("verse-1.1", 0),
    Slot("verse-1.1b", 1, forced=True),
    Slot("verse-1.2", 2),
    Slot("chorus-1.1", 4),
    Slot("chorus-1.1b", 5, forced=True),
    Slot("chorus-1.2", 6),
    Slot("chorus-1.2b", 7, forced=True),
)
FIRST = (0,) * len(SLOTS)
FORCED = tuple(index for index, slot in enumerate(SLOTS) if slot.forced)
PLANNED = tuple(index for index, slot in enumerate(SLOTS) if not slot.forced and slot.start)
"""The planned shots that can be dropped, or begin later: all but the first."""


@dataclass(frozen=True)
class Node:
    """A node as it ought to be: the recipe that decides if it was made before, what it reads, what comes out."""

    recipe: Content
    reads: tuple[Content, ...]
    content: Content


@dataclass(frozen=True)
class World:
    """A project file: by slot each shot's words, takes, pin, and its cut; the wardrobe, the story, and noise."""

    prompts: tuple[int, ...] = FIRST
    motions: tuple[int, ...] = FIRST
    more: tuple[int, ...] = FIRST  # takes beside the first
    chosen: tuple[int, ...] = FIRST  # the take that is shown, from 0
    pins: tuple[tuple[Content, str] | None, ...] = (None,) * len(SLOTS)  # a clip, and the short key it has
    cuts: tuple[int, ...] = tuple(int(not slot.forced) for slot in SLOTS)  # 1 where the cut is there
    moved: tuple[int, ...] = FIRST  # 1 where an override has the shot begin half a second later
    coat: int = 0
    story: int = 0
    noise: int = 0

    def put(self, field: str, index: int, value: Any) -> World:
        """The world with another value for one slot."""
        values = getattr(self, field)
        fields: dict[str, Any] = {field: (*values[:index], value, *values[index + 1 :])}
        return replace(self, **fields)

    def spans(self) -> Iterator[tuple[int, int]]:
        """Each shot of the film as its slot, and its length in frames."""
        shown = [index for index, there in enumerate(self.cuts) if there]
        starts = [SLOTS[index].start * FPS + self.moved[index] * FPS // 2 for index in shown]
        for index, start, end in zip(shown, starts, [*starts[1:], SECONDS * FPS], strict=True):
            yield index, end - start

    def text(self) -> str:
        """The project file."""
        at = [f"0:0{SLOTS[index].start}" for index in FORCED if self.cuts[index]]
        drop = [SLOTS[index].shot for index in PLANNED if not self.cuts[index]]
        return (
            f"# {self.noise}\ntitle: A city\nsong: song.wav\nconcept: a city in {WORDS[self.story]}\n"
            "music: {tempo: 120, meter: 4/4, first_downbeat: 0:00, "
            "sections: [{at: 0:00, role: verse}, {at: 0:04, role: chorus}]}\n"
            f"cut: {{by: regular, length: [2s, 2s], at: [{', '.join(at)}], drop: [{', '.join(drop)}]}}\n"
            f"output: {{size: 32x32, fps: {FPS}}}\n"
            f"characters: {{ada: {{description: a woman, wardrobe: a {WORDS[self.coat]} coat}}}}\n"
            f"make: {{painter: fake, animator: fake}}\nnotes: {{verse-1.1: note {self.noise}}}\nshots:\n"
            + "".join(self._shot(index) for index, _ in self.spans())
        )

    def _shot(self, index: int) -> str:
        slot, pin = SLOTS[index], self.pins[index]
        moved = f", start: 0:0{slot.start}.5" if self.moved[index] else ""
        pinned = f', pin: "{pin[1]}"' if pin else ""
        return (
            f"  {slot.shot}: {{prompt: a street in the {WORDS[self.prompts[index]]}, "
            f"motion: pan {WORDS[self.motions[index]]}, characters: [{'ada' if index % 2 else ''}], "
            f"takes: {self.more[index] + 1}, take: {self.chosen[index] + 1}{moved}{pinned}}}\n"
        )

    def nodes(self) -> Mapping[str, Node]:
        """Every portrait, still, clip and segment, and the film, by node name."""
        return _nodes(self)

    def documents(self) -> dict[str, Content]:
        """The two documents whose recipes are the user's own words."""
        forced = tuple(self.cuts[index] for index in FORCED)
        dropped = tuple(self.cuts[index] for index in PLANNED)
        return {"cut": ("cut", forced, dropped), "treatment": ("treatment", self.story)}


@cache
def _nodes(world: World) -> Mapping[str, Node]:
    portrait = ("portrait", world.coat)
    found = {"@ada/portrait": Node(portrait, (), portrait)}
    segments = []
    for index, frames in world.spans():
        shot, pin = SLOTS[index].shot, world.pins[index]
        if pin:
            clip = pin[0]
        else:
            for take in {world.chosen[index], *range(world.more[index] + 1)}:
                suffix = "" if take == world.chosen[index] else f"@{take + 1}"
                still = ("still", shot, take, world.prompts[index], world.coat if index % 2 else None)
                made = ("clip", still, world.motions[index], frames)
                found[f"{shot}/keyframe{suffix}"] = Node(still, (), still)
                found[f"{shot}/clip{suffix}"] = Node(made, (still,), made)
                if not suffix:
                    clip = made
        shown = clip if clip[3] == frames else ("span", clip, frames)  # a clip of the right length is passed on
        found[f"{shot}/segment"] = Node(("segment", clip, frames, bool(pin)), (clip,), shown)
        segments.append(shown)
    film = ("film", *segments)
    found["film"] = Node(film, tuple(segments), film)
    return found


def to_make(world: World, seen: Collection[Content], here: Collection[Content], film: Content | None) -> set[str]:
    """What a render must make, and nothing else: what was never made, and lost bytes that something of it reads.

    seen: the recipes ever made. here: what is made of what, whose bytes are whole. film: what film.mp4 shows.
    """
    nodes = world.nodes()
    found: set[str] = set()

    def make(name: str) -> None:
        if name not in found:
            found.add(name)
            for content in nodes[name].reads:
                if content not in here:
                    makers = (name for name, node in nodes.items() if node.content == content)
                    make(min(makers, key=lambda name: name.endswith("/segment")))  # who draws it, not who passes it on

    for name, node in nodes.items():
        if (name == "film" and film != node.content) or (name != "film" and node.recipe not in seen):
            make(name)
    return found


def must_stay(worlds: Collection[World], clips: Collection[Content]) -> set[Content]:
    """What gc may not drop: all that some worlds are made of, every clip, and what each of those was made from."""
    kept = {node.content for world in worlds for name, node in world.nodes().items() if name != "film"}
    return kept | set(clips) | {clip[1] for clip in clips}
