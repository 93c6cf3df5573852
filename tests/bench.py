"""`make bench`: measures what the manual promises, prints a table and writes docs/benchmarks.md.

Every figure stands beside another of the same run (a bare `python -c pass`, a one-pass encode), because seconds alone
say more about the machine than about mvr. No test asserts a time.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mvr import __version__
from tests import bench_scale
from tests.studio import write_song

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
MVR = [str(Path(sys.executable).parent / "mvr")]
RUNS = 9

SMALL = """\
song: song.wav
concept: A woman walks through a city at night and reaches the sea.
cut: {by: regular, length: [3s, 3s]}
output: {size: 64x96, fps: 12}
"""

LARGE = """\
song: song.wav
concept: A woman walks through a city at night and reaches the sea.
cut: {by: regular, length: [4s, 4s]}
output: {size: 1920x1080, fps: 30}
shots:
  "@1:21": {prompt: "a wide street in the rain"}
"""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    measured: str
    beside: str
    bar: str


def wall(command: list[str], folder: Path) -> float:
    """Seconds of one whole process."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def median(command: list[str], folder: Path, runs: int = RUNS) -> float:
    wall(command, folder)
    return statistics.median(wall(command, folder) for _ in range(runs))


def project(folder: Path, text: str, seconds: float) -> Path:
    folder.mkdir(parents=True)
    write_song(folder / "song.wav", seconds)
    (folder / "project.yaml").write_text(text)
    return folder


def plan_counts(folder: Path) -> dict[str, int]:
    ran = subprocess.run([*MVR, "plan", "--json"], cwd=folder, check=True, capture_output=True, text=True)
    plan = json.loads(ran.stdout)
    return {name: plan[name] for name in ("fresh", "stale", "waits")}


def nothing_changed(work: Path) -> Iterator[Row]:
    """200 shots, rendered; asked again."""
    folder = project(work / "two-hundred", SMALL, 600)
    say("rendering 200 tiny shots")
    wall([*MVR, "render"], folder)
    time.sleep(2.5)  # until stats are proof (2 s), as they are for a person who comes back later
    wall([*MVR, "plan"], folder)
    counts = plan_counts(folder)
    bare = median([sys.executable, "-c", "pass"], folder)
    for command in ("plan", "render"):
        seconds = median([*MVR, command], folder)
        loaded = loaded_by(command, folder)
        yield Row(
            f"nothing changed, 200 shots ({sum(counts.values())} nodes): `mvr {command}`, whole process",
            f"{seconds:.3f} s; loads {', '.join(sorted(loaded)) or 'none of numpy, librosa, torch'}",
            f"`python -c pass` {bare:.3f} s",
            "<= 0.15 s; none of numpy, librosa, torch",
        )


