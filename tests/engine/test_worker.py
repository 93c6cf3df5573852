"""A worker: it makes a job at its desk, and says what came of it as data, whatever a stage does."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from mvr.engine import digest, disk
from mvr.engine.job import Ahead, Blob, Cancelled, Desk, Job, Made, UserFile
from mvr.engine.store import Part, Store
from mvr.engine.worker import Server, WorkerDesk, ahead_to_json, job_from_json, job_to_json, perform
from mvr.errors import MachineError
from tests.engine.lab import FAKE, ROOT, Lab, alive, until

Stage = Callable[[Job, Desk], Made]


class Shop:
    """A store, and one worker's desk after another in this process."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "store")
        self.store.open()
        self.said: list[Mapping[str, Any]] = []
        self.wanted = threading.Event()
        self.wanted.set()
        self.residents: dict[str, Any] = {}
        self.out = folder / "out"

    def desk(self, sizes: Mapping[str, int] | None = None) -> WorkerDesk:
        return WorkerDesk(self.out, self.store, sizes or {}, self.said.append, self.wanted, self.residents)

    def make(self, stage: Stage, *, product: bool = False, **job: Any) -> dict[str, Any]:
        """What a worker answers to a job of that stage."""
        disk.remove(self.out)
        sizes = {blob.digest: 4 for blobs in job.get("inputs", {}).values() for blob in blobs}
        data = job_to_json(Job("still", "photograph", "key", {}, **job), sizes)
        sys.modules[__name__].__dict__["_stage"] = stage
        message = {"job": data, "entry": f"{__name__}._stage", "product": product}
        return perform(message, self.desk(sizes), self.store)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def stored(shop: Shop, text: str) -> Part:
    path = shop.store.folder.parent / "x.txt"
    path.write_text(text)
    return shop.store.keep(path)


def test_a_job_whose_input_is_not_what_it_was_is_not_believed(shop: Shop) -> None:
    """What a job made of bytes that cannot be hashed any more is dropped, even where it made something, or failed."""
    for fails in (False, True):
        part = stored(shop, "rain")

        def stage(job: Job, desk: Desk, fails: bool = fails) -> Made:
            if fails:
                raise MachineError("it could not be read")
            (desk.out / "x.txt").write_text("picture")
            return Made({"": desk.out / "x.txt"})

        disk.remove(shop.store.path(part.digest))
        answer = shop.make(stage, inputs={"still": (Blob(part.digest, ".txt"),)})
        assert answer == {"damaged": part.digest}


def refused(answer: Mapping[str, Any]) -> str:
    """The sentence of a failure."""
    what: str = answer["failed"]["what"]
    return what


def test_what_was_made_is_stored_and_named(shop: Shop) -> None:
    """The answer holds each part's digest, suffix and size, the provenance and the seconds."""

    def stage(job: Job, desk: Desk) -> Made:
        (desk.out / "a.png").write_text("rain")
        (desk.out / "b.json").write_text("{}")
        return Made({"": desk.out / "a.png", "layers": desk.out / "b.json"}, {"device": "cpu"})

    done = shop.make(stage)["done"]
    assert done["parts"] == {
        "": [digest.of_bytes(b"rain"), ".png", 4],
        "layers": [digest.of_bytes(b"{}"), ".json", 2],
    }
    assert done["provenance"] == {"device": "cpu"}
    assert done["seconds"] >= 0
    assert list(shop.out.iterdir()) == []


def test_one_file_may_be_two_parts(shop: Shop) -> None:
    """A stage that names one file twice has it stored once."""

    def stage(job: Job, desk: Desk) -> Made:
        (desk.out / "a.png").write_text("rain")
        return Made({"": desk.out / "a.png", "again": desk.out / "a.png"})

    parts = shop.make(stage)["done"]["parts"]
    assert parts[""] == parts["again"]


def test_a_product_stays_on_the_bench(shop: Shop) -> None:
    """A film is hashed and left where it is, for its owner to move; the store gets none of it."""

    def stage(job: Job, desk: Desk) -> Made:
        (desk.out / "film.mp4").write_text("film")
        return Made({"": desk.out / "film.mp4"})

    parts = shop.make(stage, product=True)["done"]["parts"]
    assert parts == {"": [digest.of_bytes(b"film"), ".mp4", 4, str(shop.out / "film.mp4")]}
    assert list(shop.store.files.iterdir()) == []


