"""Words in the picture: as they are written, where and when they belong, in any script, inside the margins."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mvr.media import fonts
from mvr.media.captions import Page
from mvr.media.finish import Part, encode_source
from mvr.media.source import Canvas, Source
from mvr.media.typeset import Lettering, Token, fitted, tokens
from tests.desk import digest

COLOURS = {"text": "#ffffff", "accent": "#ff0000", "edge": "#000000", "dim": "#7f7f7f"}
BACK = 60


def step(**more: Any) -> dict[str, Any]:
    return {"do": "words", "place": "lower", "colours": COLOURS, "items": [], **more}


def line(*words: str, first: int = 0, until: int = 1000, each: int = 4) -> dict[str, Any]:
    """A line of words of so many frames each."""
    row = [
        {"text": word, "start": first + index * each, "end": first + (index + 1) * each, "space": True}
        for index, word in enumerate(words)
    ]
    return {"from": first, "until": until, "estimated": False, "rows": [row]}


def shown(
    folder: Path,
    steps: Sequence[Any],
    lines: Sequence[Any] = (),
    *,
    size: tuple[int, int] = (320, 180),
    frames: int = 1,
    fps: Fraction = Fraction(24),
    first: int = 0,
    files: Mapping[str, Path] | None = None,
) -> list[NDArray[np.uint8]]:
    """The frames of a segment over plain grey, RGB (height, width, 3)."""
    folder.mkdir(parents=True, exist_ok=True)
    still = folder / "grey.png"
    cv2.imwrite(str(still), np.full((size[1], size[0], 3), BACK, np.uint8))
    document = folder / "captions.json"
    document.write_text(json.dumps({"han": fonts.han_of(w["text"] for x in lines for r in x["rows"] for w in r),
                                    "lines": list(lines)}))  # fmt: skip
    out = folder / "out.mp4"
    given = {"captions": document, **(files or {})}
    encode_source(Source(still, hold=True), out, Canvas(*size, fps), Part(frames, steps, first, given), folder=folder)
    with av.open(str(out)) as container:
        frames_shown = container.decode(video=0)
        return [np.asarray(one.to_ndarray(format="rgb24", src_colorspace="ITU709"), np.uint8) for one in frames_shown]


def ink(picture: NDArray[np.uint8], *, bright: int = 170) -> NDArray[np.bool_]:
    """Where the letters are: what is much brighter than the grey."""
    return np.asarray(picture.max(axis=2) > bright)


def box(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is set."""
    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def red(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    colour = picture.astype(int)
    return (colour[:, :, 0] > 120) & (colour[:, :, 1] < 90)


TRICKY = r"{\pos(0,0)}%{n}\N\h"


def test_a_lyric_prints_as_itself(tmp_path: Path) -> None:
    """Braces, tags, backslashes and percent signs are letters: one row, as wide as its letters are, in its place."""
    size = (960, 540)
    [picture] = shown(tmp_path, [step(captions="lines")], [line(TRICKY, first=-20)], size=size)
    left, top, right, bottom = box(ink(picture))
    lettering = Lettering(fonts.brought(), 620)
    em = Page(*size).em("caption")
    assert abs((right - left) - lettering.width(TRICKY) * em) < 0.3 * em
    assert bottom - top < 1.4 * em
    assert abs((left + right) / 2 - size[0] / 2) < 0.2 * em
    assert abs(bottom - (size[1] - Page(*size).bottom)) < em


@pytest.mark.parametrize("word", ["{", "\\", "%", "{\\b1}"])
def test_each_sign_is_seen(word: str, tmp_path: Path) -> None:
    """A sign that ASS or ffmpeg has a use for still leaves its ink, as much as it is wide."""
    size = (640, 360)
    [picture] = shown(tmp_path, [step(captions="lines")], [line(f"H{word}H", first=-20)], size=size)
    left, _, right, _ = box(ink(picture))
    em = Page(*size).em("caption")
    assert abs((right - left) - Lettering(fonts.brought(), 620).width(f"H{word}H") * em) < 0.35 * em


LONG = {
    "prose": "a very long line that goes on and on and never ends " * 6,
    "one word": "donaudampfschifffahrtsgesellschaft" * 8,
    "japanese": "夜の海に小さな光が昇ってゆく" * 9,
    "arabic": "مرحبا بالعالم في الليل الطويل " * 9,
    "signs": "{\\an8}" * 30,
}


@pytest.mark.parametrize(
    ("name", "size", "kind"),
    [
        ("prose", (180, 320), "captions"),
        ("one word", (180, 320), "title"),
        ("japanese", (180, 320), "lower"),
        ("arabic", (320, 180), "captions"),
        ("prose", (320, 180), "title"),
        ("one word", (320, 180), "captions"),
        ("signs", (240, 240), "captions"),
        ("japanese", (240, 240), "title"),
        ("prose", (240, 240), "lower"),
    ],
)
def test_no_words_spill(name: str, size: tuple[int, int], kind: str, tmp_path: Path) -> None:
    """However long a text is, nothing of it touches the margin, and it has no more room than its rows."""
    text = LONG[name]
    items = [{"kind": kind, "text": text[:500], "first": -20, "end": 99}] if kind != "captions" else []
    steps = [step(items=items, **({"captions": "lines"} if kind == "captions" else {}))]
    [picture] = shown(tmp_path, steps, [line(text[:500], first=-20)] if kind == "captions" else [], size=size)
    changed = np.abs(picture.astype(int) - BACK).max(axis=2) > 40
    side = Page(*size).side
    assert changed.any()
    assert not changed[:, : side - 4].any()
    assert not changed[:, size[0] - side + 4 :].any()
    assert not changed[:2].any()
    assert not changed[-2:].any()


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(30000, 1001), Fraction(60), Fraction(240)])
def test_a_line_stands_in_exactly_its_frames(fps: Fraction, tmp_path: Path) -> None:
    """From its first frame up to, and without, its last; at any rate."""
    pictures = shown(tmp_path, [step(captions="lines")], [line("HHHH", first=5, until=31)], frames=40, fps=fps)
    seen = [bool((np.abs(picture.astype(int) - BACK) > 12).any()) for picture in pictures]
    assert [index for index, there in enumerate(seen) if there] == list(range(5, 31))


