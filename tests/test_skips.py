"""What a test run leaves out: it says so, and where nothing may be left out it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backends.tiny_chat import need

ROOT = Path(__file__).parent.parent


def test_a_test_without_the_gpu_extra_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the libraries and the command that brings them; where nothing may be skipped that is a failure."""
    words = "no_such_library not installed: `make test-models` brings the gpu extra"
    monkeypatch.delenv("MVR_TEST_MODELS", raising=False)
    with pytest.raises(pytest.skip.Exception, match=words):
        need("pytest", "no_such_library")
    monkeypatch.setenv("MVR_TEST_MODELS", "1")
    with pytest.raises(pytest.fail.Exception, match=words):
        need("pytest", "no_such_library")


@pytest.mark.parametrize(("only", "code"), [("", 0), ("1", 1)])
def test_a_skipped_test_is_a_failure_where_nothing_may_be_skipped(tmp_path: Path, only: str, code: int) -> None:
    """However it was skipped: `make test-models` ends with 1 and says how many; `make test` ends with 0."""
    (tmp_path / "test_it.py").write_text("import pytest\n\ndef test_it():\n    pytest.skip('for a reason')\n")
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "-p", "tests.conftest", "--rootdir", str(tmp_path)]
    done = subprocess.run(
        [*command, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "MVR_TEST_MODELS": only, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "1 skipped, and MVR_TEST_MODELS allows none" in done.stdout) == (code, bool(only))
