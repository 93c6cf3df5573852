"""The door to the hub of models: which commit a name means today, what is in it, and its files fetched and checked.

HF_ENDPOINT, HF_HUB_OFFLINE, HF_TOKEN and the usual proxy variables are honoured, as by every tool of that hub. A render
never comes here.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mvr.errors import MachineError

_BLOCK = 1 << 20


@dataclass(frozen=True)
class File:
    """A file of a model: bytes, and its digest: sha256 (64 hex) of its bytes, or git's sha1 (40 hex) of a blob."""

    size: int
    digest: str


@dataclass(frozen=True)
class Found:
    """A model as the hub has it: its commit, its licence ('' where it names none), and its files by name."""

    commit: str
    licence: str
    files: Mapping[str, File]


def look(model: str, revision: str = "") -> Found:
    """What the hub has of a model; without a revision, of its newest. Raises MachineError."""
    with _answers(model):
        from huggingface_hub import HfApi

        found = HfApi(endpoint=_endpoint()).model_info(
            model, revision=revision or None, files_metadata=True, timeout=30
        )
    files = {}
    for one in found.siblings or ():
        sha = one.lfs.sha256 if one.lfs else one.blob_id
        files[one.rfilename] = File(int(one.size or 0), sha or "")
    card = found.card_data
    licence = str((card.get("license_name") or card.get("license") or "") if card else "")
    return Found(str(found.sha or ""), licence, files)


def fetch(model: str, commit: str, names: list[str], cache: Path) -> Path:
    """Fetches files of a model into a cache of the hub's layout, going on where it was cut off; gives their folder.

    Raises MachineError.
    """
    with _answers(model):
        from huggingface_hub import snapshot_download

        folder = snapshot_download(
            model, revision=commit, allow_patterns=names, cache_dir=cache, endpoint=_endpoint(), max_workers=4
        )
    return Path(folder)


def damaged(folder: Path, files: Mapping[str, File]) -> list[str]:
    """The files of a folder that are not what the hub says, which are taken away so that they are fetched again."""
    wrong = []
    for name, known in files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != known.size or _digest(path, known) != known.digest:
            wrong.append(name)
            path.resolve().unlink(missing_ok=True)
            path.unlink(missing_ok=True)
    return wrong


def _digest(path: Path, known: File) -> str:
    state = hashlib.sha256() if len(known.digest) == 64 else hashlib.sha1(usedforsecurity=False)
    if len(known.digest) == 40:
        state.update(b"blob %d\0" % known.size)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            state.update(block)
    return state.hexdigest() if known.digest else ""


def _endpoint() -> str | None:
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or None


@contextmanager
def _answers(model: str) -> Iterator[None]:
    """Turns what the hub's library raises into one sentence and what to do."""
    try:
        from huggingface_hub import errors
    except ImportError:
        raise MachineError("huggingface_hub is not installed", "pip install 'mvr[gpu]'") from None
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE"):
        raise MachineError(
            f"{model}: HF_HUB_OFFLINE is set, so the hub is not asked", "unset it, or copy the weights here"
        )
    try:
        yield
    except errors.GatedRepoError:
        hint = "agree to its licence on its page, then `hf auth login`"
        raise MachineError(f"{model} is given only to who agreed to its licence", hint) from None
    except errors.RepositoryNotFoundError:
        hint = "is the name right? a private model needs `hf auth login`"
        raise MachineError(f"the hub has no model named {model}", hint) from None
    except (errors.RevisionNotFoundError, errors.EntryNotFoundError) as error:
        raise MachineError(
            f"{model} does not have that: {_brief(error)}", "`mvr models --pin` finds its commit"
        ) from None
    except (errors.HTTPError, OSError, ValueError) as error:
        hint = "the same command goes on where this ended; HF_ENDPOINT and the proxy variables say where the hub is"
        raise MachineError(f"the hub did not give {model}: {_brief(error)}", hint) from None


def _brief(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
