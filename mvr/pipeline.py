"""The whole pipeline on one screen: a project and what is known of it become a graph.

`wire` is pure. It asks `known` for the documents that say which nodes there are; while a document is not there yet,
what hangs on it is not either. It is called again when an answer changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from mvr import assembly, backends, captioning, further, look, shotlist
from mvr.assembly import Assembly, Line, Picture
from mvr.engine.graph import Graph, Held, Ref
from mvr.errors import ProjectError
from mvr.model import Character, Footage, Goal, Maker, Project, ShotPlan
from mvr.stages import (
    audio,
    captions,
    clip,
    cut,
    footage,
    keyframe,
    lyrics,
    music,
    photo,
    portrait,
    shots,
    song,
    sound,
    subtitles,
    treatment,
)
from mvr.timeline import FREE
from mvr.wiring import Known, Wiring, part


def wire(project: Project, known: Known, goal: Goal, out: Path) -> Graph:
    """The graph of a project for a goal. out is the folder of the films. Raises ProjectError for shots that are not."""
    wiring = Wiring(project, known, goal, out, Graph())
    add, graph = wiring.add, wiring.graph

    heard = add(song, "song", files={"song": [project.song.file]})
    notes = add(music, "music", inputs={"song": [heard], "mono": [part(heard, "mono")]})
    words = [add(lyrics, "lyrics", files={"lyrics": [project.lyrics]})] if project.lyrics else []
    cuts = add(cut, "cut", inputs={"music": [notes], **({"lyrics": words} if words else {})})
    text = {"text": [part(ref, "text") for ref in words]} if words else {}
    writer = _writer(project)
    story = add(treatment, "treatment", inputs={"form": [part(notes, "form")], **text}, **writer)
    wiring.want(cuts, *(() if project.frozen.shots else (story,)))

    info = known.document(graph, heard)
    cut_list = known.document(graph, cuts)
    if info is None or cut_list is None:
        return graph

    written: dict[str, Any] = {}
    sections = shotlist.unwritten(project, cut_list)
    for name in sections:
        reads = {"brief": [part(story, name)], "cuts": [part(cuts, name)]}
        ref = add(shots, f"{name}/shots", inputs=reads, section=name, **writer)
        wiring.want(ref)
        document = known.document(graph, ref)
        if document is not None:
            written[name] = document
    if not wiring.colour(story):
        return graph
    plans = shotlist.planned(project, cut_list, written, info["seconds"])

    if not goal.draft and not goal.rough and goal.until != "shots" and not goal.only:
        _portraits(wiring, plans)
    wiring.shots = len(plans)
    lines = [_shot(wiring, plan, notes, words) for plan in plans]
    if goal.until == "shots" or (goal.until == "portraits" and not goal.rough):
        return graph
    if len(plans) == len(cut_list["cuts"]):
        _known_shots(goal, [plan.id for plan in plans])
    whole = len(plans) == len(cut_list["cuts"])
    film = assembly.assembled(wiring, lines, whole=whole)
    if not goal.rough:
        for line in film.lines:
            if not goal.only or line.plan.id in goal.only:
                wiring.want(*line.wanted(goal.until))
    if whole and len(written) == len(sections) and _films(wiring, film, heard, info["seconds"], cut_list["sections"]):
        shoot = partial(_shot, notes=notes, words=words)
        wiring.want(*further.films(wiring, film.lines, cut_list, written, heard, info["seconds"], shoot))
        wiring.want(*(add(subtitles, "subtitles", inputs={"lyrics": [ref]}) for ref in words))
        track, parts = Ref("audio"), cut_list["sections"]
        wiring.want(assembly.joined(wiring, film, "film", "film.mp4", track, info["seconds"], parts))
    return graph


def _films(wiring: Wiring, film: Assembly, heard: Ref, seconds: float, sections: Sequence[Any]) -> bool:
    """The sound, and the film as it stands where the goal asks for that; says whether the film itself is wanted."""
    goal, files = wiring.goal, {"song": [wiring.project.song.file]}
    finished = not goal.rough and not goal.until and not goal.only and not any(line.waits for line in film.lines)
    if finished or goal.rough or goal.live:
        track = wiring.add(audio, "audio", None, {"song": [heard]}, files, seconds=seconds)
    if goal.rough or goal.live:
        wiring.want(assembly.rough(wiring, film, track, seconds, sections))
    return finished


def _writer(project: Project) -> dict[str, Any]:
    """Where the project's writer runs, whether its words are the same anywhere, and how it is to be asked."""
    maker = project.make.writer
    module = backends.backend(maker.name)
    return {"lane": module.WRITER_LANE, "exact": module.WRITER_EXACT, **backends.unkeyed(maker)}


