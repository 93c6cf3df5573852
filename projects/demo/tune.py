"""What is played and sung in the demo's song: its form, its chords, its tunes and its words, with their times."""

from __future__ import annotations

from voice import Note

BEAT = 60 / 104
BAR = 4 * BEAT
STEP = BEAT / 4  # a sixteenth
START = 0.01  # seconds of silence before the first downbeat
INTRO, VERSE_1, CHORUS_1, VERSE_2, CHORUS_2, OUTRO, END = 0, 4, 8, 12, 16, 20, 23
SECONDS = START + END * BAR + 0.4

# Harmony: for each bar (or half bar) the bass note and four voices, each moving as little as it can.
DM9, BB9 = (38, (53, 57, 60, 64)), (34, (53, 57, 60, 62))
FADD9, C_E = (41, (55, 57, 60, 65)), (40, (55, 60, 62, 67))
GM9, A_SUS, A7 = (43, (53, 58, 62, 69)), (33, (52, 57, 62, 64)), (37, (55, 57, 61, 64))
C_9, AM7, DM7 = (36, (55, 60, 62, 64)), (33, (55, 57, 60, 64)), (38, (57, 60, 62, 65))
BB9_HIGH, C_SUS, FMAJ9 = (34, (57, 60, 62, 65)), (36, (58, 60, 65, 67)), (41, (57, 60, 64, 67))
VERSE = [DM9, BB9, FADD9, C_E]
BARS = [
    *[DM9, BB9, GM9, (A_SUS, A7)],
    *VERSE,
    *[BB9_HIGH, C_9, AM7, (DM7, A7)],
    *VERSE,
    *[BB9_HIGH, C_9, AM7, (GM9, C_SUS)],
    *[FMAJ9, BB9_HIGH, FMAJ9],
]
CHORDS = [
    (START + bar * BAR + half * BAR / 2, BAR / (2 if isinstance(chord[0], tuple) else 1), *part)
    for bar, chord in enumerate(BARS)
    for half, part in enumerate(chord if isinstance(chord[0], tuple) else (chord,))
]

# Words: each line is a bar. A verse's line is four dactyls; a chorus has its own rhythm a line: (step, steps, note).
FALL = ((0, 2), (2, 1), (3, 1), (4, 2), (6, 1), (7, 1), (8, 2), (10, 1), (11, 1), (12, 3.6))
VERSE_TUNES = [
    (65, 65, 64, 65, 67, 65, 64, 62, 60, 62),
    (62, 62, 64, 65, 67, 69, 67, 65, 64, 65),
    (65, 65, 64, 65, 67, 65, 64, 65, 67, 69),
    (67, 67, 65, 67, 69, 67, 67, 65, 64, 67),
]
CHORUS_TUNES = [
    [(0, 4, 72), (4, 2, 74), (6, 2, 72), (8, 2, 69), (10, 2, 67), (12, 3.7, 69)],
    [(0, 2, 72), (2, 2, 74), (4, 2, 72), (6, 3, 76), (9, 1, 74), (10, 2, 72), (12, 3.7, 67)],
    [(0, 2, 72), (2, 1, 72), (3, 1, 74), (4, 4, 76), (8, 1, 74), (9, 1, 72), (10, 2, 72), (12, 1, 69), (13, 2.8, 69)],
    [(0, 2, 69), (2, 4, 77), (6, 1, 76), (7, 1, 74), (8, 2, 73), (10, 2, 74), (12, 1, 76), (13, 4, 74)],
]
LAST_LINE = [(0, 2, 70), (2, 4, 77), (6, 1, 76), (7, 1, 74), (8, 2, 72), (10, 2, 74), (12, 1, 76), (13, 10, 77)]
WORDS = {
    VERSE_1: [
        "Rain/rein on/On the/d@ har/har-bour/b@ the/d@ win/wIn-dows/doz are/ar dark/dark",
        "Fold/fold up/@p a/@ let/lEt-ter/@ and/And wait/weit for/fO a/@ spark/spark",
        "All/Ol of/@v the/di al/Al-leys/iz re/ri-mem/mEm-ber/b@ your/jO tune/tun",
        "Leave/liv me/mi a/@ match/mAS and/And I'll/ail bor/bO-row/ro the/d@ moon/mun",
    ],
    CHORUS_1: [
        "Rise,/raiz lit/lI-tle/t@l lan/lAn-tern,/t@n rise/raiz",
        "O/o-ver/v@ the/d@ roofs/rufs and/And the/d@ wires/waiz",
        "Car/kA-ry/ri my/mai name/neim to/t@ the/di o/@-ther/d@ side/said",
        "And/And burn/b@n till/tIl the/d@ mor/mO-ning/nIn ar/@-rives/raivz",
    ],
    VERSE_2: [
        "Two/tu from/fr@m the/d@ fer/fE-ry/ri bell,/bEl then/dEn it/It is/Iz still/stIl",
        "Old/old hands/hAnz have/hAv set/sEt me/mi a/@ light/lait on/On the/d@ sill/sIl",
        "Pa/pei-per/p@ and/And fi/fai-re,/@ a/@ breath/brET and/And a/@ thread/TrEd",
        "I/ai will/wIl let/lEt go/go of/@v the/d@ things/TInz that/dAt we/wi said/sEd",
    ],
}
WORDS[CHORUS_2] = WORDS[CHORUS_1]


def sung() -> list[tuple[int, str, list[Note], list[str]]]:
    """Every line: its bar, its text, its notes, and the written syllable of each note (a `-` joins it to the next)."""
    lines = []
    for first, words in WORDS.items():
        for i, line in enumerate(words):
            syllables = line.replace("-", "- ").split()
            if first in (VERSE_1, VERSE_2):
                tune = [(at, steps, note) for (at, steps), note in zip(FALL, VERSE_TUNES[i], strict=True)]
            else:
                tune = LAST_LINE if (first, i) == (CHORUS_2, 3) else CHORUS_TUNES[i]
            notes = [
                (START + (first + i) * BAR + at * STEP, steps * STEP, note, syllable.strip("-").split("/")[1])
                for (at, steps, note), syllable in zip(tune, syllables, strict=True)
            ]
            lines.append((first + i, line, notes, syllables))
    return lines


def lyrics() -> str:
    """The words as enhanced LRC: a stamp for each line and one for each word, in hundredths."""

    def stamp(seconds: float) -> str:
        return f"{int(seconds // 60):02d}:{seconds % 60:05.2f}"

    out = ["[ti:Rise, Little Lantern]", "[ar:mvr]", ""]
    for _, _, notes, syllables in sung():
        words, text = [], ""
        for (start, *_), syllable in zip(notes, syllables, strict=True):
            written = syllable.rstrip("-").split("/")[0]
            text = text or f"<{stamp(start)}>"
            text += written
            if not syllable.endswith("-"):
                words.append(text)
                text = ""
        last = notes[-1]
        out.append(f"[{stamp(notes[0][0])}]{' '.join(words)} <{stamp(last[0] + last[1])}>")
    return "\n".join(out) + "\n"
