"""A song as a picture: its sections by colour, waveform, beats, bars, energy, and where the film would be cut.

Drawn twice as large and halved, so that lines are smooth; with OpenCV's own letters, so that no font is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from mvr.errors import StageError
from mvr.model import Json

WIDTH, HEIGHT = 1600, 640  # pixels
TWICE = 2
LEFT, RIGHT = 40, 1560  # where the song begins and ends
SECTIONS, WAVE, TICKS, ENERGY, AXIS = (84, 116), (132, 372), (384, 424), (444, 556), 574  # rows, top to bottom
GROUND, PALE, FAINT, CUT = "#12141c", "#e8eaf2", "#6b7289", "#fff3c4"
COLOURS = ("#5b8def", "#f2895c", "#58c4a3", "#d77bd3", "#e5c453", "#7f8cff", "#ef6a7c", "#66c2e0", "#a9c45b", "#b798f0")
"""A colour for each label, A first; past the last one they begin again."""
MEANING = (("a cut at the default length", CUT), ("a bar", PALE), ("a beat", FAINT))


def draw(document: Json, peaks: Any, path: Path, title: str) -> None:
    """Writes the picture of a song as a PNG. peaks is float (2, n), the lowest and highest samples of n spans.

    Raises StageError where the file cannot be written.
    """
    import cv2

    sheet = _Sheet(float(document["duration"]))
    _head(sheet, document, title)
    _sections(sheet, document)
    _wave(sheet, document, peaks)
    _ticks(sheet, document)
    _energy(sheet, document)
    _cuts(sheet, document)
    _axis(sheet)
    small = cv2.resize(sheet.picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    done, png = cv2.imencode(".png", small)
    try:
        if not done:
            raise StageError(f"the picture of {title or 'the song'} cannot be drawn", "call without --plot")
        path.write_bytes(png.tobytes())
    except OSError as error:
        raise StageError(
            f"{path} cannot be written: {error.strerror}", "name a file in a folder that is there"
        ) from error


class _Sheet:
    """The picture being drawn, in pixels of the finished one; x is told in seconds of the song."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(seconds, 1e-3)
        self.picture = np.empty((HEIGHT * TWICE, WIDTH * TWICE, 3), np.uint8)
        self.picture[:] = _bgr(GROUND)

    def x(self, seconds: float) -> float:
        return LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, seconds / self.seconds))

    def box(self, left: float, top: float, right: float, bottom: float, colour: Any) -> None:
        import cv2

        corners = [round(value * TWICE) for value in (left, top, right - 0.5, bottom - 0.5)]
        cv2.rectangle(self.picture, (corners[0], corners[1]), (max(corners[0], corners[2]), corners[3]), colour, -1)

    def area(self, points: np.ndarray, colour: Any, shade: float) -> None:
        """A filled outline (n, 2), of which shade (0 to 1) covers what is below."""
        import cv2

        low = np.floor(points.min(axis=0) * TWICE).astype(int)
        high = np.ceil(points.max(axis=0) * TWICE).astype(int) + 1
        part = self.picture[low[1] : high[1], low[0] : high[0]]
        over = part.copy()
        cv2.fillPoly(over, [np.round(points * TWICE - low).astype(np.int32)], colour, cv2.LINE_AA)
        part[:] = cv2.addWeighted(over, shade, part, 1 - shade, 0)

    def line(self, points: np.ndarray, colour: Any, thick: float = 1.0) -> None:
        import cv2

        path = [np.round(points * TWICE).astype(np.int32)]
        cv2.polylines(self.picture, path, False, colour, max(1, round(thick * TWICE)), cv2.LINE_AA)

    def text(self, words: str, x: float, y: float, size: float, colour: Any, *, within: float = 1e9) -> float:
        """Words from x on, their foot at y, size pixels high; left out where wider than within. Gives their width."""
        import cv2

        face = cv2.FONT_HERSHEY_DUPLEX
        scale = size * TWICE / 22
        wide = cv2.getTextSize(words, face, scale, TWICE)[0][0] / TWICE
        if wide <= within:
            at = (round(x * TWICE), round(y * TWICE))
            cv2.putText(self.picture, words, at, face, scale, colour, TWICE, cv2.LINE_AA)
        return float(wide)


def _bgr(colour: str, light: float = 1.0) -> tuple[int, int, int]:
    """`#rrggbb` as OpenCV has it, dimmed by light (0 to 1) towards the ground."""
    parts = [int(colour[at : at + 2], 16) for at in (5, 3, 1)]
    ground = [int(GROUND[at : at + 2], 16) for at in (5, 3, 1)]
    mixed = [round(light * part + (1 - light) * low) for part, low in zip(parts, ground, strict=True)]
    return (mixed[0], mixed[1], mixed[2])


def _label(section: Json) -> str:
    """A section's colour."""
    number = 0
    for letter in section["label"]:
        number = number * 26 + ord(letter) - 64
    return COLOURS[(number - 1) % len(COLOURS)]


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _head(sheet: _Sheet, document: Json, title: str) -> None:
    said = "no beat heard: cuts follow loudness and length"
    if document["heard"]:
        bars = len(document["downbeats"])
        said = f"{document['tempo']:g} beats a minute   {document['meter']}   {bars} bars   {_clock(sheet.seconds)}"
    title = title.encode("ascii", "replace").decode()[:60]  # Hershey letters are ASCII's
    wide = sheet.text(title, LEFT, 46, 20, _bgr(PALE)) if title else -20.0
    sheet.text(said, LEFT + wide + 20, 46, 13, _bgr(FAINT))
    x = float(RIGHT)
    for words, colour in MEANING:
        x -= sheet.text(words, 0, 0, 10, _bgr(FAINT), within=0)
        sheet.text(words, x, 45, 10, _bgr(FAINT))
        sheet.box(x - 14, 34, x - 11, 47, _bgr(colour))
        x -= 34


