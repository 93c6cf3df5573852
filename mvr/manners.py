"""What every command of the command line shares: its arguments, how it speaks, and how it ends."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from mvr.errors import Fault, Interrupted, MvrError, ProjectError

if TYPE_CHECKING:
    from mvr.engine.events import Event
    from mvr.workspace import Workspace


@dataclass
class Manner:
    """How mvr speaks in this call."""

    quiet: bool = False
    verbose: bool = False
    debug: bool = False


class Mannered(click.Group):
    """A group whose commands take --quiet, --verbose and --debug after their own words too, as the program does before
    them. They are hidden there: `mvr --help` tells of them once."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        for flag in ("quiet", "verbose", "debug"):
            option = click.Option([f"--{flag}"], is_flag=True, expose_value=False, hidden=True, callback=_heeded)
            cmd.params.append(option)
        super().add_command(cmd, name)


def _heeded(context: click.Context, option: click.Parameter, given: bool) -> None:
    """Takes a manner that was asked for after the command; one asked for before it stays."""
    if given:
        setattr(context.obj, str(option.name), True)


PROJECT = click.argument("project", required=False, type=click.Path(path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")


def option_project(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("-p", "--project", type=click.Path(path_type=Path), help="The project file or its folder.")(
        command
    )


def workspace(project: Path | None) -> Workspace:
    """The workspace of PROJECT: a file, a folder that holds project.yaml, or the folder one stands in."""
    from mvr import machine
    from mvr import project as projects
    from mvr.workspace import Workspace

    return Workspace(projects.find(project or Path()), machine.load())


@contextmanager
def showing(manner: Manner, *, silent: bool = False, faults: bool = False) -> Iterator[Callable[[Event], None]]:
    """What shows a build in this call; silent: nothing does, as where a program reads the answer.

    faults: shows at once what a stage found wrong in the project file; else that is told once, with its line, by the
    error that ends the command.
    """
    from mvr import report
    from mvr.engine.events import Failed

    with report.showing(quiet=manner.quiet or silent, verbose=manner.verbose, debug=manner.debug) as show:

        def shown(event: Event) -> None:
            if not (isinstance(event, Failed) and event.exit_code == ProjectError.exit_code):
                show(event)

        yield show if faults else shown


def named(shots: str | None) -> tuple[str, ...]:
    """The shots of `--shots`, by id, with commas between; none where it is left out. Raises ProjectError."""
    if shots is None:
        return ()
    found = tuple(shot for one in shots.split(",") if (shot := one.strip()))
    if not found:
        raise ProjectError("--shots names no shot", "write ids with commas between; `mvr shots` lists them")
    return found


def say(text: str) -> None:
    click.echo(text, err=True)


def stop(code: int) -> NoReturn:
    raise click.exceptions.Exit(code)


@contextmanager
def told(manner: Manner, as_json: bool = False) -> Iterator[None]:
    """Turns errors into words and an exit code; no traceback reaches a person unless asked for."""
    try:
        yield
    except MvrError as error:
        if manner.debug:
            traceback.print_exc()
        if as_json:
            from mvr.report import as_json as text

            faults = error.faults if isinstance(error, ProjectError) else ()
            faults = faults or (Fault("", 0, 0, "", error.what, "", error.hint),)
            click.echo(text({"ok": False, "errors": [fault_json(fault) for fault in faults]}))
        say(str(error))
        stop(error.exit_code)
    except KeyboardInterrupt:
        stop(Interrupted.exit_code)
    except BrokenPipeError:
        stop(0)


def fault_json(fault: Any) -> dict[str, Any]:
    """A fault as `mvr check --json` prints it."""
    return {name: getattr(fault, name) for name in ("file", "line", "column", "path", "found", "expected", "hint")}


@contextmanager
def counting(manner: Manner, verb: str) -> Iterator[Callable[[int, int], None]]:
    """Shows on a terminal how many bytes are done."""
    if manner.quiet or not sys.stderr.isatty():
        yield lambda done, whole: None
        return
    with click.progressbar(length=0, label=verb, file=sys.stderr) as bar:

        def count(done: int, whole: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos)

        yield count
