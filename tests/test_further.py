"""Further films of the same shots: in another shape, at another rate, or of a part."""

from __future__ import annotations

import subprocess
from pathlib import Path

import av
import pytest

from mvr.engine.events import MadeNode
from mvr.engine.graph import Ref
from mvr.errors import ProjectError
from mvr.media.probe import frames_of, tags
from mvr.media.tool import executable
from tests.media.material import pictures
from tests.studio import PROJECT, Studio, write_song
from tests.test_footage import film_of

ALSO = "also: [{size: 96x64}, {size: 64x96, start: 0:02, end: 0:07}, {size: 64x96, fps: 24}]"
TEXT = PROJECT.replace("fps: 12}", f"fps: 12, {ALSO}}}").replace("0:08", "0:04")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    studio = Studio.start(tmp_path_factory.mktemp("further") / "tiny", TEXT)
    write_song(studio.folder / "song.wav", 8.0)
    studio.render()
    return studio


@pytest.fixture
def studio(rendered: Studio, tmp_path: Path) -> Studio:
    return rendered.copy(tmp_path / "tiny")


def facts(film: Path) -> tuple[int, int, int, float, float]:
    """Width, height, frames, and the seconds of picture and of sound."""
    with av.open(str(film)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        seconds = [float((one.duration or 0) * (one.time_base or 0)) for one in (video, audio)]
        return video.width, video.height, video.frames, round(seconds[0], 3), round(seconds[1], 3)


def test_each_film_has_its_shape_rate_and_length(rendered: Studio) -> None:
    """The same shots at another size, of a part, and at another rate; sound and picture end together."""
    out = rendered.workspace.out
    assert facts(out / "film.mp4") == (64, 96, 96, 8.0, 8.0)
    assert facts(out / "96x64.mp4") == (96, 64, 96, 8.0, 8.0)
    assert facts(out / "64x96.mp4") == (64, 96, 60, 5.0, 5.0)
    assert facts(out / "64x96-2.mp4") == (64, 96, 192, 8.0, 8.0)


def test_what_is_drawn_anew_is_drawn_from_its_own_still(rendered: Studio) -> None:
    """Each shape has a still of that shape, and no bars: a wide still does not fill an upright film."""
    with rendered.workspace.opened() as bench:
        graph = bench.graph()
    for name in ("64x96", "96x64"):
        suffix = "" if name == "64x96" else f"@{name}"
        assert graph.nodes[f"verse-1.1/clip{suffix}"].inputs["still"] == (Ref(f"verse-1.1/keyframe{suffix}"),)
        assert "x".join(map(str, graph.nodes[f"verse-1.1/keyframe{suffix}"].recipe["size"])) == name
    with av.open(str(rendered.workspace.out / "96x64.mp4")) as container:
        frames = [one.to_ndarray(format="gray") for one in container.decode(video=0)]
    assert all(frame[row].max() > 24 for frame in frames for row in (1, -2))


def test_a_part_is_the_film_from_there(rendered: Studio) -> None:
    """Whole shots of a part are the first film's, frame for frame; nothing of the shape is drawn twice."""
    whole, part = (pictures(rendered.workspace.out / name) for name in ("film.mp4", "64x96.mp4"))
    same = [index for index, frame in enumerate(part) if frame == whole[24 + index]]
    assert len(same) >= 24
    assert len(part) == 60


def test_an_edit_reaches_every_film(studio: Studio) -> None:
    """One shot's word is drawn once a shape and rate, and its film joined again; what has not the shot stays."""
    assert studio.workspace.plan()["stale"] == 0
    before = (studio.workspace.out / "64x96.mp4").stat().st_mtime_ns
    studio.edit("in the rain", "in the snow")
    made = studio.render()
    assert {name for name in made if "/clip" in name} == {
        "verse-1.1/clip", "verse-1.1/clip@96x64", "verse-1.1/clip@64x96-2"
    }  # fmt: skip
    assert not {name for name in made if name.endswith("@64x96")}
    assert (studio.workspace.out / "64x96.mp4").stat().st_mtime_ns == before


def test_a_film_that_is_gone_is_joined_again(studio: Studio) -> None:
    """A further film is looked after as the first one is."""
    (studio.workspace.out / "96x64.mp4").unlink()
    rows = {row["name"]: row["state"] for row in studio.workspace.plan()["nodes"]}
    assert rows["film@96x64"] != "fresh"
    studio.render()
    assert (studio.workspace.out / "96x64.mp4").exists()


def test_clips_that_are_not_sketched_are_reframed(studio: Studio) -> None:
    """No clip is made for another shape; plan says how much of the picture stays, and `anew` makes them."""
    studio.edit("cut: {length", "make: {animator: parallax}\ncut: {length")
    studio.edit(", {size: 64x96, fps: 24}", "")
    made = studio.render()
    assert not {name for name in made if "@" in name and "/clip" in name}
    [remark] = studio.workspace.plan()["remarks"]
    assert "96x64 shows 44% of the picture of" in remark
    assert "around its subject" in remark
    steps = [row["name"] for row in studio.workspace.plan()["nodes"]]
    assert steps.count("verse-1.1/footage") == 1
    studio.edit("{size: 96x64}", "{size: 96x64, make: anew}")
    rows = {row["name"]: row["seconds"] for row in studio.workspace.plan()["nodes"]}
    assert {"verse-1.1/keyframe@96x64", "verse-1.1/clip@96x64"} <= rows.keys()
    took = {one.node: one.seconds for one in studio.happened if isinstance(one, MadeNode)}
    assert rows["verse-1.1/clip@96x64"] == pytest.approx(took["verse-1.1/clip"], abs=0.001)


@pytest.mark.parametrize("rate", ["24"])
def test_a_reframed_film_dissolves_as_the_first_one_does(rate: str, studio: Studio) -> None:
    """What a dissolve shows beyond its shots is drawn once, at the first film's shape, and reframed with them."""
    studio.edit("cut: {length: [2s, 4s]}", "cut: {length: [2s, 4s], transitions: {section: dissolve 0.5s}}")
    studio.edit("characters:\n", "make: {animator: parallax}\ncharacters:\n")
    studio.edit(ALSO, f"also: [{{size: 96x64, fps: {rate}}}]")
    made = studio.render()
    assert "chorus-1.1/transition@96x64" in made
    assert frames_of(studio.workspace.out / "96x64.mp4") == 8 * int(rate)
    studio.edit("dissolve 0.5s", "dissolve 0.4s")
    assert not {name for name in studio.render() if name.endswith(("/keyframe", "/clip"))}


def test_footage_without_a_fit_follows_its_subject(studio: Studio) -> None:
    """In another shape the user's clip is cropped around its subject, unless the file says how it fits."""
    film_of(studio.folder / "own.mp4")
    studio.edit('prompt: "ada waits at a wide street corner in the rain", characters: [ada]', "clip: own.mp4")
    studio.edit(", {size: 64x96, fps: 24}", "")

    def fits() -> list[str]:
        with studio.workspace.opened() as bench:
            chain = bench.graph().nodes["verse-1.1/segment@96x64"].recipe.get("chain", [])
        return [step["how"] for step in chain if step["do"] == "fit"]

    assert fits() == ["subject"]
    studio.edit("clip: own.mp4", "clip: own.mp4, fit: fill")
    assert fits() == []


def test_a_part_outside_the_film_is_told(studio: Studio) -> None:
    """The time is named with its place in the file."""
    studio.edit("end: 0:07", "end: 0:09")
    with pytest.raises(ProjectError) as caught:
        studio.render()
    [fault] = caught.value.faults
    assert (fault.path, "0:08" in fault.hint) == ("output.also[1].end", True)


def chapters(film: Path) -> list[tuple[str, float]]:
    """The names of a film's chapters, and the seconds at which they begin."""
    with av.open(str(film)) as container:
        return [
            (one["metadata"]["title"], float(one["start"] * (one["time_base"] or 0))) for one in container.chapters()
        ]


def test_a_film_says_its_name(studio: Studio) -> None:
    """Title, and the artist that the song's own file names, stand in every film; another title is one more join."""
    tagged(studio.folder / "song.wav", studio.folder / "song.flac", title="A song", artist="The Röd")
    studio.edit("song: song.wav", "song: song.flac")
    studio.render()
    assert tags(studio.film).items() >= {"title": "Tiny", "artist": "The Röd", "comment": "Made with mvr"}.items()
    studio.edit("title: Tiny\n", "")
    assert studio.render() == set()
    assert tags(studio.workspace.out / "64x96.mp4")["title"] == "A song"


def tagged(path: Path, out: Path, **about: str) -> None:
    """The same sound, with words about it."""
    words = [word for name, text in about.items() for word in ("-metadata", f"{name}={text}")]
    subprocess.run([str(executable()), "-v", "error", "-i", str(path), *words, str(out)], check=True)


def test_sections_are_chapters(rendered: Studio) -> None:
    """Players list the song's sections; in a part they count from its start."""
    out = rendered.workspace.out
    assert chapters(out / "film.mp4") == [("Verse 1", 0.0), ("Chorus 1", 4.0)]
    assert chapters(out / "64x96.mp4") == [("Verse 1", 0.0), ("Chorus 1", 2.0)]
