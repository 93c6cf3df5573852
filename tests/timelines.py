"""Random timelines, made and joined for real: shots of any length from 1 frame, every transition, every rate."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from mvr.media.encode import VideoWriter
from mvr.media.finish import Laying, Part, encode_planes, encode_source, source_planes
from mvr.media.join import Segment, join
from mvr.media.mix import Turn, mixed
from mvr.media.source import Canvas, Source
from mvr.media.tool import executable
from mvr.model import TRANSITIONS, Transition
from mvr.timeline import HANDLED, Cut, Piece, pieces, spans
from tests.media.material import frame, pictures

WIDTH, HEIGHT = 64, 48
RATES = ("24", "25", "30", "60", "24000/1001", "30000/1001")
LONGEST, HANDLES = 24, 8


@dataclass
class Workshop:
    """A folder with one clip a rate, with handles at both ends, and a sound that is long enough for any film."""

    folder: Path
    clips: dict[Fraction, list[Path]] = field(default_factory=dict)

    @property
    def sound(self) -> Path:
        path = self.folder / "sound.m4a"
        if not path.exists():
            tone = ["-f", "lavfi", "-i", "sine=440:duration=30", "-c:a", "aac", "-b:a", "64k"]
            subprocess.run([str(executable()), "-v", "error", "-y", *tone, str(path)], check=True)
        return path

    def clip(self, fps: Fraction, number: int) -> Path:
        """One of three clips at a rate, every frame of it another picture."""
        if fps not in self.clips:
            self.clips[fps] = [self._film(fps, which) for which in range(3)]
        return self.clips[fps][number % 3]

    def prepare(self) -> None:
        """Makes everything now, so that many may use it at once."""
        for rate in RATES:
            self.clip(Fraction(rate), 0)
        assert self.sound.exists()

    def _film(self, fps: Fraction, which: int) -> Path:
        path = self.folder / f"clip-{which}-{fps.numerator}-{fps.denominator}.mp4"
        with VideoWriter(path, width=WIDTH, height=HEIGHT, fps=fps) as writer:
            for index in range(LONGEST + 2 * HANDLES):
                writer.write(frame(which * 1000 + index))
        return path


@dataclass(frozen=True)
class Timeline:
    """One film to be made: its shots, what leads into each and out of the last, and its rate."""

    cuts: tuple[Cut, ...]
    turns: tuple[Transition, ...]
    fps: Fraction

    @classmethod
    def of(cls, seed: int) -> Timeline:
        """A random one; the same for the same seed."""
        chance = random.Random(seed)
        lengths = [chance.choice((1, 2, 3, chance.randint(1, LONGEST))) for _ in range(chance.randint(1, 5))]
        starts = [sum(lengths[:index]) for index in range(len(lengths))]
        cuts = tuple(
            Cut(f"s{index}", start, start + size)
            for index, (start, size) in enumerate(zip(starts, lengths, strict=True))
        )
        kinds = [(kind, way) for kind, ways in TRANSITIONS.items() for way in (ways or ("",))]
        turns = tuple(
            Transition(*chance.choice(kinds), chance.uniform(0.02, 0.8)) if chance.random() < 0.7 else Transition()
            for _ in range(len(lengths) + 1)
        )
        return cls(cuts, turns, Fraction(RATES[seed % len(RATES)]))

    def moments(self) -> list[int]:
        """The first frame of each shot and the last, in no order."""
        found = {frame for cut in self.cuts for frame in (cut.first, cut.end - 1)}
        return sorted(found, key=lambda frame: (frame * 7919 % 101, frame))


def made(shop: Workshop, line: Timeline, folder: Path) -> tuple[Path, list[Segment]]:
    """The film of a timeline and the pieces that it was joined from, all in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(WIDTH, HEIGHT, line.fps)
    found = spans(line.cuts, line.turns, [(HANDLES, HANDLES)] * len(line.cuts), line.fps)
    segments = []
    for number, piece in enumerate(pieces(line.cuts, found)):
        path = folder / f"{number}.mp4"
        if piece.span is None:
            cut = next(cut for cut in line.cuts if cut.shot == piece.shot)
            source = Source(_clip(shop, line, cut), lead=HANDLES, offset=piece.first - cut.first)
            encode_source(source, path, canvas, Part(piece.frames), folder=folder)
        else:
            _transition(shop, line, piece, canvas, path)
        segments.append(Segment(path, piece.frames, path.stem))
    film = folder / "film.mp4"
    join(segments, shop.sound, film, fps=line.fps)
    return film, segments


def _clip(shop: Workshop, line: Timeline, cut: Cut) -> Path:
    return shop.clip(line.fps, int(cut.shot[1:]))


def _transition(shop: Workshop, line: Timeline, piece: Piece, canvas: Canvas, path: Path) -> None:
    span = piece.span
    assert span is not None
    before, after = span.cut - span.first, span.end - span.cut
    both = span.transition.kind in HANDLED

    def shown(cut: Cut, first: int, frames: int) -> Iterator[Any]:
        if not frames:
            return iter(())
        source = Source(_clip(shop, line, cut), lead=HANDLES, offset=first)
        return source_planes(source, canvas, frames, (), {}, path.parent)

    earlier = next((cut for cut in line.cuts if cut.end == span.cut), line.cuts[0])
    later = next((cut for cut in line.cuts if cut.first == span.cut), line.cuts[-1])
    one = shown(earlier, earlier.frames - before, before + (after if both else 0))
    two = shown(later, -before if both else 0, after + (before if both else 0))
    parts = [Part(count) for count in (before, after) if count]
    turn = Turn(span.transition.kind, span.transition.way, before, after)
    encode_planes(mixed(turn, one, two), path, Laying(canvas, parts, path.parent))


def wrongs(film: Path, segments: list[Segment], line: Timeline) -> list[str]:
    """What is not right of a film: its length, its times, its keyframes, its pictures, or a word of ffmpeg's."""
    found = []
    total = line.cuts[-1].end
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        shown = [(one.pts or 0) * (one.time_base or Fraction(0)) for one in container.decode(stream)]
    if shown != [index / line.fps for index in range(total)]:
        found.append(f"{len(shown)} frames at other times than {total} at {line.fps}")
    if pictures(film) != [one for segment in segments for one in pictures(segment.path)]:
        found.append("other pictures than its segments'")
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        keys = {round(float((one.pts or 0) * one.time_base * line.fps)) for one in container.demux(stream)
                if one.size and one.is_keyframe}  # fmt: skip
    starts = {sum(segment.frames for segment in segments[:index]) for index in range(len(segments))}
    if not starts <= keys:
        found.append("a piece that does not begin with a keyframe")
    words = [str(executable()), "-v", "warning", "-nostdin", "-i", str(film), "-f", "null", "-"]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    if said.returncode or said.stderr.strip():
        found.append(f"ffmpeg says: {said.stderr.strip()[:200]}")
    return found
