"""What the page shows at this moment, by name; every listener is told what changed since it last looked.

Parts are put from any thread. A listener that is slow gets the newest value of each part and none of those between, so
that no queue grows, however long a watch lasts and whoever listens.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = Any

TYPES = {
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".peaks": "application/octet-stream",
}
"""The kinds of files that the page is given. Nothing that a browser would run is among them."""

KEPT_PICTURES = 400
"""Small pictures that are kept in memory, of about 5 kB each."""

KEPT_BYTES = 64
"""Other clips of a shot, and things of no file such as pictures of work that goes on, that are kept at a time."""

GATHER_SECONDS = 0.04
"""Changes that come within this time are told together: a browser draws no faster than that anyway."""


@dataclass(frozen=True)
class Offer:
    """What a digest stands for: a file, or bytes, and its type."""

    type: str
    path: Path | None = None
    data: bytes | None = None


class Hub:
    """The parts of the page, and the files that it may ask for. draw makes a small JPEG of a picture or a film."""

    def __init__(self, draw: Callable[[Path], bytes]) -> None:
        self._draw = draw
        self._lock = threading.Lock()
        self._parts: dict[str, str] = {}
        self._files: dict[str, Offer] = {}
        self._films: OrderedDict[str, Offer] = OrderedDict()
        self._lent: OrderedDict[str, Offer] = OrderedDict()
        self._bytes: OrderedDict[str, Offer] = OrderedDict()
        self._pictures: OrderedDict[str, bytes] = OrderedDict()
        self._listeners: set[_Listener] = set()
        self._closed = False

    def close(self) -> None:
        """Lets every listener go."""
        self._closed = True
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener.ring(())

    # what is shown

    def put(self, name: str, value: Json) -> None:
        """Shows a value under a name from now on; None takes the part away."""
        self.put_all({name: value})

    def put_all(self, values: Mapping[str, Json]) -> None:
        """Shows several parts at once: a listener sees all of them or none."""
        changed = []
        with self._lock:
            for name, value in values.items():
                if value is None:
                    if self._parts.pop(name, None) is not None:
                        changed.append(name)
                    continue
                text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
                if self._parts.get(name) != text:
                    self._parts[name] = text
                    changed.append(name)
            listeners = list(self._listeners) if changed else []
        for listener in listeners:
            listener.ring(changed)

    def names(self, start: str) -> list[str]:
        """The names of the parts that begin with a word."""
        with self._lock:
            return [name for name in self._parts if name.startswith(start)]

    def whole(self) -> str:
        """All parts as one JSON object."""
        with self._lock:
            return _object(self._parts.items())

    async def changes(self) -> AsyncIterator[str]:
        """All parts as one JSON object, then again and again those that changed, null for one that went."""
        listener = _Listener(asyncio.get_running_loop())
        with self._lock:
            self._listeners.add(listener)
            whole = _object(self._parts.items())
        try:
            yield whole
            while not self._closed:
                names = await listener.heard()
                with self._lock:
                    found = [(name, self._parts.get(name, "null")) for name in names]
                yield _object(found)
                await asyncio.sleep(GATHER_SECONDS)
        finally:
            with self._lock:
                self._listeners.discard(listener)

    # what may be asked for

    def offer(self, files: Mapping[str, tuple[Path, str]]) -> None:
        """The files that may be asked for from now on, in place of those before: digest -> path and suffix."""
        known = {digest: Offer(TYPES[suffix], path=path) for digest, (path, suffix) in files.items() if suffix in TYPES}
        with self._lock:
            self._files = known

    def lend(self, digest: str, path: Path, suffix: str) -> str:
        """One more file that may be asked for, while it is among the newest of these; gives its digest back."""
        with self._lock:
            self._lent[digest] = Offer(TYPES[suffix], path=path)
            self._lent.move_to_end(digest)
            while len(self._lent) > KEPT_BYTES:
                self._lent.popitem(last=False)
        return digest

    def offer_film(self, digest: str, path: Path, keep: int) -> list[Path]:
        """One more film; gives the files of those that are no longer offered, as only the newest are kept."""
        gone = []
        with self._lock:
            self._films[digest] = Offer(TYPES[".mp4"], path=path)
            self._films.move_to_end(digest)
            while len(self._films) > keep:
                _, old = self._films.popitem(last=False)
                if old.path is not None:
                    gone.append(old.path)
        return gone

    def hold(self, data: bytes, suffix: str) -> str:
        """Bytes of no file, which may be asked for by the digest that is given back while they are among the newest."""
        digest = hashlib.sha256(data).hexdigest()
        with self._lock:
            self._bytes[digest] = Offer(TYPES[suffix], data=data)
            self._bytes.move_to_end(digest)
            while len(self._bytes) > KEPT_BYTES:
                self._bytes.popitem(last=False)
        return digest

    def found(self, digest: str) -> Offer | None:
        """What a digest stands for, or None for one that is not offered."""
        with self._lock:
            kinds = (self._files, self._films, self._lent, self._bytes)
            return next((offer for kind in kinds if (offer := kind.get(digest))), None)

    def picture(self, digest: str) -> bytes | None:
        """A small JPEG of a picture, or of a film's first frame; None where there is none. May take 20 ms."""
        with self._lock:
            known = self._pictures.get(digest)
            if known is not None:
                self._pictures.move_to_end(digest)
                return known
        offer = self.found(digest)
        if offer is None or offer.path is None or not offer.type.startswith(("video/", "image/")):
            return None
        drawn = self._draw(offer.path)
        with self._lock:
            self._pictures[digest] = drawn
            while len(self._pictures) > KEPT_PICTURES:
                self._pictures.popitem(last=False)
        return drawn


class _Listener:
    """One open page: the names of what changed since it was last told."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._names: dict[str, None] = {}
        self._bell = asyncio.Event()

    def ring(self, names: Iterable[str]) -> None:
        """Notes changed names, from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._note, list(names))

    def _note(self, names: list[str]) -> None:
        self._names.update(dict.fromkeys(names))
        self._bell.set()

    async def heard(self) -> list[str]:
        """The names that changed, once there are any."""
        await self._bell.wait()
        self._bell.clear()
        names, self._names = list(self._names), {}
        return names


def _object(parts: Iterable[tuple[str, str]]) -> str:
    return "{" + ",".join(f"{json.dumps(name)}:{text}" for name, text in parts) + "}"
