"""The fonts that come with mvr, so that any machine letters a film alike; open licences (SIL OFL) all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True)
class Font:
    """One font that a wheel brings: its family, the module it stands in, its file there, and what it is for."""

    family: str
    module: str
    file: str
    scripts: str

    @cached_property
    def path(self) -> Path | None:
        """Where the file stands; None where its wheel is not installed."""
        spec = find_spec(self.module)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            path = Path(folder) / self.file
            if path.is_file():
                return path
        return None


BUNDLED = (
    Font("Inter", "fontpkg_inter", "files/Inter[opsz,wght].ttf", "Latin, Cyrillic, Greek"),
    Font("Noto Sans", "fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf", "Latin, Cyrillic, Greek, Devanagari"),
    Font("Noto Sans Arabic", "fontpkg_noto_sans_arabic", "files/NotoSansArabic[wdth,wght].ttf", "Arabic"),
    Font("Heebo", "fontpkg_heebo", "files/Heebo[wght].ttf", "Hebrew"),
    Font("Noto Sans Thai", "fontpkg_noto_sans_thai", "files/NotoSansThai[wdth,wght].ttf", "Thai"),
    Font("Noto Sans CJK", "noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc", "Chinese, Japanese, Korean"),
)
"""In the order in which a character is looked for in them."""
