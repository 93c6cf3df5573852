"""Palette: the few colours of a shot, in harmony, from the user's colours, or from the time of day and the mood."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import looks
from .colour import at_lightness, chroma, from_oklab, lightness, mix, oklab, tone
from .reading import Reading


@dataclass(frozen=True)
class Palette:
    """sky: top, upper, lower, horizon. light: the sun or the moon. ink: the darkest, nearest. lamp: warm or neon."""

    sky: tuple[str, str, str, str]
    light: str
    ink: str
    accent: str
    second: str
    lamp: str
    dark: bool  # lamps are lit, stars are out

    def each(self, change: Callable[[str], str]) -> Palette:
        """The palette with every colour changed."""
        top, upper, lower, horizon = (change(colour) for colour in self.sky)
        return Palette(
            (top, upper, lower, horizon), change(self.light), change(self.ink), change(self.accent),
            change(self.second), change(self.lamp), self.dark,
        )  # fmt: skip

    @property
    def haze(self) -> str:
        """What distance fades into."""
        return self.sky[3]

    def far(self, colour: str, depth: float) -> str:
        """A local colour seen at a depth (0 far, 1 here): air takes its colour first (atmospheric perspective)."""
        near = mix(colour, self.ink, 0.42 if self.dark else 0.22)
        return mix(mix(self.haze, self.sky[2], 0.35), near, min(1.0, max(0.0, depth)) ** 0.6)

    def shade(self, depth: float) -> str:
        """The colour of a plain dark shape at a depth."""
        return mix(
            mix(self.haze, self.sky[2], 0.45), self.ink, min(1.0, max(0.0, depth)) ** (0.8 if self.dark else 0.66)
        )


# sky top, upper, lower, horizon, light, ink, accent, second
TABLES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "dawn": (
        ("#2b3a6b", "#7f6fa3", "#e79f96", "#ffdcb4", "#fff3d6", "#1c2244", "#f27a5e", "#79bfc6"),
        ("#1f4a66", "#6d8fa6", "#e3b79f", "#ffe0b4", "#fff6e0", "#122c3c", "#ee6d69", "#f3c264"),
        ("#3a2c60", "#955f9c", "#f09c9f", "#ffe0c8", "#fff5e6", "#22193d", "#ffab57", "#79ccd2"),
    ),
    "day": (
        ("#2c7bb3", "#69b0d3", "#b4dcdf", "#f2f0da", "#fffbea", "#163a50", "#ee6c4d", "#f3c04e"),
        ("#3b9a9f", "#80c5bb", "#cbe5cb", "#faf0d4", "#fffbea", "#173c44", "#e65a4b", "#f1b646"),
        ("#4f7dc0", "#8db4de", "#cadaeb", "#fcefdf", "#fffaf0", "#20325c", "#f0656a", "#ffcf63"),
    ),
    "dusk": (
        ("#1d1a4d", "#6a2f7a", "#d9556c", "#ffb56e", "#ffe9b4", "#140e30", "#ff5f74", "#43c3ca"),
        ("#0e2e4d", "#2f677c", "#da9270", "#ffd28c", "#fff2cc", "#091c2e", "#ff8655", "#57c8b5"),
        ("#2a1649", "#8b2f62", "#e96350", "#ffc563", "#fff1be", "#180d2c", "#ffcf45", "#4fa9de"),
    ),
    "night": (
        ("#060b27", "#0f1d4e", "#253f7c", "#5670a8", "#eaf0ff", "#040819", "#ffb65a", "#62d4e6"),
        ("#0a0a25", "#1e165a", "#482a78", "#86509d", "#f4e9ff", "#07061c", "#ff4f9a", "#41d8ff"),
        ("#03151f", "#0b2f3d", "#19596a", "#4b9093", "#e8fff8", "#02101b", "#ffc462", "#ff7264"),
    ),
}
GREYS = {"rain": ("#56657a", 0.45), "storm": ("#3c4658", 0.6), "fog": ("#aab4bd", 0.55), "snow": ("#a9b9d2", 0.3),
         "clouds": ("#8793a3", 0.35)}  # fmt: skip


def palette(reading: Reading, style: Mapping[str, Any], seed: int) -> Palette:
    """The colours of a shot. One look gives one table a time of day, so that a film hangs together."""
    given = [str(colour) for colour in style.get("palette") or ()]
    manner = f"{style.get('look') or ''}|{style.get('lighting') or ''}"
    tables = TABLES[reading.time]
    choice = random.Random(f"{manner}:{reading.time}:table")
    row = tables[1] if reading.time == "night" and "neon" in reading.lights else choice.choice(tables)
    chosen = _from_row(row, reading)
    if given:
        chosen = _from_colours(given, chosen, reading.time)
    chosen = _weathered(chosen, reading)
    for look in reading.looks:
        change = getattr(looks.all_looks()[look], "palette", None)
        chosen = change(chosen) if change else chosen
    if reading.tint:
        chosen = _tinted(chosen, reading.tint)
    chosen = _exposed(chosen, random.Random(f"{seed}:exposure").choice((-0.06, 0.0, 0.065)))
    drift = random.Random(f"{seed}:drift").uniform(-0.05, 0.05)
    return chosen if given else chosen.each(lambda colour: _turned(colour, drift))


def _from_row(row: tuple[str, ...], reading: Reading) -> Palette:
    top, upper, lower, horizon, light, ink, accent, second = row
    dark = reading.time == "night"
    lamp = "#ffcf8a" if "candle" in reading.lights or not dark else mix(accent, "#ffd9a0", 0.45)
    return Palette((top, upper, lower, horizon), light, ink, accent, second, lamp, dark or reading.time == "dusk")


def _sky_hues(order: list[str], accent: str, time: str) -> tuple[str, str, str, str]:
    """Whose hues the sky takes, top to horizon: the dark colours by night, the accent where the sun stands low."""
    dark = order[0]
    calm = next((colour for colour in order[1:] if colour != accent), order[min(1, len(order) - 1)])
    if time == "night":
        return dark, mix(dark, calm, 0.5), calm, mix(calm, order[-1], 0.2)
    if time == "day":
        return calm, calm, mix(calm, order[-1], 0.5), order[-1]
    return dark, mix(dark, calm, 0.75), mix(calm, accent, 0.55), mix(accent, order[-1], 0.5)


def _from_colours(given: list[str], base: Palette, time: str) -> Palette:
    """The user's colours by lightness: darkest as ink and sky, lightest as light, strongest as accent."""
    order = sorted(given, key=lightness)
    strong = sorted(given, key=chroma, reverse=True)
    accent = strong[0] if lightness(strong[0]) > 0.4 else max(order[-2:], key=chroma)
    second = next((colour for colour in strong if colour != accent), tone(accent, 0.05))
    levels = [lightness(colour) for colour in base.sky]
    hues = _sky_hues(order, accent, time)
    sky = tuple(
        mix(at_lightness(hue, level), old, 0.12) for hue, level, old in zip(hues, levels, base.sky, strict=True)
    )
    return replace(
        base,
        sky=(sky[0], sky[1], sky[2], sky[3]),
        light=mix(at_lightness(order[-1], 0.95, 0.5), base.light, 0.3),
        ink=at_lightness(order[0], min(0.2, max(0.1, lightness(order[0])))),
        accent=at_lightness(accent, max(0.62, lightness(accent))),
        second=at_lightness(second, max(0.58, lightness(second))),
        lamp=mix(accent, "#ffe2b0", 0.4),
    )


