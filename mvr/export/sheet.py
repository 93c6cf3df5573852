"""A contact sheet: one picture a shot, with its id, when it is on screen, and its section, on pages of PNG."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from mvr.engine import disk
from mvr.errors import MvrError, ProjectError
from mvr.export import Exported
from mvr.export.cutlist import CutList, Spot
from mvr.timeline import clock, rate_text, seconds_of

Json = Any

PAGE = 60  # shots on a page: more would be more pixels than viewers open
WIDTH = 1600  # pixels of a page
MARGIN, GAP = 48, 20
INK, PAPER, FAINT = "#f2efe9", "#15161a", "#8d9099"
SECTIONS = {
    "intro": "#7d8597", "verse": "#4f8fd9", "pre-chorus": "#8a6fd1", "chorus": "#e0a13a", "bridge": "#4fb38a",
    "break": "#a0626f", "solo": "#d16f9d", "outro": "#7d8597", "part": "#8d9099",
}  # fmt: skip
"""The colour of each role's bar: chorus and verse are to be told apart at a glance."""


def write(cut: CutList, path: Path) -> Exported:
    """Writes `sheet.png`, and `sheet-2.png` and so on where there are more shots than a page holds."""
    pages = [cut.spots[start : start + PAGE] for start in range(0, len(cut.spots), PAGE)]
    files = []
    for number, spots in enumerate(pages, 1):
        file = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        disk.write(file, _png(_page(cut, spots, f"{number} of {len(pages)}" if len(pages) > 1 else "")))
        files.append(file)
    lacking = sum(spot.media is None and spot.still is None for spot in cut.spots)
    notes = (f"{lacking} shots have no picture yet: `mvr render --until stills`",) if lacking else ()
    return Exported(path, tuple(files), notes)


def poster(cut: CutList, film: Path, path: Path, at: float | None) -> Exported:
    """Writes one frame of the film as a JPEG of its size: at a moment in seconds, or in the middle of the shot with the
    most energy. Raises ProjectError where there is no film yet, or no such moment in it."""
    from mvr.media.glance import glance

    if not film.exists():
        raise ProjectError("there is no film yet", "`mvr render` makes it")
    loudest = max(cut.spots, key=lambda spot: spot.row["energy"])
    frame = (loudest.first + loudest.end) // 2 if at is None else int(at * cut.fps)
    if not 0 <= frame < cut.frames:
        end = clock(round(seconds_of(cut.frames, cut.fps), 1))
        raise ProjectError(f"{clock(at or 0.0)} is not in the film", f"the film ends at {end}")
    disk.write(path, glance(film, frame, cut.size[0], quality=95))
    return Exported(path, (path,), ())


def columns(size: tuple[int, int]) -> int:
    """How many pictures of that shape stand in a row."""
    return 8 if size[0] < size[1] else 6 if size[0] < 1.3 * size[1] else 5


def _page(cut: CutList, spots: Sequence[Spot], number: str) -> str:
    wide = columns(cut.size)
    width = (WIDTH - 2 * MARGIN - (wide - 1) * GAP) / wide
    height = width * cut.size[1] / cut.size[0]
    row, top = height + 72, 128
    whole = round(top + ceil(len(spots) / wide) * row + MARGIN / 2)
    seconds = seconds_of(cut.frames, cut.fps)
    facts = [
        f"{len(cut.spots)} shots", clock(round(seconds, 1)), f"{cut.size[0]} × {cut.size[1]}",
        f"{rate_text(cut.fps)} fps", *([number] if number else []),
    ]  # fmt: skip
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{whole}" font-family="Inter">',
        f'<rect width="{WIDTH}" height="{whole}" fill="{PAPER}"/>',
        _text(MARGIN, 68, cut.title, 34, INK, 700),
        _text(MARGIN, 98, "   ·   ".join(facts), 16, FAINT),
    ]
    for index, spot in enumerate(spots):
        x, y = MARGIN + index % wide * (width + GAP), top + index // wide * row
        out.append(_card(cut, spot, (x, y, width, height)))
    return "".join([*out, "</svg>"])


def _card(cut: CutList, spot: Spot, box: tuple[float, float, float, float]) -> str:
    x, y, width, height = box
    role = spot.row["section"].rpartition("-")[0] or spot.row["section"]
    colour = SECTIONS.get(role, SECTIONS["part"])
    picture = _picture(spot, round(width * 1.5))
    shown = (
        f'<image x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" preserveAspectRatio="xMidYMid slice"'
        f' href="data:image/jpeg;base64,{base64.b64encode(picture).decode()}"/>'
        if picture
        else f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="#24262c"/>'
        + _text(x + width / 2, y + height / 2, "not made", 15, FAINT, middle=True)
    )
    start, end = (clock(round(seconds_of(frame, cut.fps), 1)) for frame in (spot.first, spot.end))
    return "".join(
        [
            shown,
            f'<rect x="{x:.1f}" y="{y + height:.1f}" width="{width:.1f}" height="4" fill="{colour}"/>',
            _text(x, y + height + 26, spot.id, 16, INK, 600),
            _text(x, y + height + 46, f"{start} – {end}", 14, FAINT),
        ]
    )


def _text(x: float, y: float, text: str, size: int, fill: str, weight: int = 400, *, middle: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{fill}"{anchor}>'
        f"{escape(_printable(text))}</text>"
    )


def _printable(text: str) -> str:
    """A text without what XML cannot hold."""
    return "".join(char if char.isprintable() else " " for char in text)


def _picture(spot: Spot, width: int) -> bytes | None:
    """A JPEG of the shot's middle frame, or of its still; None where neither stands."""
    from mvr.media.glance import glance

    source = spot.media or spot.still
    middle = max(0, spot.frames // 2 - spot.held[0])
    return glance(source, middle if spot.media else 0, width) if source else None


def _png(svg: str) -> bytes:
    import resvg_py

    from mvr.media.fonts import BUNDLED

    files = [str(font.path) for font in BUNDLED if font.path]
    try:
        return bytes(
            resvg_py.svg_to_bytes(svg_string=svg, font_files=files, skip_system_fonts=True, sans_serif_family="Inter")
        )
    except ValueError as error:
        raise MvrError("the contact sheet cannot be drawn", str(error)) from error
