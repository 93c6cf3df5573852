"""Measures what mvr hears against other people's annotations: `make bench-music`.

Reads ../shared/music beside the checkout, where it is: NAME.ogg, NAME.json and evaluate.py, which scores what
`mvr analyze --json` prints (it needs mir_eval). Prints the table and writes docs/benchmarks-music.md. Nothing in mvr
was learnt on these songs but the few numbers of SECTIONS; for those the table is given with each song left out too.
"""

from __future__ import annotations

import importlib.util
import itertools
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parents[1]
SONGS = HERE.parent / "shared" / "music"
PAGE = HERE / "docs" / "benchmarks-music.md"
MEANS = {
    "beats at any octave (beatFx), F": ("beatFx", ">= .96"),
    "AMLt": ("AMLt", ">= .95"),
    "downbeat F": ("dbF", ">= .85"),
    "size of the median offset, ms": ("|offs|", "<= 8"),
    "section boundary F at 3 s": ("F3", ">= .55"),
    "section boundary F at 0.5 s": ("F0.5", ">= .27"),
    "section labels, pairwise F": ("PWF", ">= .54"),
    "cuts on a true beat within 40 ms": ("cutB", ">= .95"),
    "section boundaries with a cut within 0.5 s": ("secCut", ">= .50"),
    "the same for regular cuts": ("secReg", ""),
    "median shot, s": ("gap_s", "3 to 6"),
}
SECTIONS = {
    "NEW": (2.0, 2.5, 3.5, 4.5),
    "CHANGE": (0.3, 0.5, 0.8),
    "UNEVEN": (0.4, 0.6, 0.9),
    "SAME": (1.5, 1.7, 1.9),
    "LONG": (2.5, 3.0, 1e9),
}
"""The numbers of hearing.sections that were chosen by looking at songs, and what else they might have been."""

ONE = """
import json, resource, sys, time
from pathlib import Path
from mvr import analysis
document = analysis.analyze(Path(sys.argv[1]))
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
cpu = sum(one.ru_utime + one.ru_stime for one in used)
print(json.dumps({"document": document, "cpu": cpu, "memory": used[0].ru_maxrss / 1024}))
"""


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")


def measured(song: Path) -> dict[str, Any]:
    """The document of one song, and the CPU seconds and peak MB of the process that made it, imports and all."""
    ran = subprocess.run([sys.executable, "-c", ONE, str(song)], capture_output=True, text=True, check=True)
    return dict(json.loads(ran.stdout))


def scorer() -> Any:
    """The module evaluate.py of the songs' folder."""
    found = importlib.util.spec_from_file_location("evaluate", SONGS / "evaluate.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def left_out(evaluate: Any, songs: dict[str, dict[str, Any]]) -> str:
    """What sections score with their numbers chosen on all songs but the one that is scored."""
    from mvr.hearing import sections
    from mvr.hearing.features import listen
    from mvr.hearing.samples import Samples
    from mvr.media.decode import decode_mono

    heard = []
    for name, found in songs.items():
        truth = json.loads((SONGS / f"{name}.json").read_text())
        if truth["section_eval"] != "full":
            continue
        with tempfile.TemporaryDirectory() as folder:
            mono = Path(folder) / "mono.wav"
            decode_mono(SONGS / f"{name}.ogg", mono)
            with Samples(mono) as samples:
                known = [np.array(found["document"][key]) for key in ("downbeats", "beats")]
                heard.append((listen(samples, lambda _: None), known, truth))
    now = {key: getattr(sections, key) for key in SECTIONS}
    table = []
    for values in itertools.product(*SECTIONS.values()):
        for key, value in zip(SECTIONS, values, strict=True):
            setattr(sections, key, value)
        scores = []
        for features, known, truth in heard:
            spans = sections.divide(features, *known)
            said = [{"start": span.start, "end": span.end, "label": str(span.label)} for span in spans]
            score = evaluate.score({**truth, "beats": [], "downbeats": []}, {"sections": said})
            scores.append([score[key] for key in ("F3", "F0.5", "PWF")])
        table.append(scores)
    for key, value in now.items():
        setattr(sections, key, value)
    all_scores = np.array(table)  # (choices, songs, measures)
    overall = all_scores.mean(axis=2)
    chosen = [int(np.delete(overall, song, axis=1).mean(axis=1).argmax()) for song in range(len(heard))]
    fair = np.mean([all_scores[choice, song] for song, choice in enumerate(chosen)], axis=0)
    return f"{fair[0]:.3f} at 3 s, {fair[1]:.3f} at 0.5 s, labels {fair[2]:.3f}"


def main() -> int:
    if not (SONGS / "evaluate.py").is_file():
        say(f"no songs to measure: {SONGS.name} is not beside the checkout")
        return 0
    if importlib.util.find_spec("mir_eval") is None:
        say("mir_eval is missing: .venv/bin/python -m pip install mir_eval")
        return 0
    evaluate = scorer()
    songs: dict[str, dict[str, Any]] = {}
    rows = {}
    for path in sorted(SONGS.glob("*.ogg")):
        truth = json.loads(path.with_suffix(".json").read_text())
        songs[path.stem] = measured(path) | {"seconds": float(truth["duration"])}
        rows[path.stem] = evaluate.score(truth, songs[path.stem]["document"])
        say(f"{path.stem:44}" + " ".join(f"{rows[path.stem].get(key, np.nan):6.3f}" for key, _ in MEANS.values()))
    lines = [
        "# What is heard, measured",
        "",
        "Written by `make bench-music`; the songs are no part of the repository.",
        "",
    ]
    lines += ["| measure | bar | mean | worst | song |", "| --- | --- | --- | --- | --- |"]
    for name, (key, bar) in MEANS.items():
        known = {song: row[key] for song, row in rows.items() if key in row}
        worst = (max if key == "|offs|" else min)(known, key=lambda song: known[song])
        mean = float(np.mean(list(known.values())))
        lines.append(f"| {name} | {bar} | {mean:.3f} | {known[worst]:.3f} | {worst} |")
    minutes = sum(song["seconds"] for song in songs.values()) / 60
    cpu = sum(song["cpu"] for song in songs.values())
    lines.append(f"| CPU, s a minute of music, imports and all | <= 2 | {cpu / minutes:.2f} | | |")
    lines.append(f"| memory, MB | < 1000 | {max(song['memory'] for song in songs.values()):.0f} | | |")
    lines += ["", "Beats and bars were learnt on none of these songs (decisions/hearing-is-learnt-on-midi.md)."]
    lines += ["Sections, their numbers chosen with each song left out: " + left_out(evaluate, songs) + "."]
    PAGE.write_text("\n".join(lines) + "\n")
    say("\n".join(["", *lines[4:]]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
