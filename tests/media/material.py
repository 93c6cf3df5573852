"""Songs and segments for tests, made here: noise that can be told apart sample by sample, and pictures of noise."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

from mvr.media.encode import VideoWriter
from mvr.media.join import Segment
from mvr.media.run import run

WIDTH, HEIGHT = 64, 48


def noise(seconds: float, rate: int = 44100, channels: int = 2) -> NDArray[np.float32]:
    """Soft noise with a loud burst every 0.37 s, so that a shift of one sample shows: (samples, channels)."""
    numbers = np.random.default_rng(7)
    sound = numbers.standard_normal(round(seconds * rate)).astype(np.float32) * 0.02
    for start in np.arange(0.1, seconds, 0.37):
        burst = sound[round(start * rate) :][: rate // 100]
        burst += numbers.standard_normal(len(burst)).astype(np.float32) * 0.3
    return np.stack([sound * (1 - 0.1 * channel) for channel in range(channels)], axis=1)


def wav(path: Path, seconds: float, rate: int = 44100, channels: int = 2, subtype: str = "PCM_16") -> Path:
    """A WAV of that noise."""
    soundfile.write(path, noise(seconds, rate, channels), rate, subtype=subtype)
    return path


def converted(source: Path, path: Path, **options: object) -> Path:
    """The same song in another format, by its suffix."""
    import ffmpeg

    run(ffmpeg.input(str(source)).output(str(path), **options), f"make {path.name}")
    return path


def samples(path: Path, rate: int = 44100) -> NDArray[np.float32]:
    """What a player hears: the first sound stream, decoded by ffmpeg, mono."""
    import ffmpeg

    out = path.with_name(f"{path.name}.heard.wav")
    run(ffmpeg.input(str(path))["a:0"].output(str(out), ac=1, ar=rate, acodec="pcm_f32le"), f"hear {path.name}")
    heard: NDArray[np.float32] = soundfile.read(out, dtype="float32")[0]
    return heard


def lag(heard: NDArray[np.float32], wanted: NDArray[np.float32]) -> int:
    """By how many samples `heard` is late against `wanted`, at the peak of their correlation."""
    size = 1 << int(np.ceil(np.log2(len(heard) + len(wanted))))
    peak = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size)))
    best = int(np.argmax(peak))
    return best if best < size // 2 else best - size


def frame(seed: int, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    """One I420 frame of coarse noise, another for every seed."""
    coarse = np.random.default_rng(seed).integers(16, 236, (height * 3 // 16, width // 8), dtype=np.uint8)
    return np.ascontiguousarray(coarse.repeat(8, 0).repeat(8, 1))


def segment(
    path: Path, frames: int, fps: Fraction, *, seed: int = 0, draft: bool = False, width: int = WIDTH
) -> Segment:
    """A segment of that many frames, each another picture."""
    with VideoWriter(path, width=width, height=HEIGHT, fps=fps, draft=draft) as writer:
        for index in range(frames):
            writer.write(frame(seed * 1000 + index // 3, width))
    return Segment(path, frames, path.stem)


def segments(folder: Path, lengths: Sequence[int], fps: Fraction) -> list[Segment]:
    """One segment for each length, of different pictures."""
    return [segment(folder / f"s{index}.mp4", count, fps, seed=index) for index, count in enumerate(lengths)]


def pictures(path: Path) -> list[str]:
    """The digest of every decoded frame of a video, as it is shown."""
    with av.open(str(path)) as container:
        return [hashlib.sha256(shown.to_ndarray().tobytes()).hexdigest() for shown in container.decode(video=0)]


def times(path: Path) -> list[Fraction]:
    """When every frame of a video is shown, in seconds."""
    with av.open(str(path)) as container:
        return [(shown.pts or 0) * (shown.time_base or Fraction(0)) for shown in container.decode(video=0)]


def script(path: Path, text: str) -> Path:
    """A shell script that can be run, to stand in for ffmpeg."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path
