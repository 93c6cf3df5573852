"""Words in the picture: lyrics as lines or karaoke, title, credits and lower thirds, set as ASS and drawn by libass.

Times are exact to the frame at any rate: ASS counts in hundredths of a second, so the picture passes libass on a clock
of its own, on which frame n is at n tenths of a second.

A step is plain data in a segment's chain: {"do": "words", "place": upper, middle or lower, "colours": {text, accent,
edge, dim}, "font": ..., "items": [{"kind": title, credits or lower, "text", "first", "end"}], and where lyrics are
shown "captions": lines, words or karaoke}; the lyrics' lines are in the document of the stage `captions`, given as
"captions". Frames count from the shot's first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mvr.media.fonts import Face, brought, han_of, named
from mvr.media.typeset import ASCENT, DESCENT, Block, Lettering, Token, fitted, tokens

Json = Any

TICK = 100  # milliseconds that a frame lasts on libass's clock
GUARD = "\u2060"  # word joiner: no width, and what follows a backslash is then no command

WEIGHTS = {"caption": 620, "title": 760, "credits": 520, "lower": 600}
SIZES = {"caption": 0.058, "title": 0.112, "credits": 0.044, "lower": 0.048}
"""The em of each kind, as a part of the picture's shorter side."""

ALONE = 1.7  # times the size of a caption at which single words are set
ROWS = {"caption": 2, "title": 3, "credits": 2, "lower": 2}
EASE = (0.14, 0.5)  # seconds in which lyrics come and go, and in which all else does
FAINT = 150  # of 255, how clear a line of the lyrics is in its first frame: it is there, and yet does not jump


@dataclass(frozen=True)
class Page:
    """The picture as a page: its size in pixels, and the margins that words keep from its edges.

    Sides keep 8 %. Above and below it is the 5 % of a safe title area (SMPTE ST 2046-1) and a little air; a tall
    picture keeps more, for there players lay their own signs over it.
    """

    width: int
    height: int

    @property
    def side(self) -> int:
        return round(self.width * 0.08)

    @property
    def top(self) -> int:
        return round(self.height * (0.12 if self.tall else 0.07))

    @property
    def bottom(self) -> int:
        return round(self.height * (0.2 if self.tall else 0.08))

    @property
    def tall(self) -> bool:
        return self.height > 1.3 * self.width

    @property
    def room(self) -> int:
        """The width of a row, its outline within."""
        return self.width - 2 * self.side

    def em(self, kind: str) -> float:
        """The size of a kind of words, in pixels: larger on a tall picture, which is seen small."""
        return SIZES[kind] * min(self.width, self.height) * (1.12 if self.tall else 1.0)


def escaped(text: str) -> str:
    """A text that libass prints as it is: braces begin no tags, backslashes no breaks."""
    return text.replace("\\", "\\" + GUARD).replace("{", "\\{").replace("}", "\\}").replace("\n", " ")


def colour(rgb: str) -> str:
    """`#rrggbb` as ASS writes it."""
    return f"&H{rgb[5:7]}{rgb[3:5]}{rgb[1:3]}&".upper()


@dataclass(frozen=True)
class Stretch:
    """Which frames of the shot are drawn, [first, end), and where the first of them stands in the span."""

    first: int
    end: int
    at: int

    def tick(self, frame: int) -> int:
        """Hundredths of a second of a shot's frame on libass's clock."""
        return (frame - self.first + self.at) * TICK // 10


def empty(step: Json, given: Mapping[str, Path]) -> bool:
    """Whether a step draws nothing at all in its shot."""
    return not step["items"] and not _lines(step, given)


def _lines(step: Json, given: Mapping[str, Path]) -> Sequence[Json]:
    if "captions" not in step or "captions" not in given:
        return ()
    lines: Sequence[Json] = json.loads(given["captions"].read_text("utf-8"))["lines"]
    return lines


