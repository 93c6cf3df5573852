"""The page's server is closed to others: what other sites, names and programs may try, and what they get."""

from __future__ import annotations

import hashlib
import http.client
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mvr.errors import MachineError, ProjectError
from mvr.preview.guard import Guard
from mvr.preview.hub import Hub
from mvr.preview.server import MOST_BODY, Server, Services

FILM = bytes(range(256)) * 40
DIGEST = hashlib.sha256(FILM).hexdigest()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Door:
    """A server, and what was written through it."""

    def __init__(self, folder: Path) -> None:
        self.written: list[Any] = []
        self.hub = Hub(lambda path: b"small " + path.read_bytes()[:3])
        film = folder / "film.mp4"
        film.write_bytes(FILM)
        (folder / "secret.txt").write_text("secret")
        self.hub.offer({DIGEST: (film, ".mp4")})
        self.folder = folder
        self.server = Server(self.hub, Services({"plan": self._ask}, {"note": self._do}), folder / "page.json")
        self.port, self.token = self.server.url.split("/")[2].split(":")[1], self.server.url.split("/")[3]

    def _ask(self, asked: Any) -> Any:
        if asked.get("wrong"):
            raise ProjectError("<b>no</b> such thing", "name another")
        return {"asked": dict(asked)}

    def _do(self, asked: Any) -> Any:
        self.written.append(asked)
        return {"said": "done"}

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        host: str = "",
        token: str | None = None,
        **more: str,
    ) -> Answer:
        """A request as a browser of this machine would send it; host, token and headers may be others."""
        token = self.token if token is None else token
        headers = {"Host": host or f"127.0.0.1:{self.port}"}
        if method == "POST":
            headers |= {"Content-Type": "application/json", "X-Mvr-Token": self.token}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        connection = http.client.HTTPConnection("127.0.0.1", int(self.port), timeout=10)
        try:
            connection.putrequest(method, f"/{token}/{path}" if token else f"/{path}", skip_host=True)
            for name, value in headers.items():
                if value:
                    connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    found = Door(tmp_path_factory.mktemp("door"))
    with found.server:
        yield found


def test_the_page_is_answered(door: Door) -> None:
    """Its own browser gets the page, its files, a film, a part of a film, a small picture, a document."""
    page = door.send("GET", "")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert door.send("GET", "main.js").headers["content-type"].startswith("text/javascript")
    assert door.send("GET", f"b/{DIGEST}").body == FILM
    assert door.send("GET", f"t/{DIGEST}").body == b"small " + FILM[:3]
    assert json.loads(door.send("GET", "ask/plan?shot=a.1").body) == {"asked": {"shot": "a.1"}}
    assert door.send("HEAD", f"b/{DIGEST}").headers["content-length"] == str(len(FILM))


def test_films_come_in_ranges(door: Door) -> None:
    """A player asks for the middle and the end of a film; a range beyond it is refused."""
    middle = door.send("GET", f"b/{DIGEST}", Range="bytes=100-199")
    assert (middle.status, middle.body) == (206, FILM[100:200])
    assert middle.headers["content-range"] == f"bytes 100-199/{len(FILM)}"
    assert door.send("GET", f"b/{DIGEST}", Range="bytes=-10").body == FILM[-10:]
    assert door.send("GET", f"b/{DIGEST}", Range=f"bytes={len(FILM)}-").status == 416


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example:{port}", "localhost.evil.example:{port}",
     "127.0.0.1:1", "127.0.0.1", "0.0.0.0:{port}", "[::1]evil:{port}", "192.168.0.7:{port}", ""],
)  # fmt: skip
def test_a_name_that_was_pointed_here_is_refused(door: Door, host: str) -> None:
    """DNS rebinding: a page of another site has the right token, but its own name in Host."""
    answer = door.send("GET", "", host=host.format(port=door.port) or "x")
    assert answer.status == 421
    assert b"<html" not in answer.body


