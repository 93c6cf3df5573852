"""This machine's own settings: lanes, where the store stands, and which folders a project may read beside its own.

They stand in `mvr/config.toml` in the user's configuration folder, or in the file that MVR_CONFIG names:

    store = "~/mvr-store"             # MVR_STORE wins over it
    allow = ["/data/footage"]         # folders that projects may name files in

    [lanes]                           # jobs at a time
    cpu = 8
    encode = 4
    gpu = 1
    net = 4

They change how fast a film is made, and never what is in it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mvr.errors import Fault, ProjectError
from mvr.model import Json

LANES = ("cpu", "encode", "gpu", "net")
KEYS = ("store", "allow", "lanes")
MOST_LANES = 1024
MOST_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Machine:
    """The settings of one machine.

    lanes: how many jobs of each kind run at a time, 1 to 1024. store: the folder of the store, or None for `.mvr/`
    beside the project file. allow: folders outside a project's that its files may stand in. file: the settings' file,
    where there is one.
    """

    lanes: Mapping[str, int]
    store: Path | None = None
    allow: tuple[Path, ...] = ()
    file: Path | None = None

    def words(self) -> dict[str, Json]:
        """All of it as plain data."""
        return {
            "lanes": dict(self.lanes),
            "store": str(self.store) if self.store else None,
            "allow": [str(folder) for folder in self.allow],
        }


def default_lanes() -> dict[str, int]:
    """As many jobs on the processor as it has cores that this process may use; the gpu takes one at a time."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {"cpu": cores, "encode": max(1, cores // 2), "gpu": 1, "net": 4}


def load() -> Machine:
    """This machine's settings, with defaults where none are written. Raises ProjectError with the file and the key."""
    file = settings_file()
    written = _read(file) if file is not None else {}
    faults: list[Fault] = []
    name = str(file)

    def wrong(path: str, found: str, expected: str, hint: str = "") -> None:
        faults.append(Fault(name, 0, 0, path, found, expected, hint))

    for key in written.keys() - set(KEYS):
        wrong(key, f"unknown key '{key}'", "", _near(key, KEYS))
    lanes = default_lanes()
    asked = written.get("lanes", {})
    if not isinstance(asked, dict):
        wrong("lanes", _shown(asked), "a table such as [lanes] with cpu = 8")
        asked = {}
    for lane, count in asked.items():
        if lane not in LANES:
            wrong(f"lanes.{lane}", f"unknown lane '{lane}'", "", _near(lane, LANES))
        elif isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_LANES:
            wrong(f"lanes.{lane}", _shown(count), f"a whole number from 1 to {MOST_LANES}")
        else:
            lanes[lane] = count
    store = written.get("store")
    if store is not None and not _is_folder_name(store):
        wrong("store", _shown(store), 'a folder from the root, such as "/data/mvr-store" or "~/mvr-store"')
        store = None
    allow = written.get("allow", [])
    if not isinstance(allow, list) or not all(_is_folder_name(folder) for folder in allow):
        wrong("allow", _shown(allow), 'a list of folders from the root, such as ["/data/footage"]')
        allow = []
    if faults:
        raise ProjectError(sorted(faults, key=lambda fault: fault.path))
    store = os.environ.get("MVR_STORE", "").strip() or store
    return Machine(lanes, _folder(store) if store else None, tuple(_folder(one) for one in allow), file)


def settings_file() -> Path | None:
    """The file of the settings, or None where there is none. Raises ProjectError where MVR_CONFIG names none."""
    named = os.environ.get("MVR_CONFIG", "").strip()
    if named:
        file = _folder(named)
        if not file.is_file():
            raise ProjectError(
                f"MVR_CONFIG names {file}, which is no file", "name a settings file, or unset MVR_CONFIG"
            )
        return file
    if sys.platform == "linux":
        # platformdirs takes 10 ms to import; on Linux it would answer this, and mostly there is no such file.
        home = _folder(os.environ.get("XDG_CONFIG_HOME", "").strip() or "~/.config")
        if not (home / "mvr" / "config.toml").exists():
            return None
    from platformdirs import user_config_path

    file = user_config_path("mvr", appauthor=False) / "config.toml"
    return file if file.is_file() else None


def _read(file: Path) -> dict[str, Json]:
    import tomllib

    try:
        with file.open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise ProjectError(f"{file} is too large for a settings file", "1 MiB at most; is it another file?")
        return tomllib.loads(raw.decode())
    except OSError as error:
        raise ProjectError(
            f"{file} cannot be read ({(error.strerror or str(error)).lower()})", "may you read it?"
        ) from None
    except UnicodeDecodeError:
        raise ProjectError(f"{file} is no text in UTF-8", "save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProjectError(f"{file} is no TOML: {error}", "write key = value lines, text in quotes") from None


def _is_folder_name(value: Json) -> bool:
    return isinstance(value, str) and "\0" not in value and (value.startswith("~") or Path(value).is_absolute())


def _folder(name: str) -> Path:
    """A folder's path from the root. Raises ProjectError for the home of a user who is not here."""
    try:
        return Path(name).expanduser().absolute()
    except RuntimeError:
        raise ProjectError(f"{name!r} names the home of a user who is not here", "write the folder out") from None


def _near(word: str, words: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    found = get_close_matches(word, words, 1, 0.5)
    return f"did you mean '{found[0]}'?" if found else f"it may be: {', '.join(words)}"


def _shown(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
