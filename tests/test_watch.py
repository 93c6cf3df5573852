"""The loop: a save starts the next build, the newest edit wins, and the last good film stays."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest

from mvr import freezing
from tests.studio import Studio
from tests.test_cli import MVR

PATIENCE = 30.0  # seconds; a busy machine may take long, a right answer comes in well under one


class Watching:
    """A `mvr watch` at work, and what it says."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.process = subprocess.Popen(
            [*MVR, "watch", "--no-page"],
            cwd=studio.folder,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self.lines: Queue[str] = Queue()
        self.said: list[str] = []
        self.ears = Thread(target=self._listen, daemon=True)
        self.ears.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.put(line.rstrip())

    def until(self, word: str) -> list[str]:
        """The lines up to the first that holds a word."""
        heard: list[str] = []
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                line = self.lines.get(timeout=0.2)
            except Empty:
                assert self.process.poll() is None, heard
                continue
            heard.append(line)
            self.said.append(line)
            if word in line:
                return heard
        raise AssertionError(f"{word!r} was not said: {heard}")

    def idle(self) -> list[str]:
        """The lines up to a finished film."""
        return self.until("film.mp4")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self.ears.join(PATIENCE)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    studio = Studio.start(tmp_path_factory.mktemp("watch") / "tiny")
    studio.render()
    return studio


@pytest.fixture
def watching(rendered: Studio, tmp_path: Path) -> Iterator[Watching]:
    found = Watching(rendered.copy(tmp_path / "tiny"))
    found.idle()
    yield found
    if found.process.poll() is None:
        found.stop()


def made(lines: list[str]) -> set[str]:
    return {line.split()[1] for line in lines if line.startswith("made ")}


def test_a_save_makes_what_it_touched(watching: Watching) -> None:
    """Saving another prompt makes that shot and joins the film; Ctrl-C ends with 130."""
    before = watching.studio.film.read_bytes()
    watching.studio.edit("in the rain", "in the snow")
    lines = watching.idle()
    assert made(lines) == {"verse-1.1/keyframe", "verse-1.1/clip", "verse-1.1/segment", "film"}, lines
    assert watching.studio.film.read_bytes() != before
    assert watching.stop() == 130


def test_a_save_by_renaming_is_seen(watching: Watching) -> None:
    """Editors that write a new file and rename it over the old one are heard, again and again."""
    text = watching.studio.file.read_text()
    for word in ("snow", "fog", "storm"):
        other = watching.studio.folder / "project.yaml~"
        other.write_text(text.replace("in the rain", f"in the {word}"))
        other.replace(watching.studio.file)
        assert "verse-1.1/clip" in made(watching.idle())


def test_a_wrong_file_keeps_the_film(watching: Watching) -> None:
    """A save that is wrong is said with its line, the last good film stays, and a right save goes on."""
    before = watching.studio.film.read_bytes()
    text = watching.studio.file.read_text()
    watching.studio.file.write_text(text.replace("title: Tiny", "titel: Tiny"))
    assert any("project.yaml:2" in line for line in watching.until("the last good film stays"))
    assert watching.studio.film.read_bytes() == before
    watching.studio.file.write_text(text.replace("in the rain", "in the snow"))
    assert "verse-1.1/clip" in made(watching.idle())


def test_an_override_that_meets_no_shot_keeps_the_film(watching: Watching) -> None:
    """A save whose shots do not fit is said, and the loop goes on."""
    text = watching.studio.file.read_text()
    watching.studio.file.write_text(text + "  bridge-9.9: {prompt: nobody}\n")
    watching.until("the last good film stays")
    watching.studio.file.write_text(text.replace("in the rain", "in the snow"))
    assert "verse-1.1/clip" in made(watching.idle())


def test_the_newest_edit_wins(watching: Watching) -> None:
    """Of many saves in a row the last one stands in the film."""
    text = watching.studio.file.read_text()
    for word in ("snow", "fog", "storm", "wind"):
        watching.studio.file.write_text(text.replace("in the rain", f"in the {word}"))
        time.sleep(0.03)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        watching.idle()
        if not watching.studio.stale() and not watching.studio.workspace.plan()["waits"]:
            break
    assert "in the wind" in watching.studio.workspace.why("verse-1.1/keyframe")["recipe"]["sentence"]


