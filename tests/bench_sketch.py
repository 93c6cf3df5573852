"""Measures the sketch: `make bench-sketch`. Prints a table and writes docs/benchmarks-sketch.md.

Speed is told in CPU seconds of both processes, the drawing one and the encoder, so that what else the machine does
counts as little as can be; frames a second are those of two cores with nothing else on them. The films are of
projects/demo. Cuts are found by PySceneDetect's ContentDetector, where it is installed (pip install scenedetect), at
its own threshold. `python -m tests.bench_sketch film SONG` renders a film of a song from cold; it writes no page.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from mvr.backends import sketch
from mvr.backends.sketch import scene
from tests import flashes
from tests.backends.test_sketch import MARA, ask, quietly

HERE = Path(__file__).parents[1]
PAGE = HERE / "docs" / "benchmarks-sketch.md"
SCENES = (
    "a wide shot of a street at night",
    "a wide shot of a rainy street at night",
    "a full shot: she walks on the beach at dusk",
    "a close-up in the club",
    "a wide shot of mountains by day",
)
CORES = 2
MVR = (sys.executable, "-c", "from mvr.cli import main; main()")


def cpu() -> float:
    """CPU seconds of this process and of those it waited for."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def speed(size: tuple[int, int], frames: int) -> list[tuple[str, int, float, float]]:
    """For each scene: how many layers it has, CPU seconds of its keyframe, CPU milliseconds of a frame, encoded."""
    found = []
    for sentence in SCENES:
        recipe = {**ask(sentence, MARA), "size": list(size)}
        moving = {"motion": "slow push in", "frames": frames, "fps": "24", "size": list(size), "seed": 3, "energy": 0.8}
        with tempfile.TemporaryDirectory() as name:
            folder, start = Path(name), cpu()
            made = sketch.paint(recipe, folder, quietly)
            painted = cpu()
            sketch.animate(moving, made[""], None, folder, quietly, layers=made["layers"])
            layers = len(scene.unpack(made["layers"])[0].items)
            found.append((sentence, layers, painted - start, (cpu() - painted) / frames * 1000))
    return found