def test_two_hosts_are_none(door: Door) -> None:
    """A request with two Host headers is refused, whichever of them is right."""
    with socket.create_connection(("127.0.0.1", int(door.port)), 10) as line:
        host = f"Host: 127.0.0.1:{door.port}\r\n"
        line.sendall(f"GET /{door.token}/ HTTP/1.1\r\n{host}Host: evil.example\r\n\r\n".encode())
        assert line.recv(4096).split(b" ", 2)[1] in (b"400", b"421")


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://localhost:{port}"]
)
def test_another_origin_is_refused(door: Door, origin: str) -> None:
    """Origin must be this very address, for documents, events and changes; no answer lets another site read it."""
    for method, path in (("GET", "events"), ("GET", f"b/{DIGEST}"), ("POST", "do/note")):
        answer = door.send(method, path, b"{}" if method == "POST" else None, Origin=origin.format(port=door.port))
        assert answer.status == 403
        assert not [name for name in answer.headers if name.startswith("access-control")]
    assert door.written == []


def test_another_site_may_not_ask(door: Door) -> None:
    """What a browser says of where a request comes from is heeded; only opening the page may come from elsewhere."""
    assert door.send("GET", f"b/{DIGEST}", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors").status == 403
    assert door.send("GET", "events", Sec_Fetch_Site="same-site").status == 403
    assert door.send("GET", "", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate").status == 200
    assert door.send("POST", "do/note", b"{}", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate").status == 403


def test_a_preflight_is_not_answered(door: Door) -> None:
    """No CORS: OPTIONS is refused, without a header that would allow anything."""
    answer = door.send("OPTIONS", "do/note", Access_Control_Request_Method="POST")
    assert answer.status == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("token", ["", "x", "{token}x", "{head}", "%00", "é"])
def test_without_the_token_there_is_nothing(door: Door, token: str) -> None:
    """The page, its own files, events, films and changes all need the whole token in the path."""
    token = token.format(token=door.token, head=door.token[:-1]).replace("é", "%C3%A9")
    for method, path in (
        ("GET", ""),
        ("GET", "main.js"),
        ("GET", "events"),
        ("GET", f"b/{DIGEST}"),
        ("POST", "do/note"),
    ):
        assert door.send(method, path, b"{}" if method == "POST" else None, token=token).status == 403
    assert door.written == []


def test_a_change_needs_the_token_in_its_header(door: Door) -> None:
    """A form or a link can send the path, but no header and no JSON; nothing is changed by a GET."""
    assert door.send("POST", "do/note", b"{}", X_Mvr_Token="").status == 403
    assert door.send("POST", "do/note", b"{}", X_Mvr_Token="x").status == 403
    assert door.send("POST", "do/note", b"{}", Content_Type="text/plain").status == 415
    assert door.send("POST", "do/note", b"a=b", Content_Type="application/x-www-form-urlencoded").status == 415
    assert door.send("GET", "do/note?shot=a").status == 404
    assert door.send("PUT", "do/note", b"{}").status == 405
    assert door.send("DELETE", f"b/{DIGEST}").status == 405
    assert door.written == []
    assert door.send("POST", "do/note", b'{"shot": "a"}').status == 200
    assert door.written.pop() == {"shot": "a"}


@pytest.mark.parametrize(
    "path",
    ["../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "b/../secret.txt", "b/%2e%2e%2fsecret.txt",
     "b//etc/passwd", "b/%2Fetc%2Fpasswd", "b/film.mp4", "b/secret.txt", "main.js/../../server.py", "server.py",
     "b/" + "0" * 64, "t/" + "0" * 64, "t/../../secret.txt", "@fs/etc/passwd", "ask/../secret",
     "b/" + DIGEST + "%00.png", "index.html?raw??", "b/" + DIGEST.upper()],
)  # fmt: skip
def test_no_path_leads_to_a_file(door: Door, path: str) -> None:
    """Files are known by digest, and the page's own by name: whatever is asked for as a path is not there."""
    answer = door.send("GET", path)
    assert answer.status == 404 or path.startswith("index.html")
    assert b"secret" not in answer.body
    assert b"root:" not in answer.body


def test_huge_bodies_are_refused(door: Door) -> None:
    """By their announced length before they are read, and by their true one where they come in chunks."""
    assert door.send("POST", "do/note", b" " * (MOST_BODY + 1)).status == 413
    with socket.create_connection(("127.0.0.1", int(door.port)), 10) as line:
        line.sendall(
            f"POST /{door.token}/do/note HTTP/1.1\r\nHost: 127.0.0.1:{door.port}\r\nX-Mvr-Token: {door.token}\r\n"
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        chunk = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
        for _ in range(5):
            line.sendall(chunk)
        assert line.recv(4096).split(b" ", 2)[1] == b"413"
    assert door.written == []


@pytest.mark.parametrize("body", [b"", b"[1]", b"nonsense", b'"text"', b"[" * 60_000])
def test_a_change_is_one_json_object(door: Door, body: bytes) -> None:
    """What is none changes nothing; an empty body is an empty object."""
    assert door.send("POST", "do/note", body).status == (400 if body else 200)
    written, door.written = door.written, []
    assert written == ([] if body else [{}])


def test_every_answer_is_strict(door: Door) -> None:
    """Pages, documents, films and refusals: no script but its own, no frame around it, no type guessed, no referrer."""
    for answer in (door.send("GET", ""), door.send("GET", f"b/{DIGEST}"), door.send("GET", "", token="x")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_what_is_wrong_is_told_as_data(door: Door) -> None:
    """An error's words come as JSON, never as a page, whatever the project's text holds."""
    answer = door.send("GET", "ask/plan?wrong=1")
    assert (answer.status, answer.headers["content-type"]) == (400, "application/json")
    assert json.loads(answer.body)["text"] == "<b>no</b> such thing\n  name another"


def test_the_page_fetches_nothing_from_elsewhere_and_writes_no_markup() -> None:
    """Its files name no other host, hold no code in markup, and never turn text into markup."""
    from mvr.preview.server import STATIC

    for path in STATIC.iterdir():
        text = path.read_text()
        found = [word for word in ("http:", "https:", "//cdn", "innerHTML", "outerHTML", "insertAdjacentHTML", "eval(",
                                   "document.write", "onclick=\"", "javascript:", " style=\"")
                 if word in text.replace("http://www.w3.org/2000/svg", "")]  # fmt: skip
        assert found == [], path.name


def test_only_the_owner_may_read_the_token(door: Door) -> None:
    """The file that keeps it is nobody else's; the next server takes token and port from it: an open page finds it."""
    memory = door.folder / "page.json"
    assert memory.stat().st_mode & 0o777 == 0o600
    other = Server(Hub(lambda _: b""), Services(), memory)
    with other:
        assert other.url.split("/")[3] == door.token
        assert other.url != door.server.url  # the port is taken: another one is found
    memory.write_text('{"token": "short", "port": 1}')
    again = Server(Hub(lambda _: b""), Services(), memory)
    with again:
        assert len(again.url.split("/")[3]) >= 24


def test_a_port_that_is_taken_is_told(door: Door, tmp_path: Path) -> None:
    """A port that was asked for and cannot be had is exit 3, with what to do."""
    with pytest.raises(MachineError, match="name another --port or --host"):
        Server(Hub(lambda _: b""), Services(), tmp_path / "page.json", port=int(door.port))


def test_with_host_every_number_is_known_and_no_name() -> None:
    """Where its owner opens the page to others, an address in numbers will do; a name could point anywhere."""
    guard = Guard("t" * 30, 80, "0.0.0.0")
    known = {host: guard.refusal("GET", f"/{'t' * 30}/", {"host": host}) is None
             for host in ("192.168.0.7:80", "[fe80::1]:80", "localhost:80", "evil.example:80")}  # fmt: skip
    assert known == {"192.168.0.7:80": True, "[fe80::1]:80": True, "localhost:80": True, "evil.example:80": False}
    named = Guard("t" * 30, 80, "studio.local")
    assert named.refusal("GET", f"/{'t' * 30}/", {"host": "studio.local:80"}) is None
    assert named.refusal("GET", f"/{'t' * 30}/", {"host": "192.168.0.7:80"}) is not None
