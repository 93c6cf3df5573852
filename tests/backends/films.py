"""Films as the rules writer would have them: a song, a concept and a cut become a treatment and shots, in process."""

from __future__ import annotations

from typing import Any

from mvr.backends import rules
from mvr.cutting.song import Energy
from mvr.stages import cut
from tests.score import form

CAST = [
    {"name": "ada", "role": "lead", "arc": "", "range": []},
    {"name": "ben", "role": "supporting", "arc": "", "range": []},
    {"name": "cleo", "role": "supporting", "arc": "", "range": []},
    {"name": "fans", "role": "crowd", "arc": "", "range": []},
]
STYLE = {"look": "", "lighting": "", "camera": "", "palette": []}


class Film:
    """A film as the stages would have it written: its treatment, and its shots in their order.

    writer: another backend than the rules. asked: what its questions hold beside the project's own, and desk is its
    desk.
    """

    def __init__(self, music: Any, concept: str, **more: Any) -> None:
        self.concept, self.music, seed = concept, music, more.get("seed", 1)
        lines = more.get("lines", [])
        cast = more.get("cast", [])
        writer, asked, desk = more.get("writer", rules), more.get("asked", {}), more.get("desk")
        sections = {
            name: {"concept": note, "characters": None} if isinstance(note, str) else note
            for name, note in more.get("sections", {}).items()
        }
        style = {**STYLE, **more.get("style", {})}
        ask = {**asked, "seed": seed, "concept": concept, "sections": sections, "style": style}
        self.treatment = writer.treatment(
            {**ask, "characters": cast, "form": form(music), "lines": [line["text"] for line in lines]}, desk
        )
        self.briefs = {brief["section"]: brief for brief in self.treatment["sections"]}
        how = {
            "by": more.get("by", "music"),
            "length": more.get("length", [2.5, 7.0]),
            "at": more.get("at", []),
            "drop": more.get("drop", []),
            "seed": seed,
        }
        shots = cut.arranged(music, how, lines)
        energy = Energy(music)
        for shot in shots:
            shot["energy"] = round(energy.mean(shot["start"], shot["until"]), 3)
        self.shots: dict[str, Any] = {}
        self.written: dict[str, Any] = {}
        self.cut: dict[str, Any] = {"cuts": [], "sections": []}
        for section in music["sections"]:
            cuts = cut._section(section, shots, lines)
            self.cut["sections"].append(section)
            self.cut["cuts"] += ({**shot, "section": section["name"]} for shot in cuts["shots"])
            brief = self.briefs[section["name"]]
            people = [{key: who[key] for key in ("name", "role")} for who in cast]
            ask = {**asked, "seed": seed, "section": section["name"], "brief": brief, "cuts": cuts}
            document = writer.section({**ask, "characters": people}, desk)
            assert [shot["id"] for shot in document["shots"]] == [shot["id"] for shot in cuts["shots"]]
            self.written[section["name"]] = document
            self.shots.update((shot["id"], shot) for shot in document["shots"])

    def __repr__(self) -> str:
        return f"Film({self.concept!r}, {len(self.shots)} shots)"

    def prompts(self, section: str = "") -> list[str]:
        return [shot["prompt"] for name, shot in self.shots.items() if name.startswith(section)]
