"""What a GPU has room for, and about how fast it is at that: learnt from what was made here, else estimated."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import nlargest
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mvr import backends
from mvr.model import Maker

WIDTH, HEIGHT = 1920, 1080
"""The film that is asked about, in pixels: models draw at their own size nearest to its shape."""

MARGIN = 1.08
"""What an estimate of memory is multiplied by, as when weights are placed."""

LOOKED = 400
"""Records that are read, the newest: of more, the older ones tell of other films."""

PATIENCE_SECONDS = 90.0
"""How long torch may take to load and to multiply. Cold, it takes some ten seconds."""

PRODUCT = """
import json, time, torch
side = 8192
one, other = (torch.randn(side, side, dtype=torch.bfloat16, device="cuda") for _ in range(2))
best = 1e9
for _ in range(8):
    torch.cuda.synchronize()
    start = time.perf_counter()
    one @ other
    torch.cuda.synchronize()
    best = min(best, time.perf_counter() - start)
print(json.dumps(2 * side**3 / best / 1e12))
"""


@dataclass(frozen=True)
class Able:
    """What a maker's default model can do on a GPU.

    rung: how its weights are placed, empty where nothing fits. bytes: of the device's memory; weights: bytes of all of
    them. seconds: for one still or clip, None where nobody knows; learnt: as it was made here.
    """

    name: str
    size: tuple[int, int]
    frames: int
    rung: str
    bytes: int
    weights: int
    seconds: float | None
    learnt: bool


def able(memory: int, rate: float | None, learnt: Mapping[str, float]) -> Iterator[Able]:
    """Every maker that is a model of diffusers, for a GPU with so many bytes; at its own size, with the fastest way to
    place its weights that loses nothing, and of a clip the most frames that fit then.

    rate: 1e12 operations a second of a large product in bf16; learnt: seconds by maker.
    """
    for name in backends.names():
        module = backends.backend(name)
        if hasattr(module, "room"):
            options = backends.filled(Maker(name, {}))
            found, rung = _fitting(module, options, memory)
            seconds = learnt.get(name)
            if seconds is None and rate and rung and found["tflop"]:
                seconds = found["tflop"] / rate
            size, taken = tuple(found["size"]), found["bytes"]
            needed = taken[rung] if rung else min(taken.values())
            yield Able(name, size, found["frames"], rung, needed, found["weights"], seconds, name in learnt)


def _fitting(module: Any, options: Mapping[str, Any], memory: int) -> tuple[Any, str]:
    """What fits into so many bytes: the longest clip first, then ever shorter ones, the last of which is a quarter of
    the longest; with the rung, which is empty where none does."""
    whole = module.room(options, WIDTH, HEIGHT)
    for quarters in (4, 3, 2, 1) if whole["frames"] > 1 else (4,):
        found = whole
        if quarters < 4:
            timing = module.timing(options)
            most = timing.bucket(whole["frames"] * quarters // 4 - timing.step)
            found = module.room(options, WIDTH, HEIGHT, most)
        for rung, taken in found["bytes"].items():
            if taken * MARGIN <= memory:
                return found, rung
    return found, ""


def learnt(store: Path, device: str) -> dict[str, float]:
    """The mean seconds of a still or clip by maker, as made on a device; of what was made while weights were loaded
    nothing is taken."""
    seen: dict[str, list[float]] = {}
    for record in _records(store):
        said = record.get("provenance") or {}
        name = said.get("family")
        if name and said.get("device") == device and "load_seconds" not in said:
            seen.setdefault(name, []).append(float(record["seconds"]))
    return {name: sum(found) / len(found) for name, found in seen.items()}


def _records(store: Path) -> Iterator[Any]:
    try:
        paths = nlargest(LOOKED, (store / "records").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    except OSError:
        return
    for path in paths:
        try:
            yield json.loads(path.read_bytes())
        except (OSError, ValueError):
            continue


def rate() -> float | None:
    """1e12 operations a second of the product of two 8192 x 8192 matrices in bf16 on this machine's GPU, the best of
    eight; None where torch is not here or cannot use it."""
    if find_spec("torch") is None:
        return None
    try:
        words = [sys.executable, "-c", PRODUCT]
        ran = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True)
        return float(json.loads(ran.stdout))
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