def _painter(maker: Maker) -> dict[str, Any]:
    return {"lane": backends.backend(maker.name).PAINTER_LANE, **backends.unkeyed(maker)}


def _known_shots(goal: Goal, shots: Sequence[str]) -> None:
    """Raises ProjectError for a shot that was asked for and is not in the film."""
    for shot in goal.only:
        if shot not in shots:
            raise shotlist.unknown(shot, shots)


def _portraits(wiring: Wiring, plans: Sequence[ShotPlan]) -> None:
    """Every character's portrait: of a painter that is a model, of those without pictures of the user's."""
    painter = wiring.project.make.painter
    if painter is None:
        return
    thought_of = {one.name: one for plan in plans for one in plan.thought_of}
    for character in (*wiring.project.characters, *thought_of.values()):
        if character.role != "crowd" and not (character.references and keyframe.is_model(painter)):
            wiring.want(_portrait(wiring, character, painter))


def _portrait(wiring: Wiring, character: Character, painter: Maker) -> Ref:
    """A character's portrait, once."""
    name = f"@{character.name}/portrait"
    if name in wiring.graph.nodes:
        return Ref(name)
    worn = [one.file for one in portrait.adapters(wiring.project, character)]
    files: dict[str, Sequence[str]] = {"references": character.references, "lora": worn}
    files = {role: paths for role, paths in files.items() if paths}
    return wiring.add(portrait, name, character, files=files, **_painter(painter))


def _still(wiring: Wiring, plan: ShotPlan, name: str) -> Ref:
    """A shot's still, held to its characters' pictures by the strongest means that its painter has."""
    project, painter = wiring.project, plan.painter
    assert painter is not None
    held = keyframe.likenesses(project, plan)
    sheet = {one.name: one for one in plan.sheet(project)}
    maker = project.make.painter
    portraits = [_portrait(wiring, sheet[one.name], maker) for one in held if one.portrait and maker]
    files = {
        "references": [path for one in held for path in one.given],
        "lora": [one.file for one in keyframe.adapters(project, plan)],
        "guide": [plan.guide] if plan.guide else [],
    }
    if plan.guide and not keyframe.follows(plan):
        hint = "flux and sdxl follow one by a ControlNet: `make: {painter: {with: flux, controlnet: {model: ...}}}`"
        raise ProjectError([wiring.fault(plan.sources["guide"], f"{painter.name} follows no guide", hint)])
    files = {role: paths for role, paths in files.items() if paths}
    inputs = {"portraits": portraits} if portraits else {}
    says = [one.says() for one in held]
    return wiring.add(keyframe, name, plan, inputs, files, says=says, **_painter(painter))


def _shot(wiring: Wiring, plan: ShotPlan, notes: Ref, words: Sequence[Ref]) -> Line:
    """A shot's sound, still, clip and segment."""
    lyric = {"lyrics": words} if words else {}
    heard = wiring.add(
        sound,
        f"{plan.id}/sound",
        plan,
        {"beats": [part(notes, "beats")], "envelopes": [part(notes, "envelopes")], **lyric},
    )
    shown = _words(wiring, plan, words)
    if plan.pin:
        held = wiring.known.pinned(plan.id, plan.pin)
        if held is None:
            hint = "fetch it (`mvr store pull FOLDER`), or choose one that is here: `mvr takes " + plan.id + "`"
            raise ProjectError([wiring.fault(plan.sources["pin"], f"the clip {plan.pin} is not here", hint)])
        told = assembly.shown(held)
        lead = told.get("lead", 0)
        picture = Picture({"clip": [held]}, how={"pad": True, **told}, handles=(lead, lead))
        return Line(plan, heard, None, None, picture, (), words=shown, pinned=held, moved=_moves(plan))
    if plan.clip is not None:
        return _footage(wiring, plan, plan.clip, heard, shown)
    still, moving = _take(wiring, plan, heard, notes, "")
    takes = [_take(wiring, other, heard, notes, f"@{name}") for name, other in plan.others.items()]
    others = tuple(drawn if drawn and _waits(wiring, plan, drawn, move) else move for drawn, move in takes)

    def beyond(name: str, window: tuple[int, int]) -> Ref:
        return _clip(wiring, plan, still, heard, f"{plan.id}/{name}", window=window)

    handles = clip.handles(wiring.project, plan)
    drawn_anew = beyond if handles[0] == FREE else None
    picture = Picture({"clip": [moving]}, {}, clip.shown(wiring.project, plan), handles, drawn_anew)
    waits = _waits(wiring, plan, still, moving)
    return Line(plan, heard, still, moving, picture, others, waits, shown, moved=_moves(plan))


