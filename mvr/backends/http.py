"""The `http` writer: asks any endpoint that speaks OpenAI's chat completions, a server on this machine among them.

The key comes from the environment alone: it is in no file, no recipe, no record, no log and no error. Redirects are
not followed, so that it reaches nobody but the endpoint. What decides the words is in the identity; how long to wait,
how often to ask and where the key stands are not, so that changing them asks for nothing again.
"""

from __future__ import annotations

import json
import os
import queue
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from mvr.backends import _writing
from mvr.backends._writing import films, forms, prompts
from mvr.backends._writing.asking import Answer, Message
from mvr.backends._writing.text import clean
from mvr.engine.job import Desk
from mvr.errors import MachineError, StageError

NAME = "http"
VERSION = 1
SUMMARY = "asks a language model behind any OpenAI-compatible endpoint to write treatment and shots"
WRITER_LANE = "net"
WRITER_EXACT = False

OPTIONS: dict[str, tuple[Any, Any]] = {
    "url": (
        {
            "type": "string",
            "pattern": r"^https?://[^\s@?#]+$",
            "title": "an address such as https://host/v1",
            "description": "The endpoint's address, up to and with its version: /chat/completions is added to it.",
        },
        "",
    ),
    "model": ({"type": "string", "minLength": 1, "description": "The model's name, as the endpoint knows it."}, ""),
    "template": (
        {"type": "string", "enum": list(prompts.names()), "description": "The prompt: what kind of film is asked for."},
        "story",
    ),
    "temperature": (
        {
            "type": "number",
            "minimum": 0,
            "maximum": 2,
            "description": "How freely it chooses; left out, as the endpoint does.",
        },
        None,
    ),
    "max_tokens": (
        {"type": "integer", "minimum": 256, "maximum": 131072, "description": "The longest answer, in tokens."},
        8192,
    ),
    "timeout": (
        {"type": "number", "minimum": 1, "maximum": 3600, "description": "How long one request may take, in s."},
        120,
    ),
    "calls": (
        {
            "type": "integer",
            "minimum": 1,
            "maximum": 200,
            "description": "The most requests for one document (the treatment, or a section's shots), failed ones too.",
        },
        12,
    ),
    "key": (
        {
            "type": "string",
            "pattern": r"^([A-Z_][A-Z0-9_]*|none)$",
            "title": "the name of an environment variable in capitals, or none",
            "description": "The environment variable that holds the key; none where the endpoint asks for none.",
        },
        "MVR_API_KEY",
    ),
}
HOW = ("timeout", "calls", "key")
"""Options that change nothing of what is written."""

MOST_BYTES = 4 << 20
"""No answer is longer: 4 MiB."""
ATTEMPTS = 5
"""How often one question is sent where the endpoint is busy or the line breaks."""
PAUSE = 1.0
"""Before a question is sent again, in s; twice as long each time, unless the endpoint says how long."""
LONGEST_PAUSE = 120.0
"""An endpoint that asks for a longer wait is given up, in s."""
POLL = 0.1
"""How often a waiting job hears that nobody wants it any more, in s."""
BUSY = (408, 409, 425, 429)

_plainer: dict[tuple[str, str], int] = {}
"""For an endpoint and a model, how many of the ways to ask it has refused."""


def identity(options: Mapping[str, Any]) -> Any:
    """What decides its words beside the recipe: endpoint, model, settings, and the template by its bytes."""
    said = {name: options[name] for name in OPTIONS if name not in HOW}
    return {"version": VERSION, "writing": _writing.VERSION, **said, "prompt": prompts.digest(options["template"])}


def how(options: Mapping[str, Any]) -> Any:
    """What decides nothing of its words: it goes with each job, and is in no key."""
    return {name: options[name] for name in HOW}


def requests(options: Mapping[str, Any]) -> int:
    """The most requests that one document may take."""
    return int(options["calls"])


def lacks(options: Mapping[str, Any]) -> str | None:
    """The address, the model or the key."""
    if not options["url"]:
        return "it needs the endpoint's address: `url: https://HOST/v1`"
    if not options["model"]:
        return "it needs the name of a model of that endpoint: `model: NAME`"
    if options["key"] == "none":
        return None
    if not os.environ.get(options["key"], "").strip():
        return f"{options['key']} is not set: put the endpoint's key in it, or write `key: none` where it asks for none"
    if not _private(options["url"]):
        return "a key is sent over https only, or to a private address: write https://, or `key: none`"
    return None


