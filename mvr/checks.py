"""Opens what a project names: can the song be heard, are the references pictures?"""

from __future__ import annotations

from pathlib import Path

from mvr import backends
from mvr import project as projects
from mvr.errors import Fault, ProjectError, StageError
from mvr.model import Project


def open_files(project: Project) -> None:
    """Decodes the song's head and looks at every reference. Raises ProjectError with every fault and its line."""
    _raise([*_song(project), *_references(project)])


def everything(project: Project) -> None:
    """The same, and what the makers lack. Raises ProjectError with every fault and its line."""
    _raise([*_song(project), *_references(project), *makers(project)])


def _raise(faults: list[Fault]) -> None:
    if faults:
        raise ProjectError(faults)


def makers(project: Project) -> list[Fault]:
    """What this machine lacks of what the file's makers need, each at the line that names the maker."""
    make, faults = project.make, []
    for part, maker in (("writer", make.writer), ("painter", make.painter), ("animator", make.animator)):
        if maker is not None:
            module = backends.backend(maker.name)
            options = {name: default for name, (_, default) in module.OPTIONS.items()} | dict(maker.options)
            if lacking := module.lacks(options):
                found = f"the {part} {maker.name} cannot work here"
                faults.append(projects.fault(project, f"make.{part}", found, hint=lacking, code=3))
    return faults


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
