"""The demo's song, "Rise, Little Lantern", as a score in code: `python song.py` writes song.ogg and lyrics.lrc.

104 beats a minute in D minor, 4/4: intro, verse, chorus, verse, chorus (4 bars each) and a 3-bar outro in F. It was
rendered once and its song.ogg is committed; mvr never imports this file. Needs numpy, scipy and soundfile.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from synth import (
    RATE,
    Sound,
    bass,
    bell,
    clap,
    crash,
    ducking,
    echo,
    fades,
    hat,
    high,
    keys,
    kick,
    limiter,
    low,
    pan,
    pluck,
    reverb,
    riser,
    snare,
    strings,
    tom,
)
from tune import BAR, CHORDS, CHORUS_1, CHORUS_2, END, OUTRO, SECONDS, START, STEP, VERSE_1, VERSE_2, lyrics, sung
from voice import sing


class Bus:
    """A stereo track as long as the song; `at` is seconds."""

    def __init__(self) -> None:
        self.sound = np.zeros((round(SECONDS * RATE), 2))

    def add(self, at: float, sound: Sound, gain: float = 1.0, where: float = 0.0) -> None:
        i = max(0, round(at * RATE))
        stereo = sound if sound.ndim == 2 else pan(sound, where)
        room = max(0, len(self.sound) - i)
        self.sound[i : i + len(stereo)] += gain * stereo[:room]


def when(bar: float, step: float = 0.0) -> float:
    return START + bar * BAR + step * STEP


def part_of(bar: int) -> str:
    """intro, verse, chorus or outro."""
    if bar < VERSE_1 or bar >= OUTRO:
        return "intro" if bar < VERSE_1 else "outro"
    return "verse" if bar < CHORUS_1 or VERSE_2 <= bar < CHORUS_2 else "chorus"


KICKS = {"verse": (0, 7, 10), "chorus": (0, 4, 8, 12), "intro": (), "outro": ()}
FILL = (
    (8, 0, 0.5),
    (10, 0, 0.6),
    (11, 50, 0.8),
    (12, 47, 0.9),
    (13, 47, 0.7),
    (14, 43, 1.0),
    (15, 40, 0.9),
)  # 0: snare
FILL_BARS = (VERSE_1 - 1, CHORUS_1 - 1, VERSE_2 - 1, CHORUS_2 - 1)


def kick_steps(bar: int) -> tuple[int, ...]:
    """The sixteenths of this bar that the kick plays: it leaves room for a fill."""
    steps = (0, 6, 10, 14) if part_of(bar) == "verse" and bar % 2 else KICKS[part_of(bar)]
    return tuple(s for s in steps if not (bar in FILL_BARS and s > 8))


def backbeat(kit: Bus, bar: int) -> None:
    """The snare on two and four, with a clap in the choruses; and the fill of a section's last bar."""
    part, fill = part_of(bar), bar in FILL_BARS
    for step in () if part == "intro" else (4,) if fill else (4, 12):
        kit.add(when(bar, step), snare(0.6 if part == "verse" else 0.0), 0.5 if part == "verse" else 0.62)
        if part == "chorus":
            kit.add(when(bar, step) - 0.004, clap(), 0.5, -0.15)
    for step, note, gain in FILL if fill else ():
        hit, where = (tom(note), (45 - note) / 9) if note else (snare(0.2), 0.0)
        kit.add(when(bar, step), hit, 0.55 * gain, where)


def cymbals(kit: Bus, bar: int, rng: np.random.Generator) -> None:
    """Closed hats, open ones between the beats of a chorus, a shaker in the verses; odd sixteenths swing by 12 ms."""
    part = part_of(bar)
    for step in range(10 if bar in FILL_BARS else 16):
        at = when(bar, step) + (0.012 if step % 2 else 0.0)
        loud = (0.16 if step % 4 == 0 else 0.11) * rng.uniform(0.85, 1.1)
        if step % 2 == 0 or part == "chorus":
            kit.add(at, hat(0.022, 40 + step), loud, 0.3)
        if part == "chorus" and step % 4 == 2:
            kit.add(at, hat(0.11, 60 + step), 0.17, 0.3)
        if part == "verse" and step % 2:
            kit.add(at, fades(hat(0.03, 80 + step), 0.03, 0.02), 0.06, -0.5)


def drums() -> tuple[Bus, Bus, list[float]]:
    """The kit without its kick, the kick alone, and when the kick hits (seconds)."""
    kit, kicks, hits = Bus(), Bus(), []
    rng = np.random.default_rng(104)
    for bar in range(2, OUTRO):
        for step in kick_steps(bar):
            gain = (0.8 if step == 0 else 0.7) * (1.0 if part_of(bar) == "chorus" else 0.75)
            kicks.add(when(bar, step), kick(), gain)
            hits.append(when(bar, step))
        backbeat(kit, bar)
        cymbals(kit, bar, rng)
    for bar, gain in ((VERSE_1, 0.13), (CHORUS_1, 0.22), (VERSE_2, 0.13), (CHORUS_2, 0.24), (OUTRO, 0.18)):
        kit.add(when(bar), crash(), gain)
        length, swell = (BAR, 0.13) if bar in (CHORUS_1, CHORUS_2) else (BAR / 2, 0.07)
        kit.add(when(bar) - length - 0.01, riser(length), swell)
    kicks.add(when(OUTRO), kick(), 0.9)
    return kit, kicks, hits