def _sections(sheet: _Sheet, document: Json) -> None:
    top, bottom = SECTIONS
    for section in document["sections"]:
        left, right = sheet.x(section["start"]), sheet.x(section["end"])
        sheet.box(left + 1, top, right - 1, bottom, _bgr(_label(section), 0.9))
        sheet.box(left + 1, WAVE[0], right - 1, WAVE[1], _bgr(_label(section), 0.10))
        sheet.box(left + 1, ENERGY[0], right - 1, ENERGY[1], _bgr(_label(section), 0.06))
        name = f"{section['name']}  {section['label']}"
        for words in (name, section["name"], section["role"], section["label"]):
            if sheet.text(words, 0, 0, 11, _bgr(GROUND), within=0) <= right - left - 12:
                sheet.text(words, left + 8, bottom - 11, 11, _bgr(GROUND))
                break


def _wave(sheet: _Sheet, document: Json, peaks: Any) -> None:
    peaks = np.asarray(peaks, float)
    middle, half = (WAVE[0] + WAVE[1]) / 2, (WAVE[1] - WAVE[0]) / 2 - 4
    loudest = max(float(np.abs(peaks).max()), 1e-3)
    times = (np.arange(peaks.shape[1]) + 0.5) / peaks.shape[1] * sheet.seconds
    xs = np.array([sheet.x(time) for time in times])
    for section in document["sections"]:
        inside = np.flatnonzero((times >= section["start"]) & (times < section["end"]))
        if len(inside) < 2:
            continue
        for share, light in ((1.0, 0.62), (0.55, 1.0)):  # a bright heart in a dimmer body
            tops = middle - share * half * np.maximum(peaks[1, inside] / loudest, 0.004)
            feet = middle - share * half * np.minimum(peaks[0, inside] / loudest, -0.004)
            outline = np.concatenate([np.stack([xs[inside], tops], 1), np.stack([xs[inside], feet], 1)[::-1]])
            sheet.area(outline, _bgr(_label(section), light), 1.0)


def _ticks(sheet: _Sheet, document: Json) -> None:
    top, bottom = TICKS
    apart = (RIGHT - LEFT) / max(1, len(document["beats"]))
    if apart >= 2.2:  # closer together they would be a grey field
        for beat in document["beats"]:
            x = sheet.x(beat)
            sheet.box(x - 0.5, top + 14, x + 0.5, top + 22, _bgr(FAINT, 0.8))
    bars = document["downbeats"]
    every = next((step for step in (1, 2, 4, 8, 16, 32, 64, 128) if len(bars) / step * 26 < RIGHT - LEFT), 256)
    for number, bar in enumerate(bars):
        x = sheet.x(bar)
        named = number % every == 0
        if named or len(bars) < (RIGHT - LEFT) / 2.2:
            sheet.box(x - 0.5, top + (2 if named else 8), x + 0.5, top + 22, _bgr(PALE, 1.0 if named else 0.7))
        if named:
            sheet.text(str(number + 1), x - 3, bottom, 9, _bgr(FAINT))


def _energy(sheet: _Sheet, document: Json) -> None:
    top, bottom = ENERGY
    values, rate = np.array(document["energy"]["values"]), document["energy"]["rate"]
    times = np.append((np.arange(len(values)) + 0.5) / rate, sheet.seconds)
    ys = bottom - (bottom - top - 4) * np.append(values, values[-1])
    curve = np.stack([[sheet.x(time) for time in times], ys], 1)
    curve = np.vstack([[[LEFT, curve[0, 1]]], curve])
    sheet.area(np.vstack([curve, [[RIGHT, bottom], [LEFT, bottom]]]), _bgr(PALE), 0.16)
    sheet.line(curve, _bgr(PALE), 1.2)
    sheet.text("energy", LEFT + 6, top + 14, 9, _bgr(FAINT))


def _cuts(sheet: _Sheet, document: Json) -> None:
    for cue in document["cuePoints"]:
        x = sheet.x(cue)
        stem = np.array([[x - 0.6, WAVE[0]], [x + 0.6, WAVE[0]], [x + 0.6, WAVE[1]], [x - 0.6, WAVE[1]]])
        sheet.area(stem, _bgr(CUT), 0.5)
        tip = np.array([[x - 4, WAVE[0] - 9], [x + 4, WAVE[0] - 9], [x, WAVE[0] - 1]])
        sheet.area(tip, _bgr(CUT), 1.0)


def _axis(sheet: _Sheet) -> None:
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800)
    step = next((step for step in steps if sheet.seconds / step <= 16), 3600)
    sheet.box(LEFT, AXIS, RIGHT, AXIS + 1, _bgr(FAINT, 0.5))
    for time in range(0, int(sheet.seconds) + 1, step):
        x = sheet.x(time)
        sheet.box(x - 0.5, AXIS, x + 0.5, AXIS + 6, _bgr(FAINT))
        sheet.text(_clock(time), x - 10, AXIS + 24, 11, _bgr(FAINT))
