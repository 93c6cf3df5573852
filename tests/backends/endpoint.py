"""A real server on this machine that speaks chat completions, and misbehaves as it is told to."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.backends.talker import Talker

Turn = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers a request as the next turn says, and well when there is none left."""

    protocol_version = "HTTP/1.1"
    server: Endpoint

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["content-length"]))
        with self.server.lock:
            self.server.asked.append((self.path, dict(self.headers), json.loads(data)))
            turn = self.server.turns.pop(0) if self.server.turns else good
        with contextlib.suppress(OSError):
            turn(self)

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None:
        """Says nothing."""


class Endpoint(ThreadingHTTPServer):
    """turns: what to do with the next requests. asked: path, headers and body of each that came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.turns: list[Turn] = []
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.lock = threading.Lock()
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextlib.contextmanager
def endpoint(*turns: Turn) -> Iterator[Endpoint]:
    with Endpoint() as server:
        server.turns = list(turns)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def completion(text: Any, **choice: Any) -> bytes:
    """A chat completion that says something."""
    return json.dumps({"id": "1", "choices": [{"message": {"role": "assistant", "content": text}, **choice}]}).encode()


def good(handler: Handler) -> None:
    """What is asked, in its form: the endpoint reads the form from the prompt, as a model would."""
    body = handler.server.asked[-1][2]
    form = body.get("response_format", {}).get("json_schema", {}).get("schema")
    handler.reply(200, completion(Talker()(body["messages"], bounds(form), 1).text))


def bounds(schema: Any) -> Any:
    """A loosened form with some bounds again, to be filled."""
    if schema is None:
        return None
    form = dict(schema)
    if "properties" in form:
        form["properties"] = {name: bounds(value) for name, value in form["properties"].items()}
        if "palette" in form["properties"]:
            form["properties"]["palette"]["items"]["pattern"] = "#"
    if "items" in form:
        form |= {"items": bounds(form["items"]), "maxItems": 4, "minItems": 3}
    if form.get("type") == "string" and "enum" not in form:
        form["maxLength"] = 60
    return form


def says(text: Any, **choice: Any) -> Turn:
    return lambda handler: handler.reply(200, completion(text, **choice))


def status(code: int, body: bytes = b"{}", **headers: str) -> Turn:
    return lambda handler: handler.reply(code, body, **headers)


def slow(seconds: float) -> Turn:
    """Silence, until the test is over at the latest."""

    def turn(handler: Handler) -> None:
        handler.server.over.wait(seconds)

    return turn


def trickle(handler: Handler) -> None:
    """A chunk every 20 ms for ever: no read ever waits long."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    while not handler.server.over.is_set():
        handler.wfile.write(b"1\r\n \r\n")
        time.sleep(0.02)


def huge(handler: Handler) -> None:
    """Bytes as fast as they go, without end."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    while not handler.server.over.is_set():
        handler.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def cut_off(handler: Handler) -> None:
    """Half of what the head promises."""
    body = completion("half")
    handler.send_response(200)
    handler.send_header("Content-Length", str(2 * len(body)))
    handler.end_headers()
    handler.wfile.write(body)
    handler.close_connection = True


def hung_up(handler: Handler) -> None:
    """Nothing, and the line is closed."""
    handler.close_connection = True
