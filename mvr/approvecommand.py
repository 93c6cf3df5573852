"""The command `mvr approve`: words in, words out, no decisions."""

from __future__ import annotations

from pathlib import Path

import click

from mvr.manners import Manner, option_project, say, told, workspace


@click.command()
@click.argument("shots", metavar="[SHOT]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every still that waits.")
@option_project
@click.pass_obj
def approve(manner: Manner, shots: tuple[str, ...], every: bool, project: Path | None) -> None:
    """Approve the stills of SHOTs: with `make.approve: stills` no clip is made of a still before. Writes the still's
    short digest into the project file, so another still of the shot asks again.

    \b
    Examples:
      mvr approve chorus-1.5 chorus-1.7
      mvr approve --all
    """
    with told(manner):
        from mvr import approving, report
        from mvr.errors import ProjectError

        if bool(shots) == every:
            raise ProjectError("name the shots, or write --all", "mvr shots lists them")
        with report.showing(quiet=manner.quiet, verbose=manner.verbose, debug=manner.debug) as show:
            approved = approving.approve(workspace(project), shots, show)
        say(f"approved: {', '.join(approved)}; next: mvr render" if approved else "no still waits to be approved")
