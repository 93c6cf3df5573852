"""Encoded prompts, kept in a worker from job to job.

A text encoder is often larger than the model that draws. What it made of a prompt is kept by the encoder and the
prompt, in the processor's memory, so that takes of one shot, and what is to be avoided in all of them, are encoded
once; and while an encoder is on the device, all prompts of a run can be encoded before it leaves.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

MOST_BYTES = 2 << 30
"""Kept in one worker. 512 tokens of T5-XXL in bf16 are 4 MiB: some five hundred prompts."""

_kept: OrderedDict[tuple[str, str], Any] = OrderedDict()


def encoded(encoder: str, prompt: str, encode: Callable[[], Any]) -> Any:
    """What `encode` gives (tensors in dicts and lists) for a prompt, from memory where it was encoded before.

    encoder: what decides it beside the prompt: weights, adapters, what is avoided, precision.
    """
    key = (encoder, prompt)
    if key not in _kept:
        _kept[key] = moved(encode(), "cpu")
        while len(_kept) > 1 and sum(_bytes(one) for one in _kept.values()) > MOST_BYTES:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]


def forget() -> None:
    """Drops all that is kept."""
    _kept.clear()


def moved(value: Any, device: Any) -> Any:
    """The same with every tensor on a device."""
    if isinstance(value, dict):
        return {name: moved(one, device) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(moved(one, device) for one in value)
    return value.to(device) if hasattr(value, "to") else value


def _bytes(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_bytes(one) for one in value.values())
    if isinstance(value, list | tuple):
        return sum(_bytes(one) for one in value)
    return value.numel() * value.element_size() if hasattr(value, "numel") else 0
