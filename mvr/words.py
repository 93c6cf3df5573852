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


def amount(size: float) -> str:
    """A number of bytes as a person says it, counted in thousands."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 999.5:
            return f"{size:.3g} {unit}" if unit != "bytes" else f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.3g} TB" if size < 999.5 else f"{size:.0f} TB"


class Failures:
    """Failed nodes for a person. What was said of one already is not said again of the next: where weights are missing
    every shot fails for one reason."""

    def __init__(self, *, debug: bool = False) -> None:
        self._debug = debug
        self._said: dict[tuple[str, str], str] = {}

    def forget(self) -> None:
        """Another build begins."""
        self._said.clear()

    def lines(self, failure: events.Failed) -> Iterator[str]:
        """The lines on one node; its trace only where it was asked for."""
        first = self._said.setdefault((failure.what, failure.hint), failure.node)
        if first != failure.node and not self._debug:
            yield f"failed  {failure.node}: as {first}"
            return
        yield f"failed  {failure.node}: {failure.what}"
        if failure.hint:
            yield f"        {failure.hint}"
        if self._debug and failure.trace:
            yield from failure.trace.rstrip().splitlines()
