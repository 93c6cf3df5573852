"""Opens what a project names: can the song be heard, are the references pictures?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mvr import backends, captioning
from mvr import project as projects
from mvr.errors import Fault, ProjectError, StageError
from mvr.model import Project
from mvr.stages import lyrics
from mvr.timeline import clock


def open_files(project: Project) -> None:
    """Decodes the song's head, reads the lyrics, and looks at every reference, photo and clip.

    Raises ProjectError with every fault and its line.
    """
    _raise(_files(project))


def everything(project: Project) -> None:
    """The same, and what the makers lack. Raises ProjectError with every fault and its line."""
    _raise([*_files(project), *makers(project)])


def _files(project: Project) -> list[Fault]:
    looks = (_song, _lyrics, _references, _words, _footage, _adapters)
    return [fault for look in looks for fault in look(project)]


def _raise(faults: list[Fault]) -> None:
    if faults:
        raise ProjectError(faults)


def makers(project: Project) -> list[Fault]:
    """What this machine lacks of what the file's makers need, each at the line that names the maker."""
    faults = []
    for steps, maker in project.makers():
        lacking = backends.backend(maker.name).lacks(backends.filled(maker))
        if lacking:
            found = f"the {steps[-1]} {maker.name} cannot work here"
            faults.append(projects.fault(project, ".".join(steps), found, hint=lacking, code=3))
    return faults


def _song(project: Project) -> list[Fault]:
    from mvr.media.decode import check_head

    path = "song.file" if "song.file" in project.files else "song"
    try:
        stream = check_head(project.folder / project.song.file)
    except StageError as error:
        return [projects.fault(project, path, error.what, hint=error.hint)]
    if stream.seconds is not None and project.song.start >= stream.seconds:
        found = f"the start {clock(project.song.start)} at or after the song's end at {clock(stream.seconds)}"
        return [projects.fault(project, "song.start", found, "an earlier time", "it counts from the start of the file")]
    return []


def _lyrics(project: Project) -> list[Fault]:
    if project.lyrics is None:
        return []
    try:
        lyrics.lines_of(project.folder / project.lyrics)
    except StageError as error:
        return [projects.fault(project, "lyrics", error.what, hint=error.hint)]
    return []


def _words(project: Project) -> list[Fault]:
    """What is wrong with the font of the words in the picture, and with the pictures laid over it."""
    from mvr.media import fonts
    from mvr.media.probe import still_format

    faults, name = [], project.words.font
    if "words.font" in project.files:
        try:
            fonts.Face(project.folder / name).check()
        except StageError as error:
            faults.append(projects.fault(project, "words.font", error.what, hint=error.hint))
    elif name and fonts.named(name) is None:
        hint = "install it, or copy its file into the project's folder and name that; left out, it is Inter"
        faults.append(projects.fault(project, "words.font", f"this machine has no font {name!r}", hint=hint, code=3))
    for index, overlay in enumerate(project.words.overlays):
        if still_format(project.folder / overlay.image) is None:
            path = f"words.overlays[{index}].image"
            found = f"{overlay.image} is no picture"
            faults.append(projects.fault(project, path, found, "a PNG, JPEG, TIFF or WebP", "export it as PNG"))
    return faults


def warnings(project: Project) -> list[str]:
    """What is right and yet will not be as it was meant: characters that no font has."""
    from mvr.media import fonts

    shown = captioning.texts(project)
    if project.lyrics and project.words.captions != "none":
        shown.append(lyrics.decoded(project.folder / project.lyrics))
    own = captioning.face(project)
    lacking = fonts.lacking(shown, [*([own] if own else []), *fonts.brought()])
    if not lacking:
        return []
    listed = " ".join(f"{char} (U+{ord(char):04X})" for char in lacking[:8]) + (" ..." if len(lacking) > 8 else "")
    found = fonts.installed_with(lacking[0])
    hint = f"{found} on this machine has the first" if found else "find a font that has them"
    return [f"no font has {listed}; {fonts.MISSING} is shown instead: {hint}; copy it in, and name it at words.font"]


SIDES = 32, 16384
"""Pixels of the sides of a picture that a model is to look at: of a smaller one no face is left, and a larger one takes
gigabytes to open. Models scale it to about a thousand."""


def _references(project: Project) -> list[Fault]:
    """Pictures that a painter looks at, a character's and a shot's guide, which are none, or of no use to it."""
    from mvr.media.probe import still_format, still_size

    faults = []
    for path, name in project.files.items():
        if ".references[" not in path and not path.endswith(".guide"):
            continue
        file = project.folder / name
        size = still_size(file) if still_format(file) else None
        if size is None:
            found, hint = f"{name} is no picture", "export it as PNG"
            faults.append(projects.fault(project, path, found, "a PNG, JPEG, TIFF or WebP", hint))
        elif min(size) < SIDES[0] or max(size) > SIDES[1]:
            found, expected = f"{name} is {size[0]}x{size[1]} pixels", f"sides of {SIDES[0]} to {SIDES[1]:,} pixels"
            hint = "give the picture it was made from" if min(size) < SIDES[0] else "scale it down: 2,000 are plenty"
            faults.append(projects.fault(project, path, found, expected, hint))
    return faults


def _adapters(project: Project) -> list[Fault]:
    """LoRAs that are none, or are for another family than the painter's that wears them; told by their headers."""
    faults = []
    for path, name in project.files.items():
        painter = _wearer(project, path)
        module = backends.backend(painter) if painter in backends.names() else None
        if module is None or not hasattr(module, "refused"):
            continue
        hint = "choose an adapter for this family, or the family it was made for"
        try:
            wrong = module.refused(project.folder / name)
        except StageError as error:
            wrong, hint = error.what, error.hint
        if wrong:
            faults.append(projects.fault(project, path, wrong, hint=hint))
    return faults


def _wearer(project: Project, path: str) -> str:
    """The painter that wears the adapter which the project file names at a path; empty where it is no adapter."""
    if ".lora" not in path:
        return ""
    for shot in project.shots:
        if path.startswith(f"shots.{shot.key}.painter."):
            return str(shot.fields["painter"]["with"])
    return project.make.painter.name if project.make.painter else ""


def _footage(project: Project) -> list[Fault]:
    """The user's own clips, stills and colour table: each can be decoded, at its first picture at least."""
    from mvr.media.footage import check_head
    from mvr.media.photo import check_photo

    faults = []
    if project.look.lut:
        from mvr.media.colour import read_cube

        try:
            read_cube(project.folder / project.look.lut)
        except StageError as error:
            faults.append(projects.fault(project, "look.lut", error.what, hint=error.hint))
    looks = {"clip": check_head, "still": check_photo}
    found: dict[tuple[str, str], StageError | None] = {}  # to open a film takes a third of a second, and shots share it
    for path, name in project.files.items():
        last = path.removesuffix(".file").rpartition(".")[2]
        if last not in looks:
            continue
        if (last, name) not in found:
            found[last, name] = _refusal(looks[last], project.folder / name)
        if refusal := found[last, name]:
            faults.append(projects.fault(project, path, refusal.what, hint=refusal.hint))
    return faults


def _refusal(look: Callable[[Path], None], file: Path) -> StageError | None:
    """What a look at a file raises, if it does."""
    try:
        look(file)
    except StageError as error:
        return error
    return None
