"""Serves the page: one small HTTP server in a thread of its own, which answers what `guard` lets through.

GET  /TOKEN/              the page; /TOKEN/NAME one of its own files
GET  /TOKEN/events        what the page shows, as server-sent events (`hub`)
GET  /TOKEN/b/DIGEST      a file that the hub offers, ranges too; /TOKEN/t/DIGEST a small JPEG of it
GET  /TOKEN/ask/WHAT?...  a document; nothing changes
POST /TOKEN/do/VERB       a change, told as a JSON object; the answer says what came of it
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import socket
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from mvr.errors import MachineError, MvrError
from mvr.preview.guard import HEADERS, Guard
from mvr.preview.hub import Hub

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

Json = Any

STATIC = Path(__file__).parent / "static"
STATIC_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

LOOPBACK = "127.0.0.1"
MOST_BODY = 64 * 1024
"""Bytes of a change: a prompt has hundreds, and nothing has more."""

MOST_AT_ONCE = 64
"""Connections; a page holds one for events and a few for films."""

BEAT_SECONDS = 15.0
"""How often a line is sent to a page where nothing happens, so that a dead one is noticed."""

FOREVER = "private, max-age=31536000, immutable"


@dataclass(frozen=True)
class Services:
    """What the page can ask and do, by name. Each may take seconds, runs in a thread, and raises MvrError."""

    asks: Mapping[str, Callable[[Mapping[str, str]], Json]] = field(default_factory=dict)
    does: Mapping[str, Callable[[Mapping[str, Json]], Json]] = field(default_factory=dict)


class Server:
    """The page of one project. memory: a file that keeps token and port, so that an open page finds a new server.

    host: the address to listen at; port 0: the one of last time if it is free, else any. Raises MachineError where
    there is none to be had.
    """

    def __init__(self, hub: Hub, services: Services, memory: Path, *, host: str = "", port: int = 0) -> None:
        self._hub = hub
        self._services = services
        known = _remembered(memory)
        self._socket = _bound(host or LOOPBACK, port, known.get("port", 0))
        port = self._socket.getsockname()[1]
        self._guard = Guard(known.get("token") or secrets.token_urlsafe(24), port, host)
        _remember(memory, {"token": self._guard.token, "port": port})
        shown = LOOPBACK if host in ("", "0.0.0.0", "::") else host
        self.url = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/{self._guard.token}/"
        self._own = {path.name: path for path in STATIC.iterdir() if path.suffix in STATIC_TYPES}
        self._one = threading.Lock()

    def __enter__(self) -> Server:
        import uvicorn

        config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="none",
            http="h11",
            loop="asyncio",
            server_header=False,
            date_header=False,
            limit_concurrency=MOST_AT_ONCE,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._hub.close()
        self._server.should_exit = True
        self._thread.join(3)
        self._socket.close()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, as ASGI has it."""
        from starlette.responses import PlainTextResponse

        headers = _headers(scope)
        refusal = self._guard.refusal(scope["method"], scope["path"], headers)
        if refusal is not None:
            answer: Response = PlainTextResponse(refusal.what + "\n", refusal.status)
        else:
            try:
                answer = await self._answered(scope, headers, receive)
            except MvrError as error:
                answer = _json({"what": error.what, "hint": error.hint, "text": str(error)}, 400)
        for name, value in HEADERS.items():
            answer.headers[name] = value
        answer.headers.setdefault("cache-control", "no-store")
        await answer(scope, receive, send)

    async def _answered(self, scope: Scope, headers: Mapping[str, str], receive: Receive) -> Response:
        from starlette.responses import PlainTextResponse

        place = scope["path"].split("/")[2:]
        match scope["method"], place:
            case "POST", ["do", verb] if verb in self._services.does:
                body = await _body(headers, receive)
                if isinstance(body, int):
                    return PlainTextResponse("no such change\n", body)
                return _json(await self._threaded(self._services.does[verb], body))
            case "POST", _:
                return PlainTextResponse("there is no such change\n", 404)
            case _, [""]:
                return self._static("index.html")
            case _, [name] if name in self._own:
                return self._static(name)
            case "GET", ["events"]:
                return self._events()
            case _, ["b", digest]:
                return self._file(digest)
            case _, ["t", digest]:
                return await self._picture(digest)
            case _, ["ask", what] if what in self._services.asks:
                asked = dict(parse_qsl(scope["query_string"].decode("latin-1")))
                return _json(await self._threaded(self._services.asks[what], asked))
        return PlainTextResponse("there is nothing here\n", 404)

    async def _threaded(self, answer: Callable[[Any], Json], asked: Mapping[str, Any]) -> Json:
        """One at a time: each opens the store, and some write the project file."""

        def alone() -> Json:
            with self._one:
                return answer(asked)

        return await asyncio.to_thread(alone)

    def _static(self, name: str) -> Response:
        from starlette.responses import FileResponse

        path = self._own[name]
        return FileResponse(path, media_type=STATIC_TYPES[path.suffix], headers={"cache-control": "no-cache"})

    def _file(self, digest: str) -> Response:
        from starlette.responses import FileResponse, PlainTextResponse, Response

        offer = self._hub.found(digest)
        if offer is not None and offer.data is not None:
            return Response(offer.data, media_type=offer.type, headers={"cache-control": FOREVER})
        if offer is None or offer.path is None or not offer.path.is_file():
            return PlainTextResponse("there is nothing here\n", 404)
        return FileResponse(
            offer.path, media_type=offer.type, headers={"cache-control": FOREVER, "etag": f'"{digest}"'}
        )

    async def _picture(self, digest: str) -> Response:
        from starlette.responses import PlainTextResponse, Response

        try:
            drawn = await asyncio.to_thread(self._hub.picture, digest)
        except (OSError, MvrError):
            drawn = None
        if drawn is None:
            return PlainTextResponse("there is nothing here\n", 404)
        return Response(drawn, media_type="image/jpeg", headers={"cache-control": FOREVER})

    def _events(self) -> Response:
        from starlette.responses import StreamingResponse

        return StreamingResponse(self._told(), media_type="text/event-stream")

    async def _told(self) -> AsyncIterator[str]:
        """The hub's changes as events: `whole` first, then `parts`."""
        yield "retry: 700\n\n"
        kind = "whole"
        changes = self._hub.changes()
        coming: asyncio.Future[str] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(anext(changes))
                done, _ = await asyncio.wait({coming}, timeout=BEAT_SECONDS)
                if not done:
                    yield ": still here\n\n"
                    continue
                text = coming.result()
                coming = None
                yield f"event: {kind}\ndata: {text}\n\n"
                kind = "parts"
        except StopAsyncIteration:
            return
        finally:
            if coming is not None:
                coming.cancel()
                with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
                    await coming
            await changes.aclose()  # type: ignore[attr-defined]


