"""What decides a picture that a model makes is in its key, and nothing else is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mvr import backends
from mvr.backends import _diffusion, _weights
from mvr.engine import digest
from mvr.model import Adapter, Character, Maker, Makers, Output, Project, ShotPlan, Style
from mvr.stages import clip, keyframe
from tests.stages.film_project import PROJECT as BASE
from tests.stages.film_project import SHOT

A, B = "a" * 40, "b" * 40
ADA = Character("ada", "lead", "a young woman", references=("ada.png",), lora=Adapter("ada.safetensors", 0.8, "ad_a"))
PROJECT = replace(BASE, characters=(ADA,), style=Style(look="35mm", avoid=("text",)), outputs=(Output(1080, 1920),))

NET = {"model": "a/net", "revision": A, "weight": 0.5, "follows": "outlines"}
PLATE = {"model": "h94/IP-Adapter", "revision": A, "file": "a/x.safetensors", "encoder": "enc", "weight": 0.5}
WORN = [{"file": "one.safetensors", "weight": 0.5, "trigger": "grain"}, {"file": "two.safetensors", "weight": 0.5}]
GIVEN = {"references": ["1" * 64, "2" * 64], "guide": ["3" * 64], "lora": ["4" * 64, "5" * 64, "6" * 64]}
"""Digests of what a shot's still is drawn with beside its recipe."""


def still(
    painter: Maker, project: Project = PROJECT, given: Mapping[str, Sequence[str]] = GIVEN, **of_the_shot: Any
) -> str:
    """The key of a still."""
    shot = replace(SHOT, painter=painter, characters=("ada",), **of_the_shot)
    recipe, _ = keyframe.recipe(replace(project, make=Makers(painter=painter)), shot)
    return digest.key("keyframe", keyframe.VERSION, recipe, {}, given)


def moving(animator: Maker, project: Project = PROJECT, drawn: str = "1" * 64, **of_the_shot: Any) -> str:
    """The key of a clip."""
    shot = replace(SHOT, animator=animator, characters=("ada",), **of_the_shot)
    return digest.key("clip", clip.VERSION, clip.recipe(project, shot)[0], {"still": [drawn]}, {})


PAINTERS = {
    name: Maker(name, {"revision": A, "steps": 4, "guidance": 2.5, "lora": WORN, **more})
    for name, more in {
        "flux": {"controlnet": NET},
        "kontext": {},
        "klein": {},
        "qwen": {},
        "sdxl": {"controlnet": NET, "ip_adapter": PLATE},
        "zimage": {},
    }.items()
}
ANIMATORS = {
    name: Maker(name, {"revision": A, "steps": 4, "guidance": 2.5})
    for name in ("ltx", "wan", "svd", "cogvideox", "mochi")
}


def changed(maker: Maker) -> list[Maker]:
    """A maker with each of its options at another value, and each part of an option that has parts."""
    others: dict[str, list[Any]] = {
        "model": ["somebody/else"],
        "revision": [B],
        "steps": [5],
        "guidance": [2.75],
        "size": ["512x512"],
        "dtype": ["float32"],
        "lora": [[], WORN[:1], [{**WORN[0], "weight": 0.6}, WORN[1]], [{**WORN[0], "trigger": "dust"}]],
        "controlnet": [None, *({**NET, name: B if name == "revision" else value} for name, value in OTHER.items())],
        "ip_adapter": [None, *({**PLATE, name: value} for name, value in OTHER.items() if name != "follows")],
        "allow": [["vae-tiling"], ["nf4"], ["vae-tiling", "nf4"]],
        "motion_bucket": [30],
        "noise": [0.5],
    }
    others["ip_adapter"] += [{**PLATE, "file": "a/y.safetensors"}, {**PLATE, "encoder": "other"}]
    known = backends.backend(maker.name).OPTIONS
    assert known.keys() <= others.keys(), "an option that no test changes"
    return [
        Maker(maker.name, {**maker.options, option: value})
        for option in known
        for value in others[option]
        if option != "controlnet" or "controlnet" in maker.options
    ]


OTHER = {"model": "b/other", "revision": B, "weight": 0.75, "follows": "picture"}