def test_a_stage_hands_on_nothing_but_its_own(shop: Shop) -> None:
    """The store moves what it is given, so a stage may give neither its input, nor a file of the user, nor nothing."""
    part = stored(shop, "rain")
    song = shop.out.parent / "song.wav"
    song.write_text("la")
    inputs = {"in": (Blob(part.digest, part.suffix),)}

    def theirs(job: Job, desk: Desk) -> Made:
        return Made({"": desk.path(job.inputs["in"][0])})

    def users(job: Job, desk: Desk) -> Made:
        return Made({"": desk.path(job.files["song"][0])})

    def around(job: Job, desk: Desk) -> Made:
        return Made({"": desk.out / ".." / "song.wav"})

    def nowhere(job: Job, desk: Desk) -> Made:
        return Made({"": desk.out / "nothing.png"})

    files = {"song": (UserFile(str(song), "d"),)}
    for stage in (theirs, users, around, nowhere):
        assert "which is no file in its own folder" in refused(shop.make(stage, inputs=inputs, files=files))
    assert song.read_text() == "la"
    assert shop.store.path(part.digest).read_text() == "rain"


def test_a_stage_without_a_main_part_fails(shop: Shop) -> None:
    """Whoever reads a node by its name alone must find something."""
    assert refused(shop.make(lambda job, desk: Made({}))) == "the stage photograph handed on no main part"


def test_provenance_that_is_no_json_fails(shop: Shop) -> None:
    """What could not be written to the record is told before anything is stored."""

    def stage(job: Job, desk: Desk) -> Made:
        (desk.out / "a.png").write_text("rain")
        return Made({"": desk.out / "a.png"}, {"loss": float("nan")})

    assert "JSON" in refused(shop.make(stage))
    assert list(shop.store.files.iterdir()) == []


def test_an_error_keeps_its_hint_and_code(shop: Shop) -> None:
    """A machine that lacks something is told from a stage that failed by its exit code."""

    def stage(job: Job, desk: Desk) -> Made:
        raise MachineError("no GPU here", "use another painter")

    failed = shop.make(stage)["failed"]
    assert (failed["what"], failed["hint"], failed["code"]) == ("no GPU here", "use another painter", 3)
    assert "MachineError" in failed["trace"]


def test_paths_are_found_in_this_store(shop: Shop) -> None:
    """An input is where this worker's store has it; a file of the user is where it is."""
    part = stored(shop, "rain")
    desk = shop.desk({part.digest: 4})
    assert desk.path(Blob(part.digest, ".txt")).read_text() == "rain"
    assert desk.path(UserFile("/somewhere/song.wav", "d")) == Path("/somewhere/song.wav")


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_bytes_that_are_not_whole_are_named(shop: Shop, how: str) -> None:
    """A job that would read lost or damaged bytes says which, and is not made."""
    part = stored(shop, "rain")
    path = shop.store.path(part.digest)
    path.chmod(0o644)
    path.unlink() if how == "gone" else path.write_text("ruin")

    def stage(job: Job, desk: Desk) -> Made:
        desk.path(job.inputs["in"][0])
        raise AssertionError("it was read")

    assert shop.make(stage, inputs={"in": (Blob(part.digest, ".txt"),)}) == {"damaged": part.digest}


def test_progress_is_kept_within_bounds(shop: Shop) -> None:
    """A fraction is from 0 to 1, with four digits; a picture travels as text."""
    desk = shop.desk()
    for fraction in (-1.0, 0.123456, 2.0):
        desk.progress(fraction)
    desk.progress(0.5, b"jpeg")
    assert shop.said[:3] == [{"progress": 0.0}, {"progress": 0.1235}, {"progress": 1.0}]
    assert shop.said[3] == {"progress": 0.5, "picture": "anBlZw=="}


def test_a_job_that_nobody_wants_stops_at_its_next_word(shop: Shop) -> None:
    """A stage that says how far it is, or asks, learns that nobody wants it any more."""
    desk = shop.desk()
    assert not desk.cancelled()
    shop.wanted.clear()
    assert desk.cancelled()
    with pytest.raises(Cancelled):
        desk.progress(0.5)

    def stage(job: Job, desk: Desk) -> Made:
        desk.progress(0.5)
        raise AssertionError("it went on")

    assert shop.make(stage) == {"cancelled": True}


def test_weights_stay_until_others_are_wanted(shop: Shop) -> None:
    """What is resident is loaded once, and makes room for what is wanted next."""
    loaded = []

    def load(name: str) -> str:
        def now() -> str:
            loaded.append(name)
            return name

        return shop.desk().resident(name, now)

    assert [load(name) for name in ("flux", "flux", "ltx", "flux")] == ["flux", "flux", "ltx", "flux"]
    assert loaded == ["flux", "ltx", "flux"]
    assert list(shop.residents) == ["flux"]


def test_a_job_is_plain_data() -> None:
    """A job survives the journey to another process."""
    job = Job("n", "s", "k", {"a": [1]}, {"in": (Blob("d", ".png"),)}, {"song": (UserFile("/x", "e"),)})
    assert job_from_json(json.loads(json.dumps(job_to_json(job, {"d": 3})))) == job