def _words(wiring: Wiring, plan: ShotPlan, lyric: Sequence[Ref]) -> Ref | None:
    """The lyrics that are on screen in a shot, where it shows them."""
    if not lyric or not captioning.shows_lyrics(wiring.project, plan):
        return None
    how = wiring.project.words.captions
    name, inputs = f"{plan.id}/captions", {"lyrics": lyric}
    return wiring.add(captions, name, plan, inputs, karaoke=how != "lines", signs=how == "karaoke")


def _moves(plan: ShotPlan) -> bool:
    """Whether a shot's animator moves its pictures with the sound by itself."""
    return "sound" in backends.backend(plan.animator.name).READS


def _footage(wiring: Wiring, plan: ShotPlan, clip_of: Footage, heard: Ref, shown: Ref | None) -> Line:
    """A shot of the user's own footage: a look at the file, and the file itself, which is as long as it is wanted."""
    looks = wiring.add(footage, f"{plan.id}/footage", plan, files={"clip": [clip_of.file]})
    place = {"at": plan.first_frame} if plan.throughout else {"from": clip_of.begin}
    how = {**place, "end": clip_of.end, "speed": plan.speed, "frames": plan.frames, "spare": wiring.project.cut.handles}
    files = {"clip": [clip_of.file]}
    picture = Picture({"footage": [looks]}, files, {"footage": how}, (FREE, FREE))
    return Line(plan, heard, None, None, picture, (), words=shown)


def _waits(wiring: Wiring, plan: ShotPlan, still: Ref | None, moving: Ref) -> bool:
    """True where no clip is to be made of a still before it is approved, and none is there."""
    if wiring.project.make.approve != "stills" or still is None or wiring.known.fresh(wiring.graph, moving):
        return False
    if isinstance(plan.approved, bool):
        return not plan.approved
    return not wiring.known.digest(wiring.graph, still).startswith(plan.approved)


def _take(wiring: Wiring, plan: ShotPlan, heard: Ref, notes: Ref, suffix: str) -> tuple[Ref | None, Ref]:
    """The still and the clip of one take; a take of another motion shares the chosen take's still."""
    still = None
    if plan.photo:
        name = f"{plan.id}/keyframe"
        still = Ref(name + wiring.suffix)
        if still.node not in wiring.graph.nodes:
            wiring.add(photo, name, plan, files={"still": [plan.photo]}, chain=look.shape(plan))
    elif plan.painter is not None:
        name = f"{plan.id}/keyframe{'' if suffix.startswith('@m') else suffix}"
        still = Ref(name + wiring.suffix)
        if still.node not in wiring.graph.nodes:
            _still(wiring, plan, name)
    beats = _beats(wiring, plan, notes) if clip.splits(wiring.project, plan) else ()
    return still, _clip(wiring, plan, still, heard, f"{plan.id}/clip{suffix}", beats=beats)


def _clip(wiring: Wiring, plan: ShotPlan, still: Ref | None, heard: Ref, name: str, **more: Any) -> Ref:
    """A clip of a still: of the shot, or of a window of frames beyond it."""
    animator = backends.backend(plan.animator.name)
    inputs: dict[str, Sequence[Ref | Held]] = {}
    if still is not None:
        inputs = {"still": [still]}
        parts = getattr(backends.backend(plan.painter.name), "PARTS", ()) if plan.painter else ()
        if "layers" in animator.READS and "layers" in parts:
            inputs["layers"] = [part(still, "layers")]
    if "sound" in animator.READS:
        inputs["sound"] = [heard]
    inputs = {role: refs for role, refs in inputs.items() if role in animator.READS}
    runs = {"lane": animator.ANIMATOR_LANE, **backends.unkeyed(plan.animator)}
    if shown := clip.shown(wiring.project, plan):
        runs["how"] = {**runs.get("how", {}), "shown": shown, "shots": wiring.shots}
    return wiring.add(clip, name, plan, inputs, **runs, **more)


def _beats(wiring: Wiring, plan: ShotPlan, notes: Ref) -> list[float]:
    """The song's beats inside a shot, in frames from its start."""
    heard = wiring.known.document(wiring.graph, part(notes, "beats")) or {"beats": ()}
    frames = (float(time * wiring.project.output.fps) - plan.first_frame for time in heard["beats"])
    return [round(frame, 2) for frame in frames if 0 < frame < plan.frames]
