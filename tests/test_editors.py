"""The first line of a project file makes editors complete, explain and check it: yaml-language-server, driven as VS
Code and JetBrains' plugins drive it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest

from mvr import starter
from tests.studio import write_song

VERSION = "1.15.0"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", "") or Path.home() / ".cache") / "mvr-tests" / f"yls-{VERSION}"
PATIENCE = 30.0  # seconds


def server_path() -> Path:
    """yaml-language-server, installed by npm beside all projects, once; the test skips where that cannot be."""
    found = CACHE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    if found.exists():
        return found
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm here: editors' completion is not tried out")
    CACHE.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(CACHE), f"yaml-language-server@{VERSION}"]
    try:
        ran = subprocess.run(command, cwd=CACHE, capture_output=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        ran = None
    if ran is None or ran.returncode or not found.exists():
        pytest.skip("npm could not fetch yaml-language-server: editors' completion is not tried out")
    return found


class Editor:
    """An editor with one project file open."""

    def __init__(self, server: Path, file: Path) -> None:
        self.process = subprocess.Popen(
            ["node", str(server), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.heard: Queue[Any] = Queue()
        self.uri = file.as_uri()
        self.text = ""
        self.version = 0
        Thread(target=self._listen, daemon=True).start()
        self.ask("initialize", {"processId": None, "rootUri": file.parent.as_uri(), "capabilities": {}})
        self.tell("initialized", {})
        settings = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
        self.tell("workspace/didChangeConfiguration", {"settings": {"yaml": settings}})
        self.text = file.read_text()
        document = {"uri": self.uri, "languageId": "yaml", "version": 0, "text": self.text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def _listen(self) -> None:
        out = self.process.stdout
        assert out is not None
        while line := out.readline():
            length = int(line.split(b":")[1])
            out.readline()
            self.heard.put(json.loads(out.read(length)))

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method: str, about: Any) -> None:
        self.send({"method": method, "params": about})

    def _until(self, wanted: Any) -> Any:
        while True:
            try:
                message = self.heard.get(timeout=PATIENCE)
            except Empty:
                raise AssertionError("the language server is silent") from None
            if "id" in message and "method" in message:  # it asks for the editor's settings; there are none
                self.send({"id": message["id"], "result": [{}]})
            elif wanted(message):
                return message

    def ask(self, method: str, about: Any) -> Any:
        self.version += 1
        self.send({"id": self.version, "method": method, "params": about})
        return self._until(lambda message: message.get("id") == self.version)["result"]

    def write(self, text: str) -> list[str]:
        """Types a text in the place of what is there; gives what the editor underlines, by line."""
        self.text = text
        self.version += 1
        about = {"textDocument": {"uri": self.uri, "version": self.version}, "contentChanges": [{"text": text}]}
        self.tell("textDocument/didChange", about)

        def of_this(message: Any) -> bool:
            return bool(message.get("method") == "textDocument/publishDiagnostics")

        found = self._until(of_this)["params"]["diagnostics"]
        return [f"{one['range']['start']['line'] + 1}: {one['message']}" for one in found]

    def at(self, word: str) -> dict[str, Any]:
        """The place just behind a word."""
        before = self.text[: self.text.index(word) + len(word)]
        line = before.count("\n")
        place = {"line": line, "character": len(before) - before.rfind("\n") - 1}
        return {"textDocument": {"uri": self.uri}, "position": place}

    def completed(self, word: str) -> dict[str, str]:
        """What is offered behind a word, with its explanation."""
        found = self.ask("textDocument/completion", self.at(word))
        items = found["items"] if isinstance(found, dict) else found
        return {one["label"]: str(one.get("documentation", "")) for one in items}

    def explained(self, word: str) -> str:
        """What is said of a word that the mouse rests on."""
        found = self.ask("textDocument/hover", self.at(word))
        return str(found["contents"]["value"]) if found else ""

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    server = server_path()
    folder = tmp_path_factory.mktemp("editor")
    write_song(folder / "song.wav", 4.0)
    file = starter.new(folder / "film", folder / "song.wav", "A woman walks to the sea.", "story")
    starter.write_schema(file.parent)
    found = Editor(server, file)
    yield found
    found.close()


def test_a_new_project_is_right_in_an_editor(editor: Editor) -> None:
    """What `mvr new` writes is underlined nowhere; its first line names the schema."""
    assert editor.text.startswith("# yaml-language-server: $schema=.mvr/project.schema.json\n")
    assert editor.write(editor.text) == []


def test_keys_are_completed_and_explained(editor: Editor) -> None:
    """At the top and inside a shot, every key is offered with its sentence."""
    first = editor.text.splitlines()[0]
    editor.write(f"{first}\nsong: song.wav\n\nshots:\n  verse-1.1:\n    mo\n")
    top = editor.completed("song: song.wav\n")
    assert {"title", "style", "characters", "cut", "output"} <= top.keys()
    assert "motion" in editor.completed("    mo")


def test_values_are_completed(editor: Editor) -> None:
    """Where only some values are known, they are offered."""
    first = editor.text.splitlines()[0]
    editor.write(f"{first}\nsong: song.wav\ncut:\n  by: \n")
    assert {"music", "beats", "regular", "random"} <= editor.completed("by: ").keys()


def test_a_key_is_explained_under_the_mouse(editor: Editor) -> None:
    """Hover says what the schema says, in a sentence."""
    first = editor.text.splitlines()[0]
    editor.write(f"{first}\nsong: song.wav\nseed: 4\nnotes: {{verse-1.1: the hand is wrong}}\n")
    assert "changes nothing in the film" in editor.explained("note")


def test_what_is_wrong_is_underlined(editor: Editor) -> None:
    """An unknown key, and a value of another kind, at their lines."""
    first = editor.text.splitlines()[0]
    found = editor.write(f"{first}\nsong: song.wav\ntitel: Tiny\nseed: many\n")
    assert any(one.startswith("3:") and "titel" in one for one in found), found
    assert any(one.startswith("4:") and "integer" in one for one in found), found
