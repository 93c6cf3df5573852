"""Which of the ways to tap along is the right one: half as fast, a third faster, on the beat or between beats.

Onsets alone tell a pulse, not which one. So the pulse is read in all the ratios in which listeners and trackers
disagree, on the beat and off it, and each reading is asked what a musician would ask: are onsets strongest here, is
the bass here, are the spaces between beats filled by halves or thirds, does the music come back after two, three,
four or eight beats, do chords change here, do kick and snare take turns, do the beats make bars? The answers are
weighed by WEIGHTS, which tell the pulse, and by OCTAVES, which tell how fast one counts it. Both were learnt on pieces
rendered from MIDI, none of them a recording (docs/decisions/hearing-is-learnt-on-midi.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mvr.hearing import pulse
from mvr.hearing.bars import clear_bars
from mvr.hearing.features import RATE, SLOW, Features
from mvr.hearing.filters import moving_mean
from mvr.hearing.samples import Floats

RATIOS = (1 / 3, 1 / 2, 2 / 3, 3 / 4, 1.0, 4 / 3, 3 / 2, 2.0, 3.0)
SHORTEST, LONGEST = 0.25, 1.15  # seconds that a beat may last
FEWEST = 8  # beats: fewer are no reading
PARTS = 12  # places between beats that are looked at: halves, thirds and quarters
CLOSE = 2  # frames around a place in which an onset belongs to it
SPAN = 16  # beats
TURN = 5  # frames of the 10 Hz grid before and after a moment whose harmony is compared
THIRDS = 0.15  # nepers by which thirds must be stronger than halves for a beat in three parts
EMPTY, SOUNDS = 2.0, 1.0  # what each neper past the first costs by which every second beat is the weaker
USUAL = 0.5  # seconds: 120 beats a minute are likeliest (Moelants, "Preferred tempo reconsidered", ICMPC 2002)
PACE, OCTAVE_PACE = 0.2, 0.5  # what each octave squared costs that a beat is off it

WEIGHTS = {
    "beat": -0.020,
    "beat over half": 0.090,
    "beat over third": 0.433,
    "beat over quarter": 0.161,
    "half over quarter": 0.023,
    "third over all": -0.285,
    "low beat": -0.081,
    "low beat over half": 0.007,
    "low beat over third": 0.188,
    "low beat over quarter": 0.097,
    "low half over quarter": 0.087,
    "low third over all": -0.120,
    "deep beat over half": 0.065,
    "mid beat over half": -0.026,
    "high beat over half": 0.194,
    "least beat over half": 0.095,
    "most beat over half": 0.607,
    "back beat": 0.014,
    "back half": 0.199,
    "returns after 1": -0.410,
    "returns after 2": 0.360,
    "returns after 3": -0.221,
    "returns after 4": 0.712,
    "returns after 8": 1.035,
    "returns in a bar": -0.447,
    "returns in two": 0.674,
    "chords on beats": -0.346,
    "chords in 4": 0.939,
    "chords in 3": 0.313,
    "bars": 0.162,
    "uneven": -12.314,
    "first": -0.156,
}
"""What speaks for a pulse, whichever of its octaves is the beat: learnt so that any octave of the truth counts."""

OCTAVES = {
    "beat": 0.143,
    "beat over half": 0.117,
    "low beat over half": 0.073,
    "mid beat over half": 0.097,
    "high beat over half": 0.124,
    "half over quarter": 0.160,
    "returns after 1": -0.019,
    "returns after 2": -0.459,
    "returns after 4": 0.216,
    "returns after 8": 0.061,
    "chords on beats": 1.252,
    "bars": 0.247,
    "back beat": 0.087,
    "back half": 0.137,
}
"""What then speaks for one octave of it."""


@dataclass(frozen=True)
class Reading:
    """One way to tap along: its beats in seconds, and what speaks for it, by name."""

    beats: np.ndarray
    answers: dict[str, float]

    def score(self, weights: dict[str, float], pace: float) -> float:
        """What speaks for it by these weights; pace is what each octave squared costs that it is off USUAL."""
        total = sum(weight * self.answers[name] for name, weight in weights.items())
        return total - EMPTY * self.answers["empty"] - pace * self.answers["pace"]

    @property
    def compound(self) -> bool:
        """Whether its beats are in three parts."""
        return self.answers["thirds"] > THIRDS

    def octave_of(self, other: Reading) -> bool:
        """Whether it is the other, or half or twice as fast with the slower one's beats on the faster one's."""
        spacing, others = float(np.median(np.diff(self.beats))), float(np.median(np.diff(other.beats)))
        if min(abs(spacing / others - ratio) / ratio for ratio in (0.5, 1.0, 2.0)) > 0.05:
            return False
        slow, fast = (self.beats, other.beats) if spacing > others else (other.beats, self.beats)
        nearest = np.clip(np.searchsorted(fast, slow), 1, len(fast) - 1)
        apart = np.minimum(np.abs(fast[nearest] - slow), np.abs(fast[nearest - 1] - slow))
        return float(np.median(apart)) < 0.25 * min(spacing, others)


def best(
    features: Features,
    strength: Floats,
    local: Floats,
    progress: Callable[[float], None],
    *,
    given: bool = False,
) -> Reading | None:
    """The reading that most speaks for; local is the period (n,) in frames found first. None without FEWEST beats.

    given says that the user gave the period: then it stands, on the beat or off it.
    """
    ratios = (1.0,) if given else RATIOS
    found = [
        Reading(times, evidence(features, times, ratio)) for ratio, times in readings(strength, local, ratios, progress)
    ]
    if not found:
        return None
    pulse_found = max(found, key=lambda reading: reading.score(WEIGHTS, PACE))
    octaves = [reading for reading in found if reading is pulse_found or reading.octave_of(pulse_found)]
    return max(octaves, key=lambda reading: reading.score(OCTAVES, OCTAVE_PACE))


def readings(
    strength: Floats, local: Floats, ratios: tuple[float, ...], progress: Callable[[float], None]
) -> list[tuple[float, np.ndarray]]:
    """Each ratio of the period with its beats in seconds, and again with the beats halfway between them."""
    usual = float(np.median(local)) / RATE
    kept = [ratio for ratio in ratios if len(ratios) == 1 or SHORTEST <= usual * ratio <= LONGEST]
    found = []
    for number, ratio in enumerate(kept):
        times = pulse.beats(strength, local * np.float32(ratio), lambda _: None) / RATE
        progress((number + 1) / len(kept))
        if len(times) >= FEWEST:
            between = (times[:-1] + times[1:]) / 2
            found += [(ratio, times), (ratio, np.append(between, between[-1] + times[-1] - times[-2]))]
    return found


def evidence(features: Features, times: np.ndarray, ratio: float) -> dict[str, float]:
    """What speaks for a reading and against it, by name: numbers about 1 in size."""
    onsets = np.stack([_standing_out(rises) for rises in features.rises])
    between = _places(times, onsets)
    answers = _where(between, onsets)
    answers |= _surely(between)
    answers["empty"] = _empty(between)
    answers |= _back_beats(between)
    answers |= _returns(between.reshape(len(between), -1))
    answers |= _chords(features, times)
    answers["bars"] = clear_bars(features, times)
    answers |= {
        "pace": float(np.log2(np.median(np.diff(times)) / USUAL)) ** 2,
        "uneven": float(np.diff(times).std() / np.diff(times).mean()),
        "first": float(ratio == 1),
    }
    return answers


def _standing_out(rises: Floats) -> Floats:
    """One band's onsets above their mean within 0.4 s, by their spread."""
    scaled = rises / (rises.std() + np.float32(1e-3))
    return np.asarray(np.maximum(0, scaled - moving_mean(scaled, 81)))


