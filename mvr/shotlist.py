"""The shot list: the cut, the written shots and the user's overrides become the shots that will be made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from mvr.errors import ProjectError, StageError
from mvr.model import Character, Json, Maker, Project, ShotPlan, Take, frozen_names, joined_prompt
from mvr.overrides import Change, Listing
from mvr.timeline import Timeline, film_frames, nearest, rate_text, seconds_of

WRITTEN = ("purpose", "prompt", "motion", "characters", "keep")
SAME = 1e-6  # seconds


def planned(
    project: Project, cut: Json, written: Mapping[str, Json], seconds: float | Fraction | None = None
) -> tuple[ShotPlan, ...]:
    """The shots of the film in their order, of every section whose written shots are there; frozen words come first.

    cut is the document of the stage `cut`, written maps a section to the document of its stage `shots`; seconds is the
    song's exact length (the cut's own, rounded to 1e-6 s, if left out). The frames of a shot depend on the cut and the
    overrides alone. Raises ProjectError with every override that meets no shot, meets what another one set already, or
    moves a cut where no cut can be; StageError where a section's written shots lack one of its shots.
    """
    listing = Listing(project, cut["cuts"], cut["sections"])
    changes = listing.changes()
    fps = project.output.fps
    frames = film_frames(listing.duration if seconds is None else seconds, fps)
    if len(listing.ids) > frames:
        raise ProjectError(
            f"the cut has {len(listing.ids)} shots, but the film only {frames} frames",
            "raise output.fps or cut.length, or name fewer times in cut.at",
        )
    timeline = Timeline.of(list(zip(listing.ids, listing.edges, strict=False)), frames, fps)
    plans = []
    for index, (entry, span) in enumerate(zip(listing.cuts, timeline.picture.cuts, strict=True)):
        document = {"shots": ()} if entry["id"] in project.frozen.shots else written.get(entry["section"])
        if document is None:
            continue
        words = project.frozen.shots.get(entry["id"])
        words = words or next((shot for shot in document["shots"] if shot["id"] == entry["id"]), None)
        if words is None:
            raise StageError(
                f"{entry['section']}/shots has no words for {entry['id']}", "the writer left a shot out; render again"
            )
        sources = listing.sources(index)
        cast = document.get("cast", ())
        plans.append(
            _plan(
                project, entry, {**words, "cast": cast}, (span.first, span.end), changes.get(entry["id"], {}), sources
            )
        )
    return tuple(replace(plan, film=frames) for plan in plans)


def unwritten(project: Project, cut: Json) -> list[str]:
    """The sections of a cut that need a writer: those with a shot, or all, that no frozen words are for."""
    frozen = project.frozen.shots
    needed = {entry["section"] for entry in cut["cuts"] if entry["id"] not in frozen}
    return [section["name"] for section in cut["sections"] if not frozen or section["name"] in needed]


def document(
    project: Project, plans: Sequence[ShotPlan], states: Mapping[str, str], lines: Sequence[Json] = ()
) -> Json:
    """The shot list as `mvr shots --json` prints it. states: a shot's id -> fresh, stale or waits; lines: the lyrics'
    own [{start, end, text}], seconds in the film."""
    fps = project.output.fps
    return {
        "fps": rate_text(fps),
        "frames": plans[-1].end_frame if plans else 0,
        "shots": [
            {
                "id": plan.id,
                "start": round(seconds_of(plan.first_frame, fps), 6),
                "end": round(seconds_of(plan.end_frame, fps), 6),
                "first_frame": plan.first_frame,
                "end_frame": plan.end_frame,
                "section": plan.section,
                "purpose": plan.purpose,
                "prompt": joined_prompt(plan.prompt, plan.sheet(project), project.style),
                "motion": plan.motion,
                "direction": plan.direction,
                "keep": list(plan.keep),
                "characters": list(plan.characters),
                "lyric": _sung(lines, seconds_of(plan.first_frame, fps), seconds_of(plan.end_frame, fps)),
                "energy": round(plan.energy, 3),
                "transition": plan.transition,
                "seed": plan.seed,
                "take": plan.take.written(),
                "state": states.get(plan.id, "waits"),
                "provenance": {
                    "painter": plan.painter.name if plan.painter else None,
                    "animator": plan.animator.name,
                    "prompt": plan.sources["prompt"],
                    "motion": plan.sources["motion"],
                },
            }
            for plan in plans
        ],
    }


def named(plans: Sequence[ShotPlan], shot: str) -> ShotPlan:
    """The shot of that id. Raises ProjectError where there is none."""
    for plan in plans:
        if plan.id == shot:
            return plan
    raise unknown(shot, [plan.id for plan in plans])


def unknown(shot: str, shots: Sequence[str]) -> ProjectError:
    """The error of who names a shot that the film does not have."""
    near = ", ".join(nearest(shot, shots))
    return ProjectError(f"no shot is named {shot}", f"the nearest are {near}; `mvr shots` lists them all")


def place_of(plan: ShotPlan, field: str) -> tuple[str, str, str]:
    """Where a field of a shot stands in the project file, or is to stand: under a moment if it does, else the id."""
    source = plan.sources.get(field, "")
    key = source.removeprefix("shots.").removesuffix(f".{field}") if source.startswith("shots.") else plan.id
    return "shots", key, field


def _sung(lines: Sequence[Json], start: Fraction | float, end: Fraction | float) -> str:
    """The lines that are sung in a shot, parted by ` / `."""
    return " / ".join(line["text"] for line in lines if line["start"] < end - SAME and line["end"] > start + SAME)


def seed_of(project_seed: int, shot: str, take: int) -> int:
    """A shot's seed, 0 to 2^31 - 1: from the project's seed, the shot's id and the take, and from nothing else."""
    text = f"{project_seed}\n{shot}\n{take}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1