def memory() -> float:
    """The most memory in MB that a process holds which paints and films one shot at 1080x1920."""
    code = (
        "import resource, tempfile; from pathlib import Path; from tests.bench_sketch import *\n"
        "speed((1080, 1920), 12); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE)
    return float(ran.stdout.split()[-1])


def demo(folder: Path, **keys: str) -> Path:
    """Renders a small copy of projects/demo with other keys, and returns its mvr-out."""
    shutil.copytree(HERE / "projects" / "demo", folder / "demo", ignore=shutil.ignore_patterns(".mvr", "mvr-out"))
    path = folder / "demo" / "project.yaml"
    text = path.read_text("utf-8") + "".join(f"\n{key}: {value}\n" for key, value in keys.items())
    path.write_text(text, "utf-8")
    subprocess.run([*MVR, "render", str(path.parent)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder / "demo" / "mvr-out" / "demo"


def shots(out: Path) -> list[dict[str, Any]]:
    """The planned shots of a film: id, first_frame, end_frame."""
    listed = subprocess.run(
        [*MVR, "shots", "--json", str(out.parents[1])],
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(listed.stdout)["shots"]
    return found


def cuts(film: Path, planned: list[int]) -> tuple[float, float] | None:
    """The share of the planned cuts that are found within a frame, and of those found that are not planned."""
    try:
        from scenedetect import ContentDetector, detect  # type: ignore[import-not-found]
    except ImportError:
        return None
    spans = detect(str(film), ContentDetector())
    found = [start.frame_num for start, _ in spans[1:]]
    hit = sum(any(abs(at - one) <= 1 for one in found) for at in planned)
    extra = sum(all(abs(at - one) > 1 for at in planned) for one in found)
    return hit / len(planned), extra / max(1, len(found))


def light(film: Path) -> tuple[list[Any], float]:
    """Every decoded frame of a film at a small size, grey, and its frames a second."""
    import cv2

    reader = cv2.VideoCapture(str(film))
    fps = reader.get(cv2.CAP_PROP_FPS)
    reader.release()
    small = (cv2.resize(frame, (96, 160), interpolation=cv2.INTER_AREA) for frame in flashes.decoded(film))
    return [cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY).astype(np.float32) for frame in small], fps


def flat(values: Any, fps: float) -> Any:
    """What is left of a curve without its mean over half a second: what happens at a beat."""
    width = max(3, round(fps / 2) | 1)
    padded = np.pad(values, width // 2, mode="edge")
    return values - np.convolve(padded, np.ones(width) / width, "valid")


def together(film: Path, out: Path, chosen: list[dict[str, Any]]) -> tuple[float, float]:
    """How local light, and motion, go with the kick in the shots that are chosen: correlations.

    Local light: the mean of the tenth of the picture that is brightest through the shot. Motion: the mean size of the
    difference from frame to frame, against the rise of the kick. Each shot's curves are made flat and of one spread.
    """
    frames, fps = light(film)
    pairs: dict[str, list[Any]] = {"light": [], "motion": [], "kick": [], "rise": []}
    for shot in chosen:
        sound = json.loads(next((out / "sound").glob(f"{shot['id']}*.json")).read_text("utf-8"))
        kick = np.array(sound["kick"])
        part = np.array(frames[shot["first_frame"] : shot["end_frame"]])
        if len(part) < 12 or kick.max() < 0.2:
            continue
        middle = np.median(part, axis=0)
        bright = part[:, middle >= np.quantile(middle, 0.9)].mean(axis=1)
        moved = np.abs(np.diff(part, axis=0)).mean(axis=(1, 2))
        rise = np.maximum(0, np.diff(kick))
        for name, curve in (("light", bright[1:]), ("motion", moved), ("kick", kick[1:]), ("rise", rise)):
            even = flat(curve, fps)
            pairs[name].append(even / max(1e-9, even.std()))
    curves = {name: np.concatenate(parts) for name, parts in pairs.items()}
    return (
        float(np.corrcoef(curves["light"], curves["kick"])[0, 1]),
        float(np.corrcoef(curves["motion"], curves["rise"])[0, 1]),
    )


def beat_share(film: Path, chosen: list[dict[str, Any]]) -> float:
    """By how much the mean light of a frame rises from one frame to the third after it at most, within a shot."""
    frames, _ = light(film)
    means = np.array([frame.mean() for frame in frames])
    most = 0.0
    for shot in chosen:
        part = means[shot["first_frame"] : shot["end_frame"]]
        most = max(most, *(float(part[index + 3] / max(1.0, part[index]) - 1) for index in range(len(part) - 3)))
    return most


def rows() -> Iterator[tuple[str, str, str]]:
    """Each measure, its bar, and what was measured."""
    yield "processes at work on this machine beside, as the measuring began", "0", f"{os.getloadavg()[0]:.0f}"
    for size, frames, bar in (((1080, 1920), 48, ">= 30"), ((540, 960), 96, ">= 100")):
        scenes = speed(size, frames)
        for sentence, layers, painted, each in scenes:
            yield (f"{size[0]}x{size[1]}, {sentence}, {layers} layers: frames a second, drawn and encoded", bar,
                   f"{CORES * 1000 / each:.0f} ({each:.1f} ms of CPU a frame; keyframe {painted:.2f} s)")  # fmt: skip
        mean = np.mean([each for *_, each in scenes])
        yield f"{size[0]}x{size[1]}, the five together: frames a second", bar, f"{CORES * 1000 / mean:.0f}"
    yield "memory of a process that paints and films, MB", "< 1000", f"{memory():.0f}"
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        start = cpu()
        on = demo(Path(one), output="{size: 540x960}")
        spent = cpu() - start
        planned = shots(on)
        chorus = [shot for shot in planned if shot["section"].startswith("chorus")]
        film = on / "film.mp4"
        frames = planned[-1]["end_frame"]
        yield "the demo at 540x960 from cold, s of CPU for a second of film", "", f"{spent / (frames / 24):.2f}"
        found = cuts(film, [shot["first_frame"] for shot in planned[1:]])
        yield ("cuts that PySceneDetect finds, and those it finds beside them", ">= 95 %, <= 5 %",
               f"{found[0]:.0%}, {found[1]:.0%}" if found else "not installed")  # fmt: skip
        ends = [shot["first_frame"] for shot in planned]
        flashed = flashes.most(flashes.decoded(film), 24.0, ends)
        yield "flashes in any second, general and red", "<= 3", f"{flashed['general']} and {flashed['red']}"
        yield "rise of a frame's mean light within three frames, at most", "<= 10 %", f"{beat_share(film, planned):.1%}"
        lit, moved = together(film, on, chorus)
        yield (
            "kick against local light, and its rise against motion, in the choruses",
            ">= 0.4",
            f"{lit:.2f}, {moved:.2f}",
        )
        off = demo(Path(other), output="{size: 540x960}", look="{react: none}")
        lit, moved = together(off / "film.mp4", off, chorus)
        yield "the same with react off", "< 0.1", f"{lit:.2f}, {moved:.2f}"


def cold(song: Path) -> None:
    """Renders a film of a song at 1080x1920 from nothing, and prints how long it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(song, folder / song.name)
        text = f"song: {song.name}\nconcept: A lonely musician walks through a rain-soaked city to a rooftop at dawn.\n"
        (folder / "project.yaml").write_text(text, "utf-8")
        start, wall = cpu(), time.monotonic()
        subprocess.run([*MVR, "render", str(folder)], check=True)
        seconds = shots(folder / "mvr-out" / "x")[-1]["end"]
        spent, passed, load = cpu() - start, time.monotonic() - wall, os.getloadavg()[0]
        sys.stdout.write(f"{seconds:.0f} s of film: {spent:.0f} s of CPU, {passed:.0f} s, load {load:.1f}\n")


def main() -> None:
    """Measures everything, or a cold film of one song."""
    if sys.argv[1:2] == ["film"]:
        cold(Path(sys.argv[2]))
        return
    lines = [
        "# The sketch, measured",
        "",
        *HEAD,
        "| what | bar | measured |",
        "| --- | --- | --- |",
    ]
    for row in rows():
        sys.stdout.write(" | ".join(row) + "\n")
        sys.stdout.flush()
        lines.append(f"| {' | '.join(row)} |")
    PAGE.write_text("\n".join(lines) + "\n", "utf-8")


HEAD = (
    "Written by `make bench-sketch`. Frames a second are those of two cores, from CPU seconds of the drawing process",
    "and the encoder (x264 veryfast, crf 18) together; the films are of projects/demo at 540x960.",
    "",
)


if __name__ == "__main__":
    main()
