"""What a film is made of, as frozen values. Nothing here reads a file, and nothing here can change.

Times are seconds in the film (0 at its first frame) unless a field says otherwise; frames are whole numbers at the
output's rate; sizes are pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from mvr.model.cast import Adapter as Adapter
from mvr.model.cast import Character as Character
from mvr.model.cast import Style as Style
from mvr.model.cast import joined_prompt as joined_prompt
from mvr.model.cast import triggered as triggered
from mvr.model.makers import Maker as Maker
from mvr.model.makers import Makers as Makers
from mvr.model.makers import suiting as suiting
from mvr.model.pictures import FITS as FITS
from mvr.model.pictures import TRANSITIONS as TRANSITIONS
from mvr.model.pictures import Footage as Footage
from mvr.model.pictures import Look as Look
from mvr.model.pictures import Transition as Transition

Json = Any
"""Plain data: dict, list, str, int, float, bool or None, all the way down."""

ROLES = ("intro", "verse", "pre-chorus", "chorus", "bridge", "break", "solo", "outro", "part")
PURPOSES = ("establish", "develop", "transition", "climax", "resolve")


@dataclass(frozen=True)
class Song:
    """The song as the user named it. start and end are seconds in the song's own file; end None is its end."""

    file: str
    start: float = 0.0
    end: float | None = None


@dataclass(frozen=True)
class MarkedSection:
    """One entry of `music.sections`: where a section starts, in seconds of the song's file, and what it is."""

    at: float
    role: str


@dataclass(frozen=True)
class Corrections:
    """The `music:` block: only what was heard wrongly. Times are in the song's file; tempo in beats a minute."""

    tempo: float | None = None
    meter: str | None = None
    first_downbeat: float | None = None
    sections: tuple[MarkedSection, ...] = ()


@dataclass(frozen=True)
class SectionNote:
    """What the user says of the sections of one role, or of one section. characters None: left to the writer."""

    concept: str = ""
    characters: tuple[str, ...] | None = None


@dataclass(frozen=True)
class CutRules:
    """The `cut:` keys. Lengths in seconds; at and drop as written (`drop` holds shot ids or times of planned cuts)."""

    by: str = "music"
    shortest: float = 2.5
    longest: float = 7.0
    at: tuple[float, ...] = ()
    drop: tuple[str, ...] = ()
    handles: int = 8
    section_transition: str = "cut"
    otherwise_transition: str = "cut"
    start_transition: str = "cut"
    end_transition: str = "cut"


