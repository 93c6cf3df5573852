"""One answer of a model: said, stripped of its reasoning, read and judged; said once more with the judge's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from mvr.errors import StageError

from .forms import lenient
from .text import MOST_TEXT, Unfit, parsed, unreasoned

T = TypeVar("T")
Message = Mapping[str, str]
TRIES = 2
MOST_ECHO = 4000
"""Of an answer that was unfit so many characters are shown to the model again."""


@dataclass(frozen=True)
class Answer:
    """What a model said. cut: it was stopped at its longest length, before its own end."""

    text: str
    cut: bool = False


class Say(Protocol):
    """Says messages to a model and gives its answer. schema: the form it must have, None for plain text.

    seed: 0 to 2^31 - 1. Raises StageError or MachineError where no answer can be had.
    """

    def __call__(self, messages: Sequence[Message], schema: Any, seed: int) -> Answer: ...


def answered(say: Say, prompt: str, schema: Any, seed: int, read: Callable[[Any, bool], T], what: str) -> T:
    """What `read` makes of the answer: of the JSON value where there is a schema, else of the text.

    read raises Unfit; it is told whether this is the last answer that will be asked for. Raises StageError where that
    one is unfit too. what names it, for that error.
    """
    messages: list[Message] = [{"role": "user", "content": prompt}]
    wrong = ""
    for turn in range(TRIES):
        answer = say(messages, schema, (seed + turn) % 2**31)
        try:
            return read(_judged(answer, schema), turn == TRIES - 1)
        except Unfit as unfit:
            wrong = f"{unfit}; it was cut off at its longest length" if answer.cut else str(unfit)
            messages = [
                {"role": "user", "content": prompt},
                {"role": "assistant", "content": unreasoned(answer.text)[:MOST_ECHO] or "(nothing)"},
                {
                    "role": "user",
                    "content": f"That cannot be used: {wrong}. Answer again, whole and in the form asked.",
                },
            ]
    hint = "raise `make.writer.max_tokens`" if answer.cut else "ask for another `make.writer.take`, or another model"
    raise StageError(f"the model gave no usable {what}, asked {TRIES} times: {wrong}", hint)


def _judged(answer: Answer, schema: Any) -> Any:
    """The value or the text of an answer. Raises Unfit with the validator's words."""
    if len(answer.text) > MOST_TEXT:
        raise Unfit(f"the answer has more than {MOST_TEXT:,} characters")
    plain = unreasoned(answer.text)
    if not plain:
        raise Unfit("the answer is empty")
    if schema is None:
        return plain
    from jsonschema import Draft7Validator

    value = parsed(plain)
    wrongs = sorted(
        Draft7Validator(lenient(schema)).iter_errors(value), key=lambda error: [str(step) for step in error.path]
    )
    if wrongs:
        words = [f"{'.'.join(map(str, error.path)) or 'the answer'}: {error.message[:160]}" for error in wrongs[:5]]
        raise Unfit("; ".join(words))
    return value
