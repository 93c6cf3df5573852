"""Plans of films at random, whoever writes them, and what must be true of each."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

import jsonschema
from hypothesis import strategies as st

from mvr import shotlist
from mvr.model import Character, Project, ShotPlan
from mvr.resources import resource
from mvr.stages import keyframe
from mvr.timeline import film_frames
from tests.backends.films import CAST, Film
from tests.score import songs
from tests.test_shotlist import project

SUBJECTS = ["a lonely musician", "two strangers", "a robot", "the last whale", "she", "an old fisherman", "neon glass"]
VERBS = ["walks through", "dances in", "waits by", "burns", "forgets", "follows the wolves into", "drives to"]
PLACES = ["a rain-soaked city", "the sea at dawn", "an empty train station", "the snow", "a red club", "nowhere"]
ENDS = ["", ", then reaches a rooftop at dawn", " until the rain stops", ". Nobody knows", " and lets it go"]
SHEET = {
    "ada": ("young woman, short black hair", "a long red coat", ("ink on her fingers",)),
    "ben": ("old man, grey beard", "a green jacket", ()),
    "cleo": ("a dancer", "a yellow dress and white shoes", ("a scar",)),
    "fans": ("a crowd in grey", "", ()),
}
LINES = [
    {"start": 3.0, "end": 6.0, "text": "the mirror burns and nobody cries"},
    {"start": 6.0, "end": 9.5, "text": "take my hand & run <away>"},
]


def wishes(longest: float = 120) -> st.SearchStrategy[dict[str, Any]]:
    """What makes a Film: random songs up to so many seconds, concepts, casts and cuts."""
    concepts = st.builds("{} {} {}{}".format, *map(st.sampled_from, (SUBJECTS, VERBS, PLACES, ENDS)))
    return st.fixed_dictionaries(
        {
            "music": songs(longest=longest).filter(lambda music: music["duration"] > 1),
            "concept": concepts | st.sampled_from(["", "grief", "Neon geometry, endless recursion"]),
            "seed": st.integers(0, 99),
            "cast": st.sampled_from([[], [], CAST, CAST[:1], CAST[1:]]),
            "lines": st.sampled_from([[], LINES]),
            "by": st.sampled_from(["music", "beats", "regular", "random"]),
            "length": st.sampled_from([[2.5, 7.0], [4.0, 8.0], [1.0, 3.0]]),
            "sections": st.sampled_from([{}, {"chorus": "the city lights up around her"}]),
        }
    )


def shotplans(film: Film, cast: Any) -> tuple[Project, tuple[ShotPlan, ...]]:
    """The project of a film, and its shots as they would be made."""
    names = [who["name"] for who in cast]
    sheet = tuple(Character(name, "lead", *SHEET[name]) for name in names)
    mine = project(characters=sheet)
    return mine, shotlist.planned(mine, film.cut, film.written, film.music["duration"])


def hold_together(film: Film) -> int:
    """Counts a film's shots. Raises AssertionError unless its documents are valid, its shots tile the song exactly,
    each picture carries its characters' words, and no two prompts are alike, digits, those words and style aside."""
    assert valid("treatment").is_valid(film.treatment), next(valid("treatment").iter_errors(film.treatment))
    assert all(valid("shots").is_valid(document) for document in film.written.values())
    cast = [who for who in CAST if any(who["name"] == one["name"] for one in film.treatment["cast"])]
    mine, shots = shotplans(film, cast)
    assert shots[0].first_frame == 0
    assert shots[-1].end_frame == film_frames(film.music["duration"], Fraction(24))
    assert all(one.end_frame == other.first_frame for one, other in pairwise(shots))
    told: dict[str, str] = {}
    for shot in shots:
        people = shot.sheet(mine)
        joined = keyframe.recipe(mine, shot)[0]["prompt"]
        bare = joined.replace(mine.style.look, "")
        for who in people:
            words = (who.description, who.wardrobe, *who.features)
            assert all(word in joined for word in words)
            for word in filter(None, (f"{who.name}: {who.words()}", *words)):
                bare = bare.replace(word, "")
        bare = re.sub(r"[\d\W]+", " ", bare).strip().casefold()
        assert bare not in told, (told[bare], shot.id, bare)
        told[bare] = shot.id
        assert not re.search(r"[<>\n]|&#?\w+;", shot.prompt)
    return len(shots)


@cache
def valid(name: str) -> Any:
    """What checks a document against a schema, compiled once."""
    return jsonschema.Draft7Validator(json.loads(resource(f"schemas/{name}.schema.json").read_text()))
