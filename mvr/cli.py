"""The command line: words in, words out, no decisions."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

import click

from mvr import __version__
from mvr.exportcommand import export
from mvr.manners import JSON, PROJECT, Manner, Mannered, named, option_project, say, showing, stop, told, workspace
from mvr.modelcommands import models
from mvr.storecommands import store
from mvr.takecommands import approve, pick, reroll, takes


@click.group(cls=Mannered, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mvr")
@click.option("--quiet", is_flag=True, help="Say nothing but errors and results.")
@click.option("--verbose", is_flag=True, help="Say every step.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def main(context: click.Context, quiet: bool, verbose: bool, debug: bool) -> None:
    """mvr renders music videos from a project file, and makes again only what an edit touched.

    --quiet, --verbose and --debug may stand after the command, too.
    """
    context.obj = Manner(quiet, verbose, debug)
    # A polite request to end is an interruption like Ctrl-C: finished work is kept, workers are taken down.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@main.command()
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--song", required=True, type=click.Path(path_type=Path), help="The song; it is copied in.")
@click.option("--concept", default="", help="What the film is about, in a sentence or two.")
@click.option("--template", default="story", help="story, performance, lyric-video, visualizer or loop.")
@click.pass_obj
def new(manner: Manner, directory: Path, song: Path, concept: str, template: str) -> None:
    """Start a project in DIRECTORY.

    \b
    Example:
      mvr new my-video --song ~/Music/song.wav --concept "A diver finds a lit city under the ice."
    """
    with told(manner):
        from shlex import quote

        from mvr import starter

        file = starter.new(directory, song, concept, template)
        say(f"{file} is ready; next:")
        click.echo(f"cd {quote(str(file.parent))} && mvr render")


@main.command()
@PROJECT
@JSON
@click.pass_obj
def check(manner: Manner, project: Path | None, as_json: bool) -> None:
    """Check the project file and everything it names; make nothing.

    \b
    Example:
      mvr check projects/demo
    """
    with told(manner, as_json):
        from mvr import checks

        found = workspace(project).check()
        warnings = checks.warnings(found)
        if as_json:
            from mvr.report import as_json as text

            click.echo(text({"ok": True, "errors": [], **({"warnings": warnings} if warnings else {})}))
        elif not manner.quiet:
            say("\n".join([f"{found.file.name} is right", *warnings]))


@main.command()
@PROJECT
@click.option("--why", is_flag=True, help="Under each node, why it is stale, with the line that did it.")
@click.option("--all", "every", is_flag=True, help="List fresh nodes too.")
@click.option(
    "--freeze", "words", flag_value="freeze", help="First write treatment and shot list into files beside it."
)
@click.option("--thaw", "words", flag_value="thaw", help="First remove those files: the writer's words count again.")
@click.option("--yes", is_flag=True, help="With --thaw: also where a file was edited by hand.")
@JSON
@click.pass_obj
def plan(
    manner: Manner, project: Path | None, why: bool, every: bool, words: str | None, yes: bool, as_json: bool
) -> None:
    """Show what `render` would make, why, and about how long it takes; make nothing.

    With --freeze the words are made as far as they are not there, and from then on no writer is asked for them: edit
    the files by hand, keep them in git.

    \b
    Examples:
      mvr plan --why
      mvr plan --freeze
    """
    with told(manner, as_json):
        from mvr import report

        if words:
            from mvr import freezing

            with showing(manner, silent=as_json) as show:
                lines = freezing.freeze(workspace(project), show) if words == "freeze" else ()
            if not manner.quiet:
                say("\n".join(lines or freezing.thaw(workspace(project), edited=yes)))
        found = workspace(project).plan()
        if as_json:
            click.echo(
                report.as_json({name: value for name, value in found.items() if name not in ("done", "finished")})
            )
        else:
            click.echo("\n".join(report.plan_lines(found, why=why, every=every)))


@main.command()
@PROJECT
@click.option("--draft", is_flag=True, help="The film as it stands, at half size, to draft.mp4; asks the GPU nothing.")
@click.option("--until", type=click.Choice(["shots", "portraits", "stills", "clips"]), help="Stop after this step.")
@click.option("--shots", "only", help="Make only these shots, by id, with commas between.")
@click.option("--jobs", type=click.IntRange(1, 256), help="How many jobs at once on the CPU.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first failure.")
@click.option("--final", is_flag=True, help="The film or none: no sketches stand in for shots that cannot be made.")
@click.option("--json", "as_json", is_flag=True, help="One event a line on standard output.")
@click.pass_obj
def render(
    manner: Manner,
    project: Path | None,
    draft: bool,
    until: str | None,
    only: str | None,
    jobs: int | None,
    fail_fast: bool,
    final: bool,
    as_json: bool,
) -> None:
    """Make what is stale, then the film; print its path last.

    \b
    Examples:
      mvr render
      mvr render projects/demo --draft
      mvr render --shots chorus-1.1,chorus-1.5
    """
    with told(manner):
        from mvr import report
        from mvr.model import Goal

        goal = Goal(until=until or "", only=named(only), draft=draft)
        if final and goal != Goal():
            raise click.UsageError("--final makes the whole film: leave --draft, --until and --shots away")
        if as_json:

            def tell(event: Any) -> None:
                line = report.event_json(event)
                if line is not None:
                    click.echo(report.as_json(line))

            outcome = workspace(project).render(goal, tell, jobs=jobs, fail_fast=fail_fast, final=final)
            click.echo(report.as_json(report.done_json(outcome)))
            stop(outcome.exit_code)
        with showing(manner) as show:
            outcome = workspace(project).render(goal, show, jobs=jobs, fail_fast=fail_fast, final=final)
        if manner.quiet:
            from mvr.words import Failures

            failures = Failures(debug=manner.debug)
            for failure in outcome.failed:
                say("\n".join(failures.lines(failure)))
        else:
            say("\n".join(report.outcome_lines(outcome)))
        if outcome.film is not None:
            click.echo(outcome.film)
        stop(outcome.exit_code)


@main.command()
@PROJECT
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Where the page is served; any free port if 0.")
@click.option("--host", default="", help="An address that others can reach too; this machine alone if left out.")
@click.option("--no-page", is_flag=True, help="Serve no page.")
@click.option("--draft", is_flag=True, help="Render drafts alone: half size, to draft.mp4. The page can ask for more.")
@click.pass_obj
def watch(manner: Manner, project: Path | None, port: int, host: str, no_page: bool, draft: bool) -> None:
    """Render at every save, until Ctrl-C, and show the film on a page of this machine; its address is printed.

    The newest edit wins; a wrong file keeps the last good film. The page shows every shot and its state, and what you
    change there is written into the project file. Nobody else can open it, unless --host says so.

    \b
    Examples:
      mvr watch
      mvr watch --no-page
    """
    with told(manner):
        from mvr import report
        from mvr import watch as watching

        with showing(manner, faults=True) as show:
            watching.until_interrupted(
                workspace(project), show, report.teller(show), draft=draft, page=not no_page, host=host, port=port
            )


@main.command()
@click.argument("node")
@option_project
@JSON
@click.pass_obj
def why(manner: Manner, node: str, project: Path | None, as_json: bool) -> None:
    """Say why NODE is stale, or what made it what it is, with the line of the project file that did it.

    \b
    Example:
      mvr why chorus-1.5/keyframe
    """
    with told(manner, as_json):
        from mvr import report

        answer = workspace(project).why(node)
        click.echo(report.as_json(answer) if as_json else "\n".join(report.node_lines(answer)))


@main.command()
@PROJECT
@JSON
@click.pass_obj
def shots(manner: Manner, project: Path | None, as_json: bool) -> None:
    """List the shots: id, time, section, purpose, prompt and state. Makes what that needs, on the CPU.

    \b
    Example:
      mvr shots
    """
    with told(manner, as_json):
        from mvr import report

        with showing(manner, silent=as_json) as show:
            document = workspace(project).shots(show)
        click.echo(report.as_json(document) if as_json else "\n".join(report.shot_lines(document)))


@main.command("diff")
@click.argument("revision", metavar="[REV]", default="HEAD")
@option_project
@JSON
@click.pass_obj
def show_diff(manner: Manner, revision: str, project: Path | None, as_json: bool) -> None:
    """Show what changed against a revision of git: shots, their words old and new side by side, characters, and what
    rendering would make. Makes nothing, and leaves the working tree alone. REV is a commit, branch or tag, HEAD if
    left out; in a repository without a working tree its HEAD is compared.

    \b
    Examples:
      mvr diff
      mvr diff main~3 --json
    """
    with told(manner, as_json):
        from shutil import get_terminal_size

        from mvr import columns, comparison

        document = comparison.bare(project or Path(), revision) or comparison.document(workspace(project), revision)
        if as_json:
            from mvr.report import as_json as text

            click.echo(text(document))
        else:
            click.echo("\n".join(columns.lines(document, get_terminal_size((100, 24)).columns)))


@main.command("backends")
@JSON
@click.pass_obj
def list_backends(manner: Manner, as_json: bool) -> None:
    """List what can write, paint and animate here, with its options.

    \b
    Example:
      mvr backends
    """
    with told(manner, as_json):
        from mvr import backends, report

        rows = backends.rows()
        click.echo(report.as_json({"backends": rows}) if as_json else "\n".join(report.backend_lines(rows)))


main.add_command(store)
main.add_command(models)
main.add_command(export)
main.add_command(takes)
main.add_command(reroll)
main.add_command(pick)
main.add_command(approve)


@main.command()
@PROJECT
@JSON
@click.pass_obj
def doctor(manner: Manner, project: Path | None, as_json: bool) -> None:
    """Say what this machine has and lacks, and what to do about it. PROJECT need not be there.

    \b
    Example:
      mvr doctor
    """
    with told(manner, as_json):
        from mvr import doctor as examined
        from mvr import report

        document = examined.document(project or Path())
        click.echo(report.as_json(document) if as_json else "\n".join(report.doctor_lines(document)))
        stop(0 if document["ok"] else 3)


@main.command()
@click.argument("song", type=click.Path(path_type=Path))
@click.option("--plot", "picture", type=click.Path(path_type=Path), help="Draw what is heard, as a PNG.")
@click.option("--yaml", "as_yaml", is_flag=True, help="Print the `music:` block, ready to be pasted and corrected.")
@JSON
@click.pass_obj
def analyze(manner: Manner, song: Path, picture: Path | None, as_yaml: bool, as_json: bool) -> None:
    """Say what mvr hears in SONG: tempo, beats, bars, sections, and where it would cut.

    \b
    Examples:
      mvr analyze song.wav --plot song.png
      mvr analyze song.wav --yaml
    """
    with told(manner, as_json):
        from mvr import analysis, report

        heard = analysis.listened(song)
        if picture is not None:
            analysis.plot(heard, picture, song.name)
        if as_json:
            click.echo(report.as_json(heard.document))
        elif as_yaml:
            click.echo(analysis.yaml_block(heard.document), nl=False)
        else:
            click.echo("\n".join(analysis.words(heard.document)))


if __name__ == "__main__":
    main(prog_name=Path(sys.argv[0]).name)
