"""`make bench-page`: how soon the page shows a save, how it scrolls, and what it holds; writes docs/benchmarks-page.md.

Chromium is driven by Playwright; where there is none, nothing is measured. Each figure stands beside what the same run
makes of a comparable thing, and the machine's load is written down: this bench wants a quiet machine.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mvr import __version__
from tests.bench import Row, project
from tests.bench_scale import Film
from tests.preview.watched import Watched, launched
from tests.studio import Studio

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-page.md"
RUNS = 7

THREE_MINUTES = """\
song: song.wav
concept: A woman walks through a city at night and reaches the sea.
cut: {by: regular, length: [4s, 4s]}
output: {size: vertical, fps: 24}
notes: {}
shots:
  "@1:21": {prompt: "a wide street at night in the rain"}
"""
PLACES = (
    "a snowy mountain at dawn",
    "a sunny beach at noon",
    "a forest in the fog",
    "a desert under stars",
    "a train station in the evening",
    "a rooftop at sunset",
    "a stage in the light",
    "a room by the window",
)

DAY_SECONDS = 24 * 3600
PROGRESS_A_SECOND = 0.5  # what a watch tells a page over a day of work, on average: a job's progress twice in 4 s

# The page's own clock of long tasks, put in before it loads.
WATCH_TASKS = """
window.tasks = [];
const seen = (list) => tasks.push(...list.getEntries().map((one) => one.duration));
new PerformanceObserver(seen).observe({type: "longtask", buffered: true});
"""
SCROLL = """async () => {
  const box = document.getElementById("scroll");
  tasks.length = 0;
  const frames = [];
  let last = performance.now();
  for (let step = 0; step < 240; step++) {
    box.scrollLeft = (box.scrollWidth - box.clientWidth) * (0.5 - 0.5 * Math.cos(step / 38));
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  frames.sort((a, b) => a - b);
  return {tasks: [...tasks], median: frames[120], worst: frames.at(-1)};
}"""


def tab(browser: Any, url: str) -> Any:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(900_000)
    page.add_init_script(WATCH_TASKS)
    page.goto(url)
    page.wait_for_selector("html[data-film]")
    page.wait_for_selector("#queue .dot:is(.idle, .waits)")
    return page


def swapped(page: Any, before: str) -> None:
    """Waits until another film plays: a selector is looked at every half second only, this every 10 ms."""
    page.evaluate(
        """before => new Promise(done => {
            const look = () => document.documentElement.dataset.film !== before ? done() : setTimeout(look, 10);
            look();
        })""",
        before,
    )


def saves(browser: Any, work: Path) -> Iterator[Row]:
    """A prompt saved in a three-minute film, and a save that changes no picture."""
    folder = project(work / "three", THREE_MINUTES, 180)
    watched = Watched(Studio(folder), "--draft")
    try:
        page = tab(browser, watched.url)
        watched.said("made, ")
        file = folder / "project.yaml"
        seconds, idle = [], []
        for place in PLACES[: RUNS + 1]:
            before = page.get_attribute("html", "data-film")
            start = time.perf_counter()
            file.write_text(THREE_MINUTES.replace("a wide street at night in the rain", place))
            swapped(page, before)
            seconds.append(time.perf_counter() - start)
            watched.said("made, ")
            time.sleep(1.0)
        text = file.read_text()
        for number in range(RUNS):
            start = time.perf_counter()
            file.write_text(text.replace("notes: {}", f'notes: {{verse-1.1: "number {number}"}}'))
            line = watched.said("made, ")
            idle.append(time.perf_counter() - start)
            assert " 0 made" in f" {line}", line
            time.sleep(0.3)
        page.close()
    finally:
        watched.stop()
    drawn = seconds[1:]  # the first has workers to start
    yield Row(
        "one shot's prompt saved, 3 min at 1080x1920, 45 shots: new draft film playing in the page",
        f"median {statistics.median(drawn):.2f} s, worst {max(drawn):.2f} s",
        f"the first after the start, with a worker to start: {seconds[0]:.2f} s",
        "<= 1.5 s median",
    )
    yield Row(
        "a save that changes no picture: idle again, nothing made",
        f"median {statistics.median(idle) * 1000:.0f} ms, worst {max(idle) * 1000:.0f} ms",
        f"of which watching waits {10 + 50} ms at most for more events",
        "<= 100 ms",
    )


def many(browser: Any, work: Path) -> Iterator[Row]:
    """A page of 200 shots: first paint, and the timeline scrolled to and fro for four seconds."""
    film = Film(work / "many", 200)
    film.start()
    watched = Watched(Studio(film.folder), "--draft")
    try:
        tab(browser, watched.url).close()  # the small pictures are drawn, as for who comes back
        page = tab(browser, watched.url)
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        page.locator("#zoom input").evaluate("input => { input.value = 40; input.dispatchEvent(new Event('input')); }")
        time.sleep(1)
        scrolled = page.evaluate(SCROLL)
        shown = page.locator(".shot").count()
        page.close()
    finally:
        watched.stop()
    assert shown == 200
    yield Row("200 shots: first contentful paint", f"{paint / 1000:.2f} s", "", "< 1 s")
    worst = max(scrolled["tasks"], default=0)
    yield Row(
        "200 shots: scrolling the timeline for 240 frames, longest task on the main thread",
        f"{worst:.0f} ms ({len(scrolled['tasks'])} of 50 ms or more)" if worst else "none of 50 ms or more",
        f"a frame: median {scrolled['median']:.1f} ms, worst {scrolled['worst']:.0f} ms",
        "none over 50 ms",
    )


def a_day(browser: Any, work: Path) -> Iterator[Row]:
    """What a day of work tells a page, told as fast as the page takes it."""
    import subprocess

    count = int(DAY_SECONDS * PROGRESS_A_SECOND)
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench_page", "replay", str(work / "day"), str(count)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    assert server.stdin is not None
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(900_000)
    session = page.context.new_cdp_session(page)
    page.goto(server.stdout.readline().strip())
    page.wait_for_selector(".shot")

    def held() -> tuple[float, float]:
        session.send("HeapProfiler.collectGarbage")
        heap = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
        status = Path(f"/proc/{server.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024, heap

    readings = []
    for _ in range(10):
        server.stdin.write("go\n")
        server.stdin.flush()
        server.stdout.readline()
        time.sleep(0.5)
        readings.append(held())
    server.stdin.close()
    server.wait(20)
    page.close()
    (early_server, early_page), (late_server, late_page) = readings[0], readings[-1]
    yield Row(
        f"24 hours' worth of events ({count}) replayed: memory after the last tenth against after the first",
        f"server {late_server / early_server - 1:+.1%}, page {late_page / early_page - 1:+.1%}",
        f"server {late_server:.1f} MB, page's heap {late_page:.2f} MB",
        "both within 10 %",
    )


def replay(folder: Path, count: int) -> None:
    """A page's server to which a day is told in ten parts, each at a line on standard input."""
    from mvr.preview.hub import Hub
    from mvr.preview.server import Server, Services

    folder.mkdir(parents=True)
    hub = Hub(lambda path: path.read_bytes())
    shots = [f"verse-1.{number}" for number in range(1, 61)]
    whole: dict[str, Any] = {
        "title": "A day", "file": "project.yaml", "version": __version__, "concept": "", "fps": "24", "wave": None,
        "frames": 60 * 48, "size": [1080, 1920], "makers": {}, "order": shots, "seconds": 120.0, "tempo": 120,
        "meter": "4/4", "beats": [n / 2 for n in range(240)], "downbeats": [n * 2.0 for n in range(60)], "lyrics": [],
        "sections": [{"name": "verse-1", "role": "verse", "start": 0, "end": 120}],
    }  # fmt: skip

    def shot(index: int, state: str, word: int) -> dict[str, Any]:
        return {
            "id": shots[index], "index": index, "start": index * 2.0, "end": index * 2.0 + 2, "section": "verse-1",
            "first_frame": index * 48, "end_frame": index * 48 + 48, "purpose": "develop", "prompt": f"words {word}",
            "joined": "", "motion": "", "characters": [], "own": [], "take": 1, "takes": 1, "pin": None, "note": "",
            "unapproved": False, "makers": ["flux", "ltx"], "state": state, "picture": None, "still": None,
            "clip": None, "portraits": [],
        }  # fmt: skip

    hub.put_all({"project": whole, "wishes": {"auto": True}, "failed": [], "work": {},
                 **{f"shot:{one}": shot(index, "fresh", 0) for index, one in enumerate(shots)}})  # fmt: skip
    with Server(hub, Services({}, {"wish": lambda _: {}}), folder / "page.json") as server:
        print(server.url, flush=True)  # noqa: T201 - the bench reads it
        told = 0
        for _ in sys.stdin:
            for _ in range(count // 10):
                index, step = told // 20 % len(shots), told % 20
                picture = hub.hold(b"\xff\xd8" + os.urandom(20_000), ".jpg") if step % 5 == 0 else None
                work = {"lane": "gpu", "fraction": step / 20, "picture": picture, "since": 0}
                lanes = {"gpu": {"left": told % 90, "seconds": 60.0}}
                queue = {"idle": False, "left": told % 90, "lanes": lanes, "seconds": 60.0}
                state = shot(index, "making" if step < 19 else "fresh", told // 20)
                hub.put_all({"work": {f"{shots[index]}/clip": work}, "queue": queue, f"shot:{shots[index]}": state})
                told += 1
                time.sleep(0.0015)
            print("told", flush=True)  # noqa: T201


BENCHES = {"saves": saves, "many": many, "day": a_day}


def page_text(rows: list[Row], load: float) -> str:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, mvr {__version__}"
    lines = [
        "# Benchmarks of the page",
        "",
        f"Written by `make bench-page` on a machine with {machine}; {load:.1f} processes wanted a core when it began",
        "(its load average). A browser (Chromium, headless, drawing on the processor) runs beside mvr on its cores.",
        "",
        "| what | measured | beside it | bar |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *(f"| {row.what} | {row.measured} | {row.beside} | {row.bar} |" for row in rows)]) + "\n"


def main() -> None:
    from playwright.sync_api import sync_playwright

    if sys.argv[1:2] == ["replay"]:
        replay(Path(sys.argv[2]), int(sys.argv[3]))
        return
    chosen = sys.argv[1:] or list(BENCHES)
    load, rows = os.getloadavg()[0], []
    scratch = Path(tempfile.mkdtemp(prefix="mvr-bench-"))
    try:
        with sync_playwright() as playwright:
            browser = launched(playwright)
            for name in chosen:
                for row in BENCHES[name](browser, scratch):
                    rows.append(row)
                    sys.stdout.write(f"{row.what}\n    {row.measured}\n    beside: {row.beside}; bar: {row.bar}\n")
            browser.close()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if chosen == list(BENCHES):
        PAGE.write_text(page_text(rows, load))


if __name__ == "__main__":
    main()
