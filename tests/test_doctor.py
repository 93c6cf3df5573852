"""`mvr doctor`: what this machine has and lacks, each lack with what to do."""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mvr import doctor
from mvr.engine.store import Lock
from mvr.resources import resource
from tests.test_cli import mvr

GIB = 1 << 30


def rows(place: Path) -> dict[str, dict[str, Any]]:
    """Every row by name, after the document was held against its schema."""
    document = doctor.document(place)
    jsonschema.validate(document, json.loads(resource("schemas/doctor.schema.json").read_text()))
    assert document["ok"] == all(row["state"] != "missing" for row in document["rows"])
    assert {row["name"] for row in document["rows"] if row["state"] != "good" and not row["hint"]} == set()
    return {row["name"]: row for row in document["rows"]}


def tool(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_this_machine(tmp_path: Path) -> None:
    """ffmpeg encodes here, the disk has locks and links, nothing is missing; and nothing is left behind."""
    found = rows(tmp_path)
    assert {name: row["state"] for name, row in found.items() if row["state"] == "missing"} == {}
    assert found["ffmpeg"]["figures"]["test_bytes"] > 0
    assert found["processor"]["figures"]["cores"] >= 1
    assert found["memory"]["figures"]["bytes"] > GIB / 4
    disk = found["project disk"]["figures"]
    assert (disk["locks"], disk["links"], disk["symlinks"]) == (True, True, True)
    assert {"backend sketch", "backend rules"} <= found.keys()
    assert list(tmp_path.iterdir()) == []


def test_a_bare_path(tmp_path: Path) -> None:
    """Without git and nvidia-smi mvr works; both are named, with what to do. The exit code is 0."""
    ran = mvr("doctor", cwd=tmp_path, PATH="")
    assert ran.returncode == 0
    lines = ran.stdout.splitlines()
    for name in ("gpu", "git"):
        (place,) = [number for number, line in enumerate(lines) if line.split()[:2] == ["lacks", name]]
        assert lines[place + 1].startswith(" " * 24)
    assert lines[-1] == "mvr can work here"


def test_json_follows_its_schema(tmp_path: Path) -> None:
    """`doctor --json` prints one document, project or no project."""
    document = json.loads(mvr("doctor", "--json", cwd=tmp_path).stdout)
    jsonschema.validate(document, json.loads(resource("schemas/doctor.schema.json").read_text()))


def test_an_ffmpeg_that_is_none(tmp_path: Path) -> None:
    """Without ffmpeg no film can be made: exit code 3, and a hint."""
    ran = mvr("doctor", cwd=tmp_path, MVR_FFMPEG="/none")
    assert ran.returncode == 3
    assert "MISSING  ffmpeg" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "mvr cannot work here without: ffmpeg"


def test_an_ffmpeg_that_cannot_encode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that runs and is no ffmpeg is found out."""
    tool(tmp_path / "bin", "odd", "exit 1")
    monkeypatch.setenv("MVR_FFMPEG", str(tmp_path / "bin/odd"))
    assert rows(tmp_path)["ffmpeg"]["state"] == "missing"


def test_gpus_are_told_with_their_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row a GPU; memory that is shared with the processor is not told."""
    lines = "NVIDIA H200, 143771, 143153, 580.95\\nNVIDIA GB10, [N/A], [N/A], 580.95\\n"
    tool(tmp_path / "bin", "nvidia-smi", f"printf '{lines}'")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    found = [row for row in doctor.document(tmp_path)["rows"] if row["name"] == "gpu"]
    assert [row["state"] for row in found] == ["good", "good"]
    assert found[0]["figures"] == {
        "name": "NVIDIA H200",
        "bytes": 143771 << 20,
        "free": 143153 << 20,
        "driver": "580.95",
    }
    assert found[0]["found"] == "NVIDIA H200, 140.4 GiB, 139.8 GiB free, driver 580.95"
    assert found[1]["figures"]["bytes"] is None


@pytest.mark.parametrize("script", ["echo no driver; exit 9", "exit 0", "sleep 5", "exec /none"])
def test_a_driver_that_does_not_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """nvidia-smi that fails, says nothing, or hangs is told, and stops nothing."""
    tool(tmp_path / "bin", "nvidia-smi", script)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr(doctor, "PATIENCE_SECONDS", 0.5)
    assert rows(tmp_path)["gpu"]["state"] == "lacks"


def test_settings_that_are_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A settings file that cannot be read is told, and everything else still looked at."""
    (tmp_path / "config.toml").write_text("[lanes]\ncpu = 0\n")
    monkeypatch.setenv("MVR_CONFIG", str(tmp_path / "config.toml"))
    found = rows(tmp_path)
    assert found["settings"]["state"] == "missing"
    assert found["ffmpeg"]["state"] == "good"


def test_a_disk_without_locks_and_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is named with what follows from it."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("fcntl.flock", refuse)
    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(Path, "symlink_to", refuse)
    row = rows(tmp_path)["store disk"]
    assert row["state"] == "lacks"
    assert (row["figures"]["locks"], row["figures"]["links"], row["figures"]["symlinks"]) == (False, False, False)
    assert "one process at a time" in row["hint"]


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be written nothing can be made."""

    def refuse(path: Path) -> Lock:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Lock, "take", refuse)
    assert rows(tmp_path)["project disk"]["state"] == "missing"


