"""Random scripts against an oracle: what is made is what was never made before, and `plan` keeps its promise."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.player import Player, hurry
from tests.world import FORCED, PLANNED, SLOTS

SCRIPTS = 100
STEPS = 6
"""How many rules a script has."""

slots = st.integers(0, len(SLOTS) - 1)
values = st.integers(0, 2)
numbers = st.integers(0, 999)
losses = st.lists(st.tuples(st.booleans(), numbers, st.booleans()), min_size=1, max_size=3)


class Script(RuleBasedStateMachine):
    """A person at work on a film, whose machine fails now and then."""

    player: Player

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.player = Player.begin(random.Random(seed))

    def teardown(self) -> None:
        if hasattr(self, "player"):
            self.player.end()

    def change(self, **fields: Any) -> None:
        self.player.play(replace(self.player.world, **fields))

    def put(self, field: str, slot: int, value: object) -> None:
        self.player.play(self.player.world.put(field, slot, value))

    # the project file

    @rule(field=st.sampled_from(("prompts", "motions", "more", "chosen")), slot=slots, value=values)
    def shot(self, field: str, slot: int, value: int) -> None:
        self.put(field, slot, value)

    @rule(field=st.sampled_from(("coat", "story", "noise")), value=values)
    def everywhere(self, field: str, value: int) -> None:
        self.change(**{field: value})

    @rule(slot=st.sampled_from(FORCED + PLANNED), there=st.integers(0, 1))
    def cut(self, slot: int, there: int) -> None:
        self.put("cuts", slot, there)

    @rule(slot=st.sampled_from(PLANNED), later=st.integers(0, 1))
    def move(self, slot: int, later: int) -> None:
        self.put("moved", slot, later)

    @rule(number=numbers, which=numbers)
    def pin(self, number: int, which: int) -> None:
        slots = [index for index, _ in self.player.world.spans()]
        slot = slots[number % len(slots)]
        clips = [*self.player.pinnable(slot), None]
        self.put("pins", slot, clips[which % len(clips)])

    @rule(number=numbers)
    def undo(self, number: int) -> None:
        worlds = self.player.worlds
        self.player.play(worlds[number % len(worlds)])

    @rule(number=st.integers(0, 3), slot=slots, value=values)
    def branch(self, number: int, slot: int, value: int) -> None:
        """Commits on one of two branches, and works on; or goes to one of those there are."""
        if number < 2:
            self.player.commit(("main", "other")[number])
            self.put("prompts", slot, value)
        else:
            branches = sorted(self.player.branches)
            self.player.switch(branches[number % len(branches)])

    # what befalls a store; then the work goes on

    @rule(slot=slots, value=values, coat=values, after=st.integers(0, 8))
    def kill(self, slot: int, value: int, coat: int, after: int) -> None:
        world = self.player.world.put("prompts", slot, value).put("motions", slot, value)
        self.player.kill(replace(world, coat=coat), after)

    @rule(number=numbers)
    def collect(self, number: int) -> None:
        self.player.collect()
        self.undo(number)

    @rule(
        lost=st.lists(st.tuples(st.booleans(), numbers, st.booleans()), min_size=1, max_size=3),
        slot=slots,
        value=values,
    )
    def lose(self, lost: list[tuple[bool, int, bool]], slot: int, value: int) -> None:
        for picture, number, tear in lost:
            (self.player.lose if picture else self.player.lose_document)(number, tear=tear)
        if self.player.torn and value:
            self.player.verify()
        self.put("motions", slot, value)


def play(scripts: int, factory: type[Script] = Script) -> None:
    """Plays so many scripts. Raises AssertionError with the first that goes wrong."""
    run_state_machine_as_test(
        factory,
        settings=settings(
            max_examples=scripts,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # a script of six rules is short enough to read, and shrinking takes minutes
            report_multiple_bugs=False,
        ),
    )


def test_any_script_makes_what_the_oracle_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over edits, takes, pins, cuts, undo, branches, gc, kills and lost bytes: nothing is made twice, no plan lies,
    nothing is dropped that something needs, and every picture is of the present words."""
    hurry(monkeypatch)
    play(SCRIPTS)
