"""The files that a project names: which they are, that they stay inside its folder, and that they can be read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from mvr.model import Json
from mvr.project.form import Steps, Wrong
from mvr.project.units import nearest, shown

URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(//|\\\\)|(data|javascript|file):", re.IGNORECASE)
FROM_ROOT = re.compile(r"/|[A-Za-z]:[\\/]|\\\\")

FONTS = (".ttf", ".otf", ".ttc", ".otc")
"""What the name of a font's file ends with; any other font is a family's name."""

Named = tuple[tuple[Steps, str], ...]
"""Files as written, and the steps to where they are named."""


def named(data: Json) -> Named:
    """Every file that a document of the right form names."""
    song, lyrics = data.get("song"), data.get("lyrics")
    found: list[tuple[Steps, Json]] = []
    if isinstance(song, dict):
        found.append((("song", "file"), song.get("file")))
    else:
        found.append((("song",), song))
    if lyrics not in ("none", "transcribe"):
        found.append((("lyrics",), lyrics))
    found.append((("music", "sections"), (data.get("music") or {}).get("sections")))
    for name, character in (data.get("characters") or {}).items():
        for index, path in enumerate(character.get("references") or ()):
            found.append((("characters", name, "references", index), path))
        found.append((("characters", name, "lora", "file"), (character.get("lora") or {}).get("file")))
    found += _adapters(("make", "painter"), (data.get("make") or {}).get("painter"))
    found.append((("look", "lut"), (data.get("look") or {}).get("lut")))
    font = (data.get("words") or {}).get("font")
    if isinstance(font, str) and font.lower().endswith(FONTS):
        found.append((("words", "font"), font))
    for index, overlay in enumerate((data.get("words") or {}).get("overlays") or ()):
        found.append((("words", "overlays", index, "image"), (overlay or {}).get("image")))
    found.append(_clip(data.get("clip"), ("clip",)))
    for shot, fields in (data.get("shots") or {}).items():
        found += [(("shots", shot, name), fields.get(name)) for name in ("still", "guide")]
        found.append(_clip(fields.get("clip"), ("shots", shot, "clip")))
        found += _adapters(("shots", shot, "painter"), fields.get("painter"))
    return tuple((steps, path) for steps, path in found if isinstance(path, str))


def _adapters(steps: Steps, maker: Json) -> list[tuple[Steps, Json]]:
    """The files of the adapters that a maker names."""
    listed = maker.get("lora") if isinstance(maker, dict) else None
    return [
        ((*steps, "lora", index, "file"), one.get("file"))
        for index, one in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(one, dict)
    ]


def _clip(written: Json, steps: Steps) -> tuple[Steps, Json]:
    return ((*steps, "file"), written.get("file")) if isinstance(written, dict) else (steps, written)


def wrongs(files: Iterable[tuple[Steps, str]], folder: Path, allow: Sequence[Path] = ()) -> list[Wrong]:
    """What is wrong with named files. allow: folders outside the project's that its files may stand in."""
    homes = [_real(folder), *(_real(one) for one in allow)]
    found = []
    for steps, path in files:
        wrong = _outside(path, folder, homes) or _unreadable(path, folder)
        if wrong is not None:
            found.append(Wrong(steps, *wrong))
    return found


Said = tuple[str, str, str]
"""What was found, what was expected, and a hint."""


def _outside(path: str, folder: Path, homes: Sequence[Path | None]) -> Said | None:
    """Why a path does not lead into one of the homes, or None where it does."""
    inside = "a file inside the project's folder"
    if URL.match(path):
        return f"{shown(path)} is an address", inside, "download it into the project's folder, and name it there"
    if path.startswith("~"):
        return f"{shown(path)} begins in a home folder", inside, "copy the file into the project's folder"
    try:
        real = (folder / path).resolve()
    except (OSError, RuntimeError, ValueError):
        return f"{shown(path)} leads nowhere", inside, "is it a link that points to itself, or a name that is too long?"
    home = homes[0]
    if home is not None and real.is_relative_to(home) and not FROM_ROOT.match(path):
        return None
    if any(one is not None and real.is_relative_to(one) for one in homes[1:]):
        return None
    if FROM_ROOT.match(path):
        if home is not None and real.is_relative_to(home) and Path(path).is_absolute():
            return f"{shown(path)} is an absolute path", inside, f"write {os.path.relpath(real, home)}"
        found = f"{shown(path)} is an absolute path"
    elif _lexically_inside(path):
        found = f"{shown(path)} is a link out of the project's folder, to {shown(str(real))}"
    else:
        found = f"{shown(path)} leads out of the project's folder"
    return found, inside, "copy it in, or list its folder under `allow` in this machine's settings"


def _lexically_inside(path: str) -> bool:
    return not os.path.normpath(path).startswith("..")


def _unreadable(path: str, folder: Path) -> Said | None:
    """Why a file cannot be read, or None where it can."""
    file = folder / path
    expected = "a file"
    try:
        if file.is_dir():
            return f"{shown(path)} is a folder", expected, _near(file / "?", folder, "in it")
        if not file.exists():
            return f"{shown(path)} is not there", expected, _near(file, folder, "beside it")
        if not file.is_file():
            return f"{shown(path)} is no regular file", expected, "name a file with bytes in it"
        with file.open("rb") as opened:
            empty = not opened.read(1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        return f"{shown(path)} cannot be read ({why.lower()})", expected, "may you read it? `ls -l` says"
    return (f"{shown(path)} is empty", "a file with bytes in it", "was it copied whole?") if empty else None


def _near(file: Path, folder: Path, where: str) -> str:
    """A hint at what stands beside a file that is not there."""
    parent = file.parent
    while not parent.is_dir() and parent not in (folder, parent.parent):
        parent = parent.parent
    try:
        names = sorted(
            one.name + "/" * one.is_dir()
            for one in parent.iterdir()
            if not one.name.startswith(".") and one.name != "mvr-out"
        )[:500]
    except OSError:
        names = []
    relative = os.path.relpath(parent, folder)
    base = "" if relative == "." else f"{relative}/"
    near = nearest(file.name, names) if file.parent == parent else None
    if near is not None:
        return f"did you mean '{base}{near}'?"
    if not names:
        return "the folder is empty" if base == "" else f"{base} is empty"
    if parent != file.parent:
        return f"there is no folder {shown(os.path.relpath(file.parent, folder))}"
    return f"{where}: {', '.join(names[:8])}{', …' if len(names) > 8 else ''}"


def _real(folder: Path) -> Path | None:
    try:
        return folder.resolve()
    except (OSError, RuntimeError):
        return None
