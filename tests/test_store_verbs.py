"""`mvr store`: a project in git, with branches, a tag, a stash, takes and pins, loses nothing that it needs."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from mvr import choosing
from mvr.engine import digest, verify
from mvr.engine.inventory import keeper
from mvr.engine.store import Store
from mvr.errors import MachineError, MvrError, ProjectError
from mvr.model import Goal
from mvr.storekeeping import Storekeeper
from tests.engine.ageing import age, flip
from tests.studio import PROJECT, Studio
from tests.test_cli import MVR, mvr
from tests.test_history import git
from tests.test_takes import quietly

FAKE = PROJECT.replace("output:", "make: {painter: fake, animator: fake}\noutput:")
FLIPS = 100


def unseen(done: int, whole: int) -> None:
    """Shows no progress."""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """A rendered film, committed on `main`."""
    studio = Studio.start(tmp_path_factory.mktemp("store") / "tiny", FAKE)
    (studio.folder / ".gitignore").write_text(".mvr/\nmvr-out/\n")
    git(studio.folder, "init", "-b", "main")
    git(studio.folder, "add", "-A")
    git(studio.folder, "commit", "-m", "first")
    studio.render()
    return studio


@pytest.fixture
def studio(rendered: Studio, tmp_path: Path) -> Studio:
    return rendered.copy(tmp_path / "tiny")


def keeping(studio: Studio) -> Storekeeper:
    return Storekeeper(studio.workspace)


def store_of(studio: Studio) -> Store:
    return Store(studio.folder / ".mvr")


def committed(studio: Studio, words: str) -> bytes:
    """Writes other words for a shot, commits, renders; gives the film."""
    studio.file.write_text(FAKE.replace("in the rain", words).replace("the harbour", f"{words}, the harbour"))
    git(studio.folder, "commit", "-am", words)
    studio.render()
    return studio.film.read_bytes()


@pytest.fixture(scope="module")
def lived(rendered: Studio, tmp_path_factory: pytest.TempPathFactory) -> tuple[Studio, dict[str, bytes]]:
    """Branches, a tag, a stash on `snow`, a branch with takes and a pin, and work that went nowhere: films by name."""
    studio = rendered.copy(tmp_path_factory.mktemp("lived") / "tiny")
    films = {"main": studio.film.read_bytes()}
    for branch in ("snow", "hail"):
        git(studio.folder, "checkout", "-b", branch)
        films[branch] = committed(studio, f"in the {branch}")
    git(studio.folder, "checkout", "--detach")
    films["v1"] = committed(studio, "in the fog")
    git(studio.folder, "tag", "v1")
    git(studio.folder, "checkout", "snow")
    studio.file.write_text(FAKE.replace("in the rain", "in a storm"))
    studio.render()
    films["stash"] = studio.film.read_bytes()
    git(studio.folder, "stash")
    git(studio.folder, "checkout", "-b", "takes", "main")
    studio.render()
    choosing.reroll(studio.workspace, "verse-1.1", 2, quietly)
    choosing.pick(studio.workspace, "verse-1.1", "3", quietly)
    choosing.pick(
        studio.workspace,
        "chorus-1.1",
        choosing.takes(studio.workspace, "chorus-1.1", quietly)["takes"][0]["key"],
        quietly,
    )
    git(studio.folder, "commit", "-am", "takes")
    studio.render()
    films["takes"] = studio.film.read_bytes()
    git(studio.folder, "checkout", "main")
    films["forgotten"] = committed(studio, "in a desert")
    git(studio.folder, "reset", "--hard", "HEAD~1")
    studio.edit("ben looks", "ben stares")
    studio.render(Goal(until="stills"))
    git(studio.folder, "checkout", "project.yaml")
    studio.render()
    age(store_of(studio))
    return studio, films


@pytest.fixture
def eventful(lived: tuple[Studio, dict[str, bytes]], tmp_path: Path) -> tuple[Studio, dict[str, bytes]]:
    """A copy of it for one test."""
    studio, films = lived
    return studio.copy(tmp_path / "tiny"), films


def test_gc_keeps_what_a_project_can_come_back_to(eventful: tuple[Studio, dict[str, bytes]]) -> None:
    """After gc every branch, tag and stash is there at once, with its film, takes and pins; only a join is made."""
    studio, films = eventful
    waste = keeping(studio).waste()
    assert {"keyframe", "shots"} <= set(waste.stages)
    assert waste.seconds > 0
    assert keeping(studio).collect(waste).bytes == waste.bytes
    assert keeping(studio).waste().files == {}
    for name in ("main", "snow", "hail", "v1", "takes"):
        git(studio.folder, "checkout", name)
        assert studio.stale() == set()
        assert studio.render() == set()
        assert studio.film.read_bytes() == films[name], name
    git(studio.folder, "checkout", "snow")
    git(studio.folder, "stash", "apply")
    assert studio.render() == set()
    assert studio.film.read_bytes() == films["stash"]


def test_gc_keeps_every_take(eventful: tuple[Studio, dict[str, bytes]]) -> None:
    """Takes of the present words and of all earlier ones are there after gc; films that went come back with them."""
    studio, films = eventful
    keeping(studio).collect(keeping(studio).waste())
    git(studio.folder, "checkout", "takes")
    rows = choosing.takes(studio.workspace, "verse-1.1", quietly)["takes"]
    assert [row["state"] for row in rows if row["take"]] == ["fresh"] * 3
    assert [row["state"] for row in rows if not row["take"]] == ["here"] * 5
    git(studio.folder, "checkout", "main")
    committed(studio, "in a desert")
    assert studio.film.read_bytes() == films["forgotten"]
    assert {name.partition("/")[2] for name in studio.made()} <= {"", "shots", "segment"}


def test_a_branch_that_is_deleted_lets_go(studio: Studio) -> None:
    """What only one branch could come back to goes after it; its takes stay."""
    git(studio.folder, "checkout", "-b", "side")
    committed(studio, "in the snow")
    git(studio.folder, "checkout", "main")
    studio.render()
    age(store_of(studio))
    assert keeping(studio).waste().files == {}
    git(studio.folder, "branch", "-D", "side")
    assert keeping(studio).waste().files != {}


def test_where_git_is_silent_all_films_stay(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git, nobody knows which texts stand: no film is let go."""
    committed(studio, "in the snow")
    git(studio.folder, "reset", "--hard", "HEAD~1")
    studio.render()
    age(store_of(studio))
    assert keeping(studio).waste().files != {}
    monkeypatch.setenv("PATH", "")
    assert keeping(studio).waste().files == {}


