"""Encoded prompts, kept in a worker from job to job.

A text encoder is often larger than the model that draws. What it made of a prompt is kept by the encoder and the
prompt, in the processor's memory. The first job of a run has all prompts encoded that the run will want of its weights,
one by one, before anything is denoised: where the encoder has to make room for the model that draws, it does so once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from mvr.engine.job import Cancelled, Desk

MOST_BYTES = 2 << 30
"""Kept in one worker. 512 tokens of T5-XXL in bf16 are 4 MiB: some five hundred prompts."""

_kept: OrderedDict[tuple[str, str], Any] = OrderedDict()


def encoded(encoder: str, prompt: str, encode: Callable[[], Any]) -> Any:
    """What `encode` gives (tensors in dicts and lists) for a prompt, from memory where it was encoded before.

    encoder: what decides it beside the prompt: weights, adapters, what is avoided, precision.
    """
    key = (encoder, prompt)
    if key not in _kept:
        import torch

        with torch.no_grad():
            _kept[key] = moved(encode(), "cpu")
        while len(_kept) > 1 and sum(_bytes(one) for one in _kept.values()) > MOST_BYTES:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]


def ahead(jobs: Iterable[Callable[[], Any]], desk: Desk) -> None:
    """Encodes the prompts of jobs to come, each of which calls `encoded`, while there is room to keep what is made of
    them. Raises Cancelled once nobody wants the job at hand any more."""
    for job in jobs:
        if desk.cancelled():
            raise Cancelled
        if sum(_bytes(one) for one in _kept.values()) >= MOST_BYTES:
            return
        job()


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