def test_a_touch_makes_nothing(watching: Watching) -> None:
    """Content decides: a file that was touched, or whose comment changed, makes nothing."""
    os.utime(watching.studio.file)
    watching.studio.edit("# a comment", "# another comment")
    assert made(watching.idle()) <= {"film"}


def test_the_song_is_watched_too(watching: Watching) -> None:
    """A file that the project names starts a build when its content changes."""
    from tests.studio import write_song

    write_song(watching.studio.folder / "song.wav", 15.0)
    assert {"song", "music"} <= made(watching.idle())


def test_a_folder_renamed_away_and_back_is_seen(watching: Watching) -> None:
    """A checkout that replaces the whole folder is noticed within seconds."""
    folder = watching.studio.folder
    other = folder.with_name("other")
    watching.studio.copy(other)
    gone = folder.with_name("gone")
    folder.rename(gone)
    other.rename(folder)
    watching.studio.edit("in the rain", "in the snow")
    assert "verse-1.1/clip" in made(watching.idle())


def test_after_a_failure_the_film_is_shown_as_it_stands(tmp_path: Path) -> None:
    """A shot that fails has its earlier clip, or a sketch, in rough.mp4; film.mp4 stays; the next save mends it."""
    studio = Studio.start(tmp_path / "tiny")
    studio.file.write_text(studio.file.read_text() + "make: {painter: {with: fake, fails_on: snow}, animator: fake}\n")
    studio.render()
    before = studio.film.read_bytes()
    found = Watching(studio)
    try:
        found.idle()
        studio.edit("in the rain", "in the snow")
        found.until("the film as it stands")
        assert studio.film.read_bytes() == before
        assert (studio.workspace.out / "rough.mp4").exists()
        studio.edit("in the snow", "in the fog")
        assert "verse-1.1/clip" in made(found.idle())
    finally:
        found.stop()


def test_a_marker_file_is_watched_too(watching: Watching) -> None:
    """Sections that move in a marker file are heard anew, and a comment in it makes nothing."""
    markers = watching.studio.folder / "markers.txt"
    markers.write_text("0.0\t0.0\tVerse\n8.0\t8.0\tChorus\n")
    watching.studio.edit("sections: [{at: 0:00, role: verse}, {at: 0:08, role: chorus}]", "sections: markers.txt")
    assert made(watching.idle()) <= {"film"}
    markers.write_text("# by ear\n0.0\t0.0\tVerse\n8.0\t8.0\tChorus\n")
    assert made(watching.idle()) <= {"film"}
    markers.write_text("0.0\t0.0\tVerse\n6.0\t6.0\tChorus\n")
    assert "music" in made(watching.idle())


def test_a_file_that_was_missing_mends_the_project(watching: Watching) -> None:
    """A save may name a file before it is there: once it is, the film is made."""
    studio = watching.studio
    studio.edit("song: song.wav", "song: song.wav\nlyrics: words/lyrics.lrc")
    watching.until("the last good film stays")
    (studio.folder / "words").mkdir()
    (studio.folder / "words" / "lyrics.lrc").write_text("[00:01.00]rain over the city\n")
    assert "lyrics" in made(watching.idle())


def test_frozen_words_are_watched(watching: Watching) -> None:
    """Freezing beside a watch makes nothing; a prompt edited in the frozen list makes its shot."""
    studio = watching.studio
    freezing.freeze(studio.workspace, lambda _: None)
    watching.idle()
    shots = studio.folder / "project.shots.yaml"
    before, shot, after = shots.read_text().partition("  verse-1.2:")
    shots.write_text(before + shot + after.replace('prompt: "', 'prompt: "In the snow. ', 1))
    lines = watching.until("made    verse-1.2/segment")
    assert made(lines) == {"verse-1.2/keyframe", "verse-1.2/clip", "verse-1.2/segment"}


def test_a_watch_in_the_background_ends_when_it_is_told_to(rendered: Studio, tmp_path: Path) -> None:
    """A shell's `&` has Ctrl-C ignored; SIGTERM ends the watch all the same."""
    studio = rendered.copy(tmp_path / "tiny")
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell leaves it to what it starts behind itself
    try:
        found = Watching(studio)
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        found.idle()
        found.process.terminate()
        assert found.process.wait(PATIENCE) == 130
    finally:
        found.process.kill()
        found.ears.join(PATIENCE)
        assert found.process.stderr is not None
        found.process.stderr.close()
