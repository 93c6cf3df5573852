"""`make bench-timeline`: 500 random timelines, a film of two hours, and what an edit of the timeline costs; writes
docs/benchmarks-timeline.md.

`--timelines N` tries fewer, `--browser N` of them in Chromium; `--size WxH` sets the film that is edited. Every time
stands beside a one-pass encode of the same film in the same run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from mvr.media.encode import VideoWriter, one_pass_arguments
from mvr.media.tool import executable
from tests import seeking
from tests.preview.watched import launched
from tests.studio import write_song
from tests.timelines import Timeline, Workshop, made, wrongs

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-timeline.md"
MVR = [str(Path(sys.executable).parent / "mvr")]
SHOTS, SECONDS = 45, 180

PROJECT = """\
song: song.wav
lyrics: words.lrc
concept: A lighthouse at night in a storm.
music: {{tempo: 120, meter: 4/4, first_downbeat: 0:00, sections: [{{at: 0:00, role: part}}]}}
cut: {{by: regular, length: [4s, 4s], transitions: {{otherwise: cut}}}}
output: {{size: {size}, fps: 30}}
shots:
"""
EDITED, DRAWN = 20, 10
"""The shot that is edited, and the one that is drawn and has takes; the others show parts of one clip of the user's."""

OWN = 24  # seconds of that clip

MATERIAL = (
    "color=0x806040:size={size}:rate=30,trim=end_frame=1,noise=alls=90,gblur=sigma=1.5,eq=contrast=4,"
    "loop=loop=-1:size=1,setpts=N/30/TB,scroll=horizontal=0.0007:vertical=0.0004,noise=alls=6:allf=t[ground];"
    "testsrc2=size={small}:rate=30[card];[ground][card]overlay=x=(W-w)*abs(sin(t/3)):y=(H-h)/2"
)
"""A slow move over a fine texture with grain, and something that moves before it: about 20 Mbit/s at 1920x1080."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    measured: str
    beside: str
    bar: str


def told(text: str) -> None:
    """One line of progress, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def timelines(count: int, folder: Path) -> Row:
    """Random timelines, each made, joined and looked at."""
    shop = Workshop(folder)
    shop.prepare()

    def tried(seed: int) -> list[str]:
        line = Timeline.of(seed)
        film, segments = made(shop, line, folder / str(seed))
        wrong = [f"{seed}: {one}" for one in wrongs(film, segments, line)]
        shutil.rmtree(film.parent)
        if seed % 50 == 49:
            told(f"{seed + 1} of {count} timelines")
        return wrong

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [one for found in pool.map(tried, range(count)) for one in found]
    for one in wrong:
        told(one)
    return Row(
        f"{count} random timelines: shots from 1 frame, every transition, 24, 25, 30, 60, 24000/1001, 30000/1001",
        f"{len(wrong)} wrong",
        "length, order, times, frame hashes, keyframes at cuts, ffmpeg's warnings",
        "0 wrong",
    )


def in_browser(count: int, folder: Path) -> Row:
    """Random timelines in Chromium: each is sought at its cuts, and played to its end."""
    what = f"{count} of them in headless Chromium: played to the end, every cut sought"
    bar = "plays and seeks"
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = launched(playwright)
            shop, wrong, moments = Workshop(folder), [], 0
            for seed in range(count):
                line = Timeline.of(seed)
                film, _ = made(shop, line, folder / str(seed))
                moments += len(line.moments())
                wrong += [f"{seed}: {one}" for one in seeking.wrongs(browser, film, line.fps, line.moments())]
            browser.close()
    except (ImportError, pytest.skip.Exception) as none:
        return Row(what, "not measured", str(none), bar)
    for one in wrong:
        told(one)
    return Row(what, f"{len(wrong)} wrong", f"{moments} frames sought, each the very frame", bar)


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
        (self.folder / "project.yaml").write_text(PROJECT.format(size=self.size) + "".join(map(_shot, range(SHOTS))))
        (self.folder / "words.lrc").write_text("".join(map(_line, range(SHOTS))))
        own = self.folder / "own.mp4"
        material = MATERIAL.format(size=self.size, small=f"{width // 6 * 2}x{height // 6 * 2}")
        coding = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p", "-t", str(OWN)]
        words = ["-v", "error", "-y", "-filter_complex", material, *coding]
        subprocess.run([str(executable()), *words, str(own)], check=True)
        told(f"the material: {own.stat().st_size * 8 / OWN / 1e6:.1f} Mbit/s")
        wall, count, _ = self.render()
        told(f"the first render: {wall:.1f} s, {count} made, {SECONDS * 30 / wall:.1f} frames a second")
        start = time.perf_counter()
        out = self.folder / "one-pass.mp4"
        subprocess.run(one_pass_arguments(self.film, out, width, height, Fraction(30)), check=True, capture_output=True)
        once = time.perf_counter() - start
        out.unlink()
        told(f"one pass over the film: {once:.1f} s, {SECONDS * 30 / once:.1f} frames a second")
        return once

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

    def edit(self, old: str, new: str, name: str = "project.yaml") -> tuple[float, int, float]:
        file = self.folder / name
        text = file.read_text()
        assert text.count(old) == 1, old
        file.write_text(text.replace(old, new))
        return self.render()


