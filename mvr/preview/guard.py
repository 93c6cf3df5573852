"""Which requests are answered: those of this machine's own browser, from the page itself, with the token.

A page of another site can send requests to a server on this machine, and a name of its own can be made to point here
(DNS rebinding). So every request is looked at before anything else is done with it:

- Host must be an address of this server, never a name that somebody else could point here;
- Origin, where it is sent, must be that same address; so must what Sec-Fetch-Site says, but for opening the page;
- the path must begin with the token, which only who was told the address knows;
- what changes anything must be a POST that also carries the token in a header, which no form and no link can send.

No answer carries a header that would let another origin read it.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

TOKEN_HEADER = "x-mvr-token"

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""What every answer says. `trusted-types 'none'`: no text can ever become markup or code, whatever the page does."""


@dataclass(frozen=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    what: str


@dataclass(frozen=True)
class Guard:
    """Looks at requests. port: where this server listens; open_to: the address of `--host`, empty for loopback."""

    token: str
    port: int
    open_to: str = ""

    def refusal(self, method: str, path: str, headers: Mapping[str, str]) -> Refusal | None:
        """Why a request is refused, or None for one that is answered. headers: lower-case names."""
        host = headers.get("host", "")
        if not self._known(host):
            return Refusal(421, "this server is not known under that name")
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return Refusal(403, "another site may not ask this server")
        site = headers.get("sec-fetch-site", "none")
        opening = method == "GET" and headers.get("sec-fetch-mode") == "navigate"
        if site not in ("none", "same-origin") and not opening:
            return Refusal(403, "another site may not ask this server")
        given = path.split("/", 2)[1] if path.startswith("/") else ""
        if not _same(given, self.token):
            return Refusal(403, "open the address that `mvr watch` printed")
        if method == "POST":
            if not _same(headers.get(TOKEN_HEADER, ""), self.token):
                return Refusal(403, "a change must carry the token in its header")
            if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                return Refusal(415, "a change is told as JSON")
        elif method not in ("GET", "HEAD"):
            return Refusal(405, "this server knows GET and POST")
        return None

    def _known(self, host: str) -> bool:
        """True for this server's own address with its port: loopback, the address of `--host`, or, where that is
        every address of the machine, any address in numbers; never a name that could point anywhere."""
        name, colon, port = host.rpartition(":")
        if not colon or port != str(self.port):
            return False
        name = name.strip("[]").lower()
        if name in ("127.0.0.1", "::1", "localhost") or (self.open_to and name == self.open_to.strip("[]").lower()):
            return True
        return self.open_to in ("0.0.0.0", "::") and _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _same(given: str, known: str) -> bool:
    """Whether two texts are the same, in a time that does not tell how far they are."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), known.encode())