def seeds_of(project_seed: int, shot: str, take: Take, given: int | None) -> tuple[int, int]:
    """The seeds of a take's still and motion. given: the shot's own `seed`, which is take 1's, and gives the others."""

    def one(number: int) -> int:
        if given is None:
            return seed_of(project_seed, shot, number)
        return given if number == 1 else seed_of(given, shot, number)

    return one(take.still), one(take.motion)


def takes_of(chosen: Take, count: Json) -> dict[str, Take]:
    """The takes beside the chosen one, by the number that names their nodes.

    A count of 4 is takes 1 to 4, each with its own still and motion; {still: 2, motion: 3} is two stills with the
    chosen motion's number, and three motions of the chosen still (`m1`, `m2`, ...).
    """
    if isinstance(count, int):
        return {str(n): Take(n, n) for n in range(1, count + 1) if Take(n, n) != chosen}
    many = Take.of(count)
    stills = {str(n): Take(n, chosen.motion) for n in range(1, many.still + 1) if n != chosen.still}
    return stills | {f"m{n}": Take(chosen.still, n) for n in range(1, many.motion + 1) if n != chosen.motion}


def _plan(
    project: Project,
    entry: Json,
    words: Json,
    span: tuple[int, int],
    changes: Mapping[str, Change],
    places: Mapping[str, str],
) -> ShotPlan:
    """One shot: what was written of it, with the user's own fields in place of the written ones."""
    shot, section = entry["id"], entry["section"]
    frozen = f"{frozen_names(project.file)[1]}:shots.{shot}" if shot in project.frozen.shots else ""
    sources = {name: f"{frozen}.{name}" if frozen else f"{section}/shots:{shot}.{name}" for name in WRITTEN}
    sources.update(
        seed="seed",
        clip="clip",
        fit="look.fit",
        painter="make.painter",
        animator="make.animator",
        react="look.react",
        **places,
    )
    sources.update((name, change.path) for name, change in changes.items())
    if not project.make.chosen and "animator" not in changes:
        sources["animator"] = sources["painter"]

    def value(name: str, default: Json) -> Json:
        return changes[name].value if name in changes else default

    take = Take.of(value("take", 1))
    given = changes["seed"].value if "seed" in changes else None
    still_seed, motion_seed = seeds_of(project.seed, shot, take, given)
    cast = tuple(value("characters", words["characters"]))
    thought_of = tuple(_character(one) for one in words["cast"] if one["name"] in cast)
    known = {one.name: one for one in (*thought_of, *project.characters)}
    painter = Maker.of(value("painter", project.make.painter))
    photo, clip = value("still", ""), value("clip", None)
    painter = None if photo else painter
    keep = [*words["keep"], *(f"preserve the {trait}" for x in cast for trait in known[x].constant)]
    plan = ShotPlan(
        id=shot,
        section=section,
        first_frame=span[0],
        end_frame=span[1],
        purpose=value("purpose", words["purpose"]),
        prompt=value("prompt", " ".join(words["prompt"].split())),
        motion=value("motion", " ".join(words["motion"].split())),
        characters=cast,
        keep=tuple(value("keep", keep)),
        seed=still_seed,
        motion_seed=motion_seed,
        energy=entry["energy"],
        painter=painter,
        animator=Maker.of(value("animator", None)) or project.make.mover(painter),
        caption=value("caption", None),
        react=value("react", project.react) not in ("none", False),
        clip=clip or (None if photo else project.clip),
        throughout=not clip and not photo and project.clip is not None,
        photo=photo,
        fit=value("fit", project.look.fit),
        crop=tuple(value("crop", ())),
        speed=str(value("speed", 1)),
        moves=_moves(value("react", project.look.react)),
        transition=value("transition", getattr(project.cut, f"{places['transition'].rpartition('.')[2]}_transition")),
        take=take,
        pin=value("pin", ""),
        guide=value("guide", "") or "",
        approved=value("approved", False),
        direction=words.get("direction", ""),
        thought_of=thought_of,
        sources=sources,
    )
    others = {}
    for name, other in takes_of(take, value("takes", 1)).items():
        still_seed, motion_seed = seeds_of(project.seed, shot, other, given)
        others[name] = replace(plan, take=other, seed=still_seed, motion_seed=motion_seed, pin="")
    return replace(plan, others=others)


def _moves(written: Json) -> Mapping[str, tuple[str, float]]:
    return {} if written == "none" else written


def _character(written: Json) -> Character:
    """A character that the writer thought of."""
    return Character(**{**written, "features": tuple(written["features"])})
