"""`make bench-timeline`: 500 random timelines, a film of two hours, and what an edit of the timeline costs; writes
docs/benchmarks-timeline.md.

`--timelines N` tries fewer; `--size WxH` sets the film that is edited. Every time stands beside a one-pass encode of
the same film in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mvr.media.encode import VideoWriter, one_pass_arguments
from mvr.media.tool import executable
from tests.media.material import pictures
from tests.studio import write_song
from tests.timelines import Timeline, Workshop, made, wrongs

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-timeline.md"
MVR = [str(Path(sys.executable).parent / "mvr")]
SHOTS, SECONDS = 45, 180

PROJECT = """\
song: song.wav
concept: One moment, again and again.
clip: {{file: own.mp4, end: ping-pong}}
music: {{tempo: 120, meter: 4/4, first_downbeat: 0:00, sections: [{{at: 0:00, role: part}}]}}
cut: {{by: regular, length: [4s, 4s], transitions: {{otherwise: cut}}}}
output: {{size: {size}, fps: 30}}
shots:
  "@1:21": {{fit: fill}}
"""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    measured: str
    beside: str
    bar: str


def timelines(count: int, folder: Path) -> Row:
    """Random timelines, each made, joined and looked at."""
    shop = Workshop(folder)
    wrong = []
    for seed in range(count):
        line = Timeline.of(seed)
        film, segments = made(shop, line, folder / str(seed))
        wrong += [f"{seed}: {one}" for one in wrongs(film, segments, line)]
        for path in (film, *(segment.path for segment in segments)):
            path.unlink()
    for one in wrong:
        sys.stdout.write(f"{one}\n")
    return Row(
        f"{count} random timelines: shots from 1 frame, every transition, 24, 25, 30, 60, 24000/1001, 30000/1001",
        f"{len(wrong)} wrong",
        "length, order, times, frame hashes, keyframes at cuts, ffmpeg's warnings",
        "0 wrong",
    )


LONG = """
import json, resource, sys, time
from fractions import Fraction
from pathlib import Path
from mvr.media.join import Segment, join
folder = Path(sys.argv[1])
parts = [Segment(folder / f"{index % 2}.mp4", 86 + index % 2) for index in range(2000)]
start = time.perf_counter()
join(parts, folder / "sound.m4a", folder / "film.mp4", fps=Fraction(24))
print(json.dumps([time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def two_hours(folder: Path) -> Row:
    """2,000 segments of about two hours, joined in a process of their own."""
    for which in (0, 1):
        with VideoWriter(folder / f"{which}.mp4", width=320, height=176, fps=Fraction(24)) as writer:
            for index in range(86 + which):
                writer.write(_picture(which * 100 + index))
    tone = ["-f", "lavfi", "-i", "sine=440:duration=7250", "-c:a", "aac", "-b:a", "96k", str(folder / "sound.m4a")]
    subprocess.run([str(executable()), "-v", "error", "-y", *tone], check=True)
    ran = subprocess.run([sys.executable, "-c", LONG, str(folder)], capture_output=True, text=True, check=True)
    seconds, peak = json.loads(ran.stdout)
    return Row(
        "2,000 segments, 173,000 frames, two hours: the join",
        f"{peak:.0f} MB at most",
        f"{seconds:.1f} s; the film is {(folder / 'film.mp4').stat().st_size / 1e6:.0f} MB",
        "< 500 MB",
    )


def _picture(index: int) -> NDArray[np.uint8]:
    """Coarse noise, 320 x 176."""
    coarse = np.random.default_rng(index // 3).integers(16, 236, (176 * 3 // 16, 40), dtype=np.uint8)
    return np.ascontiguousarray(coarse.repeat(8, 0).repeat(8, 1))


@dataclass
class Cutting:
    """A film of 45 shots that is edited, and how long each edit takes until the film is there."""

    folder: Path
    size: str

    def start(self) -> float:
        """Makes the film; seconds of a one-pass encode of it."""
        width, height = (int(side) for side in self.size.split("x"))
        write_song(self.folder / "song.wav", SECONDS)
        (self.folder / "project.yaml").write_text(PROJECT.format(size=self.size))
        noise = f"testsrc2=size={self.size}:rate=30:duration=24,noise=alls=12:allf=t"
        words = [
            "-f",
            "lavfi",
            "-i",
            noise,
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "16",
            "-pix_fmt",
            "yuv420p",
        ]
        subprocess.run([str(executable()), "-v", "error", "-y", *words, str(self.folder / "own.mp4")], check=True)
        self.render()
        start = time.perf_counter()
        out = self.folder / "one-pass.mp4"
        subprocess.run(one_pass_arguments(self.film, out, width, height, Fraction(30)), check=True, capture_output=True)
        return time.perf_counter() - start

    @property
    def film(self) -> Path:
        return self.folder / "mvr-out" / self.folder.name / "film.mp4"

    def render(self) -> tuple[float, int, float]:
        """Seconds of `mvr render`, how many nodes it made, and the seconds of those that are no film."""
        start = time.perf_counter()
        ran = subprocess.run([*MVR, "render", "--json"], cwd=self.folder, capture_output=True, text=True, check=True)
        wall = time.perf_counter() - start
        events = [json.loads(line) for line in ran.stdout.splitlines()]
        spans = [
            one["seconds"]
            for one in events
            if one["event"] == "made" and one["node"].endswith(("/segment", "/transition"))
        ]
        return wall, sum(one["event"] == "made" for one in events), sum(spans)

    def edit(self, old: str, new: str) -> tuple[float, int, float]:
        file = self.folder / "project.yaml"
        text = file.read_text()
        assert text.count(old) == 1, old
        file.write_text(text.replace(old, new))
        return self.render()


def edits(folder: Path, size: str) -> list[Row]:
    """One shot, one transition, the sound: each changed alone, and everything else as it was."""
    film = Cutting(folder, size)
    whole = film.start()
    rows = []
    about = f"{SECONDS // 60} min of {size} at 30, {SHOTS} shots"

    def row(what: str, change: Callable[[], tuple[float, int, float]], bar: str) -> None:
        before = pictures(film.film)
        wall, count, spans = change()
        after = pictures(film.film)
        changed = sum(one != two for one, two in zip(before, after, strict=True))
        share = f"1.3 x its encode + 1.5 s = {1.3 * spans + 1.5:.2f} s; " if spans else ""
        sys.stdout.write(f"{what}: {wall:.2f} s, {count} made, {spans:.2f} s of spans, {changed} frames\n")
        rows.append(
            Row(
                f"{what}, {about}: the film again",
                f"{wall:.2f} s, {count} made; {changed} of {len(before)} frames changed",
                f"{share}one pass {whole:.1f} s: {whole / wall:.0f} x",
                bar,
            )
        )

    bar = "<= 1.3 x (encode of that span) + 1.5 s, >= 30 x"
    row("one shot changed", lambda: film.edit("{fit: fill}", "{crop: [0, 0, 1, 0.9]}"), bar)
    row(
        "one transition changed",
        lambda: film.edit("{crop: [0, 0, 1, 0.9]}", "{crop: [0, 0, 1, 0.9], transition: dissolve 0.4s}"),
        bar,
    )
    row(
        "the sound changed",
        lambda: film.edit("concept:", "sound: {fade_out: 2s}\nconcept:"),
        "join only, <= 2 s",
    )
    return rows


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--timelines", type=int, default=500)
    asked.add_argument("--size", default="1920x1080")
    asked.add_argument("--page", type=Path, default=PAGE)
    wish = asked.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for part in ("timelines", "hours", "film"):
            (Path(name) / part).mkdir()
        rows.append(timelines(wish.timelines, Path(name) / "timelines"))
        rows.append(two_hours(Path(name) / "hours"))
        rows += edits(Path(name) / "film", wish.size)
    lines = [f"| {row.what} | {row.measured} | {row.beside} | {row.bar} |" for row in rows]
    load = os.getloadavg()[0]
    text = "\n".join(
        [
            "# Benchmarks of the timeline",
            "",
            "`make bench-timeline` measures these and writes this page. Read each figure against the one beside it:",
            f"they were measured on {os.cpu_count()} cores, with a load of {load:.0f} at the end of the run.",
            "",
            "| what | measured | beside it | bar |",
            "| --- | --- | --- | --- |",
            *lines,
            "",
        ]
    )
    wish.page.write_text(text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
