"""From a song to its beats and downbeats: one function, `track`, so that another tracker can take its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mvr.hearing import pulse
from mvr.hearing.attacks import attacks, smoothed
from mvr.hearing.bars import count
from mvr.hearing.features import SLOW, Features
from mvr.hearing.readings import best
from mvr.hearing.samples import Samples

FEWEST = 8  # beats: fewer are no pulse
FAINT = 0.03  # what the strongest hundredth of all onsets must reach: a held tone has 0.001, a song 0.25 and more
EDGE = 0.05  # seconds: a beat is no nearer to the end of the song than this
QUIET = 1e-3  # of the song's loudest: beats that lead in or out of a sound below it are taken away
WRONG = 0.25  # of a beat: a given first downbeat farther than this from every beat moves them all


@dataclass(frozen=True)
class Pulse:
    """Beats and downbeats in seconds, rising; tempo in beats a minute, meter such as `4/4`."""

    tempo: float
    meter: str
    beats: tuple[float, ...]
    downbeats: tuple[float, ...]


def track(
    samples: Samples,
    features: Features,
    progress: Callable[[float], None],
    *,
    tempo: float | None = None,
    meter: str | None = None,
    first_downbeat: float | None = None,
) -> Pulse | None:
    """The song's pulse, or None where none is heard. What is given is obeyed: tempo in beats a minute, meter such as
    `3/4`, first_downbeat in seconds (no bar begins before it)."""
    strength = pulse.onsets(features)
    local, clear = pulse.periods(strength, tempo)
    told = tempo is not None or first_downbeat is not None
    if features.loudness.max() < 1e-4 or np.quantile(features.rises.sum(axis=0), 0.99) < FAINT:
        return None
    if clear < pulse.CLEAR and not told:
        return None
    reading = best(features, strength, local, progress, given=tempo is not None)
    if reading is None:
        return None
    found, rise = attacks(samples, reading.beats)
    times = _sounding(_extended(smoothed(found, rise), features.seconds), features)
    if len(times) < FEWEST:
        return None
    times = np.maximum(0.0, times)
    times, first = _anchored(times, first_downbeat)
    places, beats = count(features, times, _beats_a_bar(meter), first, compound=reading.compound)
    downbeats = times[places == 0]
    if first_downbeat is not None:
        downbeats = downbeats[downbeats > first_downbeat - 1e-6]
    return Pulse(
        tempo=tempo if tempo is not None else round(60 / float(np.median(_spacings(times))), 2),
        meter=meter or ("6/8" if beats == 2 else f"{beats}/4"),
        beats=tuple(round(float(time), 6) for time in times),
        downbeats=tuple(round(float(time), 6) for time in downbeats),
    )


def _extended(times: np.ndarray, seconds: float) -> np.ndarray:
    """The beats with more of them at both ends as far as the song goes, where no onset told the tracker of them."""
    if len(times) < FEWEST:
        return times
    first, last = _spacings(times[:FEWEST]).mean(), _spacings(times[-FEWEST:]).mean()
    before = np.arange(times[0] - first, -EDGE, -first)[::-1]
    after = np.arange(times[-1] + last, seconds, last)
    times = np.concatenate([before, times, after])
    return np.asarray(times[(times > -EDGE) & (times < seconds - EDGE)])


def _spacings(times: np.ndarray) -> np.ndarray:
    """The beat's length around each beat, over eight beats where there are as many: finer than one step apart."""
    reach = min(8, len(times) - 1)
    return np.asarray((times[reach:] - times[:-reach]) / reach)


def _sounding(times: np.ndarray, features: Features) -> np.ndarray:
    """The beats without those before the first sound and after the last."""
    loud = np.flatnonzero(features.loudness > QUIET * features.loudness.max())
    first, last = loud[0] / SLOW - 0.15, (loud[-1] + 1) / SLOW
    return np.asarray(times[(times >= first) & (times <= last)])


def _beats_a_bar(meter: str | None) -> int | None:
    """3 for `3/4`, 2 for `6/8`: eighths in threes are beaten by the three."""
    if meter is None:
        return None
    top, _, unit = meter.partition("/")
    count = int(top)
    return count // 3 if unit == "8" and count % 3 == 0 and count > 3 else max(1, count)


def _anchored(times: np.ndarray, first_downbeat: float | None) -> tuple[np.ndarray, int | None]:
    """The beats with one of them exactly at the given downbeat, and its index."""
    if first_downbeat is None:
        return times, None
    nearest = int(np.abs(times - first_downbeat).argmin())
    off = first_downbeat - times[nearest]
    beat = float(np.median(np.diff(times)))
    if abs(off) > WRONG * beat:
        off = off - round(off / beat) * beat
        times = times + off
        times = times[times >= 0]
        nearest = int(np.abs(times - first_downbeat).argmin())
    if abs(times[nearest] - first_downbeat) < WRONG * beat:
        times = times.copy()
        times[nearest] = first_downbeat
        return times, nearest
    behind = int(np.round((times[0] - first_downbeat) / beat))
    return times, -behind
