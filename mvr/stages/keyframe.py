"""Keyframe: the still picture of one shot, by the painter that its plan names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mvr.backends import asked, backend, filled, named
from mvr.engine.job import Desk, Job, Json, Made
from mvr.model import Adapter, Character, Maker, Project, ShotPlan, joined_prompt, triggered

EACH = "shot"
VERSION = 1
EXACT = False
LANE = "cpu"


@dataclass(frozen=True)
class Likeness:
    """By what one character of a shot is held from shot to shot, the strongest means that its painter has.

    by: references, ip-adapter, lora or words. given: the user's pictures that are looked at, or `portrait`, the one
    that was painted; empty for a means without pictures. pictures: how many.
    """

    name: str
    by: str
    given: tuple[str, ...] = ()
    portrait: bool = False

    @property
    def pictures(self) -> int:
        return len(self.given) or int(self.portrait)

    def says(self) -> str:
        """As a person reads it in a plan."""
        if self.portrait:
            return f"{self.name}: the portrait, by {self.by}"
        if self.given:
            return f"{self.name}: {', '.join(self.given)}, by {self.by}"
        return f"{self.name}: by {'a LoRA' if self.by == 'lora' else 'words and seed alone'}"


def likenesses(project: Project, unit: ShotPlan) -> list[Likeness]:
    """By what each character of a shot is held; none for a painter that draws by rule.

    A painter looks at so many pictures and no more: each character gets one, then those with more of them another.
    """
    if unit.painter is None or not is_model(unit.painter):
        return []
    means, left = backend(unit.painter.name).means(filled(unit.painter))
    painted = project.make.painter is not None and is_model(project.make.painter)
    cast = [one for one in unit.sheet(project) if one.role != "crowd"]
    whole = {one.name: len(one.references) or int(painted) for one in cast}
    counts = dict.fromkeys(whole, 0)
    while left > 0 and (short := [name for name in counts if counts[name] < whole[name]]):
        for name in short[:left]:
            counts[name] += 1
        left -= len(short)
    return [_likeness(one, means, counts[one.name]) for one in cast]


def _likeness(one: Character, means: str, count: int) -> Likeness:
    if means and count:
        return Likeness(one.name, means, one.references[:count], portrait=not one.references)
    return Likeness(one.name, "lora" if one.lora else "words")


def adapters(project: Project, unit: ShotPlan) -> list[Adapter]:
    """The LoRAs of a shot in their order: the painter's own, then its characters'; none where it wears none."""
    if unit.painter is None or "lora" not in _reads(unit.painter):
        return []
    cast = [one.lora for one in unit.sheet(project) if one.lora is not None]
    return [*unit.painter.adapters, *cast]


def follows(unit: ShotPlan) -> bool:
    """True where a shot's painter can follow a guide: it reads one, and names the ControlNet to follow it by."""
    return unit.painter is not None and "guide" in _reads(unit.painter) and bool(unit.painter.options.get("controlnet"))


def is_model(maker: Maker) -> bool:
    """True for a painter that reads a prompt at a size of its own, false for one that draws by rule."""
    return hasattr(backend(maker.name), "canvas")


def recipe(project: Project, unit: ShotPlan) -> tuple[dict[str, Json], dict[str, str]]:
    """What a painter reads of a shot: words, characters, style, size and seed; no time, and no sound.

    Raises ValueError for a shot without a painter.
    """
    if unit.painter is None:
        raise ValueError(f"{unit.id} has no painter")
    if is_model(unit.painter):
        return _drawn(project, unit, unit.painter)
    cast = unit.sheet(project)
    style, output = project.style, project.output
    values: dict[str, Json] = {
        "painter": named(unit.painter),
        "sentence": unit.prompt,
        "prompt": joined_prompt(unit.prompt, cast, style),
        "characters": [one.drawn() for one in cast],
        "style": {"look": style.look, "palette": list(style.palette), "lighting": style.lighting},
        "avoid": list(style.avoid),
        "size": [output.width, output.height],
        "seed": unit.seed,
    }
    return values, _sources(project, unit)


def _drawn(project: Project, unit: ShotPlan, maker: Maker) -> tuple[dict[str, Json], dict[str, str]]:
    """What a model reads of a shot: one prompt, at its own size, the weights of what it wears and whom its pictures
    show; what is to be avoided, if it reads that. The pictures and adapters themselves are inputs and files."""
    painter, options, output = backend(maker.name), filled(maker), project.output
    worn = adapters(project, unit)
    seen = [one for one in likenesses(project, unit) if one.pictures]
    cast = [one.called() if "lora" in _reads(maker) else one for one in unit.sheet(project)]
    prompt = joined_prompt(unit.prompt, cast, project.style)
    values: dict[str, Json] = {
        "painter": named(maker),
        "prompt": triggered(prompt, maker.adapters),
        "size": list(painter.canvas(options, output.width, output.height)),
        "seed": unit.seed,
        **({"avoid": list(project.style.avoid)} if painter.NEGATIVE else {}),
        **({"lora": [{"weight": one.weight} for one in worn]} if worn else {}),
    }
    sources = _sources(project, unit)
    if seen:
        values["cast"] = [
            {"name": one.name, "from": "portrait" if one.portrait else "references", "pictures": one.pictures}
            for one in seen
        ]
        for index, one in enumerate(seen):
            sources[f"cast.{index}"] = unit.sheet_source(project, one.name)
    sources |= {"lora": unit.sources.get("painter", "make.painter")}
    return values, {field: source for field, source in sources.items() if field.partition(".")[0] in values}


def _reads(maker: Maker) -> Sequence[str]:
    reads: Sequence[str] = getattr(backend(maker.name), "PAINTER_READS", ())
    return reads


def _sources(project: Project, unit: ShotPlan) -> dict[str, str]:
    prompt = unit.sources.get("prompt", "")
    sources = {
        "painter": unit.sources.get("painter", "make.painter"),
        "sentence": prompt,
        "prompt": prompt,
        "characters": unit.sources.get("characters", ""),
        "style.look": "style.look",
        "style.palette": "style.palette",
        "style.lighting": "style.lighting",
        "avoid": "style.avoid",
        "size": "output.size",
        "seed": unit.sources.get("seed", "seed"),
    }
    for index, name in enumerate(unit.characters):
        above = unit.sheet_source(project, name)
        for field in ("description", "wardrobe", "features"):
            sources[f"characters.{index}.{field}"] = above if ":" in above else f"{above}.{field}"
    return {field: source for field, source in sources.items() if source}


def make(job: Job, desk: Desk) -> Made:
    """The painter's still, and whatever other parts it hands on (the sketch: `layers`). Raises StageError."""
    painter = backend(job.recipe["painter"]["name"])
    given = {role: [desk.path(one) for one in blobs] for role, blobs in job.inputs.items()}
    given |= {role: [desk.path(one) for one in files] for role, files in job.files.items()}
    made = painter.paint(asked(job), desk.out, desk.progress, desk=desk, **given)
    return made if isinstance(made, Made) else Made(made)
