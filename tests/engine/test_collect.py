"""What nothing needs goes, what anything needs stays, and a render may run meanwhile."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mvr.engine.collect import Collector, Unsure
from mvr.engine.inventory import Inventory, Occupied, Standing, keeper
from mvr.engine.job import Desk, Job, Made
from mvr.engine.roots import Manifest, Roots
from tests.engine import fakes
from tests.engine.ageing import DAY, age
from tests.engine.inline import Inline
from tests.engine.lab import Lab

TAKES = ("clip",)
ROUNDS = 12


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """A rendered film: words, two stills, a clip of each, and a join."""
    monkeypatch.setenv("MVR_LAB", str(tmp_path))
    lab = Lab(tmp_path)
    lab.lanes = Inline(lab.store, random.Random(1).choice)
    declare(lab, "rain")
    lab.render()
    yield lab
    lab.close()


def declare(lab: Lab, words: str, moves: str = "slow") -> None:
    lab.node("words", words)
    for shot in "ab":
        lab.node(f"{shot}/sound", words + shot, stage="sound")
        lab.node(f"{shot}/keyframe", shot, reads="words", stage="keyframe")
        lab.node(f"{shot}/clip", moves, reads=f"{shot}/keyframe {shot}/sound", stage="clip")
        lab.node(f"{shot}/segment", reads=f"{shot}/clip", stage="segment")
    lab.node("film", reads="a/segment b/segment", product="film.mp4", stage="film")


def keep(lab: Lab, text: str) -> None:
    """Renders, and keeps the manifest under a text of its own."""
    build = lab.render()
    assert lab.failed == {}
    keys = {
        name: verdict.key for name in lab.graph.nodes if hasattr(verdict := build.judge.verdict(lab.graph, name), "key")
    }
    (lab.roots.folder / "text.json").unlink(missing_ok=True)
    lab.roots.keep(text, lab.folder, keys)


def collector(lab: Lab, *texts: str, takes: tuple[str, ...] = TAKES, later: float = 0.0) -> Collector:
    """One that knows which texts stand."""
    return Collector(
        lab.store, lambda roots, manifest: manifest.text in texts, takes, lambda: time.time() + later * DAY
    )


def swept(lab: Lab, *texts: str, takes: tuple[str, ...] = TAKES) -> dict[str, int]:
    """Collects, and says how many bytes went, by stage."""
    one = collector(lab, *texts, takes=takes)
    return dict(one.collect(one.waste()).stages)


def standing(lab: Lab) -> set[str]:
    return {path.name for path in lab.store.files.iterdir()}


def test_the_newest_film_stays(lab: Lab) -> None:
    """Nothing of the last finished render goes, however old it is."""
    age(lab.store)
    before = standing(lab)
    assert swept(lab, takes=()) == {}
    assert standing(lab) == before


def test_what_nothing_needs_goes(lab: Lab) -> None:
    """Of a film that nobody can come back to, all goes but takes and what they were made of; records stay."""
    keep(lab, "rain")
    declare(lab, "snow")
    keep(lab, "snow")
    age(lab.store)
    records = sorted(lab.store.records.iterdir())
    generation = lab.store.generation()
    assert set(swept(lab)) == {"fake", "segment"}
    assert sorted(lab.store.records.iterdir()) == records
    assert lab.store.generation() != generation
    assert set(swept(lab, takes=())) == {"sound", "keyframe", "clip"}
    assert lab.states().keys() == {name for name, state in lab.states().items() if state == "fresh"}


def test_a_text_that_stands_keeps_its_film(lab: Lab) -> None:
    """A film whose text can be come back to is there at once: nothing is made but the join."""
    keep(lab, "rain")
    declare(lab, "snow")
    keep(lab, "snow")
    age(lab.store)
    assert swept(lab, "rain", takes=()) == {}
    declare(lab, "rain")
    lab.render()
    assert lab.made == {"film"}


def test_what_went_is_made_again_to_the_same_film(lab: Lab) -> None:
    """A film that was let go comes back with the same bytes, for the time that it takes."""
    film = (lab.folder / "out/film.mp4").read_bytes()
    keep(lab, "rain")
    declare(lab, "snow")
    keep(lab, "snow")
    age(lab.store)
    swept(lab, takes=())
    declare(lab, "rain")
    lab.render()
    assert "film" in lab.made
    assert (lab.folder / "out/film.mp4").read_bytes() == film


def test_a_month_stays(lab: Lab) -> None:
    """Whatever was made or met in 30 days stays: films, and the work of runs that never finished."""
    keep(lab, "rain")
    declare(lab, "snow")
    keep(lab, "snow")
    declare(lab, "hail")
    lab.wanted = ["a/keyframe"]
    lab.render()
    declare(lab, "snow")
    lab.wanted = None
    keep(lab, "snow")
    age(lab.store, days=29)
    assert swept(lab, takes=()) == {}
    age(lab.store, days=2)
    assert set(swept(lab, takes=())) == {"fake", "sound", "keyframe", "clip", "segment"}


def test_seconds_at_stake_are_those_of_the_records(lab: Lab) -> None:
    """Each record whose bytes may go counts once."""
    declare(lab, "snow")
    keep(lab, "snow")
    age(lab.store)
    waste = collector(lab, takes=()).waste()
    inventory = Inventory.of(lab.store)
    keys = {key for content in waste.files for key in inventory.makers[content]}
    assert waste.seconds == pytest.approx(sum(inventory.records[key].seconds for key in keys))
    assert waste.bytes == sum(lab.store.path(content).stat().st_size for content in waste.files)


def test_what_cannot_be_made_the_same_stays_with_its_children(lab: Lab) -> None:
    """Bytes that would come out otherwise stay while anything kept was made from them, through what went in between."""
    entry = "tests.engine.test_collect.picture"
    lab.declared.clear()
    lab.node("still", "drawn", stage="keyframe", exact=False, entry=entry)
    lab.node("unmoved", "drawn too", stage="keyframe", exact=False, entry=entry)
    lab.node("grade", "warm", reads="still", stage="grade")
    lab.node("mask", "sharp", reads="grade", stage="mask")
    lab.node("clip", reads="mask", stage="clip")
    keep(lab, "rain")
    digests = {name: lab.part(name).digest for name in lab.declared}
    lab.declared.clear()
    declare(lab, "snow")
    keep(lab, "snow")
    age(lab.store)
    swept(lab)
    assert {name for name, content in digests.items() if content in standing(lab)} == {"still", "mask", "clip"}


def picture(job: Job, desk: Desk) -> Made:
    """A stage whose bytes are never the same, and no document."""
    path = fakes.make(job, desk).parts[""]
    path.write_text(path.read_text() + str(random.random()))
    return Made({"": path.rename(path.with_suffix(".png"))})


def test_a_picture_that_nothing_came_of_goes(lab: Lab) -> None:
    """A still that was never moved is no take."""
    lab.node(
        "a/keyframe", "drawn", reads="words", stage="keyframe", exact=False, entry="tests.engine.test_collect.picture"
    )
    lab.wanted = ["a/keyframe"]
    lab.render()
    still = lab.part("a/keyframe").digest
    declare(lab, "snow")
    lab.wanted = None
    keep(lab, "snow")
    age(lab.store)
    swept(lab)
    assert still not in standing(lab)


def test_answers_of_a_model_stay(lab: Lab) -> None:
    """A document that would come out otherwise is never dropped: what was made to its words names it in no record."""
    lab.node("words", "thunder", exact=False)
    keep(lab, "rain")
    document = lab.part("words").digest
    declare(lab, "snow")
    keep(lab, "snow")
    age(lab.store)
    swept(lab, takes=())
    assert document in standing(lab)


def test_bytes_without_a_record_stay_for_a_day(lab: Lab) -> None:
    """A job's bytes come before its record; those that nothing ever named go the day after."""
    path = lab.folder / "loose.txt"
    path.write_text("loose")
    part = lab.store.keep(path)
    assert collector(lab).waste().files == {}
    waste = collector(lab, later=2).waste()
    assert set(waste.files) == {part.digest}
    assert waste.stages == {"": 5}