def low_end() -> Bus:
    """The bass: silent in the intro, syncopated in the verses, driving eighths in the choruses, long in the outro."""
    bus = Bus()
    for start, seconds, root, _ in CHORDS:
        bar = int((start - START) / BAR + 0.01)
        part = part_of(bar)
        if part in ("intro", "outro"):
            if bar >= OUTRO:
                bus.add(start, bass(root, seconds, 0.05), 0.22)
            elif when(VERSE_1) - start < 0.6 * BAR:  # one note leads in
                bus.add(when(VERSE_1, -2), bass(33, 2 * STEP, 0.2), 0.18)
            continue
        steps = round(seconds / STEP)
        pattern = ((0, 3), (3, 2), (6, 1), (7, 3), (10, 2), (12, 2), (14, 2))
        if part == "chorus":
            pattern = tuple((s, 1.75) for s in range(0, 16, 2))
        for i, (step, length) in enumerate(pattern):
            if step >= steps or (bar in FILL_BARS and step >= 14):
                continue
            octave = 12 if (part == "chorus" and i % 4 == 3) or (part == "verse" and step in (6, 14)) else 0
            bite, level = (0.75, 0.3) if part == "chorus" else (0.3, 0.24)
            bus.add(start + step * STEP, bass(root + octave, length * STEP, bite), level if step else 1.12 * level)
    return bus


def chords() -> tuple[Bus, Bus]:
    """Strings under everything, brighter where the song rises; and keys in the quiet parts."""
    pad, piano = Bus(), Bus()
    for start, seconds, _, voices in CHORDS:
        bar = int((start - START) / BAR + 0.01)
        part = part_of(bar)
        bright = {"intro": 0.16 + 0.06 * bar, "verse": 0.22, "chorus": 0.72, "outro": 0.3}[part]
        if bar in (CHORUS_1 - 1, CHORUS_2 - 1):
            bright = 0.42
        gain = {"intro": 0.055, "verse": 0.06, "chorus": 0.125, "outro": 0.085}[part]
        for note in voices:
            pad.add(start, strings(note, seconds, bright), gain)
            if part == "chorus":
                pad.add(start, strings(note + 12, seconds, 0.6), gain * 0.3)
        if part in ("intro", "outro"):
            strokes = ((0, 6), (6, 6), (12, 4)) if bar < OUTRO else ((0, 16),)
        else:
            strokes = ((0, 3), (3, 5), (8, 3), (11, 5)) if part == "verse" else ()
        for step, length in strokes:
            if step * STEP < seconds - 0.01:
                for i, note in enumerate(voices):
                    piano.add(start + step * STEP + 0.008 * i, keys(note, length * STEP), 0.062, (i - 1.5) / 3)
    return pad, piano


def arpeggio() -> Bus:
    """Sixteenths over the chord's voices: closed in the intro, open in the choruses."""
    bus = Bus()
    order = (0, 2, 1, 3, 2, 1, 3, 2)
    for start, seconds, _, voices in CHORDS:
        bar = int((start - START) / BAR + 0.01)
        part = part_of(bar)
        if bar >= END - 1:
            continue
        open_ = {"intro": 0.1 + 0.1 * bar, "verse": 0.15, "chorus": 0.8, "outro": 0.3}[part]
        for i in range(round(seconds / STEP)):
            if part == "verse" and i % 2:
                continue
            note = voices[order[i % 8]] + 12 + (12 if part == "chorus" and i % 8 in (3, 6) else 0)
            loud = {"intro": 0.10, "verse": 0.08, "chorus": 0.13, "outro": 0.08}[part] * (1.25 if i % 4 == 0 else 1)
            bus.add(start + i * STEP, pluck(note, 0.3, round(open_, 1)), loud, 0.7 * np.sin(i * 1.9))
    return bus


HOOK = [(0, 4, 72), (4, 2, 74), (6, 2, 72), (8, 2, 69), (10, 2, 67), (12, 4, 69)]
ANSWER = [(0, 2, 72), (2, 2, 74), (4, 4, 77), (8, 8, 76)]


def bells() -> Bus:
    """The hook on a bell: announced in the intro, answering the voice in the second chorus, alone in the outro."""
    bus = Bus()
    for bar, tune, gain in ((1, HOOK, 0.13), (3, HOOK[:4], 0.10), (OUTRO, HOOK, 0.13), (OUTRO + 1, ANSWER, 0.11)):
        for step, length, note in tune:
            bus.add(when(bar, step), bell(note + 12, length * STEP), gain, 0.2)
    bus.add(when(END - 1), bell(89, BAR), 0.12, -0.2)
    for bar in range(CHORUS_2, CHORUS_2 + 4):
        voices = next(v for start, _, _, v in CHORDS if abs(start - when(bar)) < 0.01)
        for step, i in ((2, 3), (7, 2), (10, 3), (14, 1)):
            bus.add(when(bar, step), bell(voices[i] + 24, STEP), 0.055, 0.6 if step % 4 else -0.6)
    return bus


