"""Colour: what a picture's colours are, the numbers that bring them to others', and colour tables (.cube) for ffmpeg.

A grade moves a picture in CIE Lab, as E. Reinhard and others do (Color Transfer between Images, 2001), but only part of
the way and within limits, and its tint separately for dark, middle and light: a grade is to join shots, not to repaint
them. Grade and the user's table become one table of GRID points a side, which ffmpeg applies once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr.errors import StageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Json = Any
GRID = 33
TONES = (20.0, 50.0, 80.0)
"""Lightnesses (CIE L*) at which a tint is told; between them it changes evenly."""

SHARE = {"palette": 0.45, "shot": 0.75}
"""How much of the way a grade goes, to a palette and to another shot."""

MOST = {"light": 12.0, "contrast": 1.25, "tint": 16.0, "colour": 1.3}
"""The farthest that it goes: L* up or down, contrast, a* and b* at each tone, and colourfulness."""


# measuring


def measured(pictures: Sequence[NDArray[np.uint8]]) -> Json:
    """What the colours of some BGR pictures are: {"light": [mean, deviation] of L*, "tones": the mean a*, b* at each
    of TONES, "spread": the deviation of a* and b*}."""
    import cv2
    import numpy as np

    rows = [cv2.resize(one, (96, 96), interpolation=cv2.INTER_AREA).reshape(-1, 3) for one in pictures]
    lab = to_lab(np.concatenate(rows)[:, ::-1].astype(np.float64) / 255)
    light = lab[:, 0]
    tones = []
    for tone in TONES:
        near = np.exp(-(((light - tone) / 16) ** 2)) + 1e-6
        tones.append([round(float((lab[:, axis] * near).sum() / near.sum()), 3) for axis in (1, 2)])
    spread = float(np.hypot(lab[:, 1].std(), lab[:, 2].std()))
    return {
        "light": [round(float(light.mean()), 3), round(float(light.std()), 3)],
        "tones": tones,
        "spread": round(spread, 3),
    }


def of_palette(colours: Sequence[str]) -> Json:
    """The tones of a palette, `#rrggbb`: at each of TONES the colours that are as light weigh most."""
    import numpy as np

    rgb = np.array([[int(colour[index : index + 2], 16) for index in (1, 3, 5)] for colour in colours], np.float64)
    lab = to_lab(rgb / 255)
    tones = []
    for tone in TONES:
        near = np.exp(-(((lab[:, 0] - tone) / 22) ** 2)) + 1e-3
        # A palette is more colourful than what is lit by it: half its chroma is a tint.
        tones.append([round(float((lab[:, axis] * near).sum() / near.sum()) * 0.5, 3) for axis in (1, 2)])
    return {"tones": tones}


def numbers(own: Json, target: Json) -> Json:
    """The grade that brings one measure towards another: {"light": [scale, offset], "colour": scale, "tint": a* and b*
    to add at each of TONES}."""
    share = SHARE["shot" if "light" in target else "palette"]
    light, colour = [1.0, 0.0], 1.0
    if "light" in target:
        ratio = (target["light"][1] + 1) / (own["light"][1] + 1)
        scale = 1 + (min(MOST["contrast"], max(1 / MOST["contrast"], ratio)) - 1) * share
        shift = (target["light"][0] - own["light"][0]) * share
        shift = min(MOST["light"], max(-MOST["light"], shift))
        light = [scale, own["light"][0] * (1 - scale) + shift]
        ratio = (target["spread"] + 1) / (own["spread"] + 1)
        colour = 1 + (min(MOST["colour"], max(1 / MOST["colour"], ratio)) - 1) * share
    tint = []
    for mine, wanted in zip(own["tones"], target["tones"], strict=True):
        moved = [(there - here * colour) * share for here, there in zip(mine, wanted, strict=True)]
        tint.append([round(min(MOST["tint"], max(-MOST["tint"], one)), 3) for one in moved])
    return {"light": [round(one, 4) for one in light], "colour": round(colour, 4), "tint": tint}


# tables


def graded(rgb: Floats, grade: Json) -> Floats:
    """Colours, (n, 3) in 0 to 1, after a grade."""
    import numpy as np

    lab = to_lab(rgb)
    light = lab[:, 0].copy()
    moved = np.clip(light * grade["light"][0] + grade["light"][1], 0, 100)
    # Black stays black and white white: towards both ends the grade fades.
    ends = np.clip(np.minimum(light, 100 - light) / 12, 0, 1)
    lab[:, 0] = light + (moved - light) * ends
    for axis in (1, 2):
        tint = np.interp(light, TONES, [tone[axis - 1] for tone in grade["tint"]])
        lab[:, axis] = lab[:, axis] * grade["colour"] + tint * ends
    return np.clip(to_rgb(lab), 0, 1)


def read_cube(path: Path) -> tuple[int, Floats, Floats]:
    """A three-dimensional .cube table: its points a side, its domain (2, 3), and its colours (size, size, size, 3) by
    blue, green, red. Raises StageError with the line that is wrong.

    The form is Adobe's Cube LUT Specification 1.0.
    """
    import numpy as np

    size, rows = 0, []
    domain = np.array([[0.0] * 3, [1.0] * 3])
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StageError(f"{path.name} is no colour table: it is not text", "export it as a .cube file") from error
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].split()
        if not words or words[0] == "TITLE":
            continue
        if words[0] == "LUT_1D_SIZE":
            raise _wrong(path, number, "a table of one dimension", "export it as a 3D LUT")
        if words[0] == "LUT_3D_SIZE":
            size = int(words[1]) if len(words) == 2 and words[1].isdigit() else 0
            if not 2 <= size <= 129:
                raise _wrong(path, number, f"{' '.join(words)!r}", "a size from 2 to 129 is expected")
            continue
        found = _three(words[1:] if words[0].startswith("DOMAIN_") else words)
        if found is None:
            raise _wrong(path, number, f"{line.strip()[:40]!r}", "three numbers are expected")
        if words[0] in ("DOMAIN_MIN", "DOMAIN_MAX"):
            domain[words[0] == "DOMAIN_MAX"] = found
        elif not size:
            raise _wrong(path, number, "a colour before LUT_3D_SIZE", "the size comes first")
        else:
            rows.append(found)
    if not size or len(rows) != size**3:
        wanted = f"{size**3} colours" if size else "a line LUT_3D_SIZE"
        raise _wrong(path, len(lines), f"its end after {len(rows)} colours", f"{wanted} are expected; is it cut short?")
    if not (domain[0] < domain[1]).all():
        raise _wrong(path, 1, "a DOMAIN_MAX that is not above DOMAIN_MIN", "export it again")
    return size, domain, np.array(rows).reshape(size, size, size, 3)


def _three(words: Sequence[str]) -> list[float] | None:
    from math import isfinite

    try:
        found = [float(word) for word in words]
    except ValueError:
        return None
    return found if len(found) == 3 and all(isfinite(one) for one in found) else None


def _wrong(path: Path, line: int, found: str, hint: str) -> StageError:
    return StageError(f"{path.name}, line {line}: {found}", hint)


def write_table(grade: Json | None, cube: Path | None, out: Path) -> None:
    """Writes grade and table, one after the other, as one .cube. Raises StageError as read_cube does."""
    import numpy as np

    axis = np.linspace(0, 1, GRID)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    points = np.stack([red, green, blue], axis=-1).reshape(-1, 3)
    if grade is not None:
        points = graded(points, grade)
    if cube is not None:
        points = _looked_up(points, *read_cube(cube))
    lines = [f"LUT_3D_SIZE {GRID}", *(f"{red:.6f} {green:.6f} {blue:.6f}" for red, green, blue in points)]
    out.write_text("\n".join(lines) + "\n", "ascii")


def _looked_up(points: Floats, size: int, domain: Floats, table: Floats) -> Floats:
    """Colours through a table, even between its points (trilinear)."""
    import numpy as np

    at = np.clip((points - domain[0]) / (domain[1] - domain[0]), 0, 1) * (size - 1)
    low = np.minimum(at.astype(int), size - 2)
    part = at - low
    found = np.zeros_like(points)
    for corner in range(8):
        step = np.array([corner & 1, corner >> 1 & 1, corner >> 2 & 1])
        weight = np.prod(np.where(step, part, 1 - part), axis=1)
        red, green, blue = (low + step).T
        found += table[blue, green, red] * weight[:, None]
    return np.clip(found, 0, 1)


# CIE Lab under D65, of sRGB (IEC 61966-2-1)

_TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
_WHITE = (0.95047, 1.0, 1.08883)


def to_lab(rgb: Floats) -> Floats:
    """L*, a*, b* of colours (n, 3) in 0 to 1."""
    import numpy as np

    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = linear @ np.array(_TO_XYZ).T / np.array(_WHITE)
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * root[:, 1] - 16, 500 * (root[:, 0] - root[:, 1]), 200 * (root[:, 1] - root[:, 2])], axis=1)


def to_rgb(lab: Floats) -> Floats:
    """Colours of L*, a*, b*; outside 0 to 1 where sRGB has none."""
    import numpy as np

    y = (lab[:, 0] + 16) / 116
    root = np.stack([y + lab[:, 1] / 500, y, y - lab[:, 2] / 200], axis=1)
    xyz = np.where(root**3 > 216 / 24389, root**3, (116 * root - 16) * 27 / 24389) * np.array(_WHITE)
    linear = np.clip(xyz @ np.linalg.inv(np.array(_TO_XYZ)).T, 0, None)
    rgb: Floats = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return rgb
