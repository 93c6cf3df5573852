"""Small words that every way of showing a build uses: lengths of time, moments, failures."""

from __future__ import annotations

from collections.abc import Iterator

from mvr.engine import events


def duration(seconds: float | None) -> str:
    """A length of time as a person says it."""
    if seconds is None:
        return "?"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def clock(seconds: float) -> str:
    """A moment as `m:ss.ss`."""
    minutes, rest = divmod(round(seconds * 100), 6000)
    return f"{minutes}:{rest / 100:05.2f}"


def failure_lines(failure: events.Failed, *, debug: bool = False) -> Iterator[str]:
    """One failed node for a person; its trace only where it was asked for."""
    yield f"failed  {failure.node}: {failure.what}"
    if failure.hint:
        yield f"        {failure.hint}"
    if debug and failure.trace:
        yield from failure.trace.rstrip().splitlines()