def test_a_project_that_was_moved_is_asked_where_it_stands(studio: Studio) -> None:
    """The folder that old manifests name is gone; branches are those of the folder that it moved to."""
    git(studio.folder, "checkout", "-b", "side")
    committed(studio, "in the snow")
    git(studio.folder, "checkout", "main")
    committed(studio, "in the fog")
    git(studio.folder, "reset", "--hard", "HEAD~1")
    studio.render()
    age(store_of(studio))
    moved = Studio(studio.folder.rename(studio.folder.parent / "moved"))
    keeping(moved).collect(keeping(moved).waste())
    git(moved.folder, "checkout", "side")
    assert moved.stale() == set()
    assert moved.render() == set()


def test_gc_asks_first(studio: Studio) -> None:
    """--dry-run only says; without --yes the answer is waited for, and no is no; then it is done."""
    committed(studio, "in the snow")
    git(studio.folder, "reset", "--hard", "HEAD~1")
    studio.render()
    assert "nothing to drop" in mvr("store", "gc", cwd=studio.folder).stdout
    age(store_of(studio))
    before = sorted(store_of(studio).files.iterdir())
    ran = mvr("store", "gc", "--dry-run", cwd=studio.folder)
    assert "to make them again would take" in ran.stdout
    for answer, code in (("n\n", 0), ("", 1)):
        words = [*MVR, "store", "gc"]
        ran = subprocess.run(words, cwd=studio.folder, input=answer, capture_output=True, text=True, check=False)
        assert (ran.returncode, sorted(store_of(studio).files.iterdir())) == (code, before)
        assert ("nothing was dropped" in ran.stderr) == (answer == "n\n")
    ran = mvr("store", "gc", "--yes", cwd=studio.folder)
    assert "dropped" in ran.stdout
    assert len(list(store_of(studio).files.iterdir())) < len(before)


