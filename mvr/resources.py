"""Finds schemas/ and templates/: in a checkout at its top, in a wheel inside the package."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent
_TOP = _HERE / "_resources" if (_HERE / "_resources").is_dir() else _HERE.parent


def resource(name: str) -> Path:
    """The path of a file or folder that travels with mvr, such as `schemas/project.schema.json`."""
    return _TOP / name
