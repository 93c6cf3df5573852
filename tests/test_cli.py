"""The command line: what it prints, and the codes it ends with."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import jsonschema
import pytest

from mvr.resources import resource
from tests.studio import PROJECT, Studio

MVR = [sys.executable, "-c", "from mvr.cli import main; main(prog_name='mvr')"]


def mvr(*words: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MVR, *words], cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **env}, timeout=120
    )


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    studio = Studio.start(tmp_path_factory.mktemp("cli") / "tiny")
    studio.render()
    return studio


@pytest.fixture
def studio(rendered: Studio, tmp_path: Path) -> Studio:
    return rendered.copy(tmp_path / "tiny")


def test_render_prints_the_films_path_last(studio: Studio) -> None:
    """The last line of standard output is the film; words for people are on standard error."""
    ran = mvr("render", cwd=studio.folder)
    assert (ran.returncode, ran.stdout.strip()) == (0, str(studio.film))
    assert "0 made" in ran.stderr


def test_render_json_is_one_event_a_line(studio: Studio) -> None:
    """Every line of `render --json` is a document of schemas/event.schema.json; `done` comes last."""
    studio.edit("in the rain", "in the snow")
    ran = mvr("render", "--json", cwd=studio.folder)
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    schema = json.loads(resource("schemas/event.schema.json").read_text())
    for line in lines:
        jsonschema.validate(line, schema)
    assert [line["node"] for line in lines if line["event"] == "made"] == [
        "verse-1.1/keyframe",
        "verse-1.1/clip",
        "verse-1.1/segment",
    ]
    assert lines[-1]["event"] == "done"
    assert lines[-1]["made"] == 3
    assert lines[-1]["film"] == str(studio.film)


def test_plan_json_follows_its_schema(studio: Studio) -> None:
    """`plan --json` is a document of schemas/plan.schema.json, before and after an edit."""
    schema = json.loads(resource("schemas/plan.schema.json").read_text())
    for expected in (0, 1):
        plan = json.loads(mvr("plan", "--json", cwd=studio.folder).stdout)
        jsonschema.validate(plan, schema)
        assert plan["stale"] == expected
        if not expected:
            studio.edit("in the rain", "in the snow")


def test_plan_names_the_line_that_did_it(studio: Studio) -> None:
    """`plan --why` says field, old value, new value, and file:line:column."""
    studio.edit("in the rain", "in the snow")
    line = next(
        number for number, text in enumerate(studio.file.read_text().splitlines(), 1) if text.startswith("  verse-1.1:")
    )
    ran = mvr("plan", "--why", cwd=studio.folder)
    assert (
        "'ada waits at a wide street corner in the rain' -> 'ada waits at a wide street corner in the snow'"
        in ran.stdout
    )
    assert f"(project.yaml:{line}:" in ran.stdout


def test_why_follows_a_word_through_the_treatment(studio: Studio) -> None:
    """A changed section sentence is found on its line from a still, through shots and treatment."""
    studio.edit("the harbour opens before her", "a forest closes around her")
    assert mvr("render", "--until", "shots", cwd=studio.folder).returncode == 0
    plan = json.loads(mvr("plan", "--json", cwd=studio.folder).stdout)
    still = next(row["name"] for row in plan["nodes"] if row["state"] == "stale" and row["stage"] == "keyframe")
    ran = mvr("why", still, cwd=studio.folder)
    assert "'the harbour opens before her' -> 'a forest closes around her'" in ran.stdout
    assert "sections.chorus" in ran.stdout


def test_shots_json_follows_its_schema(studio: Studio) -> None:
    """`shots --json` is a document of schemas/shotlist.schema.json."""
    ran = mvr("shots", "--json", cwd=studio.folder)
    jsonschema.validate(json.loads(ran.stdout), json.loads(resource("schemas/shotlist.schema.json").read_text()))


def test_backends_says_what_can_work_here(tmp_path: Path) -> None:
    """`backends` needs no project and lists the sketch and the rules."""
    ran = mvr("backends", "--json", cwd=tmp_path)
    rows = {row["name"]: row for row in json.loads(ran.stdout)["backends"]}
    assert rows["sketch"]["can"] == ["painter", "animator"]
    assert rows["rules"]["can"] == ["writer"]


def test_check_json_names_every_fault(studio: Studio) -> None:
    """`check --json` gives each fault with its place, and the code is 2."""
    studio.edit("title: Tiny", "titel: Tiny\nfps: 24")
    ran = mvr("check", "--json", cwd=studio.folder)
    document = json.loads(ran.stdout)
    jsonschema.validate(document, json.loads(resource("schemas/check.schema.json").read_text()))
    assert ran.returncode == 2
    assert not document["ok"]
    assert {fault["line"] for fault in document["errors"]} == {2, 3}


def silent(path: Path, seconds: float) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * int(8000 * seconds)))


WRONG = {
    "no project": (None, 2, "project"),
    "no song": (lambda folder: (folder / "song.wav").unlink(), 2, "song.wav"),
    "empty song": (lambda folder: (folder / "song.wav").write_bytes(b""), 2, "song"),
    "text as the song": (lambda folder: (folder / "song.wav").write_text("la la la\n" * 50), 2, "song"),
    "silence of no length": (lambda folder: silent(folder / "song.wav", 0), 2, "song"),
    "a start after the song": (
        lambda folder: (folder / "project.yaml").write_text(
            PROJECT.replace("song: song.wav", "song: {file: song.wav, start: 1:07}")
        ),
        2,
        "project.yaml:3:31: song.start: the start 1:07 at or after the song's end at 0:16",
    ),
    "lyrics without times": (
        lambda folder: (
            (folder / "words.lrc").write_text("la la la\n"),
            (folder / "project.yaml").write_text(PROJECT + "lyrics: words.lrc\n"),
        ),
        2,
        "lyrics: words.lrc:1: no line has a time",
    ),
    "empty project": (lambda folder: (folder / "project.yaml").write_text(""), 2, "project.yaml"),
    "no mapping": (lambda folder: (folder / "project.yaml").write_text("- a\n"), 2, "project.yaml:1"),
    "a key not built": (
        lambda folder: (folder / "project.yaml").write_text(PROJECT + "make: {painter: dalle}\n"),
        3,
        "project.yaml",
    ),
    "an override of a forced cut outside the film": (
        lambda folder: (folder / "project.yaml").write_text(PROJECT.replace("4s]}", "4s], at: [1:00]}")),
        2,
        "project.yaml:21:",
    ),
    "an override that meets no shot": (
        lambda folder: (folder / "project.yaml").write_text(PROJECT + "  bridge-9.9: {prompt: nobody}\n"),
        2,
        "bridge-9.9",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_is_said_and_nothing_is_lost(case: str, studio: Studio) -> None:
    """Each kind of wrong input ends with its code, names the place, shows no traceback and keeps the film."""
    spoil, code, word = WRONG[case]
    film = studio.film.read_bytes()
    if spoil is None:
        shutil.rmtree(studio.folder / ".mvr")
        studio.file.unlink()
    else:
        spoil(studio.folder)
    for command in ("check", "render") if "override" not in case else ("render",):
        ran = mvr(command, cwd=studio.folder)
        assert ran.returncode == code, ran.stderr
        assert word in ran.stderr
        assert "Traceback" not in ran.stderr
    assert (studio.folder / "mvr-out" / "tiny" / "film.mp4").read_bytes() == film


def test_ffmpeg_that_fails_is_named_with_its_last_lines(tmp_path: Path) -> None:
    """A failing encoder costs its nodes, exits 1, and shows the node and what ffmpeg said."""
    studio = Studio.start(tmp_path / "tiny")
    broken = tmp_path / "ffmpeg"
    broken.write_text("#!/bin/sh\necho 'the encoder is out of order' >&2\nexit 1\n")
    broken.chmod(0o755)
    studio.render()
    studio.edit("in the rain", "in the snow")
    ran = mvr("render", cwd=studio.folder, MVR_FFMPEG=str(broken))
    assert ran.returncode == 1
    assert "the encoder is out of order" in ran.stderr
    assert "/segment" in ran.stderr or "/clip" in ran.stderr
    assert "Traceback" not in ran.stderr


def on_a_terminal(*words: str, cwd: Path) -> str:
    """What a command shows on a terminal."""
    ours, theirs = os.openpty()
    process = subprocess.Popen([*MVR, *words], cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # how Linux says that the other end is closed
        while chunk := os.read(ours, 1 << 12):
            shown += chunk
    os.close(ours)
    assert process.wait(60) == 0, shown.decode()
    return shown.decode()


@pytest.mark.parametrize("words", [["--quiet", "render"], ["render", "--quiet"], ["render", "--shots", "nobody"]])
def test_a_manner_may_stand_before_or_after_the_command(words: list[str], studio: Studio) -> None:
    """`--quiet` leaves the film's path alone, wherever it stands; without it words are said."""
    ran = mvr(*words, cwd=studio.folder)
    assert (ran.stderr == "") == ("--quiet" in words), ran.stderr