def test_gc_beside_a_render(studio: Studio) -> None:
    """A render in another process, while this one collects again and again, fails nothing and gives the same film."""
    films = {}
    for words in ("in the snow", "in the rain"):
        studio.file.write_text(FAKE.replace("in the rain", words))
        studio.render()
        films[words] = studio.film.read_bytes()
    for words in ("in the snow", "in the rain") * 2:
        age(store_of(studio))
        studio.file.write_text(FAKE.replace("in the rain", words))
        process = subprocess.Popen([*MVR, "render"], cwd=studio.folder, stderr=subprocess.PIPE, text=True)
        while process.poll() is None:
            keeping(studio).collect(keeping(studio).waste())
        _, said = process.communicate()
        assert process.returncode == 0, said
        assert studio.film.read_bytes() == films[words]


def test_every_flip_is_found(studio: Studio) -> None:
    """Of many bytes flipped at once, each file that holds one is named with its node; exit code 1."""
    chance = random.Random(5)
    store = store_of(studio)
    paths = sorted([*store.files.iterdir(), *store.records.iterdir()])
    hit = set()
    for _ in range(FLIPS):
        path = chance.choice(paths)
        before = path.read_bytes()
        flip(path, chance)
        hit.add(path)
        if path.read_bytes() == before:  # a second flip may undo the first
            flip(path, chance)
    found = verify.verify(store).damaged
    kinds = {damage.path: damage for damage in found}
    whole = {path for path in hit if path.parent == store.files and digest.of_file(path) == path.name}
    assert {path for path in kinds if path in hit} == hit - whole
    ran = mvr("store", "verify", cwd=studio.folder)
    assert ran.returncode == 1
    assert all(str(path) in ran.stdout for path in kinds)
    assert "nothing changed" in ran.stdout


def test_verify_repairs_only_when_asked(studio: Studio) -> None:
    """--repair sets damaged bytes aside; a render that needs them makes them again, to the same film."""
    assert "all whole" in mvr("store", "verify", cwd=studio.folder).stdout
    store = store_of(studio)
    film = studio.film.read_bytes()
    records = [record for path in store.records.iterdir() if (record := store.record(path.stem))]
    still = next(store.path(record.parts[""].digest) for record in records if record.stage == "keyframe")
    flip(still, random.Random(1))
    ran = mvr("store", "verify", cwd=studio.folder)
    assert ran.returncode == 1
    assert "/keyframe" in ran.stdout
    assert still.exists()
    ran = mvr("store", "verify", "--repair", cwd=studio.folder)
    assert (ran.returncode, still.exists()) == (0, False)
    assert "makes them again" in ran.stdout
    for path in store.files.iterdir():
        if path.suffix == "" and b"ftyp" in path.read_bytes()[:16]:
            flip(path, random.Random(2))
    mvr("store", "verify", "--repair", cwd=studio.folder)
    studio.film.unlink()
    assert studio.render() != set()
    assert studio.film.read_bytes() == film
    assert verify.verify(store).damaged == []


def test_a_render_that_reads_damaged_bytes_makes_them_again_and_says_so(studio: Studio) -> None:
    """Without being asked, and to the same film; standard error names the node."""
    film = studio.film.read_bytes()
    store = store_of(studio)
    for path in store.files.iterdir():
        if b"ftyp" in path.read_bytes()[:16]:
            path.chmod(0o644)
            path.write_bytes(path.read_bytes()[:-1] + b"!")
    studio.film.unlink()
    ran = mvr("render", cwd=studio.folder)
    assert ran.returncode == 0
    assert "damaged verse-1.1/" in ran.stderr
    assert studio.film.read_bytes() == film


