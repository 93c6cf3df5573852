"""The loop at size: a thousand shots, and what a watch costs save by save. Part of `make bench`."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread

from tests.studio import write_song

MVR = [str(Path(sys.executable).parent / "mvr")]
PATIENCE = 60.0  # seconds
RUNS = 5

HEAD = """\
# {noise}
song: song.wav
concept: A woman walks through a city at night and reaches the sea.
music: {{tempo: 120, meter: 4/4, first_downbeat: 0:00}}
cut: {{by: regular, length: [2s, 2s]}}
output: {{size: 32x32, fps: 6}}
make: {{painter: fake, animator: fake}}
shots:
"""
SHOT = '  "@{minutes}:{seconds:02}": {{prompt: "a street in the rain {word}", takes: {takes}}}\n'


@dataclass(frozen=True)
class Film:
    """A folder with a tiny film of so many shots, two seconds each, of so many takes, drawn by the fake backend."""

    folder: Path
    shots: int
    takes: int = 1

    def start(self) -> None:
        self.folder.mkdir(parents=True)
        write_song(self.folder / "song.wav", 2.0 * self.shots)
        self.file.write_text(self.text())

    @property
    def file(self) -> Path:
        return self.folder / "project.yaml"

    def text(self, word: int = 0, noise: int = 0) -> str:
        """Every shot has words of its own; `word` is in those of the twentieth."""
        shots = (
            SHOT.format(minutes=shot // 30, seconds=shot % 30 * 2, word=word if shot == 20 else "", takes=self.takes)
            for shot in range(self.shots)
        )
        return HEAD.format(noise=noise) + "".join(shots)

    def mvr(self, *words: str) -> float:
        """Seconds of one whole process."""
        start = time.perf_counter()
        subprocess.run([*MVR, *words], cwd=self.folder, check=True, capture_output=True)
        return time.perf_counter() - start

    def plan(self) -> dict[str, int]:
        ran = subprocess.run([*MVR, "plan", "--json"], cwd=self.folder, check=True, capture_output=True, text=True)
        found = json.loads(ran.stdout)
        return {name: found[name] for name in ("fresh", "stale", "waits")}


# saves of all kinds: what editors and git do to a file


def in_place(file: Path, text: str) -> None:
    file.write_text(text)


def renamed(file: Path, text: str) -> None:
    beside = file.with_name(".project.yaml.swp")
    beside.write_text(text)
    beside.replace(file)


def backed_up(file: Path, text: str) -> None:
    file.replace(file.with_name("project.yaml~"))
    file.write_text(text)


def deleted(file: Path, text: str) -> None:
    file.unlink()
    file.write_text(text)


def in_two_halves(file: Path, text: str) -> None:
    middle = text.index("cut:") + 8
    with file.open("w") as out:
        out.write(text[:middle])
        out.flush()
        time.sleep(0.002)
        out.write(text[middle:])


def among_others(file: Path, text: str) -> None:
    """As a checkout does: many files at once."""
    for number in range(30):
        file.with_name(f"notes-{number}.txt").write_text(text)
    renamed(file, text)


SAVES: tuple[Callable[[Path, str], None], ...] = (in_place, renamed, backed_up, deleted, in_two_halves, among_others)


class Watched:
    """A `mvr watch` of a film, and when it said what."""

    def __init__(self, film: Film) -> None:
        self.process = subprocess.Popen(
            [*MVR, "watch", "--no-page"],
            cwd=film.folder,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self.lines: Queue[tuple[float, str]] = Queue()
        self.ears = Thread(target=self._listen, daemon=True)
        self.ears.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.put((time.perf_counter(), line.rstrip()))

    def until(self, word: str) -> float:
        """When a line that begins or ends with a word was said."""
        while True:
            when, line = self.lines.get(timeout=PATIENCE)
            if line.startswith(word) or line.endswith(word):
                return when

    def megabytes(self) -> float:
        """What the watch holds in memory, its workers aside."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        raise LookupError("VmRSS")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)


def save_to_plan(film: Film, count: int, chance: random.Random) -> tuple[list[float], list[float]]:
    """Saves so often, in all kinds of ways, some while a build is at work. Gives the seconds from each save to the
    line that says what is to make, and the memory in MB after each; raises where the last state is not what stands."""
    watched = Watched(film)
    watched.until("film.mp4")
    seconds, memory = [], []
    try:
        for number in range(count):
            save = SAVES[number % len(SAVES)]
            text = film.text(word=chance.randrange(1_000_000), noise=number)
            start = time.perf_counter()
            save(film.file, text)
            seconds.append(watched.until("to make") - start)
            memory.append(watched.megabytes())
            if chance.random() < 0.5:
                watched.until("film.mp4")
        give_up = time.perf_counter() + PATIENCE
        while any(film.plan()[state] for state in ("stale", "waits")):
            assert time.perf_counter() < give_up, "the watch did not end in the last state"
            time.sleep(0.2)
    finally:
        watched.stop()
    return seconds, memory


Line = tuple[str, str, str, str]
"""What was measured, the figure, what stands beside it, and the bar."""


def a_thousand_shots(work: Path) -> Iterator[Line]:
    """1,000 shots of three takes: nothing changed, and one prompt changed."""
    film = Film(work / "a-thousand", 1000, takes=3)
    film.start()
    cold = film.mvr("render")
    time.sleep(2.5)  # until stats are proof (2 s), as they are for a person who comes back later
    film.mvr("plan")
    nodes = sum(film.plan().values())
    beside = f"cold render {cold:.0f} s"
    for command in ("plan", "render"):
        seconds = statistics.median(film.mvr(command) for _ in range(RUNS))
        yield f"nothing changed, 1,000 shots ({nodes} nodes): `mvr {command}`", f"{seconds:.3f} s", beside, "<= 0.3 s"
    edited = []
    for word in range(1, RUNS + 1):
        film.file.write_text(film.text(word))
        edited.append(film.mvr("plan"))
    yield "one prompt of them changed: `mvr plan`", f"{statistics.median(edited):.2f} s", beside, "<= 1 s"


def watching(work: Path) -> Iterator[Line]:
    """200 shots: 100 saves of all kinds, some while a build is at work; then 900 more, for the memory."""
    film = Film(work / "watched", 200)
    film.start()
    film.mvr("render")
    beside = f"`mvr plan` from cold {film.mvr('plan'):.2f} s"
    seconds, _ = save_to_plan(film, 100, random.Random(1))
    yield (
        "watch, 200 shots, 100 saves of six kinds: save to plan known; ends in the last state",
        f"median {statistics.median(seconds) * 1000:.0f} ms, worst {max(seconds) * 1000:.0f} ms",
        beside,
        "median <= 60 ms, worst <= 150 ms",
    )
    _, memory = save_to_plan(film, 1000, random.Random(2))
    early = statistics.mean(memory[50:100])
    late = statistics.mean(memory[-50:])
    yield (
        "watch, 1,000 edits: its memory after the last 50 against after 50 to 100",
        f"{late:.1f} MB, {late / early - 1:+.1%}",
        f"{early:.1f} MB",
        "within 10 %",
    )
