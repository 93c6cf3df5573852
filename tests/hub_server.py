"""A hub of models on this machine, for tests: the requests of its tools that mvr makes, and ways to misbehave."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "89abcdef0123456789abcdef0123456789abcdef"


@dataclass
class Hub:
    """One model, and what goes wrong. status: the answer to every request instead, such as 500; cut: the first answer
    with weights ends after so many bytes; other: weights come with other bytes than they are said to have."""

    model: str
    files: dict[str, bytes]
    status: int = 0
    cut: int = 0
    other: bool = False
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def info(self) -> dict[str, Any]:
        siblings = []
        for name, content in self.files.items():
            row: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": blob(content)}
            if name.endswith(".safetensors"):
                sha = hashlib.sha256(content).hexdigest()
                row["lfs"] = {"sha256": sha, "size": len(content), "pointerSize": 134}
            siblings.append(row)
        return {
            "id": self.model,
            "modelId": self.model,
            "sha": COMMIT,
            "siblings": siblings,
            "cardData": {"license": "mit"},
        }

    def tree(self) -> list[dict[str, Any]]:
        rows = []
        for one in self.info()["siblings"]:
            lfs = one.get("lfs")
            row = {"type": "file", "path": one["rfilename"], "size": one["size"], "oid": one["blobId"]}
            if lfs:
                row["lfs"] = {"oid": lfs["sha256"], "size": lfs["size"], "pointerSize": 134}
            rows.append(row)
        return rows


def blob(content: bytes) -> str:
    """What git calls some bytes."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        hub, path = self.hub, unquote(urlsplit(self.path).path)
        hub.asked.append(f"{self.command} {path}")
        if hub.status:
            self._send(hub.status, b"{}", {"Content-Type": "application/json"}, body)
        elif path.startswith(f"/api/models/{hub.model}/tree/"):
            self._send(200, json.dumps(hub.tree()).encode(), {"Content-Type": "application/json"}, body)
        elif path.startswith(f"/api/models/{hub.model}"):
            self._send(200, json.dumps(hub.info()).encode(), {"Content-Type": "application/json"}, body)
        elif (name := path.removeprefix(f"/{hub.model}/resolve/{COMMIT}/")) in hub.files:
            self._file(name, body)
        else:
            headers = {"X-Error-Code": "RepoNotFound", "Content-Type": "application/json"}
            self._send(404, b'{"error": "not found"}', headers, body)

    def _file(self, name: str, body: bool) -> None:
        hub, content = self.hub, self.hub.files[name]
        heavy = name.endswith(".safetensors")
        etag = hashlib.sha256(content).hexdigest() if heavy else blob(content)
        headers = {
            "ETag": f'"{etag}"',
            "X-Repo-Commit": COMMIT,
            "X-Linked-Size": str(len(content)),
            "Accept-Ranges": "bytes",
        }
        if heavy and hub.other:
            content = bytes(len(content))
        start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").partition("-")[0] or 0)
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self._send(206 if start else 200, content[start:], headers, body, cut=hub.cut if heavy and body else 0)

    def _send(self, status: int, content: bytes, headers: dict[str, str], body: bool, cut: int = 0) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if body:
            self.wfile.write(content[:cut] if cut else content)
        if cut:
            self.hub.cut = 0
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: a test reads `asked`."""


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """The hub at work, its address in `url`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (_Answers,), {"hub": hub}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
