"""What `mvr analyze` says of a song: the document, the block to paste, the picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import yaml
from click.testing import CliRunner, Result

from mvr import analysis
from mvr.analysis import Analysis
from mvr.cli import main
from mvr.errors import ProjectError
from mvr.resources import resource
from tests.hearing.sounds import band, noise, write

BEAT = 60 / 120


def call(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A song of 40 s: eight bars of verse, eight of chorus, four of verse."""
    parts = [band(8, 120, (57, 53), 0.3, 0.2), band(8, 120, (53, 55), 0.8, 1.0), band(4, 120, (57, 53), 0.3, 0.2)]
    return write(tmp_path_factory.mktemp("analysis") / "song.wav", np.concatenate(parts))


@pytest.fixture(scope="module")
def heard(song: Path) -> Analysis:
    return analysis.listened(song)


def checked(document: Any) -> None:
    """The document against its schema."""
    schema = json.loads(resource("schemas/analysis.schema.json").read_text("utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(document, schema)


def test_the_document_keeps_its_schema(heard: Analysis) -> None:
    """Everything that the schema asks for is there, and nothing else."""
    checked(heard.document)
    assert heard.document["tempo"] == pytest.approx(120, abs=0.1)
    assert heard.document["lyrics"] == []


def test_cue_points_are_cuts_at_the_default_length(heard: Analysis) -> None:
    """Every shot is 2.5 to 7 s long, and begins on a beat."""
    cues = np.array(heard.document["cuePoints"])
    gaps = np.diff(np.concatenate([[0.0], cues, [heard.document["duration"]]]))
    assert gaps.min() > 2.499
    assert gaps.max() < 7.001
    assert np.abs(cues[:, None] - np.array(heard.document["beats"])).min(axis=1).max() < 1e-5


def test_the_block_says_what_was_heard(heard: Analysis) -> None:
    """The `music:` block is YAML that the project file's schema accepts, with every section."""
    block = yaml.load(analysis.yaml_block(heard.document), yaml.BaseLoader)
    assert float(block["music"]["tempo"]) == heard.document["tempo"]
    assert block["music"]["meter"] == "4/4"
    assert [entry["role"] for entry in block["music"]["sections"]] == [s["role"] for s in heard.document["sections"]]
    schema = json.loads(resource("schemas/project.schema.json").read_text("utf-8"))
    whole = {**block, "song": "song.wav", "concept": "a walk"}
    whole["music"]["tempo"] = float(whole["music"]["tempo"])
    jsonschema.validate(whole, schema)


def test_the_picture_shows_the_song(heard: Analysis, tmp_path: Path) -> None:
    """A PNG of 1600 x 640 in which the louder section stands higher than the quiet ones."""
    import cv2

    analysis.plot(heard, tmp_path / "song.png", "song.wav")
    picture = cv2.imread(str(tmp_path / "song.png"))
    assert picture is not None
    assert picture.shape == (640, 1600, 3)
    bright = (np.asarray(picture)[140:364].max(axis=2) > 110).sum(axis=0)
    assert np.median(bright[700:1150]) > 1.5 * np.median(bright[100:600])


def test_the_same_song_gives_the_same_picture(heard: Analysis, tmp_path: Path) -> None:
    """Drawn twice, the bytes are the same."""
    for name in ("one.png", "two.png"):
        analysis.plot(heard, tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_a_picture_that_cannot_be_written_is_said(song: Path, tmp_path: Path) -> None:
    """A folder that is not there is an error with a hint, exit 1."""
    ran = call("analyze", str(song), "--plot", str(tmp_path / "nowhere" / "song.png"))
    assert ran.exit_code == 1
    assert "cannot be written" in ran.stderr


def test_no_beat_is_said_in_words(tmp_path: Path) -> None:
    """Of noise `analyze` says that it hears no beat, draws it all the same, and its block says so too."""
    sound = write(tmp_path / "noise.wav", noise(20))
    ran = call("analyze", str(sound), "--plot", str(tmp_path / "noise.png"))
    assert ran.exit_code == 0, ran.stderr
    assert "no beat heard" in ran.stdout
    assert (tmp_path / "noise.png").stat().st_size > 1000
    block = call("analyze", str(sound), "--yaml").stdout
    assert "no beat was heard" in block
    assert yaml.load(block, yaml.BaseLoader)["music"]["sections"][0]["role"] == "part"


def test_a_moment_is_analysed_too(tmp_path: Path) -> None:
    """A sound of a tenth of a second, and one of silence, give documents that keep the schema, and pictures."""
    for name, sound in (("moment", noise(0.1)), ("silence", np.zeros(22_050 * 9))):
        found = analysis.listened(write(tmp_path / f"{name}.wav", sound))
        checked(found.document)
        assert not found.document["heard"]
        analysis.plot(found, tmp_path / f"{name}.png")


def test_a_song_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A wrong name is the call's fault: exit 2."""
    with pytest.raises(ProjectError, match="there is no file"):
        analysis.analyze(tmp_path / "gone.wav")
    assert call("analyze", str(tmp_path / "gone.wav"), "--json").exit_code == 2


def test_what_is_no_song_is_said(tmp_path: Path) -> None:
    """A folder, or a text, is the call's fault too, and each is told as what it is."""
    (tmp_path / "words.wav").write_text("la la la\n" * 50)
    for place, word in ((tmp_path, "is a folder"), (tmp_path / "words.wav", "is no sound or film")):
        ran = call("analyze", str(place))
        assert (ran.exit_code, word in ran.stderr) == (2, True), ran.stderr


def test_the_command_prints_one_document(song: Path) -> None:
    """With --json, standard output is the document alone."""
    ran = call("analyze", str(song), "--json")
    assert ran.exit_code == 0, ran.stderr
    checked(json.loads(ran.stdout))
