"""What is installed from a wheel works by itself, away from the checkout."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.studio import write_song

TOP = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(TOP)],
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_carries_schemas_and_templates(wheel: Path) -> None:
    """Every schema and template of the checkout is in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("schemas", "templates"):
        for path in (TOP / folder).rglob("*.*"):
            assert f"mvr/_resources/{path.relative_to(TOP)}" in names


@pytest.mark.slow
def test_new_check_and_render_from_an_installed_wheel(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a venv that holds the wheel and its dependencies, a project is started, checked and rendered."""
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    # The dependencies of this environment, without its own mvr: a path in a .pth file brings no other .pth in.
    (site,) = home.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)], check=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    write_song(elsewhere / "song.wav", 6)
    mvr = str(home / "bin" / "mvr")
    where = subprocess.run(
        [python, "-c", "import mvr; print(mvr.__file__)"], cwd=elsewhere, check=True, capture_output=True, text=True
    )
    assert str(home) in where.stdout
    subprocess.run(
        [mvr, "new", "film", "--song", "song.wav", "--concept", "A boat: the sea, at night"], cwd=elsewhere, check=True
    )
    project = elsewhere / "film"
    file = project / "project.yaml"
    file.write_text(re.sub(r"(?m)^output:.*$", "output: {size: 64x96, fps: 6}", file.read_text()))
    subprocess.run([mvr, "check"], cwd=project, check=True)
    ran = subprocess.run([mvr, "render"], cwd=project, check=True, capture_output=True, text=True)
    assert Path(ran.stdout.strip()).stat().st_size > 1000
