"""What this machine has for making films, what it lacks, and what to do about that.

Every row is looked at by itself: whatever is broken, the others are still told.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from mvr import __version__
from mvr.engine.store import Lock, Store, StoreTooNew
from mvr.errors import MvrError
from mvr.machine import Machine
from mvr.words import duration

Json = Any

PATIENCE_SECONDS = 20.0
"""How long nvidia-smi may take: a driver that was asleep needs seconds."""

MEMORY = Path("/proc/meminfo")
"""Where Linux says how much memory there is."""

CONTAINER = Path("/sys/fs/cgroup")
"""Where a container's limits stand."""

LITTLE_MEMORY = 2 << 30
"""Bytes. One worker that hears a song or draws takes 0.2 to 0.5 GB."""

LITTLE_DISK = 2 << 30
"""Bytes. A film of four minutes comes to about 0.5 GB with all its steps."""


@dataclass(frozen=True)
class Row:
    """One thing that was looked at. state: good, lacks (something goes without it), missing (nothing goes without it).

    hint says what to do about it; figures are for programs.
    """

    name: str
    state: str
    found: str
    hint: str = ""
    figures: Mapping[str, Json] | None = None

    def as_json(self) -> Json:
        return {**asdict(self), "figures": dict(self.figures or {})}


def document(place: Path) -> Json:
    """The document of `mvr doctor --json`. place is a project's file or folder, or where there is none yet."""
    folder = (place if place.is_dir() else place.parent).absolute()
    machine, settings = _settings()
    store = (machine.store if machine else None) or folder / ".mvr"
    looks: list[Callable[[], Iterator[Row]]] = [
        _python,
        _libraries,
        _ffmpeg,
        _processor,
        _memory,
        _gpu,
        lambda: _capacity(store),
        _git,
        lambda: iter([settings]),
        lambda: _disk("project", folder),
        lambda: _disk("store", store),
        lambda: _store(store),
        _backends,
    ]
    rows = [row for look in looks for row in look()]
    ok = all(row.state != "missing" for row in rows)
    return {"ok": ok, "mvr": __version__, "rows": [row.as_json() for row in rows]}


def _python() -> Iterator[Row]:
    found = f"Python {platform.python_version()} in {sys.prefix}"
    yield Row("mvr", "good", f"{__version__} in {Path(__file__).parent}", figures={"version": __version__})
    yield Row("python", "good", found, figures={"version": platform.python_version()})


def _libraries() -> Iterator[Row]:
    from importlib.metadata import PackageNotFoundError, requires, version

    try:
        wanted = [name for name in requires("mvr") or () if "extra ==" not in name]
    except PackageNotFoundError:
        yield Row("libraries", "lacks", "mvr runs from its sources", "install it to have this looked at: make setup")
        return
    names = [match.group() for name in wanted if (match := re.match(r"[\w.-]+", name))]
    versions: dict[str, str | None] = {}
    for name in names:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = None
    absent = [name for name, found in versions.items() if found is None]
    if absent:
        hint = f"{sys.executable} -m pip install {' '.join(absent)}"
        yield Row("libraries", "missing", f"not installed: {', '.join(absent)}", hint, versions)
    else:
        yield Row("libraries", "good", f"all {len(names)} are installed", figures=versions)


def _ffmpeg() -> Iterator[Row]:
    """Encodes two frames for real."""
    try:
        import numpy as np

        from mvr.media.encode import VideoWriter
        from mvr.media.tool import encoder_identity, executable

        figures = {"path": str(executable()), "identity": encoder_identity()}
        with tempfile.TemporaryDirectory() as folder:
            with VideoWriter(Path(folder) / "two.mp4", width=64, height=64, fps=Fraction(24)) as writer:
                for _ in range(2):
                    writer.write(np.full((96, 64), 128, np.uint8))
            size = (Path(folder) / "two.mp4").stat().st_size
    except MvrError as error:
        yield Row("ffmpeg", "missing", error.what, error.hint)
    except (ImportError, OSError) as error:
        yield Row("ffmpeg", "missing", str(error), "install mvr again; it brings an ffmpeg of its own")
    else:
        yield Row("ffmpeg", "good", f"{figures['identity']}, encodes", figures={**figures, "test_bytes": size})


def _processor() -> Iterator[Row]:
    whole = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else whole
    found = f"{usable} cores" + (f" of {whole}" if usable < whole else "") + f", {platform.machine()}"
    yield Row("processor", "good", found, figures={"cores": usable, "machine": platform.machine()})


