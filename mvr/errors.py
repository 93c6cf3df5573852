"""Every error that mvr shows to a person: where, what, and what to do next.

MvrError                 exit 1   something could not be made
├── ProjectError         exit 2   the project file, or the call, is wrong (holds every Fault found)
├── MachineError         exit 3   the machine lacks something, and says what
├── StageError           exit 1   a stage could not make its node
└── Interrupted          exit 130 stopped by the user; all finished work is kept
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class MvrError(Exception):
    """An error with a sentence for a person, and a hint on what to do next."""

    exit_code = 1

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}\n  {self.hint}" if self.hint else self.what


@dataclass(frozen=True)
class Fault:
    """One thing wrong in the project file.

    line and column count from 1 (0: the fault has no place in the file). path is the place in the document, such
    as `shots.chorus-1.5.transition`. code 2: the file is wrong; code 3: this machine, or this mvr, lacks what it asks.
    """

    file: str
    line: int
    column: int
    path: str
    found: str
    expected: str
    hint: str = ""
    code: int = 2

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        path = f" {self.path}:" if self.path else ""
        hint = f"\n  {self.hint}" if self.hint else ""
        return (
            f"{where}:{path} {self.found}; expected {self.expected}{hint}"
            if self.expected
            else (f"{where}:{path} {self.found}{hint}")
        )


class ProjectError(MvrError):
    """The project file or the call is wrong. Holds every fault found, in the order of the file."""

    exit_code = 2

    def __init__(self, what: str | Sequence[Fault], hint: str = "") -> None:
        self.faults: tuple[Fault, ...] = () if isinstance(what, str) else tuple(what)
        super().__init__(what if isinstance(what, str) else "\n".join(str(fault) for fault in what), hint)
        if self.faults and all(fault.code == 3 for fault in self.faults):
            self.exit_code = 3


class MachineError(MvrError):
    """This machine lacks something that is named."""

    exit_code = 3


class StageError(MvrError):
    """A stage could not make its node."""


class Interrupted(MvrError):
    """The user stopped the run."""

    exit_code = 130
