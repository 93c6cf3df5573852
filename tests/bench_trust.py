"""`make bench-trust`: what is promised of trust, tried at length; prints a table and writes docs/benchmarks-trust.md.

`python -m tests.bench_trust [SCRIPTS [KILLS [FLIPS]]]`; 0 leaves one out, and then the page is not written. The first
thing that goes wrong ends it with an AssertionError that says how to come by it again.
"""

from __future__ import annotations

import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import seed

from mvr import __version__
from mvr.engine import digest, events, verify
from mvr.model import Goal
from mvr.workspace import Workspace
from tests.engine.ageing import flip
from tests.player import Player, hurry
from tests.test_kills import killed
from tests.test_random_edits import STEPS, Script, play
from tests.world import PLANNED

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-trust.md"
COUNTS = (10_000, 200, 1_000)
BATCH = 250
"""Scripts of one process: each has a seed of its own, so any batch can be played again alone."""

EVERY = 5
"""Each so many flips, a render goes over the damaged store."""

Row = tuple[str, str, str]


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def scripts(count: int) -> Iterator[Row]:
    """Random scripts against the oracle, in as many processes at once as there are cores."""
    start = time.monotonic()
    waiting = [(number, min(BATCH, count - number * BATCH)) for number in range(-(-count // BATCH))]
    running: dict[int, subprocess.Popen[bytes]] = {}
    done = 0
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            number, size = waiting.pop(0)
            running[number] = subprocess.Popen(
                [sys.executable, "-m", "tests.bench_trust", "batch", str(number), str(size)]
            )
        for number, process in list(running.items()):
            if process.poll() is not None:
                del running[number]
                if process.returncode:
                    for other in running.values():
                        other.kill()
                    raise AssertionError(
                        f"batch {number} went wrong: python -m tests.bench_trust batch {number} {BATCH}"
                    )
                done = min(count, done + BATCH)
                say(f"{done} of {count} scripts, {time.monotonic() - start:.0f} s")
        time.sleep(0.1)
    yield (
        f"{count} random scripts of {STEPS} rules: words, takes, pins, cuts, undo, branches, gc, kills, lost bytes",
        f"all as the oracle says, {time.monotonic() - start:.0f} s",
        "everything planned stale was made, nothing planned fresh was; no stale reuse; gc keeps what is needed",
    )


def batch(number: int, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        hurry(patch)
        play(size, seed(number)(Script))


def kills(count: int) -> Iterator[Row]:
    """SIGKILLs at random moments of whole `mvr render` processes."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as work:
        for toll in killed(Path(work), count, random.Random(1)):
            say(f"{toll.kills} of {count} kills, {toll.films} films, {time.monotonic() - start:.0f} s")
    yield (
        f"{toll.kills} SIGKILLs of `mvr render` at random moments, over {toll.films} films",
        f"same bytes; `store verify` clean; {toll.again} pictures begun again; {time.monotonic() - start:.0f} s",
        "the same bytes as undisturbed; at most the jobs in flight lost; `store verify` clean",
    )


def flips(count: int) -> Iterator[Row]:
    """Single bytes flipped in files, records, manifests and logs; size and mtime stay, as on a bad disk."""
    start = time.monotonic()
    chance = random.Random(1)
    found = renders = read = 0
    with pytest.MonkeyPatch.context() as patch:
        hurry(patch)
        player = Player.begin(chance)
        store = player.store
        for number in range(count):
            kept = [*store.files.iterdir()]
            if number % EVERY:
                kept += [*store.records.iterdir(), *(store.folder / "roots").glob("*/*")]
            path = chance.choice(sorted(kept))
            before, stat = path.read_bytes(), path.stat()
            flip(path, chance)
            damaged = {damage.path for damage in verify.verify(store).damaged}
            assert path in damaged, f"flip {number} in {path} was not found"
            assert damaged <= {path, store.folder / "ledger"}, f"flip {number} in {path}: {damaged}"
            found += 1
            if number % EVERY == 0:
                renders += 1
                read += render_over(player)
            if path.parent != store.files or digest.of_file(path) != path.name:
                path.write_bytes(before)
                os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
            if number % 100 == 99:
                say(f"{number + 1} of {count} flips, {time.monotonic() - start:.0f} s")
        player.end()
    yield (
        f"{count} bytes flipped at random in a store, size and mtime as they were",
        f"`store verify` found {found}; {time.monotonic() - start:.0f} s",
        "all found",
    )
    yield (
        f"{renders} renders over a store so damaged, an edit in each",
        f"{read} read the damage: made again, and said; every film as from a whole store",
        "a render that reads one makes it again and says so",
    )


FILMS: dict[str, bytes] = {}


def render_over(player: Player) -> bool:
    """Renders one of 216 texts over a damaged store; says if the damage was read.

    The film must be that of a whole store, and whatever was made beyond its need must have been said.
    """
    folder = player.folder
    world = player.worlds[0]
    for slot in PLANNED:
        world = world.put("motions", slot, player.chance.randrange(3)).put("moved", slot, player.chance.randrange(2))
    text = world.text()
    if text not in FILMS:
        whole = Player.begin(random.Random(1))
        (whole.folder / "project.yaml").write_text(text)
        rendered(whole.workspace)
        FILMS[text] = (whole.workspace.out / "film.mp4").read_bytes()
        whole.end()
    (folder / "project.yaml").write_text(text)
    (player.workspace.out / "film.mp4").unlink(missing_ok=True)
    said = rendered(player.workspace)
    assert (player.workspace.out / "film.mp4").read_bytes() == FILMS[text], "another film"
    return bool(said)


def rendered(workspace: Workspace) -> list[str]:
    """Renders, and names the nodes whose bytes were said to be damaged."""
    said: list[str] = []
    outcome = workspace.render(
        Goal(), lambda event: said.append(event.node) if isinstance(event, events.Repaired) else None
    )
    assert outcome.failed == (), outcome.failed
    return said


def page(rows: list[Row]) -> str:
    where = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, mvr {__version__}"
    lines = [
        "# Trust, tried at length",
        "",
        f"Written by `make bench-trust` on a machine with {where}. The tests play the same in small:",
        "100 scripts, 20 kills, 100 flips.",
        "",
        "| what | measured | bar |",
        "| --- | --- | --- |",
    ]
    return "\n".join([*lines, *(f"| {what} | {measured} | {bar} |" for what, measured, bar in rows)]) + "\n"


def main() -> None:
    if sys.argv[1:2] == ["batch"]:
        batch(*map(int, sys.argv[2:]))
        return
    counts = [int(word) for word in sys.argv[1:]] + list(COUNTS[len(sys.argv) - 1 :])
    rows: list[Row] = []
    for bench, count in zip((scripts, kills, flips), counts, strict=True):
        for row in bench(count) if count else ():
            rows.append(row)
            sys.stdout.write(f"{row[0]}\n    {row[1]}\n    bar: {row[2]}\n")
            sys.stdout.flush()
    if all(counts):
        PAGE.write_text(page(rows))


if __name__ == "__main__":
    main()
