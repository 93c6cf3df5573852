"""Weights of a model: a commit on a hub that lies in this machine's cache, or a folder; and what they are known by.

A hub's model is known by its 40-hex commit, which names its bytes. A folder is known by the sha256 of each of its
files, remembered by stat in the user's cache folder: 16 GB take ten seconds to read, and a plan must not.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any

COMMIT = re.compile(r"[0-9a-f]{40}")
SHA256 = re.compile(r"[0-9a-f]{64}")
HUB = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)?")
LICENCE = re.compile(r"LICEN[CS]E(\.(md|txt))?", re.IGNORECASE)
READ = (".safetensors", ".json", ".txt", ".model", ".jinja")
"""Files that a model is loaded from. Pickled weights and code are not among them, and are never loaded."""

SETTLED_NS = 2_000_000_000
"""A stat is proof of the same bytes only for a file that was older than this when it was read (see engine.witness)."""

_BLOCK = 1 << 20
_known: dict[str, Any] = {}


def is_folder(model: str) -> bool:
    """True where a name means a folder of this machine, and not a model on a hub."""
    return model.startswith(("/", "~"))


def identity(model: str, revision: str) -> Any:
    """What a model's weights are known by, as plain JSON. A folder's path is no part of it. Raises OSError."""
    if not is_folder(model):
        return {"model": model, "revision": revision}
    folder = Path(model).expanduser()
    if not folder.is_dir():
        return {"missing": folder.name}  # what it lacks is told by `check`, and by the job that wants it
    return {"files": {path.relative_to(folder).as_posix(): _digest(path) for path in files(folder)}}


def files(folder: Path) -> list[Path]:
    """The files of a model's folder that it is loaded from, sorted by path; those of hidden folders are none."""
    found = (path for path in folder.rglob("*") if path.suffix in READ and path.is_file())
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def rests_on(model: str) -> list[Path]:
    """What the identity of a model in a folder rests on: the folder, those in it, and its files; a commit on none."""
    if not is_folder(model):
        return []
    folder = Path(model).expanduser()
    inner = [path for path in folder.rglob("*") if path.is_dir()] if folder.is_dir() else []
    return [folder, *sorted(inner), *files(folder)]


def digests(model: str, revision: str) -> dict[str, str]:
    """The sha256 of each file of weights, for the provenance; of a hub's as its cache names them, checked at a pull."""
    folder = here(model, revision)
    found = {path.relative_to(folder).as_posix(): path for path in files(folder) if path.suffix == ".safetensors"}
    if is_folder(model):
        return {name: _digest(path) for name, path in found.items()}
    named = {name: path.resolve().name for name, path in found.items()}
    return {name: digest for name, digest in named.items() if SHA256.fullmatch(digest)}


def here(model: str, revision: str) -> Path:
    """The folder that a model is loaded from, whether it is there or not."""
    if is_folder(model):
        return Path(model).expanduser()
    return cache() / f"models--{model.replace('/', '--')}" / "snapshots" / revision


