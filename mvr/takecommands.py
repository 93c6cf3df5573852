"""The commands that choose among what was made of a shot: its takes, and its still. Words in, words out."""

from __future__ import annotations

from pathlib import Path

import click

from mvr.manners import JSON, Manner, option_project, say, showing, stop, told, workspace


@click.command()
@click.argument("shot")
@option_project
@JSON
@click.pass_obj
def takes(manner: Manner, shot: str, project: Path | None, as_json: bool) -> None:
    """List the takes of SHOT: those of the present words first, then every clip made under earlier ones.

    \b
    Example:
      mvr takes chorus-1.5
    """
    with told(manner, as_json):
        from mvr import choosing, report

        with showing(manner, silent=as_json) as show:
            document = choosing.takes(workspace(project), shot, show)
        click.echo(report.as_json(document) if as_json else "\n".join(report.take_lines(document)))


@click.command()
@click.argument("shot")
@click.argument("take")
@option_project
@click.pass_obj
def pick(manner: Manner, shot: str, take: str, project: Path | None) -> None:
    """Choose which take of SHOT stands in the film: a number of `mvr takes`, or the key of an earlier clip.

    \b
    Examples:
      mvr pick chorus-1.5 3
      mvr pick chorus-1.5 3f9a1c
    """
    with told(manner):
        from mvr import choosing

        with showing(manner) as show:
            chosen = choosing.pick(workspace(project), shot, take, show)
        say(f"{chosen} stands in the film; next: mvr render")


@click.command()
@click.argument("shot", metavar="SHOT|treatment")
@click.option("-n", "--count", default=1, type=click.IntRange(1, 100), help="How many new takes.")
@click.option("--motion", is_flag=True, help="Keep the still; take its motion again.")
@option_project
@click.pass_obj
def reroll(manner: Manner, shot: str, count: int, motion: bool, project: Path | None) -> None:
    """Make new takes of SHOT; the film stays as it is until one is picked. Or have another treatment written, and
    every shot's words after it; the next render films them.

    \b
    Examples:
      mvr reroll chorus-1.5 -n 3
      mvr reroll chorus-1.5 --motion
      mvr reroll treatment
    """
    with told(manner):
        from mvr import choosing, report

        with showing(manner) as show:
            outcome = choosing.reroll(workspace(project), shot, count, show, motion=motion)
        say("\n".join(report.outcome_lines(outcome)))
        say("see it: mvr shots; next: mvr render" if shot == "treatment" else f"see them: mvr takes {shot}")
        stop(outcome.exit_code)


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
        from mvr import choosing
        from mvr.errors import ProjectError

        if bool(shots) == every:
            raise ProjectError("name the shots, or write --all", "mvr shots lists them")
        with showing(manner) as show:
            approved = choosing.approve(workspace(project), shots, show)
        say(f"approved: {', '.join(approved)}; next: mvr render" if approved else "no still waits to be approved")