def _memory() -> Iterator[Row]:
    whole, free = _memory_bytes()
    if whole is None:
        yield Row("memory", "good", "this system does not say how much")
        return
    figures = {"bytes": whole, "free": free}
    found = f"{_gib(whole)}" + (f", {_gib(free)} free" if free is not None else "")
    if free is not None and free < LITTLE_MEMORY:
        hint = "close something, or run fewer jobs at once: mvr render --jobs 1"
        yield Row("memory", "lacks", found, hint, figures)
    else:
        yield Row("memory", "good", found, figures=figures)


def _memory_bytes() -> tuple[int | None, int | None]:
    """All memory and what is free, in bytes, within the limit of a container where there is one."""
    whole: int | None = None
    free: int | None = None
    try:
        lines = MEMORY.read_text().splitlines()
        table = {name: int(rest.split()[0]) << 10 for name, _, rest in (line.partition(":") for line in lines)}
        whole, free = table["MemTotal"], table.get("MemAvailable")
    except (OSError, ValueError, KeyError, IndexError):
        names = getattr(os, "sysconf_names", {})
        if "SC_PHYS_PAGES" in names:
            whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        limit = int((CONTAINER / "memory.max").read_text())
        used = int((CONTAINER / "memory.current").read_text())
    except (OSError, ValueError):
        return whole, free
    if whole is None or limit < whole:
        return limit, max(0, limit - used) if free is None else min(free, max(0, limit - used))
    return whole, free


def gpus() -> list[str]:
    """Each GPU of this machine in words, with its free memory; nothing where there is none. May take seconds."""
    return [row.found for row in _gpu() if row.state == "good"]


def _gpu() -> Iterator[Row]:
    """Asks nvidia-smi, which comes with the driver; no library for it is loaded."""
    hint = "films need none: `sketch` draws on the processor; for a model, install the driver of an NVIDIA GPU"
    words = ["nvidia-smi", "--query-gpu=name,memory.total,memory.free,driver_version", "--format=csv,noheader,nounits"]
    try:
        ran = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    except FileNotFoundError:
        yield Row("gpu", "lacks", "no nvidia-smi here", f"{hint}; {_least()}")
        return
    except (OSError, subprocess.TimeoutExpired) as error:
        yield Row("gpu", "lacks", f"nvidia-smi does not answer: {error}", "does the driver work? try: nvidia-smi")
        return
    rows = [[word.strip() for word in line.split(",")] for line in ran.stdout.splitlines() if line.count(",") == 3]
    if ran.returncode or not rows:
        said = (ran.stdout + ran.stderr).strip().splitlines() or ["nothing"]
        yield Row("gpu", "lacks", f"nvidia-smi says: {said[0]}", "does the driver work? try: nvidia-smi")
        return
    for name, whole, free, driver in rows:
        size, left = _mebi(whole), _mebi(free)
        figures = {"name": name, "bytes": size, "free": left, "driver": driver}
        memory = f"{_gib(size)}, {_gib(left)} free" if size else "memory not told"
        yield Row("gpu", "good", f"{name}, {memory}, driver {driver}", _fitting(size), figures=figures)


def _capacity(store: Path) -> Iterator[Row]:
    """What the largest GPU can run, how large, and about how fast."""
    from mvr import capacity

    found = [row.figures for row in _gpu() if row.figures and row.figures["bytes"]]
    if not found:
        return
    gpu = max(found, key=lambda figures: figures["bytes"])
    known = capacity.learnt(store, gpu["name"])
    rate = capacity.rate()
    if rate is not None:
        said = f"{rate:.0f} TFLOP/s in a large product of matrices in bf16; times that begin with `at best` rest on it"
        yield Row("gpu speed", "good", said, figures={"tflops": round(rate, 1)})
    for one in capacity.able(gpu["bytes"], rate, known):
        yield _able(one, gpu["bytes"])


def _able(one: Any, memory: int) -> Row:
    """A row on what a GPU does by one maker's model."""
    width, height = one.size
    thing = "clip" if one.frames > 1 else "still"
    what = f"{thing}s of {width}x{height}" + (f", {one.frames} frames at most" if one.frames > 1 else "")
    figures = {"size": list(one.size), "frames": one.frames, "rung": one.rung, "bytes": one.bytes}
    figures |= {"seconds": None if one.seconds is None else round(one.seconds, 2), "learnt": one.learnt}
    if not one.rung:
        hint = "choose a smaller `size`, or another maker; what is named above as preset fits"
        return Row(f"gpu {one.name}", "lacks", f"{what} want {_gib(one.bytes)} of {_gib(memory)}", hint, figures)
    whole = one.rung == "resident"
    placed = "all weights at once" if whole else f"by {one.rung} out of {_gib(one.weights)} of the machine's memory"
    about = "" if one.seconds is None else f"; {'about' if one.learnt else 'at best'} {duration(one.seconds)} a {thing}"
    made = " as made here before" if one.learnt else ""
    return Row(f"gpu {one.name}", "good", f"{what}, {placed}: {_gib(one.bytes)}{about}{made}", figures=figures)