def test_weights_are_loaded_once_for_all_jobs_that_want_them(lab: Lab) -> None:
    """Jobs of the gpu lane are taken by the weights that are loaded, whatever the order of the graph."""
    for count in range(3):
        for weights in ("b", "a"):
            name, entry = f"{weights}{count}", "tests.engine.fakes.loads"
            lab.node(name, str(count), weights=weights, resident=weights, lane="gpu", entry=entry)
    lab.render()
    assert len(lab.made) == 6
    assert (lab.folder / "loads").read_text().split() == ["a", "b"]


GENTLY = """
import runpy, signal
signal.SIGKILL = signal.SIGTERM
runpy.run_module("mvr.engine.worker", run_name="__main__")
"""
"""A worker that ends itself by SIGTERM, so that what measures it can still write down what it saw."""


def test_a_worker_takes_jobs_by_the_line_until_its_owner_goes(lab: Lab, capfd: pytest.CaptureFixture[str]) -> None:
    """It answers by the line too, drops what nobody wants any more, and clears away all but a product's bytes."""
    command = [sys.executable, "-c", GENTLY, str(lab.store.folder)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, text=True
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None

        def send(message: Mapping[str, Any]) -> None:
            assert process.stdin is not None
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()

        def job(node: str, *, product: bool = False) -> dict[str, Any]:
            data = job_to_json(Job(node, "fake", f"key of {node}", {"say": "rain"}), {})
            return {"job": data, "entry": FAKE, "product": product, "out": str(lab.folder / "bench" / node)}

        lab.order("still", hold=True)
        send(job("still"))
        until(lambda: lab.held("still"))
        assert json.loads(process.stdout.readline()) == {"key": "key of still", "progress": 0.0}
        send({"cancel": "key of film"})  # nothing that it is at, or was
        send({"cancel": "key of still"})
        last = '{"key": "key of still", "cancelled": true}\n'
        said = [json.loads(line) for line in iter(process.stdout.readline, last)]
        assert all(set(one) == {"key", "progress", "picture"} for one in said)

        lab.order("clip", print="la la")
        send(job("clip"))
        assert set(json.loads(process.stdout.readline())) == {"key", "done"}
        assert "la la" in capfd.readouterr().err

        send(job("film", product=True))
        parts = json.loads(process.stdout.readline())["done"]["parts"]
        assert Path(parts[""][3]).read_bytes()
        assert [path.name for path in (lab.folder / "bench").iterdir()] == ["film"]

        process.stdin.close()
        assert process.wait() == -signal.SIGTERM


def test_a_worker_is_ready_before_its_job_has_ended(lab: Lab) -> None:
    """It says so where a stage left something for later, and answers when that is done; what it was told of the jobs
    to come it knows until it is told anew; nobody needs to want what is over."""
    speech = io.BytesIO()
    server = Server(lab.store, speech)

    def message(node: str, entry: str = FAKE, **more: Any) -> bytes:
        job = job_to_json(Job(node, "fake", f"key of {node}", {"say": node}), {})
        text = {"job": job, "entry": entry, "product": False, "out": str(lab.folder / "bench" / node), **more}
        return json.dumps(text).encode()

    for node in ("a", "b"):
        lab.order(node, later={})
    ahead = [ahead_to_json(Ahead({"say": "c"}, {"song": ("/song.wav",)}, {"fast": True}))]
    looks = "tests.engine.fakes.looks_ahead"
    server.listen([message("a", ahead=ahead), message("b"), message("c", looks), message("d", looks)])
    for _ in range(4):
        server.work()
    server.settle()
    server.listen([b'{"cancel": "key of a"}'])
    said = [json.loads(line) for line in speech.getvalue().splitlines()]
    order = [(one["key"][-1], next(iter(one.keys() - {"key"}))) for one in said]
    assert order.index(("a", "done")) < order.index(("b", "ready"))
    assert {("a", "ready"), ("b", "ready"), ("b", "done")} < set(order)
    told = [one["done"]["parts"][""][0] for one in said if one["key"][-1] in "cd"]
    assert [json.loads(lab.store.path(one).read_bytes()) for one in told] == [
        [["c", {"song": ["/song.wav"]}, {"fast": True}]]
    ] * 2


def test_a_worker_goes_when_its_owner_does(lab: Lab) -> None:
    """A worker whose standard input ends kills itself and whatever it started."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mvr.engine.worker", str(lab.store.folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with process:
        assert alive(process.pid)
        assert process.stdin is not None
        process.stdin.close()
        until(lambda: not alive(process.pid))
        assert process.wait() == -9
