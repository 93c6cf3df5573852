"""Words in the film: only what shows them is encoded again."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from mvr import captioning
from tests.desk import digest
from tests.project.bench import SMALL, faults
from tests.studio import PROJECT, Studio, write_song
from tests.test_cli import mvr

LYRICS = "[00:00.50]<00:00.50>one <00:01.00>more <00:01.50>street <00:01.60>\n[00:04.50]the sea <again>\n[00:05.50]\n"
TEXT = PROJECT.replace("shots:\n", "lyrics: song.lrc\nwords: {captions: karaoke}\nshots:\n").replace("0:08", "0:04")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    studio = Studio.start(tmp_path_factory.mktemp("words") / "tiny", TEXT)
    write_song(studio.folder / "song.wav", 8.0)
    (studio.folder / "song.lrc").write_text(LYRICS)
    studio.render()
    return studio


@pytest.fixture
def studio(rendered: Studio, tmp_path: Path) -> Studio:
    return rendered.copy(tmp_path / "tiny")


def lyrics(studio: Studio, old: str, new: str) -> None:
    file = studio.folder / "song.lrc"
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


def segments(made: set[str]) -> set[str]:
    """The shots whose segments were made; no still is, and no clip but of a shot that hears other words."""
    found = {name.removesuffix("/segment") for name in made if name.endswith("/segment")}
    assert not {name for name in made if name.endswith(("/keyframe", "/portrait"))}
    assert {name.removesuffix("/clip") for name in made if name.endswith("/clip")} <= found
    return found


def test_a_shot_without_words_is_its_clip(studio: Studio) -> None:
    """Where nothing is sung nothing is encoded a second time; where something is, the words are in the picture."""
    out = studio.workspace.out
    passed = {shot for shot in shots(studio) if digest(out / f"clip/{shot}.mp4") == digest(out / f"segment/{shot}.mp4")}
    assert passed == set(shots(studio)) - {"verse-1.1", "chorus-1.1"}


def shots(studio: Studio) -> list[str]:
    return [row["id"] for row in studio.workspace.shots(lambda _event: None)["shots"]]


def test_a_changed_line_is_one_segment(studio: Studio) -> None:
    """The words of a line touch the shot that it is sung in, and no other; the subtitles beside the film follow."""
    lyrics(studio, "street", "road {b}")
    made = studio.render()
    assert segments(made) == {"verse-1.1"}
    assert "subtitles" in made
    assert "one more road {b}" in (studio.workspace.out / "film.srt").read_text()


def test_a_title_touches_the_shots_it_stands_in(studio: Studio) -> None:
    """A changed title is encoded into the film's first seconds alone."""
    studio.edit("{captions: karaoke}", "{captions: karaoke, title: true}")
    studio.render()
    studio.edit("title: Tiny", "title: Small")
    [reason] = studio.workspace.why("verse-1.1/segment")["why"]
    assert (reason["field"].endswith("items[0].text"), reason["path"]) == (True, "title")
    assert segments(studio.render()) == {"verse-1.1", "verse-1.2"}


def test_a_shot_may_have_words_of_its_own(studio: Studio) -> None:
    """`caption` stands in the shot as a lower third, in the place of its lyrics; `none` leaves it without words."""
    studio.edit('in the rain", characters', 'in the rain", caption: Ada, characters')
    assert segments(studio.render()) == {"verse-1.1"}
    studio.edit("caption: Ada", "caption: none")
    assert segments(studio.render()) == {"verse-1.1"}
    out = studio.workspace.out
    assert digest(out / "segment/verse-1.1.mp4") == digest(out / "clip/verse-1.1.mp4")


def test_files_of_the_user_are_in_the_key(studio: Studio) -> None:
    """Another logo under the same name is another picture in the shots that show it, as is another font in all."""
    cv2.imwrite(str(studio.folder / "logo.png"), np.full((8, 8, 4), 255, np.uint8))
    from mvr.media.fonts import BUNDLED

    fonts = [font.path for font in BUNDLED if font.path]
    (studio.folder / "own.ttf").write_bytes(fonts[0].read_bytes())
    own = "font: own.ttf, overlays: [{image: logo.png, at: end, length: 1s}]"
    studio.edit("{captions: karaoke}", f"{{captions: karaoke, {own}}}")
    assert shots(studio)[-1] in segments(studio.render())
    cv2.imwrite(str(studio.folder / "logo.png"), np.full((8, 8, 4), 128, np.uint8))
    assert segments(studio.render()) == {shots(studio)[-1]}
    (studio.folder / "own.ttf").write_bytes(fonts[1].read_bytes())
    assert segments(studio.render()) >= {"verse-1.1", "chorus-1.1"}


def test_check_warns_of_what_no_font_has(studio: Studio) -> None:
    """Characters that will not be drawn are named before anything is made."""
    lyrics(studio, "the sea", "the ᚠ sea 😀")
    ran = mvr("check", "--json", cwd=studio.folder)
    [warning] = json.loads(ran.stdout)["warnings"]
    assert "ᚠ (U+16A0) 😀 (U+1F600)" in warning
    assert "ᚠ (U+16A0)" in mvr("check", cwd=studio.folder).stderr


def test_a_font_that_is_not_here_is_told(studio: Studio) -> None:
    """A family that this machine lacks is code 3, a file that is no font code 2; each with its line."""
    studio.edit("{captions: karaoke}", "{captions: karaoke, font: No Such Family}")
    ran = mvr("check", cwd=studio.folder)
    assert ran.returncode == 3
    assert "no font 'No Such Family'" in ran.stderr
    (studio.folder / "a.ttf").write_text("no font")
    studio.edit("No Such Family", "a.ttf")
    ran = mvr("check", cwd=studio.folder)
    assert (ran.returncode, "a.ttf" in ran.stderr) == (2, True)


def test_words_that_cannot_be_are_told(tmp_path: Path) -> None:
    """A title that is not there, and captions without lyrics, are faults with their line."""
    [fault] = faults(tmp_path, SMALL + "words: {title: true}\n")
    assert fault.path == "words.title"
    [fault] = faults(tmp_path, SMALL + "words: {captions: karaoke}\n")
    assert fault.path == "words.captions"


def test_colours_come_from_the_palette() -> None:
    """The accent is a light, vivid colour of the film; text and edge stay far apart, whatever the palette."""
    assert captioning.colours(["#10173a", "#2f4b7c", "#c8553d", "#f2b134", "#f6e7cb"])["accent"] == "#f2b134"
    for palette in (["#000000"], ["#ffffff"], ["#808080"], ["#0b1d51", "#0b1d52"]):
        found = captioning.colours(palette)
        assert captioning._light(found["text"]) > 0.75
        assert captioning._light(found["edge"]) < 0.06
        assert captioning._light(found["accent"]) > 0.2
