"""One face throughout: by what a shot's characters are held, and what that makes stale."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from mvr.errors import ProjectError
from mvr.model import Adapter, Character, Maker, Makers, Output, Project, ShotPlan
from mvr.stages import keyframe, portrait
from tests.stages.film_project import PROJECT as BASE
from tests.stages.film_project import SHOT
from tests.studio import PROJECT, Studio

COMMIT = "0123456789abcdef0123456789abcdef01234567"
KONTEXT = f"make: {{painter: {{with: kontext, revision: '{COMMIT}'}}}}\n"


@pytest.fixture(scope="module")
def shot_listed(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """A project whose shot list is made, and nothing after it."""
    studio = Studio.start(tmp_path_factory.mktemp("likeness") / "film", PROJECT + KONTEXT)
    (studio.folder / "ben.png").write_bytes(cv2.imencode(".png", np.zeros((32, 32, 3), np.uint8))[1].tobytes())
    studio.workspace.shots(lambda _: None)
    return studio


@pytest.fixture
def studio(shot_listed: Studio, tmp_path: Path) -> Studio:
    return shot_listed.copy(tmp_path / "film")


def rows(studio: Studio) -> dict[str, Any]:
    return {row["name"]: row for row in studio.workspace.plan()["nodes"]}


def test_a_portrait_is_made_first_and_shots_wait_for_it(studio: Studio) -> None:
    """Each character without pictures gets one portrait; its shots read it, others do not, and the plan says so."""
    found = rows(studio)
    assert found["@ada/portrait"]["state"] == "stale"
    still = found["verse-1.1/keyframe"]
    assert (still["state"], still["why"]) == ("waits", {"waits": "@ada/portrait"})
    assert still["note"] == "ada: the portrait, by references"
    assert found["chorus-1.1/keyframe"]["note"] == "ben: the portrait, by references"
    assert studio.workspace.why("verse-1.1/keyframe")["note"] == still["note"]


def test_pictures_of_the_user_stand_in_the_portrait_s_place(studio: Studio) -> None:
    """A character with references gets no portrait; shots read the pictures, and another picture makes them stale."""
    studio.edit("    wardrobe: green jacket\n", "    wardrobe: green jacket\n    references: [ben.png]\n")
    found = rows(studio)
    assert "@ben/portrait" not in found
    assert found["chorus-1.1/keyframe"]["note"] == "ben: ben.png, by references"
    assert found["chorus-1.1/keyframe"]["state"] == "stale"


def test_a_project_that_is_sketched_wires_what_it_did(studio: Studio) -> None:
    """The sketch looks at no pictures: its stills read nothing, with references or without."""
    studio.edit(KONTEXT, "")
    studio.edit("    wardrobe: green jacket\n", "    wardrobe: green jacket\n    references: [ben.png]\n")
    found = rows(studio)
    assert found["chorus-1.1/keyframe"]["state"] == "stale"
    assert found["chorus-1.1/keyframe"]["note"] is None
    assert {"@ada/portrait", "@ben/portrait"} <= found.keys()


# which means, by family

CAST = (
    Character("ada", "lead", "young woman", references=("a1.png", "a2.png", "a3.png")),
    Character("ben", "supporting", "old man"),
    Character("eve", "supporting", "girl", lora=Adapter("eve.safetensors", 0.8, "ev_girl")),
    Character("people", "crowd", "passers-by"),
)


FLUX, KONTEXT_, SDXL = Maker("flux"), Maker("kontext"), Maker("sdxl")
ADAPTED = Maker("sdxl", {"ip_adapter": {"model": "h94/IP-Adapter", "revision": COMMIT}})


def film(painter: Maker, of_the_project: Maker | None = None) -> tuple[Project, ShotPlan]:
    project = replace(BASE, characters=CAST, make=Makers(painter=of_the_project or painter))
    return project, replace(SHOT, painter=painter, characters=tuple(one.name for one in CAST))


@pytest.mark.parametrize(
    ("painter", "of_the_project", "said"),
    [
        (
            KONTEXT_,
            None,
            ["ada: a1.png, by references", "ben: the portrait, by references", "eve: the portrait, by references"],
        ),
        (
            ADAPTED,
            None,
            [
                "ada: a1.png, a2.png, by an IP-Adapter",
                "ben: the portrait, by an IP-Adapter",
                "eve: the portrait, by an IP-Adapter",
            ],
        ),
        (
            Maker("klein"),
            Maker("sketch"),
            ["ada: a1.png, a2.png, a3.png, by references", "ben: by words and seed alone", "eve: by a LoRA"],
        ),
        (FLUX, None, ["ada: by words and seed alone", "ben: by words and seed alone", "eve: by a LoRA"]),
        (Maker("sketch"), None, []),
    ],
)
def test_the_strongest_means_of_the_family_holds_a_character(
    painter: Maker, of_the_project: Maker | None, said: list[str]
) -> None:
    """References before an IP-Adapter before a LoRA before words; each character one picture before any has two; a
    sketch is no portrait to go by; a crowd has no face."""
    assert [one.says() for one in keyframe.likenesses(*film(painter, of_the_project))] == said


def test_a_recipe_names_what_its_pictures_show_and_how_strongly_adapters_act() -> None:
    """Whom each picture shows, weights in order, and the words that call an adapter up; a painter that reads nothing
    to avoid has nothing of it in the key."""
    worn = Maker("kontext", {"lora": [{"file": "film.safetensors", "weight": 0.5, "trigger": "ektachrome"}]})
    values, sources = keyframe.recipe(*film(worn))
    assert values["cast"] == [
        {"name": "ada", "from": "references", "pictures": 1},
        {"name": "ben", "from": "portrait", "pictures": 1},
        {"name": "eve", "from": "portrait", "pictures": 1},
    ]
    assert values["lora"] == [{"weight": 0.5}, {"weight": 0.8}]
    assert values["prompt"].startswith("ektachrome. ")
    assert "eve: ev_girl, girl" in values["prompt"]
    assert "avoid" not in values
    assert sources["cast.0"] == "characters.ada"
    assert "avoid" in keyframe.recipe(*film(SDXL))[0]


def test_the_size_of_a_film_makes_no_new_portrait_and_of_one_shape_no_new_still() -> None:
    """A portrait has a shape of its own; a still is drawn at the family's size for the film's shape."""
    project, shot = film(FLUX)
    wide = replace(project, outputs=(Output(1920, 1080),))
    wide_small, tall = replace(wide, outputs=(Output(1280, 720),)), replace(wide, outputs=(Output(1080, 1920),))
    assert portrait.recipe(wide, CAST[0])[0] == portrait.recipe(tall, CAST[0])[0]
    assert keyframe.recipe(wide, shot)[0] == keyframe.recipe(wide_small, shot)[0]
    assert keyframe.recipe(wide, shot)[0] != keyframe.recipe(tall, shot)[0]


def test_a_take_is_another_seed_and_nothing_else() -> None:
    """Two takes of a shot differ in the seed alone."""
    project, shot = film(FLUX)
    one, other = keyframe.recipe(project, shot)[0], keyframe.recipe(project, replace(shot, seed=shot.seed + 1))[0]
    assert {name for name in one if one[name] != other[name]} == {"seed"}


def test_a_guide_is_read_where_a_controlnet_is_named_and_refused_elsewhere(studio: Studio) -> None:
    """A still reads its guide as a file; a painter that cannot follow one says who can, with the line."""
    studio.edit(", characters: [ben]}", ", characters: [ben], guide: ben.png}")
    with pytest.raises(ProjectError, match="kontext follows no guide"):
        studio.workspace.plan()
    studio.edit(KONTEXT, f"make: {{painter: {{with: flux, revision: '{COMMIT}', controlnet: {{model: a/net}}}}}}\n")
    with studio.workspace.opened() as bench:
        assert bench.graph().nodes["chorus-1.1/keyframe"].files == {"guide": ("ben.png",)}