def _least() -> str:
    """What a GPU must have for the smallest of the presets."""
    from mvr.project.presets import presets

    name, one = next(iter(presets().items()))
    return f"the least is one of {one['memory_gib']} GiB, for {one['says']} (`make: {{preset: {name}}}`)"


def _fitting(size: int | None) -> str:
    """What a GPU with so many bytes can make, and the line of a project file that asks for it; empty for nothing."""
    from mvr.project.presets import presets

    able = [(name, one) for name, one in presets().items() if size is not None and one["memory_gib"] << 30 <= size]
    if not able:
        return ""
    name, one = able[-1]
    return f"room for {one['says']}; in a project file: `make: {{preset: {name}}}`"


def _git() -> Iterator[Row]:
    try:
        ran = subprocess.run(["git", "--version"], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        hint = "install git; without it `mvr store gc` keeps every film of a project that stands in a repository"
        yield Row("git", "lacks", "no git here", hint)
    else:
        yield Row("git", "good", ran.stdout.strip())


def _settings() -> tuple[Machine | None, Row]:
    from mvr import machine

    try:
        found = machine.load()
    except MvrError as error:
        return None, Row("settings", "missing", error.what, error.hint or "mend that file, or move it away")
    lanes = ", ".join(f"{lane} {count}" for lane, count in found.lanes.items())
    where = str(found.file) if found.file else "none written; defaults"
    return found, Row("settings", "good", f"{where}; jobs at once: {lanes}", figures=found.words())


def _disk(name: str, folder: Path) -> Iterator[Row]:
    """Room, locks and links where a folder stands or would stand."""
    there = next(above for above in (folder, *folder.absolute().parents) if above.is_dir())
    name = f"{name} disk"
    try:
        free = shutil.disk_usage(there).free
        can = _abilities(there)
    except OSError as error:
        hint = "make the folder writable, or name another one; MVR_STORE names a store"
        yield Row(name, "missing", f"{there} cannot be written: {error.strerror}", hint)
        return
    figures = {"path": str(folder), "free": free, **can}
    lacking = [ability for ability, given in can.items() if not given]
    hints = []
    if free < LITTLE_DISK:
        hints.append("free some space: mvr store gc, or put the store elsewhere with MVR_STORE")
    if not can["locks"]:
        hints.append("render with one process at a time here, or put the store on another disk with MVR_STORE")
    if not can["links"] and not can["symlinks"]:
        hints.append("mvr-out will hold copies, which take room")
    found = f"{_gib(free)} free at {folder}" + (f"; no {', no '.join(lacking)}" if lacking else ", locks and links")
    yield Row(name, "lacks" if hints else "good", found, "; ".join(hints), figures)


def _abilities(folder: Path) -> dict[str, bool]:
    """What a file system can do, tried in a folder of its own. Raises OSError where it cannot be written."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".mvr-doctor-") as inner:
        file = Path(inner) / "file"
        file.write_bytes(b"x")
        lock = Lock.take(Path(inner) / "lock")
        locks = lock is not None and lock.sure
        if lock is not None:
            lock.free()
        return {
            "locks": locks,
            "links": _tried(lambda: os.link(file, Path(inner) / "link")),
            "symlinks": _tried(lambda: (Path(inner) / "symlink").symlink_to("file")),
        }


def _tried(what: Callable[[], object]) -> bool:
    try:
        what()
    except OSError:
        return False
    return True


def _store(folder: Path) -> Iterator[Row]:
    try:
        layout = Store(folder).layout()
    except StoreTooNew:
        hint = "upgrade mvr, or name another store in MVR_STORE"
        yield Row("store", "missing", f"{folder} was written by a newer mvr", hint)
        return
    found = f"{folder}, layout {layout}" if layout else "nothing stored yet"
    yield Row("store", "good", found, figures={"layout": layout})


def _backends() -> Iterator[Row]:
    from mvr import backends

    for name in backends.names():
        try:
            backend = backends.backend(name)
            lacks = backend.lacks({option: default for option, (_, default) in backend.OPTIONS.items()})
            yield Row(f"backend {name}", "lacks" if lacks else "good", backend.SUMMARY, lacks or "")
        except ImportError as error:
            yield Row(f"backend {name}", "lacks", f"cannot be loaded: {error}", "install mvr again")


def _mebi(text: str) -> int | None:
    """MiB as nvidia-smi writes them, in bytes; None for `[N/A]`, as where memory is shared with the processor."""
    return int(text) << 20 if text.isdigit() else None


def _gib(size: int | None) -> str:
    return "?" if size is None else f"{size / (1 << 30):.1f} GiB"
