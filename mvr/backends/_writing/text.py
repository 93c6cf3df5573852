"""Text from a model is data: reasoning stripped, control characters and markup gone, lengths bounded."""

from __future__ import annotations

import json
import re
import unicodedata
from html import unescape
from typing import Any

MOST_TEXT = 400_000
"""An answer beyond this many characters is not read: a film of 500 shots needs a third of it."""

_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,200}>")
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"[<>{}`|\\*~^\[\]]|(?<!\w)[_#]+|_+(?!\w)")
_ENTITY = re.compile(r"&#?\w{1,31};")
_HEAD = re.compile(r"&(?=[#&\w]*;)")
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_CLOSED = re.compile(r"</(?:think|thinking|reasoning)>", re.IGNORECASE)
_OPENED = re.compile(r"<(?:think|thinking|reasoning)>", re.IGNORECASE)
_SCENE = re.compile(r"^[\s*#_>-]*SCENE\s+(\d{1,4})\s*[*_]*\s*[:.)-][*_\s]*(.*)$", re.IGNORECASE)
_SCRIPT = re.compile(r"^[\s*#_>-]*SCRIPT[\s*_]*:?[\s*_]*$", re.IGNORECASE | re.MULTILINE)


class Unfit(Exception):
    """An answer that is not what was asked; its text says so to the model."""


def clean(text: str, most: int) -> str:
    """One line of plain words, at most `most` characters, cut between words where it is too long.

    What goes: control, format, surrogate, private and unassigned characters (Unicode categories C*), tags, template
    marks, links' targets, and the characters that markup is made of, however they are written (`&lt;`).
    """
    text = _ENTITY.sub(lambda entity: unescape(entity[0]), text[: 8 * most])
    text = unicodedata.normalize("NFC", text)
    for marks, instead in ((_TEMPLATE, " "), (_TAG, " "), (_LINK, r"\1"), (_MARKS, "")):
        text = marks.sub(instead, text)
    text = "".join(map(_plain, text))
    text = _HEAD.sub("", " ".join(text.split()))  # an entity that was written in pieces
    if len(text) <= most:
        return text
    head = text[: most + 1].rpartition(" ")[0]
    return (head if len(head) > most // 2 else text[:most]).rstrip(" ,;:-")


def _plain(one: str) -> str:
    """A character as it may stand in a line. U+200C and U+200D stay: they shape words in Persian and Hindi."""
    kind = unicodedata.category(one)
    if kind in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    return "" if kind.startswith("C") and one not in "\u200c\u200d" else one


def unreasoned(answer: str) -> str:
    """An answer without its reasoning: whole blocks, one whose beginning stood in the prompt, one that never ends."""
    rest = _THOUGHT.sub("", answer)
    rest = _CLOSED.split(rest)[-1]
    return _OPENED.split(rest, maxsplit=1)[0].strip()


def parsed(answer: str) -> Any:
    """The JSON object in an answer, with words or a code fence around it or none. Raises Unfit where there is none."""
    start = answer.find("{")
    if start < 0:
        raise Unfit("the answer holds no JSON object; answer with one JSON object and nothing else")
    try:
        value, _ = json.JSONDecoder(parse_constant=_refuse).raw_decode(answer, start)
    except json.JSONDecodeError as error:
        raise Unfit(f"the answer is no JSON: {error.msg} at character {error.pos}") from None
    except (RecursionError, ValueError) as error:
        raise Unfit(f"the answer is no JSON that can be read: {type(error).__name__}") from None
    return value


def scenes(answer: str, count: int) -> list[str]:
    """The sentences of a script of `count` scenes, each `SCENE n: sentence`. Raises Unfit where one is left out.

    What stands before the last line `SCRIPT:` is no part of it; a scene's further lines belong to it.
    """
    found: dict[int, list[str]] = {}
    lines: list[str] = []
    for line in _SCRIPT.split(answer)[-1].splitlines():
        if match := _SCENE.match(line):
            lines = found.setdefault(int(match[1]), [])
            lines.append(match[2])
        elif not line.strip():
            lines = []
        else:
            lines.append(line)
    script = [" ".join(found.get(number + 1, [])) for number in range(count)]
    missing = [str(number + 1) for number, sentence in enumerate(script) if len(clean(sentence, 400)) < 8]
    if missing:
        raise Unfit(f"the script must have {count} scenes, each `SCENE n: one sentence`; missing: {', '.join(missing)}")
    return script


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")
