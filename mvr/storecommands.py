"""The commands of the group `mvr store`: words in, words out, no decisions."""

from __future__ import annotations

from pathlib import Path

import click

from mvr.manners import PROJECT, Manner, Mannered, counting, option_project, say, stop, told, workspace


@click.group(cls=Mannered)
def store() -> None:
    """Look after the store, where everything that was made stands: check it, drop from it, share it."""


@store.command("verify")
@PROJECT
@click.option("--repair", is_flag=True, help="Set damaged things aside, so that they are made again.")
@click.pass_obj
def store_verify(manner: Manner, project: Path | None, repair: bool) -> None:
    """Read every stored byte and say which are not what they were. Changes nothing unless asked to.

    \b
    Example:
      mvr store verify
    """
    with told(manner):
        from mvr import report
        from mvr.storekeeping import Storekeeper

        keeper = Storekeeper(workspace(project))
        with counting(manner, "reading") as count:
            healing = keeper.verify(count, repair=repair)
        click.echo("\n".join(report.health_lines(healing, keeper.store.folder)))
        stop(1 if healing.waits or (healing.found.damaged and not repair) else 0)


@store.command("gc")
@PROJECT
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and drop nothing.")
@click.pass_obj
def store_gc(manner: Manner, project: Path | None, yes: bool, dry_run: bool) -> None:
    """Drop stored bytes that nothing needs; asks first.

    All takes stay, and the films of this month, of every branch, tag and stash, and the newest of each project.

    \b
    Example:
      mvr store gc --dry-run
    """
    with told(manner):
        from mvr import report
        from mvr.storekeeping import Storekeeper

        keeper = Storekeeper(workspace(project))
        waste = keeper.waste()
        click.echo("\n".join(report.waste_lines(waste)))
        if waste.files and not dry_run:
            if yes or click.confirm("Drop them?", err=True):
                click.echo("\n".join(report.waste_lines(keeper.collect(waste), done=True)))
            else:
                say("nothing was dropped")


@store.command("info")
@PROJECT
@click.pass_obj
def store_info(manner: Manner, project: Path | None) -> None:
    """Say how large the store is, by stage, who uses it, and what `gc` would drop.

    \b
    Example:
      mvr store info
    """
    with told(manner):
        from mvr import report
        from mvr.storekeeping import Storekeeper

        click.echo("\n".join(report.store_lines(Storekeeper(workspace(project)).info())))


@store.command("push")
@click.argument("folder", type=click.Path(path_type=Path))
@option_project
@click.pass_obj
def store_push(manner: Manner, folder: Path, project: Path | None) -> None:
    """Copy all that was made for the project into FOLDER, as far as it is not there: a shared drive, a backup.

    \b
    Example:
      mvr store push /mnt/studio/my-video
    """
    with told(manner):
        from mvr import report
        from mvr.storekeeping import Storekeeper

        with counting(manner, "copying") as count:
            copied = Storekeeper(workspace(project)).push(folder, count)
        click.echo("\n".join(report.copied_lines(copied)))
        stop(1 if copied.damaged else 0)


@store.command("pull")
@click.argument("folder", type=click.Path(path_type=Path))
@option_project
@click.pass_obj
def store_pull(manner: Manner, folder: Path, project: Path | None) -> None:
    """Copy what FOLDER holds of the project into its store. Every byte is checked; nothing here is replaced.

    \b
    Example:
      mvr store pull /mnt/studio/my-video
    """
    with told(manner):
        from mvr import report
        from mvr.storekeeping import Storekeeper

        with counting(manner, "copying") as count:
            copied = Storekeeper(workspace(project)).pull(folder, count)
        click.echo("\n".join(report.copied_lines(copied)))
        stop(1 if copied.damaged else 0)
