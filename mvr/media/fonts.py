"""Which font letters which character: the one that is asked for, then those that come with mvr.

The fonts that mvr brings have open licences (SIL OFL), and are the same on any machine; a font of the system takes part
only where it is named, for another machine may lack it.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mvr.errors import StageError

SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
MISSING = "□"
"""What stands for a character that no font has."""

HAN = ("jp", "kr", "sc", "tc")
"""The ways in which Chinese characters are drawn, by their place in Noto Sans CJK's collection."""


@dataclass(frozen=True)
class Bundled:
    """One font that a wheel brings: its family, the wheel, the module it stands in, its file there, its scripts."""

    family: str
    wheel: str
    file: str
    scripts: str

    @property
    def path(self) -> Path | None:
        """Where the file stands; None where its wheel is not installed."""
        return _in_module(self.wheel.replace("-", "_"), self.file)


BUNDLED = (
    Bundled("Inter", "fontpkg-inter", "files/Inter[opsz,wght].ttf", "Latin, Cyrillic, Greek"),
    Bundled("Noto Sans", "fontpkg-noto-sans", "files/NotoSans[wdth,wght].ttf", "more of these, Devanagari"),
    Bundled("Noto Sans Arabic", "fontpkg-noto-sans-arabic", "files/NotoSansArabic[wdth,wght].ttf", "Arabic"),
    Bundled("Heebo", "fontpkg-heebo", "files/Heebo[wght].ttf", "Hebrew"),
    Bundled("Noto Sans Thai", "fontpkg-noto-sans-thai", "files/NotoSansThai[wdth,wght].ttf", "Thai"),
    Bundled("Noto Sans CJK", "noto-cjk-sans-otc", "NotoSansCJK-Regular.ttc", "Chinese, Japanese, Korean"),
)
"""In the order in which a character is looked for in them."""


@cache
def _in_module(module: str, file: str) -> Path | None:
    spec = find_spec(module)
    paths = (Path(folder) / file for folder in (spec.submodule_search_locations or []) if spec) if spec else ()
    return next((path for path in paths if path.is_file()), None)


@cache
def identity() -> str:
    """What names the fonts that mvr brings in a recipe: wheels and versions."""
    return ", ".join(f"{font.wheel} {_version(font.wheel)}" for font in BUNDLED if font.path)


def _version(wheel: str) -> str:
    try:
        return version(wheel)
    except PackageNotFoundError:
        return "unknown"


@dataclass(frozen=True)
class Face:
    """One face of a font file, by its place in a collection."""

    path: Path
    index: int = 0

    @property
    def digest(self) -> str:
        """The sha256 of the file, hex; read once while it stays as it is. Raises StageError where it cannot be read."""
        try:
            found = self.path.stat()
        except OSError as error:
            raise StageError(
                f"the font {self.path.name} cannot be read: {error.strerror}", "make it readable"
            ) from None
        return _digest(self.path, found.st_size, found.st_mtime_ns)

    @property
    def hb(self) -> Any:
        """The face as HarfBuzz has it. Raises StageError where the file is no font."""
        return _opened(self.path, self.index)

    def check(self) -> None:
        """Raises StageError where the file is no font."""
        _opened(self.path, self.index)

    def has(self, char: str) -> bool:
        return ord(char) in _characters(self.path, self.index)


@lru_cache(maxsize=32)
def _digest(path: Path, _size: int, _mtime_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=32)
def _opened(path: Path, index: int) -> Any:
    import uharfbuzz as hb

    try:
        face = hb.Face(hb.Blob.from_file_path(str(path)), index)
    except (OSError, hb.HarfBuzzError) as error:
        raise StageError(f"the font {path.name} cannot be read", "name a .ttf, .otf or .ttc file") from error
    if not face.unicodes or not face.glyph_count:
        raise StageError(f"{path.name} is no font", "name a .ttf, .otf or .ttc file")
    return face


@lru_cache(maxsize=32)
def _characters(path: Path, index: int) -> frozenset[int]:
    return frozenset(_opened(path, index).unicodes)


def brought(han: str = "") -> list[Face]:
    """The fonts that come with mvr; Chinese characters are drawn the way `han` says, one of HAN."""
    index = HAN.index(han) if han in HAN else HAN.index("sc")
    return [Face(font.path, index if font.path.suffix == ".ttc" else 0) for font in BUNDLED if font.path is not None]


