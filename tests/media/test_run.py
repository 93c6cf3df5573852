"""The runner of ffmpeg: what it says is heard, and it is never left behind."""

from __future__ import annotations

import os
import time
from fractions import Fraction
from pathlib import Path

import ffmpeg
import numpy as np
import pytest

from mvr.errors import MachineError, StageError
from mvr.media.encode import VideoWriter
from mvr.media.run import Ffmpeg, command, run
from mvr.media.tool import encoder_identity, executable
from tests.media.material import script

SOME = ffmpeg.input("in.wav").output("out.mp4")


class StopError(Exception):
    """What a desk raises once nobody wants the work."""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_failure_carries_ffmpegs_last_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ffmpeg that exits 1 becomes a StageError with what was tried, the exit code and the last lines it said."""
    lines = "for i in $(seq 100); do echo line $i >&2; done; exit 1"
    monkeypatch.setenv("MVR_FFMPEG", str(script(tmp_path / "bad", lines)))
    with pytest.raises(StageError) as caught:
        run(SOME, "encode out.mp4")
    assert caught.value.what == "ffmpeg could not encode out.mp4 (exit 1)"
    assert "line 100" in caught.value.hint
    assert "line 50" not in caught.value.hint


def test_a_child_that_hangs_after_filling_stderr_is_drained_and_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A megabyte on standard error never blocks ffmpeg, and what heed raises kills it while it hangs."""
    reached, pid = tmp_path / "reached", tmp_path / "pid"
    text = f"echo $$ > {pid}; head -c 1000000 /dev/zero | tr '\\0' 'x' >&2; touch {reached}; exec sleep 600"
    monkeypatch.setenv("MVR_FFMPEG", str(script(tmp_path / "hangs", text)))

    def heed() -> None:
        if reached.exists():
            raise StopError

    start = time.monotonic()
    with pytest.raises(StopError):
        run(SOME, "encode out.mp4", heed=heed)
    assert time.monotonic() - start < 30
    assert not alive(int(pid.read_text()))


def test_a_script_whose_own_child_holds_the_pipes_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrapper that fails while a child of its own still holds standard error open is judged all the same."""
    monkeypatch.setenv("MVR_FFMPEG", str(script(tmp_path / "wraps", "echo no >&2; sleep 4 & exit 3")))
    with pytest.raises(StageError, match=r"exit 3") as caught:
        run(SOME, "encode out.mp4")
    assert "no" in caught.value.hint


def test_an_exception_while_reading_kills_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong inside the `with` ends ffmpeg."""
    pid = tmp_path / "pid"
    monkeypatch.setenv("MVR_FFMPEG", str(script(tmp_path / "slow", f"echo $$ > {pid}; echo; exec sleep 600")))
    with pytest.raises(StopError), Ffmpeg(SOME, "decode", reads=True) as child:
        assert child.read(10) == b"\n"
        raise StopError
    assert not alive(int(pid.read_text()))


def test_a_writer_whose_ffmpeg_dies_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken pipe is reported as what ffmpeg said, not as a broken pipe, and no file is left."""
    out = tmp_path / "out.mp4"
    text = "for last; do :; done; touch " + str(out) + "; echo 'disk is full' >&2; exit 1"
    monkeypatch.setenv("MVR_FFMPEG", str(script(tmp_path / "dies", text)))
    picture = np.zeros((1080 * 3 // 2, 1920), np.uint8)

    def fill() -> None:
        with VideoWriter(out, width=1920, height=1080, fps=Fraction(24)) as writer:
            for _ in range(50):
                writer.write(picture)

    with pytest.raises(StageError) as caught:
        fill()
    assert "disk is full" in caught.value.hint
    assert not out.exists()


def test_a_writer_that_is_left_by_an_exception_leaves_no_file(tmp_path: Path) -> None:
    """What is raised while frames are drawn passes through, ffmpeg ends, and the half-made file is gone."""
    out = tmp_path / "out.mp4"
    with pytest.raises(StopError), VideoWriter(out, width=64, height=48, fps=Fraction(24)) as writer:
        writer.write(np.zeros((72, 64), np.uint8))
        raise StopError
    assert not out.exists()


@pytest.mark.parametrize("named", ["/nowhere/ffmpeg", "no-such-ffmpeg-anywhere"])
def test_an_ffmpeg_that_is_not_there_is_the_machines_lack(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """MVR_FFMPEG naming nothing is exit 3, with what to do."""
    monkeypatch.setenv("MVR_FFMPEG", named)
    with pytest.raises(MachineError, match="MVR_FFMPEG") as caught:
        run(SOME, "encode out.mp4")
    assert caught.value.exit_code == 3


def test_an_ffmpeg_that_cannot_be_started_is_the_machines_lack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is no program is exit 3 as well."""
    path = script(tmp_path / "garbage", "")
    path.write_bytes(b"\x7fELF nothing")
    monkeypatch.setenv("MVR_FFMPEG", str(path))
    with pytest.raises(MachineError, match="cannot be started"):
        run(SOME, "encode out.mp4")


def test_ffmpeg_is_quiet_and_never_asks() -> None:
    """The words before ffmpeg's own arguments keep it from asking, and from printing more than errors."""
    assert command(SOME) == [
        str(executable()), "-v", "error", "-nostdin", "-nostats", "-y", "-i", "in.wav", "out.mp4",
    ]  # fmt: skip


def test_the_identity_names_the_wheels_build_and_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel's version and ffmpeg's number stand in a recipe, and no process is started to learn them."""
    monkeypatch.delenv("MVR_FFMPEG", raising=False)
    monkeypatch.setattr("subprocess.Popen", None)
    assert encoder_identity().startswith("imageio-ffmpeg ")
    assert "(ffmpeg " in encoder_identity()


def test_the_identity_of_a_named_build_is_its_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two builds at one path have two identities, and one build at two paths has one."""
    first, second = script(tmp_path / "a", "exit 0"), script(tmp_path / "b", "exit 0")
    monkeypatch.setenv("MVR_FFMPEG", str(first))
    one = encoder_identity()
    assert one.startswith("sha256:")
    monkeypatch.setenv("MVR_FFMPEG", str(second))
    assert encoder_identity() == one
    script(second, "exit 1")
    os.utime(second, ns=(1, 1))
    assert encoder_identity() != one
