"""Takes: made beside each other, chosen, pinned, and never lost."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from mvr import choosing
from mvr.engine import disk
from mvr.errors import ProjectError
from mvr.resources import resource
from mvr.workspace import Json
from tests.studio import Studio
from tests.test_cli import mvr


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    studio = Studio.start(tmp_path_factory.mktemp("takes") / "tiny")
    studio.render()
    return studio


@pytest.fixture
def studio(rendered: Studio, tmp_path: Path) -> Studio:
    return rendered.copy(tmp_path / "tiny")


def quietly(_: object) -> None:
    """Shows nothing."""


def takes(studio: Studio) -> list[Json]:
    rows: list[Json] = choosing.takes(studio.workspace, "verse-1.1", quietly)["takes"]
    return rows


def test_more_takes_leave_the_film_alone(studio: Studio) -> None:
    """`takes: 3` makes two stills and clips beside the chosen one, and the film stays the same."""
    before = studio.film.read_bytes()
    studio.edit("characters: [ada]}", "characters: [ada], takes: 3}")
    assert studio.render() == {f"verse-1.1/{stage}@{n}" for stage in ("keyframe", "clip") for n in (2, 3)}
    assert studio.film.read_bytes() == before
    assert [row["take"] for row in takes(studio)] == [1, 2, 3]


def test_more_motions_share_the_still(studio: Studio) -> None:
    """`takes: {motion: 3}` makes clips of the one still."""
    studio.edit("characters: [ada]}", "characters: [ada], takes: {motion: 3}}")
    assert studio.render() == {"verse-1.1/clip@m2", "verse-1.1/clip@m3"}


def test_picking_another_take_is_a_join(studio: Studio) -> None:
    """Choosing a take that is made passes its clip on and joins; choosing the first again gives the first film."""
    before = studio.film.read_bytes()
    choosing.reroll(studio.workspace, "verse-1.1", 1, quietly)
    choosing.pick(studio.workspace, "verse-1.1", "2", quietly)
    assert "take: 2" in studio.file.read_text()
    assert studio.render() == {"verse-1.1/segment"}
    other = studio.film.read_bytes()
    assert other != before
    choosing.pick(studio.workspace, "verse-1.1", "1", quietly)
    assert studio.render() == set()
    assert studio.film.read_bytes() == before


def test_a_clip_of_earlier_words_is_there_at_once(studio: Studio) -> None:
    """After a prompt changed, the old clip is listed with its words, and pinning it makes no clip."""
    before = studio.film.read_bytes()
    (old,) = takes(studio)
    studio.edit("in the rain", "in the snow")
    studio.render()
    present, earlier = takes(studio)
    assert earlier["key"] == old["key"] != present["key"]
    assert "in the rain" in earlier["words"]
    choosing.pick(studio.workspace, "verse-1.1", earlier["key"], quietly)
    assert f'pin: "{earlier["key"]}"' in studio.file.read_text()
    assert {name for name in studio.render() if "/segment" not in name} == set()
    assert studio.film.read_bytes() == before


def test_a_pin_holds_whatever_the_words_say(studio: Studio) -> None:
    """A pinned shot is never stale."""
    choosing.pick(studio.workspace, "verse-1.1", takes(studio)[0]["key"], quietly)
    studio.render()
    studio.edit("in the rain", "in a desert of glass")
    assert studio.stale() == set()
    assert studio.render() == set()


def test_a_pin_that_is_not_here_names_its_line(studio: Studio) -> None:
    """A pin whose bytes are not here is a fault with its line, and says how to fetch it."""
    studio.edit("characters: [ada]}", 'characters: [ada], pin: "abcdef"}')
    with pytest.raises(ProjectError) as raised:
        studio.render()
    (fault,) = raised.value.faults
    line = next(n for n, text in enumerate(studio.file.read_text().splitlines(), 1) if "abcdef" in text)
    assert (fault.line, fault.path) == (line, "shots.verse-1.1.pin")
    assert "mvr store pull" in fault.hint


def test_a_take_that_is_not_is_refused(studio: Studio) -> None:
    """Picking a take that was never asked for says how to make one, and writes nothing."""
    before = studio.file.read_bytes()
    with pytest.raises(ProjectError, match="has no take 7"):
        choosing.pick(studio.workspace, "verse-1.1", "7", quietly)
    assert studio.file.read_bytes() == before


def test_picking_keeps_every_other_byte(studio: Studio) -> None:
    """Comments, order and quoting of the project file stay as they were."""
    before = studio.file.read_text()
    choosing.reroll(studio.workspace, "chorus-1.2", 2, quietly)
    after = studio.file.read_text()
    assert after == before.rstrip("\n") + "\n  chorus-1.2:\n    takes: 3\n"


def test_another_treatment_is_a_new_number(studio: Studio) -> None:
    """`reroll treatment` writes `make.writer.take`, has the words written anew, and films nothing; the film stays."""
    before, text = studio.film.read_bytes(), studio.file.read_text()
    studio.happened = []
    choosing.reroll(studio.workspace, "treatment", 1, studio.happened.append)
    assert studio.made() == {"treatment", "verse-1/shots", "chorus-1/shots"}
    assert studio.file.read_text() == text + "make:\n  writer: {with: rules, take: 2}\n"
    assert studio.film.read_bytes() == before
    (reason,) = studio.workspace.why("treatment")["why"]
    assert (reason["field"], reason["now"], reason["path"]) == ("take", 2, "make.writer.take")
    assert {name for name in studio.render() if name.endswith("/keyframe")}
    assert studio.film.read_bytes() != before
    choosing.reroll(studio.workspace, "treatment", 1, quietly)
    assert "take: 3}" in studio.file.read_text()


def test_an_earlier_treatment_comes_back_at_once(studio: Studio) -> None:
    """The first number has the first words, and the film they gave; a further one was never there."""
    before = studio.film.read_bytes()
    choosing.reroll(studio.workspace, "treatment", 1, quietly)
    studio.render()
    studio.edit("take: 2", "take: 1")
    assert studio.stale() == set()
    assert studio.render() == set()
    assert studio.film.read_bytes() == before
    choosing.reroll(studio.workspace, "treatment", 1, quietly)
    assert "{with: rules, take: 3}" in studio.file.read_text()


def test_a_treatment_has_one_take_at_a_time(studio: Studio) -> None:
    """Counts and motions are a shot's; nothing is written."""
    before = studio.file.read_bytes()
    for arguments in (["-n", "2"], ["--motion"]):
        ran = mvr("reroll", "treatment", *arguments, cwd=studio.folder)
        assert (ran.returncode, "write: mvr reroll treatment" in ran.stderr) == (2, True)
    assert studio.file.read_bytes() == before


