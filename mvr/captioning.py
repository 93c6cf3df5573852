"""What words and pictures are laid over one shot: the project's `words:` and the shot's own caption, as plain data.

A step names only what is seen in the shot, in frames from its start, so that a changed title touches the shots that it
stands in. What libass draws of it is said in media/captions.
"""

from __future__ import annotations

import colorsys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mvr.model import Json, Project, ShotPlan
from mvr.timeline import frame_of

if TYPE_CHECKING:
    from mvr.media.fonts import Face

LYRICS = "captions"
"""The role of the document that a step reads, where it shows lyrics."""

TITLE = (0.5, 4.5)  # seconds of the film in which the title stands, or half of a film that is shorter
CREDITS = 5.0  # seconds at the film's end in which the credits stand, or a third of it
LOWER = (0.3, 5.0)  # seconds of its shot in which a lower third stands

PLAIN = {"text": "#faf7f2", "accent": "#ffcf4a", "edge": "#0c0d12", "dim": "#a3a29f"}
"""The colours of a film without a palette."""


def shows_lyrics(project: Project, plan: ShotPlan) -> bool:
    """Whether a shot shows the lyrics' lines: unless it has words of its own, or none."""
    return project.words.captions != "none" and project.lyrics is not None and plan.caption is None


def steps(project: Project, plan: ShotPlan) -> list[Json]:
    """The steps that lay words and pictures over a shot; none where nothing is laid."""
    found: list[Json] = []
    items = [item for item in _items(project, plan) if item["end"] > 0 and item["first"] < plan.frames]
    lyrics = {"captions": project.words.captions} if shows_lyrics(project, plan) else {}
    if items or lyrics:
        step = {"do": "words", "place": project.words.place, "colours": colours(project.style.palette), "items": items}
        found.append({**step, **lyrics, **_fonts(project)})
    laid = [item for item in _overlays(project, plan) if item["end"] > 0 and item["first"] < plan.frames]
    if laid:
        found.append({"do": "overlays", "items": laid})
    return found


def files(project: Project, chain: Sequence[Json]) -> dict[str, Sequence[str]]:
    """The user's files that the steps of a chain read, by role."""
    found: dict[str, Sequence[str]] = {}
    for step in chain:
        if step["do"] == "words" and "file" in step.get("font", {}):
            found["font"] = [project.words.font]
        if step["do"] == "overlays":
            for item in step["items"]:
                found[item["role"]] = [project.words.overlays[int(item["role"].rpartition("-")[2])].image]
    return found


ORIGINS = {"title": "title", "credits": "words.credits"}


def origins(plan: ShotPlan, chain: Sequence[Json]) -> dict[str, str]:
    """Where in the project file the values of a chain's steps stand, by their place in the chain, as `0.items.1`."""
    found = {}
    for index, step in enumerate(chain):
        if step["do"] == "words":
            found[f"{index}"] = "words"
            found |= {f"{index}.{name}": f"words.{name}" for name in ("place", "captions", "font")}
            found[f"{index}.colours"] = "style.palette"
            for at, item in enumerate(step["items"]):
                found[f"{index}.items.{at}"] = ORIGINS.get(item["kind"]) or plan.sources.get("caption", "words")
        elif step["do"] == "overlays":
            for at, item in enumerate(step["items"]):
                found[f"{index}.items.{at}"] = f"words.overlays[{item['role'].rpartition('-')[2]}]"
    return found


def face(project: Project) -> Face | None:
    """The font that the project names; None where it names none, or this machine has none of that name."""
    from mvr.media import fonts

    if not project.words.font:
        return None
    if "words.font" in project.files:
        return fonts.Face(project.folder / project.words.font)
    return fonts.named(project.words.font)


def _fonts(project: Project) -> dict[str, Json]:
    """What decides the letters' shapes: the font that is asked for, and those that come with mvr."""
    from mvr.media import fonts

    name = project.words.font
    if not name:
        return {"fonts": fonts.identity()}
    if "words.font" in project.files:
        return {"fonts": fonts.identity(), "font": {"file": True}}
    found = face(project)
    return {"fonts": fonts.identity(), "font": {"name": name, "digest": found.digest if found else ""}}


def _items(project: Project, plan: ShotPlan) -> list[Json]:
    words, fps, frames = project.words, project.output.fps, plan.film
    shown = []
    if words.title and project.title:
        first, end = min(frame_of(TITLE[0], fps), frames // 6), min(frame_of(TITLE[1], fps), frames // 2)
        shown.append(("title", project.title, first, end))
    if words.credits:
        shown.append(("credits", words.credits, frames - min(frame_of(CREDITS, fps), frames // 3), frames))
    found = [_item(plan, *one) for one in shown]
    if plan.caption not in (None, "none"):
        first = min(frame_of(LOWER[0], fps), plan.frames // 4)
        found.append(_item(plan, "lower", str(plan.caption), plan.first_frame + first,
                           plan.first_frame + min(plan.frames, frame_of(LOWER[1], fps))))  # fmt: skip
    return found


def _item(plan: ShotPlan, kind: str, text: str, first: int, end: int) -> Json:
    return {"kind": kind, "text": text, "first": first - plan.first_frame, "end": end - plan.first_frame}


def _overlays(project: Project, plan: ShotPlan) -> list[Json]:
    found, frames = [], plan.film
    for index, overlay in enumerate(project.words.overlays):
        length = max(1, frame_of(overlay.length, project.output.fps))
        first = {"start": 0, "end": frames - length}.get(str(overlay.at))
        if first is None:
            first = frame_of(float(overlay.at), project.output.fps)
        first, end = max(0, first), min(frames, first + length)
        found.append({"role": f"overlay-{index}", "corner": overlay.corner,
                      "first": first - plan.first_frame, "end": end - plan.first_frame})  # fmt: skip
    return found


def colours(palette: Sequence[str]) -> Mapping[str, str]:
    """The colours of words: near white, with an edge near black, both leaning to the palette; the accent is its most
    vivid light colour; dim is for words that are yet to be sung."""
    if not palette:
        return PLAIN
    lightest, darkest = max(palette, key=_light), min(palette, key=_light)
    text = _mixed("#ffffff", lightest, 0.1)
    edge = _mixed("#000000", darkest, min(0.6, 0.03 / max(_light(darkest), 1e-6)))
    bright = [one for one in palette if _light(one) > 0.25]
    accent = max(bright or palette, key=_vivid)
    if _light(accent) < 0.25 or _vivid(accent) < 0.2:
        accent = _mixed(accent, PLAIN["accent"], 0.7)
    return {"text": text, "accent": accent, "edge": edge, "dim": _mixed(text, edge, 0.4)}


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _light(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _vivid(colour: str) -> float:
    _, saturation, value = colorsys.rgb_to_hsv(*_rgb(colour))
    return saturation * value


def _mixed(one: str, other: str, share: float) -> str:
    parts = (a * (1 - share) + b * share for a, b in zip(_rgb(one), _rgb(other), strict=True))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def texts(project: Project) -> list[str]:
    """The words of the project file that are shown in the film."""
    captions = [str(shot.fields["caption"]) for shot in project.shots if shot.fields.get("caption", "none") != "none"]
    title = [project.title] if project.words.title else []
    return [*title, *project.words.credits.split("\n"), *captions]