def test_a_karaoke_word_lights_up_on_its_frame(tmp_path: Path) -> None:
    """The accent is on the word that is sung, from its first frame on, and moves with the song from left to right."""
    pictures = shown(
        tmp_path, [step(captions="karaoke")], [line("HHH", "HHH", "HHH", first=6, each=8)], frames=36, size=(640, 180)
    )
    middles = [np.nonzero(red(picture))[1] for picture in pictures]
    assert not len(middles[5])
    assert len(middles[7])
    at = [float(np.mean(middles[frame])) for frame in (10, 18, 26)]
    assert at[0] < at[1] < at[2]
    before, now = red(pictures[13])[:, 320:].sum(), red(pictures[14])
    assert before == 0
    assert now[:, int(at[1]) - 5 : int(at[1]) + 5].any()
    assert not len(middles[32])


def test_karaoke_from_right_to_left(tmp_path: Path) -> None:
    """In Arabic the first word stands to the right, and lights up first."""
    words = ["مرحبا", "بالعالم"]
    pictures = shown(tmp_path, [step(captions="karaoke")], [line(*words, first=0, each=8)], frames=16, size=(640, 180))
    first, second = (float(np.mean(np.nonzero(red(pictures[frame]))[1])) for frame in (4, 12))
    assert first > second + 20


def test_single_words_stand_alone(tmp_path: Path) -> None:
    """With `captions: words` one word at a time is on screen, larger than a line."""
    pictures = shown(tmp_path, [step(captions="words")], [line("I", "HHHHHH", each=8)], frames=16, size=(640, 360))
    narrow, wide = (box(ink(pictures[frame])) for frame in (4, 12))
    assert narrow[2] - narrow[0] < 40 < wide[2] - wide[0]


def test_a_line_goes_on_over_a_cut(tmp_path: Path) -> None:
    """The segment after a cut shows the line as the one before it did: a word sung is sung."""
    one = line("HHH", "HHH", first=0, each=10)
    whole = shown(tmp_path / "a", [step(captions="karaoke")], [one], frames=12, size=(320, 180))
    moved = line("HHH", "HHH", first=-6, until=994, each=10)
    rest = shown(tmp_path / "b", [step(captions="karaoke")], [moved], frames=6, size=(320, 180))
    for before, after in zip(whole[6:], rest, strict=True):
        assert np.abs(before.astype(int) - after.astype(int)).mean() < 1.0


def test_a_stretch_of_a_shot_shows_its_own_frames(tmp_path: Path) -> None:
    """A segment that begins in the middle of its shot has the words of there."""
    pictures = shown(tmp_path, [step(captions="lines")], [line("HHHH", first=20, until=30)], frames=20, first=15)
    seen = [bool(ink(picture, bright=BACK + 30).any()) for picture in pictures]
    assert [index + 15 for index, there in enumerate(seen) if there][:1] == [20]
    assert not any(seen[15:])


