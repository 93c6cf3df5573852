"""This machine's own settings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mvr import machine
from mvr.errors import ProjectError


@pytest.fixture(autouse=True)
def _nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of whoever runs the tests."""
    for name in ("MVR_CONFIG", "MVR_STORE", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def settings(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str | bytes) -> Path:
    file = folder / "settings.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    monkeypatch.setenv("MVR_CONFIG", str(file))
    return file


def test_a_machine_without_settings_has_a_lane_a_core() -> None:
    """Nothing needs to be written."""
    found = machine.load()
    assert (found.store, found.allow, found.file) == (None, (), None)
    assert found.lanes == machine.default_lanes()
    assert all(found.lanes[lane] >= 1 for lane in machine.LANES)


def test_settings_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lanes that are left out keep their default; `~` is the user's home."""
    text = 'store = "~/store"\nallow = ["/data/footage", "~/film"]\n[lanes]\ncpu = 8\ngpu = 2\n'
    file = settings(tmp_path, monkeypatch, text)
    found = machine.load()
    assert found.lanes == {**machine.default_lanes(), "cpu": 8, "gpu": 2}
    assert (found.store, found.file) == (tmp_path / "store", file)
    assert found.allow == (Path("/data/footage"), tmp_path / "film")
    assert found.words()["store"] == str(tmp_path / "store")


def test_the_settings_stand_in_the_user_s_configuration_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where platformdirs says, the file is found without being named."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    from platformdirs import user_config_path

    file = user_config_path("mvr", appauthor=False) / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text("[lanes]\nnet = 9\n")
    assert machine.load().lanes["net"] == 9


def test_mvr_store_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names the store for one call."""
    settings(tmp_path, monkeypatch, 'store = "/data/store"\n')
    monkeypatch.setenv("MVR_STORE", "~/mine")
    assert machine.load().store == tmp_path / "mine"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stor = 'x'\n", "stor: unknown key 'stor'\n  did you mean 'store'?"),
        ("[lanes]\ncpus = 3\n", "lanes.cpus: unknown lane 'cpus'\n  did you mean 'cpu'?"),
        ("[lanes]\ncpu = 0\n", "lanes.cpu: 0; expected a whole number from 1 to 1024"),
        ("[lanes]\ncpu = true\n", "lanes.cpu: True; expected a whole number"),
        ("lanes = 4\n", "lanes: 4; expected a table such as [lanes]"),
        ("store = 'here'\n", "store: 'here'; expected a folder from the root"),
        ("allow = '/data'\n", "allow: '/data'; expected a list of folders from the root"),
        ("allow = ['data']\n", "allow: ['data']; expected a list of folders from the root"),
        ("store = '~nobody-of-that-name/x'\n", "the home of a user who is not here"),
        ("store\n", "is no TOML: "),
        (b"\xff\xfe", "is no text in UTF-8"),
        (" " * 1_100_000, "is too large for a settings file"),
    ],
)
def test_settings_that_are_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | bytes, said: str) -> None:
    """A mistake in the settings names the file and the key."""
    file = settings(tmp_path, monkeypatch, text)
    with pytest.raises(ProjectError) as caught:
        machine.load()
    assert said in str(caught.value)
    assert str(file) in str(caught.value) or "home" in said


def test_all_mistakes_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody mends settings one mistake at a time."""
    settings(tmp_path, monkeypatch, "allow = 1\nstore = 2\n[lanes]\ncpu = 'many'\n")
    with pytest.raises(ProjectError) as caught:
        machine.load()
    assert [fault.path for fault in caught.value.faults] == ["allow", "lanes.cpu", "store"]


def test_settings_that_are_named_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped MVR_CONFIG is no silent default."""
    monkeypatch.setenv("MVR_CONFIG", str(tmp_path / "gone.toml"))
    with pytest.raises(ProjectError, match=r"MVR_CONFIG names .*gone\.toml"):
        machine.load()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs says where the file would be")
def test_a_machine_without_settings_imports_no_reader() -> None:
    """Asking for the settings where there are none costs a stat."""
    code = "import sys; from mvr import machine; machine.load(); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"tomllib", "platformdirs"} & set(ran.stdout.split())
