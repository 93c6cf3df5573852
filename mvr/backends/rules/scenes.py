"""The shots of one section: what each shows, how it moves, who is in it, and what it is for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .casting import NAMES
from .dice import dice, ordered, pick, weighted
from .reading import capital, found, opened, read, subject, vocabulary

CLOSE = ("medium close", "close", "near")
FITS = {"thing": ("full", "medium full", "medium"), "bare": ("wide", "full", "medium full")}
"""The sizes that suit what is shown without anybody: a thing whole, and a place wide."""

FEELING = 4  # words that a feeling has at most, to stand in a prompt


@dataclass
class Shot:
    """One shot while it is being thought of. local is its place in the section, such as `5b`."""

    id: str
    local: str
    bar: int
    nth: int
    energy: float = 0.5
    words: Sequence[str] = ()
    host: str = ""
    purpose: str = "develop"
    size: str = ""
    angle: str = ""
    move: str = ""
    detail: str = ""
    image: str = ""  # of the words sung in it
    cast: list[str] = field(default_factory=list)
    kind: str = "told"  # by the section's sentence; or a `beat` of one or two, a `thing`, or `bare`: the place alone

    @property
    def empty(self) -> bool:
        """Nobody is in it, whoever is in the section."""
        return self.kind in ("thing", "bare")


def section(ask: Any) -> Any:
    """The shots as stages/shots hands them on. ask: that stage's recipe, brief and cuts.

    Planned shots are thought of first and in their order, dropped ones too; then each forced one by itself. So a
    forced or a dropped cut changes no other shot's words.
    """
    writer = _Writer(ask)
    listed = {shot["id"]: shot for shot in ask["cuts"]["shots"]}
    known = {**listed, **{shot["id"]: shot for shot in ask["cuts"]["dropped"]}}
    planned = [_shot(name, known[name]) for name in ask["cuts"]["planned"]]
    forced = [_shot(name, shot) for name, shot in listed.items() if shot["forced"]]
    writer.plan(planned)
    for shot in forced:
        writer.force(shot, planned, first=shot is forced[0])
    written = {shot.id: writer.write(shot) for shot in [*planned, *forced]}
    shots = [written[name] for name in listed]
    seen = {name for shot in shots for name in shot["characters"]}
    return {
        "section": ask["section"],
        "shots": shots,
        "cast": [who for who in ask["brief"].get("cast", ()) if who["name"] in seen],
    }


def _shot(name: str, entry: Any) -> Shot:
    local = name.rpartition(".")[2]
    digits = re.match(r"\d*", local)
    place = digits[0] if digits else ""
    letters = local[len(place) :].removeprefix("s")
    nth = sum((ord(letter) - 96) * 26**power for power, letter in enumerate(reversed(letters)))
    shot = Shot(name, local, int(place or 0), nth)
    shot.energy, shot.words, shot.host = entry["energy"], entry["words"], entry.get("host", name)
    return shot


class _Writer:
    """Writes the shots of one section; remembers its sentences, so that no two are alike."""

    def __init__(self, ask: Any) -> None:
        self.brief: Any = ask["brief"]
        self.seed: int = ask["seed"]
        self.camera: Any = vocabulary("camera")
        self.moves: Any = vocabulary("moves")["moves"]
        self.place: Any = vocabulary("places")[self.brief["place"]]
        self.body = opened(self.brief["brief"])
        self.said = read(self.body)
        people = [*ask["characters"], *self.brief.get("cast", ())]
        self.roles = {who["name"]: who["role"] for who in people}
        self.cast = [who["name"] for who in people if who["name"] in self.brief["characters"]]
        self.level = {"low": "low", "falling": "low", "medium": "medium", "rising": "medium", "high": "high"}[
            self.brief["energy"]
        ]
        text = set(re.findall(r"[\w-]+", self.brief["camera"].lower()))
        self.biases = [bias for bias, words in self.camera["biases"].items() if text & set(words)]
        self.manner: Any = self.camera["manners"][self.brief["manner"]] if "manner" in self.brief else {}
        self.feelings: dict[str, str] = self.brief.get("feelings", {})
        self.used: set[str] = set()

    # what is chosen for a shot

    def plan(self, planned: Sequence[Shot]) -> None:
        """Sizes, angles, moves, casts and purposes of the planned shots; no two within three share size or angle."""
        for index, shot in enumerate(planned):
            near = planned[max(0, index - 2) : index]
            shot.kind = self._kind(index, planned)
            if index == 0:
                shot.size = shot.angle = self.brief["opening"]
            else:
                shot.size = self._free("sizes", shot, near)[0]
                shot.angle = self._free("angles", shot, near)[0]
            shot.move = self._moves(shot, {other.move for other in near})[0]
        self._purposes(planned)
        self._casts(planned)
        for index, shot in enumerate(planned):
            shot.detail = self._details(shot, planned[max(0, index - 6) : index])[0]
            shot.image = self._sung(shot, planned[:index])

    def force(self, shot: Shot, planned: Sequence[Shot], *, first: bool) -> None:
        """A forced shot: as unlike the planned ones around it as can be. The first of a section that is too short for
        planned ones opens it."""
        index = next((index for index, other in enumerate(planned) if other.id == shot.host), None)
        near = [] if index is None else planned[max(0, index - 1) : index + 2]
        host = shot if index is None else planned[index]
        rank = 2 * (shot.bar - host.bar) + shot.nth
        sizes, angles = self._free("sizes", host, near), self._free("angles", host, near)
        shot.size, shot.angle = sizes[rank % len(sizes)], angles[rank % len(angles)]
        if first and not planned:
            shot.size = shot.angle = self.brief["opening"]
        moves = self._moves(host, {other.move for other in near})
        shot.move = moves[rank % len(moves)]
        shot.purpose = "develop" if host.purpose in ("establish", "transition") else host.purpose
        shot.cast = self._company(shot)
        shot.detail = self._details(shot, near)[0]
        shot.image = self._sung(shot, planned)

    def _free(self, table: str, shot: Shot, near: Sequence[Shot]) -> list[str]:
        """Sizes or angles that no shot near by has, the one to choose first."""
        taken = {getattr(other, table[:-1]) for other in near}
        liked = FITS.get(shot.kind, ()) if table == "sizes" else ()
        weights = {
            name: _product(entry.get(key, 1) for key in (self.level, *self.biases))
            * self._suits(table, name)
            * (1 if not liked or name in liked else 0.01)
            for name, entry in self.camera[table].items()
            if name not in taken and not (name == "behind" and (shot.empty or not self.cast))
        }
        return weighted(weights, self.seed, self.brief["echo"], shot.local, table)

    def _moves(self, shot: Shot, taken: set[str]) -> list[str]:
        loud = "loud" if self.level == "high" else "quiet"
        weights = {
            name: entry[loud] * self._suits("moves", name) for name, entry in self.moves.items() if name not in taken
        }
        return weighted(weights, self.seed, self.brief["echo"], shot.local, "move")

    def _suits(self, table: str, name: str) -> float:
        """How well a size, an angle or a move suits the film's manner; where the user says how the camera is, alike."""
        return 1.0 if self.biases else float(self.manner.get(table, {}).get(name, 1))

    def _purposes(self, planned: Sequence[Shot]) -> None:
        main, closing = self.brief["purpose"], self.brief["closing"]
        for index, shot in enumerate(planned):
            shot.purpose = main
            if index == 0 and main in ("develop", "transition"):
                shot.purpose = "establish"
            elif index == len(planned) - 1 > 0 and (closing == "resolve" or main == "develop"):
                shot.purpose = closing
            elif main == "develop" and closing == "resolve" and index == 3 * len(planned) // 4:
                shot.purpose = "climax"  # the film is this one section

    # who is in a shot

    def _may_be_bare(self, planned: Sequence[Shot]) -> bool:
        """Whether the section may open on its place alone: far off, where no sentence of the user's says what is seen,
        and neither where the film climbs nor where it ends."""
        brief = self.brief
        calm = brief["role"] not in ("pre-chorus", "chorus", "solo", "outro")
        return bool(self.cast) and calm and not brief["given"] and brief["opening"] == "broad" and len(planned) > 2

    def _kind(self, index: int, planned: Sequence[Shot]) -> str:
        """How a shot tells: a sentence that was told is not told again by every shot, but answered by what is around
        it. The section's first words and the film's last shot tell it; the user's own sentence every shot does."""
        if index == 0:
            return "bare" if self._may_be_bare(planned) else "told"
        last = self.brief["closing"] == "resolve" and index == len(planned) - 1
        if self.brief["given"] or last or not self.body or (index == 1 and planned[0].empty):
            return "told"
        ring = ("beat", "thing" if self.brief.get("things") else "bare", "told") if self.cast else ("bare", "told")
        turn = int(dice(self.seed, self.brief["echo"], "turn") * (len(ring) - 1))
        kind = ring[(index - 1 + turn) % len(ring)]
        return "bare" if kind == "thing" and dice(self.seed, planned[index].id, "thing") < 0.5 else kind

    def _casts(self, planned: Sequence[Shot]) -> None:
        """Each shot's cast; then whoever has not appeared gets a shot, and a lead who has never been alone one too."""
        shown = [shot for shot in planned if not shot.empty]
        for shot in shown:
            shot.cast = self._company(shot)
        kept = set()
        for who in self.cast:
            if shown and not any(who in shot.cast for shot in shown):
                shot = min(shown, key=lambda shot: dice(self.seed, who, shot.id))
                shot.cast = [name for name in self.cast if name in {*shot.cast, who}]
                kept.add(shot.id)
        named = self._named()
        for lead in (who for who in self.cast if self.roles[who] == "lead"):
            spare = [shot for shot in shown if shot.id not in kept]
            others = {who for shot in shown for who in shot.cast if who != lead}
            if named or not spare or not others or any(shot.cast == [lead] for shot in shown):
                continue
            shot = min(spare, key=lambda shot: dice(self.seed, lead, "alone", shot.id))
            rest = [other for other in shown if other is not shot]
            if all(any(who in other.cast for other in rest) for who in others):
                shot.cast = [lead]

    def _company(self, shot: Shot) -> list[str]:
        """Who is in a shot, by the shot's own dice: most often one lead, at times one more, now and then a crowd."""
        leads, others, crowd = ([w for w in self.cast if self.roles[w] == role] for role in _ROLES)
        throw = dice(self.seed, shot.id, "cast")
        cast = {pick(leads, self.seed, shot.id, "lead")} if leads else set()
        if others and (throw < 0.4 or not leads):
            cast.add(pick(others, self.seed, shot.id, "other"))
        elif len(leads) > 1 and throw > 0.6:
            cast.update(leads[:2])
        if crowd and (not cast or dice(self.seed, shot.id, "crowd") < 0.4):
            cast.add(pick(crowd, self.seed, shot.id, "crowd"))
        cast.update(self._named())
        return [who for who in self.cast if who in cast]

    def _named(self) -> list[str]:
        """Characters that the section's own sentence calls by their names; two who are spoken of as two."""
        words = {word.lower() for word in re.findall(r"[\w-]+", self.body)}
        if self.brief["given"]:
            return [who for who in self.cast if who.lower() in words]
        pair = [who for who in self.cast if who.startswith(NAMES)]
        return pair if words & set(vocabulary("words")["pairs"]) else []

    # how a shot is put into words

    def write(self, shot: Shot) -> Any:
        """The shot as a document."""
        return {
            "id": shot.id,
            "purpose": shot.purpose,
            "prompt": self._prompt(shot),
            "motion": self._motion(shot),
            "characters": shot.cast,
            "direction": self._direction(shot),
            "keep": self._keep(shot),
        }

    def _prompt(self, shot: Shot) -> str:
        opening = self.camera["openings"].get(shot.size)
        size = opening["size"] if opening else self.camera["sizes"][shot.size]["text"]
        angle = opening["angle"] if opening else self.camera["angles"][shot.angle]["text"]
        form = int(dice(self.seed, shot.id, "form") * 3)
        details = self._details(shot, ())
        first = [shot.image or shot.detail]
        tries = [first, *([*first, other] for other in details if other not in first)]
        tries += [[one, other] for one in details for other in details if one != other]
        prompt = ""
        for tried in tries:
            prompt = self._sentence(shot, size, angle, tried, form)
            if re.sub(r"\d+", "", prompt) not in self.used:
                break
        self.used.add(re.sub(r"\d+", "", prompt))
        return prompt

    def _sentence(self, shot: Shot, size: str, angle: str, details: Sequence[str], form: int) -> str:
        felt = self._felt(shot)
        lens, seen = self.brief["lens"], capital(", ".join([*([felt] if felt else []), *details]))
        if shot.kind == "bare" or not self.body:
            place = self.brief["place_words"]
            if read(place).place != self.brief["place"]:  # the deep water may be any sea
                place += f" {self.place['at']}"
            return f"{size} {angle}: {place}{self._where('', bare=True)}. {seen}; {lens}."
        told = self._told(shot)
        where = self._where(told)
        ending = f"{capital(lens)}; {seen[:1].lower()}{seen[1:]}." if form == 2 else f"{seen}; {lens}."
        if form == 1 and where:
            return f"{capital(where)}, {size[0].lower()}{size[1:]} {angle}: {told}. {ending}"
        return f"{size} {angle}{', ' if where else ''}{where}: {told}. {ending}"

    def _told(self, shot: Shot) -> str:
        """What a shot says: the section's sentence, what one or two do meanwhile, or a thing of the concept."""
        if (
            shot.kind == "beat"
            and 1 <= len(shot.cast) <= 2
            and not any(self.roles[who] == "crowd" for who in shot.cast)
        ):
            one = len(shot.cast) == 1
            beats = vocabulary("moves")["beats" if one else "beats of two"][self.level]
            who = self._called(shot.cast[0]) if one else "the two of them"
            return f"{who} {pick(beats, self.seed, shot.id, 'beat')}"
        if shot.kind == "thing":
            thing = pick(self.brief["things"], self.seed, shot.id, "thing")
            return str(pick(self.camera["things"], self.seed, shot.id, "held")).format(thing=thing)
        return self.body

    def _called(self, name: str) -> str:
        """A character as a sentence speaks of one: by a name, as `the first stranger`, and a `lead`, which is a part
        and no name, as whom the section's sentence is about."""
        words = vocabulary("words")
        if name in words["parts"]:
            first, _, rest = (subject(self.body) or "").partition(" ")
            return f"the {rest}" if rest and first.lower() in ("a", "an", "the") else f"the {name}"
        nouns = {*words["humans"], *(who["name"] for who in self.brief.get("cast", ()))}
        return f"the {name.replace('-', ' ')}" if name in nouns else name

    def _where(self, text: str, *, bare: bool = False) -> str:
        """Place, time, weather and light, as far as the sentence does not name them itself."""
        brief, sky = self.brief, vocabulary("sky")
        said = read(text)
        parts = []
        place = "" if bare or said.place == brief["place"] else self._at()
        told = {meaning for meaning, _, _ in found("times", text)}
        untold = not told and not self.place.get("timeless")
        time = sky["times"][brief["time"]]["at"] if untold else ""
        parts.append(f"{place} {time}".strip())
        if brief["weather"] and said.weather is None and not self.place.get("inside"):
            parts.append(sky["weathers"][brief["weather"]]["at"])
        if brief["light"] and not said.lit:
            parts.append(brief["light"])
        where = ", ".join(part for part in parts if part)
        return f" {where}" if bare and where and time else f", {where}" if bare and where else where

    def _at(self) -> str:
        words, at = self.brief["place_words"], str(self.place["at"])
        return at if words == self.place["the"] else f"{at.split(maxsplit=1)[0] if ' ' in at else 'in'} {words}"

    def _details(self, shot: Shot, near: Sequence[Shot]) -> list[str]:
        """What else is in the picture, the best first: a face or a part of the place, none that a near shot shows."""
        if shot.size in CLOSE and shot.kind != "bare":
            people = bool(shot.cast) or (self.said.human and not self.roles)
            kind = self.camera["near people"] if people else self.camera["near"]
        else:
            kind = self.place["details"]
        shown = {other.detail for other in near}
        rest = ordered(kind, self.seed, shot.id, "detail")
        return [*(x for x in rest if x not in shown), *(x for x in rest if x in shown)]

    def _sung(self, shot: Shot, taken: Sequence[Shot]) -> str:
        """A picture for the words sung in a shot, where they hold one that no shot of the section has shown yet."""
        images = self.camera["images"]
        sung = [images.get(word.lower(), "") for line in shot.words for word in re.findall(r"[\w']+", line)]
        shown = {other.image for other in taken}
        return next((image for image in sung if image and image not in shown), "")

    def _motion(self, shot: Shot) -> str:
        """The movement alone: the camera's, then what else moves. The louder, the faster."""
        step = 0 if shot.energy < 0.38 else 1 if shot.energy < 0.66 else 2
        step += ("wild" in self.biases) - ("calm" in self.biases)
        most = 1 if self.brief["energy"] in ("low", "falling") else 2
        level = ("low", "medium", "high")[min(most, max(0, step))]
        weather = "" if self.place.get("inside") else self.brief["weather"]
        around = vocabulary("sky")["weathers"][weather]["moving"] if weather else self.place["moving"]
        parts = [self.moves[shot.move][level], pick(around, self.seed, shot.id, "moving")]
        if shot.cast:
            parts.append(pick(vocabulary("moves")["body"][level], self.seed, shot.id, "body"))
        return ", ".join(parts)

    def _direction(self, shot: Shot) -> str:
        """What the shot is after, apart from what must stay: what each one feels, and the film's tone."""
        felt = [f"{name}: {self.feelings[name]}" for name in shot.cast if self.feelings.get(name)]
        return "; ".join([*felt, ", ".join(x for x in (self.brief.get("tone"), self.brief["camera"]) if x)])

    def _felt(self, shot: Shot) -> str:
        """The feeling of whoever is near enough to show it, where it is a word or a few that say nothing else."""
        felt = self.feelings.get(shot.cast[0], "") if len(shot.cast) == 1 and shot.size in CLOSE else ""
        said = read(felt)
        other = said.place or said.time or said.weather or said.lit or len(felt.split()) > FEELING
        return "" if other else felt

    def _keep(self, shot: Shot) -> list[str]:
        """What stays as it was in the shot before: nothing in a section's first shot, its setting in the others."""
        if shot.size in self.camera["openings"]:
            return []
        keep = [self.brief["place_words"]]
        if not self.place.get("timeless"):
            keep.append({"day": "the daylight"}.get(self.brief["time"], f"the {self.brief['time']}"))
        if self.brief["weather"] and not self.place.get("inside"):
            keep.append(f"the {self.brief['weather']}")
        return keep


_ROLES = ("lead", "supporting", "crowd")


def _product(numbers: Any) -> float:
    result = 1.0
    for number in numbers:
        result *= number
    return result
