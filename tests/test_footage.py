"""The user's own clips and stills in a film: beside made shots, under the whole song, and what is wrong with them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mvr import checks
from mvr.errors import ProjectError
from mvr.media import footage
from mvr.media.encode import VideoWriter
from mvr.media.probe import frames_of
from tests.media.material import converted, frame
from tests.studio import PROJECT, Studio

VERSE = '  verse-1.1: {prompt: "ada waits at a wide street corner in the rain", characters: [ada]}\n'


def film_of(path: Path, frames: int = 30) -> Path:
    """A film of another size and rate than the studio's."""
    with VideoWriter(path, width=128, height=48, fps=Fraction(25)) as writer:
        for index in range(frames):
            writer.write(np.roll(frame(3, 128)[:72], index, 1).copy())
    return path


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """A rendered film, with a clip and a photo of the user in its folder."""
    made = Studio.start(tmp_path_factory.mktemp("footage") / "film")
    film_of(made.folder / "own.mp4")
    converted(made.folder / "own.mp4", made.folder / "photo.png", vframes=1)
    made.render()
    return made


def test_a_clip_of_the_user_takes_the_place_of_a_made_one(studio: Studio, tmp_path: Path) -> None:
    """It is looked at and encoded; nothing is painted or animated for its shot, and another part of it, or another
    fit, is one segment."""
    film = studio.copy(tmp_path / "film")
    film.edit(VERSE, "  verse-1.1: {clip: own.mp4, speed: 0.5}\n")
    assert film.render() == {"verse-1.1/footage", "verse-1.1/segment"}
    film.edit("clip: own.mp4, speed: 0.5", "clip: {file: own.mp4, from: liveliest, end: loop}, fit: blur")
    assert film.render() == {"verse-1.1/segment"}
    assert frames_of(film.film) == 16 * 12
    film.edit(", fit: blur", ", fit: subject, transition: fade 0.5s")
    assert film.render() == {"verse-1.1/segment", "verse-1.1/transition"}


def test_a_photo_of_the_user_is_animated(studio: Studio, tmp_path: Path) -> None:
    """It takes the painter's place: the animator of stills moves it."""
    film = studio.copy(tmp_path / "film")
    film.edit(VERSE, "  verse-1.1: {still: photo.png, fit: subject}\n")
    assert film.render() == {"verse-1.1/keyframe", "verse-1.1/clip", "verse-1.1/segment"}


def test_one_clip_runs_under_the_whole_song(tmp_path: Path) -> None:
    """The loop: every shot shows it where the film stands, on over the cuts; one look at it is enough."""
    film = Studio.start(
        tmp_path / "film", PROJECT.replace("characters:\n", "clip: {file: own.mp4, end: ping-pong}\ncharacters:\n")
    )
    film_of(film.folder / "own.mp4")
    made = film.render()
    assert {name.partition("/")[2] for name in made} >= {"segment", "footage"}
    assert not {name for name in made if name.endswith(("/keyframe", "/clip"))}
    assert frames_of(film.film) == 16 * 12


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ("clip: broken.mp4", "no sound or film that mvr can read"),
        ("clip: photo.png", "no sound or film that mvr can read"),
        ("clip: song.wav", "holds no moving picture"),
        ("still: own.mp4", "own.mp4 is no picture"),
        ("clip: own.mp4, still: photo.png", "beside a `clip`"),
        ("speed: 2", "without a `clip`"),
        ("fit: subject", "on a shot that is made"),
        ("clip: own.mp4, crop: [0.5, 0, 0.6, 1]", "wide"),
        ("clip: {file: own.mp4, from: 12}", "a time such as"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_at_check(wish: str, found: str, studio: Studio, tmp_path: Path) -> None:
    """Before anything is made, with its line."""
    film = studio.copy(tmp_path / "film")
    (film.folder / "broken.mp4").write_bytes((film.folder / "own.mp4").read_bytes()[:900])
    film.edit(VERSE, f"  verse-1.1: {{{wish}}}\n")
    with pytest.raises(ProjectError) as raised:
        film.workspace.check()
    assert found in str(raised.value)
    assert "verse-1.1" in str(raised.value)


def test_a_film_that_shots_share_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty shots of one film cost one look before the render; what is wrong with it is told at each of them."""
    studio = Studio.start(tmp_path / "film")
    (studio.folder / "own.mp4").write_bytes(b"no film at all")
    words = studio.file.read_text()
    for prompt in ("in the rain", "over the sea"):
        words = words.replace(f'{prompt}", ', f'{prompt}", clip: own.mp4, ')
    studio.file.write_text(words)
    looks: list[Path] = []
    really = footage.check_head

    def looked(path: Path) -> None:
        looks.append(path)
        really(path)

    monkeypatch.setattr(footage, "check_head", looked)
    with pytest.raises(ProjectError) as told:
        checks.open_files(studio.workspace.load())
    assert [fault.path for fault in told.value.faults] == ["shots.verse-1.1.clip", "shots.chorus-1.1.clip"]
    assert [path.name for path in looks] == ["own.mp4"]
