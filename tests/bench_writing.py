"""`make bench-writing`: plans by a model that says noise, and what holding it to a form costs; writes
docs/benchmarks-writing.md. Needs the gpu extra; no weights: models are made here, with random numbers in them.

`python -m tests.bench_writing [PLANS [TOKENS]]`; 0 leaves one out, and then the page is not written. The first plan
that does not hold together ends it with an AssertionError.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from mvr import __version__
from mvr.backends import backend
from mvr.backends._writing import films, forms
from tests.backends.films import Film
from tests.backends.plans import hold_together, wishes
from tests.backends.test_model_plans import TEMPERATURES, Noise
from tests.backends.tiny_chat import llama, options, tokens

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-writing.md"
COUNTS = (200, 48)
ROUNDS = 5
"""Each answer is generated so many times with the form and so many times without, in turn; the medians count."""

HEATS = (0.0, 0.7)

SIZES = {
    "small": {"hidden": 256, "layers": 4, "heads": 4, "inner": 704},
    "larger": {"hidden": 512, "layers": 8, "heads": 8, "inner": 1408},
}
ROWS = 151_936
"""Entries of the table of tokens, as the Qwen family has: what a mask is as long as."""

Row = tuple[str, str, str]


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def plans(count: int) -> Iterator[Row]:
    """Whole films at random, written by noise."""
    start = time.monotonic()
    shots = [0]
    with tempfile.TemporaryDirectory() as work:
        noise = Noise(Path(work))
        written = [0]
        repeated = [0]
        really = films._prompts

        def counted(told: Sequence[Any], ask: Any, base: Any) -> dict[str, str]:
            made = really(told, ask, base)
            repeated[0] += sum(made[shot["id"]] == base.get(shot["id"], {}).get("prompt") for shot in told)
            return made

        @seed(1)
        @settings(
            max_examples=count,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(wish=wishes(longest=40))
        def play(wish: Any) -> None:
            film: Film = noise.film(wish, temperature=TEMPERATURES[written[0] % 3])
            shots[0] += hold_together(film)
            written[0] += 1
            if written[0] % 20 == 0:
                say(f"{written[0]} plans, {shots[0]} shots, {time.monotonic() - start:.0f} s")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(films, "_prompts", counted)
            play()
    heats = ", ".join(map(str, TEMPERATURES))
    told = f"{repeated[0]} that the model showed twice were told by the rules"
    yield (
        f"{written[0]} plans of random songs, concepts and cuts by a model of random numbers, at temperatures {heats}",
        f"all hold together: {shots[0]} shots, of which {told}; {time.monotonic() - start:.0f} s",
        "valid by schema, tile the song exactly, keep every character's words, no two prompts alike",
    )


def constraints(count: int) -> Iterator[Row]:
    """The same number of tokens held to the form of an answer, and free."""
    import torch

    from mvr.backends.transformers import _Chat

    torch.set_num_threads(1)
    form = forms.shots([f"verse-1.{number}" for number in range(1, 13)], ["wide", "close"], ["eye"], ["ada", "ben"])
    writer = backend("transformers")
    with tempfile.TemporaryDirectory() as work:
        fast = tokens(Path(work) / "words", _library(), ROWS)
        for name, size in SIZES.items():
            folder = Path(work) / name
            fast.save_pretrained(folder)
            model = llama(fast, 1, **size, window=32768, tied=True, rows=ROWS)
            model.save_pretrained(folder, safe_serialization=True)
            millions = sum(weights.numel() for weights in model.parameters()) / 1e6
            for heat in HEATS:
                wanted = options(folder, temperature=heat)
                chat = _Chat({"writer": {"identity": writer.identity(wanted)}, "how": writer.how(wanted)}, None)
                spent: dict[str, list[float]] = {"held": [], "free": []}
                for turn in range(ROUNDS + 1):  # the first warms up
                    for kind, schema in (("held", form), ("free", None)):
                        spent[kind].append(generated(chat, schema, turn, count))
                held, free = (1000 * statistics.median(times[1:]) / count for times in spent.values())
                say(f"{name} at {heat}: {spent}")
                how = "the likeliest token" if heat == 0 else "drawn among the likely ones"
                what = f"{count} tokens held to the form of twelve shots against {count} free ones"
                yield (
                    f"{what}, {how}, by a model of {millions:.0f} million numbers",
                    f"{held:.1f} ms a token against {free:.1f} ms: {100 * (held / free - 1):+.1f} %",
                    "<= 10 %",
                )
        yield masks(chat, form)


def generated(chat: Any, schema: Any, turn: int, count: int) -> float:
    """Seconds of work that so many tokens take, grammar and prompt and all, on one core: other work beside it does not
    count. Raises AssertionError where they are fewer."""
    start = time.process_time()
    text, cut = chat._generated("She walks by the sea. " * 60, schema, turn, count)
    if not cut:
        raise AssertionError(f"the answer ended by itself, so lengths differ: {text[-80:]!r}")
    return time.process_time() - start


def masks(chat: Any, form: Any) -> Row:
    """What a token's verdict costs by itself, grammar and all, whatever the model."""
    import random

    import torch

    from mvr.backends.transformers import _Held

    start = time.process_time()
    matcher = chat.model.grammar(form)
    made = time.process_time() - start
    held, chance = _Held(matcher, 0), random.Random(1)
    ids = torch.empty((1, 0), dtype=torch.long)
    spent = []
    while not matcher.is_stopped():
        scores = torch.zeros((1, ROWS))
        start = time.process_time()
        scores = held(ids, scores)
        spent.append(1000 * (time.process_time() - start))
        free = torch.isfinite(scores[0]).nonzero()[:, 0]
        ids = torch.cat([ids, free[chance.randrange(len(free))].view(1, 1)], dim=1)
        matcher.consume_token(int(ids[0, -1]))
        held.read = ids.shape[1]
    spent.sort()
    return (
        f"one token's verdict on {ROWS:,} tokens, over a whole answer of {len(spent)} tokens; the grammar itself once",
        f"median {statistics.median(spent):.2f} ms, mean {statistics.mean(spent):.2f} ms; {1000 * made:.0f} ms",
        "",
    )


def _library() -> Iterator[str]:
    """Texts that are on every machine: Python's own library."""
    for path in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py")):
        if "site-packages" not in path.parts:
            yield path.read_text("utf-8", "ignore")


def page(rows: list[Row]) -> str:
    where = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, mvr {__version__}"
    lines = [
        "# Writing, measured",
        "",
        f"Written by `make bench-writing` on a machine with {where}, without a graphics card.",
        "The models have the shape of real ones and random numbers in them: what they say is noise, so what holds the",
        "plans together is mvr. `make test-models` plays the same in small. Tokens are chosen on one core, of a table",
        f"of {ROWS:,}, and counted in CPU time. A form costs the same however large the model is; a token does not.",
        "",
        "| what | measured | bar |",
        "| --- | --- | --- |",
    ]
    return "\n".join([*lines, *(f"| {what} | {measured} | {bar} |" for what, measured, bar in rows)]) + "\n"


def main() -> None:
    counts = [int(word) for word in sys.argv[1:]] + list(COUNTS[len(sys.argv) - 1 :])
    rows: list[Row] = []
    for bench, count in zip((plans, constraints), counts, strict=True):
        for row in bench(count) if count else ():
            rows.append(row)
            sys.stdout.write(f"{row[0]}\n    {row[1]}\n    bar: {row[2]}\n")
            sys.stdout.flush()
    if all(counts):
        PAGE.write_text(page(rows))


if __name__ == "__main__":
    main()