def test_verbose_and_debug_may_follow_a_command_of_a_group(studio: Studio) -> None:
    """Every command has them, those of `mvr store` too, and no help page but `mvr --help` lists them."""
    assert mvr("store", "info", "--verbose", cwd=studio.folder).returncode == 0
    assert "Traceback" in mvr("store", "push", "mvr-out", "--debug", cwd=studio.folder).stderr
    assert "--debug" not in mvr("store", "push", "--help", cwd=studio.folder).stdout


def test_an_error_is_json_where_json_was_asked_for(tmp_path: Path) -> None:
    """Where there is no project, `--json` says that as `check --json` does, and words still go to standard error."""
    schema = json.loads(resource("schemas/check.schema.json").read_text())
    for words in (["check"], ["plan"], ["shots"], ["takes", "verse-1.1"], ["why", "film"]):
        ran = mvr(*words, "--json", cwd=tmp_path)
        document = json.loads(ran.stdout)
        jsonschema.validate(document, schema)
        assert (ran.returncode, document["ok"]) == (2, False)
        assert document["errors"][0]["found"] in ran.stderr


def test_a_fault_that_a_stage_found_is_told_once(studio: Studio) -> None:
    """A cut outside the film is told with its line, and not as a failed node beside it."""
    studio.edit("4s]}", "4s], at: [1:00]}")
    ran = mvr("render", cwd=studio.folder)
    assert ran.returncode == 2
    assert ran.stderr.count("is not inside the film") == 1
    assert "project.yaml:21:29: cut.at: 1:00 is not inside the film" in ran.stderr


