"""Colours as `#rrggbb` text, mixed in Oklab so that steps between two colours look even."""

from __future__ import annotations

from functools import lru_cache

Lab = tuple[float, float, float]


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def rgb(colour: str) -> tuple[float, float, float]:
    """Red, green and blue, 0 to 1, of `#rrggbb` or `#rgb`."""
    text = colour.lstrip("#")
    if len(text) == 3:
        text = "".join(2 * letter for letter in text)
    return int(text[0:2], 16) / 255, int(text[2:4], 16) / 255, int(text[4:6], 16) / 255


def text(red: float, green: float, blue: float) -> str:
    """`#rrggbb` of three channels, 0 to 1; what lies outside is clipped."""
    return "#" + "".join(f"{min(255, max(0, int(channel * 255 + 0.5))):02x}" for channel in (red, green, blue))


@lru_cache(maxsize=4096)
def oklab(colour: str) -> Lab:
    """Lightness 0 to 1, and the two opponent axes. Source: Björn Ottosson, "A perceptual color space", 2020."""
    r, g, b = (_linear(channel) for channel in rgb(colour))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@lru_cache(maxsize=4096)
def from_oklab(lightness: float, a: float, b: float) -> str:
    """The `#rrggbb` nearest to a colour in Oklab, channel by channel."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return text(*(_gamma(max(0.0, channel)) for channel in linear))


def mix(one: str, other: str, share: float) -> str:
    """From one colour (share 0) to the other (share 1)."""
    share = min(1.0, max(0.0, share))
    first, second = oklab(one), oklab(other)
    return from_oklab(*(round(p + (q - p) * share, 6) for p, q in zip(first, second, strict=True)))


def lightness(colour: str) -> float:
    """How light a colour looks, 0 (black) to 1 (white)."""
    return oklab(colour)[0]


def chroma(colour: str) -> float:
    """How strong a colour is: 0 grey, about 0.3 the strongest a screen can show."""
    _, a, b = oklab(colour)
    return float((a * a + b * b) ** 0.5)


def tone(colour: str, lighter: float = 0.0, stronger: float = 1.0) -> str:
    """The same hue, lighter by an amount of lightness (-1 to 1), its chroma times `stronger`."""
    light, a, b = oklab(colour)
    return from_oklab(round(min(1.0, max(0.0, light + lighter)), 6), round(a * stronger, 6), round(b * stronger, 6))


def at_lightness(colour: str, wanted: float, stronger: float = 1.0) -> str:
    """The same hue at a given lightness."""
    return tone(colour, wanted - lightness(colour), stronger)


def under(colour: str, light: str, share: float = 1.0) -> str:
    """A surface's colour as it looks under light of another colour; white light leaves it as it is."""
    red, green, blue = (one * (1 - share + share * other) for one, other in zip(rgb(colour), rgb(light), strict=True))
    return text(red, green, blue)