class Sheet:
    """All that is written over one span, part by part, as an ASS document with its fonts."""

    def __init__(self, width: int, height: int, fps: float, folder: Path) -> None:
        self.page = Page(width, height)
        self.folder = folder
        self.ease = [max(1, round(seconds * fps)) for seconds in EASE]
        self.events: list[str] = []
        self.letterings: dict[tuple[str, str, int], Lettering] = {}

    def add(self, step: Json, given: Mapping[str, Path], stretch: Stretch) -> None:
        """Writes what a step draws in a stretch of its shot."""
        lines = _lines(step, given)
        if lines:
            han = json.loads(given["captions"].read_text("utf-8"))["han"]
            lettering = self._lettering(step, given, han, "caption")
            for line in lines:
                self._line(lettering, step, line, stretch)
        for item in step["items"]:
            lettering = self._lettering(step, given, han_of([item["text"]]), item["kind"])
            if item["kind"] == "lower":
                self._lower(lettering, step, item, stretch)
            else:
                self._notice(lettering, step, item, stretch)

    def _lettering(self, step: Json, given: Mapping[str, Path], han: str, kind: str) -> Lettering:
        key = (json.dumps(step.get("font", {}), sort_keys=True), han, WEIGHTS[kind])
        if key not in self.letterings:
            self.letterings[key] = Lettering(faces(step, given, han), WEIGHTS[kind])
        return self.letterings[key]

    def _family(self, lettering: Lettering, font: int) -> str:
        return f"mvr{list(self.letterings.values()).index(lettering)}x{font}"

    # what is written

    def _line(self, lettering: Lettering, step: Json, line: Json, stretch: Stretch) -> None:
        """A line of the lyrics, for as long as it stands in the stretch."""
        rows = line["rows"]
        words = [word for row in rows for word in row]
        if step["captions"] == "words":
            for word, after in zip(words, [*words[1:], None], strict=True):
                end = min(max(word["end"], after["start"]), line["until"]) if after else line["until"]
                self._alone(lettering, step, word["text"], (word["start"], max(end, word["start"] + 1)), stretch)
            return
        count = iter(range(len(words)))
        made: list[list[Token]] = []
        for row in rows:
            made.append([])
            for word in row:
                number = next(count)
                pieces = tokens(word["text"], number)
                if not word.get("space", True):
                    pieces[-1] = Token(pieces[-1].text, False, number)
                made[-1] += pieces
        page = self.page
        most = ROWS["caption"] if len(rows) == 1 else 1
        block = fitted(lettering, made, page.em("caption"), self._box("caption"), rows=most)
        spans = words if step["captions"] == "karaoke" else None
        self._write(lettering, step, block, step["place"], (line["from"], line["until"]), stretch, spans)

    def _alone(self, lettering: Lettering, step: Json, text: str, span: tuple[int, int], stretch: Stretch) -> None:
        """One word, large."""
        em = self.page.em("caption") * ALONE
        block = fitted(lettering, [tokens(text)], em, self._box("caption"), rows=1)
        self._write(lettering, step, block, step["place"], span, stretch)

    def _notice(self, lettering: Lettering, step: Json, item: Json, stretch: Stretch) -> None:
        """The title or the credits, in the middle; above it where the captions stand there."""
        kind, page = item["kind"], self.page
        em = page.em(kind)
        lines = [tokens(line) for line in item["text"].split("\n") if line.strip()]
        block = fitted(lettering, lines, em, self._box(kind), rows=ROWS[kind])
        place = "upper" if step["place"] == "middle" else "middle"
        self._write(lettering, step, block, place, (item["first"], item["end"]), stretch, gently=True)

    def _lower(self, lettering: Lettering, step: Json, item: Json, stretch: Stretch) -> None:
        """A lower third: from the left, with a bar of the accent's colour before it."""
        page = self.page
        em = page.em("lower")
        bar, gap = max(2, round(em * 0.12)), round(em * 0.5)
        lines = [tokens(line) for line in item["text"].split("\n") if line.strip()]
        wide, high = self._box("lower")
        block = fitted(lettering, lines, em, (wide - bar - gap, high), rows=ROWS["lower"])
        left = page.side + bar + gap
        span = (item["first"], item["end"])
        self._write(lettering, step, block, "lower third", span, stretch, left=left, gently=True)
        tall = round(block.height)
        top = page.height - page.bottom - tall
        drawing = f"m 0 0 l {bar} 0 {bar} {tall} 0 {tall}"
        shape = rf"{{\an7\pos({page.side},{top})\bord0\shad0\1c{colour(step['colours']['accent'])}"
        self._event(2, span, stretch, lambda fade: rf"{shape}{fade}\p1}}{drawing}{{\p0}}", gently=True)

    def _write(
        self,
        lettering: Lettering,
        step: Json,
        block: Block,
        place: str,
        span: tuple[int, int],
        stretch: Stretch,
        words: Sequence[Json] | None = None,
        left: int = 0,
        gently: bool = False,
    ) -> None:
        """Rows of words with a soft shadow under them."""
        colours, size = step["colours"], block.em * (ASCENT + DESCENT)
        anchor = {"upper": 8, "middle": 5, "lower": 2, "lower third": 1}[place]
        page = self.page
        x = left or page.width // 2
        y = {8: page.top, 5: page.height // 2}.get(anchor, page.height - page.bottom)
        edge = self._edge(block.em)
        head = rf"\an{anchor}\pos({x},{y})\fs{size:.2f}"
        shade = rf"{head}\1a&HFF&\3c{colour(colours['edge'])}\3a&H68&\bord{edge * 2.4:.2f}\blur{edge * 2.2:.2f}\shad0"
        front = rf"{head}\1c{colour(colours['text'])}\3c{colour(colours['edge'])}\bord{edge:.2f}\blur{edge * 0.35:.2f}"

        def text(begin: int, timed: bool) -> str:
            rows = []
            for row in block.rows:
                last = row[-1]
                rows.append(
                    "".join(
                        (self._word(words, token, colours, begin) if timed and words else "")
                        + self._runs(lettering, token.text + (" " if token.space and token is not last else ""))
                        for token in row
                    )
                )
            return r"\N".join(rows)

        begin = max(span[0], stretch.first)
        self._event(0, span, stretch, lambda fade: f"{{{shade}{fade}}}{text(begin, False)}", gently=gently)
        self._event(1, span, stretch, lambda fade: f"{{{front}\\shad0{fade}}}{text(begin, True)}", gently=gently)

    def _box(self, kind: str) -> tuple[float, float]:
        """The width and height in pixels that words may fill, their outline within."""
        page = self.page
        return page.room - 2 * self._edge(page.em(kind)), page.height - page.top - page.bottom

    def _edge(self, em: float) -> float:
        """How thick the outline is, in pixels: large letters need less of it."""
        return max(1.0, min(em * 0.05, 0.0032 * min(self.page.width, self.page.height)))

    def _runs(self, lettering: Lettering, text: str) -> str:
        return "".join(
            rf"{{\fn{self._family(lettering, run.font)}\b{int(lettering.heavy(run.font))}}}{escaped(run.text)}"
            for run in lettering.runs(text)
        )

    def _word(self, words: Sequence[Json], token: Token, colours: Json, begin: int) -> str:
        """The colours of a sung word: dim before it, the accent while it is sung, plain after it."""
        word = words[token.word]
        first, end = (word["start"] - begin) * TICK, (word["end"] - begin) * TICK
        dim, now, past = (colour(colours[name]) for name in ("dim", "accent", "text"))
        if end <= 0:
            return rf"{{\1c{past}}}"
        after = rf"\t({end - TICK},{end + 2 * TICK},\1c{past})"
        if first <= 0:
            return rf"{{\1c{now}{after}}}"
        return rf"{{\1c{dim}\t({first - TICK},{first},\1c{now}){after}}}"

    def _event(
        self, layer: int, span: tuple[int, int], stretch: Stretch, text: Callable[[str], str], *, gently: bool
    ) -> None:
        """One event of the document, cut to the stretch; how it comes and goes is reckoned from the whole span. gently:
        out of nothing; else it is seen from its first frame on."""
        first, end = max(span[0], stretch.first), min(span[1], stretch.end)
        if first >= end:
            return
        ease, faint = self.ease[gently], 255 if gently else FAINT
        ease = min(ease, max(1, (span[1] - span[0]) // 3))
        come, go = (span[0] - gently - first) * TICK, (span[1] - first) * TICK
        fade = rf"\fade({faint},0,{faint},{come},{come + ease * TICK},{go - ease * TICK},{go})"
        start, stop = (_clock(stretch.tick(frame)) for frame in (first, end))
        self.events.append(f"Dialogue: {layer},{start},{stop},W,,0,0,0,,{text(fade)}")

    def write(self) -> tuple[Path, Path] | None:
        """Writes the document and a folder with its fonts; None where nothing is to be drawn."""
        if not self.events:
            return None
        fonts = self.folder / "fonts"
        fonts.mkdir(exist_ok=True)
        for number, lettering in enumerate(self.letterings.values()):
            lettering.write(fonts, f"mvr{number}x")
        path = self.folder / "words.ass"
        head = HEAD.format(width=self.page.width, height=self.page.height)
        path.write_text(head + "\n".join(sorted(self.events)) + "\n", "utf-8")
        return path, fonts


HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: None

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: W,mvr0x0,40,&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,2,0,2,0,0,0,-1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def _clock(hundredths: int) -> str:
    seconds, rest = divmod(hundredths, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:02d}"


def faces(step: Json, given: Mapping[str, Path], han: str) -> list[Face]:
    """The fonts of a step: the user's own first. Raises StageError for one that is not what the step's recipe says."""
    return list(_faces(step.get("font"), given, han))


def _faces(font: Json | None, given: Mapping[str, Path], han: str) -> Iterator[Face]:
    from mvr.errors import StageError

    if font and "file" in font:
        yield Face(given["font"])
    elif font:
        found = named(font["name"])
        if found is None or found.digest != font["digest"]:
            raise StageError(
                f"this machine has {'no' if found is None else 'another'} font {font['name']}",
                "install the same font here, or name a font file in the project's folder at words.font",
            )
        yield found
    yield from brought(han)