def voices() -> Bus:
    """The singer; in the choruses two more takes at the sides, in the last one a third above as well."""
    bus = Bus()
    lines = sung()
    everything = [note for _, _, notes, _ in lines for note in notes]
    lead = sing(everything, SECONDS)
    loud = np.ones(len(lead))
    for bar in (CHORUS_1, CHORUS_2):
        loud[round(when(bar, -1) * RATE) : round(when(bar + 4.3) * RATE)] = 1.12
    bus.add(0, high(lead * low(loud, 8, 1), 150), 0.38)
    choruses = [n for bar, _, notes, _ in lines if part_of(bar) == "chorus" for n in notes]
    for take, where in ((1, -0.75), (2, 0.75)):
        bus.add(0, high(sing(choruses, SECONDS, take), 220), 0.135, where)
    scale = (0, 2, 4, 5, 7, 9, 10)  # F major, from F
    above = []
    for bar, _, notes, _ in lines:
        for start, length, note, sounds in notes if CHORUS_2 <= bar < OUTRO else ():
            degree = (note - 65) % 12
            near = min(range(7), key=lambda i: abs(scale[i] - degree))
            third = scale[(near + 2) % 7] + (12 if near > 4 else 0)
            above.append((start, length, note - degree + third, sounds))
    for take, where in ((3, -0.45), (4, 0.45)):
        bus.add(0, high(sing(above, SECONDS, take), 250), 0.105, where)
    return bus


def rain() -> Bus:
    """Rain on a window: it opens the song, thins out in the choruses, and goes at the end."""
    bus = Bus()
    n = len(bus.sound)
    t = np.arange(n) / RATE
    shape = np.interp(
        t, [0, 0.6, when(2), when(VERSE_1), when(CHORUS_1), when(END - 2), SECONDS], [0, 1, 0.8, 0.5, 0.12, 0.2, 0]
    )
    for side, seed in ((0, 71), (1, 72)):
        rng = np.random.default_rng(seed)
        hiss = high(low(rng.normal(0, 1, n), 7000), 900)
        drops = np.zeros(n)
        drops[rng.integers(0, n, 900)] = rng.uniform(0.2, 1, 900) ** 2
        bus.sound[:, side] = (0.03 * hiss + 0.9 * low(high(drops, 1500), 5000)) * shape
    return bus


def mix() -> Sound:
    """Everything together, (n, 2) in -1..1."""
    kit, kicks, hits = drums()
    deep, (pad, piano), plucks, chimes, choir, wet = low_end(), chords(), arpeggio(), bells(), voices(), rain()
    n = len(kit.sound)
    pump, slight = ducking(hits, n, 0.6, 0.3), ducking(hits, n, 0.25, 0.2)
    pad_sound = high(pad.sound, 160) * pump
    pluck_sound = plucks.sound * ducking(hits, n, 0.4, 0.25)
    dry = kit.sound + kicks.sound * 0.95 + deep.sound * ducking(hits, n, 0.5, 0.16) * 0.9
    dry += pad_sound + 1.1 * piano.sound * slight + pluck_sound + chimes.sound + choir.sound * slight + wet.sound
    hall = 0.22 * pad_sound + 0.5 * chimes.sound + 0.3 * choir.sound + 0.35 * piano.sound + 0.3 * pluck_sound
    dry += 0.55 * reverb(hall, 2.6, 500) * slight + 0.3 * reverb(kit.sound * 0.5, 0.9, 510, 7000)
    dry += 0.5 * echo(pluck_sound * 0.5 + chimes.sound * 0.6 + choir.sound * 0.28, 3 * STEP, 0.55)
    master = high(dry, 28)
    master += 0.35 * high(master, 2500, 1) + 0.5 * high(master, 7000, 1)
    middle, side = master.mean(axis=1, keepdims=True), (master[:, :1] - master[:, 1:]) / 2
    side = 1.5 * high(side, 200)
    master = np.concatenate([middle + side, middle - side], axis=1)
    master = np.tanh(1.1 * master / np.quantile(np.abs(master), 0.9997)) * 1.05
    end = np.arange(n) / RATE
    master *= np.clip((SECONDS - end) / 1.8, 0, 1)[:, None] ** 1.5
    return limiter(master, 0.85)


def main() -> None:
    import soundfile

    folder = Path(__file__).parent
    (folder / "lyrics.lrc").write_text(lyrics(), encoding="utf-8")
    sound = mix().astype(np.float32)
    with soundfile.SoundFile(
        folder / "song.ogg", "w", RATE, 2, format="OGG", subtype="VORBIS", compression_level=0.4
    ) as file:
        for i in range(0, len(sound), RATE):  # libsndfile's Vorbis writer overflows its stack on one long write
            file.write(sound[i : i + RATE])


if __name__ == "__main__":
    main()
