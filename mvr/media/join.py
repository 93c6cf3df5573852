"""Segments and sound become one film by copying packets: no frame is decoded, and every cut is exact to the frame."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr.errors import StageError
from mvr.media.packets import SoundCopy, created
from mvr.media.probe import opened
from mvr.media.stream import timescale

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.packet import Packet

_DELAY = 2  # frames that a frame may wait for later ones before it is shown: what 2 B-frames with a pyramid need
_AGAIN = "this is a fault of mvr: please report it with the project file"


def _quiet(_fraction: float) -> None:
    return None


@dataclass(frozen=True)
class Segment:
    """One span of the film: a file of the film's stream class, how many frames it must hold, what errors call it."""

    path: Path
    frames: int
    name: str = "the segment"


def join(
    segments: Sequence[Segment],
    audio: Path,
    path: Path,
    *,
    fps: Fraction,
    chapters: Sequence[tuple[int, str]] = (),
    tags: Mapping[str, str] | None = None,
    progress: Callable[[float], None] = _quiet,
) -> None:
    """Joins segments, in order, and a sound into a film with its index in front; the same inputs give the same bytes.

    Frame i of the film is shown at i / fps exactly; each segment starts with a keyframe at its planned frame. The sound
    starts with the first frame and lasts to the end of the last one: it is cut there, or padded to there. chapters are
    the frames at which they begin, rising, and their names; each lasts until the next. tags: what the film says of
    itself, as title, artist and comment.

    Raises StageError where a segment has another frame count than planned, does not start with a keyframe, or is of
    another stream class than the first; and where what was written has not the planned length. progress is told how
    far it is (0 to 1), and may raise to end it.
    """
    if not segments:
        raise StageError("there is no segment to join", "a film has at least one shot")
    total = sum(segment.frames for segment in segments)
    with opened(audio) as sound:
        copy = SoundCopy(sound, float(total / fps))
        with created(path, timescale(fps)[0]) as film:
            film.metadata.update(tags or {})
            if chapters:
                film.set_chapters(_chapters(chapters, total, fps))
            pictures, track = _track(film, segments[0].path, fps), copy.track(film)
            both = heapq.merge(
                _timed(_pictures(segments, pictures, fps)), _timed(copy.packets(track)), key=lambda pair: pair[0]
            )
            for count, (_time, packet) in enumerate(both):
                if count % 256 == 0:
                    progress(min(1.0, count / (3 * total)))
                film.mux(packet)
    check_film(path, total, fps)


def strung(segments: Sequence[Segment], path: Path, *, fps: Fraction) -> None:
    """Segments, in order, as one film without a sound, by copying packets. Raises StageError as `join` does."""
    with created(path, timescale(fps)[0]) as film:
        track = _track(film, segments[0].path, fps)
        for packet in _pictures(segments, track, fps):
            film.mux(packet)


def _chapters(chapters: Sequence[tuple[int, str]], frames: int, fps: Fraction) -> list[Any]:
    """Chapters as PyAV takes them, in the ticks of the film's picture."""
    ticks, step = timescale(fps)
    ends = [first for first, _ in chapters[1:]] + [frames]
    return [
        {
            "id": number,
            "start": first * step,
            "end": end * step,
            "time_base": Fraction(1, ticks),
            "metadata": {"title": name},
        }
        for number, ((first, name), end) in enumerate(zip(chapters, ends, strict=True), 1)
    ]


def _timed(packets: Iterator[Packet[Any]]) -> Iterator[tuple[float, Packet[Any]]]:
    """Each packet with the second at which a player needs it. Whole numbers divided are rounded rightly, so that equal
    times are equal numbers; fractions would take half of the time that a join takes."""
    for packet in packets:
        base = packet.time_base
        yield (packet.dts or 0) * base.numerator / base.denominator, packet


def _track(film: OutputContainer, first: Path, fps: Fraction) -> Any:
    """The film's video track, of the class of the first segment."""
    with opened(first, look=True) as container:
        track = film.add_stream_from_template(_video(container, "the first segment"))
    track.time_base = Fraction(1, timescale(fps)[0])
    return track


