"""Opens what a project names: can the song be heard, are the references pictures?"""

from __future__ import annotations

from pathlib import Path

from mvr import project as projects
from mvr.errors import Fault, ProjectError, StageError
from mvr.model import Project


def open_files(project: Project) -> None:
    """Decodes the song's head and looks at every reference. Raises ProjectError with every fault and its line."""
    faults = [*_song(project), *_references(project)]
    if faults:
        raise ProjectError(faults)


def _song(project: Project) -> list[Fault]:
    from mvr.media.decode import check_head

    path = "song.file" if "song.file" in project.files else "song"
    try:
        check_head(project.folder / project.song.file)
    except StageError as error:
        return [projects.fault(project, path, error.what, hint=error.hint)]
    return []


def _references(project: Project) -> list[Fault]:
    from mvr.media.probe import still_format

    faults = []
    for path, name in project.files.items():
        if ".references[" in path and still_format(Path(project.folder / name)) is None:
            faults.append(
                projects.fault(project, path, f"{name} is no picture", "a PNG, JPEG, TIFF or WebP", "export it as PNG")
            )
    return faults