def test_little_room_and_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is short is named before it runs out."""
    monkeypatch.setattr(doctor, "LITTLE_DISK", 1 << 60)
    monkeypatch.setattr(doctor, "LITTLE_MEMORY", 1 << 60)
    found = rows(tmp_path)
    assert (found["project disk"]["state"], found["memory"]["state"]) == ("lacks", "lacks")
    assert "mvr store gc" in found["project disk"]["hint"]


def test_a_store_of_a_newer_mvr(tmp_path: Path) -> None:
    """It is named before a render meets it."""
    (tmp_path / ".mvr").mkdir()
    (tmp_path / ".mvr/layout").write_text("99")
    assert rows(tmp_path)["store"]["state"] == "missing"


def test_a_shared_store_is_looked_at_where_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MVR_STORE's disk is the store's, though the folder is not made yet; a place that is not there is none."""
    monkeypatch.setenv("MVR_STORE", str(tmp_path / "far/away"))
    found = rows(tmp_path / "none/project.yaml")
    assert found["store disk"]["figures"]["path"] == str(tmp_path / "far/away")
    assert not (tmp_path / "far").exists()


def test_libraries_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that was taken away is named, with the line that brings it back."""
    monkeypatch.setattr(
        "importlib.metadata.requires", lambda name: ["click>=8.1", "no-such-library>=1", "x; extra == 'gpu'"]
    )
    row = rows(tmp_path)["libraries"]
    assert row["state"] == "missing"
    assert row["found"] == "not installed: no-such-library"


def test_sources_that_were_never_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where mvr is no installed package, what it needs is not known, and that is said."""

    def unknown(name: str) -> list[str]:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.requires", unknown)
    assert rows(tmp_path)["libraries"]["state"] == "lacks"


def test_memory_of_a_container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit of a container counts, and what is left of it."""
    (tmp_path / "meminfo").write_text(f"MemTotal: {64 << 20} kB\nMemAvailable: {32 << 20} kB\n")
    monkeypatch.setattr(doctor, "MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(doctor, "CONTAINER", tmp_path)
    assert rows(tmp_path)["memory"]["found"] == "64.0 GiB, 32.0 GiB free"
    (tmp_path / "memory.max").write_text(f"{8 * GIB}\n")
    (tmp_path / "memory.current").write_text(f"{7 * GIB}\n")
    row = rows(tmp_path)["memory"]
    assert (row["found"], row["state"]) == ("8.0 GiB, 1.0 GiB free", "lacks")
    (tmp_path / "memory.max").write_text(f"{128 * GIB}\n")
    assert rows(tmp_path)["memory"]["found"] == "64.0 GiB, 32.0 GiB free"
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "meminfo").unlink()
    assert rows(tmp_path)["memory"]["state"] == "good"
    monkeypatch.setattr(os, "sysconf_names", {})
    assert rows(tmp_path)["memory"]["found"] == "this system does not say how much"


def test_a_backend_that_cannot_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One family that is broken is told, and hides no other."""
    monkeypatch.setitem(sys.modules, "mvr.backends.rules", None)
    found = rows(tmp_path)
    assert found["backend rules"]["state"] == "lacks"
    assert found["backend sketch"]["state"] == "good"