def test_no_shot_is_not_every_shot(studio: Studio) -> None:
    """`--shots` with an empty text is a slip, as from an unset variable, and does not render the film."""
    ran = mvr("render", "--shots", " ,", cwd=studio.folder)
    assert (ran.returncode, "names no shot" in ran.stderr) == (2, True)


def test_the_line_to_type_next_can_be_pasted(studio: Studio, tmp_path: Path) -> None:
    """`mvr new` quotes the folder as a shell reads it."""
    ran = mvr("new", "it's mine", "--song", str(studio.folder / "song.wav"), cwd=tmp_path)
    assert ran.stdout == "cd 'it'\"'\"'s mine' && mvr render\n"


def test_a_terminal_shows_what_is_at_work(studio: Studio) -> None:
    """On a terminal, nodes at work are shown with their lane, then taken away; the film's path stays."""
    studio.edit("in the rain", "in the snow")
    shown = on_a_terminal("render", cwd=studio.folder)
    assert "verse-1.1/keyframe" in shown
    assert "to make" in shown
    assert shown.rstrip().endswith("film.mp4")


@pytest.mark.parametrize("command", ["check", "plan", "render", "why", "shots", "backends", "new"])
def test_every_command_shows_an_example(command: str, tmp_path: Path) -> None:
    """`--help` of every command ends with something to type."""
    ran = mvr(command, "--help", cwd=tmp_path)
    assert ran.returncode == 0
    assert f"mvr {command}" in ran.stdout.partition("Example")[2]
