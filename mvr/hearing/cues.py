"""The moments at which something begins: sections, phrases, and bars that sound otherwise than those before them."""

from __future__ import annotations

import numpy as np

from mvr.hearing.bars import synced
from mvr.hearing.features import RATE, SLOW, Features
from mvr.hearing.sections import Span, bar_marks

PHRASE = 4  # bars
NEAR = 2  # bars before and after a moment that are compared
MARKED = 1.5  # spreads above the mean from which a change of frequencies is marked
HEARD = 0.2  # the least distance that is a change; the timbre of a song spreads by about 0.6 over all its coefficients
STRIKING = 1.0  # spreads above the mean from which a change is a cue


def cue_points(features: Features, downbeats: np.ndarray, spans: list[Span]) -> list[float]:
    """Times in seconds, rising, from 0 on: the starts of sections, of their phrases, and of striking bars.

    Where no bars are heard, the starts of sections alone.
    """
    cues = {round(span.start, 6) for span in spans}
    if len(downbeats) < 2:
        return sorted(cues)
    marks = bar_marks(downbeats, features.seconds)
    firsts = [int(np.abs(marks - span.start).argmin()) for span in spans]
    for first, end in zip(firsts, [*firsts[1:], len(marks)], strict=True):
        cues.update(round(float(marks[bar]), 6) for bar in range(first, end - 1, PHRASE) if bar > 0)
    change = _changes(features, marks)
    limit = change.mean() + STRIKING * change.std()
    for bar in range(1, len(marks) - 1):
        if change[bar] > limit and change[bar] == change[max(0, bar - 1) : bar + 2].max():
            cues.add(round(float(marks[bar]), 6))
    return sorted(cues)


def frequency_changes(features: Features) -> list[float]:
    """Times in seconds, rising, at which what is heard moves markedly to other frequencies.

    The second after a moment is compared with the second before it, by timbre without loudness (MFCC 1 to 12), every
    tenth of a second; a change is marked where it is the greatest for a second around and MARKED spreads above the
    mean. Within a tenth of a second of the onset that brings it, the time is the onset's.
    """
    timbre = np.asarray(features.timbre[:, 1:])
    if len(timbre) < 4 * SLOW:
        return []
    sums = np.vstack([np.zeros((1, timbre.shape[1])), np.cumsum(timbre, axis=0)])
    at = np.arange(SLOW, len(timbre) - SLOW + 1)
    change = np.linalg.norm(sums[at + SLOW] - 2 * sums[at] + sums[at - SLOW], axis=1) / SLOW
    limit = max(change.mean() + MARKED * change.std(), HEARD)
    rise = features.rises.sum(axis=0)
    found = []
    for index in np.flatnonzero(change > limit):
        if change[index] == change[max(0, index - SLOW) : index + SLOW + 1].max():
            centre = int(at[index]) * RATE // SLOW
            first = max(0, centre - RATE // SLOW)
            onset = first + int(rise[first : centre + RATE // SLOW + 1].argmax())
            found.append(round(onset / RATE, 6))
    return sorted(set(found))


def _changes(features: Features, marks: np.ndarray) -> np.ndarray:
    """How far what happens in the two bars after each mark is from what happened in the two before it."""
    step = RATE // SLOW
    rises = features.rises[:, : len(features.loudness) * step].reshape(len(features.rises), -1, step).mean(axis=2).T
    loud = np.log(features.loudness + 0.01 * features.loudness.max() + 1e-6)[:, None]
    columns = [synced(values, marks) for values in (rises, loud, features.timbre[:, 1:6])]
    bars = np.hstack([(values - values.mean(axis=0)) / (values.std() + 1e-3) for values in columns])
    change = np.zeros(len(marks))
    for at in range(1, len(marks)):
        before, after = bars[max(0, at - NEAR) : at].mean(axis=0), bars[at : at + NEAR].mean(axis=0)
        change[at] = float(np.linalg.norm(after - before))
    return change
