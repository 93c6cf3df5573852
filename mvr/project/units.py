"""Times, lengths, sizes, rates and colours as a user writes them, read strictly; and words that nearly match."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from mvr.model import TRANSITIONS, Json

SIZES = {"vertical": (1080, 1920), "wide": (1920, 1080), "square": (1080, 1080), "4:5": (1080, 1350)}
OTHER_NAMES = {"9:16": "vertical", "16:9": "wide", "1:1": "square", "portrait": "vertical", "landscape": "wide"}
LEAST, MOST = 16, 8192  # pixels
RATES = (1, 240)  # frames a second

_SECONDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?s")
_CLOCK = re.compile(r"(?:([0-9]{1,3}):([0-5]?[0-9])|([0-9]{1,3})):([0-5][0-9](?:\.[0-9]{1,6})?)")
_SIZE = re.compile(r"([0-9]{1,8})x([0-9]{1,8})")
_RATE = re.compile(r"([1-9][0-9]{0,6})/([1-9][0-9]{0,3})")


class Misread(ValueError):
    """A value that does not say what it should. found: what it is, as a sentence's beginning; hint: how to mend it."""

    def __init__(self, found: str, hint: str = "") -> None:
        super().__init__(f"{found}; {hint}")
        self.found = found
        self.hint = hint


def shown(value: Json, most: int = 60) -> str:
    """A value as an error shows it: text in quotes, on one line, cut short, with nothing that moves a cursor."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    text = str(value)
    if len(text) > most:
        text = f"{text[:most]}…"
    text = "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
    return f"'{text}'" if isinstance(value, str) else text


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of words that a mistyped word most likely means, or None."""
    from difflib import get_close_matches

    known = {one.lower(): one for one in words}
    found = get_close_matches(word.lower()[:100], known, 1, 0.6)
    return known[found[0]] if found else None


def did_you_mean(word: str, words: Iterable[str], called: str = "known") -> str:
    """A hint: the nearest of words, or all of them where none is near and they are few."""
    known = list(words)
    near = nearest(word, known)
    if near is not None:
        return f"did you mean '{near}'?"
    if not known:
        return ""
    return f"{called}: {', '.join(known[:24])}{', …' if len(known) > 24 else ''}"


def time(value: Json) -> float:
    """Seconds of a time such as `83.4s` or `[H:]M:SS.s`. Raises Misread."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise Misread(f"the bare number {shown(value)}", f"write {_bare(value)}s, or {_clock(value)}")
    if not isinstance(value, str):
        raise Misread(shown(value))
    if _SECONDS.fullmatch(value):
        return float(value[:-1])
    match = _CLOCK.fullmatch(value)
    if match is not None:
        return int(match[1] or 0) * 3600 + int(match[2] or match[3]) * 60 + float(match[4])
    if value.startswith("-"):
        hint = "a time counts from the start, and is never negative"
    elif re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        hint = f"write {value}s, or minutes and seconds such as 0:12.5"
    elif re.fullmatch(r"([0-9]+:)?[0-9]+:[0-9](\.[0-9]+)?", value):
        hint = "seconds have two digits: 1:05"
    elif re.fullmatch(r"([0-9]+:){1,2}[6-9][0-9](\.[0-9]+)?", value):
        hint = "seconds go to 59 after a colon; 75.5s is a time too"
    else:
        hint = "write it as 83.4s or 1:23.4"
    raise Misread(shown(value), hint)


def length(value: Json) -> float:
    """Seconds of a length such as `2.5s`. Raises Misread."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise Misread(f"the bare number {shown(value)}", f"write {_bare(value)}s")
    if not isinstance(value, str):
        raise Misread(shown(value))
    if _SECONDS.fullmatch(value):
        return float(value[:-1])
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        raise Misread(shown(value), f"write {value}s")
    if re.fullmatch(r"[0-9.]+ *(s|sec|secs|second|seconds)", value):
        raise Misread(shown(value), f"write {re.match(r'[0-9.]+', value)[0]}s")  # type: ignore[index]
    raise Misread(shown(value), "write seconds and an s: 2.5s")


def size(value: Json) -> tuple[int, int]:
    """Width and height in pixels of `vertical`, `wide`, `square`, `4:5` or `WxH` (even, 16 to 8192). Raises Misread."""
    if isinstance(value, int) and not isinstance(value, bool):
        found = f"the number {shown(value)}" if value else "0x0, which YAML reads as the number 0"
        raise Misread(found, f"each side has {LEAST} to {MOST} pixels: write it as 1280x720")
    if not isinstance(value, str):
        raise Misread(shown(value), "write it as 1280x720")
    if value in SIZES:
        return SIZES[value]
    match = _SIZE.fullmatch(value)
    if match is None:
        loose = re.fullmatch(r"\s*([0-9]{1,8})\s*[xX×*]\s*([0-9]{1,8})\s*", value)
        if loose is not None:
            raise Misread(shown(value), f"write {loose[1]}x{loose[2]}")
        near = OTHER_NAMES.get(value.lower())
        raise Misread(shown(value), f"write {near}" if near else did_you_mean(value, SIZES, "sizes with a name"))
    width, height = int(match[1]), int(match[2])
    if not (LEAST <= width <= MOST and LEAST <= height <= MOST):
        near_size = "x".join(str(min(max(side - side % 2, LEAST), MOST)) for side in (width, height))
        raise Misread(shown(value), f"each side has {LEAST} to {MOST} pixels; the nearest is {near_size}")
    if width % 2 or height % 2:
        raise Misread(shown(value), f"video needs even sides: {width + width % 2}x{height + height % 2}")
    return width, height


