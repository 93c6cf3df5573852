"""The command `mvr models`: words in, words out, no decisions."""

from __future__ import annotations

from pathlib import Path

import click

from mvr.manners import JSON, PROJECT, Manner, say, stop, told, workspace


@click.command()
@PROJECT
@click.option("--pin", "pinned", is_flag=True, help="Ask the hub for each missing commit, and write it into the file.")
@click.option("--pull", "pulled", is_flag=True, help="Fetch the weights that are not here, and check every file.")
@JSON
@click.pass_obj
def models(manner: Manner, project: Path | None, pinned: bool, pulled: bool, as_json: bool) -> None:
    """List the models that the project's makers need: commit, size, licence, and whether they are here.

    \b
    Examples:
      mvr models
      mvr models --pin --pull
    """
    with told(manner, as_json):
        from mvr import weights

        here = workspace(project)
        said = [*(weights.pin(here) if pinned else ()), *(weights.pull(here) if pulled else ())]
        if said and not manner.quiet:
            say("\n".join(said))
        document = weights.document(here.load())
        if as_json:
            from mvr.report import as_json as text

            click.echo(text(document))
        else:
            click.echo("\n".join(weights.lines(document)))
        stop(0 if document["ok"] or not pulled else 3)