def treatment(ask: Any, desk: Desk | None = None) -> Any:
    """The treatment of a film. ask: the recipe of stages/treatment, form, lines and how. Raises StageError, and
    MachineError where this machine lacks something."""
    return films.treatment(ask, _Endpoint.of(ask, desk), ask["writer"]["identity"]["template"])


def section(ask: Any, desk: Desk | None = None) -> Any:
    """The shots of one section. ask: the recipe of stages/shots, brief, cuts and how. Raises as treatment does."""
    return films.section(ask, _Endpoint.of(ask, desk), ask["writer"]["identity"]["template"])


def _private(url: str) -> bool:
    """True where what is sent to an address can be read by nobody on the way, or by nobody outside."""
    import ipaddress

    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https" or host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private


@dataclass
class _Endpoint:
    """One document's talk with an endpoint. left: how many requests it may still make."""

    url: str
    model: str
    settings: Mapping[str, Any]
    key: str
    key_name: str
    timeout: float
    calls: int
    desk: Desk | None
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.calls

    @classmethod
    def of(cls, ask: Any, desk: Desk | None) -> _Endpoint:
        """Raises MachineError where the key is not here."""
        said, way = ask["writer"]["identity"], ask["how"]
        missing = lacks({**said, **way})
        if missing:
            raise MachineError(f"the writer http cannot ask {said['model'] or 'a model'}", missing)
        key = "" if way["key"] == "none" else os.environ[way["key"]].strip()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise MachineError(f"what {way['key']} holds is no key", "put the key in it, and nothing else")
        settings = {name: said[name] for name in ("temperature", "max_tokens") if said[name] is not None}
        url = said["url"].rstrip("/") + "/chat/completions"
        return cls(url, said["model"], settings, key, way["key"], way["timeout"], way["calls"], desk)

    def __call__(self, messages: Sequence[Message], schema: Any, seed: int) -> Answer:
        """Says messages and gives the answer; in a plainer way where the endpoint refuses to be held to a form."""
        ways = [{"seed": seed}, {}] if schema is None else [
            {"seed": seed, "response_format": _form(schema)},
            {"seed": seed, "response_format": {"type": "json_object"}},
            {},
        ]  # fmt: skip
        place = (self.url, self.model)
        body = {"model": self.model, "messages": list(messages), **self.settings}
        while True:
            plainer = min(_plainer.get(place, 0), len(ways) - 1)
            status, reply = self._asked({**body, **ways[plainer]})
            if status == 200:
                return _read(reply)
            if status not in (400, 422) or plainer == len(ways) - 1:
                raise self._refused(status, reply)
            _plainer[place] = plainer + 1

    def _asked(self, body: Mapping[str, Any]) -> tuple[int, bytes]:
        """Status and body of the reply to one question, sent again where the endpoint is busy or the line breaks."""
        data = json.dumps(body, ensure_ascii=False).encode()
        wrong = ""
        for attempt in range(ATTEMPTS):
            if self.left < 1:
                was = f"; the last one: {wrong}" if wrong else ""
                raise StageError(
                    f"{self.calls} requests were made for one document, as many as it may take{was}",
                    "raise `make.writer.calls`, or look at what the endpoint answers",
                )
            self.left -= 1
            pause = PAUSE * 2**attempt
            try:
                status, asked_pause, reply = self._sent(data)
            except _Broken as broken:
                wrong = str(broken)
            else:
                if status == 200 and _holds_choices(reply):
                    return status, reply
                if status != 200 and status not in BUSY and status < 500:
                    return status, reply
                wrong = f"HTTP {status}" if status != 200 else f"no chat completion: {self._words(reply)}"
                pause = pause if asked_pause is None else asked_pause
            if pause > LONGEST_PAUSE:
                raise StageError(f"{self._host()} asks to be left alone for {pause:.0f} s", "render again later")
            if attempt + 1 < ATTEMPTS and self.left:
                self._wait(pause)
        raise StageError(f"{self._host()} did not answer in {ATTEMPTS} requests; the last one: {wrong}",
                         "render again later; `make.writer.timeout` says how long one request may take")  # fmt: skip

    def _sent(self, data: bytes) -> tuple[int, float | None, bytes]:
        """Status, the pause that is asked for and the body of one reply. Raises _Broken where none came whole.

        The request has a thread of its own: a reply that trickles in for ever ends at the timeout all the same, and a
        job that nobody wants any more ends at once.
        """
        replies: queue.Queue[Any] = queue.Queue()
        given_up = threading.Event()
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        words = (self.url, data, headers, self.timeout, given_up, replies)
        threading.Thread(target=_post, args=words, daemon=True).start()
        deadline = time.monotonic() + self.timeout
        try:
            while True:
                self._still_wanted()
                try:
                    reply = replies.get(timeout=max(0.01, min(POLL, deadline - time.monotonic())))
                    break
                except queue.Empty:
                    if time.monotonic() >= deadline:
                        raise _Broken(f"no whole answer within {self.timeout:g} s") from None
        finally:
            given_up.set()
        if isinstance(reply, Exception):
            raise reply
        status, after, body = reply
        return status, _seconds(after), body

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (rest := end - time.monotonic()) > 0:
            self._still_wanted()
            time.sleep(min(rest, POLL))

    def _still_wanted(self) -> None:
        if self.desk is not None:
            self.desk.progress(0.0)

    def _refused(self, status: int, reply: bytes) -> StageError:
        """What a reply that is no answer means for a person."""
        host = self._host()
        if 300 <= status < 400:
            return StageError(f"{host} sends elsewhere (HTTP {status}), and that is not followed",
                              "write the address that it stands at now: `make.writer.url`")  # fmt: skip
        words = f"HTTP {status}: {self._words(reply)}"
        if status in (401, 403):
            return StageError(f"{host} refuses the key ({words})", f"look at what {self.key_name} holds")
        if status == 404:
            return StageError(f"{host} knows no such address or model ({words})",
                              "look at `make.writer.model`, and at `make.writer.url`: most end in /v1")  # fmt: skip
        return StageError(f"{host} refuses the request ({words})", "look at the options of `make.writer`")

    def _words(self, reply: bytes) -> str:
        """What an endpoint says, for an error: bounded, cleaned, and without the key should it say that back."""
        text = reply[:20000].decode("utf-8", "replace")
        try:
            value = json.loads(text)
            error = value.get("error", value.get("message", "")) if isinstance(value, dict) else ""
            text = str(error.get("message", "")) if isinstance(error, dict) else str(error) or text
        except (ValueError, RecursionError):
            pass
        return clean(text.replace(self.key, "…") if self.key else text, 200) or "nothing"

    def _host(self) -> str:
        return urlsplit(self.url).netloc


