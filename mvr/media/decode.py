"""Sound becomes samples: a song is decoded once, streamed, counted at its own rate and kept as a small mono WAV."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mvr.errors import StageError
from mvr.media.probe import FILMS, SOUNDS, AudioStream, Media, probe
from mvr.media.run import Ffmpeg

MONO_RATE = 22050  # Hz, what librosa's analyses are tuned to
_BITEXACT = {"fflags": "+bitexact", "flags:a": "+bitexact", "map_metadata": -1}


def _quiet(_fraction: float) -> None:
    return None


@dataclass(frozen=True)
class Heard:
    """How much was decoded: samples a channel at rate Hz, decoder delay and padding trimmed."""

    samples: int
    rate: int

    @property
    def seconds(self) -> float:
        return self.samples / self.rate


def song_stream(path: Path) -> tuple[Media, AudioStream]:
    """What a song's file holds, and its first sound stream. Cover art is passed over.

    Raises StageError where the file cannot be read, is empty, is no sound, or is a video without sound.
    """
    media = probe(path)
    if not media.audios:
        if media.videos:
            raise StageError(f"{path.name} is a video without sound", "name a song, or a video that has a sound track")
        raise StageError(f"{path.name} holds no sound", "name an mp3, m4a, flac, ogg, opus or wav file")
    stream = media.audios[0]
    if stream.rate <= 0 or stream.channels <= 0:
        raise StageError(f"{path.name} says nothing of its rate or channels", "save it again as flac or wav")
    return media, stream


def sound_input(path: Path, stream: AudioStream, start: float, end: float | None) -> Any:
    """The samples of a stream from start to end (seconds in the file), as ffmpeg-python describes them.

    Cut to the sample, counted from 0 anew, whatever times the container gives: a song's clock is its samples.
    """
    import ffmpeg

    cut = {"start_sample": round(start * stream.rate)}
    if end is not None:
        cut["end_sample"] = round(end * stream.rate)
    file = ffmpeg.input(f"file:{path}", format_whitelist=f"{SOUNDS},{FILMS}", protocol_whitelist="file", vn=None)
    return file[str(stream.index)].filter("atrim", **cut).filter("asetpts", "N/SR/TB")


def decode_mono(
    path: Path,
    mono: Path,
    *,
    start: float = 0.0,
    end: float | None = None,
    progress: Callable[[float], None] = _quiet,
) -> Heard:
    """Decodes a song, from start to end in seconds of its file, into a 16 bit mono WAV at 22,050 Hz.

    One pass, in bounded memory however long the song is: ffmpeg writes the WAV, and hands over the same samples at the
    song's own rate, which are counted. progress is told how far it is (0 to 1), and may raise to end it. Raises
    StageError where the file holds no sound that can be decoded, or none between start and end.
    """
    import ffmpeg

    media, stream = song_stream(path)
    span = max((end if end is not None else media.seconds or 0.0) - start, 0.0)
    wanted = max(1.0, span * stream.rate)
    both = sound_input(path, stream, start, end).filter("aformat", channel_layouts="mono", sample_rates=stream.rate)
    both = both.filter_multi_output("asplit")
    output = ffmpeg.merge_outputs(
        both.stream(0).output("pipe:1", format="s16le", acodec="pcm_s16le"),
        both.stream(1).output(str(mono), format="wav", acodec="pcm_s16le", ar=MONO_RATE, **_BITEXACT),
    )
    size = 0

    def heed() -> None:
        progress(min(1.0, size / 2 / wanted))

    try:
        with Ffmpeg(output, f"decode {path.name}", reads=True, heed=heed) as child:
            while data := child.read(1 << 20):
                size += len(data)
                heed()
    except StageError as error:
        # A file that gives nothing at all fails in ffmpeg as well; what a person needs to know is that it is silent.
        if size:
            raise
        raise _nothing(path, media, start, error.hint) from error
    if size < 2:
        raise _nothing(path, media, start, "save it again as flac or wav")
    return Heard(samples=size // 2, rate=stream.rate)


def _nothing(path: Path, media: Media, start: float, hint: str) -> StageError:
    if start > 0 and media.seconds and start >= media.seconds:
        return StageError(
            f"{path.name} ends at {media.seconds:.3f} s, before the start at {start:.3f} s",
            "set song.start to a time inside the song",
        )
    return StageError(f"{path.name} holds no sound that can be decoded (0 samples)", hint)


def check_head(path: Path, seconds: float = 2.0) -> AudioStream:
    """Decodes the first seconds of a song and keeps nothing: can it be heard at all? Gives its sound stream.

    Raises StageError as decode_mono does.
    """
    media, stream = song_stream(path)
    output = sound_input(path, stream, 0.0, seconds).output("pipe:1", format="s16le", acodec="pcm_s16le")
    heard = 0
    try:
        with Ffmpeg(output, f"decode {path.name}", reads=True) as child:
            while data := child.read(1 << 20):
                heard += len(data)
    except StageError as error:
        raise _nothing(path, media, 0.0, error.hint) from error
    if not heard:
        raise _nothing(path, media, 0.0, "save it again as flac or wav")
    return stream