@dataclass(frozen=True)
class Output:
    """One film: its size in pixels (even, 16 to 8192) and its rate in frames a second."""

    width: int = 1080
    height: int = 1920
    fps: Fraction = Fraction(24)
    name: str = ""  # empty for the first output; `wide` for film@wide
    anew: bool = False  # of a further film: whether its pictures are made for its own shape
    start: float = 0.0  # of a further film: the seconds of the film that it shows; end None is the film's end
    end: float | None = None

    def halved(self) -> Output:
        """The same film at half size, for a draft: even, and at least 16 pixels."""
        return replace(self, width=max(16, self.width // 4 * 2), height=max(16, self.height // 4 * 2))


@dataclass(frozen=True)
class Overlay:
    """A picture over the film: at is `start`, `end` or a time in the film in seconds; length in seconds; corner names
    where it stands (`center` is the middle)."""

    image: str
    at: str | float = "start"
    length: float = 3.0
    corner: str = "bottom-right"


@dataclass(frozen=True)
class Words:
    """The `words:` block. captions: none, lines, words or karaoke. font: a family's name, or a file in the project's
    folder; empty for the font that mvr brings. credits keeps its line breaks."""

    captions: str = "none"
    title: bool = False
    font: str = ""
    place: str = "lower"
    credits: str = ""
    overlays: tuple[Overlay, ...] = ()


@dataclass(frozen=True)
class Mix:
    """The `sound:` block: the film's loudness in LUFS, None as the song has it; fade_out in seconds, 0 for none."""

    loudness: float | None = None
    fade_out: float = 0.0


@dataclass(frozen=True)
class Override:
    """One entry of `shots:`. key is a shot's id, or a moment `@1:23.4`; fields are as written, times in seconds."""

    key: str
    fields: Mapping[str, Json]
    moment: float | None = None  # seconds in the film, for an `@` key


@dataclass(frozen=True)
class Place:
    """A place in the project file; line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Frozen:
    """The words that stand in files beside the project file, in the writer's place: see `frozen_names`.

    treatment: as the stage `treatment` hands it on, or None. shots: what the stage `shots` hands on of a shot, by its
    id. places maps `FILE:path` to where a value stands in one of the files.
    """

    treatment: Json | None = None
    shots: Mapping[str, Json] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)


def frozen_names(file: Path) -> tuple[str, str]:
    """The names of the files beside a project file that hold its frozen treatment and its frozen shot list."""
    return f"{file.stem}.treatment.yaml", f"{file.stem}.shots.yaml"


@dataclass(frozen=True)
class Project:
    """A project file, checked, with every default filled in.

    data is the document as it was written (plain JSON). places maps a path in the document, such as
    `shots.chorus-1.5.prompt` or `style.palette[1]`, to where its value stands in the file. files lists every file that
    the document names, as written, by its path in the document. frozen holds the words that stand beside the file.
    read holds the sha256, hex, of every file but this one whose content is in these values, by its name.
    """

    file: Path
    digest: str  # sha256 of the file's bytes, hex
    data: Json
    places: Mapping[str, Place]
    files: Mapping[str, str]
    title: str
    seed: int
    song: Song
    lyrics: str | None  # a path as written, or None
    corrections: Corrections
    concept: str
    sections: Mapping[str, SectionNote]
    style: Style
    characters: tuple[Character, ...]
    cut: CutRules
    make: Makers
    outputs: tuple[Output, ...]
    shots: tuple[Override, ...]
    react: bool = True  # look.react: may the sound move the sketch's pictures
    words: Words = Words()
    clip: Footage | None = None  # runs through the whole film, under every shot that names no other
    look: Look = field(default_factory=Look)
    mix: Mix = Mix()
    notes: Mapping[str, str] = field(default_factory=dict)
    read: Mapping[str, str] = field(default_factory=dict)
    frozen: Frozen = Frozen()

    @property
    def folder(self) -> Path:
        return self.file.parent

    @property
    def output(self) -> Output:
        """The first output, at whose shape the makers work."""
        return self.outputs[0]

    @property
    def name(self) -> str:
        """What `mvr-out/` calls this project: the file's stem, or the folder's name for `project.yaml`."""
        return self.folder.name if self.file.name == "project.yaml" else self.file.stem

    def makers(self) -> Iterator[tuple[tuple[str, ...], Maker]]:
        """Every maker that the file names or leaves to mvr, for the film and then for single shots, each with the steps
        to where it stands, or would."""
        for part in ("writer", "painter", "animator"):
            maker = getattr(self.make, part)
            if maker is not None:
                yield ("make", part), maker
        for shot in self.shots:
            for part in ("painter", "animator"):
                maker = Maker.of(shot.fields.get(part))
                if maker is not None:
                    yield ("shots", shot.key, part), maker

    def character(self, name: str) -> Character:
        """The character of that name. Raises KeyError where there is none."""
        for character in self.characters:
            if character.name == name:
                return character
        raise KeyError(name)


@dataclass(frozen=True)
class Section:
    """A section of the song as heard. energy: low, medium, high, rising or falling; label A, B, ... repeats."""

    name: str  # role and count, such as `chorus-2`
    role: str
    label: str
    energy: str
    start: float
    end: float


@dataclass(frozen=True)
class Take:
    """A number for the still and one for its motion, from 1; each gives a seed. As a count: how many there are."""

    still: int = 1
    motion: int = 1

    @classmethod
    def of(cls, written: Json) -> Take:
        """A take as it stands in the file: a number for both, or {still: ..., motion: ...}."""
        if isinstance(written, int):
            return cls(written, written)
        return cls(written.get("still", 1), written.get("motion", 1))

    def written(self) -> Json:
        """As it would stand in the file."""
        return self.still if self.still == self.motion else {"still": self.still, "motion": self.motion}


@dataclass(frozen=True)
class ShotPlan:
    """One shot as it will be made: the written shot with the user's overrides merged in.

    [first_frame, end_frame) at the output's rate. prompt is the written sentence alone; `words` joined with the
    characters' and the style's words is what a painter gets. sources maps a field to where it comes from: a path in
    the project file, or `node:path` such as `chorus-1/shots:prompt`.
    """

    id: str
    section: str
    first_frame: int
    end_frame: int
    purpose: str
    prompt: str
    motion: str
    characters: tuple[str, ...]
    keep: tuple[str, ...]
    seed: int  # of the still
    energy: float  # 0 to 1, the music's loudness in the shot against the song's
    painter: Maker | None
    animator: Maker
    caption: str | None = None  # the words of a lower third; `none` for no words at all, None for the lyrics'
    react: bool = True
    transition: str = "cut"  # how the film comes into the shot
    clip: Footage | None = None  # the user's own footage
    photo: str = ""  # the user's own picture in the painter's place
    throughout: bool = False  # the clip runs through the whole film
    fit: str = "fill"  # one of FITS
    moves: Mapping[str, tuple[str, float]] = field(default_factory=dict)  # what the sound does, as Look.react
    crop: tuple[float, ...] = ()  # left, top, width, height, parts of the picture; empty for all of it
    speed: str = "1"
    motion_seed: int = 0
    take: Take = Take()
    others: Mapping[str, ShotPlan] = field(default_factory=dict)  # the takes that are not chosen, by number
    guide: str = ""  # a picture whose outlines the still follows, as written
    pin: str = ""  # the short key of the very clip that stands in the film, whatever the words say
    film: int = 0  # frames of the whole film
    approved: bool | str = False  # the short digest of the still that the user approved; True for whatever still
    direction: str = ""  # what the shot is after, apart from what stays as it was
    thought_of: tuple[Character, ...] = ()  # characters that the writer thought of, where the project names none
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def frames(self) -> int:
        return self.end_frame - self.first_frame

    def sheet(self, project: Project) -> list[Character]:
        """The shot's characters: as the project's sheet says, else as the writer thought of them. Raises KeyError."""
        known = {one.name: one for one in (*self.thought_of, *project.characters)}
        return [known[name] for name in self.characters]

    def sheet_source(self, project: Project, name: str) -> str:
        """Where a character's words come from: a path in the project file, or `node:path`."""
        named = any(one.name == name for one in project.characters)
        return f"characters.{name}" if named else f"{self.section}/shots:cast"


UNTIL = ("shots", "portraits", "stills", "clips")
"""Where a render may stop before the film."""


@dataclass(frozen=True)
class Goal:
    """What a run is for.

    until: one of UNTIL, or empty for the film. only: the shots that are wanted, or empty for all. rough: the film as
    it stands, made of what there is; draft: that at half size, for a quick look. held: shots that have a still but no
    clip show it. live: a draft for who watches, at once of stand-ins and then of clips as they come, in a lane of its
    own; with rough that alone, else beside the film.
    """

    until: str = ""
    only: tuple[str, ...] = ()
    rough: bool = False
    draft: bool = False
    held: bool = False
    live: bool = False


Unit = Project | Section | Character | ShotPlan | Output | None
"""Any of what a stage is made for."""