def named(name: str) -> Face | None:
    """The font of that family: one that mvr brings, else one that is installed on this machine, the face of
    it that suits captions best; None where there is none."""
    wanted = _folded(name)
    for font in BUNDLED:
        if _folded(font.family) == wanted and font.path is not None:
            return Face(font.path)
    return _installed().get(wanted)


def _folded(name: str) -> str:
    return "".join(name.casefold().split())


@cache
def _installed() -> dict[str, Face]:
    """The fonts of this machine by family: of several faces the one that suits captions best."""
    best: dict[str, tuple[tuple[int, str], Face]] = {}
    for path in _font_files():
        for index, family, style in _families(path):
            rank = (_rank(style), str(path))
            if family not in best or rank < best[family][0]:
                best[family] = rank, Face(path, index)
    return {family: face for family, (_rank, face) in best.items()}


STYLES = ("variable", "semibold", "demibold", "bold", "medium", "regular", "book", "roman", "normal", "")


def _rank(style: str) -> int:
    """How well a face suits captions, which are upright and rather strong; 0 is best."""
    name = "".join(style.casefold().split())
    return STYLES.index(name) if name in STYLES else len(STYLES) + ("italic" in name or "oblique" in name)


def _font_files() -> Iterator[Path]:
    home = Path.home()
    folders = [
        home / ".fonts", home / ".local/share/fonts", home / "Library/Fonts", Path("/usr/local/share/fonts"),
        Path("/usr/share/fonts"), Path("/Library/Fonts"), Path("/System/Library/Fonts"),
    ]  # fmt: skip
    for folder in folders:
        for root, below, files in os.walk(folder):
            below.sort()
            yield from (Path(root) / name for name in sorted(files) if name.lower().endswith(SUFFIXES))


def _families(path: Path) -> Iterator[tuple[int, str, str]]:
    """Index, family (folded) and style of each face of a file; none of one that is no font."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        if path.suffix.lower() in (".ttc", ".otc"):
            faces = list(TTCollection(str(path), lazy=True).fonts)
        else:
            faces = [TTFont(str(path), lazy=True)]
        for index, face in enumerate(faces):
            table = face["name"]
            for family, style in ((16, 17), (1, 2)):
                if family_name := table.getDebugName(family):
                    upright = "italic" not in (table.getDebugName(style) or "").casefold()
                    varies = "fvar" in face and upright
                    yield index, _folded(family_name), "variable" if varies else table.getDebugName(style) or ""
    except (OSError, TTLibError, KeyError, AssertionError, ValueError):
        return


def han_of(texts: Iterable[str]) -> str:
    """How Chinese characters of these texts are to be drawn, one of HAN; empty where there are none.

    Kana tell Japanese, hangul Korean; else characters that only the encoding of one of the two Chinese scripts knows.
    """
    whole = "".join(texts)
    han = [char for char in whole if "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf"]
    kana = any("\u3040" <= char <= "\u30ff" for char in whole)
    hangul = any("\uac00" <= char <= "\ud7a3" for char in whole)
    if kana or hangul:
        return "jp" if kana else "kr"
    if not han:
        return ""
    simplified, traditional = (sum(_encodes(char, one) for char in han) for one in ("gb2312", "big5"))
    return "tc" if traditional > simplified else "sc"


def _encodes(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def is_drawn(char: str) -> bool:
    """Whether a character is a mark on the page: no space, no control, nothing that only steers its neighbours."""
    steers = "\ufe00" <= char <= "\ufe0f" or char == "\u034f"
    return not char.isspace() and not steers and unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def lacking(texts: Iterable[str], faces: Sequence[Face]) -> list[str]:
    """The characters of texts that none of these faces has, each once, in their order."""
    seen = dict.fromkeys(char for text in texts for char in text if is_drawn(char))
    return [char for char in seen if not any(face.has(char) for face in faces)]


def installed_with(char: str) -> str | None:
    """The file of a font on this machine that has a character, None where there is none."""
    for face in _installed().values():
        try:
            if face.has(char):
                return face.path.name
        except StageError:
            continue
    return None
