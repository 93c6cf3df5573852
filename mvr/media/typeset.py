"""Lines of words on a page: which font each run of characters is in, how wide it is, where a line breaks.

Widths are HarfBuzz's, which libass draws by too, so that what is measured here is what is seen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from mvr.media.fonts import MISSING, Face, is_drawn

ASCENT, DESCENT = 0.97, 0.28
"""Parts of the em above and below the baseline that a row takes, in every font: rows of mixed scripts stand even."""

LEAST = 0.6  # of the size wished for, above which no word is broken
SMALLEST = 3.0  # pixels of an em, below which nothing can be read anyway

NOT_FIRST = frozenset("、。，．！？：；」』）】〉》〕ー々〜…‥・ゝゞヽヾぁぃぅぇぉっゃゅょァィゥェォッャュョ”’)]}!?,.;:")
NOT_LAST = frozenset("「『（【〈《〔“‘([{")
"""Characters that no row begins or ends with, where rows break between ideographs (JIS X 4051, the plain cases)."""


@dataclass(frozen=True)
class Run:
    """Characters in one font, the fonts counted from 0 in the order that Lettering has them."""

    text: str
    font: int


@dataclass
class Lettering:
    """The fonts of one page, at one weight. Widths are in ems."""

    faces: Sequence[Face]
    weight: int = 600
    _fonts: dict[int, Any] = field(default_factory=dict)
    _used: dict[int, set[str]] = field(default_factory=dict)

    def runs(self, text: str) -> list[Run]:
        """The text in runs of one font: the first that has a character. Signs and marks stay with their neighbour.

        A character that no font has becomes MISSING.
        """
        found: list[list[Any]] = []
        for given in text:
            char = given
            font = self._font(char, found[-1][1] if found else None)
            if font is None:
                char, font = MISSING, self._font(MISSING, None) or 0
            if found and found[-1][1] == font:
                found[-1][0] += char
            else:
                found.append([char, font])
        for part, font in found:
            self._used.setdefault(font, set()).update(part)
        return [Run(part, font) for part, font in found]

    def _font(self, char: str, before: int | None) -> int | None:
        if not is_drawn(char):
            return before or 0
        neutral = unicodedata.category(char)[0] in "PSMZ"
        if neutral and before is not None and self.faces[before].has(char):
            return before
        return next((index for index, face in enumerate(self.faces) if face.has(char)), None)

    def width(self, text: str) -> float:
        """How wide a text is, set on one row."""
        return sum(self._run_width(run) for run in self.runs(text))

    def _run_width(self, run: Run) -> float:
        import uharfbuzz as hb

        if run.font not in self._fonts:
            font = hb.Font(self.faces[run.font].hb)
            if axes := self._axes(run.font):
                font.set_variations(axes)
            self._fonts[run.font] = font
        buffer = hb.Buffer()
        buffer.add_str(run.text)
        buffer.guess_segment_properties()
        hb.shape(self._fonts[run.font], buffer, {"kern": True, "liga": True})
        upem: int = self.faces[run.font].hb.upem
        return float(sum(place.x_advance for place in buffer.glyph_positions)) / upem

    def _axes(self, font: int) -> dict[str, float]:
        """Where a variable font's axes stand: at the weight, drawn for display, otherwise as its makers have it."""
        found = {}
        for axis in self.faces[font].hb.axis_infos:
            wanted = {"wght": float(self.weight), "opsz": axis.max_value}.get(axis.tag, axis.default_value)
            found[axis.tag] = min(max(wanted, axis.min_value), axis.max_value)
        return found

    def heavy(self, font: int) -> bool:
        """Whether a font is too light, and has no weight to be set, so that it is to be thickened."""
        import uharfbuzz as hb

        if self.weight <= 500 or "wght" in self._axes(font):
            return False
        return bool(hb.Font(self.faces[font].hb).get_style_value(hb.StyleTag.WEIGHT) <= 500)

    def write(self, folder: Path, prefix: str) -> None:
        """Writes the fonts that were used, with what was used of them, as PREFIX0.ttf, PREFIX1.ttf, ... in families of
        that name: libass finds exactly these, whatever fonts the machine has."""
        for font, chars in sorted(self._used.items()):
            _subset(self.faces[font], chars | {" ", MISSING}, self._axes(font), f"{prefix}{font}", folder)


def _subset(face: Face, chars: Iterable[str], axes: dict[str, float], family: str, folder: Path) -> None:
    import io

    import uharfbuzz as hb
    from fontTools.ttLib import TTFont

    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).update({ord(char) for char in chars})
    for tag, value in axes.items():
        wanted.pin_axis_location(face.hb, tag, value)
    font: Any = TTFont(io.BytesIO(hb.subset(face.hb, wanted).blob.data))
    names = font["name"]
    names.names = []
    for number, text in ((1, family), (2, "Regular"), (4, family), (6, family)):
        names.setName(text, number, 3, 1, 0x409)
    ascent, descent = round(ASCENT * font["head"].unitsPerEm), round(DESCENT * font["head"].unitsPerEm)
    hhea, os2 = font["hhea"], font["OS/2"]
    hhea.ascent, hhea.descent, hhea.lineGap = ascent, -descent, 0
    os2.usWinAscent, os2.usWinDescent = ascent, descent
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ascent, -descent, 0
    os2.usWeightClass, os2.fsSelection, font["head"].macStyle = 400, 0x40, 0
    font.save(folder / f"{family}.ttf")


