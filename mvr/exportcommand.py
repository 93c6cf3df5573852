"""The command `mvr export`: words in, words out, no decisions."""

from __future__ import annotations

from pathlib import Path

import click

from mvr.errors import ProjectError
from mvr.manners import JSON, PROJECT, Manner, say, showing, told, workspace

KINDS = ["otio", "edl", "srt", "markers", "sheet", "poster"]


@click.command()
@PROJECT
@click.option("--to", "kind", required=True, type=click.Choice(KINDS), help="What to write.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="The file, or for otio, edl and markers the folder.")
@click.option("--at", help="The poster's moment in the film, such as 0:31.5.")
@click.option("--copy", is_flag=True, help="Copy the media of otio and edl, so that the folder opens on any machine.")
@JSON
@click.pass_obj
def export(
    manner: Manner, project: Path | None, kind: str, out: Path | None, at: str | None, copy: bool, as_json: bool
) -> None:
    """Hand the cut to an editor, and print the path of what was written.

    otio is OpenTimelineIO, and edl a CMX 3600 list, each in a folder with its media; srt the lyrics as subtitles;
    markers sections, shots and bars for Audacity (labels) and Reaper (CSV); sheet a contact sheet; poster one frame of
    the film. What a format cannot carry is said. Makes the shot list if need be, and no picture.

    \b
    Examples:
      mvr export --to otio --copy
      mvr export --to sheet -o shots.png
    """
    with told(manner, as_json):
        from mvr import report
        from mvr.export import export as write
        from mvr.timeline import parse_clock

        try:
            moment = None if at is None else parse_clock(at)
        except ValueError as error:
            raise ProjectError(str(error), "a moment in the film: --at 0:31.5") from None

        with showing(manner, silent=as_json) as show:
            done = write(workspace(project), kind, show, out=out, copy=copy, at=moment)
        if as_json:
            click.echo(report.as_json(done.document(kind)))
        else:
            if not manner.quiet:
                for note in done.notes:
                    say(note)
            click.echo(done.path)