@pytest.mark.parametrize("name", PAINTERS)
def test_whatever_decides_a_still_makes_another_key(name: str) -> None:
    """Each option of its maker; words, avoided words where the family reads them, size, seed; and each picture and
    adapter by its content and its place."""
    painter = PAINTERS[name]
    keys = [still(painter), *(still(one) for one in changed(painter))]
    keys += [
        still(painter, prompt="a road"),
        still(painter, seed=2),
        still(painter, replace(PROJECT, outputs=(Output(1920, 1080),))),
        still(painter, replace(PROJECT, style=replace(PROJECT.style, look="16mm"))),
        still(painter, replace(PROJECT, characters=(replace(ADA, description="an old woman"),))),
        still(painter, replace(PROJECT, characters=(replace(ADA, lora=Adapter("ada.safetensors", 0.7, "ad_a")),))),
    ]
    avoided = still(painter, replace(PROJECT, style=replace(PROJECT.style, avoid=("hands",))))
    if backends.backend(name).NEGATIVE:
        keys.append(avoided)
    else:
        assert avoided == keys[0]
    for role, content in GIVEN.items():
        keys.append(still(painter, given={**GIVEN, role: ["7" * 64, *content[1:]]}))
        if len(content) > 1:
            keys.append(still(painter, given={**GIVEN, role: content[::-1]}))
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", ANIMATORS)
def test_whatever_decides_a_clip_makes_another_key(name: str) -> None:
    """Each option of its maker; words, motion and what is avoided where they are read, length, rate, size, seed; the
    still by its content."""
    animator = ANIMATORS[name]
    keys = [moving(animator), *(moving(one) for one in changed(animator))]
    keys += [
        moving(animator, motion_seed=2),
        moving(animator, drawn="2" * 64),
        moving(animator, end_frame=SHOT.first_frame + 900),
    ]
    if name == "ltx":  # the others have a rate of their own, whatever the film's
        keys.append(moving(animator, replace(PROJECT, outputs=(Output(1080, 1920, Fraction(30)),))))
    words = [moving(animator, prompt="a road"), moving(animator, motion="pull back")]
    if len({backends.backend(name).canvas(backends.filled(animator), *size) for size in ((9, 16), (16, 9))}) > 1:
        keys.append(moving(animator, replace(PROJECT, outputs=(Output(1920, 1080),))))
    avoided = moving(animator, replace(PROJECT, style=replace(PROJECT.style, avoid=("hands",))))
    for read, others in (
        (getattr(backends.backend(name), "WORDS", True), words),
        (backends.backend(name).NEGATIVE, [avoided]),
    ):
        if read:
            keys += others
        else:
            assert set(others) == {keys[0]}
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", [*PAINTERS, *ANIMATORS])
def test_other_pictures_by_the_same_words_ask_for_another_version(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A family's version and the one that all share are in the key."""
    maker, key = (PAINTERS[name], still) if name in PAINTERS else (ANIMATORS[name], moving)
    found = [key(maker)]
    monkeypatch.setattr(_diffusion, "VERSION", 99)
    found.append(key(maker))
    monkeypatch.undo()
    family = type(backends.backend(name)._FAMILY)
    monkeypatch.setattr(family, "VERSION", 99)
    found.append(key(maker))
    assert len(set(found)) == 3


def test_where_weights_lie_and_what_only_hurries_is_in_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that was copied elsewhere, or another device: the same key; one changed byte of it: another."""
    monkeypatch.setattr(_weights, "_known", {})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("one", "two"):
        (tmp_path / name / "transformer").mkdir(parents=True)
        (tmp_path / name / "model_index.json").write_text('{"_class_name": "FluxPipeline"}')
        (tmp_path / name / "transformer" / "model.safetensors").write_bytes(b"weights")
    here, there = (Maker("flux", {"model": str(tmp_path / name), "steps": 4}) for name in ("one", "two"))
    key = still(here)
    assert still(there) == key
    assert backends.unkeyed(here)["how"] != backends.unkeyed(there)["how"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert still(there) == key
    (tmp_path / "two" / "transformer" / "model.safetensors").write_bytes(b"Weights")
    assert still(there) != key


def test_what_a_shot_is_for_and_when_it_is_shown_is_in_no_key() -> None:
    """Purpose, place in the film, energy and the way in; a cut that moves inside the bucket of a clip."""
    moved: dict[str, Any] = {"first_frame": 40, "end_frame": 46, "purpose": "climax", "energy": 0.9}
    later: ShotPlan = replace(SHOT, **moved)
    assert still(PAINTERS["flux"], first_frame=later.first_frame, end_frame=90, purpose="climax") == still(
        PAINTERS["flux"]
    )
    assert moving(ANIMATORS["ltx"], **moved) == moving(ANIMATORS["ltx"])
    assert moving(ANIMATORS["ltx"], end_frame=SHOT.end_frame + 1) == moving(ANIMATORS["ltx"])