def cache() -> Path:
    """Where the hub's own tools keep models on this machine."""
    home = Path(os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface")
    return Path(os.environ.get("HF_HUB_CACHE") or home / "hub").expanduser()


def lacks(model: str, revision: str, index: str = "config.json") -> str | None:
    """None where a model can be loaded, else what is missing and what to do, in one sentence.

    index: the file that its folder begins with; empty for weights without one.
    """
    if not model:
        return "it needs a model: `model: NAME` of a hub with its `revision`, or a folder of weights from the root"
    if not is_folder(model):
        if not HUB.fullmatch(model) or ".." in model:
            return "`model` is neither a hub's name, such as Qwen/Qwen3-4B-Instruct-2507, nor a folder from the root"
        if not COMMIT.fullmatch(revision):
            return f'{model} needs its commit, `revision: "…"`, 40 hex digits: `mvr models --pin` writes it'
    folder = here(model, revision)
    if is_folder(model) and (wrong := _no_folder(model, folder)):
        return wrong
    if not ((folder / index).is_file() if index else folder.is_dir()):
        if not is_folder(model):
            return f"the weights of {model} are not here; `mvr models --pull` fetches them"
        return f"the weights of {model} are not here: it has no {index}, with which a model's folder begins"
    if not any(path.suffix == ".safetensors" for path in files(folder)):
        return f"{model} has no .safetensors files, and {_PICKLED}"
    if part := _pickled(folder):
        return f"{part}/ of {model} has no .safetensors files, and {_PICKLED}"
    return None


_PICKLED = "pickled weights are not loaded: they can run code"
_PICKLES = (".bin", ".ckpt", ".pt", ".pth", ".pkl")


def _no_folder(model: str, folder: Path) -> str | None:
    """Why what was named as a model's folder is none; None where it is one."""
    if folder.is_dir():
        return None
    if not folder.exists():
        return f"the weights of {model} are not here: there is no such folder"
    if folder.suffix in _PICKLES:
        return f"{model} is a pickle, and {_PICKLED}; name a folder of safetensors, as diffusers saves them"
    return f"{model} is a file; name the folder of the whole model, as diffusers saves it"


def _pickled(folder: Path) -> str:
    """The first part of a pipeline that has pickled weights alone; empty where none has, or it is no pipeline.

    The parts are those of its index: its folder may hold others, for other programs.
    """
    try:
        index = json.loads((folder / "model_index.json").read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    for part in sorted(name for name in index if (folder / name).is_dir()) if isinstance(index, dict) else ():
        kinds = {path.suffix for path in (folder / part).iterdir()}
        if kinds & set(_PICKLES) and ".safetensors" not in kinds:
            return str(part)
    return ""


def _digest(path: Path) -> str:
    """sha256 (hex) of a file, read again only where its size, times or inode have changed."""
    now = time.time_ns()
    stat = path.stat()
    seen = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]
    name = str(path.resolve())
    for table in (_known, _remembered()):
        entry = table.get(name)
        if isinstance(entry, list) and entry[:-1] == seen:
            return str(entry[-1])
    state = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            state.update(block)
    if max(stat.st_mtime_ns, stat.st_ctime_ns) + SETTLED_NS < now:
        _known[name] = [*seen, state.hexdigest()]
        _remember(name)
    return state.hexdigest()


def _table() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("mvr") / "weights.json"


def _remembered() -> Mapping[str, Any]:
    try:
        table = json.loads(_table().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return table if isinstance(table, dict) else {}


def _remember(name: str) -> None:
    """Writes one entry beside the others. A folder that cannot be written is done without."""
    path = _table()
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps({**_remembered(), name: _known[name]}), "utf-8")
        aside.replace(path)


def is_card(name: str) -> bool:
    """True for a file of a model's own folder that says what it is and what is allowed with it."""
    return name == "README.md" or bool(LICENCE.fullmatch(name))


def card(model: str, revision: str) -> str:
    """The licence that a model that is here says it has: its card's, else the first line of its licence's file; empty
    where it says nothing."""
    folder = here(model, revision)
    said = _front(folder / "README.md")
    found = said.get("license_name") or said.get("license", "")
    if found and found != "other":
        return found
    with contextlib.suppress(OSError):
        for path in sorted(one for one in folder.iterdir() if LICENCE.fullmatch(one.name) and one.is_file()):
            lines = (line.strip(" #*=-") for line in path.read_text("utf-8", "replace").splitlines())
            if first := next((line for line in lines if line), ""):
                return first[:80]
    return found


def unsold(licence: str) -> bool:
    """True where a licence's name says that nothing made under it may be sold."""
    return bool(re.search(r"non-?commercial|-nc\b", licence, re.IGNORECASE))


def _front(path: Path) -> dict[str, str]:
    """The plain words at the head of a card, between its first two lines of dashes."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    if not lines or lines[0].strip() != "---":
        return {}
    form = r"(license\w*):\s*[\"']?([^\"'#]+?)[\"']?\s*(?:#.*)?"
    words = (re.fullmatch(form, line) for line in takewhile(_goes_on, lines[1:]))
    return {found[1]: found[2] for found in words if found}


def _goes_on(line: str) -> bool:
    return line.strip() != "---"