def _shot(number: int) -> str:
    """One shot of the project file."""
    moment = f"{number * 4 // 60}:{number * 4 % 60 + 1:02d}"
    if number == DRAWN:
        return f'  "@{moment}": {{take: 1, takes: 2}}\n'
    clip = f"{{file: own.mp4, from: 0:{number % (OWN - 4):02d}, end: ping-pong}}"
    return f'  "@{moment}": {{clip: {clip}{", fit: fill" if number == EDITED else ""}}}\n'


def _line(number: int) -> str:
    """One line of lyrics, in the middle of its shot; none in the one that is drawn."""
    first = number * 4 + 1
    words = "" if number == DRAWN else f"line {number} of the song"
    return f"[{first // 60:02d}:{first % 60:02d}.00]{words}\n[{first // 60:02d}:{first % 60 + 2:02d}.00]\n"


def packets(film: Path) -> list[bytes]:
    """The digest of every picture's packet. A segment begins with a keyframe and reads nothing outside it, so the same
    packets are the same frames; that they are decoded so is what the random timelines prove."""
    with av.open(str(film)) as container:
        found = [(one.pts or 0, hashlib.sha256(bytes(one)).digest()) for one in container.demux(video=0) if one.size]
    return [digest for _, digest in sorted(found)]


def edits(folder: Path, size: str) -> Iterator[Row]:
    """One shot, a line, a transition, the sound, a take: each changed alone, and everything else as it was."""
    film = Cutting(folder, size)
    whole = film.start()
    about = f"{SECONDS // 60} min of {size} at 30, {SHOTS} shots"

    def row(what: str, change: Callable[[], tuple[float, int, float]], bar: str) -> Row:
        before = packets(film.film)
        wall, count, spans = change()
        after = packets(film.film)
        changed = sum(one != two for one, two in zip(before, after, strict=True))
        share = f"1.3 x its encode + 1.5 s = {1.3 * spans + 1.5:.2f} s; " if spans else ""
        return Row(
            f"{what}, {about}: the film again",
            f"{wall:.2f} s, {count} made; {changed} of {len(before)} frames changed",
            f"{share}one pass {whole:.1f} s: {whole / wall:.0f} x",
            bar,
        )

    bar, join = "<= 1.3 x (encode of that span) + 1.5 s, >= 30 x", "join only, <= 2 s"
    cropped = "crop: [0, 0, 1, 0.9]"
    yield row("one shot changed", lambda: film.edit("fit: fill", cropped), bar)
    line = f"line {EDITED} of"
    yield row("one line of the lyrics changed", lambda: film.edit(line, f"other words {line}", "words.lrc"), bar)
    yield row("one transition changed", lambda: film.edit(cropped, f"{cropped}, transition: dissolve 0.4s"), bar)
    yield row("the sound changed", lambda: film.edit("concept:", "sound: {fade_out: 2s}\nconcept:"), join)
    yield row("which made take stands changed", lambda: film.edit("take: 1", "take: 2"), join)


def measured(wish: argparse.Namespace, folder: Path) -> Iterator[Row]:
    """Every row of the table, as soon as it is there."""
    for part in ("timelines", "browser", "hours", "film"):
        (folder / part).mkdir()
    yield timelines(wish.timelines, folder / "timelines")
    yield in_browser(wish.browser, folder / "browser")
    yield two_hours(folder / "hours")
    yield from edits(folder / "film", wish.size)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--timelines", type=int, default=500)
    asked.add_argument("--browser", type=int, default=25)
    asked.add_argument("--size", default="1920x1080")
    asked.add_argument("--page", type=Path, default=PAGE)
    wish = asked.parse_args()
    rows, start = [], time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        for row in measured(wish, Path(name)):
            rows.append(row)
            told(f"{time.perf_counter() - start:.0f} s | {row.what} | {row.measured} | {row.beside} | {row.bar}")
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
