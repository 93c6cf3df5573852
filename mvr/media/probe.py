"""What a file holds: its streams, read in process by PyAV (5 ms) where ffprobe would take 70."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mvr.errors import StageError

if TYPE_CHECKING:
    from av.container import InputContainer

FILMS = "mov,matroska,webm,avi,asf,mpegts,mpeg,flv,ogg,nut"
SOUNDS = "mp3,aac,flac,wav,w64,aiff,caf,ape,wv,tta,amr,ac3,eac3,dts,au,mpc,mpc8,dsf,tak"
"""The formats that are read, as ffmpeg's format_whitelist takes them. Playlists are not among them: they name other
files, and addresses on the net. Nor is `tty`, which makes a picture of any text."""

_BARE = ("aac", "ac3", "eac3", "dts", "amr", "mpeg", "mpegts")
_STILLS = (
    (b"\x89PNG\r\n", "png_pipe"),
    (b"\xff\xd8\xff", "jpeg_pipe"),
    (b"II*\0", "tiff_pipe"),
    (b"MM\0*", "tiff_pipe"),
)


@dataclass(frozen=True)
class AudioStream:
    """One sound stream: rate in Hz; bits a sample where the codec stores samples as they are, else None.

    seconds is how long the file says it is; None where it does not, or where that is a guess from size and bit rate.
    """

    index: int
    codec: str
    rate: int
    channels: int
    bits: int | None
    seconds: float | None = None


@dataclass(frozen=True)
class VideoStream:
    """One stream of moving pictures, sizes in pixels. frames is 0 where the container does not say.

    fps is None where frames come as they will; time_base is in seconds; extradata is what a decoder must know first.
    """

    index: int
    codec: str
    width: int
    height: int
    fps: Fraction | None
    frames: int
    time_base: Fraction
    pixels: str
    extradata: bytes


@dataclass(frozen=True)
class Media:
    """What a file holds. container is ffmpeg's short name; seconds is what the file says of itself, None if nothing.

    videos holds moving pictures alone: cover art is not a video. pictures counts such covers.
    """

    container: str
    seconds: float | None
    audios: tuple[AudioStream, ...]
    videos: tuple[VideoStream, ...]
    pictures: int


def opened(path: Path, *, look: bool = False) -> InputContainer:
    """The file opened by PyAV, for a `with`; only known formats, and nothing but this file, is ever read.

    look: only what the container says is wanted; no picture is decoded to learn its pixels (1 ms instead of 20).
    Raises StageError where the file cannot be read, is empty, or is none of these formats.
    """
    import av
    from av.error import FFmpegError

    try:
        if not path.is_file():
            kind = "is a folder" if path.is_dir() else "does not exist"
            raise StageError(f"{path.name} {kind}", "name a file that can be read")
        with path.open("rb") as file:
            if not file.read(1):
                raise StageError(f"{path.name} is empty (0 bytes)", "copy the file again from where it came")
    except OSError as error:
        raise StageError(f"{path.name} cannot be read: {error.strerror}", "make the file readable") from error
    unseen: Any = [{"skip_frame": "all"}] if look else None
    try:
        return av.open(
            f"file:{path}",
            options={"format_whitelist": f"{SOUNDS},{FILMS}", "protocol_whitelist": "file"},
            stream_options=unseen,
            metadata_errors="replace",
        )
    except (FFmpegError, ValueError) as error:
        raise StageError(
            f"{path.name} is no sound or film that mvr can read",
            "use mp3, m4a, flac, ogg, opus or wav for a song; mp4, mov or mkv for a clip; "
            "if it is one of these, it is damaged or was cut short: copy it again",
        ) from error


def probe(path: Path) -> Media:
    """What a file of sound or film holds. Raises StageError as `opened` does."""
    with opened(path) as container:
        videos = [stream for stream in container.streams.video if not _is_picture(stream)]
        name = container.format.name.partition(",")[0]
        return Media(
            container=name,
            seconds=container.duration / 1_000_000 if container.duration else None,
            audios=tuple(_audio(stream, name) for stream in container.streams.audio),
            videos=tuple(_video(stream) for stream in videos),
            pictures=len(container.streams.video) - len(videos),
        )


def tags(path: Path) -> dict[str, str]:
    """What a file of sound or film says of itself: title, artist and so on, by names in small letters; of a name that
    the file and its stream both say, the file's. Raises StageError as `opened` does."""
    with opened(path, look=True) as container:
        streams = [dict(stream.metadata) for stream in container.streams.audio[:1]]
        said = [*streams, dict(container.metadata)]
    return {name.lower(): text.strip() for one in said for name, text in one.items() if text.strip()}


def still_format(path: Path) -> str | None:
    """ffmpeg's name for the still picture in a file, told by its first bytes; None where it is no PNG, JPEG, TIFF or
    WebP. Its own guess would go by the suffix, and read a `%03d` in the name as a sequence of files.
    """
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] == b"RIFF" and head[8:] == b"WEBP":
        return "webp_pipe"
    return next((name for magic, name in _STILLS if head.startswith(magic)), None)


def still_size(path: Path) -> tuple[int, int] | None:
    """Width and height, in pixels, of a picture whose format `still_format` knows; None where it cannot be read."""
    import av
    from av.error import FFmpegError

    try:
        with av.open(f"file:{path}", format=still_format(path), options={"protocol_whitelist": "file"}) as container:
            video = container.streams.video[0]
            return (video.width, video.height) if video.width and video.height else None
    except (FFmpegError, ValueError, IndexError):
        return None


def frames_of(path: Path) -> int:
    """How many frames the first video of a file holds, counted by packets where the container does not say."""
    with opened(path, look=True) as container:
        if not container.streams.video:
            return 0
        stream = container.streams.video[0]
        return stream.frames or sum(1 for packet in container.demux(stream) if packet.size)


def _is_picture(stream: Any) -> bool:
    from av.stream import Disposition

    return bool(stream.disposition & Disposition.attached_pic)


def _audio(stream: Any, container: str) -> AudioStream:
    codec = stream.codec_context
    # A bare stream of packets has no length; an mp3 has one in its Xing header, which gives the encoder's delay too.
    guessed = container in _BARE or (container == "mp3" and not stream.start_time)
    width = re.match(r"pcm_[suf](\d+)", codec.name)
    return AudioStream(
        index=stream.index,
        codec=_plain(codec.name),
        rate=codec.sample_rate,
        channels=codec.channels,
        bits=int(width[1]) if width else None,
        seconds=None if guessed or not stream.duration else float(stream.duration * stream.time_base),
    )


def _video(stream: Any) -> VideoStream:
    codec = stream.codec_context
    return VideoStream(
        index=stream.index,
        codec=_plain(codec.name),
        width=codec.width,
        height=codec.height,
        fps=stream.average_rate,
        frames=stream.frames,
        time_base=stream.time_base,
        pixels=codec.pix_fmt or "",
        extradata=bytes(codec.extradata or b""),
    )


def _plain(decoder: str) -> str:
    """The codec's name rather than its decoder's: PyAV says `mp3float` for mp3."""
    return {"mp3float": "mp3", "mp3": "mp3", "libopus": "opus", "libvorbis": "vorbis", "libdav1d": "av1"}.get(
        decoder, decoder
    )
