"""Reading the decoded song."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from mvr.errors import StageError
from mvr.hearing.features import listen
from mvr.hearing.samples import Samples
from tests.hearing.sounds import noise, write


def test_past_its_ends_a_song_is_silent(tmp_path: Path) -> None:
    """A span that reaches past either end is filled with zeros, and has exactly the length asked for."""
    path = write(tmp_path / "mono.wav", np.full(100, 0.5))
    with Samples(path) as samples:
        assert samples.count == 100
        part = samples.read(-3, 5)
        assert part.tolist() == pytest.approx([0, 0, 0] + [0.5] * 5, abs=1e-3)
        assert len(samples.read(90, 120)) == 30
        assert not samples.read(200, 210).any()


@pytest.mark.parametrize("whole", [b"", b"RIFF", b"not a song at all, but long enough to be read as one"])
def test_what_is_no_wav_is_an_error(tmp_path: Path, whole: bytes) -> None:
    """Damaged bytes raise a StageError that says what to do."""
    path = tmp_path / "mono.wav"
    path.write_bytes(whole)
    with pytest.raises(StageError, match="cannot be read") as caught:
        Samples(path)
    assert caught.value.hint


def test_a_stereo_file_is_an_error(tmp_path: Path) -> None:
    """Only the mono file that the song's own stage wrote is read."""
    with wave.open(str(tmp_path / "mono.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(22_050)
        file.writeframes(bytes(400))
    with pytest.raises(StageError, match="not mono"):
        Samples(tmp_path / "mono.wav")


def test_blocks_leave_no_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hearing a song in blocks of one second gives what hearing it in one block gives."""
    path = write(tmp_path / "mono.wav", noise(7))
    results = []
    for block in (100, 2000):
        monkeypatch.setattr("mvr.hearing.features.BLOCK", block)
        with Samples(path) as samples:
            results.append(listen(samples, lambda share: None))
    one, two = results
    for name in ("rises", "levels", "timbre", "harmony", "loudness"):
        assert np.allclose(getattr(one, name), getattr(two, name), rtol=1e-4, atol=1e-5)
