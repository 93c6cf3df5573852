"""Renders that stop early, fail, are interrupted, or start from an odd song."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import av
import imageio_ffmpeg
import pytest

from mvr.engine import events
from mvr.model import Goal
from mvr.report import Lines
from tests.studio import Studio, write_song
from tests.test_cli import MVR, mvr, silent


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    studio = Studio.start(tmp_path_factory.mktemp("render") / "tiny")
    studio.render()
    return studio


@pytest.fixture
def studio(rendered: Studio, tmp_path: Path) -> Studio:
    return rendered.copy(tmp_path / "tiny")


def frames(film: Path) -> int:
    with av.open(str(film)) as container:
        return sum(1 for _ in container.decode(video=0))


def size(film: Path) -> tuple[int, int]:
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        return stream.width, stream.height


def test_a_draft_is_the_film_at_half_size(studio: Studio) -> None:
    """`--draft` writes draft.mp4 at half size and full length, and makes nothing of the real film."""
    studio.edit("in the rain", "in the snow")
    made = studio.render(Goal(draft=True))
    draft = studio.workspace.out / "draft.mp4"
    assert size(draft) == (32, 48)
    assert frames(draft) == frames(studio.film) == 16 * 12
    assert {name for name in made if not name.endswith("@draft")} == set()


def test_what_failed_is_not_asked_for_twice(studio: Studio) -> None:
    """Where the writer fails there is no film as it stands, so nobody is asked again, and the failure is told once."""
    asks = 'writer: {with: http, url: "http://127.0.0.1:9/v1", model: none, key: none, calls: 1}'
    studio.file.write_text(studio.file.read_text() + f"make: {{{asks}}}\n")
    happened: list[events.Event] = []
    outcome = studio.workspace.render(Goal(), happened.append)
    assert [event.node for event in happened if isinstance(event, events.Failed)] == ["treatment"]
    assert (outcome.exit_code, outcome.film) == (1, None)


def test_a_draft_shows_a_sketch_of_what_is_not_made(studio: Studio) -> None:
    """A stale shot is drawn for the draft alone: event `standin`, named SHOT/sketch."""
    studio.edit("in the rain", "in the snow")
    ran = mvr("render", "--draft", "--json", cwd=studio.folder)
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [event["node"] for event in events if event["event"] == "standin"] == ["verse-1.1/sketch@draft"]
    assert events[-1]["film"].endswith("draft.mp4")


def test_until_stills_stops_before_the_clips(studio: Studio) -> None:
    """`--until stills` makes the stale still and no clip, and shows it held in rough.mp4."""
    studio.edit("in the rain", "in the snow")
    assert studio.render(Goal(until="stills")) == {"verse-1.1/keyframe", "verse-1.1/held"}
    assert studio.outcome is not None
    assert studio.outcome.film == studio.workspace.out / "rough.mp4"
    assert frames(studio.outcome.film) == 16 * 12


def test_only_some_shots(studio: Studio) -> None:
    """`--shots` makes the named shots, and a film as it stands around them."""
    studio.edit("in the rain", "in the snow")
    studio.edit("ben looks over the sea", "ben looks over the desert")
    made = studio.render(Goal(only=("chorus-1.1",)))
    assert {name.partition("/")[0] for name in made} == {"chorus-1.1", "verse-1.1"}
    assert "verse-1.1/keyframe" not in made
    assert "verse-1.1/earlier" in made


def test_the_film_stands_in_rough_with_every_shot_fresh(studio: Studio) -> None:
    """With nothing stale, the film as it stands is the film."""
    studio.render(Goal(until="clips"))
    assert (studio.workspace.out / "rough.mp4").read_bytes() == studio.film.read_bytes()


def failing_once(folder: Path) -> Path:
    """An ffmpeg that fails the first time it encodes video, and then works."""
    tool = folder / "ffmpeg"
    once = f"if mkdir '{folder}/failed' 2>/dev/null; then echo 'no memory' >&2; exit 1; fi"
    tool.write_text(
        f'#!/bin/sh\ncase "$*" in *libx264*) {once};; esac\nexec \'{imageio_ffmpeg.get_ffmpeg_exe()}\' "$@"\n'
    )
    tool.chmod(0o755)
    return tool


def test_the_final_film_or_none(tmp_path: Path) -> None:
    """With `--final` no sketch stands in for a shot that failed; the exit code is that of the failure."""
    studio = Studio.start(tmp_path / "tiny")
    tool = failing_once(tmp_path)
    ran = mvr("render", "--final", cwd=studio.folder, MVR_FFMPEG=str(tool))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert not (studio.workspace.out / "rough.mp4").exists()
    again = mvr("render", "--final", cwd=studio.folder, MVR_FFMPEG=str(tool))
    assert (again.returncode, Path(again.stdout.strip()).name) == (0, "film.mp4")


def test_a_reason_is_told_once() -> None:
    """Where every shot fails for one reason, its words stand at the first; another run tells it again."""
    out = StringIO()
    lines = Lines(out)
    for node in ("verse-1.1/clip", "verse-1.2/clip"):
        lines(events.Failed(node, "clip", "no weights", "mvr models --pull", 3))
    lines(events.Queue(()))
    lines(events.Failed("verse-1.2/clip", "clip", "no weights", "mvr models --pull", 3))
    told = ["no weights", "        mvr models --pull"]
    assert out.getvalue().splitlines() == [
        f"failed  verse-1.1/clip: {told[0]}",
        told[1],
        "failed  verse-1.2/clip: as verse-1.1/clip",
        f"failed  verse-1.2/clip: {told[0]}",
        told[1],
    ]


def test_one_failure_costs_one_shot(tmp_path: Path) -> None:
    """When one clip fails, all others are made, rough.mp4 has a sketch in its place; the next run makes the rest."""
    studio = Studio.start(tmp_path / "tiny")
    tool = failing_once(tmp_path)
    ran = mvr("render", "--json", cwd=studio.folder, MVR_FFMPEG=str(tool))
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    failed = [event["node"] for event in events if event["event"] == "failed"]
    assert ran.returncode == 1
    assert len(failed) == 1
    assert not studio.film.exists()
    assert events[-1]["film"].endswith("rough.mp4")
    assert frames(Path(events[-1]["film"])) == 16 * 12
    shot = failed[0].partition("/")[0]
    again = mvr("render", "--json", cwd=studio.folder, MVR_FFMPEG=str(tool))
    events = [json.loads(line) for line in again.stdout.splitlines()]
    assert again.returncode == 0
    assert {event["node"].partition("/")[0] for event in events if event["event"] == "made"} <= {shot}


def test_fail_fast_stops(tmp_path: Path) -> None:
    """`--fail-fast` leaves the rest unmade after the first failure."""
    studio = Studio.start(tmp_path / "tiny")
    broken = tmp_path / "ffmpeg"
    broken.write_text(
        f'#!/bin/sh\ncase "$*" in *libx264*) exit 1;; esac\nexec \'{imageio_ffmpeg.get_ffmpeg_exe()}\' "$@"\n'
    )
    broken.chmod(0o755)
    ran = mvr("render", "--json", "--fail-fast", "--jobs", "1", cwd=studio.folder, MVR_FFMPEG=str(broken))
    failed = [line for line in ran.stdout.splitlines() if '"failed", "node"' in line]
    assert ran.returncode == 1
    assert len(failed) <= 2


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_render_goes_on(stop: signal.Signals, tmp_path: Path, rendered: Studio) -> None:
    """Interrupted or killed at work, nothing finished is lost, and the next render gives the same film."""
    studio = Studio.start(tmp_path / "tiny")
    shutil.copy(rendered.folder / "song.wav", studio.folder / "song.wav")
    process = subprocess.Popen(
        [*MVR, "render", "--json"], cwd=studio.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    done = []
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "made":
            done.append(event["node"])
        if len(done) == 8:
            process.send_signal(stop)
            break
    process.stdout.read()
    process.stdout.close()
    assert process.wait(20) == (-stop if stop == signal.SIGKILL else 130)
    gone(studio.folder)
    made = studio.render()
    assert not made & set(done[:7])
    assert studio.film.read_bytes() == rendered.film.read_bytes()
    assert list((studio.folder / ".mvr" / "tmp").iterdir()) == []


def test_a_killed_render_leaves_no_worker(tmp_path: Path) -> None:
    """When mvr is killed, its workers and their ffmpeg go with it."""
    studio = Studio.start(tmp_path / "tiny")
    process = subprocess.Popen(
        [*MVR, "render", "--json"], cwd=studio.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.stdout.close()
    process.wait()
    gone(studio.folder)


def gone(folder: Path) -> None:
    """Waits until no worker of a killed render is left; on a busy machine one lives for a moment longer."""
    until = time.monotonic() + 20
    while workers(folder) and time.monotonic() < until:
        time.sleep(0.05)
    assert workers(folder) == []


def workers(folder: Path) -> list[str]:
    """The command lines of worker processes on a store."""
    ran = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in ran.stdout.splitlines() if "mvr.engine.worker" in line and str(folder) in line]


ODD = "song: song.wav\nconcept: A boat on the sea.\noutput: {size: 32x32, fps: 6}\n"


def odd(folder: Path, text: str = ODD) -> Studio:
    folder.mkdir()
    (folder / "project.yaml").write_text(text)
    return Studio(folder)


def test_a_silent_song_renders(tmp_path: Path) -> None:
    """Silence has no beats: shots are cut by length, and the film is as long as the song."""
    studio = odd(tmp_path / "silent")
    silent(studio.folder / "song.wav", 9.5)
    studio.render()
    assert frames(studio.film) == 57


def test_half_a_second_is_one_shot(tmp_path: Path) -> None:
    """A song of 0.5 s is a film of one shot."""
    studio = odd(tmp_path / "short")
    write_song(studio.folder / "song.wav", 0.5)
    made = studio.render()
    assert sum(name.endswith("/clip") for name in made) == 1
    assert frames(studio.film) == 3


def test_one_project_in_a_folder_of_two(tmp_path: Path) -> None:
    """Two project files in one folder share the store and nothing else."""
    studio = odd(tmp_path / "two")
    write_song(studio.folder / "song.wav", 4)
    shutil.copy(studio.file, studio.folder / "other.yaml")
    studio.render()
    ran = mvr("render", "other.yaml", "--json", cwd=studio.folder)
    done = json.loads(ran.stdout.splitlines()[-1])
    assert done["made"] == 0
    assert Path(done["film"]) == studio.folder / "mvr-out" / "other" / "film.mp4"


def test_mvr_works_from_anywhere(studio: Studio, tmp_path: Path) -> None:
    """A project is found by its file, by its folder, and from inside it."""
    for words, where in ((["tiny"], tmp_path), (["tiny/project.yaml"], tmp_path), ([], studio.folder)):
        ran = mvr("render", *words, cwd=where, PATH=os.environ["PATH"])
        assert ran.stdout.strip() == str(studio.film), ran.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the example's paths are of Linux")
def test_a_moved_folder_makes_nothing(studio: Studio, tmp_path: Path) -> None:
    """A project folder that was moved while idle is as fresh as before."""
    moved = tmp_path / "elsewhere" / "tiny"
    moved.parent.mkdir()
    studio.folder.rename(moved)
    assert Studio(moved).render() == set()