def _places(times: np.ndarray, onsets: Floats) -> Floats:
    """How strong onsets are at each twelfth of each beat: (beats - 1, bands, PARTS)."""
    from scipy.ndimage import maximum_filter1d

    near = maximum_filter1d(onsets, 2 * CLOSE + 1, axis=1)
    moments = times[:-1, None] + np.diff(times)[:, None] * np.arange(PARTS) / PARTS
    frames = np.clip(np.round(moments * RATE).astype(int), 0, onsets.shape[1] - 1)
    return np.asarray(near[:, frames].transpose(1, 0, 2))


def _where(between: Floats, onsets: Floats) -> dict[str, float]:
    """Where between beats onsets are, in nepers of the mean: of all bands, the lowest, a little of the others."""
    usual = onsets.mean(axis=1)[:, None] + 1e-6
    bands = np.log((between.mean(axis=0) + 0.1 * usual) / (1.1 * usual))
    whole = np.log((between.sum(axis=1).mean(axis=0) + 0.1 * usual.sum()) / (1.1 * usual.sum()))
    answers: dict[str, float] = {}
    for name, level in (("", whole), ("low ", bands[0])):
        beat, half, third, quarter = level[0], level[6], (level[4] + level[8]) / 2, (level[3] + level[9]) / 2
        answers |= {
            f"{name}beat": float(beat),
            f"{name}beat over half": float(beat - half),
            f"{name}beat over third": float(beat - third),
            f"{name}beat over quarter": float(beat - quarter),
            f"{name}half over quarter": float(half - quarter),
            f"{name}third over all": float(third - (level[3] + level[6] + level[9]) / 3),
        }
        if not name:
            answers["thirds"] = float(third - max(half, quarter))
    for name, level in (("deep", bands[1]), ("mid", bands[2]), ("high", bands[3])):
        answers[f"{name} beat over half"] = float(level[0] - level[6])
    return answers