def test_a_folder_with_an_odd_name_is_no_command(tmp_path: Path) -> None:
    """What the folder is called reaches no filter as an option."""
    [picture] = shown(tmp_path / "it's, [a] b:c;%d=\\e", [step(captions="lines")], [line("HHHH", first=-20)])
    assert ink(picture).any()


def test_the_same_words_twice_have_the_same_bytes(tmp_path: Path) -> None:
    """Nothing of the machine's own fonts or of the clock is in a segment."""
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        shown(folder, [step(captions="lines")], [line("Wörter 夜 שלום ☃")], size=(320, 180))
    assert digest(one / "out.mp4") == digest(two / "out.mp4")


def test_an_overlay_stands_in_its_corner_for_its_time(tmp_path: Path) -> None:
    """A logo is laid inside the margins, in its frames alone, no larger than it is."""
    logo = tmp_path / "logo.png"
    cv2.imwrite(str(logo), np.dstack([np.full((20, 30), level, np.uint8) for level in (255, 255, 255, 255)]))
    item = {"role": "overlay-0", "corner": "top-right", "first": 4, "end": 16}
    pictures = shown(
        tmp_path / "x", [{"do": "overlays", "items": [item]}], frames=20, files={"overlay-0": logo}, size=(640, 360)
    )
    page = Page(640, 360)
    left, top, right, bottom = box(ink(pictures[10]))
    assert abs(right - (640 - page.side)) <= 1
    assert abs(top - page.top) <= 1
    assert abs(right - left - 30) <= 2
    assert abs(bottom - top - 20) <= 2
    seen = [bool((np.abs(picture.astype(int) - BACK) > 8).any()) for picture in pictures]
    assert [index for index, there in enumerate(seen) if there] == list(range(4, 16))


def test_an_overlay_goes_on_over_a_transition(tmp_path: Path) -> None:
    """One that stands in both shots is laid once over their span, as clear before the cut as after it."""
    from mvr.media.finish import Laying, encode_planes

    logo = tmp_path / "logo.png"
    cv2.imwrite(str(logo), np.full((20, 30, 4), 255, np.uint8))
    parts = [
        Part(4, [{"do": "overlays", "items": [{"role": "o", "corner": "top-left", "first": first, "end": first + 90}]}],
             start, {"o": logo})
        for first, start in ((-20, 20), (-44, 0))
    ]  # fmt: skip
    canvas = Canvas(320, 180, Fraction(24))
    grey = (np.full((270, 320), 128, np.uint8) for _ in range(8))
    encode_planes(grey, tmp_path / "out.mp4", Laying(canvas, parts, tmp_path))
    with av.open(str(tmp_path / "out.mp4")) as container:
        shown_frames = [one.to_ndarray(format="gray") for one in container.decode(video=0)]
    corner = [int(frame[Page(320, 180).top + 8, Page(320, 180).side + 8]) for frame in shown_frames]
    assert min(corner) > 200
    assert max(corner) - min(corner) < 12


SCRIPTS = "Gesäß Ñandú Привет Ελλάδα שלום مرحبا नमस्ते สวัสดี 你好 漢字 こんにちは 안녕하세요 – “”…♪☃"


def test_the_fonts_of_mvr_letter_many_scripts() -> None:
    """No character of these is missing, and of runes and emoji it is known."""
    assert fonts.lacking([SCRIPTS], fonts.brought()) == []
    assert fonts.lacking(["ᚠ a ᚢ 😀\ufe0f"], fonts.brought()) == ["ᚠ", "ᚢ", "😀"]


@pytest.mark.parametrize(
    ("text", "han"),
    [("夜の海", "jp"), ("서울 漢", "kr"), ("这里没有说话", "sc"), ("這裡沒有說話", "tc"), ("night", "")],
)
def test_chinese_characters_are_drawn_as_their_language_has_them(text: str, han: str) -> None:
    """Kana, hangul and the scripts' own characters tell which."""
    assert fonts.han_of([text]) == han


def test_rows_break_evenly_and_where_they_may() -> None:
    """Two rows of a line are about as wide, and none begins with a comma."""
    lettering = Lettering(fonts.brought())
    block = fitted(lettering, [tokens("Two from the ferry bell, then it is still")], 20, (280, 100), rows=2)
    rows = [" ".join(token.text for token in row) for row in block.rows]
    assert rows == ["Two from the ferry", "bell, then it is still"]
    assert block.em == 20
    pieces = [token.text for token in tokens("「また、昇って」")]
    assert not any(piece[0] in "、」" for piece in pieces)
    assert tokens("a b") == [Token("a"), Token("b")]