def _headers(scope: Scope) -> dict[str, str]:
    """A request's headers; one that is sent twice counts as both, which no check takes for one of them."""
    found: dict[str, str] = {}
    for raw_name, raw in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


async def _body(headers: Mapping[str, str], receive: Receive) -> dict[str, Json] | int:
    """The JSON object of a change, or the status of what is none."""
    if not headers.get("content-length", "0").isdigit() or int(headers.get("content-length", "0")) > MOST_BODY:
        return 413
    data = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return 400
        data += message.get("body", b"")
        if len(data) > MOST_BODY:
            return 413
        if not message.get("more_body", False):
            break
    try:
        found = json.loads(data or b"{}")
    except (ValueError, RecursionError):
        return 400
    return found if isinstance(found, dict) else 400


def _json(document: Json, status: int = 200) -> Response:
    from starlette.responses import Response

    text = json.dumps(document, ensure_ascii=False)
    return Response(text, status, media_type="application/json")


def _bound(host: str, port: int, last: int) -> socket.socket:
    """A socket at an address: at the port that is asked for, else at the one of last time if it is free, else any."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for wanted in [port] if port else [last, 0]:
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, wanted))
            bound.listen(MOST_AT_ONCE)
        except (OSError, OverflowError) as error:
            bound.close()
            reason = getattr(error, "strerror", None) or str(error)
        else:
            return bound
    raise MachineError(
        f"the page cannot be served at {host}{f' port {port}' if port else ''}: {reason.lower()}",
        "name another --port or --host, or watch without it: --no-page",
    )


def _remembered(memory: Path) -> dict[str, Any]:
    """Token and port of the last server, of those that are well formed."""
    try:
        found = json.loads(memory.read_bytes())
        token, port = found["token"], found["port"]
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    whole = isinstance(token, str) and len(token) >= 24 and token.replace("-", "").replace("_", "").isalnum()
    return {"token": token, "port": port} if whole and isinstance(port, int) and 0 < port < 65536 else {}


def _remember(memory: Path, known: Mapping[str, Any]) -> None:
    """Keeps them for the owner of the project alone; a folder that cannot be written does without."""
    import os

    with contextlib.suppress(OSError):
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.unlink(missing_ok=True)
        handle = os.open(memory, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(known, file)
