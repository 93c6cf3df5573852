"""The instruments and effects that `song.py` plays: numpy in, numpy out, 44,100 samples a second, seeded.

A mono sound is a float array (n,); a stereo one is (n, 2). Notes are MIDI numbers, times seconds.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.ndimage import maximum_filter1d
from scipy.signal import butter, fftconvolve, sosfilt

RATE = 44_100
Sound = np.ndarray


def hertz(note: float) -> float:
    """The frequency of a MIDI note (69 is A4, 440 Hz)."""
    return float(440.0 * 2 ** ((note - 69) / 12))


def clock(seconds: float) -> Sound:
    """Sample times from 0 up to `seconds`."""
    return np.arange(round(seconds * RATE)) / RATE


def noise(seconds: float, seed: int) -> Sound:
    """White noise in -1..1, the same for the same seed."""
    return np.random.default_rng(seed).uniform(-1, 1, round(seconds * RATE))


def low(sound: Sound, cutoff: float, order: int = 2) -> Sound:
    return sosfilt(butter(order, cutoff, "low", fs=RATE, output="sos"), sound, axis=0)


def high(sound: Sound, cutoff: float, order: int = 2) -> Sound:
    return sosfilt(butter(order, cutoff, "high", fs=RATE, output="sos"), sound, axis=0)


def band(sound: Sound, bottom: float, top: float, order: int = 2) -> Sound:
    return sosfilt(butter(order, (bottom, top), "band", fs=RATE, output="sos"), sound, axis=0)


def fades(sound: Sound, attack: float, release: float) -> Sound:
    """The sound with raised-cosine ends."""
    sound = sound.copy()
    for seconds, part in ((attack, slice(None)), (release, slice(None, None, -1))):
        n = min(round(seconds * RATE), len(sound))
        if n:
            sound[part][:n] = (sound[part][:n].T * (0.5 - 0.5 * np.cos(np.pi * np.arange(n) / n))).T
    return sound


def pan(sound: Sound, where: float) -> Sound:
    """Mono to stereo at equal power; where is -1 (left) to 1 (right)."""
    angle = (where + 1) * np.pi / 4
    return np.stack([sound * np.cos(angle), sound * np.sin(angle)], axis=1)


# Drums ------------------------------------------------------------------------------------------------------------


@cache
def kick() -> Sound:
    t = clock(0.34)
    sweep = 47 * t + (150 - 47) * 0.028 * (1 - np.exp(-t / 0.028))
    body = np.sin(2 * np.pi * sweep) * np.exp(-t / 0.13)
    click = high(noise(0.34, 1), 2500) * np.exp(-t / 0.003) * 0.35
    return fades(np.tanh(1.7 * (body + click)), 0.0005, 0.03)


@cache
def snare(softness: float = 0.0) -> Sound:
    t = clock(0.30)
    shell = np.sin(2 * np.pi * (185 * t + 4 * (1 - np.exp(-t / 0.012)))) * np.exp(-t / 0.07)
    wires = band(noise(0.30, 2), 1400, 9000 - 4000 * softness) * np.exp(-t / (0.11 - 0.04 * softness))
    return fades(np.tanh(0.8 * shell + 1.6 * wires) * (1 - 0.4 * softness), 0.0005, 0.04)


@cache
def clap() -> Sound:
    t = clock(0.26)
    bursts = sum(np.where(t >= d, np.exp(-(t - d) / 0.006), 0) for d in (0, 0.011, 0.021))
    return fades(band(noise(0.26, 3), 900, 5200) * (bursts + 0.8 * np.exp(-t / 0.075)), 0.0005, 0.05)


@cache
def hat(length: float, seed: int) -> Sound:
    t = clock(length * 5)
    metal = sum(np.sign(np.sin(2 * np.pi * f * t)) for f in (3231, 4217, 5489, 6837, 8011, 9173)) / 6
    return fades(high(0.6 * metal + noise(length * 5, seed), 7200, 4) * np.exp(-t / length), 0.001, 0.01)


@cache
def crash() -> Sound:
    t = clock(2.6)
    sides = [high(noise(2.6, seed), 3400, 3) * np.exp(-t / 0.75) for seed in (11, 12)]
    return fades(np.stack(sides, axis=1), 0.001, 0.4)


@cache
def tom(note: int) -> Sound:
    t = clock(0.42)
    sweep = hertz(note) * (t + 0.018 * (1 - np.exp(-t / 0.03)))
    skin = low(noise(0.42, note), 2200) * np.exp(-t / 0.02)
    return fades(np.tanh(1.5 * np.sin(2 * np.pi * sweep) * np.exp(-t / 0.15) + 0.4 * skin), 0.0005, 0.05)


def riser(seconds: float) -> Sound:
    """Noise that opens and swells up to its end, wide."""
    t = clock(seconds) / seconds
    sides = []
    for seed in (21, 22):
        hiss = noise(seconds, seed)
        dark, bright = band(hiss, 300, 1500), high(hiss, 4000)
        sides.append((dark * (1 - t) + bright * t) * t**2.5)
    return fades(np.stack(sides, axis=1), 0.01, 0.015)


# Pitched instruments ----------------------------------------------------------------------------------------------


@cache
def bass(note: int, seconds: float, bite: float) -> Sound:
    """A filtered saw over a sine an octave below its second partial; bite (0..1) opens the filter."""
    t = clock(seconds)
    f = hertz(note)
    cutoff = f * (2.2 + (5 + 14 * bite) * np.exp(-t / (0.07 + 0.08 * bite)))
    tone = np.sin(2 * np.pi * f * t) * 0.8
    for k in range(2, 28):
        tone += np.sin(2 * np.pi * k * f * t) / k / (1 + (k * f / cutoff) ** 4)
    return fades(np.tanh(1.2 * tone), 0.004, 0.03)


@cache
def pluck(note: int, seconds: float, open_: float) -> Sound:
    """A soft synth pluck: partials that fall away from the top."""
    t = clock(seconds)
    f = hertz(note)
    tone = np.zeros_like(t)
    for k in range(1, int(min(24, 12_000 / f)) + 1):
        fall = 0.34 / (1 + (k - 1) * (0.9 - 0.6 * open_))
        tone += np.sin(2 * np.pi * k * f * t + k) / k * np.exp(-t / fall)
    return fades(tone, 0.003, 0.04)


@cache
def keys(note: int, seconds: float) -> Sound:
    """A two-operator electric piano with a bell in its attack."""
    t = clock(seconds + 0.25)
    f = hertz(note)
    body = np.sin(2 * np.pi * f * t + 1.1 * np.exp(-t / 0.5) * np.sin(2 * np.pi * f * t))
    bell = np.sin(2 * np.pi * f * t + 0.7 * np.exp(-t / 0.09) * np.sin(2 * np.pi * 14 * f * t))
    return fades((body + 0.35 * bell) * np.exp(-t / 1.1), 0.003, 0.22)


@cache
def bell(note: int, seconds: float) -> Sound:
    """The hook's bell: clear, a little out of tune above, long."""
    t = clock(seconds + 0.9)
    f = hertz(note)
    tone = sum(
        g * np.sin(2 * np.pi * f * r * t) * np.exp(-t / d)
        for r, g, d in ((1, 1, 0.9), (2.003, 0.45, 0.5), (3.01, 0.22, 0.25), (5.43, 0.12, 0.12))
    )
    return fades(tone, 0.002, 0.5)


