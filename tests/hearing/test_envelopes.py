"""The curves that move a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.hearing.sounds import RATE, band, clicks, hear, noise


def test_the_kick_moves_the_kick(tmp_path: Path) -> None:
    """On a kick its curve jumps within 30 ms and has fallen to half before the next; between hits it is dark."""
    heard = hear(tmp_path, band(8, 120, (57, 53), 0.6, 0.3))
    kick = heard.envelopes[heard.beats["bands"].index("kick")]
    for beat in range(4, 28, 2):
        at = beat * 50
        assert kick[at - 3 : at + 4].max() > 140
        assert kick[at + 30] < 70


def test_each_drum_moves_its_own_curve(tmp_path: Path) -> None:
    """A bass drum does not move the hats, and a cymbal does not move the kick."""
    t = np.arange(2205) / RATE
    low, high = np.zeros(10 * RATE), np.zeros(10 * RATE)
    hiss = np.diff(noise(0.1001, 0.5), 2)[:2205] * np.exp(-t / 0.02)
    for i in range(2, 18):
        low[i * 11_025 :][:2205] += 0.8 * np.sin(2 * np.pi * 55 * t) * np.exp(-t / 0.04)
        high[i * 11_025 :][: len(hiss)] += 0.5 * hiss
    one, two = hear(tmp_path / "low", low), hear(tmp_path / "high", high)
    kick, hats = one.beats["bands"].index("kick"), one.beats["bands"].index("hats")
    assert one.envelopes[kick].max() > 200
    assert one.envelopes[hats].mean() < 20
    assert two.envelopes[hats].max() > 200
    assert two.envelopes[kick].mean() < 20


def test_silence_moves_nothing(tmp_path: Path) -> None:
    """All curves of a silent song are 0, brightness too."""
    heard = hear(tmp_path, np.zeros(3 * RATE))
    assert heard.envelopes.max() == 0
    assert max(heard.music["energy"]["values"]) == 0


def test_curves_are_as_long_as_the_song(tmp_path: Path) -> None:
    """There are seven rows, and a hundred columns a second."""
    heard = hear(tmp_path, clicks(100, 7.3)[0])
    assert heard.envelopes.dtype == np.uint8
    assert heard.envelopes.shape[0] == len(heard.beats["bands"]) == 7
    assert 730 <= heard.envelopes.shape[1] <= 740


def test_a_voice_moves_the_vocals(tmp_path: Path) -> None:
    """Where a tone in a voice's range is added to a steady pad and beat, vocals rise; before that they are dark."""
    base = band(12, 120, (57, 53), 0.3, 0.2)
    t = np.arange(len(base) // 2) / RATE
    vibrato = 440 * t + 6 * np.sin(2 * np.pi * 5.5 * t) / 5.5
    sung = sum(np.sin(2 * np.pi * k * vibrato) / k for k in range(1, 5)) * (np.sin(2 * np.pi * 1.5 * t) > -0.6)
    base[-len(t) :] += 0.15 * sung
    heard = hear(tmp_path, base)
    vocals = heard.envelopes[heard.beats["bands"].index("vocals")].astype(float)
    half = len(vocals) // 2
    assert vocals[half:].mean() > 2 * vocals[:half].mean()
