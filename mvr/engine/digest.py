"""Canonical JSON, content digests and keys: the identity of everything that is made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

KEY_FORMAT = "mvr-key-1 sha256"
"""Names the algorithm inside every key, so that another one can never be taken for it."""

_BLOCK = 1 << 20
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: Any) -> bytes:
    """The one JSON text of a value: sorted keys, no spaces, UTF-8. Raises ValueError for NaN and infinity."""
    return _ENCODER.encode(value).encode()


def of_bytes(data: bytes) -> str:
    """sha256 of bytes, as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def of_file(path: Path) -> str:
    """sha256 of a file's bytes, read in blocks of 1 MiB. Raises OSError where it cannot be read."""
    state = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            state.update(block)
    return state.hexdigest()


def sealed(document: Mapping[str, Any]) -> bytes:
    """A document as the one JSON text that holds its own digest, under `sum`: a flipped byte of it shows."""
    return _sealed(json.loads(canonical(dict(document))))


def unsealed(data: bytes) -> dict[str, Any]:
    """A sealed document, without its seal. Raises ValueError where `data` is not byte for byte what was sealed."""
    document = json.loads(data)
    if not isinstance(document, dict) or document.pop("sum", None) is None or _sealed(document) != data:
        raise ValueError("this is not what was sealed")
    return document


def _sealed(plain: dict[str, Any]) -> bytes:
    return canonical({**plain, "sum": of_bytes(canonical(plain))})


def key(
    stage: str,
    version: int,
    recipe: Any,
    inputs: Mapping[str, Sequence[str]],
    files: Mapping[str, Sequence[str]],
) -> str:
    """The key of a node: what it is made by, to which recipe, and from which contents (digests by role, in order).

    A node's name and the paths of its files are no part of it.
    """
    document = {
        "key": KEY_FORMAT,
        "stage": stage,
        "version": version,
        "recipe": recipe,
        "inputs": {role: list(digests) for role, digests in inputs.items()},
        "files": {role: list(digests) for role, digests in files.items()},
    }
    return of_bytes(canonical(document))