def _surely(between: Floats) -> dict[str, float]:
    """What the least sure stretches of SPAN beats say of beat over half: a pulse that slips is told by them."""
    sums = np.cumsum(np.vstack([[[0.0, 0.0]], between.sum(axis=1)[:, [0, PARTS // 2]]]), axis=0)
    span = min(SPAN, len(between))
    spans = sums[span:] - sums[:-span] + 1e-3 * float(sums[-1].max())
    contrast = np.log(spans[:, 0] / spans[:, 1])
    return {"least beat over half": float(np.quantile(contrast, 0.1)), "most beat over half": float(contrast.std())}


def _empty(between: Floats) -> float:
    """How much stronger than SOUNDS every second beat is than the others, in nepers: none sounds between clicks."""
    strong = between[:, :, 0].sum(axis=1)
    usual = 0.02 * float(strong.mean()) + 1e-6
    return max(0.0, abs(float(np.log((strong[::2].mean() + usual) / (strong[1::2].mean() + usual)))) - SOUNDS)


def _back_beats(between: Floats) -> dict[str, float]:
    """Whether kicks and snares take turns from beat to beat, or from beat to half beat, in nepers."""
    usual = 0.1 * between.mean(axis=(0, 2)) + 1e-6
    low, snare = (between[:, band] + usual[band] for band in (0, 2))
    turns = []
    for one, other in (((slice(0, None, 2), 0), (slice(1, None, 2), 0)), ((slice(None), 0), (slice(None), PARTS // 2))):
        turns.append(
            float(np.log(low[one].mean() / low[other].mean()) - np.log(snare[one].mean() / snare[other].mean()))
        )
    return {"back beat": abs(turns[0]), "back half": turns[1]}


def _returns(beats: Floats) -> dict[str, float]:
    """How alike a beat and the one so many later are: the median of their cosines."""
    beats = beats - beats.mean(axis=0)
    lengths = np.linalg.norm(beats, axis=1) + 1e-3
    alike = {}
    for later in (1, 2, 3, 4, 6, 8):
        products = (beats[later:] * beats[:-later]).sum(axis=1) / (lengths[later:] * lengths[:-later])
        alike[later] = float(np.median(products)) if len(beats) > later + 4 else 0.0
    answers = {f"returns after {later}": alike[later] for later in (1, 2, 3, 4, 8)}
    return answers | {"returns in a bar": max(alike[3], alike[4]), "returns in two": max(alike[6], alike[8])}


def _chords(features: Features, times: np.ndarray) -> dict[str, float]:
    """Whether harmony turns on beats rather than between them, and on one beat of three or of four."""
    on, off = _turns(features.harmony, times), _turns(features.harmony, (times[:-1] + times[1:]) / 2)
    spread = float(np.concatenate([on, off]).std()) + 1e-4
    answers = {"chords on beats": float(on.mean() - off.mean()) / spread}
    for bar in (4, 3):
        each = [float(on[place::bar].mean()) for place in range(bar)]
        answers[f"chords in {bar}"] = (max(each) - float(np.mean(each))) / spread
    return answers


def _turns(harmony: Floats, times: np.ndarray) -> np.ndarray:
    """How far the harmony of the half second after each moment is from that before it: 1 less their cosine."""
    sums = np.vstack([np.zeros((1, harmony.shape[1])), np.cumsum(harmony, axis=0, dtype=np.float64)])
    at = np.clip(np.round(times * SLOW).astype(int), 0, len(harmony))
    after = sums[np.clip(at + TURN, 0, len(harmony))] - sums[at]
    before = sums[at] - sums[np.clip(at - TURN, 0, len(harmony))]
    lengths = np.linalg.norm(after, axis=1) * np.linalg.norm(before, axis=1)
    return np.asarray(1 - (after * before).sum(axis=1) / (lengths + 1e-6))