def test_info_counts(studio: Studio) -> None:
    """Size by stage, records, projects, and what gc would drop."""
    info = keeping(studio).info()
    store = store_of(studio)
    assert info["bytes"] == sum(path.stat().st_size for path in store.files.iterdir())
    assert info["bytes"] == sum(row["bytes"] for row in info["stages"])
    assert info["records"] == len(list(store.records.iterdir()))
    (project,) = info["projects"]
    assert (project["here"], project["films"], project["takes"]) == (
        True,
        1,
        len(studio.workspace.shots(quietly)["shots"]),
    )
    assert info["waste"] == {"bytes": 0, "files": 0, "seconds": 0}
    ran = mvr("store", "info", cwd=studio.folder)
    assert ran.returncode == 0
    assert {"clip", "keyframe", "music"} <= set(ran.stdout.split())
    shutil.rmtree(studio.folder / ".mvr")
    assert "0 bytes in 0 files" in mvr("store", "info", cwd=studio.folder).stdout


def test_a_second_checkout_pulls_and_only_joins(studio: Studio, tmp_path: Path) -> None:
    """Pushed to a folder and pulled into a clone with an empty store: all is fresh, takes and pins too."""
    choosing.reroll(studio.workspace, "verse-1.1", 1, quietly)
    git(studio.folder, "commit", "-am", "takes")
    studio.render()
    drive = tmp_path / "drive"
    ran = mvr("store", "push", str(drive), cwd=studio.folder)
    assert ran.returncode == 0, ran.stderr
    clone = Studio(tmp_path / "clone")
    git(tmp_path, "clone", "-q", str(studio.folder), "clone")
    before = {path: path.stat().st_mtime_ns for path in drive.rglob("*")}
    ran = mvr("store", "pull", "../drive", cwd=clone.folder)
    assert ran.returncode == 0, ran.stderr
    assert {path: path.stat().st_mtime_ns for path in drive.rglob("*")} == before
    assert clone.stale() == set()
    assert clone.render() == set()
    assert clone.film.read_bytes() == studio.film.read_bytes()
    rows = choosing.takes(clone.workspace, "verse-1.1", quietly)["takes"]
    assert [row["state"] for row in rows] == ["fresh"] * 2
    key = rows[1]["key"]
    choosing.pick(clone.workspace, "verse-1.1", key, quietly)
    clone.render()
    age(store_of(clone))
    assert keeping(clone).waste().files == {}
    assert verify.verify(store_of(clone)).damaged == []


def test_work_goes_back_and_forth(studio: Studio, tmp_path: Path) -> None:
    """What the clone made comes back the same way; nothing is copied twice."""
    drive = tmp_path / "drive"
    keeping(studio).push(drive, unseen)
    git(tmp_path, "clone", "-q", str(studio.folder), "clone")
    clone = Studio(tmp_path / "clone")
    keeping(clone).pull(drive, unseen)
    clone.edit("in the rain", "in the snow")
    clone.render()
    keeping(clone).push(drive, unseen)
    found = keeping(studio).pull(drive, unseen)
    assert found.records > 0
    studio.file.write_text(clone.file.read_text())
    assert studio.render() == set()
    assert studio.film.read_bytes() == clone.film.read_bytes()
    for _ in range(2):
        keeping(studio).push(drive, unseen)
        found = keeping(studio).pull(drive, unseen)
    assert (found.records, found.files, found.lines, found.manifests) == (0, 0, 0, 0)


