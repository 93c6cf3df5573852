"""A build on a terminal: what is at work in each lane, how far it is, and about how long the rest takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from mvr.engine import events
from mvr.words import Failures, duration

REFRESH = 8  # times a second: a terminal over ssh keeps up with that
MOST_ROWS = 12


class Learnt:
    """How long a stage takes: the mean of what this run has seen of it."""

    def __init__(self) -> None:
        self._sums: dict[str, tuple[float, int]] = {}

    def see(self, stage: str, seconds: float) -> None:
        total, count = self._sums.get(stage, (0.0, 0))
        self._sums[stage] = (total + seconds, count + 1)

    def mean(self, stage: str) -> float | None:
        """Seconds, or None for a stage that this run has not seen."""
        total, count = self._sums.get(stage, (0.0, 0))
        return total / count if count else None


class Board:
    """Takes events, and shows where a build stands. Use as a context manager; outside of it nothing is shown."""

    def __init__(self, out: TextIO, *, debug: bool = False) -> None:
        self._console = Console(file=out, highlight=False)
        self._failures = Failures(debug=debug)
        self._working: dict[str, tuple[str, float]] = {}
        self._left: dict[str, str] = {}
        self._made = 0
        self._learnt = Learnt()
        self._start = time.monotonic()
        self._live = Live(console=self._console, get_renderable=self._shown, refresh_per_second=REFRESH, transient=True)

    def __enter__(self) -> Board:
        self._live.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.__exit__(None, None, None)

    def __call__(self, event: events.Event) -> None:
        match event:
            case events.Queue(nodes):
                self._left = dict(nodes)
                self._failures.forget()
            case events.Started(node, lane):
                self._working[node] = (lane, 0.0)
            case events.Progress(node, fraction, _) if node in self._working:
                self._working[node] = (self._working[node][0], fraction)
            case events.MadeNode(node, stage, seconds):
                self._made += 1
                self._learnt.see(stage, seconds)
                self._gone(node)
            case events.Hit(node, _):
                self._gone(node)
            case events.Repaired(node):
                self._console.print(
                    f"damaged {node}: its stored bytes are not what they were; made again", markup=False
                )
            case events.Failed():
                self._gone(event.node)
                for line in self._failures.lines(event):
                    self._console.print(line, markup=False)

    def say(self, text: str) -> None:
        """Prints a line above the board."""
        self._console.print(text, markup=False)

    def _gone(self, node: str) -> None:
        self._working.pop(node, None)
        self._left.pop(node, None)

    def _shown(self) -> RenderableType:
        return Group(*self._rows())

    def _rows(self) -> Iterator[RenderableType]:
        table = Table.grid(padding=(0, 1))
        for node, (lane, fraction) in list(self._working.items())[:MOST_ROWS]:
            bar = ProgressBar(total=1.0, completed=fraction, width=24)
            table.add_row(Text(lane, style="dim"), Text(node), bar, Text(f"{fraction:4.0%}", style="dim"))
        yield table
        yield Text(self._summary(), style="bold")

    def _summary(self) -> str:
        rest = self._rest()
        about = f", about {duration(rest)} to go" if rest is not None and rest > 1 else ""
        return f"{self._made} made, {len(self._left)} to make, {duration(time.monotonic() - self._start)}{about}"

    def _rest(self) -> float | None:
        """Seconds of work left, shared among what works at a time; None while a stage to come was never seen."""
        means = [self._learnt.mean(stage) for node, stage in self._left.items() if node not in self._working]
        if not means or None in means:
            return None
        return sum(mean for mean in means if mean is not None) / max(1, len(self._working))