def _weathered(base: Palette, reading: Reading) -> Palette:
    if reading.weather not in GREYS:
        return base
    grey, share = GREYS[reading.weather]
    share *= 0.55 if base.dark else 1.0
    levels = [lightness(colour) for colour in base.sky]
    dim = -0.08 if reading.weather in ("rain", "storm") and not base.dark else 0.0

    def dull(colour: str, level: float) -> str:
        return mix(colour, at_lightness(grey, max(0.08, level + dim)), share)

    sky = tuple(dull(colour, level) for colour, level in zip(base.sky, levels, strict=True))
    light = mix(base.light, sky[3], share * 0.5)
    return replace(base, sky=(sky[0], sky[1], sky[2], sky[3]), light=light, ink=tone(base.ink, 0.03, 0.9))


def _exposed(base: Palette, stops: float) -> Palette:
    """The sky a little darker or lighter: two shots of one place are never of one exposure."""
    top, upper, lower, horizon = (
        tone(colour, stops * share) for colour, share in zip(base.sky, (0.6, 0.8, 1, 1), strict=True)
    )
    return replace(base, sky=(top, upper, lower, horizon))


def _tinted(base: Palette, tint: str) -> Palette:
    """The palette in light of a colour that is told: lamps and accents take it, the air takes some of it."""
    strong = at_lightness(tint, max(0.58, lightness(tint)), 1.15)
    top, upper, lower, horizon = (
        mix(colour, at_lightness(tint, lightness(colour)), share)
        for colour, share in zip(base.sky, (0.35, 0.4, 0.45, 0.5), strict=True)
    )
    return replace(
        base, sky=(top, upper, lower, horizon), accent=strong, second=mix(tone(strong, 0.1), base.second, 0.3),
        lamp=mix(strong, "#ffe2c0", 0.3), light=mix(base.light, strong, 0.25),
    )  # fmt: skip


def _turned(colour: str, angle: float) -> str:
    """The colour with its hue turned by an angle in radians (small angles only)."""
    light, a, b = oklab(colour)
    return from_oklab(round(light, 6), round(a - b * angle, 6), round(b + a * angle, 6))