def test_damaged_bytes_are_not_pulled(studio: Studio, tmp_path: Path) -> None:
    """Exit code 1 names them; the rest comes, and a render makes the missing ones."""
    drive = tmp_path / "drive"
    keeping(studio).push(drive, unseen)
    for path in (drive / "files").iterdir():
        if b"ftyp" in path.read_bytes()[:16]:
            flip(path, random.Random(1))
    git(tmp_path, "clone", "-q", str(studio.folder), "clone")
    clone = Studio(tmp_path / "clone")
    ran = mvr("store", "pull", str(drive), cwd=clone.folder)
    assert ran.returncode == 1
    assert "left out" in ran.stdout
    assert verify.verify(store_of(clone)).damaged == []
    assert {name.partition("/")[2] for name in clone.render()} == {"clip", ""}  # and the sound
    assert clone.film.read_bytes() == studio.film.read_bytes()


def test_a_folder_with_several_projects(studio: Studio, tmp_path: Path) -> None:
    """Only what is of this project comes; where none is known by its text, the call is wrong."""
    drive = tmp_path / "drive"
    keeping(studio).push(drive, unseen)
    other = Studio.start(tmp_path / "other", FAKE.replace("city", "town"))
    other.workspace.shots(quietly)
    keeping(other).push(drive, unseen)
    clone = Studio.start(tmp_path / "clone", FAKE)
    keeping(clone).pull(drive, unseen)
    assert clone.stale() == set()
    records = {path.name for path in store_of(clone).records.iterdir()}
    assert records == {path.name for path in store_of(studio).records.iterdir()}
    clone = Studio.start(tmp_path / "stranger", FAKE.replace("city", "village"))
    with pytest.raises(ProjectError, match="holds 2 projects"):
        keeping(clone).pull(drive, unseen)


def test_folders_that_are_no_store_are_refused(studio: Studio, tmp_path: Path) -> None:
    """Nothing is written among other things, nor read from what is no store, nor copied onto itself."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home/letter.txt").write_text("dear")
    with pytest.raises(ProjectError, match="other things"):
        keeping(studio).push(tmp_path / "home", unseen)
    with pytest.raises(ProjectError, match="holds no store"):
        keeping(studio).pull(tmp_path / "home", unseen)
    for verb in (keeping(studio).push, keeping(studio).pull):
        with pytest.raises(ProjectError, match="own store"):
            verb(studio.folder / ".mvr", unseen)


def test_what_can_befall_a_store_is_said(studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer store, another keeper, a damaged manifest, a full disk: each is an error that says what to do."""
    keeping(studio).push(tmp_path / "drive", unseen)
    (tmp_path / "drive/layout").write_text("99")
    with pytest.raises(MachineError, match="newer mvr"):
        keeping(studio).pull(tmp_path / "drive", unseen)
    lock = keeper(store_of(studio))
    with pytest.raises(MvrError, match="another process"):
        keeping(studio).collect(keeping(studio).waste())
    lock.free()

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    with monkeypatch.context() as patch:
        patch.setattr("mvr.engine.disk.copy", full)
        with pytest.raises(MachineError, match="No space left"):
            keeping(studio).push(tmp_path / "full", unseen)
    manifest = next((studio.folder / ".mvr/roots").glob("*/*.json"))
    manifest.write_text("{}")
    with pytest.raises(MvrError, match="nothing is dropped"):
        keeping(studio).waste()
    ran = mvr("store", "gc", cwd=studio.folder)
    assert (ran.returncode, "store verify --repair" in ran.stderr) == (1, True)


def test_a_shared_store(studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With MVR_STORE two projects share one store, and gc in one keeps what the other needs."""
    monkeypatch.setenv("MVR_STORE", str(tmp_path / "shared"))
    studio.render()
    other = Studio.start(tmp_path / "other", FAKE.replace("rain", "snow"))
    other.render()
    age(Store(tmp_path / "shared"))
    assert keeping(studio).waste().files == {}
    assert len(keeping(studio).info()["projects"]) == 2
    shutil.rmtree(other.folder)
    assert keeping(studio).waste().files == {}
    assert "not here" in mvr("store", "info", cwd=studio.folder, MVR_STORE=os.environ["MVR_STORE"]).stdout
