"""One shot seen closely: takes that can be played, reasons as lines, what git had; and the plan with the GPUs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mvr import closeup
from mvr.model import Goal
from tests.studio import Studio

SMI = '#!/bin/sh\necho "NVIDIA A10, 23028, 20000, 550.54"\n'


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    found = Studio.start(tmp_path_factory.mktemp("closeup") / "tiny")
    for words in (["init", "-q"], ["add", "project.yaml"], ["commit", "-qm", "begun"]):
        me = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
        subprocess.run(["git", *me, *words], cwd=found.folder, check=True)
    found.render(Goal(until="clips", only=("verse-1.1",)))
    return found


def test_takes_are_lent_to_be_played(studio: Studio) -> None:
    """Beside each take that is made stands the digest of its clip, which may be asked for from then on."""
    lent: dict[str, Path] = {}

    def lend(digest: str, path: Path, suffix: str) -> str:
        assert suffix == ".mp4"
        lent[digest] = path
        return digest

    (row,) = closeup.takes(studio.workspace, "verse-1.1", lend)["takes"]
    assert (row["take"], row["chosen"], row["state"]) == (1, True, "fresh")
    assert lent[row["clip"]].exists()
    (other,) = closeup.takes(studio.workspace, "chorus-1.1", lend)["takes"]
    assert (other["state"] != "fresh", other["clip"]) == (True, None)


def test_each_node_says_why(studio: Studio) -> None:
    """Of a shot: what is fresh and what it was made from, and of what is not, the reason with its line."""
    rows = {row["stage"]: row for row in closeup.nodes(studio.workspace, "verse-1.1")["nodes"]}
    assert rows["keyframe"]["state"] == "fresh"
    assert rows["keyframe"]["recipe"]["sentence"] == "ada waits at a wide street corner in the rain"
    assert rows["segment"]["why"] == ["never made"]


def test_what_git_had(studio: Studio, tmp_path: Path) -> None:
    """Words that were changed since HEAD stand side by side; of a shot that is as it was, nothing."""
    other = studio.copy(tmp_path / "tiny")
    other.edit("in the rain", "in the snow")
    (word,) = closeup.head(other.workspace, "verse-1.1")["words"]
    assert (word["field"], word["now"]) == ("prompt", "ada waits at a wide street corner in the snow")
    same = closeup.head(other.workspace, "chorus-1.1")
    assert (same["new"], same["moved"], same["words"]) == (False, None, [])


def test_the_plan_has_reasons_and_gpus(studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not fresh, why, and which GPUs are here, with what is free of their memory."""
    smi = tmp_path / "nvidia-smi"
    smi.write_text(SMI)
    smi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    plan = closeup.plan(studio.workspace)
    assert plan["gpus"] == ["NVIDIA A10, 22.5 GiB, 19.5 GiB free, driver 550.54"]
    assert "verse-1.1/keyframe" not in {row["name"] for row in plan["rows"]}
    assert {"never made"} <= {line for row in plan["rows"] for line in row["why"]}