class _Broken(Exception):
    """No whole reply came."""


def _post(
    url: str,
    data: bytes,
    headers: Mapping[str, str],
    timeout: float,
    given_up: threading.Event,
    replies: queue.Queue[Any],
) -> None:
    """Sends one request and puts (status, Retry-After, body) or _Broken into a queue."""
    import httpx

    try:
        with (
            httpx.Client(timeout=timeout, follow_redirects=False) as client,
            client.stream("POST", url, content=data, headers=dict(headers)) as reply,
        ):
            body = bytearray()
            for piece in reply.iter_raw():
                body += piece
                if len(body) > MOST_BYTES:
                    raise _Broken(f"more than {MOST_BYTES >> 20} MiB came")
                if given_up.is_set():
                    return
            if reply.headers.get("content-encoding", "identity") != "identity":
                raise _Broken("the answer came compressed, which was not asked for")
            replies.put((reply.status_code, reply.headers.get("retry-after", ""), bytes(body)))
    except httpx.TimeoutException:
        replies.put(_Broken(f"no whole answer within {timeout:g} s"))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        replies.put(_Broken(f"the connection failed ({type(error).__name__})"))
    except _Broken as broken:
        replies.put(broken)


def _form(schema: Any) -> Any:
    return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": forms.loosened(schema)}}


def _holds_choices(reply: bytes) -> bool:
    try:
        return isinstance(json.loads(reply)["choices"][0]["message"], dict)
    except (ValueError, LookupError, TypeError, RecursionError):
        return False


def _read(reply: bytes) -> Answer:
    """The first choice of a chat completion."""
    choice = json.loads(reply)["choices"][0]
    content = choice["message"].get("content")
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return Answer(content if isinstance(content, str) else "", cut=choice.get("finish_reason") == "length")


def _seconds(after: str) -> float | None:
    """The wait that a Retry-After asks for (RFC 9110, 10.2.3: seconds, or a date); None where it asks for none."""
    try:
        return max(0.0, float(after)) if after[:1].isdigit() else None if not after else _until(after)
    except (ValueError, OverflowError):
        return None


def _until(date: str) -> float:
    from email.utils import parsedate_to_datetime

    return max(0.0, parsedate_to_datetime(date).timestamp() - time.time())