@cache
def strings(note: int, seconds: float, brightness: float) -> Sound:
    """Seven detuned saws spread over the stereo field, under one low-pass; brightness 0..1."""
    t = clock(seconds + 0.35)
    f = hertz(note)
    rng = np.random.default_rng(note)
    harmonics = np.arange(1, int(min(40, 9000 / f)) + 1)
    table = (np.sin(2 * np.pi * np.outer(np.arange(2048) / 2048, harmonics)) / harmonics).sum(axis=1)
    wide = np.zeros((len(t), 2))
    for i, cents in enumerate((-13, -8, -4, 0, 4, 8, 13)):
        phase = (f * 2 ** (cents / 1200) * t + rng.uniform()) % 1.0
        wide += pan(np.interp(phase * 2048, np.arange(2049), np.r_[table, table[0]]), (i - 3) / 3.2)
    return fades(low(wide / 4, 500 + 5200 * brightness**1.5), 0.09, 0.3)


# Effects ----------------------------------------------------------------------------------------------------------


def reverb(sound: Sound, seconds: float, seed: int, damp: float = 5000.0) -> Sound:
    """Convolution with decaying noise, one per side: a hall without a hall's recording."""
    t = clock(seconds * 1.2)
    sides = []
    for side in (0, 1):
        tail = low(high(noise(seconds * 1.2, seed + side), 180), damp) * np.exp(-6.9 * t / seconds)
        tail[: round(0.012 * RATE)] = 0
        wet = fftconvolve(sound[:, side], tail / np.sqrt((tail**2).sum()))
        sides.append(wet[: len(sound)])
    return np.stack(sides, axis=1)


def echo(sound: Sound, seconds: float, feedback: float, count: int = 6) -> Sound:
    """A ping-pong delay, each return darker than the last."""
    out = np.zeros_like(sound)
    wet = sound.mean(axis=1)
    step = round(seconds * RATE)
    for i in range(1, count + 1):
        wet = low(wet, 5200 - 500 * i) * feedback
        out[step * i :] += pan(wet, 0.75 if i % 2 else -0.75)[: len(sound) - step * i]
    return out


def ducking(hits: list[float], n: int, depth: float, release: float) -> Sound:
    """The gain (n, 1) of a compressor that hears the kick: down at each hit, back in `release` seconds."""
    gain = np.ones(n)
    t = clock(release)
    curve = 1 - depth * (1 - t / release) ** 2
    for at in hits:
        i = round(at * RATE)
        span = gain[i : i + len(curve)]
        np.minimum(span, curve[: len(span)], out=span)
    return low(gain[::-1], 180, 1)[::-1][:, None]


def limiter(sound: Sound, ceiling: float) -> Sound:
    """A look-ahead limiter: the gain bends down up to 12 ms before a peak; no sample passes `ceiling`."""
    hold = round(0.012 * RATE)
    peak = np.abs(sound).max(axis=1)
    ahead = maximum_filter1d(peak, 2 * hold + 1)
    need = np.minimum(1, ceiling / np.maximum(ahead, 1e-9))
    window = np.hanning(hold)
    gain = fftconvolve(need, window / window.sum(), mode="same")
    return np.clip(sound * gain[:, None], -ceiling, ceiling)
