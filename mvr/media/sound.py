"""The film's sound: the song's own packets where mp4 carries them, else AAC; of exactly the film's length."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mvr.media.decode import song_stream, sound_input
from mvr.media.loudness import Level, Loudness, corrected, level_for, measured
from mvr.media.packets import SoundCopy, created
from mvr.media.probe import AudioStream, opened
from mvr.media.run import run

_CARRIED = ("aac", "mp3")
_PASSES = 5  # encodings at most, to bring a song to its loudness; two are usual where it must be limited
_SLACK = 3  # samples by which packets and what was decoded may differ: times are rounded to 6 digits, and to ticks


def _on() -> None:
    return None


def carried(stream: AudioStream) -> bool:
    """Whether an mp4 that browsers play can carry the stream as it is: AAC, and mp3 from 16 kHz on.

    ffmpeg calls mp3 below 16 kHz in mp4 not standard, and refuses it.
    """
    return stream.codec in _CARRIED and stream.rate >= 16000


def encode_aac(
    source: Path,
    path: Path,
    *,
    seconds: float,
    start: float = 0.0,
    end: float | None = None,
    fade_out: float = 0.0,
    loudness: float | None = None,
    heed: Callable[[], None] = _on,
) -> Loudness | None:
    """Encodes a song, from start to end in seconds of its file, as AAC in mp4 of exactly `seconds`, to the sample.

    128 kbit/s a channel, mono or stereo (more channels are mixed down: browsers differ on them), at 32, 44.1 or 48 kHz.
    A song that is shorter is followed by silence; a longer one is cut. It fades out over the last `fade_out` seconds
    (a raised cosine). loudness is in LUFS: the song is brought to it, its true peaks held below -1 dBTP, and the
    loudness of what was written, measured again, is given; silence stays silence.

    The same build gives the same bytes. heed is called ten times a second, and may raise. Raises StageError where the
    file is no sound or ffmpeg fails.
    """
    _media, stream = song_stream(source)
    rate = stream.rate if stream.rate in (32000, 44100, 48000) else 48000
    channels = min(2, stream.channels)
    samples = round(seconds * rate)
    sound = (
        sound_input(source, stream, start, end)
        .filter("aformat", sample_rates=rate, channel_layouts=("mono", "stereo")[channels - 1])
        .filter("apad", whole_len=samples)
        .filter("atrim", end_sample=samples)
    )
    if fade := min(samples, round(fade_out * rate)):
        sound = sound.filter("afade", type="out", start_sample=samples - fade, nb_samples=fade, curve="hsin")
    coding = {
        "c:a": "aac",
        "b:a": f"{128 * channels}k",
        "aac_pns": 0,  # noise in place of bands is for low rates, and can peak 3 dB above what it stands for
        "fflags": "+bitexact",
        "flags:a": "+bitexact",
        "map_metadata": -1,
        "map_chapters": -1,
        "movie_timescale": rate,
        "format": "mp4",
    }

    def encode(level: Level | None) -> None:
        # A resampler may add a sample or lose one at the end.
        levelled = sound
        if level:
            levelled = level.on(sound, rate).filter("apad", whole_len=samples).filter("atrim", end_sample=samples)
        run(levelled.output(str(path), **coding), f"encode the sound of {source.name}", heed=heed)

    if loudness is None:
        encode(None)
        return None
    level = level_for(measured(sound, source.name, heed), loudness)
    encode(level)
    result = measured(_written(path), source.name, heed)
    for _ in range(_PASSES - 1):
        level = corrected(level, result, loudness) if level else None
        if level is None:
            break
        encode(level)
        result = measured(_written(path), source.name, heed)
    return result


def _written(path: Path) -> Any:
    import ffmpeg

    return ffmpeg.input(f"file:{path}", protocol_whitelist="file").audio


def copy_sound(source: Path, path: Path, *, seconds: float, heard: float) -> bool:
    """Copies a song's packets into an mp4 of exactly `seconds`, and says whether that could be done.

    heard is how many seconds the song has when decoded. Where the packets do not add up to that, or leave holes (a
    damaged file), players would lose time against the picture: nothing is left at path, and False is given. Raises
    StageError where source cannot be read or path cannot be written.
    """
    with opened(source) as container:
        copy = SoundCopy(container, seconds)
        with created(path, copy.rate) as film:
            track = copy.track(film)
            for packet in copy.packets(track):
                film.mux(packet)
    if copy.gap > _SLACK or abs(copy.played - heard * copy.rate) > _SLACK:
        path.unlink(missing_ok=True)
        return False
    return True
