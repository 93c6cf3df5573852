"""Random graphs, random edits: what is made is what a brute-force oracle says, and plan says so before."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mvr.engine import digest
from mvr.engine.job import Desk, Job, Made
from mvr.engine.plan import Fresh, Stale, Verdict, Waits
from tests.engine.inline import Inline
from tests.engine.lab import Lab

NAMES = ("a", "b", "c", "d", "e", "f", "g")
ENTRY = "tests.engine.test_oracle.make"

Key = tuple[str, int, tuple[str, ...], str]


@dataclass(frozen=True)
class Def:
    """A node: the part `half` does not change with the lowest bit of say, nor with what is read; `rest` reads it."""

    token: str
    say: int
    reads: tuple[tuple[str, str], ...] = ()
    file: bool = False


@dataclass
class World:
    """The oracle: which keys were ever made, and which contents are in the store."""

    made: set[Key] = field(default_factory=set)
    present: set[str] = field(default_factory=set)


def contents(key: Key) -> dict[str, str]:
    token, say, read, file = key
    return {"": f"{token} {say} {read} {file}", "half": f"{token} {say // 2}"}


def make(job: Job, desk: Desk) -> Made:
    """The same, as a stage."""
    read = tuple(desk.path(blob).read_text() for blob in job.inputs.get("in", ()))
    file = "".join(desk.path(file).read_text() for file in job.files.get("song", ()))
    made = contents((job.recipe["token"], job.recipe["number"], read, file))
    for part, text in made.items():
        (desk.out / f"x{part}").write_text(text)
    return Made({part: desk.out / f"x{part}" for part in made})


def keys(defs: dict[str, Def], song: str) -> dict[str, Key]:
    found: dict[str, Key] = {}
    for name, one in defs.items():
        read = tuple(contents(found[above])[part] for above, part in one.reads)
        found[name] = (one.token, one.say, read, song if one.file else "")
    return found


def to_make(world: World, defs: dict[str, Def], song: str) -> tuple[set[Key], set[Key]]:
    """What must be made at least and at most: bytes that two keys give need be made by one of them only."""
    found = keys(defs, song)
    needed = {key for key in found.values() if key not in world.made}
    lost: dict[Key, set[str]] = {}
    grew = True
    while grew:
        grew = False
        for name, one in defs.items():
            if found[name] in needed or found[name] in lost:
                for above, part in one.reads:
                    content = contents(found[above])[part]
                    if content not in world.present and found[above] not in needed:
                        known = lost.setdefault(found[above], set())
                        grew = grew or content not in known
                        known.add(content)
    most = needed | lost.keys()
    given_by = {key: {text for other in most - {key} for text in contents(other).values()} for key in lost}
    return needed | {key for key, texts in lost.items() if not texts <= given_by[key]}, set(most)


def definitions(chance: random.Random, size: int) -> dict[str, Def]:
    """So many nodes; one in five is the twin of an earlier one."""
    defs: dict[str, Def] = {}
    for name in NAMES[:size]:
        above = sorted(defs)
        if above and chance.random() < 0.2:
            defs[name] = defs[chance.choice(above)]
        else:
            reads = tuple(
                (chance.choice(above), chance.choice(["", "half"])) for _ in range(chance.randrange(4)) if above
            )
            defs[name] = Def(name, chance.randrange(6), reads, chance.random() < 0.2)
    return defs


EDITS = ("say", "say", "say", "file", "lose", "lose", "damage", "less", "undo", "ledger", "record")


@contextmanager
def laboratory(chance: random.Random) -> Iterator[Lab]:
    with tempfile.TemporaryDirectory() as folder, patch("os.fsync"):  # thousands of flushes would prove nothing
        lab = Lab(Path(folder))
        lab.lanes = Inline(lab.store, chance.choice)
        yield lab


def declare(lab: Lab, defs: dict[str, Def], song: str) -> None:
    lab.declared.clear()
    lab.file("song", song, settled=False)
    for name, one in defs.items():
        reads = " ".join(f"{above}:{part}" if part else above for above, part in one.reads)
        files = "song" if one.file else ""
        lab.node(name, reads=reads, files=files, entry=ENTRY, token=one.token, number=one.say)


SEEDS = st.integers(0, 1 << 32)  # a chance of our own: one that hypothesis draws prefers the least of everything
SIZES = st.integers(2, len(NAMES))
ROUNDS = st.integers(2, 5)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS, SIZES, ROUNDS)
def test_what_is_made_is_what_an_oracle_says(seed: int, size: int, rounds: int) -> None:
    """After any edits, losses and damage: exactly what must be made is, plan said so, and every byte is right."""
    chance = random.Random(seed)
    defs = definitions(chance, size)
    world, song, history = World(), "la", [defs]
    with laboratory(chance) as lab:
        for count in range(rounds):
            for edit in chance.choices(EDITS, k=min(count, chance.randrange(1, 5))):
                name = chance.choice(sorted(defs))
                if edit == "say":
                    defs = {**defs, name: replace(defs[name], say=chance.randrange(6))}
                elif edit == "file":
                    song = chance.choice(["la", "li", "lo"])
                elif edit == "less":
                    readers = {above for one in defs.values() for above, _ in one.reads}
                    defs = {one: about for one, about in defs.items() if one != name or one in readers} or defs
                elif edit == "undo":
                    defs = chance.choice(history)
                else:
                    disturb(edit, lab, world, keys(defs, song)[name], chance)
            history.append(defs)
            declare(lab, defs, song)
            check(lab, world, defs, song)


def disturb(how: str, lab: Lab, world: World, key: Key, chance: random.Random) -> None:
    """What may befall a store: bytes gone or wrong, a record cut short, the index lost or damaged."""
    index = lab.store.folder / "ledger/cache.db"
    if how in ("lose", "damage") and world.present:
        content = chance.choice(sorted(world.present))
        world.present.remove(content)
        path = lab.store.path(digest.of_bytes(content.encode()))
        path.chmod(0o644)
        path.unlink() if how == "lose" else path.write_text("damaged")
    elif how == "ledger":
        index.write_bytes(b"nonsense")
    elif how == "record" and key in world.made:
        world.made.remove(key)
        path = lab.store.records / f"{stored_key(key)}.json"
        path.write_bytes(path.read_bytes()[:20])
        index.unlink(missing_ok=True)


def stored_key(key: Key) -> str:
    """The key that the engine has for it."""
    token, say, read, file = key
    inputs = {"in": [digest.of_bytes(text.encode()) for text in read]} if read else {}
    files = {"song": [digest.of_bytes(file.encode())]} if file else {}
    return digest.key("fake", 1, {"say": "", "token": token, "number": say}, inputs, files)


def check(lab: Lab, world: World, defs: dict[str, Def], song: str) -> None:
    """Plans, renders, and compares both with the oracle."""
    found = keys(defs, song)
    least, most = to_make(world, defs, song)
    plan = lab.plan()
    assert all(isinstance(one, Waits) or one.key == stored_key(found[name]) for name, one in plan.items())
    lab.render()
    assert lab.failed == {}
    made = [found[name] for name in lab.made]
    assert len(made) == len(set(made)), "twins were made twice"
    assert least <= set(made) <= most
    fresh = {found[name] for name, verdict in plan.items() if isinstance(verdict, Fresh)}
    stale = {found[name] for name, verdict in plan.items() if isinstance(verdict, Stale)}
    assert not fresh & set(made), "plan called it fresh"
    assert stale & least <= set(made), "plan called it stale"
    assert stale <= most, "plan called it stale, and nothing needs it"
    world.made |= set(made)
    world.present |= {text for key in made for text in contents(key).values()}
    after = lab.plan()
    for name, key in found.items():
        verdict = after[name]
        assert isinstance(verdict, Fresh)
        for part, text in contents(key).items():
            path = lab.store.path(verdict.entry.parts[part].digest)
            if text in world.present:
                assert path.read_text() == text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS, SIZES, ROUNDS)
def test_a_plan_is_kept_where_bytes_come_out_otherwise(seed: int, size: int, rounds: int) -> None:
    """With generators, whose bytes differ at each make: fresh is not made, stale is, and then nothing is left."""
    chance = random.Random(seed)
    defs = definitions(chance, size)
    generated = set(chance.choices(NAMES, k=3))
    with laboratory(chance) as lab:
        for _ in range(rounds):
            for name in chance.choices(sorted(defs), k=2):
                defs = {**defs, name: replace(defs[name], say=chance.randrange(6))}
            declare(lab, defs, "la")
            for one in generated & defs.keys():
                lab.declared[one] |= {"entry": "tests.engine.test_oracle.generate", "exact": False, "stage": "generate"}
            stored = sorted(lab.store.files.iterdir())
            for path in chance.sample(stored, min(chance.randrange(3), len(stored))):
                path.unlink()
            plan = lab.plan()
            lab.render()
            assert lab.failed == {}
            made = of_type(Stale | Fresh, plan) & {key(plan[one]) for one in lab.made}
            assert not of_type(Fresh, plan) & made
            assert of_type(Stale, plan) <= made
            lab.render()
            assert lab.made == set()


def key(verdict: Verdict) -> str:
    return "" if isinstance(verdict, Waits) else verdict.key


def of_type(kind: Any, plan: dict[str, Verdict]) -> set[str]:
    """The keys of the nodes with such a verdict."""
    return {key(verdict) for verdict in plan.values() if isinstance(verdict, kind)}


def generate(job: Job, desk: Desk) -> Made:
    """A stage whose bytes are never the same."""
    made = make(job, desk)
    path = made.parts[""]
    path.write_text(path.read_text() + str(random.random()))
    return made