def test_two_projects_keep_their_own(lab: Lab) -> None:
    """Of a shared store nothing goes that another project needs."""
    keep(lab, "rain")
    other = lab.roots
    lab.roots = Roots(lab.store, "other")
    declare(lab, "snow")
    keep(lab, "snow")
    age(lab.store)
    assert swept(lab, takes=()) == {}
    for path in (other.log, *other.files()):
        path.unlink()
    assert set(swept(lab)) == {"fake", "sound", "keyframe", "clip", "segment"}  # takes of no project, too


def test_a_damaged_manifest_stops_it(lab: Lab) -> None:
    """What a damaged manifest kept is not known: nothing goes."""
    path = lab.roots.files()[0]
    path.write_text("{}")
    with pytest.raises(Unsure) as raised:
        collector(lab).waste()
    assert raised.value.path == path


def test_a_manifest_that_goes_while_it_is_read(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project that is removed meanwhile has no manifest to be damaged."""

    def late(path: Path) -> None:
        path.unlink()

    monkeypatch.setattr("mvr.engine.collect.manifest", late)
    assert collector(lab).waste().files == {}


def test_bytes_that_go_while_they_are_listed(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that another process takes away while the files are listed is not in the list."""

    def late(stat: object) -> Standing:
        raise FileNotFoundError

    monkeypatch.setattr(Standing, "of", late)
    assert Inventory.of(lab.store).files == {}


def test_keys_without_a_record_need_nothing(lab: Lab) -> None:
    """A line of the log may name what no record tells of."""
    lab.roots.note("a/clip", "unknown")
    assert collector(lab).waste().files == {}


def test_a_damaged_log_keeps_every_take(lab: Lab) -> None:
    """Where a line is not whole, every take stays, and everything that is young."""
    keep(lab, "rain")
    declare(lab, "snow")
    keep(lab, "snow")
    age(lab.store)
    log = lab.roots.log
    log.write_bytes(b"\n".join(line[:-9] if b"clip" in line else line for line in log.read_bytes().split(b"\n")))
    assert collector(lab).waste().files == {}
    stages = set(collector(lab, later=40).waste().stages)
    assert stages == {"fake", "segment"}


# a render at the same time


def abandoned(lab: Lab) -> None:
    """A film of rain that nothing needs any more, beside one of snow that stands."""
    keep(lab, "rain")
    declare(lab, "snow")
    keep(lab, "snow")
    age(lab.store)


def test_what_was_met_since_it_was_asked_stays(lab: Lab) -> None:
    """Between the question and the answer a render may have come to need everything."""
    abandoned(lab)
    one = collector(lab, takes=())
    waste = one.waste()
    assert waste.files
    declare(lab, "rain")
    lab.render()
    assert lab.made == {"film"}
    assert one.collect(waste).files == {}
    lab.render()
    assert lab.made == set()


def test_what_was_met_since_it_was_judged_stays(lab: Lab) -> None:
    """A key that a render notes after the first look, and before the gate is shut, is kept."""
    abandoned(lab)
    waste = collector(lab, takes=()).waste()
    rain = lab.store.record(next(iter(Inventory.of(lab.store).makers[next(iter(waste.files))])))
    assert rain is not None
    asked: list[str] = []

    def stands(roots: Roots, manifest: Manifest) -> bool:
        if not asked:
            for content in waste.files:
                for key in Inventory.of(lab.store).makers[content]:
                    lab.roots.note("again", key)
        asked.append(manifest.text)
        return False

    assert Collector(lab.store, stands, ()).collect(waste).files == {}


def test_only_what_was_agreed_on_goes(lab: Lab) -> None:
    """What became useless after the question was asked is another question."""
    keep(lab, "rain")
    declare(lab, "snow")
    keep(lab, "snow")
    one = collector(lab, takes=())
    agreed = one.waste()
    age(lab.store)
    assert one.waste().files
    assert one.collect(agreed).files == {}


def test_bytes_that_came_in_the_place_of_others_stay(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that a render replaced, or took away, since the files were listed is not the one that was listed."""
    abandoned(lab)
    one = collector(lab, takes=())
    waste = one.waste()
    new, gone = sorted(waste.files)[:2]
    real = Collector._needed
    looks: list[int] = []

    def needed(self: Collector, inventory: Inventory) -> set[str]:
        looks.append(1)
        if len(looks) == 1:
            path = lab.folder / "again.json"
            path.write_bytes(lab.store.path(new).read_bytes())
            lab.store.drop(new)
            assert lab.store.keep(path).digest == new
            lab.store.drop(gone)
        return real(self, inventory)

    monkeypatch.setattr(Collector, "_needed", needed)
    assert set(one.collect(waste).files) == set(waste.files) - {new, gone}
    assert new in standing(lab)


def test_nobody_notes_while_the_gate_is_shut(lab: Lab) -> None:
    """A render that meets a key waits at the gate until the collector has gone through."""
    done = threading.Event()

    def note() -> None:
        lab.roots.note("late", "key")
        done.set()

    thread = threading.Thread(target=note)
    with lab.store.gate(alone=True):
        thread.start()
        assert not done.wait(0.1)
        assert "late" not in {line.node for line in lab.roots.lines()}
    assert done.wait(10)
    thread.join()
    assert "late" in {line.node for line in lab.roots.lines()}


def test_renders_pass_the_gate_beside_each_other(lab: Lab) -> None:
    """The gate holds nobody up but for a collector."""
    with lab.store.gate(), lab.store.gate():
        lab.roots.note("beside", "key")


def test_without_locks_everybody_passes(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that knows no locks stops nobody."""

    def refuse(handle: int, how: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", refuse)
    with lab.store.gate(alone=True), lab.store.gate():
        lab.roots.note("beside", "key")


def test_one_keeper_at_a_time(lab: Lab) -> None:
    """Two do not collect at once."""
    lock = keeper(lab.store)
    with pytest.raises(Occupied):
        collector(lab).collect(collector(lab).waste())
    lock.free()


def test_a_run_at_work_is_seen(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store is busy while somebody holds a bench; what a dead process left does not count."""
    assert not lab.store.busy()
    (lab.store.temporary / "1-dead").mkdir()
    assert not lab.store.busy()
    with lab.store.bench():
        assert lab.store.busy()

    def refuse(handle: int, how: int) -> None:
        raise OSError(95, "Operation not supported")

    (lab.store.temporary / "2-unknown").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr("fcntl.flock", refuse)  # without locks nobody can tell
        assert lab.store.busy()
    lab.store.temporary.rename(lab.folder / "away")
    assert not lab.store.busy()


def test_renders_beside_a_collector_make_the_right_films(lab: Lab) -> None:
    """Films rendered while another thread collects without a pause are what they would be alone, and nothing fails."""
    chance = random.Random(11)
    films: dict[tuple[str, str], bytes] = {}
    stop = threading.Event()
    went: list[int] = []
    wrong: list[BaseException] = []

    def sweep() -> None:
        try:
            while not stop.is_set():
                one = collector(lab, takes=())
                went.append(len(one.collect(one.waste()).files))
        except BaseException as error:
            wrong.append(error)
            raise

    for _ in range(ROUNDS):
        age(lab.store)
        edit = chance.choice(["rain", "snow", "hail"]), chance.choice(["slow", "fast"])
        declare(lab, *edit)
        thread = threading.Thread(target=sweep)
        thread.start()
        lab.render()
        stop.set()
        thread.join()
        stop.clear()
        assert wrong == []
        assert lab.failed == {}
        film = (lab.folder / "out/film.mp4").read_bytes()
        assert films.setdefault(edit, film) == film
        lab.render()
        assert lab.made == set()
    assert sum(went) > ROUNDS