def _pictures(segments: Sequence[Segment], track: Any, fps: Fraction) -> Iterator[Packet[Any]]:
    """All packets of all segments, timed in the film."""
    ticks, step = timescale(fps)
    first: dict[str, Any] | None = None
    base = 0
    for segment in segments:
        with opened(segment.path, look=True) as container:
            stream = _video(container, segment.name)
            first = first or _class(stream)
            _same_class(segment.name, first, _class(stream))
            packets = [packet for packet in container.demux(stream) if packet.size]
            shown = _order(segment, packets)
            for index, packet in enumerate(packets):
                packet.pts = (base + shown[index]) * step
                packet.dts = (base + index - _DELAY) * step
                packet.duration, packet.time_base, packet.stream = step, Fraction(1, ticks), track
                yield packet
        base += segment.frames


def _order(segment: Segment, packets: Sequence[Packet[Any]]) -> list[int]:
    """For each packet, in the order of decoding, the frame of the segment that it shows. Raises StageError where the
    segment is not what the plan says."""
    name = segment.name
    if len(packets) != segment.frames:
        raise StageError(f"{name} holds {len(packets)} frames, and the plan says {segment.frames}", _AGAIN)
    if not packets[0].is_keyframe:
        raise StageError(f"{name} does not start with a keyframe", _AGAIN)
    times = [packet.pts for packet in packets]
    rank = {time: index for index, time in enumerate(sorted(time for time in times if time is not None))}
    if len(rank) != len(packets):
        raise StageError(f"{name} has two frames at one time, or frames without one", _AGAIN)
    shown = [rank[time] for time in times if time is not None]
    if shown[0] != 0 or any(frame < index - _DELAY for index, frame in enumerate(shown)):
        raise StageError(f"{name} shows frames in an order that the film's class does not know", _AGAIN)
    return shown


def fits(segment: Segment, extradata: bytes, fps: Fraction) -> bool:
    """Whether a file is a segment as it stands: one stream, of the class with that extradata, that many frames, in an
    order that the join knows. Raises StageError where it cannot be read at all."""
    with opened(segment.path, look=True) as container:
        if len(container.streams) != 1 or not container.streams.video:
            return False
        stream = container.streams.video[0]
        same = stream.time_base == Fraction(1, timescale(fps)[0]) and bytes(stream.codec_context.extradata or b"")
        if same != extradata:
            return False
        try:
            _order(segment, [packet for packet in container.demux(stream) if packet.size])
        except StageError:
            return False
    return True


def _video(container: Any, name: str) -> Any:
    if not container.streams.video:
        raise StageError(f"{name} holds no picture", _AGAIN)
    return container.streams.video[0]


def _class(stream: Any) -> dict[str, Any]:
    """What must be equal in all segments of a film."""
    codec = stream.codec_context
    return {
        "codec": codec.name,
        "size": f"{codec.width}x{codec.height}",
        "headers (extradata)": bytes(codec.extradata or b"").hex(),
    }


def _same_class(name: str, first: dict[str, Any], found: dict[str, Any]) -> None:
    for what, planned in first.items():
        if found[what] != planned:
            raise StageError(
                f"{name} is of another stream class than the film: {what} {found[what]}, not {planned}", _AGAIN
            )


def check_film(path: Path, frames: int, fps: Fraction) -> None:
    """Looks at a film that was written: exactly the planned frames and length, and the sound as long as the picture.

    Raises StageError, and removes the film, where it is anything else.
    """
    with opened(path, look=True) as container:
        video, audio = _video(container, "the film"), container.streams.audio[0]
        length = (video.duration or 0) * (video.time_base or Fraction(0))
        sound = (audio.duration or 0) * (audio.time_base or Fraction(0))
        found = video.frames
    if found != frames or length != frames / fps or abs(sound - length) >= Fraction(1, 1000):
        path.unlink()
        raise StageError(
            f"the film has {found} frames, {float(length):.4f} s of picture and {float(sound):.4f} s of sound; "
            f"planned are {frames} frames, {float(frames / fps):.4f} s",
            _AGAIN,
        )