def test_the_command_line_lists_and_picks(studio: Studio) -> None:
    """`reroll`, `takes --json` and `pick` work together from the command line."""
    assert mvr("reroll", "verse-1.1", "-n", "2", cwd=studio.folder).returncode == 0
    document = json.loads(mvr("takes", "verse-1.1", "--json", cwd=studio.folder).stdout)
    jsonschema.validate(document, json.loads(resource("schemas/takes.schema.json").read_text()))
    assert [row["state"] for row in document["takes"]] == ["fresh"] * 3
    ran = mvr("pick", "verse-1.1", "3", cwd=studio.folder)
    assert (ran.returncode, "take 3 of verse-1.1" in ran.stderr) == (0, True)
    assert "* 3" in mvr("takes", "verse-1.1", cwd=studio.folder).stdout


def test_a_pin_whose_bytes_went_is_told_even_where_nothing_changed(studio: Studio) -> None:
    """A film that stands is no proof that a pinned clip does."""
    key = takes(studio)[0]["key"]
    choosing.pick(studio.workspace, "verse-1.1", key, quietly)
    studio.render()
    assert studio.stale() == set()
    with studio.workspace.opened() as bench:
        record = bench.store.record(bench.clip_keys("verse-1.1")[0])
        assert record is not None
        disk.remove(bench.store.path(record.parts[""].digest))
    with pytest.raises(ProjectError, match="is not here"):
        studio.workspace.plan()