def loaded_by(command: str, folder: Path) -> set[str]:
    code = (
        "import sys\nfrom mvr.cli import main\ntry: main([sys.argv[1]])\n"
        "except SystemExit: pass\nprint('LOADED', *sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code, command], cwd=folder, check=True, capture_output=True, text=True)
    names = {name.partition(".")[0] for name in ran.stdout.rpartition("LOADED")[2].split()}
    return names & {"numpy", "librosa", "torch"}


def one_prompt(work: Path) -> Iterator[Row]:
    """A 3-minute 1080p30 film of 45 shots: one prompt edited, then undone."""
    folder = project(work / "three-minutes", LARGE, 180)
    say("rendering 3 minutes of 1080p30")
    cold = wall([*MVR, "render"], folder)
    film = folder / "mvr-out" / folder.name / "film.mp4"
    before = film.read_bytes()
    say("encoding the same film in one pass")
    again = one_pass(film, work / "one-pass.mp4")
    text = (folder / "project.yaml").read_text()
    beyond, making = [], []
    for word in ("snow", "fog", "wind"):
        (folder / "project.yaml").write_text(text.replace("in the rain", f"in the {word}"))
        seconds, made = rendered(folder)
        drawing = sum(found for node, found in made.items() if node.endswith(("/keyframe", "/clip")))
        making.append(drawing)
        beyond.append(seconds - drawing)
    (folder / "project.yaml").write_text(text)
    undo, made = rendered(folder)
    extra, drawn = statistics.median(beyond), statistics.median(making)
    yield Row(
        "one prompt edited, 3 min of 1080p30, 45 shots: new film beyond making that shot's frames",
        f"{extra:.2f} s = {extra / again:.1%} of encoding the film anew (its frames: {drawn:.2f} s)",
        f"one-pass encode, same encoder {again:.1f} s",
        "<= 5 %",
    )
    nothing = "nothing made" if not made else f"made {sorted(made)}"
    same = "same bytes" if film.read_bytes() == before else "OTHER BYTES"
    yield Row(
        "undo of that edit", f"{undo:.2f} s; {nothing}; {same}", f"cold render {cold:.0f} s", "<= 2 s, same bytes"
    )
    yield from sketch_speed(folder, cold)


def rendered(folder: Path) -> tuple[float, dict[str, float]]:
    """Seconds of one whole `mvr render`, and what it made, with its seconds."""
    start = time.perf_counter()
    ran = subprocess.run([*MVR, "render", "--json"], cwd=folder, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    return seconds, {line["node"]: line["seconds"] for line in lines if line["event"] == "made"}


def one_pass(film: Path, out: Path) -> float:
    """Encodes a whole film with the encoder and settings of its segments."""
    from fractions import Fraction

    from mvr.media.encode import one_pass_arguments

    start = time.perf_counter()
    subprocess.run(one_pass_arguments(film, out, 1920, 1080, Fraction(30)), check=True, capture_output=True)
    return time.perf_counter() - start


def sketch_speed(folder: Path, cold: float) -> Iterator[Row]:
    """The sketch at 1080x1920, drawn and encoded, from a cold render of the demo's size."""
    work = folder.parent / "vertical"
    project(work, LARGE.replace("1920x1080", "vertical").replace("fps: 30", "fps: 24"), 60)
    start = time.perf_counter()
    subprocess.run([*MVR, "render", "--until", "shots"], cwd=work, check=True, capture_output=True)
    heard = time.perf_counter() - start
    start = time.perf_counter()
    subprocess.run([*MVR, "render"], cwd=work, check=True, capture_output=True)
    drawn = time.perf_counter() - start
    frames = 60 * 24
    yield Row(
        "sketch, 1080x1920, 60 s at 24 fps, drawn, encoded and joined",
        f"{frames / drawn:.1f} frames a second",
        f"hearing and writing before it, with an animatic {heard:.1f} s",
        ">= 24 frames a second on 2 cores",
    )


def say(text: str) -> None:
    sys.stderr.write(f"{text} ...\n")


def page(rows: list[Row]) -> str:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, mvr {__version__}"
    lines = [
        "# Benchmarks",
        "",
        f"Written by `make bench` on a machine with {machine}.",
        f"Whole processes; medians of {RUNS} runs where a run is short. Seconds differ from machine to machine: read",
        "each figure against the one beside it.",
        "",
        "| what | measured | beside it | bar |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *(f"| {row.what} | {row.measured} | {row.beside} | {row.bar} |" for row in rows)]) + "\n"


def at_size(work: Path) -> Iterator[Row]:
    """A thousand shots, and a watch."""
    for measure in (bench_scale.a_thousand_shots, bench_scale.watching):
        say(measure.__doc__ or "")
        yield from (Row(*line) for line in measure(work))


BENCHES: dict[str, Callable[[Path], Iterator[Row]]] = {
    "nothing": nothing_changed,
    "size": at_size,
    "prompt": one_prompt,
}


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHES)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as work:
        for name in chosen:
            for row in BENCHES[name](Path(work)):
                rows.append(row)
                sys.stdout.write(f"{row.what}\n    {row.measured}\n    beside: {row.beside}; bar: {row.bar}\n")
    if chosen == list(BENCHES):
        PAGE.write_text(page(rows))


if __name__ == "__main__":
    main()