@dataclass(frozen=True)
class Token:
    """What a row is not broken within. space: one follows where the row goes on. word: which word of the line it is of,
    -1 for none."""

    text: str
    space: bool = True
    word: int = -1


def tokens(text: str, word: int = -1) -> list[Token]:
    """A text in pieces between which a row may break: at spaces, and between ideographs."""
    found: list[Token] = []
    for part in text.split():
        pieces = [part[0]]
        for before, char in pairwise(part):
            if _breaks(before, char):
                pieces.append(char)
            else:
                pieces[-1] += char
        found += [Token(piece, False, word) for piece in pieces[:-1]]
        found.append(Token(pieces[-1], True, word))
    return found


def _breaks(before: str, char: str) -> bool:
    wide = _ideographic(before) or _ideographic(char)
    return wide and char not in NOT_FIRST and before not in NOT_LAST and not unicodedata.combining(char)


def _ideographic(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" and not "\uac00" <= char <= "\ud7a3"


@dataclass(frozen=True)
class Block:
    """Rows of tokens, at an em of so many pixels."""

    rows: tuple[tuple[Token, ...], ...]
    em: float

    @property
    def height(self) -> float:
        return len(self.rows) * self.em * (ASCENT + DESCENT)


def fitted(
    lettering: Lettering, lines: Sequence[Sequence[Token]], em: float, box: tuple[float, float], *, rows: int
) -> Block:
    """Lines broken into rows that fit into a box of width and height in pixels, as even as they can be.

    em is the size wished for, in pixels. Each line is given up to `rows` rows; where that is not enough the em is made
    smaller and rows are added by turns; at 0.6 of it words are broken; where the rows are too high even then, it is
    made as small as it takes: nothing spills.
    """
    width, height = box
    for share, more in ((1.0, 0), (0.9, 0), (0.9, 1), (0.8, 1), (0.8, 2), (0.7, 2), (LEAST, 3)):
        broken = [broken_evenly(lettering, line, width / em / share, rows + more) for line in lines]
        if all(row is not None for row in broken):
            block = Block(tuple(row for line in broken for row in line or ()), em * share)
            if block.height <= height:
                return block
    share = LEAST
    while True:
        forced = [_forced(lettering, line, width / em / share) for line in lines]
        block = Block(tuple(row for line in forced for row in line), em * share)
        if block.height <= height or block.em < SMALLEST:
            return block
        share *= 0.88


def broken_evenly(
    lettering: Lettering, line: Sequence[Token], room: float, most: int
) -> list[tuple[Token, ...]] | None:
    """A line in as few rows as it fits into, the widest of them as narrow as it can be; None where `most` are too few.

    room: the width of a row, in ems.
    """
    widths = [lettering.width(token.text) for token in line]
    spaces = [lettering.width(" ") if token.space else 0.0 for token in line]
    sums = [0.0]
    for width, space in zip(widths, spaces, strict=True):
        sums.append(sums[-1] + width + space)

    def wide(first: int, end: int) -> float:
        return sums[end] - sums[first] - spaces[end - 1]

    count = len(line)
    # best[end]: the narrowest widest row of the first `end` tokens in so many rows, and where its last row begins.
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * count
    steps: list[list[tuple[float, int]]] = []
    for _ in range(most):
        best = [(float("inf"), 0)] + [
            min((max(best[first][0], wide(first, end)), first) for first in range(end)) for end in range(1, count + 1)
        ]
        steps.append(best)
        if best[count][0] <= room:
            break
    else:
        return None
    edges = [count]
    for table in reversed(steps):
        edges.append(table[edges[-1]][1])
    edges.reverse()
    return [tuple(line[first:end]) for first, end in pairwise(edges)]


def _forced(lettering: Lettering, line: Sequence[Token], room: float) -> list[tuple[Token, ...]]:
    """A line in as many rows as it takes, words that are wider than a row broken."""
    rows: list[tuple[Token, ...]] = []
    row: list[Token] = []
    used = 0.0
    space = lettering.width(" ")
    for token in _narrow(lettering, line, room):
        width = lettering.width(token.text)
        if row and used + width > room:
            rows.append(tuple(row))
            row, used = [], 0.0
        row.append(token)
        used += width + (space if token.space else 0.0)
    return [*rows, tuple(row)]


def _narrow(lettering: Lettering, line: Sequence[Token], room: float) -> Iterable[Token]:
    for token in line:
        text = token.text
        while len(text) > 1 and lettering.width(text) > room:
            at = max(1, int(len(text) * room / lettering.width(text)))
            while at > 1 and lettering.width(text[:at]) > room:
                at -= 1
            yield Token(text[:at], False, token.word)
            text = text[at:]
        yield Token(text, token.space, token.word)
