"""Packets copied from file to file onto the film's clock, without decoding them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from struct import unpack_from
from typing import TYPE_CHECKING, Any

from mvr.errors import StageError

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet


@contextmanager
def created(path: Path, ticks: int) -> Iterator[OutputContainer]:
    """An mp4 to fill, for a `with`: no date and no name in it, its index in front; ticks a second for its lengths.

    Raises StageError where it cannot be written, and leaves nothing behind then.
    """
    import av
    from av.error import FFmpegError

    options = {
        "movflags": "+faststart",
        "fflags": "+bitexact",
        "movie_timescale": str(ticks),
        "video_track_timescale": str(ticks),
    }
    try:
        with av.open(str(path), "w", format="mp4", options=options) as container:
            yield container
    except FFmpegError as error:
        path.unlink(missing_ok=True)
        raise StageError(
            f"{path.name} cannot be written: {error.strerror}", "see that the disk has room, and that it can be written"
        ) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@dataclass
class SoundCopy:
    """One sound stream on its way into a film, cut or padded to `seconds`. Times are in samples at rate Hz.

    The container's start is taken off, for the encoder's delay before it is no sound: mp3 would come 25 ms late. The
    last packet lasts to the planned end, which mp4 turns into an edit list: players stop there to the sample, or are
    silent until there. played is how many samples a decoder gives for all packets, the last ones that were cut off
    among them; gap is the widest hole between two packets.
    """

    container: InputContainer
    seconds: float
    played: int = 0
    gap: int = 0

    def __post_init__(self) -> None:
        self.stream = self.container.streams.audio[0]
        self.rate: int = self.stream.codec_context.sample_rate
        self._step = Fraction(self.stream.time_base or 0) * self.rate  # samples a tick: 1 in what mvr itself wrote

    def track(self, film: OutputContainer) -> Any:
        """The track of a film that takes these packets."""
        track = film.add_stream_from_template(self.stream)
        track.time_base = Fraction(1, self.rate)
        return track

    def packets(self, track: Any) -> Iterator[Packet[Any]]:
        """The packets for a track, timed in samples from the film's first frame."""
        planned, base = round(self.seconds * self.rate), Fraction(1, self.rate)
        held: Packet[Any] | None = None
        ended = 0
        for packet in self.container.demux(self.stream):
            if not packet.size or packet.pts is None:
                continue
            start, length = self._samples(packet.pts - (self.stream.start_time or 0)), self._samples(packet.duration)
            if held is not None:
                self.gap = max(self.gap, abs(start - ended))
            ended = start + length
            self.played += length - _trimmed(packet)
            if start >= planned:
                continue
            if held is not None:
                yield held
            packet.pts = packet.dts = start
            packet.duration, packet.time_base, packet.stream = length, base, track
            held = packet
        if held is not None and held.pts is not None:
            held.duration = planned - held.pts
            yield held

    def _samples(self, ticks: int | None) -> int:
        step = self._step
        return (ticks or 0) * step.numerator if step.denominator == 1 else round((ticks or 0) * step)


def _trimmed(packet: Packet[Any]) -> int:
    """How many samples of a packet a decoder leaves out, as encoder delay or padding: ffmpeg's skip_samples."""
    for note in packet.iter_sidedata():
        if note.data_type == "skip_samples":
            before, after = unpack_from("<II", bytes(note))
            return int(before + after)
    return 0
