"""What `mvr new` does: a folder with the song and a commented project file that renders as it stands."""

from __future__ import annotations

import contextlib
import filecmp
import json
import os
import re
import shutil
import textwrap
from pathlib import Path

from mvr.errors import ProjectError
from mvr.resources import resource

DEFAULT = "story"
WIDTH = 100  # columns: a longer concept is folded
MOST_LINES = 5  # of a folded concept; a longer one stands in quotes on one line, so that the file stays short
IGNORED = (".mvr/", "mvr-out/")
_PLAIN = re.compile(r"[^\W\d_][\w .,;!?()'/&+’–—…-]*")


def templates() -> list[str]:
    """The names of the starters, sorted."""
    return sorted(file.stem for file in resource("templates/projects").glob("*.yaml"))


def new(folder: Path, song: Path, concept: str = "", template: str = DEFAULT) -> Path:
    """Starts a project in a folder, which is made if need be, and gives the path of its project.yaml.

    The song is copied in. Without a concept the starter's own stands. Raises ProjectError, before anything is written,
    where the folder holds a project already, or where the song or the starter is not there.
    """
    text = _template(template)
    file = folder / "project.yaml"
    if folder.exists() and not folder.is_dir():
        raise ProjectError(f"{folder} is a file", "name a folder that is new, or empty")
    if file.exists() or file.is_symlink():
        raise ProjectError(f"{file} is there already", "name another folder; a project file is never overwritten")
    name = _song_name(song)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _copy(song, folder / name)
        _ignore(folder)
        text = _with(text, "title", scalar(_title(folder)))
        text = _with(text, "song", scalar(name))
        concept = _one_line(concept)
        if concept:
            text = _with(text, "concept", _folded(concept) or scalar(concept))
        write_schema(folder)
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ProjectError(f"{folder} cannot be written ({why})", "name a folder that you may write in") from None
    return file


def write_schema(folder: Path) -> bool:
    """Puts this mvr's schema at `.mvr/project.schema.json`, for editors, where it is absent or of another version.

    Says whether it was written; a folder that cannot be written does without.
    """
    shipped = resource("schemas/project.schema.json").read_bytes()
    copy = folder / ".mvr" / "project.schema.json"
    with contextlib.suppress(OSError):
        if copy.is_file() and copy.read_bytes() == shipped:
            return False
    try:
        copy.parent.mkdir(exist_ok=True)
        ignore = copy.parent / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
        aside = copy.with_name(f"{copy.name}.{os.getpid()}")
        aside.write_bytes(shipped)
        aside.replace(copy)
    except OSError:
        return False
    return True


def scalar(text: str) -> str:
    """A text as a YAML value on one line: as it is where every reader takes that for the same text, else in quotes."""
    if _PLAIN.fullmatch(text) and not text.endswith(" ") and text.isprintable() and not _is_word_of_yaml(text):
        return text
    quoted = json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False)
    return "".join(char if char.isprintable() else _escaped(char) for char in quoted)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _is_word_of_yaml(text: str) -> bool:
    """Whether YAML 1.1 or 1.2 reads a word as something else than text."""
    return text.lower() in ("null", "true", "false", "yes", "no", "on", "off", "y", "n")


def _template(name: str) -> str:
    known = templates()
    if name not in known:
        from mvr.project.units import did_you_mean

        raise ProjectError(f"no template is named {name!r}", did_you_mean(name, known, "templates"))
    return resource(f"templates/projects/{name}.yaml").read_text("utf-8")


def _with(text: str, key: str, value: str) -> str:
    """A starter with another value for one of its own keys, and without the comment beside it."""
    return re.sub(rf"(?m)^{key}: .*$", lambda _: f"{key}: {value}", text, count=1)


def _one_line(text: str) -> str:
    """A text without line breaks and control characters, and with a stand-in for what is no text at all."""
    clean = text.encode("utf-8", "replace").decode()
    return " ".join("".join(" " if ord(char) < 32 or ord(char) == 127 else char for char in clean).split())


def _folded(concept: str) -> str:
    """A long concept as a folded block; empty where it is short, too long, or not all printable."""
    if len(concept) <= WIDTH or not concept.isprintable():
        return ""
    lines = textwrap.wrap(concept, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n  ".join((">", *lines)) if len(lines) <= MOST_LINES else ""


def _title(folder: Path) -> str:
    words = _one_line(re.sub(r"[-_]+", " ", folder.absolute().name)) or "Untitled"
    return words.title() if words.islower() and words.isascii() else words


def _song_name(song: Path) -> str:
    """What the song's copy is called: as the song is, unless that is no name that every system can write."""
    hint = "name the song's file: --song ~/Music/song.wav"
    try:
        if song.is_dir():
            raise ProjectError(f"the song {song} is a folder", hint)
        if not song.exists():
            raise ProjectError(f"the song {song} is not there", hint)
        if not song.is_file():
            raise ProjectError(f"the song {song} is no regular file", hint)
        with song.open("rb") as opened:
            if not opened.read(1):
                raise ProjectError(f"the song {song} is empty", "was it copied whole?")
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise ProjectError(f"the song {str(song)!r} cannot be read ({why})", "may you read it? `ls -l` says") from None
    name = song.name
    safe = name.isprintable() and not name.startswith((".", "~", "-")) and not re.search(r'[\\:*?"<>|]', name)
    suffix = song.suffix if re.fullmatch(r"\.[A-Za-z0-9]+", song.suffix) else ""
    return name if safe else f"song{suffix}"


def _copy(song: Path, copy: Path) -> None:
    """Copies the song in, whole or not at all. Raises ProjectError where another file has its name."""
    if copy.exists():
        if not copy.samefile(song) and not filecmp.cmp(song, copy, shallow=False):
            raise ProjectError(f"{copy} is there already, and is another file", "rename one of the two")
        return
    aside = copy.with_name(f".{copy.name}.{os.getpid()}")
    try:
        shutil.copyfile(song, aside)
        aside.replace(copy)
    finally:
        aside.unlink(missing_ok=True)


def _ignore(folder: Path) -> None:
    """Keeps what mvr makes out of git, beside whatever else is kept out."""
    file = folder / ".gitignore"
    lines = file.read_text("utf-8", "surrogateescape").splitlines() if file.exists() else []
    missing = [line for line in IGNORED if line not in lines]
    if missing:
        file.write_text("\n".join([*lines, *missing, ""]), "utf-8", "surrogateescape")