def fps(value: Json) -> Fraction:
    """Frames a second of a whole number or a fraction such as `30000/1001`, 1 to 240. Raises Misread."""
    low, high = RATES
    if isinstance(value, str) and (match := _RATE.fullmatch(value)):
        rate = Fraction(int(match[1]), int(match[2]))
        if not low <= rate <= high:
            raise Misread(f"{value} is {float(rate):.3g} frames a second", f"write a rate from {low} to {high}")
        return rate
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value):
        raise Misread(shown(value), f"write {_rate(float(value))}, without quotes" if float(value) else "")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Misread(shown(value), "write 24, or a fraction such as 30000/1001")
    if not low <= value <= high:
        raise Misread(shown(value), f"write a rate from {low} to {high}")
    if value != int(value):
        raise Misread(shown(value), f"a rate is exact: write {_rate(value)}")
    return Fraction(int(value))


def colour(value: Json) -> str:
    """`#rrggbb` in small letters. Raises Misread."""
    if value is None:
        raise Misread("nothing", 'without quotes # begins a comment: write "#0b1d51"')
    if not isinstance(value, str):
        raise Misread(shown(value), 'put it in quotes, with its #: "#0b1d51"')
    if re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        return value.lower()
    if re.fullmatch(r"#?[0-9a-fA-F]{3}", value):
        raise Misread(shown(value), f'write six digits: "#{"".join(digit * 2 for digit in value[-3:])}"')
    if re.fullmatch(r"[0-9a-fA-F]{6}", value):
        raise Misread(shown(value), f'write "#{value}", in quotes')
    raise Misread(shown(value), 'write # and six hex digits, in quotes: "#0b1d51"')


def quoted(value: Json) -> str:
    """A key or commit in hex digits, which must be in quotes. Raises Misread."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise Misread(
            f"the bare number {shown(value)}", "put it in quotes as it was printed; YAML reads digits as a number"
        )
    raise Misread(shown(value), "copy it as mvr printed it: hex digits, in small letters")


def commit(value: Json) -> str:
    """A commit of 40 hex digits, which must be in quotes. Raises Misread."""
    if isinstance(value, str) and value and not re.fullmatch(r"[0-9a-fA-F]+", value):
        raise Misread(shown(value), "a branch moves: take this key out, and `mvr models --pin` writes its commit")
    if isinstance(value, str) and value:
        hint = "a short commit means one model today and perhaps two later: write all 40 digits, in small letters"
        raise Misread(f"{len(value)} hex digits" if len(value) != 40 else "capital letters", hint)
    return quoted(value)


def transition(value: Json) -> str:
    """`cut`, or a transition's name, its way if need be, and its length, such as `wipe left 0.4s`. Raises Misread."""
    kinds = ("cut", *TRANSITIONS)
    if not isinstance(value, str):
        raise Misread(shown(value), "write it as dissolve 0.4s")
    word, _, rest = value.partition(" ")
    if word not in kinds:
        raise Misread(shown(value), did_you_mean(word, kinds, "transitions"))
    if word == "cut":
        if rest:
            raise Misread(shown(value), "a cut has no length: write cut")
        return value
    ways = TRANSITIONS[word]
    way, _, after = rest.partition(" ")
    if way and not way[0].isdigit():
        if way not in ways:
            hint = did_you_mean(way, ways, f"ways of a {word}") if ways else f"a {word} has no ways: {word} 0.4s"
            raise Misread(shown(value), hint)
        word, rest = f"{word} {way}", after
    if not rest:
        raise Misread(shown(value), f"write its length too: {word} 0.4s")
    try:
        if length(rest) == 0:
            raise Misread(shown(value), "no length is a cut: write cut")
    except Misread as wrong:
        raise Misread(shown(value), wrong.hint if "cut" in wrong.hint else f"{wrong.hint}, as in {word} 0.4s") from None
    return value


READERS = {
    "mvr-time": time,
    "mvr-length": length,
    "mvr-size": size,
    "mvr-fps": fps,
    "mvr-colour": colour,
    "mvr-quoted": quoted,
    "mvr-commit": commit,
    "mvr-transition": transition,
}
"""Who reads a value, by the name that the schema gives under `format`."""


def _bare(value: float) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _clock(value: float) -> str:
    if not 0 <= value < 360000:
        return "0:12.5"
    minutes, rest = divmod(round(value * 1000), 60000)
    return f"{minutes}:{rest // 1000:02d}" + (f".{rest % 1000:03d}".rstrip("0") if rest % 1000 else "")


def _rate(value: float) -> str:
    """The exact rate that a decimal stands for: 23.976 is 24000/1001."""
    near = Fraction(round(value) * 1000, 1001)
    if value != int(value) and abs(float(near) - value) < 0.015:
        return f"{near.numerator * (1001 // near.denominator)}/1001"
    rate = Fraction(value).limit_denominator(1001)
    return str(rate)
