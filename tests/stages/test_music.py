"""What the stage music hands on, and that it hears the demo's song as it was composed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from mvr.engine.job import Cancelled
from mvr.model import Corrections, MarkedSection, Song
from mvr.resources import resource
from mvr.stages import music, song
from tests.desk import BenchDesk, run
from tests.hearing.sounds import clicks, hear, noise, write
from tests.stages.film_project import PROJECT

DEMO = Path(__file__).parents[2] / "projects" / "demo"
BAR = 4 * 60 / 104


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The documents of the demo's song."""
    folder = tmp_path_factory.mktemp("demo")
    heard = run(song, {"start": 0.0, "end": None}, out=folder / "song", files={"song": [DEMO / "song.ogg"]})
    nothing: dict[str, Any] = {"tempo": None, "meter": None, "first_downbeat": None, "sections": []}
    inputs = {"song": [heard.parts[""]], "mono": [heard.parts["mono"]]}
    made = run(music, {"corrections": nothing}, out=folder / "music", inputs=inputs)
    return {name: json.loads(made.parts[name].read_text("utf-8")) for name in ("", "form", "beats")}


def test_the_demo_is_heard_as_it_was_composed(demo: dict[str, Any]) -> None:
    """104 beats a minute, downbeats within 10 ms of the score's, and the score's own six sections."""
    heard = demo[""]
    assert heard["tempo"] == pytest.approx(104, abs=0.05)
    assert heard["meter"] == "4/4"
    downbeats = 0.01 + BAR * np.arange(23)
    assert np.abs(np.array(heard["downbeats"][:23]) - downbeats).max() < 0.010
    found = [(section["name"], section["start"]) for section in heard["sections"]]
    names = ("intro-1", "verse-1", "chorus-1", "verse-2", "chorus-2", "outro-1")
    assert [name for name, _ in found] == list(names)
    starts = [0.0, *(0.01 + BAR * bar for bar in (4, 8, 12, 16, 20))]
    assert [start for _, start in found] == pytest.approx(starts, abs=0.010)
    assert [section["label"] for section in heard["sections"]] == ["A", "B", "C", "B", "C", "D"]
    assert heard["sections"][2]["energy"] == heard["sections"][4]["energy"] == "high"


def checked(documents: dict[str, Any]) -> None:
    """Every part against its own definition in the schema."""
    schema = json.loads(resource("schemas/music.schema.json").read_text("utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(documents[""], schema)
    for part in ("form", "beats"):
        jsonschema.validate(documents[part], {"definitions": schema["definitions"], "$ref": f"#/definitions/{part}"})


@pytest.mark.parametrize(
    "sound",
    [clicks(120, 12)[0], np.zeros(22_050), noise(0.5)],
    ids=["clicks", "silence", "half a second"],
)
def test_documents_keep_their_schema(tmp_path: Path, sound: np.ndarray) -> None:
    """What is made of a sound with a beat, of silence and of half a second validates, part by part."""
    heard = hear(tmp_path, sound)
    checked({"": heard.music, "form": heard.form, "beats": heard.beats})


def test_the_demo_keeps_the_schema(demo: dict[str, Any]) -> None:
    """A real song's documents validate too."""
    checked(demo)


def test_the_same_song_gives_the_same_bytes(tmp_path: Path) -> None:
    """Every part of two makes is equal to the byte."""
    sound, _ = clicks(97, 20)
    one, two = hear(tmp_path / "one", sound), hear(tmp_path / "two", sound)
    assert one.whole == two.whole


def test_the_form_holds_no_times(demo: dict[str, Any]) -> None:
    """A moved boundary leaves the part that writers read as it is."""
    assert [set(entry) for entry in demo["form"]] == [{"name", "role", "label", "energy"}] * 6


def test_a_long_song_has_bounded_curves(tmp_path: Path) -> None:
    """The energy curve has two values a second, and the envelopes a hundred columns."""
    heard = hear(tmp_path, noise(61.3))
    assert len(heard.music["energy"]["values"]) in (123, 124)
    assert heard.envelopes.shape[1] in range(6130, 6150)


def test_a_cancelled_job_stops(tmp_path: Path) -> None:
    """Hearing asks the desk on its way, so a job nobody wants ends early."""

    class Unwanted(BenchDesk):
        def progress(self, fraction: float, picture: bytes | None = None) -> None:
            raise Cancelled

    mono = write(tmp_path / "mono.wav", clicks(120, 5)[0])
    (tmp_path / "song.json").write_text('{"seconds": 5.0}')
    given: dict[str, Any] = {"tempo": None, "meter": None, "first_downbeat": None, "sections": []}
    with pytest.raises(Cancelled):
        run(
            music,
            {"corrections": given},
            out=tmp_path / "out",
            inputs={"song": [tmp_path / "song.json"], "mono": [mono]},
            desk=Unwanted(tmp_path / "out"),
        )


def test_the_recipe_holds_the_corrections_in_film_time() -> None:
    """Times of the song's file become times of the film; every one has its place in the project file."""
    corrections = Corrections(92.0, "3/4", 12.5, (MarkedSection(10.0, "intro"), MarkedSection(31.4, "verse")))
    values, sources = music.recipe(replace(PROJECT, song=Song("song.flac", start=12.0), corrections=corrections))
    assert values["corrections"] == {
        "tempo": 92.0,
        "meter": "3/4",
        "first_downbeat": 0.5,
        "sections": [{"at": -2.0, "role": "intro"}, {"at": 19.4, "role": "verse"}],
    }
    assert sources["corrections.first_downbeat"] == "music.first_downbeat"


def test_nothing_else_of_the_project_is_read() -> None:
    """Another title, concept or size makes no new analysis."""
    other = replace(PROJECT, title="other", concept="another", seed=7)
    assert music.recipe(PROJECT) == music.recipe(other)


def test_every_downbeat_is_a_beat(demo: dict[str, Any]) -> None:
    """Beats rise, and hold the downbeats."""
    beats = demo["beats"]["beats"]
    assert set(demo["beats"]["downbeats"]) <= set(beats)
    assert beats == sorted(beats)
