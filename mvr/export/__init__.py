"""The cut, handed to an editor: OpenTimelineIO and EDL with their media, subtitles, markers, a contact sheet.

cutlist    what is handed on: the film's shots in whole frames, and what is known of them
editorial  a timeline with its media in one folder, that opens wherever it is moved
marks      subtitles, and markers for Audacity and Reaper
sheet      one picture a shot on a page, and one frame as a poster
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mvr.engine.events import Event
    from mvr.workspace import Workspace

Json = Any

KINDS = ("otio", "edl", "srt", "markers", "sheet", "poster")


@dataclass(frozen=True)
class Exported:
    """What was written: the file or folder to open, all files, and in `notes` what it does not carry."""

    path: Path
    files: tuple[Path, ...]
    notes: tuple[str, ...]

    def document(self, kind: str) -> Json:
        """As `mvr export --json` prints it."""
        return {
            "to": kind,
            "path": str(self.path),
            "files": [str(file) for file in self.files],
            "notes": list(self.notes),
        }


def export(
    workspace: Workspace,
    kind: str,
    say: Callable[[Event], None],
    *,
    out: Path | None = None,
    copy: bool = False,
    at: float | None = None,
) -> Exported:
    """Writes the cut as `kind`, one of KINDS, and makes the shot list as far as it is not there.

    out: the file to write, or for what has several the folder; left out, it stands in `mvr-out/PROJECT/`. copy: media
    are copied, where they would be linked. at: the poster's moment, in seconds of the film. Raises ProjectError for
    what the project or the call lacks, and MvrError where the shot list could not be made.
    """
    from mvr.export import cutlist, editorial, marks, sheet

    with workspace.opened() as bench:
        cut = cutlist.gathered(workspace, bench, say)
        to = out.absolute() if out else workspace.out
        name = workspace.name
        if kind in ("otio", "edl"):
            return editorial.write(cut, to if out else to / kind, name, edl=kind == "edl", copy=copy)
        if kind == "srt":
            return marks.subtitles(cut, to if out else to / f"{name}.srt")
        if kind == "markers":
            return marks.markers(cut, to if out else to / "markers")
        if kind == "poster":
            return sheet.poster(cut, workspace.out / "film.mp4", to if out else to / "poster.jpg", at)
        return sheet.write(cut, to if out else to / "sheet.png")
