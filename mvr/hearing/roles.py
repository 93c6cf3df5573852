"""What each section is to the song: verse, chorus and the like, told by what repeats, how loud and where it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from mvr.hearing.envelopes import ENERGY_RATE
from mvr.hearing.samples import Floats
from mvr.hearing.sections import Span

LOW, HIGH = 0.42, 0.70  # energy (0 to 1) below which a section is low, above which it is high
SLOPE = 0.22  # how much more its last third has than its first, to be rising
NONE = -1  # no label
SHORT = 8  # bars that an intro, a break or a pre-chorus has at most


@dataclass(frozen=True)
class Heard:
    """One section with its name. energy is low, medium, high, rising or falling; amount is its mean, 0 to 1."""

    name: str
    start: float
    end: float
    role: str
    label: str
    energy: str
    amount: float


def named(spans: list[Span], curve: Floats, roles: list[str] | None = None) -> list[Heard]:
    """The sections with their roles and names. curve is the song's energy; roles, where given, are not guessed."""
    amounts = [_mean(curve, span.start, span.end) for span in spans]
    if roles is None:
        roles = _roles(spans, amounts)
    counts: Counter[str] = Counter()
    heard = []
    for span, amount, role in zip(spans, amounts, roles, strict=True):
        counts[role] += 1
        word = _word(curve, span, amount)
        heard.append(
            Heard(f"{role}-{counts[role]}", span.start, span.end, role, letters(span.label), word, round(amount, 3))
        )
    return heard


def letters(number: int) -> str:
    """A, B, ... Z, AA, AB ... for 0, 1, ..."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _mean(curve: Floats, start: float, end: float) -> float:
    """The mean of the energy curve over [start, end) seconds."""
    first = min(int(start * ENERGY_RATE), max(0, len(curve) - 1))
    part = curve[first : max(first + 1, round(end * ENERGY_RATE))]
    return float(part.mean()) if len(part) else 0.0


def _word(curve: Floats, span: Span, amount: float) -> str:
    third = (span.end - span.start) / 3
    if third > 1.0:
        slope = _mean(curve, span.end - third, span.end) - _mean(curve, span.start, span.start + third)
        if abs(slope) > SLOPE:
            return "rising" if slope > 0 else "falling"
    return "low" if amount < LOW else "high" if amount > HIGH else "medium"


def _roles(spans: list[Span], amounts: list[float]) -> list[str]:
    """A role for each section of a song with a beat."""
    count = len(spans)
    if count == 1:
        return ["verse"]
    labels = [span.label for span in spans]
    chorus = _chorus(spans, amounts)
    roles = ["chorus" if label == chorus else "verse" for label in labels]
    mean = float(np.average(amounts, weights=[span.bars for span in spans]))
    if _at_the_edge(spans, amounts, 0, chorus, mean):
        roles[0] = "intro"
    if _at_the_edge(spans, amounts, count - 1, chorus, mean):
        roles[-1] = "outro"
    repeated = Counter(label for label, role in zip(labels, roles, strict=True) if role == "verse")
    for i in range(1, count - 1):
        if roles[i] != "verse":
            continue
        before, after = amounts[i - 1], amounts[i + 1]
        quieter = min(before, after) - amounts[i]
        if spans[i].bars <= SHORT and amounts[i] < LOW and quieter > 0.15:
            roles[i] = "break"
        elif roles[i + 1] == "chorus" and roles[i - 1] == "verse" and spans[i].bars <= SHORT // 2 * 1.5:
            roles[i] = "pre-chorus"
        elif repeated[labels[i]] == 1 and i > count / 2 and "chorus" in roles[:i] and "verse" in roles[:i]:
            roles[i] = "bridge"
    return roles


def _chorus(spans: list[Span], amounts: list[float]) -> int:
    """The label of the choruses: of what comes back, the loudest; else the loudest section that is neither end.

    NONE where no section stands out.
    """
    ways: dict[int, list[int]] = {}
    for i, span in enumerate(spans):
        ways.setdefault(span.label, []).append(i)
    again = {label: places for label, places in ways.items() if len(places) > 1}

    def loudness(label: int) -> float:
        places = ways[label]
        return float(np.average([amounts[i] for i in places], weights=[spans[i].bars for i in places]))

    if len(again) > 1 or (again and len(ways) > len(again)):
        label = max(again, key=loudness)
        if loudness(label) >= float(np.mean(amounts)) - 0.02:
            return label
    inner = range(1, len(spans) - 1) if len(spans) > 2 else range(len(spans))
    loudest = max(inner, key=lambda i: amounts[i])
    return spans[loudest].label if amounts[loudest] > float(np.mean(amounts)) + 0.05 else NONE


def _at_the_edge(spans: list[Span], amounts: list[float], i: int, chorus: int, mean: float) -> bool:
    """Whether the first section is an intro, or the last an outro: short beside its like, or alone, or quiet."""
    span = spans[i]
    like = [other.bars for j, other in enumerate(spans) if j != i and other.label == span.label]
    shorter = bool(like) and span.bars <= 0.6 * float(np.median(like))
    if span.label == chorus and not shorter:
        return False
    if span.bars > 2 * SHORT and span.end - span.start > 30:
        return False
    return not like or shorter or (amounts[i] < mean - 0.1 and span.bars <= SHORT)
