"""`make mutants`: breaks the engine by one small change after another, and tells which of them no test notices.

mutmut makes them in the folder `mutants`, of the modules that pyproject.toml names. docs/decisions/mutants.md says of
a survivor why it behaves as what it was made from; one that does not stand there is printed, as `file:line` and the
line before and after, and ends the run with 1. `python -m tests.mutants 'mvr.engine.plan*'` makes some of them only.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "mutants"
EXPLAINED = ROOT / "docs/decisions/mutants.md"
PATIENCE_SECONDS = "3"
"""How long a test waits for what a mutant may never bring about."""

SURVIVED, UNTESTED = 0, 33
"""What mutmut writes down, as an exit code, of a mutant whose tests all passed, and of one that no test runs."""


@dataclass(frozen=True)
class Survivor:
    """A change that no test notices. where is the function: `plan.Judge.made`."""

    file: str
    line: int
    where: str
    was: str
    now: str

    def told(self) -> str:
        """As docs/decisions/mutants.md names it."""
        return f"`{self.where}`: `{self.was}` → `{self.now}`"


def modules() -> Iterator[tuple[str, dict[str, int | None]]]:
    """Each module that has mutants, and for each of them the exit code of its tests, None before they have run."""
    for meta in sorted(FOLDER.rglob("*.py.meta")):
        codes: dict[str, int | None] = json.loads(meta.read_text())["exit_code_by_key"]
        if codes:
            yield str(meta.relative_to(FOLDER).with_suffix("")), codes


def survivor(file: str, name: str) -> Survivor:
    """Where a mutant differs, by the difference that mutmut shows and the place of its function."""
    shown = _run("show", name, capture=True)
    function = name.rpartition(".")[2].rpartition("__mutmut_")[0].removeprefix("x_").replace("xǁ", "").replace("ǁ", ".")
    hunk = shown[shown.index("@@") :].splitlines()
    first = int(re.findall(r"-(\d+)", hunk[0])[0])
    offset = next(count for count, line in enumerate(hunk[1:]) if line[0] in "+-")
    was = " ".join(line[1:].strip() for line in hunk if line[0] == "-")
    now = " ".join(line[1:].strip() for line in hunk if line[0] == "+")
    line = _head(ROOT / file, function) + first - 1 + offset
    return Survivor(file, line, f"{Path(file).stem}.{function}", was, now)


def _head(path: Path, function: str) -> int:
    """The line on which a function begins, its decorators included."""
    body: list[ast.stmt] = ast.parse(path.read_text()).body
    found: ast.stmt | None = None
    for part in function.split("."):
        kinds = (ast.ClassDef, ast.FunctionDef)
        found = next(node for node in body if isinstance(node, kinds) and node.name == part)
        body = found.body
    assert isinstance(found, ast.FunctionDef)
    return min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])


def _run(*arguments: str, capture: bool = False) -> str:
    command = [sys.executable, "-m", "mutmut", *arguments]
    env = {**os.environ, "MVR_PATIENCE": PATIENCE_SECONDS}
    ran = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE if capture else None, text=True, check=True)
    return ran.stdout or ""


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main(arguments: list[str]) -> int:
    start = time.monotonic()
    shutil.rmtree(FOLDER, ignore_errors=True)
    _run("run", "--max-children", "2", *arguments)
    explained = EXPLAINED.read_text()
    strangers: list[Survivor] = []
    for file, codes in modules():
        left = [survivor(file, name) for name, code in codes.items() if code in (SURVIVED, UNTESTED)]
        new = [one for one in left if one.told() not in explained]
        strangers += new
        tally = Counter(code is not None for code in codes.values())
        _say(f"{file}: {tally[True]} mutants, {tally[True] - len(left)} killed, {len(left) - len(new)} explained")
    for one in strangers:
        _say(f"{one.file}:{one.line}: survived: {one.told()}")
    _say(f"{len(strangers)} survived unexplained, after {time.monotonic() - start:.0f} s")
    return 1 if strangers else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
