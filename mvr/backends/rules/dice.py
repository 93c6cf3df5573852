"""Choices that look free and are not: each follows from its key alone, never from the choices before it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from math import log
from typing import TypeVar

T = TypeVar("T")


def dice(*key: object) -> float:
    """A number in (0, 1) that follows from a key."""
    data = hashlib.sha256("\n".join(str(part) for part in key).encode()).digest()
    return (int.from_bytes(data[:7], "big") + 0.5) / 2**56


def pick(options: Sequence[T], *key: object) -> T:
    """One of the options."""
    return options[int(dice(*key) * len(options))]


def ordered(options: Sequence[T], *key: object) -> list[T]:
    """The options in an order of the key's own; one option more or less leaves the order of the others as it is."""
    return sorted(options, key=lambda option: dice(*key, option))


def weighted(options: Mapping[str, float], *key: object) -> list[str]:
    """The names of the options, those of more weight more often first (Efraimidis and Spirakis, 2006)."""
    return sorted(options, key=lambda name: log(dice(*key, name)) / max(options[name], 1e-9), reverse=True)
